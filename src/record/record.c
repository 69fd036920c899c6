/* record.c - one mechanism for all nine structs. A row of the schema says where in the struct a
 * field lives and what it is, so that init, finish, read and write are each one walk over the
 * rows. Members are reached by offset and copied with memcpy, since the walk does not know the
 * struct's type. */
#include "strattio/record.h"

#include <stdlib.h>
#include <string.h>

#include "record/schema.h"
#include "record/words.h"
#include "strattio/clock.h"
#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/ids.h"
#include "strattio/mem.h"

/* What one member can hold; which one is said by the row's type. */
union member {
    char *text;
    bson_t *doc;
    int64_t whole; /* and dates */
    double number;
    unsigned word;
    bool yes;
};

static size_t member_size(enum field_type type)
{
    switch (type) {
    case FIELD_ID:
    case FIELD_STRING:
        return sizeof(char *);
    case FIELD_OBJECT:
    case FIELD_ARRAY:
        return sizeof(bson_t *);
    case FIELD_ENUM:
        return sizeof(unsigned);
    case FIELD_BOOL:
        return sizeof(bool);
    case FIELD_NUMBER:
        return sizeof(double);
    default:
        return sizeof(int64_t);
    }
}

static void get_member(const void *rec, const struct schema_field *f, union member *m)
{
    memset(m, 0, sizeof *m);
    memcpy(m, (const char *)rec + f->offset, member_size(f->type));
}

static void put_member(void *rec, const struct schema_field *f, const union member *m)
{
    memcpy((char *)rec + f->offset, m, member_size(f->type));
}

static bson_t **extra_of(enum collection coll, void *rec)
{
    return (bson_t **)(void *)((char *)rec + schema_of(coll)->extra_offset);
}

static bool is_metadata(const struct schema_field *f)
{
    return strcmp(f->name, "metadata") == 0;
}

/* A default as the schema states it: a JSON word, number or quoted text. */
static char *unquote(const char *json)
{
    size_t len = strlen(json);

    return json[0] == '"' && len >= 2 ? mem_strn(json + 1, len - 2) : mem_str(json);
}

/* The value a field has where a document does not say: null where that is allowed. */
static void default_member(const struct schema_field *f, union member *m)
{
    const char *stated = f->fallback;
    bool null = f->flags & FIELD_NULLABLE;

    memset(m, 0, sizeof *m);
    switch (f->type) {
    case FIELD_ID:
        break;
    case FIELD_STRING:
        m->text = stated ? unquote(stated) : NULL;
        break;
    case FIELD_ENUM:
        break; /* the first word */
    case FIELD_BOOL:
        m->yes = stated && strcmp(stated, "true") == 0;
        break;
    case FIELD_INT:
        m->whole = stated ? strtoll(stated, NULL, 10) : null ? RECORD_NONE : 0;
        break;
    case FIELD_NUMBER:
        m->number = stated ? strtod(stated, NULL) : null ? RECORD_NAN : 0;
        break;
    case FIELD_DATE:
        m->whole = RECORD_NONE;
        break;
    case FIELD_OBJECT:
    case FIELD_ARRAY:
        m->doc = null ? NULL : bson_new();
        break;
    }
}

static void append_origin(enum collection coll, bson_t *metadata)
{
    if (schema_of(coll)->mutable)
        BSON_APPEND_INT32(metadata, "rev", 1);
    BSON_APPEND_INT32(metadata, "schema", SCHEMA_VERSION);
}

void record_init(enum collection coll, void *rec)
{
    int64_t now = clock_now_ms();

    memset(rec, 0, schema_of(coll)->struct_size);
    for (const struct schema_field *f = schema_of(coll)->fields; f->name; f++) {
        union member m;

        default_member(f, &m);
        if (f->type == FIELD_ID) {
            m.text = mem_zero(1, ID_LEN + 1);
            id_new(m.text);
        } else if (f->type == FIELD_DATE && !(f->flags & FIELD_NULLABLE)) {
            m.whole = now;
        } else if (is_metadata(f)) {
            append_origin(coll, m.doc);
        }
        put_member(rec, f, &m);
    }
}

void record_finish(enum collection coll, void *rec)
{
    if (!rec)
        return;
    for (const struct schema_field *f = schema_of(coll)->fields; f->name; f++) {
        union member m;

        get_member(rec, f, &m);
        if (f->type == FIELD_ID || f->type == FIELD_STRING)
            free(m.text);
        else if (f->type == FIELD_OBJECT || f->type == FIELD_ARRAY)
            bson_destroy(m.doc);
    }
    bson_destroy(*extra_of(coll, rec));
    memset(rec, 0, schema_of(coll)->struct_size);
}

/* ---- reading -------------------------------------------------------------------------------- */

static bool wrong(enum collection coll, const struct schema_field *f, struct err *err)
{
    return err_set(err, ERR_INVALID, 0, "%s.%s: is not of type %s", collection_name(coll), f->name,
                   schema_type_name(f->type));
}

static bool read_text(const bson_iter_t *it, char **text)
{
    uint32_t len;
    const char *utf8;

    if (!BSON_ITER_HOLDS_UTF8(it))
        return false;
    utf8 = bson_iter_utf8(it, &len);
    if (strlen(utf8) != len)
        return false; /* a NUL inside would cut it */
    *text = mem_copy(utf8, len + 1);
    return true;
}

static bool read_oid(const bson_iter_t *it, char **text)
{
    if (!BSON_ITER_HOLDS_OID(it))
        return false;
    *text = mem_zero(1, ID_LEN + 1);
    bson_oid_to_string(bson_iter_oid(it), *text);
    return true;
}

static bool read_whole(const bson_iter_t *it, int64_t *whole)
{
    double x;

    if (!BSON_ITER_HOLDS_NUMBER(it))
        return false;
    if (!BSON_ITER_HOLDS_DOUBLE(it)) {
        *whole = bson_iter_as_int64(it);
        return true;
    }
    x = bson_iter_double(it);
    if (!(x >= -0x1p63 && x < 0x1p63) || x != trunc(x))
        return false;
    *whole = (int64_t)x;
    return true;
}

static bool read_doc(const bson_iter_t *it, enum field_type type, bson_t **doc)
{
    const uint8_t *data = NULL;
    uint32_t len = 0;

    if (type == FIELD_OBJECT && BSON_ITER_HOLDS_DOCUMENT(it))
        bson_iter_document(it, &len, &data);
    else if (type == FIELD_ARRAY && BSON_ITER_HOLDS_ARRAY(it))
        bson_iter_array(it, &len, &data);
    *doc = data ? bson_new_from_data(data, len) : NULL;
    return *doc != NULL;
}

/* Reads the value `it` stands on, which is not null. False if it has another type. */
static bool read_member(const bson_iter_t *it, const struct schema_field *f, union member *m)
{
    memset(m, 0, sizeof *m);
    switch (f->type) {
    case FIELD_ID:
        return read_oid(it, &m->text);
    case FIELD_STRING:
        return read_text(it, &m->text);
    case FIELD_ENUM:
        if (!BSON_ITER_HOLDS_UTF8(it))
            return false;
        m->word = words_find(f->words, bson_iter_utf8(it, NULL));
        return f->words[m->word] != NULL;
    case FIELD_BOOL:
        m->yes = BSON_ITER_HOLDS_BOOL(it) && bson_iter_bool(it);
        return BSON_ITER_HOLDS_BOOL(it);
    case FIELD_INT:
        return read_whole(it, &m->whole);
    case FIELD_NUMBER:
        if (!BSON_ITER_HOLDS_NUMBER(it))
            return false;
        m->number = BSON_ITER_HOLDS_DOUBLE(it) ? bson_iter_double(it)
                                               : (double)bson_iter_as_int64(it);
        return true;
    case FIELD_DATE:
        m->whole = BSON_ITER_HOLDS_DATE_TIME(it) ? bson_iter_date_time(it) : 0;
        return BSON_ITER_HOLDS_DATE_TIME(it);
    default:
        return read_doc(it, f->type, &m->doc);
    }
}

static void read_extra(enum collection coll, const bson_t *doc, void *rec)
{
    bson_t **extra = extra_of(coll, rec);
    bson_iter_t it;

    bson_iter_init(&it, doc);
    while (bson_iter_next(&it)) {
        if (schema_find(schema_of(coll)->fields, bson_iter_key(&it)))
            continue;
        if (!*extra)
            *extra = bson_new();
        bson_append_iter(*extra, NULL, 0, &it);
    }
}

bool record_is_known(enum collection coll, const bson_t *doc, struct err *err)
{
    int64_t version = doc_int(doc, "metadata.schema", SCHEMA_VERSION);

    if (version <= SCHEMA_VERSION)
        return true;
    return err_set(err, ERR_UNSUPPORTED, 0,
                   "%s: written by a newer Strattio (format %lld, this one knows %d); update this "
                   "program",
                   collection_name(coll), (long long)version, SCHEMA_VERSION);
}

bool record_read(enum collection coll, const bson_t *doc, void *rec, struct err *err)
{
    const struct schema *schema = schema_of(coll);

    memset(rec, 0, schema->struct_size);
    if (!record_is_known(coll, doc, err))
        return false;
    for (const struct schema_field *f = schema->fields; f->name; f++) {
        bson_iter_t it;
        union member m;

        if (!bson_iter_init_find(&it, doc, f->name) || BSON_ITER_HOLDS_NULL(&it)) {
            default_member(f, &m);
        } else if (!read_member(&it, f, &m)) {
            record_finish(coll, rec);
            return wrong(coll, f, err);
        }
        put_member(rec, f, &m);
    }
    read_extra(coll, doc, rec);
    return true;
}

/* ---- writing -------------------------------------------------------------------------------- */

static void write_text(bson_t *out, const char *key, const char *text)
{
    if (text)
        BSON_APPEND_UTF8(out, key, text);
    else
        BSON_APPEND_NULL(out, key);
}

/* An id that is none is written as text, for record_validate() to refuse. */
static void write_id(bson_t *out, const char *key, const char *id)
{
    bson_oid_t oid;

    if (!id || !id_valid(id)) {
        write_text(out, key, id);
        return;
    }
    bson_oid_init_from_string(&oid, id);
    BSON_APPEND_OID(out, key, &oid);
}

static void write_whole(bson_t *out, const char *key, int64_t whole)
{
    if (whole == RECORD_NONE)
        BSON_APPEND_NULL(out, key);
    else if (whole >= INT32_MIN && whole <= INT32_MAX)
        BSON_APPEND_INT32(out, key, (int32_t)whole);
    else
        BSON_APPEND_INT64(out, key, whole);
}

static void write_member(bson_t *out, const struct schema_field *f, const union member *m)
{
    switch (f->type) {
    case FIELD_ID:
        write_id(out, f->name, m->text);
        break;
    case FIELD_STRING:
        write_text(out, f->name, m->text);
        break;
    case FIELD_ENUM:
        write_text(out, f->name, words_at(f->words, m->word));
        break;
    case FIELD_BOOL:
        BSON_APPEND_BOOL(out, f->name, m->yes);
        break;
    case FIELD_INT:
        write_whole(out, f->name, m->whole);
        break;
    case FIELD_NUMBER:
        if (isnan(m->number))
            BSON_APPEND_NULL(out, f->name);
        else
            BSON_APPEND_DOUBLE(out, f->name, m->number);
        break;
    case FIELD_DATE:
        if (m->whole == RECORD_NONE)
            BSON_APPEND_NULL(out, f->name);
        else
            BSON_APPEND_DATE_TIME(out, f->name, m->whole);
        break;
    case FIELD_OBJECT:
        if (m->doc)
            BSON_APPEND_DOCUMENT(out, f->name, m->doc);
        else
            BSON_APPEND_NULL(out, f->name);
        break;
    case FIELD_ARRAY:
        if (m->doc)
            BSON_APPEND_ARRAY(out, f->name, m->doc);
        else
            BSON_APPEND_NULL(out, f->name);
        break;
    }
}

void record_write(enum collection coll, const void *rec, bson_t *out)
{
    const struct schema *schema = schema_of(coll);
    const bson_t *extra;

    bson_init(out);
    for (const struct schema_field *f = schema->fields; f->name; f++) {
        union member m;

        get_member(rec, f, &m);
        write_member(out, f, &m);
    }
    memcpy(&extra, (const char *)rec + schema->extra_offset, sizeof extra);
    if (extra)
        bson_concat(out, extra);
}
