/* plain_writing.c - a plan being written, told as it goes: a line when a stage or section begins and when it
 * is done. The run has its own thread; this one waits for what it says, for Ctrl-C and, at a terminal, for
 * the word "cancel". What is finished is kept whatever happens. */
#include <stdlib.h>
#include <string.h>

#include "strattio/clock.h"
#include "strattio/event.h"
#include "strattio/plan_run.h"
#include "strattio/queue.h"

#include "plain/places.h"
#include "plain/room.h"

static void drop_event(void *message)
{
    event_free(message);
}

static void tell(struct talk *t, const struct event *e)
{
    const char *what = e->section != SECTION_COUNT ? section_type_title(e->section)
                       : e->stage != STAGE_RUN     ? stage_title(e->stage)
                                                   : "The plan";
    bool has_text = e->text && *e->text;

    switch (e->kind) {
    case EVENT_STARTED:
        if (e->stage != STAGE_RUN)
            talk_say(t, "%s: begun.", what);
        break;
    case EVENT_DONE:
        talk_say(t, "%s: done%s%s%s.", what, has_text ? ", " : "", has_text ? e->text : "",
                 e->reused ? ", as it was" : "");
        break;
    case EVENT_WARNING:
        talk_say(t, "%s: note: %s", what, has_text ? e->text : "");
        break;
    case EVENT_ADVANCED:
        if (e->total)
            talk_say(t, "%s: %lld of %lld.", what, (long long)e->done, (long long)e->total);
        break;
    case EVENT_DELTA: /* the text is read when it is whole */
    case EVENT_FAILED:
    case EVENT_FINISHED:
        break;
    }
}

static bool is_end(const struct event *e)
{
    return e->stage == STAGE_RUN && (e->kind == EVENT_FINISHED || e->kind == EVENT_FAILED);
}

static void heed(struct plain *p, struct run *run, char *line, bool *stopping)
{
    const char *word = line ? plain_trim(line) : "";
    bool cancel = *word && strncasecmp("cancel", word, strlen(word)) == 0;

    if (!*stopping && (cancel || talk_interrupted(p->talk) || talk_cut(p->talk))) {
        talk_say(p->talk, "Stopping; what is finished is kept.");
        run_cancel(run);
        *stopping = true;
    } else if (line && !cancel) {
        talk_say(p->talk, "The plan is being written. Type cancel to stop it.");
    }
    free(line);
}

/* Follows the run to its last event. */
static bool follow(struct plain *p, struct run *run, struct queue *events, struct err *err)
{
    bool ended = false, ok = false, stopping = false;

    while (!ended) {
        struct event *e = queue_pop(events);

        if (!e && stopping) { /* nothing else counts until it has stopped */
            e = queue_wait(events, -1);
        } else if (!e) {
            heed(p, run, talk_wait(p->talk, queue_fd(events)), &stopping);
            continue;
        }
        tell(p->talk, e);
        ended = is_end(e);
        ok = ended && e->kind == EVENT_FINISHED;
        if (ended && !ok)
            *err = e->err;
        event_free(e);
    }
    return ok;
}

bool plain_writing_run(struct plain *p, const char *plan_id, const struct run_redo *redo)
{
    struct queue *events = queue_create(drop_event);
    int64_t began = clock_mono_ms();
    struct err err = {0};
    struct run *run = NULL;
    bool ok = false;

    if (!events)
        err_set(&err, ERR_IO, 0, "The plan cannot be written now: too many files are open.");
    else
        run = run_start_redo(p->bench.actor, p->bench.house, plan_id, redo, events, &err);
    if (run) {
        talk_say(p->talk,
                 "Writing the plan. Ctrl-C or the word cancel stops it; what is finished is kept.");
        ok = follow(p, run, events, &err);
    }
    run_finish(run);
    queue_destroy(events);
    if (ok)
        talk_say(p->talk, "The plan is written. It took %.1f seconds.",
                 (double)(clock_mono_ms() - began) / 1000);
    else if (err.code == ERR_CANCELLED)
        talk_say(p->talk, "Stopped, as you asked. \"write\" goes on from there.");
    else
        plain_error(p, &err);
    return ok;
}
