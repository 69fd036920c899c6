/* Cursors are a small BSON document {v: sort value, i: _id, f: fingerprint} in base64url. BSON
 * carries every type a sort field can have without a format of our own, and the fingerprint
 * covers what fixes the order and the set (collection, terms, sort, direction), not the page
 * size or the fields. */
#include "store/cursor.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/mem.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static char *to_text(const uint8_t *data, size_t len)
{
    char *text = mem_zero(len / 3 * 4 + 5, 1);
    size_t n = 0;

    for (size_t i = 0; i < len; i += 3) {
        size_t have = len - i < 3 ? len - i : 3;
        uint32_t bits = (uint32_t)data[i] << 16;

        bits |= have > 1 ? (uint32_t)data[i + 1] << 8 : 0;
        bits |= have > 2 ? (uint32_t)data[i + 2] : 0;
        for (size_t k = 0; k <= have; k++)
            text[n++] = alphabet[bits >> (18 - 6 * k) & 63];
    }
    return text;
}

/* NULL if a character is not of the alphabet, or one is left over. */
static uint8_t *from_text(const char *text, size_t *len)
{
    size_t chars = strlen(text), n = 0;
    uint8_t *data = mem_zero(chars / 4 * 3 + 4, 1);
    uint32_t bits = 0;

    for (size_t i = 0; i < chars; i++) {
        const char *at = strchr(alphabet, text[i]);

        if (!at || chars % 4 == 1) {
            free(data);
            return NULL;
        }
        bits = bits << 6 | (uint32_t)(at - alphabet);
        if (i % 4 != 0)
            data[n++] = (uint8_t)(bits >> (6 - 2 * (i % 4)));
    }
    *len = n;
    return data;
}

static uint64_t mix(uint64_t hash, const void *data, size_t len)
{
    const uint8_t *bytes = data;

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ bytes[i]) * UINT64_C(1099511628211); /* FNV-1a */
    return hash;
}

/* Lengths are mixed in too, so that "ab","c" and "a","bc" differ. */
static uint64_t mix_str(uint64_t hash, const char *text)
{
    size_t len = text ? strlen(text) : SIZE_MAX;

    hash = mix(hash, &len, sizeof len);
    return text ? mix(hash, text, len) : hash;
}

static int64_t fingerprint(enum collection coll, const struct query *q)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    int64_t head[] = {coll, q->descending, (int64_t)q->where.count};

    hash = mix(hash, head, sizeof head);
    hash = mix_str(hash, q->sort);
    for (size_t i = 0; i < q->where.count; i++) {
        const struct where_term *t = &q->where.terms[i];
        int64_t parts[] = {t->op, t->type, t->num};

        hash = mix_str(mix(hash, parts, sizeof parts), t->field);
        hash = mix_str(hash, t->str);
    }
    return (int64_t)hash;
}

static bool is_scalar(bson_type_t type)
{
    return type == BSON_TYPE_UTF8 || type == BSON_TYPE_INT32 || type == BSON_TYPE_INT64 ||
           type == BSON_TYPE_DOUBLE || type == BSON_TYPE_BOOL || type == BSON_TYPE_DATE_TIME ||
           type == BSON_TYPE_OID || type == BSON_TYPE_NULL;
}

char *cursor_encode(enum collection coll, const struct query *q, const bson_t *last)
{
    bson_t doc = BSON_INITIALIZER;
    bson_iter_t it;
    char *text;

    if (q->sort && doc_find(last, q->sort, &it) && is_scalar(bson_iter_type(&it)))
        BSON_APPEND_VALUE(&doc, "v", bson_iter_value(&it));
    else
        BSON_APPEND_NULL(&doc, "v");
    if (bson_iter_init_find(&it, last, "_id") && BSON_ITER_HOLDS_OID(&it))
        BSON_APPEND_OID(&doc, "i", bson_iter_oid(&it));
    BSON_APPEND_INT64(&doc, "f", fingerprint(coll, q));
    text = to_text(bson_get_data(&doc), doc.len);
    bson_destroy(&doc);
    return text;
}

/* Takes the parts out of a decoded document; false unless it is one that cursor_encode() made. */
static bool read_parts(const bson_t *doc, int64_t print, struct cursor *out)
{
    bson_iter_t value, id, f;

    if (!bson_validate(doc, BSON_VALIDATE_UTF8, NULL) || !bson_iter_init_find(&value, doc, "v") ||
        !is_scalar(bson_iter_type(&value)) || !bson_iter_init_find(&id, doc, "i") ||
        !BSON_ITER_HOLDS_OID(&id) || !bson_iter_init_find(&f, doc, "f") ||
        !BSON_ITER_HOLDS_INT64(&f) || bson_iter_int64(&f) != print)
        return false;
    bson_value_copy(bson_iter_value(&value), &out->value);
    bson_oid_copy(bson_iter_oid(&id), &out->id);
    return true;
}

bool cursor_decode(enum collection coll, const struct query *q, struct cursor *out,
                   struct err *err)
{
    size_t len = 0;
    uint8_t *data = from_text(q->after, &len);
    bson_t doc;
    bool ok = data && bson_init_static(&doc, data, len) &&
              read_parts(&doc, fingerprint(coll, q), out);

    free(data);
    if (!ok)
        err_set(err, ERR_INVALID, 0,
                "this page marker does not belong to this list; begin again at the first page");
    return ok;
}

void cursor_finish(struct cursor *c)
{
    bson_value_destroy(&c->value);
}
