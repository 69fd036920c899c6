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

bool audit_repo_page(struct actor *a, const struct audit_filter *filter, struct audit_page *out,
                     struct err *err)
{
    struct audit_page page = {0};
    struct doc_list list;
    struct query q;
    bool ok;

    if (!account_need(a, err))
        return false;
    queries_audits(&q, a->user.id, filter->plan_id);
    if (filter->resource_id)
        where_str(&q.where, "resource_id", WHERE_EQ, filter->resource_id);
    q.descending = !filter->oldest_first;
    q.limit = (int64_t)filter->limit;
    q.after = filter->after;
    if (!store_find(a->store, COLL_AUDIT_LOGS, &q, &list, err))
        return false;
    ok = (list.count > 0 || !filter->plan_id || account_need_plan(a, filter->plan_id, err)) &&
         read_all(&list, &page.logs, &page.count, err);
    if (ok) {
        page.next = mem_str(list.next);
        *out = page;
    }
    doc_list_finish(&list);
    return ok;
}

void audit_page_finish(struct audit_page *page)
{
    for (size_t i = 0; i < page->count; i++)
        record_finish(COLL_AUDIT_LOGS, &page->logs[i]);
    free(page->logs);
    free(page->next);
    *page = (struct audit_page){0};
}

bool audit_repo_list(struct actor *a, const char *plan_id, size_t limit, struct audit_log **out,
                     size_t *count, struct err *err)
{
    struct audit_filter filter = {.plan_id = plan_id, .limit = limit};
    struct audit_page page;

    if (!audit_repo_page(a, &filter, &page, err))
        return false;
    *out = page.logs;
    *count = page.count;
    free(page.next);
    return true;
}

bool audit_repo_find(struct actor *a, const char *id, struct audit_log *out, struct err *err)
{
    struct query q;
    bool found = false, ok;
    bson_t doc;

    if (!account_need(a, err))
        return false;
    if (id_valid(id)) {
        queries_audit(&q, a->user.id, id);
        if (!account_find(a->store, COLL_AUDIT_LOGS, &q.where, &doc, &found, err))
            return false;
    }
    if (!found)
        return err_set(err, ERR_NOT_FOUND, 0, "There is no entry %.40s in the history.", id);
    ok = record_read(COLL_AUDIT_LOGS, &doc, out, err);
    bson_destroy(&doc);
    return ok;
}
