/* canvas.c - drawing into cells. Every cluster is put in the form text_cluster() counted: its base and
 * what combines with it, without joiners, selectors and skin tones, so that the sum of the widths
 * of what is sent is the width we moved on by. A wide cell that is half overwritten or half cut
 * becomes blank, never a leftover. */
#include "terminal/canvas.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "strattio/markdown.h"
#include "strattio/mem.h"

#include "terminal/hyperlink.h"
#include "terminal/surface.h"

enum { LINE_MAX_BYTES = 4096 };

static const struct {
    const char *utf8, *ascii;
} symbols[SYMBOL_COUNT] = {
    [SYMBOL_CHECK] = {"✓", "+"},    [SYMBOL_CROSS] = {"✗", "x"},  [SYMBOL_BANG] = {"!", "!"},
    [SYMBOL_DOT] = {"●", "*"},      [SYMBOL_RING] = {"○", "o"},   [SYMBOL_HALF] = {"◐", "~"},
    [SYMBOL_BULLET] = {"•", "-"},   [SYMBOL_CRUMB] = {"›", ">"},  [SYMBOL_MARK] = {"▌", ">"},
    [SYMBOL_ELLIPSIS] = {"…", "~"}, [SYMBOL_DASH] = {"–", "-"},   [SYMBOL_FULL] = {"█", "#"},
    [SYMBOL_LIGHT] = {"░", "."},    [SYMBOL_UP] = {"↑", "^"},     [SYMBOL_DOWN] = {"↓", "v"},
    [SYMBOL_LEFT] = {"←", "<"},     [SYMBOL_RIGHT] = {"→", ">"},  [SYMBOL_ENTER] = {"↵", "Enter"},
    [SYMBOL_HLINE] = {"─", "-"},    [SYMBOL_VLINE] = {"│", "|"},
};

/* --- the surface --------------------------------------------------------------------------------- */

void surface_init(struct screen_surface *s, bool utf8)
{
    *s = (struct screen_surface){.utf8 = utf8};
}

static void drop_links(struct screen_surface *s)
{
    while (s->link_count)
        free(s->links[--s->link_count].url);
}

void surface_finish(struct screen_surface *s)
{
    drop_links(s);
    free(s->links);
    s->links = NULL;
    s->link_cap = 0;
    free(s->cells);
    s->cells = NULL;
    s->rows = s->cols = 0;
}

void surface_blank(struct screen_surface *s)
{
    static const struct cell blank = {.codes = {' '}, .style = ROLE_TEXT, .width = 1};
    size_t count = (size_t)s->rows * (size_t)s->cols;

    for (size_t i = 0; i < count; i++)
        s->cells[i] = blank;
    s->cursor_y = s->cursor_x = 0;
    s->caret = false;
    drop_links(s);
}

void surface_resize(struct screen_surface *s, int rows, int cols)
{
    if (rows != s->rows || cols != s->cols) {
        free(s->cells);
        s->cells = mem_zero((size_t)rows * (size_t)cols, sizeof *s->cells);
        s->rows = rows;
        s->cols = cols;
    }
    surface_blank(s);
}

struct canvas surface_canvas(struct screen_surface *s)
{
    return (struct canvas){.surface = s, .rows = s->rows, .cols = s->cols};
}

struct cell *surface_row(struct screen_surface *s, int y)
{
    return s->cells + (size_t)y * (size_t)s->cols;
}

/* --- rectangles ------------------------------------------------------------------------------------ */

struct canvas canvas_part(const struct canvas *c, int y, int x, int rows, int cols)
{
    struct canvas part = *c;
    int top = y < 0 ? 0 : y, left = x < 0 ? 0 : x;
    int bottom = y + rows > c->rows ? c->rows : y + rows;
    int right = x + cols > c->cols ? c->cols : x + cols;

    part.y = c->y + top;
    part.x = c->x + left;
    part.rows = bottom > top ? bottom - top : 0;
    part.cols = right > left ? right - left : 0;
    return part;
}

/* The row of cells the canvas has at `y`, or NULL if it is outside. */
static struct cell *row_at(const struct canvas *c, int y)
{
    if (y < 0 || y >= c->rows || c->cols <= 0)
        return NULL;
    return surface_row(c->surface, c->y + y) + c->x;
}

static void blank_cell(struct cell *cell, unsigned style)
{
    *cell = (struct cell){.codes = {' '}, .style = (uint32_t)style, .width = 1};
}

/* Before cells x..x+width of `row` are written: a wide cell that reaches in from either side loses
 * its other half too. The halves may lie outside the canvas but never outside the screen. */
static void free_halves(const struct canvas *c, struct cell *row, int x, int width)
{
    int after = x + width;

    if (row[x].width == 0 && c->x + x > 0)
        blank_cell(&row[x - 1], row[x - 1].style);
    if (c->x + after < c->surface->cols && row[after].width == 0)
        blank_cell(&row[after], row[after].style);
}

/* --- text ------------------------------------------------------------------------------------------ */

static bool is_combined_only(utf8proc_int32_t code)
{
    return (code >= 0xfe00 && code <= 0xfe0f) || (code >= 0x1f3fb && code <= 0x1f3ff);
}

/* The code points of the cluster's drawn form, at most `max`; returns how many. */
static int drawn_form(const char *text, size_t len, utf8proc_int32_t *codes, int max)
{
    int count = 0;

    for (size_t at = 0; at < len && count < max;) {
        utf8proc_int32_t code;
        utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)text + at,
                                              (utf8proc_ssize_t)(len - at), &code);

        if (n <= 0) {
            codes[count++] = 0xfffd;
            break;
        }
        if (code == 0x200d)
            break;
        if (at == 0 || !is_combined_only(code))
            codes[count++] = code;
        at += (size_t)n;
    }
    return count;
}

/* Writes one cluster of `width` cells at x; all of it lies inside. What has a width of its own gets a
 * cell of its own (the two letters of a flag, a vowel sign), the rest joins the cell before. */
static void put_cluster(const struct canvas *c, struct cell *row, int x, unsigned style,
                        const char *text, size_t len, int width)
{
    enum { FORM_MAX = 16 };
    utf8proc_int32_t codes[FORM_MAX];
    int count = drawn_form(text, len, codes, FORM_MAX);
    struct cell *cell = NULL;
    int used = 0, joined = 0;

    free_halves(c, row, x, width);
    for (int i = 0; i < count; i++) {
        char utf8[4];
        int cells;
        size_t bytes = (size_t)utf8proc_encode_char(codes[i], (utf8proc_uint8_t *)utf8);

        text_cluster(utf8, bytes, &cells);
        if (cells > 0 && used + cells <= width) {
            cell = &row[x + used];
            blank_cell(cell, style);
            cell->codes[0] = (uint32_t)codes[i];
            cell->width = (uint32_t)cells;
            if (cells == 2)
                row[x + used + 1] = (struct cell){.style = (uint32_t)style};
            used += cells;
            joined = 1;
        } else if (cell && cells == 0 && joined < CELL_CODES) {
            cell->codes[joined++] = (uint32_t)codes[i];
        }
    }
    for (; used < width; used++)
        blank_cell(&row[x + used], style);
}

int canvas_putn(const struct canvas *c, int y, int x, unsigned style, const char *text, size_t len)
{
    struct cell *row = row_at(c, y);

    for (size_t at = 0; at < len;) {
        int cells;
        size_t bytes = text_cluster(text + at, len - at, &cells);

        if (row && cells > 0 && x + cells > 0 && x < c->cols) {
            if (x >= 0 && x + cells <= c->cols) {
                put_cluster(c, row, x, style, text + at, bytes, cells);
            } else { /* half of a wide one is inside */
                int inside = x < 0 ? 0 : x;

                free_halves(c, row, inside, 1);
                blank_cell(&row[inside], style);
            }
        }
        x += cells;
        at += bytes;
    }
    return x;
}

int canvas_put(const struct canvas *c, int y, int x, unsigned style, const char *text)
{
    return canvas_putn(c, y, x, style, text, strlen(text));
}

int canvas_printf(const struct canvas *c, int y, int x, unsigned style, const char *fmt, ...)
{
    char line[LINE_MAX_BYTES];
    va_list args;

    va_start(args, fmt);
    vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    return canvas_put(c, y, x, style, line);
}

/* The longest beginning of `text` that takes at most `cols` cells; *width is what it takes. */
static size_t fitting(const char *text, size_t len, int cols, int *width)
{
    size_t at = 0;

    *width = 0;
    while (at < len) {
        int cells;
        size_t bytes = text_cluster(text + at, len - at, &cells);

        if (*width + cells > cols)
            break;
        *width += cells;
        at += bytes;
    }
    return at;
}

void canvas_fit(const struct canvas *c, int y, int x, int cols, unsigned style, enum align align,
                const char *text)
{
    struct canvas part = canvas_part(c, y, x, 1, cols);
    size_t len = strlen(text);
    int width, offset = 0;
    size_t fits = fitting(text, len, cols, &width);

    if (cols <= 0)
        return;
    if (x < 0)
        part = (struct canvas){.surface = c->surface};
    canvas_fill(&part, 0, 0, 1, cols, style);
    if (fits < len && text_width(text + fits, len - fits) > 0) {
        fits = fitting(text, len, cols - 1, &width);
        canvas_put(&part, 0, width, style, canvas_symbol(c, SYMBOL_ELLIPSIS));
    } else if (align == ALIGN_RIGHT) {
        offset = cols - width;
    } else if (align == ALIGN_CENTRE) {
        offset = (cols - width) / 2;
    }
    canvas_putn(&part, 0, offset, style, text, fits);
}

/* The bytes of `text` that go on one row of `cols` cells: up to a newline or the last space that
 * fits; *skip is what follows them and is not drawn. Always moves on. */
static size_t wrap_row(const char *text, size_t len, int cols, size_t *skip)
{
    const char *newline = memchr(text, '\n', len);
    size_t line = newline ? (size_t)(newline - text) : len;
    int width;
    size_t fits = fitting(text, line, cols, &width);
    size_t space;

    *skip = 0;
    if (fits == line) {
        *skip = newline ? 1 : 0;
        return line;
    }
    for (space = fits; space > 0 && text[space] != ' '; space--)
        continue;
    if (space > 0) {
        while (space + *skip < line && text[space + *skip] == ' ')
            ++*skip;
        return space;
    }
    if (fits == 0) { /* not even one cluster fits */
        int cells;

        return text_cluster(text, line, &cells);
    }
    return fits;
}

int canvas_wrap(const struct canvas *c, int y, int x, int rows, int cols, unsigned style,
                const char *text, bool draw)
{
    size_t len = strlen(text);
    int count = 0;

    if (cols <= 0)
        return 0;
    while (len) {
        size_t skip;
        size_t bytes = wrap_row(text, len, cols, &skip);

        if (draw && count < rows) {
            struct canvas part = canvas_part(c, y + count, x, 1, cols);

            canvas_putn(&part, 0, 0, style, text, bytes);
        }
        count++;
        text += bytes + skip;
        len -= bytes + skip;
    }
    return count;
}

/* --- areas and lines -------------------------------------------------------------------------------- */

void canvas_fill(const struct canvas *c, int y, int x, int rows, int cols, unsigned style)
{
    struct canvas part = canvas_part(c, y, x, rows, cols);

    for (int r = 0; r < part.rows && part.cols > 0; r++) {
        struct cell *row = row_at(&part, r);

        free_halves(&part, row, 0, part.cols);
        for (int i = 0; i < part.cols; i++)
            blank_cell(&row[i], style);
    }
}

void canvas_hline(const struct canvas *c, int y, int x, int cols, unsigned style)
{
    struct canvas part = canvas_part(c, y, x, 1, cols);

    for (int i = 0; i < part.cols; i++)
        canvas_put(&part, 0, i, style, canvas_symbol(c, SYMBOL_HLINE));
}

void canvas_vline(const struct canvas *c, int y, int x, int rows, unsigned style)
{
    for (int i = 0; i < rows; i++)
        canvas_put(c, y + i, x, style, canvas_symbol(c, SYMBOL_VLINE));
}

void canvas_restyle(const struct canvas *c, int y, int x, int cols, unsigned style)
{
    struct canvas part = canvas_part(c, y, x, 1, cols);
    struct cell *row = row_at(&part, 0);

    for (int i = 0; row && i < part.cols; i++)
        row[i].style = (uint32_t)style;
}

void canvas_link(const struct canvas *c, int y, int x, int cols, const char *url, unsigned id)
{
    struct canvas part = canvas_part(c, y, x, 1, cols);
    struct screen_surface *s = c->surface;

    if (part.rows < 1 || part.cols < 1 || !hyperlink_is_address(url))
        return;
    s->links = mem_grow(s->links, &s->link_cap, s->link_count + 1, sizeof *s->links);
    s->links[s->link_count++] =
        (struct surface_link){part.y, part.x, part.cols, id, mem_str(url)};
}

void canvas_cursor(const struct canvas *c, int y, int x, bool caret)
{
    struct screen_surface *s = c->surface;

    s->cursor_y = c->y + (y < 0 ? 0 : y >= c->rows ? c->rows - 1 : y);
    s->cursor_x = c->x + (x < 0 ? 0 : x >= c->cols ? c->cols - 1 : x);
    s->cursor_y = s->cursor_y < 0 ? 0 : s->cursor_y;
    s->cursor_x = s->cursor_x < 0 ? 0 : s->cursor_x;
    s->caret = caret && c->rows > 0 && c->cols > 0;
}

const char *canvas_symbol(const struct canvas *c, enum symbol symbol)
{
    return c->surface->utf8 ? symbols[symbol].utf8 : symbols[symbol].ascii;
}

bool canvas_utf8(const struct canvas *c)
{
    return c->surface->utf8;
}

void canvas_bar(const struct canvas *c, int y, int x, int cols, unsigned style, double part)
{
    int full = part <= 0 ? 0 : part >= 1 ? cols : (int)(part * cols);

    for (int i = 0; i < cols; i++)
        canvas_put(c, y, x + i, i < full ? style : ROLE_DIM | (style & STYLE_GROUND),
                   canvas_symbol(c, i < full ? SYMBOL_FULL : SYMBOL_LIGHT));
}
