/* doc.h - reading and building BSON, our document value, with dotted paths ("metadata.rev",
 * "products.0.price"). Readers never fail: what is absent or of another type is the fallback. */
#ifndef STRATTIO_DOC_H
#define STRATTIO_DOC_H

#include <bson/bson.h>
#include <stdbool.h>
#include <stdint.h>

#include "strattio/attr.h"

/* Points `it` at the value under `path`; false if there is none. Borrowed from `doc`. */
bool doc_find(const bson_t *doc, const char *path, bson_iter_t *it);
bool doc_has(const bson_t *doc, const char *path); /* present and not null */

const char *doc_str(const bson_t *doc, const char *path, const char *fallback); /* borrowed */
double doc_num(const bson_t *doc, const char *path, double fallback); /* int32, int64 or double */
int64_t doc_int(const bson_t *doc, const char *path, int64_t fallback); /* a whole double counts */
bool doc_bool(const bson_t *doc, const char *path, bool fallback);
int64_t doc_date(const bson_t *doc, const char *path, int64_t fallback); /* ms since 1970 UTC */

/* Makes `view` a borrowed view of the document or array under `path`, to be read while `doc`
 * lives and not destroyed. An absent one gives an empty view and false. */
bool doc_view(const bson_t *doc, const char *path, bson_t *view);
size_t doc_count(const bson_t *doc, const char *path); /* elements of an array or document */
/* Elements of the array under `path` that are documents with `text` in their field `field`. */
size_t doc_count_where(const bson_t *doc, const char *path, const char *field, const char *text);

/* `doc` with the value under `path` set (documents on the way are made; an array index one past
 * the end appends), or removed. The old content of `doc` is replaced. */
void doc_set(bson_t *doc, const char *path, const bson_value_t *value);
void doc_set_str(bson_t *doc, const char *path, const char *text); /* NULL sets null */
void doc_set_num(bson_t *doc, const char *path, double number);
void doc_set_int(bson_t *doc, const char *path, int64_t number); /* int32 where it fits */
void doc_set_bool(bson_t *doc, const char *path, bool yes);
void doc_set_date(bson_t *doc, const char *path, int64_t ms);
void doc_set_doc(bson_t *doc, const char *path, const bson_t *sub, bool is_array);
void doc_unset(bson_t *doc, const char *path);

/* Equal as documents: same fields with same values, whatever their order. Numbers are compared
 * by value, so int32 3 equals double 3. */
bool doc_equal(const bson_t *a, const bson_t *b);

/* A copy with the keys of every document in it sorted (arrays keep their order): what is hashed
 * for a stage key. The caller destroys `out`. */
void doc_sorted(const bson_t *doc, bson_t *out);

#endif
