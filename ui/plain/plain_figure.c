/* plain_figure.c - where a figure comes from, and on from there to the answers it rests on: the same walk as
 * on screen, a stack of names, with the inputs numbered. */
#include <stdlib.h>
#include <string.h>

#include "strattio/house.h"
#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/strbuf.h"

#include "plain/places.h"
#include "plain/room.h"
#include "screen/figure_find.h"
#include "screen/loaded.h"
#include "screen/trace.h"

enum { DEPTH = 24, TEXT_LIMIT = 64 * 1024 };

struct walk {
    struct room room;
    struct loaded *l;
    const struct intake *questions;
    struct figure way[DEPTH]; /* the last one is told */
    size_t depth;
};

static const struct figure *told(const struct walk *self)
{
    return &self->way[self->depth - 1];
}

/* A dash is read as nothing, so that a missing figure is said in words. */
static const char *value_of(const struct figure *f)
{
    return strcmp(f->value, "–") == 0 ? "no figure" : f->value;
}

/* "Revenue, year 1: £171,360"; the caller frees it. */
static char *line_of(const struct loaded *l, const struct figure *f)
{
    struct strbuf line;

    strbuf_init(&line, TEXT_LIMIT);
    trace_title(l, f->label, f->name, &line);
    strbuf_printf(&line, ": %s", value_of(f));
    return strbuf_take(&line);
}

char *plain_figure_line(struct plain *p, struct loaded *l, const char *name)
{
    struct err err = {0};
    const struct intake *questions = house_intake(p->bench.house, &err);
    struct figure f = {0};
    char *line;

    line = l->model && questions && figure_find(l, questions, name, NULL, &f, &err) ? line_of(l, &f)
                                                                                    : mem_str(name);
    figure_finish(&f);
    return line;
}

static void tell(struct room *r)
{
    struct walk *self = (struct walk *)r;
    const struct figure *f = told(self);
    char *line = line_of(self->l, f);

    talk_gap(r->p->talk);
    talk_say(r->p->talk, "Where this figure comes from.");
    talk_say(r->p->talk, "%s.", line);
    free(line);
    if (f->reason_text)
        talk_say(r->p->talk, "Why: %s", f->reason_text);
    if (f->formula)
        talk_say(r->p->talk, "Formula: %s", f->formula);
    if (f->basis)
        talk_say(r->p->talk, "Basis: %s", f->basis);
    talk_say(r->p->talk, "Name: %s", f->name);
    if (f->input_count)
        talk_say(r->p->talk, "From:");
    for (size_t i = 0; i < f->input_count; i++) {
        line = plain_figure_line(r->p, self->l, f->inputs[i]);
        talk_say(r->p->talk, "%zu. %s.", i + 1, line);
        free(line);
    }
}

static bool step(struct walk *self, const char *name, const char *shown)
{
    struct err err = {0};

    if (self->depth == DEPTH)
        err_set(&err, ERR_LIMIT, 0, "This is as deep as it goes; back leads back.");
    else if (figure_find(self->l, self->questions, name, shown, &self->way[self->depth], &err))
        self->depth++;
    if (err.code != ERR_NONE) {
        talk_say(self->room.p->talk, "%s", err.msg);
        return false;
    }
    self->room.things = told(self)->input_count;
    return true;
}

static void choose(struct room *r, size_t i)
{
    struct walk *self = (struct walk *)r;
    char *name = mem_str(told(self)->inputs[i]);

    if (step(self, name, NULL))
        tell(r);
    free(name);
}

void plain_figure_walk(struct room *r, const char *operand)
{
    size_t i;

    if (room_thing(r, operand, "To which of its inputs? A number:", &i))
        choose(r, i);
}

void plain_figure_back(struct room *r, const char *operand)
{
    struct walk *self = (struct walk *)r;

    (void)operand;
    if (self->depth <= 1) {
        r->left = true;
        return;
    }
    figure_finish(&self->way[--self->depth]);
    r->things = told(self)->input_count;
    tell(r);
}

void plain_figure_fix(struct room *r, const char *operand)
{
    struct walk *self = (struct walk *)r;

    (void)operand;
    if (!told(self)->fix) {
        talk_say(r->p->talk, "No one answer sets this figure; walk on to its inputs.");
        return;
    }
    plain_answers_enter(r->p, self->l->plan.id, told(self)->fix);
    r->left = true; /* the figure will be another */
}

void plain_figure_enter(struct plain *p, struct loaded *l, const char *name, const char *shown)
{
    struct walk self = {
        .room = {.p = p, .place = PLAIN_FIGURE, .prompt = "Figure", .tell = tell, .choose = choose},
        .l = l};
    struct err err = {0};

    self.questions = house_intake(p->bench.house, &err);
    if (!l->model)
        err = l->model_err;
    if (err.code != ERR_NONE)
        plain_error(p, &err);
    else if (!name)
        talk_say(p->talk, "Nothing stands behind this number: it was typed into the text.");
    else if (step(&self, name, shown))
        room_stay(&self.room);
    while (self.depth)
        figure_finish(&self.way[--self.depth]);
}
