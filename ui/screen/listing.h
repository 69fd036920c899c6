/* listing.h - what screens do alike: a list whose rows open, and a sentence about what went wrong. */
#ifndef STRATTIO_UI_LISTING_H
#define STRATTIO_UI_LISTING_H

#include <stdbool.h>

#include "terminal/action.h"

struct canvas;
struct input_event;
struct list;
struct screen;

/* The mouse on a list: a click moves the cursor, a double one does `open`. False if the event is none
 * of its own. */
bool listing_input(struct screen *s, struct list *list, const struct input_event *ev,
                   enum action open);

/* A cross and `text` from row `y` on; how many rows that takes. */
int listing_trouble(const struct canvas *body, int y, const char *text);

#endif
