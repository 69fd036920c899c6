/* mongo_calls.h - every call of the store once, as a row that says which commands it sends and
 * what is stored afterwards: what the fault tests run under each fault. */
#ifndef TESTS_STORE_MONGO_CALLS_H
#define TESTS_STORE_MONGO_CALLS_H

#include "store/mongo_env.h"
#include "strattio/doc.h"

enum { TIMEOUT_MS = 1000 };

struct fixture {
    char *db, *uri;
    char id[ID_LEN + 1]; /* of plan A */
    /* Users of this check alone: a write that a fault held up may still come during the next. */
    char me[ID_LEN + 1], other[ID_LEN + 1];
    struct admin admin;
    struct store *store;
};

/* ---- the calls --------------------------------------------------------------------------- */

/* Each starts from three plans of the user `me` called A (the one with the id of the fixture),
 * B and C, and is put into numbers by look(): documents of `me`, of `other`, and the sum of
 * metadata.rev. */
struct state {
    int64_t mine, others, revs;
};

static bool call_insert(struct fixture *f, struct err *err)
{
    bson_t *doc = env_plan(f->other, "D", NULL);
    bool ok = store_insert(f->store, COLL_PLANS, doc, err);

    bson_destroy(doc);
    return ok;
}

static bool call_insert_many(struct fixture *f, struct err *err)
{
    bson_t *docs[3];
    const bson_t *list[3];
    bool ok;

    for (size_t i = 0; i < 3; i++)
        list[i] = docs[i] = env_plan(f->other, "D", NULL);
    ok = store_insert_many(f->store, COLL_PLANS, list, 3, err);
    for (size_t i = 0; i < 3; i++)
        bson_destroy(docs[i]);
    return ok;
}

static bool call_find(struct fixture *f, struct err *err)
{
    struct query q = {.sort = "created_at", .limit = 2};
    struct doc_list list;
    bool ok;

    where_str(&q.where, "user_id", WHERE_EQ, f->me);
    ok = store_find(f->store, COLL_PLANS, &q, &list, err);
    if (ok) {
        assert_int_equal(list.count, 2);
        assert_non_null(list.next);
        doc_list_finish(&list);
    }
    return ok;
}

static bool call_count(struct fixture *f, struct err *err)
{
    struct where where = {0};
    int64_t n = -1;
    bool ok;

    where_str(&where, "user_id", WHERE_EQ, f->me);
    ok = store_count(f->store, COLL_PLANS, &where, &n, err);
    assert_int_equal(n, ok ? 3 : -1);
    return ok;
}

static bool patch_where(struct fixture *f, const struct where *where, int64_t want, struct err *err)
{
    struct patch patch;
    int64_t n = -1;
    bool ok;

    patch_init(&patch);
    patch_inc(&patch, "metadata.rev", 1);
    ok = store_patch(f->store, COLL_PLANS, where, &patch, &n, err);
    assert_int_equal(n, ok ? want : -1);
    patch_finish(&patch);
    return ok;
}

static bool call_patch(struct fixture *f, struct err *err)
{
    struct where where = {0};

    where_id(&where, "_id", f->id);
    return patch_where(f, &where, 1, err);
}

static bool call_patch_all(struct fixture *f, struct err *err)
{
    struct where where = {0};

    where_str(&where, "user_id", WHERE_EQ, f->me);
    return patch_where(f, &where, 3, err);
}

static bool call_find_and_patch(struct fixture *f, struct err *err)
{
    struct where where = {0};
    struct patch patch;
    bson_t out;
    bool ok;

    where_id(&where, "_id", f->id);
    patch_init(&patch);
    patch_inc(&patch, "metadata.rev", 1);
    ok = store_find_and_patch(f->store, COLL_PLANS, &where, &patch, &out, err);
    if (ok) {
        assert_int_equal(doc_int(&out, "metadata.rev", 0), 2);
        bson_destroy(&out);
    }
    patch_finish(&patch);
    return ok;
}

static bool remove_where(struct fixture *f, const struct where *where, int64_t want,
                         struct err *err)
{
    int64_t n = -1;
    bool ok = store_remove(f->store, COLL_PLANS, where, &n, err);

    assert_int_equal(n, ok ? want : -1);
    return ok;
}

static bool call_remove(struct fixture *f, struct err *err)
{
    struct where where = {0};

    where_id(&where, "_id", f->id);
    return remove_where(f, &where, 1, err);
}

static bool call_remove_all(struct fixture *f, struct err *err)
{
    struct where where = {0};

    where_str(&where, "user_id", WHERE_EQ, f->me);
    return remove_where(f, &where, 3, err);
}

static bool call_group(struct fixture *f, struct err *err)
{
    bson_t *doc = env_plan(f->other, "D", NULL), *same = env_plan(f->me, "A", f->id);
    struct where where = {0};
    struct patch patch;
    const struct write writes[] = {
        {.kind = WRITE_INSERT, .coll = COLL_PLANS, .doc = doc},
        {.kind = WRITE_INSERT_IF_ABSENT, .coll = COLL_PLANS, .doc = same},
        {.kind = WRITE_PATCH,
         .coll = COLL_PLANS,
         .where = &where,
         .patch = &patch,
         .must_match = true},
    };
    size_t failed;
    bool ok;

    where_id(&where, "_id", f->id);
    patch_init(&patch);
    patch_inc(&patch, "metadata.rev", 1);
    ok = store_atomically(f->store, writes, ARRAY_LEN(writes), &failed, err);
    patch_finish(&patch);
    bson_destroy(doc);
    bson_destroy(same);
    return ok;
}

static bool call_info(struct fixture *f, struct err *err)
{
    bson_t info;
    bool ok = store_info(f->store, &info, err);

    if (ok)
        bson_destroy(&info);
    return ok;
}

/* Opens a database that is not there yet. */
static bool call_open(struct fixture *f, struct err *err)
{
    char *db = env_fresh_db(), *uri = env_uri_of(f->uri, db, NULL);
    struct store *s = store_open(uri, TIMEOUT_MS, err);
    bool ok = s;

    store_close(s);
    free(uri);
    free(db);
    return ok;
}

static const struct {
    const char *name;
    bool (*run)(struct fixture *f, struct err *err);
    const char *commands; /* it sends, each to be failed */
    struct state after;   /* it; before: {3, 0, 3} */
} calls[] = {
    {"insert", call_insert, "insert", {3, 1, 4}},
    {"insert many", call_insert_many, "insert commitTransaction", {3, 3, 6}},
    {"find", call_find, "find", {3, 0, 3}},
    {"count", call_count, "aggregate", {3, 0, 3}},
    {"patch one", call_patch, "update", {3, 0, 4}},
    {"patch all", call_patch_all, "find update commitTransaction", {3, 0, 6}},
    {"find and patch", call_find_and_patch, "findAndModify", {3, 0, 4}},
    {"remove one", call_remove, "delete", {2, 0, 2}},
    {"remove all", call_remove_all, "delete commitTransaction", {0, 0, 0}},
    {"group", call_group, "insert find update commitTransaction", {3, 1, 5}},
    {"info", call_info, "buildInfo listCollections count listIndexes", {3, 0, 3}},
    {"open", call_open, "listCollections create createIndexes", {3, 0, 3}},
};

/* ---- before and after -------------------------------------------------------------------- */

static void begin_again(struct fixture *f)
{
    id_new(f->id);
    id_new(f->me);
    id_new(f->other);
    for (int i = 0; i < 3; i++) {
        struct err err = {0};
        bson_t *doc = env_plan(f->me, (const char *[]){"A", "B", "C"}[i], i == 0 ? f->id : NULL);

        if (!store_insert(f->store, COLL_PLANS, doc, &err)) /* the call after a fault */
            fail_msg("the next call: %s", err.msg);
        bson_destroy(doc);
    }
}

/* Adds up the revs of the plans of `user` and gives their number. */
static int64_t look_at(struct fixture *f, const char *user, int64_t *revs)
{
    struct query q = {0};
    struct doc_list list;
    struct err err = {0};
    int64_t count;

    where_str(&q.where, "user_id", WHERE_EQ, user);
    if (!store_find(f->store, COLL_PLANS, &q, &list, &err))
        fail_msg("the next call: %s", err.msg);
    for (size_t i = 0; i < list.count; i++)
        *revs += doc_int(list.docs[i], "metadata.rev", 0);
    count = (int64_t)list.count;
    doc_list_finish(&list);
    return count;
}

static struct state look(struct fixture *f)
{
    struct state s = {0};

    s.mine = look_at(f, f->me, &s.revs);
    s.others = look_at(f, f->other, &s.revs);
    return s;
}

static bool same_state(struct state a, struct state b)
{
    return a.mine == b.mine && a.others == b.others && a.revs == b.revs;
}

/* Without transactions a call of several documents may have done a part, in order. */
static bool between(struct state s, struct state a, struct state b)
{
    return ((s.mine >= a.mine && s.mine <= b.mine) || (s.mine <= a.mine && s.mine >= b.mine)) &&
           s.others >= a.others && s.others <= b.others;
}

/* What must hold after calls[call], which gave `ok` and `err`, under the fault that `what`
 * names. */
static void check_outcome(struct fixture *f, size_t call, bool ok, const struct err *err,
                          const char *what)
{
    const struct state before = {3, 0, 3}, after = calls[call].after;
    struct state now = look(f);

    if (!ok && err->code != ERR_OFFLINE)
        fail_msg("%s, %s: code %d: %s", calls[call].name, what, err->code, err->msg);
    if (ok ? same_state(now, after)
           : same_state(now, before) || same_state(now, after) ||
                 (!store_has_transactions(f->store) && between(now, before, after)))
        return;
    fail_msg("%s, %s: %s, but %d mine, %d others, revs %d", calls[call].name, what,
             ok ? "succeeded" : err->msg, (int)now.mine, (int)now.others, (int)now.revs);
}

#endif
