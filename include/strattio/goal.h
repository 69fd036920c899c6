/* goal.h - what must an input be, so that something holds? "What price breaks even by month 12?",
 * "how late may customers pay before cash runs out?" */
#ifndef STRATTIO_GOAL_H
#define STRATTIO_GOAL_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"
#include "strattio/outcome.h"

struct err;
struct model;

/* Where what is asked begins or ceases to hold. Both values were tried with the model: at `value` it
 * holds, at `beyond`, one smallest step on, it does not. */
struct goal_edge {
    double value, beyond; /* major units; of a rate 0.12 is 12% */
    char *shown, *beyond_shown;
    struct outcome at, beyond_at; /* the measure there */
    bool upward;                  /* it holds from `value` up; else from it down */
};

struct goal {
    char *goal;          /* as asked */
    char *input, *title; /* "products.price[1]", "Price (Sourdough loaf)" */
    bool stated;         /* the input has a value now */
    double now;
    char *now_shown;
    bool holds_now;
    struct outcome now_at;
    double from, to; /* what was searched */
    char *from_shown, *to_shown;
    struct goal_edge *edges; /* nearest to now first; none: it holds everywhere or nowhere */
    size_t count;
    bool holds_everywhere; /* of what was tried */
    size_t undefined;      /* tried values at which the measure is null or the model out of range */
};

/* `goal` compares: "cash.lowest >= 0", "break_even.month_reached <= 12", "pnl.net_profit[y1] =
 * 20000" (searched as "at least", and exact where the input's steps allow). `input` is its name;
 * without a row every row of a table is moved. `from` and `to`, both or neither, limit the search,
 * as typed; else it goes from the least the input allows to ten times, then a thousand times what it
 * is. What is null counts as not holding. ERR_INVALID, ERR_NOT_FOUND. Finish *out. */
MUST_USE bool goal_seek(const struct model *m, const char *goal, const char *input,
                        const char *from, const char *to, struct goal *out, struct err *err);
void goal_finish(struct goal *g);

#endif
