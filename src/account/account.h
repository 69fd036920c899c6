/* account.h - what the files of this folder share: the inside of an actor, the checks every call
 * begins with, and the few helpers that keep rev, schema and updated_at of documents true. */
#ifndef STRATTIO_ACCOUNT_ACCOUNT_H
#define STRATTIO_ACCOUNT_ACCOUNT_H

#include <bson/bson.h>
#include <stdbool.h>
#include <stdint.h>

#include "store/store.h"
#include "strattio/actor.h"
#include "strattio/attr.h"
#include "strattio/ids.h"
#include "strattio/subscription.h"
#include "strattio/user.h"

struct err;

struct actor {
    struct store *store;
    char *uri;      /* as given, with its password: what a clone opens */
    char *safe_uri; /* without */
    char *label;
    char *session_key; /* what names the session file: the store, whoever connects to it */
    int timeout_ms;
    bool shared;
    enum actor_state state;
    struct user user;                /* of a signed-in actor; no password_hash, no sessions */
    enum tier tier;                  /* as `subscriptions` says */
    char token_sha[SHA_HEX_LEN + 1]; /* of the session; "" on an embedded store */
    int64_t seen_mono_ms;            /* when the session was last found in the store */
    int64_t clock_shift_ms;          /* for tests: how far this actor's clock is ahead */
};

enum { ACCOUNT_TRIES = 8, SESSION_RECHECK_MS = 60000 };

/* An actor on `store`, which becomes its own (also on failure). actor_open() is this after
 * store_open(); tests use it to make an embedded store act as a shared one. */
MUST_USE struct actor *account_open_on(struct store *store, const char *uri, int timeout_ms,
                                       struct err *err);

int64_t account_now(const struct actor *a); /* the wall clock, ms */

/* True if somebody is signed in, else ERR_SIGNED_OUT saying how. On a shared store the session is
 * looked up again when the last look is SESSION_RECHECK_MS old: a password changed elsewhere ends
 * it, and a new tier or role is noticed. */
MUST_USE bool account_need(struct actor *a, struct err *err);

/* As account_need(), and `plan_id` is one of the acting user's plans, else ERR_NOT_FOUND. Reads
 * no more than its id. */
MUST_USE bool account_need_plan(struct actor *a, const char *plan_id, struct err *err);

/* ERR_NOT_FOUND for a plan that is not there or not theirs. */
bool account_no_plan(const char *plan_id, struct err *err);

/* Signs `a` in as the user of `doc` in memory: password hash and sessions stay behind. */
MUST_USE bool account_adopt(struct actor *a, const bson_t *doc, struct err *err);
void account_leave(struct actor *a);   /* signed out, in memory */
void account_strip(struct user *user); /* of what must not leave this folder */

/* The document of the user whose session has the SHA-256 `sha`, initialised into `out` if *found.
 */
MUST_USE bool account_find_session(struct actor *a, const char *user_id, const char *sha,
                                   bson_t *out, bool *found, struct err *err);

/* The user's subscription, made as `free` if another program left it out. */
MUST_USE bool account_subscription(struct actor *a, const char *user_id, struct subscription *out,
                                   struct err *err);

/* A new, active subscription and its document; both are initialised by the call. */
void account_new_subscription(const char *user_id, enum tier tier, int64_t now,
                              struct subscription *sub, bson_t *doc);

/* Signs the owner of an embedded store in, if it has one: its first user. */
MUST_USE bool account_load_owner(struct actor *a, struct err *err);

/* An address as it is stored: without blanks around it, lower case. The caller frees it. */
char *account_email(const char *typed);

/* Lets the user of `email` try `password`: their document, initialised into `doc`, if it is
 * right. For an unknown address it takes the time of a wrong password; both are ERR_DENIED in the
 * same words. */
MUST_USE bool account_check_password(struct actor *a, const char *email, const char *password,
                                     bson_t *doc, struct err *err);

bool account_is_deleted(const bson_t *user_doc); /* softly: `deleted_at` is set */

/* ---- documents and patches ------------------------------------------------------------------ */

/* A new document's metadata: rev 1 and the schema it was written by. */
void account_stamp(bson_t *doc);

/* What every patch of a document that can change ends in: rev + 1, and updated_at. */
void account_touch(struct patch *p, int64_t now); /* RECORD_NONE where there is no updated_at */

/* The condition "nobody saved since": rev is as in `doc`, or still absent. */
void account_where_rev(struct where *w, const bson_t *metadata);

/* Makes `p` turn the stored `old` into `doc` with `metadata`: sets every field of `doc` but _id,
 * metadata and those named in `keep` (ends in NULL), and removes what `doc` does not have. */
void account_overwrite(struct patch *p, const bson_t *old, const bson_t *doc,
                       const bson_t *metadata, const char *const *keep);

/* The ObjectId `doc` has as _id, as text; "" if it has another type. */
void account_id_of(const bson_t *doc, char out[ID_LEN + 1]);

/* Finds one document that may be absent: true with *found. `out` is initialised when found. */
MUST_USE bool account_find(struct store *s, enum collection coll, const struct where *where,
                           bson_t *out, bool *found, struct err *err);

#endif
