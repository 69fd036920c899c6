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
    struct run *run;
    struct err err;
};

static void end_work(struct job *base, struct bench *bench)
{
    struct run_job *job = (struct run_job *)base;

    (void)bench;
    run_finish(job->run);
    job->run = NULL;
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
    struct run_job *job = mem_zero(1, sizeof *job);

    job->base = (struct job){.work = end_work, .discard = discard};
    job->run = run;
    app_submit(app, &job->base);
}

static void fail(struct run_view *v, const struct err *err)
{
    v->progress = PROGRESS_FAILED;
    v->ms = clock_mono_ms() - v->began_ms;
    v->err = *err;
    for (int i = 0; i < STAGE_COUNT; i++) {
        if (v->stages[i].progress == PROGRESS_WORKING)
            v->stages[i].progress = PROGRESS_FAILED;
    }
    for (int i = 0; i < SECTION_COUNT; i++) {
        if (v->sections[i].progress == PROGRESS_WORKING)
            v->sections[i].progress = PROGRESS_FAILED;
    }
}

static void start_work(struct job *base, struct bench *bench)
{
    struct run_job *job = (struct run_job *)base;

    job->run = run_start(bench->actor, bench->house, job->plan_id, job->events, &job->err);
}

static void started(struct job *base, struct app *app)
{
    struct run_job *job = (struct run_job *)base;
    struct run_view *v = find(app->runs, job->plan_id);

    if (!job->run) {
        fail(v, &job->err);
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

static struct run_view *fresh_view(struct runs *r, const char *plan_id)
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
    v->began_ms = clock_mono_ms();
    return v;
}

void runs_start(struct app *app, const char *plan_id)
{
    struct run_view *v = find(app->runs, plan_id);
    struct run_job *job;

    if (v && v->progress == PROGRESS_WORKING)
        return;
    app->runs->app = app;
    fresh_view(app->runs, plan_id);
    job = mem_zero(1, sizeof *job);
    job->base = (struct job){.work = start_work, .done = started, .discard = discard};
    job->events = app->events;
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

static void begin_step(struct run_step *step)
{
    *step = (struct run_step){.progress = PROGRESS_WORKING, .began_ms = clock_mono_ms()};
}

static void end_step(struct run_step *step, const struct event *e)
{
    step->progress = e->kind == EVENT_DONE ? PROGRESS_DONE : PROGRESS_FAILED;
    step->ms = step->began_ms ? clock_mono_ms() - step->began_ms : 0;
    step->reused = e->reused;
    if (e->text)
        snprintf(step->note, sizeof step->note, "%s", e->text);
}

static void note_step(struct run_view *v, struct run_step *step, const struct event *e)
{
    switch (e->kind) {
    case EVENT_STARTED:
        begin_step(step);
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
        end_step(step, e);
        break;
    case EVENT_FINISHED:
        break;
    }
}

static void end_view(struct runs *r, struct run_view *v, const struct event *e)
{
    if (e->kind == EVENT_FAILED) {
        fail(v, &e->err);
    } else {
        v->progress = PROGRESS_DONE;
        v->ms = clock_mono_ms() - v->began_ms;
    }
    if (v->run)
        end_run(r->app, v->run);
    v->run = NULL;
}

void runs_event(struct runs *r, const struct event *e)
{
    struct run_view *v = find(r, e->plan_id);

    if (!v)
        return;
    if (e->stage == STAGE_RUN && (e->kind == EVENT_FAILED || e->kind == EVENT_FINISHED))
        end_view(r, v, e);
    else if (e->section < SECTION_COUNT)
        note_step(v, &v->sections[e->section], e);
    else if (e->stage < STAGE_RUN)
        note_step(v, &v->stages[e->stage], e);
}
