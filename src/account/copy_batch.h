/* copy_batch.h - the documents of one plan on their way from one store to another: read on both
 * sides, decided by copy_rule.h, written as one group on each. */
#ifndef STRATTIO_ACCOUNT_COPY_BATCH_H
#define STRATTIO_ACCOUNT_COPY_BATCH_H

#include <bson/bson.h>
#include <stdbool.h>
#include <stddef.h>

#include "account/copy_rule.h"
#include "store/store.h"
#include "strattio/attr.h"
#include "strattio/ids.h"

struct actor;
struct err;

struct copy_item {
    enum collection coll;
    bson_t *from, *to; /* as read; `to` NULL if it is not there */
    enum copy_verdict verdict;
    char from_id[ID_LEN + 1], to_id[ID_LEN + 1];
    bson_t moved;                      /* as it is to be in TO; of COPY_NEW and COPY_BRING */
    struct where where_from, where_to; /* conditions of its writes */
    struct patch mark_from, patch_to;
    bool marks_from, patches_to;
};

struct copy_batch { /* start from {from, to} */
    struct actor *from, *to;
    struct copy_item **items; /* each in its place, since a bson_t may point into itself */
    size_t count, cap;
};

void copy_batch_add(struct copy_batch *b, enum collection coll, const bson_t *from,
                    const bson_t *to); /* copies both */

/* Adds the documents of `coll` that belong to the plan. */
MUST_USE bool copy_batch_read(struct copy_batch *b, enum collection coll, const char *plan_id,
                              struct err *err);

/* After the last one was added: decides what is to be written of each, on either side. */
void copy_batch_prepare(struct copy_batch *b);

/* Marks in FROM what is going to be shared; to be done before copy_batch_bring(). Both fail with
 * ERR_CONFLICT if somebody wrote one of the documents since it was read. */
MUST_USE bool copy_batch_mark(struct copy_batch *b, struct err *err);
MUST_USE bool copy_batch_bring(struct copy_batch *b, struct err *err);

void copy_batch_finish(struct copy_batch *b);

#endif
