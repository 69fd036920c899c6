/* editor_move.c - motions. Every step is found by walking from the beginning of a row, which always stands
 * between graphemes, so that none costs more than a row however long the text is. */
#include "editor_move.h"

#include <string.h>

#include "editor.h"

size_t editor_next(const struct editor *e, size_t at)
{
    const struct editor_rows *r = &e->rows;
    int cells;

    if (at >= r->len)
        return r->len;
    at += editor_rows_step(r, at, &cells);
    while (at < r->len && r->text[at] != '\n') { /* what is not seen is stepped over */
        size_t bytes = editor_rows_step(r, at, &cells);

        if (cells)
            break;
        at += bytes;
    }
    return at;
}

/* The last boundary before `at`. */
static size_t boundary_before(const struct editor_rows *r, size_t at)
{
    size_t here = r->rows[editor_rows_of(r, at - 1)].start;

    for (;;) {
        int cells;
        size_t bytes = editor_rows_step(r, here, &cells);

        if (!bytes || here + bytes >= at)
            return here;
        here += bytes;
    }
}

size_t editor_prev(const struct editor *e, size_t at)
{
    int cells;

    if (!at)
        return 0;
    do {
        at = boundary_before(&e->rows, at);
        editor_rows_step(&e->rows, at, &cells);
    } while (at > 0 && !cells && e->rows.text[at] != '\n');
    return at;
}

static bool is_word(const struct editor *e, size_t at)
{
    unsigned char c = (unsigned char)e->rows.text[at];

    return (c >= 0x80) || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || c == '_' || editor_rows_figure_at(&e->rows, at);
}

size_t editor_next_word(const struct editor *e, size_t at)
{
    while (at < e->rows.len && !is_word(e, at))
        at = editor_next(e, at);
    if (at < e->rows.len && editor_rows_figure_at(&e->rows, at))
        return editor_next(e, at);
    while (at < e->rows.len && is_word(e, at))
        at = editor_next(e, at);
    return at;
}

size_t editor_prev_word(const struct editor *e, size_t at)
{
    size_t before = editor_prev(e, at);

    while (at > 0 && !is_word(e, before)) {
        at = before;
        before = editor_prev(e, at);
    }
    if (at > 0 && editor_rows_figure_at(&e->rows, before))
        return before;
    while (at > 0 && is_word(e, before)) {
        at = before;
        before = editor_prev(e, at);
    }
    return at;
}

int editor_cell(const struct editor *e, size_t at)
{
    size_t here = e->rows.rows[editor_rows_of(&e->rows, at)].start;
    int x = 0;

    while (here < at) {
        int cells;
        size_t bytes = editor_rows_step(&e->rows, here, &cells);

        if (!bytes)
            break;
        x += cells;
        here += bytes;
    }
    return x;
}

size_t editor_at_cell(const struct editor *e, size_t row, int cell)
{
    bool hard;
    size_t at = e->rows.rows[row].start, end = editor_rows_end(&e->rows, row, &hard);
    int x = 0;

    while (at < end) {
        int cells;
        size_t bytes = editor_rows_step(&e->rows, at, &cells);

        if (x + cells > cell)
            break;
        if (!hard && at + bytes >= end)
            break; /* after its last cluster the next row begins */
        x += cells;
        at += bytes;
    }
    return at;
}

static size_t by_rows(struct editor *e, long by)
{
    size_t row = editor_rows_of(&e->rows, e->cursor);
    size_t step = (size_t)(by < 0 ? -by : by);

    if (e->column < 0)
        e->column = editor_cell(e, e->cursor);
    if (by < 0 && row == 0)
        return 0;
    if (by > 0 && row + 1 == e->rows.count)
        return e->rows.len;
    if (by < 0)
        row = row > step ? row - step : 0;
    else
        row = row + step < e->rows.count ? row + step : e->rows.count - 1;
    return editor_at_cell(e, row, e->column);
}

/* Where the text of a line begins: after blanks. */
static size_t text_of_line(const struct editor *e, size_t line)
{
    int cells;

    while (line < e->rows.len && e->rows.text[line] == ' ' &&
           editor_rows_step(&e->rows, line, &cells) == 1) /* nothing joins the blank */
        line++;
    return line;
}

/* From the row's start to the line's text, to the line's start, and round. */
static size_t home(const struct editor *e)
{
    size_t row = e->rows.rows[editor_rows_of(&e->rows, e->cursor)].start;
    size_t line = editor_rows_line_start(&e->rows, e->cursor);
    size_t text = text_of_line(e, line);

    if (e->cursor != row && row > text)
        return row;
    return e->cursor != text ? text : line;
}

static size_t end_of_line(const struct editor *e, size_t at)
{
    const char *nl = memchr(e->rows.text + at, '\n', e->rows.len - at);

    return nl ? (size_t)(nl - e->rows.text) : e->rows.len;
}

/* The row's end first, then the line's. */
static size_t end(const struct editor *e)
{
    bool hard;
    size_t stop = editor_rows_end(&e->rows, editor_rows_of(&e->rows, e->cursor), &hard);

    if (!hard)
        stop = editor_prev(e, stop);
    return e->cursor < stop ? stop : end_of_line(e, e->cursor);
}

bool editor_motion(struct editor *e, enum action a, size_t *at)
{
    long page = e->area.rows > 2 ? e->area.rows - 1 : 1;

    switch (a) {
    case ACTION_TEXT_UP:
        *at = by_rows(e, -1);
        return true;
    case ACTION_TEXT_DOWN:
        *at = by_rows(e, 1);
        return true;
    case ACTION_EDITOR_PAGE_UP:
        *at = by_rows(e, -page);
        return true;
    case ACTION_EDITOR_PAGE_DOWN:
        *at = by_rows(e, page);
        return true;
    case ACTION_TEXT_TOP:
        *at = 0;
        break;
    case ACTION_TEXT_BOTTOM:
        *at = e->rows.len;
        break;
    case ACTION_FIELD_LEFT:
        *at = editor_prev(e, e->cursor);
        break;
    case ACTION_FIELD_RIGHT:
        *at = editor_next(e, e->cursor);
        break;
    case ACTION_FIELD_WORD_LEFT:
        *at = editor_prev_word(e, e->cursor);
        break;
    case ACTION_FIELD_WORD_RIGHT:
        *at = editor_next_word(e, e->cursor);
        break;
    case ACTION_FIELD_START:
        *at = home(e);
        break;
    case ACTION_FIELD_END:
        *at = end(e);
        break;
    default:
        return false;
    }
    e->column = -1;
    return true;
}
