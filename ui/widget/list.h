/* list.h - rows of which one is under the cursor. Virtual: it knows how many rows there are and asks
 * for those it shows. The cursor keeps its row while the count changes, and the row stays in sight. */
#ifndef STRATTIO_UI_LIST_H
#define STRATTIO_UI_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "terminal/action.h"
#include "terminal/canvas.h"

struct list {
    size_t count;
    size_t cursor; /* 0 while there are no rows */
    size_t top;    /* first row shown */
    bool plain;    /* no cursor: Up and Down scroll (a page of text) */
    /* Draws row `i` on one line that is filled already; `style` is 0, or STYLE_SELECTED to add to
     * every style. Text begins in column 2: column 0 holds the mark of the selected row. */
    void (*draw_row)(void *arg, const struct canvas *line, size_t i, unsigned style);
    void *arg;
    struct canvas area; /* where it was drawn last */
};

void list_init(struct list *l, void (*draw_row)(void *arg, const struct canvas *line, size_t i,
                                                unsigned style), void *arg);
void list_set_count(struct list *l, size_t count);
void list_move_to(struct list *l, size_t row); /* cut to the last row */

bool list_act(struct list *l, enum action a); /* CONTEXT_LIST; false if it is none of its actions */
/* A wheel turn or a click inside its area: true if it was, *clicked if a row was clicked. */
bool list_mouse(struct list *l, const struct input_event *ev, bool *clicked);
void list_draw(struct list *l, const struct canvas *c);

#endif
