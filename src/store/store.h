/* store.h - the documents of the nine collections, in and out. A store knows their schema, not
 * their meaning; src/account is its only user. It belongs to one thread; a worker opens its own. */
#ifndef STRATTIO_STORE_STORE_H
#define STRATTIO_STORE_STORE_H

#include <bson/bson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "strattio/attr.h"
#include "strattio/collection.h"

struct err;
struct strbuf;
struct store; /* opaque; store_open() makes one, store_close() frees it */

/* ---- conditions: all terms must hold -------------------------------------------------------- */

enum where_op { WHERE_EQ, WHERE_NE, WHERE_LT, WHERE_LE, WHERE_GT, WHERE_GE };
enum where_type { WHERE_ID, WHERE_STR, WHERE_INT, WHERE_DATE, WHERE_BOOL, WHERE_NULL };

struct where_term {
    const char *field; /* dotted path; "_id" takes WHERE_ID. Borrowed. */
    enum where_op op;
    enum where_type type;
    const char *str; /* WHERE_ID (24 hex digits), WHERE_STR; borrowed */
    int64_t num;     /* WHERE_INT, WHERE_DATE (ms), WHERE_BOOL */
};

enum { WHERE_MAX = 8 };
struct where { /* start from {0}; strings must outlive its use */
    size_t count;
    struct where_term terms[WHERE_MAX];
};

/* Equal. `id` is 24 hex digits; in a field other than _id it is stored as a string. */
void where_id(struct where *w, const char *field, const char *id);
void where_str(struct where *w, const char *field, enum where_op op, const char *str);
void where_int(struct where *w, const char *field, enum where_op op, int64_t num);
void where_date(struct where *w, const char *field, enum where_op op, int64_t ms);
void where_bool(struct where *w, const char *field, bool yes);
void where_null(struct where *w, const char *field, bool is_null); /* null or absent; or neither */
/* "Not equal" also holds for what is null, absent or of another type; the ordered ones only between
 * values of one type. More than WHERE_MAX terms make the condition ERR_INVALID. */

/* ---- changes: dotted paths to values -------------------------------------------------------- */

/* A patch that changes nothing, one path twice, a path and one below it, _id, or takes away what
 * every document has is ERR_INVALID. */
struct patch {    /* owns three documents whose keys are dotted paths */
    bson_t set;   /* path: value */
    bson_t inc;   /* path: int; an absent number counts as 0 */
    bson_t unset; /* path: anything */
};

void patch_init(struct patch *p);
void patch_finish(struct patch *p);
void patch_str(struct patch *p, const char *path, const char *text); /* NULL sets null */
void patch_int(struct patch *p, const char *path, int64_t number);
void patch_num(struct patch *p, const char *path, double number);
void patch_bool(struct patch *p, const char *path, bool yes);
void patch_date(struct patch *p, const char *path, int64_t ms); /* RECORD_NONE sets null */
void patch_doc(struct patch *p, const char *path, const bson_t *doc);
void patch_array(struct patch *p, const char *path, const bson_t *array);
void patch_value(struct patch *p, const char *path, const bson_value_t *value);
void patch_inc(struct patch *p, const char *path, int64_t by);
void patch_unset(struct patch *p, const char *path);

/* ---- queries -------------------------------------------------------------------------------- */

struct query {
    struct where where;
    const char *sort; /* field to order by, then _id in the same direction; NULL orders by _id */
    bool descending;
    int64_t limit;             /* most documents; 0 for no limit */
    const char *after;         /* cursor of an earlier page, or NULL */
    const char *const *fields; /* only these top-level fields and _id; NULL for all; ends in NULL */
};

struct doc_list {
    bson_t **docs;
    size_t count;
    char *next; /* cursor to pass as `after`; NULL when this page is the last */
};
void doc_list_finish(struct doc_list *list);

/* ---- the store ------------------------------------------------------------------------------ */

/* Opens the store at `uri`: "sqlite:" (the default file), "sqlite:/path/file.db", "mongodb://..."
 * or "mongodb+srv://...". Makes file, collections, indexes and validators where absent. ERR_INVALID
 * for a URI it cannot read (never repeating a password), ERR_UNSUPPORTED for an unknown scheme, a
 * module that is not there or a file of a newer version, ERR_OFFLINE if no server answers in
 * `timeout_ms`, ERR_DENIED if it refuses the credentials, ERR_IO. */
MUST_USE struct store *store_open(const char *uri, int timeout_ms, struct err *err);
void store_close(struct store *s); /* accepts NULL */

bool store_is_shared(const struct store *s); /* a server others use: sign-in needed */

/* Inserts a document that has passed record_validate() (checked here again). ERR_DUPLICATE names
 * the index; ERR_INVALID; ERR_LIMIT above 16 MiB. The embedded store also knows that subscriptions
 * and plans need their user, and a plan's children their plan: ERR_CONFLICT if that is not there
 * when the call (or the group) is done. */
MUST_USE bool store_insert(struct store *s, enum collection coll, const bson_t *doc,
                           struct err *err);
/* All or none where the store has transactions; else in order up to the first failure. */
MUST_USE bool store_insert_many(struct store *s, enum collection coll, const bson_t *const *docs,
                                size_t count, struct err *err);

/* The documents that match, in `out` (finish it). No match is an empty list, not a failure.
 * ERR_INVALID for a cursor that is not of this query. */
MUST_USE bool store_find(struct store *s, enum collection coll, const struct query *q,
                         struct doc_list *out, struct err *err);

/* The one document that matches, initialised into `out`; ERR_NOT_FOUND if none does. */
MUST_USE bool store_find_one(struct store *s, enum collection coll, const struct where *where,
                             bson_t *out, struct err *err);

MUST_USE bool store_count(struct store *s, enum collection coll, const struct where *where,
                          int64_t *count, struct err *err);

/* Applies `patch` to the documents of `coll` that match `where`, all or none, and says in *matched
 * how many did. None is not a failure: it is how "where rev is 7" tells a caller that somebody
 * saved first. On failure nothing is written and *matched is untouched: ERR_INVALID if a result
 * would break the schema, ERR_DUPLICATE, ERR_UNSUPPORTED if a newer program wrote a document,
 * ERR_OFFLINE if no server answers in time, else ERR_IO. */
MUST_USE bool store_patch(struct store *s, enum collection coll, const struct where *where,
                          const struct patch *patch, int64_t *matched, struct err *err);

/* Patches one matching document and gives it as it is afterwards, initialised into `out`;
 * ERR_NOT_FOUND if none matches. */
MUST_USE bool store_find_and_patch(struct store *s, enum collection coll, const struct where *where,
                                   const struct patch *patch, bson_t *out, struct err *err);

MUST_USE bool store_remove(struct store *s, enum collection coll, const struct where *where,
                           int64_t *matched, struct err *err);

enum write_kind { WRITE_INSERT, WRITE_INSERT_IF_ABSENT, WRITE_PATCH, WRITE_REMOVE };
struct write {
    enum write_kind kind;
    enum collection coll;
    const bson_t *doc;         /* inserts */
    const struct where *where; /* patch, remove */
    const struct patch *patch;
    bool must_match; /* patch, remove: matching nothing fails the group with ERR_CONFLICT */
};

/* Does the writes in order as one group: all or none where the store has transactions
 * (store_has_transactions()), else each for itself in order, ending at the first that fails, so put
 * children first and what makes them count last. All are checked before the first is done. *failed
 * is the index of the write that failed. */
MUST_USE bool store_atomically(struct store *s, const struct write *writes, size_t count,
                               size_t *failed, struct err *err);
bool store_has_transactions(const struct store *s);

/* What the store is and lacks, as a document for `strattio store info`: uri (no password), kind,
 * version, transactions, validators, collections [{name, documents, indexes_missing,
 * indexes_extra}]. */
MUST_USE bool store_info(struct store *s, bson_t *out, struct err *err);

/* How the store would run `q`: *uses_index and a line of its own words. */
MUST_USE bool store_explain(struct store *s, enum collection coll, const struct query *q,
                            bool *uses_index, struct strbuf *how, struct err *err);

#endif
