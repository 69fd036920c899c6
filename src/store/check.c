/* check.c - the argument checks that are the same for every backend, so that a mistake is refused
 * with the same words everywhere and nothing odd reaches a query language. */
#include "store/check.h"

#include <string.h>

#include "record/schema.h"
#include "store/store.h"
#include "strattio/err.h"
#include "strattio/ids.h"
#include "strattio/record.h"

enum { DOC_MAX_BYTES = 16 * 1024 * 1024, PATH_MAX_BYTES = 512 };

/* A dotted path of names that are not empty and do not begin with "$". */
static bool check_path(enum collection coll, const char *path, struct err *err)
{
    bool start = true;

    if (!path || !bson_utf8_validate(path, strlen(path), false) || strlen(path) > PATH_MAX_BYTES)
        return err_set(err, ERR_INVALID, 0, "%s: a field's path is missing, too long or not UTF-8",
                       collection_name(coll));
    for (const char *c = path;; c++) {
        if (start && (*c == '\0' || *c == '.' || *c == '$'))
            return err_set(err, ERR_INVALID, 0, "%s: \"%.60s\" is not the path of a field",
                           collection_name(coll), path);
        if (*c == '\0')
            return true;
        start = *c == '.';
    }
}

static bool check_term(enum collection coll, const struct where_term *term, struct err *err)
{
    bool ordered = term->type == WHERE_INT || term->type == WHERE_DATE ||
                   term->type == WHERE_STR || term->type == WHERE_ID;
    bool text = term->type == WHERE_STR || term->type == WHERE_ID;

    if (!check_path(coll, term->field, err))
        return false;
    if (!ordered && term->op != WHERE_EQ && term->op != WHERE_NE)
        return err_set(err, ERR_INVALID, 0, "%s.%s: can only be equal or not equal to that",
                       collection_name(coll), term->field);
    if (text && (!term->str || !bson_utf8_validate(term->str, strlen(term->str), false)))
        return err_set(err, ERR_INVALID, 0, "%s.%s: compared with what is not UTF-8 text",
                       collection_name(coll), term->field);
    if (term->type == WHERE_ID && !id_valid(term->str))
        return err_set(err, ERR_INVALID, 0, "%s.%s: \"%.40s\" is not an id; 24 hexadecimal digits",
                       collection_name(coll), term->field, term->str);
    return true;
}

bool check_where(enum collection coll, const struct where *where, struct err *err)
{
    if (where->count > WHERE_MAX)
        return err_set(err, ERR_INVALID, 0, "%s: a condition has at most %d terms",
                       collection_name(coll), WHERE_MAX);
    for (size_t i = 0; i < where->count; i++)
        if (!check_term(coll, &where->terms[i], err))
            return false;
    return true;
}

bool check_query(enum collection coll, const struct query *q, struct err *err)
{
    if (q->sort && !check_path(coll, q->sort, err))
        return false;
    if (q->limit < 0)
        return err_set(err, ERR_INVALID, 0, "%s: a limit cannot be negative",
                       collection_name(coll));
    for (size_t i = 0; q->fields && q->fields[i]; i++)
        if (!check_path(coll, q->fields[i], err) || strchr(q->fields[i], '.'))
            return err_set(err, ERR_INVALID, 0, "%s: \"%.60s\" is not a top-level field",
                           collection_name(coll), q->fields[i]);
    return check_where(coll, &q->where, err);
}

/* ---- patches -------------------------------------------------------------------------------- */

/* Whether one path is the other or leads into it. */
static bool overlap(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b), least = n < m ? n : m;

    if (strncmp(a, b, least) != 0)
        return false;
    return n == m || (n < m ? b : a)[least] == '.';
}

static bool overlaps_in(const bson_t *paths, const char *path, const bson_iter_t *self)
{
    bson_iter_t it;

    bson_iter_init(&it, paths);
    while (bson_iter_next(&it))
        if (!(self && bson_iter_key(&it) == bson_iter_key(self)) &&
            overlap(bson_iter_key(&it), path))
            return true;
    return false;
}

/* No two changes may touch the same value: which one wins would depend on the backend. */
static bool check_overlap(enum collection coll, const struct patch *patch, const bson_t *part,
                          const bson_iter_t *it, struct err *err)
{
    const bson_t *const parts[] = {&patch->set, &patch->inc, &patch->unset};

    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        if (overlaps_in(parts[i], bson_iter_key(it), parts[i] == part ? it : NULL))
            return err_set(err, ERR_INVALID, 0, "%s.%s: changed twice by one patch",
                           collection_name(coll), bson_iter_key(it));
    return true;
}

static bool check_inc(enum collection coll, const char *path, struct err *err)
{
    const struct schema_field *f = schema_at(coll, path);

    if (!f || f->type == FIELD_INT || f->type == FIELD_NUMBER)
        return true;
    return err_set(err, ERR_INVALID, 0, "%s.%s: is a %s, to which nothing can be added",
                   collection_name(coll), path, schema_type_name(f->type));
}

static bool check_part(enum collection coll, const struct patch *patch, const bson_t *part,
                       struct err *err)
{
    bson_iter_t it;

    bson_iter_init(&it, part);
    while (bson_iter_next(&it)) {
        const char *path = bson_iter_key(&it);
        bool ok = check_path(coll, path, err) && check_overlap(coll, patch, part, &it, err);

        if (ok && part == &patch->set)
            ok = record_validate_at(coll, path, &it, err);
        else if (ok && part == &patch->inc)
            ok = check_inc(coll, path, err);
        else if (ok)
            ok = record_may_unset(coll, path, err);
        if (!ok)
            return false;
    }
    return true;
}

bool check_patch(enum collection coll, const struct patch *patch, struct err *err)
{
    if (bson_empty(&patch->set) && bson_empty(&patch->inc) && bson_empty(&patch->unset))
        return err_set(err, ERR_INVALID, 0, "%s: a patch that changes nothing",
                       collection_name(coll));
    return check_part(coll, patch, &patch->set, err) &&
           check_part(coll, patch, &patch->inc, err) &&
           check_part(coll, patch, &patch->unset, err);
}

/* ---- documents and groups ------------------------------------------------------------------- */

bool check_doc(enum collection coll, const bson_t *doc, struct err *err)
{
    if (doc->len > DOC_MAX_BYTES)
        return err_set(err, ERR_LIMIT, 0, "%s: a document of %.1f MiB; at most 16 MiB fit",
                       collection_name(coll), doc->len / 1048576.0);
    return record_validate(coll, doc, err);
}

bool check_write(const struct write *write, struct err *err)
{
    switch (write->kind) {
    case WRITE_INSERT:
    case WRITE_INSERT_IF_ABSENT:
        return check_doc(write->coll, write->doc, err);
    case WRITE_PATCH:
        return check_where(write->coll, write->where, err) &&
               check_patch(write->coll, write->patch, err);
    case WRITE_REMOVE:
        return check_where(write->coll, write->where, err);
    }
    return err_set(err, ERR_INVALID, 0, "a write of no known kind");
}
