/* changing.c - a box at the cell. It lists the inputs nearest to the figure; Enter makes a field of
 * one. What is typed is tried on a copy of the answers with the real model, in under a
 * millisecond, so that the person sees what a price does before it is saved. */
#include "screen/changing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/house.h"
#include "strattio/intake.h"
#include "strattio/markdown.h" /* text_width */
#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/money.h"
#include "strattio/plan_run.h"
#include "strattio/strbuf.h"

#include "app.h"
#include "screen/answer.h"
#include "screen/box.h"
#include "screen/figure_text.h"
#include "screen/loaded.h"
#include "screen/screens.h"
#include "screen/trace.h"
#include "terminal/surface.h"
#include "widget/field.h"
#include "widget/list.h"

enum {
    WIDTH = 74,
    TITLE_COLS = 38,
    VALUE_COLS = 14,
    FIELD_COLS = 24,
    LIST_ROWS = 9,
    FELT_MAX = 3, /* figures shown while one types */
    KEEP_MS = 800,
    TEXT_LIMIT = 64 * 1024,
};

struct changing {
    struct screen base;
    struct loaded *l;
    const struct intake *questions;
    char *figure; /* NULL: one input alone */
    struct model_inputs inputs;
    const struct model_input **offered; /* those a question asks for, lent by `inputs` */
    size_t count;
    struct list list;
    bool editing;
    struct field field;  /* its error is not used: it may take two lines */
    struct model *trial; /* with what is typed; NULL while that does not parse or is not new */
    char note[248];
    unsigned note_style;
    bool elsewhere; /* it was changed elsewhere: Enter again replaces that */
    bool saving, keeping;
    bool kept; /* what is typed: it outlives the program */
};

struct changing_arg {
    struct loaded *l;
    const char *figure;
    const struct model_input *input;
};

static const struct model_input *chosen(const struct changing *self)
{
    return self->offered[self->list.cursor];
}

static const struct question *question_of(const struct changing *self, const struct model_input *in)
{
    return intake_question(self->questions, in->fix);
}

/* ---- the field ----------------------------------------------------------------------------- */

static void say(struct changing *self, unsigned style, const char *text)
{
    self->note_style = style;
    snprintf(self->note, sizeof self->note, "%s", text);
}

static void drop_trial(struct changing *self)
{
    model_free(self->trial);
    self->trial = NULL;
}

/* Tries what is typed on a copy: is it right, and what would it do? */
static bool try_typed(struct changing *self, struct err *err)
{
    struct plan plan = self->l->plan;
    bson_t answers;
    bool ok;

    drop_trial(self);
    bson_copy_to(plan.intake_data, &answers);
    plan.intake_data = &answers;
    ok = intake_set(self->questions, chosen(self)->fix, field_text(&self->field), &answers, err);
    if (ok && !bson_equal(&answers, self->l->plan.intake_data)) {
        self->trial = plan_model(self->base.app->house, &plan, err);
        ok = self->trial != NULL;
    }
    bson_destroy(&answers);
    return ok;
}

static void try_it(struct changing *self)
{
    struct err err = {0};

    self->elsewhere = false;
    say(self, ROLE_BAD, try_typed(self, &err) ? "" : err.msg);
}

static void begin_edit(struct changing *self)
{
    const char *kept = answer_kept(&self->l->plan, chosen(self)->fix);
    struct strbuf typed;

    strbuf_init(&typed, TEXT_LIMIT);
    intake_typed(self->questions, self->l->plan.intake_data, chosen(self)->fix, &typed);
    field_set(&self->field, kept ? kept : typed.data);
    self->field.placeholder = question_of(self, chosen(self))->example;
    self->field.changed = kept != NULL;
    self->editing = true;
    self->elsewhere = false;
    say(self, ROLE_BAD, "");
    if (kept) {
        try_it(self);
        if (!self->note[0])
            say(self, ROLE_WARN, "This is what you typed before; it is not saved yet.");
    }
    strbuf_finish(&typed);
}

static void make_change(const struct changing *self, const char *typed, struct answer_change *out)
{
    answer_change_init(out, self->questions, &self->l->plan, chosen(self)->fix, typed,
                       chosen(self)->title);
}

static void is_kept(struct screen *s)
{
    ((struct changing *)s)->kept = true;
}

static void keep(struct changing *self, const char *typed)
{
    struct answer_change c;

    make_change(self, typed, &c);
    answer_keep(self->base.app, &c, &self->base, *typed ? is_kept : NULL);
}

static void keep_due(void *arg)
{
    struct changing *self = arg;

    self->keeping = false;
    if (self->editing && self->field.changed && !self->saving)
        keep(self, field_text(&self->field));
}

static void stop_keeping(struct changing *self)
{
    loop_timer(self->base.app->loop, -1, keep_due, self);
    self->keeping = false;
}

/* Leaves the answer as it was; what was kept of the field is forgotten. */
static void end_edit(struct changing *self)
{
    stop_keeping(self);
    if (self->field.changed)
        keep(self, "");
    drop_trial(self);
    self->editing = false;
    if (!self->figure || self->count == 1)
        app_pop(self->base.app, &self->base);
}

/* ---- saving -------------------------------------------------------------------------------- */

static void tell_saved(const struct changing *self)
{
    struct app *app = self->base.app;
    const char *typed = field_text(&self->field);
    struct err ignored = {0};
    struct strbuf undo, now;
    bson_t answers;

    strbuf_init(&undo, 256);
    strbuf_init(&now, TEXT_LIMIT);
    bson_copy_to(self->l->plan.intake_data, &answers);
    if (intake_set(self->questions, chosen(self)->fix, typed, &answers, &ignored))
        intake_shown(self->questions, &answers, chosen(self)->fix, &now);
    bson_destroy(&answers);
    keymap_keys(app->keys, ACTION_FINANCIALS_UNDO, terminal_utf8(app->term), &undo);
    app_toast(app, ROLE_OK, "%s: %s%s; %s undoes it.", chosen(self)->title, now.data,
              now.len ? ", stated by you" : "nothing is stated any more", undo.data);
    strbuf_finish(&undo);
    strbuf_finish(&now);
}

static void read_again(struct screen *s, struct loaded *l, const struct err *err)
{
    struct changing *self = (struct changing *)s;

    if (!l) {
        say(self, ROLE_BAD, err->msg);
        return;
    }
    loaded_let_go(self->l);
    self->l = l;
    if (!try_typed(self, &(struct err){0}))
        drop_trial(self);
}

static void saved(struct screen *s, enum answer_outcome outcome, const struct err *err)
{
    struct changing *self = (struct changing *)s;
    char *text;

    self->saving = false;
    switch (outcome) {
    case ANSWER_SAVED:
        tell_saved(self);
        self->field.changed = false;
        app_pop(s->app, s);
        return;
    case ANSWER_ELSEWHERE:
        self->elsewhere = true;
        text = mem_printf("%s. Enter puts yours in its place, Esc leaves it.", err->msg);
        say(self, ROLE_WARN, text);
        free(text);
        loaded_read(s, self->l->plan.id, LOAD_MODEL, read_again);
        return;
    case ANSWER_KEPT:
        text = mem_printf("Not saved yet, but kept: %s", err->msg);
        say(self, ROLE_BAD, text);
        free(text);
        return;
    case ANSWER_WRONG:
        say(self, ROLE_BAD, err->msg);
        return;
    }
}

static void save(struct changing *self)
{
    struct answer_change c;

    if (self->saving)
        return;
    if (!self->field.changed) {
        end_edit(self);
        return;
    }
    if (!self->elsewhere)
        try_it(self);
    if (self->note[0] && self->note_style == ROLE_BAD)
        return;
    stop_keeping(self);
    self->saving = true;
    make_change(self, field_text(&self->field), &c);
    answer_save(&self->base, &c, self->elsewhere, saved);
}

/* ---- drawing ------------------------------------------------------------------------------- */

/* As the answer says it, which for a list is all of it; else what the model makes of none. */
static void value_text(const struct changing *self, const struct model_input *in,
                       struct strbuf *out)
{
    if (in->stated)
        intake_shown(self->questions, self->l->plan.intake_data, in->fix, out);
    if (!out->len)
        strbuf_str(out, in->value);
}

static void draw_input(void *arg, const struct canvas *line, size_t i, unsigned style)
{
    const struct changing *self = arg;
    const struct model_input *in = self->offered[i];
    int title = line->cols >= 60 ? TITLE_COLS : line->cols / 2, x = title + VALUE_COLS + 2;
    struct strbuf value;

    strbuf_init(&value, TEXT_LIMIT);
    value_text(self, in, &value);
    canvas_fit(line, 0, 2, title - 2, ROLE_TEXT | style, ALIGN_LEFT, in->title);
    canvas_fit(line, 0, title, VALUE_COLS, ROLE_TEXT | style, ALIGN_RIGHT, value.data);
    canvas_fit(line, 0, x, line->cols - x, ROLE_DIM | style, ALIGN_LEFT, in->basis);
    strbuf_finish(&value);
}

/* The figures that tell what a change does: the one that was asked about first. */
static size_t felt(const struct changing *self, const char *names[FELT_MAX])
{
    static const char *const usual[] = {FIGURE_NET_Y1, FIGURE_LOWEST_CASH, FIGURE_REVENUE_Y1};
    size_t count = 0;

    if (self->figure)
        names[count++] = self->figure;
    for (size_t i = 0; i < ARRAY_LEN(usual) && count < FELT_MAX; i++)
        if (!self->figure || strcmp(usual[i], self->figure) != 0)
            names[count++] = usual[i];
    return count;
}

/* "Revenue, year 1    £219,720 > £214,488" */
static void draw_felt(const struct changing *self, const struct canvas *c, int y, const char *name)
{
    struct strbuf title, now, then;
    struct figure f = {0};
    struct err err = {0};
    int x = c->cols - 2 * VALUE_COLS - 3;

    strbuf_init(&title, TEXT_LIMIT);
    strbuf_init(&now, TEXT_LIMIT);
    strbuf_init(&then, TEXT_LIMIT);
    if (model_figure(self->l->model, name, &f, &err))
        trace_title(self->l, f.label, f.name, &title);
    figure_text_of(self->l->model, name, &now);
    if (self->trial)
        figure_text_of(self->trial, name, &then);
    canvas_fit(c, y, 0, x - 1, ROLE_TEXT, ALIGN_LEFT, title.data);
    canvas_fit(c, y, x, VALUE_COLS, ROLE_DIM, ALIGN_RIGHT, now.data);
    if (self->trial && strcmp(now.data, then.data) != 0) {
        canvas_put(c, y, x + VALUE_COLS + 1, ROLE_DIM, canvas_symbol(c, SYMBOL_RIGHT));
        canvas_fit(c, y, x + VALUE_COLS + 3, VALUE_COLS, ROLE_TITLE, ALIGN_RIGHT, then.data);
    }
    figure_finish(&f);
    strbuf_finish(&title);
    strbuf_finish(&now);
    strbuf_finish(&then);
}

/* "£" before the field, "%" or "months" behind it. */
static void draw_field(struct changing *self, const struct canvas *c, int y)
{
    const char *unit = chosen(self)->unit;
    const char *sign = strlen(unit) == 3 ? money_symbol(unit) : "";
    int x = *sign ? text_width(sign, strlen(sign)) + 1 : 0;
    int cols = c->cols - x - 10 < FIELD_COLS ? c->cols - x - 10 : FIELD_COLS;
    struct canvas field;

    if (question_of(self, chosen(self))->type == QUESTION_LIST ||
        question_of(self, chosen(self))->type == QUESTION_MONTHS)
        cols = c->cols - x;
    field = canvas_part(c, y, x, 1, cols);
    canvas_put(c, y, 0, ROLE_DIM, sign);
    field_draw(&self->field, &field, true);
    x += cols + 1;
    if (!*sign)
        x = canvas_put(c, y, x, ROLE_DIM, unit) + (*unit != '\0');
    canvas_fit(c, y, x, c->cols - x, ROLE_DIM, ALIGN_LEFT,
               self->saving ? "saving" : question_of(self, chosen(self))->help);
}

/* Draws the field with all around it, or with `draw` false only counts the rows. */
static int draw_edit(struct changing *self, const struct canvas *c, bool draw)
{
    struct canvas none = canvas_part(c, 0, 0, 0, c->cols);
    const struct canvas *on = draw ? c : &none;
    const char *names[FELT_MAX];
    size_t count = felt(self, names);
    struct strbuf value;
    int y = 1;

    strbuf_init(&value, TEXT_LIMIT);
    value_text(self, chosen(self), &value);
    canvas_fit(on, 0, 0, c->cols - VALUE_COLS - 1, ROLE_TITLE, ALIGN_LEFT, chosen(self)->title);
    canvas_fit(on, 0, c->cols - VALUE_COLS, VALUE_COLS, ROLE_TITLE, ALIGN_RIGHT, value.data);
    strbuf_finish(&value);
    y += canvas_wrap(on, y, 0, 2, c->cols, ROLE_DIM, chosen(self)->basis, draw);
    draw_field(self, on, y++);
    if (self->note[0])
        y += canvas_wrap(on, y, 0, 4, c->cols, self->note_style, self->note, draw);
    y++;
    for (size_t i = 0; i < count; i++)
        draw_felt(self, on, y++, names[i]);
    return y;
}

static void draw(struct screen *s, const struct canvas *body)
{
    struct changing *self = (struct changing *)s;
    int cols = body->cols - 6 < WIDTH ? body->cols - 6 : WIDTH;
    int at = body->surface->cursor_y - body->y; /* where the screen below has its cell */
    struct canvas measure = canvas_part(body, 0, 0, body->rows, cols), box;
    struct figure f = {0};
    struct err err = {0};
    struct strbuf title;
    int rows = self->count < LIST_ROWS ? (int)self->count : LIST_ROWS;

    strbuf_init(&title, TEXT_LIMIT);
    if (self->figure && model_figure(self->l->model, self->figure, &f, &err)) {
        strbuf_str(&title, "What moves ");
        trace_title(self->l, f.label, f.name, &title);
    }
    if (self->editing) {
        box = box_draw_at(body, at, draw_edit(self, &measure, false), cols, "Change an answer");
        draw_edit(self, &box, true);
    } else {
        box = box_draw_at(body, at, rows, cols, title.data);
        list_draw(&self->list, &box);
    }
    strbuf_finish(&title);
    figure_finish(&f);
}

/* ---- life and keys ------------------------------------------------------------------------- */

static void offer(struct changing *self)
{
    self->offered = mem_zero(self->inputs.count + 1, sizeof(struct model_input *));
    for (size_t i = 0; i < self->inputs.count; i++) {
        const struct question *q = question_of(self, &self->inputs.items[i]);

        if (q && q->type != QUESTION_GROUP &&
            !answer_follows(self->questions, &self->l->plan, self->inputs.items[i].fix))
            self->offered[self->count++] = &self->inputs.items[i];
    }
    list_init(&self->list, draw_input, self);
    list_set_count(&self->list, self->count);
}

/* Puts the cursor on the input that is asked for; false if it is not offered. */
static bool go_to(struct changing *self, const char *fix)
{
    for (size_t i = 0; i < self->count; i++) {
        if (strcmp(self->offered[i]->fix, fix) != 0)
            continue;
        list_move_to(&self->list, i);
        return true;
    }
    return false;
}

static bool take_inputs(struct changing *self, const struct changing_arg *given, struct err *err)
{
    if (given->figure && !model_rests_on(self->l->model, given->figure, &self->inputs, err))
        return false;
    if (!given->figure)
        model_all_inputs(self->l->model, &self->inputs);
    offer(self);
    if (self->count && (given->figure || go_to(self, given->input->fix)))
        return true;
    free(self->offered);
    model_inputs_finish(&self->inputs);
    return err_set(err, ERR_NOT_FOUND, 0, "%s",
                   given->figure ? "No answer of yours moves this figure."
                                 : "No question asks for this; it follows from the rest.");
}

static bool enter(struct screen *s, const void *arg, struct err *err)
{
    struct changing *self = (struct changing *)s;
    const struct changing_arg *given = arg;

    self->l = given->l;
    self->questions = house_intake(s->app->house, err);
    if (!self->questions || !take_inputs(self, given, err))
        return false;
    loaded_hold(self->l);
    self->figure = mem_str(given->figure);
    field_init(&self->field, NULL);
    if ((!self->figure || self->count == 1) &&
        question_of(self, chosen(self))->type != QUESTION_TABLE)
        begin_edit(self);
    return true;
}

static void leave(struct screen *s)
{
    struct changing *self = (struct changing *)s;

    stop_keeping(self);
    drop_trial(self);
    field_finish(&self->field);
    free(self->offered);
    model_inputs_finish(&self->inputs);
    free(self->figure);
    loaded_let_go(self->l);
}

static void rescue(struct screen *s)
{
    struct changing *self = (struct changing *)s;

    if (self->editing && self->field.changed && !self->saving)
        keep(self, field_text(&self->field));
}

static void state(const struct screen *s, struct strbuf *out)
{
    const struct changing *self = (const struct changing *)s;

    if (self->saving)
        strbuf_str(out, "saving");
    else if (self->editing && self->field.changed)
        strbuf_str(out, self->kept ? "kept, not saved" : "not saved");
}

static void contexts(const struct screen *s, struct contexts *cs)
{
    const struct changing *self = (const struct changing *)s;

    contexts_add(cs, self->editing ? CONTEXT_LINE : CONTEXT_CHOICE);
    contexts_add(cs, self->editing ? CONTEXT_FIELD : CONTEXT_LIST);
}

/* A table is filled in where its rows are. */
static void choose(struct changing *self)
{
    struct plan_place at = {.plan_id = self->l->plan.id, .place = chosen(self)->fix};

    if (question_of(self, chosen(self))->type == QUESTION_TABLE)
        app_replace(self->base.app, &self->base, &screen_wizard, &at);
    else
        begin_edit(self);
}

static bool input(struct screen *s, const struct input_event *ev)
{
    struct changing *self = (struct changing *)s;
    bool clicked;

    if (!self->editing) {
        if (!list_mouse(&self->list, ev, &clicked))
            return false;
        if (clicked && input_double(ev))
            app_act(s->app, ACTION_CHOICE_TAKE);
        return true;
    }
    if (self->saving && ev->kind != INPUT_MOUSE)
        return true; /* a key pressed too soon must not change what is on its way */
    if (!field_input(&self->field, s->app->keys, ev))
        return false;
    if (self->field.changed)
        try_it(self);
    self->kept = false;
    if (self->field.changed && !self->keeping) {
        self->keeping = true;
        loop_timer(s->app->loop, KEEP_MS, keep_due, self);
    }
    return true;
}

static bool act(struct screen *s, enum action a)
{
    struct changing *self = (struct changing *)s;

    switch (a) {
    case ACTION_CHOICE_TAKE:
        choose(self);
        return true;
    case ACTION_LINE_DONE:
        save(self);
        return true;
    case ACTION_LINE_CANCEL:
        end_edit(self);
        return true;
    default:
        return !self->editing && list_act(&self->list, a);
    }
}

static const struct screen_ops screen_changing = {
    .name = "changing",
    .size = sizeof(struct changing),
    .flags = SCREEN_OVERLAY,
    .enter = enter,
    .leave = leave,
    .rescue = rescue,
    .contexts = contexts,
    .state = state,
    .draw = draw,
    .input = input,
    .act = act,
};

void changing_figure(struct app *app, struct loaded *l, const char *name)
{
    app_push(app, &screen_changing, &(struct changing_arg){.l = l, .figure = name});
}

void changing_input(struct app *app, struct loaded *l, const struct model_input *in)
{
    app_push(app, &screen_changing, &(struct changing_arg){.l = l, .input = in});
}
