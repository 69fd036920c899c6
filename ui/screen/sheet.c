/* sheet.c - the rows and their life. After each answer the rows are built anew, as an answer
 * may bring questions or take them away; the focus is a path then, not a number. Each row's
 * error is found out afresh from the answers and from the text kept beside them, so that what
 * is shown is never stale. */
#include "screen/sheet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "app.h"
#include "screen/plan_fields.h"
#include "screen/sheet_edit.h"

enum { TEXT_LIMIT = 1024 * 1024, KEEP_MS = 800 };

/* ---- rows ---------------------------------------------------------------------------------- */

static void drop_rows(struct sheet *s)
{
    for (size_t i = 0; i < s->count; i++) {
        free(s->rows[i].path);
        free(s->rows[i].label);
    }
    s->count = 0;
}

static struct sheet_row *add(struct sheet *s, enum sheet_kind kind, const char *path,
                             const char *label)
{
    struct sheet_row *row;

    s->rows = mem_grow(s->rows, &s->cap, s->count + 1, sizeof *s->rows);
    row = &s->rows[s->count++];
    *row = (struct sheet_row){.kind = kind, .path = mem_str(path), .label = mem_str(label)};
    return row;
}

void sheet_add_heading(struct sheet *s, const char *label)
{
    add(s, SHEET_HEADING, "", label);
}

void sheet_add_problem(struct sheet *s, const char *path, const char *label)
{
    add(s, SHEET_PROBLEM, path, label);
}

void sheet_add_button(struct sheet *s, const char *name, const char *label)
{
    add(s, SHEET_BUTTON, name, label);
}

/* What is wrong with the text that is kept for the row. */
static void find_error(const struct sheet *s, struct sheet_row *row)
{
    const char *typed = draft_typed(s->draft, row->path);
    struct err err = {0};

    if (typed && !draft_judge(s->draft, row->path, typed, &err))
        snprintf(row->error, sizeof row->error, "%s", err.msg);
}

void sheet_add_question(struct sheet *s, const struct question *q, const char *path, int indent)
{
    struct sheet_row *row = add(s, SHEET_QUESTION, path, NULL);

    row->question = q;
    row->indent = indent;
    row->required = plan_field(path) ||
                    intake_required(s->draft->questions, q, s->draft->plan.plan_purpose,
                                    s->draft->plan.intake_data);
    row->locked = draft_locked(s->draft, row->question, row->path);
    find_error(s, row);
}

/* Answers that are stored and wrong: imported ones, or wrong since another one changed. */
static void add_problems(struct sheet *s)
{
    struct problems wrong = {0};

    intake_check(s->draft->questions, s->draft->plan.plan_purpose, s->draft->plan.intake_data,
                 false, &wrong);
    for (size_t i = 0; i < wrong.count; i++) {
        for (size_t k = 0; k < s->count; k++) {
            struct sheet_row *row = &s->rows[k];
            size_t len = strlen(row->path);

            if (row->kind == SHEET_QUESTION && !row->error[0] &&
                strncmp(wrong.items[i].path, row->path, len) == 0 &&
                (!wrong.items[i].path[len] || wrong.items[i].path[len] == '.'))
                snprintf(row->error, sizeof row->error, "%s", wrong.items[i].message);
        }
    }
    problems_finish(&wrong);
}

/* ---- the focus ----------------------------------------------------------------------------- */

static bool can_focus(const struct sheet_row *row)
{
    return row->kind != SHEET_HEADING && !row->locked;
}

const struct sheet_row *sheet_row(const struct sheet *s)
{
    return s->focus < s->count && can_focus(&s->rows[s->focus]) ? &s->rows[s->focus] : NULL;
}

/* The first row from `at` on, going by `step`, that can have the focus; `count` if there is
 * none. */
static size_t next_row(const struct sheet *s, size_t at, int step)
{
    for (; at < s->count; at += (size_t)step) {
        if (can_focus(&s->rows[at]))
            return at;
    }
    return s->count;
}

static void set_focus(struct sheet *s, size_t row)
{
    s->focus = row;
    sheet_edit_load(s);
}

void sheet_go_end(struct sheet *s, bool last)
{
    size_t row = last && s->count ? next_row(s, s->count - 1, -1) : next_row(s, 0, 1);

    if (row < s->count)
        set_focus(s, row);
}

bool sheet_go(struct sheet *s, const char *path)
{
    for (size_t i = 0; i < s->count; i++) {
        size_t len = strlen(s->rows[i].path);

        if (len && can_focus(&s->rows[i]) && strncmp(path, s->rows[i].path, len) == 0 &&
            (!path[len] || path[len] == '.')) {
            set_focus(s, i);
            return true;
        }
    }
    return false;
}

void sheet_rebuild(struct sheet *s)
{
    char *path = s->focus < s->count ? mem_str(s->rows[s->focus].path) : NULL;
    size_t at = s->focus;

    drop_rows(s);
    s->build(s->arg, s);
    add_problems(s);
    if (!path || !sheet_go(s, path)) {
        s->focus = at < s->count ? at : 0;
        if (!sheet_row(s))
            sheet_go_end(s, false);
        else
            sheet_edit_load(s);
    }
    free(path);
}

void sheet_init(struct sheet *s, struct draft *draft, const struct keymap *keys,
                void (*build)(void *arg, struct sheet *s), void *arg)
{
    *s = (struct sheet){.draft = draft, .keys = keys, .build = build, .arg = arg};
    field_init(&s->field, NULL);
    textbox_init(&s->box);
}

static void keep_due(void *arg)
{
    struct sheet *s = arg;

    s->keeping = false;
    sheet_keep(s);
    draft_save(s->draft);
}

void sheet_finish(struct sheet *s)
{
    if (!s->draft)
        return;
    loop_timer(s->draft->app->loop, -1, keep_due, s);
    sheet_edit_close(s);
    drop_rows(s);
    free(s->rows);
    field_finish(&s->field);
    textbox_finish(&s->box);
    *s = (struct sheet){0};
}

/* ---- typing -------------------------------------------------------------------------------- */

void sheet_keep(struct sheet *s)
{
    const char *typed = sheet_edit_text(s);

    if (typed && sheet_edit_changed(s))
        draft_keep(s->draft, s->rows[s->focus].path, typed);
}

void sheet_commit(struct sheet *s)
{
    const char *typed = sheet_edit_text(s);
    struct err err = {0};

    if (!typed || !sheet_edit_changed(s))
        return;
    if (!draft_set(s->draft, s->rows[s->focus].path, typed, &err))
        snprintf(s->rows[s->focus].error, sizeof s->rows[s->focus].error, "%s", err.msg);
    sheet_rebuild(s);
    draft_save(s->draft);
}

static enum sheet_result move(struct sheet *s, int step)
{
    size_t row;

    sheet_commit(s);
    row = next_row(s, s->focus + (size_t)step, step);
    if (row >= s->count)
        return step < 0 ? SHEET_BEFORE : SHEET_AFTER;
    set_focus(s, row);
    return SHEET_USED;
}

static enum sheet_result enter_row(struct sheet *s)
{
    const struct sheet_row *row = sheet_row(s);

    if (!row)
        return SHEET_NOT_MINE;
    if (row->kind != SHEET_QUESTION || row->question->type == QUESTION_TABLE) {
        sheet_commit(s);
        return SHEET_OPEN;
    }
    if (sheet_edit_text(s))
        return move(s, 1);
    sheet_edit_open(s, NULL);
    return SHEET_USED;
}

static enum sheet_result clear_row(struct sheet *s)
{
    const struct sheet_row *row = sheet_row(s);
    struct err err = {0};

    if (!row || row->kind != SHEET_QUESTION || row->question->type == QUESTION_TABLE)
        return SHEET_NOT_MINE;
    if (draft_set(s->draft, row->path, "", &err))
        draft_save(s->draft);
    sheet_rebuild(s);
    return SHEET_USED;
}

enum sheet_result sheet_act(struct sheet *s, enum action a)
{
    if (s->mode != SHEET_ROWS)
        return sheet_edit_act(s, a) ? SHEET_USED : SHEET_NOT_MINE;
    switch (a) {
    case ACTION_FORM_NEXT:
        return move(s, 1);
    case ACTION_FORM_PREV:
        return move(s, -1);
    case ACTION_FORM_ENTER:
        return enter_row(s);
    case ACTION_FORM_CLEAR:
        return clear_row(s);
    default:
        return SHEET_NOT_MINE;
    }
}

void sheet_contexts(const struct sheet *s, struct contexts *cs)
{
    const struct sheet_row *row = sheet_row(s);

    if (s->mode == SHEET_PICKING) {
        contexts_add(cs, CONTEXT_PICKER);
        contexts_add(cs, CONTEXT_FIELD);
        return;
    }
    if (s->mode == SHEET_MARKING) {
        contexts_add(cs, CONTEXT_MARKS);
        contexts_add(cs, CONTEXT_LIST);
        return;
    }
    if (row && row->kind == SHEET_QUESTION && sheet_edit_is_box(row->question))
        contexts_add(cs, CONTEXT_TEXT);
    if (sheet_edit_text(s))
        contexts_add(cs, CONTEXT_FIELD);
    contexts_add(cs, CONTEXT_FORM);
}

/* A click puts the focus there. */
static bool click(struct sheet *s, const struct input_event *ev)
{
    size_t row;
    char *path;

    if (ev->kind != INPUT_MOUSE || ev->mouse.kind != MOUSE_PRESS || s->mode != SHEET_ROWS ||
        !sheet_edit_row_at(s, ev->mouse.y, ev->mouse.x, &row) || row == s->focus ||
        !can_focus(&s->rows[row]))
        return false;
    path = mem_str(s->rows[row].path);
    sheet_commit(s);
    sheet_go(s, path);
    free(path);
    return true;
}

/* A double click on what is not typed into: as Enter there. */
static bool opens(const struct sheet *s, const struct input_event *ev)
{
    size_t row;

    return input_double(ev) && s->mode == SHEET_ROWS && !sheet_edit_text(s) &&
           sheet_edit_row_at(s, ev->mouse.y, ev->mouse.x, &row) && row == s->focus;
}

bool sheet_input(struct sheet *s, const struct input_event *ev)
{
    if (opens(s, ev)) {
        app_act(s->draft->app, ACTION_FORM_ENTER);
        return true;
    }
    if (!click(s, ev) && !sheet_edit_input(s, ev))
        return false;
    if (!s->keeping && sheet_edit_changed(s)) {
        /* From the first key on: a timer that each key moved would never be due. */
        s->keeping = true;
        loop_timer(s->draft->app->loop, KEEP_MS, keep_due, s);
    }
    return true;
}
