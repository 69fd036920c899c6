/* plan_write.h - how the pipeline writes: under a lease while generating, conditional on a revision
 * otherwise. Private to the core. */
#ifndef STRATTIO_ACCOUNT_PLAN_WRITE_H
#define STRATTIO_ACCOUNT_PLAN_WRITE_H

#include <bson/bson.h>
#include <stdbool.h>
#include <stdint.h>

#include "strattio/attr.h"
#include "strattio/child_repo.h"
#include "strattio/plan.h"

struct actor;
struct err;

enum { LEASE_TOKEN_LEN = 32, LEASE_MS = 30000, LEASE_RENEW_MS = 10000, LEASE_SLACK_MS = 30000 };

struct plan_lease {
    char plan_id[25];
    char token[LEASE_TOKEN_LEN + 1];
    int64_t until; /* wall clock ms, as last written */
    bool lost;     /* a renewal or a write failed: nothing more may be written under it */
};

/* Moves the plan to `generating` under a new lease by one conditional patch, from draft, failed
 * or complete, or from generating once the old lease is LEASE_SLACK_MS past its end. `plan` is
 * filled with the plan as it is then (finish it). ERR_BUSY names the owner and how long the lease
 * still runs; ERR_INVALID for an archived plan. */
MUST_USE bool plan_lease_take(struct actor *a, const char *plan_id, struct plan_lease *lease,
                              struct plan *plan, struct err *err);

/* True unless `plan`, as read, is generating under a lease that lives at `now`: then ERR_BUSY,
 * naming who holds it and how long it still runs. A lease whose process on this machine is gone
 * is over at once. */
MUST_USE bool plan_lease_over(const struct plan *plan, int64_t now, struct err *err);

/* Extends the lease if at least LEASE_RENEW_MS went by since the last time; ERR_CONFLICT and
 * `lost` if another holds it. */
MUST_USE bool plan_lease_renew(struct actor *a, struct plan_lease *lease, struct err *err);

/* Renews as above and reads that the lease is still ours: what is asked before each child is
 * written. */
MUST_USE bool plan_lease_held(struct actor *a, struct plan_lease *lease, struct err *err);

/* Writes generation_metadata.stages.<stage> = info, under the lease. */
MUST_USE bool plan_lease_note(struct actor *a, struct plan_lease *lease, const char *stage,
                              const bson_t *info, struct err *err);

/* The last write of a run: status (complete: current_version + 1, completed_at now; failed:
 * `error`), the lease removed, `summary` into metadata.summary (NULL keeps it), `timings` merged
 * into generation_metadata. Conditional on the token. Audits plan.generated when complete. */
MUST_USE bool plan_lease_end(struct actor *a, struct plan_lease *lease, enum plan_status status,
                             const char *error, const bson_t *summary, const bson_t *timings,
                             struct err *err);

/* Puts a child in place: inserted under its derived id if absent, else replaced with version + 1
 * (where it has one), created_at kept. `lease` NULL: outside a run (recomputing after a changed
 * answer); then a section is conditional on its metadata.rev. Fills in id and timestamps.
 * ERR_CONFLICT when the lease is lost or somebody saved first. */
MUST_USE bool section_repo_put(struct actor *a, struct plan_lease *lease, struct section *s,
                               struct err *err);
MUST_USE bool research_repo_put(struct actor *a, struct plan_lease *lease, struct research_pack *p,
                                struct err *err);
MUST_USE bool model_repo_put(struct actor *a, struct plan_lease *lease, struct financial_model *m,
                             struct err *err);
MUST_USE bool report_repo_put(struct actor *a, struct plan_lease *lease,
                              struct compliance_report *r, struct err *err);

/* A user's save of a section: source and content, edited_by_user, last_edited_by, conditional on
 * the rev in `s`; audits section.edited (or section.regenerated) with old and new source and
 * content, `reason` in metadata. */
MUST_USE bool section_repo_edit(struct actor *a, struct section *s, enum audit_action action,
                                const char *reason, struct err *err);

/* metadata.summary of a plan, outside a run. */
MUST_USE bool plan_repo_summarise(struct actor *a, const char *plan_id, const bson_t *summary,
                                  struct err *err);

#endif
