/* exporting.c - nobody owns the job: who asked may leave, and is told all the same. */
#include "screen/exporting.h"

#include <stdlib.h>

#include "strattio/err.h"
#include "strattio/export.h"
#include "strattio/mem.h"

#include "app.h"

struct file_job {
    struct job base;
    char *plan_id;
    char *written; /* where to */
    bool ok;
    struct err err;
};

static void work(struct job *base, struct bench *bench)
{
    struct file_job *job = (struct file_job *)base;

    job->ok = export_plan(bench->actor, bench->house, job->plan_id, EXPORT_MARKDOWN, NULL,
                          &job->written, &job->err);
}

static void done(struct job *base, struct app *app)
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

void exporting_markdown(struct app *app, const char *plan_id)
{
    struct file_job *job = mem_zero(1, sizeof *job);

    job->base = (struct job){.work = work, .done = done, .discard = discard};
    job->plan_id = mem_str(plan_id);
    app_submit(app, &job->base);
}
