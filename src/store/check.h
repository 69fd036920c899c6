/* check.h - what store.c makes sure of before a backend sees an argument. */
#ifndef STRATTIO_STORE_CHECK_H
#define STRATTIO_STORE_CHECK_H

#include <bson/bson.h>
#include <stdbool.h>

#include "strattio/attr.h"
#include "strattio/collection.h"

struct err;
struct patch;
struct query;
struct where;
struct write;

/* All: ERR_INVALID names what is wrong. */
MUST_USE bool check_where(enum collection coll, const struct where *where, struct err *err);
MUST_USE bool check_query(enum collection coll, const struct query *q, struct err *err);

/* Also each value against the schema, as far as it can be judged without the document. */
MUST_USE bool check_patch(enum collection coll, const struct patch *patch, struct err *err);

/* record_validate() and, with ERR_LIMIT, the size. */
MUST_USE bool check_doc(enum collection coll, const bson_t *doc, struct err *err);

MUST_USE bool check_write(const struct write *write, struct err *err);

#endif
