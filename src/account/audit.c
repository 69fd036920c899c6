/* audit.c - one shape for every entry. What an entry says changed is only what changed: callers
 * hand in old and new values, this file adds who, when and with what. */
#include "account/audit.h"

#include <stdlib.h>

#include "strattio/doc.h"
#include "strattio/mem.h"
#include "strattio/record.h"

#include "account/account.h"
#include "record/schema.h"

static bson_t *copy_or_null(const bson_t *doc)
{
    return doc ? bson_copy(doc) : NULL;
}

void audit_write(const struct audit_entry *entry, bson_t *out)
{
    struct audit_log log;

    record_init(COLL_AUDIT_LOGS, &log);
    if (entry->id) {
        free(log.id);
        log.id = mem_str(entry->id);
    }
    log.user_id = mem_str(entry->user_id);
    log.plan_id = mem_str(entry->plan_id);
    log.action = entry->action;
    free(log.resource_type);
    log.resource_type = mem_str(entry->resource_type);
    free(log.resource_id);
    log.resource_id = mem_str(entry->resource_id);
    log.old_value = copy_or_null(entry->old_value);
    log.new_value = copy_or_null(entry->new_value);
    log.user_agent = mem_str("strattio/" STRATTIO_VERSION);
    log.created_at = entry->now;
    record_write(COLL_AUDIT_LOGS, &log, out);
    record_finish(COLL_AUDIT_LOGS, &log);
    doc_set_int(out, "metadata.schema", SCHEMA_VERSION);
    if (entry->reason)
        doc_set_str(out, "metadata.reason", entry->reason);
}
