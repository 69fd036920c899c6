/* doc.c - reading and building BSON by dotted path. A bson_t can only be appended to, so a change
 * is a new document: every level on the path is copied with one element replaced, the rest of each
 * level is copied as bytes. Documents here are a plan's, a few KB, so this costs microseconds. */
#include "strattio/doc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/mem.h"

static const uint8_t empty_doc[5] = {5, 0, 0, 0, 0};

bool doc_find(const bson_t *doc, const char *path, bson_iter_t *it)
{
    bson_iter_t top;

    return bson_iter_init(&top, doc) && bson_iter_find_descendant(&top, path, it);
}

bool doc_has(const bson_t *doc, const char *path)
{
    bson_iter_t it;

    return doc_find(doc, path, &it) && !BSON_ITER_HOLDS_NULL(&it);
}

const char *doc_str(const bson_t *doc, const char *path, const char *fallback)
{
    bson_iter_t it;

    if (!doc_find(doc, path, &it) || !BSON_ITER_HOLDS_UTF8(&it))
        return fallback;
    return bson_iter_utf8(&it, NULL);
}

double doc_num(const bson_t *doc, const char *path, double fallback)
{
    bson_iter_t it;

    if (!doc_find(doc, path, &it) || !BSON_ITER_HOLDS_NUMBER(&it))
        return fallback;
    if (BSON_ITER_HOLDS_DOUBLE(&it))
        return bson_iter_double(&it);
    return (double)bson_iter_as_int64(&it);
}

/* True if `x` is whole and fits; 2^63 itself does not. */
static bool whole_number(double x, int64_t *out)
{
    if (!(x >= -0x1p63 && x < 0x1p63) || x != floor(x))
        return false;
    *out = (int64_t)x;
    return true;
}

int64_t doc_int(const bson_t *doc, const char *path, int64_t fallback)
{
    bson_iter_t it;
    int64_t whole;

    if (!doc_find(doc, path, &it) || !BSON_ITER_HOLDS_NUMBER(&it))
        return fallback;
    if (!BSON_ITER_HOLDS_DOUBLE(&it))
        return bson_iter_as_int64(&it);
    return whole_number(bson_iter_double(&it), &whole) ? whole : fallback;
}

bool doc_bool(const bson_t *doc, const char *path, bool fallback)
{
    bson_iter_t it;

    if (!doc_find(doc, path, &it) || !BSON_ITER_HOLDS_BOOL(&it))
        return fallback;
    return bson_iter_bool(&it);
}

int64_t doc_date(const bson_t *doc, const char *path, int64_t fallback)
{
    bson_iter_t it;

    if (!doc_find(doc, path, &it) || !BSON_ITER_HOLDS_DATE_TIME(&it))
        return fallback;
    return bson_iter_date_time(&it);
}

/* A borrowed view of the document or array `it` stands on. */
static bool view_of(const bson_iter_t *it, bson_t *view)
{
    const uint8_t *data = NULL;
    uint32_t len = 0;

    if (BSON_ITER_HOLDS_DOCUMENT(it))
        bson_iter_document(it, &len, &data);
    else if (BSON_ITER_HOLDS_ARRAY(it))
        bson_iter_array(it, &len, &data);
    if (data && bson_init_static(view, data, len))
        return true;
    bson_init_static(view, empty_doc, sizeof empty_doc);
    return false;
}

bool doc_view(const bson_t *doc, const char *path, bson_t *view)
{
    bson_iter_t it;

    if (doc_find(doc, path, &it))
        return view_of(&it, view);
    bson_init_static(view, empty_doc, sizeof empty_doc);
    return false;
}

size_t doc_count(const bson_t *doc, const char *path)
{
    bson_t view;

    return doc_view(doc, path, &view) ? bson_count_keys(&view) : 0;
}

size_t doc_count_where(const bson_t *doc, const char *path, const char *field, const char *text)
{
    bson_iter_t it, item, value;
    size_t count = 0;

    if (!doc_find(doc, path, &it) || !BSON_ITER_HOLDS_ARRAY(&it) || !bson_iter_recurse(&it, &item))
        return 0;
    while (bson_iter_next(&item))
        if (BSON_ITER_HOLDS_DOCUMENT(&item) && bson_iter_recurse(&item, &value) &&
            bson_iter_find(&value, field) && BSON_ITER_HOLDS_UTF8(&value) &&
            strcmp(bson_iter_utf8(&value, NULL), text) == 0)
            count++;
    return count;
}

static void change(const bson_t *old, bool is_array, const char *path, const bson_value_t *value,
                   bson_t *out);

/* Appends to `out`, as `key`, what `path` below the old element `it` (NULL if there is none) is
 * after the change; nothing if it is removed. `rest` is the path after this element, or NULL. */
static void change_element(const bson_iter_t *it, const char *rest, const bson_value_t *value,
                           const char *key, bson_t *out)
{
    bson_t below, sub = BSON_INITIALIZER;
    bool is_array = it && BSON_ITER_HOLDS_ARRAY(it);

    if (!rest) {
        if (value)
            bson_append_value(out, key, -1, value);
    } else if (!value && !(it && (is_array || BSON_ITER_HOLDS_DOCUMENT(it)))) {
        if (it)
            bson_append_iter(out, key, -1, it); /* nothing below to remove */
    } else {
        if (it)
            view_of(it, &below);
        else
            bson_init_static(&below, empty_doc, sizeof empty_doc);
        change(&below, is_array, rest, value, &sub);
        if (is_array)
            bson_append_array(out, key, -1, &sub);
        else
            bson_append_document(out, key, -1, &sub);
    }
    bson_destroy(&sub);
}

/* Appends to `out` every element of `old`, with the one under `path` changed. Elements of an array
 * are numbered anew, so that one that is removed leaves no gap. */
static void change(const bson_t *old, bool is_array, const char *path, const bson_value_t *value,
                   bson_t *out)
{
    const char *dot = strchr(path, '.');
    char *segment = dot ? mem_strn(path, (size_t)(dot - path)) : mem_str(path);
    const char *rest = dot ? dot + 1 : NULL;
    bool found = false;
    uint32_t count = 0;
    bson_iter_t it;
    char number[16];

    bson_iter_init(&it, old);
    while (bson_iter_next(&it)) {
        const char *key = bson_iter_key(&it);
        bool here = !found && strcmp(key, segment) == 0;

        if (is_array)
            bson_uint32_to_string(count, &key, number, sizeof number);
        if (here)
            change_element(&it, rest, value, key, out);
        else
            bson_append_iter(out, key, -1, &it);
        found = found || here;
        count += !here || value || rest;
    }
    if (!found && value) {
        const char *next = segment;

        if (is_array)
            bson_uint32_to_string(count, &next, number, sizeof number);
        if (strcmp(next, segment) == 0)
            change_element(NULL, rest, value, segment, out);
    }
    free(segment);
}

static void replace(bson_t *doc, const char *path, const bson_value_t *value)
{
    bson_t changed = BSON_INITIALIZER;

    change(doc, false, path, value, &changed);
    bson_reinit(doc);
    bson_concat(doc, &changed);
    bson_destroy(&changed);
}

void doc_set(bson_t *doc, const char *path, const bson_value_t *value)
{
    replace(doc, path, value);
}

void doc_unset(bson_t *doc, const char *path)
{
    replace(doc, path, NULL);
}

void doc_set_str(bson_t *doc, const char *path, const char *text)
{
    bson_value_t value = {.value_type = BSON_TYPE_NULL};
    char *copy = mem_str(text);

    if (copy) {
        value.value_type = BSON_TYPE_UTF8;
        value.value.v_utf8.str = copy;
        value.value.v_utf8.len = (uint32_t)strlen(copy);
    }
    replace(doc, path, &value);
    free(copy);
}

void doc_set_num(bson_t *doc, const char *path, double number)
{
    bson_value_t value = {.value_type = BSON_TYPE_DOUBLE};

    value.value.v_double = number;
    replace(doc, path, &value);
}

void doc_set_int(bson_t *doc, const char *path, int64_t number)
{
    bson_value_t value = {.value_type = BSON_TYPE_INT64};

    if (number >= INT32_MIN && number <= INT32_MAX) {
        value.value_type = BSON_TYPE_INT32;
        value.value.v_int32 = (int32_t)number;
    } else {
        value.value.v_int64 = number;
    }
    replace(doc, path, &value);
}

void doc_set_bool(bson_t *doc, const char *path, bool yes)
{
    bson_value_t value = {.value_type = BSON_TYPE_BOOL};

    value.value.v_bool = yes;
    replace(doc, path, &value);
}

void doc_set_date(bson_t *doc, const char *path, int64_t ms)
{
    bson_value_t value = {.value_type = BSON_TYPE_DATE_TIME};

    value.value.v_datetime = ms;
    replace(doc, path, &value);
}

void doc_set_doc(bson_t *doc, const char *path, const bson_t *sub, bool is_array)
{
    bson_value_t value = {.value_type = is_array ? BSON_TYPE_ARRAY : BSON_TYPE_DOCUMENT};
    uint8_t *bytes = mem_copy(bson_get_data(sub), sub->len);

    value.value.v_doc.data = bytes;
    value.value.v_doc.data_len = sub->len;
    replace(doc, path, &value);
    free(bytes);
}

struct field {
    bson_iter_t it;
    size_t place; /* keeps equal keys in their order */
};

static int by_key(const void *a, const void *b)
{
    const struct field *x = a, *y = b;
    int order = strcmp(bson_iter_key(&x->it), bson_iter_key(&y->it));

    return order ? order : (x->place > y->place) - (x->place < y->place);
}

/* Appends the elements of `doc` to `out`, sorted unless it is an array. */
static void append_sorted(const bson_t *doc, bool is_array, bson_t *out)
{
    struct field *fields = NULL;
    size_t count = 0, cap = 0;
    bson_iter_t it;

    bson_iter_init(&it, doc);
    while (bson_iter_next(&it)) {
        fields = mem_grow(fields, &cap, count + 1, sizeof *fields);
        fields[count] = (struct field){.it = it, .place = count};
        count++;
    }
    if (!is_array && count > 1)
        qsort(fields, count, sizeof *fields, by_key);
    for (size_t i = 0; i < count; i++) {
        const bson_iter_t *at = &fields[i].it;
        bson_t view, sub;

        if (!view_of(at, &view)) {
            bson_append_iter(out, NULL, 0, at);
            continue;
        }
        bson_init(&sub);
        append_sorted(&view, BSON_ITER_HOLDS_ARRAY(at), &sub);
        if (BSON_ITER_HOLDS_ARRAY(at))
            bson_append_array(out, bson_iter_key(at), -1, &sub);
        else
            bson_append_document(out, bson_iter_key(at), -1, &sub);
        bson_destroy(&sub);
    }
    free(fields);
}

void doc_sorted(const bson_t *doc, bson_t *out)
{
    bson_init(out);
    append_sorted(doc, false, out);
}

static bool equal_numbers(const bson_iter_t *a, const bson_iter_t *b)
{
    bool a_double = BSON_ITER_HOLDS_DOUBLE(a), b_double = BSON_ITER_HOLDS_DOUBLE(b);
    int64_t whole;

    if (a_double && b_double) {
        double x = bson_iter_double(a), y = bson_iter_double(b);

        return x == y || (isnan(x) && isnan(y));
    }
    if (!a_double && !b_double)
        return bson_iter_as_int64(a) == bson_iter_as_int64(b);
    return whole_number(bson_iter_double(a_double ? a : b), &whole) &&
           whole == bson_iter_as_int64(a_double ? b : a);
}

static bool equal_sorted(const bson_t *a, const bson_t *b);

static bool equal_elements(const bson_iter_t *a, const bson_iter_t *b)
{
    bson_t x, y;
    bool equal;

    if (strcmp(bson_iter_key(a), bson_iter_key(b)) != 0)
        return false;
    if (BSON_ITER_HOLDS_NUMBER(a) && BSON_ITER_HOLDS_NUMBER(b))
        return equal_numbers(a, b);
    if (bson_iter_type(a) != bson_iter_type(b))
        return false;
    if (view_of(a, &x) && view_of(b, &y))
        return equal_sorted(&x, &y);
    bson_init(&x);
    bson_init(&y);
    bson_append_iter(&x, NULL, 0, a);
    bson_append_iter(&y, NULL, 0, b);
    equal = bson_equal(&x, &y);
    bson_destroy(&x);
    bson_destroy(&y);
    return equal;
}

static bool equal_sorted(const bson_t *a, const bson_t *b)
{
    bson_iter_t x, y;

    bson_iter_init(&x, a);
    bson_iter_init(&y, b);
    for (;;) {
        bool more = bson_iter_next(&x);

        if (bson_iter_next(&y) != more)
            return false;
        if (!more)
            return true;
        if (!equal_elements(&x, &y))
            return false;
    }
}

bool doc_equal(const bson_t *a, const bson_t *b)
{
    bson_t x, y;
    bool equal;

    doc_sorted(a, &x);
    doc_sorted(b, &y);
    equal = equal_sorted(&x, &y);
    bson_destroy(&x);
    bson_destroy(&y);
    return equal;
}
