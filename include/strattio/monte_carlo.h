/* monte_carlo.h - the plan ten thousand times: inputs drawn from triangular ranges, and how cash and
 * profit spread. The same plan, ranges and seed give the same figures on every machine. */
#ifndef STRATTIO_MONTE_CARLO_H
#define STRATTIO_MONTE_CARLO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "strattio/attr.h"
#include "strattio/model.h"

struct err;

enum { MONTE_CARLO_RUNS = 10000, MONTE_CARLO_RUNS_MOST = 100000, MONTE_CARLO_RANGES_MOST = 48 };

struct monte_carlo_options {
    size_t runs; /* 1 to MONTE_CARLO_RUNS_MOST */
    uint64_t seed;
    /* "INPUT=LOW..MODE..HIGH", each the value as typed or a factor of what it is (*80%). An input
     * without a row is one draw for every row. None: those of assets/finance/plan.ranges that the
     * plan has. */
    const char *const *ranges;
    size_t range_count;
    const char *measure; /* one more figure to spread; NULL for none */
};

struct monte_carlo_range {
    char *input, *title;     /* "products.price", "Price (all 3)" */
    char *low, *mode, *high; /* formatted */
    char *basis;             /* "" for one that was given */
};

/* Nearest rank: the smallest outcome that at least a tenth, half, nine tenths of the runs do not
 * exceed. Major units. */
struct spread {
    double base; /* the plan as it is; a NaN for a null */
    double p10, p50, p90;
    size_t nulls; /* runs in which it has no value; the rest is spread. All: NaNs */
};

struct monte_carlo {
    uint64_t seed;
    size_t runs;      /* as asked */
    size_t too_far;   /* runs that left the range of numbers: they count nowhere */
    size_t undefined; /* runs in which cash or profit has no value: the same */
    struct monte_carlo_range *ranges;
    size_t range_count;
    struct spread cash[MODEL_MONTHS]; /* at the end of each month */
    struct spread profit[MODEL_YEARS];
    struct spread lowest; /* the lowest cash of a run */
    bool has_measure;
    struct spread measure;
    double out_of_cash;          /* share of the runs in which cash falls below 0 */
    double out_by[MODEL_MONTHS]; /* the same by the end of each month */
    int out_month;               /* by which half of those runs had run out; 0 if none did */
};

/* ERR_INVALID for ranges that are wrong or none at all, no runs or too many, a plan without cash to
 * spread; ERR_NOT_FOUND with the nearest input. Takes a tenth of a millisecond a run; `cancelled`
 * may be NULL, else it is asked now and then and ends the runs with ERR_CANCELLED. Finish *out. */
MUST_USE bool monte_carlo_run(const struct model *m, const struct monte_carlo_options *options,
                              bool (*cancelled)(void *context), void *context,
                              struct monte_carlo *out, struct err *err);
void monte_carlo_finish(struct monte_carlo *mc);

#endif
