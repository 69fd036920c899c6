/* plan_fields.h - the two fields of a plan itself, its name and its purpose, asked like questions though
 * they are no answers. */
#ifndef STRATTIO_UI_PLAN_FIELDS_H
#define STRATTIO_UI_PLAN_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"
#include "strattio/intake.h"
#include "strattio/plan.h"

struct err;
struct strbuf;

extern const struct question plan_fields[]; /* in the order in which they are asked */
size_t plan_field_count(void);

/* The field at `path`; NULL if that is an answer's. */
const struct question *plan_field(const char *path);

/* As it is typed again, and as it is shown. */
void plan_field_typed(const struct plan *plan, const char *path, struct strbuf *out);
void plan_field_shown(const struct plan *plan, const char *path, struct strbuf *out);

/* Sets it; with `plan` NULL it is only judged. ERR_INVALID says what is wrong, and nothing is set. */
MUST_USE bool plan_field_set(struct plan *plan, const char *path, const char *typed,
                             struct err *err);

#endif
