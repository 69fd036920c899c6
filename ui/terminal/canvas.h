/* canvas.h - a rectangle of the screen to draw on. Coordinates are cells from the rectangle's own top
 * left; what lies outside is cut, so that no caller needs to check. Text goes by grapheme, in a form
 * every terminal draws with the width we count; control, escape and direction characters never
 * reach the screen. */
#ifndef STRATTIO_UI_CANVAS_H
#define STRATTIO_UI_CANVAS_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"

#include "terminal/theme.h" /* roles and styles */

struct screen_surface; /* what all canvases draw on */

struct canvas { /* a value: copy it, pass it on */
    struct screen_surface *surface;
    int y, x;       /* of the top left corner on the screen */
    int rows, cols; /* may be 0, never negative */
};

/* The part of `c` from (y, x), cut to what lies inside `c`. */
struct canvas canvas_part(const struct canvas *c, int y, int x, int rows, int cols);

/* Draws text from (y, x) to the right and returns the column after it, as if nothing were cut. */
int canvas_put(const struct canvas *c, int y, int x, unsigned style, const char *text);
int canvas_putn(const struct canvas *c, int y, int x, unsigned style, const char *text, size_t len);
int canvas_printf(const struct canvas *c, int y, int x, unsigned style, const char *fmt, ...)
    PRINTF_LIKE(5, 6);

enum align { ALIGN_LEFT, ALIGN_RIGHT, ALIGN_CENTRE };

/* Draws text in exactly `cols` cells: padded, or cut with an ellipsis. */
void canvas_fit(const struct canvas *c, int y, int x, int cols, unsigned style, enum align align,
                const char *text);

/* Wraps text at spaces into at most `rows` rows of `cols` cells (newlines count) and returns how
 * many rows it takes, were there room. With `draw` false it only counts. */
int canvas_wrap(const struct canvas *c, int y, int x, int rows, int cols, unsigned style,
                const char *text, bool draw);

void canvas_fill(const struct canvas *c, int y, int x, int rows, int cols, unsigned style);
void canvas_hline(const struct canvas *c, int y, int x, int cols, unsigned style);
void canvas_vline(const struct canvas *c, int y, int x, int rows, unsigned style);

/* Changes the style of cells that are drawn already. */
void canvas_restyle(const struct canvas *c, int y, int x, int cols, unsigned style);

/* Makes cells that are drawn already lead to `url`, where the terminal can and it is a web or mail
 * address. Parts with the same `id` are one link. */
void canvas_link(const struct canvas *c, int y, int x, int cols, const char *url, unsigned id);

/* Where the terminal's cursor rests: on whatever has the focus, always, for screen readers. It is
 * shown as a caret only where text is typed. The last call of a frame counts. */
void canvas_cursor(const struct canvas *c, int y, int x, bool caret);

/* Symbols one cell wide, with an ASCII twin where the terminal has no UTF-8. */
enum symbol {
    SYMBOL_CHECK,    /* ✓ + */
    SYMBOL_CROSS,    /* ✗ x */
    SYMBOL_BANG,     /* ! ! */
    SYMBOL_DOT,      /* ● * */
    SYMBOL_RING,     /* ○ o */
    SYMBOL_HALF,     /* ◐ ~ */
    SYMBOL_BULLET,   /* • - */
    SYMBOL_CRUMB,    /* › > */
    SYMBOL_MARK,     /* ▌ > the row under the cursor */
    SYMBOL_ELLIPSIS, /* … . */
    SYMBOL_DASH,     /* – - */
    SYMBOL_FULL,     /* █ # */
    SYMBOL_LIGHT,    /* ░ . */
    SYMBOL_UP,       /* ↑ ^ */
    SYMBOL_DOWN,     /* ↓ v */
    SYMBOL_LEFT,     /* ← < */
    SYMBOL_RIGHT,    /* → > */
    SYMBOL_ENTER,    /* ↵ */
    SYMBOL_HLINE,    /* ─ - */
    SYMBOL_VLINE,    /* │ | */
    SYMBOL_COUNT,
};
const char *canvas_symbol(const struct canvas *c, enum symbol symbol);
bool canvas_utf8(const struct canvas *c);

/* A bar `cols` wide, `done` of `total` full. */
void canvas_bar(const struct canvas *c, int y, int x, int cols, unsigned style, double part);

#endif
