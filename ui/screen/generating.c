/* generating.c - a plan being written, live. All of it is a view of what runs.h keeps, drawn by
 * run_board.h; the screen can be left and come back to at any time. */
#include "screen/screens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/clock.h"
#include "strattio/mem.h"
#include "strattio/plan_run.h"
#include "strattio/strbuf.h"

#include "app.h"
#include "runs.h"
#include "screen/crumb.h"
#include "screen/loaded.h"
#include "screen/plan_words.h"
#include "screen/run_board.h"

enum { TICK_MS = 1000, KEY_SIZE = 32 };

struct generating {
    struct screen base;
    char plan_id[ID_LEN + 1];
    char *name; /* of the plan; NULL until it is known */
    bool named; /* in the crumb: no screen below says it */
    struct run_board board;
    char again_key[KEY_SIZE], end_key[KEY_SIZE];
    bool read; /* what is there is known */
    struct err err;
};

static const struct run_view *view(const struct generating *self)
{
    return runs_find(self->base.app->runs, self->plan_id);
}

/* ---- life ---------------------------------------------------------------------------------- */

static void tick(void *arg)
{
    struct generating *self = arg;
    const struct run_view *v = view(self);

    app_dirty(self->base.app);
    if (v && v->progress == PROGRESS_WORKING && app_moves(self->base.app))
        loop_timer(self->base.app->loop, TICK_MS, tick, self);
}

static void loaded(struct screen *s, struct loaded *l, const struct err *err)
{
    struct generating *self = (struct generating *)s;

    app_dirty(s->app);
    if (!l) {
        self->err = *err;
        return;
    }
    free(self->name);
    self->name = mem_str(l->plan.name);
    self->board.kept = 0;
    for (int i = 0; i < SECTION_COUNT; i++)
        self->board.kept += l->present[i];
    self->read = true;
    loaded_let_go(l);
}

/* The first key of an action, as it is set now. */
static void name_key(struct generating *self, enum action a, char out[KEY_SIZE])
{
    struct key key;
    char label[KEY_NAME_SIZE] = "";

    if (keymap_key(self->base.app->keys, a, 0, &key))
        key_label(key, terminal_utf8(self->base.app->term), label);
    snprintf(out, KEY_SIZE, "%s", label);
}

static bool enter(struct screen *s, const void *arg, struct err *err)
{
    struct generating *self = (struct generating *)s;
    const struct plan_place *at = arg;

    (void)err;
    snprintf(self->plan_id, sizeof self->plan_id, "%s", at->plan_id);
    self->name = mem_str(at->name);
    self->named = at->name != NULL;
    run_board_init(&self->board);
    name_key(self, ACTION_GENERATING_AGAIN, self->again_key);
    name_key(self, ACTION_GENERATING_FOLLOW, self->end_key);
    self->board.again_key = self->again_key;
    self->board.end_key = self->end_key;
    loaded_read(s, at->plan_id, LOAD_SECTIONS, loaded);
    tick(self);
    return true;
}

static void leave(struct screen *s)
{
    struct generating *self = (struct generating *)s;

    loop_timer(s->app->loop, -1, tick, self);
    run_board_finish(&self->board);
    free(self->name);
}

static void contexts(const struct screen *s, struct contexts *cs)
{
    (void)s;
    contexts_add(cs, CONTEXT_GENERATING);
    contexts_add(cs, CONTEXT_LIST);
}

static bool allowed(const struct screen *s, enum action a)
{
    const struct generating *self = (const struct generating *)s;
    const struct run_view *v = view(self);
    bool working = v && v->progress == PROGRESS_WORKING;

    switch (a) {
    case ACTION_GENERATING_CANCEL:
        return working && !v->cancelled;
    case ACTION_GENERATING_READ:
        return !working &&
               (v ? v->progress == PROGRESS_DONE || self->board.kept : self->board.kept > 0);
    case ACTION_GENERATING_AGAIN:
        return v ? v->progress == PROGRESS_FAILED : self->read;
    case ACTION_GENERATING_REWRITE:
        return v && !working && self->board.watched >= 0;
    case ACTION_GENERATING_NEXT:
    case ACTION_GENERATING_PREV:
        return self->board.watched >= 0;
    case ACTION_GENERATING_FOLLOW:
        return working && (self->board.detached || self->board.chosen);
    default:
        return true;
    }
}

static const char *why_not(const struct screen *s, enum action a)
{
    (void)s;
    switch (a) {
    case ACTION_GENERATING_CANCEL:
        return "Nothing is being written now.";
    case ACTION_GENERATING_READ:
        return "Nothing is finished yet.";
    case ACTION_GENERATING_AGAIN:
        return "It did not stop early.";
    case ACTION_GENERATING_NEXT:
    case ACTION_GENERATING_PREV:
        return "No section has begun yet.";
    case ACTION_GENERATING_FOLLOW:
        return "The text is being followed, or nothing is written.";
    default:
        return NULL;
    }
}

static void crumb(const struct screen *s, struct strbuf *out)
{
    const struct generating *self = (const struct generating *)s;

    crumb_join(s, self->named ? self->name : NULL, "Generating", out);
}

static void state(const struct screen *s, struct strbuf *out)
{
    const struct run_view *v = view((const struct generating *)s);
    char time[TIME_SIZE];
    int64_t left;

    if (!v)
        return;
    duration_text(v->progress == PROGRESS_WORKING ? clock_mono_ms() - v->began_ms : v->ms, time);
    strbuf_printf(out, v->progress == PROGRESS_WORKING ? "%s elapsed" : "took %s", time);
    left = v->progress == PROGRESS_WORKING ? eta_told(&v->eta, clock_mono_ms()) : -1;
    if (left == 0)
        strbuf_str(out, " · longer than before");
    if (left <= 0)
        return;
    duration_text(left, time);
    strbuf_printf(out, " · about %s left", time);
}

/* ---- drawing ------------------------------------------------------------------------------- */

/* The plan says it is being written, but not by this program. */
static void draw_left_behind(const struct generating *self, const struct canvas *c)
{
    canvas_put(c, 1, 2, ROLE_WARN, canvas_symbol(c, SYMBOL_HALF));
    canvas_put(c, 1, 4, ROLE_TITLE, "This plan was not finished.");
    canvas_printf(c, 3, 4, ROLE_TEXT, "%zu of %d sections are there and kept.", self->board.kept,
                  (int)SECTION_COUNT);
    canvas_wrap(c, 4, 4, 4, c->cols - 8, ROLE_TEXT,
                "The program that wrote it ended, or still runs elsewhere. Go on from where it "
                "stopped: nothing that is finished is done again.",
                true);
}

static void draw(struct screen *s, const struct canvas *body)
{
    struct generating *self = (struct generating *)s;
    const struct run_view *v = view(self);

    canvas_cursor(body, 1, 3, false);
    if (v)
        run_board_draw(&self->board, v, body, clock_mono_ms());
    else if (self->err.code != ERR_NONE)
        canvas_wrap(body, 1, 2, 4, body->cols - 4, ROLE_BAD, self->err.msg, true);
    else if (self->read)
        draw_left_behind(self, body);
}

/* ---- events and keys ----------------------------------------------------------------------- */

static void open_plan(struct generating *self)
{
    struct plan_place place = {.plan_id = self->plan_id, .name = self->name};

    if (self->base.below && self->base.below->ops == &screen_reader)
        app_pop(self->base.app, &self->base);
    else
        app_replace(self->base.app, &self->base, &screen_reader, &place);
}

/* The end, seen by somebody who only watched: on to the plan. */
static void over(struct generating *self, const struct event *e)
{
    loaded_read(&self->base, self->plan_id, LOAD_SECTIONS, loaded);
    if (e->kind != EVENT_FINISHED || self->board.chosen || self->board.detached ||
        self->base.app->top != &self->base)
        return;
    app_toast(self->base.app, ROLE_OK, "The plan is written.");
    open_plan(self);
}

static void event(struct screen *s, const struct event *e)
{
    struct generating *self = (struct generating *)s;

    if (strcmp(e->plan_id, self->plan_id) != 0)
        return;
    app_dirty(s->app);
    run_board_event(&self->board, e);
    if (e->stage == STAGE_RUN && (e->kind == EVENT_FINISHED || e->kind == EVENT_FAILED))
        over(self, e);
}

static void start(struct generating *self, const struct run_redo *redo)
{
    self->board.chosen = self->board.detached = false;
    runs_start_redo(self->base.app, self->plan_id, redo);
    tick(self);
}

static void stop(void *arg)
{
    struct generating *self = arg;

    runs_cancel(self->base.app->runs, self->plan_id);
}

static void confirm_stop(struct generating *self)
{
    char *question = mem_printf("Stop writing “%s”?", self->name ? self->name : "the plan");

    app_confirm(self->base.app,
                &(struct confirm){.question = question,
                                  .detail = "What is finished is kept; you can go on from there.",
                                  .verb = "stop",
                                  .yes = stop,
                                  .arg = self});
    free(question);
}

static bool input(struct screen *s, const struct input_event *ev)
{
    struct generating *self = (struct generating *)s;

    return run_board_mouse(&self->board, ev);
}

static bool act(struct screen *s, enum action a)
{
    struct generating *self = (struct generating *)s;

    switch (a) {
    case ACTION_GENERATING_CANCEL:
        confirm_stop(self);
        return true;
    case ACTION_GENERATING_READ:
        open_plan(self);
        return true;
    case ACTION_GENERATING_AGAIN:
        start(self, NULL);
        return true;
    case ACTION_GENERATING_REWRITE:
        start(self, &(struct run_redo){.stage = STAGE_WRITING,
                                       .section = (enum section_type)self->board.watched});
        return true;
    case ACTION_GENERATING_NEXT:
    case ACTION_GENERATING_PREV:
        run_board_choose(&self->board, a == ACTION_GENERATING_NEXT ? 1 : -1);
        return true;
    case ACTION_GENERATING_FOLLOW:
        run_board_follow(&self->board);
        return true;
    default:
        break;
    }
    return run_board_act(&self->board, a);
}

static void where(const struct screen *s, struct strbuf *plan_id, struct strbuf *place)
{
    (void)place;
    strbuf_str(plan_id, ((const struct generating *)s)->plan_id);
}

const struct screen_ops screen_generating = {
    .name = "generating",
    .size = sizeof(struct generating),
    .enter = enter,
    .leave = leave,
    .contexts = contexts,
    .allowed = allowed,
    .why_not = why_not,
    .crumb = crumb,
    .state = state,
    .draw = draw,
    .input = input,
    .act = act,
    .event = event,
    .where = where,
};
