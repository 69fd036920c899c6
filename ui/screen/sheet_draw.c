/* sheet_draw.c - a sheet on the screen. Rows differ in height, so the scroll counts lines;
 * whatever has the focus is in sight as a whole, its error with it. */
#include <stdio.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/strbuf.h"

#include "screen/sheet_edit.h"

enum { BOX_LEAST = 3, BOX_MOST = 8, LABEL = 4, TEXT_LIMIT = 1024 * 1024 };

int sheet_value_col(int cols)
{
    return cols >= 100 ? 38 : cols >= 70 ? 33 : cols * 2 / 5;
}

static int error_lines(const struct sheet_row *row, int cols)
{
    int width = cols - sheet_value_col(cols) - 1;

    if (!row->error[0] || row->locked)
        return 0;
    return canvas_wrap(NULL, 0, 0, 0, width > 8 ? width : 8, ROLE_BAD, row->error, false);
}

/* Lines of the box with the focus: what its text takes, and room to go on. */
static int box_lines(const struct sheet *s, int cols)
{
    int width = cols - sheet_value_col(cols) - 2;
    int lines = 1 + canvas_wrap(NULL, 0, 0, 0, width > 8 ? width : 8, ROLE_TEXT,
                                textbox_text(&s->box), false);

    return lines < BOX_LEAST ? BOX_LEAST : lines < BOX_MOST ? lines : BOX_MOST;
}

int sheet_row_lines(const struct sheet *s, size_t i, int cols)
{
    const struct sheet_row *row = &s->rows[i];

    if (row->kind == SHEET_HEADING)
        return i ? 2 : 1;
    if (row->kind == SHEET_BUTTON)
        return 2;
    if (row->kind == SHEET_PROBLEM)
        return 1;
    if (i == s->focus && sheet_edit_is_box(row->question))
        return box_lines(s, cols) + error_lines(row, cols);
    return 1 + error_lines(row, cols);
}

bool sheet_edit_row_at(const struct sheet *s, int y, int x, size_t *row)
{
    int line = y - s->area.y + s->scroll;

    if (y < s->area.y || y >= s->area.y + s->area.rows || x < s->area.x ||
        x >= s->area.x + s->area.cols)
        return false;
    for (size_t i = 0; i < s->count; i++) {
        line -= sheet_row_lines(s, i, s->area.cols);
        if (line < 0) {
            *row = i;
            return true;
        }
    }
    return false;
}

/* ---- one row ------------------------------------------------------------------------------- */

static void draw_state(const struct sheet *s, const struct sheet_row *row, const struct canvas *c,
                       int y, unsigned style)
{
    if (row->error[0] && !row->locked)
        canvas_put(c, y, 2, ROLE_BAD | style, canvas_symbol(c, SYMBOL_BANG));
    else if (draft_answered(s->draft, row->path))
        canvas_put(c, y, 2, ROLE_OK | style, canvas_symbol(c, SYMBOL_CHECK));
    else if (row->required)
        canvas_put(c, y, 2, ROLE_WARN | style, canvas_symbol(c, SYMBOL_RING));
}

/* "3 rows: Sourdough loaf, Croissant, ..." */
static void table_text(const struct sheet *s, const struct sheet_row *row, struct strbuf *out)
{
    size_t rows = doc_count(s->draft->plan.intake_data, row->path);

    if (!rows)
        return;
    strbuf_printf(out, "%zu row%s", rows, rows == 1 ? "" : "s");
    for (size_t i = 0; i < rows && i < 4; i++) {
        char path[160];

        snprintf(path, sizeof path, "%s.%zu.%s", row->path, i, row->question->columns[0].field);
        strbuf_str(out, i ? ", " : ": ");
        draft_shown(s->draft, path, out);
    }
    if (rows > 4)
        strbuf_str(out, ", …");
}

static void value_text(const struct sheet *s, const struct sheet_row *row, struct strbuf *out)
{
    const char *kept = draft_typed(s->draft, row->path);

    if (row->question->type == QUESTION_TABLE)
        table_text(s, row, out);
    else if (kept)
        strbuf_str(out, kept);
    else
        draft_shown(s->draft, row->path, out);
    for (size_t i = 0; i < out->len; i++) {
        if (out->data[i] == '\n')
            out->data[i] = ' ';
    }
}

/* What a row without an answer says while it has the focus. */
static const char *invitation(const struct question *q)
{
    switch (q->type) {
    case QUESTION_TABLE:
        return "Enter adds rows";
    case QUESTION_YES_NO:
        return "y or n";
    case QUESTION_CHOICES:
        return "Enter shows the choices; mark those that apply";
    default:
        return "Enter or a letter shows the choices";
    }
}

static void draw_value(struct sheet *s, const struct sheet_row *row, const struct canvas *c, int y,
                       bool focus)
{
    int x = sheet_value_col(c->cols), cols = c->cols - x - 1;
    unsigned style = row->locked ? ROLE_DIM : focus ? ROLE_FOCUS : ROLE_TEXT;
    struct canvas part = canvas_part(c, y, x, 1, cols);
    struct strbuf text;

    if (focus && sheet_edit_is_box(row->question)) {
        part = canvas_part(c, y, x, box_lines(s, c->cols), cols);
        textbox_draw(&s->box, &part, s->mode == SHEET_ROWS);
        return;
    }
    if (focus && sheet_edit_text(s)) {
        field_draw(&s->field, &part, s->mode == SHEET_ROWS);
        return;
    }
    strbuf_init(&text, TEXT_LIMIT);
    value_text(s, row, &text);
    if (focus)
        canvas_cursor(c, y, x, false);
    if (focus && !text.len)
        canvas_fit(c, y, x, cols, ROLE_DIM, ALIGN_LEFT, invitation(row->question));
    else
        canvas_fit(c, y, x, cols, style, ALIGN_LEFT, text.data);
    strbuf_finish(&text);
}

static void draw_question(struct sheet *s, size_t i, const struct canvas *c, int y)
{
    const struct sheet_row *row = &s->rows[i];
    bool focus = i == s->focus && sheet_row(s);
    int value = sheet_value_col(c->cols), label = LABEL + 2 * row->indent;
    int below = focus && sheet_edit_is_box(row->question) ? box_lines(s, c->cols) : 1;

    if (focus)
        canvas_put(c, y, 0, ROLE_ACCENT, canvas_symbol(c, SYMBOL_MARK));
    draw_state(s, row, c, y, 0);
    canvas_fit(c, y, label, value - label - 1,
               focus ? ROLE_TITLE : row->locked ? ROLE_DIM : ROLE_TEXT, ALIGN_LEFT,
               row->question->label);
    if (row->error[0] && !row->locked)
        canvas_wrap(c, y + below, value, 3, c->cols - value - 1, ROLE_BAD, row->error, true);
    draw_value(s, row, c, y, focus);
}

static void draw_problem(const struct sheet *s, size_t i, const struct canvas *c, int y)
{
    bool focus = i == s->focus;
    unsigned style = focus ? STYLE_SELECTED : 0;

    if (focus) {
        canvas_fill(c, y, 0, 1, c->cols, ROLE_SELECTION);
        canvas_put(c, y, 0, ROLE_ACCENT | style, canvas_symbol(c, SYMBOL_MARK));
        canvas_cursor(c, y, 2, false);
    }
    canvas_put(c, y, 2, ROLE_BAD | style, canvas_symbol(c, SYMBOL_BANG));
    canvas_fit(c, y, LABEL, c->cols - LABEL - 1, ROLE_TEXT | style, ALIGN_LEFT, s->rows[i].label);
}

static void draw_button(const struct sheet *s, size_t i, const struct canvas *c, int y)
{
    bool focus = i == s->focus;

    if (focus) {
        canvas_put(c, y + 1, 0, ROLE_ACCENT, canvas_symbol(c, SYMBOL_MARK));
        canvas_cursor(c, y + 1, 2, false);
    }
    canvas_printf(c, y + 1, LABEL - 1, focus ? (unsigned)ROLE_ACCENT | STYLE_SELECTED : ROLE_ACCENT,
                  " %s ", s->rows[i].label);
}

static void draw_row(struct sheet *s, size_t i, const struct canvas *c, int y)
{
    switch (s->rows[i].kind) {
    case SHEET_HEADING:
        canvas_put(c, y + (i ? 1 : 0), 2, ROLE_TITLE, s->rows[i].label);
        break;
    case SHEET_QUESTION:
        draw_question(s, i, c, y);
        break;
    case SHEET_PROBLEM:
        draw_problem(s, i, c, y);
        break;
    case SHEET_BUTTON:
        draw_button(s, i, c, y);
        break;
    }
}

/* ---- all of them --------------------------------------------------------------------------- */

static void scroll_to_focus(struct sheet *s, const struct canvas *c)
{
    int before = 0, lines = 1, total = 0;

    for (size_t i = 0; i < s->count; i++) {
        int n = sheet_row_lines(s, i, c->cols);

        if (i < s->focus)
            before += n;
        if (i == s->focus)
            lines = n;
        total += n;
    }
    if (before < s->scroll)
        s->scroll = before;
    if (before + lines > s->scroll + c->rows)
        s->scroll = before + lines - c->rows;
    if (s->scroll > total - c->rows)
        s->scroll = total > c->rows ? total - c->rows : 0;
    if (s->scroll > before)
        s->scroll = before;
    if (before > 0 && before == s->scroll && s->rows[s->focus - 1].kind == SHEET_HEADING)
        s->scroll = before > 1 ? before - 1 : 0;
}

void sheet_draw(struct sheet *s, const struct canvas *c)
{
    int y;

    s->area = *c;
    scroll_to_focus(s, c);
    y = -s->scroll;
    for (size_t i = 0; i < s->count && y < c->rows; i++) {
        int lines = sheet_row_lines(s, i, c->cols);

        if (y + lines > 0)
            draw_row(s, i, c, y);
        y += lines;
    }
    if (s->scroll > 0)
        canvas_put(c, 0, c->cols - 1, ROLE_DIM, canvas_symbol(c, SYMBOL_UP));
    if (y > c->rows)
        canvas_put(c, c->rows - 1, c->cols - 1, ROLE_DIM, canvas_symbol(c, SYMBOL_DOWN));
}
