/* session.h - sessions on a shared store: the token file in the state folder, and the list in
 * users.metadata.sessions, which holds SHA-256 and expiry only. */
#ifndef STRATTIO_ACCOUNT_SESSION_H
#define STRATTIO_ACCOUNT_SESSION_H

#include <bson/bson.h>
#include <stdbool.h>
#include <stdint.h>

#include "strattio/attr.h"
#include "strattio/ids.h"

struct err;

enum { SESSION_MAX = 10, SESSION_TOKEN_LEN = 64 };
#define SESSION_LIFE_MS (INT64_C(30) * 24 * 3600 * 1000)

struct session {
    char user_id[ID_LEN + 1];
    char token[SESSION_TOKEN_LEN + 1]; /* hex of 32 random bytes */
};

void session_new(const char *user_id, struct session *out);
void session_sha(const struct session *s, char out[SHA_HEX_LEN + 1]);

/* The file of the store that `key` names: written 0600, read, removed. session_read() is false
 * where there is none or it is not one. */
MUST_USE bool session_write(const char *key, const struct session *s, struct err *err);
MUST_USE bool session_read(const char *key, struct session *out);
void session_forget(const char *key);

/* Whether `metadata` of a user knows `sha`, unexpired. */
bool session_known(const bson_t *metadata, const char *sha, int64_t now);

/* The list in `metadata` without expired ones and without `drop` (may be NULL), with `add` (may be
 * NULL) last; the oldest go where there are more than SESSION_MAX. Initialises `out`, an array. */
void session_list(const bson_t *metadata, const char *drop, const char *add, int64_t now,
                  bson_t *out);

#endif
