/* measure.h - an expression over a plan's figures, asked again and again: "cash.lowest",
 * "pnl.net_profit[y1] / pnl.revenue[y1]", "lowest(cash.closing) >= 0". */
#ifndef STRATTIO_FINANCE_MEASURE_H
#define STRATTIO_FINANCE_MEASURE_H

#include <stdbool.h>

#include "strattio/attr.h"
#include "strattio/outcome.h"

#include "expr/expr.h"

struct err;
struct model;
struct rerun;

struct measure {
    struct expr *expr;
    const struct expr_node *of; /* the part that is evaluated */
};

/* Reads `text` and evaluates it once on `m`, so that what is wrong is told at once: ERR_INVALID,
 * ERR_NOT_FOUND with the nearest figure. Finish it. */
MUST_USE bool measure_read(const struct model *m, const char *text, struct measure *out,
                           struct err *err);
void measure_finish(struct measure *me);

/* Tells `r` the lines it reads. */
void measure_watch(const struct measure *me, const struct model *m, struct rerun *r);

/* Its value; finish *out. Fails as expr_eval() does. */
MUST_USE bool measure_value(const struct measure *me, const struct model *m, struct value *out,
                            struct err *err);

/* The same as an outcome; a truth is 1 or 0, "yes" or "no". */
MUST_USE bool measure_outcome(const struct measure *me, const struct model *m, struct outcome *out,
                              struct err *err);

/* A null for the reason `code`. */
struct outcome outcome_null(const struct model *m, const char *code);

#endif
