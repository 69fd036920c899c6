/* scope.h - where the names of rules get their values: answers, the plan, its sections and
 * research, then the model. */
#ifndef STRATTIO_COMPLIANCE_SCOPE_H
#define STRATTIO_COMPLIANCE_SCOPE_H

#include "compliance/compliance.h"
#include "expr/expr.h"

struct strbuf;

/* `in` must outlive the scope. */
struct expr_scope scope_of(const struct compliance_input *in);

/* Is `name` one of the plan, its sections or research ("words.team")? *known is whether there is such
 * a one. */
bool scope_has_place(const char *name, bool *known);

/* `text` with each {{expr:format}} replaced by its value; what has none becomes "not stated". */
void scope_render(const struct expr_scope *scope, const char *text, struct strbuf *out);

#endif
