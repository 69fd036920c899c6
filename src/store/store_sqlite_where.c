/* store_sqlite_where.c - conditions as SQL. A field with a column is compared as that column, so
 * that the index is used; any other is compared as field_key(doc, path), our own function that
 * takes the value out of the BSON once the indexes have narrowed the rows. As in MongoDB, "less
 * than" and "greater than" hold only between values of one type. */
#include <string.h>

#include "store/store_sqlite.h"
#include "strattio/strbuf.h"

/* ---- fields --------------------------------------------------------------------------------- */

bool sqlite_is_id(const char *field)
{
    return strcmp(field, "_id") == 0;
}

const struct schema_field *sqlite_column_of(enum collection coll, const char *field)
{
    const struct schema_field *columns[SQLITE_COLUMNS_MAX] = {NULL};
    size_t count = sqlite_columns(coll, columns);

    for (size_t i = 0; i < count; i++)
        if (strcmp(columns[i]->name, field) == 0)
            return columns[i];
    return NULL;
}

void sqlite_field_text(enum collection coll, const char *field, struct strbuf *sql)
{
    if (sqlite_is_id(field))
        strbuf_str(sql, "_id");
    else if (sqlite_column_of(coll, field))
        strbuf_printf(sql, "\"%s\"", field);
    else
        strbuf_str(sql, "field_key(doc, ?)");
}

void sqlite_field_bind(sqlite3_stmt *stmt, enum collection coll, const char *field, int *at)
{
    if (!sqlite_is_id(field) && !sqlite_column_of(coll, field))
        sqlite3_bind_text(stmt, (*at)++, field, -1, SQLITE_TRANSIENT);
}

/* ---- conditions ----------------------------------------------------------------------------- */

static const char *op_text(enum where_op op)
{
    static const char *const texts[] = {
        [WHERE_EQ] = "=",  [WHERE_NE] = "IS NOT", [WHERE_LT] = "<",
        [WHERE_LE] = "<=", [WHERE_GT] = ">",      [WHERE_GE] = ">=",
    };

    return texts[op];
}

/* Whether a column of this field can hold a value of the term's type at all. */
static bool fits_column(const struct where_term *term, const struct schema_field *column)
{
    if (!column) /* _id */
        return term->type == WHERE_ID;
    switch (column->type) {
    case FIELD_DATE:
        return term->type == WHERE_DATE;
    case FIELD_INT:
        return term->type == WHERE_INT;
    default:
        return term->type == WHERE_STR;
    }
}

/* Values that are not of the term's type, above or below it in SQLite's order; NULL for none. */
static const char *type_bound(enum where_type type, bool above)
{
    switch (type) {
    case WHERE_INT:
        return above ? "''" : NULL;
    case WHERE_STR:
        return above ? "x''" : "''";
    case WHERE_ID:
        return above ? "x'08'" : "x'07'";
    case WHERE_DATE:
        return above ? "x'0a'" : "x'09'";
    default:
        return NULL;
    }
}

static bool is_ordered(enum where_op op)
{
    return op != WHERE_EQ && op != WHERE_NE;
}

static bool is_above(enum where_op op)
{
    return op == WHERE_GT || op == WHERE_GE;
}

/* What a term becomes; text and binding walk the same decisions. */
enum term_form { TERM_NEVER, TERM_ALWAYS, TERM_NULL, TERM_COLUMN, TERM_KEY };

static enum term_form form_of(enum collection coll, const struct where_term *term)
{
    const struct schema_field *column = sqlite_column_of(coll, term->field);

    if (term->type == WHERE_NULL)
        return TERM_NULL;
    if (!column && !sqlite_is_id(term->field))
        return TERM_KEY;
    if (fits_column(term, column))
        return TERM_COLUMN;
    return term->op == WHERE_NE ? TERM_ALWAYS : TERM_NEVER;
}

static void add_term(enum collection coll, const struct where_term *term, struct strbuf *sql)
{
    const char *bound = type_bound(term->type, is_above(term->op));

    switch (form_of(coll, term)) {
    case TERM_NEVER:
        strbuf_str(sql, "0");
        return;
    case TERM_ALWAYS:
        strbuf_str(sql, "1");
        return;
    case TERM_NULL:
        sqlite_field_text(coll, term->field, sql);
        strbuf_str(sql, term->op == WHERE_EQ ? " IS NULL" : " IS NOT NULL");
        return;
    case TERM_COLUMN:
        bound = NULL;
        break;
    case TERM_KEY:
        break;
    }
    sqlite_field_text(coll, term->field, sql);
    strbuf_printf(sql, " %s ?", op_text(term->op));
    if (bound && is_ordered(term->op)) {
        strbuf_str(sql, " AND ");
        sqlite_field_text(coll, term->field, sql);
        strbuf_printf(sql, " %s %s", is_above(term->op) ? "<" : ">=", bound);
    }
}

static void bind_key(sqlite3_stmt *stmt, int at, const struct where_term *term)
{
    struct sqlite_key key = {.len = 0};
    bson_oid_t oid;

    switch (term->type) {
    case WHERE_STR:
        sqlite3_bind_text(stmt, at, term->str, -1, SQLITE_TRANSIENT);
        return;
    case WHERE_INT:
        sqlite3_bind_int64(stmt, at, term->num);
        return;
    case WHERE_ID:
        bson_oid_init_from_string(&oid, term->str);
        sqlite_key_oid(&oid, &key);
        break;
    case WHERE_DATE:
        sqlite_key_date(term->num, &key);
        break;
    case WHERE_BOOL:
        sqlite_key_bool(term->num != 0, &key);
        break;
    case WHERE_NULL:
        return;
    }
    sqlite3_bind_blob(stmt, at, key.bytes, key.len, SQLITE_TRANSIENT);
}

static void bind_column(sqlite3_stmt *stmt, int at, const struct where_term *term)
{
    char hex[25];
    bson_oid_t oid;

    if (term->type == WHERE_ID) {
        bson_oid_init_from_string(&oid, term->str); /* to lower case */
        bson_oid_to_string(&oid, hex);
        sqlite3_bind_text(stmt, at, hex, -1, SQLITE_TRANSIENT);
    } else if (term->type == WHERE_STR) {
        sqlite3_bind_text(stmt, at, term->str, -1, SQLITE_TRANSIENT);
    } else {
        sqlite3_bind_int64(stmt, at, term->num);
    }
}

static void bind_term(sqlite3_stmt *stmt, enum collection coll, const struct where_term *term,
                      int *at)
{
    switch (form_of(coll, term)) {
    case TERM_NEVER:
    case TERM_ALWAYS:
        return;
    case TERM_NULL:
        sqlite_field_bind(stmt, coll, term->field, at);
        return;
    case TERM_COLUMN:
        bind_column(stmt, (*at)++, term);
        return;
    case TERM_KEY:
        sqlite_field_bind(stmt, coll, term->field, at);
        bind_key(stmt, (*at)++, term);
        if (is_ordered(term->op) && type_bound(term->type, is_above(term->op)))
            sqlite_field_bind(stmt, coll, term->field, at);
        return;
    }
}

void sqlite_where_text(enum collection coll, const struct where *where, struct strbuf *sql)
{
    for (size_t i = 0; i < where->count; i++) {
        strbuf_str(sql, i == 0 ? " WHERE " : " AND ");
        add_term(coll, &where->terms[i], sql);
    }
}

void sqlite_where_bind(sqlite3_stmt *stmt, enum collection coll, const struct where *where,
                       int *at)
{
    for (size_t i = 0; i < where->count; i++)
        bind_term(stmt, coll, &where->terms[i], at);
}
