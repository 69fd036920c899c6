/* Our conditions and changes in MongoDB's words. Terms on one field are put into one operator
 * document, since servers plan a flat filter best; only a field that repeats an operator needs
 * $and. */
#include "store/store_mongo.h"

#include <stdlib.h>
#include <string.h>

static const char *const op_names[] = {
    [WHERE_EQ] = "$eq",  [WHERE_NE] = "$ne", [WHERE_LT] = "$lt",
    [WHERE_LE] = "$lte", [WHERE_GT] = "$gt", [WHERE_GE] = "$gte",
};

enum { TERMS_MAX = WHERE_MAX + 1 };

struct term {
    const char *field;
    const char *op;
    bson_value_t value; /* borrows its text */
    bool or_null;
    bool used;
};

/* References between documents are hex strings in the reference; only `_id` is an ObjectId. */
static void set_value(const struct where_term *t, bson_value_t *out)
{
    union {
        const char *in;
        char *out;
    } text = {t->str}; /* bson_value_t has no const text; nobody writes to it */

    switch (t->type) {
    case WHERE_ID:
        if (strcmp(t->field, "_id") == 0) {
            out->value_type = BSON_TYPE_OID;
            bson_oid_init_from_string(&out->value.v_oid, t->str);
            return;
        } /* fall through */
    case WHERE_STR:
        out->value_type = BSON_TYPE_UTF8;
        out->value.v_utf8.str = text.out;
        out->value.v_utf8.len = (uint32_t)strlen(t->str);
        return;
    case WHERE_INT:
        out->value_type = BSON_TYPE_INT64;
        out->value.v_int64 = t->num;
        return;
    case WHERE_DATE:
        out->value_type = BSON_TYPE_DATE_TIME;
        out->value.v_datetime = t->num;
        return;
    case WHERE_BOOL:
        out->value_type = BSON_TYPE_BOOL;
        out->value.v_bool = t->num != 0;
        return;
    case WHERE_NULL:
        out->value_type = BSON_TYPE_NULL;
        return;
    }
}

static size_t collect(const struct where *where, const struct bound *extra,
                      struct term terms[TERMS_MAX])
{
    size_t n = 0;

    for (; where && n < where->count; n++) {
        terms[n] =
            (struct term){.field = where->terms[n].field, .op = op_names[where->terms[n].op]};
        set_value(&where->terms[n], &terms[n].value);
    }
    if (extra) {
        terms[n] = (struct term){.field = extra->field, .op = extra->op, .or_null = extra->or_null};
        terms[n++].value = *extra->value;
    }
    return n;
}

/* Whether two terms cannot share one operator document. */
static bool terms_clash(const struct term *terms, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(terms[i].field, terms[k].field) == 0 &&
                (strcmp(terms[i].op, terms[k].op) == 0 || terms[i].or_null || terms[k].or_null))
                return true;
    return false;
}

/* {field: value} or {field: {op: value, ...}} with every other term on that field. */
static void append_field(bson_t *out, struct term *terms, size_t count, size_t first)
{
    bson_t ops;
    size_t on_field = 0;

    for (size_t i = first; i < count; i++)
        on_field += strcmp(terms[i].field, terms[first].field) == 0;
    if (on_field == 1 && strcmp(terms[first].op, "$eq") == 0) {
        BSON_APPEND_VALUE(out, terms[first].field, &terms[first].value);
        return;
    }
    BSON_APPEND_DOCUMENT_BEGIN(out, terms[first].field, &ops);
    for (size_t i = first; i < count; i++) {
        if (strcmp(terms[i].field, terms[first].field) != 0)
            continue;
        BSON_APPEND_VALUE(&ops, terms[i].op, &terms[i].value);
        terms[i].used = true;
    }
    bson_append_document_end(out, &ops);
}

/* {$or: [{field: {op: value}}, {field: null}]} */
static void append_or_null(bson_t *out, const struct term *t)
{
    bson_t either, one, ops;

    BSON_APPEND_ARRAY_BEGIN(out, "$or", &either);
    BSON_APPEND_DOCUMENT_BEGIN(&either, "0", &one);
    BSON_APPEND_DOCUMENT_BEGIN(&one, t->field, &ops);
    BSON_APPEND_VALUE(&ops, t->op, &t->value);
    bson_append_document_end(&one, &ops);
    bson_append_document_end(&either, &one);
    BSON_APPEND_DOCUMENT_BEGIN(&either, "1", &one);
    BSON_APPEND_NULL(&one, t->field);
    bson_append_document_end(&either, &one);
    bson_append_array_end(out, &either);
}

static void append_flat(bson_t *out, struct term *terms, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (terms[i].used)
            continue;
        if (terms[i].or_null)
            append_or_null(out, &terms[i]);
        else
            append_field(out, terms, count, i);
    }
}

void mongo_filter(const struct where *where, const struct bound *extra, bson_t *out)
{
    struct term terms[TERMS_MAX];
    size_t count = collect(where, extra, terms);
    bson_t all, one;

    bson_init(out);
    if (!terms_clash(terms, count)) {
        append_flat(out, terms, count);
        return;
    }
    BSON_APPEND_ARRAY_BEGIN(out, "$and", &all);
    for (size_t i = 0; i < count; i++) {
        char buf[16];
        const char *key;

        bson_uint32_to_string((uint32_t)i, &key, buf, sizeof buf);
        BSON_APPEND_DOCUMENT_BEGIN(&all, key, &one);
        append_flat(&one, &terms[i], 1);
        bson_append_document_end(&all, &one);
    }
    bson_append_array_end(out, &all);
}

void mongo_update(const struct patch *patch, bson_t *out)
{
    bson_init(out);
    if (!bson_empty(&patch->set)) /* servers before 5.0 refuse an empty operator */
        BSON_APPEND_DOCUMENT(out, "$set", &patch->set);
    if (!bson_empty(&patch->inc))
        BSON_APPEND_DOCUMENT(out, "$inc", &patch->inc);
    if (!bson_empty(&patch->unset))
        BSON_APPEND_DOCUMENT(out, "$unset", &patch->unset);
}

bool mongo_patch_is_empty(const struct patch *patch)
{
    return bson_empty(&patch->set) && bson_empty(&patch->inc) && bson_empty(&patch->unset);
}

bool mongo_names_one(const struct where *where)
{
    for (size_t i = 0; i < where->count; i++)
        if (strcmp(where->terms[i].field, "_id") == 0 && where->terms[i].op == WHERE_EQ)
            return true;
    return false;
}
