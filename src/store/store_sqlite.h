/* store_sqlite.h - what the files of the SQLite backend share. A table is `_id`, a column for each
 * field an index of the reference names, and `doc`, the whole document as BSON, which is the
 * truth; the columns repeat it for the indexes and are written with it. */
#ifndef STRATTIO_STORE_SQLITE_H
#define STRATTIO_STORE_SQLITE_H

#include <bson/bson.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

#include "record/schema.h"
#include "store/store_ops.h"
#include "strattio/attr.h"

struct err;
struct strbuf;

enum { SQLITE_STATEMENTS = 32, SQLITE_COLUMNS_MAX = 6 };

struct sqlite_cached {
    char *sql;
    sqlite3_stmt *stmt;
    bool busy; /* lent out */
};

struct sqlite_store {
    struct store base;
    sqlite3 *db;
    char *path;
    struct sqlite_cached cache[SQLITE_STATEMENTS];
    size_t next; /* to be replaced first */
};

/* ---- store_sqlite.c ---- */

/* The last failure of the database as a sentence that names the file and what to do. Returns
 * false. */
bool sqlite_fail(const struct sqlite_store *self, struct err *err);

/* The statement of `sql`, reset and ready to bind, kept for the next time; give it back with
 * sqlite_release(), which accepts NULL. */
MUST_USE sqlite3_stmt *sqlite_prepare(struct sqlite_store *self, const char *sql,
                                      struct err *err);
void sqlite_release(struct sqlite_store *self, sqlite3_stmt *stmt);

MUST_USE bool sqlite_exec(struct sqlite_store *self, const char *sql, struct err *err);

/* ---- store_sqlite_schema.c ---- */

/* The fields of `coll` that have a column, each once; returns how many. */
size_t sqlite_columns(enum collection coll, const struct schema_field *out[SQLITE_COLUMNS_MAX]);

/* Makes tables, indexes and version in a new file, or finds them; ERR_UNSUPPORTED for a newer
 * version, ERR_INVALID for another program's database. */
MUST_USE bool sqlite_prepare_schema(struct sqlite_store *self, struct err *err);

/* The document of store_info(). */
MUST_USE bool sqlite_describe(struct sqlite_store *self, bson_t *out, struct err *err);

/* ---- store_sqlite_key.c ---- */

/* A value that is neither null, number nor text, as a blob in MongoDB's order. */
struct sqlite_key {
    unsigned char bytes[16];
    int len;
};

void sqlite_key_date(int64_t ms, struct sqlite_key *key);
void sqlite_key_bool(bool yes, struct sqlite_key *key);
void sqlite_key_oid(const bson_oid_t *oid, struct sqlite_key *key);

/* Registers field_key(doc, path): the value under a dotted path. */
MUST_USE bool sqlite_add_functions(struct sqlite_store *self, struct err *err);

/* ---- store_sqlite_where.c ---- */

bool sqlite_is_id(const char *field);

/* The field's row if it has a column; NULL for _id and all others. */
const struct schema_field *sqlite_column_of(enum collection coll, const char *field);

/* How a field is written in SQL, and its parameter bound if it takes one (field_key does). */
void sqlite_field_text(enum collection coll, const char *field, struct strbuf *sql);
void sqlite_field_bind(sqlite3_stmt *stmt, enum collection coll, const char *field, int *at);

/* " WHERE ..." for `where`, and its values bound from parameter *at on. */
void sqlite_where_text(enum collection coll, const struct where *where, struct strbuf *sql);
void sqlite_where_bind(sqlite3_stmt *stmt, enum collection coll, const struct where *where,
                       int *at);

/* ---- store_sqlite_query.c ---- */

MUST_USE bool sqlite_find(struct store *s, enum collection coll, const struct query *q,
                          struct doc_list *out, struct err *err);
MUST_USE bool sqlite_count(struct store *s, enum collection coll, const struct where *where,
                           int64_t *count, struct err *err);
MUST_USE bool sqlite_explain(struct store *s, enum collection coll, const struct query *q,
                             bool *uses_index, struct strbuf *how, struct err *err);

/* ---- store_sqlite_write.c ---- */

MUST_USE bool sqlite_insert_many(struct store *s, enum collection coll, const bson_t *const *docs,
                                 size_t count, struct err *err);
MUST_USE bool sqlite_patch(struct store *s, enum collection coll, const struct where *where,
                           const struct patch *patch, int64_t *matched, struct err *err);
MUST_USE bool sqlite_find_and_patch(struct store *s, enum collection coll,
                                    const struct where *where, const struct patch *patch,
                                    bson_t *out, struct err *err);
MUST_USE bool sqlite_remove(struct store *s, enum collection coll, const struct where *where,
                            int64_t *matched, struct err *err);
MUST_USE bool sqlite_atomically(struct store *s, const struct write *writes, size_t count,
                                size_t *failed, struct err *err);

#endif
