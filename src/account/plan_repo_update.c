/* plan_repo_update.c - saving a plan the user changed. What differs between the plan as read and
 * as it is now becomes one patch, field by field, on the condition that nobody saved since. A
 * plan's rev also moves when a run renews its lease or a summary is written; that is nobody's
 * save, so the condition is tried again on the new rev as long as all that a user writes is still
 * as it was read. */
#include "strattio/plan_repo.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/record.h"

#include "account/account.h"
#include "account/audit.h"
#include "account/queries.h"

struct difference {
    struct patch patch;
    bson_t old_value, new_value; /* of name, purpose and answers: what is audited */
    bool any, audited, impossible;
};

/* Keys of metadata that are not the user's: who wrote, and what runs and copies note. */
static bool is_ours(const char *key)
{
    static const char *const keys[] = {"rev", "schema", "summary", "copied", "deleting"};

    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        if (strcmp(key, keys[i]) == 0)
            return true;
    return false;
}

static bool can_be_path(const char *key)
{
    return *key && *key != '$' && !strchr(key, '.');
}

static bool same_value(const bson_iter_t *a, const bson_iter_t *b)
{
    bson_t x = BSON_INITIALIZER, y = BSON_INITIALIZER;
    bool same;

    bson_append_iter(&x, "v", 1, a);
    bson_append_iter(&y, "v", 1, b);
    same = doc_equal(&x, &y);
    bson_destroy(&x);
    bson_destroy(&y);
    return same;
}

static void append_or_null(bson_t *out, const char *key, const bson_iter_t *it)
{
    if (it)
        bson_append_iter(out, key, -1, it);
    else
        BSON_APPEND_NULL(out, key);
}

/* Notes in `d` that `key` of field `name` went from `was` to `is` (NULL: absent). */
static void note_key(struct difference *d, const char *name, const char *key,
                     const bson_iter_t *was, const bson_iter_t *is, bson_t *old_keys,
                     bson_t *new_keys)
{
    char *path;

    d->any = true;
    append_or_null(old_keys, key, was);
    append_or_null(new_keys, key, is);
    if (!can_be_path(key)) {
        d->impossible = true;
        return;
    }
    path = mem_printf("%s.%s", name, key);
    if (is) {
        bson_iter_t at = *is;

        patch_value(&d->patch, path, bson_iter_value(&at));
    } else {
        patch_unset(&d->patch, path);
    }
    free(path);
}

static bool has_key(const bson_t *doc, const char *key)
{
    bson_iter_t it;

    return doc && bson_iter_init_find(&it, doc, key);
}

/* Compares the objects `was` and `is` (NULL: empty) key by key. */
static void compare_keys(struct difference *d, const char *name, const bson_t *was,
                         const bson_t *is, bson_t *old_keys, bson_t *new_keys)
{
    bool metadata = strcmp(name, "metadata") == 0;
    bson_iter_t x, y;

    if (is && bson_iter_init(&y, is))
        while (bson_iter_next(&y)) {
            const char *key = bson_iter_key(&y);
            bool had = was && bson_iter_init_find(&x, was, key);

            if (!(metadata && (strcmp(key, "rev") == 0 || strcmp(key, "schema") == 0)) &&
                !(had && same_value(&x, &y)))
                note_key(d, name, key, had ? &x : NULL, &y, old_keys, new_keys);
        }
    if (was && bson_iter_init(&x, was))
        while (bson_iter_next(&x)) {
            const char *key = bson_iter_key(&x);

            if (!(metadata && is_ours(key)) && !has_key(is, key))
                note_key(d, name, key, &x, NULL, old_keys, new_keys);
        }
}

static void compare_object(struct difference *d, const char *name, const bson_t *was,
                           const bson_t *is, bool audited)
{
    bson_t old_keys = BSON_INITIALIZER, new_keys = BSON_INITIALIZER;

    compare_keys(d, name, was, is, &old_keys, &new_keys);
    if (audited && !bson_empty(&new_keys)) {
        bson_append_document(&d->old_value, name, -1, &old_keys);
        bson_append_document(&d->new_value, name, -1, &new_keys);
        d->audited = true;
    }
    bson_destroy(&old_keys);
    bson_destroy(&new_keys);
}

static void compare_text(struct difference *d, const char *name, const char *was, const char *is,
                         bool audited)
{
    if (strcmp(was ? was : "", is ? is : "") == 0)
        return;
    d->any = true;
    patch_str(&d->patch, name, is);
    if (audited) {
        BSON_APPEND_UTF8(&d->old_value, name, was ? was : "");
        BSON_APPEND_UTF8(&d->new_value, name, is ? is : "");
        d->audited = true;
    }
}

static void compare(const struct plan *before, const struct plan *after, struct difference *d)
{
    *d = (struct difference){.any = false};
    patch_init(&d->patch);
    bson_init(&d->old_value);
    bson_init(&d->new_value);
    compare_text(d, "name", before->name, after->name, true);
    compare_text(d, "plan_purpose", plan_purpose_name(before->plan_purpose),
                 plan_purpose_name(after->plan_purpose), true);
    compare_text(d, "compliance_type", before->compliance_type, after->compliance_type, false);
    compare_object(d, "intake_data", before->intake_data, after->intake_data, true);
    compare_object(d, "settings", before->settings, after->settings, false);
    compare_object(d, "metadata", before->metadata, after->metadata, false);
}

static void difference_finish(struct difference *d)
{
    patch_finish(&d->patch);
    bson_destroy(&d->old_value);
    bson_destroy(&d->new_value);
}

/* ---- saving --------------------------------------------------------------------------------- */

static bool save(struct actor *a, const struct plan *before, const bson_t *base_metadata,
                 const struct difference *d, int64_t now, struct err *err)
{
    struct query q;
    size_t failed = 0;
    bson_t audit;
    bool ok;

    queries_plan(&q, a->user.id, before->id);
    account_where_rev(&q.where, base_metadata);
    audit_write(&(struct audit_entry){.user_id = a->user.id,
                                      .plan_id = before->id,
                                      .action = AUDIT_PLAN_UPDATED,
                                      .resource_type = "plan",
                                      .resource_id = before->id,
                                      .old_value = &d->old_value,
                                      .new_value = &d->new_value,
                                      .now = now},
                &audit);
    ok = store_atomically(a->store,
                          (struct write[]){
                              {.kind = WRITE_PATCH,
                               .coll = COLL_PLANS,
                               .where = &q.where,
                               .patch = &d->patch,
                               .must_match = true},
                              {.kind = WRITE_INSERT, .coll = COLL_AUDIT_LOGS, .doc = &audit},
                          },
                          d->audited ? 2 : 1, &failed, err);
    bson_destroy(&audit);
    return ok;
}

/* Whether all a user writes in `plan` is as in `before`. */
static bool untouched(const struct plan *before, const struct plan *plan)
{
    struct difference d;
    bson_iter_t it;
    bool same;

    compare(before, plan, &d);
    same = !d.impossible && bson_empty(&d.patch.unset);
    bson_iter_init(&it, &d.patch.set);
    while (same && bson_iter_next(&it)) {
        const char *path = bson_iter_key(&it);

        same = strncmp(path, "metadata.", 9) == 0 && is_ours(path + 9);
    }
    difference_finish(&d);
    return same;
}

static bool save_if_untouched(struct actor *a, const struct plan *before, struct plan *after,
                              struct difference *d, int64_t now, struct err *err)
{
    struct plan current = {0};
    const bson_t *base = before->metadata;
    bool ok = false;

    for (int i = 0; i < ACCOUNT_TRIES; i++) {
        ok = save(a, before, base, d, now, err);
        if (ok || err->code != ERR_CONFLICT)
            break;
        record_finish(COLL_PLANS, &current);
        current = (struct plan){0};
        if (!plan_repo_find(a, before->id, &current, err))
            break;
        if (!untouched(before, &current)) {
            err_set(err, ERR_CONFLICT, 0, "\"%.80s\" was saved elsewhere since it was opened here",
                    current.name);
            break;
        }
        base = current.metadata;
    }
    if (ok) {
        after->updated_at = now;
        doc_set_int(after->metadata, "rev", base ? doc_int(base, "rev", 0) + 1 : 1);
    }
    record_finish(COLL_PLANS, &current);
    return ok;
}

bool plan_repo_update(struct actor *a, const struct plan *before, struct plan *after,
                      struct err *err)
{
    int64_t now = account_now(a);
    struct difference d;
    bool ok = true;

    if (!account_need(a, err))
        return false;
    if (!after->metadata)
        after->metadata = bson_new();
    compare(before, after, &d);
    if (d.impossible) {
        ok = err_set(err, ERR_INVALID, 0,
                     "An answer's or a setting's name is empty, has a dot or begins with $");
    } else if (d.any) {
        account_touch(&d.patch, now);
        ok = save_if_untouched(a, before, after, &d, now, err);
    } else {
        ok = account_need_plan(a, before->id, err);
    }
    difference_finish(&d);
    return ok;
}
