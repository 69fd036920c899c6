/* actor.c - who acts on which store. An actor is a connection and, once signed in, a user read from it:
 * on an embedded store the first user of the file, since whoever may read the file may use it; on a
 * shared one the user whose session the token file names. How one becomes signed in is in
 * actor_join.c and actor_login.c. */
#include "strattio/actor.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/clock.h"
#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/record.h"

#include "account/account.h"
#include "account/session.h"
#include "account/tiers.h"
#include "account/uri.h"

int64_t account_now(const struct actor *a)
{
    return clock_now_ms() + a->clock_shift_ms;
}

/* ---- documents and patches ------------------------------------------------------------------ */

void account_stamp(bson_t *doc)
{
    doc_set_int(doc, "metadata.rev", 1);
    doc_set_int(doc, "metadata.schema", ACCOUNT_SCHEMA);
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

bool account_subscription(struct actor *a, const char *user_id, struct subscription *out,
                          struct err *err)
{
    struct where where = {0};
    struct subscription fresh;
    struct err why = {0};
    bool found = false, ok;
    bson_t doc;

    where_str(&where, "user_id", WHERE_EQ, user_id);
    if (!account_find(a->store, COLL_SUBSCRIPTIONS, &where, &doc, &found, err))
        return false;
    if (!found) {
        account_new_subscription(user_id, TIER_FREE, account_now(a), &fresh, &doc);
        record_finish(COLL_SUBSCRIPTIONS, &fresh);
        ok = store_insert(a->store, COLL_SUBSCRIPTIONS, &doc, &why);
        if (!ok && why.code == ERR_DUPLICATE) { /* somebody else just did the same */
            bson_destroy(&doc);
            if (!store_find_one(a->store, COLL_SUBSCRIPTIONS, &where, &doc, err))
                return false;
        } else if (!ok) {
            bson_destroy(&doc);
            *err = why;
            return false;
        }
    }
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

/* Takes out of `user` what must not leave this folder. */
static void strip(struct user *user)
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
    strip(&user);
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

/* ---- opening -------------------------------------------------------------------------------- */

bool account_load_owner(struct actor *a, struct err *err)
{
    struct query q = {.sort = "created_at", .limit = 1};
    struct doc_list list;
    bool ok = true;

    if (!store_find(a->store, COLL_USERS, &q, &list, err))
        return false;
    if (list.count > 0)
        ok = account_adopt(a, list.docs[0], err);
    doc_list_finish(&list);
    return ok;
}

/* The user document of session `s` if the store knows it. */
static bool find_session(struct actor *a, const char *user_id, const char *sha, bson_t *out,
                         bool *found, struct err *err)
{
    struct where where = {0};
    bson_t metadata;

    where_id(&where, "_id", user_id);
    if (!account_find(a->store, COLL_USERS, &where, out, found, err))
        return false;
    if (!*found)
        return true;
    doc_view(out, "metadata", &metadata);
    *found = session_known(&metadata, sha, account_now(a)) && !account_is_deleted(out);
    if (!*found)
        bson_destroy(out);
    return true;
}

static bool load_session(struct actor *a, struct err *err)
{
    char sha[SHA_HEX_LEN + 1];
    struct session session;
    bool found = false, ok;
    bson_t doc;

    if (!session_read(a->session_key, &session))
        return true;
    session_sha(&session, sha);
    explicit_bzero(session.token, sizeof session.token);
    if (!find_session(a, session.user_id, sha, &doc, &found, err))
        return false;
    if (!found)
        return true;
    ok = account_adopt(a, &doc, err);
    if (ok)
        memcpy(a->token_sha, sha, sizeof sha);
    bson_destroy(&doc);
    return ok;
}

static struct actor *create(struct store *store, const char *uri, int timeout_ms)
{
    struct actor *a = mem_zero(1, sizeof *a);

    a->store = store;
    a->shared = store_is_shared(store);
    a->uri = mem_str(uri);
    a->safe_uri = uri_without_password(uri);
    a->label = uri_label(uri, a->shared);
    a->session_key = uri_key(uri);
    a->timeout_ms = timeout_ms;
    a->state = a->shared ? ACTOR_SIGNED_OUT : ACTOR_FRESH;
    return a;
}

struct actor *account_open_on(struct store *store, const char *uri, int timeout_ms,
                              struct err *err)
{
    struct actor *a = create(store, uri, timeout_ms);

    if (a->shared ? load_session(a, err) : account_load_owner(a, err))
        return a;
    actor_close(a);
    return NULL;
}

struct actor *actor_open(const char *uri, int timeout_ms, struct err *err)
{
    struct store *store = store_open(uri, timeout_ms, err);

    return store ? account_open_on(store, uri, timeout_ms, err) : NULL;
}

void actor_close(struct actor *a)
{
    if (!a)
        return;
    account_leave(a);
    store_close(a->store);
    explicit_bzero(a->uri, strlen(a->uri));
    free(a->uri);
    free(a->safe_uri);
    free(a->label);
    free(a->session_key);
    free(a);
}

/* A deep copy of `from`, by way of its document. */
static bool copy_user(const struct user *from, struct user *to, struct err *err)
{
    bson_t doc;
    bool ok;

    record_write(COLL_USERS, from, &doc);
    ok = record_read(COLL_USERS, &doc, to, err);
    bson_destroy(&doc);
    if (ok)
        strip(to);
    return ok;
}

struct actor *actor_clone(const struct actor *a, struct err *err)
{
    struct store *store = store_open(a->uri, a->timeout_ms, err);
    struct actor *clone;

    if (!store)
        return NULL;
    clone = create(store, a->uri, a->timeout_ms);
    clone->shared = a->shared;
    clone->state = a->shared ? ACTOR_SIGNED_OUT : ACTOR_FRESH;
    if (a->state != ACTOR_SIGNED_IN)
        return clone;
    if (!copy_user(&a->user, &clone->user, err)) {
        actor_close(clone);
        return NULL;
    }
    clone->tier = a->tier;
    clone->seen_mono_ms = a->seen_mono_ms;
    clone->state = ACTOR_SIGNED_IN;
    memcpy(clone->token_sha, a->token_sha, sizeof clone->token_sha);
    return clone;
}

/* ---- asking --------------------------------------------------------------------------------- */

enum actor_state actor_state(const struct actor *a)
{
    return a->state;
}

bool actor_store_shared(const struct actor *a)
{
    return a->shared;
}

const char *actor_store_label(const struct actor *a)
{
    return a->label;
}

const char *actor_store_uri(const struct actor *a)
{
    return a->safe_uri;
}

const struct user *actor_user(const struct actor *a)
{
    return a->state == ACTOR_SIGNED_IN ? &a->user : NULL;
}

enum tier actor_tier(const struct actor *a)
{
    return a->tier;
}

bool actor_can(const struct actor *a, enum capability what)
{
    return tiers_include(a->tier, what);
}

bool actor_require(const struct actor *a, enum capability what, struct err *err)
{
    return tiers_require(a->tier, what, err);
}

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

    if (!find_session(a, a->user.id, a->token_sha, &doc, &found, err))
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
    struct query q = {.limit = 1, .fields = fields};
    struct doc_list list;
    bool found;

    if (!account_need(a, err))
        return false;
    if (!id_valid(plan_id))
        return account_no_plan(plan_id, err);
    where_id(&q.where, "_id", plan_id);
    where_str(&q.where, "user_id", WHERE_EQ, a->user.id);
    if (!store_find(a->store, COLL_PLANS, &q, &list, err))
        return false;
    found = list.count > 0;
    doc_list_finish(&list);
    return found || account_no_plan(plan_id, err);
}
