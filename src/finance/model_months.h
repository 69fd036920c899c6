/* model_months.h - lowest(), highest(), total() and first_month() of an expression that is asked for
 * from outside: what the model's own lines have compiled. */
#ifndef STRATTIO_FINANCE_MODEL_MONTHS_H
#define STRATTIO_FINANCE_MODEL_MONTHS_H

#include "finance/model_scope.h"

/* For expr_scope.fold: evaluates the argument of `call` in each of the 60 months. A name without a
 * month is read in that month, all else by `outer`. first_month() of what is never so is
 * null("never"). ERR_NOT_FOUND if the call is to another function. */
bool model_fold_months(const struct model *m, const struct expr_scope *outer, const struct expr *e,
                       const struct expr_node *call, struct value *out, struct err *err);

#endif
