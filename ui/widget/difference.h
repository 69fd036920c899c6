/* difference.h - two versions of a text as one: what was taken away and what came in its place,
 * wrapped and scrolled. Beside each row stands what happened in it: + came, - went, ~ both. */
#ifndef STRATTIO_UI_DIFFERENCE_H
#define STRATTIO_UI_DIFFERENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/diff.h"

#include "terminal/action.h"
#include "terminal/canvas.h"
#include "terminal/input.h"

struct difference_place { /* a byte of a run */
    size_t run, at;
};

struct difference_row {
    struct difference_place from, to; /* `to` is behind its last byte */
    bool added, removed;              /* has something of it */
};

struct difference {
    char *old, *now; /* owned copies */
    struct diff diff;
    struct difference_row *rows; /* for `width` */
    size_t count, cap;
    int width;
    size_t top;
    bool fresh; /* not drawn yet: it begins at the first change */
    struct canvas area;
};

void difference_init(struct difference *d);
void difference_finish(struct difference *d);                                /* accepts all zero */
void difference_set(struct difference *d, const char *old, const char *now); /* takes copies */

bool difference_act(struct difference *d, enum action a); /* CONTEXT_LIST, as scrolling */
bool difference_mouse(struct difference *d, const struct input_event *ev);
void difference_next(struct difference *d, bool backwards); /* to the next change, going round */

/* At most `measure` cells wide. The cursor rests on the first row that changed, if one is in
 * sight. */
void difference_draw(struct difference *d, const struct canvas *c, int measure);

#endif
