/* Cursors: what goes in comes out, of every scalar type; the text is safe in a URL and on a
 * command line; damage, and a cursor of another query, are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "store/cursor.h"
#include "strattio/err.h"
#include "strattio/mem.h"

static const char id[] = "65a1b2c3d4e5f60718293a4b";

static struct query by_date(void)
{
    struct query q = {.sort = "created_at", .descending = true, .limit = 20};

    q.where.count = 1;
    q.where.terms[0] = (struct where_term){"user_id", WHERE_EQ, WHERE_STR, "u1", 0};
    return q;
}

/* The cursor of a document whose created_at is `value`; NULL leaves the field out. */
static char *encode(const struct query *q, const bson_value_t *value)
{
    bson_t doc = BSON_INITIALIZER;
    bson_oid_t oid;
    char *text;

    bson_oid_init_from_string(&oid, id);
    BSON_APPEND_OID(&doc, "_id", &oid);
    if (value)
        BSON_APPEND_VALUE(&doc, "created_at", value);
    text = cursor_encode(COLL_PLANS, q, &doc);
    bson_destroy(&doc);
    return text;
}

static void every_scalar_comes_back(void **state)
{
    static char word[] = "Caf\xc3\xa9 \xe2\x82\xac \"1\"";
    const bson_value_t values[] = {
        {.value_type = BSON_TYPE_DATE_TIME, .value.v_datetime = INT64_C(1795560347287)},
        {.value_type = BSON_TYPE_INT32, .value.v_int32 = -7},
        {.value_type = BSON_TYPE_INT64, .value.v_int64 = INT64_C(1) << 53},
        {.value_type = BSON_TYPE_DOUBLE, .value.v_double = 0.1},
        {.value_type = BSON_TYPE_BOOL, .value.v_bool = true},
        {.value_type = BSON_TYPE_NULL},
        {.value_type = BSON_TYPE_UTF8, .value.v_utf8 = {word, sizeof word - 1}},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(values); i++) {
        struct query q = by_date();
        struct cursor c = {0};
        struct err err = {0};
        char *text = encode(&q, &values[i]), back[25];
        bson_t want = BSON_INITIALIZER, got = BSON_INITIALIZER;

        assert_int_equal(strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                      "0123456789-_"), strlen(text));
        q.after = text;
        assert_true(cursor_decode(COLL_PLANS, &q, &c, &err));
        bson_oid_to_string(&c.id, back);
        assert_string_equal(back, id);
        BSON_APPEND_VALUE(&want, "v", &values[i]);
        BSON_APPEND_VALUE(&got, "v", &c.value);
        assert_true(bson_equal(&want, &got));
        bson_destroy(&want);
        bson_destroy(&got);
        cursor_finish(&c);
        free(text);
    }
}

static void an_absent_sort_value_counts_as_null(void **state)
{
    struct query q = by_date();
    struct cursor c = {0};
    struct err err = {0};
    char *text = encode(&q, NULL);
    (void)state;

    q.after = text;
    assert_true(cursor_decode(COLL_PLANS, &q, &c, &err));
    assert_int_equal(c.value.value_type, BSON_TYPE_NULL);
    cursor_finish(&c);
    free(text);
}

static void assert_refused(enum collection coll, struct query q, const char *text)
{
    struct cursor c = {0};
    struct err err = {0};

    q.after = text;
    assert_false(cursor_decode(coll, &q, &c, &err));
    assert_int_equal(err.code, ERR_INVALID);
}

static void a_cursor_of_another_query_is_refused(void **state)
{
    const bson_value_t date = {.value_type = BSON_TYPE_DATE_TIME, .value.v_datetime = 5};
    struct query q = by_date(), other = by_date();
    char *text = encode(&q, &date);
    (void)state;

    assert_refused(COLL_SECTIONS, q, text);
    other.descending = false;
    assert_refused(COLL_PLANS, other, text);
    other = by_date();
    other.sort = "updated_at";
    assert_refused(COLL_PLANS, other, text);
    other = by_date();
    other.where.terms[0].str = "u2";
    assert_refused(COLL_PLANS, other, text);
    other = by_date();
    other.where.count = 0;
    assert_refused(COLL_PLANS, other, text);
    free(text);
}

static void the_page_size_may_change(void **state)
{
    struct query q = by_date();
    struct cursor c = {0};
    struct err err = {0};
    char *text = encode(&q, NULL);
    (void)state;

    q.limit = 3;
    q.after = text;
    assert_true(cursor_decode(COLL_PLANS, &q, &c, &err));
    cursor_finish(&c);
    free(text);
}

static void damage_is_refused_or_harmless(void **state)
{
    const bson_value_t date = {.value_type = BSON_TYPE_DATE_TIME, .value.v_datetime = 5};
    struct query q = by_date();
    char *text = encode(&q, &date);
    size_t len = strlen(text);
    (void)state;

    assert_refused(COLL_PLANS, q, "");
    assert_refused(COLL_PLANS, q, "not a cursor");
    assert_refused(COLL_PLANS, q, "AAAA");
    for (size_t cut = 0; cut < len; cut++) {
        char *part = mem_strn(text, cut);

        assert_refused(COLL_PLANS, q, part);
        free(part);
    }
    for (size_t i = 0; i < len; i++) { /* must not crash; a changed id or value may still decode */
        struct cursor c = {0};
        struct err err = {0};
        char old = text[i];

        text[i] = old == 'A' ? 'B' : 'A';
        q.after = text;
        if (cursor_decode(COLL_PLANS, &q, &c, &err))
            cursor_finish(&c);
        text[i] = old;
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_scalar_comes_back),
        cmocka_unit_test(an_absent_sort_value_counts_as_null),
        cmocka_unit_test(a_cursor_of_another_query_is_refused),
        cmocka_unit_test(the_page_size_may_change),
        cmocka_unit_test(damage_is_refused_or_harmless),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
