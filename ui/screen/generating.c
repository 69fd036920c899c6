/* generating.c - a plan being written, live. All of it is a view of what runs.h keeps; the
 * screen can be left and come back to at any time. The text follows its end until somebody
 * scrolls up, and the section shown follows the writing until somebody chooses another. */
#include "screen/screens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/clock.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "app.h"
#include "runs.h"
#include "screen/crumb.h"
#include "screen/loaded.h"
#include "screen/plan_words.h"
#include "widget/page.h"

enum { TICK_MS = 1000, MEASURE = 80, BAR_COLS = 18 };

struct generating {
    struct screen base;
    char plan_id[ID_LEN + 1];
    char *name;      /* of the plan; NULL until it is known */
    bool named;      /* in the crumb: no screen below says it */
    int watched;     /* section shown; -1 for none yet */
    bool chosen;     /* by the person: it no longer follows the writing */
    bool detached;   /* the text was scrolled away from its end */
    size_t shown_len; /* of the watched text, as the page has it */
    int shown_section;
    struct page page;
    size_t kept;     /* sections there are, when no run of this program is on it */
    bool read;       /* `kept` is known */
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
    if (v && v->progress == PROGRESS_WORKING)
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
    self->kept = 0;
    for (int i = 0; i < SECTION_COUNT; i++)
        self->kept += l->present[i];
    self->read = true;
    loaded_let_go(l);
}

static bool enter(struct screen *s, const void *arg, struct err *err)
{
    struct generating *self = (struct generating *)s;
    const struct plan_place *at = arg;

    (void)err;
    snprintf(self->plan_id, sizeof self->plan_id, "%s", at->plan_id);
    self->name = mem_str(at->name);
    self->named = at->name != NULL;
    self->watched = -1;
    self->shown_section = -1;
    page_init(&self->page);
    loaded_read(s, at->plan_id, LOAD_SECTIONS, loaded);
    tick(self);
    return true;
}

static void leave(struct screen *s)
{
    struct generating *self = (struct generating *)s;

    loop_timer(s->app->loop, -1, tick, self);
    page_finish(&self->page);
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
        return !working && (v ? v->progress == PROGRESS_DONE || self->kept : self->kept > 0);
    case ACTION_GENERATING_AGAIN:
        return v ? v->progress == PROGRESS_FAILED : self->read;
    case ACTION_GENERATING_NEXT:
    case ACTION_GENERATING_PREV:
        return self->watched >= 0;
    case ACTION_GENERATING_FOLLOW:
        return working && (self->detached || self->chosen);
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

    if (!v)
        return;
    duration_text(v->progress == PROGRESS_WORKING ? clock_mono_ms() - v->began_ms : v->ms, time);
    strbuf_printf(out, v->progress == PROGRESS_WORKING ? "%s elapsed" : "took %s", time);
}

/* ---- drawing ------------------------------------------------------------------------------- */

static enum symbol symbol_of(enum progress p)
{
    static const enum symbol symbols[] = {SYMBOL_RING, SYMBOL_HALF, SYMBOL_CHECK, SYMBOL_CROSS};

    return symbols[p];
}

static unsigned style_of(enum progress p)
{
    static const unsigned styles[] = {ROLE_DIM, ROLE_ACCENT, ROLE_OK, ROLE_BAD};

    return styles[p];
}

static void draw_stage(const struct run_view *v, enum stage stage, const struct canvas *c, int y)
{
    const struct run_step *step = &v->stages[stage];
    int x = 18;

    canvas_put(c, y, 3, style_of(step->progress), canvas_symbol(c, symbol_of(step->progress)));
    canvas_put(c, y, 5, step->progress == PROGRESS_WAITING ? ROLE_DIM : ROLE_TEXT,
               stage_title(stage));
    if (step->progress == PROGRESS_DONE)
        canvas_fit(c, y, c->cols - 10, 8, ROLE_DIM, ALIGN_RIGHT,
                   step->reused ? "as it was" : "");
    if (step->progress == PROGRESS_DONE && !step->reused)
        canvas_printf(c, y, c->cols - 8, ROLE_DIM, "%4.1f s", (double)step->ms / 1000);
    if (step->progress == PROGRESS_WORKING && step->total) {
        x = canvas_printf(c, y, x, ROLE_TEXT, "%lld of %lld  ", (long long)step->done,
                          (long long)step->total);
        canvas_bar(c, y, x, BAR_COLS, ROLE_ACCENT, (double)step->done / (double)step->total);
    } else {
        canvas_fit(c, y, x, c->cols - x - 12, ROLE_DIM, ALIGN_LEFT, step->note);
    }
}

/* Nine sections, three on a line. Returns the lines. */
static int draw_sections(const struct generating *self, const struct run_view *v,
                         const struct canvas *c, int y)
{
    int cols = (c->cols - 8) / 3;

    for (int i = 0; i < SECTION_COUNT; i++) {
        const struct run_step *step = &v->sections[i];
        int row = y + i / 3, x = 7 + i % 3 * cols;
        unsigned style = step->progress == PROGRESS_WAITING ? ROLE_DIM : ROLE_TEXT;

        if (i == self->watched)
            style |= STYLE_UNDERLINE;
        canvas_put(c, row, x, style_of(step->progress),
                   canvas_symbol(c, symbol_of(step->progress)));
        canvas_fit(c, row, x + 2, cols - 4, style, ALIGN_LEFT,
                   section_type_title((enum section_type)i));
    }
    return (SECTION_COUNT + 2) / 3;
}

static void draw_rule(const struct generating *self, const struct run_view *v,
                      const struct canvas *c, int y)
{
    int x;

    canvas_hline(c, y, 0, c->cols, ROLE_BORDER);
    if (self->watched < 0)
        return;
    x = canvas_printf(c, y, 3, ROLE_TITLE, " %s ",
                      section_type_title((enum section_type)self->watched));
    if (v->sections[self->watched].note[0])
        canvas_printf(c, y, x, ROLE_DIM, "%s ", v->sections[self->watched].note);
    if (self->detached && v->progress == PROGRESS_WORKING && !page_at_end(&self->page))
        canvas_printf(c, y, c->cols - 20, ROLE_ACCENT, " new lines below %s ",
                      canvas_symbol(c, SYMBOL_DOWN));
}

static void draw_text(struct generating *self, const struct run_view *v, const struct canvas *c)
{
    const struct strbuf *text = &v->texts[self->watched];
    struct err err = {0};

    if (self->shown_section != self->watched || self->shown_len != text->len) {
        bool other = self->shown_section != self->watched;

        page_set(&self->page, text->data, text->len, NULL, 0);
        if (other && !self->detached && v->progress != PROGRESS_WORKING)
            self->page.top = 0;
        self->shown_section = self->watched;
        self->shown_len = text->len;
    }
    if (!page_draw(&self->page, c, MEASURE, &err)) {
        canvas_wrap(c, 0, 2, 2, c->cols - 4, ROLE_BAD, err.msg, true);
        return;
    }
    if (v->progress == PROGRESS_WORKING && !self->detached && !page_at_end(&self->page)) {
        page_to_end(&self->page);
        canvas_fill(c, 0, 0, c->rows, c->cols, ROLE_TEXT);
        if (!page_draw(&self->page, c, MEASURE, &err))
            return;
    }
}

/* One sentence on how it ended. Returns the lines it took. */
static int draw_end(const struct generating *self, const struct run_view *v,
                    const struct canvas *c, int y)
{
    if (v->progress == PROGRESS_DONE) {
        canvas_put(c, y, 3, ROLE_OK, canvas_symbol(c, SYMBOL_CHECK));
        canvas_put(c, y, 5, ROLE_TEXT, "The plan is written.");
        return 2;
    }
    if (v->progress == PROGRESS_FAILED) {
        int lines;

        canvas_put(c, y, 3, ROLE_BAD, canvas_symbol(c, SYMBOL_CROSS));
        lines = canvas_wrap(c, y, 5, 3, c->cols - 7, ROLE_BAD,
                            v->cancelled ? "Stopped, as you asked." : v->err.msg, true);
        canvas_printf(c, y + lines, 5, ROLE_TEXT,
                      "%zu of %d sections are finished and kept; going on starts from there.",
                      self->kept, (int)SECTION_COUNT);
        return lines + 2;
    }
    if (v->cancelled) {
        canvas_put(c, y, 5, ROLE_WARN, "Stopping; what is finished is kept.");
        return 2;
    }
    return 0;
}

static void draw_view(struct generating *self, const struct run_view *v, const struct canvas *body)
{
    struct canvas text;
    int y = 1;

    for (int i = 0; i < STAGE_COUNT; i++) {
        draw_stage(v, (enum stage)i, body, y++);
        if (i == STAGE_WRITING)
            y += draw_sections(self, v, body, y);
    }
    y += draw_end(self, v, body, y + 1);
    y++;
    draw_rule(self, v, body, y);
    text = canvas_part(body, y + 1, 0, body->rows - y - 1, body->cols);
    if (self->watched >= 0 && text.rows > 0)
        draw_text(self, v, &text);
}

/* The plan says it is being written, but not by this program. */
static void draw_left_behind(const struct generating *self, const struct canvas *c)
{
    canvas_put(c, 1, 2, ROLE_WARN, canvas_symbol(c, SYMBOL_HALF));
    canvas_put(c, 1, 4, ROLE_TITLE, "This plan was not finished.");
    canvas_printf(c, 3, 4, ROLE_TEXT, "%zu of %d sections are there and kept.", self->kept,
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
        draw_view(self, v, body);
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
    if (e->kind != EVENT_FINISHED || self->chosen || self->detached ||
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
    if (e->section < SECTION_COUNT && e->kind == EVENT_STARTED && !self->chosen)
        self->watched = (int)e->section;
    if (e->stage == STAGE_RUN && (e->kind == EVENT_FINISHED || e->kind == EVENT_FAILED))
        over(self, e);
}

static void choose(struct generating *self, int step)
{
    self->chosen = true;
    self->detached = false;
    self->watched = (self->watched + SECTION_COUNT + step) % SECTION_COUNT;
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

    if (!page_mouse(&self->page, ev))
        return false;
    self->detached = !page_at_end(&self->page);
    return true;
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
        self->chosen = self->detached = false;
        runs_start(s->app, self->plan_id);
        tick(self);
        return true;
    case ACTION_GENERATING_NEXT:
    case ACTION_GENERATING_PREV:
        choose(self, a == ACTION_GENERATING_NEXT ? 1 : -1);
        return true;
    case ACTION_GENERATING_FOLLOW:
        self->chosen = self->detached = false;
        page_to_end(&self->page);
        return true;
    default:
        break;
    }
    if (!page_act(&self->page, a))
        return false;
    self->detached = !page_at_end(&self->page);
    return true;
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
};
