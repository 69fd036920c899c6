/* store_sqlite_schema.c - the tables, made from the schema's rows, and how they are described. The
 * version of the layout is SQLite's own user_version, written in the transaction that makes the
 * tables, so that a file is either empty or whole; application_id tells our files from another
 * program's. Index names are unique in a whole SQLite database, so "plans." goes before what
 * MongoDB calls "status_1". */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "store/store_sqlite.h"
#include "strattio/err.h"
#include "strattio/strbuf.h"

enum { LAYOUT_VERSION = 1, APPLICATION_ID = 0x53747274 /* "Strt" */, SQL_MAX = 64 * 1024 };

static bool is_known(const struct schema_field *const *columns, size_t count,
                     const struct schema_field *f)
{
    for (size_t i = 0; i < count; i++)
        if (columns[i] == f)
            return true;
    return false;
}

size_t sqlite_columns(enum collection coll, const struct schema_field *out[SQLITE_COLUMNS_MAX])
{
    const struct schema *schema = schema_of(coll);
    size_t count = 0;

    for (const struct schema_index *i = schema->indexes; i->keys[0].field; i++)
        for (const struct schema_key *key = i->keys; key->field; key++) {
            const struct schema_field *f = schema_find(schema->fields, key->field);

            if (!is_known(out, count, f) && count < SQLITE_COLUMNS_MAX)
                out[count++] = f;
        }
    return count;
}

/* ---- making --------------------------------------------------------------------------------- */

/* Owners must exist while what they own does; documents the reference keeps after a deletion
 * (exports, audit_logs) name owners that may be gone. Deferred: a group may write children first.
 */
static void add_reference(const struct schema *schema, const struct schema_field *f,
                          struct strbuf *sql)
{
    if (!f->refers_to || schema->on_plan_delete == ON_PLAN_DELETE_KEEP)
        return;
    strbuf_printf(sql, " REFERENCES \"%s\"(_id)%s DEFERRABLE INITIALLY DEFERRED", f->refers_to,
                  schema->on_plan_delete == ON_PLAN_DELETE_REMOVE ? " ON DELETE CASCADE" : "");
}

static void add_table(enum collection coll, struct strbuf *sql)
{
    const struct schema_field *columns[SQLITE_COLUMNS_MAX] = {NULL};
    const struct schema *schema = schema_of(coll);
    size_t count = sqlite_columns(coll, columns);

    strbuf_printf(sql, "CREATE TABLE \"%s\" (_id TEXT NOT NULL PRIMARY KEY", schema->name);
    for (size_t i = 0; i < count; i++) {
        bool whole = columns[i]->type == FIELD_DATE || columns[i]->type == FIELD_INT;

        strbuf_printf(sql, ", \"%s\" %s", columns[i]->name, whole ? "INTEGER" : "TEXT");
        add_reference(schema, columns[i], sql);
    }
    strbuf_str(sql, ", doc BLOB NOT NULL);\n"); /* last: columns are read without paging it in */
}

static void add_index_name(const struct schema *schema, const struct schema_index *index,
                           struct strbuf *sql)
{
    strbuf_printf(sql, "%s.", schema->name);
    schema_index_name(index, sql);
}

static void add_index(const struct schema *schema, const struct schema_index *index,
                      struct strbuf *sql)
{
    strbuf_printf(sql, "CREATE%s INDEX \"", index->unique ? " UNIQUE" : "");
    add_index_name(schema, index, sql);
    strbuf_printf(sql, "\" ON \"%s\" (", schema->name);
    for (const struct schema_key *key = index->keys; key->field; key++)
        strbuf_printf(sql, "%s\"%s\"%s", key == index->keys ? "" : ", ", key->field,
                      key->direction < 0 ? " DESC" : "");
    strbuf_str(sql, ");\n");
}

static bool make_schema(struct sqlite_store *self, struct err *err)
{
    struct strbuf sql;
    bool ok;

    strbuf_init(&sql, SQL_MAX);
    for (int c = 0; c < COLL_COUNT; c++) {
        const struct schema *schema = schema_of((enum collection)c);

        add_table((enum collection)c, &sql);
        for (const struct schema_index *i = schema->indexes; i->keys[0].field; i++)
            add_index(schema, i, &sql);
    }
    strbuf_printf(&sql, "PRAGMA application_id=%d; PRAGMA user_version=%d;", APPLICATION_ID,
                  LAYOUT_VERSION);
    ok = strbuf_check(&sql, "the schema", err) && sqlite_exec(self, sql.data, err);
    strbuf_finish(&sql);
    return ok;
}

/* ---- opening -------------------------------------------------------------------------------- */

static bool read_number(struct sqlite_store *self, const char *sql, int64_t *number,
                        struct err *err)
{
    sqlite3_stmt *stmt = NULL;
    bool ok = sqlite3_prepare_v2(self->db, sql, -1, &stmt, NULL) == SQLITE_OK &&
              sqlite3_step(stmt) == SQLITE_ROW;

    if (ok)
        *number = sqlite3_column_int64(stmt, 0);
    else
        sqlite_fail(self, err);
    sqlite3_finalize(stmt);
    return ok;
}

static bool check_layout(struct sqlite_store *self, int64_t version, struct err *err)
{
    int64_t id = 0;

    if (!read_number(self, "PRAGMA application_id", &id, err))
        return false;
    if (id != APPLICATION_ID)
        return err_set(err, ERR_INVALID, 0,
                       "%s is another program's database; name another file with --store "
                       "sqlite:FILE",
                       self->path);
    if (version > LAYOUT_VERSION)
        return err_set(err, ERR_UNSUPPORTED, 0,
                       "%s was written by a newer Strattio (layout %lld, this one knows %d); "
                       "update this program",
                       self->path, (long long)version, LAYOUT_VERSION);
    return true;
}

/* In the write transaction: another program may have made the schema since we looked. */
static bool make_or_find(struct sqlite_store *self, struct err *err)
{
    int64_t version = 0, tables = 0;

    if (!read_number(self, "PRAGMA user_version", &version, err))
        return false;
    if (version != 0)
        return check_layout(self, version, err);
    if (!read_number(self, "SELECT count(*) FROM sqlite_master", &tables, err))
        return false;
    return tables != 0 ? check_layout(self, version, err) : make_schema(self, err);
}

/* Two programs that open the same new file at once can meet here, where SQLite does not wait by
 * itself; so this does, for as long as the busy time-out would. */
static bool switch_to_wal(struct sqlite_store *self, struct err *err)
{
    const struct timespec pause = {.tv_nsec = 10 * 1000 * 1000};

    for (int tries = 0;; tries++) {
        if (sqlite3_exec(self->db, "PRAGMA journal_mode=WAL", NULL, NULL, NULL) == SQLITE_OK)
            return true;
        if ((sqlite3_errcode(self->db) & 0xff) != SQLITE_BUSY || tries == 300)
            return sqlite_fail(self, err);
        nanosleep(&pause, NULL);
    }
}

bool sqlite_prepare_schema(struct sqlite_store *self, struct err *err)
{
    int64_t version = 0, tables = 0;

    if (!read_number(self, "PRAGMA user_version", &version, err))
        return false;
    if (version != 0)
        return check_layout(self, version, err);
    if (!read_number(self, "SELECT count(*) FROM sqlite_master", &tables, err))
        return false;
    if (tables != 0 && !check_layout(self, version, err))
        return false; /* another program's: not even its journal mode is touched */
    if (!switch_to_wal(self, err) || !sqlite_exec(self, "BEGIN IMMEDIATE", err))
        return false;
    if (make_or_find(self, err) && sqlite_exec(self, "COMMIT", err))
        return true;
    sqlite3_exec(self->db, "ROLLBACK", NULL, NULL, NULL);
    return false;
}

/* ---- describing ----------------------------------------------------------------------------- */

static bool has_index(struct sqlite_store *self, const char *name, bool *found, struct err *err)
{
    sqlite3_stmt *stmt =
        sqlite_prepare(self, "SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = ?", err);
    int step;

    if (!stmt)
        return false;
    sqlite3_bind_text(stmt, 1, name, -1, SQLITE_TRANSIENT);
    step = sqlite3_step(stmt);
    *found = step == SQLITE_ROW;
    if (step != SQLITE_ROW && step != SQLITE_DONE)
        sqlite_fail(self, err);
    sqlite_release(self, stmt);
    return step == SQLITE_ROW || step == SQLITE_DONE;
}

static void append_name(bson_t *list, const char *name)
{
    char index[16];
    const char *at;

    bson_uint32_to_string(bson_count_keys(list), &at, index, sizeof index);
    BSON_APPEND_UTF8(list, at, name);
}

static bool list_missing(struct sqlite_store *self, const struct schema *schema, bson_t *list,
                         struct err *err)
{
    for (const struct schema_index *i = schema->indexes; i->keys[0].field; i++) {
        struct strbuf name;
        bool found = false, ok;

        strbuf_init(&name, 256);
        add_index_name(schema, i, &name);
        ok = has_index(self, name.data, &found, err);
        if (ok && !found)
            append_name(list, name.data + strlen(schema->name) + 1);
        strbuf_finish(&name);
        if (!ok)
            return false;
    }
    return true;
}

static bool is_ours(const struct schema *schema, const char *full_name)
{
    bool same = false;

    for (const struct schema_index *i = schema->indexes; !same && i->keys[0].field; i++) {
        struct strbuf name;

        strbuf_init(&name, 256);
        add_index_name(schema, i, &name);
        same = strcmp(name.data, full_name) == 0;
        strbuf_finish(&name);
    }
    return same;
}

/* Indexes somebody added. The one SQLite makes for the primary key has no SQL. */
static bool list_extra(struct sqlite_store *self, const struct schema *schema, bson_t *list,
                       struct err *err)
{
    sqlite3_stmt *stmt = sqlite_prepare(self,
                                        "SELECT name FROM sqlite_master WHERE type = 'index' AND "
                                        "tbl_name = ? AND sql IS NOT NULL ORDER BY name",
                                        err);
    int step;

    if (!stmt)
        return false;
    sqlite3_bind_text(stmt, 1, schema->name, -1, SQLITE_STATIC);
    while ((step = sqlite3_step(stmt)) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(stmt, 0);

        if (name && !is_ours(schema, name))
            append_name(list, name);
    }
    if (step != SQLITE_DONE)
        sqlite_fail(self, err);
    sqlite_release(self, stmt);
    return step == SQLITE_DONE;
}

static bool describe_collection(struct sqlite_store *self, enum collection coll, bson_t *row,
                                struct err *err)
{
    const struct where all = {.count = 0};
    const struct schema *schema = schema_of(coll);
    bson_t missing = BSON_INITIALIZER, extra = BSON_INITIALIZER;
    int64_t count = 0;
    bool ok = sqlite_count(&self->base, coll, &all, &count, err) &&
              list_missing(self, schema, &missing, err) && list_extra(self, schema, &extra, err);

    BSON_APPEND_UTF8(row, "name", schema->name);
    BSON_APPEND_INT64(row, "documents", count);
    BSON_APPEND_ARRAY(row, "indexes_missing", &missing);
    BSON_APPEND_ARRAY(row, "indexes_extra", &extra);
    bson_destroy(&missing);
    bson_destroy(&extra);
    return ok;
}

bool sqlite_describe(struct sqlite_store *self, bson_t *out, struct err *err)
{
    bson_t doc = BSON_INITIALIZER, list, row;
    struct strbuf uri;
    char index[16];
    const char *at;
    bool ok = true;

    strbuf_init(&uri, 8192);
    strbuf_printf(&uri, "sqlite:%s", self->path);
    BSON_APPEND_UTF8(&doc, "uri", uri.data);
    strbuf_finish(&uri);
    BSON_APPEND_UTF8(&doc, "kind", "sqlite");
    BSON_APPEND_UTF8(&doc, "version", sqlite3_libversion());
    BSON_APPEND_BOOL(&doc, "transactions", true);
    BSON_APPEND_UTF8(&doc, "validators", "in the program");
    BSON_APPEND_ARRAY_BEGIN(&doc, "collections", &list);
    for (uint32_t c = 0; ok && c < COLL_COUNT; c++) {
        bson_uint32_to_string(c, &at, index, sizeof index);
        BSON_APPEND_DOCUMENT_BEGIN(&list, at, &row);
        ok = describe_collection(self, (enum collection)c, &row, err);
        bson_append_document_end(&list, &row);
    }
    bson_append_array_end(&doc, &list);
    if (ok)
        bson_copy_to(&doc, out);
    bson_destroy(&doc);
    return ok;
}
