/* palette.h - how the styles of a theme look in ncurses, at the depth of colour the terminal has. Private
 * to ui/terminal. */
#ifndef STRATTIO_UI_PALETTE_H
#define STRATTIO_UI_PALETTE_H

#include <curses.h>

#include "terminal/theme.h"

enum { PALETTE_PAIRS = 255 };

struct palette {
    struct theme theme;
    enum color_depth depth;
    struct {
        int fg, bg;
    } pairs[PALETTE_PAIRS]; /* pair i + 1 of ncurses */
    int pair_count;
};

/* The most colours the setting `color` ("auto", "16", ...) or, for "auto", the environment wants. */
enum color_depth palette_wanted(const char *color);

/* After ncurses has started: as deep as wanted and possible, with the default theme. */
void palette_init(struct palette *p, enum color_depth want);
void palette_set_theme(struct palette *p, const struct theme *theme);

/* The attributes of a style, and its pair in *pair. */
attr_t palette_attributes(struct palette *p, unsigned style, int *pair);

#endif
