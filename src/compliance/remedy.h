/* remedy.h - the search behind plan_remedy(). Private to the core. */
#ifndef STRATTIO_COMPLIANCE_REMEDY_H
#define STRATTIO_COMPLIANCE_REMEDY_H

#include "strattio/remedy.h"

#include "compliance/compliance.h"

struct model_def;

/* What would make the rule pass, with models of `def` built from changed copies of `in->intake`.
 * Pure: nothing is stored, and the same input gives the same answer. ERR_NOT_FOUND for a rule the
 * pack does not have. Finish *out. */
MUST_USE bool compliance_remedy(const struct packs *p, const struct compliance_input *in,
                                const struct model_def *def, const char *rule_id,
                                struct remedy *out, struct err *err);

#endif
