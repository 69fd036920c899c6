/* Promises of the intake file: every wrong field is named with what is allowed and nothing is
 * stored; what is right is stored in its type; the JSON Schema says the same as the import; the
 * sample plans are whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/intake.h"
#include "strattio/json.h"
#include "strattio/mem.h"
#include "strattio/paths.h"
#include "strattio/strbuf.h"

#include "intake/places.h"

#include "support/load_intake.h"

/* A whole generic intake with the reference's fields alone. */
#define WHOLE                                                                                      \
    "\"business_name\":\"Harbour Bakery\",\"industry\":\"Bakery\",\"location_country\":\"UK\","    \
    "\"location_city\":\"Whitby\",\"business_description\":\"Bread and pastries from the quay.\"," \
    "\"unique_value_proposition\":\"Baked through the night.\","                                   \
    "\"target_customers\":\"Families and caf\\u00e9s nearby.\",\"revenue_model\":[\"Counter "      \
    "sales\"],"                                                                                    \
    "\"starting_capital\":\"12k\",\"currency\":\"GBP\",\"monthly_revenue_estimate\":14280,"        \
    "\"price_per_unit\":4.20,\"units_per_month\":3400,\"team_size\":3,"                            \
    "\"founder_background\":\"Eleven years as head baker.\""

struct imported {
    bool ok;
    enum plan_purpose purpose;
    char *name;
    bson_t answers;
    struct problems problems;
    struct err err;
};

static void import(const struct intake *in, const char *json, size_t len, struct imported *out)
{
    *out = (struct imported){.purpose = PURPOSE_GENERIC};
    bson_init(&out->answers);
    doc_set_str(&out->answers, "before", "kept");
    out->ok = intake_import(in, json, len, &out->purpose, &out->name, &out->answers, &out->problems,
                            &out->err);
    if (!out->ok) { /* nothing stored */
        assert_string_equal(doc_str(&out->answers, "before", ""), "kept");
        assert_int_equal(bson_count_keys(&out->answers), 1);
        assert_null(out->name);
        assert_true(out->err.code == ERR_INVALID || out->err.code == ERR_LIMIT);
        assert_true(*out->err.msg);
    }
}

static void finish(struct imported *i)
{
    free(i->name);
    bson_destroy(&i->answers);
    problems_finish(&i->problems);
}

static void the_reference_fields_alone_are_enough(void **state)
{
    static const char flat[] = "{" WHOLE ",\"seats\":12,\"name\":\"My plan\"}";
    static const char nested[] = "{\"name\":\"My plan\",\"plan_purpose\":\"generic\","
                                 "\"intake_data\":{" WHOLE ",\"seats\":12}}";
    const char *const files[] = {flat, nested};

    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        struct imported got;

        import(*state, files[i], strlen(files[i]), &got);
        if (!got.ok)
            fail_msg("%s", got.err.msg);
        assert_string_equal(got.name, "My plan");
        assert_int_equal(got.purpose, PURPOSE_GENERIC);
        assert_string_equal(doc_str(&got.answers, "location_country", ""), "GB");
        assert_string_equal(doc_str(&got.answers, "industry", ""), "food_making");
        assert_string_equal(doc_str(&got.answers, "target_customers", ""),
                            "Families and cafés nearby.");
        assert_float_equal(doc_num(&got.answers, "starting_capital", 0), 12000, 0);
        assert_float_equal(doc_num(&got.answers, "price_per_unit", 0), 4.2, 0);
        assert_int_equal(doc_int(&got.answers, "seats", 0),
                         12); /* another program's field is kept */
        assert_false(doc_has(&got.answers, "name"));
        assert_false(doc_has(&got.answers, "before"));
        finish(&got);
    }
}

/* The first problem and how many there are. */
static const struct {
    const char *json, *path, *says;
    size_t count;
    bool missing;
} wrong_rows[] = {
    {"{" WHOLE ",\"price_per_unit2\":1,\"unit_cost\":-1}", "unit_cost", "the least allowed is 0", 1,
     false},
    {"{" WHOLE ",\"unit_cost\":\"a lot\"}", "unit_cost", "a lot", 1, false},
    {"{" WHOLE ",\"unit_cost\":true}", "unit_cost", "true is not an amount", 1, false},
    {"{" WHOLE ",\"unit_cost\":[1]}", "unit_cost", "A list is not an amount", 1, false},
    {"{" WHOLE ",\"unit_cost\":{}}", "unit_cost", "An object is not an amount", 1, false},
    {"{" WHOLE ",\"unit_cost\":1e300}", "unit_cost", "too large; the most is £90,071,992,547,410",
     1, false},
    {"{" WHOLE ",\"unit_cost\":90071992547409.93e1}", "unit_cost", "too large", 1, false},
    {"{" WHOLE ",\"unit_cost\":1.005}", "unit_cost", "more decimals than GBP has; round it to 2", 1,
     false},
    {"{" WHOLE ",\"start_date\":\"0000-01-01\"}", "start_date", "is not a date from 1900", 1,
     false},
    {"{" WHOLE ",\"start_date\":20270101}", "start_date", "is not a date", 1, false},
    {"{" WHOLE ",\"legal_form\":\"guild\"}", "legal_form",
     "\"guild\" is not a choice; it can be sole_trader", 1, false},
    {"{" WHOLE ",\"legal_form\":3}", "legal_form", "3 is not a choice", 1, false},
    {"{" WHOLE ",\"plan_purpose\":\"grant\"}", "plan_purpose", "it can be generic, loan", 1, false},
    {"{" WHOLE ",\"plan_purpose\":7}", "plan_purpose", "it can be generic, loan", 1, false},
    {"{" WHOLE ",\"name\":7}", "name", "7 is not text", 1, false},
    {"{" WHOLE ",\"mission\":\"a\\u001b[2Jb\"}", "mission", "control characters", 1, false},
    {"{" WHOLE ",\"products\":{}}", "products", "is a table: a list of rows", 1, false},
    {"{" WHOLE ",\"products\":[[]]}", "products.0", "must be an object", 1, false},
    {"{" WHOLE ",\"products\":[{\"name\":\"a\",\"price\":-2}]}", "products.0.price",
     "least allowed", 2, false},
    {"{" WHOLE ",\"products\":[{\"price\":1,\"units_per_month\":1}]}", "products.0.name",
     "Name is missing", 1, true},
    {"{" WHOLE ",\"loan\":{\"amount\":1000}}", "loan.term_months", "is missing", 1, true},
    {"{" WHOLE ",\"plan_purpose\":\"loan\"}", "legal_form", "Legal form is missing", 3, true},
    {"{" WHOLE ",\"plan_purpose\":\"visa_innovator\"}", "legal_form", "is missing", 3, true},
    {"{" WHOLE ",\"plan_purpose\":\"investor\"}", "legal_form", "is missing", 4, true},
    {"{\"intake_data\":[]}", "intake_data", "must be an object", 1, false},
    {"{\"intake_data\":null}", "intake_data", "must be an object", 1, false},
    {"{\"buisness_name\":\"x\"}", "business_name", "The file has \"buisness_name\"", 14, true},
    {"{}", "business_name", "Business name is missing", 14, true},
};

static void every_wrong_field_is_named_and_nothing_stored(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(wrong_rows); i++) {
        struct imported got;
        const struct problem *first;

        import(*state, wrong_rows[i].json, strlen(wrong_rows[i].json), &got);
        if (got.ok)
            fail_msg("%s was taken", wrong_rows[i].json);
        first = got.problems.items;
        if (got.problems.count != wrong_rows[i].count ||
            strcmp(first->path, wrong_rows[i].path) != 0 ||
            !strstr(first->message, wrong_rows[i].says) || first->missing != wrong_rows[i].missing)
            fail_msg("%s\n%zu problems, %s: %s", wrong_rows[i].json, got.problems.count,
                     first->path, first->message);
        assert_true(strstr(got.err.msg, first->path));
        finish(&got);
    }
}

static void problems_come_in_the_order_of_the_questions(void **state)
{
    static const char json[] =
        "{\"founder_background\":1,\"products\":[{\"name\":\"a\"},{\"price\":\"x\",\"name\":2}],"
        "\"currency\":\"YEN\",\"business_name\":[]}";
    static const char *const want[] = {"business_name",
                                       "business_description",
                                       "industry",
                                       "location_country",
                                       "location_city",
                                       "currency",
                                       "unique_value_proposition",
                                       "revenue_model",
                                       "products.0.price",
                                       "products.0.units_per_month",
                                       "products.1.name",
                                       "products.1.price",
                                       "products.1.units_per_month",
                                       "target_customers",
                                       "starting_capital",
                                       "team_size",
                                       "founder_background"};
    struct imported got;

    import(*state, json, strlen(json), &got);
    assert_int_equal(got.problems.count, ARRAY_LEN(want));
    for (size_t i = 0; i < ARRAY_LEN(want); i++)
        assert_string_equal(got.problems.items[i].path, want[i]);
    finish(&got);
}

static void bytes_that_are_no_json_are_refused_with_their_place(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
    } rows[] = {
        {"", 0},
        {"{", 1},
        {"[]", 2},
        {"null", 4},
        {"{\"a\":1}x", 8},
        {"{\"business_name\":\"a\0b\"}", 22},
        {"{\"business_name\":\"\xff\"}", 21},
        {"{\"team_size\":NaN}", 17},
        {"{\"starting_capital\":9007199254740993}", 37},
        {"{\"a\":1,\"a\":2}", 13},
        {"{\"business_name\":\"a\\u0000b\"}", 27},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct imported got;

        import(*state, rows[i].bytes, rows[i].len, &got);
        assert_false(got.ok);
        assert_int_equal(got.problems.count, 0);
        assert_non_null(strstr(got.err.msg, "line 1"));
        finish(&got);
    }
}

static void texts_of_megabytes_are_named_not_kept(void **state)
{
    static const char head[] = "{" WHOLE ",\"mission\":\"", tail[] = "\"}";
    size_t size = 10u << 20, len = strlen(head) + size + strlen(tail);
    char *json = malloc(len + 1);
    struct imported got;

    memcpy(json, head, strlen(head));
    memset(json + strlen(head), 'x', size);
    memcpy(json + strlen(head) + size, tail, sizeof tail);
    import(*state, json, len, &got);
    assert_int_equal(got.problems.count, 1);
    assert_string_equal(got.problems.items[0].path, "mission");
    assert_string_equal(got.problems.items[0].message,
                        "This has 10,485,760 characters; at most 400 are allowed");
    finish(&got);
    free(json);
}

static void zero_price_and_zero_capital_are_answers(void **state)
{
    static const char json[] =
        "{\"business_name\":\"Zero\",\"industry\":\"other\",\"location_country\":\"FR\","
        "\"location_city\":\"Lyon\",\"business_description\":\"A description of it.\","
        "\"unique_value_proposition\":\"Something better.\",\"target_customers\":\"People "
        "nearby.\","
        "\"revenue_model\":\"Sales; "
        "Service\",\"starting_capital\":0,\"currency\":\"eur\",\"price_per_unit\":-0.0,"
        "\"units_per_month\":0,\"team_size\":1,\"founder_background\":\"Some years of it.\"}";
    struct imported got;
    bson_iter_t it;

    import(*state, json, strlen(json), &got);
    if (!got.ok)
        fail_msg("%s", got.err.msg);
    assert_true(doc_find(&got.answers, "price_per_unit", &it));
    assert_true(BSON_ITER_HOLDS_DOUBLE(&it));
    assert_false(signbit(bson_iter_double(&it)));
    assert_int_equal(doc_count(&got.answers, "revenue_model"), 2);
    assert_string_equal(doc_str(&got.answers, "currency", ""), "EUR");
    finish(&got);
}

/* --- the sample plans -------------------- */

static char *read_demo(const char *name, size_t *len)
{
    struct err err = {0};
    char *asset = mem_printf("demo/%s", name), *path = paths_asset(asset, &err);
    char *text = path ? paths_read_file(path, 1 << 20, len, &err) : NULL;

    if (!text)
        fail_msg("%s", err.msg);
    free(path);
    free(asset);
    return text;
}

static void sample_plans_are_whole_and_say_they_are_fictional(void **state)
{
    size_t count = 0;
    char **names = paths_asset_names("demo", ".json", &count);
    unsigned purposes = 0;
    struct strbuf countries;

    strbuf_init(&countries, 100);
    assert_int_equal(count, 3);
    for (size_t i = 0; i < count; i++) {
        struct imported got;
        struct problems again;
        size_t len;
        char *text = read_demo(names[i], &len);

        import(*state, text, len, &got);
        for (size_t k = 0; k < got.problems.count; k++)
            print_error("%s: %s: %s\n", names[i], got.problems.items[k].path,
                        got.problems.items[k].message);
        assert_true(got.ok);
        assert_non_null(strstr(doc_str(&got.answers, "note", ""), "fictional"));
        intake_check(*state, got.purpose, &got.answers, true, &again); /* as stored */
        assert_int_equal(again.count, 0);
        for (size_t s = 0; s < intake_step_count(*state); s++) {
            struct step_state step;

            intake_step_state(*state, intake_step(*state, s), got.purpose, &got.answers, &step);
            assert_int_equal(step.answered, step.required);
            assert_int_equal(step.wrong, 0);
        }
        purposes |= 1u << got.purpose;
        strbuf_str(&countries, doc_str(&got.answers, "location_country", ""));
        problems_finish(&again);
        finish(&got);
        free(text);
    }
    assert_int_equal(purposes,
                     1u << PURPOSE_LOAN | 1u << PURPOSE_VISA_INNOVATOR | 1u << PURPOSE_INVESTOR);
    assert_string_equal(countries.data, "GBIEGB");
    strbuf_finish(&countries);
    paths_names_free(names, count);
}

/* --- the schema -------------------- */

static bool array_has(const bson_t *doc, const char *path, const char *text)
{
    bson_t view;
    bson_iter_t it;
    bool found = false;

    doc_view(doc, path, &view);
    bson_iter_init(&it, &view);
    while (bson_iter_next(&it))
        found = found || strcmp(bson_iter_utf8(&it, NULL), text) == 0;
    return found;
}

static void the_schema_states_types_limits_and_required(void **state)
{
    bson_t schema;

    intake_json_schema(*state, &schema);
    assert_true(bson_validate(&schema, BSON_VALIDATE_UTF8, NULL));
#define ANSWER "$defs.answers.properties."
    assert_string_equal(doc_str(&schema, "$schema", ""),
                        "https://json-schema.org/draft/2020-12/schema");
    assert_string_equal(doc_str(&schema, ANSWER "price_per_unit.type", ""), "number");
    assert_int_equal(doc_int(&schema, ANSWER "price_per_unit.minimum", -1), 0);
    assert_string_equal(doc_str(&schema, ANSWER "team_size.type", ""), "integer");
    assert_string_equal(doc_str(&schema, ANSWER "start_date.format", ""), "date");
    assert_string_equal(doc_str(&schema, ANSWER "vat_registered.type", ""), "boolean");
    assert_int_equal(doc_int(&schema, ANSWER "business_name.maxLength", 0), 120);
    assert_true(array_has(&schema, ANSWER "legal_form.enum", "limited_company"));
    assert_true(array_has(&schema, ANSWER "currency.enum", "EUR"));
    assert_true(array_has(&schema, ANSWER "products.items.required", "units_per_month"));
    assert_false(array_has(&schema, ANSWER "products.items.required", "unit_cost"));
    assert_string_equal(doc_str(&schema, ANSWER "loan.properties.term_months.type", ""), "integer");
    assert_true(array_has(&schema, "$defs.answers.required", "business_name"));
    assert_false(array_has(&schema, "$defs.answers.required", "price_per_unit"));
    assert_int_equal(doc_count(&schema, "$defs.answers.allOf.0.anyOf"), 5);
    assert_true(array_has(&schema, "$defs.loan.required", "loan"));
    assert_true(array_has(&schema, "$defs.investor.required", "ask_amount"));
    assert_false(array_has(&schema, "$defs.investor.required", "business_name"));
#undef ANSWER
    bson_destroy(&schema);
}

/* --- the lists of countries and currencies -------------------- */

static void a_missing_list_of_countries_names_the_package(void **state)
{
    struct err err = {0};

    (void)state;
    assert_null(places_file("/nonexistent", "iso_3166-1.json", &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    assert_non_null(strstr(err.msg, "install the package iso-codes"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reference_fields_alone_are_enough),
        cmocka_unit_test(every_wrong_field_is_named_and_nothing_stored),
        cmocka_unit_test(problems_come_in_the_order_of_the_questions),
        cmocka_unit_test(bytes_that_are_no_json_are_refused_with_their_place),
        cmocka_unit_test(texts_of_megabytes_are_named_not_kept),
        cmocka_unit_test(zero_price_and_zero_capital_are_answers),
        cmocka_unit_test(sample_plans_are_whole_and_say_they_are_fictional),
        cmocka_unit_test(the_schema_states_types_limits_and_required),
        cmocka_unit_test(a_missing_list_of_countries_names_the_package),
    };

    return cmocka_run_group_tests_name("intake_import", tests, load_intake, unload_intake);
}
