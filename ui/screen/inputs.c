/* inputs.c - what the figures are made from, in one list: each input of the model under the heading
 * of its table, what it is, and whether the author stated it or what it is assumed on. It stands
 * among the statements, behind the last. */
#include "screen/screens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/house.h"
#include "strattio/intake.h"
#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/strbuf.h"

#include "app.h"
#include "screen/answer.h"
#include "screen/changing.h"
#include "screen/crumb.h"
#include "screen/listing.h"
#include "screen/loaded.h"
#include "widget/list.h"

enum {
    TITLE_COLS = 34,
    WIDE_TITLE_COLS = 48,
    VALUE_COLS = 16,
    FOOT_ROWS = 4,
    TEXT_LIMIT = 64 * 1024
};

struct line {                        /* of the list */
    const char *heading;             /* NULL: an input */
    const struct model_input *input; /* NULL: a heading */
    bool asked;                      /* by a question, so that it can be changed */
    bool follows;                    /* from other answers: then it cannot */
};

struct inputs {
    struct screen base;
    char *plan_id, *name;
    struct loaded *l;
    struct err err;
    const struct intake *questions;
    const struct model_def *def;
    struct model_inputs all;
    struct line *lines;
    size_t count, cap;
    struct list list;
    size_t start; /* where the cursor is to be once there are rows */
};

/* ---- what is listed ------------------------------------------------------------------------ */

static const struct line *line_at(const struct inputs *self)
{
    return self->count ? &self->lines[self->list.cursor] : NULL;
}

static void add_line(struct inputs *self, struct line line)
{
    self->lines = mem_grow(self->lines, &self->cap, self->count + 1, sizeof *self->lines);
    self->lines[self->count++] = line;
}

static void drop_lines(struct inputs *self)
{
    self->count = 0;
    model_inputs_finish(&self->all);
}

static void make_lines(struct inputs *self)
{
    const char *group = NULL;

    model_all_inputs(self->l->model, &self->all);
    for (size_t i = 0; i < self->all.count; i++) {
        const struct model_input *in = &self->all.items[i];

        if (!group || strcmp(group, in->group) != 0)
            add_line(self, (struct line){.heading = *in->group ? in->group : "The business"});
        group = in->group;
        add_line(self, (struct line){.input = in,
                                     .asked = intake_question(self->questions, in->fix) != NULL,
                                     .follows =
                                         answer_follows(self->questions, &self->l->plan, in->fix)});
    }
    list_set_count(&self->list, self->count);
    if (self->start) {
        list_move_to(&self->list, self->start);
        self->list.top = 0; /* with the heading, if there is room */
    }
    self->start = 0;
}

/* As the answer says it, which for a list is all of it; else what the model makes of none. */
static void value_text(const struct inputs *self, const struct model_input *in, struct strbuf *out)
{
    if (in->stated)
        intake_shown(self->questions, self->l->plan.intake_data, in->fix, out);
    if (!out->len)
        strbuf_str(out, in->value);
}

static void draw_line(void *arg, const struct canvas *c, size_t i, unsigned style)
{
    const struct inputs *self = arg;
    const struct line *line = &self->lines[i];
    int title = c->cols >= 110 ? WIDE_TITLE_COLS : c->cols >= 70 ? TITLE_COLS : c->cols / 2;
    int x = title + VALUE_COLS + 2;
    const char *basis = line->heading         ? ""
                        : line->follows       ? "from your other answers"
                        : line->input->stated ? "stated"
                                              : line->input->basis;
    struct strbuf value;

    if (line->heading) {
        canvas_fit(c, 0, 2, c->cols - 2, ROLE_TITLE | style, ALIGN_LEFT, line->heading);
        return;
    }
    strbuf_init(&value, TEXT_LIMIT);
    value_text(self, line->input, &value);
    canvas_fit(c, 0, 4, title - 4, ROLE_TEXT | style, ALIGN_LEFT, line->input->label);
    canvas_fit(c, 0, title, VALUE_COLS, ROLE_TEXT | style, ALIGN_RIGHT, value.data);
    canvas_fit(c, 0, x, c->cols - x - 1,
               (line->input->stated && !line->follows ? ROLE_TEXT : ROLE_DIM) | style, ALIGN_LEFT,
               basis);
    strbuf_finish(&value);
}

/* ---- life ---------------------------------------------------------------------------------- */

static void loaded(struct screen *s, struct loaded *l, const struct err *err)
{
    struct inputs *self = (struct inputs *)s;

    app_dirty(s->app);
    if (!l && self->l) { /* what was read before stays in sight */
        app_error(s->app, err);
        return;
    }
    drop_lines(self);
    loaded_let_go(self->l);
    self->l = l;
    self->err = l ? l->model_err : *err;
    if (l && l->model)
        make_lines(self);
}

static bool enter(struct screen *s, const void *arg, struct err *err)
{
    struct inputs *self = (struct inputs *)s;
    const struct plan_place *at = arg;

    self->questions = house_intake(s->app->house, err);
    self->def = self->questions ? house_model_def(s->app->house, err) : NULL;
    if (!self->def)
        return false;
    self->plan_id = mem_str(at->plan_id);
    self->name = mem_str(at->name);
    self->start = at->place ? strtoul(at->place, NULL, 10) : 1; /* the first one is a heading */
    list_init(&self->list, draw_line, self);
    loaded_read(s, self->plan_id, LOAD_MODEL, loaded);
    return true;
}

static void leave(struct screen *s)
{
    struct inputs *self = (struct inputs *)s;

    drop_lines(self);
    free(self->lines);
    loaded_let_go(self->l);
    free(self->plan_id);
    free(self->name);
}

static void shown(struct screen *s)
{
    loaded_read(s, ((struct inputs *)s)->plan_id, LOAD_MODEL, loaded);
}

static void contexts(const struct screen *s, struct contexts *cs)
{
    (void)s;
    contexts_add(cs, CONTEXT_INPUTS);
    contexts_add(cs, CONTEXT_LIST);
}

static bool allowed(const struct screen *s, enum action a)
{
    const struct inputs *self = (const struct inputs *)s;
    const struct line *line = line_at(self);

    if (a == ACTION_INPUTS_UNDO)
        return answer_past_has(s->app, self->plan_id);
    return a != ACTION_INPUTS_EDIT || (line && line->input && line->asked && !line->follows);
}

static const char *why_not(const struct screen *s, enum action a)
{
    const struct line *line = line_at((const struct inputs *)s);

    if (a == ACTION_INPUTS_UNDO)
        return "No answer was changed here.";
    if (a != ACTION_INPUTS_EDIT)
        return NULL;
    return line && line->input ? "No question asks for this; it follows from the rest."
                               : "No input is under the cursor.";
}

static void crumb(const struct screen *s, struct strbuf *out)
{
    crumb_join(s, ((const struct inputs *)s)->name, "Inputs", out);
}

/* ---- drawing ------------------------------------------------------------------------------- */

static void draw_title(const struct inputs *self, const struct canvas *line)
{
    size_t stated = 0, statements = model_statement_count(self->def);
    int x = canvas_put(line, 0, 2, ROLE_TITLE, "Inputs");

    for (size_t i = 0; i < self->all.count; i++)
        stated += self->all.items[i].stated;
    canvas_printf(line, 0, x + 2, ROLE_DIM, "%zu stated by you, %zu assumed or usual", stated,
                  self->all.count - stated);
    canvas_printf(line, 0, line->cols - 9, ROLE_DIM, "%zu of %zu", statements + 1, statements + 1);
}

/* The whole of what the input under the cursor rests on. */
static void draw_foot(const struct inputs *self, const struct canvas *c)
{
    const struct line *line = line_at(self);
    const struct question *q =
        line && line->input ? intake_question(self->questions, line->input->fix) : NULL;
    int y = 1;

    canvas_hline(c, 0, 0, c->cols, ROLE_BORDER);
    if (!line || !line->input)
        return;
    canvas_printf(c, y++, 2, ROLE_DIM, "%s", line->input->name);
    y += canvas_wrap(c, y, 2, 2, c->cols - 4, ROLE_TEXT, line->input->basis, true);
    if (q && y < c->rows)
        canvas_fit(c, y, 2, c->cols - 4, ROLE_DIM, ALIGN_LEFT, q->help);
}

static void draw(struct screen *s, const struct canvas *body)
{
    struct inputs *self = (struct inputs *)s;
    int foot = body->rows >= 12 ? FOOT_ROWS : 0;
    struct canvas title = canvas_part(body, 0, 0, 1, body->cols);
    struct canvas list = canvas_part(body, 2, 0, body->rows - 2 - foot, body->cols);
    struct canvas below = canvas_part(body, body->rows - foot, 0, foot, body->cols);

    canvas_cursor(body, 0, 0, false);
    if (self->err.code != ERR_NONE)
        listing_trouble(body, 1, self->err.msg);
    if (!self->l || !self->l->model)
        return;
    draw_title(self, &title);
    if (foot)
        draw_foot(self, &below);
    list_draw(&self->list, &list);
}

/* ---- keys ---------------------------------------------------------------------------------- */

static void undone(struct screen *s, enum answer_outcome outcome, const struct err *err)
{
    (void)outcome;
    (void)err;
    shown(s);
}

static void show_statement(struct inputs *self, size_t i)
{
    char *place = mem_printf("%s y 0 0", model_statement_name(self->def, i));
    struct plan_place at = {.plan_id = self->plan_id, .name = self->name, .place = place};

    app_replace(self->base.app, &self->base, &screen_financials, &at);
    free(place);
}

static bool input(struct screen *s, const struct input_event *ev)
{
    return listing_input(s, &((struct inputs *)s)->list, ev, ACTION_INPUTS_EDIT);
}

static bool act(struct screen *s, enum action a)
{
    struct inputs *self = (struct inputs *)s;

    switch (a) {
    case ACTION_INPUTS_EDIT:
        changing_input(s->app, self->l, line_at(self)->input);
        return true;
    case ACTION_INPUTS_UNDO:
        return answer_undo(s, self->plan_id, undone);
    case ACTION_INPUTS_NEXT:
        show_statement(self, 0);
        return true;
    case ACTION_INPUTS_PREV:
        show_statement(self, model_statement_count(self->def) - 1);
        return true;
    default:
        return list_act(&self->list, a);
    }
}

static void where(const struct screen *s, struct strbuf *plan_id, struct strbuf *place)
{
    const struct inputs *self = (const struct inputs *)s;

    strbuf_str(plan_id, self->plan_id);
    strbuf_printf(place, "%zu", self->list.cursor);
}

const struct screen_ops screen_inputs = {
    .name = "inputs",
    .size = sizeof(struct inputs),
    .enter = enter,
    .leave = leave,
    .shown = shown,
    .contexts = contexts,
    .allowed = allowed,
    .why_not = why_not,
    .crumb = crumb,
    .draw = draw,
    .input = input,
    .act = act,
    .where = where,
};
