/* plan_repo.c - the acting user's plans. Whose a plan is stands in every query, never in a check
 * after it: there is no moment at which somebody else's plan is in our hands. */
#include "strattio/plan_repo.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/record.h"

#include "account/account.h"
#include "account/audit.h"
#include "account/plan_write.h"
#include "account/queries.h"
#include "account/quota.h"
#include "record/schema.h"

/* What a list shows: a plan without its answers and its run. */
static const char *const list_fields[] = {
    "user_id",         "organisation_id", "name",       "status",       "plan_purpose",
    "compliance_type", "created_at",      "updated_at", "completed_at", "current_version",
    "error",           "settings",        "metadata",   NULL,
};

int64_t plan_rev(const struct plan *plan)
{
    return plan->metadata ? doc_int(plan->metadata, "rev", 0) : 0;
}

/* ---- creating ------------------------------------------------------------------------------- */

static void set_str(char **field, const char *text)
{
    char *copy = mem_str(text);

    free(*field);
    *field = copy;
}

static void set_empty(bson_t **field)
{
    if (*field)
        bson_destroy(*field);
    *field = bson_new();
}

/* Fills in what is not the caller's to say. */
static void prepare(struct actor *a, struct plan *draft, int64_t now)
{
    char id[ID_LEN + 1];

    id_new(id);
    set_str(&draft->id, id);
    set_str(&draft->user_id, a->user.id);
    set_str(&draft->error, NULL);
    if (!draft->compliance_type)
        draft->compliance_type = mem_str("GENERIC");
    draft->status = PLAN_STATUS_DRAFT;
    draft->current_version = 0;
    draft->created_at = draft->updated_at = now;
    draft->completed_at = RECORD_NONE;
    set_empty(&draft->generation_metadata);
    if (!draft->intake_data)
        set_empty(&draft->intake_data);
    if (!draft->settings)
        set_empty(&draft->settings);
    if (!draft->metadata)
        set_empty(&draft->metadata);
    doc_set_int(draft->metadata, "rev", 1);
    doc_set_int(draft->metadata, "schema", SCHEMA_VERSION);
}

static void build_created(const struct plan *plan, bson_t *out)
{
    bson_t told = BSON_INITIALIZER;

    BSON_APPEND_UTF8(&told, "name", plan->name);
    BSON_APPEND_UTF8(&told, "status", plan_status_name(plan->status));
    BSON_APPEND_UTF8(&told, "plan_purpose", plan_purpose_name(plan->plan_purpose));
    audit_write(&(struct audit_entry){.user_id = plan->user_id,
                                      .plan_id = plan->id,
                                      .action = AUDIT_PLAN_CREATED,
                                      .resource_type = "plan",
                                      .resource_id = plan->id,
                                      .new_value = &told,
                                      .reason = doc_has(plan->metadata, "duplicated_from")
                                                    ? "duplicate"
                                                    : NULL,
                                      .now = plan->created_at},
                out);
    bson_destroy(&told);
}

bool plan_repo_create(struct actor *a, struct plan *draft, struct err *err)
{
    int64_t now = account_now(a);
    bson_t doc, audit;
    bool ok;

    if (!account_need(a, err))
        return false;
    if (!draft->name)
        return err_set(err, ERR_INVALID, 0, "The plan needs a name");
    prepare(a, draft, now);
    record_write(COLL_PLANS, draft, &doc);
    build_created(draft, &audit);
    ok = record_validate(COLL_PLANS, &doc, err) &&
         quota_insert(a, draft->id, &doc, &audit, now, err);
    bson_destroy(&doc);
    bson_destroy(&audit);
    return ok;
}

/* ---- reading -------------------------------------------------------------------------------- */

bool plan_repo_find(struct actor *a, const char *id, struct plan *out, struct err *err)
{
    struct query q;
    bool found = false, ok;
    bson_t doc;

    if (!account_need(a, err))
        return false;
    if (!id_valid(id))
        return account_no_plan(id, err);
    queries_plan(&q, a->user.id, id);
    if (!account_find(a->store, COLL_PLANS, &q.where, &doc, &found, err))
        return false;
    if (!found)
        return account_no_plan(id, err);
    ok = record_read(COLL_PLANS, &doc, out, err);
    bson_destroy(&doc);
    return ok;
}

bool plan_repo_list(struct actor *a, const struct plan_filter *filter, struct plan_page *out,
                    struct err *err)
{
    struct plan_page page = {0};
    struct doc_list list;
    struct query q;

    if (!account_need(a, err))
        return false;
    queries_plans(&q, a->user.id, filter->status);
    q.limit = filter->limit;
    q.after = filter->after;
    q.fields = filter->whole ? NULL : list_fields;
    if (!store_find(a->store, COLL_PLANS, &q, &list, err))
        return false;
    page.plans = mem_zero(list.count ? list.count : 1, sizeof *page.plans);
    while (page.count < list.count &&
           record_read(COLL_PLANS, list.docs[page.count], &page.plans[page.count], err))
        page.count++;
    if (page.count < list.count) {
        plan_page_finish(&page);
        doc_list_finish(&list);
        return false;
    }
    page.next = mem_str(list.next);
    doc_list_finish(&list);
    *out = page;
    return true;
}

bool plan_repo_count(struct actor *a, enum plan_status status, int64_t *count, struct err *err)
{
    struct query q;

    if (!account_need(a, err))
        return false;
    queries_plans(&q, a->user.id, status);
    return store_count(a->store, COLL_PLANS, &q.where, count, err);
}

void plan_page_finish(struct plan_page *page)
{
    for (size_t i = 0; i < page->count; i++)
        record_finish(COLL_PLANS, &page->plans[i]);
    free(page->plans);
    free(page->next);
    *page = (struct plan_page){0};
}

/* ---- archiving ------------------------------------------------------------------------------ */

static enum plan_status status_before(const struct plan *plan)
{
    enum plan_status before = plan_status_by_name(doc_str(plan->metadata, "archived_from", ""));

    if (before != PLAN_STATUS_COUNT && before != PLAN_STATUS_ARCHIVED)
        return before;
    return plan->completed_at != RECORD_NONE ? PLAN_STATUS_COMPLETE : PLAN_STATUS_DRAFT;
}

static void build_status_change(const struct plan *plan, enum plan_status to, const char *reason,
                                int64_t now, bson_t *out)
{
    bson_t from_value = BSON_INITIALIZER, to_value = BSON_INITIALIZER;

    BSON_APPEND_UTF8(&from_value, "status", plan_status_name(plan->status));
    BSON_APPEND_UTF8(&to_value, "status", plan_status_name(to));
    audit_write(&(struct audit_entry){.user_id = plan->user_id,
                                      .plan_id = plan->id,
                                      .action = AUDIT_PLAN_UPDATED,
                                      .resource_type = "plan",
                                      .resource_id = plan->id,
                                      .old_value = &from_value,
                                      .new_value = &to_value,
                                      .reason = reason,
                                      .now = now},
                out);
    bson_destroy(&from_value);
    bson_destroy(&to_value);
}

/* One conditional change of status; ERR_CONFLICT if the plan moved since it was read. */
static bool archive_once(struct actor *a, const struct plan *plan, bool archive, struct err *err)
{
    enum plan_status to = archive ? PLAN_STATUS_ARCHIVED : status_before(plan);
    /* A run that died left `generating`; its plan comes back as what it is. */
    enum plan_status keep =
        plan->status == PLAN_STATUS_GENERATING ? PLAN_STATUS_FAILED : plan->status;
    int64_t now = account_now(a);
    struct patch patch;
    struct query q;
    size_t failed = 0;
    bson_t audit;
    bool ok;

    queries_plan(&q, a->user.id, plan->id);
    account_where_rev(&q.where, plan->metadata);
    patch_init(&patch);
    patch_str(&patch, "status", plan_status_name(to));
    if (archive) {
        patch_str(&patch, "metadata.archived_from", plan_status_name(keep));
        patch_unset(&patch, "generation_metadata.lease");
    } else {
        patch_unset(&patch, "metadata.archived_from");
    }
    account_touch(&patch, now);
    build_status_change(plan, to, archive ? "archive" : "unarchive", now, &audit);
    ok = store_atomically(a->store,
                          (struct write[]){
                              {.kind = WRITE_PATCH,
                               .coll = COLL_PLANS,
                               .where = &q.where,
                               .patch = &patch,
                               .must_match = true},
                              {.kind = WRITE_INSERT, .coll = COLL_AUDIT_LOGS, .doc = &audit},
                          },
                          2, &failed, err);
    patch_finish(&patch);
    bson_destroy(&audit);
    return ok;
}

bool plan_repo_archive(struct actor *a, const char *id, bool archive, struct err *err)
{
    for (int i = 0; i < ACCOUNT_TRIES; i++) {
        struct plan plan;
        bool ok;

        if (!plan_repo_find(a, id, &plan, err))
            return false;
        if ((plan.status == PLAN_STATUS_ARCHIVED) == archive)
            ok = true;
        else
            ok =
                plan_lease_over(&plan, account_now(a), err) && archive_once(a, &plan, archive, err);
        record_finish(COLL_PLANS, &plan);
        if (ok || err->code != ERR_CONFLICT)
            return ok;
    }
    return false;
}

/* ---- deleting ------------------------------------------------------------------------------- */

static void build_deleted(const struct plan *plan, int64_t now, bson_t *out)
{
    bson_t told = BSON_INITIALIZER;
    char id[ID_LEN + 1];

    id_derive(plan->id, "plan.deleted", id); /* deleting again after a crash tells it once */
    BSON_APPEND_UTF8(&told, "name", plan->name);
    BSON_APPEND_UTF8(&told, "status", plan_status_name(plan->status));
    BSON_APPEND_UTF8(&told, "plan_purpose", plan_purpose_name(plan->plan_purpose));
    BSON_APPEND_INT64(&told, "current_version", plan->current_version);
    audit_write(&(struct audit_entry){.user_id = plan->user_id,
                                      .plan_id = plan->id,
                                      .action = AUDIT_PLAN_DELETED,
                                      .resource_type = "plan",
                                      .resource_id = plan->id,
                                      .old_value = &told,
                                      .id = id,
                                      .now = now},
                out);
    bson_destroy(&told);
}

/* First the plan is marked, on the condition that nobody wrote it since it was read: no run
 * begins on a marked plan, so that without transactions nothing is removed from under one. Then
 * the children go, then what tells of it comes, then the plan goes. */
static bool delete_once(struct actor *a, const struct plan *plan, struct err *err)
{
    static const enum collection children[] = {COLL_SECTIONS, COLL_RESEARCH_PACKS,
                                               COLL_FINANCIAL_MODELS, COLL_COMPLIANCE_REPORTS};
    struct write writes[ARRAY_LEN(children) + 3];
    struct where of_plan = {0};
    struct query marked, mine;
    struct patch mark;
    size_t n = 0, failed = 0;
    int64_t now = account_now(a);
    bson_t audit;
    bool ok;

    queries_plan(&mine, a->user.id, plan->id);
    marked = mine;
    account_where_rev(&marked.where, plan->metadata);
    where_str(&of_plan, "plan_id", WHERE_EQ, plan->id);
    patch_init(&mark);
    patch_date(&mark, "metadata.deleting", now);
    account_touch(&mark, now);
    build_deleted(plan, now, &audit);
    writes[n++] = (struct write){.kind = WRITE_PATCH,
                                 .coll = COLL_PLANS,
                                 .where = &marked.where,
                                 .patch = &mark,
                                 .must_match = true};
    for (size_t i = 0; i < ARRAY_LEN(children); i++)
        writes[n++] = (struct write){.kind = WRITE_REMOVE, .coll = children[i], .where = &of_plan};
    writes[n++] =
        (struct write){.kind = WRITE_INSERT_IF_ABSENT, .coll = COLL_AUDIT_LOGS, .doc = &audit};
    writes[n++] = (struct write){
        .kind = WRITE_REMOVE, .coll = COLL_PLANS, .where = &mine.where, .must_match = true};
    ok = store_atomically(a->store, writes, n, &failed, err);
    patch_finish(&mark);
    bson_destroy(&audit);
    return ok;
}

bool plan_repo_delete(struct actor *a, const char *id, struct err *err)
{
    for (int i = 0; i < ACCOUNT_TRIES; i++) {
        struct plan plan;
        bool ok;

        if (!plan_repo_find(a, id, &plan, err))
            return false;
        ok = plan_lease_over(&plan, account_now(a), err) && delete_once(a, &plan, err);
        record_finish(COLL_PLANS, &plan);
        if (ok || err->code != ERR_CONFLICT)
            return ok;
    }
    return false;
}
