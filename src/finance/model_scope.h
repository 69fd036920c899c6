/* model_scope.h - figures and answers by name, for rule packs and for text. A dotted name the
 * model declares ("pnl.revenue[y1]", "products.unit_cost") is the model's, assumptions included;
 * every other name is an answer ("legal_form", "loan.amount", "competitors.name"), null with
 * "input_missing" if it is not stated. */
#ifndef STRATTIO_FINANCE_MODEL_SCOPE_H
#define STRATTIO_FINANCE_MODEL_SCOPE_H

#include <bson/bson.h>
#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"
#include "strattio/model.h"

#include "expr/expr.h"

/* The value of figure `name` at `index`; finish *out. A column of a table without a row is the
 * list of its rows. ERR_NOT_FOUND names the nearest figure; ERR_INVALID asks for the month or
 * year that is missing, or says that there is none such. */
MUST_USE bool model_value(const struct model *m, const char *name, struct expr_index index,
                          struct value *out, struct err *err);

/* The answer at a dotted path, as a value: a list of documents gives the list of their fields,
 * or for the name of the list alone the list of each one's first text. Null with "input_missing"
 * if it is not there. */
void answer_value(const bson_t *answers, const char *path, int row, struct value *out);

/* The answers the model was computed from; lent. */
const bson_t *model_answers(const struct model *m);

/* Is `name` the field of a question ("loan.amount"), answered or not? */
bool model_asks(const struct model *m, const char *name);

struct model_scope {
    struct expr_scope scope;   /* what expr_eval() takes; first */
    const struct model *model; /* may be NULL: answers only */
    const bson_t *answers;     /* plans.intake_data */
    /* Is `name` a question? A name that is neither figure, answer nor question fails with
     * ERR_NOT_FOUND. NULL: every name may be asked for. */
    bool (*known)(const void *context, const char *name);
    const void *context;
};

/* Sets up `scope`, which stays the caller's; the model and the answers must outlive it. The
 * function stated("loan.amount") is offered: whether there is an answer; with a model also lowest(),
 * highest(), total() and first_month() over its months, as in "lowest(cash.closing)". */
void model_scope_init(struct model_scope *scope, const struct model *m, const bson_t *answers);

/* Rows of a table, by the model's name ("products") or as answered ("competitors"). */
size_t model_scope_rows(const struct model_scope *scope, const char *table);

#endif
