/* export_repo.c - exports: noted as pending before the file is written, and as what came of it
 * after. They outlive their plan, so they are found by the user, who may list those of a plan
 * that is gone. */
#include "strattio/child_repo.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/record.h"

#include "account/account.h"
#include "account/audit.h"
#include "account/queries.h"
#include "account/tiers.h"

/* The tier as the store says now, not as it was when this program started. */
static bool check_tier(struct actor *a, enum export_format format, struct err *err)
{
    struct subscription sub;

    if (!account_subscription(a, a->user.id, &sub, err))
        return false;
    a->tier = tiers_of(&sub);
    record_finish(COLL_SUBSCRIPTIONS, &sub);
    return tiers_require(a->tier, format == EXPORT_PDF ? CAN_EXPORT_PDF : CAN_EXPORT_ALL, err);
}

bool export_repo_allow(struct actor *a, const char *plan_id, enum export_format format,
                       struct err *err)
{
    return account_need_plan(a, plan_id, err) && check_tier(a, format, err);
}

bool export_repo_downloaded(struct actor *a, const char *plan_id, const char *format,
                            int64_t file_size, const char *path, struct err *err)
{
    bson_t told = BSON_INITIALIZER, audit;
    bool ok;

    BSON_APPEND_UTF8(&told, "format", format);
    BSON_APPEND_INT64(&told, "file_size", file_size);
    BSON_APPEND_UTF8(&told, "path", path);
    audit_write(&(struct audit_entry){.user_id = a->user.id,
                                      .plan_id = plan_id,
                                      .action = AUDIT_EXPORT_CREATED,
                                      .resource_type = "plan",
                                      .resource_id = plan_id,
                                      .new_value = &told,
                                      .now = account_now(a)},
                &audit);
    ok = store_insert(a->store, COLL_AUDIT_LOGS, &audit, err);
    bson_destroy(&audit);
    bson_destroy(&told);
    return ok;
}

bool export_repo_begin(struct actor *a, const char *plan_id, enum export_format format,
                       struct export_job *out, struct err *err)
{
    struct export_job job;
    bson_t doc;
    bool ok;

    if (!export_repo_allow(a, plan_id, format, err))
        return false;
    record_init(COLL_EXPORTS, &job);
    job.plan_id = mem_str(plan_id);
    job.user_id = mem_str(a->user.id);
    job.format = format;
    job.status = EXPORT_PENDING;
    job.created_at = account_now(a);
    record_write(COLL_EXPORTS, &job, &doc);
    account_stamp(&doc);
    ok = store_insert(a->store, COLL_EXPORTS, &doc, err);
    bson_destroy(&doc);
    if (ok)
        *out = job;
    else
        record_finish(COLL_EXPORTS, &job);
    return ok;
}

static void build_audit(const struct export_job *job, const char *path, int64_t now, bson_t *out)
{
    bson_t told = BSON_INITIALIZER;

    BSON_APPEND_UTF8(&told, "format", export_format_name(job->format));
    if (job->file_size != RECORD_NONE)
        BSON_APPEND_INT64(&told, "file_size", job->file_size);
    if (path)
        BSON_APPEND_UTF8(&told, "path", path);
    audit_write(&(struct audit_entry){.user_id = job->user_id,
                                      .plan_id = job->plan_id,
                                      .action = AUDIT_EXPORT_CREATED,
                                      .resource_type = "export",
                                      .resource_id = job->id,
                                      .new_value = &told,
                                      .now = now},
                out);
    bson_destroy(&told);
}

static void build_patch(const struct export_job *job, const char *path, int64_t now,
                        struct patch *patch)
{
    patch_init(patch);
    patch_str(patch, "status", job->status == EXPORT_COMPLETE ? "complete" : "failed");
    if (job->file_size != RECORD_NONE)
        patch_int(patch, "file_size", job->file_size);
    if (job->page_count != RECORD_NONE)
        patch_int(patch, "page_count", job->page_count);
    if (path)
        patch_str(patch, "metadata.path", path);
    patch_date(patch, "metadata.finished_at", now);
    account_touch(patch, RECORD_NONE);
}

bool export_repo_end(struct actor *a, struct export_job *job, bool ok, const char *path,
                     struct err *err)
{
    int64_t now = account_now(a);
    struct where where = {0};
    struct patch patch;
    struct stat st;
    size_t failed = 0;
    bson_t audit;
    bool done;

    if (!account_need(a, err))
        return false;
    job->status = ok ? EXPORT_COMPLETE : EXPORT_FAILED;
    if (ok && job->file_size == RECORD_NONE && path && stat(path, &st) == 0)
        job->file_size = (int64_t)st.st_size;
    where_id(&where, "_id", job->id);
    where_str(&where, "user_id", WHERE_EQ, a->user.id);
    where_str(&where, "status", WHERE_EQ, "pending");
    build_patch(job, path, now, &patch);
    build_audit(job, path, now, &audit);
    done = store_atomically(a->store,
                            (struct write[]){
                                {.kind = WRITE_PATCH,
                                 .coll = COLL_EXPORTS,
                                 .where = &where,
                                 .patch = &patch,
                                 .must_match = true},
                                {.kind = WRITE_INSERT, .coll = COLL_AUDIT_LOGS, .doc = &audit},
                            },
                            ok ? 2 : 1, &failed, err);
    patch_finish(&patch);
    bson_destroy(&audit);
    if (!done && err->code == ERR_CONFLICT)
        return err_set(err, ERR_NOT_FOUND, 0, "There is no export %.30s under way among yours",
                       job->id);
    if (done && path)
        doc_set_str(job->metadata, "path", path);
    return done;
}

bool export_repo_list(struct actor *a, const char *plan_id, struct export_job **out, size_t *count,
                      struct err *err)
{
    struct doc_list list;
    struct query q;
    size_t n = 0;
    bool ok;

    if (!account_need(a, err))
        return false;
    queries_exports(&q, a->user.id, plan_id);
    if (!store_find(a->store, COLL_EXPORTS, &q, &list, err))
        return false;
    ok = list.count > 0 || !plan_id || account_need_plan(a, plan_id, err);
    if (ok) {
        struct export_job *jobs = mem_zero(list.count ? list.count : 1, sizeof *jobs);

        while (n < list.count && record_read(COLL_EXPORTS, list.docs[n], &jobs[n], err))
            n++;
        ok = n == list.count;
        if (ok) {
            *out = jobs;
            *count = n;
        } else {
            while (n > 0)
                record_finish(COLL_EXPORTS, &jobs[--n]);
            free(jobs);
        }
    }
    doc_list_finish(&list);
    return ok;
}
