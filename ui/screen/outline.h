/* outline.h - a whole plan as a list of its headings, or of the sections in which a search is found. */
#ifndef STRATTIO_UI_OUTLINE_H
#define STRATTIO_UI_OUTLINE_H

#include <stddef.h>

#include "screen/choose.h"

struct app;
struct loaded;

typedef void outline_take(void *arg, const struct choose_item *item);

/* The headings of every written section; `row` of an item is the heading's number in its section. The
 * cursor begins at that heading of that section. */
void outline_show(struct app *app, struct loaded *l, int section, size_t heading,
                  outline_take *take, void *arg);

/* The sections that hold `search` as it is shown, with how often; says so if there are none. */
void outline_search(struct app *app, struct loaded *l, int section, const char *search,
                    outline_take *take, void *arg);

#endif
