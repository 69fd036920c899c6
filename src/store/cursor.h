/* cursor.h - a place in an ordered query as text: what a page hands out as `next` and takes as
 * `after`. It holds the sort value and _id of the last document seen and a fingerprint of the
 * query, so that every backend pages by key alike and a cursor of another query is refused.
 * Private to the backends. */
#ifndef STRATTIO_STORE_CURSOR_H
#define STRATTIO_STORE_CURSOR_H

#include <bson/bson.h>
#include <stdbool.h>

#include "store/store.h"

struct cursor {
    bson_value_t value; /* of q->sort; null if the document had none, or if the order is by _id */
    bson_oid_t id;
};

/* The cursor after `last`, a document with its sort field and _id: letters, digits, "-" and
 * "_". The caller frees it. A sort field that is no scalar counts as null. */
char *cursor_encode(enum collection coll, const struct query *q, const bson_t *last);

/* Reads q->after, which is not NULL, into `out` (finish it). ERR_INVALID if it is damaged or
 * comes from another collection, condition or order; then `out` needs no finish. */
MUST_USE bool cursor_decode(enum collection coll, const struct query *q, struct cursor *out,
                            struct err *err);
void cursor_finish(struct cursor *c); /* accepts an all-zero one */

#endif
