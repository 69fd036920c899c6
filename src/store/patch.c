/* patch.c - building patches, and applying one to a document in memory. The keys of the three
 * documents of a patch are whole paths with their dots, which is also what MongoDB takes. */
#include "store/patch.h"

#include <stdlib.h>
#include <string.h>

#include "store/store.h"
#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/record.h"

void patch_init(struct patch *p)
{
    bson_init(&p->set);
    bson_init(&p->inc);
    bson_init(&p->unset);
}

void patch_finish(struct patch *p)
{
    bson_destroy(&p->set);
    bson_destroy(&p->inc);
    bson_destroy(&p->unset);
}

static void append_whole(bson_t *doc, const char *path, int64_t number)
{
    if (number >= INT32_MIN && number <= INT32_MAX)
        BSON_APPEND_INT32(doc, path, (int32_t)number);
    else
        BSON_APPEND_INT64(doc, path, number);
}

void patch_str(struct patch *p, const char *path, const char *text)
{
    if (text)
        BSON_APPEND_UTF8(&p->set, path, text);
    else
        BSON_APPEND_NULL(&p->set, path);
}

void patch_int(struct patch *p, const char *path, int64_t number)
{
    append_whole(&p->set, path, number);
}

void patch_num(struct patch *p, const char *path, double number)
{
    BSON_APPEND_DOUBLE(&p->set, path, number);
}

void patch_bool(struct patch *p, const char *path, bool yes)
{
    BSON_APPEND_BOOL(&p->set, path, yes);
}

void patch_date(struct patch *p, const char *path, int64_t ms)
{
    if (ms == RECORD_NONE)
        BSON_APPEND_NULL(&p->set, path);
    else
        BSON_APPEND_DATE_TIME(&p->set, path, ms);
}

void patch_doc(struct patch *p, const char *path, const bson_t *doc)
{
    BSON_APPEND_DOCUMENT(&p->set, path, doc);
}

void patch_array(struct patch *p, const char *path, const bson_t *array)
{
    BSON_APPEND_ARRAY(&p->set, path, array);
}

void patch_value(struct patch *p, const char *path, const bson_value_t *value)
{
    BSON_APPEND_VALUE(&p->set, path, value);
}

void patch_inc(struct patch *p, const char *path, int64_t by)
{
    append_whole(&p->inc, path, by);
}

void patch_unset(struct patch *p, const char *path)
{
    BSON_APPEND_BOOL(&p->unset, path, true);
}

/* ---- applying ------------------------------------------------------------------------------- */

/* Makes `view` what is inside the value at `at`; false, with `view` as it was, if nothing can be.
 */
static bool step_into(const bson_iter_t *at, bson_t *view, bool *is_array)
{
    const uint8_t *data = NULL;
    uint32_t len = 0;

    *is_array = BSON_ITER_HOLDS_ARRAY(at);
    if (*is_array)
        bson_iter_array(at, &len, &data);
    else if (BSON_ITER_HOLDS_DOCUMENT(at))
        bson_iter_document(at, &len, &data);
    return data && bson_init_static(view, data, len);
}

static bool is_index(const char *segment, size_t count)
{
    char *end;
    unsigned long index = strtoul(segment, &end, 10);

    return strspn(segment, "0123456789") == strlen(segment) && *segment && !*end && index <= count;
}

/* Whether `path` can be written in `doc`; *in_array says if its last step is an element. */
static bool check_way(const bson_t *doc, const char *path, bool *in_array, struct err *err)
{
    char *copy = mem_str(path), *save = NULL;
    bool is_array = false, ok = true;
    bson_t level;
    bson_iter_t it;

    bson_init_static(&level, bson_get_data(doc), doc->len);
    for (char *step = strtok_r(copy, ".", &save); step; step = strtok_r(NULL, ".", &save)) {
        *in_array = is_array;
        if (is_array && !is_index(step, bson_count_keys(&level))) {
            ok = err_set(err, ERR_INVALID, 0, "%s: \"%s\" is no place in an array", path, step);
            break;
        }
        if (!bson_iter_init_find(&it, &level, step)) {
            *in_array = is_array && !*save;
            break; /* made on the way */
        }
        if (!*save)
            break;
        if (!step_into(&it, &level, &is_array)) {
            ok = err_set(err, ERR_INVALID, 0, "%s: \"%s\" holds a value with nothing inside", path,
                         step);
            break;
        }
    }
    free(copy);
    return ok;
}

static bool apply_set(const bson_iter_t *it, bson_t *doc, struct err *err)
{
    const char *path = bson_iter_key(it);
    bool in_array = false;
    bson_iter_t copy = *it;

    if (!check_way(doc, path, &in_array, err))
        return false;
    doc_set(doc, path, bson_iter_value(&copy));
    return true;
}

/* An array keeps its length, as in MongoDB: what is taken out of it leaves a null. */
static void apply_unset(const char *path, bson_t *doc)
{
    static const bson_value_t null = {.value_type = BSON_TYPE_NULL};
    bool in_array = false;
    bson_iter_t it;
    struct err none;

    if (!doc_find(doc, path, &it) || !check_way(doc, path, &in_array, &none))
        return;
    if (in_array)
        doc_set(doc, path, &null);
    else
        doc_unset(doc, path);
}

static bool apply_inc(const char *path, int64_t by, bson_t *doc, struct err *err)
{
    bool in_array = false;
    int64_t sum = by;
    bson_iter_t it;

    if (!check_way(doc, path, &in_array, err))
        return false;
    if (doc_find(doc, path, &it)) {
        if (!BSON_ITER_HOLDS_NUMBER(&it))
            return err_set(err, ERR_INVALID, 0, "%s: is no number, so nothing can be added", path);
        if (BSON_ITER_HOLDS_DOUBLE(&it)) {
            doc_set_num(doc, path, bson_iter_double(&it) + (double)by);
            return true;
        }
        if (__builtin_add_overflow(bson_iter_as_int64(&it), by, &sum))
            return err_set(err, ERR_INVALID, 0, "%s: the sum is too large", path);
    }
    doc_set_int(doc, path, sum);
    return true;
}

bool patch_apply(const struct patch *p, bson_t *doc, struct err *err)
{
    bson_iter_t it;

    bson_iter_init(&it, &p->set);
    while (bson_iter_next(&it))
        if (!apply_set(&it, doc, err))
            return false;
    bson_iter_init(&it, &p->inc);
    while (bson_iter_next(&it))
        if (!apply_inc(bson_iter_key(&it), bson_iter_as_int64(&it), doc, err))
            return false;
    bson_iter_init(&it, &p->unset);
    while (bson_iter_next(&it))
        apply_unset(bson_iter_key(&it), doc);
    return true;
}
