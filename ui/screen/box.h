/* box.h - a frame in the middle of the screen, with a title in its upper edge: for what stands over
 * another screen for a while. */
#ifndef STRATTIO_UI_BOX_H
#define STRATTIO_UI_BOX_H

#include "terminal/canvas.h"

/* Draws a frame around `rows` x `cols` cells, cut to what `c` has room for, and returns its
 * inside. */
struct canvas box_draw(const struct canvas *c, int rows, int cols, const char *title);

/* The same, under the row `y` of `c` or, where there is no room, above it, so that the row stays in
 * sight; over it if there is room on neither side. */
struct canvas box_draw_at(const struct canvas *c, int y, int rows, int cols, const char *title);

#endif
