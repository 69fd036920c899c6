/* plan_run.h - making a plan: the five stages with their keys, resumed where they stand, and what
 * follows a changed answer or an edited section. */
#ifndef STRATTIO_PLAN_RUN_H
#define STRATTIO_PLAN_RUN_H

#include <bson/bson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "strattio/attr.h"
#include "strattio/event.h"
#include "strattio/plan.h"
#include "strattio/section.h"

struct actor;
struct err;
struct house;
struct model;
struct queue;
struct run; /* one generation in its own thread */

/* Starts generating `plan_id` in a worker thread with an actor of its own. Events go to `events`
 * (borrowed; must outlive the run), ending in exactly one EVENT_FINISHED or EVENT_FAILED of
 * STAGE_RUN. Fails at once, with nothing started, if required answers are missing (ERR_INVALID
 * lists them), the plan is generating elsewhere (ERR_BUSY) or not the user's. */
MUST_USE struct run *run_start(struct actor *a, struct house *h, const char *plan_id,
                               struct queue *events, struct err *err);

/* What a run makes anew although it stands: one stage, or of the writing stage one section. What the
 * user edited stays as it is, with the new draft beside it. */
struct run_redo {
    enum stage stage;
    enum section_type section; /* with STAGE_WRITING: SECTION_COUNT for all */
};
/* run_start(), but `redo` is made anew; NULL for nothing. */
MUST_USE struct run *run_start_redo(struct actor *a, struct house *h, const char *plan_id,
                                    const struct run_redo *redo, struct queue *events,
                                    struct err *err);
void run_cancel(struct run *r); /* the run ends as failed, "Cancelled"; what exists stays */
void run_finish(struct run *r); /* cancels if still working, waits, frees; accepts NULL */
bool run_working(const struct run *r);

/* The same in the calling thread; `events` may be NULL. */
MUST_USE bool run_now(struct actor *a, struct house *h, const char *plan_id, struct queue *events,
                      struct err *err);

/* Brings the plan's research pack up to date by the sources that are on, asking all of them again
 * with `again`, else only what has expired; sections that cite a fact which says something else by
 * now are marked stale, and nothing is written anew. Waits for the sources, up to their deadline:
 * never called where somebody waits for the screen. `out` is the pack as it is then; the caller
 * finishes it. A source that fails is in data.fetch_errors and no failure. ERR_BUSY while the plan
 * is generated; else as the repositories fail. */
struct research_pack;
MUST_USE bool plan_research(struct actor *a, struct house *h, const char *plan_id, bool again,
                            struct research_pack *out, struct err *err);

/* Creates a draft from answers, checked as far as they go; start date fixed, compliance_type set.
 */
MUST_USE bool plan_new(struct actor *a, struct house *h, const char *name,
                       enum plan_purpose purpose, const bson_t *intake, struct plan *out,
                       struct err *err);

/* Saves changed answers (and name and purpose) of `after` over `before` and brings model, figures
 * in the sections and compliance report up to date where they exist. As plan_repo_update() fails;
 * once that has succeeded, what follows is repeated at the next call or run if it fails. */
MUST_USE bool plan_save(struct actor *a, struct house *h, const struct plan *before,
                        struct plan *after, struct err *err);

/* A user's edit of a section: `source` is Markdown with {{figures}}. `rev` is the one the editor
 * read. Renders, checks, audits, refreshes the report. */
MUST_USE bool section_save(struct actor *a, struct house *h, const char *plan_id,
                           enum section_type type, const char *source, int64_t rev,
                           struct err *err);

/* The same for a text of its history: `value` is what an audit entry keeps, {source, content}. */
MUST_USE bool section_restore(struct actor *a, struct house *h, const char *plan_id,
                              enum section_type type, const bson_t *value, int64_t rev,
                              struct err *err);

/* A draft that waits beside the author's text (section_history_offered()) becomes the text, and the
 * section counts as written by us again; what stood there is in the history. Audited as
 * section.regenerated. ERR_NOT_FOUND if none waits; else as section_save(). */
MUST_USE bool section_offer_take(struct actor *a, struct house *h, const char *plan_id,
                                 enum section_type type, int64_t rev, struct err *err);

/* The draft is thrown away: the author's text holds for the answers as they were when it was made.
 * Same failures. */
MUST_USE bool section_offer_leave(struct actor *a, struct house *h, const char *plan_id,
                                  enum section_type type, int64_t rev, struct err *err);

/* What a section's source may be, in characters and bytes. */
enum { SECTION_SOURCE_MIN = 10, SECTION_SOURCE_MAX = 2 * 1024 * 1024 };

/* True if `len` bytes of `text` will do as a section's source: UTF-8 without NUL, neither too short
 * nor too long. ERR_INVALID, ERR_LIMIT. section_save() asks this itself. */
MUST_USE bool section_source_check(const char *text, size_t len, struct err *err);

/* A new draft with the answers, purpose, settings, start date and client of `from`. Takes a slot of
 * the month's quota as plan_repo_create() does. `name` may be NULL for the old one with "(copy)"
 * after it. */
MUST_USE bool plan_duplicate(struct actor *a, const struct plan *from, const char *name,
                             struct plan *out, struct err *err);

/* The model of the plan's answers as they are now; the caller frees it (model_free). */
MUST_USE struct model *plan_model(struct house *h, const struct plan *plan, struct err *err);

/* The compliance report of the plan as it is now, computed afresh and not stored:
 * compliance_reports.data, initialised into `out`. Works on drafts: what is not there yet counts as
 * such. */
MUST_USE bool plan_check(struct actor *a, struct house *h, const struct plan *plan, bson_t *out,
                         struct err *err);

#endif
