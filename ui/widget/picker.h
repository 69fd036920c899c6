/* picker.h - one choice out of many: a field to type a few letters into, and what matches them, best
 * first. The owner does the matching. */
#ifndef STRATTIO_UI_PICKER_H
#define STRATTIO_UI_PICKER_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/intake.h" /* struct choice */

#include "widget/field.h"
#include "widget/list.h"

enum { PICKER_MAX = 512 };

struct picker {
    struct field filter;
    struct list list;
    struct choice *choices; /* those that match; their texts are borrowed */
    /* Writes what matches `filter` to out[max], best first, and returns how many. */
    size_t (*find)(void *arg, const char *filter, struct choice *out, size_t max);
    void *arg;
    const char *nothing; /* said when nothing matches; NULL for the usual */
};

enum picker_result { PICKER_GOES_ON, PICKER_TAKEN, PICKER_NOT_MINE };

void picker_init(struct picker *p,
                 size_t (*find)(void *arg, const char *filter, struct choice *out, size_t max),
                 void *arg);
void picker_finish(struct picker *p);
void picker_select(struct picker *p, const char *key); /* puts the cursor on that choice */
const struct choice *picker_choice(const struct picker *p); /* under the cursor, or NULL */

/* PICKER_TAKEN on Enter over a choice or a double click on it; Esc is not its own. */
enum picker_result picker_input(struct picker *p, const struct keymap *keys,
                                const struct input_event *ev);
void picker_draw(struct picker *p, const struct canvas *c);

/* A `find` over a fixed array: label or key holds the filter, case ignored. `arg` is it. */
struct choice_array {
    const struct choice *items;
    size_t count;
};
size_t picker_find_in_array(void *arg, const char *filter, struct choice *out, size_t max);

#endif
