/* Promises of the intake: what people type is stored as they meant it and can be typed again; what
 * cannot be read is refused with a sentence and changes nothing; who must answer what depends on
 * the purpose. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* The value under `path` as compact JSON. */
static void stored_json(const bson_t *answers, const char *path, struct strbuf *out)
{
    bson_t wrapped = BSON_INITIALIZER;
    bson_iter_t it;

    if (doc_find(answers, path, &it)) {
        bson_append_iter(&wrapped, "v", 1, &it);
        json_write(&wrapped, JSON_COMPACT, out);
    }
    bson_destroy(&wrapped);
}

static void expect_set(const struct intake *in, const char *path, const char *typed,
                       const char *want)
{
    bson_t answers, again;
    struct strbuf got, text;
    struct err err = {0};
    char *want_json = malloc(strlen(want) + 16);

    from_json("{\"currency\": \"GBP\", \"location_country\": \"GB\", \"products\": []}", &answers);
    strbuf_init(&got, 100000);
    strbuf_init(&text, 100000);
    if (!intake_set(in, path, typed, &answers, &err))
        fail_msg("%s = %s: %s", path, typed, err.msg);
    stored_json(&answers, path, &got);
    sprintf(want_json, "{\"v\":%s}", want);
    if (strcmp(got.data, *want ? want_json : "") != 0)
        fail_msg("%s = %s: stored %s, want %s", path, typed, got.data, want_json);
    /* typed again from what is stored, it stores the same */
    intake_typed(in, &answers, path, &text);
    bson_copy_to(&answers, &again);
    if (!intake_set(in, path, text.data, &again, &err))
        fail_msg("%s typed again as %s: %s", path, text.data, err.msg);
    if (!doc_equal(&answers, &again))
        fail_msg("%s = %s: typed again as %s it differs", path, typed, text.data);
    bson_destroy(&again);
    bson_destroy(&answers);
    strbuf_finish(&got);
    strbuf_finish(&text);
    free(want_json);
}

static const struct {
    const char *path, *typed, *want;
} typed_rows[] = {
    {"price_per_unit", "4.20", "4.2"},
    {"price_per_unit", "£4.20", "4.2"},
    {"price_per_unit", "0", "0"},
    {"price_per_unit", "  4  ", "4"},
    {"price_per_unit", "", ""},
    {"price_per_unit", " \t\n", ""},
    {"starting_capital", "12k", "12000"},
    {"starting_capital", "1,250.50", "1250.5"},
    {"starting_capital", "1.250,50", "1250.5"},
    {"starting_capital", "1.5m", "1500000"},
    {"starting_capital", "£ 1 200", "1200"},
    {"starting_capital", "90071992547409.92", "90071992547409.92"},
    {"units_per_month", "3,400", "3400"},
    {"units_per_month", "3400.5", "3400.5"},
    {"units_per_month", "2k", "2000"},
    {"team_size", "3", "3"},
    {"team_size", "1,000", "1000"},
    {"team_size", "3.0", "3"},
    {"months_trading", "0", "0"},
    {"growth_percent", "12%", "12"},
    {"growth_percent", "12", "12"},
    {"growth_percent", "12 %", "12"},
    {"growth_percent", "12.5 percent", "12.5"},
    {"growth_percent", "12,5%", "12.5"},
    {"growth_percent", "12% a year", "12"},
    {"growth_percent", "-3%", "-3"},
    {"growth_percent",
     "\xe2\x88\x92"
     "3 %",
     "-3"},
    {"growth_percent", "0.000051", "5.1e-05"},
    {"growth_percent", "0.1234567890123456", "0.1234567890123456"},
    {"churn_percent", "2% a month", "2"},
    {"start_date", "2027-03-01", "\"2027-03-01\""},
    {"start_date", "1 March 2027", "\"2027-03-01\""},
    {"start_date", "1st of March 2027", "\"2027-03-01\""},
    {"start_date", "March 1, 2027", "\"2027-03-01\""},
    {"start_date", "Mar 2027", "\"2027-03-01\""},
    {"start_date", "2027-03", "\"2027-03-01\""},
    {"start_date", "3/2027", "\"2027-03-01\""},
    {"start_date", "4/3/2027", "\"2027-03-04\""},
    {"start_date", "04.03.2027", "\"2027-03-04\""},
    {"start_date", "2028-02-29", "\"2028-02-29\""},
    {"vat_registered", "yes", "true"},
    {"vat_registered", "N", "false"},
    {"legal_form", "limited_company", "\"limited_company\""},
    {"legal_form", "Limited company", "\"limited_company\""},
    {"legal_form", "LLP", "\"llp\""},
    {"legal_form", "Ltd", "\"limited_company\""},
    {"legal_form", "sole proprietorship", "\"sole_trader\""},
    {"legal_form", "C corporation", "\"corporation\""},
    {"excluded_activities", "gambling; Weapons", "[\"gambling\",\"weapons\"]"},
    {"excluded_activities", "none", "[\"none\"]"},
    {"location_country", "UK", "\"GB\""},
    {"location_country", "u.k.", "\"GB\""},
    {"location_country", "england", "\"GB\""},
    {"location_country", "The Netherlands", "\"NL\""},
    {"location_country", "Holland", "\"NL\""},
    {"location_country", "USA", "\"US\""},
    {"location_country", "united states of america", "\"US\""},
    {"location_country", "Cote d'Ivoire", "\"CI\""},
    {"location_country", "curacao", "\"CW\""},
    {"location_country", "Österreich", "\"AT\""},
    {"location_country", "ie", "\"IE\""},
    {"location_country", "IRL", "\"IE\""},
    {"currency", "£", "\"GBP\""},
    {"currency", "euros", "\"EUR\""},
    {"currency", "usd", "\"USD\""},
    {"industry", "food_making", "\"food_making\""},
    {"industry", "Bakery", "\"food_making\""},
    {"industry", "56102", "\"cafe_restaurant\""},
    {"industry", "Café or restaurant", "\"cafe_restaurant\""},
    {"industry", "Falconry displays", "\"Falconry displays\""},
    {"revenue_model", "Counter sales; wholesale to cafés",
     "[\"Counter sales\",\"wholesale to cafés\"]"},
    {"revenue_model", "Counter; and window\nWholesale\n",
     "[\"Counter; and window\",\"Wholesale\"]"},
    {"revenue_model", "Counter; and window\n", "[\"Counter; and window\"]"},
    {"revenue_model", "; ;", ""},
    {"business_name", "  Harbour Bakery ", "\"Harbour Bakery\""},
    {"business_name", "Zoë & Sons", "\"Zoë & Sons\""},
    {"business_description", "First line.\r\n\r\nSecond line.",
     "\"First line.\\n\\nSecond line.\""},
    {"loan.amount", "25k", "25000"},
    {"loan", "{\"amount\": \"25k\", \"term_months\": 60}", "{\"amount\":25000,\"term_months\":60}"},
    {"market.size_amount", "5m", "5000000"},
    {"market.size_currency", "chf", "\"CHF\""},
    {"products.0.price", "4.20", "4.2"},
    {"products.0.name", "Loaf", "\"Loaf\""},
    {"products.0", "{\"name\": \"Loaf\", \"price\": 4.20}", "{\"name\":\"Loaf\",\"price\":4.2}"},
    {"products", "[{\"name\": \"Loaf\", \"price\": 4.20}]", "[{\"name\":\"Loaf\",\"price\":4.2}]"},
};

static void what_is_typed_is_stored_as_meant(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(typed_rows); i++)
        expect_set(*state, typed_rows[i].path, typed_rows[i].typed, typed_rows[i].want);
}

static const struct {
    const char *path, *typed;
    enum err_code code;
    const char *says; /* part of the message */
} refused_rows[] = {
    {"growth_percent", "12k%", ERR_INVALID, "\"12k%\" is not a rate; try 12% a year"},
    {"growth_percent", "lots", ERR_INVALID, "\"lots\" is not a rate; try 6%"},
    {"growth_percent", "-101%", ERR_INVALID, "-101% is too low; the least allowed is -100%"},
    {"price_per_unit", "-1", ERR_INVALID, "too low; the least allowed is 0"},
    {"price_per_unit", "4.205", ERR_INVALID, "4.205"},
    {"price_per_unit", "four", ERR_INVALID, "four"},
    {"starting_capital", "90071992547409.93", ERR_INVALID, ""},
    {"starting_capital", "1e300", ERR_INVALID, ""},
    {"starting_capital", "NaN", ERR_INVALID, ""},
    {"starting_capital", "inf", ERR_INVALID, ""},
    {"units_per_month", "1,23,4", ERR_INVALID, "is not a number; try 3,400"},
    {"growth_percent", "0.00000000000000001%", ERR_INVALID, "too small to count with"},
    {"team_size", "2.5", ERR_INVALID, "is not a whole number; try 3"},
    {"team_size", "0", ERR_INVALID, "least allowed is 1"},
    {"team_size", "99999999999999999999", ERR_INVALID, ""},
    {"start_date", "0000-01-01", ERR_INVALID, "is not a date from 1900 to 2199"},
    {"start_date", "2027-02-29", ERR_INVALID, "is not a date"},
    {"start_date", "2027", ERR_INVALID, "is not a date"},
    {"start_date", "1/2/27", ERR_INVALID, "is not a date"},
    {"start_date", "soon", ERR_INVALID, "is not a date"},
    {"vat_registered", "maybe", ERR_INVALID, "neither yes nor no"},
    {"legal_form", "company", ERR_INVALID, "is not a choice"},
    {"legal_form", "of", ERR_INVALID, "is not a choice"},
    {"legal_form", "guild", ERR_INVALID, "it can be sole_trader, partnership"},
    {"excluded_activities", "none; weapons", ERR_INVALID, "\"none\" cannot stand beside"},
    {"location_country", "Unted Kingdom", ERR_INVALID, "did you mean United Kingdom (GB)?"},
    {"location_country", "Atlantis", ERR_INVALID, "is not a country"},
    {"currency", "CHF", ERR_INVALID, "CHF"},
    {"currency", "shells", ERR_INVALID, "it can be GBP, USD or EUR"},
    {"business_name", "Bad\x1b[2Jname", ERR_INVALID, "control characters"},
    {"business_name", "Bad\xc2\x9bname", ERR_INVALID, "control characters"},
    {"business_name", "Bad\xff\xfe", ERR_INVALID, "not valid UTF-8"},
    {"business_description", "Short", ERR_INVALID, "at least 10 are needed"},
    {"prise_per_unit", "1", ERR_NOT_FOUND, "did you mean price_per_unit?"},
    {"products.0.prize", "1", ERR_NOT_FOUND, "did you mean products.0.price?"},
    {"products.price", "1", ERR_NOT_FOUND, "There is no field"},
    {"products.1.price", "1", ERR_INVALID, "the next one is products.0"},
    {"products.99999999.price", "1", ERR_NOT_FOUND, "There is no field"},
    {"products", "not json", ERR_INVALID, "is not a table in JSON"},
    {"products", "[1]", ERR_INVALID, "must be an object"},
    {"products", "1},\"x\":{", ERR_INVALID, "is not a table in JSON"},
    {"loan", "[]", ERR_INVALID, ""},
    {"", "1", ERR_NOT_FOUND, "There is no field"},
    {".", "1", ERR_NOT_FOUND, "There is no field"},
    {"business_name.x", "1", ERR_NOT_FOUND, "There is no field"},
};

static void what_cannot_be_read_changes_nothing(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(refused_rows); i++) {
        bson_t answers, before;
        struct err err = {0};

        from_json("{\"currency\": \"GBP\", \"price_per_unit\": 3.5, \"seats\": 4}", &answers);
        bson_copy_to(&answers, &before);
        if (intake_set(*state, refused_rows[i].path, refused_rows[i].typed, &answers, &err))
            fail_msg("%s = %s was taken", refused_rows[i].path, refused_rows[i].typed);
        if (err.code != refused_rows[i].code || !strstr(err.msg, refused_rows[i].says))
            fail_msg("%s = %s: code %d, \"%s\"; want \"%s\"", refused_rows[i].path,
                     refused_rows[i].typed, err.code, err.msg, refused_rows[i].says);
        assert_true(bson_equal(&answers, &before));
        bson_destroy(&before);
        bson_destroy(&answers);
    }
}

static void american_dates_put_the_month_first(void **state)
{
    bson_t answers;
    struct err err = {0};

    from_json("{\"location_country\": \"US\"}", &answers);
    assert_true(intake_set(*state, "start_date", "3/4/2027", &answers, &err));
    assert_string_equal(doc_str(&answers, "start_date", ""), "2027-03-04");
    bson_destroy(&answers);
}

static void every_example_is_an_answer(void **state)
{
    const struct intake *in = *state;
    struct err err = {0};

    for (size_t s = 0; s < intake_step_count(in); s++) {
        const struct intake_step *step = intake_step(in, s);

        assert_true(*step->title && *step->intro);
        for (size_t i = 0; i < step->question_count; i++) {
            const struct question *q = step->questions[i];
            bson_t answers = BSON_INITIALIZER;

            if (!*q->help || !*q->why || !*q->example || !*q->label)
                fail_msg("%s lacks a text", q->field);
            assert_ptr_equal(intake_question(in, q->field), q);
            if (!intake_set(in, q->field, q->example, &answers, &err))
                fail_msg("%s: the example %s: %s", q->field, q->example, err.msg);
            for (size_t k = 0; k < q->column_count; k++) {
                char path[200];

                snprintf(path, sizeof path, q->type == QUESTION_TABLE ? "%s.0.%s" : "%s.%s",
                         q->field, q->columns[k].field);
                if (!*q->columns[k].help || !*q->columns[k].example)
                    fail_msg("%s lacks a text", path);
                assert_ptr_equal(intake_question(in, path), &q->columns[k]);
                if (!intake_set(in, path, q->columns[k].example, &answers, &err))
                    fail_msg("%s: the example %s: %s", path, q->columns[k].example, err.msg);
            }
            bson_destroy(&answers);
        }
    }
}

/* Every field of the reference's intake_data is asked, and this is the whole of what a purpose
 * needs. */
static void required_answers_are_few(void **state)
{
    static const char *const reference[] = {"business_name",
                                            "industry",
                                            "location_country",
                                            "location_city",
                                            "business_description",
                                            "unique_value_proposition",
                                            "target_customers",
                                            "revenue_model",
                                            "starting_capital",
                                            "currency",
                                            "monthly_revenue_estimate",
                                            "price_per_unit",
                                            "units_per_month",
                                            "team_size",
                                            "founder_background"};
    static const struct {
        enum plan_purpose purpose;
        size_t least, most;
    } rows[] = {{PURPOSE_GENERIC, 12, 14},
                {PURPOSE_LOAN, 14, 18},
                {PURPOSE_VISA_STARTUP, 14, 18},
                {PURPOSE_VISA_INNOVATOR, 14, 18},
                {PURPOSE_INVESTOR, 14, 18}};

    for (size_t i = 0; i < ARRAY_LEN(reference); i++)
        if (!intake_question(*state, reference[i]))
            fail_msg("%s is not asked", reference[i]);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct problems p;
        bson_t none = BSON_INITIALIZER;

        intake_check(*state, rows[i].purpose, &none, true, &p);
        if (p.count < rows[i].least || p.count > rows[i].most)
            fail_msg("%s asks %zu", plan_purpose_name(rows[i].purpose), p.count);
        for (size_t k = 0; k < p.count; k++)
            assert_true(p.items[k].missing);
        problems_finish(&p);
        intake_check(*state, rows[i].purpose, &none, false, &p);
        assert_int_equal(p.count, 0);
        problems_finish(&p);
        bson_destroy(&none);
    }
}

static bool is_missing(const struct intake *in, enum plan_purpose purpose, const bson_t *answers,
                       const char *path)
{
    struct problems p;
    bool found = false;

    intake_check(in, purpose, answers, true, &p);
    for (size_t i = 0; i < p.count; i++)
        found = found || (p.items[i].missing && strcmp(p.items[i].path, path) == 0);
    problems_finish(&p);
    return found;
}

static void purposes_and_other_answers_decide_what_is_required(void **state)
{
    static const struct {
        const char *answers;
        enum plan_purpose purpose;
        const char *path;
        bool missing;
    } rows[] = {
        {"{}", PURPOSE_GENERIC, "price_per_unit", true},
        {"{\"monthly_revenue_estimate\": 100}", PURPOSE_GENERIC, "price_per_unit", false},
        {"{\"products\": [{\"name\": \"a\", \"price\": 1, \"units_per_month\": 1}]}",
         PURPOSE_GENERIC, "units_per_month", false},
        {"{\"products\": [{\"name\": \"a\", \"price\": 1}]}", PURPOSE_GENERIC,
         "products.0.units_per_month", true},
        {"{\"products\": []}", PURPOSE_GENERIC, "units_per_month", true},
        {"{}", PURPOSE_GENERIC, "loan.amount", false},
        {"{}", PURPOSE_LOAN, "loan.amount", true},
        {"{\"loan\": {\"amount\": 5}}", PURPOSE_LOAN, "loan.amount", false},
        {"{\"loan\": {\"amount\": 5}}", PURPOSE_LOAN, "loan.term_months", true},
        {"{\"loan\": {\"amount\": 5}}", PURPOSE_GENERIC, "loan.term_months", true},
        {"{}", PURPOSE_GENERIC, "legal_form", false},
        {"{}", PURPOSE_INVESTOR, "legal_form", true},
        {"{}", PURPOSE_INVESTOR, "ask_amount", true},
        {"{\"equity_percent\": 20}", PURPOSE_INVESTOR, "pre_money", false},
        {"{}", PURPOSE_VISA_INNOVATOR, "new_in_uk", true},
        {"{}", PURPOSE_LOAN, "new_in_uk", false},
        {"{\"starting_capital\": 0}", PURPOSE_GENERIC, "starting_capital", false},
        {"{\"starting_capital\": null}", PURPOSE_GENERIC, "starting_capital", true},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        bson_t answers;

        from_json(rows[i].answers, &answers);
        if (is_missing(*state, rows[i].purpose, &answers, rows[i].path) != rows[i].missing)
            fail_msg("%s, %s: %s", rows[i].answers, plan_purpose_name(rows[i].purpose),
                     rows[i].path);
        bson_destroy(&answers);
    }
}

static void questions_are_asked_only_where_they_apply(void **state)
{
    static const struct {
        const char *answers, *field;
        enum plan_purpose purpose;
        bool applies;
    } rows[] = {
        {"{\"location_country\": \"GB\"}", "applicants", PURPOSE_LOAN, true},
        {"{\"location_country\": \"US\"}", "applicants", PURPOSE_LOAN, false},
        {"{}", "applicants", PURPOSE_LOAN, false},
        {"{\"location_country\": \"GB\"}", "applicants.age", PURPOSE_LOAN, true},
        {"{\"location_country\": \"GB\"}", "applicants", PURPOSE_INVESTOR, false},
        {"{\"location_country\": \"US\"}", "credit_elsewhere", PURPOSE_LOAN, true},
        {"{}", "endorser", PURPOSE_VISA_INNOVATOR, true},
        {"{}", "endorser", PURPOSE_GENERIC, false},
        {"{}", "business_name", PURPOSE_GENERIC, true},
        {"{\"location_country\": \"GB\", \"legal_form\": \"limited_company\"}",
         "associated_companies", PURPOSE_GENERIC, true},
        {"{\"location_country\": \"GB\", \"legal_form\": \"sole_trader\"}", "associated_companies",
         PURPOSE_GENERIC, false},
        {"{\"location_country\": 7}", "applicants", PURPOSE_LOAN, false},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct question *q = intake_question(*state, rows[i].field);
        bson_t answers;

        assert_non_null(q);
        from_json(rows[i].answers, &answers);
        if (intake_applies(*state, q, rows[i].purpose, &answers) != rows[i].applies)
            fail_msg("%s: %s", rows[i].answers, rows[i].field);
        bson_destroy(&answers);
    }
}

static void stored_answers_of_another_type_are_wrong(void **state)
{
    static const struct {
        const char *answers, *path;
    } rows[] = {
        {"{\"price_per_unit\": \"4.20\"}", "price_per_unit"},
        {"{\"price_per_unit\": -1}", "price_per_unit"},
        {"{\"price_per_unit\": 4.205}", "price_per_unit"},
        {"{\"starting_capital\": 1e300}", "starting_capital"},
        {"{\"team_size\": 2.5}", "team_size"},
        {"{\"currency\": \"JPY\"}", "currency"},
        {"{\"location_country\": \"UK\"}", "location_country"},
        {"{\"start_date\": \"1 March 2027\"}", "start_date"},
        {"{\"legal_form\": \"Limited company\"}", "legal_form"},
        {"{\"revenue_model\": \"Sales\"}", "revenue_model"},
        {"{\"revenue_model\": [1]}", "revenue_model.0"},
        {"{\"products\": {}}", "products"},
        {"{\"products\": [{\"name\": \"a\", \"price\": \"x\"}]}", "products.0.price"},
        {"{\"fixed_costs\": [{\"name\": \"a\", \"start_month\": 9, \"end_month\": 3}]}",
         "fixed_costs.0"},
        {"{\"vat_registered\": 1}", "vat_registered"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        bson_t answers;
        struct problems p;

        from_json(rows[i].answers, &answers);
        intake_check(*state, PURPOSE_GENERIC, &answers, false, &p);
        if (p.count != 1 || strcmp(p.items[0].path, rows[i].path) != 0 || p.items[0].missing)
            fail_msg("%s: %zu problems, first at %s", rows[i].answers, p.count,
                     p.count ? p.items[0].path : "-");
        problems_finish(&p);
        bson_destroy(&answers);
    }
}

static void text_of_a_store_may_be_anything(void **state)
{
    static const struct {
        const char *bytes;
        int len;
    } rows[] = {{"a\0b", 3}, {"\xff\xfe", 2}, {"a\x1b[2J", 5}};

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        bson_t answers = BSON_INITIALIZER, list;
        struct problems p;

        bson_append_utf8(&answers, "mission", -1, rows[i].bytes, rows[i].len);
        bson_append_array_begin(&answers, "licences", -1, &list);
        bson_append_utf8(&list, "0", 1, rows[i].bytes, rows[i].len);
        bson_append_array_end(&answers, &list);
        intake_check(*state, PURPOSE_GENERIC, &answers, false, &p);
        assert_int_equal(p.count, 2);
        assert_string_equal(p.items[0].path, "mission");
        assert_string_equal(p.items[1].path, "licences.0");
        problems_finish(&p);
        bson_destroy(&answers);
    }
}

static void *ask(void *in)
{
    bson_t answers = BSON_INITIALIZER;
    struct err err = {0};
    bool ok = intake_set(in, "location_country", "Holland", &answers, &err) &&
              intake_set(in, "market.size_currency", "CHF", &answers, &err) &&
              intake_set(in, "start_date", "1 May 2027", &answers, &err) &&
              intake_set(in, "growth_percent", "2.5%", &answers, &err);

    bson_destroy(&answers);
    return ok ? in : NULL;
}

static void many_threads_may_ask_at_once(void **state)
{
    pthread_t threads[8];

    for (size_t i = 0; i < ARRAY_LEN(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask, *state), 0);
    for (size_t i = 0; i < ARRAY_LEN(threads); i++) {
        void *result = NULL;

        pthread_join(threads[i], &result);
        assert_ptr_equal(result, *state);
    }
}

static void rows_of_products_give_the_simple_fields(void **state)
{
    bson_t answers = BSON_INITIALIZER, before;
    struct err err = {0};

    assert_true(intake_set(*state, "products",
                           "[{\"name\": \"Loaf\", \"price\": 4, \"units_per_month\": 300},"
                           " {\"name\": \"Bun\", \"price\": 1.5, \"units_per_month\": 100}]",
                           &answers, &err));
    assert_float_equal(doc_num(&answers, "units_per_month", 0), 400, 0);
    assert_float_equal(doc_num(&answers, "monthly_revenue_estimate", 0), 1350, 0);
    assert_float_equal(doc_num(&answers, "price_per_unit", 0), 3.38, 1e-9);
    assert_true(intake_set(*state, "products.1.price", "2", &answers, &err));
    assert_float_equal(doc_num(&answers, "monthly_revenue_estimate", 0), 1400, 0);
    bson_copy_to(&answers, &before);
    assert_false(intake_set(*state, "price_per_unit", "9", &answers, &err));
    assert_non_null(strstr(err.msg, "products"));
    assert_true(bson_equal(&answers, &before));
    assert_true(intake_set(*state, "products.0", "", &answers, &err)); /* a row goes */
    assert_int_equal(doc_count(&answers, "products"), 1);
    assert_string_equal(doc_str(&answers, "products.0.name", ""), "Bun");
    bson_destroy(&before);
    bson_destroy(&answers);
}

static void answers_are_shown_with_units_and_names(void **state)
{
    static const struct {
        const char *path, *want;
    } rows[] = {
        {"price_per_unit", "£4.20"},
        {"starting_capital", "£12,000"},
        {"growth_percent", "6%"},
        {"units_per_month", "3,400"},
        {"location_country", "United Kingdom"},
        {"industry", "Food and drink making"},
        {"start_date", "1 March 2027"},
        {"legal_form", "Limited company"},
        {"vat_registered", "no"},
        {"revenue_model", "Counter, cafés and markets"},
        {"products", "1 row: a"},
        {"loan", "Amount: £25,000; Months to repay: 60"},
        {"market.size_amount", "$5,000,000"},
        {"business_name", ""},
        {"staff", "none"},
        {"licences", "One, with a comma; two"},
        {"risks", "5 rows: a; b; c; d; ..."},
        {"nothing", ""},
    };
    bson_t answers;

    from_json(
        "{\"currency\":\"GBP\",\"price_per_unit\":4.2,\"starting_capital\":12000,\"growth_"
        "percent\":6,"
        "\"units_per_month\":3400,\"location_country\":\"GB\",\"industry\":\"food_making\","
        "\"start_date\":\"2027-03-01\",\"legal_form\":\"limited_company\",\"vat_registered\":false,"
        "\"revenue_model\":[\"Counter\",\"cafés\",\"markets\"],\"products\":[{\"name\":\"a\"}],"
        "\"staff\":[],\"licences\":[\"One, with a comma\",\"two\"],\"risks\":[{\"risk\":\"a\"},"
        "{\"risk\":\"b\"},{\"risk\":\"c\"},{\"risk\":\"d\"},{\"risk\":\"e\"}],"
        "\"loan\":{\"amount\":25000,\"term_months\":60},"
        "\"market\":{\"size_amount\":5000000,\"size_currency\":\"USD\"}}",
        &answers);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct strbuf text;

        strbuf_init(&text, 1000);
        intake_shown(*state, &answers, rows[i].path, &text);
        if (strcmp(text.data, rows[i].want) != 0)
            fail_msg("%s is shown as %s, not %s", rows[i].path, text.data, rows[i].want);
        strbuf_finish(&text);
    }
    bson_destroy(&answers);
}

static void steps_say_how_far_they_are(void **state)
{
    const struct intake_step *business = intake_step(*state, 0), *money = intake_step(*state, 3);
    struct step_state s;
    bson_t answers;

    from_json(
        "{\"business_name\": \"Harbour Bakery\", \"currency\": \"XXX\", \"starting_capital\": 0,"
        "\"fixed_costs\": [{\"name\": \"Rent\"}]}",
        &answers);
    intake_step_state(*state, business, PURPOSE_GENERIC, &answers, &s);
    assert_int_equal(s.required, 6);
    assert_int_equal(s.answered, 2);
    assert_int_equal(s.wrong, 1);
    intake_step_state(*state, money, PURPOSE_GENERIC, &answers, &s);
    assert_int_equal(s.required, 4); /* capital, price, units, and the rent's amount */
    assert_int_equal(s.answered, 1);
    assert_int_equal(s.wrong, 0);
    bson_destroy(&answers);
}

static void pickers_find_the_best_first(void **state)
{
    struct choice found[10];
    size_t count;

    count = intake_find_countries(*state, "uk", found, ARRAY_LEN(found));
    assert_true(count > 1);
    assert_string_equal(found[0].key, "GB");
    count = intake_find_countries(*state, "cote", found, ARRAY_LEN(found));
    assert_int_equal(count, 1);
    assert_string_equal(found[0].key, "CI");
    assert_int_equal(intake_find_countries(*state, "", found, ARRAY_LEN(found)), ARRAY_LEN(found));
    assert_string_equal(found[0].key, "AF");
    assert_int_equal(intake_find_countries(*state, "qqq", found, ARRAY_LEN(found)), 0);
    count = intake_find_industries(*state, "bak", found, ARRAY_LEN(found));
    assert_true(count >= 1);
    assert_string_equal(found[0].key, "food_making");
    assert_int_equal(intake_find_industries(*state, "café", found, 1), 1);
    assert_string_equal(found[0].key, "cafe_restaurant");
    assert_null(intake_industry_label(*state, "Falconry"));
    assert_null(intake_country_name(*state, "XX"));
    assert_null(intake_country_name(*state, "UK"));
}

static void the_rule_pack_follows_purpose_country_and_ask(void **state)
{
    static const struct {
        enum plan_purpose purpose;
        const char *answers, *want;
    } rows[] = {
        {PURPOSE_GENERIC, "{}", "GENERIC"},
        {PURPOSE_VISA_STARTUP, "{}", "UK_STARTUP_VISA"},
        {PURPOSE_VISA_INNOVATOR, "{}", "UK_INNOVATOR_FOUNDER"},
        {PURPOSE_INVESTOR, "{}", "INVESTOR"},
        {PURPOSE_LOAN, "{}", "BANK_LOAN"},
        {PURPOSE_LOAN, "{\"location_country\":\"DE\"}", "BANK_LOAN"},
        {PURPOSE_LOAN, "{\"location_country\":\"US\"}", "US_SBA_LOAN"},
        {PURPOSE_LOAN, "{\"location_country\":\"GB\"}", "UK_STARTUP_LOAN"},
        {PURPOSE_LOAN, "{\"location_country\":\"GB\",\"loan\":{\"amount\":25000}}",
         "UK_STARTUP_LOAN"},
        {PURPOSE_LOAN, "{\"location_country\":\"GB\",\"loan\":{\"amount\":25000.01}}",
         "UK_BANK_LOAN"},
        {PURPOSE_LOAN,
         "{\"location_country\":\"GB\",\"loan\":{\"amount\":50000},\"applicants\":[{},{}]}",
         "UK_STARTUP_LOAN"},
        {PURPOSE_LOAN,
         "{\"location_country\":\"GB\",\"loan\":{\"amount\":50000},\"founders\":[{},{}]}",
         "UK_STARTUP_LOAN"},
        {PURPOSE_LOAN, "{\"location_country\":\"GB\",\"months_trading\":35}", "UK_STARTUP_LOAN"},
        {PURPOSE_LOAN, "{\"location_country\":\"GB\",\"months_trading\":36}", "UK_BANK_LOAN"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        bson_t answers;

        from_json(rows[i].answers, &answers);
        assert_string_equal(intake_compliance_type(rows[i].purpose, &answers), rows[i].want);
        bson_destroy(&answers);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_threads_may_ask_at_once), /* first: nothing is loaded yet */
        cmocka_unit_test(text_of_a_store_may_be_anything),
        cmocka_unit_test(what_is_typed_is_stored_as_meant),
        cmocka_unit_test(what_cannot_be_read_changes_nothing),
        cmocka_unit_test(american_dates_put_the_month_first),
        cmocka_unit_test(every_example_is_an_answer),
        cmocka_unit_test(required_answers_are_few),
        cmocka_unit_test(purposes_and_other_answers_decide_what_is_required),
        cmocka_unit_test(questions_are_asked_only_where_they_apply),
        cmocka_unit_test(stored_answers_of_another_type_are_wrong),
        cmocka_unit_test(rows_of_products_give_the_simple_fields),
        cmocka_unit_test(answers_are_shown_with_units_and_names),
        cmocka_unit_test(steps_say_how_far_they_are),
        cmocka_unit_test(pickers_find_the_best_first),
        cmocka_unit_test(the_rule_pack_follows_purpose_country_and_ask),
    };

    return cmocka_run_group_tests_name("intake", tests, load_intake, unload_intake);
}
