/* wizard.c - the questions of a plan, step by step. Any step can be gone to at any time and
 * nothing must be right to go on; what is missing or wrong is gathered under the last step,
 * where one key leads to each. Every answer is saved as its row is left, and what is being
 * typed after a second of rest. */
#include "screen/screens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/house.h"
#include "strattio/intake.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "app.h"
#include "runs.h"
#include "screen/advice.h"
#include "screen/crumb.h"
#include "screen/draft.h"
#include "screen/loaded.h"
#include "screen/plan_fields.h"
#include "screen/preview.h"
#include "screen/rows.h"
#include "screen/sheet.h"
#include "screen/typed_preview.h"

enum {
    STEPS_MAX = 12,
    FOOT_ROWS = 7,
    PREVIEW_COLS = 34,
    WIDE = 110,
    SIDE_COLS = 42,
};

static const char write_button[] = "#write";

struct wizard {
    struct screen base;
    char plan_id[ID_LEN + 1];
    char *name;  /* for the crumb; NULL if the screen below shows it */
    char *place; /* to begin at; NULL for where the person left, or the first open question */
    const struct intake *questions;
    struct draft draft;
    struct sheet sheet;
    struct preview preview;
    size_t step;
    struct step_state states[STEPS_MAX]; /* of the answers the preview is of, for `judged_for` */
    enum plan_purpose judged_for;
    size_t missing; /* answers, as the last step lists them */
    bool writing;   /* as soon as everything is saved */
    struct err err;
};

/* ---- steps --------------------------------------------------------------------------------- */

static bool applies(const struct wizard *self, const struct question *q)
{
    return intake_applies(self->questions, q, self->draft.plan.plan_purpose,
                          self->draft.plan.intake_data);
}

static bool last_step(const struct wizard *self)
{
    return self->step + 1 == intake_step_count(self->questions);
}

static void add_question(struct wizard *self, struct sheet *sheet, const struct question *q)
{
    if (q->type != QUESTION_GROUP) {
        sheet_add_question(sheet, q, q->field, 0);
        return;
    }
    sheet_add_heading(sheet, q->label);
    for (size_t i = 0; i < q->column_count; i++) {
        char *path = mem_printf("%s.%s", q->field, q->columns[i].field);

        if (applies(self, &q->columns[i]))
            sheet_add_question(sheet, &q->columns[i], path, 1);
        free(path);
    }
}

/* "Price per unit is missing" out of a message that goes on with advice. */
static void add_problem(struct sheet *sheet, const struct problem *p)
{
    size_t len = strcspn(p->message, ":");
    char *label = p->missing ? mem_strn(p->message, len) : mem_str(p->message);

    sheet_add_problem(sheet, p->path, label);
    free(label);
}

static void add_kept_one(struct wizard *self, struct sheet *sheet, const struct question *q)
{
    char *label;

    if (!draft_has_typed(&self->draft, q->field))
        return;
    label = mem_printf("%s: what you typed is not understood yet", q->label);
    sheet_add_problem(sheet, q->field, label);
    free(label);
}

/* What is kept as typed since it does not parse. */
static void add_kept(struct wizard *self, struct sheet *sheet)
{
    for (size_t i = 0; i < plan_field_count(); i++)
        add_kept_one(self, sheet, &plan_fields[i]);
    for (size_t i = 0; i < intake_step_count(self->questions); i++) {
        const struct intake_step *step = intake_step(self->questions, i);

        for (size_t k = 0; k < step->question_count; k++) {
            if (applies(self, step->questions[k]))
                add_kept_one(self, sheet, step->questions[k]);
        }
    }
}

/* What stands between the answers and the plan, under a heading; false if nothing does. */
static bool add_open_points(struct wizard *self, struct sheet *sheet)
{
    struct problems open = {0};
    size_t before;

    intake_check(self->questions, self->draft.plan.plan_purpose, self->draft.plan.intake_data, true,
                 &open);
    if (open.count || draft_has_typed(&self->draft, NULL))
        sheet_add_heading(sheet, "Before the plan can be written");
    before = sheet->count;
    for (size_t i = 0; i < open.count; i++)
        add_problem(sheet, &open.items[i]);
    add_kept(self, sheet);
    problems_finish(&open);
    return sheet->count > before;
}

static void build(void *arg, struct sheet *sheet)
{
    struct wizard *self = arg;
    const struct intake_step *step = intake_step(self->questions, self->step);

    for (size_t i = 0; self->step == 0 && i < plan_field_count(); i++)
        sheet_add_question(sheet, &plan_fields[i], plan_fields[i].field, 0);
    for (size_t i = 0; i < step->question_count; i++) {
        if (applies(self, step->questions[i]))
            add_question(self, sheet, step->questions[i]);
    }
    if (!last_step(self))
        return;
    if (add_open_points(self, sheet))
        return;
    sheet_add_heading(sheet, "Every answer that is needed is there.");
    sheet_add_button(sheet, write_button, "Write the plan");
}

/* What is being typed is kept, too, but not judged before its row is left. */
static bool being_typed(const struct wizard *self, const struct question *q)
{
    const struct sheet_row *row = sheet_row(&self->sheet);

    return row && row->question == q && !row->error[0];
}

static enum symbol step_symbol(const struct wizard *self, size_t i)
{
    const struct intake_step *step = intake_step(self->questions, i);
    struct step_state state = self->states[i];
    bool touched = false;

    for (size_t k = 0; k < step->question_count; k++) {
        state.wrong += draft_has_typed(&self->draft, step->questions[k]->field) &&
                       !being_typed(self, step->questions[k]);
        touched = touched || doc_has(self->draft.plan.intake_data, step->questions[k]->field);
    }
    if (state.wrong)
        return SYMBOL_BANG;
    if (i == self->step)
        return SYMBOL_DOT;
    return touched && state.answered >= state.required ? SYMBOL_CHECK : SYMBOL_RING;
}

static size_t count_missing(const struct wizard *self)
{
    struct problems open = {0};
    size_t missing = 0;

    intake_check(self->questions, self->draft.plan.plan_purpose, self->draft.plan.intake_data, true,
                 &open);
    for (size_t i = 0; i < open.count; i++)
        missing += open.items[i].missing;
    problems_finish(&open);
    return missing;
}

/* Brings everything that follows from the answers up to date, if there are others than before. */
static void refresh(struct wizard *self)
{
    const struct plan *plan = &self->draft.plan;
    bool changed = !self->preview.of || !bson_equal(self->preview.of, plan->intake_data) ||
                   self->judged_for != plan->plan_purpose;

    for (size_t i = 0; changed && i < intake_step_count(self->questions) && i < STEPS_MAX; i++)
        intake_step_state(self->questions, intake_step(self->questions, i), plan->plan_purpose,
                          plan->intake_data, &self->states[i]);
    if (changed)
        self->missing = count_missing(self);
    self->judged_for = plan->plan_purpose;
    preview_update(&self->preview, self->base.app->house, plan);
    if (sheet_row(&self->sheet))
        draft_set_place(&self->draft, sheet_row(&self->sheet)->path);
}

/* Goes to a step; with `last` the focus comes in from below. */
static void go_step(struct wizard *self, size_t step, bool last)
{
    if (step >= intake_step_count(self->questions))
        return;
    sheet_commit(&self->sheet);
    self->step = step;
    self->sheet.scroll = 0;
    sheet_rebuild(&self->sheet);
    sheet_go_end(&self->sheet, last);
    refresh(self);
}

/* Goes to the question of `path`, wherever it is. */
static bool go_path(struct wizard *self, const char *path)
{
    if (plan_field(path)) {
        go_step(self, 0, false);
        return sheet_go(&self->sheet, path);
    }
    for (size_t i = 0; i < intake_step_count(self->questions); i++) {
        const struct intake_step *step = intake_step(self->questions, i);

        for (size_t k = 0; k < step->question_count; k++) {
            size_t len = strlen(step->questions[k]->field);

            if (strncmp(path, step->questions[k]->field, len) != 0 ||
                (path[len] && path[len] != '.'))
                continue;
            go_step(self, i, false);
            return sheet_go(&self->sheet, path);
        }
    }
    return false;
}

/* Where an interrupted intake goes on: the first question that must be answered and is not. */
static void go_first_open(struct wizard *self)
{
    struct problems open = {0};

    intake_check(self->questions, self->draft.plan.plan_purpose, self->draft.plan.intake_data, true,
                 &open);
    if (!open.count || !go_path(self, open.items[0].path))
        go_step(self, open.count ? 0 : intake_step_count(self->questions) - 1, !open.count);
    problems_finish(&open);
}

/* ---- life ---------------------------------------------------------------------------------- */

static void settled(void *arg);

static void opened(struct screen *s, struct loaded *l, const struct err *err)
{
    struct wizard *self = (struct wizard *)s;
    const char *left_at;
    char *place;

    app_dirty(s->app);
    if (!l) {
        self->err = *err;
        return;
    }
    draft_open(&self->draft, l);
    loaded_let_go(l);
    sheet_init(&self->sheet, &self->draft, s->app->keys, build, self);
    sheet_rebuild(&self->sheet);
    left_at = draft_place(&self->draft);
    place = mem_str(self->place ? self->place : left_at);
    if (!place || !go_path(self, place))
        go_first_open(self);
    free(place);
    refresh(self);
}

static bool enter(struct screen *s, const void *arg, struct err *err)
{
    struct wizard *self = (struct wizard *)s;
    const struct plan_place *at = arg;

    self->questions = house_intake(s->app->house, err);
    if (!self->questions)
        return false;
    snprintf(self->plan_id, sizeof self->plan_id, "%s", at->plan_id);
    self->name = mem_str(at->name);
    self->place = mem_str(at->place);
    draft_init(&self->draft, s->app, self->questions);
    self->draft.settled = settled;
    self->draft.arg = self;
    loaded_read(s, at->plan_id, LOAD_UNSAVED, opened);
    return true;
}

static void leave(struct screen *s)
{
    struct wizard *self = (struct wizard *)s;

    if (self->draft.open)
        sheet_keep(&self->sheet);
    sheet_finish(&self->sheet);
    draft_finish(&self->draft);
    preview_finish(&self->preview);
    free(self->name);
    free(self->place);
}

static void rescue(struct screen *s)
{
    struct wizard *self = (struct wizard *)s;

    if (self->draft.open) {
        sheet_keep(&self->sheet);
        draft_save(&self->draft);
    }
}

static void shown(struct screen *s)
{
    struct wizard *self = (struct wizard *)s;

    if (!self->draft.open)
        return;
    sheet_rebuild(&self->sheet);
    refresh(self);
}

static void contexts(const struct screen *s, struct contexts *cs)
{
    const struct wizard *self = (const struct wizard *)s;

    if (!self->draft.open)
        return;
    sheet_contexts(&self->sheet, cs);
    if (self->sheet.mode == SHEET_ROWS)
        contexts_add(cs, CONTEXT_WIZARD);
}

static bool allowed(const struct screen *s, enum action a)
{
    const struct wizard *self = (const struct wizard *)s;

    return a != ACTION_WIZARD_NEXT_STEP || (self->draft.open && !last_step(self));
}

static const char *why_not(const struct screen *s, enum action a)
{
    (void)s;
    return a == ACTION_WIZARD_NEXT_STEP ? "This is the last step." : NULL;
}

static void crumb(const struct screen *s, struct strbuf *out)
{
    const struct wizard *self = (const struct wizard *)s;
    const char *name = self->draft.open ? self->draft.plan.name : self->name;

    crumb_join(s, self->name ? name : NULL, "Intake", out);
}

static void state(const struct screen *s, struct strbuf *out)
{
    const struct wizard *self = (const struct wizard *)s;
    size_t left = self->draft.open ? self->missing : 0;

    if (!self->draft.open)
        return;
    draft_state(&self->draft, out);
    if (left)
        strbuf_printf(out, "%s%zu needed", out->len ? " · " : "", left);
}

/* ---- drawing ------------------------------------------------------------------------------- */

static void draw_steps(const struct wizard *self, const struct canvas *line)
{
    static const unsigned styles[SYMBOL_COUNT] = {[SYMBOL_CHECK] = ROLE_OK,
                                                  [SYMBOL_BANG] = ROLE_BAD,
                                                  [SYMBOL_DOT] = ROLE_ACCENT,
                                                  [SYMBOL_RING] = ROLE_DIM};
    size_t count = intake_step_count(self->questions);
    bool full = line->cols >= 80;
    int gap = line->cols >= 96 ? 3 : 1, x = 1;

    for (size_t i = 0; i < count; i++) {
        bool here = i == self->step;
        enum symbol symbol = step_symbol(self, i);

        if (full || here)
            x = canvas_printf(line, 0, x, here ? ROLE_TITLE : ROLE_DIM, "%zu %s ", i + 1,
                              intake_step(self->questions, i)->title);
        else
            x = canvas_printf(line, 0, x, ROLE_DIM, "%zu ", i + 1);
        x = gap + canvas_put(line, 0, x, styles[symbol], canvas_symbol(line, symbol));
    }
}

static void draw_foot(struct wizard *self, const struct canvas *c)
{
    int preview = c->cols >= 72 ? PREVIEW_COLS : 0;
    struct canvas advice = canvas_part(c, 1, 2, c->rows - 1, c->cols - preview - 5);
    struct canvas right = canvas_part(c, 1, c->cols - preview, c->rows - 1, preview - 2);

    canvas_hline(c, 0, 0, c->cols, ROLE_BORDER);
    if (!typed_preview_draw(&self->sheet, &advice))
        advice_draw(sheet_row(&self->sheet), &advice);
    if (!preview)
        return;
    preview_draw(&self->preview, &right);
}

static void draw_side(struct wizard *self, const struct canvas *c)
{
    struct canvas preview = canvas_part(c, 0, 2, FOOT_ROWS + 1, c->cols - 4);
    struct canvas advice = canvas_part(c, FOOT_ROWS + 2, 2, c->rows - FOOT_ROWS - 2, c->cols - 4);

    canvas_vline(c, 0, 0, c->rows, ROLE_BORDER);
    preview_draw(&self->preview, &preview);
    if (!typed_preview_draw(&self->sheet, &advice))
        advice_draw(sheet_row(&self->sheet), &advice);
}

/* Under the steps: what keeps the answers from the store. */
static void draw_unsaved(const struct wizard *self, const struct canvas *body)
{
    bool wrong = self->draft.err.code == ERR_INVALID;
    char *text = mem_printf("%s: %s", wrong ? "Not saved" : "Not saved yet, but kept; tried again",
                            self->draft.err.msg);

    canvas_put(body, 1, 2, ROLE_BAD, canvas_symbol(body, SYMBOL_BANG));
    canvas_fit(body, 1, 4, body->cols - 6, ROLE_BAD, ALIGN_LEFT, text);
    free(text);
}

static void draw(struct screen *s, const struct canvas *body)
{
    struct wizard *self = (struct wizard *)s;
    bool wide = body->cols >= WIDE;
    int foot = wide ? 0 : body->rows >= 16 ? FOOT_ROWS : body->rows >= 12 ? 3 : 0;
    struct canvas steps = canvas_part(body, 0, 0, 1, body->cols);
    struct canvas sheet =
        canvas_part(body, 2, 0, body->rows - 2 - foot, body->cols - (wide ? SIDE_COLS : 0));
    struct canvas below = canvas_part(body, body->rows - foot, 0, foot, body->cols);
    struct canvas side = canvas_part(body, 2, body->cols - SIDE_COLS, body->rows - 2, SIDE_COLS);

    canvas_cursor(body, 0, 0, false);
    if (self->err.code != ERR_NONE)
        canvas_wrap(body, 1, 2, 4, body->cols - 4, ROLE_BAD, self->err.msg, true);
    if (!self->draft.open)
        return;
    draw_steps(self, &steps);
    if (self->draft.err.code != ERR_NONE)
        draw_unsaved(self, body);
    if (wide)
        draw_side(self, &side);
    else if (foot)
        draw_foot(self, &below);
    sheet_draw(&self->sheet, &sheet);
    sheet_edit_draw(&self->sheet, body);
}

/* ---- keys ---------------------------------------------------------------------------------- */

static bool input(struct screen *s, const struct input_event *ev)
{
    struct wizard *self = (struct wizard *)s;
    enum sheet_mode mode = self->sheet.mode;

    if (!self->draft.open || !sheet_input(&self->sheet, ev))
        return false;
    if (mode != self->sheet.mode || ev->kind == INPUT_MOUSE)
        refresh(self); /* a choice was made, or the focus moved */
    return true;
}

static void start_writing(struct wizard *self)
{
    struct app *app = self->base.app;
    struct plan_place place = {.plan_id = self->draft.plan.id, .name = self->name};

    self->writing = false;
    runs_start(app, self->plan_id);
    app_replace(app, &self->base, &screen_generating, &place);
}

static void settled(void *arg)
{
    struct wizard *self = arg;

    if (self->writing)
        start_writing(self);
}

/* Writes the plan if nothing is open; else goes where the open points are listed. */
static void write_plan(struct wizard *self)
{
    size_t problems = 0;

    go_step(self, intake_step_count(self->questions) - 1, true);
    for (size_t i = 0; i < self->sheet.count; i++) {
        if (self->sheet.rows[i].kind == SHEET_PROBLEM && problems++ == 0)
            sheet_go(&self->sheet, self->sheet.rows[i].path);
    }
    if (problems) {
        app_toast(self->base.app, ROLE_WARN,
                  problems == 1 ? "One answer is missing or wrong: Enter leads to it."
                                : "%zu answers are missing or wrong: Enter leads to each.",
                  problems);
        return;
    }
    self->writing = true;
    draft_save(&self->draft);
    if (!self->draft.saving)
        start_writing(self);
}

static void open_row(struct wizard *self)
{
    const struct sheet_row *row = sheet_row(&self->sheet);
    struct rows_place at = {.draft = &self->draft, .table = row->question};

    if (row->kind == SHEET_BUTTON) {
        write_plan(self);
    } else if (row->kind == SHEET_PROBLEM) {
        char *path = mem_str(row->path);

        go_path(self, path);
        free(path);
    } else {
        app_push(self->base.app, &screen_rows, &at);
    }
}

static bool act_on_sheet(struct wizard *self, enum action a)
{
    switch (sheet_act(&self->sheet, a)) {
    case SHEET_NOT_MINE:
        return false;
    case SHEET_BEFORE:
        if (self->step)
            go_step(self, self->step - 1, true);
        return true;
    case SHEET_AFTER:
        go_step(self, self->step + 1, false);
        return true;
    case SHEET_OPEN:
        open_row(self);
        return true;
    case SHEET_USED:
        break;
    }
    refresh(self);
    return true;
}

static bool act(struct screen *s, enum action a)
{
    struct wizard *self = (struct wizard *)s;

    if (!self->draft.open)
        return false;
    self->writing = false; /* whoever goes on with the answers does not want it written now */
    if (act_on_sheet(self, a))
        return true;
    switch (a) {
    case ACTION_WIZARD_NEXT_STEP:
        go_step(self, self->step + 1, false);
        return true;
    case ACTION_WIZARD_PREV_STEP:
        if (self->step)
            go_step(self, self->step - 1, false);
        return true;
    case ACTION_WIZARD_WRITE:
        write_plan(self);
        return true;
    case ACTION_WIZARD_LEAVE:
    case ACTION_BACK:
        sheet_commit(&self->sheet);
        refresh(self);
        app_pop(s->app, s);
        return true;
    default:
        return false;
    }
}

/* The place in it is kept with the answers. */
static void where(const struct screen *s, struct strbuf *plan_id, struct strbuf *place)
{
    (void)place;
    strbuf_str(plan_id, ((const struct wizard *)s)->plan_id);
}

const struct screen_ops screen_wizard = {
    .name = "intake",
    .size = sizeof(struct wizard),
    .enter = enter,
    .leave = leave,
    .shown = shown,
    .rescue = rescue,
    .contexts = contexts,
    .allowed = allowed,
    .why_not = why_not,
    .crumb = crumb,
    .state = state,
    .draw = draw,
    .input = input,
    .act = act,
    .where = where,
};
