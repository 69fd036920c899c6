/* bar.c - header, hints and passing message: what each cuts when the width shrinks. */
#include "widget/bar.h"

#include <string.h>

#include "strattio/markdown.h"

enum {
    GAP = 3, /* cells between two hints */
    TOAST_ROWS = 3,
    QUIET = ROLE_DIM | STYLE_ON(ROLE_STATUS),
};

static int text_cells(const char *text)
{
    return text_width(text, strlen(text));
}

/* Cells of the crumbs from `first` on, with what separates them. */
static int crumbs_width(const char *const *crumbs, size_t first, size_t count)
{
    int width = 0;

    for (size_t i = first; i < count; i++)
        width += text_cells(crumbs[i]) + (i > first ? 3 : 0);
    return width;
}

void bar_header(const struct canvas *line, const char *const *crumbs, size_t count,
                const char *state)
{
    int state_cells = text_cells(state);
    int room = line->cols - 2;
    size_t first = 0;
    int x = 1;

    canvas_fill(line, 0, 0, 1, line->cols, ROLE_STATUS);
    if (state_cells && state_cells + 2 <= room / 2 + 8) {
        canvas_put(line, 0, line->cols - 1 - state_cells, QUIET, state);
        room -= state_cells + 2;
    }
    while (first + 1 < count && crumbs_width(crumbs, first, count) > room)
        first++;
    for (size_t i = first; i < count; i++) {
        bool last = i + 1 == count;
        int left = room + 1 - x;

        if (i > first) {
            canvas_put(line, 0, x + 1, QUIET, canvas_symbol(line, SYMBOL_CRUMB));
            x += 3;
            left -= 3;
        }
        if (text_cells(crumbs[i]) > left) {
            canvas_fit(line, 0, x, left, last ? ROLE_STATUS : QUIET, ALIGN_LEFT, crumbs[i]);
            return;
        }
        x = canvas_put(line, 0, x, last ? ROLE_STATUS : QUIET, crumbs[i]);
    }
}

static int hint_width(const struct hint *hint)
{
    return text_cells(hint->key) + 1 + text_cells(hint->word);
}

static int draw_hint(const struct canvas *line, int x, const struct hint *hint)
{
    x = canvas_put(line, 0, x, ROLE_ACCENT, hint->key);
    return canvas_put(line, 0, x + 1, ROLE_HINT, hint->word) + GAP;
}

void bar_hints(const struct canvas *line, const struct hint *hints, size_t count)
{
    int room = line->cols;
    int x = 1;

    canvas_fill(line, 0, 0, 1, line->cols, ROLE_HINT);
    for (size_t i = 0; i < count; i++)
        room -= hints[i].last ? hint_width(&hints[i]) + GAP : 0;
    for (size_t i = 0; i < count; i++)
        if (!hints[i].last && x + hint_width(&hints[i]) <= room) /* a shorter one may still fit */
            x = draw_hint(line, x, &hints[i]);
    for (size_t i = 0; i < count; i++)
        if (hints[i].last)
            x = draw_hint(line, x, &hints[i]);
}

struct severity severity_of(unsigned style)
{
    switch (style & STYLE_ROLE) {
    case ROLE_OK:
        return (struct severity){SYMBOL_CHECK, "done"};
    case ROLE_WARN:
        return (struct severity){SYMBOL_BANG, "note"};
    case ROLE_BAD:
        return (struct severity){SYMBOL_CROSS, "error"};
    default:
        return (struct severity){SYMBOL_BULLET, "info"};
    }
}

/* Cells before the text: the symbol and the word. */
static int toast_indent(const struct severity *s)
{
    return 3 + text_cells(s->word) + 2;
}

int bar_toast_rows(const struct canvas *c, unsigned style, const char *text)
{
    struct severity s = severity_of(style);
    int indent = toast_indent(&s);
    int rows = c->cols > indent ? canvas_wrap(c, 0, 0, 0, c->cols - indent, style, text, false) : 1;

    return rows < 1 ? 1 : rows > TOAST_ROWS ? TOAST_ROWS : rows;
}

void bar_toast(const struct canvas *c, unsigned style, const char *text)
{
    struct severity s = severity_of(style);
    int indent = toast_indent(&s);

    canvas_fill(c, 0, 0, c->rows, c->cols, ROLE_HINT);
    canvas_put(c, 0, 1, style, canvas_symbol(c, s.symbol));
    canvas_put(c, 0, 3, style | STYLE_BOLD, s.word);
    if (c->rows == 1)
        canvas_fit(c, 0, indent, c->cols - indent, style, ALIGN_LEFT, text);
    else
        canvas_wrap(c, 0, indent, c->rows, c->cols - indent, style, text, true);
}
