/* report_repo.c - the compliance report of a plan, as it was last checked. */
#include "strattio/child_repo.h"

#include <stdlib.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/record.h"

#include "account/account.h"
#include "account/child.h"
#include "account/plan_write.h"

bool report_repo_find(struct actor *a, const char *plan_id, struct compliance_report *out,
                      struct err *err)
{
    struct child child = {.coll = COLL_COMPLIANCE_REPORTS, .plan_id = plan_id};

    return child_find(a, &child, out, err);
}

bool report_repo_put(struct actor *a, struct plan_lease *lease, struct compliance_report *r,
                     struct err *err)
{
    struct child_put how = {
        .child = {.coll = COLL_COMPLIANCE_REPORTS, .plan_id = r->plan_id},
        .lease = lease,
        .now = account_now(a),
    };
    struct child_stamp stamp;
    bson_t doc;
    bool ok;

    if (!r->metadata)
        r->metadata = bson_new();
    record_write(COLL_COMPLIANCE_REPORTS, r, &doc);
    ok = child_put(a, &how, &doc, &stamp, err);
    bson_destroy(&doc);
    if (!ok)
        return false;
    free(r->id);
    r->id = mem_str(stamp.id);
    r->version = stamp.version;
    r->created_at = stamp.created_at;
    doc_set_int(r->metadata, "rev", stamp.rev);
    return true;
}
