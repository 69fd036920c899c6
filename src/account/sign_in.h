/* sign_in.h - slowing down whoever guesses passwords, by users.metadata.sign_in {failed, until}. */
#ifndef STRATTIO_ACCOUNT_SIGN_IN_H
#define STRATTIO_ACCOUNT_SIGN_IN_H

#include <bson/bson.h>
#include <stdbool.h>
#include <stdint.h>

#include "store/store.h"
#include "strattio/attr.h"

struct err;

enum { SIGN_IN_FREE_TRIES = 5, SIGN_IN_FIRST_WAIT_S = 30, SIGN_IN_LONGEST_WAIT_S = 900 };

/* How long to wait after `failed` wrong passwords in a row. */
int64_t sign_in_wait_ms(int64_t failed);

/* Counts a try of the user in `*doc` as failed before the password is looked at, so that many tries
 * at once are as slow as one after another; a right one then clears the count. `*doc` is replaced
 * by the document after. ERR_DENIED says how long to wait. */
MUST_USE bool sign_in_charge(struct store *s, bson_t *doc, int64_t now, struct err *err);

#endif
