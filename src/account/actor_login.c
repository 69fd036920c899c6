/* actor_login.c - signing in and out on a shared store. A right password does in one group what
 * makes it count: the session in the user's document, the failures cleared, the audit entry. The
 * list of sessions is read, changed and written back on the condition that nobody wrote the user
 * in between. */
#include "strattio/actor.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/record.h"

#include "account/account.h"
#include "account/audit.h"
#include "account/password.h"
#include "account/queries.h"
#include "account/session.h"
#include "account/sign_in.h"

static bool refuse(struct err *err)
{
    return err_set(err, ERR_DENIED, 0, "This e-mail address and password do not go together");
}

static bool only_shared(const struct actor *a, struct err *err)
{
    return a->shared || err_set(err, ERR_UNSUPPORTED, 0,
                                "The store on this computer belongs to whoever owns its file: "
                                "nobody signs in or out");
}

/* What a change of the session list is to do, once the user's document is at hand. */
struct change {
    const char *drop, *add; /* SHA-256 of sessions, or NULL */
    bool empty;             /* drop all of them first */
    const char *hash;       /* new password hash, or NULL */
    bool login;             /* sets last_login_at and audits user.login */
    int64_t now;
};

static void build_patch(const struct change *c, const bson_t *doc, struct patch *patch)
{
    bson_t metadata, none = BSON_INITIALIZER, list;

    doc_view(doc, "metadata", &metadata);
    session_list(c->empty ? &none : &metadata, c->drop, c->add, c->now, &list);
    patch_init(patch);
    patch_array(patch, "metadata.sessions", &list);
    if (c->hash)
        patch_str(patch, "password_hash", c->hash);
    if (c->add) /* the password was right */
        patch_unset(patch, "metadata.sign_in");
    if (c->login)
        patch_date(patch, "last_login_at", c->now);
    account_touch(patch, c->now);
    bson_destroy(&list);
    bson_destroy(&none);
}

static void build_audit(const char *user_id, int64_t now, bson_t *out)
{
    audit_write(&(struct audit_entry){.user_id = user_id,
                                      .action = AUDIT_USER_LOGIN,
                                      .resource_type = "user",
                                      .resource_id = user_id,
                                      .now = now},
                out);
}

/* Applies `c` to the user as read in `doc`; ERR_CONFLICT if somebody wrote it since. */
static bool apply_once(struct actor *a, const char *user_id, const struct change *c,
                       const bson_t *doc, struct err *err)
{
    struct where where = {0};
    bson_t metadata, audit;
    struct patch patch;
    size_t failed = 0;
    bool ok;

    doc_view(doc, "metadata", &metadata);
    where_id(&where, "_id", user_id);
    account_where_rev(&where, &metadata);
    build_patch(c, doc, &patch);
    build_audit(user_id, c->now, &audit);
    ok = store_atomically(a->store,
                          (struct write[]){
                              {.kind = WRITE_PATCH,
                               .coll = COLL_USERS,
                               .where = &where,
                               .patch = &patch,
                               .must_match = true},
                              {.kind = WRITE_INSERT, .coll = COLL_AUDIT_LOGS, .doc = &audit},
                          },
                          c->login ? 2 : 1, &failed, err);
    patch_finish(&patch);
    bson_destroy(&audit);
    return ok;
}

static bool apply(struct actor *a, const char *user_id, const struct change *c, struct err *err)
{
    struct query q;

    queries_user(&q, user_id);
    for (int i = 0; i < ACCOUNT_TRIES; i++) {
        bson_t doc;
        bool ok;

        if (!store_find_one(a->store, COLL_USERS, &q.where, &doc, err))
            return false;
        ok = apply_once(a, user_id, c, &doc, err);
        bson_destroy(&doc);
        if (ok || err->code != ERR_CONFLICT)
            return ok;
    }
    return false;
}

bool account_check_password(struct actor *a, const char *email, const char *password, bson_t *doc,
                            struct err *err)
{
    struct query q;
    bool found = false;

    queries_user_by_email(&q, email);
    if (!account_find(a->store, COLL_USERS, &q.where, doc, &found, err))
        return false;
    if (!found || account_is_deleted(doc)) {
        (void)!password_matches(password, NULL);
        if (found)
            bson_destroy(doc);
        return refuse(err);
    }
    if (!sign_in_charge(a->store, doc, account_now(a), err)) {
        bson_destroy(doc);
        return false;
    }
    if (!password_matches(password, doc_str(doc, "password_hash", NULL))) {
        bson_destroy(doc);
        return refuse(err);
    }
    return true;
}

bool actor_login(struct actor *a, const char *email, const char *password, struct err *err)
{
    char sha[SHA_HEX_LEN + 1], id[ID_LEN + 1];
    char *clean = account_email(email);
    int64_t now = account_now(a);
    struct session session;
    bson_t doc;
    bool ok = false;

    if (!only_shared(a, err) || !account_check_password(a, clean, password, &doc, err)) {
        free(clean);
        return false;
    }
    account_id_of(&doc, id);
    session_new(id, &session);
    session_sha(&session, sha);
    ok = account_adopt(a, &doc, err) && session_write(a->session_key, &session, err) &&
         apply(a, id, &(struct change){.add = sha, .login = true, .now = now}, err);
    if (ok) {
        memcpy(a->token_sha, sha, sizeof sha);
        a->user.last_login_at = now;
    } else {
        session_forget(a->session_key);
        account_leave(a);
    }
    explicit_bzero(&session, sizeof session);
    bson_destroy(&doc);
    free(clean);
    return ok;
}

bool actor_logout(struct actor *a, struct err *err)
{
    struct change c = {.drop = a->token_sha, .now = account_now(a)};
    bool ok = true;

    if (!only_shared(a, err))
        return false;
    session_forget(a->session_key); /* first: even offline, this terminal is signed out */
    if (a->state == ACTOR_SIGNED_IN)
        ok = apply(a, a->user.id, &c, err);
    account_leave(a);
    return ok;
}

bool actor_set_password(struct actor *a, const char *old, const char *password, struct err *err)
{
    char hash[PASSWORD_HASH_SIZE], sha[SHA_HEX_LEN + 1], id[ID_LEN + 1];
    struct change c = {
        .empty = true, .add = sha, .hash = hash, .login = false, .now = account_now(a)};
    struct session session;
    bson_t doc;
    bool ok;

    if (!only_shared(a, err) || !account_need(a, err) || !password_check(password, err) ||
        !account_check_password(a, a->user.email, old, &doc, err))
        return false;
    bson_destroy(&doc);
    memcpy(id, a->user.id, sizeof id);
    session_new(id, &session);
    session_sha(&session, sha);
    ok = password_hash(password, hash, err) && apply(a, id, &c, err) &&
         session_write(a->session_key, &session, err);
    if (ok)
        memcpy(a->token_sha, sha, sizeof sha);
    explicit_bzero(&session, sizeof session);
    explicit_bzero(hash, sizeof hash);
    return ok;
}
