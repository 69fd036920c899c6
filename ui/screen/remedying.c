/* remedying.c - one job a rule; whoever asks for the next one waits until this one is done. */
#include "screen/remedying.h"

#include <stdlib.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/plan_repo.h"
#include "strattio/record.h"
#include "strattio/remedy.h"
#include "strattio/strbuf.h"

#include "app.h"

struct remedy_job {
    struct job base;
    char *plan_id, *rule_id;
    void (*got)(struct screen *owner, const char *rule_id, const char *text);
    struct strbuf text;
};

static void put(const struct remedy *r, struct strbuf *out)
{
    if (!r->judged)
        strbuf_str(out, "Only a person can judge this: have the papers ready.");
    else if (r->passes)
        strbuf_str(out, "It is met as things are.\n");
    remedy_text(r, out);
    if (!out->len)
        strbuf_str(out, "No figure decides this; what is asked for has to be said or changed.");
}

void remedying_now(const struct bench *bench, const char *plan_id, const char *rule_id,
                   struct strbuf *out)
{
    struct remedy remedy = {0};
    struct err err = {0};
    struct plan plan;

    if (plan_repo_find(bench->actor, plan_id, &plan, &err)) {
        if (plan_remedy(bench->actor, bench->house, &plan, rule_id, &remedy, &err))
            put(&remedy, out);
        remedy_finish(&remedy);
        record_finish(COLL_PLANS, &plan);
    }
    if (err.code != ERR_NONE && !out->len)
        strbuf_str(out, err.msg);
}

static void work(struct job *base, struct bench *bench)
{
    struct remedy_job *job = (struct remedy_job *)base;

    remedying_now(bench, job->plan_id, job->rule_id, &job->text);
}

static void done(struct job *base, struct app *app)
{
    struct remedy_job *job = (struct remedy_job *)base;

    job->got(base->owner, job->rule_id, job->text.data);
    app_dirty(app);
}

static void discard(struct job *base)
{
    struct remedy_job *job = (struct remedy_job *)base;

    strbuf_finish(&job->text);
    free(job->plan_id);
    free(job->rule_id);
    free(job);
}

void remedying_start(struct screen *owner, const char *plan_id, const char *rule_id,
                     void (*got)(struct screen *owner, const char *rule_id, const char *text))
{
    struct remedy_job *job = mem_zero(1, sizeof *job);

    job->base = (struct job){.work = work, .done = done, .discard = discard, .owner = owner};
    job->plan_id = mem_str(plan_id);
    job->rule_id = mem_str(rule_id);
    job->got = got;
    strbuf_init(&job->text, 16 * 1024);
    app_submit(owner->app, &job->base);
}
