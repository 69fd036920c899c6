/* judge.h - one rule against what it looks at. Private to this room. */
#ifndef STRATTIO_COMPLIANCE_JUDGE_H
#define STRATTIO_COMPLIANCE_JUDGE_H

#include "strattio/err.h"

#include "compliance/compliance.h"
#include "compliance/pack.h"

struct expr_scope;

struct verdict {
    enum outcome outcome;
    struct err err; /* code ERR_NONE, or why the rule could not be tested */
};

struct verdict rule_judge(const struct rule *rule, const struct compliance_input *in,
                          const struct expr_scope *scope);

#endif
