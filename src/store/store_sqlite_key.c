/* store_sqlite_key.c - values taken out of BSON as values SQLite orders as MongoDB does: null (or
 * absent) < numbers < text < the rest, which become blobs of a type byte and the value in
 * big-endian order:
 *
 *     7 + 12 bytes   ObjectId        8 + 1 byte   Boolean
 *     9 + 8 bytes    Date, sign flipped so that bytes order like numbers */
#include <stdlib.h>
#include <string.h>

#include "store/store_sqlite.h"
#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/mem.h"

void sqlite_key_date(int64_t ms, struct sqlite_key *key)
{
    uint64_t bits = (uint64_t)ms ^ UINT64_C(0x8000000000000000);

    key->bytes[0] = 9;
    for (int i = 0; i < 8; i++)
        key->bytes[1 + i] = (unsigned char)(bits >> (56 - 8 * i));
    key->len = 9;
}

void sqlite_key_bool(bool yes, struct sqlite_key *key)
{
    key->bytes[0] = 8;
    key->bytes[1] = yes;
    key->len = 2;
}

void sqlite_key_oid(const bson_oid_t *oid, struct sqlite_key *key)
{
    key->bytes[0] = 7;
    memcpy(key->bytes + 1, oid->bytes, sizeof oid->bytes);
    key->len = 1 + (int)sizeof oid->bytes;
}

/* Documents and arrays compare equal to themselves only; their order is that of their bytes. */
static void give_container(sqlite3_context *ctx, const bson_iter_t *it)
{
    bool is_array = BSON_ITER_HOLDS_ARRAY(it);
    const uint8_t *data = NULL;
    uint32_t len = 0;
    unsigned char *blob;

    if (is_array)
        bson_iter_array(it, &len, &data);
    else
        bson_iter_document(it, &len, &data);
    blob = mem_zero(1, (size_t)len + 1);
    blob[0] = is_array ? 4 : 3;
    memcpy(blob + 1, data, len);
    sqlite3_result_blob64(ctx, blob, (sqlite3_uint64)len + 1, free);
}

static void give_value(sqlite3_context *ctx, const bson_iter_t *it)
{
    struct sqlite_key key = {.len = 0};
    const char *text;
    uint32_t len;

    switch (bson_iter_type(it)) {
    case BSON_TYPE_INT32:
    case BSON_TYPE_INT64:
        sqlite3_result_int64(ctx, bson_iter_as_int64(it));
        return;
    case BSON_TYPE_DOUBLE:
        sqlite3_result_double(ctx, bson_iter_double(it));
        return;
    case BSON_TYPE_UTF8:
        text = bson_iter_utf8(it, &len);
        sqlite3_result_text(ctx, text, (int)len, SQLITE_TRANSIENT);
        return;
    case BSON_TYPE_DOCUMENT:
    case BSON_TYPE_ARRAY:
        give_container(ctx, it);
        return;
    case BSON_TYPE_OID:
        sqlite_key_oid(bson_iter_oid(it), &key);
        break;
    case BSON_TYPE_BOOL:
        sqlite_key_bool(bson_iter_bool(it), &key);
        break;
    case BSON_TYPE_DATE_TIME:
        sqlite_key_date(bson_iter_date_time(it), &key);
        break;
    case BSON_TYPE_NULL:
        sqlite3_result_null(ctx);
        return;
    default:
        key = (struct sqlite_key){.bytes = {255}, .len = 1}; /* a type nobody asks for */
        break;
    }
    sqlite3_result_blob(ctx, key.bytes, key.len, SQLITE_TRANSIENT);
}

static void field_key(sqlite3_context *ctx, int count, sqlite3_value **args)
{
    const void *data = sqlite3_value_blob(args[0]);
    const char *path = (const char *)sqlite3_value_text(args[1]);
    int len = sqlite3_value_bytes(args[0]);
    bson_iter_t it;
    bson_t doc;

    (void)count;
    if (data && path && len > 0 && bson_init_static(&doc, data, (size_t)len) &&
        doc_find(&doc, path, &it))
        give_value(ctx, &it);
    else
        sqlite3_result_null(ctx);
}

bool sqlite_add_functions(struct sqlite_store *self, struct err *err)
{
    int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;

    return sqlite3_create_function_v2(self->db, "field_key", 2, flags, NULL, field_key, NULL, NULL,
                                      NULL) == SQLITE_OK ||
           sqlite_fail(self, err);
}
