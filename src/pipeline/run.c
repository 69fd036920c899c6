/* run.c - a generation: the lease, the stages in order, the last write. It dies anywhere without
 * harm: every child is written whole under its key, so the next run finds what stands and goes on
 * from there.
 *
 * In its own thread it has an actor of its own; the only things it shares with the thread that
 * started it are the queue, the house and the `cancelled` flag. */
#include "strattio/plan_run.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/actor.h"
#include "strattio/clock.h"
#include "strattio/doc.h"
#include "strattio/house.h"
#include "strattio/intake.h"
#include "strattio/log.h"
#include "strattio/mem.h"
#include "strattio/plan_repo.h"
#include "strattio/queue.h"
#include "strattio/record.h"

#include "pipeline/stage.h"

static const struct {
    enum stage stage;
    bool (*work)(struct making *mk, struct stage_result *r, struct err *err);
} line[] = {
    {STAGE_RESEARCH, stage_research},     {STAGE_VALIDATION, stage_validation},
    {STAGE_FINANCE, stage_finance},       {STAGE_WRITING, stage_writing},
    {STAGE_COMPLIANCE, stage_compliance},
};

struct run {
    pthread_t thread;
    struct actor *actor;
    struct house *house;
    struct queue *events;
    char plan_id[ID_LEN + 1];
    struct run_redo redo;
    bool redoes;
    bool cancelled;
    bool working;
};

/* What was stored of the stage no longer stands. Sections are asked for one by one as they are
 * written; the checks before the model are made every time. */
static void forget_stage(struct making *mk)
{
    bson_t *metadata = NULL;

    if (!mk->redo)
        return;
    if (mk->redo->stage == STAGE_RESEARCH && mk->has_research)
        metadata = mk->research.metadata;
    else if (mk->redo->stage == STAGE_FINANCE && mk->has_model)
        metadata = mk->stored_model.metadata;
    else if (mk->redo->stage == STAGE_COMPLIANCE && mk->has_report)
        metadata = mk->report.metadata;
    if (metadata)
        doc_unset(metadata, "key");
}

static bool note_stage(struct making *mk, enum stage stage, const struct stage_result *r,
                       int64_t started_at, int64_t ms, struct err *err)
{
    bson_t info = BSON_INITIALIZER;
    bool ok;

    BSON_APPEND_UTF8(&info, "key", r->key);
    BSON_APPEND_DATE_TIME(&info, "started_at", started_at);
    BSON_APPEND_DATE_TIME(&info, "finished_at", clock_now_ms());
    BSON_APPEND_INT64(&info, "ms", ms);
    BSON_APPEND_BOOL(&info, "reused", r->reused);
    if (stage == STAGE_VALIDATION)
        BSON_APPEND_ARRAY(&info, "warnings", &mk->warning_list);
    ok = plan_lease_note(mk->actor, mk->lease, stage_name(stage), &info, err);
    bson_destroy(&info);
    return ok;
}

static bool do_stage(struct making *mk, size_t i, struct err *err)
{
    struct stage_result r = {0};
    int64_t began = clock_mono_ms(), started_at = clock_now_ms();
    enum stage stage = line[i].stage;
    bool ok;

    making_tell(mk, EVENT_STARTED, stage, SECTION_COUNT, 0, 0, NULL);
    ok = making_go_on(mk, err) && line[i].work(mk, &r, err) &&
         note_stage(mk, stage, &r, started_at, clock_mono_ms() - began, err);
    if (ok)
        making_tell_done(mk, stage, SECTION_COUNT, r.reused, r.note);
    free(r.note);
    return ok;
}

static bool do_stages(struct making *mk, struct err *err)
{
    forget_stage(mk);
    for (size_t i = 0; i < ARRAY_LEN(line); i++) {
        if (!do_stage(mk, i, err)) {
            if (err->code != ERR_CANCELLED)
                err_wrap(err, "%s", stage_title(line[i].stage));
            return false;
        }
    }
    return true;
}

/* The status the plan ends in. What failed is kept in `err`; a lost lease writes nothing more. */
static bool end_run(struct making *mk, bool made, int64_t ms, struct err *err)
{
    struct err end = {0};
    bson_t summary, timings = BSON_INITIALIZER;
    bool ok;

    making_summary(mk, &summary);
    BSON_APPEND_INT64(&timings, "total_ms", ms);
    BSON_APPEND_UTF8(&timings, "writer", mk->writer);
    if (!bson_empty(&mk->usage))
        BSON_APPEND_DOCUMENT(&timings, "usage", &mk->usage);
    BSON_APPEND_UTF8(&timings, "program", STRATTIO_VERSION);
    ok = mk->lease->lost ||
         plan_lease_end(mk->actor, mk->lease, made ? PLAN_STATUS_COMPLETE : PLAN_STATUS_FAILED,
                        made ? NULL : err->msg, &summary, &timings, &end);
    bson_destroy(&summary);
    bson_destroy(&timings);
    if (!ok && made)
        *err = end;
    else if (!ok)
        log_err("writing the failed status", &end);
    return ok && made;
}

static void tell_end(struct queue *events, const char *plan_id, uint64_t seq, bool ok,
                     const struct err *err)
{
    struct event *e;

    if (!events)
        return;
    e = mem_zero(1, sizeof(*e));
    e->kind = ok ? EVENT_FINISHED : EVENT_FAILED;
    e->seq = seq + 1;
    e->at = clock_now_ms();
    bson_strncpy(e->plan_id, plan_id, sizeof(e->plan_id));
    e->stage = STAGE_RUN;
    e->section = SECTION_COUNT;
    if (!ok)
        e->err = *err;
    queue_push(events, e);
}

/* Why this plan cannot be made yet, before anything is written. */
static bool may_start(struct actor *a, struct house *h, const char *plan_id, struct err *err)
{
    const struct intake *questions = house_intake(h, err);
    struct problems problems = {0};
    struct plan plan;

    if (!questions || !plan_repo_find(a, plan_id, &plan, err))
        return false;
    intake_check(questions, plan.plan_purpose, plan.intake_data, true, &problems);
    if (problems.count == 1)
        err_set(err, ERR_INVALID, 0, "%s: %s", problems.items[0].path, problems.items[0].message);
    else if (problems.count > 1)
        err_set(err, ERR_INVALID, 0, "%zu answers are missing or wrong; the first is %s: %s",
                problems.count, problems.items[0].path, problems.items[0].message);
    record_finish(COLL_PLANS, &plan);
    if (problems.count == 0)
        return true;
    problems_finish(&problems);
    return false;
}

static bool make_plan(struct actor *a, struct house *h, const char *plan_id,
                      const struct run_redo *redo, struct queue *events, const bool *cancelled,
                      struct err *err)
{
    struct plan_lease lease = {0};
    struct making mk = {0};
    struct plan plan;
    int64_t began = clock_mono_ms();
    uint64_t seq = 0;
    bool ok;

    ok = plan_lease_take(a, plan_id, &lease, &plan, err);
    if (ok) {
        making_init(&mk, a, h, &plan);
        mk.events = events;
        mk.lease = &lease;
        mk.redo = redo;
        mk.cancelled = cancelled;
        mk.research_mode = redo && redo->stage == STAGE_RESEARCH ? LIVE_REFRESH : LIVE_FETCH;
        ok = end_run(&mk, making_load(&mk, err) && do_stages(&mk, err), clock_mono_ms() - began,
                     err);
        seq = mk.seq;
        making_finish(&mk);
    }
    tell_end(events, plan_id, seq, ok, err);
    return ok;
}

bool run_now(struct actor *a, struct house *h, const char *plan_id, struct queue *events,
             struct err *err)
{
    if (may_start(a, h, plan_id, err))
        return make_plan(a, h, plan_id, NULL, events, NULL, err);
    tell_end(events, plan_id, 0, false, err);
    return false;
}

static void *run_thread(void *context)
{
    struct run *r = context;
    struct err err = {0};

    if (!make_plan(r->actor, r->house, r->plan_id, r->redoes ? &r->redo : NULL, r->events,
                   &r->cancelled, &err) &&
        err.code != ERR_CANCELLED)
        log_err("generation", &err);
    __atomic_store_n(&r->working, false, __ATOMIC_RELEASE);
    return NULL;
}

struct run *run_start(struct actor *a, struct house *h, const char *plan_id, struct queue *events,
                      struct err *err)
{
    return run_start_redo(a, h, plan_id, NULL, events, err);
}

struct run *run_start_redo(struct actor *a, struct house *h, const char *plan_id,
                           const struct run_redo *redo, struct queue *events, struct err *err)
{
    struct run *r;

    if (!may_start(a, h, plan_id, err))
        return NULL;
    r = mem_zero(1, sizeof(*r));
    r->house = h;
    r->events = events;
    r->redoes = redo != NULL;
    if (redo)
        r->redo = *redo;
    r->working = true;
    bson_strncpy(r->plan_id, plan_id, sizeof(r->plan_id));
    r->actor = actor_clone(a, err);
    if (!r->actor)
        goto fail;
    if (pthread_create(&r->thread, NULL, run_thread, r) != 0) {
        err_set(err, ERR_IO, 0, "The generation could not be started: too many threads.");
        goto fail;
    }
    return r;
fail:
    actor_close(r->actor);
    free(r);
    return NULL;
}

void run_cancel(struct run *r)
{
    __atomic_store_n(&r->cancelled, true, __ATOMIC_RELEASE);
}

bool run_working(const struct run *r)
{
    return __atomic_load_n(&r->working, __ATOMIC_ACQUIRE);
}

void run_finish(struct run *r)
{
    if (!r)
        return;
    run_cancel(r);
    pthread_join(r->thread, NULL);
    actor_close(r->actor);
    free(r);
}
