/* trace.c - a walk from a figure down to the answers it rests on, or up to what depends on it. The way
 * is a stack of figures, each with the side it is looked at from: Enter goes on to what is listed, Esc
 * goes back one, and the last Esc closes. */
#include "screen/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/house.h"
#include "strattio/markdown.h" /* text_width */
#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/strbuf.h"

#include "app.h"
#include "screen/box.h"
#include "screen/figure_find.h"
#include "screen/listing.h"
#include "screen/loaded.h"
#include "screen/screens.h"
#include "widget/list.h"

enum { DEPTH = 24, WIDTH = 72, VALUE_COLS = 16, TEXT_LIMIT = 64 * 1024 };

struct trace {
    struct screen base;
    struct loaded *l;
    const struct intake *questions;
    struct figure way[DEPTH]; /* the last one is shown */
    bool up[DEPTH];           /* from its other side: what depends on it */
    size_t depth;
    size_t cursors[DEPTH];  /* where the cursor was in each */
    struct dependents used; /* by the one that is shown, if it is looked at so */
    size_t direct;          /* how many read it themselves: those are listed */
    struct list list;
};

struct trace_arg {
    struct loaded *l;
    const char *name, *shown;
    bool up;
};

static const struct figure *shown_figure(const struct trace *self)
{
    return &self->way[self->depth - 1];
}

static bool looks_up(const struct trace *self)
{
    return self->up[self->depth - 1];
}

static size_t listed(const struct trace *self)
{
    return looks_up(self) ? self->direct : shown_figure(self)->input_count;
}

static const char *listed_name(const struct trace *self, size_t i)
{
    return looks_up(self) ? self->used.items[i].first : shown_figure(self)->inputs[i];
}

/* ---- words --------------------------------------------------------------------------------- */

/* ", Sourdough loaf": the name the row of a table has, or its number. */
static void add_row_name(const struct loaded *l, const char *name, int row, struct strbuf *out)
{
    char *of = mem_printf("%.*s.name[%d]", (int)strcspn(name, ".["), name, row);
    struct figure f = {0};
    struct err err = {0};

    if (model_figure(l->model, of, &f, &err) && f.plain)
        strbuf_printf(out, ", %s", f.value);
    else
        strbuf_printf(out, ", row %d", row);
    figure_finish(&f);
    free(of);
}

void trace_title(const struct loaded *l, const char *label, const char *name, struct strbuf *out)
{
    int number;

    strbuf_str(out, label);
    for (const char *at = strchr(name, '['); at; at = strchr(at + 1, '[')) {
        if (sscanf(at, "[y%d]", &number) == 1) {
            strbuf_printf(out, ", year %d", number);
        } else if (sscanf(at, "[m%d]", &number) == 1) {
            strbuf_str(out, ", ");
            model_month_label(l->model, number, out);
        } else if (sscanf(at, "[%d]", &number) == 1) {
            add_row_name(l, name, number, out);
        }
    }
}

/* ---- the way ------------------------------------------------------------------------------- */

/* Lists what is on the side the shown figure is looked at from. A name in the text that is no figure of
 * the model is used by nothing. */
static void list_side(struct trace *self)
{
    struct err err = {0};

    dependents_finish(&self->used);
    self->used = (struct dependents){0};
    self->direct = 0;
    if (looks_up(self) &&
        model_used_by(self->l->model, shown_figure(self)->name, &self->used, &err))
        while (self->direct < self->used.count && self->used.items[self->direct].first)
            self->direct++;
    list_set_count(&self->list, listed(self));
}

static void turn_round(struct trace *self)
{
    self->up[self->depth - 1] = !looks_up(self);
    list_side(self);
    list_move_to(&self->list, 0);
}

static bool walk(struct trace *self, const char *name, const char *shown, struct err *err)
{
    if (self->depth == DEPTH)
        return err_set(err, ERR_LIMIT, 0, "This is as deep as it goes; Esc leads back.");
    if (!figure_find(self->l, self->questions, name, shown, &self->way[self->depth], err))
        return false;
    if (self->depth)
        self->cursors[self->depth - 1] = self->list.cursor;
    self->up[self->depth] = self->depth && looks_up(self);
    self->depth++;
    list_side(self);
    list_move_to(&self->list, 0);
    return true;
}

/* False at the beginning of the way. */
static bool walk_back(struct trace *self)
{
    if (self->depth <= 1)
        return false;
    figure_finish(&self->way[--self->depth]);
    list_side(self);
    list_move_to(&self->list, self->cursors[self->depth - 1]);
    return true;
}

/* ---- drawing ------------------------------------------------------------------------------- */

static void draw_input(void *arg, const struct canvas *line, size_t i, unsigned style)
{
    struct trace *self = arg;
    const char *name = listed_name(self, i);
    struct figure f = {0};
    struct err err = {0};
    struct strbuf title;

    if (!figure_find(self->l, self->questions, name, NULL, &f, &err)) {
        canvas_put(line, 0, 2, ROLE_DIM | style, name);
        return;
    }
    strbuf_init(&title, TEXT_LIMIT);
    trace_title(self->l, f.label, f.name, &title);
    if (looks_up(self) && self->used.items[i].cells > 1)
        strbuf_printf(&title, " and %zu more", self->used.items[i].cells - 1);
    canvas_fit(line, 0, 2, line->cols - VALUE_COLS - 3, ROLE_TEXT | style, ALIGN_LEFT, title.data);
    canvas_fit(line, 0, line->cols - VALUE_COLS, VALUE_COLS, ROLE_TEXT | style, ALIGN_RIGHT,
               f.value);
    strbuf_finish(&title);
    figure_finish(&f);
}

/* "Net profit, year 1 › Revenue, year 1": as much of its end as fits. */
static void draw_way(const struct trace *self, const struct canvas *line)
{
    struct strbuf text;
    size_t first = 0;

    strbuf_init(&text, TEXT_LIMIT);
    do {
        strbuf_clear(&text);
        if (first)
            strbuf_str(&text, canvas_symbol(line, SYMBOL_ELLIPSIS));
        for (size_t i = first; i + 1 < self->depth; i++) {
            trace_title(self->l, self->way[i].label, self->way[i].name, &text);
            strbuf_printf(&text, " %s ", canvas_symbol(line, SYMBOL_CRUMB));
        }
        first++;
    } while (text_width(text.data, text.len) > line->cols && first < self->depth);
    canvas_put(line, 0, 0, ROLE_DIM, text.data);
    strbuf_finish(&text);
}

static int draw_labelled(const struct canvas *c, int y, const char *word, unsigned style,
                         const char *text)
{
    canvas_put(c, y, 0, ROLE_ACCENT, word);
    return canvas_wrap(c, y, 11, 4, c->cols - 11, style, text, true);
}

/* What stands above the inputs; with `draw` false it only counts the lines. */
static int draw_head(const struct trace *self, const struct canvas *c, bool draw)
{
    const struct figure *f = shown_figure(self);
    struct canvas none = canvas_part(c, 0, 0, 0, c->cols);
    const struct canvas *on = draw ? c : &none;
    struct strbuf title;
    int y = 0;

    if (self->depth > 1)
        draw_way(self, draw ? &(struct canvas){c->surface, c->y, c->x, 1, c->cols} : &none);
    y += self->depth > 1;
    strbuf_init(&title, TEXT_LIMIT);
    trace_title(self->l, f->label, f->name, &title);
    canvas_fit(on, y, 0, c->cols - VALUE_COLS - 2, ROLE_TITLE, ALIGN_LEFT, title.data);
    canvas_fit(on, y, c->cols - VALUE_COLS, VALUE_COLS, ROLE_TITLE, ALIGN_RIGHT, f->value);
    strbuf_finish(&title);
    y += 2;
    if (f->reason_text)
        y += draw_labelled(on, y, "Why", ROLE_WARN, f->reason_text);
    if (f->formula)
        y += draw_labelled(on, y, "Formula", ROLE_TEXT, f->formula);
    if (f->basis)
        y += draw_labelled(on, y, "Basis", ROLE_TEXT, f->basis);
    y += draw_labelled(on, y, "Name", ROLE_DIM, f->name);
    return y;
}

/* "Used by   and 12 more figures further on" */
static void draw_used(const struct trace *self, const struct canvas *box, int y)
{
    size_t further = self->used.count - self->direct;
    int x = canvas_put(box, y, 0, ROLE_ACCENT, "Used by");

    if (!self->direct && further)
        canvas_printf(box, y, x + 1, ROLE_DIM, "%zu figures, by its months", further);
    else if (!self->direct)
        canvas_put(box, y, x + 1, ROLE_DIM, "no other figure");
    else if (further)
        canvas_printf(box, y, x + 2, ROLE_DIM, "and through these %zu more", further);
}

static void draw(struct screen *s, const struct canvas *body)
{
    struct trace *self = (struct trace *)s;
    int cols = body->cols - 8 < WIDTH ? body->cols - 8 : WIDTH;
    struct canvas measure = canvas_part(body, 0, 0, body->rows, cols);
    int head = draw_head(self, &measure, false), rows = (int)listed(self);
    struct canvas box =
        box_draw(body, head + (rows || looks_up(self) ? rows + 2 : 0), cols,
                 looks_up(self) ? "What depends on this figure" : "Where this figure comes from");
    struct canvas inputs;

    canvas_cursor(&box, self->depth > 1, 0, false);
    draw_head(self, &box, true);
    if (looks_up(self))
        draw_used(self, &box, head + 1);
    else if (rows)
        canvas_put(&box, head + 1, 0, ROLE_ACCENT, "From");
    if (!rows)
        return;
    inputs = canvas_part(&box, head + 2, 0, box.rows - head - 2, box.cols);
    list_draw(&self->list, &inputs);
}

/* ---- life and keys ------------------------------------------------------------------------- */

static bool enter(struct screen *s, const void *arg, struct err *err)
{
    struct trace *self = (struct trace *)s;
    const struct trace_arg *given = arg;

    self->l = given->l;
    self->questions = house_intake(s->app->house, err);
    list_init(&self->list, draw_input, self);
    if (!self->questions || !walk(self, given->name, given->shown, err))
        return false;
    if (given->up)
        turn_round(self);
    loaded_hold(self->l);
    return true;
}

static void leave(struct screen *s)
{
    struct trace *self = (struct trace *)s;

    while (self->depth)
        figure_finish(&self->way[--self->depth]);
    dependents_finish(&self->used);
    loaded_let_go(self->l);
}

static void contexts(const struct screen *s, struct contexts *cs)
{
    (void)s;
    contexts_add(cs, CONTEXT_TRACE);
    contexts_add(cs, CONTEXT_LIST);
}

static bool allowed(const struct screen *s, enum action a)
{
    const struct trace *self = (const struct trace *)s;
    const struct figure *f = shown_figure(self);

    if (a == ACTION_TRACE_WALK)
        return listed(self) > 0;
    return a != ACTION_TRACE_FIX || f->fix;
}

static const char *why_not(const struct screen *s, enum action a)
{
    switch (a) {
    case ACTION_TRACE_WALK:
        if (looks_up((const struct trace *)s))
            return "No other figure depends on this one.";
        return "This figure has no inputs: it is where they begin.";
    case ACTION_TRACE_FIX:
        return "No answer is behind this figure.";
    default:
        return NULL;
    }
}

/* To the wizard, at the answer; the trace is closed, since the figure will be another. */
static void change_answer(struct trace *self)
{
    char *plan_id = mem_str(self->l->plan.id), *place = mem_str(shown_figure(self)->fix);
    struct plan_place at = {.plan_id = plan_id, .place = place};
    struct app *app = self->base.app;

    app_replace(app, &self->base, &screen_wizard, &at);
    free(plan_id);
    free(place);
}

static bool input(struct screen *s, const struct input_event *ev)
{
    return listing_input(s, &((struct trace *)s)->list, ev, ACTION_TRACE_WALK);
}

static bool act(struct screen *s, enum action a)
{
    struct trace *self = (struct trace *)s;
    struct err err = {0};

    switch (a) {
    case ACTION_TRACE_WALK: {
        char *name = mem_str(listed_name(self, self->list.cursor));

        if (!walk(self, name, NULL, &err))
            app_error(s->app, &err);
        free(name);
        return true;
    }
    case ACTION_TRACE_BACK:
        if (!walk_back(self))
            app_pop(s->app, s);
        return true;
    case ACTION_TRACE_USED:
        turn_round(self);
        return true;
    case ACTION_TRACE_FIX:
        change_answer(self);
        return true;
    default:
        return list_act(&self->list, a);
    }
}

static const struct screen_ops screen_trace = {
    .name = "trace",
    .size = sizeof(struct trace),
    .flags = SCREEN_OVERLAY,
    .enter = enter,
    .leave = leave,
    .contexts = contexts,
    .allowed = allowed,
    .why_not = why_not,
    .draw = draw,
    .input = input,
    .act = act,
};

void trace_open_used(struct app *app, struct loaded *l, const char *name)
{
    struct trace_arg arg = {.l = l, .name = name, .up = true};

    app_push(app, &screen_trace, &arg);
}

void trace_open(struct app *app, struct loaded *l, const char *name, const char *shown)
{
    struct trace_arg arg = {.l = l, .name = name, .shown = shown};

    if (!l->model)
        app_error(app, &l->model_err);
    else if (name)
        app_push(app, &screen_trace, &arg);
    else
        app_toast(app, ROLE_WARN, "Nothing stands behind this number: it was typed into the text.");
}
