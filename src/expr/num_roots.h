/* num_roots.h - the rates at which a series of payments is worth nothing: roots of sums of
 * exponentials. With num_pow.c the only arithmetic in double; results are rounded to 10^-10. */
#ifndef STRATTIO_EXPR_NUM_ROOTS_H
#define STRATTIO_EXPR_NUM_ROOTS_H

#include <stddef.h>

#include "strattio/attr.h"

#include "expr/num.h"

enum { ROOTS_TERMS_MOST = 400 };

/* Every rate above -1 at which the sum of amount[i] / (1 + rate)^time[i] is 0, ascending, double
 * roots once. Times are in years (or periods) and not below 0. Writes at most count - 1 rates. */
size_t num_rates(const double *amount, const double *time, size_t count, struct num *rates);

#endif
