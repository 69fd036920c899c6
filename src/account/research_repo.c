/* research_repo.c - the research pack of a plan: one, whose version grows with each refresh. */
#include "strattio/child_repo.h"

#include <stdlib.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/record.h"

#include "account/account.h"
#include "account/child.h"
#include "account/plan_write.h"

bool research_repo_find(struct actor *a, const char *plan_id, struct research_pack *out,
                        struct err *err)
{
    struct child child = {.coll = COLL_RESEARCH_PACKS, .plan_id = plan_id};

    return child_find(a, &child, out, err);
}

bool research_repo_put(struct actor *a, struct plan_lease *lease, struct research_pack *p,
                       struct err *err)
{
    struct child_put how = {
        .child = {.coll = COLL_RESEARCH_PACKS, .plan_id = p->plan_id},
        .lease = lease,
        .now = account_now(a),
    };
    struct child_stamp stamp;
    bson_t doc;
    bool ok;

    if (!p->metadata)
        p->metadata = bson_new();
    record_write(COLL_RESEARCH_PACKS, p, &doc);
    ok = child_put(a, &how, &doc, &stamp, err);
    bson_destroy(&doc);
    if (!ok)
        return false;
    free(p->id);
    p->id = mem_str(stamp.id);
    p->version = stamp.version;
    doc_set_int(p->metadata, "rev", stamp.rev);
    return true;
}
