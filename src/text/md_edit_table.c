/* md_edit_table.c - a table put straight: read into cells, measured as shown, written again with every column at
 * one width. A column of nothing but numbers and figures that has no side of its own goes to the
 * right, so that the exported table has it there, too. */
#include "strattio/md_edit.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/mem.h"
#include "strattio/strbuf.h"

enum { COLUMNS_MAX = 64, ROWS_MAX = 2000 };

struct cell {
    const char *text;
    size_t len;
    int width;
};

struct column {
    int width;
    bool left, right; /* colons of the ruler */
    bool numbers;     /* nothing else below the head */
};

struct table {
    struct cell *cells; /* rows x COLUMNS_MAX */
    size_t rows, columns, cap;
    struct column column[COLUMNS_MAX];
    int (*width)(void *arg, const char *figure, size_t len);
    void *arg;
};

/* ---- which lines ---------------------------------------------------------------------------- */

static size_t line_start(const char *text, size_t at)
{
    while (at > 0 && text[at - 1] != '\n')
        at--;
    return at;
}

static size_t line_end(const char *text, size_t len, size_t at)
{
    const char *nl = memchr(text + at, '\n', len - at);

    return nl ? (size_t)(nl - text) : len;
}

static bool has_pipe(const char *text, size_t start, size_t end)
{
    return memchr(text + start, '|', end - start) != NULL;
}

static bool is_ruler(const char *line, size_t len)
{
    bool dash = false;

    for (size_t i = 0; i < len; i++) {
        if (!line[i] || !strchr("-:| \t\r", line[i]))
            return false;
        dash = dash || line[i] == '-';
    }
    return dash;
}

/* The lines with a pipe around `at`; false if the second is no ruler. */
static bool find_lines(const char *text, size_t len, size_t at, size_t *start, size_t *end)
{
    size_t second;

    *start = line_start(text, at);
    *end = line_end(text, len, at);
    if (!has_pipe(text, *start, *end))
        return false;
    while (*start > 0 && has_pipe(text, line_start(text, *start - 1), *start - 1))
        *start = line_start(text, *start - 1);
    while (*end < len && has_pipe(text, *end + 1, line_end(text, len, *end + 1)))
        *end = line_end(text, len, *end + 1);
    second = line_end(text, len, *start) + 1;
    return second < *end && is_ruler(text + second, line_end(text, len, second) - second);
}

/* ---- reading -------------------------------------------------------------------------------- */

static int shown_width(const struct table *t, const char *text, size_t len)
{
    struct md_marks figures = {0};
    int width = text_width(text, len);

    md_edit_figures(text, len, 0, 0, &figures);
    for (size_t i = 0; t->width && i < figures.count; i++) {
        const char *figure = text + figures.items[i].start;
        size_t bytes = figures.items[i].end - figures.items[i].start;

        width += t->width(t->arg, figure, bytes) - text_width(figure, bytes);
    }
    free(figures.items);
    return width;
}

static void add_cell(struct table *t, size_t column, const char *text, size_t len)
{
    struct cell *cell = &t->cells[t->rows * COLUMNS_MAX + column];

    while (len && strchr(" \t\r", text[len - 1]))
        len--;
    while (len && strchr(" \t", *text)) {
        text++;
        len--;
    }
    *cell = (struct cell){.text = text, .len = len, .width = shown_width(t, text, len)};
    if (t->columns <= column)
        t->columns = column + 1;
}

/* False if it has more columns than a table may. */
static bool read_row(struct table *t, const char *line, size_t len)
{
    size_t column = 0, from = 0;

    t->cells = mem_grow(t->cells, &t->cap, (t->rows + 1) * COLUMNS_MAX, sizeof *t->cells);
    memset(&t->cells[t->rows * COLUMNS_MAX], 0, COLUMNS_MAX * sizeof *t->cells);
    while (len && strchr(" \t\r", line[len - 1]))
        len--;
    while (from < len && line[from] == ' ')
        from++;
    from += from < len && line[from] == '|';
    if (len > from && line[len - 1] == '|' && line[len - 2] != '\\')
        len--;
    for (size_t i = from; i <= len; i++) {
        if (i + 1 < len && line[i] == '\\')
            i++;
        else if (i == len || line[i] == '|') {
            if (column == COLUMNS_MAX)
                return false;
            add_cell(t, column++, line + from, i - from);
            from = i + 1;
        }
    }
    t->rows++;
    return true;
}

static bool read_table(struct table *t, const char *text, size_t start, size_t end)
{
    while (start <= end && t->rows < ROWS_MAX) {
        size_t stop = line_end(text, end, start);

        if (!read_row(t, text + start, stop - start))
            return false;
        start = stop + 1;
    }
    return start > end;
}

/* ---- judging -------------------------------------------------------------------------------- */

static bool is_number(const struct cell *cell)
{
    bool digit = false;

    for (size_t i = 0; i < cell->len; i++) {
        unsigned char c = (unsigned char)cell->text[i];

        digit = digit || isdigit(c);
        if (isalpha(c))
            return false;
    }
    return digit || cell->len == 0;
}

static bool is_figure(const struct cell *cell)
{
    return cell->len > 4 && memcmp(cell->text, "{{", 2) == 0 &&
           memcmp(cell->text + cell->len - 2, "}}", 2) == 0;
}

static void judge_column(struct table *t, size_t i)
{
    struct column *column = &t->column[i];
    const struct cell *ruler = &t->cells[COLUMNS_MAX + i];
    bool any = false;

    *column = (struct column){.width = 3, .numbers = true};
    column->left = ruler->len && ruler->text[0] == ':';
    column->right = ruler->len && ruler->text[ruler->len - 1] == ':';
    for (size_t row = 0; row < t->rows; row++) {
        const struct cell *cell = &t->cells[row * COLUMNS_MAX + i];

        if (row == 1)
            continue;
        if (cell->width > column->width)
            column->width = cell->width;
        if (row > 1) {
            any = any || cell->len;
            column->numbers = column->numbers && (is_figure(cell) || is_number(cell));
        }
    }
    if (any && column->numbers && !column->left)
        column->right = true;
}

/* ---- writing -------------------------------------------------------------------------------- */

static void write_ruler(const struct column *column, struct strbuf *out)
{
    strbuf_char(out, column->left ? ':' : '-');
    strbuf_fill(out, '-', (size_t)column->width - 2);
    strbuf_char(out, column->right ? ':' : '-');
}

static void write_cell(const struct cell *cell, const struct column *column, struct strbuf *out)
{
    size_t pad = (size_t)(column->width - cell->width);
    size_t before = !column->right ? 0 : column->left ? pad / 2 : pad;

    strbuf_fill(out, ' ', before);
    strbuf_add(out, cell->text ? cell->text : "", cell->len);
    strbuf_fill(out, ' ', pad - before);
}

static void write_table(const struct table *t, struct strbuf *out)
{
    for (size_t row = 0; row < t->rows; row++) {
        strbuf_str(out, row ? "\n|" : "|");
        for (size_t i = 0; i < t->columns; i++) {
            strbuf_char(out, ' ');
            if (row == 1)
                write_ruler(&t->column[i], out);
            else
                write_cell(&t->cells[row * COLUMNS_MAX + i], &t->column[i], out);
            strbuf_str(out, " |");
        }
    }
}

bool md_edit_table(const char *text, size_t len, size_t at,
                   int (*width)(void *arg, const char *figure, size_t len), void *arg,
                   size_t *start, size_t *end, struct strbuf *out)
{
    struct table t = {.width = width, .arg = arg};
    bool ok = find_lines(text, len, at, start, end) && read_table(&t, text, *start, *end);

    if (ok) {
        for (size_t i = 0; i < t.columns; i++)
            judge_column(&t, i);
        write_table(&t, out);
    }
    free(t.cells);
    return ok;
}
