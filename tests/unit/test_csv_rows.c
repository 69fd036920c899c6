/* Promises of reading rows from a spreadsheet's CSV file: columns are found by field or label, cells mean
 * what they would mean typed, and a file that is wrong changes nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "strattio/attr.h"
#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/intake.h"
#include "strattio/json.h"
#include "strattio/strbuf.h"

#include "support/load_intake.h"

static void from_json(const char *json, bson_t *out)
{
    struct err err = {0};

    if (!json_read(json, strlen(json), out, &err))
        fail_msg("%s: %s", json, err.msg);
}

static void expect_facts(const bson_t *answers, const char *want)
{
    struct strbuf got;
    bson_t facts;

    strbuf_init(&got, 100000);
    assert_true(doc_view(answers, "facts", &facts));
    json_write_array(&facts, JSON_COMPACT, &got);
    assert_string_equal(got.data, want);
    strbuf_finish(&got);
}

/* What a CSV file must give, or the words its error must have. */
static const struct {
    const char *name, *text, *want, *error;
} files[] = {
    {"fields and labels name columns", "fact,Value,UNIT\nHomes,\"5,200\",homes\n",
     "[{\"fact\":\"Old\"},{\"fact\":\"Homes\",\"value\":5200,\"unit\":\"homes\"}]", NULL},
    {"semicolons, a mark before the text, blank lines",
     "\xef\xbb\xbf"
     "What;Its date\r\n\r\nHomes;2025-06-01\r\n;\r\n",
     "[{\"fact\":\"Old\"},{\"fact\":\"Homes\",\"date\":\"2025-06-01\"}]", NULL},
    {"tabs and a quotation", "fact\tsource\n\"So \"\"it\"\" reads\"\tA, B\n",
     "[{\"fact\":\"Old\"},{\"fact\":\"So \\\"it\\\" reads\",\"source\":\"A, B\"}]", NULL},
    {"a column nobody knows", "fact,colour\nHomes,red\n", NULL,
     "\"colour\" in the first line is no column of facts; its columns are fact, value, unit"},
    {"a column twice", "fact,What\nHomes,red\n", NULL, "names the column \"What\" twice"},
    {"a cell too many", "fact\nHomes,12\n", NULL, "line 2 has more cells than the first line"},
    {"no rows", "fact,value\n", NULL, "the file has no rows"},
    {"nothing", "", NULL, "the file has no rows"},
    {"an open quotation", "fact\n\"Homes\n", NULL, "a quotation mark"},
    {"not UTF-8", "fact\n\xff\xfe\n", NULL, "line 2 is not UTF-8"},
    {"a value of the wrong kind", "fact,value\nHomes,many\n", NULL, "many"},
    {"a row that is only begun", "value\n12\n", "[{\"fact\":\"Old\"},{\"value\":12}]", NULL},
};

static void rows_are_read_from_a_file_or_nothing_changes(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        struct err err = {0};
        bson_t answers, before;
        size_t count = 0;
        bool ok;

        print_message("%s\n", files[i].name);
        from_json("{\"facts\": [{\"fact\": \"Old\"}]}", &answers);
        bson_copy_to(&answers, &before);
        ok = intake_rows_from_csv(*state, "facts", files[i].text, strlen(files[i].text), false,
                                  &answers, &count, &err);
        assert_int_equal(ok, files[i].want != NULL);
        if (ok)
            expect_facts(&answers, files[i].want);
        else if (!strstr(err.msg, files[i].error))
            fail_msg("%s", err.msg);
        if (!ok)
            assert_true(doc_equal(&answers, &before));
        bson_destroy(&before);
        bson_destroy(&answers);
    }
}

static void rows_of_a_file_can_take_the_place_of_those_there_are(void **state)
{
    static const char file[] = "fact\nNew\n";
    struct err err = {0};
    bson_t answers;
    size_t count = 0;

    from_json("{\"facts\": [{\"fact\": \"Old\"}]}", &answers);
    assert_true(
        intake_rows_from_csv(*state, "facts", file, strlen(file), true, &answers, &count, &err));
    assert_int_equal(count, 1);
    expect_facts(&answers, "[{\"fact\":\"New\"}]");
    assert_false(
        intake_rows_from_csv(*state, "industry", file, strlen(file), true, &answers, &count, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    bson_destroy(&answers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_read_from_a_file_or_nothing_changes),
        cmocka_unit_test(rows_of_a_file_can_take_the_place_of_those_there_are),
    };

    return cmocka_run_group_tests(tests, load_intake, unload_intake);
}
