/* The nine collections on the server. What is absent is made, with our validator and indexes;
 * what exists only gets the indexes it lacks, since it may be another program's too.
 *
 * Opening has to be quick on a slow line: one listCollections always, and the indexes of
 * existing collections just once a process for each database. */
#include "store/store_mongo.h"

#include <pthread.h>
#include <string.h>

#include "record/schema.h"
#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/ids.h"
#include "strattio/log.h"
#include "strattio/mem.h"

enum {
    CODE_UNAUTHORIZED = 13,
    CODE_NO_COLLECTION = 26,
    CODE_COLLECTION_EXISTS = 48,
    TRIES = 3, /* making a schema may be repeated: each step looks first, or is refused kindly */
};

/* What the server holds of one collection. */
struct found {
    bool exists;
    bool validated;     /* with exactly our validator */
    bool has_validator; /* ours or another */
    bson_t indexes;     /* {name: {key, unique}}; filled in on request */
};

/* ---- databases seen by this process ------------------------------------------------------ */

enum { SEEN_MAX = 32 };
static pthread_mutex_t seen_lock = PTHREAD_MUTEX_INITIALIZER;
static char seen[SEEN_MAX][SHA_HEX_LEN + 1];
static size_t seen_next;

static void name_database(const struct mongo_store *self, char out[SHA_HEX_LEN + 1])
{
    const char *uri = mongoc_uri_get_string(self->uri);

    sha256_hex(uri, strlen(uri), out);
}

static bool was_seen(const struct mongo_store *self)
{
    char name[SHA_HEX_LEN + 1];
    bool yes = false;

    name_database(self, name);
    pthread_mutex_lock(&seen_lock);
    for (size_t i = 0; i < SEEN_MAX; i++)
        yes = yes || strcmp(seen[i], name) == 0;
    pthread_mutex_unlock(&seen_lock);
    return yes;
}

static void remember(const struct mongo_store *self)
{
    if (was_seen(self))
        return;
    pthread_mutex_lock(&seen_lock);
    name_database(self, seen[seen_next++ % SEEN_MAX]);
    pthread_mutex_unlock(&seen_lock);
}

/* ---- what is there ----------------------------------------------------------------------- */

static void note_collection(const bson_t *doc, struct found all[COLL_COUNT])
{
    enum collection coll = collection_by_name(doc_str(doc, "name", ""));
    bson_t theirs, ours;

    if (coll == COLL_COUNT)
        return;
    all[coll].exists = true;
    all[coll].has_validator = doc_view(doc, "options.validator", &theirs) && !bson_empty(&theirs);
    if (!all[coll].has_validator)
        return;
    schema_validator(coll, &ours);
    all[coll].validated = doc_equal(&theirs, &ours) &&
                          strcmp(doc_str(doc, "options.validationAction", "error"), "error") == 0 &&
                          strcmp(doc_str(doc, "options.validationLevel", "strict"), "strict") == 0;
    bson_destroy(&ours);
}

static bool list_collections(struct mongo_store *self, struct found all[COLL_COUNT],
                             struct fault *f)
{
    mongoc_database_t *db = mongoc_client_get_database(self->client, self->db);
    mongoc_cursor_t *cursor = mongoc_database_find_collections_with_opts(db, NULL);
    const bson_t *doc, *reply;
    bool failed;

    while (mongoc_cursor_next(cursor, &doc))
        note_collection(doc, all);
    failed = mongoc_cursor_error_document(cursor, &f->error, &reply);
    if (failed && reply)
        bson_concat(&f->reply, reply);
    mongoc_cursor_destroy(cursor);
    mongoc_database_destroy(db);
    return !failed;
}

/* Fills in all[coll].indexes, which is initialised. */
static bool list_indexes(struct mongo_store *self, enum collection coll, struct found *found,
                         struct fault *f)
{
    mongoc_collection_t *c = mongo_collection(self, coll);
    mongoc_cursor_t *cursor = mongoc_collection_find_indexes_with_opts(c, NULL);
    const bson_t *doc, *reply;
    bool failed;

    while (mongoc_cursor_next(cursor, &doc))
        BSON_APPEND_DOCUMENT(&found->indexes, doc_str(doc, "name", "?"), doc);
    failed = mongoc_cursor_error_document(cursor, &f->error, &reply);
    if (failed && f->error.code == CODE_NO_COLLECTION)
        failed = false;
    else if (failed && reply)
        bson_concat(&f->reply, reply);
    mongoc_cursor_destroy(cursor);
    mongoc_collection_destroy(c);
    return !failed;
}

/* ---- indexes ----------------------------------------------------------------------------- */

static bool same_keys(const struct schema_index *want, const bson_t *key)
{
    bson_iter_t it;
    size_t n = 0;

    if (!bson_iter_init(&it, key))
        return false;
    for (; bson_iter_next(&it); n++)
        if (n == ARRAY_LEN(want->keys) || !want->keys[n].field ||
            strcmp(bson_iter_key(&it), want->keys[n].field) != 0 ||
            bson_iter_as_int64(&it) != want->keys[n].direction)
            return false;
    return n == ARRAY_LEN(want->keys) || !want->keys[n].field;
}

enum presence { ABSENT, PRESENT, NOT_UNIQUE };

/* Whether an index over these keys is there, whatever its name. */
static enum presence look_up(const struct schema_index *want, const bson_t *indexes)
{
    bson_iter_t it;
    enum presence found = ABSENT;

    bson_iter_init(&it, indexes);
    while (found != PRESENT && bson_iter_next(&it)) {
        bson_t index, key;
        uint32_t len;
        const uint8_t *data;

        bson_iter_document(&it, &len, &data);
        if (!bson_init_static(&index, data, len) || !doc_view(&index, "key", &key) ||
            !same_keys(want, &key))
            continue;
        found = want->unique && !doc_bool(&index, "unique", false) ? NOT_UNIQUE : PRESENT;
    }
    return found;
}

static void append_index(bson_t *list, uint32_t at, const struct schema_index *index)
{
    char buf[16];
    const char *key;
    bson_t one, keys;
    struct strbuf name;

    strbuf_init(&name, 256);
    schema_index_name(index, &name);
    bson_uint32_to_string(at, &key, buf, sizeof buf);
    BSON_APPEND_DOCUMENT_BEGIN(list, key, &one);
    BSON_APPEND_DOCUMENT_BEGIN(&one, "key", &keys);
    for (size_t i = 0; i < ARRAY_LEN(index->keys) && index->keys[i].field; i++)
        BSON_APPEND_INT32(&keys, index->keys[i].field, index->keys[i].direction);
    bson_append_document_end(&one, &keys);
    BSON_APPEND_UTF8(&one, "name", name.data);
    if (index->unique)
        BSON_APPEND_BOOL(&one, "unique", true);
    bson_append_document_end(list, &one);
    strbuf_finish(&name);
}

static bool run(struct mongo_store *self, const bson_t *command, struct fault *f)
{
    mongoc_write_concern_t *concern =
        mongoc_write_concern_copy(mongoc_uri_get_write_concern(self->uri));
    bson_t opts = BSON_INITIALIZER, reply;
    bool ok;

    mongoc_write_concern_append(concern, &opts);
    mongoc_write_concern_destroy(concern);
    ok = mongoc_client_write_command_with_opts(self->client, self->db, command, &opts, &reply,
                                               &f->error);
    bson_concat(&f->reply, &reply);
    bson_destroy(&reply);
    bson_destroy(&opts);
    return ok;
}

/* Adds the indexes that `have` lacks; one over the same keys that is not unique stands in the
 * way of ours and is left alone. A server that refuses an index goes without: store info names
 * it. */
static bool add_indexes(struct mongo_store *self, enum collection coll, const bson_t *have,
                        struct fault *f)
{
    const struct schema_index *indexes = schema_of(coll)->indexes;
    bson_t command = BSON_INITIALIZER, list;
    uint32_t count = 0;
    bool ok = true;

    BSON_APPEND_UTF8(&command, "createIndexes", collection_name(coll));
    BSON_APPEND_ARRAY_BEGIN(&command, "indexes", &list);
    for (const struct schema_index *i = indexes; i->keys[0].field; i++)
        if (look_up(i, have) == ABSENT)
            append_index(&list, count++, i);
    bson_append_array_end(&command, &list);
    if (count > 0 && !run(self, &command, f)) {
        ok = !fault_is_offline(f);
        log_line(LOG_LEVEL_WARN, "mongodb: indexes of %s: %s", collection_name(coll),
                 f->error.message);
    }
    bson_destroy(&command);
    return ok;
}

/* ---- making ------------------------------------------------------------------------------ */

static bool create(struct mongo_store *self, enum collection coll, bool validated, struct fault *f)
{
    bson_t command = BSON_INITIALIZER, validator;
    bool ok;

    BSON_APPEND_UTF8(&command, "create", collection_name(coll));
    if (validated) {
        schema_validator(coll, &validator);
        BSON_APPEND_DOCUMENT(&command, "validator", &validator);
        bson_destroy(&validator);
    }
    ok = run(self, &command, f);
    bson_destroy(&command);
    return ok;
}

/* Somebody else making it at the same moment is fine; whether it got a validator is then looked
 * up. */
static bool make_collection(struct mongo_store *self, enum collection coll, bool *raced,
                            struct fault *f)
{
    bool validated = !self->no_validators;
    bool ok = create(self, coll, validated, f);

    if (!ok && validated && fault_is_refusal(f)) {
        self->no_validators = true;
        validated = false;
        fault_reset(f);
        ok = create(self, coll, false, f);
    }
    if (!ok && f->error.code == CODE_COLLECTION_EXISTS) {
        *raced = true;
        return true;
    }
    if (!ok && fault_is_refusal(f)) /* then createIndexes or the first insert makes it */
        return true;
    self->checked[coll] = ok && validated;
    return ok;
}

static bool make_one(struct mongo_store *self, enum collection coll, struct found *found,
                     bool *raced, struct fault *f)
{
    self->checked[coll] = found->validated;
    if (!found->exists && !make_collection(self, coll, raced, f))
        return false;
    fault_reset(f);
    if (found->exists && was_seen(self))
        return true;
    if ((found->exists || *raced) && !list_indexes(self, coll, found, f))
        return f->error.code == CODE_UNAUTHORIZED;
    return add_indexes(self, coll, &found->indexes, f);
}

static void forget(struct found all[COLL_COUNT], bool first)
{
    for (size_t i = 0; i < COLL_COUNT; i++) {
        if (!first)
            bson_destroy(&all[i].indexes);
        all[i] = (struct found){0};
        bson_init(&all[i].indexes);
    }
}

static bool make_all(struct mongo_store *self, struct found all[COLL_COUNT], enum collection *at,
                     struct fault *f)
{
    bool raced = false;

    *at = COLL_USERS;
    if (!list_collections(self, all, f))
        return false;
    for (size_t i = 0; i < COLL_COUNT; i++) {
        *at = (enum collection)i;
        if (!make_one(self, *at, &all[i], &raced, f))
            return false;
    }
    if (!raced)
        return true;
    forget(all, false);
    if (!list_collections(self, all, f))
        return false;
    for (size_t i = 0; i < COLL_COUNT; i++)
        self->checked[i] = all[i].validated;
    return true;
}

bool mongo_make_schema(struct mongo_store *self, struct err *err)
{
    struct found all[COLL_COUNT];
    enum collection at = COLL_USERS;
    struct fault f;
    bool ok = false;

    fault_init(&f);
    forget(all, true);
    for (int tries = 0; tries < TRIES && !ok; tries++) {
        if (tries > 0)
            forget(all, false);
        fault_reset(&f);
        ok = make_all(self, all, &at, &f);
        if (!ok && !fault_is_offline(&f))
            break;
        if (!ok && f.error.domain == MONGOC_ERROR_SERVER_SELECTION)
            break; /* has waited its time already */
    }
    if (ok)
        remember(self);
    else
        fault_report(self, at, &f, err);
    forget(all, false);
    for (size_t i = 0; i < COLL_COUNT; i++)
        bson_destroy(&all[i].indexes);
    fault_finish(&f);
    return ok;
}

/* ---- store info -------------------------------------------------------------------------- */

static bool is_ours(const struct schema *schema, const bson_t *index)
{
    bson_t key;

    if (!doc_view(index, "key", &key))
        return false;
    for (const struct schema_index *i = schema->indexes; i->keys[0].field; i++)
        if (same_keys(i, &key))
            return true;
    return strcmp(doc_str(index, "name", ""), "_id_") == 0;
}

static void append_missing(bson_t *out, const struct schema *schema, const bson_t *have)
{
    bson_t list;
    uint32_t n = 0;

    BSON_APPEND_ARRAY_BEGIN(out, "indexes_missing", &list);
    for (const struct schema_index *i = schema->indexes; i->keys[0].field; i++) {
        enum presence found = look_up(i, have);
        char buf[16];
        const char *key;
        struct strbuf name;

        if (found == PRESENT)
            continue;
        strbuf_init(&name, 256);
        schema_index_name(i, &name);
        if (found == NOT_UNIQUE)
            strbuf_str(&name, " (there, but not unique)");
        bson_uint32_to_string(n++, &key, buf, sizeof buf);
        BSON_APPEND_UTF8(&list, key, name.data);
        strbuf_finish(&name);
    }
    bson_append_array_end(out, &list);
}

static void append_extra(bson_t *out, const struct schema *schema, const bson_t *have)
{
    bson_t list;
    bson_iter_t it;
    uint32_t n = 0;

    BSON_APPEND_ARRAY_BEGIN(out, "indexes_extra", &list);
    bson_iter_init(&it, have);
    while (bson_iter_next(&it)) {
        char buf[16];
        const char *key;
        bson_t index;
        uint32_t len;
        const uint8_t *data;

        bson_iter_document(&it, &len, &data);
        if (!bson_init_static(&index, data, len) || is_ours(schema, &index))
            continue;
        bson_uint32_to_string(n++, &key, buf, sizeof buf);
        BSON_APPEND_UTF8(&list, key, bson_iter_key(&it));
    }
    bson_append_array_end(out, &list);
}

/* From the server's own records, without reading the documents. */
static bool count_roughly(struct mongo_store *self, enum collection coll, int64_t *count,
                          struct fault *f)
{
    bson_t command = BSON_INITIALIZER, reply;
    bool ok;

    BSON_APPEND_UTF8(&command, "count", collection_name(coll));
    ok = mongoc_client_read_command_with_opts(self->client, self->db, &command, NULL, NULL, &reply,
                                              &f->error);
    if (ok)
        *count = doc_int(&reply, "n", 0);
    bson_concat(&f->reply, &reply);
    bson_destroy(&reply);
    bson_destroy(&command);
    return ok;
}

static bool describe_one(struct mongo_store *self, enum collection coll, struct found *found,
                         bson_t *out, struct fault *f)
{
    int64_t documents = 0;

    if (!count_roughly(self, coll, &documents, f) || !list_indexes(self, coll, found, f))
        return false;
    BSON_APPEND_UTF8(out, "name", collection_name(coll));
    BSON_APPEND_INT64(out, "documents", documents);
    BSON_APPEND_UTF8(out, "validator",
                     found->validated       ? "ours"
                     : found->has_validator ? "another"
                                            : "none");
    append_missing(out, schema_of(coll), &found->indexes);
    append_extra(out, schema_of(coll), &found->indexes);
    return true;
}

bool mongo_describe_schema(struct mongo_store *self, bson_t *array, struct err *err)
{
    struct found all[COLL_COUNT];
    struct fault f;
    size_t i = 0;
    bool ok;

    fault_init(&f);
    forget(all, true);
    ok = list_collections(self, all, &f);
    for (; ok && i < COLL_COUNT; i++) {
        char buf[16];
        const char *key;
        bson_t one;

        bson_uint32_to_string((uint32_t)i, &key, buf, sizeof buf);
        BSON_APPEND_DOCUMENT_BEGIN(array, key, &one);
        ok = describe_one(self, (enum collection)i, &all[i], &one, &f);
        bson_append_document_end(array, &one);
        if (ok)
            fault_reset(&f);
    }
    if (!ok)
        fault_report(self, COLL_USERS, &f, err);
    for (i = 0; i < COLL_COUNT; i++)
        bson_destroy(&all[i].indexes);
    fault_finish(&f);
    return ok;
}
