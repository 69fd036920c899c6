/* JSON is read strictly, with line and column in every refusal, and written so that it reads back
 * the same, whatever the locale. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/json.h"
#include "strattio/strbuf.h"
#include "support/temp_dir.h"

static const struct {
    const char *text, *want; /* the whole message */
} refused[] = {
    {"", "line 1, column 1: expected an object beginning with '{', but the text ends here"},
    {"[1]", "line 1, column 1: expected an object beginning with '{', found '['"},
    {"\xef\xbb\xbf{}", "line 1, column 1: a byte order mark is not allowed; save without it"},
    {"{", "line 1, column 2: expected a key in double quotes, but the text ends here"},
    {"{}x", "line 1, column 3: expected nothing after the object, found 'x'"},
    {"{} {}", "line 1, column 4: expected nothing after the object, found '{'"},
    {"{a:1}", "line 1, column 2: expected a key in double quotes, found 'a'"},
    {"{'a':1}", "line 1, column 2: expected a key in double quotes, found '''"},
    {"{\"a\" 1}", "line 1, column 6: expected ':' after a key, found '1'"},
    {"{\"a\":1,}", "line 1, column 8: expected a key in double quotes, found '}'"},
    {"{\"a\":[1,]}", "line 1, column 9: expected a value, found ']'"},
    {"{\"a\":[1 2]}", "line 1, column 9: expected ',' or ']', found '2'"},
    {"{\"a\":1 \"b\":2}", "line 1, column 8: expected ',' or '}', found '\"'"},
    {"{\"a\":[1}", "line 1, column 8: expected ',' or ']', found '}'"},
    {"{// no\n}", "line 1, column 2: expected a key in double quotes, found '/'"},
    {"{\n  \"a\": tru\n}", "line 2, column 8: expected a value, found 't'"},
    {"{\"a\":True}", "line 1, column 6: expected a value, found 'T'"},
    {"{\"a\":NaN}", "line 1, column 6: expected a value, found 'N'"},
    {"{\"a\":+1}", "line 1, column 6: expected a value, found '+'"},
    {"{\"a\":.5}", "line 1, column 6: expected a value, found '.'"},
    {"{\"a\":5.}", "line 1, column 8: expected a digit, found '}'"},
    {"{\"a\":-}", "line 1, column 7: expected a digit, found '}'"},
    {"{\"a\":1e}", "line 1, column 8: expected a digit, found '}'"},
    {"{\"a\":1e+}", "line 1, column 9: expected a digit, found '}'"},
    {"{\"a\":01}", "line 1, column 6: a number does not begin with 0"},
    {"{\"a\":-01}", "line 1, column 6: a number does not begin with 0"},
    {"{\"a\":0x10}", "line 1, column 7: expected ',' or '}', found 'x'"},
    {"{\"a\":1e999}", "line 1, column 6: this number is out of range"},
    {"{\"a\":-1e999}", "line 1, column 6: this number is out of range"},
    {"{\"a\":1e-999}", "line 1, column 6: this number is out of range"},
    {"{\"a\":-0.001e-999}", "line 1, column 6: this number is out of range"},
    {"{\"a\":9007199254740993}",
     "line 1, column 6: whole numbers beyond 9007199254740992 cannot be kept exactly"},
    {"{\"a\":-9007199254740993}",
     "line 1, column 6: whole numbers beyond 9007199254740992 cannot be kept exactly"},
    {"{\"a\":9007199254740994}",
     "line 1, column 6: whole numbers beyond 9007199254740992 cannot be kept exactly"},
    {"{\"a\":0.1234567890123456789012345678901234567890123456789012345678901234}",
     "line 1, column 6: a number of more than 60 characters is not read"},
    {"{\"a\":\"b", "line 1, column 6: this text has no closing quote"},
    {"{\"a\":\"b\\", "line 1, column 9: expected one of \" \\ / b f n r t u after a backslash, "
                     "but the text ends here"},
    {"{\"a\":\"\\x\"}", "line 1, column 8: expected one of \" \\ / b f n r t u after a backslash, "
                        "found 'x'"},
    {"{\"a\":\"b\nc\"}", "line 1, column 8: control character 0x0a in a text; write it as \\u000a"},
    {"{\"a\":\"\\u12g4\"}", "line 1, column 11: expected four hex digits after \\u, found 'g'"},
    {"{\"a\":\"\\u0000\"}", "line 1, column 7: \\u0000 is not allowed"},
    {"{\"\\u0000\":1}", "line 1, column 3: \\u0000 is not allowed"},
    {"{\"a\":\"\\ud83d\"}", "line 1, column 7: half of a surrogate pair is not a character"},
    {"{\"a\":\"\\ud83dx\"}", "line 1, column 7: half of a surrogate pair is not a character"},
    {"{\"a\":\"\\ud83d\\u0041\"}", "line 1, column 7: half of a surrogate pair is not a character"},
    {"{\"a\":\"\\udc00\"}", "line 1, column 7: half of a surrogate pair is not a character"},
    {"{\"a\":\"\xff\"}", "line 1, column 7: byte 0xff is not valid UTF-8"},
    {"{\"a\":\"\xc3\"}", "line 1, column 7: byte 0xc3 is not valid UTF-8"},
    {"{\"a\":\"\xc0\xaf\"}", "line 1, column 7: byte 0xc0 is not valid UTF-8"},
    {"{\"a\":\"\xe0\x80\xaf\"}", "line 1, column 7: byte 0xe0 is not valid UTF-8"},
    {"{\"a\":\"\xed\xa0\x80\"}", "line 1, column 7: byte 0xed is not valid UTF-8"},
    {"{\"a\":\"\xf0\x80\x80\x80\"}", "line 1, column 7: byte 0xf0 is not valid UTF-8"},
    {"{\"a\":\"\xf4\x90\x80\x80\"}", "line 1, column 7: byte 0xf4 is not valid UTF-8"},
    {"{\"\xc3\xa9\xe2\x82\xac\":\"\xf0\x9f\x8d\x9e\" 1}",
     "line 1, column 11: expected ',' or '}', found '1'"},
    {"{\xc2\xa0}", "line 1, column 2: expected a key in double quotes, found byte 0xc2"},
    {"{\"a\":1,\"a\":2}", "line 1, column 8: this key is already there in the same object"},
    {"{\"a\":1,\n\"\\u0061\":2}", "line 2, column 1: this key is already there in the same object"},
    {"{\"a\":{\"b\":1,\"c\":{},\"b\":2}}",
     "line 1, column 20: this key is already there in the same object"},
    {"{\"\":1,\"\":2}", "line 1, column 7: this key is already there in the same object"},
};

static void what_is_no_json_is_refused_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        struct err err = {0};
        bson_t doc;

        if (json_read(refused[i].text, strlen(refused[i].text), &doc, &err))
            fail_msg("%s was read", refused[i].text);
        assert_int_equal(err.code, ERR_INVALID);
        assert_string_equal(err.msg, refused[i].want);
    }
}

static void a_nul_byte_is_refused_anywhere(void **state)
{
    static const char text[] = "{\"ab\":1}";

    (void)state;
    for (size_t i = 0; i <= sizeof text - 1; i++) {
        char copy[sizeof text];
        struct err err = {0};
        bson_t doc;

        memcpy(copy, text, sizeof text);
        copy[i] = '\0';
        assert_false(
            json_read(copy, i == sizeof text - 1 ? sizeof text : sizeof text - 1, &doc, &err));
        assert_non_null(strstr(err.msg, i == 6 ? "" : "NUL"));
    }
}

static void equal_keys_in_different_objects_are_fine(void **state)
{
    static const char text[] =
        "{\"a\":{\"a\":{\"a\":1}},\"b\":[{\"a\":1},{\"a\":2}],\"A\":1,\"aa\":2}";
    struct err err = {0};
    bson_t doc;

    (void)state;
    assert_true(json_read(text, strlen(text), &doc, &err));
    bson_destroy(&doc);
}

static bool read_nested(int depth, struct err *err)
{
    struct strbuf text;
    bson_t doc;
    bool ok;

    strbuf_init(&text, 4096);
    strbuf_str(&text, "{\"a\":");
    strbuf_fill(&text, '[', (size_t)depth - 1);
    strbuf_fill(&text, ']', (size_t)depth - 1);
    strbuf_char(&text, '}');
    ok = json_read(text.data, text.len, &doc, err);
    if (ok)
        bson_destroy(&doc);
    strbuf_finish(&text);
    return ok;
}

static void depth_and_size_have_their_limits(void **state)
{
    struct err err = {0};
    char *text = malloc(JSON_MAX_BYTES + 1);
    bson_t doc;

    (void)state;
    assert_true(read_nested(JSON_MAX_DEPTH, &err));
    assert_false(read_nested(JSON_MAX_DEPTH + 1, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    assert_string_equal(err.msg, "line 1, column 105: nested more than 100 levels deep");
    memset(text, 'x', JSON_MAX_BYTES + 1);
    memcpy(text, "{\"a\":\"", 6);
    memcpy(text + JSON_MAX_BYTES - 2, "\"} ", 3);
    assert_false(json_read(text, JSON_MAX_BYTES + 1, &doc, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    assert_true(json_read(text, JSON_MAX_BYTES, &doc, &err));
    assert_int_equal(strlen(doc_str(&doc, "a", "")), JSON_MAX_BYTES - 8);
    bson_destroy(&doc);
    free(text);
}

static const struct {
    const char *text;
    bson_type_t type;
    double value;
} numbers[] = {
    {"0", BSON_TYPE_INT32, 0},
    {"-0", BSON_TYPE_INT32, 0},
    {"12", BSON_TYPE_INT32, 12},
    {"12.0", BSON_TYPE_INT32, 12},
    {"1.2e1", BSON_TYPE_INT32, 12},
    {"1200E-2", BSON_TYPE_INT32, 12},
    {"-2147483648", BSON_TYPE_INT32, -2147483648.0},
    {"2147483648", BSON_TYPE_INT64, 2147483648.0},
    {"9007199254740992", BSON_TYPE_INT64, 9007199254740992.0},
    {"-9007199254740992", BSON_TYPE_INT64, -9007199254740992.0},
    {"0.1", BSON_TYPE_DOUBLE, 0.1},
    {"1e300", BSON_TYPE_DOUBLE, 1e300},
    {"1.7976931348623157e308", BSON_TYPE_DOUBLE, 1.7976931348623157e308},
    {"5e-324", BSON_TYPE_DOUBLE, 5e-324},
    {"0e999", BSON_TYPE_INT32, 0},
    {"0.000", BSON_TYPE_INT32, 0},
};

static void numbers_take_the_smallest_type(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        char text[80];
        struct err err = {0};
        bson_iter_t it;
        bson_t doc;

        snprintf(text, sizeof text, "{\"n\":%s}", numbers[i].text);
        if (!json_read(text, strlen(text), &doc, &err))
            fail_msg("%s: %s", text, err.msg);
        assert_true(doc_find(&doc, "n", &it));
        if (bson_iter_type(&it) != numbers[i].type || doc_num(&doc, "n", -1) != numbers[i].value)
            fail_msg("%s became type %d, %.17g", text, (int)bson_iter_type(&it),
                     doc_num(&doc, "n", -1));
        bson_destroy(&doc);
    }
}

static void expect_json(const bson_t *doc, enum json_style style, const char *want)
{
    struct strbuf out;

    strbuf_init(&out, STRBUF_DOC_LIMIT);
    json_write(doc, style, &out);
    assert_string_equal(out.data, want);
    strbuf_finish(&out);
}

static void texts_are_unescaped_and_escaped_again(void **state)
{
    static const char text[] =
        "{\"\\u00e9\\ud83c\\udf5e\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u001f\x7f\"}";
    struct err err = {0};
    bson_t doc;

    (void)state;
    assert_true(json_read(text, strlen(text), &doc, &err));
    assert_string_equal(doc_str(&doc, "\xc3\xa9\xf0\x9f\x8d\x9e", "?"), "\"\\/\b\f\n\r\t\x1f\x7f");
    expect_json(&doc, JSON_COMPACT,
                "{\"\xc3\xa9\xf0\x9f\x8d\x9e\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u001f\x7f\"}");
    bson_destroy(&doc);
}

static void every_type_is_written(void **state)
{
    bson_t doc = BSON_INITIALIZER, sub;
    bson_oid_t oid;

    (void)state;
    bson_oid_init_from_string(&oid, "65a1b2c3d4e5f60718293a4b");
    BSON_APPEND_OID(&doc, "oid", &oid);
    BSON_APPEND_DATE_TIME(&doc, "at", INT64_C(1795512600000));
    BSON_APPEND_DOUBLE(&doc, "d", 1200.0);
    BSON_APPEND_DOUBLE(&doc, "nan", NAN);
    BSON_APPEND_DOUBLE(&doc, "inf", -INFINITY);
    BSON_APPEND_INT64(&doc, "i", INT64_MAX);
    BSON_APPEND_NULL(&doc, "none");
    BSON_APPEND_BOOL(&doc, "no", false);
    bson_append_utf8(&doc, "bad", -1, "a\0b\xff", 4);
    BSON_APPEND_BINARY(&doc, "bin", BSON_SUBTYPE_BINARY, (const uint8_t *)"abc", 3);
    BSON_APPEND_ARRAY_BEGIN(&doc, "r", &sub);
    bson_append_array_end(&doc, &sub);
    expect_json(&doc, JSON_COMPACT,
                "{\"oid\":\"65a1b2c3d4e5f60718293a4b\",\"at\":\"2026-11-24T09:30:00.000Z\","
                "\"d\":1200,\"nan\":null,\"inf\":null,\"i\":9223372036854775807,\"none\":null,"
                "\"no\":false,\"bad\":\"a\\u0000b\xef\xbf\xbd\","
                "\"bin\":{ \"$binary\" : { \"base64\" : \"YWJj\", \"subType\" : \"00\" } },"
                "\"r\":[]}");
    bson_destroy(&doc);
}

static void pretty_output_is_indented_by_two(void **state)
{
    static const char text[] = "{\"a\":{\"b\":[1,{\"c\":2}],\"d\":{},\"e\":[]}}";
    struct err err = {0};
    struct strbuf out;
    bson_t doc, view;

    (void)state;
    assert_true(json_read(text, strlen(text), &doc, &err));
    expect_json(&doc, JSON_COMPACT, text);
    expect_json(&doc, JSON_PRETTY,
                "{\n  \"a\": {\n    \"b\": [\n      1,\n      {\n        \"c\": 2\n      }\n"
                "    ],\n    \"d\": {},\n    \"e\": []\n  }\n}");
    strbuf_init(&out, 1000);
    assert_true(doc_view(&doc, "a.b", &view));
    json_write_array(&view, JSON_COMPACT, &out);
    assert_string_equal(out.data, "[1,{\"c\":2}]");
    strbuf_finish(&out);
    bson_destroy(&doc);
}

static const struct {
    double x;
    const char *want;
} shortest[] = {
    {0, "0"},
    {-0.0, "0"},
    {1200, "1200"},
    {-1.5, "-1.5"},
    {0.1, "0.1"},
    {1.0 / 3, "0.3333333333333333"},
    {0.1 + 0.2, "0.30000000000000004"},
    {171360.0, "171360"},
    {1e15, "1000000000000000"},
    {0x1p53, "9007199254740992"},
    {1e17, "1e+17"},
    {1.5e300, "1.5e+300"},
    {0x1p53 + 2, "9.007199254740994e+15"},
    {1e-7, "1e-07"},
};

static void numbers_are_written_in_their_shortest_form(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(shortest); i++) {
        char buf[32];

        json_number(shortest[i].x, buf);
        assert_string_equal(buf, shortest[i].want);
    }
}

static void any_double_reads_back_as_itself(void **state)
{
    uint64_t bits = 88172645463325252u;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        char buf[32], text[48];
        struct err err = {0};
        bson_t doc;
        double x;

        bits ^= bits << 13, bits ^= bits >> 7, bits ^= bits << 17; /* xorshift */
        memcpy(&x, &bits, sizeof x);
        if (i % 2)
            x = (double)(int64_t)bits / 100; /* money-like */
        if (!isfinite(x))
            continue;
        json_number(x, buf);
        snprintf(text, sizeof text, "{\"n\":%s}", buf);
        if (!json_read(text, strlen(text), &doc, &err))
            fail_msg("%s: %s", text, err.msg);
        if (doc_num(&doc, "n", NAN) != x)
            fail_msg("%.17g came back as %.17g", x, doc_num(&doc, "n", NAN));
        bson_destroy(&doc);
    }
}

/* A locale with a decimal comma: an installed one, or one compiled into `folder`. */
static bool use_comma_locale(const char *folder)
{
    char command[300];

    if (setlocale(LC_ALL, "de_DE.UTF-8"))
        return true;
    snprintf(command, sizeof command, "localedef -i de_DE -f UTF-8 %s/de_DE.UTF-8 >/dev/null 2>&1",
             folder);
    if (system(command) != 0)
        return false;
    setenv("LOCPATH", folder, 1);
    return setlocale(LC_ALL, "de_DE.UTF-8") != NULL;
}

static void the_locale_changes_nothing(void **state)
{
    char *folder = temp_dir_make();
    bool found = use_comma_locale(folder);
    struct err err = {0};
    char buf[32];
    bson_t doc;

    (void)state;
    json_number(1234.5, buf);
    assert_string_equal(buf, "1234.5");
    assert_true(json_read("{\"n\":1234.5}", 12, &doc, &err));
    assert_true(doc_num(&doc, "n", 0) == 1234.5);
    bson_destroy(&doc);
    snprintf(buf, sizeof buf, "%.1f", 1.5);
    setlocale(LC_ALL, "C");
    temp_dir_remove(folder);
    if (!found) {
        print_message("no locale with a decimal comma can be had here\n");
        skip();
    }
    assert_string_equal(buf, "1,5"); /* the caller's locale was as before */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_json_is_refused_with_its_place),
        cmocka_unit_test(a_nul_byte_is_refused_anywhere),
        cmocka_unit_test(equal_keys_in_different_objects_are_fine),
        cmocka_unit_test(depth_and_size_have_their_limits),
        cmocka_unit_test(numbers_take_the_smallest_type),
        cmocka_unit_test(texts_are_unescaped_and_escaped_again),
        cmocka_unit_test(every_type_is_written),
        cmocka_unit_test(pretty_output_is_indented_by_two),
        cmocka_unit_test(numbers_are_written_in_their_shortest_form),
        cmocka_unit_test(any_double_reads_back_as_itself),
        cmocka_unit_test(the_locale_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
