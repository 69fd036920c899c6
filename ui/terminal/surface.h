/* surface.h - a screen full of cells in memory: what canvases draw on and terminal.c shows. Pure, so
 * that widgets can be drawn and looked at in a test without a terminal. */
#ifndef STRATTIO_UI_SURFACE_H
#define STRATTIO_UI_SURFACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "terminal/canvas.h"

enum { CELL_CODES = 5 }; /* as many as ncurses keeps in a cell */

struct cell {
    uint32_t codes[CELL_CODES]; /* a base and what combines with it; 0 ends; all 0 in the right half of a wide one */
    uint32_t style;             /* role and STYLE_ bits */
    uint32_t width;             /* 1, 2; 0 for the right half */
};

struct surface_link { /* cells of one row that lead to an address */
    int y, x, cols;
    unsigned id; /* the same for all parts of one link */
    char *url;
};

struct screen_surface {
    int rows, cols;
    struct cell *cells; /* rows * cols */
    bool utf8;          /* symbols may be other than ASCII */
    int cursor_y, cursor_x;
    bool caret;
    struct surface_link *links; /* row by row as they were drawn */
    size_t link_count, link_cap;
};

void surface_init(struct screen_surface *s, bool utf8);
void surface_finish(struct screen_surface *s);
void surface_resize(struct screen_surface *s, int rows, int cols); /* and blanks it */
void surface_blank(struct screen_surface *s);
struct canvas surface_canvas(struct screen_surface *s);
struct cell *surface_row(struct screen_surface *s, int y);

#endif
