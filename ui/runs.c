/* runs.c - what the events of the runs add up to. A run is started by a job, since that reads
 * the store, and ended by one, since that waits for its thread; events may arrive before the
 * first job says that it has started. */
#include "runs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/clock.h"
#include "strattio/mem.h"
#include "strattio/plan_run.h"

#include "app.h"

struct runs {
    struct app *app; /* NULL until a run was started */
    struct run_view **views;
    size_t count, cap;
    struct eta_past past;
    bool past_read;
};

struct runs *runs_create(void)
{
    return mem_zero(1, sizeof(struct runs));
}

static void free_view(struct run_view *v)
{
    for (int i = 0; i < SECTION_COUNT; i++)
        strbuf_finish(&v->texts[i]);
    free(v);
}

void runs_destroy(struct runs *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < r->count; i++) {
        if (r->views[i]->run)
            run_cancel(r->views[i]->run); /* all at once, then wait for each */
    }
    for (size_t i = 0; i < r->count; i++) {
        run_finish(r->views[i]->run);
        free_view(r->views[i]);
    }
    free(r->views);
    free(r);
}

static struct run_view *find(const struct runs *r, const char *plan_id)
{
    for (size_t i = 0; i < r->count; i++) {
        if (strcmp(r->views[i]->plan_id, plan_id) == 0)
            return r->views[i];
    }
    return NULL;
}

const struct run_view *runs_find(const struct runs *r, const char *plan_id)
{
    return find(r, plan_id);
}

size_t runs_working(const struct runs *r)
{
    size_t working = 0;

    for (size_t i = 0; i < r->count; i++)
        working += r->views[i]->progress == PROGRESS_WORKING;
    return working;
}

/* ---- starting and ending ------------------------------------------------------------------- */

struct run_job {
    struct job base;
    char plan_id[ID_LEN + 1];
    struct queue *events;
    struct run_redo redo;
    bool redoes;
    struct run *run;
    bool read_past, write_past;
    struct eta_past past; /* as read, or to be written */
    struct err err;
};

static void end_work(struct job *base, struct bench *bench)
{
    struct run_job *job = (struct run_job *)base;

    (void)bench;
    run_finish(job->run);
    job->run = NULL;
    if (job->write_past)
        eta_past_write(&job->past);
}

static void discard(struct job *base)
{
    struct run_job *job = (struct run_job *)base;

    run_finish(job->run);
    free(job);
}

/* The run is over: its thread is let go where waiting does no harm. */
static void end_run(struct app *app, struct run *run)
{
    const struct runs *r = app->runs;
    struct run_job *job = mem_zero(1, sizeof *job);

    job->write_past = r->past_read;
    job->past = r->past;

    job->base = (struct job){.work = end_work, .discard = discard};
    job->run = run;
    app_submit(app, &job->base);
}

static void fail_step(struct run_step *step, int64_t now_ms)
{
    if (step->progress != PROGRESS_WORKING)
        return;
    step->progress = PROGRESS_FAILED;
    step->ms = now_ms - step->began_ms;
}

static void fail(struct run_view *v, const struct err *err, int64_t now_ms)
{
    v->progress = PROGRESS_FAILED;
    v->ms = now_ms - v->began_ms;
    v->err = *err;
    for (int i = 0; i < STAGE_COUNT; i++)
        fail_step(&v->stages[i], now_ms);
    for (int i = 0; i < SECTION_COUNT; i++)
        fail_step(&v->sections[i], now_ms);
}

static void start_work(struct job *base, struct bench *bench)
{
    struct run_job *job = (struct run_job *)base;

    if (job->read_past)
        eta_past_read(&job->past);
    job->run = run_start_redo(bench->actor, bench->house, job->plan_id,
                              job->redoes ? &job->redo : NULL, job->events, &job->err);
}

/* The past as the file has it, and after it what was noted while it was read. */
static void take_past(struct runs *r, struct eta_past *past)
{
    for (int i = 0; i < STAGE_COUNT; i++)
        for (size_t k = 0; k < r->past.count[i]; k++)
            eta_past_add(past, (enum stage)i, r->past.ms[i][k]);
    r->past = *past;
    r->past_read = true;
}

static void started(struct job *base, struct app *app)
{
    struct run_job *job = (struct run_job *)base;
    struct run_view *v = find(app->runs, job->plan_id);

    if (job->read_past && !app->runs->past_read)
        take_past(app->runs, &job->past);
    if (!job->run) {
        fail(v, &job->err, clock_mono_ms());
    } else if (v->progress != PROGRESS_WORKING) {
        end_run(app, job->run); /* over before we heard that it began */
    } else {
        v->run = job->run;
        if (v->cancelled)
            run_cancel(v->run);
    }
    job->run = NULL;
    app_dirty(app);
}

static struct run_view *fresh_view(struct runs *r, const char *plan_id, int64_t now_ms)
{
    struct run_view *v = find(r, plan_id);

    if (!v) {
        v = mem_zero(1, sizeof *v);
        r->views = mem_grow(r->views, &r->cap, r->count + 1, sizeof(struct run_view *));
        r->views[r->count++] = v;
    } else {
        for (int i = 0; i < SECTION_COUNT; i++)
            strbuf_finish(&v->texts[i]);
        memset(v, 0, sizeof *v);
    }
    snprintf(v->plan_id, sizeof v->plan_id, "%s", plan_id);
    for (int i = 0; i < SECTION_COUNT; i++)
        strbuf_init(&v->texts[i], STRBUF_DOC_LIMIT);
    v->progress = PROGRESS_WORKING;
    v->began_ms = now_ms;
    return v;
}

const struct run_view *runs_begin(struct runs *r, const char *plan_id, int64_t now_ms)
{
    return fresh_view(r, plan_id, now_ms);
}

void runs_start(struct app *app, const char *plan_id)
{
    runs_start_redo(app, plan_id, NULL);
}

void runs_start_redo(struct app *app, const char *plan_id, const struct run_redo *redo)
{
    struct run_view *v = find(app->runs, plan_id);
    struct run_job *job;

    if (v && v->progress == PROGRESS_WORKING)
        return;
    app->runs->app = app;
    fresh_view(app->runs, plan_id, clock_mono_ms());
    job = mem_zero(1, sizeof *job);
    job->base = (struct job){.work = start_work, .done = started, .discard = discard};
    job->events = app->events;
    job->redoes = redo != NULL;
    if (redo)
        job->redo = *redo;
    job->read_past = !app->runs->past_read;
    snprintf(job->plan_id, sizeof job->plan_id, "%s", plan_id);
    app_submit(app, &job->base);
}

void runs_cancel(struct runs *r, const char *plan_id)
{
    struct run_view *v = find(r, plan_id);

    if (!v || v->progress != PROGRESS_WORKING)
        return;
    v->cancelled = true;
    if (v->run)
        run_cancel(v->run);
}

/* ---- events -------------------------------------------------------------------------------- */

static void begin_step(struct run_step *step, int64_t now_ms)
{
    *step = (struct run_step){.progress = PROGRESS_WORKING, .began_ms = now_ms};
}

static void end_step(struct run_step *step, const struct event *e, int64_t now_ms)
{
    step->progress = e->kind == EVENT_DONE ? PROGRESS_DONE : PROGRESS_FAILED;
    step->ms = step->began_ms ? now_ms - step->began_ms : 0;
    step->reused = e->reused;
    if (e->text)
        snprintf(step->note, sizeof step->note, "%s", e->text);
}

static void note_step(struct run_view *v, struct run_step *step, const struct event *e,
                      int64_t now_ms)
{
    switch (e->kind) {
    case EVENT_STARTED:
        begin_step(step, now_ms);
        if (e->section < SECTION_COUNT)
            strbuf_clear(&v->texts[e->section]);
        break;
    case EVENT_ADVANCED:
        step->done = e->done;
        step->total = e->total;
        break;
    case EVENT_DELTA:
        if (e->section < SECTION_COUNT && e->text)
            strbuf_str(&v->texts[e->section], e->text);
        break;
    case EVENT_WARNING:
        v->warnings++;
        break;
    case EVENT_DONE:
    case EVENT_FAILED:
        end_step(step, e, now_ms);
        break;
    case EVENT_FINISHED:
        break;
    }
}

/* What past runs say of the rest. */
static void estimate(const struct runs *r, struct run_view *v, int64_t now_ms)
{
    struct eta_stage stages[STAGE_COUNT];

    for (int i = 0; i < STAGE_COUNT; i++)
        stages[i] = (struct eta_stage){.over = v->stages[i].progress == PROGRESS_DONE,
                                       .working = v->stages[i].progress == PROGRESS_WORKING,
                                       .elapsed_ms = now_ms - v->stages[i].began_ms};
    if (r->past_read)
        eta_see(&v->eta, eta_left(&r->past, stages), now_ms);
}

static void end_view(struct runs *r, struct run_view *v, const struct event *e, int64_t now_ms)
{
    if (e->kind == EVENT_FAILED) {
        fail(v, &e->err, now_ms);
    } else {
        v->progress = PROGRESS_DONE;
        v->ms = now_ms - v->began_ms;
    }
    if (v->run)
        end_run(r->app, v->run);
    v->run = NULL;
}

void runs_event(struct runs *r, const struct event *e, int64_t now_ms)
{
    struct run_view *v = find(r, e->plan_id);

    if (!v)
        return;
    if (e->stage == STAGE_RUN && (e->kind == EVENT_FAILED || e->kind == EVENT_FINISHED))
        end_view(r, v, e, now_ms);
    else if (e->section < SECTION_COUNT)
        note_step(v, &v->sections[e->section], e, now_ms);
    else if (e->stage < STAGE_RUN)
        note_step(v, &v->stages[e->stage], e, now_ms);
    if (e->kind == EVENT_DONE && e->section == SECTION_COUNT && !e->reused && e->stage < STAGE_RUN)
        eta_past_add(&r->past, e->stage, v->stages[e->stage].ms);
    if (v->progress == PROGRESS_WORKING && e->kind != EVENT_DELTA)
        estimate(r, v, now_ms);
}
