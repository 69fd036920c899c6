/* plan_repo.h - the acting user's plans. */
#ifndef STRATTIO_PLAN_REPO_H
#define STRATTIO_PLAN_REPO_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"
#include "strattio/plan.h"

struct actor;
struct err;

struct plan_filter {
    enum plan_status status; /* PLAN_STATUS_COUNT for every status */
    int64_t limit;           /* most plans on the page; 0 for all */
    const char *after;       /* cursor of an earlier page, or NULL */
    bool whole;              /* with intake_data and generation_metadata; else what a list shows */
};

struct plan_page {
    struct plan *plans; /* newest first */
    size_t count;
    char *next; /* cursor, NULL after the last page */
};
void plan_page_finish(struct plan_page *page);

/* Creates a draft called `name` with the answers in `intake` (borrowed) and takes a slot of the
 * month's quota in the same step. `draft` gives name, purpose, intake_data, metadata and
 * compliance_type; its id is filled in (a new one, whatever it had). ERR_QUOTA says when the next
 * slot comes. Audits plan.created, with the reason "duplicate" if metadata.duplicated_from is set.
 */
MUST_USE bool plan_repo_create(struct actor *a, struct plan *draft, struct err *err);

MUST_USE bool plan_repo_find(struct actor *a, const char *id, struct plan *out, struct err *err);

/* `ref` is an id or the beginning of a name, case ignored. ERR_NOT_FOUND; ERR_INVALID listing the
 * names if several begin so (an exact name wins). */
MUST_USE bool plan_repo_resolve(struct actor *a, const char *ref, struct plan *out,
                                struct err *err);

MUST_USE bool plan_repo_list(struct actor *a, const struct plan_filter *filter,
                             struct plan_page *out, struct err *err);

/* How many plans have `status`, or any if it is PLAN_STATUS_COUNT. */
MUST_USE bool plan_repo_count(struct actor *a, enum plan_status status, int64_t *count,
                              struct err *err);

/* Writes what differs between `before` (as read) and `after` (same id), if nobody saved since:
 * name, purpose, compliance_type, intake_data (field by field), settings, metadata. ERR_CONFLICT if
 * one of these was saved meanwhile: nothing is written (that a run renewed its lease does not
 * count). Audits plan.updated with just the changed fields when name, purpose or answers changed.
 * On success `after` carries the new rev and updated_at. */
MUST_USE bool plan_repo_update(struct actor *a, const struct plan *before, struct plan *after,
                               struct err *err);

/* archived <-> the status before, kept in metadata.archived_from. */
MUST_USE bool plan_repo_archive(struct actor *a, const char *id, bool archive, struct err *err);

/* Deletes the plan with its sections, research pack, model and report; exports and audit logs stay.
 * ERR_BUSY while it is generating under a live lease. Audits plan.deleted. */
MUST_USE bool plan_repo_delete(struct actor *a, const char *id, struct err *err);

int64_t plan_rev(const struct plan *plan); /* metadata.rev */

#endif
