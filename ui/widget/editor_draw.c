/* editor_draw.c - the rows in sight: text in the styles of its Markdown, figures as what they say, and over it
 * what a search found, words not spelt right, and the selection. */
#include <stdlib.h>
#include <string.h>

#include "editor.h"
#include "editor_figures.h"
#include "editor_move.h"

enum { LONG_LINE = 4096, AROUND = 1024 };

struct drawing {
    struct editor *e;
    const struct canvas *area;
    struct md_marks styles; /* of the line, or of a part of a very long one, from..to */
    size_t from, to;
};

/* --- one row ------------------------------------------------------------------------------------- */

/* The styles around the row from start to end. */
static void style_row(struct drawing *d, size_t start, size_t end, unsigned state)
{
    const struct editor_rows *r = &d->e->rows;
    size_t line = editor_rows_line_start(r, start), stop;
    const char *nl = memchr(r->text + end, '\n', r->len - end);

    stop = nl ? (size_t)(nl - r->text) : r->len;
    if (stop - line > LONG_LINE) {
        line = start > line + AROUND ? editor_rows_snap(r, start - AROUND) : line;
        stop = stop > end + AROUND ? editor_rows_snap(r, end + AROUND) : stop;
    } else if (d->styles.count && d->from == line && d->to == stop) {
        return;
    }
    d->styles.count = 0;
    d->from = line;
    d->to = stop;
    md_edit_styles(r->text + line, stop - line, state, line, &d->styles);
}

static int draw_figure(const struct drawing *d, int y, int x, const struct md_mark *mark)
{
    struct editor *e = d->e;
    const struct editor_figure *figure = editor_figures_get(
        e->known, e->rows.text + mark->start, mark->end - mark->start, e->figure_text, e->arg);
    unsigned style = figure->known ? ROLE_FIGURE : ROLE_UNBOUND;

    if (mark->start == e->cursor && !e->selecting)
        style |= STYLE_SELECTED;
    return canvas_put(d->area, y, x, style, figure->shown);
}

static void draw_row(struct drawing *d, int y, size_t row)
{
    const struct editor_rows *r = &d->e->rows;
    size_t at = r->rows[row].start, figure = editor_rows_figure(r, at), run = 0;
    bool hard;
    size_t end = editor_rows_end(r, row, &hard);
    int x = 0;

    style_row(d, at, end, r->rows[row].state);
    while (at < end) {
        const struct md_mark *mark = figure < r->figures.count ? &r->figures.items[figure] : NULL;
        size_t stop = end;

        if (mark && mark->start == at) {
            x = draw_figure(d, y, x, mark);
            at = mark->end;
            figure++;
            continue;
        }
        while (run < d->styles.count && d->styles.items[run].end <= at)
            run++;
        if (run < d->styles.count && d->styles.items[run].end < stop)
            stop = d->styles.items[run].end;
        if (mark && mark->start < stop)
            stop = mark->start;
        x = canvas_putn(d->area, y, x,
                        run < d->styles.count ? style_of_md(d->styles.items[run].style) : ROLE_TEXT,
                        r->text + at, stop - at);
        at = stop;
    }
}

/* --- what lies over it --------------------------------------------------------------------------- */

/* Another style for the bytes from..to, as far as they are on the row. */
static void over(const struct drawing *d, int y, size_t row, size_t from, size_t to, unsigned style)
{
    const struct editor_rows *r = &d->e->rows;
    bool hard;
    size_t start = r->rows[row].start, end = editor_rows_end(r, row, &hard);
    int x, cols;

    if (to <= start || from > end || (from == end && !hard))
        return;
    x = from > start ? editor_cell(d->e, from) : 0;
    cols = 0;
    for (size_t at = from > start ? from : start; at < end && at < to;) {
        int cells;
        size_t bytes = editor_rows_step(r, at, &cells);

        if (!bytes)
            break;
        cols += cells;
        at += bytes;
    }
    if (to > end && hard)
        cols++; /* the newline is in it */
    canvas_restyle(d->area, y, x, cols, style);
}

static bool is_prose(const struct drawing *d, size_t at)
{
    for (size_t i = 0; i < d->styles.count; i++) {
        const struct md_mark *run = &d->styles.items[i];

        if (at >= run->start && at < run->end)
            return !(run->style & (MD_CODE | MD_FIGURE | MD_FAINT | MD_LINK));
    }
    return true;
}

static void mark_words(struct drawing *d, int y, size_t row)
{
    const struct editor *e = d->e;
    bool hard;
    size_t start, stop, end = editor_rows_end(&e->rows, row, &hard);

    style_row(d, e->rows.rows[row].start, end, e->rows.rows[row].state);
    for (size_t at = e->rows.rows[row].start;
         md_edit_next_word(e->rows.text, end, at, &start, &stop); at = stop) {
        bool typing = stop == e->cursor; /* nobody wants to be told in the middle of a word */

        if (!typing && is_prose(d, start) && !e->spelt(e->arg, e->rows.text + start, stop - start))
            over(d, y, row, start, stop, ROLE_WARN | STYLE_UNDERLINE);
    }
}

static void mark_matches(struct drawing *d, size_t rows)
{
    const struct editor *e = d->e;
    bool hard;
    size_t last = e->top + rows - 1, len;
    size_t end = editor_rows_end(&e->rows, last, &hard);

    for (size_t at = e->rows.rows[e->top].start; at < end; at += len ? len : 1) {
        at = text_find(e->text, e->match, at, false, &len);
        if (at >= end)
            break;
        for (size_t row = editor_rows_of(&e->rows, at);
             row <= last && e->rows.rows[row].start < at + len; row++)
            if (row >= e->top)
                over(d, (int)(row - e->top), row, at, at + len, ROLE_MATCH);
    }
}

static void mark_selection(struct drawing *d, size_t rows)
{
    size_t from, to;

    if (!editor_selection(d->e, &from, &to))
        return;
    for (size_t y = 0; y < rows; y++)
        over(d, (int)y, d->e->top + y, from, to, ROLE_TEXT | STYLE_SELECTED);
}

/* --- all of it ----------------------------------------------------------------------------------- */

/* Breaks the rows for the width, with the same text at the top. */
static void fit(struct editor *e, int width)
{
    size_t top;

    if (width < 1)
        width = 1;
    if (width == e->rows.width)
        return;
    top = e->top < e->rows.count ? e->rows.rows[e->top].start : 0;
    editor_rows_set(&e->rows, text_bytes(e->text), text_len(e->text), width);
    e->top = editor_rows_of(&e->rows, top);
    e->column = -1;
}

/* As little scrolling as shows the cursor; a jump puts it in the middle. */
static void follow_cursor(struct editor *e, size_t rows)
{
    size_t row = editor_rows_of(&e->rows, e->cursor);
    bool far = row + rows < e->top || row >= e->top + 2 * rows;

    if (far)
        e->top = row > rows / 2 ? row - rows / 2 : 0;
    else if (row < e->top)
        e->top = row;
    else if (row >= e->top + rows)
        e->top = row - rows + 1;
}

void editor_draw(struct editor *e, const struct canvas *c, bool focus)
{
    struct drawing d = {.e = e, .area = c};
    size_t rows;

    e->area = *c;
    if (c->rows < 1 || c->cols < 1)
        return;
    fit(e, c->cols - 1); /* the cursor may stand after the last cell */
    follow_cursor(e, (size_t)c->rows);
    rows = e->rows.count - e->top;
    if (rows > (size_t)c->rows)
        rows = (size_t)c->rows;
    for (size_t y = 0; y < rows; y++) {
        draw_row(&d, (int)y, e->top + y);
        if (e->spelt)
            mark_words(&d, (int)y, e->top + y);
    }
    if (e->match && *e->match)
        mark_matches(&d, rows);
    mark_selection(&d, rows);
    if (focus)
        canvas_cursor(c, (int)(editor_rows_of(&e->rows, e->cursor) - e->top),
                      editor_cell(e, e->cursor), true);
    free(d.styles.items);
}

bool editor_misspelt(const struct editor *e, size_t from, size_t *start, size_t *end)
{
    struct drawing d = {.e = NULL};
    const struct editor_rows *r = &e->rows;
    bool round = false, found = false;
    size_t line = editor_rows_line_start(r, from), stop;

    while (e->spelt && !found) {
        const char *nl = memchr(r->text + line, '\n', r->len - line);

        stop = nl ? (size_t)(nl - r->text) : r->len;
        d.styles.count = 0;
        md_edit_styles(r->text + line, stop - line, r->rows[editor_rows_of(r, line)].state, line,
                       &d.styles);
        for (size_t at = from > line ? from : line;
             !found && md_edit_next_word(r->text, stop, at, start, end); at = *end)
            found = is_prose(&d, *start) && !e->spelt(e->arg, r->text + *start, *end - *start);
        if (nl)
            line = stop + 1;
        else if (round)
            break;
        else {
            round = true;
            from = line = 0;
        }
    }
    free(d.styles.items);
    return found;
}
