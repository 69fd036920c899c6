/* child_repo.h - what belongs to a plan: sections, research pack, financial model, compliance
 * report, exports, audit logs. The plan must be the acting user's, else ERR_NOT_FOUND. `out`
 * structs are filled on success and finished by the caller (record_finish). Writing them is the
 * pipeline's work (plan_run.h). */
#ifndef STRATTIO_CHILD_REPO_H
#define STRATTIO_CHILD_REPO_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"
#include "strattio/audit_log.h"
#include "strattio/compliance_report.h"
#include "strattio/export_job.h"
#include "strattio/financial_model.h"
#include "strattio/research_pack.h"
#include "strattio/section.h"

struct actor;
struct err;

MUST_USE bool section_repo_find(struct actor *a, const char *plan_id, enum section_type type,
                                struct section *out, struct err *err);

/* All sections that exist, out[type]; present[type] says which. Those absent are all zero. */
MUST_USE bool section_repo_list(struct actor *a, const char *plan_id,
                                struct section out[SECTION_COUNT], bool present[SECTION_COUNT],
                                struct err *err);

MUST_USE bool research_repo_find(struct actor *a, const char *plan_id, struct research_pack *out,
                                 struct err *err);
MUST_USE bool model_repo_find(struct actor *a, const char *plan_id, struct financial_model *out,
                              struct err *err);
MUST_USE bool report_repo_find(struct actor *a, const char *plan_id, struct compliance_report *out,
                               struct err *err);

/* Exports: insert as pending, then patch to complete (file_size, page_count, metadata.path) or
 * failed; the second audits export.created. The tier is checked here: ERR_TIER. */
MUST_USE bool export_repo_begin(struct actor *a, const char *plan_id, enum export_format format,
                                struct export_job *out, struct err *err);
MUST_USE bool export_repo_end(struct actor *a, struct export_job *job, bool ok, const char *path,
                              struct err *err);
/* Downloads, of which no document is kept: whether the acting user may have `format` of the plan
 * (ERR_TIER), and the audit of one that was written to `path`. */
MUST_USE bool export_repo_allow(struct actor *a, const char *plan_id, enum export_format format,
                                struct err *err);
MUST_USE bool export_repo_downloaded(struct actor *a, const char *plan_id, const char *format,
                                     int64_t file_size, const char *path, struct err *err);
MUST_USE bool export_repo_list(struct actor *a, const char *plan_id, struct export_job **out,
                               size_t *count, struct err *err);

struct audit_filter {        /* strings are borrowed */
    const char *plan_id;     /* NULL: whatever the user did */
    const char *resource_id; /* only of this one, or NULL */
    bool oldest_first;       /* else newest first */
    size_t limit;            /* most entries on the page; 0 for all */
    const char *after;       /* cursor of an earlier page of the same filter, or NULL */
};

struct audit_page {
    struct audit_log *logs;
    size_t count;
    char *next; /* cursor, NULL after the last page */
};
void audit_page_finish(struct audit_page *page); /* accepts all zero */

/* Fills *out (finish it). A deleted plan's entries are there, too. */
MUST_USE bool audit_repo_page(struct actor *a, const struct audit_filter *filter,
                              struct audit_page *out, struct err *err);

/* The entry of this id, if the acting user made it; else ERR_NOT_FOUND. */
MUST_USE bool audit_repo_find(struct actor *a, const char *id, struct audit_log *out,
                              struct err *err);

/* Newest first; at most `limit`. `plan_id` NULL: the user's own. The caller finishes and frees. */
MUST_USE bool audit_repo_list(struct actor *a, const char *plan_id, size_t limit,
                              struct audit_log **out, size_t *count, struct err *err);

#endif
