/* record.h - the nine documents as C structs, one header each (plan.h, section.h, ...), filled from
 * and written to BSON by one mechanism. Rules for every struct:
 *   String and ObjectId  char *, owned; NULL is null       Boolean  bool
 *   Date                 int64_t, ms since 1970 UTC, RECORD_NONE is null
 *   Number               double or int64_t; null is RECORD_NAN (a NaN) or RECORD_NONE
 *   Object, Array        bson_t *, owned; NULL is null
 *   enums                C enums in the order of the reference; `..._name()` gives the stored word
 * `extra` holds fields we do not know, kept as they came. A struct set to all zero may be finished.
 */
#ifndef STRATTIO_RECORD_H
#define STRATTIO_RECORD_H

#include <bson/bson.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "strattio/attr.h"
#include "strattio/collection.h"

struct err;

#define RECORD_NONE INT64_MIN
#define RECORD_NAN  ((double)NAN)

/* Fills `rec` (a struct plan for COLL_PLANS, ...) with the values a new document has: defaults of
 * the reference, empty objects and arrays, nulls, a new `id`, now for dates that cannot be null,
 * and `metadata` with schema (this program's) and, where documents change, rev 1. */
void record_init(enum collection coll, void *rec);
void record_finish(enum collection coll, void *rec);

/* Whether this program knows the format of `doc`: ERR_UNSUPPORTED if a newer one wrote it
 * (`metadata.schema`). */
MUST_USE bool record_is_known(enum collection coll, const bson_t *doc, struct err *err);

/* Reads `doc` into `rec` (not initialised before). ERR_INVALID names the field that has another
 * type than the schema says; ERR_UNSUPPORTED if a newer program wrote it. */
MUST_USE bool record_read(enum collection coll, const bson_t *doc, void *rec, struct err *err);

/* Appends `rec` as a document to `out`, which this call initialises; `_id` first, in the
 * reference's order, then `extra`. Not validated. */
void record_write(enum collection coll, const void *rec, bson_t *out);

/* Every rule the reference states for `doc`: types, required fields, enums, ranges, formats; and
 * for any field, known or not: text is UTF-8 without NUL, numbers are finite. ERR_INVALID says
 * "plans.name: ..., what is allowed"; ERR_UNSUPPORTED if a newer program wrote it. */
MUST_USE bool record_validate(enum collection coll, const bson_t *doc, struct err *err);

/* The same rules for one value about to be put at dotted `path` of a document. A path the schema
 * does not describe takes any value. */
MUST_USE bool record_validate_at(enum collection coll, const char *path, const bson_iter_t *value,
                                 struct err *err);

/* Whether the field at `path` may be taken away: ERR_INVALID if every document must have it. */
MUST_USE bool record_may_unset(enum collection coll, const char *path, struct err *err);

#endif
