/* choose.h - a list over the screen to choose a place from, with a filter to type into. */
#ifndef STRATTIO_UI_CHOOSE_H
#define STRATTIO_UI_CHOOSE_H

#include <stddef.h>

struct app;

struct choose_item {
    char *label;
    char *note; /* beside it, faint; may be NULL */
    int section;
    size_t row; /* a heading's number, or whatever take() makes of it */
};

struct choose { /* the items become the list's; the rest is borrowed for the call */
    const char *title;
    struct choose_item *items; /* heap, with heap texts */
    size_t count;
    size_t start;                                            /* the one under the cursor at first */
    void (*take)(void *arg, const struct choose_item *item); /* when the list is gone again */
    void *arg; /* lives longer than the list: the screen below */
};

void choose_show(struct app *app, const struct choose *c);

#endif
