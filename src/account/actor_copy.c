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
#include "account/copy_batch.h"
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

static void add_text(bson_t *array, const char *text)
{
    char buf[16];
    const char *key;

    bson_uint32_to_string(bson_count_keys(array), &key, buf, sizeof buf);
    bson_append_utf8(array, key, -1, text, -1);
}

/* The plan on the other side, whoever owns it. */
static bool read_other(struct copying *c, const char *plan_id, bson_t *out, bool *found,
                       struct err *err)
{
    struct where where = {0};

    where_id(&where, "_id", plan_id);
    return account_find(c->to->store, COLL_PLANS, &where, out, found, err);
}

static void count_written(struct copying *c, const struct copy_batch *b)
{
    for (size_t i = 0; i < b->count; i++) {
        c->inserted += b->items[i]->verdict == COPY_NEW;
        c->updated += b->items[i]->verdict == COPY_BRING;
        c->unchanged += b->items[i]->verdict == COPY_SAME || b->items[i]->verdict == COPY_BEHIND;
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

static void name_conflicts(struct copying *c, const bson_t *plan, const struct copy_batch *b)
{
    for (size_t i = 0; i < b->count; i++) {
        const struct copy_item *it = b->items[i];
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
static bool fill(struct copy_batch *b, const bson_t *from, const bson_t *to, const char *plan_id,
                 struct err *err)
{
    if (copy_decide(from, to) != COPY_BOTH) /* else the plan is left as a whole */
        for (size_t i = 0; i < ARRAY_LEN(parts); i++)
            if (!copy_batch_read(b, parts[i], plan_id, err))
                return false;
    copy_batch_add(b, COLL_PLANS, from, to);
    copy_batch_prepare(b);
    return true;
}

/* One try; ERR_CONFLICT if somebody saved on either side meanwhile. */
static bool copy_once(struct copying *c, const bson_t *from, const char *plan_id, struct err *err)
{
    struct copy_batch b = {.from = c->from, .to = c->to};
    bool found = false, may = false, ok;
    bson_t to;

    if (!read_other(c, plan_id, &to, &found, err))
        return false;
    ok = may_copy(c, from, found ? &to : NULL, &may, err);
    if (ok && may) {
        ok = fill(&b, from, found ? &to : NULL, plan_id, err) && copy_batch_mark(&b, err) &&
             copy_batch_bring(&b, err) && copy_log(c, plan_id, err);
        if (ok) {
            name_conflicts(c, from, &b);
            count_written(c, &b);
            c->plans++;
        }
    }
    copy_batch_finish(&b);
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
