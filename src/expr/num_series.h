/* num_series.h - what payments a period apart, or at times of their own, are worth: for expr_finance.c
 * and for the formulas of models. */
#ifndef STRATTIO_EXPR_NUM_SERIES_H
#define STRATTIO_EXPR_NUM_SERIES_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"

#include "expr/num.h"

/* Which payments of a series count. */
enum series_pick { SERIES_ALL, SERIES_RECEIVED, SERIES_PAID };

/* The sum of amount[i] / (1 + rate)^time[i]; time NULL is 0, 1, 2 and so on. False is overflow; the
 * rate is above -1. */
MUST_USE bool num_worth(const struct num *amount, const double *time, size_t count, struct num rate,
                        enum series_pick pick, struct num *out);

/* ((what is received, reinvested until the end) / (what is paid, now))^(1 / periods) - 1. *exists
 * says whether there is one: it needs payments both ways. False is overflow. */
MUST_USE bool num_mirr(const struct num *amount, size_t count, struct num finance,
                       struct num reinvest, struct num *out, bool *exists);

/* The rates of payments a period apart: num_rates(). Writes at most count - 1. */
size_t num_irr(const struct num *amount, size_t count, struct num *rates);

#endif
