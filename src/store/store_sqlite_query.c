/* store_sqlite_query.c - pages of documents. A page goes on after the sort value and _id of the
 * last document of the one before, never by counting rows, so that it costs the same wherever it
 * is and does not shift when others insert. */
#include <stdlib.h>
#include <string.h>

#include "store/cursor.h"
#include "store/store_sqlite.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

enum { SQL_MAX = 16 * 1024 };

/* ---- pages ---------------------------------------------------------------------------------- */

/* A page query: `sort` is NULL if the order is by _id alone. */
struct page {
    enum collection coll;
    const struct query *q;
    const char *sort;
    bool nullable;         /* documents may lack the sort field */
    struct cursor *cursor; /* NULL on the first page */
};

static void init_page(struct page *p, enum collection coll, const struct query *q,
                      struct cursor *cursor)
{
    const struct schema_field *column;

    *p = (struct page){.coll = coll, .q = q, .cursor = q->after ? cursor : NULL};
    if (!q->sort || sqlite_is_id(q->sort))
        return;
    p->sort = q->sort;
    column = sqlite_column_of(coll, q->sort);
    p->nullable = !column || column->flags & (FIELD_NULLABLE | FIELD_OPTIONAL);
}

static bool after_null(const struct page *p)
{
    return p->cursor->value.value_type == BSON_TYPE_NULL;
}

/* What comes after the cursor: null is first going up and last going down. */
static void add_after(const struct page *p, struct strbuf *sql)
{
    const char *op = p->q->descending ? "<" : ">";

    strbuf_str(sql, p->q->where.count == 0 ? " WHERE (" : " AND (");
    if (!p->sort) {
        strbuf_printf(sql, "_id %s ?", op);
    } else if (after_null(p)) {
        sqlite_field_text(p->coll, p->sort, sql);
        strbuf_printf(sql, " IS NULL AND _id %s ?", op);
        if (!p->q->descending) {
            strbuf_str(sql, " OR ");
            sqlite_field_text(p->coll, p->sort, sql);
            strbuf_str(sql, " IS NOT NULL");
        }
    } else {
        strbuf_char(sql, '(');
        sqlite_field_text(p->coll, p->sort, sql);
        strbuf_printf(sql, ", _id) %s (?, ?)", op);
        if (p->nullable && p->q->descending) {
            strbuf_str(sql, " OR ");
            sqlite_field_text(p->coll, p->sort, sql);
            strbuf_str(sql, " IS NULL");
        }
    }
    strbuf_char(sql, ')');
}

static void bind_oid(sqlite3_stmt *stmt, int at, const bson_oid_t *oid)
{
    char hex[25];

    bson_oid_to_string(oid, hex);
    sqlite3_bind_text(stmt, at, hex, -1, SQLITE_TRANSIENT);
}

/* The sort value of a cursor, in the form its field has in SQL. */
static void bind_sort_value(sqlite3_stmt *stmt, int at, const bson_value_t *v, bool column)
{
    struct sqlite_key key = {.len = 0};

    switch (v->value_type) {
    case BSON_TYPE_UTF8:
        sqlite3_bind_text(stmt, at, v->value.v_utf8.str, (int)v->value.v_utf8.len,
                          SQLITE_TRANSIENT);
        return;
    case BSON_TYPE_INT32:
        sqlite3_bind_int64(stmt, at, v->value.v_int32);
        return;
    case BSON_TYPE_INT64:
        sqlite3_bind_int64(stmt, at, v->value.v_int64);
        return;
    case BSON_TYPE_DOUBLE:
        sqlite3_bind_double(stmt, at, v->value.v_double);
        return;
    case BSON_TYPE_DATE_TIME:
        if (column) {
            sqlite3_bind_int64(stmt, at, v->value.v_datetime);
            return;
        }
        sqlite_key_date(v->value.v_datetime, &key);
        break;
    case BSON_TYPE_BOOL:
        sqlite_key_bool(v->value.v_bool, &key);
        break;
    case BSON_TYPE_OID:
        sqlite_key_oid(&v->value.v_oid, &key);
        break;
    default:
        return;
    }
    sqlite3_bind_blob(stmt, at, key.bytes, key.len, SQLITE_TRANSIENT);
}

static void bind_after(const struct page *p, sqlite3_stmt *stmt, int *at)
{
    if (!p->sort) {
        bind_oid(stmt, (*at)++, &p->cursor->id);
        return;
    }
    sqlite_field_bind(stmt, p->coll, p->sort, at);
    if (!after_null(p))
        bind_sort_value(stmt, (*at)++, &p->cursor->value, sqlite_column_of(p->coll, p->sort) != NULL);
    bind_oid(stmt, (*at)++, &p->cursor->id);
    if (after_null(p) != p->q->descending && (after_null(p) || p->nullable))
        sqlite_field_bind(stmt, p->coll, p->sort, at);
}

static void add_order(const struct page *p, struct strbuf *sql)
{
    const char *way = p->q->descending ? " DESC" : "";

    strbuf_str(sql, " ORDER BY ");
    if (p->sort) {
        sqlite_field_text(p->coll, p->sort, sql);
        strbuf_printf(sql, "%s, ", way);
    }
    strbuf_printf(sql, "_id%s LIMIT ?", way);
}

static void page_text(const struct page *p, struct strbuf *sql)
{
    strbuf_printf(sql, "SELECT doc FROM \"%s\"", collection_name(p->coll));
    sqlite_where_text(p->coll, &p->q->where, sql);
    if (p->cursor)
        add_after(p, sql);
    add_order(p, sql);
}

/* One more than a page holds, to know whether another follows. */
static void bind_page(const struct page *p, sqlite3_stmt *stmt)
{
    int at = 1;

    sqlite_where_bind(stmt, p->coll, &p->q->where, &at);
    if (p->cursor)
        bind_after(p, stmt, &at);
    if (p->sort)
        sqlite_field_bind(stmt, p->coll, p->sort, &at);
    sqlite3_bind_int64(stmt, at, p->q->limit > 0 && p->q->limit < INT64_MAX ? p->q->limit + 1 : -1);
}

/* ---- the slots ------------------------------------------------------------------------------ */

static bool is_wanted(const char *const *fields, const char *key)
{
    if (sqlite_is_id(key))
        return true;
    for (; *fields; fields++)
        if (strcmp(*fields, key) == 0)
            return true;
    return false;
}

static bson_t *project(const bson_t *doc, const char *const *fields)
{
    bson_t *out;
    bson_iter_t it;

    if (!fields)
        return bson_copy(doc);
    out = bson_new();
    bson_iter_init(&it, doc);
    while (bson_iter_next(&it))
        if (is_wanted(fields, bson_iter_key(&it)))
            bson_append_iter(out, NULL, 0, &it);
    return out;
}

/* The document of the row a statement is at, borrowed until its next step. */
static bool row_doc(const struct sqlite_store *self, sqlite3_stmt *stmt, bson_t *view,
                    struct err *err)
{
    const void *data = sqlite3_column_blob(stmt, 0);
    int len = sqlite3_column_bytes(stmt, 0);

    if (data && len > 0 && bson_init_static(view, data, (size_t)len))
        return true;
    return err_set(err, ERR_IO, SQLITE_CORRUPT,
                   "%s is damaged: a document in it cannot be read; put back a copy of it",
                   self->path);
}

/* Reads the rows into `out`. The cursor is made from the last whole document, and kept if a row
 * follows it; what is kept of the others is only what was asked for. */
static bool read_page(struct sqlite_store *self, const struct page *p, sqlite3_stmt *stmt,
                      struct doc_list *out, struct err *err)
{
    size_t limit = p->q->limit > 0 ? (size_t)p->q->limit : SIZE_MAX, cap = 0;
    char *next = NULL;
    int step;

    while ((step = sqlite3_step(stmt)) == SQLITE_ROW && out->count < limit) {
        bson_t view;

        if (!row_doc(self, stmt, &view, err)) {
            free(next);
            return false;
        }
        out->docs = mem_grow(out->docs, &cap, out->count + 1, sizeof *out->docs);
        out->docs[out->count++] = project(&view, p->q->fields);
        if (out->count == limit)
            next = cursor_encode(p->coll, p->q, &view);
    }
    if (step == SQLITE_ROW) {
        out->next = next;
        return true;
    }
    free(next);
    return step == SQLITE_DONE || sqlite_fail(self, err);
}

bool sqlite_find(struct store *s, enum collection coll, const struct query *q,
                 struct doc_list *out, struct err *err)
{
    struct sqlite_store *self = (struct sqlite_store *)s;
    struct cursor cursor = {.value = {.value_type = BSON_TYPE_NULL}};
    struct doc_list list = {0};
    sqlite3_stmt *stmt = NULL;
    struct strbuf sql;
    struct page page;
    bool ok = false;

    strbuf_init(&sql, SQL_MAX);
    if (q->after && !cursor_decode(coll, q, &cursor, err))
        goto out;
    init_page(&page, coll, q, &cursor);
    page_text(&page, &sql);
    if (!strbuf_check(&sql, "the query", err))
        goto out;
    stmt = sqlite_prepare(self, sql.data, err);
    if (!stmt)
        goto out;
    bind_page(&page, stmt);
    if (!read_page(self, &page, stmt, &list, err))
        goto out;
    *out = list;
    list = (struct doc_list){0};
    ok = true;
out:
    sqlite_release(self, stmt);
    doc_list_finish(&list);
    cursor_finish(&cursor);
    strbuf_finish(&sql);
    return ok;
}

bool sqlite_count(struct store *s, enum collection coll, const struct where *where, int64_t *count,
                  struct err *err)
{
    struct sqlite_store *self = (struct sqlite_store *)s;
    sqlite3_stmt *stmt = NULL;
    struct strbuf sql;
    bool ok = false;
    int at = 1;

    strbuf_init(&sql, SQL_MAX);
    strbuf_printf(&sql, "SELECT count(*) FROM \"%s\"", collection_name(coll));
    sqlite_where_text(coll, where, &sql);
    if (strbuf_check(&sql, "the query", err))
        stmt = sqlite_prepare(self, sql.data, err);
    if (!stmt)
        goto out;
    sqlite_where_bind(stmt, coll, where, &at);
    if (sqlite3_step(stmt) != SQLITE_ROW) {
        sqlite_fail(self, err);
        goto out;
    }
    *count = sqlite3_column_int64(stmt, 0);
    ok = true;
out:
    sqlite_release(self, stmt);
    strbuf_finish(&sql);
    return ok;
}

/* ---- explain -------------------------------------------------------------------------------- */

/* A line of the plan that reads a whole table; sorting what was found is not that. */
static bool is_scan(const char *line)
{
    return strncmp(line, "SCAN", 4) == 0 && !strstr(line, " INDEX ");
}

static bool read_plan(struct sqlite_store *self, sqlite3_stmt *stmt, bool *uses_index,
                      struct strbuf *how, struct err *err)
{
    bool index = true, first = true;
    int step;

    while ((step = sqlite3_step(stmt)) == SQLITE_ROW) {
        const char *line = (const char *)sqlite3_column_text(stmt, 3);

        if (!line)
            continue;
        index = index && !is_scan(line);
        strbuf_printf(how, "%s%s", first ? "" : "; ", line);
        first = false;
    }
    if (step != SQLITE_DONE)
        return sqlite_fail(self, err);
    *uses_index = index;
    return true;
}

bool sqlite_explain(struct store *s, enum collection coll, const struct query *q,
                    bool *uses_index, struct strbuf *how, struct err *err)
{
    struct sqlite_store *self = (struct sqlite_store *)s;
    struct cursor cursor = {.value = {.value_type = BSON_TYPE_NULL}};
    sqlite3_stmt *stmt = NULL;
    struct strbuf sql;
    struct page page;
    bool ok = false;

    strbuf_init(&sql, SQL_MAX);
    if (q->after && !cursor_decode(coll, q, &cursor, err))
        goto out;
    init_page(&page, coll, q, &cursor);
    strbuf_str(&sql, "EXPLAIN QUERY PLAN ");
    page_text(&page, &sql);
    if (strbuf_check(&sql, "the query", err))
        stmt = sqlite_prepare(self, sql.data, err);
    if (!stmt)
        goto out;
    bind_page(&page, stmt);
    ok = read_plan(self, stmt, uses_index, how, err);
out:
    sqlite_release(self, stmt);
    cursor_finish(&cursor);
    strbuf_finish(&sql);
    return ok;
}
