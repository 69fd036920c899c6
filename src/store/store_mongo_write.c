/* Writes of one kind on one collection. The server refuses what breaks our schema where our
 * validator is on the collection, and undoes what a failed group did where it has transactions.
 * What one of the two does not do is done here, by reading first:
 *
 *   - values to set and fields to unset store.c has judged already, so that only `inc` can
 *     break the schema of one document (a range); it is read, tried in memory, and changed on
 *     condition that the numbers to add to are still those;
 *   - a patch of several documents outside a transaction is first tried in memory on all of
 *     them. */
#include "store/store_mongo.h"

#include <stdlib.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/record.h"

#include "record/schema.h"
#include "store/patch.h"

enum { CHECK_TRIES = 8 };

static bool init_opts(mongoc_client_session_t *session, bson_t *opts, struct fault *f)
{
    bson_init(opts);
    return !session || mongoc_client_session_append(session, opts, &f->error);
}

/* ---- inserts ----------------------------------------------------------------------------- */

size_t mongo_inserts_ahead(const struct write *writes, size_t count)
{
    size_t n = 0;

    while (n < count && writes[n].kind == WRITE_INSERT && writes[n].coll == writes[0].coll)
        n++;
    return n;
}

/* store.c has judged the documents; libmongoc's own look would refuse a field named "". */
enum write_result mongo_insert(struct mongo_store *self, mongoc_client_session_t *session,
                               const struct write *writes, size_t count, size_t *failed,
                               struct fault *f)
{
    mongoc_collection_t *c = mongo_collection(self, writes[0].coll);
    const bson_t **docs = mem_zero(count, sizeof *docs);
    bson_t opts, reply;
    bool ok = init_opts(session, &opts, f);

    *failed = 0;
    for (size_t i = 0; i < count; i++)
        docs[i] = writes[i].doc;
    if (ok) {
        BSON_APPEND_BOOL(&opts, "validate", false);
        ok = count == 1 ? mongoc_collection_insert_one(c, docs[0], &opts, &reply, &f->error)
                        : mongoc_collection_insert_many(c, docs, count, &opts, &reply, &f->error);
        bson_concat(&f->reply, &reply);
        bson_destroy(&reply);
        if (!ok)
            *failed = (size_t)doc_int(&f->reply, "writeErrors.0.index", 0);
    }
    bson_destroy(&opts);
    free(docs);
    mongoc_collection_destroy(c);
    return ok ? WRITE_DONE : WRITE_FAULT;
}

/* ---- reading before writing -------------------------------------------------------------- */

/* Runs `patch` over a copy of `doc` and judges the result. */
static bool try_patch(enum collection coll, const bson_t *doc, const struct patch *patch,
                      struct err *err)
{
    bson_t copy;
    bool ok;

    bson_copy_to(doc, &copy);
    ok = patch_apply(patch, &copy, err) && record_validate(coll, &copy, err);
    bson_destroy(&copy);
    return ok;
}

/* Tries `patch` on what matches `filter`, at most `limit` documents (0 for all), and gives the
 * last of them in `last`, which is initialised and stays empty if there is none. */
static enum write_result try_on_matches(struct mongo_store *self, mongoc_client_session_t *session,
                                        const struct write *w, const bson_t *filter, int64_t limit,
                                        bson_t *last, struct fault *f, struct err *err)
{
    mongoc_collection_t *c = mongo_collection(self, w->coll);
    mongoc_cursor_t *cursor = NULL;
    enum write_result result = WRITE_FAULT;
    const bson_t *doc, *reply;
    bson_t opts;

    bson_init(last);
    if (!init_opts(session, &opts, f))
        goto out;
    if (limit > 0)
        BSON_APPEND_INT64(&opts, "limit", limit);
    cursor = mongoc_collection_find_with_opts(c, filter, &opts, NULL);
    while (mongoc_cursor_next(cursor, &doc)) {
        if (!try_patch(w->coll, doc, w->patch, err)) {
            result = WRITE_REFUSED;
            goto out;
        }
        bson_destroy(last);
        bson_copy_to(doc, last);
    }
    if (mongoc_cursor_error_document(cursor, &f->error, &reply)) {
        if (reply)
            bson_concat(&f->reply, reply);
        goto out;
    }
    result = WRITE_DONE;
out:
    mongoc_cursor_destroy(cursor);
    bson_destroy(&opts);
    mongoc_collection_destroy(c);
    return result;
}

/* `filter` narrowed to `doc` while the numbers that `patch` adds to are as they are in it. */
static void narrow_to(const bson_t *filter, const bson_t *doc, const struct patch *patch,
                      bson_t *out)
{
    bson_t all, same;
    bson_iter_t it, value;

    bson_init(out);
    bson_init(&same);
    if (bson_iter_init_find(&it, doc, "_id"))
        BSON_APPEND_VALUE(&same, "_id", bson_iter_value(&it));
    bson_iter_init(&it, &patch->inc);
    while (bson_iter_next(&it)) {
        if (doc_find(doc, bson_iter_key(&it), &value))
            BSON_APPEND_VALUE(&same, bson_iter_key(&it), bson_iter_value(&value));
        else
            BSON_APPEND_NULL(&same, bson_iter_key(&it));
    }
    BSON_APPEND_ARRAY_BEGIN(out, "$and", &all);
    BSON_APPEND_DOCUMENT(&all, "0", filter);
    BSON_APPEND_DOCUMENT(&all, "1", &same);
    bson_append_array_end(out, &all);
    bson_destroy(&same);
}

/* ---- patches ----------------------------------------------------------------------------- */

static bool update(struct mongo_store *self, mongoc_client_session_t *session,
                   const struct write *w, const bson_t *filter, bool many, int64_t *matched,
                   struct fault *f)
{
    mongoc_collection_t *c = mongo_collection(self, w->coll);
    bson_t opts, change, reply;
    bool ok = init_opts(session, &opts, f);

    mongo_update(w->patch, &change);
    if (ok) {
        if (many)
            ok = mongoc_collection_update_many(c, filter, &change, &opts, &reply, &f->error);
        else
            ok = mongoc_collection_update_one(c, filter, &change, &opts, &reply, &f->error);
        if (ok)
            *matched = doc_int(&reply, "matchedCount", 0);
        bson_concat(&f->reply, &reply);
        bson_destroy(&reply);
    }
    bson_destroy(&change);
    bson_destroy(&opts);
    mongoc_collection_destroy(c);
    return ok;
}

static bool find_and_modify(struct mongo_store *self, const struct write *w, const bson_t *filter,
                            bson_t *out, int64_t *matched, struct fault *f)
{
    mongoc_collection_t *c = mongo_collection(self, w->coll);
    mongoc_find_and_modify_opts_t *opts = mongoc_find_and_modify_opts_new();
    bson_t change, reply, value;
    bool ok;

    mongo_update(w->patch, &change);
    mongoc_find_and_modify_opts_set_update(opts, &change);
    mongoc_find_and_modify_opts_set_flags(opts, MONGOC_FIND_AND_MODIFY_RETURN_NEW);
    ok = mongoc_collection_find_and_modify_with_opts(c, filter, opts, &reply, &f->error);
    if (ok && (*matched = doc_view(&reply, "value", &value)) > 0)
        bson_copy_to(&value, out);
    if (!ok)
        bson_concat(&f->reply, &reply);
    bson_destroy(&reply);
    bson_destroy(&change);
    mongoc_find_and_modify_opts_destroy(opts);
    mongoc_collection_destroy(c);
    return ok;
}

static bool change(struct mongo_store *self, mongoc_client_session_t *session,
                   const struct write *w, const bson_t *filter, bool many, bson_t *out,
                   int64_t *matched, struct fault *f)
{
    if (out)
        return find_and_modify(self, w, filter, out, matched, f);
    return update(self, session, w, filter, many, matched, f);
}

static enum write_result patch_one_checked(struct mongo_store *self,
                                           mongoc_client_session_t *session, const struct write *w,
                                           const bson_t *filter, bson_t *out, int64_t *matched,
                                           struct fault *f, struct err *err)
{
    for (int tries = 0; tries < CHECK_TRIES; tries++) {
        bson_t doc, narrow;
        enum write_result result = try_on_matches(self, session, w, filter, 1, &doc, f, err);
        int64_t n = 0;
        bool none = bson_empty(&doc);

        narrow_to(filter, &doc, w->patch, &narrow);
        bson_destroy(&doc);
        if (result == WRITE_DONE && !none && !change(self, session, w, &narrow, false, out, &n, f))
            result = WRITE_FAULT;
        bson_destroy(&narrow);
        if (result == WRITE_DONE && (none || n > 0))
            *matched = n;
        if (result != WRITE_DONE || none || n > 0)
            return result;
    }
    err_set(err, ERR_BUSY, 0, "%s: others keep changing the same document; try again",
            collection_name(w->coll));
    return WRITE_REFUSED;
}

/* Whether `inc` may take a number of the schema out of its range without the server noticing. */
static bool is_unjudged(const struct mongo_store *self, const struct write *w)
{
    bson_iter_t it;

    if (self->checked[w->coll])
        return false;
    bson_iter_init(&it, &w->patch->inc);
    while (bson_iter_next(&it))
        if (schema_at(w->coll, bson_iter_key(&it)))
            return true;
    return false;
}

/* `filter` for the documents a newer program wrote, or for all others. */
static void split_newer(const bson_t *filter, bool newer, bson_t *out)
{
    bson_t op, inner;

    bson_copy_to(filter, out);
    BSON_APPEND_DOCUMENT_BEGIN(out, "metadata.schema", &op);
    if (newer) {
        BSON_APPEND_INT32(&op, "$gt", SCHEMA_VERSION);
    } else {
        BSON_APPEND_DOCUMENT_BEGIN(&op, "$not", &inner); /* absent counts as ours */
        BSON_APPEND_INT32(&inner, "$gt", SCHEMA_VERSION);
        bson_append_document_end(&op, &inner);
    }
    bson_append_document_end(out, &op);
}

/* ERR_UNSUPPORTED if a newer program wrote one of the documents that match. */
static enum write_result refuse_newer(struct mongo_store *self, mongoc_client_session_t *session,
                                      const struct write *w, const bson_t *filter, struct fault *f,
                                      struct err *err)
{
    enum write_result result;
    bson_t newer, last;

    split_newer(filter, true, &newer);
    result = try_on_matches(self, session, w, &newer, 1, &last, f, err);
    bson_destroy(&last);
    bson_destroy(&newer);
    return result;
}

/* One command where the server judges; who is newer is asked only when nothing matched. */
static enum write_result patch_one(struct mongo_store *self, mongoc_client_session_t *session,
                                   const struct write *w, const bson_t *filter, bson_t *out,
                                   int64_t *matched, struct fault *f, struct err *err)
{
    bson_t ours;
    bool ok;

    split_newer(filter, false, &ours);
    ok = change(self, session, w, &ours, false, out, matched, f);
    bson_destroy(&ours);
    if (!ok)
        return WRITE_FAULT;
    return *matched > 0 ? WRITE_DONE : refuse_newer(self, session, w, filter, f, err);
}

/* In a transaction what fails midway is undone; outside one every document is tried first. */
static enum write_result patch_many(struct mongo_store *self, mongoc_client_session_t *session,
                                    const struct write *w, const bson_t *filter, bool unjudged,
                                    int64_t *matched, struct fault *f, struct err *err)
{
    enum write_result result;
    bson_t last;

    if (session && !unjudged) {
        result = refuse_newer(self, session, w, filter, f, err);
    } else {
        result = try_on_matches(self, session, w, filter, 0, &last, f, err);
        bson_destroy(&last);
    }
    if (result == WRITE_DONE && !change(self, session, w, filter, true, NULL, matched, f))
        result = WRITE_FAULT;
    return result;
}

static enum write_result patch(struct mongo_store *self, mongoc_client_session_t *session,
                               const struct write *w, bson_t *out, int64_t *matched,
                               struct fault *f, struct err *err)
{
    bool unjudged = is_unjudged(self, w);
    enum write_result result;
    bson_t filter;

    mongo_filter(w->where, NULL, &filter);
    if (!out && !mongo_names_one(w->where))
        result = patch_many(self, session, w, &filter, unjudged, matched, f, err);
    else if (unjudged)
        result = patch_one_checked(self, session, w, &filter, out, matched, f, err);
    else
        result = patch_one(self, session, w, &filter, out, matched, f, err);
    bson_destroy(&filter);
    return result;
}

/* ---- removals ---------------------------------------------------------------------------- */

static bool take_out(struct mongo_store *self, mongoc_client_session_t *session,
                     const struct write *w, int64_t *matched, struct fault *f)
{
    mongoc_collection_t *c = mongo_collection(self, w->coll);
    bson_t filter, opts, reply;
    bool ok = init_opts(session, &opts, f);

    mongo_filter(w->where, NULL, &filter);
    if (ok) {
        if (mongo_names_one(w->where))
            ok = mongoc_collection_delete_one(c, &filter, &opts, &reply, &f->error);
        else
            ok = mongoc_collection_delete_many(c, &filter, &opts, &reply, &f->error);
        if (ok)
            *matched = doc_int(&reply, "deletedCount", 0);
        bson_concat(&f->reply, &reply);
        bson_destroy(&reply);
    }
    bson_destroy(&filter);
    bson_destroy(&opts);
    mongoc_collection_destroy(c);
    return ok;
}

/* ---- one write of a group ---------------------------------------------------------------- */

/* Whether a document with the `_id` of `doc` is there; a duplicate key would end the
 * transaction. */
static enum write_result look_for(struct mongo_store *self, mongoc_client_session_t *session,
                                  const struct write *w, bool *there, struct fault *f)
{
    mongoc_collection_t *c = mongo_collection(self, w->coll);
    mongoc_cursor_t *cursor = NULL;
    const bson_t *doc, *reply;
    bson_t opts, filter = BSON_INITIALIZER, fields;
    bson_iter_t it;
    enum write_result result = WRITE_FAULT;

    if (!init_opts(session, &opts, f))
        goto out;
    BSON_APPEND_INT64(&opts, "limit", 1);
    BSON_APPEND_DOCUMENT_BEGIN(&opts, "projection", &fields);
    BSON_APPEND_INT32(&fields, "_id", 1);
    bson_append_document_end(&opts, &fields);
    if (bson_iter_init_find(&it, w->doc, "_id"))
        BSON_APPEND_VALUE(&filter, "_id", bson_iter_value(&it));
    cursor = mongoc_collection_find_with_opts(c, &filter, &opts, NULL);
    *there = mongoc_cursor_next(cursor, &doc);
    if (!mongoc_cursor_error_document(cursor, &f->error, &reply))
        result = WRITE_DONE;
    else if (reply)
        bson_concat(&f->reply, reply);
out:
    mongoc_cursor_destroy(cursor);
    bson_destroy(&filter);
    bson_destroy(&opts);
    mongoc_collection_destroy(c);
    return result;
}

static enum write_result insert_if_absent(struct mongo_store *self,
                                          mongoc_client_session_t *session, const struct write *w,
                                          struct fault *f)
{
    bool there = false;
    size_t failed;

    if (session && look_for(self, session, w, &there, f) != WRITE_DONE)
        return WRITE_FAULT;
    if (there || mongo_insert(self, session, w, 1, &failed, f) == WRITE_DONE)
        return WRITE_DONE;
    return !session && fault_is_duplicate_of(f, "_id_") ? WRITE_DONE : WRITE_FAULT;
}

enum write_result mongo_write(struct mongo_store *self, mongoc_client_session_t *session,
                              const struct write *w, bson_t *out, int64_t *matched, struct fault *f,
                              struct err *err)
{
    enum write_result result = WRITE_FAULT;
    size_t failed;
    int64_t n = 0;

    switch (w->kind) {
    case WRITE_INSERT:
        return mongo_insert(self, session, w, 1, &failed, f);
    case WRITE_INSERT_IF_ABSENT:
        return insert_if_absent(self, session, w, f);
    case WRITE_PATCH:
        result = patch(self, session, w, out, &n, f, err);
        break;
    case WRITE_REMOVE:
        result = take_out(self, session, w, &n, f) ? WRITE_DONE : WRITE_FAULT;
        break;
    }
    if (result == WRITE_DONE && n == 0 && w->must_match) {
        err_set(err, ERR_CONFLICT, 0, "%s: somebody else changed it first",
                collection_name(w->coll));
        return WRITE_REFUSED;
    }
    *matched += result == WRITE_DONE ? n : 0;
    return result;
}

/* ---- the slots --------------------------------------------------------------------------- */

bool mongo_insert_many(struct store *s, enum collection coll, const bson_t *const *docs,
                       size_t count, struct err *err)
{
    struct write *writes = mem_zero(count, sizeof *writes);
    size_t failed;
    int64_t matched = 0;
    bool ok;

    for (size_t i = 0; i < count; i++)
        writes[i] = (struct write){.kind = WRITE_INSERT, .coll = coll, .doc = docs[i]};
    ok = mongo_run_group((struct mongo_store *)s, writes, count, &failed, &matched, err);
    free(writes);
    return ok;
}

bool mongo_patch(struct store *s, enum collection coll, const struct where *where,
                 const struct patch *p, int64_t *matched, struct err *err)
{
    const struct write w = {.kind = WRITE_PATCH, .coll = coll, .where = where, .patch = p};
    size_t failed;

    return mongo_run_group((struct mongo_store *)s, &w, 1, &failed, matched, err);
}

bool mongo_find_and_patch(struct store *s, enum collection coll, const struct where *where,
                          const struct patch *p, bson_t *out, struct err *err)
{
    struct mongo_store *self = (struct mongo_store *)s;
    const struct write w = {.kind = WRITE_PATCH, .coll = coll, .where = where, .patch = p};
    struct fault f;
    int64_t matched = 0;
    enum write_result result;

    if (!mongo_ready(self, err))
        return false;
    fault_init(&f);
    result = mongo_write(self, NULL, &w, out, &matched, &f, err);
    if (result == WRITE_FAULT)
        fault_report(self, coll, &f, err);
    else if (result == WRITE_DONE && matched == 0)
        err_set(err, ERR_NOT_FOUND, 0, "no such document in %s", collection_name(coll));
    fault_finish(&f);
    return result == WRITE_DONE && matched > 0;
}

bool mongo_remove(struct store *s, enum collection coll, const struct where *where,
                  int64_t *matched, struct err *err)
{
    const struct write w = {.kind = WRITE_REMOVE, .coll = coll, .where = where};
    size_t failed;

    return mongo_run_group((struct mongo_store *)s, &w, 1, &failed, matched, err);
}
