/* resume.c - a small text file: when, then a line for each screen from the bottom up: its name, the plan,
 * and the place in it as that screen's enter() takes it. A screen that has no place, such as a question, is
 * left out; one whose plan is gone ends the way there. */
#include "screen/resume.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "strattio/clock.h"
#include "strattio/err.h"
#include "strattio/ids.h"
#include "strattio/log.h"
#include "strattio/mem.h"
#include "strattio/paths.h"
#include "strattio/plan.h"
#include "strattio/plan_repo.h"
#include "strattio/record.h"
#include "strattio/strbuf.h"

#include "app.h"
#include "screen/plan_words.h"
#include "screen/screens.h"

enum { DEPTH = 8, FILE_LIMIT = 16 * 1024, FILE_MODE = 0600, FOLDER_MODE = 0700, CLOCK_COLS = 5 };

/* The screens one can come back to: those that take a plan and a place in it. */
static const struct screen_ops *const screens[] = {
    &screen_reader,     &screen_wizard,  &screen_financials, &screen_checklist,
    &screen_generating, &screen_editing, &screen_inputs,
};

struct stop {
    const struct screen_ops *screen;
    char *plan_id, *name, *place; /* the name of the plan; no place is NULL */
};

struct resume {
    struct job base;
    char *path;
    int64_t at_ms;
    struct stop stops[DEPTH];
    size_t count;
    void (*ready)(struct screen *owner, const struct resume *r);
};

/* The caller frees it; NULL if nobody is signed in or there is no state folder. */
static char *file_path(const struct app *app, bool make)
{
    struct err err = {0};
    char *state, *folder, *path;

    if (!app->resumes || !*app->session.key)
        return NULL;
    state = paths_dir(PATHS_STATE, make, &err);
    if (!state)
        return NULL;
    folder = mem_printf("%s/resume", state);
    if (make)
        mkdir(folder, FOLDER_MODE);
    path = mem_printf("%s/%s", folder, app->session.key);
    free(folder);
    free(state);
    return path;
}

/* ---- keeping ------------------------------------------------------------------------------- */

static void add_screens(const struct screen *s, struct strbuf *out)
{
    struct strbuf plan_id, place;

    if (!s)
        return;
    add_screens(s->below, out);
    if (!s->ops->where)
        return;
    strbuf_init(&plan_id, FILE_LIMIT);
    strbuf_init(&place, FILE_LIMIT);
    s->ops->where(s, &plan_id, &place);
    if (plan_id.len)
        strbuf_printf(out, "%s %s %s\n", s->ops->name, plan_id.data, place.data);
    strbuf_finish(&plan_id);
    strbuf_finish(&place);
}

void resume_keep(const struct app *app)
{
    char *path = file_path(app, true);
    struct strbuf text;
    struct err err = {0};
    size_t head;

    if (!path)
        return;
    strbuf_init(&text, FILE_LIMIT);
    strbuf_printf(&text, "%" PRId64 "\n", clock_now_ms());
    head = text.len;
    add_screens(app->top, &text);
    if (text.len == head)
        unlink(path);
    else if (!paths_write_file(path, text.data, text.len, FILE_MODE, &err))
        log_err("keeping the place", &err);
    strbuf_finish(&text);
    free(path);
}

/* ---- reading ------------------------------------------------------------------------------- */

bool resume_there(const struct app *app)
{
    char *path = file_path(app, false);
    bool there = path && access(path, R_OK) == 0;

    free(path);
    return there;
}

static const struct screen_ops *screen_by_name(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(screens); i++)
        if (strcmp(screens[i]->name, name) == 0)
            return screens[i];
    return NULL;
}

/* The plan's name if the person can still read it. */
static char *plan_name(struct bench *bench, const char *plan_id)
{
    struct plan plan = {0};
    struct err err = {0};
    char *name = NULL;

    if (plan_repo_find(bench->actor, plan_id, &plan, &err))
        name = mem_str(plan.name);
    record_finish(COLL_PLANS, &plan);
    return name;
}

/* Takes one line apart in place; false if it leads nowhere. */
static bool take_line(struct resume *r, char *line, struct bench *bench)
{
    char *plan_id = strchr(line, ' '), *place = plan_id ? strchr(plan_id + 1, ' ') : NULL;
    struct stop stop;

    if (!place || r->count == DEPTH)
        return false;
    *plan_id++ = *place++ = '\0';
    stop = (struct stop){.screen = screen_by_name(line)};
    if (!stop.screen || strlen(plan_id) != ID_LEN)
        return false;
    stop.name = plan_name(bench, plan_id);
    if (!stop.name)
        return false;
    stop.plan_id = mem_str(plan_id);
    stop.place = *place ? mem_str(place) : NULL;
    r->stops[r->count++] = stop;
    return true;
}

static void work(struct job *base, struct bench *bench)
{
    struct resume *r = (struct resume *)base;
    struct err err = {0};
    size_t len;
    char *text = paths_read_file(r->path, FILE_LIMIT, &len, &err), *rest = text, *line;

    unlink(r->path);
    line = strsep(&rest, "\n");
    if (line && sscanf(line, "%" SCNd64, &r->at_ms) == 1)
        while ((line = strsep(&rest, "\n")) && take_line(r, line, bench))
            ;
    free(text);
}

static void done(struct job *base, struct app *app)
{
    struct resume *r = (struct resume *)base;

    (void)app;
    r->ready(base->owner, r);
}

static void discard(struct job *base)
{
    struct resume *r = (struct resume *)base;

    for (size_t i = 0; i < r->count; i++) {
        free(r->stops[i].plan_id);
        free(r->stops[i].name);
        free(r->stops[i].place);
    }
    free(r->path);
    free(r);
}

void resume_read(struct screen *owner, void (*ready)(struct screen *owner, const struct resume *r))
{
    struct resume *r = mem_zero(1, sizeof *r);

    r->base = (struct job){.work = work, .done = done, .discard = discard, .owner = owner};
    r->path = file_path(owner->app, false);
    r->ready = ready;
    app_submit(owner->app, &r->base);
}

void resume_show(struct app *app, const struct resume *r)
{
    char time[TIME_SIZE];

    for (size_t i = 0; i < r->count; i++) {
        struct plan_place at = {.plan_id = r->stops[i].plan_id,
                                .name = i == 0 ? r->stops[i].name : NULL, /* shown below */
                                .place = r->stops[i].place};

        if (!app_push(app, r->stops[i].screen, &at))
            return;
    }
    if (!r->count)
        return;
    local_time(r->at_ms, time);
    app_toast(app, ROLE_DIM, "Resumed, %.*s.", CLOCK_COLS, time);
}
