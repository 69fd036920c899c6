/* plan.h - a document of `plans`: the answers, the status and how the plan came to be. */
#ifndef STRATTIO_PLAN_H
#define STRATTIO_PLAN_H

#include <bson/bson.h>
#include <stdint.h>

enum plan_status {
    PLAN_STATUS_DRAFT,
    PLAN_STATUS_GENERATING,
    PLAN_STATUS_COMPLETE,
    PLAN_STATUS_FAILED,
    PLAN_STATUS_ARCHIVED,
    PLAN_STATUS_COUNT,
};

enum plan_purpose {
    PURPOSE_GENERIC,
    PURPOSE_LOAN,
    PURPOSE_VISA_STARTUP,
    PURPOSE_VISA_INNOVATOR,
    PURPOSE_INVESTOR,
    PURPOSE_COUNT,
};

enum { PLAN_NAME_MAX = 200 }; /* characters */

/* In `metadata`: rev (grows with each write), schema, start_date ("2027-01-01", fixed at creation),
 * typed (text that does not parse yet, by field), summary {score, failed, blockers, unbound,
 * stale}, client, archived_from. In `generation_metadata`: lease {token, owner, until}, stages
 * {NAME {key, started_at, finished_at, ms}}, writer. */
struct plan {
    char *id;
    char *user_id;
    char *organisation_id;
    char *name;
    enum plan_status status;
    enum plan_purpose plan_purpose;
    char *compliance_type; /* the rule pack's template_id */
    bson_t *intake_data;
    int64_t current_version;
    int64_t created_at;
    int64_t updated_at;
    int64_t completed_at;
    bson_t *generation_metadata;
    char *error;
    bson_t *settings;
    bson_t *metadata;
    bson_t *extra;
};

const char *plan_status_name(enum plan_status status);
const char *plan_purpose_name(enum plan_purpose purpose);
enum plan_status plan_status_by_name(const char *name);    /* ..._COUNT if there is none */
enum plan_purpose plan_purpose_by_name(const char *name);  /* ..._COUNT if there is none */
const char *plan_purpose_label(enum plan_purpose purpose); /* "Start Up Loan or bank loan" ... */

#endif
