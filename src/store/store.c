/* store.c - the front of every store: picks the backend by the scheme of the URI, checks what
 * goes in, and hands on. A backend outside the program is a loadable module, opened on first use,
 * because linking its library would slow down every start. */
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/module.h"
#include "store/check.h"
#include "store/store_ops.h"
#include "strattio/err.h"
#include "strattio/mem.h"

static const struct {
    const char *scheme;
    const char *module;          /* file without ".so"; NULL if it is part of the program */
    const struct store_ops *ops; /* of a built-in one */
} backends[] = {
    {"sqlite", NULL, &store_sqlite_ops},
    {"mongodb", "store_mongo", NULL},
    {"mongodb+srv", "store_mongo", NULL},
};

/* ---- opening -------------------------------------------------------------------------------- */

static const struct store_ops *load_module(const char *scheme, const char *name, struct err *err)
{
    char *use = mem_printf("%s: stores", scheme);
    const struct store_ops *ops = module_open(name, STORE_MODULE_SYMBOL, use, err);

    free(use);
    return ops;
}

static const struct store_ops *find_backend(const char *uri, struct err *err)
{
    size_t len = strcspn(uri, ":");

    if (uri[len] != ':') {
        err_set(err, ERR_INVALID, 0,
                "that is not the address of a store; write sqlite:, sqlite:/path/file.db or "
                "mongodb://host/database");
        return NULL;
    }
    for (size_t i = 0; i < ARRAY_LEN(backends); i++) {
        if (strlen(backends[i].scheme) != len || strncasecmp(backends[i].scheme, uri, len) != 0)
            continue;
        if (!backends[i].module)
            return backends[i].ops;
        return load_module(backends[i].scheme, backends[i].module, err);
    }
    err_set(err, ERR_UNSUPPORTED, 0,
            "no store is known for \"%.*s:\"; there are sqlite:, mongodb:// and mongodb+srv://",
            len < 30 ? (int)len : 30, uri);
    return NULL;
}

struct store *store_open(const char *uri, int timeout_ms, struct err *err)
{
    const struct store_ops *ops = find_backend(uri, err);

    return ops ? ops->open(uri, timeout_ms, err) : NULL;
}

void store_close(struct store *s)
{
    if (s)
        s->ops->close(s);
}

bool store_is_shared(const struct store *s)
{
    return s->shared;
}

bool store_has_transactions(const struct store *s)
{
    return s->transactions;
}

/* ---- documents out -------------------------------------------------------------------------- */

void doc_list_finish(struct doc_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        bson_destroy(list->docs[i]);
    free(list->docs);
    free(list->next);
    *list = (struct doc_list){0};
}

bool store_find(struct store *s, enum collection coll, const struct query *q,
                struct doc_list *out, struct err *err)
{
    *out = (struct doc_list){0};
    return check_query(coll, q, err) && s->ops->find(s, coll, q, out, err);
}

bool store_find_one(struct store *s, enum collection coll, const struct where *where, bson_t *out,
                    struct err *err)
{
    struct query q = {.where = *where, .limit = 1};
    struct doc_list list;

    if (!store_find(s, coll, &q, &list, err))
        return false;
    if (list.count == 0) {
        doc_list_finish(&list);
        return err_set(err, ERR_NOT_FOUND, 0, "no such document in %s", collection_name(coll));
    }
    bson_copy_to(list.docs[0], out);
    doc_list_finish(&list);
    return true;
}

bool store_count(struct store *s, enum collection coll, const struct where *where, int64_t *count,
                 struct err *err)
{
    return check_where(coll, where, err) && s->ops->count(s, coll, where, count, err);
}

bool store_info(struct store *s, bson_t *out, struct err *err)
{
    return s->ops->info(s, out, err);
}

bool store_explain(struct store *s, enum collection coll, const struct query *q, bool *uses_index,
                   struct strbuf *how, struct err *err)
{
    return check_query(coll, q, err) && s->ops->explain(s, coll, q, uses_index, how, err);
}

/* ---- documents in --------------------------------------------------------------------------- */

bool store_insert_many(struct store *s, enum collection coll, const bson_t *const *docs,
                       size_t count, struct err *err)
{
    for (size_t i = 0; i < count; i++)
        if (!check_doc(coll, docs[i], err))
            return false;
    return count == 0 || s->ops->insert_many(s, coll, docs, count, err);
}

bool store_insert(struct store *s, enum collection coll, const bson_t *doc, struct err *err)
{
    return store_insert_many(s, coll, &doc, 1, err);
}

bool store_patch(struct store *s, enum collection coll, const struct where *where,
                 const struct patch *patch, int64_t *matched, struct err *err)
{
    return check_where(coll, where, err) && check_patch(coll, patch, err) &&
           s->ops->patch(s, coll, where, patch, matched, err);
}

bool store_find_and_patch(struct store *s, enum collection coll, const struct where *where,
                          const struct patch *patch, bson_t *out, struct err *err)
{
    return check_where(coll, where, err) && check_patch(coll, patch, err) &&
           s->ops->find_and_patch(s, coll, where, patch, out, err);
}

bool store_remove(struct store *s, enum collection coll, const struct where *where,
                  int64_t *matched, struct err *err)
{
    return check_where(coll, where, err) && s->ops->remove(s, coll, where, matched, err);
}

bool store_atomically(struct store *s, const struct write *writes, size_t count, size_t *failed,
                      struct err *err)
{
    for (size_t i = 0; i < count; i++)
        if (!check_write(&writes[i], err)) {
            *failed = i;
            return false;
        }
    return count == 0 || s->ops->atomically(s, writes, count, failed, err);
}
