/* sensitivity.h - what a measure hangs on: each number that is stated or assumed, moved a share down and up, one at
 * a time, and what the measure comes to (a tornado). */
#ifndef STRATTIO_SENSITIVITY_H
#define STRATTIO_SENSITIVITY_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"
#include "strattio/outcome.h"

struct err;
struct model;

struct sensitivity_row {
    char *input;                        /* "products.price[1]" */
    char *title;                        /* "Price (Sourdough loaf)" */
    char *now, *low_input, *high_input; /* the input as it is, moved down, moved up; formatted */
    struct outcome low, high;           /* the measure at each */
    double swing; /* between the two; from the base if one is null; a NaN if both are */
};

struct sensitivity {
    char *measure;
    double share; /* 0.1 for 10% */
    struct outcome base;
    struct sensitivity_row *rows; /* largest swing first, nulls last */
    size_t count;
    size_t no_effect; /* inputs the measure does not feel */
    size_t zero;      /* inputs that are 0, of which a share is nothing */
    size_t coarse;    /* whole months, of which a share is less than one */
};

/* `measure` is any expression over the figures: "pnl.net_profit[y1]", "lowest(cash.closing)";
 * `share` is above 0 and at most 1. Usual values that nobody stated stay out. A table
 * of more than 50 rows is moved a column at a time. What a
 * move takes out of an input's limits, or the model out of its range, is a null with that reason.
 * ERR_INVALID, ERR_NOT_FOUND for a measure that cannot be read. Finish *out. */
MUST_USE bool sensitivity_run(const struct model *m, const char *measure, double share,
                              struct sensitivity *out, struct err *err);
void sensitivity_finish(struct sensitivity *s);

#endif
