/* answer_scope.h - the answers as values of the expression language, typed by their questions.
 * Names are fields: `location_country`, `loan.amount`; `products.price` is the list of that
 * column, `products.price[2]` one row's; `products` alone is its number of rows. `purpose` is
 * the plan's. */
#ifndef STRATTIO_INTAKE_ANSWER_SCOPE_H
#define STRATTIO_INTAKE_ANSWER_SCOPE_H

#include <bson/bson.h>
#include <stdbool.h>

#include "strattio/plan.h"

#include "expr/expr.h"

struct intake;

struct answer_scope {
    struct expr_scope scope; /* give this to expr_eval(); points back at the whole */
    const struct intake *in;
    enum plan_purpose purpose;
    const bson_t *answers;
};

/* Borrows everything; `s` must not move afterwards. What is not answered is null "input_missing"; a
 * name that is no field fails with ERR_NOT_FOUND. Percentages are rates: 12 is 12%. */
void answer_scope_init(struct answer_scope *s, const struct intake *in, enum plan_purpose purpose,
                       const bson_t *answers);

/* Is there an answer: present, not null, not an empty text, list, table or group? */
bool answer_scope_answered(const bson_t *answers, const char *path);

#endif
