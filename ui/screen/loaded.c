/* loaded.c - one job reads everything a screen of one plan needs, so that it is drawn once and
 * whole. What is missing (no sections yet, no figures) is no failure: the screen says so in
 * its place. */
#include "screen/loaded.h"

#include <stdlib.h>

#include "strattio/child_repo.h"
#include "strattio/ids.h"
#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/plan_repo.h"
#include "strattio/plan_run.h"
#include "strattio/record.h"
#include "strattio/scenario.h"

#include "app.h"
#include "screen/draft_journal.h"
#include "screen/editing.h"

struct load_job {
    struct job base;
    char plan_id[ID_LEN + 1];
    unsigned parts;
    void (*got)(struct screen *owner, struct loaded *l, const struct err *err);
    struct loaded *result;
    struct err err;
};

static void read_report(const struct bench *bench, struct loaded *l)
{
    struct compliance_report report;
    bson_t data;

    if (report_repo_find(bench->actor, l->plan.id, &report, &l->report_err)) {
        l->report = report.data;
        l->report_stored = true;
        report.data = NULL;
        record_finish(COLL_COMPLIANCE_REPORTS, &report);
    } else if (l->report_err.code == ERR_NOT_FOUND &&
               plan_check(bench->actor, bench->house, &l->plan, &data, &l->report_err)) {
        l->report = bson_copy(&data);
        bson_destroy(&data);
    }
}

static void read_scenarios(struct loaded *l)
{
    struct err err = {0};

    l->scenarios = mem_zero(1, sizeof *l->scenarios);
    if (scenarios_read(l->plan.intake_data, l->scenarios, &err))
        return;
    free(l->scenarios);
    l->scenarios = NULL;
}

struct loaded *loaded_now(const struct bench *bench, const char *plan_id, unsigned parts,
                          struct err *err)
{
    struct loaded *l = mem_zero(1, sizeof *l);

    if (!plan_repo_find(bench->actor, plan_id, &l->plan, err)) {
        free(l);
        return NULL;
    }
    l->holders = 1;
    if ((parts & LOAD_SECTIONS) &&
        !section_repo_list(bench->actor, plan_id, l->sections, l->present, err)) {
        loaded_let_go(l);
        return NULL;
    }
    if (parts & LOAD_SECTIONS)
        for (int i = 0; i < SECTION_COUNT; i++)
            l->typed[i] = editing_kept(plan_id, (enum section_type)i);
    if (parts & LOAD_MODEL)
        l->model = plan_model(bench->house, &l->plan, &l->model_err);
    if (parts & LOAD_SCENARIOS) /* not to have them is no reason to have no figures */
        read_scenarios(l);
    if (parts & LOAD_REPORT)
        read_report(bench, l);
    if (parts & LOAD_UNSAVED)
        l->has_unsaved = draft_journal_get(&l->plan, &l->unsaved_before, &l->unsaved_ours);
    return l;
}

static void work(struct job *base, struct bench *bench)
{
    struct load_job *job = (struct load_job *)base;

    job->result = loaded_now(bench, job->plan_id, job->parts, &job->err);
}

static void done(struct job *base, struct app *app)
{
    struct load_job *job = (struct load_job *)base;
    struct loaded *l = job->result;

    (void)app;
    job->result = NULL;
    job->got(base->owner, l, &job->err);
}

static void discard(struct job *base)
{
    struct load_job *job = (struct load_job *)base;

    loaded_let_go(job->result);
    free(job);
}

void loaded_read(struct screen *owner, const char *plan_id, unsigned parts,
                 void (*got)(struct screen *owner, struct loaded *l, const struct err *err))
{
    struct load_job *job = mem_zero(1, sizeof *job);

    job->base = (struct job){.work = work, .done = done, .discard = discard, .owner = owner};
    job->parts = parts;
    job->got = got;
    bson_strncpy(job->plan_id, plan_id, sizeof job->plan_id);
    app_submit(owner->app, &job->base);
}

/* ---- under a scenario ---------------------------------------------------------------------- */

struct under_job {
    struct job base;
    struct loaded *of; /* held */
    char *name;
    void (*got)(struct screen *owner, struct loaded *l, const struct err *err);
    struct loaded *result;
    struct err err;
};

static bool copy_plan(const struct plan *from, struct plan *to, struct err *err)
{
    bson_t doc;
    bool ok;

    record_write(COLL_PLANS, from, &doc);
    ok = record_read(COLL_PLANS, &doc, to, err);
    bson_destroy(&doc);
    return ok;
}

static void work_under(struct job *base, struct bench *bench)
{
    struct under_job *job = (struct under_job *)base;
    const struct scenario *s = NULL;
    struct loaded *l;

    (void)bench;
    if (!job->of->scenarios || !job->of->model)
        err_set(&job->err, ERR_NOT_FOUND, 0, "The scenarios of this plan cannot be read.");
    else
        s = scenarios_find(job->of->scenarios, job->name, &job->err);
    if (!s)
        return;
    l = mem_zero(1, sizeof *l);
    l->holders = 1;
    l->model = scenario_model(job->of->model, s, &job->err);
    if (l->model && copy_plan(&job->of->plan, &l->plan, &job->err)) {
        l->scenario = mem_str(s->name);
        l->scenario_label = mem_str(s->label);
        job->result = l;
    } else {
        loaded_let_go(l);
    }
}

static void done_under(struct job *base, struct app *app)
{
    struct under_job *job = (struct under_job *)base;
    struct loaded *l = job->result;

    (void)app;
    job->result = NULL;
    if (l)
        l->under = loaded_hold(job->of);
    job->got(base->owner, l, &job->err);
}

static void discard_under(struct job *base)
{
    struct under_job *job = (struct under_job *)base;

    loaded_let_go(job->result);
    loaded_let_go(job->of);
    free(job->name);
    free(job);
}

void loaded_read_under(struct screen *owner, struct loaded *l, const char *name,
                       void (*got)(struct screen *owner, struct loaded *l, const struct err *err))
{
    struct under_job *job = mem_zero(1, sizeof *job);

    job->base = (struct job){
        .work = work_under, .done = done_under, .discard = discard_under, .owner = owner};
    job->of = loaded_hold(l->under ? l->under : l);
    job->name = mem_str(name);
    job->got = got;
    app_submit(owner->app, &job->base);
}

struct loaded *loaded_hold(struct loaded *l)
{
    l->holders++;
    return l;
}

void loaded_let_go(struct loaded *l)
{
    if (!l || --l->holders > 0)
        return;
    for (int i = 0; i < SECTION_COUNT; i++)
        record_finish(COLL_SECTIONS, &l->sections[i]);
    record_finish(COLL_PLANS, &l->plan);
    record_finish(COLL_PLANS, &l->unsaved_before);
    record_finish(COLL_PLANS, &l->unsaved_ours);
    model_free(l->model);
    if (l->scenarios)
        scenarios_finish(l->scenarios);
    free(l->scenarios);
    loaded_let_go(l->under);
    free(l->scenario);
    free(l->scenario_label);
    if (l->report)
        bson_destroy(l->report);
    free(l);
}
