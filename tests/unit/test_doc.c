/* Documents are read and changed by dotted path; readers never fail, changes keep the rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/json.h"
#include "strattio/strbuf.h"

static void read_json(const char *text, bson_t *out)
{
    struct err err = {0};

    if (!json_read(text, strlen(text), out, &err))
        fail_msg("%s", err.msg);
}

static void expect_json(const bson_t *doc, const char *want)
{
    struct strbuf out;

    strbuf_init(&out, STRBUF_DOC_LIMIT);
    json_write(doc, JSON_COMPACT, &out);
    assert_string_equal(out.data, want);
    strbuf_finish(&out);
}

static void values_are_read_by_dotted_path(void **state)
{
    bson_t doc, view;

    (void)state;
    read_json("{\"name\":\"Bay\",\"m\":{\"rev\":3,\"on\":true,\"none\":null},"
              "\"rows\":[{\"price\":4.2},{\"price\":5}],\"big\":5000000000}",
              &doc);
    BSON_APPEND_DATE_TIME(&doc, "at", 86400000);
    assert_string_equal(doc_str(&doc, "name", "?"), "Bay");
    assert_string_equal(doc_str(&doc, "m.rev", "?"), "?");
    assert_int_equal(doc_int(&doc, "m.rev", -1), 3);
    assert_int_equal(doc_int(&doc, "big", -1), 5000000000);
    assert_int_equal(doc_int(&doc, "rows.0.price", -1), -1);
    assert_true(doc_num(&doc, "rows.0.price", -1) == 4.2);
    assert_true(doc_num(&doc, "rows.1.price", -1) == 5);
    assert_true(doc_num(&doc, "rows.2.price", -1) == -1);
    assert_true(doc_num(&doc, "name", -1) == -1);
    assert_true(doc_bool(&doc, "m.on", false));
    assert_false(doc_bool(&doc, "m.rev", false));
    assert_int_equal(doc_date(&doc, "at", 0), 86400000);
    assert_true(doc_has(&doc, "m.rev"));
    assert_false(doc_has(&doc, "m.none"));
    assert_false(doc_has(&doc, "name.rev"));
    assert_int_equal(doc_count(&doc, "rows"), 2);
    assert_int_equal(doc_count(&doc, "name"), 0);
    assert_true(doc_view(&doc, "m", &view));
    assert_int_equal(doc_int(&view, "rev", 0), 3);
    assert_false(doc_view(&doc, "absent", &view));
    assert_true(bson_empty(&view));
    bson_destroy(&doc);
}

static void a_double_counts_as_whole_only_if_it_is(void **state)
{
    static const struct {
        double value;
        int64_t want;
    } rows[] = {{3.0, 3}, {3.5, -1}, {-0x1p63, INT64_MIN}, {0x1p63, -1}, {NAN, -1}, {INFINITY, -1}};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        bson_t doc = BSON_INITIALIZER;

        BSON_APPEND_DOUBLE(&doc, "n", rows[i].value);
        assert_true(doc_int(&doc, "n", -1) == rows[i].want);
        bson_destroy(&doc);
    }
}

static const struct {
    const char *before, *path, *after;
} sets[] = {
    {"{}", "a", "{\"a\":7}"},
    {"{}", "a.b.c", "{\"a\":{\"b\":{\"c\":7}}}"},
    {"{\"a\":1,\"b\":2}", "a", "{\"a\":7,\"b\":2}"},
    {"{\"a\":{\"x\":1,\"y\":2},\"b\":2}", "a.y", "{\"a\":{\"x\":1,\"y\":7},\"b\":2}"},
    {"{\"a\":\"text\"}", "a.b", "{\"a\":{\"b\":7}}"},
    {"{\"r\":[1,2,3]}", "r.1", "{\"r\":[1,7,3]}"},
    {"{\"r\":[1,2,3]}", "r.3", "{\"r\":[1,2,3,7]}"},
    {"{\"r\":[1,2,3]}", "r.5", "{\"r\":[1,2,3]}"},
    {"{\"r\":[1,2,3]}", "r.last", "{\"r\":[1,2,3]}"},
    {"{\"r\":[1,2,3]}", "r.03", "{\"r\":[1,2,3]}"},
    {"{\"r\":[{\"p\":1}]}", "r.0.p", "{\"r\":[{\"p\":7}]}"},
    {"{\"r\":[{\"p\":1}]}", "r.1.p", "{\"r\":[{\"p\":1},{\"p\":7}]}"},
    {"{\"r\":[]}", "r.0", "{\"r\":[7]}"},
};

static void setting_changes_one_value_and_keeps_the_rest(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(sets); i++) {
        bson_t doc;

        read_json(sets[i].before, &doc);
        doc_set_int(&doc, sets[i].path, 7);
        expect_json(&doc, sets[i].after);
        bson_destroy(&doc);
    }
}

static const struct {
    const char *before, *path, *after;
} unsets[] = {
    {"{\"a\":1,\"b\":2}", "a", "{\"b\":2}"},
    {"{\"a\":1}", "b", "{\"a\":1}"},
    {"{\"a\":1}", "a.b", "{\"a\":1}"},
    {"{\"a\":1}", "b.c", "{\"a\":1}"},
    {"{\"a\":{\"x\":1,\"y\":2}}", "a.x", "{\"a\":{\"y\":2}}"},
    {"{\"r\":[1,2,3,4]}", "r.1", "{\"r\":[1,3,4]}"},
    {"{\"r\":[1]}", "r.0", "{\"r\":[]}"},
    {"{\"r\":[1]}", "r.9", "{\"r\":[1]}"},
};

static void unsetting_removes_and_closes_the_gap(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(unsets); i++) {
        bson_t doc;

        read_json(unsets[i].before, &doc);
        doc_unset(&doc, unsets[i].path);
        expect_json(&doc, unsets[i].after);
        bson_destroy(&doc);
    }
}

static void the_last_of_a_shortened_array_has_the_last_index(void **state)
{
    bson_t doc;

    (void)state;
    read_json("{\"r\":[1,2,3,4]}", &doc);
    doc_unset(&doc, "r.0");
    assert_int_equal(doc_int(&doc, "r.2", -1), 4);
    assert_false(doc_has(&doc, "r.3"));
    bson_destroy(&doc);
}

static void every_setter_has_its_type(void **state)
{
    bson_t *doc = bson_new(), sub;
    bson_iter_t it;

    (void)state;
    read_json("{\"x\":1}", &sub);
    doc_set_str(doc, "s", "text");
    doc_set_str(doc, "none", NULL);
    doc_set_num(doc, "n", 1200);
    doc_set_int(doc, "small", -3);
    doc_set_int(doc, "large", 1LL << 40);
    doc_set_bool(doc, "yes", true);
    doc_set_date(doc, "at", 0);
    doc_set_doc(doc, "sub", &sub, false);
    doc_set_doc(doc, "sub.copy", doc, false); /* from itself */
    doc_set_str(doc, "again", doc_str(doc, "s", NULL));
    assert_true(doc_find(doc, "n", &it) && BSON_ITER_HOLDS_DOUBLE(&it));
    assert_true(doc_find(doc, "small", &it) && BSON_ITER_HOLDS_INT32(&it));
    assert_true(doc_find(doc, "large", &it) && BSON_ITER_HOLDS_INT64(&it));
    assert_true(doc_find(doc, "at", &it) && BSON_ITER_HOLDS_DATE_TIME(&it));
    doc_unset(doc, "sub.copy.sub");
    expect_json(doc, "{\"s\":\"text\",\"none\":null,\"n\":1200,\"small\":-3,"
                     "\"large\":1099511627776,\"yes\":true,\"at\":\"1970-01-01T00:00:00.000Z\","
                     "\"sub\":{\"x\":1,\"copy\":{\"s\":\"text\",\"none\":null,\"n\":1200,"
                     "\"small\":-3,\"large\":1099511627776,\"yes\":true,"
                     "\"at\":\"1970-01-01T00:00:00.000Z\"}},\"again\":\"text\"}");
    assert_true(bson_validate(doc, BSON_VALIDATE_UTF8, NULL));
    bson_destroy(doc);
    bson_destroy(&sub);
}

static const struct {
    const char *a, *b;
    bool equal;
} pairs[] = {
    {"{}", "{}", true},
    {"{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}", true},
    {"{\"a\":1}", "{\"a\":1,\"b\":2}", false},
    {"{\"a\":1}", "{\"b\":1}", false},
    {"{\"a\":{\"x\":1,\"y\":[{\"p\":1,\"q\":2}]}}", "{\"a\":{\"y\":[{\"q\":2,\"p\":1}],\"x\":1}}",
     true},
    {"{\"a\":[1,2]}", "{\"a\":[2,1]}", false},
    {"{\"a\":[1,2]}", "{\"a\":[1,2,3]}", false},
    {"{\"a\":\"1\"}", "{\"a\":1}", false},
    {"{\"a\":[]}", "{\"a\":{}}", false},
    {"{\"a\":null}", "{}", false},
    {"{\"a\":\"x\"}", "{\"a\":\"x\"}", true},
    {"{\"a\":\"x\"}", "{\"a\":\"y\"}", false},
    {"{\"a\":1.5}", "{\"a\":1.5}", true},
    {"{\"a\":1.5}", "{\"a\":1}", false},
};

static void equality_ignores_the_order_of_keys_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        bson_t a, b;

        read_json(pairs[i].a, &a);
        read_json(pairs[i].b, &b);
        if (doc_equal(&a, &b) != pairs[i].equal || doc_equal(&b, &a) != pairs[i].equal)
            fail_msg("%s and %s", pairs[i].a, pairs[i].b);
        bson_destroy(&a);
        bson_destroy(&b);
    }
}

static void numbers_of_different_types_are_compared_by_value(void **state)
{
    bson_t a = BSON_INITIALIZER, b = BSON_INITIALIZER;

    (void)state;
    BSON_APPEND_INT32(&a, "n", 3);
    BSON_APPEND_DOUBLE(&b, "n", 3.0);
    assert_true(doc_equal(&a, &b));
    BSON_APPEND_INT64(&a, "m", (INT64_C(1) << 53) + 1);
    BSON_APPEND_DOUBLE(&b, "m", 0x1p53);
    assert_false(doc_equal(&a, &b));
    bson_destroy(&a);
    bson_destroy(&b);
}

static void sorting_reaches_every_level_and_leaves_arrays(void **state)
{
    bson_t doc, sorted;

    (void)state;
    read_json("{\"b\":{\"z\":1,\"y\":[{\"d\":1,\"c\":2},9,8]},\"a\":3}", &doc);
    doc_sorted(&doc, &sorted);
    expect_json(&sorted, "{\"a\":3,\"b\":{\"y\":[{\"c\":2,\"d\":1},9,8],\"z\":1}}");
    bson_destroy(&doc);
    bson_destroy(&sorted);
}

static void sorting_keeps_more_than_ten_elements_in_order(void **state)
{
    bson_t doc, sorted;

    (void)state;
    read_json("{\"r\":[0,1,2,3,4,5,6,7,8,9,10,11]}", &doc);
    doc_sorted(&doc, &sorted);
    assert_true(bson_equal(&doc, &sorted));
    bson_destroy(&doc);
    bson_destroy(&sorted);
}

static void elements_are_counted_by_what_a_field_says(void **state)
{
    bson_t *doc = BCON_NEW("a", "[", "{", "kind", "x", "}", "{", "kind", "y", "}", "{", "kind",
                           BCON_INT32(1), "}", "{", "kind", "x", "}", "x", "]", "b", "x");

    (void)state;
    assert_int_equal(doc_count_where(doc, "a", "kind", "x"), 2);
    assert_int_equal(doc_count_where(doc, "a", "kind", "z"), 0);
    assert_int_equal(doc_count_where(doc, "b", "kind", "x"), 0);
    assert_int_equal(doc_count_where(doc, "absent", "kind", "x"), 0);
    bson_destroy(doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_are_counted_by_what_a_field_says),
        cmocka_unit_test(values_are_read_by_dotted_path),
        cmocka_unit_test(a_double_counts_as_whole_only_if_it_is),
        cmocka_unit_test(setting_changes_one_value_and_keeps_the_rest),
        cmocka_unit_test(unsetting_removes_and_closes_the_gap),
        cmocka_unit_test(the_last_of_a_shortened_array_has_the_last_index),
        cmocka_unit_test(every_setter_has_its_type),
        cmocka_unit_test(equality_ignores_the_order_of_keys_alone),
        cmocka_unit_test(numbers_of_different_types_are_compared_by_value),
        cmocka_unit_test(sorting_reaches_every_level_and_leaves_arrays),
        cmocka_unit_test(sorting_keeps_more_than_ten_elements_in_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
