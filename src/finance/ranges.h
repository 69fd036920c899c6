/* ranges.h - the triangular ranges of a Monte Carlo run: as given, or those of the asset. */
#ifndef STRATTIO_FINANCE_RANGES_H
#define STRATTIO_FINANCE_RANGES_H

#include "strattio/monte_carlo.h"

#include "finance/draw.h"
#include "finance/lever.h"

struct range {
    struct lever lever;
    struct triangle triangle;
};

struct ranges {
    struct range items[MONTE_CARLO_RANGES_MOST];
    char *basis[MONTE_CARLO_RANGES_MOST]; /* NULL for one that was given */
    size_t count;
};

/* Finish *out. */
MUST_USE bool ranges_read(const struct model *m, const struct monte_carlo_options *options,
                          struct ranges *out, struct err *err);
void ranges_finish(struct ranges *r);

#endif
