/* audit.h - the documents of `audit_logs`, built here and inserted in the group of the write they
 * tell of. */
#ifndef STRATTIO_ACCOUNT_AUDIT_H
#define STRATTIO_ACCOUNT_AUDIT_H

#include <bson/bson.h>
#include <stdint.h>

#include "strattio/audit_log.h"

struct audit_entry {     /* all borrowed */
    const char *user_id; /* NULL for system actions */
    const char *plan_id; /* or NULL */
    enum audit_action action;
    const char *resource_type; /* "plan", "section", "user", ... */
    const char *resource_id;
    const bson_t *old_value; /* or NULL */
    const bson_t *new_value; /* or NULL */
    const char *reason;      /* metadata.reason, or NULL */
    const char *id;          /* NULL for a new one */
    int64_t now;
};

void audit_write(const struct audit_entry *entry, bson_t *out); /* initialises `out` */

#endif
