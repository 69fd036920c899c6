/* test_store_contract.c - what every store promises, run unchanged against each backend
 * (contract_env.h says how one is chosen). Each test begins with an empty store. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <pthread.h>

#include "contract_docs.h"
#include "strattio/strbuf.h"

static struct store *store_of(void **state)
{
    return ((struct env *)*state)->s;
}

/* ---- inserting and finding ------------------------------------------------------------------ */

static void each_collection_gives_back_what_was_put_in(void **state)
{
    struct store *s = store_of(state);

    put_plans(s, 1);
    for (int c = 0; c < COLL_COUNT; c++) {
        bson_t doc, found;

        nth_doc((enum collection)c, c == COLL_USERS || c == COLL_PLANS ? 2 : 1, &doc);
        doc_set_str(&doc, "of_another_program", "kept \xe2\x82\xac");
        doc_set_num(&doc, "metadata.ours.deep", 0.1);
        put(s, (enum collection)c, &doc);
        get_nth(s, (enum collection)c, n_of(&doc), &found);
        assert_true(bson_equal(&doc, &found));
        bson_destroy(&doc);
        bson_destroy(&found);
    }
}

static void values_keep_their_type_to_the_bit(void **state)
{
    struct store *s = store_of(state);
    bson_t doc, found, odd = BSON_INITIALIZER, list = BSON_INITIALIZER;

    put_users(s, 1);
    BSON_APPEND_INT32(&odd, "int", INT32_MIN);
    BSON_APPEND_INT64(&odd, "long", INT64_MAX);
    BSON_APPEND_INT64(&odd, "small_long", 7);
    BSON_APPEND_DOUBLE(&odd, "tenth", 0.1);
    BSON_APPEND_DOUBLE(&odd, "whole", 3.0);
    BSON_APPEND_DOUBLE(&odd, "minus_zero", -0.0);
    BSON_APPEND_DOUBLE(&odd, "tiny", 5e-324);
    BSON_APPEND_DATE_TIME(&odd, "before_1970", -1);
    BSON_APPEND_NULL(&odd, "null");
    BSON_APPEND_BOOL(&odd, "yes", true);
    BSON_APPEND_UTF8(&odd, "empty", "");
    BSON_APPEND_UTF8(&odd, "text", "\xe6\xbc\xa2 \xf0\x9f\x8d\x9e e\xcc\x81 'quote\" \\ % $ .");
    BSON_APPEND_UTF8(&list, "0", "a");
    BSON_APPEND_ARRAY(&odd, "list", &list);
    BSON_APPEND_DOCUMENT(&odd, "empty_doc", &(bson_t)BSON_INITIALIZER);
    nth_doc(COLL_PLANS, 1, &doc);
    doc_set_doc(&doc, "settings", &odd, false);
    put(s, COLL_PLANS, &doc);
    get_nth(s, COLL_PLANS, 1, &found);
    assert_true(bson_equal(&doc, &found));
    bson_destroy(&doc);
    bson_destroy(&found);
    bson_destroy(&odd);
    bson_destroy(&list);
}

static void nothing_found_is_told_apart_from_failure(void **state)
{
    struct store *s = store_of(state);
    struct where where = {0};
    struct query q = {0};
    struct doc_list list;
    struct err err = {0};
    bson_t doc;

    where_str(&where, "email", WHERE_EQ, "nobody@example.org");
    q.where = where;
    assert_ok(store_find(s, COLL_USERS, &q, &list, &err));
    assert_int_equal(list.count, 0);
    assert_null(list.next);
    doc_list_finish(&list);
    assert_false(store_find_one(s, COLL_USERS, &where, &doc, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
}

static void an_invalid_document_is_refused(void **state)
{
    struct store *s = store_of(state);
    struct err err = {0};
    bson_t doc;

    nth_doc(COLL_USERS, 1, &doc);
    doc_set_str(&doc, "email", "Not Lower@Example.org");
    assert_false(store_insert(s, COLL_USERS, &doc, &err));
    assert_int_equal(err.code, ERR_INVALID);
    assert_non_null(strstr(err.msg, "users.email"));
    assert_int_equal(count_all(s, COLL_USERS), 0);
    bson_destroy(&doc);
}

static void a_unique_index_is_named_when_it_refuses(void **state)
{
    struct store *s = store_of(state);
    struct err err = {0};
    bson_t doc;

    put_users(s, 1);
    nth_doc(COLL_USERS, 2, &doc);
    doc_set_str(&doc, "email", "user1@example.org");
    assert_false(store_insert(s, COLL_USERS, &doc, &err));
    assert_int_equal(err.code, ERR_DUPLICATE);
    assert_non_null(strstr(err.msg, "email_1"));
    bson_destroy(&doc);

    nth_doc(COLL_USERS, 1, &doc);
    doc_set_str(&doc, "email", "other@example.org");
    assert_false(store_insert(s, COLL_USERS, &doc, &err));
    assert_int_equal(err.code, ERR_DUPLICATE);
    assert_non_null(strstr(err.msg, "_id_"));
    bson_destroy(&doc);

    put_nth(s, COLL_SUBSCRIPTIONS, 1);
    nth_doc(COLL_SUBSCRIPTIONS, 1, &doc);
    set_oid(&doc, "_id", "0123456789abcdef01234567");
    assert_false(store_insert(s, COLL_SUBSCRIPTIONS, &doc, &err));
    assert_int_equal(err.code, ERR_DUPLICATE);
    assert_non_null(strstr(err.msg, "user_id_1"));
    bson_destroy(&doc);
    assert_int_equal(count_all(s, COLL_USERS), 1);
}

static void many_go_in_together(void **state)
{
    struct store *s = store_of(state);
    struct err err = {0};
    bson_t docs[4];
    const bson_t *list[4];

    for (int i = 0; i < 4; i++) {
        nth_doc(COLL_USERS, i == 3 ? 1 : i + 1, &docs[i]); /* the last repeats the first */
        list[i] = &docs[i];
    }
    assert_false(store_insert_many(s, COLL_USERS, list, 4, &err));
    assert_int_equal(err.code, ERR_DUPLICATE);
    assert_int_equal(count_all(s, COLL_USERS), store_has_transactions(s) ? 0 : 3);
    if (store_has_transactions(s))
        assert_ok(store_insert_many(s, COLL_USERS, list, 3, &err));
    assert_int_equal(count_all(s, COLL_USERS), 3);
    assert_ok(store_insert_many(s, COLL_USERS, list, 0, &err));
    for (int i = 0; i < 4; i++)
        bson_destroy(&docs[i]);
}

static char *long_text(size_t len)
{
    char *text = mem_zero(1, len + 1);

    memset(text, 'x', len);
    return text;
}

static void fifteen_mebibytes_fit_and_seventeen_do_not(void **state)
{
    struct store *s = store_of(state);
    char *text = long_text(15u << 20);
    struct err err = {0};
    bson_t doc, found;

    put_plans(s, 1);
    nth_doc(COLL_SECTIONS, 1, &doc);
    doc_set_str(&doc, "content", text);
    put(s, COLL_SECTIONS, &doc);
    get_nth(s, COLL_SECTIONS, 1, &found);
    assert_true(bson_equal(&doc, &found));
    bson_destroy(&doc);
    bson_destroy(&found);
    free(text);

    text = long_text(17u << 20);
    nth_doc(COLL_SECTIONS, 2, &doc);
    doc_set_str(&doc, "content", text);
    assert_false(store_insert(s, COLL_SECTIONS, &doc, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    bson_destroy(&doc);
    free(text);
}

/* ---- conditions ----------------------------------------------------------------------------- */

/* Plans 1 to 5: name "plan N", current_version N (3 as a double), completed_at second N for the
 * odd ones and null for the even, organisation_id absent in 5, metadata.flag true in 1 and 2. */
static void put_varied_plans(struct store *s)
{
    put_users(s, 1);
    for (int i = 1; i <= 5; i++) {
        char name[32];
        bson_t doc;

        nth_doc(COLL_PLANS, i, &doc);
        snprintf(name, sizeof name, "plan %d", i);
        doc_set_str(&doc, "name", name);
        if (i == 3)
            doc_set_num(&doc, "current_version", 3.0);
        else
            doc_set_int(&doc, "current_version", i);
        if (i % 2 == 1)
            doc_set_date(&doc, "completed_at", at_second(i));
        doc_set_str(&doc, "organisation_id", "org");
        if (i == 5)
            doc_unset(&doc, "organisation_id");
        if (i <= 2)
            doc_set_bool(&doc, "metadata.flag", true);
        doc_set_str(&doc, "status", i < 3 ? "draft" : "complete");
        put(s, COLL_PLANS, &doc);
        bson_destroy(&doc);
    }
}

static void conditions_match_the_table(void **state)
{
    static const struct {
        const char *field;
        enum where_op op;
        enum where_type type;
        const char *str;
        int64_t num;
        const char *want; /* the plans, in order */
    } table[] = {
        {"_id", WHERE_EQ, WHERE_ID, "ABCDEF010000000200000003", 0, "3"},
        {"_id", WHERE_NE, WHERE_ID, "abcdef010000000200000003", 0, "1245"},
        {"_id", WHERE_GT, WHERE_ID, "abcdef010000000200000003", 0, "45"},
        {"_id", WHERE_EQ, WHERE_ID, "000000000000000000000000", 0, ""},
        {"status", WHERE_EQ, WHERE_STR, "draft", 0, "12"},
        {"status", WHERE_NE, WHERE_STR, "draft", 0, "345"},
        {"status", WHERE_EQ, WHERE_INT, NULL, 1, ""},
        {"status", WHERE_NE, WHERE_INT, NULL, 1, "12345"},
        {"name", WHERE_EQ, WHERE_STR, "plan 2", 0, "2"},
        {"name", WHERE_LT, WHERE_STR, "plan 2", 0, "1"},
        {"name", WHERE_LE, WHERE_STR, "plan 2", 0, "12"},
        {"name", WHERE_GT, WHERE_STR, "plan 2", 0, "345"},
        {"name", WHERE_GE, WHERE_STR, "plan 2", 0, "2345"},
        {"name", WHERE_NE, WHERE_STR, "plan 2", 0, "1345"},
        {"name", WHERE_GT, WHERE_INT, NULL, 0, ""},
        {"name", WHERE_LT, WHERE_INT, NULL, 9, ""},
        {"current_version", WHERE_EQ, WHERE_INT, NULL, 3, "3"},
        {"current_version", WHERE_NE, WHERE_INT, NULL, 3, "1245"},
        {"current_version", WHERE_LT, WHERE_INT, NULL, 3, "12"},
        {"current_version", WHERE_LE, WHERE_INT, NULL, 3, "123"},
        {"current_version", WHERE_GT, WHERE_INT, NULL, 3, "45"},
        {"current_version", WHERE_GE, WHERE_INT, NULL, 3, "345"},
        {"current_version", WHERE_GE, WHERE_STR, "", 0, ""},
        {"created_at", WHERE_EQ, WHERE_DATE, NULL, T0 + 2, "2"},
        {"created_at", WHERE_NE, WHERE_DATE, NULL, T0 + 2, "1345"},
        {"created_at", WHERE_LT, WHERE_DATE, NULL, T0 + 2, "1"},
        {"created_at", WHERE_LE, WHERE_DATE, NULL, T0 + 2, "12"},
        {"created_at", WHERE_GT, WHERE_DATE, NULL, T0 + 2, "345"},
        {"created_at", WHERE_GE, WHERE_DATE, NULL, T0 + 2, "2345"},
        {"created_at", WHERE_GT, WHERE_INT, NULL, 0, ""},
        {"completed_at", WHERE_EQ, WHERE_DATE, NULL, T0 + 3, "3"},
        {"completed_at", WHERE_LT, WHERE_DATE, NULL, T0 + 9, "135"},
        {"completed_at", WHERE_GE, WHERE_DATE, NULL, -5, "135"},
        {"completed_at", WHERE_NE, WHERE_DATE, NULL, T0 + 3, "1245"},
        {"completed_at", WHERE_EQ, WHERE_NULL, NULL, 0, "24"},
        {"completed_at", WHERE_NE, WHERE_NULL, NULL, 0, "135"},
        {"organisation_id", WHERE_EQ, WHERE_NULL, NULL, 0, "5"},
        {"organisation_id", WHERE_NE, WHERE_NULL, NULL, 0, "1234"},
        {"status", WHERE_EQ, WHERE_NULL, NULL, 0, ""},
        {"metadata.flag", WHERE_EQ, WHERE_BOOL, NULL, 1, "12"},
        {"metadata.flag", WHERE_EQ, WHERE_BOOL, NULL, 0, ""},
        {"metadata.flag", WHERE_NE, WHERE_BOOL, NULL, 1, "345"},
        {"metadata.flag", WHERE_EQ, WHERE_INT, NULL, 1, ""},
        {"metadata.rev", WHERE_EQ, WHERE_INT, NULL, 1, "12345"},
        {"nowhere.at.all", WHERE_EQ, WHERE_STR, "x", 0, ""},
        {"nowhere.at.all", WHERE_NE, WHERE_STR, "x", 0, "12345"},
        {"nowhere.at.all", WHERE_EQ, WHERE_NULL, NULL, 0, "12345"},
    };
    struct store *s = store_of(state);

    put_varied_plans(s);
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        int64_t num = table[i].type == WHERE_DATE ? table[i].num * 1000 : table[i].num;
        struct where_term term = {table[i].field, table[i].op, table[i].type, table[i].str, num};
        struct query q = {.where = {.count = 1, .terms = {term}}};
        struct doc_list list;
        struct err err = {0};
        char got[16] = "";

        assert_ok(store_find(s, COLL_PLANS, &q, &list, &err));
        for (size_t k = 0; k < list.count; k++)
            snprintf(got + k, sizeof got - k, "%d", n_of(list.docs[k]));
        if (strcmp(got, table[i].want) != 0)
            fail_msg("row %zu, %s: plans \"%s\", not \"%s\"", i, table[i].field, got,
                     table[i].want);
        assert_int_equal(count_where(s, COLL_PLANS, &q.where), strlen(table[i].want));
        doc_list_finish(&list);
    }
}

static void all_terms_must_hold(void **state)
{
    struct store *s = store_of(state);
    struct where where = {0};
    char id[ID_LEN + 1];

    put_varied_plans(s);
    where_id(&where, "user_id", nth_id(COLL_USERS, 1, id));
    where_str(&where, "status", WHERE_EQ, "complete");
    where_int(&where, "current_version", WHERE_GT, 3);
    where_null(&where, "completed_at", false);
    where_date(&where, "created_at", WHERE_LE, at_second(9));
    assert_int_equal(count_where(s, COLL_PLANS, &where), 1);
    where_bool(&where, "metadata.flag", true);
    assert_int_equal(count_where(s, COLL_PLANS, &where), 0);
}

static void impossible_conditions_are_refused(void **state)
{
    struct store *s = store_of(state);
    struct where many = {0}, bad_id = {0}, bad_path = {0}, bad_op = {0}, no_text = {0};
    const struct where *const bad[] = {&many, &bad_id, &bad_path, &bad_op, &no_text};

    for (int i = 0; i <= WHERE_MAX; i++)
        where_int(&many, "metadata.rev", WHERE_GT, i);
    where_id(&bad_id, "_id", "not an id");
    where_int(&bad_path, "metadata.$where", WHERE_EQ, 1);
    where_bool(&bad_op, "metadata.flag", true);
    bad_op.terms[0].op = WHERE_LT;
    where_str(&no_text, "name", WHERE_EQ, NULL);
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct err err = {0};
        int64_t count;

        assert_false(store_count(s, COLL_PLANS, bad[i], &count, &err));
        assert_int_equal(err.code, ERR_INVALID);
    }
}

/* ---- order and pages ------------------------------------------------------------------------ */

enum { PAGED = 11 };

/* Plans 1 to 11 in groups of three that share created_at; completed_at is null for every third. */
static void put_tied_plans(struct store *s)
{
    put_users(s, 1);
    for (int i = 1; i <= PAGED; i++) {
        bson_t doc;

        nth_doc(COLL_PLANS, i, &doc);
        doc_set_date(&doc, "created_at", at_second(i / 3));
        if (i % 3 != 0)
            doc_set_date(&doc, "completed_at", at_second(i / 4));
        doc_set_num(&doc, "metadata.score", i % 2 ? i / 2 : i / 2 + 0.5);
        if (i == 7)
            doc_unset(&doc, "metadata.score");
        put(s, COLL_PLANS, &doc);
        bson_destroy(&doc);
    }
}

static void read_all(struct store *s, struct query *q, int *got, size_t *count)
{
    struct doc_list list;
    struct err err = {0};

    *count = 0;
    assert_ok(store_find(s, COLL_PLANS, q, &list, &err));
    assert_null(list.next);
    for (size_t i = 0; i < list.count; i++)
        got[(*count)++] = n_of(list.docs[i]);
    doc_list_finish(&list);
}

static void read_in_pages(struct store *s, struct query *q, int64_t limit, int *got, size_t *count)
{
    char *after = NULL;

    *count = 0;
    do {
        struct doc_list list;
        struct err err = {0};

        q->limit = limit;
        q->after = after;
        assert_ok(store_find(s, COLL_PLANS, q, &list, &err));
        assert_true(list.count > 0 && list.count <= (size_t)limit);
        for (size_t i = 0; i < list.count && *count < 2 * PAGED; i++)
            got[(*count)++] = n_of(list.docs[i]);
        free(after);
        after = mem_str(list.next);
        doc_list_finish(&list);
    } while (after && *count < 2 * PAGED);
    free(after);
    q->limit = 0;
    q->after = NULL;
}

static void pages_join_to_the_whole_in_every_order(void **state)
{
    static const char *const sorts[] = {NULL, "_id", "created_at", "completed_at",
                                        "metadata.score", "name", "nowhere"};
    struct store *s = store_of(state);
    char id[ID_LEN + 1];

    put_tied_plans(s);
    for (size_t i = 0; i < ARRAY_LEN(sorts) * 2; i++) {
        struct query q = {.sort = sorts[i / 2], .descending = i % 2};
        int whole[2 * PAGED], paged[2 * PAGED];
        size_t count, paged_count;

        where_id(&q.where, "user_id", nth_id(COLL_USERS, 1, id));
        read_all(s, &q, whole, &count);
        assert_int_equal(count, PAGED);
        for (int64_t limit = 1; limit <= PAGED; limit++) {
            read_in_pages(s, &q, limit, paged, &paged_count);
            assert_int_equal(paged_count, PAGED);
            assert_memory_equal(paged, whole, sizeof whole[0] * PAGED);
        }
    }
}

static void order_is_by_value_then_id_and_null_is_least(void **state)
{
    static const struct {
        const char *sort;
        bool descending;
        int want[PAGED];
    } table[] = {
        {NULL, false, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}},
        {NULL, true, {11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1}},
        {"created_at", false, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}},
        {"created_at", true, {11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1}},
        {"completed_at", false, {3, 6, 9, 1, 2, 4, 5, 7, 8, 10, 11}},
        {"completed_at", true, {11, 10, 8, 7, 5, 4, 2, 1, 9, 6, 3}},
        {"metadata.score", false, {7, 1, 3, 2, 5, 4, 6, 9, 8, 11, 10}},
    };
    struct store *s = store_of(state);

    put_tied_plans(s);
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct query q = {.sort = table[i].sort, .descending = table[i].descending};
        int got[2 * PAGED];
        size_t count;

        read_all(s, &q, got, &count);
        assert_int_equal(count, PAGED);
        for (size_t k = 0; k < PAGED; k++)
            if (got[k] != table[i].want[k])
                fail_msg("row %zu: place %zu is plan %d, not %d", i, k, got[k], table[i].want[k]);
    }
}

static void a_page_is_stable_while_others_insert_and_delete(void **state)
{
    struct store *s = store_of(state);
    struct query q = {.sort = "created_at", .descending = true, .limit = 3};
    struct doc_list first, second;
    struct where gone = {0};
    struct err err = {0};
    char id[ID_LEN + 1];
    int64_t matched;

    put_plans(s, 6);
    assert_ok(store_find(s, COLL_PLANS, &q, &first, &err)); /* 6 5 4 */
    put_nth(s, COLL_PLANS, 7);
    where_id(&gone, "_id", nth_id(COLL_PLANS, 4, id)); /* the one the cursor stands on */
    assert_ok(store_remove(s, COLL_PLANS, &gone, &matched, &err));
    q.after = first.next;
    assert_ok(store_find(s, COLL_PLANS, &q, &second, &err));
    assert_int_equal(second.count, 3);
    assert_int_equal(n_of(second.docs[0]), 3);
    assert_int_equal(n_of(second.docs[2]), 1);
    assert_null(second.next);
    doc_list_finish(&first);
    doc_list_finish(&second);
}

static void a_cursor_of_another_query_is_refused(void **state)
{
    struct store *s = store_of(state);
    struct query q = {.sort = "created_at", .limit = 2}, other;
    struct doc_list page, none;
    struct err err = {0};
    char *torn;

    put_plans(s, 5);
    assert_ok(store_find(s, COLL_PLANS, &q, &page, &err));
    q.after = page.next;
    other = q;
    other.descending = true;
    assert_false(store_find(s, COLL_PLANS, &other, &none, &err));
    assert_int_equal(err.code, ERR_INVALID);
    other = q;
    other.sort = "name";
    assert_false(store_find(s, COLL_PLANS, &other, &none, &err));
    other = q;
    where_str(&other.where, "status", WHERE_EQ, "draft");
    assert_false(store_find(s, COLL_PLANS, &other, &none, &err));
    assert_false(store_find(s, COLL_EXPORTS, &q, &none, &err));
    torn = mem_strn(page.next, strlen(page.next) / 2);
    other = q;
    other.after = torn;
    assert_false(store_find(s, COLL_PLANS, &other, &none, &err));
    other.after = "%%%";
    assert_false(store_find(s, COLL_PLANS, &other, &none, &err));
    assert_int_equal(err.code, ERR_INVALID);
    other = q;
    other.limit = 9; /* the size of a page may change */
    assert_ok(store_find(s, COLL_PLANS, &other, &none, &err));
    assert_int_equal(none.count, 3);
    doc_list_finish(&none);
    doc_list_finish(&page);
    free(torn);
}

static void only_the_fields_asked_for_come(void **state)
{
    static const char *const fields[] = {"name", "metadata", "nowhere", NULL};
    struct store *s = store_of(state);
    struct query q = {.sort = "created_at", .limit = 2, .fields = fields};
    struct doc_list list;
    struct err err = {0};

    put_plans(s, 3);
    for (int page = 0; page < 2; page++) {
        char *next;

        assert_ok(store_find(s, COLL_PLANS, &q, &list, &err));
        assert_int_equal(list.count, page == 0 ? 2 : 1);
        assert_int_equal(bson_count_keys(list.docs[0]), 3);
        assert_int_equal(n_of(list.docs[0]), page == 0 ? 1 : 3);
        assert_string_equal(doc_str(list.docs[0], "name", ""), "Harbour Bakery");
        assert_int_equal(doc_int(list.docs[0], "metadata.rev", 0), 1);
        next = mem_str(list.next); /* the sort field was not asked for, yet the page goes on */
        assert_true((next != NULL) == (page == 0));
        doc_list_finish(&list);
        free((void *)(uintptr_t)q.after);
        q.after = next;
    }
}

/* ---- changing ------------------------------------------------------------------------------- */

static void a_patch_says_how_many_matched(void **state)
{
    struct store *s = store_of(state);
    struct where none = {0}, one = {0}, many = {0};
    int64_t matched = -1;
    struct err err = {0};
    struct patch patch;
    char id[ID_LEN + 1];

    put_varied_plans(s);
    where_str(&none, "name", WHERE_EQ, "nobody");
    where_id(&one, "_id", nth_id(COLL_PLANS, 4, id));
    where_str(&many, "status", WHERE_EQ, "complete");
    patch_init(&patch);
    patch_str(&patch, "error", "seen");
    assert_ok(store_patch(s, COLL_PLANS, &none, &patch, &matched, &err));
    assert_int_equal(matched, 0);
    assert_ok(store_patch(s, COLL_PLANS, &one, &patch, &matched, &err));
    assert_int_equal(matched, 1);
    assert_ok(store_patch(s, COLL_PLANS, &one, &patch, &matched, &err)); /* matched, unchanged */
    assert_int_equal(matched, 1);
    assert_ok(store_patch(s, COLL_PLANS, &many, &patch, &matched, &err));
    assert_int_equal(matched, 3);
    patch_finish(&patch);
    where_str(&many, "error", WHERE_EQ, "seen");
    assert_int_equal(count_where(s, COLL_PLANS, &many), 3);
}

static void set_inc_and_unset_change_just_their_paths(void **state)
{
    struct store *s = store_of(state);
    bson_t before, after, sub = BSON_INITIALIZER, list = BSON_INITIALIZER;
    struct where one = {0};
    int64_t matched = -1;
    struct err err = {0};
    struct patch patch;
    char id[ID_LEN + 1];

    put_plans(s, 2);
    get_nth(s, COLL_PLANS, 2, &before);
    where_id(&one, "_id", nth_id(COLL_PLANS, 1, id));
    BSON_APPEND_UTF8(&sub, "key", "value");
    BSON_APPEND_UTF8(&list, "0", "sales");
    patch_init(&patch);
    patch_str(&patch, "name", "New \xe2\x82\xac name");
    patch_str(&patch, "organisation_id", NULL);
    patch_int(&patch, "current_version", 5);
    patch_num(&patch, "intake_data.price_per_unit", 4.2);
    patch_bool(&patch, "settings.a.b.c", true);
    patch_date(&patch, "completed_at", at_second(77));
    patch_doc(&patch, "generation_metadata.lease", &sub);
    patch_array(&patch, "intake_data.revenue_model", &list);
    patch_inc(&patch, "metadata.rev", 1);
    patch_inc(&patch, "metadata.fresh", -3); /* absent counts as 0 */
    patch_inc(&patch, "metadata.big", INT64_C(1) << 40);
    patch_unset(&patch, "error");
    patch_unset(&patch, "metadata.never");
    assert_ok(store_patch(s, COLL_PLANS, &one, &patch, &matched, &err));
    patch_finish(&patch);

    get_nth(s, COLL_PLANS, 1, &after);
    assert_string_equal(doc_str(&after, "name", ""), "New \xe2\x82\xac name");
    assert_int_equal(doc_int(&after, "current_version", 0), 5);
    assert_true(doc_num(&after, "intake_data.price_per_unit", 0) == 4.2);
    assert_true(doc_bool(&after, "settings.a.b.c", false));
    assert_int_equal(doc_date(&after, "completed_at", 0), at_second(77));
    assert_string_equal(doc_str(&after, "generation_metadata.lease.key", ""), "value");
    assert_string_equal(doc_str(&after, "intake_data.revenue_model.0", ""), "sales");
    assert_int_equal(doc_int(&after, "metadata.rev", 0), 2);
    assert_int_equal(doc_int(&after, "metadata.fresh", 0), -3);
    assert_int_equal(doc_int(&after, "metadata.big", 0), INT64_C(1) << 40);
    assert_int_equal(doc_int(&after, "metadata.schema", 0), SCHEMA_VERSION);
    assert_false(bson_has_field(&after, "error"));
    assert_string_equal(doc_str(&after, "status", ""), "draft");
    bson_destroy(&after);
    get_nth(s, COLL_PLANS, 2, &after);
    assert_true(bson_equal(&before, &after)); /* the other plan is as it was */
    bson_destroy(&before);
    bson_destroy(&after);
    bson_destroy(&sub);
    bson_destroy(&list);
}

static void an_element_of_an_array_can_be_set(void **state)
{
    struct store *s = store_of(state);
    struct where one = {0};
    bson_t doc, rows = BSON_INITIALIZER, row = BSON_INITIALIZER;
    int64_t matched = 0;
    struct err err = {0};
    struct patch patch;
    char id[ID_LEN + 1];

    put_users(s, 1);
    BSON_APPEND_UTF8(&row, "name", "bread");
    BSON_APPEND_DOCUMENT(&rows, "0", &row);
    BSON_APPEND_DOCUMENT(&rows, "1", &row);
    nth_doc(COLL_PLANS, 1, &doc);
    doc_set_doc(&doc, "intake_data.products", &rows, true);
    put(s, COLL_PLANS, &doc);
    bson_destroy(&doc);
    where_id(&one, "_id", nth_id(COLL_PLANS, 1, id));
    patch_init(&patch);
    patch_num(&patch, "intake_data.products.1.price", 2.5);
    patch_doc(&patch, "intake_data.products.2", &row);
    assert_ok(store_patch(s, COLL_PLANS, &one, &patch, &matched, &err));
    patch_finish(&patch);
    get_nth(s, COLL_PLANS, 1, &doc);
    assert_int_equal(doc_count(&doc, "intake_data.products"), 3);
    assert_true(doc_num(&doc, "intake_data.products.1.price", 0) == 2.5);
    assert_string_equal(doc_str(&doc, "intake_data.products.1.name", ""), "bread");
    assert_false(doc_has(&doc, "intake_data.products.0.price"));
    bson_destroy(&doc);
    bson_destroy(&rows);
    bson_destroy(&row);
}

static void what_is_taken_out_of_an_array_leaves_a_null(void **state)
{
    struct store *s = store_of(state);
    struct where one = {0};
    bson_t doc, list = BSON_INITIALIZER;
    int64_t matched = 0;
    struct err err = {0};
    struct patch patch;
    char id[ID_LEN + 1];

    put_users(s, 1);
    BSON_APPEND_INT32(&list, "0", 1);
    BSON_APPEND_INT32(&list, "1", 2);
    nth_doc(COLL_PLANS, 1, &doc);
    doc_set_doc(&doc, "metadata.list", &list, true);
    put(s, COLL_PLANS, &doc);
    bson_destroy(&doc);
    where_id(&one, "_id", nth_id(COLL_PLANS, 1, id));
    patch_init(&patch);
    patch_unset(&patch, "metadata.list.0");
    assert_ok(store_patch(s, COLL_PLANS, &one, &patch, &matched, &err));
    patch_finish(&patch);
    get_nth(s, COLL_PLANS, 1, &doc);
    assert_int_equal(doc_count(&doc, "metadata.list"), 2);
    assert_false(doc_has(&doc, "metadata.list.0"));
    assert_int_equal(doc_int(&doc, "metadata.list.1", 0), 2);
    bson_destroy(&doc);
    bson_destroy(&list);
}

static void a_whole_number_grows_past_32_bits(void **state)
{
    struct store *s = store_of(state);
    struct where one = {0};
    int64_t matched = 0;
    struct err err = {0};
    struct patch patch;
    char id[ID_LEN + 1];
    bson_t doc;

    put_users(s, 1);
    nth_doc(COLL_PLANS, 1, &doc);
    doc_set_int(&doc, "metadata.n", INT32_MAX);
    doc_set_num(&doc, "metadata.x", 0.5);
    put(s, COLL_PLANS, &doc);
    bson_destroy(&doc);
    where_id(&one, "_id", nth_id(COLL_PLANS, 1, id));
    patch_init(&patch);
    patch_inc(&patch, "metadata.n", 1);
    patch_inc(&patch, "metadata.x", 2);
    assert_ok(store_patch(s, COLL_PLANS, &one, &patch, &matched, &err));
    patch_finish(&patch);
    get_nth(s, COLL_PLANS, 1, &doc);
    assert_int_equal(doc_int(&doc, "metadata.n", 0), INT64_C(2147483648));
    assert_true(doc_num(&doc, "metadata.x", 0) == 2.5);
    bson_destroy(&doc);
}

/* Only the document tells that these cannot be: the schema does not know the fields. */
static void a_patch_the_document_cannot_take_is_invalid(void **state)
{
    struct store *s = store_of(state);
    struct where one = {0};
    bson_t before, after;
    char id[ID_LEN + 1];

    put_users(s, 1);
    nth_doc(COLL_PLANS, 1, &before);
    doc_set_str(&before, "metadata.word", "text");
    doc_set_str(&before, "metadata.nothing", NULL);
    put(s, COLL_PLANS, &before);
    where_id(&one, "_id", nth_id(COLL_PLANS, 1, id));
    for (int i = 0; i < 3; i++) {
        int64_t matched = -1;
        struct err err = {0};
        struct patch patch;

        patch_init(&patch);
        patch_str(&patch, "error", "half done");
        if (i == 0)
            patch_str(&patch, "metadata.word.deeper", "x");
        else if (i == 1)
            patch_str(&patch, "metadata.nothing.deeper", "x");
        else
            patch_inc(&patch, "metadata.word", 1);
        if (store_patch(s, COLL_PLANS, &one, &patch, &matched, &err))
            fail_msg("patch %d was accepted", i);
        assert_int_equal(err.code, ERR_INVALID);
        patch_finish(&patch);
    }
    get_nth(s, COLL_PLANS, 1, &after);
    assert_true(bson_equal(&before, &after));
    bson_destroy(&before);
    bson_destroy(&after);
}

static bool rename_at_rev(struct store *s, int n, int64_t rev, const char *name, int64_t *matched,
                          struct err *err)
{
    struct where where = {0};
    char id[ID_LEN + 1];
    struct patch patch;
    bool ok;

    where_id(&where, "_id", nth_id(COLL_PLANS, n, id));
    where_int(&where, "metadata.rev", WHERE_EQ, rev);
    patch_init(&patch);
    patch_str(&patch, "name", name);
    patch_inc(&patch, "metadata.rev", 1);
    ok = store_patch(s, COLL_PLANS, &where, &patch, matched, err);
    patch_finish(&patch);
    return ok;
}

static void a_patch_of_a_stale_revision_matches_nothing(void **state)
{
    struct store *s = store_of(state);
    int64_t matched = -1;
    struct err err = {0};
    bson_t doc;

    put_plans(s, 1);
    assert_ok(rename_at_rev(s, 1, 1, "theirs", &matched, &err));
    assert_int_equal(matched, 1);
    assert_ok(rename_at_rev(s, 1, 1, "mine", &matched, &err));
    assert_int_equal(matched, 0);
    get_nth(s, COLL_PLANS, 1, &doc);
    assert_string_equal(doc_str(&doc, "name", ""), "theirs");
    bson_destroy(&doc);
}

/* Each patch is wrong in one way and goes with a right one; neither may be seen afterwards. */
static void a_patch_that_breaks_a_rule_writes_nothing(void **state)
{
    struct store *s = store_of(state);
    struct where one = {0};
    bson_t before, after;
    char id[ID_LEN + 1];

    put_plans(s, 1);
    get_nth(s, COLL_PLANS, 1, &before);
    where_id(&one, "_id", nth_id(COLL_PLANS, 1, id));
    for (int i = 0; i < 13; i++) {
        int64_t matched = -1;
        struct err err = {0};
        struct patch patch;

        patch_init(&patch);
        if (i != 12)
            patch_str(&patch, "error", "half done");
        switch (i) {
        case 0: patch_str(&patch, "name", ""); break;
        case 1: patch_str(&patch, "status", "finished"); break;
        case 2: patch_int(&patch, "name", 5); break;
        case 3: patch_str(&patch, "intake_data.currency", "XXX"); break;
        case 4: patch_num(&patch, "intake_data.price_per_unit", NAN); break;
        case 5: patch_unset(&patch, "user_id"); break;
        case 6: patch_str(&patch, "_id", "0123456789abcdef01234567"); break;
        case 7: patch_inc(&patch, "name", 1); break;
        case 8: patch_str(&patch, "name.first", "x"); break;
        case 9: patch_str(&patch, "error.deeper", "x"); break;
        case 10: patch_str(&patch, "error", "twice"); break;
        case 11: patch_str(&patch, "metadata.$bad", "x"); break;
        default: break; /* 12: nothing at all */
        }
        if (store_patch(s, COLL_PLANS, &one, &patch, &matched, &err))
            fail_msg("patch %d was accepted", i);
        assert_int_equal(err.code, ERR_INVALID);
        assert_int_equal(matched, -1);
        patch_finish(&patch);
    }
    get_nth(s, COLL_PLANS, 1, &after);
    assert_true(bson_equal(&before, &after));
    bson_destroy(&before);
    bson_destroy(&after);
}

static void a_sum_out_of_range_writes_nothing(void **state)
{
    struct store *s = store_of(state);
    struct where one = {0};
    int64_t matched = -1;
    struct err err = {0};
    struct patch patch;
    char id[ID_LEN + 1];
    bson_t doc;

    put_users(s, 1);
    put_nth(s, COLL_SUBSCRIPTIONS, 1);
    where_id(&one, "_id", nth_id(COLL_SUBSCRIPTIONS, 1, id));
    patch_init(&patch);
    patch_inc(&patch, "plans_created_this_month", -1);
    if (store_patch(s, COLL_SUBSCRIPTIONS, &one, &patch, &matched, &err)) {
        bson_t info; /* a server without validators cannot know */

        assert_ok(store_info(s, &info, &err));
        assert_false(env_is_sqlite());
        assert_string_not_equal(doc_str(&info, "validators", "yes"), "yes");
        bson_destroy(&info);
    } else {
        assert_int_equal(err.code, ERR_INVALID);
        get_nth(s, COLL_SUBSCRIPTIONS, 1, &doc);
        assert_int_equal(doc_int(&doc, "plans_created_this_month", -1), 0);
        bson_destroy(&doc);
    }
    patch_finish(&patch);
}

static void a_newer_document_is_not_changed(void **state)
{
    struct store *s = store_of(state);
    int64_t matched = -1;
    struct err err = {0};
    bson_t doc;

    put_plans(s, 1);
    nth_doc(COLL_PLANS, 2, &doc);
    doc_set_int(&doc, "metadata.schema", SCHEMA_VERSION + 1);
    assert_false(store_insert(s, COLL_PLANS, &doc, &err));
    assert_int_equal(err.code, ERR_UNSUPPORTED);
    bson_destroy(&doc);
    assert_ok(rename_at_rev(s, 1, 1, "fine", &matched, &err));
}

static void find_and_patch_gives_the_document_after(void **state)
{
    struct store *s = store_of(state);
    struct where where = {0};
    struct err err = {0};
    struct patch patch;
    bson_t doc;

    put_varied_plans(s);
    where_str(&where, "status", WHERE_EQ, "draft");
    patch_init(&patch);
    patch_str(&patch, "status", "generating");
    patch_inc(&patch, "metadata.rev", 1);
    for (int i = 0; i < 2; i++) { /* one of two each time */
        assert_ok(store_find_and_patch(s, COLL_PLANS, &where, &patch, &doc, &err));
        assert_string_equal(doc_str(&doc, "status", ""), "generating");
        assert_int_equal(doc_int(&doc, "metadata.rev", 0), 2);
        bson_destroy(&doc);
    }
    assert_false(store_find_and_patch(s, COLL_PLANS, &where, &patch, &doc, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    patch_finish(&patch);
}

static void a_patch_meets_the_unique_indexes_too(void **state)
{
    struct store *s = store_of(state);
    struct where second = {0};
    int64_t matched = -1;
    struct err err = {0};
    struct patch patch;
    char id[ID_LEN + 1];

    put_users(s, 2);
    where_id(&second, "_id", nth_id(COLL_USERS, 2, id));
    patch_init(&patch);
    patch_str(&patch, "email", "user1@example.org");
    assert_false(store_patch(s, COLL_USERS, &second, &patch, &matched, &err));
    assert_int_equal(err.code, ERR_DUPLICATE);
    assert_non_null(strstr(err.msg, "email_1"));
    patch_finish(&patch);
    where_str(&second, "email", WHERE_EQ, "user2@example.org");
    assert_int_equal(count_where(s, COLL_USERS, &second), 1);
}

static void what_was_patched_is_found_by_its_new_value(void **state)
{
    struct store *s = store_of(state);
    struct where was = {0}, is = {0};
    int64_t matched = -1;
    struct err err = {0};
    struct patch patch;

    put_plans(s, 2);
    where_str(&was, "status", WHERE_EQ, "draft");
    where_str(&is, "status", WHERE_EQ, "archived");
    patch_init(&patch);
    patch_str(&patch, "status", "archived");
    assert_ok(store_patch(s, COLL_PLANS, &was, &patch, &matched, &err));
    patch_finish(&patch);
    assert_int_equal(count_where(s, COLL_PLANS, &was), 0);
    assert_int_equal(count_where(s, COLL_PLANS, &is), 2);
}

static void remove_takes_what_matches(void **state)
{
    struct store *s = store_of(state);
    struct where where = {0};
    int64_t matched = -1;
    struct err err = {0};

    put_varied_plans(s);
    where_str(&where, "status", WHERE_EQ, "complete");
    assert_ok(store_remove(s, COLL_PLANS, &where, &matched, &err));
    assert_int_equal(matched, 3);
    assert_int_equal(count_all(s, COLL_PLANS), 2);
    assert_ok(store_remove(s, COLL_PLANS, &where, &matched, &err));
    assert_int_equal(matched, 0);
}

/* ---- groups --------------------------------------------------------------------------------- */

static void a_group_is_done_whole(void **state)
{
    struct store *s = store_of(state);
    bson_t user, plan, section;
    struct where where = {0}, plans = {0};
    struct err err = {0};
    struct patch patch;
    size_t failed = 99;
    char id[ID_LEN + 1];

    nth_doc(COLL_USERS, 1, &user);
    nth_doc(COLL_PLANS, 1, &plan);
    nth_doc(COLL_SECTIONS, 1, &section);
    where_id(&where, "_id", nth_id(COLL_PLANS, 1, id));
    where_id(&plans, "plan_id", nth_id(COLL_PLANS, 1, id));
    patch_init(&patch);
    patch_str(&patch, "status", "complete");
    const struct write writes[] = {
        {.kind = WRITE_INSERT, .coll = COLL_SECTIONS, .doc = &section}, /* children first */
        {.kind = WRITE_INSERT, .coll = COLL_PLANS, .doc = &plan},
        {.kind = WRITE_INSERT, .coll = COLL_USERS, .doc = &user},
        {.kind = WRITE_PATCH, .coll = COLL_PLANS, .where = &where, .patch = &patch,
         .must_match = true},
        {.kind = WRITE_REMOVE, .coll = COLL_SECTIONS, .where = &plans, .must_match = true},
    };
    assert_ok(store_atomically(s, writes, ARRAY_LEN(writes), &failed, &err));
    assert_int_equal(failed, 99);
    assert_int_equal(count_all(s, COLL_USERS), 1);
    assert_int_equal(count_all(s, COLL_SECTIONS), 0);
    where_str(&where, "status", WHERE_EQ, "complete");
    assert_int_equal(count_where(s, COLL_PLANS, &where), 1);
    patch_finish(&patch);
    bson_destroy(&user);
    bson_destroy(&plan);
    bson_destroy(&section);
}

static void a_group_fails_all_or_stops_at_the_failure(void **state)
{
    struct store *s = store_of(state);
    bson_t second, again, third;
    struct err err = {0};
    size_t failed = 99;

    put_users(s, 1);
    nth_doc(COLL_USERS, 2, &second);
    nth_doc(COLL_USERS, 1, &again);
    nth_doc(COLL_USERS, 3, &third);
    const struct write writes[] = {
        {.kind = WRITE_INSERT, .coll = COLL_USERS, .doc = &second},
        {.kind = WRITE_INSERT, .coll = COLL_USERS, .doc = &again},
        {.kind = WRITE_INSERT, .coll = COLL_USERS, .doc = &third},
    };
    assert_false(store_atomically(s, writes, ARRAY_LEN(writes), &failed, &err));
    assert_int_equal(err.code, ERR_DUPLICATE);
    assert_int_equal(failed, 1);
    assert_int_equal(count_all(s, COLL_USERS), store_has_transactions(s) ? 1 : 2);
    bson_destroy(&second);
    bson_destroy(&again);
    bson_destroy(&third);
}

static void must_match_makes_a_missed_condition_a_conflict(void **state)
{
    struct store *s = store_of(state);
    struct where stale = {0};
    bson_t section;
    struct err err = {0};
    struct patch patch;
    size_t failed = 99;
    char id[ID_LEN + 1];

    put_plans(s, 1);
    nth_doc(COLL_SECTIONS, 1, &section);
    where_id(&stale, "_id", nth_id(COLL_PLANS, 1, id));
    where_int(&stale, "metadata.rev", WHERE_EQ, 9);
    patch_init(&patch);
    patch_str(&patch, "status", "complete");
    struct write writes[] = {
        {.kind = WRITE_INSERT, .coll = COLL_SECTIONS, .doc = &section},
        {.kind = WRITE_PATCH, .coll = COLL_PLANS, .where = &stale, .patch = &patch,
         .must_match = true},
    };
    assert_false(store_atomically(s, writes, 2, &failed, &err));
    assert_int_equal(err.code, ERR_CONFLICT);
    assert_int_equal(failed, 1);
    assert_int_equal(count_all(s, COLL_SECTIONS), store_has_transactions(s) ? 0 : 1);
    writes[0].kind = WRITE_INSERT_IF_ABSENT;
    writes[1].must_match = false;
    assert_ok(store_atomically(s, writes, 2, &failed, &err)); /* matching nothing is allowed */
    assert_int_equal(count_all(s, COLL_SECTIONS), 1);
    writes[1] = (struct write){.kind = WRITE_REMOVE, .coll = COLL_PLANS, .where = &stale,
                               .must_match = true};
    assert_false(store_atomically(s, writes, 2, &failed, &err));
    assert_int_equal(err.code, ERR_CONFLICT);
    patch_finish(&patch);
    bson_destroy(&section);
}

static void insert_if_absent_keeps_what_is_there(void **state)
{
    struct store *s = store_of(state);
    struct err err = {0};
    size_t failed = 99;
    bson_t mine, found;

    put_plans(s, 1);
    nth_doc(COLL_PLANS, 1, &mine);
    doc_set_str(&mine, "name", "mine");
    struct write write = {.kind = WRITE_INSERT_IF_ABSENT, .coll = COLL_PLANS, .doc = &mine};
    assert_ok(store_atomically(s, &write, 1, &failed, &err));
    get_nth(s, COLL_PLANS, 1, &found);
    assert_string_equal(doc_str(&found, "name", ""), "Harbour Bakery");
    bson_destroy(&found);
    bson_destroy(&mine);

    nth_doc(COLL_USERS, 2, &mine); /* another unique index still refuses */
    doc_set_str(&mine, "email", "user1@example.org");
    write.coll = COLL_USERS;
    assert_false(store_atomically(s, &write, 1, &failed, &err));
    assert_int_equal(err.code, ERR_DUPLICATE);
    bson_destroy(&mine);
}

static void a_group_is_checked_before_it_begins(void **state)
{
    struct store *s = store_of(state);
    struct err err = {0};
    size_t failed = 99;
    bson_t good, bad;

    nth_doc(COLL_USERS, 1, &good);
    nth_doc(COLL_USERS, 2, &bad);
    doc_set_str(&bad, "role", "owner");
    const struct write writes[] = {
        {.kind = WRITE_INSERT, .coll = COLL_USERS, .doc = &good},
        {.kind = WRITE_INSERT, .coll = COLL_USERS, .doc = &bad},
    };
    assert_false(store_atomically(s, writes, 2, &failed, &err));
    assert_int_equal(err.code, ERR_INVALID);
    assert_int_equal(failed, 1);
    assert_int_equal(count_all(s, COLL_USERS), 0);
    bson_destroy(&good);
    bson_destroy(&bad);
}

/* ---- several handles ------------------------------------------------------------------------ */

enum { ROUNDS = 60, RACES = 12 };

struct worker {
    const struct env *env;
    pthread_barrier_t *barrier;
    int done; /* increments acknowledged, or races won */
    char failure[256];
};

static void *count_up(void *arg)
{
    struct worker *w = arg;
    struct store *s = env_open(w->env);
    struct where one = {0};
    struct patch patch;
    char id[ID_LEN + 1];

    where_id(&one, "_id", nth_id(COLL_PLANS, 1, id));
    patch_init(&patch);
    patch_inc(&patch, "metadata.counter", 1);
    pthread_barrier_wait(w->barrier);
    for (int i = 0; s && i < ROUNDS; i++) {
        struct err err = {0};
        int64_t matched = 0;

        if (store_patch(s, COLL_PLANS, &one, &patch, &matched, &err))
            w->done += (int)matched;
        else
            snprintf(w->failure, sizeof w->failure, "%s", err.msg);
    }
    patch_finish(&patch);
    store_close(s);
    return NULL;
}

static void *race(void *arg)
{
    struct worker *w = arg;
    struct store *s = env_open(w->env);

    for (int i = 0; i < RACES; i++) {
        struct err err = {0};
        int64_t matched = 0;

        pthread_barrier_wait(w->barrier);
        if (s && rename_at_rev(s, 1, i + 1, "taken", &matched, &err))
            w->done += (int)matched;
        else
            snprintf(w->failure, sizeof w->failure, "%s", err.msg);
        pthread_barrier_wait(w->barrier);
    }
    store_close(s);
    return NULL;
}

static void run_two(void **state, void *(*work)(void *), struct worker workers[2])
{
    pthread_barrier_t barrier;
    pthread_t threads[2];

    pthread_barrier_init(&barrier, NULL, 2);
    for (int i = 0; i < 2; i++) {
        workers[i] = (struct worker){.env = *state, .barrier = &barrier};
        assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&barrier);
    for (int i = 0; i < 2; i++)
        assert_string_equal(workers[i].failure, "");
}

static void two_handles_count_without_losing_one(void **state)
{
    struct worker workers[2];
    bson_t doc;

    put_plans(store_of(state), 1);
    run_two(state, count_up, workers);
    assert_int_equal(workers[0].done, ROUNDS);
    assert_int_equal(workers[1].done, ROUNDS);
    get_nth(store_of(state), COLL_PLANS, 1, &doc);
    assert_int_equal(doc_int(&doc, "metadata.counter", 0), 2 * ROUNDS);
    bson_destroy(&doc);
}

static void of_two_racing_patches_one_wins(void **state)
{
    struct worker workers[2];
    bson_t doc;

    put_plans(store_of(state), 1);
    run_two(state, race, workers);
    assert_int_equal(workers[0].done + workers[1].done, RACES);
    get_nth(store_of(state), COLL_PLANS, 1, &doc);
    assert_int_equal(doc_int(&doc, "metadata.rev", 0), RACES + 1);
    bson_destroy(&doc);
}

static void what_one_handle_wrote_another_reads(void **state)
{
    struct store *other = env_open(*state);

    assert_non_null(other);
    put_plans(store_of(state), 3);
    assert_int_equal(count_all(other, COLL_PLANS), 3);
    put_nth(other, COLL_PLANS, 4);
    assert_int_equal(count_all(store_of(state), COLL_PLANS), 4);
    store_close(other);
    other = env_open(*state); /* opening what exists changes nothing */
    assert_int_equal(count_all(other, COLL_PLANS), 4);
    store_close(other);
}

/* ---- what it says of itself ----------------------------------------------------------------- */

static void expect_index(struct store *s, enum collection coll, const char *field,
                         const char *value, const char *sort, bool descending)
{
    struct query q = {.sort = sort, .descending = descending, .limit = 20};
    struct err err = {0};
    struct strbuf how;
    bool uses_index = false;

    if (field)
        where_str(&q.where, field, WHERE_EQ, value);
    strbuf_init(&how, 65536);
    assert_ok(store_explain(s, coll, &q, &uses_index, &how, &err));
    if (!uses_index)
        fail_msg("%s by %s: %s", collection_name(coll), field ? field : "nothing", how.data);
    assert_true(how.len > 0);
    strbuf_finish(&how);
}

static void the_usual_queries_use_an_index(void **state)
{
    struct store *s = store_of(state);
    char user[ID_LEN + 1], plan[ID_LEN + 1];

    put_plans(s, 3);
    nth_id(COLL_USERS, 1, user);
    nth_id(COLL_PLANS, 1, plan);
    expect_index(s, COLL_USERS, "_id", user, NULL, false);
    expect_index(s, COLL_USERS, "email", "user1@example.org", NULL, false);
    expect_index(s, COLL_SUBSCRIPTIONS, "user_id", user, NULL, false);
    expect_index(s, COLL_PLANS, "user_id", user, "created_at", true);
    expect_index(s, COLL_SECTIONS, "plan_id", plan, "order_index", false);
    expect_index(s, COLL_RESEARCH_PACKS, "plan_id", plan, NULL, false);
    expect_index(s, COLL_FINANCIAL_MODELS, "plan_id", plan, NULL, false);
    expect_index(s, COLL_COMPLIANCE_REPORTS, "plan_id", plan, NULL, false);
    expect_index(s, COLL_EXPORTS, "user_id", user, "created_at", true);
    expect_index(s, COLL_AUDIT_LOGS, "user_id", user, "created_at", true);
    expect_index(s, COLL_AUDIT_LOGS, "plan_id", plan, NULL, false);
}

static void a_query_without_an_index_is_told(void **state)
{
    struct store *s = store_of(state);
    struct query q = {.sort = "name"};
    struct err err = {0};
    struct strbuf how;
    bool uses_index = true;

    where_str(&q.where, "name", WHERE_EQ, "x");
    strbuf_init(&how, 65536);
    assert_ok(store_explain(s, COLL_PLANS, &q, &uses_index, &how, &err));
    assert_false(uses_index);
    strbuf_finish(&how);
}

static void info_describes_the_store(void **state)
{
    struct store *s = store_of(state);
    struct err err = {0};
    bson_t info;

    put_plans(s, 3);
    assert_ok(store_info(s, &info, &err));
    assert_true(doc_has(&info, "uri"));
    assert_true(doc_has(&info, "kind"));
    assert_true(doc_has(&info, "version"));
    assert_true(doc_bool(&info, "transactions", false) == store_has_transactions(s));
    assert_int_equal(doc_count(&info, "collections"), COLL_COUNT);
    for (int c = 0; c < COLL_COUNT; c++) {
        char path[48];

        snprintf(path, sizeof path, "collections.%d.name", c);
        assert_string_equal(doc_str(&info, path, ""), collection_name((enum collection)c));
        snprintf(path, sizeof path, "collections.%d.indexes_missing", c);
        assert_int_equal(doc_count(&info, path), 0);
        snprintf(path, sizeof path, "collections.%d.indexes_extra", c);
        assert_int_equal(doc_count(&info, path), 0);
    }
    assert_int_equal(doc_int(&info, "collections.2.documents", 0), 3);
    bson_destroy(&info);
}

#define CONTRACT(test) cmocka_unit_test_setup_teardown(test, env_setup, env_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CONTRACT(each_collection_gives_back_what_was_put_in),
        CONTRACT(values_keep_their_type_to_the_bit),
        CONTRACT(nothing_found_is_told_apart_from_failure),
        CONTRACT(an_invalid_document_is_refused),
        CONTRACT(a_unique_index_is_named_when_it_refuses),
        CONTRACT(many_go_in_together),
        CONTRACT(fifteen_mebibytes_fit_and_seventeen_do_not),
        CONTRACT(conditions_match_the_table),
        CONTRACT(all_terms_must_hold),
        CONTRACT(impossible_conditions_are_refused),
        CONTRACT(pages_join_to_the_whole_in_every_order),
        CONTRACT(order_is_by_value_then_id_and_null_is_least),
        CONTRACT(a_page_is_stable_while_others_insert_and_delete),
        CONTRACT(a_cursor_of_another_query_is_refused),
        CONTRACT(only_the_fields_asked_for_come),
        CONTRACT(a_patch_says_how_many_matched),
        CONTRACT(set_inc_and_unset_change_just_their_paths),
        CONTRACT(an_element_of_an_array_can_be_set),
        CONTRACT(what_is_taken_out_of_an_array_leaves_a_null),
        CONTRACT(a_whole_number_grows_past_32_bits),
        CONTRACT(a_patch_the_document_cannot_take_is_invalid),
        CONTRACT(a_patch_of_a_stale_revision_matches_nothing),
        CONTRACT(a_patch_that_breaks_a_rule_writes_nothing),
        CONTRACT(a_sum_out_of_range_writes_nothing),
        CONTRACT(a_newer_document_is_not_changed),
        CONTRACT(find_and_patch_gives_the_document_after),
        CONTRACT(a_patch_meets_the_unique_indexes_too),
        CONTRACT(what_was_patched_is_found_by_its_new_value),
        CONTRACT(remove_takes_what_matches),
        CONTRACT(a_group_is_done_whole),
        CONTRACT(a_group_fails_all_or_stops_at_the_failure),
        CONTRACT(must_match_makes_a_missed_condition_a_conflict),
        CONTRACT(insert_if_absent_keeps_what_is_there),
        CONTRACT(a_group_is_checked_before_it_begins),
        CONTRACT(two_handles_count_without_losing_one),
        CONTRACT(of_two_racing_patches_one_wins),
        CONTRACT(what_one_handle_wrote_another_reads),
        CONTRACT(the_usual_queries_use_an_index),
        CONTRACT(a_query_without_an_index_is_told),
        CONTRACT(info_describes_the_store),
    };

    return cmocka_run_group_tests_name("store contract", tests, NULL, NULL);
}
