/* exporting.c - nobody owns the job that writes: it is done and told though the screen is gone. A
 * second, empty one of the screen's own follows it, and is forgotten with the screen. */
#include "screen/exporting.h"

#include <stdlib.h>

#include "strattio/err.h"
#include "strattio/export.h"
#include "strattio/mem.h"

#include "app.h"

struct file_job {
    struct job base;
    char *plan_id;
    enum export_format format;
    char *written; /* where to */
    bool ok;
    struct err err;
};

struct after_job {
    struct job base;
    void (*done)(struct screen *owner);
};

static void work(struct job *base, struct bench *bench)
{
    struct file_job *job = (struct file_job *)base;

    job->ok = export_plan(bench->actor, bench->house, job->plan_id, job->format, NULL,
                          &job->written, &job->err);
}

static void told(struct job *base, struct app *app)
{
    struct file_job *job = (struct file_job *)base;

    if (job->ok)
        app_toast(app, ROLE_OK, "Written to %s", job->written);
    else
        app_error(app, &job->err);
}

static void discard(struct job *base)
{
    struct file_job *job = (struct file_job *)base;

    free(job->plan_id);
    free(job->written);
    free(job);
}

static void nothing(struct job *base, struct bench *bench)
{
    (void)base;
    (void)bench;
}

static void after(struct job *base, struct app *app)
{
    (void)app;
    ((struct after_job *)base)->done(base->owner);
}

void exporting_start(struct screen *owner, const char *plan_id, enum export_format format,
                     void (*done)(struct screen *owner))
{
    struct file_job *job = mem_zero(1, sizeof *job);
    struct after_job *then = mem_zero(1, sizeof *then);

    job->base = (struct job){.work = work, .done = told, .discard = discard};
    job->plan_id = mem_str(plan_id);
    job->format = format;
    app_submit(owner->app, &job->base);
    then->base = (struct job){.work = nothing, .done = after, .owner = owner};
    then->done = done;
    app_submit(owner->app, &then->base);
}
