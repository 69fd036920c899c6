/* scenario.h - a plan under other assumptions: changes over its inputs, kept in the plan
 * (plans.intake_data.scenarios) or in assets/finance/plan.scenarios. "base" is the plan as it is.
 * A change reads "products.units_per_month=*80%"; src/finance/change.h has the language. */
#ifndef STRATTIO_SCENARIO_H
#define STRATTIO_SCENARIO_H

#include <bson/bson.h>
#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"
#include "strattio/outcome.h"

struct err;
struct model;
struct strbuf;

enum { SCENARIO_NAME_MAX = 40, SCENARIO_CHANGES_MAX = 64, SCENARIOS_MAX = 32 };

struct scenario {
    char *name;     /* "cautious" */
    char *label;    /* "Cautious" */
    char *basis;    /* what it rests on; "" for one of the user's own */
    char **changes; /* "products.units_per_month=*80%" */
    size_t count;
    bool own; /* kept in the plan */
};

struct scenario_measure { /* what scenarios are compared by */
    char *measure, *label;
};

struct scenarios {
    struct scenario *items; /* base, then those of the asset, then the plan's own */
    size_t count;
    struct scenario_measure *measures;
    size_t measure_count;
};

/* All there are for the answers in `intake`. One of the plan takes the place of the asset's of that
 * name. ERR_INVALID if the asset or the plan's list cannot be read. Finish *out. */
MUST_USE bool scenarios_read(const bson_t *intake, struct scenarios *out, struct err *err);
void scenarios_finish(struct scenarios *s);

/* Lent. ERR_NOT_FOUND names those there are. */
MUST_USE const struct scenario *scenarios_find(const struct scenarios *s, const char *name,
                                               struct err *err);

/* The whole model under a scenario; without changes the same, byte for byte. model_free() it.
 * ERR_INVALID, ERR_NOT_FOUND for a change that does not fit the plan (any more), ERR_LIMIT as
 * model_build(). */
MUST_USE struct model *scenario_model(const struct model *base, const struct scenario *s,
                                      struct err *err);

/* "Units a month (Sourdough loaf): 2,400, now 1,920", a line each input that `change` moves. Fails
 * as scenario_model(). */
MUST_USE bool scenario_explain(const struct model *base, const char *change, struct strbuf *out,
                               struct err *err);

/* Sets the scenario `name` in `intake` to `count` changes, which must fit `base`, or removes it.
 * Removing one the plan does not have is ERR_NOT_FOUND. */
MUST_USE bool scenario_put(bson_t *intake, const struct model *base, const char *name,
                           const char *const *changes, size_t count, struct err *err);
MUST_USE bool scenario_remove(bson_t *intake, const char *name, struct err *err);

/* Scenarios beside each other: cells[measure * scenario_count + scenario]. A scenario that fails
 * (out of range, no longer fitting) is told in `failed` and its cells are nulls. */
struct comparison {
    size_t scenario_count, measure_count;
    struct outcome *cells;
    char **failed; /* by scenario; NULL: it ran */
};

/* Compares all of `s` by `measures` (its own if NULL). Finish *out. */
MUST_USE bool scenarios_compare(const struct model *base, const struct scenarios *s,
                                const struct scenario_measure *measures, size_t count,
                                struct comparison *out, struct err *err);
void comparison_finish(struct comparison *c);

#endif
