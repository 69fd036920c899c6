/* plans.c - the list of plans. Pages come from the worker in the store's order, newest first;
 * the next one is asked for when the cursor comes near the end, or as long as a filter is on,
 * since what it is looking for may lie further down. Rows on screen are an index over what was
 * read: filtering moves no plan. */
#include "screen/screens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/clock.h"
#include "strattio/mem.h"
#include "strattio/plan_repo.h"
#include "strattio/record.h"
#include "strattio/strbuf.h"

#include "app.h"
#include "runs.h"
#include "screen/plan_words.h"
#include "widget/field.h"
#include "widget/list.h"

enum { PAGE = 200, NEAR_END = 50 };

struct plans {
    struct screen base;
    struct plan *plans;
    size_t count, cap;
    char *next;       /* cursor of the page after, NULL if all are read */
    int64_t total;    /* plans there are in all, while there is a `next` */
    bool asked;       /* a page is under way */
    bool again;       /* something changed meanwhile: read once more */
    bool to_end;      /* on the way to the last plan of all, page by page */
    bool read;        /* the first one has come */
    size_t *rows;     /* of the list: indices into `plans` */
    size_t row_cap;
    struct list list;
    struct field filter;
    bool typing;
    bool archived;    /* shown too */
    char keep[ID_LEN + 1]; /* the plan to put the cursor on again */
    char target[ID_LEN + 1]; /* what a confirmation is about */
    struct err err;
};

/* ---- what is shown ------------------------------------------------------------------------- */

static const struct plan *plan_at(const struct plans *self, size_t row)
{
    return row < self->list.count ? &self->plans[self->rows[row]] : NULL;
}

static const struct plan *current(const struct plans *self)
{
    return plan_at(self, self->list.cursor);
}

static bool matches(const struct plans *self, const struct plan *plan)
{
    const char *filter = field_text(&self->filter);

    if (plan->status == PLAN_STATUS_ARCHIVED && !self->archived)
        return false;
    return !*filter || strcasestr(plan->name, filter) ||
           strcasestr(plan_purpose_short(plan->plan_purpose), filter);
}

/* Makes the rows anew and puts the cursor where it was: on plan `keep` if it is there. */
static void make_rows(struct plans *self)
{
    size_t rows = 0, cursor = self->list.cursor;

    self->rows = mem_grow(self->rows, &self->row_cap, self->count + 1, sizeof *self->rows);
    for (size_t i = 0; i < self->count; i++) {
        if (!matches(self, &self->plans[i]))
            continue;
        if (strcmp(self->plans[i].id, self->keep) == 0)
            cursor = rows;
        self->rows[rows++] = i;
    }
    list_set_count(&self->list, rows);
    list_move_to(&self->list, cursor);
}

static void remember(struct plans *self)
{
    const struct plan *plan = current(self);

    snprintf(self->keep, sizeof self->keep, "%s", plan ? plan->id : "");
}

/* ---- reading ------------------------------------------------------------------------------- */

struct page_job {
    struct job base;
    char *after;
    int64_t limit;
    bool first; /* takes the place of what was read */
    int64_t total;
    struct plan_page page;
    bool ok;
    struct err err;
};

static void page_work(struct job *base, struct bench *bench)
{
    struct page_job *job = (struct page_job *)base;
    struct plan_filter filter = {.status = PLAN_STATUS_COUNT, .limit = job->limit,
                                 .after = job->after};

    job->ok = plan_repo_list(bench->actor, &filter, &job->page, &job->err);
    if (job->ok && job->first && job->page.next && /* else what is read is all there is */
        !plan_repo_count(bench->actor, PLAN_STATUS_COUNT, &job->total, &job->err))
        job->total = 0;
}

static void page_discard(struct job *base)
{
    struct page_job *job = (struct page_job *)base;

    plan_page_finish(&job->page);
    free(job->after);
    free(job);
}

static void drop_plans(struct plans *self)
{
    for (size_t i = 0; i < self->count; i++)
        record_finish(COLL_PLANS, &self->plans[i]);
    self->count = 0;
}

static void ask_more(struct plans *self);
static void read_again(struct plans *self);

static void page_done(struct job *base, struct app *app)
{
    struct page_job *job = (struct page_job *)base;
    struct plans *self = (struct plans *)base->owner;

    self->asked = false;
    self->read = true;
    app_dirty(app);
    if (!job->ok) {
        self->err = job->err;
        if (self->count) /* what was read before stays in sight */
            app_error(app, &job->err);
        return;
    }
    self->err = (struct err){0};
    if (!job->first || !*self->keep)
        remember(self);
    if (job->first)
        drop_plans(self);
    self->plans = mem_grow(self->plans, &self->cap, self->count + job->page.count + 1,
                           sizeof *self->plans);
    memcpy(self->plans + self->count, job->page.plans, job->page.count * sizeof *self->plans);
    self->count += job->page.count;
    job->page.count = 0; /* the plans are ours now */
    free(self->next);
    self->next = job->page.next;
    if (job->first)
        self->total = job->total;
    job->page.next = NULL;
    make_rows(self);
    if (self->to_end)
        list_move_to(&self->list, self->list.count);
    if (self->again)
        read_again(self);
    else
        ask_more(self);
}

static void ask(struct plans *self, bool first, int64_t limit)
{
    struct page_job *job = mem_zero(1, sizeof *job);

    job->base = (struct job){.work = page_work, .done = page_done, .discard = page_discard,
                             .owner = &self->base};
    job->after = first ? NULL : mem_str(self->next);
    job->first = first;
    job->limit = limit;
    self->asked = true;
    app_submit(self->base.app, &job->base);
}

/* The next page, if the cursor is near the end of what was read or a filter looks further. */
static void ask_more(struct plans *self)
{
    if (self->asked || !self->next)
        return;
    if (self->to_end || *field_text(&self->filter) ||
        self->list.cursor + NEAR_END >= self->list.count)
        ask(self, false, PAGE);
}

/* Reads again as much as was read, so that the cursor keeps its place. */
static void read_again(struct plans *self)
{
    self->again = self->asked;
    if (self->asked)
        return;
    remember(self);
    ask(self, true, self->count > PAGE ? (int64_t)self->count : PAGE);
}

/* ---- changing ------------------------------------------------------------------------------ */

enum change { CHANGE_ARCHIVE, CHANGE_RESTORE, CHANGE_DELETE };

struct change_job {
    struct job base;
    enum change change;
    char plan_id[ID_LEN + 1];
    char name[160];
    bool ok;
    struct err err;
};

static void change_work(struct job *base, struct bench *bench)
{
    struct change_job *job = (struct change_job *)base;

    if (job->change == CHANGE_DELETE)
        job->ok = plan_repo_delete(bench->actor, job->plan_id, &job->err);
    else
        job->ok = plan_repo_archive(bench->actor, job->plan_id, job->change == CHANGE_ARCHIVE,
                                    &job->err);
}

static void change_done(struct job *base, struct app *app)
{
    static const char *const told[] = {
        [CHANGE_ARCHIVE] = "is in the archive; nothing of it is lost",
        [CHANGE_RESTORE] = "is back among the plans",
        [CHANGE_DELETE] = "is deleted",
    };
    struct change_job *job = (struct change_job *)base;

    if (job->ok)
        app_toast(app, ROLE_OK, "%s %s.", job->name, told[job->change]);
    else
        app_error(app, &job->err);
    read_again((struct plans *)base->owner);
}

static void change_plan(struct plans *self, const struct plan *plan, enum change change)
{
    struct change_job *job = mem_zero(1, sizeof *job);

    job->base = (struct job){.work = change_work, .done = change_done, .owner = &self->base};
    job->change = change;
    snprintf(job->plan_id, sizeof job->plan_id, "%s", plan->id);
    snprintf(job->name, sizeof job->name, "%s", plan->name);
    app_submit(self->base.app, &job->base);
}

static void delete_target(void *arg)
{
    struct plans *self = arg;

    for (size_t i = 0; i < self->count; i++) {
        if (strcmp(self->plans[i].id, self->target) == 0)
            change_plan(self, &self->plans[i], CHANGE_DELETE);
    }
}

static void confirm_delete(struct plans *self, const struct plan *plan)
{
    char *question = mem_printf("Delete “%s”?", plan->name);

    snprintf(self->target, sizeof self->target, "%s", plan->id);
    app_confirm(self->base.app,
                &(struct confirm){.question = question,
                                  .detail = "Its answers, sections, figures and checklist go "
                                            "with it and cannot be brought back. Files you "
                                            "exported stay.",
                                  .verb = "delete it",
                                  .yes = delete_target,
                                  .arg = self});
    free(question);
}

/* ---- drawing ------------------------------------------------------------------------------- */

struct columns { /* where each begins, -1 if there is no room for it; the name takes what is left */
    int name, name_end, purpose, status, score, updated;
};

static struct columns columns_for(int cols)
{
    struct columns at = {.name = 3, .purpose = -1, .score = -1, .updated = -1};
    bool wide = cols >= 100;
    int end = cols;

    if (cols >= 50)
        end = at.updated = end - (wide ? 15 : 12);
    if (cols >= 60)
        end = at.score = end - 8;
    end = at.status = end - (wide ? 20 : 16);
    if (cols >= 76)
        end = at.purpose = end - (wide ? 20 : 16);
    at.name_end = end - 2;
    return at;
}

/* Draws in a column; nothing where there is none. */
static void put(const struct canvas *line, int at, int cols, unsigned style, enum align align,
                const char *text)
{
    if (at >= 0)
        canvas_fit(line, 0, at, cols, style, align, text);
}

static void draw_head(const struct canvas *line)
{
    struct columns at = columns_for(line->cols);

    put(line, at.name, 8, ROLE_TITLE, ALIGN_LEFT, "Name");
    put(line, at.purpose, 8, ROLE_TITLE, ALIGN_LEFT, "Purpose");
    put(line, at.status, 8, ROLE_TITLE, ALIGN_LEFT, "Status");
    put(line, at.score, 5, ROLE_TITLE, ALIGN_RIGHT, "Score");
    put(line, at.updated, 8, ROLE_TITLE, ALIGN_LEFT, "Updated");
}

static void draw_plan(void *arg, const struct canvas *line, size_t i, unsigned style)
{
    struct plans *self = arg;
    const struct plan *plan = plan_at(self, i);
    struct columns at = columns_for(line->cols);
    struct standing s = plan_standing(plan, runs_find(self->base.app->runs, plan->id));
    char score[16], ago[CLOCK_ISO_SIZE];

    plan_score(plan, score, sizeof score);
    clock_ago(plan->updated_at, clock_now_ms(), ago);
    put(line, at.name, at.name_end - at.name, ROLE_TEXT | style, ALIGN_LEFT, plan->name);
    put(line, at.purpose, at.status - at.purpose - 2, ROLE_TEXT | style, ALIGN_LEFT,
        plan_purpose_short(plan->plan_purpose));
    put(line, at.status, 1, s.style | style, ALIGN_LEFT, canvas_symbol(line, s.symbol));
    put(line, at.status + 2, 13, s.style | style, ALIGN_LEFT, s.word);
    put(line, at.score, 5, ROLE_TEXT | style, ALIGN_RIGHT, score);
    put(line, at.updated, line->cols - at.updated - 1, ROLE_DIM | style, ALIGN_LEFT, ago);
}

/* "12 plans · 2 need you", "3 of 12 plans", "200 of 5000 plans read" */
static void count_text(const struct plans *self, struct strbuf *out)
{
    size_t need = 0;

    for (size_t i = 0; i < self->list.count; i++) {
        struct standing s = plan_standing(plan_at(self, i), NULL);

        need += s.symbol == SYMBOL_BANG || s.symbol == SYMBOL_CROSS;
    }
    if (*field_text(&self->filter))
        strbuf_printf(out, "%zu of %zu plan%s", self->list.count, self->count,
                      self->count == 1 ? "" : "s");
    else if (self->next && self->total)
        strbuf_printf(out, "%zu of %lld plans", self->count, (long long)self->total);
    else
        strbuf_printf(out, "%zu plan%s", self->list.count, self->list.count == 1 ? "" : "s");
    if (self->next)
        strbuf_str(out, " read");
    if (need)
        strbuf_printf(out, " · %zu need%s you", need, need == 1 ? "s" : "");
}

static void draw_filter(struct plans *self, const struct canvas *line)
{
    struct canvas field = canvas_part(line, 0, 3, 1, line->cols / 2 - 4);
    struct strbuf text;

    if (self->typing || *field_text(&self->filter)) {
        canvas_put(line, 0, 1, ROLE_ACCENT, "/");
        field_draw(&self->filter, &field, self->typing);
    }
    strbuf_init(&text, 256);
    count_text(self, &text);
    canvas_fit(line, 0, line->cols / 2, line->cols - line->cols / 2 - 1, ROLE_DIM, ALIGN_RIGHT,
               text.data);
    strbuf_finish(&text);
}

static void draw_empty(const struct plans *self, const struct canvas *c)
{
    struct strbuf key;
    int x;

    canvas_cursor(c, 1, 3, false);
    if (self->err.code != ERR_NONE) {
        canvas_put(c, 1, 3, ROLE_BAD, canvas_symbol(c, SYMBOL_CROSS));
        canvas_wrap(c, 1, 5, 4, c->cols - 8, ROLE_BAD, self->err.msg, true);
        return;
    }
    if (self->count) {
        canvas_put(c, 1, 3, ROLE_TEXT, "No plan matches.");
        return;
    }
    strbuf_init(&key, 64);
    keymap_keys(self->base.app->keys, ACTION_PLANS_NEW, canvas_utf8(c), &key);
    canvas_put(c, 1, 3, ROLE_TITLE, "No plans yet.");
    x = canvas_put(c, 3, 3, ROLE_TEXT, "Press ");
    x = canvas_put(c, 3, x, ROLE_ACCENT, key.data);
    canvas_put(c, 3, x, ROLE_TEXT, " to begin your first one.");
    canvas_wrap(c, 5, 3, 4, c->cols - 8 < 70 ? c->cols - 8 : 70, ROLE_DIM,
                "A name and a purpose, then one question after the other. You can stop "
                "anywhere: every answer is saved as you leave it.",
                true);
    strbuf_finish(&key);
}

static void draw(struct screen *s, const struct canvas *body)
{
    struct plans *self = (struct plans *)s;
    struct canvas filter = canvas_part(body, 0, 0, 1, body->cols);
    struct canvas head = canvas_part(body, 1, 0, 1, body->cols);
    struct canvas rows = canvas_part(body, 2, 0, body->rows - 2, body->cols);

    if (!self->read) {
        canvas_cursor(body, 0, 0, false);
        return;
    }
    if (self->list.count == 0) {
        if (self->typing)
            draw_filter(self, &filter);
        draw_empty(self, &rows);
        if (self->typing)
            draw_filter(self, &filter);
        return;
    }
    draw_head(&head);
    list_draw(&self->list, &rows);
    draw_filter(self, &filter); /* last: the caret is there while one types */
}

/* ---- life ---------------------------------------------------------------------------------- */

static bool enter(struct screen *s, const void *arg, struct err *err)
{
    struct plans *self = (struct plans *)s;

    (void)arg;
    (void)err;
    list_init(&self->list, draw_plan, self);
    field_init(&self->filter, "part of a name");
    ask(self, true, PAGE);
    return true;
}

static void leave(struct screen *s)
{
    struct plans *self = (struct plans *)s;

    drop_plans(self);
    free(self->plans);
    free(self->rows);
    free(self->next);
    field_finish(&self->filter);
}

static void shown(struct screen *s)
{
    read_again((struct plans *)s);
}

static void contexts(const struct screen *s, struct contexts *cs)
{
    const struct plans *self = (const struct plans *)s;

    if (self->typing) {
        contexts_add(cs, CONTEXT_SEARCH);
        contexts_add(cs, CONTEXT_FIELD);
    } else {
        contexts_add(cs, CONTEXT_PLANS);
        contexts_add(cs, CONTEXT_LIST);
    }
}

static bool allowed(const struct screen *s, enum action a)
{
    const struct plans *self = (const struct plans *)s;

    switch (a) {
    case ACTION_PLANS_OPEN:
    case ACTION_PLANS_INTAKE:
    case ACTION_PLANS_ARCHIVE:
    case ACTION_PLANS_DELETE:
        return current(self) != NULL;
    case ACTION_PLANS_FILTER:
    case ACTION_PLANS_ARCHIVED:
        return self->count > 0;
    default:
        return true;
    }
}

static const char *why_not(const struct screen *s, enum action a)
{
    (void)s;
    switch (a) {
    case ACTION_PLANS_OPEN:
    case ACTION_PLANS_INTAKE:
    case ACTION_PLANS_ARCHIVE:
    case ACTION_PLANS_DELETE:
        return "No plan is under the cursor.";
    case ACTION_PLANS_FILTER:
    case ACTION_PLANS_ARCHIVED:
        return "There are no plans yet.";
    default:
        return NULL;
    }
}

static void crumb(const struct screen *s, struct strbuf *out)
{
    (void)s;
    strbuf_str(out, "Plans");
}

/* ---- keys ---------------------------------------------------------------------------------- */

static void open_plan(struct plans *self, const struct plan *plan)
{
    const struct run_view *run = runs_find(self->base.app->runs, plan->id);
    struct plan_place place = {.plan_id = plan->id, .name = plan->name};
    const struct screen_ops *ops = &screen_reader;

    if ((run && run->progress == PROGRESS_WORKING) || plan->status == PLAN_STATUS_GENERATING)
        ops = &screen_generating;
    else if (plan->status == PLAN_STATUS_DRAFT)
        ops = &screen_wizard;
    app_push(self->base.app, ops, &place);
}

static void end_filter(struct plans *self, bool clear)
{
    self->typing = false;
    if (!clear)
        return;
    remember(self);
    field_set(&self->filter, "");
    make_rows(self);
}

static bool input(struct screen *s, const struct input_event *ev)
{
    struct plans *self = (struct plans *)s;
    bool clicked = false;

    if (list_mouse(&self->list, ev, &clicked)) {
        ask_more(self);
        return true;
    }
    if (!self->typing || !field_input(&self->filter, s->app->keys, ev))
        return false;
    remember(self);
    make_rows(self);
    ask_more(self);
    return true;
}

/* What is done with the plan under the cursor. */
static bool act_on_plan(struct plans *self, enum action a)
{
    const struct plan *plan = current(self);
    struct plan_place place;

    if (!plan)
        return false;
    place = (struct plan_place){.plan_id = plan->id, .name = plan->name};
    switch (a) {
    case ACTION_PLANS_OPEN:
        open_plan(self, plan);
        return true;
    case ACTION_PLANS_INTAKE:
        app_push(self->base.app, &screen_wizard, &place);
        return true;
    case ACTION_PLANS_ARCHIVE:
        change_plan(self, plan,
                    plan->status == PLAN_STATUS_ARCHIVED ? CHANGE_RESTORE : CHANGE_ARCHIVE);
        return true;
    case ACTION_PLANS_DELETE:
        confirm_delete(self, plan);
        return true;
    default:
        return false;
    }
}

static bool act(struct screen *s, enum action a)
{
    struct plans *self = (struct plans *)s;

    switch (a) {
    case ACTION_PLANS_NEW:
        return app_push(s->app, &screen_new_plan, NULL);
    case ACTION_PLANS_FILTER:
        self->typing = true;
        return true;
    case ACTION_PLANS_ARCHIVED:
        self->archived = !self->archived;
        remember(self);
        make_rows(self);
        return true;
    case ACTION_SEARCH_DONE:
    case ACTION_SEARCH_CANCEL:
        end_filter(self, a == ACTION_SEARCH_CANCEL);
        return true;
    case ACTION_BACK: /* the filter is what Esc takes back first */
        if (!*field_text(&self->filter))
            return false;
        end_filter(self, true);
        return true;
    default:
        break;
    }
    if (list_act(&self->list, a)) {
        self->to_end = a == ACTION_LIST_BOTTOM;
        ask_more(self);
        return true;
    }
    return act_on_plan(self, a);
}

static void event(struct screen *s, const struct event *e)
{
    if (e->stage == STAGE_RUN)
        read_again((struct plans *)s);
}

const struct screen_ops screen_plans = {
    .name = "plans",
    .size = sizeof(struct plans),
    .enter = enter,
    .leave = leave,
    .shown = shown,
    .contexts = contexts,
    .allowed = allowed,
    .why_not = why_not,
    .crumb = crumb,
    .draw = draw,
    .input = input,
    .act = act,
    .event = event,
};
