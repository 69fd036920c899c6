/* audit_repo.c - reading the log of what the acting user did. Entries outlive their plan; whose
 * they are they say themselves. */
#include "strattio/child_repo.h"

#include <stdlib.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/record.h"

#include "account/account.h"
#include "account/queries.h"

static bool read_all(const struct doc_list *list, struct audit_log **out, size_t *count,
                     struct err *err)
{
    struct audit_log *logs = mem_zero(list->count ? list->count : 1, sizeof *logs);
    size_t n = 0;

    while (n < list->count && record_read(COLL_AUDIT_LOGS, list->docs[n], &logs[n], err))
        n++;
    if (n == list->count) {
        *out = logs;
        *count = n;
        return true;
    }
    while (n > 0)
        record_finish(COLL_AUDIT_LOGS, &logs[--n]);
    free(logs);
    return false;
}

bool audit_repo_list(struct actor *a, const char *plan_id, size_t limit, struct audit_log **out,
                     size_t *count, struct err *err)
{
    struct doc_list list;
    struct query q;
    bool ok;

    if (!account_need(a, err))
        return false;
    queries_audits(&q, a->user.id, plan_id);
    q.limit = (int64_t)limit;
    if (!store_find(a->store, COLL_AUDIT_LOGS, &q, &list, err))
        return false;
    ok = (list.count > 0 || !plan_id || account_need_plan(a, plan_id, err)) &&
         read_all(&list, out, count, err);
    doc_list_finish(&list);
    return ok;
}
