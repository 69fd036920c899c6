/* past.c - a page is read together with the plan as it is now, so that what the two are compared
 * by is of one moment. The log is the plan's, and much in it is about no text: the job reads on
 * until it has something to show. */
#include "screen/past.h"

#include <stdlib.h>

#include "strattio/err.h"
#include "strattio/ids.h"
#include "strattio/mem.h"
#include "strattio/plan_run.h"

#include "app.h"
#include "screen/loaded.h"

enum { PAGE = 50 };

/* ---- reading ------------------------------------------------------------------------------- */

struct read_job {
    struct job base;
    char plan_id[ID_LEN + 1];
    enum section_type type;
    char *after;
    void (*got)(struct screen *owner, struct loaded *l, struct section_history *page,
                const struct err *err);
    struct loaded *loaded;
    struct section_history page;
    struct err err;
};

static bool read_page(struct read_job *job, struct bench *bench)
{
    const struct section *s = job->type == SECTION_COUNT ? NULL : &job->loaded->sections[job->type];

    do {
        section_history_finish(&job->page);
        if (!section_history_read(bench->actor, job->plan_id, s, job->after, PAGE, &job->page,
                                  &job->err))
            return false;
        free(job->after);
        job->after = mem_str(job->page.next);
    } while (!job->page.count && job->after);
    return true;
}

static void work_read(struct job *base, struct bench *bench)
{
    struct read_job *job = (struct read_job *)base;
    bool ok;

    job->loaded = loaded_now(bench, job->plan_id, LOAD_SECTIONS | LOAD_MODEL, &job->err);
    if (!job->loaded)
        return;
    ok = job->type == SECTION_COUNT || job->loaded->present[job->type] ||
         err_set(&job->err, ERR_NOT_FOUND, 0, "This section is not written yet.");
    if (ok && read_page(job, bench))
        return;
    loaded_let_go(job->loaded);
    job->loaded = NULL;
}

static void done_read(struct job *base, struct app *app)
{
    struct read_job *job = (struct read_job *)base;
    struct loaded *l = job->loaded;

    (void)app;
    job->loaded = NULL;
    job->got(base->owner, l, &job->page, &job->err);
    job->page = (struct section_history){0};
}

static void discard_read(struct job *base)
{
    struct read_job *job = (struct read_job *)base;

    loaded_let_go(job->loaded);
    section_history_finish(&job->page);
    free(job->after);
    free(job);
}

void past_read(struct screen *owner, const char *plan_id, enum section_type type, const char *after,
               void (*got)(struct screen *owner, struct loaded *l, struct section_history *page,
                           const struct err *err))
{
    struct read_job *job = mem_zero(1, sizeof *job);

    job->base =
        (struct job){.work = work_read, .done = done_read, .discard = discard_read, .owner = owner};
    bson_strncpy(job->plan_id, plan_id, sizeof job->plan_id);
    job->type = type;
    job->after = mem_str(after);
    job->got = got;
    app_submit(owner->app, &job->base);
}

/* ---- changing ------------------------------------------------------------------------------ */

struct change_job {
    struct job base;
    char plan_id[ID_LEN + 1];
    enum section_type type;
    int64_t rev;
    enum past_change change;
    bson_t value;
    void (*done)(struct screen *owner, enum past_change change, const struct err *err);
    bool ok;
    struct err err;
};

static void work_change(struct job *base, struct bench *bench)
{
    struct change_job *job = (struct change_job *)base;

    if (job->change == PAST_RESTORE)
        job->ok = section_restore(bench->actor, bench->house, job->plan_id, job->type, &job->value,
                                  job->rev, &job->err);
    else
        job->ok = (job->change == PAST_TAKE ? section_offer_take : section_offer_leave)(
            bench->actor, bench->house, job->plan_id, job->type, job->rev, &job->err);
}

static void done_change(struct job *base, struct app *app)
{
    struct change_job *job = (struct change_job *)base;

    (void)app;
    job->done(base->owner, job->change, job->ok ? NULL : &job->err);
}

static void discard_change(struct job *base)
{
    struct change_job *job = (struct change_job *)base;

    bson_destroy(&job->value);
    free(job);
}

void past_change(struct screen *owner, const char *plan_id, enum section_type type, int64_t rev,
                 enum past_change change, const bson_t *value,
                 void (*done)(struct screen *owner, enum past_change change, const struct err *err))
{
    struct change_job *job = mem_zero(1, sizeof *job);

    job->base = (struct job){.work = work_change,
                             .done = done_change,
                             .discard = discard_change,
                             .owner = owner,
                             .flags = JOB_MUST};
    bson_strncpy(job->plan_id, plan_id, sizeof job->plan_id);
    job->type = type;
    job->rev = rev;
    job->change = change;
    bson_copy_to(value, &job->value);
    job->done = done;
    app_submit(owner->app, &job->base);
}
