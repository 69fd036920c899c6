/* password.h - passwords and their bcrypt hashes; nothing else in the program sees either. */
#ifndef STRATTIO_ACCOUNT_PASSWORD_H
#define STRATTIO_ACCOUNT_PASSWORD_H

#include <stdbool.h>

#include "strattio/attr.h"

struct err;

enum { PASSWORD_HASH_SIZE = 384, PASSWORD_COST = 12, PASSWORD_MAX_BYTES = 72 };

/* At least ACTOR_PASSWORD_MIN characters and at most PASSWORD_MAX_BYTES bytes, since bcrypt reads
 * no further; ERR_INVALID. */
MUST_USE bool password_check(const char *password, struct err *err);

MUST_USE bool password_hash(const char *password, char out[PASSWORD_HASH_SIZE], struct err *err);

/* True if `hash` is of `password`. A NULL or foreign hash takes just as long and is false, so
 * that the time does not tell whether an address is known. */
MUST_USE bool password_matches(const char *password, const char *hash);

void password_set_cost(int cost); /* of new hashes; for tests, which cannot wait for 12 */

#endif
