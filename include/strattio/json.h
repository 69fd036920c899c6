/* json.h - JSON at the edges: strict RFC 8259 in, BSON inside, JSON out. */
#ifndef STRATTIO_JSON_H
#define STRATTIO_JSON_H

#include <bson/bson.h>
#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"

struct err;
struct strbuf;

enum { JSON_MAX_BYTES = 16 * 1024 * 1024, JSON_MAX_DEPTH = 100 };

/* Reads one JSON object into `out` (initialised by this call; the caller destroys it). Numbers
 * whose value is whole (12, 12.0, 1.2e1) become int32 or int64, others double. Refused with
 * ERR_INVALID and "line L, column C": anything RFC 8259 does not allow, invalid UTF-8, a NUL (raw
 * or \u0000), a duplicate key, a number past the range of a double or of more than 60 characters,
 * bare digits beyond 2^53, a top level that is no object. ERR_LIMIT past JSON_MAX_BYTES or
 * JSON_MAX_DEPTH. On failure `out` is not initialised. */
MUST_USE bool json_read(const char *text, size_t len, bson_t *out, struct err *err);

enum json_style { JSON_COMPACT, JSON_PRETTY };

/* Appends `doc` as JSON: doubles in their shortest form that reads back the same (1200.0 as 1200),
 * dates as "2026-11-24T09:30:00.000Z", object ids as 24 hex digits. NaN and infinities as null. */
void json_write(const bson_t *doc, enum json_style style, struct strbuf *out);
void json_write_array(const bson_t *array, enum json_style style, struct strbuf *out);
void json_write_string(const char *text, struct strbuf *out); /* quoted and escaped */

/* The shortest decimal form of `x` that reads back as `x`, in any locale; whole numbers up to 2^53
 * without an exponent, NaN and infinities as "null". */
void json_number(double x, char buf[32]);

#endif
