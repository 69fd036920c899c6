/* store_ops.h - one per backend. A slot has the contract of the store_ function of that name;
 * store.c has checked the arguments, validated documents and cut nothing off. All slots are
 * required. */
#ifndef STRATTIO_STORE_OPS_H
#define STRATTIO_STORE_OPS_H

#include "store/store.h"

struct store_ops {
    const char *scheme; /* of the URIs it opens: "sqlite", "mongodb" */
    struct store *(*open)(const char *uri, int timeout_ms, struct err *err);
    void (*close)(struct store *s);
    bool (*insert_many)(struct store *s, enum collection coll, const bson_t *const *docs,
                        size_t count, struct err *err);
    bool (*find)(struct store *s, enum collection coll, const struct query *q, struct doc_list *out,
                 struct err *err);
    bool (*count)(struct store *s, enum collection coll, const struct where *where, int64_t *count,
                  struct err *err);
    bool (*patch)(struct store *s, enum collection coll, const struct where *where,
                  const struct patch *patch, int64_t *matched, struct err *err);
    bool (*find_and_patch)(struct store *s, enum collection coll, const struct where *where,
                           const struct patch *patch, bson_t *out, struct err *err);
    bool (*remove)(struct store *s, enum collection coll, const struct where *where,
                   int64_t *matched, struct err *err);
    bool (*atomically)(struct store *s, const struct write *writes, size_t count, size_t *failed,
                       struct err *err);
    bool (*info)(struct store *s, bson_t *out, struct err *err);
    bool (*explain)(struct store *s, enum collection coll, const struct query *q, bool *uses_index,
                    struct strbuf *how, struct err *err);
};

struct store { /* first member of each backend's own struct */
    const struct store_ops *ops;
    bool shared;
    bool transactions;
};

extern const struct store_ops store_sqlite_ops;

/* What a module exports under this name: `const struct store_ops store_module_ops`. */
#define STORE_MODULE_SYMBOL "store_module_ops"

#endif
