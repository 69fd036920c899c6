/* store_sqlite_write.c - inserts, patches and removals. Every call is one transaction that begins
 * IMMEDIATE: what a patch reads is then what it changes, so a condition that held still holds when
 * the document is written, and of two racing calls the second sees the first one's work. */
#include <stdlib.h>
#include <string.h>

#include "store/check.h"
#include "store/patch.h"
#include "store/store_sqlite.h"
#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/record.h"
#include "strattio/strbuf.h"

enum { SQL_MAX = 16 * 1024 };

/* ---- transactions --------------------------------------------------------------------------- */

static bool run(struct sqlite_store *self, const char *sql, struct err *err)
{
    sqlite3_stmt *stmt = sqlite_prepare(self, sql, err);
    bool ok = stmt && sqlite3_step(stmt) == SQLITE_DONE;

    if (stmt && !ok)
        sqlite_fail(self, err);
    sqlite_release(self, stmt);
    return ok;
}

static bool begin(struct sqlite_store *self, struct err *err)
{
    return run(self, "BEGIN IMMEDIATE", err);
}

static bool is_orphan(const struct sqlite_store *self)
{
    return sqlite3_extended_errcode(self->db) == SQLITE_CONSTRAINT_FOREIGNKEY;
}

/* Commits if `ok`, else rolls back; the first failure is the one told. */
static bool end(struct sqlite_store *self, bool ok, struct err *err)
{
    if (ok && run(self, "COMMIT", err))
        return true;
    if (ok && is_orphan(self))
        err_set(err, ERR_CONFLICT, SQLITE_CONSTRAINT_FOREIGNKEY,
                "the plan or user that a document belongs to does not exist (any more)");
    if (!sqlite3_get_autocommit(self->db))
        sqlite3_exec(self->db, "ROLLBACK", NULL, NULL, NULL);
    return false;
}

/* ---- writing one document ------------------------------------------------------------------- */

/* "UNIQUE constraint failed: users.email" as the index it is: users: email_1. */
static bool duplicate(struct sqlite_store *self, enum collection coll, struct err *err)
{
    int native = sqlite3_extended_errcode(self->db);
    const struct schema *schema = schema_of(coll);
    const char *text = sqlite3_errmsg(self->db);
    const char *dot = strrchr(text, '.');
    struct strbuf name;

    if (native == SQLITE_CONSTRAINT_PRIMARYKEY || !dot)
        return err_set(err, ERR_DUPLICATE, native, "%s: there is a document with that _id (_id_)",
                       schema->name);
    strbuf_init(&name, 256);
    for (const struct schema_index *i = schema->indexes; i->keys[0].field; i++)
        if (i->unique && strcmp(i->keys[0].field, dot + 1) == 0)
            schema_index_name(i, &name);
    err_set(err, ERR_DUPLICATE, native, "%s: there is a document with that %s (%s)", schema->name,
            dot + 1, name.data);
    strbuf_finish(&name);
    return false;
}

static bool write_fail(struct sqlite_store *self, enum collection coll, struct err *err)
{
    int native = sqlite3_extended_errcode(self->db);

    if (native == SQLITE_CONSTRAINT_UNIQUE || native == SQLITE_CONSTRAINT_PRIMARYKEY)
        return duplicate(self, coll, err);
    if (is_orphan(self))
        return err_set(err, ERR_CONFLICT, native,
                       "%s: the plan or user it belongs to does not exist (any more)",
                       collection_name(coll));
    return sqlite_fail(self, err);
}

/* The column's copy of a field; NULL where the document has none. */
static void bind_column(sqlite3_stmt *stmt, int at, const bson_t *doc,
                        const struct schema_field *f)
{
    const char *text;

    if (!doc_has(doc, f->name)) {
        sqlite3_bind_null(stmt, at);
    } else if (f->type == FIELD_DATE) {
        sqlite3_bind_int64(stmt, at, doc_date(doc, f->name, 0));
    } else if (f->type == FIELD_INT) {
        sqlite3_bind_int64(stmt, at, doc_int(doc, f->name, 0));
    } else {
        text = doc_str(doc, f->name, "");
        sqlite3_bind_text(stmt, at, text, -1, SQLITE_TRANSIENT);
    }
}

static void bind_doc(sqlite3_stmt *stmt, int at, const bson_t *doc)
{
    sqlite3_bind_blob64(stmt, at, bson_get_data(doc), doc->len, SQLITE_STATIC);
}

static void insert_text(enum collection coll, bool if_absent, struct strbuf *sql)
{
    const struct schema_field *columns[SQLITE_COLUMNS_MAX] = {NULL};
    size_t count = sqlite_columns(coll, columns);

    strbuf_printf(sql, "INSERT INTO \"%s\" (_id, doc", collection_name(coll));
    for (size_t i = 0; i < count; i++)
        strbuf_printf(sql, ", \"%s\"", columns[i]->name);
    strbuf_str(sql, ") VALUES (?, ?");
    for (size_t i = 0; i < count; i++)
        strbuf_str(sql, ", ?");
    strbuf_printf(sql, ")%s", if_absent ? " ON CONFLICT(_id) DO NOTHING" : "");
}

static bool insert_doc(struct sqlite_store *self, enum collection coll, const bson_t *doc,
                       bool if_absent, struct err *err)
{
    const struct schema_field *columns[SQLITE_COLUMNS_MAX] = {NULL};
    size_t count = sqlite_columns(coll, columns);
    sqlite3_stmt *stmt = NULL;
    struct strbuf sql;
    bson_iter_t it;
    char hex[25];
    bool ok = false;

    strbuf_init(&sql, SQL_MAX);
    insert_text(coll, if_absent, &sql);
    if (bson_iter_init_find(&it, doc, "_id") && BSON_ITER_HOLDS_OID(&it))
        stmt = sqlite_prepare(self, sql.data, err);
    if (stmt) {
        bson_oid_to_string(bson_iter_oid(&it), hex);
        sqlite3_bind_text(stmt, 1, hex, -1, SQLITE_STATIC);
        bind_doc(stmt, 2, doc);
        for (size_t i = 0; i < count; i++)
            bind_column(stmt, 3 + (int)i, doc, columns[i]);
        ok = sqlite3_step(stmt) == SQLITE_DONE || write_fail(self, coll, err);
    }
    sqlite_release(self, stmt);
    strbuf_finish(&sql);
    return ok;
}

static bool update_doc(struct sqlite_store *self, enum collection coll, int64_t row,
                       const bson_t *doc, struct err *err)
{
    const struct schema_field *columns[SQLITE_COLUMNS_MAX] = {NULL};
    size_t count = sqlite_columns(coll, columns);
    sqlite3_stmt *stmt;
    struct strbuf sql;
    bool ok = false;

    strbuf_init(&sql, SQL_MAX);
    strbuf_printf(&sql, "UPDATE \"%s\" SET doc = ?", collection_name(coll));
    for (size_t i = 0; i < count; i++)
        strbuf_printf(&sql, ", \"%s\" = ?", columns[i]->name);
    strbuf_str(&sql, " WHERE rowid = ?");
    stmt = sqlite_prepare(self, sql.data, err);
    if (stmt) {
        bind_doc(stmt, 1, doc);
        for (size_t i = 0; i < count; i++)
            bind_column(stmt, 2 + (int)i, doc, columns[i]);
        sqlite3_bind_int64(stmt, 2 + (int)count, row);
        ok = sqlite3_step(stmt) == SQLITE_DONE || write_fail(self, coll, err);
    }
    sqlite_release(self, stmt);
    strbuf_finish(&sql);
    return ok;
}

/* ---- patches -------------------------------------------------------------------------------- */

struct rows {
    int64_t *items;
    size_t count, cap;
};

/* The rows that match, at most `limit` (-1: all). All are found before the first is changed, since
 * a change can move a row within the index that is being read. */
static bool find_rows(struct sqlite_store *self, enum collection coll, const struct where *where,
                      int64_t limit, struct rows *rows, struct err *err)
{
    sqlite3_stmt *stmt = NULL;
    struct strbuf sql;
    int at = 1, step = SQLITE_ERROR;

    strbuf_init(&sql, SQL_MAX);
    strbuf_printf(&sql, "SELECT rowid FROM \"%s\"", collection_name(coll));
    sqlite_where_text(coll, where, &sql);
    strbuf_str(&sql, " LIMIT ?");
    if (strbuf_check(&sql, "the condition", err))
        stmt = sqlite_prepare(self, sql.data, err);
    if (stmt) {
        sqlite_where_bind(stmt, coll, where, &at);
        sqlite3_bind_int64(stmt, at, limit);
        while ((step = sqlite3_step(stmt)) == SQLITE_ROW) {
            rows->items = mem_grow(rows->items, &rows->cap, rows->count + 1, sizeof *rows->items);
            rows->items[rows->count++] = sqlite3_column_int64(stmt, 0);
        }
        if (step != SQLITE_DONE)
            sqlite_fail(self, err);
    }
    sqlite_release(self, stmt);
    strbuf_finish(&sql);
    return step == SQLITE_DONE;
}

/* The document in `row`, copied into `doc`, which is initialised on success. */
static bool read_row(struct sqlite_store *self, enum collection coll, int64_t row, bson_t *doc,
                     struct err *err)
{
    sqlite3_stmt *stmt;
    struct strbuf sql;
    bson_t view;
    bool ok = false;

    strbuf_init(&sql, SQL_MAX);
    strbuf_printf(&sql, "SELECT doc FROM \"%s\" WHERE rowid = ?", collection_name(coll));
    stmt = sqlite_prepare(self, sql.data, err);
    if (stmt) {
        sqlite3_bind_int64(stmt, 1, row);
        ok = sqlite3_step(stmt) == SQLITE_ROW || sqlite_fail(self, err);
    }
    if (ok) {
        const void *data = sqlite3_column_blob(stmt, 0);

        ok = data && bson_init_static(&view, data, (size_t)sqlite3_column_bytes(stmt, 0));
        if (ok)
            bson_copy_to(&view, doc);
        else
            err_set(err, ERR_IO, SQLITE_CORRUPT, "%s is damaged: a document cannot be read",
                    self->path);
    }
    sqlite_release(self, stmt);
    strbuf_finish(&sql);
    return ok;
}

/* Patches one row; gives the result in `after` if that is not NULL. */
static bool patch_row(struct sqlite_store *self, enum collection coll, int64_t row,
                      const struct patch *patch, bson_t *after, struct err *err)
{
    bson_t doc;
    bool ok;

    if (!read_row(self, coll, row, &doc, err))
        return false;
    ok = record_is_known(coll, &doc, err) && patch_apply(patch, &doc, err) &&
         check_doc(coll, &doc, err) && update_doc(self, coll, row, &doc, err);
    if (ok && after)
        bson_copy_to(&doc, after);
    bson_destroy(&doc);
    return ok;
}

/* In a transaction. */
static bool patch_rows(struct sqlite_store *self, enum collection coll, const struct where *where,
                       const struct patch *patch, int64_t *matched, struct err *err)
{
    struct rows rows = {0};
    bool ok = find_rows(self, coll, where, -1, &rows, err);

    for (size_t i = 0; ok && i < rows.count; i++)
        ok = patch_row(self, coll, rows.items[i], patch, NULL, err);
    if (ok)
        *matched = (int64_t)rows.count;
    free(rows.items);
    return ok;
}

/* In a transaction. */
static bool remove_rows(struct sqlite_store *self, enum collection coll,
                        const struct where *where, int64_t *matched, struct err *err)
{
    sqlite3_stmt *stmt = NULL;
    struct strbuf sql;
    bool ok = false;
    int at = 1;

    strbuf_init(&sql, SQL_MAX);
    strbuf_printf(&sql, "DELETE FROM \"%s\"", collection_name(coll));
    sqlite_where_text(coll, where, &sql);
    if (strbuf_check(&sql, "the condition", err))
        stmt = sqlite_prepare(self, sql.data, err);
    if (stmt) {
        sqlite_where_bind(stmt, coll, where, &at);
        ok = sqlite3_step(stmt) == SQLITE_DONE || write_fail(self, coll, err);
    }
    if (ok)
        *matched = sqlite3_changes64(self->db);
    sqlite_release(self, stmt);
    strbuf_finish(&sql);
    return ok;
}

/* ---- the slots ------------------------------------------------------------------------------ */

bool sqlite_insert_many(struct store *s, enum collection coll, const bson_t *const *docs,
                        size_t count, struct err *err)
{
    struct sqlite_store *self = (struct sqlite_store *)s;
    bool ok = true;

    if (!begin(self, err))
        return false;
    for (size_t i = 0; ok && i < count; i++)
        ok = insert_doc(self, coll, docs[i], false, err);
    return end(self, ok, err);
}

bool sqlite_patch(struct store *s, enum collection coll, const struct where *where,
                  const struct patch *patch, int64_t *matched, struct err *err)
{
    struct sqlite_store *self = (struct sqlite_store *)s;
    int64_t count = 0;

    if (!begin(self, err))
        return false;
    if (!end(self, patch_rows(self, coll, where, patch, &count, err), err))
        return false;
    *matched = count;
    return true;
}

bool sqlite_find_and_patch(struct store *s, enum collection coll, const struct where *where,
                           const struct patch *patch, bson_t *out, struct err *err)
{
    struct sqlite_store *self = (struct sqlite_store *)s;
    struct rows rows = {0};
    bson_t after;
    bool ok;

    if (!begin(self, err))
        return false;
    ok = find_rows(self, coll, where, 1, &rows, err);
    if (ok && rows.count == 0)
        ok = err_set(err, ERR_NOT_FOUND, 0, "no such document in %s", collection_name(coll));
    ok = ok && patch_row(self, coll, rows.items[0], patch, &after, err);
    free(rows.items);
    if (!ok)
        return end(self, false, err);
    ok = end(self, true, err);
    if (ok)
        bson_copy_to(&after, out);
    bson_destroy(&after);
    return ok;
}

bool sqlite_remove(struct store *s, enum collection coll, const struct where *where,
                   int64_t *matched, struct err *err)
{
    struct sqlite_store *self = (struct sqlite_store *)s;
    int64_t count = 0;

    if (!begin(self, err))
        return false;
    if (!end(self, remove_rows(self, coll, where, &count, err), err))
        return false;
    *matched = count;
    return true;
}

static bool do_write(struct sqlite_store *self, const struct write *w, struct err *err)
{
    int64_t matched = 0;

    switch (w->kind) {
    case WRITE_INSERT:
        return insert_doc(self, w->coll, w->doc, false, err);
    case WRITE_INSERT_IF_ABSENT:
        return insert_doc(self, w->coll, w->doc, true, err);
    case WRITE_PATCH:
        if (!patch_rows(self, w->coll, w->where, w->patch, &matched, err))
            return false;
        break;
    case WRITE_REMOVE:
        if (!remove_rows(self, w->coll, w->where, &matched, err))
            return false;
        break;
    }
    if (w->must_match && matched == 0)
        return err_set(err, ERR_CONFLICT, 0, "%s: the document changed or is gone",
                       collection_name(w->coll));
    return true;
}

bool sqlite_atomically(struct store *s, const struct write *writes, size_t count, size_t *failed,
                       struct err *err)
{
    struct sqlite_store *self = (struct sqlite_store *)s;
    size_t i = 0;

    if (!begin(self, err)) {
        *failed = 0;
        return false;
    }
    while (i < count && do_write(self, &writes[i], err))
        i++;
    if (end(self, i == count, err))
        return true;
    *failed = i < count ? i : count - 1;
    return false;
}
