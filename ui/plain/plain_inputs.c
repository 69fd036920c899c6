/* plain_inputs.c - the inputs of the figures, numbered: all of them, or those one figure hangs on. A number
 * asks for another value; what it does to the figure is told at once. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "strattio/house.h"
#include "strattio/intake.h"
#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/strbuf.h"

#include "plain/places.h"
#include "plain/question.h"
#include "plain/room.h"
#include "screen/answer.h"
#include "screen/figure_text.h"
#include "screen/loaded.h"
#include "screen/trace.h"

enum { TEXT_LIMIT = 64 * 1024, UNDOS_MAX = 50 };

struct inputs {
    struct room room;
    const char *plan_id, *figure; /* NULL: of all */
    struct loaded *l;
    const struct intake *questions;
    struct model_inputs all;
    const struct model_input **offered; /* those a question asks for */
    struct answer_change undos[UNDOS_MAX];
    size_t undo_count;
};

/* ---- what there is ------------------------------------------------------------------------- */

static const struct question *question_of(const struct inputs *self, size_t i)
{
    return intake_question(self->questions, self->offered[i]->fix);
}

/* "£4.20, your answer"; a dash is read as nothing. */
static void value_text(const struct inputs *self, const struct model_input *in, struct strbuf *out)
{
    if (in->stated)
        intake_shown(self->questions, self->l->plan.intake_data, in->fix, out);
    if (!out->len)
        strbuf_str(out, strcmp(in->value, "–") == 0 ? "no figure" : in->value);
    if (*in->basis)
        strbuf_printf(out, ", %s", in->basis);
}

static void drop_inputs(struct inputs *self)
{
    free(self->offered);
    self->offered = NULL;
    model_inputs_finish(&self->all);
}

static bool take_inputs(struct inputs *self, struct err *err)
{
    drop_inputs(self);
    if (self->figure && !model_rests_on(self->l->model, self->figure, &self->all, err))
        return false;
    if (!self->figure)
        model_all_inputs(self->l->model, &self->all);
    self->offered = mem_zero(self->all.count + 1, sizeof(struct model_input *));
    self->room.things = 0;
    for (size_t i = 0; i < self->all.count; i++) {
        const struct question *q = intake_question(self->questions, self->all.items[i].fix);

        if (q && q->type != QUESTION_GROUP &&
            !answer_follows(self->questions, &self->l->plan, self->all.items[i].fix))
            self->offered[self->room.things++] = &self->all.items[i];
    }
    return true;
}

/* If it cannot be read, what was read before stays. */
static void read_inputs(struct room *r)
{
    struct inputs *self = (struct inputs *)r;
    struct err err = {0};
    struct loaded *l = loaded_now(&r->p->bench, self->plan_id, LOAD_MODEL, &err), *old = self->l;

    if (l && !l->model) {
        err = l->model_err;
        loaded_let_go(l);
        l = NULL;
    }
    if (l) {
        self->l = l;
        loaded_let_go(old);
    }
    if (!l || !take_inputs(self, &err)) {
        plain_error(r->p, &err);
        r->left = !l;
    }
}

static void tell_figure(const struct inputs *self)
{
    struct figure f = {0};
    struct err err = {0};
    struct strbuf title, value;

    strbuf_init(&title, TEXT_LIMIT);
    strbuf_init(&value, TEXT_LIMIT);
    if (self->figure && model_figure(self->l->model, self->figure, &f, &err)) {
        trace_title(self->l, f.label, f.name, &title);
        figure_text_of(self->l->model, self->figure, &value);
        talk_say(self->room.p->talk, "%s: %s.", title.data,
                 strcmp(value.data, "–") == 0 ? "no figure" : value.data);
    }
    figure_finish(&f);
    strbuf_finish(&title);
    strbuf_finish(&value);
}

static void tell(struct room *r)
{
    struct inputs *self = (struct inputs *)r;
    const char *group = NULL;
    struct strbuf value;

    talk_gap(r->p->talk);
    tell_figure(self);
    talk_say(r->p->talk,
             self->figure ? "It hangs on %zu answers, the nearest first."
                          : "%zu inputs; what is not your answer is assumed.",
             r->things);
    strbuf_init(&value, TEXT_LIMIT);
    for (size_t i = 0; i < r->things; i++) {
        const struct model_input *in = self->offered[i];

        if (!self->figure && *in->group && (!group || strcmp(group, in->group) != 0))
            talk_say(r->p->talk, "%s.", in->group);
        group = in->group;
        strbuf_clear(&value);
        value_text(self, in, &value);
        talk_say(r->p->talk, "%zu. %s: %s.", i + 1, self->figure ? in->title : in->label,
                 value.data);
    }
    strbuf_finish(&value);
    if (r->things)
        talk_say(r->p->talk, "A number changes one.");
}

static const char *name_of(struct room *r, size_t i)
{
    return ((const struct inputs *)r)->offered[i]->title;
}

/* ---- changing one -------------------------------------------------------------------------- */

static void remember(struct inputs *self, struct answer_change *undo)
{
    if (self->undo_count == UNDOS_MAX) {
        answer_change_finish(&self->undos[0]);
        memmove(&self->undos[0], &self->undos[1], (UNDOS_MAX - 1) * sizeof self->undos[0]);
        self->undo_count--;
    }
    self->undos[self->undo_count++] = *undo;
}

/* Saves the change; asked first if it was changed elsewhere. False, having said why, if it will not
 * do. */
static bool save(struct inputs *self, const struct answer_change *c, struct answer_change *undo)
{
    struct plain *p = self->room.p;
    struct err err = {0};
    enum answer_outcome outcome = answer_save_now(&p->bench, c, false, undo, &err);
    char *question;

    if (outcome == ANSWER_ELSEWHERE) {
        question = mem_printf("%s. Put yours in its place?", err.msg);
        outcome = plain_confirm(p, question, NULL) ? answer_save_now(&p->bench, c, true, undo, &err)
                                                   : ANSWER_ELSEWHERE;
        free(question);
        if (outcome == ANSWER_ELSEWHERE)
            talk_say(p->talk, "It stays as it is there.");
    }
    if (outcome == ANSWER_KEPT)
        talk_say(p->talk, "Not saved yet, but kept: %s", err.msg);
    if (outcome == ANSWER_WRONG)
        talk_say(p->talk, "%s", err.msg);
    return outcome == ANSWER_SAVED;
}

/* Asks until something will do or nothing is typed; true if it was changed. */
static bool ask(struct inputs *self, size_t i)
{
    const struct model_input *in = self->offered[i];
    struct talk *t = self->room.p->talk;
    struct answer_change c, undo = {0};
    struct strbuf value;
    char *line;
    bool saved = false;

    strbuf_init(&value, TEXT_LIMIT);
    value_text(self, in, &value);
    talk_say(t, "%s: %s. %s%s", in->title, value.data, question_of(self, i)->help,
             in->stated ? " \"clear\" takes it away; an empty line leaves it."
                        : " An empty line leaves it.");
    strbuf_finish(&value);
    while (!saved && (line = talk_ask(t, "%s: ", question_of(self, i)->label))) {
        const char *typed = plain_trim(line);
        bool nothing = !*typed;

        if (!nothing) {
            answer_change_init(&c, self->questions, &self->l->plan, in->fix,
                               strcasecmp(typed, "clear") == 0 ? "" : typed, in->title);
            saved = save(self, &c, &undo);
            answer_change_finish(&c);
        }
        free(line);
        if (nothing)
            break;
    }
    if (saved)
        remember(self, &undo);
    return saved;
}

static void choose(struct room *r, size_t i)
{
    struct inputs *self = (struct inputs *)r;

    if (question_of(self, i)->type == QUESTION_TABLE) {
        char *fix = mem_str(self->offered[i]->fix);

        plain_answers_enter(r->p, self->plan_id, fix);
        free(fix);
        read_inputs(r);
    } else if (ask(self, i)) {
        talk_say(r->p->talk, "Saved; all that follows from it is brought up to date. \"undo\" "
                             "takes it back.");
        read_inputs(r);
        tell_figure(self);
    }
}

void plain_inputs_change(struct room *r, const char *operand)
{
    size_t i;

    if (room_thing(r, operand, "Which input? A number or the beginning of its name:", &i))
        choose(r, i);
}

void plain_inputs_undo(struct room *r, const char *operand)
{
    struct inputs *self = (struct inputs *)r;
    struct answer_change undo, again = {0};

    (void)operand;
    if (!self->undo_count) {
        talk_say(r->p->talk, "No answer was changed here.");
        return;
    }
    undo = self->undos[--self->undo_count];
    if (save(self, &undo, &again))
        talk_say(r->p->talk, "Undone: %s is what it was before.", undo.label);
    answer_change_finish(&again);
    answer_change_finish(&undo);
    read_inputs(r);
    tell_figure(self);
}

void plain_inputs_enter(struct plain *p, const char *plan_id, const char *figure)
{
    struct inputs self = {.room = {.p = p,
                                   .place = PLAIN_INPUTS,
                                   .prompt = "Inputs",
                                   .read = read_inputs,
                                   .tell = tell,
                                   .choose = choose,
                                   .name = name_of},
                          .plan_id = plan_id,
                          .figure = figure};
    struct err err = {0};

    self.questions = house_intake(p->bench.house, &err);
    if (self.questions)
        room_stay(&self.room);
    else
        plain_error(p, &err);
    while (self.undo_count)
        answer_change_finish(&self.undos[--self.undo_count]);
    drop_inputs(&self);
    loaded_let_go(self.l);
}
