/* plain_answers.c - the questions of a plan, one after the other or any one by its number. What applies
 * depends on the answers, so that the list is made anew after each, and the place in it is a path. Every
 * answer is saved as it is given; where the person left off is remembered with the plan. */
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/house.h"
#include "strattio/intake.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "plain/places.h"
#include "plain/question.h"
#include "plain/room.h"
#include "screen/draft.h"
#include "screen/loaded.h"
#include "screen/plan_fields.h"
#include "screen/preview.h"

enum { TEXT_LIMIT = 1024 * 1024 };

struct item {
    const struct question *q;
    char *path;
    size_t step;
    bool required;
};

struct answers {
    struct room room;
    const struct intake *questions;
    struct draft draft;
    struct item *items; /* every question that applies */
    size_t count, cap;
    size_t at;    /* where the person is */
    bool written; /* the plan was, from here */
};

/* ---- the list ------------------------------------------------------------------------------ */

static void drop_items(struct answers *self)
{
    while (self->count)
        free(self->items[--self->count].path);
}

static void add_item(struct answers *self, const struct question *q, char *path, size_t step)
{
    const struct plan *plan = &self->draft.plan;

    self->items = mem_grow(self->items, &self->cap, self->count + 1, sizeof *self->items);
    self->items[self->count++] = (struct item){
        .q = q,
        .path = path,
        .step = step,
        .required = plan_field(path) ||
                    intake_required(self->questions, q, plan->plan_purpose, plan->intake_data)};
}

static bool applies(const struct answers *self, const struct question *q)
{
    return intake_applies(self->questions, q, self->draft.plan.plan_purpose,
                          self->draft.plan.intake_data);
}

static void add_question(struct answers *self, const struct question *q, size_t step)
{
    if (!applies(self, q))
        return;
    if (q->type != QUESTION_GROUP) {
        add_item(self, q, mem_str(q->field), step);
        return;
    }
    for (size_t i = 0; i < q->column_count; i++) {
        if (applies(self, &q->columns[i]))
            add_item(self, &q->columns[i], mem_printf("%s.%s", q->field, q->columns[i].field),
                     step);
    }
}

/* Is `path` the question of `item`, or a part of its answer? */
static bool is_of(const char *path, const struct item *item)
{
    size_t len = strlen(item->path);

    return strncmp(path, item->path, len) == 0 && (!path[len] || path[len] == '.');
}

/* The item of `path`; `count` if there is none. */
static size_t find_path(const struct answers *self, const char *path)
{
    size_t i = 0;

    while (i < self->count && !is_of(path, &self->items[i]))
        i++;
    return i;
}

static void make_items(struct answers *self)
{
    char *path = self->at < self->count ? mem_str(self->items[self->at].path) : NULL;
    size_t found;

    drop_items(self);
    for (size_t i = 0; i < plan_field_count(); i++)
        add_item(self, &plan_fields[i], mem_str(plan_fields[i].field), 0);
    for (size_t s = 0; s < intake_step_count(self->questions); s++) {
        const struct intake_step *step = intake_step(self->questions, s);

        for (size_t i = 0; i < step->question_count; i++)
            add_question(self, step->questions[i], s);
    }
    found = path ? find_path(self, path) : self->count;
    if (found < self->count)
        self->at = found;
    self->room.things = self->count;
    free(path);
}

/* ---- telling ------------------------------------------------------------------------------- */

/* The states of the steps in words. */
static void tell_step(struct answers *self, size_t i)
{
    const struct plan *plan = &self->draft.plan;
    const struct intake_step *step = intake_step(self->questions, i);
    struct step_state s;

    intake_step_state(self->questions, step, plan->plan_purpose, plan->intake_data, &s);
    for (size_t k = 0; k < step->question_count; k++)
        s.wrong += draft_has_typed(&self->draft, step->questions[k]->field);
    if (s.wrong)
        talk_say(self->room.p->talk,
                 "Step %zu, %s: %zu to put right, %zu of %zu needed answers there.", i + 1,
                 step->title, s.wrong, s.answered, s.required);
    else if (s.required)
        talk_say(self->room.p->talk, "Step %zu, %s: %zu of %zu needed answers there.", i + 1,
                 step->title, s.answered, s.required);
    else
        talk_say(self->room.p->talk, "Step %zu, %s: nothing in it is needed.", i + 1, step->title);
}

static void tell(struct room *r)
{
    struct answers *self = (struct answers *)r;

    talk_gap(r->p->talk);
    talk_say(r->p->talk, "Answers of %s. %zu questions in %zu steps.", self->draft.plan.name,
             self->count, intake_step_count(self->questions));
    for (size_t i = 0; i < intake_step_count(self->questions); i++)
        tell_step(self, i);
    talk_say(r->p->talk,
             "\"ask\" goes on with question %zu, %s; \"needed\" asks only what is still missing.",
             self->at + 1, self->items[self->at].q->label);
}

static void tell_item(struct answers *self, size_t i)
{
    const struct item *item = &self->items[i];
    const char *kept = draft_typed(&self->draft, item->path);
    struct strbuf shown;

    strbuf_init(&shown, TEXT_LIMIT);
    if (item->q->type == QUESTION_TABLE)
        strbuf_printf(&shown, "%zu rows", doc_count(self->draft.plan.intake_data, item->path));
    else
        draft_shown(&self->draft, item->path, &shown);
    if (kept)
        talk_say(self->room.p->talk, "%zu. %s: \"%s\", which is not understood.", i + 1,
                 item->q->label, kept);
    else
        talk_say(self->room.p->talk, "%zu. %s: %s%s", i + 1, item->q->label,
                 shown.len ? shown.data : "no answer",
                 shown.len || !item->required ? "" : ", needed");
    strbuf_finish(&shown);
}

void plain_answers_list(struct room *r, const char *operand)
{
    struct answers *self = (struct answers *)r;

    (void)operand;
    for (size_t i = 0; i < self->count; i++) {
        if (i == 0 || self->items[i].step != self->items[i - 1].step)
            talk_say(r->p->talk, "Step %zu, %s.", self->items[i].step + 1,
                     intake_step(self->questions, self->items[i].step)->title);
        tell_item(self, i);
    }
}

/* Everything between the answers and the plan; how many points. */
static size_t tell_missing(struct answers *self)
{
    const struct plan *plan = &self->draft.plan;
    struct talk *t = self->room.p->talk;
    struct problems open = {0};
    size_t count;

    intake_check(self->questions, plan->plan_purpose, plan->intake_data, true, &open);
    count = open.count;
    for (size_t i = 0; i < open.count; i++)
        talk_say(t, "Question %zu: %s", find_path(self, open.items[i].path) + 1,
                 open.items[i].message);
    problems_finish(&open);
    for (size_t i = 0; i < self->count; i++) {
        if (!draft_has_typed(&self->draft, self->items[i].path))
            continue;
        talk_say(t, "Question %zu, %s: what you typed is not understood yet.", i + 1,
                 self->items[i].q->label);
        count++;
    }
    if (count)
        talk_say(t, "%zu answer%s missing or wrong; \"needed\" asks for them.", count,
                 count == 1 ? " is" : "s are");
    else
        talk_say(t, "Every answer that is needed is there: \"write\" writes the plan.");
    return count;
}

void plain_answers_missing(struct room *r, const char *operand)
{
    (void)operand;
    tell_missing((struct answers *)r);
}

void plain_answers_preview(struct room *r, const char *operand)
{
    struct answers *self = (struct answers *)r;
    struct preview preview = {0};

    (void)operand;
    preview_update(&preview, r->p->bench.house, &self->draft.plan);
    talk_say(r->p->talk, "What the answers come to so far.");
    for (size_t i = 0; i < PREVIEW_LINES; i++) {
        if (preview.values[i][0])
            talk_say(r->p->talk, "%s: %s.", preview_label(i),
                     strcmp(preview.values[i], "–") == 0 ? "no figure" : preview.values[i]);
    }
    if (preview.note[0])
        talk_say(r->p->talk, "%s",
                 strncmp(preview.note, "– ", 4) == 0 ? preview.note + 4 : preview.note);
    preview_finish(&preview);
}

/* ---- asking -------------------------------------------------------------------------------- */

/* What is wrong with the answer that is stored, or missing from it; the caller frees it, NULL for nothing. */
static char *problem_of(const struct answers *self, const struct item *item, bool complete)
{
    struct problems problems = {0};
    char *wrong = NULL;

    intake_check(self->questions, self->draft.plan.plan_purpose, self->draft.plan.intake_data,
                 complete, &problems);
    for (size_t i = 0; i < problems.count && !wrong; i++) {
        if (is_of(problems.items[i].path, item))
            wrong = mem_str(problems.items[i].message);
    }
    problems_finish(&problems);
    return wrong;
}

/* Has this question to be settled before the plan can be written? */
static bool is_open(const struct answers *self, size_t i)
{
    char *wrong = problem_of(self, &self->items[i], true);
    bool open = wrong || draft_has_typed(&self->draft, self->items[i].path);

    free(wrong);
    return open;
}

static void announce(struct answers *self, bool *first)
{
    const struct item *item = &self->items[self->at];
    bool new_step = *first || (self->at && self->items[self->at - 1].step != item->step);
    const struct intake_step *step = intake_step(self->questions, item->step);

    *first = false;
    talk_gap(self->room.p->talk);
    if (new_step)
        talk_say(self->room.p->talk, "Step %zu of %zu, %s. %s", item->step + 1,
                 intake_step_count(self->questions), step->title, step->intro);
    talk_say(self->room.p->talk, "Question %zu of %zu.", self->at + 1, self->count);
}

/* Asks the question the person is at. */
static enum asked ask_one(struct answers *self, char **command)
{
    const struct item *item = &self->items[self->at];
    const struct question *q = item->q;
    char *path = mem_str(item->path), *wrong = problem_of(self, item, false);
    enum asked asked;

    draft_set_place(&self->draft, path);
    asked = question_ask(self->room.p, &self->draft, q, path, item->required, wrong, command);
    if (asked == ASKED_TABLE)
        asked = plain_rows_stay(self->room.p, &self->draft, q) ? ASKED_MENU : ASKED_NEXT;
    make_items(self);
    free(wrong);
    free(path);
    return asked;
}

/* Asks from where the person is, to the end or until they want something else; only what is open with
 * `open_only`. */
static void ask(struct answers *self, bool open_only)
{
    char *command = NULL;
    bool first = true;

    while (self->at < self->count && !command && !plain_over(self->room.p)) {
        enum asked asked;

        if (open_only && !is_open(self, self->at)) {
            self->at++;
            continue;
        }
        announce(self, &first);
        asked = ask_one(self, &command);
        if (asked == ASKED_MENU || (asked == ASKED_PREVIOUS && self->at == 0))
            break;
        if (asked == ASKED_PREVIOUS)
            self->at--;
        else
            self->at++;
    }
    if (self->at >= self->count) {
        self->at = self->count - 1;
        talk_gap(self->room.p->talk);
        talk_say(self->room.p->talk, "That was the last question.");
        tell_missing(self);
    }
    if (command)
        room_do(&self->room, command);
    free(command);
}

void plain_answers_ask(struct room *r, const char *operand)
{
    (void)operand;
    ask((struct answers *)r, false);
}

void plain_answers_needed(struct room *r, const char *operand)
{
    struct answers *self = (struct answers *)r;

    (void)operand;
    self->at = 0;
    ask(self, true);
}

static const char *name_of(struct room *r, size_t i)
{
    return ((struct answers *)r)->items[i].q->label;
}

static void choose(struct room *r, size_t i)
{
    ((struct answers *)r)->at = i;
    ask((struct answers *)r, false);
}

void plain_answers_go(struct room *r, const char *operand)
{
    struct answers *self = (struct answers *)r;
    size_t i = *operand ? find_path(self, operand) : self->count;

    if (i < self->count ||
        room_thing(r, operand, "To which question? A number or the beginning of its name:", &i))
        choose(r, i);
}

void plain_answers_clear(struct room *r, const char *operand)
{
    struct answers *self = (struct answers *)r;
    struct err err = {0};
    size_t i;

    if (!room_thing(r, operand, "Which answer is to be taken away? A number:", &i))
        return;
    if (self->items[i].q->type == QUESTION_TABLE) {
        plain_rows_stay(r->p, &self->draft, self->items[i].q);
    } else if (draft_set(&self->draft, self->items[i].path, "", &err)) {
        question_save(r->p, &self->draft);
        talk_say(r->p->talk, "%s: the answer is taken away.", self->items[i].q->label);
    } else {
        talk_say(r->p->talk, "%s", err.msg);
    }
    make_items(self);
}

/* ---- steps --------------------------------------------------------------------------------- */

static void go_step(struct answers *self, size_t step)
{
    size_t i = 0;

    while (i < self->count && self->items[i].step < step)
        i++;
    if (i < self->count && step < intake_step_count(self->questions))
        choose(&self->room, i);
    else
        talk_say(self->room.p->talk, "There are steps from 1 to %zu.",
                 intake_step_count(self->questions));
}

void plain_answers_step(struct room *r, const char *operand)
{
    go_step((struct answers *)r, (size_t)strtoul(operand, NULL, 10) - 1);
}

void plain_answers_next(struct room *r, const char *operand)
{
    struct answers *self = (struct answers *)r;

    (void)operand;
    go_step(self, self->items[self->at].step + 1);
}

void plain_answers_previous(struct room *r, const char *operand)
{
    struct answers *self = (struct answers *)r;

    (void)operand;
    go_step(self, self->items[self->at].step - (self->items[self->at].step > 0));
}

/* ---- life ---------------------------------------------------------------------------------- */

void plain_answers_write(struct room *r, const char *operand)
{
    struct answers *self = (struct answers *)r;

    (void)operand;
    if (tell_missing(self))
        return;
    question_save(r->p, &self->draft);
    if (self->draft.err.code != ERR_NONE)
        return;
    self->written = plain_writing_run(r->p, self->draft.plan.id, NULL);
    r->left = self->written;
}

/* Where an interrupted intake goes on: the first question that must be answered and is not. */
static size_t first_open(const struct answers *self)
{
    for (size_t i = 0; i < self->count; i++) {
        if (is_open(self, i))
            return i;
    }
    return self->count;
}

static void begin(struct answers *self, const char *place)
{
    const char *from = place ? place : draft_place(&self->draft);
    size_t at = from ? find_path(self, from) : self->count;

    if (at == self->count)
        at = first_open(self);
    if (at < self->count)
        self->at = at;
    tell(&self->room);
    if (place || self->draft.plan.status == PLAN_STATUS_DRAFT)
        ask(self, false);
    if (!self->room.left)
        room_wait(&self->room);
}

/* Another place to come back to is worth a save; looking around is not. */
static void keep_place(struct answers *self, const char *before)
{
    const char *now = draft_place(&self->draft);

    if (now && (!before || strcmp(now, before) != 0))
        self->draft.changed = true;
    question_save(self->room.p, &self->draft);
}

bool plain_answers_enter(struct plain *p, const char *plan_id, const char *place)
{
    struct answers self = {.room = {.p = p,
                                    .place = PLAIN_ANSWERS,
                                    .prompt = "Answers",
                                    .tell = tell,
                                    .choose = choose,
                                    .name = name_of}};
    struct err err = {0};
    struct loaded *l = NULL;
    char *before;

    self.questions = house_intake(p->bench.house, &err);
    if (self.questions)
        l = loaded_now(&p->bench, plan_id, LOAD_UNSAVED, &err);
    if (!l) {
        plain_error(p, &err);
        return false;
    }
    draft_init(&self.draft, NULL, self.questions);
    draft_open(&self.draft, l);
    loaded_let_go(l);
    question_save(p, &self.draft);
    make_items(&self);
    before = mem_str(draft_place(&self.draft));
    begin(&self, place);
    keep_place(&self, before);
    free(before);
    draft_finish(&self.draft);
    drop_items(&self);
    free(self.items);
    return self.written;
}
