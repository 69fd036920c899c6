/* textbox.c - paragraphs being typed. Rows are found by walking the text with one wrapping rule
 * (`next_row`); nothing about them is stored, since at a megabyte the walk takes a few milliseconds
 * and a form's answer is far shorter. */
#include "widget/textbox.h"

#include <stdio.h>
#include <string.h>

#include "strattio/markdown.h"

#include "edit.h"

void textbox_init(struct textbox *b)
{
    *b = (struct textbox){.column = -1, .cols = 40};
    strbuf_init(&b->text, TEXTBOX_MAX_BYTES);
}

void textbox_finish(struct textbox *b)
{
    strbuf_finish(&b->text);
}

void textbox_set(struct textbox *b, const char *text)
{
    strbuf_clear(&b->text);
    edit_clean(text, strnlen(text, TEXTBOX_MAX_BYTES), true, &b->text);
    b->cursor = b->text.len;
    b->top = 0;
    b->column = -1;
    b->changed = false;
    b->error[0] = '\0';
}

const char *textbox_text(const struct textbox *b)
{
    return b->text.data;
}

void textbox_set_error(struct textbox *b, const char *message)
{
    snprintf(b->error, sizeof b->error, "%s", message ? message : "");
}

/* --- rows ---------------------------------------------------------------------------------------- */

struct row {
    size_t start, end; /* bytes shown; the newline or the space it broke at is not */
    size_t next;       /* where the next row begins */
    bool last;
};

/* The row that begins at `start`. A text that ends in a newline has an empty last row. */
static struct row next_row(const struct textbox *b, size_t start)
{
    const char *text = b->text.data;
    size_t len = b->text.len, at = start, space = 0;
    int cells = 0;

    while (at < len && text[at] != '\n') {
        int width;
        size_t bytes = text_cluster(text + at, len - at, &width);

        if (text[at] == ' ' && bytes == 1)
            space = at + 1; /* a row may end in a space that no longer fits */
        else if (cells + width > b->cols)
            break;
        cells += width;
        at += bytes;
    }
    if (at >= len)
        return (struct row){start, len, len, true};
    if (text[at] == '\n')
        return (struct row){start, at, at + 1, false};
    if (space > start)
        return (struct row){start, space, space, false};
    if (at == start) { /* not even one cluster fits */
        int width;

        at += text_cluster(text + at, len - at, &width);
    }
    return (struct row){start, at, at, at >= len};
}

/* The row the byte `at` is on, and its number. */
static struct row row_of(const struct textbox *b, size_t at, size_t *number)
{
    struct row r = next_row(b, 0);

    *number = 0;
    while (!r.last && at >= r.next) {
        r = next_row(b, r.next);
        ++*number;
    }
    return r;
}

static struct row row_number(const struct textbox *b, size_t number)
{
    struct row r = next_row(b, 0);

    while (number-- > 0 && !r.last)
        r = next_row(b, r.next);
    return r;
}

/* The byte of row `r` nearest to the column. */
static size_t at_column(const struct textbox *b, struct row r, int column)
{
    size_t at = r.start;
    int cells = 0;

    while (at < r.end) {
        int width;
        size_t bytes = text_cluster(b->text.data + at, r.end - at, &width);

        if (cells + width > column)
            break;
        if (at + bytes >= r.end && !r.last && r.next == r.end)
            break; /* after its last cluster the next row begins */
        cells += width;
        at += bytes;
    }
    return at;
}

static void move_rows(struct textbox *b, int by)
{
    size_t number;
    struct row r = row_of(b, b->cursor, &number);

    if (b->column < 0)
        b->column = text_width(b->text.data + r.start, b->cursor - r.start);
    if (by < 0 && number == 0) {
        b->cursor = 0;
    } else if (by > 0 && r.last) {
        b->cursor = b->text.len;
    } else {
        number = by < 0 ? number - 1 : number + 1;
        b->cursor = at_column(b, row_number(b, number), b->column);
    }
}

/* --- editing ------------------------------------------------------------------------------------- */

static void replace(struct textbox *b, size_t from, size_t to, const char *with, size_t len)
{
    if (from == to && len == 0)
        return;
    if (!edit_splice(&b->text, from, to, with, len)) {
        textbox_set_error(b, "That is too long.");
        return;
    }
    b->cursor = edit_boundary(b->text.data, b->text.len, from + len);
    if (b->cursor < from + len)
        b->cursor = edit_next(b->text.data, b->text.len, b->cursor);
    b->changed = true;
    b->column = -1;
    b->error[0] = '\0';
}

static void insert(struct textbox *b, const char *text, size_t len)
{
    struct strbuf clean;

    strbuf_init(&clean, TEXTBOX_MAX_BYTES);
    edit_clean(text, len, true, &clean);
    if (clean.full)
        textbox_set_error(b, "That is too long.");
    else
        replace(b, b->cursor, b->cursor, clean.data, clean.len);
    strbuf_finish(&clean);
}

static bool act_on_row(struct textbox *b, enum action a)
{
    size_t number;
    struct row r = row_of(b, b->cursor, &number);
    size_t end = r.end;

    if (!r.last && r.next == r.end && end > r.start) /* broken: the end belongs to the next row */
        end = edit_prev(b->text.data, b->text.len, end);
    switch (a) {
    case ACTION_FIELD_START:
        b->cursor = r.start;
        break;
    case ACTION_FIELD_END:
        b->cursor = end;
        break;
    case ACTION_FIELD_CLEAR:
        replace(b, r.start, b->cursor, "", 0);
        break;
    case ACTION_FIELD_CUT_END:
        replace(b, b->cursor, r.end, "", 0);
        break;
    default:
        return false;
    }
    b->column = -1;
    return true;
}

static bool textbox_act(struct textbox *b, enum action a)
{
    const char *text = b->text.data;
    size_t len = b->text.len, at = b->cursor;

    switch (a) {
    case ACTION_TEXT_UP:
        move_rows(b, -1);
        return true;
    case ACTION_TEXT_DOWN:
        move_rows(b, 1);
        return true;
    case ACTION_TEXT_NEWLINE:
        insert(b, "\n", 1);
        return true;
    case ACTION_TEXT_TOP:
        b->cursor = 0;
        break;
    case ACTION_TEXT_BOTTOM:
        b->cursor = len;
        break;
    case ACTION_FIELD_LEFT:
        b->cursor = edit_prev(text, len, at);
        break;
    case ACTION_FIELD_RIGHT:
        b->cursor = edit_next(text, len, at);
        break;
    case ACTION_FIELD_WORD_LEFT:
        b->cursor = edit_prev_word(text, len, at);
        break;
    case ACTION_FIELD_WORD_RIGHT:
        b->cursor = edit_next_word(text, len, at);
        break;
    case ACTION_FIELD_ERASE:
        replace(b, edit_prev(text, len, at), at, "", 0);
        break;
    case ACTION_FIELD_DELETE:
        replace(b, at, edit_next(text, len, at), "", 0);
        break;
    case ACTION_FIELD_ERASE_WORD:
        replace(b, edit_prev_word(text, len, at), at, "", 0);
        break;
    default:
        return act_on_row(b, a);
    }
    b->column = -1;
    return true;
}

static bool click(struct textbox *b, const struct input_event *ev)
{
    int y = ev->mouse.y - b->area.y, x = ev->mouse.x - b->area.x;

    if (y < 0 || x < 0 || y >= b->area.rows || x >= b->area.cols)
        return false;
    if (ev->mouse.kind == MOUSE_WHEEL_UP || ev->mouse.kind == MOUSE_WHEEL_DOWN)
        move_rows(b, ev->mouse.kind == MOUSE_WHEEL_UP ? -1 : 1);
    else if (ev->mouse.kind == MOUSE_PRESS)
        b->cursor = at_column(b, row_number(b, b->top + (size_t)y), x);
    b->column = -1;
    return true;
}

bool textbox_input(struct textbox *b, const struct keymap *keys, const struct input_event *ev)
{
    struct contexts cs = {.count = 0};

    if (ev->kind == INPUT_PASTE) {
        insert(b, ev->text, ev->len);
        return true;
    }
    if (ev->kind == INPUT_MOUSE)
        return click(b, ev);
    if (ev->kind != INPUT_KEY)
        return false;
    if (ev->len) {
        insert(b, ev->text, ev->len);
        return true;
    }
    contexts_add(&cs, CONTEXT_TEXT);
    contexts_add(&cs, CONTEXT_FIELD);
    return textbox_act(b, keymap_find(keys, &cs, ev->key));
}

/* --- drawing ------------------------------------------------------------------------------------- */

void textbox_draw(struct textbox *b, const struct canvas *c, bool focus)
{
    bool error = b->error[0] && c->rows > 1;
    struct canvas area = canvas_part(c, 0, 0, c->rows - (error ? 1 : 0), c->cols);
    unsigned style = focus ? ROLE_TEXT : ROLE_FIELD;
    size_t number;
    struct row at, r;

    b->area = area;
    b->cols = area.cols > 1 ? area.cols - 1 : 1; /* the cursor may stand after the last cell */
    if (area.rows == 0 || area.cols == 0)
        return;
    at = row_of(b, b->cursor, &number);
    if (number < b->top)
        b->top = number;
    if (number >= b->top + (size_t)area.rows)
        b->top = number - (size_t)area.rows + 1;
    canvas_fill(&area, 0, 0, area.rows, area.cols, style);
    r = row_number(b, b->top);
    for (int y = 0; y < area.rows; y++) {
        canvas_putn(&area, y, 0, style, b->text.data + r.start, r.end - r.start);
        if (r.last)
            break;
        r = next_row(b, r.next);
    }
    if (error) {
        canvas_put(c, c->rows - 1, 0, ROLE_BAD, canvas_symbol(c, SYMBOL_BANG));
        canvas_fit(c, c->rows - 1, 2, c->cols - 2, ROLE_BAD, ALIGN_LEFT, b->error);
    }
    if (focus)
        canvas_cursor(&area, (int)(number - b->top),
                      text_width(b->text.data + at.start, b->cursor - at.start), true);
}
