/* actor_info.c - `store info`. With --explain every query of queries.c is run past the store's
 * planner. */
#include "strattio/actor.h"

#include <stdio.h>

#include "strattio/err.h"
#include "strattio/strbuf.h"

#include "account/account.h"
#include "account/queries.h"

/* Ids that belong to nobody, for asking while nobody is signed in. */
static const char nobody[] = "000000000000000000000000";

struct scans {
    size_t count;
    const char *first; /* name of the query */
    char how[120];
};

static bool explain_one(struct actor *a, const struct named_query *named, bson_t *list, size_t nth,
                        struct scans *scans, struct err *err)
{
    const char *user_id = a->state == ACTOR_SIGNED_IN ? a->user.id : nobody, *key;
    bool uses_index = false, ok;
    struct strbuf how;
    struct query q;
    char buf[16];
    bson_t row;

    named->build(&q, user_id, nobody);
    strbuf_init(&how, 4096);
    ok = store_explain(a->store, named->coll, &q, &uses_index, &how, err);
    if (ok) {
        bson_uint32_to_string((uint32_t)nth, &key, buf, sizeof buf);
        bson_append_document_begin(list, key, -1, &row);
        BSON_APPEND_UTF8(&row, "name", named->name);
        BSON_APPEND_UTF8(&row, "collection", collection_name(named->coll));
        BSON_APPEND_BOOL(&row, "uses_index", uses_index);
        BSON_APPEND_UTF8(&row, "how", how.data);
        bson_append_document_end(list, &row);
    }
    if (ok && !uses_index && scans->count++ == 0) {
        scans->first = named->name;
        snprintf(scans->how, sizeof scans->how, "%.110s", how.data);
    }
    strbuf_finish(&how);
    return ok;
}

static bool explain_all(struct actor *a, bson_t *out, struct err *err)
{
    struct scans scans = {0};
    bool ok = true;
    bson_t list;

    BSON_APPEND_ARRAY_BEGIN(out, "queries", &list);
    for (size_t i = 0; ok && queries_table[i].name; i++)
        ok = explain_one(a, &queries_table[i], &list, i, &scans, err);
    bson_append_array_end(out, &list);
    if (ok && scans.count > 0)
        ok =
            err_set(err, ERR_UNSUPPORTED, 0, "%zu quer%s the whole collection, the first is %s: %s",
                    scans.count, scans.count == 1 ? "y scans" : "ies scan", scans.first, scans.how);
    return ok;
}

bool actor_store_info(struct actor *a, bool explain, bson_t *out, struct err *err)
{
    if (!store_info(a->store, out, err))
        return false;
    if (!explain || explain_all(a, out, err))
        return true;
    bson_destroy(out);
    return false;
}
