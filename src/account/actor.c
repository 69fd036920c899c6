/* actor.c - who acts on which store. An actor is a connection and, once signed in, a user read
 * from it: on an embedded store the first user of the file, since whoever may read the file may
 * use it; on a shared one the user whose session the token file names. How one becomes signed in
 * is in actor_join.c and actor_login.c. */
#include "strattio/actor.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/clock.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/record.h"

#include "account/account.h"
#include "account/queries.h"
#include "account/session.h"
#include "account/tiers.h"
#include "account/uri.h"

/* ---- opening -------------------------------------------------------------------------------- */

bool account_load_owner(struct actor *a, struct err *err)
{
    struct doc_list list;
    struct query q;
    bool ok = true;

    queries_first_user(&q);
    if (!store_find(a->store, COLL_USERS, &q, &list, err))
        return false;
    if (list.count > 0)
        ok = account_adopt(a, list.docs[0], err);
    doc_list_finish(&list);
    return ok;
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
    if (!account_find_session(a, session.user_id, sha, &doc, &found, err))
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

struct actor *account_open_on(struct store *store, const char *uri, int timeout_ms, struct err *err)
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
        account_strip(to);
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
