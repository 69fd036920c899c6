/* Reading, a page at a time.
 *
 * Pages are ordered by (sort field, _id), but the reference's indexes end at the sort field,
 * and a server asked for both would fetch and sort everything a user has for each page. So it
 * is asked for the order of the index alone, from the cursor's value on, and documents with the
 * same value are put in order here: a run of equals is complete once a different value follows.
 * A page costs what it holds plus two, however far down the list it is; only where a run is
 * longer than that the query is repeated with twice the limit. */
#include "store/store_mongo.h"

#include <stdlib.h>
#include <string.h>

#include "record/schema.h"
#include "store/cursor.h"
#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/mem.h"

enum { BATCH_MAX = 10000 };

struct page {
    enum collection coll;
    const struct query *q;
    const char *sort; /* NULL when the order is by _id alone */
    struct cursor after;
    bool has_after;
    struct doc_list *out;
    size_t out_cap;
    size_t run; /* where in out->docs the run of equals begins */
};

/* ---- the command ------------------------------------------------------------------------- */

/* Documents whose sort field is null or absent come last in descending order and are not below
 * a value. */
static bool may_be_null(enum collection coll, const char *field)
{
    for (const struct schema_field *f = schema_of(coll)->fields; f->name; f++)
        if (strcmp(f->name, field) == 0)
            return f->flags & (FIELD_NULLABLE | FIELD_OPTIONAL);
    return true;
}

static void make_filter(const struct page *p, bson_t *out)
{
    const bson_value_t id = {.value_type = BSON_TYPE_OID, .value.v_oid = p->after.id};
    struct bound bound = {.field = p->sort, .value = &p->after.value};
    bool is_null = p->after.value.value_type == BSON_TYPE_NULL;

    if (!p->has_after || (p->sort && is_null && !p->q->descending)) {
        mongo_filter(&p->q->where, NULL, out);
        return;
    }
    bound.op = p->q->descending ? "$lte" : "$gte";
    if (!p->sort) {
        bound.field = "_id";
        bound.op = p->q->descending ? "$lt" : "$gt";
        bound.value = &id;
    } else if (is_null) {
        bound.op = "$eq";
    } else {
        bound.or_null = p->q->descending && may_be_null(p->coll, p->sort);
    }
    mongo_filter(&p->q->where, &bound, out);
}

static bool wants_field(const struct query *q, const char *path)
{
    size_t len = strcspn(path, ".");

    for (size_t i = 0; q->fields && q->fields[i]; i++)
        if (strlen(q->fields[i]) == len && strncmp(q->fields[i], path, len) == 0)
            return true;
    return !q->fields;
}

static void append_projection(const struct page *p, bson_t *opts)
{
    bson_t fields;

    if (!p->q->fields)
        return;
    BSON_APPEND_DOCUMENT_BEGIN(opts, "projection", &fields);
    BSON_APPEND_INT32(&fields, "_id", 1);
    for (size_t i = 0; p->q->fields[i]; i++)
        if (strcmp(p->q->fields[i], "_id") != 0)
            BSON_APPEND_INT32(&fields, p->q->fields[i], 1);
    if (p->sort && !wants_field(p->q, p->sort))
        BSON_APPEND_INT32(&fields, p->sort, 1);
    bson_append_document_end(opts, &fields);
}

static bool is_given(const struct query *q, const char *field)
{
    for (size_t i = 0; i < q->where.count; i++)
        if (q->where.terms[i].op == WHERE_EQ && strcmp(q->where.terms[i].field, field) == 0)
            return true;
    return false;
}

/* The index with the most leading fields that are given; where none is, the one that begins with
 * the field to sort by; or NULL. */
static const struct schema_index *choose_index(const struct page *p)
{
    const struct schema_index *best = NULL;
    size_t most = 0;

    for (const struct schema_index *i = schema_of(p->coll)->indexes; i->keys[0].field; i++) {
        size_t given = 0;

        while (i->keys[given].field && is_given(p->q, i->keys[given].field))
            given++;
        if (given > most || (!best && p->sort && strcmp(i->keys[0].field, p->sort) == 0)) {
            best = i;
            most = given;
        }
    }
    return best;
}

/* Names the index of a query of several terms: not every server's planner sees that an index on
 * some of them is better than none. */
static void append_hint(const struct page *p, bson_t *opts)
{
    bool by_id = is_given(p->q, "_id");
    const struct schema_index *index = by_id ? NULL : choose_index(p);
    bson_t keys;

    if (p->q->where.count < 2 || (!by_id && !index))
        return;
    BSON_APPEND_DOCUMENT_BEGIN(opts, "hint", &keys);
    if (by_id)
        BSON_APPEND_INT32(&keys, "_id", 1);
    for (size_t i = 0; index && index->keys[i].field; i++)
        BSON_APPEND_INT32(&keys, index->keys[i].field, index->keys[i].direction);
    bson_append_document_end(opts, &keys);
}

static void make_opts(const struct mongo_store *self, const struct page *p, int64_t limit,
                      bson_t *opts)
{
    bson_t sort;

    bson_init(opts);
    if (!self->no_hints)
        append_hint(p, opts);
    BSON_APPEND_DOCUMENT_BEGIN(opts, "sort", &sort);
    BSON_APPEND_INT32(&sort, p->sort ? p->sort : "_id", p->q->descending ? -1 : 1);
    bson_append_document_end(opts, &sort);
    append_projection(p, opts);
    if (limit > 0)
        BSON_APPEND_INT64(opts, "limit", limit);
    if (limit > 0 && limit <= BATCH_MAX) /* a server's own first batch is 101 */
        BSON_APPEND_INT64(opts, "batchSize", limit);
}

/* ---- putting runs of equals in order ----------------------------------------------------- */

/* The value the order goes by, absent counting as null. */
static bson_value_t sort_value(const struct page *p, const bson_t *doc)
{
    bson_value_t none = {.value_type = BSON_TYPE_NULL};
    bson_iter_t it;

    return doc_find(doc, p->sort, &it) ? *bson_iter_value(&it) : none;
}

static bool is_number(const bson_value_t *v)
{
    return v->value_type == BSON_TYPE_INT32 || v->value_type == BSON_TYPE_INT64 ||
           v->value_type == BSON_TYPE_DOUBLE;
}

static bool same_number(const bson_value_t *a, const bson_value_t *b)
{
    bson_t docs[2] = {BSON_INITIALIZER, BSON_INITIALIZER};
    bool same;

    BSON_APPEND_VALUE(&docs[0], "", a);
    BSON_APPEND_VALUE(&docs[1], "", b);
    same = doc_equal(&docs[0], &docs[1]);
    bson_destroy(&docs[0]);
    bson_destroy(&docs[1]);
    return same;
}

static bool same_value(const bson_value_t *a, const bson_value_t *b)
{
    if (is_number(a) && is_number(b))
        return same_number(a, b);
    if (a->value_type != b->value_type)
        return false;
    switch (a->value_type) {
    case BSON_TYPE_UTF8:
        return a->value.v_utf8.len == b->value.v_utf8.len &&
               memcmp(a->value.v_utf8.str, b->value.v_utf8.str, a->value.v_utf8.len) == 0;
    case BSON_TYPE_DATE_TIME:
        return a->value.v_datetime == b->value.v_datetime;
    case BSON_TYPE_BOOL:
        return a->value.v_bool == b->value.v_bool;
    case BSON_TYPE_OID:
        return bson_oid_equal(&a->value.v_oid, &b->value.v_oid);
    case BSON_TYPE_NULL:
        return true;
    default: /* documents and arrays: no order of ours, each a run of its own */
        return false;
    }
}

static bson_oid_t id_of(const bson_t *doc)
{
    bson_oid_t none = {{0}};
    bson_iter_t it;

    return bson_iter_init_find(&it, doc, "_id") && BSON_ITER_HOLDS_OID(&it) ? *bson_iter_oid(&it)
                                                                            : none;
}

static int compare_ids(const void *a, const void *b)
{
    bson_oid_t x = id_of(*(bson_t *const *)a), y = id_of(*(bson_t *const *)b);

    return bson_oid_compare(&x, &y);
}

static int compare_ids_down(const void *a, const void *b)
{
    return compare_ids(b, a);
}

/* Whether `doc` stands at or before the cursor: the server was asked from its value on, equals
 * included. */
static bool was_given(const struct page *p, const bson_t *doc)
{
    bson_value_t value;
    bson_oid_t id = id_of(doc);
    int order;

    if (!p->has_after || !p->sort)
        return false;
    value = sort_value(p, doc);
    if (!same_value(&value, &p->after.value))
        return false;
    order = bson_oid_compare(&id, &p->after.id);
    return p->q->descending ? order >= 0 : order <= 0;
}

/* Sorts the run that ends the list and drops what an earlier page has given. */
static void end_run(struct page *p)
{
    bson_t **run = p->out->docs + p->run;
    size_t count = p->out->count - p->run, kept = 0;

    if (p->sort && count > 1)
        qsort(run, count, sizeof *run, p->q->descending ? compare_ids_down : compare_ids);
    for (size_t i = 0; i < count; i++) {
        if (was_given(p, run[i]))
            bson_destroy(run[i]);
        else
            run[kept++] = run[i];
    }
    p->out->count = p->run += kept;
}

static bool begins_run(const struct page *p, const bson_t *doc)
{
    bson_value_t last, value;

    if (p->out->count == p->run)
        return false;
    if (!p->sort)
        return true;
    last = sort_value(p, p->out->docs[p->out->count - 1]);
    value = sort_value(p, doc);
    return !same_value(&last, &value);
}

static void add_doc(struct page *p, const bson_t *doc)
{
    p->out->docs = mem_grow(p->out->docs, &p->out_cap, p->out->count + 1, sizeof *p->out->docs);
    p->out->docs[p->out->count++] = bson_copy(doc);
}

/* ---- the page ---------------------------------------------------------------------------- */

/* Reads up to `limit` documents (0 for all). *enough is false if the limit cut a run that is
 * needed whole. */
static bool read_up_to(struct mongo_store *self, struct page *p, int64_t limit, bool *enough,
                       struct fault *f)
{
    int64_t want = p->q->limit > 0 ? p->q->limit + 1 : INT64_MAX, seen = 0;
    mongoc_collection_t *c = mongo_collection(self, p->coll);
    mongoc_cursor_t *cursor;
    const bson_t *doc, *reply;
    bson_t filter, opts;
    bool failed;

    doc_list_finish(p->out);
    p->out_cap = p->run = 0;
    make_filter(p, &filter);
    make_opts(self, p, limit, &opts);
    cursor = mongoc_collection_find_with_opts(c, &filter, &opts, NULL);
    while ((int64_t)p->run < want && mongoc_cursor_next(cursor, &doc)) {
        if (begins_run(p, doc))
            end_run(p);
        add_doc(p, doc);
        seen++;
    }
    *enough = !p->sort || (int64_t)p->run >= want || limit == 0 || seen < limit;
    if (*enough)
        end_run(p);
    failed = mongoc_cursor_error_document(cursor, &f->error, &reply);
    if (failed && reply)
        bson_concat(&f->reply, reply);
    mongoc_cursor_destroy(cursor);
    bson_destroy(&filter);
    bson_destroy(&opts);
    mongoc_collection_destroy(c);
    return !failed;
}

static int64_t first_limit(const struct page *p)
{
    if (p->q->limit == 0)
        return 0;
    if (mongo_names_one(&p->q->where))
        return 2; /* there is one at most */
    if (!p->sort)
        return p->q->limit + 1;
    return p->q->limit + 2 + p->has_after; /* the cursor's own document comes first again */
}

static void drop_from(struct doc_list *list, size_t count)
{
    while (list->count > count)
        bson_destroy(list->docs[--list->count]);
}

/* Takes out the field that was only asked for to make a cursor of. */
static void strip_sort_field(const struct page *p)
{
    char *name;

    if (!p->sort || wants_field(p->q, p->sort))
        return;
    name = mem_strn(p->sort, strcspn(p->sort, "."));
    for (size_t i = 0; i < p->out->count; i++) {
        bson_t *rest = bson_new();

        bson_copy_to_excluding_noinit(p->out->docs[i], rest, name, NULL);
        bson_destroy(p->out->docs[i]);
        p->out->docs[i] = rest;
    }
    free(name);
}

/* An index somebody dropped, or a server without hints: it finds its own way. */
static bool refuses_hint(const struct mongo_store *self, const struct fault *f)
{
    return !self->no_hints && f->error.domain == MONGOC_ERROR_SERVER &&
           strstr(f->error.message, "hint");
}

static bool read_page(struct mongo_store *self, struct page *p, struct err *err)
{
    int64_t limit = first_limit(p);
    bool enough = false, ok = true;
    struct fault f;

    fault_init(&f);
    while (ok && !enough) {
        ok = read_up_to(self, p, limit, &enough, &f);
        if (ok) {
            limit *= 2;
        } else if (refuses_hint(self, &f)) {
            self->no_hints = ok = true;
            enough = false;
            fault_reset(&f);
        }
    }
    if (!ok)
        fault_report(self, p->coll, &f, err);
    fault_finish(&f);
    if (!ok || p->q->limit == 0 || p->out->count <= (size_t)p->q->limit)
        return ok;
    drop_from(p->out, (size_t)p->q->limit);
    p->out->next = cursor_encode(p->coll, p->q, p->out->docs[p->out->count - 1]);
    return true;
}

static bool begin_page(struct page *p, enum collection coll, const struct query *q,
                       struct doc_list *out, struct err *err)
{
    *p = (struct page){.coll = coll, .q = q, .out = out, .has_after = q->after};
    if (q->sort && strcmp(q->sort, "_id") != 0)
        p->sort = q->sort;
    return !q->after || cursor_decode(coll, q, &p->after, err);
}

bool mongo_find(struct store *s, enum collection coll, const struct query *q, struct doc_list *out,
                struct err *err)
{
    struct mongo_store *self = (struct mongo_store *)s;
    struct page p;
    bool ok;

    if (!begin_page(&p, coll, q, out, err))
        return false;
    ok = mongo_ready(self, err) && read_page(self, &p, err);
    if (ok)
        strip_sort_field(&p);
    else
        doc_list_finish(out);
    cursor_finish(&p.after);
    return ok;
}

/* ---- explain ----------------------------------------------------------------------------- */

static void note_stage(const char *stage, const char *index, bool *uses, bool *scans,
                       struct strbuf *how)
{
    static const char *const by_index[] = {"IXSCAN",          "IDHACK",         "COUNT_SCAN",
                                           "EXPRESS_IXSCAN",  "EXPRESS_IDHACK", "DISTINCT_SCAN",
                                           "CLUSTERED_IXSCAN"};

    strbuf_printf(how, "%s%s", how->len ? " < " : "", stage);
    if (index)
        strbuf_printf(how, " %s", index);
    *scans = *scans || strcmp(stage, "COLLSCAN") == 0;
    for (size_t i = 0; i < ARRAY_LEN(by_index); i++)
        *uses = *uses || strcmp(stage, by_index[i]) == 0;
}

/* Every stage of a plan, from the one that gives the result down to those that read. */
static void walk_plan(const bson_t *plan, bool *uses, bool *scans, struct strbuf *how)
{
    static const char *const below[] = {"inputStage", "queryPlan", "winningPlan", "shards",
                                        "inputStages"};
    const char *stage = doc_str(plan, "stage", NULL);
    bson_iter_t it;
    bson_t inner;

    if (stage)
        note_stage(stage, doc_str(plan, "indexName", NULL), uses, scans, how);
    for (size_t i = 0; i < ARRAY_LEN(below); i++) {
        if (!doc_view(plan, below[i], &inner))
            continue;
        if (i < 3) {
            walk_plan(&inner, uses, scans, how);
            continue;
        }
        bson_iter_init(&it, &inner);
        while (bson_iter_next(&it)) {
            bson_t one;
            uint32_t len;
            const uint8_t *data;

            if (!BSON_ITER_HOLDS_DOCUMENT(&it))
                continue;
            bson_iter_document(&it, &len, &data);
            if (bson_init_static(&one, data, len))
                walk_plan(&one, uses, scans, how);
        }
    }
}

static void make_explain(const struct mongo_store *self, const struct page *p, bson_t *command)
{
    bson_t find, filter, opts;

    make_filter(p, &filter);
    make_opts(self, p, first_limit(p), &opts);
    bson_init(command);
    BSON_APPEND_DOCUMENT_BEGIN(command, "explain", &find);
    BSON_APPEND_UTF8(&find, "find", collection_name(p->coll));
    BSON_APPEND_DOCUMENT(&find, "filter", &filter);
    bson_concat(&find, &opts);
    bson_append_document_end(command, &find);
    BSON_APPEND_UTF8(command, "verbosity", "queryPlanner");
    bson_destroy(&filter);
    bson_destroy(&opts);
}

static bool run_explain(struct mongo_store *self, const struct page *p, bson_t *reply,
                        struct fault *f)
{
    bson_t command;
    bool ok;

    make_explain(self, p, &command);
    ok = mongoc_client_read_command_with_opts(self->client, self->db, &command, NULL, NULL, reply,
                                              &f->error);
    bson_destroy(&command);
    return ok;
}

bool mongo_explain(struct store *s, enum collection coll, const struct query *q, bool *uses_index,
                   struct strbuf *how, struct err *err)
{
    struct mongo_store *self = (struct mongo_store *)s;
    struct doc_list none = {0};
    struct page p;
    bson_t reply, plan;
    struct fault f;
    bool ok, uses = false, scans = false;

    if (!mongo_ready(self, err) || !begin_page(&p, coll, q, &none, err))
        return false;
    fault_init(&f);
    ok = run_explain(self, &p, &reply, &f);
    if (!ok && refuses_hint(self, &f)) {
        self->no_hints = true;
        fault_reset(&f);
        bson_destroy(&reply);
        ok = run_explain(self, &p, &reply, &f);
    }
    if (ok && doc_view(&reply, "queryPlanner.winningPlan", &plan))
        walk_plan(&plan, &uses, &scans, how);
    if (ok)
        *uses_index = uses && !scans;
    else
        fault_report(self, coll, &f, err);
    bson_destroy(&reply);
    cursor_finish(&p.after);
    fault_finish(&f);
    return ok;
}
