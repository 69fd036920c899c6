/* figures.h - expressions over a plan's figures, as sources hold them. */
#ifndef STRATTIO_WRITER_FIGURES_H
#define STRATTIO_WRITER_FIGURES_H

#include <stdbool.h>

#include "strattio/attr.h"

#include "expr/expr.h"
#include "finance/model_scope.h"

struct err;
struct strbuf;

/* The names a source may use: the model's figures and the answers behind it. Set up by
 * figures_init(), it stays the caller's, in its place; the model must outlive it. */
struct figures {
    struct expr_scope scope; /* what expr_eval() takes */
    struct model_scope names;
};
void figures_init(struct figures *f, const struct model *m);

/* The value of `expr` ("pnl.revenue[y1]"), to be finished by the caller. ERR_INVALID if it does
 * not parse or its types do not fit, ERR_NOT_FOUND for a name nobody declared. */
MUST_USE bool figures_eval(const struct model *m, const char *expr, struct value *out,
                           struct err *err);

/* Formats `v` by `format`, or by what suits its unit if that is ""; false if the format does
 * not fit. */
MUST_USE bool figures_format(const struct model *m, const struct value *v, const char *format,
                             struct strbuf *out);

/* A null's reason code in words that can stand in a sentence: "not stated". */
const char *figures_reason(const char *code);

#endif
