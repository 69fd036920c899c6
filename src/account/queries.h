/* queries.h - every query of the repositories in one place, so that `store info --explain` shows
 * what runs and not what somebody thinks runs. Each names its owner, uses an index of the
 * reference and starts from a zeroed `q`; strings are borrowed. */
#ifndef STRATTIO_ACCOUNT_QUERIES_H
#define STRATTIO_ACCOUNT_QUERIES_H

#include "store/store.h"
#include "strattio/plan.h"
#include "strattio/section.h"

void queries_user(struct query *q, const char *user_id);
void queries_user_by_email(struct query *q, const char *email);
void queries_first_user(struct query *q);
void queries_admin(struct query *q); /* any user who is one */
void queries_subscription(struct query *q, const char *user_id);
void queries_plan(struct query *q, const char *user_id, const char *plan_id);
void queries_plans(struct query *q, const char *user_id, enum plan_status status); /* COUNT: any */
/* The section in the place of `type`, which an index leads to; by its type, every plan's section
 * of that type would be looked at. Another program may have ordered them otherwise: look at what
 * comes. */
void queries_section(struct query *q, const char *plan_id, enum section_type type);
void queries_sections(struct query *q, const char *plan_id);
void queries_child(struct query *q, const char *plan_id); /* pack, model or report: the newest */
void queries_exports(struct query *q, const char *user_id, const char *plan_id); /* NULL: all */
void queries_audits(struct query *q, const char *user_id, const char *plan_id);  /* NULL: all */
void queries_audit(struct query *q, const char *user_id, const char *id);

struct named_query {
    const char *name; /* "plans of a user" */
    enum collection coll;
    void (*build)(struct query *q, const char *user_id, const char *plan_id);
};
extern const struct named_query queries_table[]; /* ends in a NULL name */

#endif
