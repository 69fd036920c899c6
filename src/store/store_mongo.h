/* store_mongo.h - what the files of the MongoDB backend share. It is a module of its own
 * (libmongoc is slow to load), so nothing outside store_mongo*.c includes this. */
#ifndef STRATTIO_STORE_STORE_MONGO_H
#define STRATTIO_STORE_STORE_MONGO_H

#include <mongoc/mongoc.h>
#include <stdbool.h>

#include "store/store_ops.h"
#include "strattio/strbuf.h"

struct err;

extern const struct store_ops store_module_ops;

struct mongo_store {
    struct store base;
    mongoc_uri_t *uri;       /* with our options in it */
    mongoc_client_t *client; /* NULL until connected, and after a failure of the network */
    char *db;                /* name of the database */
    char *where;             /* "host:port, host:port" for messages */
    int timeout_ms;
    bool broken;               /* the network failed: the next call makes a new client */
    bool no_validators;        /* the server refused one */
    bool no_hints;             /* the server refused one */
    bool transactions_proven;  /* one has worked, so a refusal is no lack of the server */
    bool transactions_refused; /* the server said it has them and then refused one */
    bool checked[COLL_COUNT];  /* the server itself refuses documents that break our schema */
};

/* ---- store_mongo_error.c ----------------------------------------------------------------- */

/* One failed command: what libmongoc said about it. */
struct fault {
    bson_error_t error;
    bson_t reply; /* initialised; empty if there was none */
};

void fault_init(struct fault *f);
void fault_finish(struct fault *f);
/* Makes it empty again, so that the next command may fill it in. */
void fault_reset(struct fault *f);

/* Says in `err` what happened, in a sentence for users, and marks the store broken if the network
 * failed. Returns false. */
bool fault_report(struct mongo_store *self, enum collection coll, const struct fault *f,
                  struct err *err);

bool fault_is_duplicate_of(const struct fault *f, const char *index); /* 11000 on this index */
bool fault_is_offline(const struct fault *f); /* the network, or a server that is not primary now */
bool fault_is_transient(const struct fault *f); /* the whole transaction may be tried again */
bool fault_is_refusal(const struct fault *f);   /* the server cannot do such a thing at all */

/* ---- store_mongo_open.c ------------------------------------------------------------------ */

struct store *mongo_open(const char *uri, int timeout_ms, struct err *err);
void mongo_close(struct store *s);

/* True when there is a client to work with; connects again after the network failed. */
MUST_USE bool mongo_ready(struct mongo_store *self, struct err *err);

mongoc_collection_t *mongo_collection(struct mongo_store *self, enum collection coll);

/* ---- store_mongo_schema.c ---------------------------------------------------------------- */

/* Makes collections, validators and indexes that are not there. Nothing that exists is changed. */
MUST_USE bool mongo_make_schema(struct mongo_store *self, struct err *err);

/* The `collections` array of store_info(). */
MUST_USE bool mongo_describe_schema(struct mongo_store *self, bson_t *array, struct err *err);

/* ---- store_mongo_query.c: our terms in the server's -------------------------------------- */

/* `extra` is one more term whose value is any scalar, or NULL; all outputs are initialised
 * here. */
struct bound {
    const char *field;
    const char *op; /* "$gte" */
    const bson_value_t *value;
    bool or_null; /* null or absent matches too */
};
void mongo_filter(const struct where *where, const struct bound *extra, bson_t *out);
void mongo_update(const struct patch *patch, bson_t *out);
bool mongo_patch_is_empty(const struct patch *patch);
bool mongo_names_one(const struct where *where); /* `_id` equals something */

/* ---- store_mongo_find.c ------------------------------------------------------------------ */

bool mongo_find(struct store *s, enum collection coll, const struct query *q, struct doc_list *out,
                struct err *err);
bool mongo_explain(struct store *s, enum collection coll, const struct query *q, bool *uses_index,
                   struct strbuf *how, struct err *err);

/* ---- store_mongo_write.c ----------------------------------------------------------------- */

/* Does one write, in the transaction of `session` if that is not NULL. *matched and `out`,
 * which may be NULL, are for patches and removals; with `out` just one document is patched and
 * given as it is then. On failure either `err` is set or, where the server or the network said
 * no, `f`. */
enum write_result { WRITE_DONE, WRITE_FAULT, WRITE_REFUSED };
enum write_result mongo_write(struct mongo_store *self, mongoc_client_session_t *session,
                              const struct write *w, bson_t *out, int64_t *matched, struct fault *f,
                              struct err *err);

/* How many writes at the start are plain inserts into one collection, and doing them in one
 * command: *failed is then the first that was refused. */
size_t mongo_inserts_ahead(const struct write *writes, size_t count);
enum write_result mongo_insert(struct mongo_store *self, mongoc_client_session_t *session,
                               const struct write *writes, size_t count, size_t *failed,
                               struct fault *f);

bool mongo_insert_many(struct store *s, enum collection coll, const bson_t *const *docs,
                       size_t count, struct err *err);
bool mongo_patch(struct store *s, enum collection coll, const struct where *where,
                 const struct patch *patch, int64_t *matched, struct err *err);
bool mongo_find_and_patch(struct store *s, enum collection coll, const struct where *where,
                          const struct patch *patch, bson_t *out, struct err *err);
bool mongo_remove(struct store *s, enum collection coll, const struct where *where,
                  int64_t *matched, struct err *err);

/* ---- store_mongo_group.c ----------------------------------------------------------------- */

/* The writes as one group; *matched is the number of documents they matched together. */
bool mongo_run_group(struct mongo_store *self, const struct write *writes, size_t count,
                     size_t *failed, int64_t *matched, struct err *err);
bool mongo_atomically(struct store *s, const struct write *writes, size_t count, size_t *failed,
                      struct err *err);

#endif
