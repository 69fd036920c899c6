/* audit_log.h - a document of `audit_logs`: who did what to which resource. */
#ifndef STRATTIO_AUDIT_LOG_H
#define STRATTIO_AUDIT_LOG_H

#include <bson/bson.h>
#include <stdint.h>

enum audit_action {
    AUDIT_PLAN_CREATED,
    AUDIT_PLAN_GENERATED,
    AUDIT_PLAN_UPDATED,
    AUDIT_PLAN_DELETED,
    AUDIT_SECTION_EDITED,
    AUDIT_SECTION_REGENERATED,
    AUDIT_EXPORT_CREATED,
    AUDIT_SUBSCRIPTION_UPDATED,
    AUDIT_USER_LOGIN,
    AUDIT_USER_REGISTERED,
    AUDIT_ACTION_COUNT,
};

struct audit_log {
    char *id;
    char *user_id; /* NULL for system actions */
    char *organisation_id;
    char *plan_id;
    enum audit_action action;
    char *resource_type;
    char *resource_id;
    bson_t *old_value;
    bson_t *new_value;
    char *ip_address;
    char *user_agent;
    int64_t created_at;
    bson_t *metadata;
    bson_t *extra;
};

const char *audit_action_name(enum audit_action action); /* "plan.created" */

#endif
