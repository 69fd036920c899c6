/* actor.h - who acts, on which store. Every repository takes an actor and refuses what is not
 * theirs: to them it does not exist (ERR_NOT_FOUND). An actor belongs to one thread; a worker
 * clones its own.
 *
 * On the embedded store the owner of the file is signed in; a fresh one first needs a name and an
 * e-mail. On a shared store a session token in the state folder signs in; else actor_register() or
 * actor_login(). Until then every repository answers ERR_SIGNED_OUT, saying how to sign in. */
#ifndef STRATTIO_ACTOR_H
#define STRATTIO_ACTOR_H

#include <bson/bson.h>
#include <stdbool.h>

#include "strattio/attr.h"
#include "strattio/user.h"

struct actor;
struct err;

enum actor_state {
    ACTOR_FRESH,      /* embedded store without a user yet: actor_begin() */
    ACTOR_SIGNED_OUT, /* shared store: actor_login() or actor_register() */
    ACTOR_SIGNED_IN,
};

enum { ACTOR_PASSWORD_MIN = 8 }; /* characters; at most 72 bytes */

/* Opens the store at `uri` (store.h) and signs in if it can. Fails as store_open() does. */
MUST_USE struct actor *actor_open(const char *uri, int timeout_ms, struct err *err);
void actor_close(struct actor *a); /* accepts NULL */

/* A second actor for the same user and store with a connection of its own, for another thread. */
MUST_USE struct actor *actor_clone(const struct actor *a, struct err *err);

enum actor_state actor_state(const struct actor *a);
bool actor_store_shared(const struct actor *a);
const char *actor_store_label(const struct actor *a); /* "this computer", "host.example" */
const char *actor_store_uri(const struct actor *a);   /* without password */
const struct user *
actor_user(const struct actor *a);           /* NULL unless signed in; no password_hash.
                                                Borrowed until the actor signs in or out. */
enum tier actor_tier(const struct actor *a); /* as `subscriptions` says */

/* First start on the embedded store: writes the `users` and `subscriptions` documents (tier
 * enterprise) and signs in. ERR_INVALID for a name or e-mail that will not do. */
MUST_USE bool actor_begin(struct actor *a, const char *name, const char *email, struct err *err);

/* Who the first user of an embedded store is when nobody can be asked: the login name, and that at
 * this host, as an e-mail address that passes validation. Both the caller's to free. */
void actor_default_identity(char **name, char **email);

/* On a shared store. Both sign in and keep the session token (0600) in the state folder.
 * actor_register: ERR_DUPLICATE if the address is taken, ERR_INVALID naming field and rule.
 * actor_login: ERR_DENIED with one sentence that does not tell a wrong password from an unknown
 * address, or says how long to wait after too many tries. */
MUST_USE bool actor_register(struct actor *a, const char *email, const char *name,
                             const char *password, struct err *err);
MUST_USE bool actor_login(struct actor *a, const char *email, const char *password,
                          struct err *err);
MUST_USE bool actor_logout(struct actor *a, struct err *err);

/* Changes the password and ends every other session of the user. ERR_DENIED as actor_login(). */
MUST_USE bool actor_set_password(struct actor *a, const char *old, const char *password,
                                 struct err *err);

/* Deletes the acting user of a shared store as the reference says: softly and anonymously. Name,
 * address, password and sessions go, `deleted_at` is set, the subscription is cancelled; plans and
 * log stay under the id. Signs out. ERR_DENIED as actor_login(). */
MUST_USE bool actor_delete(struct actor *a, const char *password, struct err *err);

enum { ACTOR_KEEP_ROLE = USER_ROLE_COUNT, ACTOR_KEEP_TIER = TIER_COUNT };

/* `account grant`: for an admin or, while there is none, for whoever runs it. Writes both tier
 * fields and audits subscription.updated. ERR_DENIED, ERR_NOT_FOUND. */
MUST_USE bool actor_grant(struct actor *a, const char *email, enum tier tier, enum user_role role,
                          struct err *err);

/* What a tier allows; the one table of it. */
enum capability {
    CAN_EXPORT_PDF,
    CAN_EXPORT_ALL,     /* every format, and downloads of the model */
    CAN_SEE_FINANCIALS, /* beyond the preview: annual figures, break-even, KPIs */
    CAN_SEE_COMPLIANCE, /* beyond the preview: status, score, counts */
    CAN_USE_TEAM,
};
bool actor_can(const struct actor *a, enum capability what);
/* False with ERR_TIER naming the tier that includes `what`. */
MUST_USE bool actor_require(const struct actor *a, enum capability what, struct err *err);

/* `store info`: what store_info() says, and with `explain` an array `queries` [{name, collection,
 * uses_index, how}] of what every repository asks. `out` is initialised by the call. With `explain`
 * a query that scans its collection fails it with ERR_UNSUPPORTED, naming the query. Needs nobody
 * signed in. */
MUST_USE bool actor_store_info(struct actor *a, bool explain, bson_t *out, struct err *err);

/* `store copy FROM TO`: every plan of the user of `from`, with its children, exports and log,
 * becomes one of the user of `to`; ids stay. What only `from` changed since the last copy is
 * brought, what both changed is left as it is and named, nothing is doubled or deleted. It takes no
 * slot of the quota, since it makes no plan. `report`, initialised by the call: plans, inserted,
 * updated, unchanged (documents), conflicts [names], skipped [names with reason]. Each document is
 * written for itself: a copy that broke off goes on when it is run again. */
MUST_USE bool actor_copy_all(struct actor *from, struct actor *to, bson_t *report, struct err *err);

#endif
