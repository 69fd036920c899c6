/* picture.h - a canvas in memory, compared with text: for tests of drawing without a terminal. */
#ifndef STRATTIO_TESTS_PICTURE_H
#define STRATTIO_TESTS_PICTURE_H

#include "terminal/canvas.h"
#include "terminal/surface.h"

struct picture {
    struct screen_surface surface;
    struct canvas canvas;
};

void picture_init(struct picture *p, int rows, int cols);
void picture_finish(struct picture *p);
unsigned picture_style(struct picture *p, int y, int x);

char *picture_text(struct picture *p); /* as assert_picture() wants it; the caller's to free */

/* `want`: one line a row, without trailing blanks, each ending in a newline. */
void assert_picture(struct picture *p, const char *want);

#endif
