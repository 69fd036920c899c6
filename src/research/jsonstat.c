/* jsonstat.c - JSON-stat into a flat table. The cells are in row-major order over the dimensions,
 * the last one fastest, so that a cell is one number and a lookup is a sum. The document stays and
 * every text is lent from it; only positions are worked out.
 *
 *     2.0   id, size, dimension.GEO.category.{index,label}, value, status, all at the top
 *     1.x   NAME.{dimension.{id,size,GEO...},value,status}, several data sets side by side
 *
 * `index` is an array of codes, an object of code to position, or absent where there is but one
 * code. `value` is dense (array) or sparse (object by cell number); `status` may also be one string,
 * or an array of one, for all cells. */
#include "research/jsonstat.h"

#include <bson/bson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/json.h"
#include "strattio/mem.h"

struct dimension {
    const char *id;
    const char **codes;
    size_t size;
    bson_t labels; /* view, maybe empty */
};

struct cell {
    double number;
    const char *text, *status;
    bool present;
};

struct jsonstat {
    bson_t doc;
    bson_t set; /* view of the data set */
    struct dimension dimensions[JSONSTAT_DIMENSIONS];
    size_t dimension_count;
    struct cell *cells;
    size_t cell_count;
    const char *one_status; /* of all cells; NULL if each has its own */
};

/* A view of what `it` stands on, if that is a document or an array. */
static bool view_of(const bson_iter_t *it, bson_t *view)
{
    const uint8_t *data;
    uint32_t len;

    if (BSON_ITER_HOLDS_DOCUMENT(it))
        bson_iter_document(it, &len, &data);
    else if (BSON_ITER_HOLDS_ARRAY(it))
        bson_iter_array(it, &len, &data);
    else
        return false;
    return bson_init_static(view, data, len);
}

/* The member called `key`, whatever is in the name: ids may hold dots. */
static bool member(const bson_t *doc, const char *key, bson_t *view)
{
    bson_iter_t it;

    return bson_iter_init_find(&it, doc, key) && view_of(&it, view);
}

static bool is_set(const bson_t *doc)
{
    return bson_has_field(doc, "value") && bson_has_field(doc, "dimension");
}

static bool choose_set(struct jsonstat *js, const char *name, struct err *err)
{
    bson_iter_t it;

    if (is_set(&js->doc))
        return bson_init_static(&js->set, bson_get_data(&js->doc), js->doc.len);
    bson_iter_init(&it, &js->doc);
    while (bson_iter_next(&it))
        if ((!name || strcmp(bson_iter_key(&it), name) == 0) && view_of(&it, &js->set) &&
            is_set(&js->set))
            return true;
    return err_set(err, ERR_INVALID, 0, "there is no JSON-stat data set in the answer");
}

static bool wrong(struct err *err, const struct dimension *d, const char *what)
{
    return err_set(err, ERR_INVALID, 0, "JSON-stat: dimension \"%.60s\" %s", d->id, what);
}

/* Puts `code` at `position`, once. */
static bool place(struct dimension *d, const char *code, int64_t position, struct err *err)
{
    if (position < 0 || (uint64_t)position >= d->size || d->codes[position])
        return wrong(err, d, "has codes that do not fit its size");
    d->codes[position] = code;
    return true;
}

static bool read_index(struct dimension *d, const bson_iter_t *index, struct err *err)
{
    bool listed = BSON_ITER_HOLDS_ARRAY(index);
    int64_t position = 0;
    bson_iter_t it;

    if (!bson_iter_recurse(index, &it))
        return wrong(err, d, "has an index that is no list of codes");
    for (; bson_iter_next(&it); position++) {
        if (listed ? !BSON_ITER_HOLDS_UTF8(&it) : !BSON_ITER_HOLDS_NUMBER(&it))
            return wrong(err, d, "has an index of the wrong type");
        if (!(listed ? place(d, bson_iter_utf8(&it, NULL), position, err)
                     : place(d, bson_iter_key(&it), bson_iter_as_int64(&it), err)))
            return false;
    }
    return (uint64_t)position == d->size || wrong(err, d, "has codes that do not fit its size");
}

static bool read_dimension(const bson_t *all, struct dimension *d, struct err *err)
{
    bson_t own, category;
    bson_iter_t it;

    bson_init(&d->labels);
    if (!member(all, d->id, &own) || !member(&own, "category", &category))
        return wrong(err, d, "is not described");
    if (!member(&category, "label", &d->labels))
        bson_init(&d->labels);
    d->codes = mem_zero(d->size, sizeof *d->codes);
    if (bson_iter_init_find(&it, &category, "index"))
        return read_index(d, &it, err);
    if (d->size == 1 && bson_iter_init(&it, &d->labels) && bson_iter_next(&it)) {
        d->codes[0] = bson_iter_key(&it);
        return true;
    }
    return wrong(err, d, "has no index");
}

/* One dimension more, of the size `size` stands on. */
static bool add_dimension(struct jsonstat *js, const bson_t *all, const bson_iter_t *id,
                          const bson_iter_t *size, struct err *err)
{
    struct dimension *d = &js->dimensions[js->dimension_count];
    int64_t n = BSON_ITER_HOLDS_NUMBER(size) ? bson_iter_as_int64(size) : 0;

    if (js->dimension_count == JSONSTAT_DIMENSIONS)
        return err_set(err, ERR_LIMIT, 0, "JSON-stat: more than %d dimensions",
                       JSONSTAT_DIMENSIONS);
    if (!BSON_ITER_HOLDS_UTF8(id))
        return err_set(err, ERR_INVALID, 0, "JSON-stat: the id of a dimension is no text");
    d->id = bson_iter_utf8(id, NULL);
    if (n < 1)
        return wrong(err, d, "has no size");
    if (n > JSONSTAT_CODES || (uint64_t)n > JSONSTAT_CELLS / js->cell_count)
        return err_set(err, ERR_LIMIT, 0, "JSON-stat: more than %d cells, or %d codes of one kind",
                       JSONSTAT_CELLS, JSONSTAT_CODES);
    d->size = (size_t)n;
    js->cell_count *= d->size;
    js->dimension_count++;
    return read_dimension(all, d, err);
}

static bool read_dimensions(struct jsonstat *js, struct err *err)
{
    bson_t all, ids, sizes;
    bson_iter_t id, size;
    const bson_t *from = &js->set;

    js->cell_count = 1;
    if (!member(&js->set, "dimension", &all))
        return err_set(err, ERR_INVALID, 0, "JSON-stat: \"dimension\" is no object");
    if (!bson_has_field(from, "id"))
        from = &all;
    if (!member(from, "id", &ids) || !member(from, "size", &sizes))
        return err_set(err, ERR_INVALID, 0, "JSON-stat: \"id\" or \"size\" is missing");
    bson_iter_init(&id, &ids);
    bson_iter_init(&size, &sizes);
    while (bson_iter_next(&id))
        if (!bson_iter_next(&size) || !add_dimension(js, &all, &id, &size, err))
            return js->dimension_count == JSONSTAT_DIMENSIONS || err->code
                       ? false
                       : err_set(err, ERR_INVALID, 0, "JSON-stat: more ids than sizes");
    return true;
}

/* The cell an element of `value` or `status` is about, from its key; NULL if there is no such. */
static struct cell *cell_of(struct jsonstat *js, const char *key)
{
    size_t k = 0;

    if (!*key || strlen(key) > 9)
        return NULL;
    for (; *key >= '0' && *key <= '9'; key++)
        k = k * 10 + (size_t)(*key - '0');
    return *key || k >= js->cell_count ? NULL : &js->cells[k];
}

static bool read_values(struct jsonstat *js, struct err *err)
{
    bson_t values;
    bson_iter_t it;

    if (!member(&js->set, "value", &values))
        return err_set(err, ERR_INVALID, 0, "JSON-stat: \"value\" is neither a list nor an object");
    bson_iter_init(&it, &values);
    while (bson_iter_next(&it)) {
        struct cell *cell = cell_of(js, bson_iter_key(&it));

        if (!cell)
            return err_set(err, ERR_INVALID, 0, "JSON-stat: value \"%.20s\" is of no cell",
                           bson_iter_key(&it));
        cell->present = true;
        if (BSON_ITER_HOLDS_NUMBER(&it))
            cell->number = bson_iter_as_double(&it);
        else if (BSON_ITER_HOLDS_UTF8(&it))
            cell->text = bson_iter_utf8(&it, NULL);
        else
            cell->present = false;
    }
    return true;
}

static void read_status(struct jsonstat *js)
{
    bson_iter_t it, each;
    bson_t list;

    if (!bson_iter_init_find(&it, &js->set, "status"))
        return;
    if (BSON_ITER_HOLDS_UTF8(&it))
        js->one_status = bson_iter_utf8(&it, NULL);
    if (!view_of(&it, &list) || !bson_iter_init(&each, &list))
        return;
    while (bson_iter_next(&each)) {
        struct cell *cell = cell_of(js, bson_iter_key(&each));

        if (cell && BSON_ITER_HOLDS_UTF8(&each))
            cell->status = bson_iter_utf8(&each, NULL);
    }
    if (BSON_ITER_HOLDS_ARRAY(&it) && bson_count_keys(&list) == 1)
        js->one_status = js->cells[0].status;
}

struct jsonstat *jsonstat_read(const char *text, size_t len, const char *name, struct err *err)
{
    struct jsonstat *js = mem_zero(1, sizeof *js);
    struct err why = {0};
    bool ok;

    if (!json_read(text, len, &js->doc, err)) {
        free(js);
        return NULL;
    }
    ok = choose_set(js, name, &why) && read_dimensions(js, &why);
    if (ok) {
        js->cells = mem_zero(js->cell_count, sizeof *js->cells);
        ok = read_values(js, &why);
    }
    if (!ok) {
        *err = why;
        jsonstat_free(js);
        return NULL;
    }
    read_status(js);
    return js;
}

void jsonstat_free(struct jsonstat *js)
{
    if (!js)
        return;
    for (size_t d = 0; d < js->dimension_count; d++)
        free(js->dimensions[d].codes);
    free(js->cells);
    bson_destroy(&js->doc);
    free(js);
}

const char *jsonstat_label(const struct jsonstat *js)
{
    return doc_str(&js->set, "label", "");
}

const char *jsonstat_updated(const struct jsonstat *js)
{
    return doc_str(&js->set, "updated", "");
}

size_t jsonstat_dimensions(const struct jsonstat *js)
{
    return js->dimension_count;
}

const char *jsonstat_dimension(const struct jsonstat *js, size_t d)
{
    return js->dimensions[d].id;
}

size_t jsonstat_size(const struct jsonstat *js, size_t d)
{
    return js->dimensions[d].size;
}

const char *jsonstat_code(const struct jsonstat *js, size_t d, size_t i)
{
    return js->dimensions[d].codes[i];
}

const char *jsonstat_code_label(const struct jsonstat *js, size_t d, size_t i)
{
    const char *code = jsonstat_code(js, d, i);
    bson_iter_t it;

    if (bson_iter_init_find(&it, &js->dimensions[d].labels, code) && BSON_ITER_HOLDS_UTF8(&it))
        return bson_iter_utf8(&it, NULL);
    return code;
}

size_t jsonstat_cells(const struct jsonstat *js)
{
    return js->cell_count;
}

/* The position of the code that `at` gives for dimension `d`, `d->size` if none does. */
static size_t position_of(const struct dimension *d, const struct jsonstat_at *at, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(at[i].dimension, d->id) != 0)
            continue;
        for (size_t k = 0; k < d->size; k++)
            if (strcmp(d->codes[k], at[i].code) == 0)
                return k;
        return d->size;
    }
    return d->size == 1 ? 0 : d->size;
}

static bool is_dimension(const struct jsonstat *js, const char *id)
{
    for (size_t d = 0; d < js->dimension_count; d++)
        if (strcmp(js->dimensions[d].id, id) == 0)
            return true;
    return false;
}

bool jsonstat_find(const struct jsonstat *js, const struct jsonstat_at *at, size_t count,
                   size_t *cell)
{
    size_t k = 0;

    for (size_t i = 0; i < count; i++)
        if (!is_dimension(js, at[i].dimension))
            return false;
    for (size_t d = 0; d < js->dimension_count; d++) {
        size_t position = position_of(&js->dimensions[d], at, count);

        if (position == js->dimensions[d].size)
            return false;
        k = k * js->dimensions[d].size + position;
    }
    *cell = k;
    return true;
}

bool jsonstat_value(const struct jsonstat *js, size_t cell, struct jsonstat_value *out)
{
    const struct cell *from = &js->cells[cell];

    out->number = from->present && !from->text ? from->number : NAN;
    out->text = from->present ? from->text : NULL;
    out->status = js->one_status ? js->one_status : from->status ? from->status : "";
    return from->present;
}

const char *jsonstat_status_label(const struct jsonstat *js, const char *status)
{
    bson_t labels;
    bson_iter_t it;

    if (doc_view(&js->set, "extension.status.label", &labels) &&
        bson_iter_init_find(&it, &labels, status) && BSON_ITER_HOLDS_UTF8(&it))
        return bson_iter_utf8(&it, NULL);
    return NULL;
}
