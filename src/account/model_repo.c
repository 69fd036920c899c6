/* model_repo.c - the financial model of a plan, as it was last computed. */
#include "strattio/child_repo.h"

#include <stdlib.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/record.h"

#include "account/account.h"
#include "account/child.h"
#include "account/plan_write.h"

bool model_repo_find(struct actor *a, const char *plan_id, struct financial_model *out,
                     struct err *err)
{
    struct child child = {.coll = COLL_FINANCIAL_MODELS, .plan_id = plan_id};

    return child_find(a, &child, out, err);
}

bool model_repo_put(struct actor *a, struct plan_lease *lease, struct financial_model *m,
                    struct err *err)
{
    struct child_put how = {
        .child = {.coll = COLL_FINANCIAL_MODELS, .plan_id = m->plan_id},
        .lease = lease,
        .now = account_now(a),
    };
    struct child_stamp stamp;
    bson_t doc;
    bool ok;

    if (!m->metadata)
        m->metadata = bson_new();
    m->updated_at = how.now;
    record_write(COLL_FINANCIAL_MODELS, m, &doc);
    ok = child_put(a, &how, &doc, &stamp, err);
    bson_destroy(&doc);
    if (!ok)
        return false;
    free(m->id);
    m->id = mem_str(stamp.id);
    m->version = stamp.version;
    m->created_at = stamp.created_at;
    doc_set_int(m->metadata, "rev", stamp.rev);
    return true;
}
