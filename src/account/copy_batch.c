/* copy_batch.c - reading and writing of a copy. Every write is conditional on what was read, and
 * the documents go over in the order they were added, so that the caller adds children first. */
#include "account/copy_batch.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/mem.h"
#include "strattio/record.h"

#include "account/account.h"
#include "account/queries.h"

void copy_batch_finish(struct copy_batch *b)
{
    for (size_t i = 0; i < b->count; i++) {
        struct copy_item *it = b->items[i];

        bson_destroy(it->from);
        bson_destroy(it->to);
        bson_destroy(&it->moved);
        patch_finish(&it->mark_from);
        patch_finish(&it->patch_to);
        free(it);
    }
    free(b->items);
    b->items = NULL;
    b->count = b->cap = 0;
}

void copy_batch_add(struct copy_batch *b, enum collection coll, const bson_t *from,
                    const bson_t *to)
{
    struct copy_item *it = mem_zero(1, sizeof *it);

    b->items = mem_grow(b->items, &b->cap, b->count + 1, sizeof *b->items);
    b->items[b->count++] = it;
    it->coll = coll;
    it->from = bson_copy(from);
    it->to = to ? bson_copy(to) : NULL;
    it->verdict = copy_decide(from, to);
    bson_init(&it->moved);
    patch_init(&it->mark_from);
    patch_init(&it->patch_to);
    account_id_of(from, it->from_id);
    if (to)
        account_id_of(to, it->to_id);
}

/* ---- reading both sides --------------------------------------------------------------------- */

static void query_of(enum collection coll, const char *user_id, const char *plan_id,
                     struct query *q)
{
    if (coll == COLL_EXPORTS)
        queries_exports(q, user_id, plan_id);
    else
        queries_sections(q, plan_id);
    if (coll != COLL_EXPORTS && coll != COLL_SECTIONS)
        q->sort = NULL;
}

/* The document of `list` that is the other side of `doc`: by id; a section also by its type and the
 * others, of which a plan has one, by being there: another program may have given it an id. */
static const bson_t *counterpart(enum collection coll, const struct doc_list *list,
                                 const bson_t *doc)
{
    char id[ID_LEN + 1], other[ID_LEN + 1];

    account_id_of(doc, id);
    for (size_t i = 0; i < list->count; i++) {
        account_id_of(list->docs[i], other);
        if (strcmp(id, other) == 0)
            return list->docs[i];
    }
    if (coll == COLL_SECTIONS) {
        for (size_t i = 0; i < list->count; i++)
            if (strcmp(doc_str(doc, "section_type", ""),
                       doc_str(list->docs[i], "section_type", "-")) == 0)
                return list->docs[i];
        return NULL;
    }
    return coll != COLL_EXPORTS && list->count > 0 ? list->docs[0] : NULL;
}

bool copy_batch_read(struct copy_batch *b, enum collection coll, const char *plan_id,
                     struct err *err)
{
    struct doc_list from, to;
    struct query q;

    query_of(coll, b->from->user.id, plan_id, &q);
    if (!store_find(b->from->store, coll, &q, &from, err))
        return false;
    query_of(coll, b->to->user.id, plan_id, &q);
    if (!store_find(b->to->store, coll, &q, &to, err)) {
        doc_list_finish(&from);
        return false;
    }
    for (size_t i = 0; i < from.count; i++)
        copy_batch_add(b, coll, from.docs[i], counterpart(coll, &to, from.docs[i]));
    doc_list_finish(&from);
    doc_list_finish(&to);
    return true;
}

/* ---- writing -------------------------------------------------------------------------------- */

/* `doc` as it is to be in TO: its owner's, without the lease, with what is shared noted. */
static void move(const struct copy_batch *b, const struct copy_item *it, const bson_t *stamp,
                 bson_t *out)
{
    bson_copy_to(it->from, out);
    if (doc_has(out, "user_id"))
        doc_set_str(out, "user_id", b->to->user.id);
    if (strcmp(doc_str(out, "last_edited_by", ""), b->from->user.id) == 0)
        doc_set_str(out, "last_edited_by", b->to->user.id);
    doc_unset(out, "generation_metadata.lease");
    doc_set_doc(out, "metadata.copied", stamp, false);
}

/* The condition "still as it was read". */
static void as_read(const bson_t *doc, const char *id, struct where *where)
{
    bson_t metadata;

    doc_view(doc, "metadata", &metadata);
    *where = (struct where){0};
    where_id(where, "_id", id);
    account_where_rev(where, &metadata);
}

static void build_replacement(struct copy_item *it)
{
    static const char *const none[] = {NULL};
    bson_t metadata = BSON_INITIALIZER, given;

    if (doc_view(&it->moved, "metadata", &given))
        bson_concat(&metadata, &given);
    doc_set_int(&metadata, "rev", doc_int(it->to, "metadata.rev", 0) + 1);
    account_overwrite(&it->patch_to, it->to, &it->moved, &metadata, none);
    it->patches_to = true;
    bson_destroy(&metadata);
}

/* Decides what is to be written of one document on either side. */
static void prepare_one(const struct copy_batch *b, struct copy_item *it)
{
    bson_t stamp;

    if (it->verdict == COPY_BEHIND || it->verdict == COPY_BOTH)
        return;
    copy_stamp(it->from, it->to, &stamp);
    as_read(it->from, it->from_id, &it->where_from);
    if (it->to)
        as_read(it->to, it->to_id, &it->where_to);
    if (!copy_is_stamped(it->from)) {
        patch_doc(&it->mark_from, "metadata.copied", &stamp);
        account_touch(&it->mark_from, RECORD_NONE);
        it->marks_from = true;
    }
    if (it->verdict != COPY_SAME) {
        bson_destroy(&it->moved);
        move(b, it, &stamp, &it->moved);
    }
    if (it->verdict == COPY_BRING) {
        build_replacement(it);
    } else if (it->verdict == COPY_SAME && !copy_is_stamped(it->to)) {
        patch_doc(&it->patch_to, "metadata.copied", &stamp);
        account_touch(&it->patch_to, RECORD_NONE);
        it->patches_to = true;
    }
    bson_destroy(&stamp);
}

void copy_batch_prepare(struct copy_batch *b)
{
    for (size_t i = 0; i < b->count; i++)
        prepare_one(b, b->items[i]);
}

/* What of the batch goes into FROM (marks) or TO, as one group. */
static bool write_group(struct copy_batch *b, bool into_from, struct err *err)
{
    struct store *s = into_from ? b->from->store : b->to->store;
    struct write *writes = mem_zero(b->count, sizeof *writes);
    size_t n = 0, failed = 0;
    bool ok;

    for (size_t i = 0; i < b->count; i++) {
        struct copy_item *it = b->items[i];

        if (into_from ? it->marks_from : it->patches_to)
            writes[n++] = (struct write){.kind = WRITE_PATCH,
                                         .coll = it->coll,
                                         .where = into_from ? &it->where_from : &it->where_to,
                                         .patch = into_from ? &it->mark_from : &it->patch_to,
                                         .must_match = true};
        else if (!into_from && it->verdict == COPY_NEW)
            writes[n++] = (struct write){.kind = WRITE_INSERT, .coll = it->coll, .doc = &it->moved};
    }
    ok = n == 0 || store_atomically(s, writes, n, &failed, err);
    free(writes);
    return ok;
}

bool copy_batch_mark(struct copy_batch *b, struct err *err)
{
    return write_group(b, true, err);
}

bool copy_batch_bring(struct copy_batch *b, struct err *err)
{
    return write_group(b, false, err);
}
