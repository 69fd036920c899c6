/* account.c - the helpers every file of this folder stands on: who is signed in, whose a plan is,
 * and how documents carry their revision. */
#include "account/account.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/clock.h"
#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/record.h"

#include "account/queries.h"
#include "account/session.h"
#include "account/tiers.h"
#include "record/schema.h"

int64_t account_now(const struct actor *a)
{
    return clock_now_ms() + a->clock_shift_ms;
}

/* ---- documents and patches ------------------------------------------------------------------ */

void account_stamp(bson_t *doc)
{
    doc_set_int(doc, "metadata.rev", 1);
    doc_set_int(doc, "metadata.schema", SCHEMA_VERSION);
}

void account_touch(struct patch *p, int64_t now)
{
    patch_inc(p, "metadata.rev", 1);
    if (now != RECORD_NONE)
        patch_date(p, "updated_at", now);
}

void account_where_rev(struct where *w, const bson_t *metadata)
{
    if (metadata && doc_has(metadata, "rev"))
        where_int(w, "metadata.rev", WHERE_EQ, doc_int(metadata, "rev", 0));
    else
        where_null(w, "metadata.rev", true);
}

static bool is_among(const char *name, const char *const *names)
{
    for (; *names; names++)
        if (strcmp(name, *names) == 0)
            return true;
    return false;
}

void account_overwrite(struct patch *p, const bson_t *old, const bson_t *doc,
                       const bson_t *metadata, const char *const *keep)
{
    bson_iter_t it, other;

    bson_iter_init(&it, doc);
    while (bson_iter_next(&it)) {
        const char *key = bson_iter_key(&it);

        if (strcmp(key, "_id") != 0 && strcmp(key, "metadata") != 0 && !is_among(key, keep))
            patch_value(p, key, bson_iter_value(&it));
    }
    patch_doc(p, "metadata", metadata);
    bson_iter_init(&it, old);
    while (bson_iter_next(&it)) {
        const char *key = bson_iter_key(&it);

        if (strcmp(key, "metadata") != 0 && !bson_iter_init_find(&other, doc, key))
            patch_unset(p, key);
    }
}

void account_id_of(const bson_t *doc, char out[ID_LEN + 1])
{
    bson_iter_t it;

    *out = '\0';
    if (bson_iter_init_find(&it, doc, "_id") && BSON_ITER_HOLDS_OID(&it))
        bson_oid_to_string(bson_iter_oid(&it), out);
}

bool account_find(struct store *s, enum collection coll, const struct where *where, bson_t *out,
                  bool *found, struct err *err)
{
    struct err why = {0};

    *found = store_find_one(s, coll, where, out, &why);
    if (*found || why.code == ERR_NOT_FOUND)
        return true;
    *err = why;
    return false;
}

/* ---- the user ------------------------------------------------------------------------------- */

/* Inserts the free subscription `user_id` should have had; one that another program makes at the
 * same time is as good. */
static bool insert_free(struct actor *a, const char *user_id, struct err *err)
{
    struct subscription fresh;
    struct err why = {0};
    bson_t doc;
    bool ok;

    account_new_subscription(user_id, TIER_FREE, account_now(a), &fresh, &doc);
    record_finish(COLL_SUBSCRIPTIONS, &fresh);
    ok = store_insert(a->store, COLL_SUBSCRIPTIONS, &doc, &why) || why.code == ERR_DUPLICATE;
    bson_destroy(&doc);
    if (!ok)
        *err = why;
    return ok;
}

bool account_subscription(struct actor *a, const char *user_id, struct subscription *out,
                          struct err *err)
{
    struct query q;
    bool found = false, ok;
    bson_t doc;

    queries_subscription(&q, user_id);
    if (!account_find(a->store, COLL_SUBSCRIPTIONS, &q.where, &doc, &found, err))
        return false;
    if (!found && (!insert_free(a, user_id, err) ||
                   !store_find_one(a->store, COLL_SUBSCRIPTIONS, &q.where, &doc, err)))
        return false;
    ok = record_read(COLL_SUBSCRIPTIONS, &doc, out, err);
    bson_destroy(&doc);
    return ok;
}

void account_new_subscription(const char *user_id, enum tier tier, int64_t now,
                              struct subscription *sub, bson_t *doc)
{
    record_init(COLL_SUBSCRIPTIONS, sub);
    free(sub->user_id);
    sub->user_id = mem_str(user_id);
    sub->tier = tier;
    sub->status = SUB_ACTIVE;
    sub->plan_limit = tiers_plan_limit(tier);
    sub->created_at = sub->updated_at = now;
    record_write(COLL_SUBSCRIPTIONS, sub, doc);
    account_stamp(doc);
}

void account_strip(struct user *user)
{
    if (user->password_hash)
        explicit_bzero(user->password_hash, strlen(user->password_hash));
    free(user->password_hash);
    user->password_hash = NULL;
    if (user->metadata) {
        doc_unset(user->metadata, "sessions");
        doc_unset(user->metadata, "sign_in");
    }
}

void account_leave(struct actor *a)
{
    if (a->state == ACTOR_SIGNED_IN)
        record_finish(COLL_USERS, &a->user);
    memset(&a->user, 0, sizeof a->user);
    explicit_bzero(a->token_sha, sizeof a->token_sha);
    a->tier = TIER_FREE;
    a->state = a->shared ? ACTOR_SIGNED_OUT : ACTOR_FRESH;
}

bool account_adopt(struct actor *a, const bson_t *doc, struct err *err)
{
    struct subscription sub;
    struct user user;

    if (!record_read(COLL_USERS, doc, &user, err))
        return false;
    account_strip(&user);
    if (!account_subscription(a, user.id, &sub, err)) {
        record_finish(COLL_USERS, &user);
        return false;
    }
    if (a->state == ACTOR_SIGNED_IN)
        record_finish(COLL_USERS, &a->user);
    a->user = user;
    a->tier = tiers_of(&sub);
    a->state = ACTOR_SIGNED_IN;
    a->seen_mono_ms = clock_mono_ms();
    record_finish(COLL_SUBSCRIPTIONS, &sub);
    return true;
}

bool account_is_deleted(const bson_t *user_doc)
{
    return doc_has(user_doc, "deleted_at");
}

bool account_find_session(struct actor *a, const char *user_id, const char *sha, bson_t *out,
                          bool *found, struct err *err)
{
    struct query q;
    bson_t metadata;

    queries_user(&q, user_id);
    if (!account_find(a->store, COLL_USERS, &q.where, out, found, err))
        return false;
    if (!*found)
        return true;
    doc_view(out, "metadata", &metadata);
    *found = session_known(&metadata, sha, account_now(a)) && !account_is_deleted(out);
    if (!*found)
        bson_destroy(out);
    return true;
}

/* ---- the checks every call begins with ------------------------------------------------------ */

static bool signed_out(const struct actor *a, struct err *err)
{
    if (!a->shared)
        return err_set(err, ERR_SIGNED_OUT, 0,
                       "Nobody uses this store yet: it needs your name and e-mail address first");
    return err_set(err, ERR_SIGNED_OUT, 0,
                   "Not signed in on %s: use strattio login --email E, or strattio register "
                   "--email E --name N",
                   a->label);
}

/* Looks the session up again; what changed of the user is taken over in place, so that what
 * actor_user() lent stays valid. */
static bool look_again(struct actor *a, struct err *err)
{
    struct subscription sub;
    bool found = false;
    struct user now;
    bson_t doc;

    if (!account_find_session(a, a->user.id, a->token_sha, &doc, &found, err))
        return false;
    if (!found) {
        account_leave(a);
        return signed_out(a, err);
    }
    if (!record_read(COLL_USERS, &doc, &now, err)) {
        bson_destroy(&doc);
        return false;
    }
    a->user.role = now.role;
    a->user.subscription_tier = now.subscription_tier;
    record_finish(COLL_USERS, &now);
    bson_destroy(&doc);
    if (!account_subscription(a, a->user.id, &sub, err))
        return false;
    a->tier = tiers_of(&sub);
    record_finish(COLL_SUBSCRIPTIONS, &sub);
    a->seen_mono_ms = clock_mono_ms();
    return true;
}

bool account_need(struct actor *a, struct err *err)
{
    if (a->state != ACTOR_SIGNED_IN)
        return signed_out(a, err);
    if (a->shared && clock_mono_ms() - a->seen_mono_ms >= SESSION_RECHECK_MS)
        return look_again(a, err);
    return true;
}

bool account_no_plan(const char *plan_id, struct err *err)
{
    return err_set(err, ERR_NOT_FOUND, 0, "There is no plan %.60s among yours", plan_id);
}

bool account_need_plan(struct actor *a, const char *plan_id, struct err *err)
{
    static const char *const fields[] = {"user_id", NULL};
    struct doc_list list;
    struct query q;
    bool found;

    if (!account_need(a, err))
        return false;
    if (!id_valid(plan_id))
        return account_no_plan(plan_id, err);
    queries_plan(&q, a->user.id, plan_id);
    q.fields = fields;
    if (!store_find(a->store, COLL_PLANS, &q, &list, err))
        return false;
    found = list.count > 0;
    doc_list_finish(&list);
    return found || account_no_plan(plan_id, err);
}
