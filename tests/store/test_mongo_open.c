/* Opening a MongoDB store: addresses, credentials, certificates, what is made and what is left
 * alone, servers that can do less, two openers at once, and that it is quick. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>

#include "record/schema.h"
#include "store/mongo_env.h"
#include "strattio/clock.h"
#include "strattio/doc.h"
#include "strattio/strbuf.h"

enum { TIMEOUT_MS = 5000 };

static struct store *open_store(const char *uri)
{
    struct err err = {0};
    struct store *s = store_open(uri, TIMEOUT_MS, &err);

    if (!s)
        fail_msg("open: %s", err.msg);
    return s;
}

static struct err refuse(const char *uri, int timeout_ms, enum err_code code)
{
    struct err err = {0};
    struct store *s = store_open(uri, timeout_ms, &err);

    assert_null(s);
    if (err.code != code)
        fail_msg("%s: code %d: %s", uri, err.code, err.msg);
    assert_true(err.msg[0] && !strchr(err.msg, '\n'));
    return err;
}

/* ---- addresses --------------------------------------------------------------------------- */

static void an_unreadable_address_never_shows_its_password(void **state)
{
    static const char *const bad[] = {
        "mongodb://",
        "mongodb://ada:hunter2@",
        "mongodb://ada:hunter2@host:99999/db",
        "mongodb://ada:hunter2/x@host/db",
        "mongodb://ada:hunter2@host/d b\x01?x",
        "mongodb://ada:hunter2@host/?authMechanism=NONSENSE&w=-5",
        "mongodb://ada:%zzhunter2@host/db",
        "mongodb+srv://ada:hunter2@localhost:27017/db",
        "mongodb+srv://ada:hunter2@a,b/db",
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct err err = {0};
        struct store *s = store_open(bad[i], 300, &err);

        assert_null(s);
        if (strstr(err.msg, "hunter2"))
            fail_msg("%s", err.msg);
    }
    refuse("mongodb://ada:hunter2/x@host/db", 300, ERR_INVALID);
    refuse("mongodb://", 300, ERR_INVALID);
}

static void nobody_at_the_address_is_offline_at_once(void **state)
{
    int64_t begin = clock_mono_ms();
    (void)state;

    refuse("mongodb://127.0.0.1:1/db", TIMEOUT_MS, ERR_OFFLINE);
    assert_true(clock_mono_ms() - begin < TIMEOUT_MS / 2);
}

static void the_database_defaults_to_strattio_db(void **state)
{
    const char *base = env_base("STANDALONE");
    struct admin admin = admin_open(base, "strattio_db");
    struct err err = {0};
    struct store *s = open_store(base);
    bson_t info;
    (void)state;

    assert_true(store_info(s, &info, &err));
    assert_non_null(strstr(doc_str(&info, "uri", ""), "/strattio_db"));
    assert_true(store_is_shared(s));
    bson_destroy(&info);
    store_close(s);
    admin_close(&admin);
}

/* ---- credentials and certificates -------------------------------------------------------- */

static void the_right_password_and_certificate_let_in(void **state)
{
    static const char *const kinds[] = {"SCRAM", "TLS"};
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        const char *base = env_base(kinds[i]);
        char *db = env_fresh_db(), *uri = env_uri_of(base, db, NULL);
        struct store *s = open_store(uri);
        bson_t *plan = env_plan(ENV_ME, "Plan", NULL), info;
        struct err err = {0};

        assert_true(store_insert(s, COLL_PLANS, plan, &err));
        assert_int_equal(env_count(s, ENV_ME), 1);
        assert_true(store_info(s, &info, &err));
        assert_null(strstr(doc_str(&info, "uri", ""), "word"));
        bson_destroy(&info);
        bson_destroy(plan);
        store_close(s);
        free(uri);
        free(db);
    }
}

static void a_wrong_password_is_denied_in_one_sentence(void **state)
{
    const char *base = env_base("SCRAM_WRONG");
    char *uri = env_uri_of(base, "db", NULL);
    struct err err = refuse(uri, TIMEOUT_MS, ERR_DENIED);
    (void)state;

    assert_non_null(strstr(err.msg, "password"));
    assert_null(strstr(err.msg, "n0t-"));
    free(uri);
}

static void no_credentials_where_some_are_needed_is_denied(void **state)
{
    const char *base = env_base("SCRAM"), *at = strchr(base, '@');
    char *uri = mem_printf("mongodb://%s", at + 1);
    (void)state;

    refuse(uri, TIMEOUT_MS, ERR_DENIED);
    free(uri);
}

static void an_unknown_certificate_is_denied_in_one_sentence(void **state)
{
    char *uri = env_uri_of(env_base("TLS_UNKNOWN"), "db", NULL);
    struct err err = refuse(uri, TIMEOUT_MS, ERR_DENIED);
    (void)state;

    assert_non_null(strstr(err.msg, "certificate"));
    free(uri);
}

/* ---- what is made ------------------------------------------------------------------------ */

struct fixture {
    char *db, *uri;
    struct admin admin;
};

static int set_up_on(const char *kind, void **state)
{
    struct fixture *f = mem_zero(1, sizeof *f);
    const char *base = env_base(kind);

    f->db = env_fresh_db();
    f->uri = env_uri_of(base, f->db, NULL);
    f->admin = admin_open(base, f->db);
    *state = f;
    return 0;
}

static int set_up(void **state)
{
    return set_up_on("REPLSET", state);
}

static int set_up_lesser(void **state)
{
    return set_up_on("LESSER", state);
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    admin_close(&f->admin);
    free(f->db);
    free(f->uri);
    free(f);
    return 0;
}

/* Every index of the reference, and none else, is on the server under its name. */
static void assert_indexes(const struct admin *admin, enum collection coll)
{
    const struct schema *schema = schema_of(coll);
    char *json = mem_printf("{\"listIndexes\": \"%s\"}", schema->name);
    bson_t reply;
    size_t want = 1;

    assert_true(admin_run(admin, admin->db, json, &reply));
    for (const struct schema_index *i = schema->indexes; i->keys[0].field; i++, want++) {
        struct strbuf name;
        bool found = false;

        strbuf_init(&name, 200);
        schema_index_name(i, &name);
        for (size_t k = 0; k < doc_count(&reply, "cursor.firstBatch"); k++) {
            char path[64];

            snprintf(path, sizeof path, "cursor.firstBatch.%zu.name", k);
            if (strcmp(doc_str(&reply, path, ""), name.data) != 0)
                continue;
            found = true;
            snprintf(path, sizeof path, "cursor.firstBatch.%zu.unique", k);
            assert_int_equal(doc_bool(&reply, path, false), i->unique);
        }
        if (!found)
            fail_msg("%s lacks %s", schema->name, name.data);
        strbuf_finish(&name);
    }
    assert_int_equal(doc_count(&reply, "cursor.firstBatch"), want);
    bson_destroy(&reply);
    free(json);
}

static void nine_collections_with_validators_and_indexes_are_made(void **state)
{
    struct fixture *f = *state;
    struct store *s = open_store(f->uri);
    struct err err = {0};
    bson_t info, reply;

    assert_true(store_info(s, &info, &err));
    assert_true(doc_bool(&info, "validators", false));
    assert_true(doc_bool(&info, "transactions", false));
    assert_int_equal(doc_count(&info, "collections"), COLL_COUNT);
    for (size_t i = 0; i < COLL_COUNT; i++) {
        char path[64];

        snprintf(path, sizeof path, "collections.%zu.indexes_missing", i);
        assert_int_equal(doc_count(&info, path), 0);
        assert_indexes(&f->admin, (enum collection)i);
    }
    bson_destroy(&info);
    assert_true(admin_run(&f->admin, f->db, "{\"listCollections\": 1}", &reply));
    assert_int_equal(doc_count(&reply, "cursor.firstBatch"), COLL_COUNT);
    bson_destroy(&reply);
    assert_false(admin_run(&f->admin, f->db,
                           "{\"insert\": \"plans\", \"documents\": [{\"name\": 5}]}", &reply) &&
                 doc_count(&reply, "writeErrors") == 0);
    bson_destroy(&reply);
    store_close(s);
}

/* "listIndexes" and validators of a collection another program made stay; what it lacks is
 * added. */
static void existing_collections_only_gain_indexes(void **state)
{
    struct fixture *f = *state;
    struct store *s;
    struct err err = {0};
    bson_t info;
    const char *one;

    assert_true(admin_run(&f->admin, f->db,
                          "{\"createIndexes\": \"plans\", \"indexes\": "
                          "[{\"key\": {\"colour\": 1}, \"name\": \"colour_1\"}]}",
                          NULL));
    assert_true(admin_run(&f->admin, f->db,
                          "{\"createIndexes\": \"users\", \"indexes\": "
                          "[{\"key\": {\"email\": 1}, \"name\": \"email_1\"}]}",
                          NULL));
    s = open_store(f->uri);
    assert_true(store_info(s, &info, &err));
    assert_false(doc_bool(&info, "validators", true));
    one = doc_str(&info, "collections.0.indexes_missing.0", "");
    assert_non_null(strstr(one, "email_1"));
    assert_non_null(strstr(one, "not unique"));
    assert_string_equal(doc_str(&info, "collections.0.validator", ""), "none");
    assert_int_equal(doc_count(&info, "collections.2.indexes_missing"), 0);
    assert_string_equal(doc_str(&info, "collections.2.indexes_extra.0", ""), "colour_1");
    assert_string_equal(doc_str(&info, "collections.3.validator", ""), "ours");
    bson_destroy(&info);
    store_close(s);
}

static void a_dropped_index_is_made_again(void **state)
{
    struct fixture *f = *state;
    char *other = mem_printf("%s&readConcernLevel=local", f->uri); /* not seen by this process */

    store_close(open_store(f->uri));
    assert_true(
        admin_run(&f->admin, f->db, "{\"dropIndexes\": \"plans\", \"index\": \"status_1\"}", NULL));
    store_close(open_store(other));
    assert_indexes(&f->admin, COLL_PLANS);
    free(other);
}

/* Two terms name an index to the server; one that somebody drops meanwhile is missed, not needed. */
static void an_index_dropped_while_it_is_used_stops_nothing(void **state)
{
    struct fixture *f = *state;
    struct store *s = open_store(f->uri);
    struct query q = {.sort = "created_at", .descending = true, .limit = 5};
    struct strbuf how;
    struct doc_list list;
    struct err err = {0};
    bool uses_index = false;
    bson_t *plan = env_plan("0123456789abcdef01234567", "Harbour Bakery", NULL);

    strbuf_init(&how, 4096);
    where_str(&q.where, "user_id", WHERE_EQ, "0123456789abcdef01234567");
    where_str(&q.where, "name", WHERE_EQ, "Harbour Bakery");
    if (!store_insert(s, COLL_PLANS, plan, &err))
        fail_msg("%s", err.msg);
    assert_true(store_explain(s, COLL_PLANS, &q, &uses_index, &how, &err));
    assert_true(uses_index);
    assert_non_null(strstr(how.data, "user_id_1_created_at_-1"));
    assert_true(admin_run(&f->admin, f->db,
                          "{\"dropIndexes\": \"plans\", \"index\": \"user_id_1_created_at_-1\"}",
                          NULL));
    if (!store_find(s, COLL_PLANS, &q, &list, &err))
        fail_msg("%s", err.msg);
    assert_int_equal(list.count, 1);
    doc_list_finish(&list);
    assert_true(store_explain(s, COLL_PLANS, &q, &uses_index, &how, &err));
    assert_false(uses_index);
    strbuf_finish(&how);
    bson_destroy(plan);
    store_close(s);
}

static void *open_and_close(void *arg)
{
    struct err err = {0};
    struct store *s = store_open(arg, TIMEOUT_MS, &err);

    if (!s)
        fprintf(stderr, "open: %s\n", err.msg);
    store_close(s);
    return s ? arg : NULL;
}

static void openers_at_the_same_moment_all_succeed(void **state)
{
    struct fixture *f = *state;
    pthread_t threads[4];
    void *ok;

    for (size_t i = 0; i < ARRAY_LEN(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, open_and_close, f->uri), 0);
    for (size_t i = 0; i < ARRAY_LEN(threads); i++) {
        pthread_join(threads[i], &ok);
        assert_non_null(ok);
    }
    for (size_t i = 0; i < COLL_COUNT; i++)
        assert_indexes(&f->admin, (enum collection)i);
}

/* A budget with room for a slow test server and sanitizers; printed, so that it can be watched. */
static void opening_again_is_quick(void **state)
{
    struct fixture *f = *state;
    int64_t best = INT64_MAX;

    store_close(open_store(f->uri));
    for (int i = 0; i < 5; i++) {
        int64_t begin = clock_mono_ms();

        store_close(open_store(f->uri));
        best = clock_mono_ms() - begin < best ? clock_mono_ms() - begin : best;
    }
    print_message("opening an existing database: %lld ms\n", (long long)best);
    assert_true(best < 250);
}

/* ---- servers that can do less ------------------------------------------------------------ */

static void a_server_without_validators_and_transactions_is_served(void **state)
{
    struct fixture *f = *state;
    struct store *s = open_store(f->uri);
    bson_t *a = env_plan(ENV_ME, "A", NULL), *b = env_plan(ENV_ME, "B", NULL), info;
    const bson_t *both[] = {a, b};
    struct err err = {0};

    assert_true(store_insert_many(s, COLL_PLANS, both, 2, &err));
    assert_int_equal(env_count(s, ENV_ME), 2);
    assert_true(store_info(s, &info, &err));
    assert_false(doc_bool(&info, "validators", true));
    assert_false(doc_bool(&info, "transactions", true));
    assert_string_equal(doc_str(&info, "collections.2.validator", ""), "none");
    assert_int_equal(doc_count(&info, "collections.2.indexes_missing"), 0);
    bson_destroy(&info);
    bson_destroy(a);
    bson_destroy(b);
    store_close(s);
}

/* Says it is a set, and refuses the first transaction. */
static void a_set_that_refuses_transactions_is_used_without(void **state)
{
    struct fixture *f = *state;
    struct store *s = open_store(f->uri);
    bson_t *a = env_plan(ENV_ME, "A", NULL), *b = env_plan(ENV_ME, "B", NULL);
    const bson_t *both[] = {a, b};
    struct err err = {0};

    assert_true(store_has_transactions(s));
    assert_true(admin_run(&f->admin, "admin",
                          "{\"configureFailPoint\": \"failCommand\", \"mode\": {\"times\": 1}, "
                          "\"data\": {\"failCommands\": [\"insert\"], \"errorCode\": 263}}",
                          NULL));
    if (!store_insert_many(s, COLL_PLANS, both, 2, &err))
        fail_msg("%s", err.msg);
    assert_false(store_has_transactions(s));
    assert_int_equal(env_count(s, ENV_ME), 2);
    bson_destroy(a);
    bson_destroy(b);
    store_close(s);
}

/* ---- documents of a newer program ------------------------------------------------------------ */

static struct err patch_fails(struct store *s, const char *field, const char *value)
{
    struct where where = {0};
    struct patch patch;
    int64_t matched = -1;
    struct err err = {0};

    where_str(&where, field, WHERE_EQ, value);
    patch_init(&patch);
    patch_str(&patch, "name", "changed");
    assert_false(store_patch(s, COLL_PLANS, &where, &patch, &matched, &err));
    assert_int_equal(matched, -1);
    patch_finish(&patch);
    return err;
}

/* By id, among others of a user, and by find-and-patch; nothing is written, even to the others. */
static void a_newer_document_is_not_patched(void **state)
{
    struct fixture *f = *state;
    struct store *s = open_store(f->uri);
    char id[ID_LEN + 1];
    bson_t *old = env_plan(ENV_ME, "Old", NULL), *newer, out;
    struct where where = {0};
    struct patch patch;
    struct err err = {0};

    id_new(id);
    newer = env_plan(ENV_ME, "Newer", id);
    assert_true(store_insert(s, COLL_PLANS, old, &err));
    assert_true(store_insert(s, COLL_PLANS, newer, &err));
    assert_true(admin_run(&f->admin, f->db,
                          "{\"update\": \"plans\", \"updates\": [{\"q\": {\"name\": \"Newer\"}, "
                          "\"u\": {\"$set\": {\"metadata.schema\": 99}}}]}", NULL));
    assert_int_equal(patch_fails(s, "_id", id).code, ERR_UNSUPPORTED);
    assert_int_equal(patch_fails(s, "user_id", ENV_ME).code, ERR_UNSUPPORTED);
    where_id(&where, "_id", id);
    patch_init(&patch);
    patch_str(&patch, "name", "changed");
    assert_false(store_find_and_patch(s, COLL_PLANS, &where, &patch, &out, &err));
    assert_int_equal(err.code, ERR_UNSUPPORTED);
    where = (struct where){0};
    where_str(&where, "name", WHERE_EQ, "changed");
    assert_false(store_find_one(s, COLL_PLANS, &where, &out, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    patch_finish(&patch);
    bson_destroy(old);
    bson_destroy(newer);
    store_close(s);
}

int main(void)
{
#define ON(test, up) cmocka_unit_test_setup_teardown(test, up, tear_down)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unreadable_address_never_shows_its_password),
        cmocka_unit_test(nobody_at_the_address_is_offline_at_once),
        cmocka_unit_test(the_database_defaults_to_strattio_db),
        cmocka_unit_test(the_right_password_and_certificate_let_in),
        cmocka_unit_test(a_wrong_password_is_denied_in_one_sentence),
        cmocka_unit_test(no_credentials_where_some_are_needed_is_denied),
        cmocka_unit_test(an_unknown_certificate_is_denied_in_one_sentence),
        ON(nine_collections_with_validators_and_indexes_are_made, set_up),
        ON(existing_collections_only_gain_indexes, set_up),
        ON(a_dropped_index_is_made_again, set_up),
        ON(an_index_dropped_while_it_is_used_stops_nothing, set_up),
        ON(openers_at_the_same_moment_all_succeed, set_up),
        ON(opening_again_is_quick, set_up),
        ON(a_server_without_validators_and_transactions_is_served, set_up_lesser),
        ON(a_set_that_refuses_transactions_is_used_without, set_up),
        ON(a_newer_document_is_not_patched, set_up),
        ON(a_newer_document_is_not_patched, set_up_lesser),
    };
#undef ON

    return cmocka_run_group_tests(tests, NULL, NULL);
}
