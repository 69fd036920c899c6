/* rows.c - a table among the answers. The list shows as many columns as fit; a row is filled
 * in as a form, with the same sheet as the questions themselves. A new row exists once its
 * first field is answered. */
#include "screen/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/intake.h"
#include "strattio/markdown.h" /* text_width */
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "app.h"
#include "screen/advice.h"
#include "screen/draft.h"
#include "screen/sheet.h"
#include "screen/typed_preview.h"
#include "widget/list.h"

enum { TEXT_LIMIT = 1024 * 1024, FIRST_COLS = 24, GAP = 2, ADVICE_ROWS = 6 };

static size_t row_count(const struct rows_place *at)
{
    return doc_count(at->draft->plan.intake_data, at->table->field);
}

static bool is_full(const struct rows_place *at)
{
    return (double)row_count(at) >= at->table->max; /* never, if that is NAN */
}

/* With the one that adds another, if there may be one. */
static size_t line_count(const struct rows_place *at)
{
    return row_count(at) + !is_full(at);
}

/* ---- the list ------------------------------------------------------------------------------ */

struct rows {
    struct screen base;
    struct rows_place at;
    struct list list;
    size_t target; /* of a confirmation */
};

static bool is_number(const struct question *q)
{
    return q->type == QUESTION_MONEY || q->type == QUESTION_NUMBER || q->type == QUESTION_WHOLE ||
           q->type == QUESTION_PERCENT;
}

/* A column is as wide as its label needs, within reason. */
static int column_cols(const struct question *q)
{
    int label = text_width(q->label, strlen(q->label));

    if (!is_number(q))
        return label > 18 ? label : 18;
    return label > 10 ? label : 10;
}

static void draw_cells(const struct rows *self, const struct canvas *line, unsigned style,
                       void (*text)(const struct rows *self, size_t row, size_t col,
                                    struct strbuf *out),
                       size_t row)
{
    const struct question *table = self->at.table;
    struct strbuf out;
    int x = 2;

    strbuf_init(&out, TEXT_LIMIT);
    for (size_t i = 0; i < table->column_count; i++) {
        const struct question *column = &table->columns[i];
        int cols = i == 0 ? FIRST_COLS : column_cols(column);

        if (i && x + cols > line->cols - 1)
            break;
        strbuf_clear(&out);
        text(self, row, i, &out);
        canvas_fit(line, 0, x, cols, style, is_number(column) ? ALIGN_RIGHT : ALIGN_LEFT, out.data);
        x += cols + GAP;
    }
    strbuf_finish(&out);
}

static void cell_text(const struct rows *self, size_t row, size_t col, struct strbuf *out)
{
    char *path =
        mem_printf("%s.%zu.%s", self->at.table->field, row, self->at.table->columns[col].field);
    const char *kept = draft_typed(self->at.draft, path);

    if (kept)
        strbuf_printf(out, "! %s", kept);
    else
        draft_shown(self->at.draft, path, out);
    free(path);
}

static void head_text(const struct rows *self, size_t row, size_t col, struct strbuf *out)
{
    (void)row;
    strbuf_str(out, self->at.table->columns[col].label);
}

static void draw_row(void *arg, const struct canvas *line, size_t i, unsigned style)
{
    struct rows *self = arg;

    if (i == row_count(&self->at))
        canvas_put(line, 0, 2, ROLE_ACCENT | style, i ? "Add another" : "Add the first");
    else
        draw_cells(self, line, ROLE_TEXT | style, cell_text, i);
}

static bool rows_enter(struct screen *s, const void *arg, struct err *err)
{
    struct rows *self = (struct rows *)s;

    (void)err;
    self->at = *(const struct rows_place *)arg;
    list_init(&self->list, draw_row, self);
    list_set_count(&self->list, line_count(&self->at));
    return true;
}

static void rows_shown(struct screen *s)
{
    struct rows *self = (struct rows *)s;

    list_set_count(&self->list, line_count(&self->at));
}

static void rows_contexts(const struct screen *s, struct contexts *cs)
{
    (void)s;
    contexts_add(cs, CONTEXT_ROWS);
    contexts_add(cs, CONTEXT_LIST);
}

static bool rows_allowed(const struct screen *s, enum action a)
{
    const struct rows *self = (const struct rows *)s;

    switch (a) {
    case ACTION_ROWS_ADD:
        return !is_full(&self->at);
    case ACTION_ROWS_COPY:
        return self->list.cursor < row_count(&self->at) && !is_full(&self->at);
    case ACTION_ROWS_DELETE:
        return self->list.cursor < row_count(&self->at);
    case ACTION_ROWS_UP:
        return self->list.cursor > 0 && self->list.cursor < row_count(&self->at);
    case ACTION_ROWS_DOWN:
        return self->list.cursor + 1 < row_count(&self->at);
    default:
        return true;
    }
}

static const char *rows_why_not(const struct screen *s, enum action a)
{
    const struct rows *self = (const struct rows *)s;
    bool adds = a == ACTION_ROWS_ADD || a == ACTION_ROWS_COPY;

    if (adds && is_full(&self->at))
        return "The table has all the rows it can have.";
    if (a == ACTION_ROWS_UP || a == ACTION_ROWS_DOWN)
        return "The row can go no further.";
    return a == ACTION_ROWS_COPY || a == ACTION_ROWS_DELETE ? "No row is under the cursor." : NULL;
}

static void rows_crumb(const struct screen *s, struct strbuf *out)
{
    strbuf_str(out, ((const struct rows *)s)->at.table->label);
}

static void rows_state(const struct screen *s, struct strbuf *out)
{
    draft_state(((const struct rows *)s)->at.draft, out);
}

static void rows_draw(struct screen *s, const struct canvas *body)
{
    struct rows *self = (struct rows *)s;
    struct canvas head = canvas_part(body, 3, 0, 1, body->cols);
    struct canvas rows = canvas_part(body, 4, 0, body->rows - 4, body->cols);

    canvas_wrap(body, 1, 2, 2, body->cols - 4, ROLE_DIM, self->at.table->help, true);
    if (row_count(&self->at))
        draw_cells(self, &head, ROLE_TITLE, head_text, 0);
    list_draw(&self->list, &rows);
}

static void delete_target(void *arg)
{
    struct rows *self = arg;

    draft_remove_row(self->at.draft, self->at.table->field, self->target);
    draft_save(self->at.draft);
    rows_shown(&self->base);
}

static void confirm_delete(struct rows *self)
{
    struct strbuf name;
    char *question;

    strbuf_init(&name, TEXT_LIMIT);
    cell_text(self, self->list.cursor, 0, &name);
    question = mem_printf("Delete row %zu%s%.80s%s?", self->list.cursor + 1, name.len ? ", “" : "",
                          name.data, name.len ? "”" : "");
    self->target = self->list.cursor;
    app_confirm(self->base.app,
                &(struct confirm){
                    .question = question, .verb = "delete it", .yes = delete_target, .arg = self});
    free(question);
    strbuf_finish(&name);
}

static void open_row(struct rows *self, size_t row)
{
    struct rows_place at = self->at;

    at.row = row;
    app_push(self->base.app, &screen_row, &at);
}

/* The copy is opened, since one copies to change something. */
static void copy_row(struct rows *self)
{
    size_t copy = row_count(&self->at);
    struct err err = {0};

    if (!draft_copy_row(self->at.draft, self->at.table->field, self->list.cursor, &err)) {
        app_error(self->base.app, &err);
        return;
    }
    draft_save(self->at.draft);
    rows_shown(&self->base);
    list_move_to(&self->list, copy);
    open_row(self, copy);
}

static void move_row(struct rows *self, bool down)
{
    draft_move_row(self->at.draft, self->at.table->field, self->list.cursor, down);
    draft_save(self->at.draft);
    list_move_to(&self->list, down ? self->list.cursor + 1 : self->list.cursor - 1);
}

/* Lines copied from a spreadsheet become rows. */
static void paste(struct rows *self, const char *text)
{
    struct pasted added;
    struct err err = {0};

    if (!draft_paste(self->at.draft, self->at.table, text, &added, &err)) {
        app_error(self->base.app, &err);
        return;
    }
    draft_save(self->at.draft);
    rows_shown(&self->base);
    list_move_to(&self->list, added.first);
    if (added.wrong_count)
        app_toast(self->base.app, ROLE_WARN,
                  "Added %zu row%s; %zu cell%s marked ! could not be read, as “%.40s”: %s.",
                  added.rows, added.rows == 1 ? "" : "s", added.wrong_count,
                  added.wrong_count == 1 ? "" : "s", added.wrong[0].text, added.wrong[0].why);
    else
        app_toast(self->base.app, ROLE_OK, "Added %zu row%s.", added.rows,
                  added.rows == 1 ? "" : "s");
    pasted_finish(&added);
}

static bool rows_input(struct screen *s, const struct input_event *ev)
{
    struct rows *self = (struct rows *)s;
    bool clicked;

    if (ev->kind == INPUT_PASTE) {
        paste(self, ev->text);
        return true;
    }
    if (!list_mouse(&self->list, ev, &clicked))
        return false;
    if (clicked && input_double(ev))
        app_act(s->app, ACTION_ROWS_EDIT);
    return true;
}

static bool rows_act(struct screen *s, enum action a)
{
    struct rows *self = (struct rows *)s;

    switch (a) {
    case ACTION_ROWS_ADD:
        open_row(self, row_count(&self->at));
        return true;
    case ACTION_ROWS_EDIT:
        open_row(self, self->list.cursor);
        return true;
    case ACTION_ROWS_COPY:
        copy_row(self);
        return true;
    case ACTION_ROWS_UP:
    case ACTION_ROWS_DOWN:
        move_row(self, a == ACTION_ROWS_DOWN);
        return true;
    case ACTION_ROWS_DELETE:
        confirm_delete(self);
        return true;
    default:
        return list_act(&self->list, a);
    }
}

const struct screen_ops screen_rows = {
    .name = "rows",
    .size = sizeof(struct rows),
    .enter = rows_enter,
    .shown = rows_shown,
    .contexts = rows_contexts,
    .allowed = rows_allowed,
    .why_not = rows_why_not,
    .crumb = rows_crumb,
    .state = rows_state,
    .draw = rows_draw,
    .input = rows_input,
    .act = rows_act,
};

/* ---- one row ------------------------------------------------------------------------------- */

struct one_row {
    struct screen base;
    struct rows_place at;
    struct sheet sheet;
};

static void build(void *arg, struct sheet *sheet)
{
    struct one_row *self = arg;
    const struct question *table = self->at.table;

    for (size_t i = 0; i < table->column_count; i++) {
        char *path = mem_printf("%s.%zu.%s", table->field, self->at.row, table->columns[i].field);

        sheet_add_question(sheet, &table->columns[i], path, 0);
        free(path);
    }
}

static bool row_enter(struct screen *s, const void *arg, struct err *err)
{
    struct one_row *self = (struct one_row *)s;

    (void)err;
    self->at = *(const struct rows_place *)arg;
    sheet_init(&self->sheet, self->at.draft, s->app->keys, build, self);
    sheet_rebuild(&self->sheet);
    return true;
}

static void row_leave(struct screen *s)
{
    struct one_row *self = (struct one_row *)s;

    sheet_keep(&self->sheet); /* for the draft below, which saves it */
    sheet_finish(&self->sheet);
}

static void row_rescue(struct screen *s)
{
    struct one_row *self = (struct one_row *)s;

    sheet_keep(&self->sheet);
    draft_save(self->at.draft);
}

static void row_contexts(const struct screen *s, struct contexts *cs)
{
    sheet_contexts(&((const struct one_row *)s)->sheet, cs);
}

static void row_crumb(const struct screen *s, struct strbuf *out)
{
    strbuf_printf(out, "row %zu", ((const struct one_row *)s)->at.row + 1);
}

static void row_state(const struct screen *s, struct strbuf *out)
{
    draft_state(((const struct one_row *)s)->at.draft, out);
}

static void row_draw(struct screen *s, const struct canvas *body)
{
    struct one_row *self = (struct one_row *)s;
    int rows = body->rows - ADVICE_ROWS - 2;
    struct canvas sheet = canvas_part(body, 1, 0, rows, body->cols);
    struct canvas advice = canvas_part(body, rows + 2, 2, ADVICE_ROWS, body->cols - 4);

    canvas_hline(body, rows + 1, 0, body->cols, ROLE_BORDER);
    if (!typed_preview_draw(&self->sheet, &advice))
        advice_draw(sheet_row(&self->sheet), &advice);
    sheet_draw(&self->sheet, &sheet);
    sheet_edit_draw(&self->sheet, body);
}

static bool row_input(struct screen *s, const struct input_event *ev)
{
    return sheet_input(&((struct one_row *)s)->sheet, ev);
}

static bool row_act(struct screen *s, enum action a)
{
    struct one_row *self = (struct one_row *)s;

    switch (sheet_act(&self->sheet, a)) {
    case SHEET_USED:
    case SHEET_BEFORE:
    case SHEET_OPEN:
        return true;
    case SHEET_AFTER:
        app_pop(s->app, s);
        return true;
    case SHEET_NOT_MINE:
        break;
    }
    if (a != ACTION_BACK)
        return false;
    sheet_commit(&self->sheet);
    app_pop(s->app, s);
    return true;
}

const struct screen_ops screen_row = {
    .name = "row",
    .size = sizeof(struct one_row),
    .enter = row_enter,
    .leave = row_leave,
    .rescue = row_rescue,
    .contexts = row_contexts,
    .crumb = row_crumb,
    .state = row_state,
    .draw = row_draw,
    .input = row_input,
    .act = row_act,
};
