/* patch.h - a patch applied to a document in memory, for backends whose server cannot do it. */
#ifndef STRATTIO_STORE_PATCH_H
#define STRATTIO_STORE_PATCH_H

#include <bson/bson.h>
#include <stdbool.h>

#include "strattio/attr.h"

struct err;
struct patch;

/* Changes `doc` as MongoDB's $set, $inc and $unset would. ERR_INVALID, naming the path, if a path
 * goes through a value that has nothing inside or past the end of an array, or adds to what is no
 * number; `doc` is then half changed and to be thrown away. */
MUST_USE bool patch_apply(const struct patch *p, bson_t *doc, struct err *err);

#endif
