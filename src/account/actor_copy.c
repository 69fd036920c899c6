/* actor_copy.c - `store copy FROM TO`, plan by plan. For each plan both sides are read,
 * copy_rule.c decides for each document, and what is to be brought goes over as one group,
 * children first. The contents are noted as shared in FROM before and in TO with that group, so
 * that a copy that breaks off anywhere finds its way when it is run again. Entries of the log
 * never change: those that are not there yet are inserted. */
#include "strattio/actor.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/record.h"

#include "account/account.h"
#include "account/copy_rule.h"
#include "account/plan_write.h"
#include "account/queries.h"

enum { PLANS_A_PAGE = 50, LOGS_A_PAGE = 50 };

/* What belongs to a plan and can change; the log is apart. */
static const enum collection parts[] = {COLL_SECTIONS, COLL_RESEARCH_PACKS, COLL_FINANCIAL_MODELS,
                                        COLL_COMPLIANCE_REPORTS, COLL_EXPORTS};

struct copying {
    struct actor *from, *to;
    int64_t plans, inserted, updated, unchanged;
    bson_t conflicts, skipped; /* arrays of text */
};

/* One document on its way. */
struct item {
    enum collection coll;
    bson_t *from, *to; /* as read; `to` NULL if it is not there */
    enum copy_verdict verdict;
    bson_t moved;                      /* as it is to be in TO; of COPY_NEW and COPY_BRING */
    struct where where_from, where_to; /* conditions of its writes */
    char from_id[ID_LEN + 1], to_id[ID_LEN + 1];
    struct patch mark_from, patch_to;
    bool marks_from, patches_to;
};

struct batch { /* the documents of one plan, the plan last */
    struct item *items;
    size_t count, cap;
};

static void add_text(bson_t *array, const char *text)
{
    char buf[16];
    const char *key;

    bson_uint32_to_string(bson_count_keys(array), &key, buf, sizeof buf);
    bson_append_utf8(array, key, -1, text, -1);
}

static void batch_finish(struct batch *b)
{
    for (size_t i = 0; i < b->count; i++) {
        struct item *it = &b->items[i];

        bson_destroy(it->from);
        bson_destroy(it->to);
        bson_destroy(&it->moved);
        patch_finish(&it->mark_from);
        patch_finish(&it->patch_to);
    }
    free(b->items);
    *b = (struct batch){0};
}

/* Adds copies of the two documents. */
static void batch_add(struct batch *b, enum collection coll, const bson_t *from, const bson_t *to)
{
    struct item *it;

    b->items = mem_grow(b->items, &b->cap, b->count + 1, sizeof *b->items);
    it = &b->items[b->count++];
    memset(it, 0, sizeof *it);
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

static bool read_part(struct copying *c, enum collection coll, const char *plan_id, struct batch *b,
                      struct err *err)
{
    struct doc_list from, to;
    struct query q;

    query_of(coll, c->from->user.id, plan_id, &q);
    if (!store_find(c->from->store, coll, &q, &from, err))
        return false;
    query_of(coll, c->to->user.id, plan_id, &q);
    if (!store_find(c->to->store, coll, &q, &to, err)) {
        doc_list_finish(&from);
        return false;
    }
    for (size_t i = 0; i < from.count; i++)
        batch_add(b, coll, from.docs[i], counterpart(coll, &to, from.docs[i]));
    doc_list_finish(&from);
    doc_list_finish(&to);
    return true;
}

/* The plan on the other side, whoever owns it. */
static bool read_other(struct copying *c, const char *plan_id, bson_t *out, bool *found,
                       struct err *err)
{
    struct where where = {0};

    where_id(&where, "_id", plan_id);
    return account_find(c->to->store, COLL_PLANS, &where, out, found, err);
}

/* ---- writing -------------------------------------------------------------------------------- */

/* `doc` as it is to be in TO: its owner's, without the lease, with what is shared noted. */
static void move(const struct copying *c, const struct item *it, const bson_t *stamp, bson_t *out)
{
    bson_copy_to(it->from, out);
    if (doc_has(out, "user_id"))
        doc_set_str(out, "user_id", c->to->user.id);
    if (strcmp(doc_str(out, "last_edited_by", ""), c->from->user.id) == 0)
        doc_set_str(out, "last_edited_by", c->to->user.id);
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

static void build_replacement(struct item *it)
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
static void plan_writes(const struct copying *c, struct item *it)
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
        move(c, it, &stamp, &it->moved);
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

/* What of the batch goes into FROM (marks) or TO, as one group. */
static bool write_group(struct store *s, struct batch *b, bool into_from, struct err *err)
{
    struct write *writes = mem_zero(b->count, sizeof *writes);
    size_t n = 0, failed = 0;
    bool ok;

    for (size_t i = 0; i < b->count; i++) {
        struct item *it = &b->items[i];

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

static void count_written(struct copying *c, const struct batch *b)
{
    for (size_t i = 0; i < b->count; i++) {
        c->inserted += b->items[i].verdict == COPY_NEW;
        c->updated += b->items[i].verdict == COPY_BRING;
        c->unchanged += b->items[i].verdict == COPY_SAME || b->items[i].verdict == COPY_BEHIND;
    }
}

/* ---- the log -------------------------------------------------------------------------------- */

static bool has_id(const struct doc_list *list, const char *id)
{
    for (size_t i = 0; i < list->count; i++) {
        char other[ID_LEN + 1];

        account_id_of(list->docs[i], other);
        if (strcmp(id, other) == 0)
            return true;
    }
    return false;
}

static bool copy_log_page(struct copying *c, const struct doc_list *page,
                          const struct doc_list *there, struct err *err)
{
    for (size_t i = 0; i < page->count; i++) {
        struct write write = {.kind = WRITE_INSERT_IF_ABSENT, .coll = COLL_AUDIT_LOGS};
        char id[ID_LEN + 1];
        size_t failed = 0;
        bson_t moved;
        bool ok;

        account_id_of(page->docs[i], id);
        if (has_id(there, id)) {
            c->unchanged++;
            continue;
        }
        bson_copy_to(page->docs[i], &moved);
        doc_set_str(&moved, "user_id", c->to->user.id);
        write.doc = &moved;
        ok = store_atomically(c->to->store, &write, 1, &failed, err);
        bson_destroy(&moved);
        if (!ok)
            return false;
        c->inserted++;
    }
    return true;
}

static bool copy_log(struct copying *c, const char *plan_id, struct err *err)
{
    static const char *const id_only[] = {"created_at", NULL};
    struct doc_list there;
    char *after = NULL;
    struct query q;
    bool ok;

    queries_audits(&q, c->to->user.id, plan_id);
    q.fields = id_only;
    if (!store_find(c->to->store, COLL_AUDIT_LOGS, &q, &there, err))
        return false;
    do {
        struct doc_list page;

        queries_audits(&q, c->from->user.id, plan_id);
        q.limit = LOGS_A_PAGE;
        q.after = after;
        ok = store_find(c->from->store, COLL_AUDIT_LOGS, &q, &page, err);
        free(after);
        after = NULL;
        if (ok) {
            after = mem_str(page.next);
            ok = copy_log_page(c, &page, &there, err);
            doc_list_finish(&page);
        }
    } while (ok && after);
    free(after);
    doc_list_finish(&there);
    return ok;
}

/* ---- plans ---------------------------------------------------------------------------------- */

static void skip(struct copying *c, const bson_t *plan, const char *why)
{
    char *text = mem_printf("%s: %s", doc_str(plan, "name", ""), why);

    add_text(&c->skipped, text);
    free(text);
}

static void name_conflicts(struct copying *c, const bson_t *plan, const struct batch *b)
{
    for (size_t i = 0; i < b->count; i++) {
        const struct item *it = &b->items[i];
        const char *what = it->coll == COLL_SECTIONS ? doc_str(it->from, "section_type", "section")
                                                     : collection_name(it->coll);
        char *text;

        if (it->verdict != COPY_BOTH)
            continue;
        text = it->coll == COLL_PLANS ? mem_str(doc_str(plan, "name", ""))
                                      : mem_printf("%s: %s", doc_str(plan, "name", ""), what);
        add_text(&c->conflicts, text);
        free(text);
    }
}

static bool is_generating(const struct actor *a, const bson_t *doc, bool *yes, struct err *err)
{
    struct err busy = {0};
    struct plan plan;

    if (!record_read(COLL_PLANS, doc, &plan, err))
        return false;
    *yes = !plan_lease_over(&plan, account_now(a), &busy);
    record_finish(COLL_PLANS, &plan);
    return true;
}

/* Whether the plan may be copied now; if not, it is told why among the skipped. */
static bool may_copy(struct copying *c, const bson_t *from, const bson_t *to, bool *may,
                     struct err *err)
{
    bool here = false, there = false;

    if (!is_generating(c->from, from, &here, err) || (to && !is_generating(c->to, to, &there, err)))
        return false;
    *may = true;
    if (to && strcmp(doc_str(to, "user_id", ""), c->to->user.id) != 0) {
        skip(c, from, "there it belongs to somebody else");
        *may = false;
    } else if (here || there) {
        skip(c, from, "it is being generated; copy it again when that is done");
        *may = false;
    }
    return true;
}

/* Reads all of the plan, and the plan itself last. */
static bool fill(struct copying *c, const bson_t *from, const bson_t *to, const char *plan_id,
                 struct batch *b, struct err *err)
{
    if (copy_decide(from, to) != COPY_BOTH) /* else the plan is left as a whole */
        for (size_t i = 0; i < ARRAY_LEN(parts); i++)
            if (!read_part(c, parts[i], plan_id, b, err))
                return false;
    batch_add(b, COLL_PLANS, from, to);
    for (size_t i = 0; i < b->count; i++)
        plan_writes(c, &b->items[i]);
    return true;
}

/* One try; ERR_CONFLICT if somebody saved on either side meanwhile. */
static bool copy_once(struct copying *c, const bson_t *from, const char *plan_id, struct err *err)
{
    struct batch b = {0};
    bool found = false, may = false, ok;
    bson_t to;

    if (!read_other(c, plan_id, &to, &found, err))
        return false;
    ok = may_copy(c, from, found ? &to : NULL, &may, err);
    if (ok && may) {
        ok = fill(c, from, found ? &to : NULL, plan_id, &b, err) &&
             write_group(c->from->store, &b, true, err) &&
             write_group(c->to->store, &b, false, err) && copy_log(c, plan_id, err);
        if (ok) {
            name_conflicts(c, from, &b);
            count_written(c, &b);
            c->plans++;
        }
    }
    batch_finish(&b);
    if (found)
        bson_destroy(&to);
    return ok;
}

static bool copy_plan(struct copying *c, const bson_t *plan, struct err *err)
{
    char plan_id[ID_LEN + 1];
    struct query q;
    bool ok = false;

    account_id_of(plan, plan_id);
    queries_plan(&q, c->from->user.id, plan_id);
    for (int i = 0; i < ACCOUNT_TRIES; i++) {
        bool found = false;
        bson_t from;

        if (!account_find(c->from->store, COLL_PLANS, &q.where, &from, &found, err))
            return false;
        if (!found)
            return true; /* deleted meanwhile */
        ok = copy_once(c, &from, plan_id, err);
        bson_destroy(&from);
        if (ok || err->code != ERR_CONFLICT)
            break;
    }
    if (!ok && err->code == ERR_CONFLICT) {
        skip(c, plan, "it is being changed; copy it again later");
        return true;
    }
    return ok || err_wrap(err, "%.60s", doc_str(plan, "name", ""));
}

static bool copy_plans(struct copying *c, struct err *err)
{
    static const char *const fields[] = {"name", "created_at", NULL};
    char *after = NULL;
    bool ok;

    do {
        struct doc_list page;
        struct query q;

        queries_plans(&q, c->from->user.id, PLAN_STATUS_COUNT);
        q.limit = PLANS_A_PAGE;
        q.after = after;
        q.fields = fields;
        ok = store_find(c->from->store, COLL_PLANS, &q, &page, err);
        free(after);
        after = NULL;
        if (ok) {
            after = mem_str(page.next);
            for (size_t i = 0; ok && i < page.count; i++)
                ok = copy_plan(c, page.docs[i], err);
            doc_list_finish(&page);
        }
    } while (ok && after);
    free(after);
    return ok;
}

bool actor_copy_all(struct actor *from, struct actor *to, bson_t *report, struct err *err)
{
    struct copying c = {.from = from, .to = to};
    bool ok;

    if (!account_need(from, err) || !account_need(to, err))
        return false;
    if (strcmp(from->uri, to->uri) == 0)
        return err_set(err, ERR_INVALID, 0, "Both are the same store: %.120s", from->safe_uri);
    bson_init(&c.conflicts);
    bson_init(&c.skipped);
    ok = copy_plans(&c, err);
    if (ok) {
        bson_init(report);
        BSON_APPEND_INT64(report, "plans", c.plans);
        BSON_APPEND_INT64(report, "inserted", c.inserted);
        BSON_APPEND_INT64(report, "updated", c.updated);
        BSON_APPEND_INT64(report, "unchanged", c.unchanged);
        BSON_APPEND_ARRAY(report, "conflicts", &c.conflicts);
        BSON_APPEND_ARRAY(report, "skipped", &c.skipped);
    }
    bson_destroy(&c.conflicts);
    bson_destroy(&c.skipped);
    return ok;
}
