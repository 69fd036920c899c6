/* change.h - one change over the base, as people write it and as it is stored:
 *
 *     products.price[1]=4.20              the value
 *     products.units_per_month=*80%       times; of every row of the table
 *     loans.rate_percent[1]=+2%           more; of a rate points, of all else a share of it
 *     stock_days=-3                       less; "==-3" sets a negative value
 *     products.seasonality=*70%@m13       from month 13 on, of an input with months */
#ifndef STRATTIO_FINANCE_CHANGE_H
#define STRATTIO_FINANCE_CHANGE_H

#include <stdbool.h>

#include "strattio/attr.h"

#include "expr/num.h"

struct err;
struct model;
struct rerun;

enum change_how { CHANGE_SET, CHANGE_ADD, CHANGE_TIMES };

struct change {
    int line;
    int row;   /* from 1; 0: every row */
    int month; /* from which on, from 1 */
    enum change_how how;
    struct num by;
};

/* ERR_INVALID, ERR_NOT_FOUND in one sentence. */
MUST_USE bool change_read(const struct model *m, const char *text, struct change *out,
                          struct err *err);

/* The part after the equals sign, for the input of `out`, which has line and row. */
MUST_USE bool change_read_value(const struct model *m, const char *text, struct change *out,
                                struct err *err);

/* What `value` of that input becomes; ERR_INVALID if the input does not allow it. */
MUST_USE bool change_apply(const struct model *m, const struct change *c, struct num value,
                           struct num *out, struct err *err);

/* Tells `r` the inputs it varies, and later sets them from what they are by then. An input without a
 * value can only be set: of one row that is an error, of every row it is left. */
void change_vary(const struct change *c, const struct model *base, struct rerun *r);
MUST_USE bool change_set(const struct change *c, struct rerun *r, struct err *err);

#endif
