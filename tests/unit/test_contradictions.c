/* Answers that cannot be true together: each row of the table is found, with both places and both
 * values, and is gone once the answers agree; what is not stated contradicts nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "strattio/attr.h"
#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/intake.h"
#include "strattio/json.h"
#include "strattio/model.h"

#include "compliance/compliance.h"

static struct intake *questions;
static struct model_def *def;

static int load(void **state)
{
    struct err err = {0};

    (void)state;
    questions = intake_load(&err);
    def = model_def_load(&err);
    return questions && def ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    model_def_free(def);
    intake_free(questions);
    return 0;
}

/* What is found in `json`; the caller destroys it. */
static void find(const char *json, bson_t *found)
{
    struct compliance_input in = {.questions = questions, .as_of = "2026-11-24"};
    struct err err = {0};
    struct model *model;
    bson_t answers;

    assert_true(json_read(json, strlen(json), &answers, &err));
    model = model_build(def, &answers, "2027-01-01", &err);
    if (!model)
        fail_msg("%s", err.msg);
    in.intake = &answers;
    in.model = model;
    contradictions_find(&in, found);
    model_free(model);
    bson_destroy(&answers);
}

static const struct {
    const char *id, *wrong, *right, *fix, *value;
} table[] = {
    {"ANS-SALES",
     "{\"price_per_unit\": 4, \"units_per_month\": 100, \"monthly_revenue_estimate\": 500}",
     "{\"price_per_unit\": 5, \"units_per_month\": 100, \"monthly_revenue_estimate\": 500}",
     "products", "£400"},
    {"ANS-USES", "{\"loan\": {\"amount\": 10000}, \"use_of_funds\": [{\"amount\": 9000}]}",
     "{\"loan\": {\"amount\": 10000}, \"use_of_funds\": [{\"amount\": 9950}]}", "use_of_funds",
     "£9,000"},
    {"ANS-JOBS",
     "{\"staff\": [{\"role\": \"a\", \"start_month\": 13}],"
     " \"jobs_by_year\": [{\"year\": 1, \"jobs\": 2}]}",
     "{\"staff\": [{\"role\": \"a\", \"start_month\": 12}],"
     " \"jobs_by_year\": [{\"year\": 1, \"jobs\": 2}]}",
     "jobs_by_year.0.jobs", "2"},
    {"ANS-PAY",
     "{\"staff\": [{\"annual_salary\": 24000}], \"jobs_by_year\": [{\"average_salary\": 25000}]}",
     "{\"staff\": [{\"annual_salary\": 25000}], \"jobs_by_year\": [{\"average_salary\": 25000}]}",
     "jobs_by_year.0.average_salary", "£25,000"},
    {"ANS-TEAM", "{\"staff\": [{\"headcount\": 4}], \"team_size\": 3}",
     "{\"staff\": [{\"headcount\": 2}, {\"start_month\": 2, \"headcount\": 4}], \"team_size\": 3}",
     "staff", "4"},
    {"ANS-MARGIN",
     "{\"industry\": \"cafe_restaurant\", \"price_per_unit\": 10, \"unit_cost\": 9.5,"
     " \"units_per_month\": 100}",
     "{\"industry\": \"cafe_restaurant\", \"price_per_unit\": 10, \"unit_cost\": 4,"
     " \"units_per_month\": 100}",
     "price_per_unit", "5%"},
    {"ANS-LOSS",
     "{\"products\": [{\"price\": 3, \"unit_cost\": 1}, {\"price\": 3, \"unit_cost\": 3.5}]}",
     "{\"products\": [{\"price\": 3, \"unit_cost\": 1}, {\"price\": 3, \"unit_cost\": 3}]}",
     "products.1.unit_cost", "£3.50"},
    {"ANS-SAM", "{\"tam\": 100, \"sam\": 101}", "{\"tam\": 100, \"sam\": 100}", "sam", "£101"},
    {"ANS-SOM", "{\"sam\": 100, \"som\": 101}", "{\"sam\": 100, \"som\": 100}", "som", "£101"},
    {"ANS-SHARE", "{\"price_per_unit\": 10, \"units_per_month\": 100, \"som\": 11999}",
     "{\"price_per_unit\": 10, \"units_per_month\": 100, \"som\": 12000}", "products", "£12,000"},
    {"ANS-MARKET",
     "{\"currency\": \"GBP\", \"price_per_unit\": 10, \"units_per_month\": 100,"
     " \"market\": {\"size_amount\": 340, \"size_currency\": \"GBP\"}}",
     "{\"currency\": \"GBP\", \"price_per_unit\": 10, \"units_per_month\": 100,"
     " \"market\": {\"size_amount\": 340, \"size_currency\": \"EUR\"}}",
     "products", "£12,000"},
    {"ANS-RIVALS",
     "{\"competitors\": [{\"name\": \"a\"}, {\"name\": \"b\"}], \"market\": {\"competitor_count\": "
     "1}}",
     "{\"competitors\": [{\"name\": \"a\"}], \"market\": {\"competitor_count\": 1}}", "competitors",
     "2"},
    {"ANS-TERM", "{\"loan\": {\"term_months\": 12, \"interest_only_months\": 12}}",
     "{\"loan\": {\"term_months\": 12, \"interest_only_months\": 11}}", "loan.interest_only_months",
     "13"},
    {"ANS-PAID",
     "{\"start_date\": \"2027-01-01\", \"application_date\": \"2027-02-01\","
     " \"loan\": {\"month\": 1}}",
     "{\"start_date\": \"2027-01-01\", \"application_date\": \"2027-01-31\","
     " \"loan\": {\"month\": 1}}",
     "application_date", "1 February 2027"},
    {"ANS-START", "{\"start_date\": \"2026-11-25\", \"months_trading\": 1}",
     "{\"start_date\": \"2026-11-24\", \"months_trading\": 1}", "start_date", "25 November 2026"},
    {"ANS-OWN", "{\"equity_injection\": 11, \"project_cost\": 10}",
     "{\"equity_injection\": 10, \"project_cost\": 10}", "equity_injection", "£11"},
    {"ANS-AGE", "{\"founders\": [{\"years_experience\": 30, \"age\": 29}]}",
     "{\"founders\": [{\"years_experience\": 29, \"age\": 30}]}", "founders.0.years_experience",
     "30"},
    {"ANS-COST", "{\"fixed_costs\": [{\"start_month\": 7, \"end_month\": 6}]}",
     "{\"fixed_costs\": [{\"start_month\": 6, \"end_month\": 6}]}", "fixed_costs.0.start_month",
     "7"},
};

static void what_contradicts_is_found_with_both_places(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        bson_t found;

        find(table[i].wrong, &found);
        if (bson_count_keys(&found) != 1 ||
            strcmp(doc_str(&found, "0.rule_id", ""), table[i].id) != 0)
            fail_msg("%s: %u found, the first is %s", table[i].id, bson_count_keys(&found),
                     doc_str(&found, "0.message", "none"));
        assert_string_equal(doc_str(&found, "0.fix", ""), table[i].fix);
        assert_string_equal(doc_str(&found, "0.places.0.path", ""), table[i].fix);
        assert_string_equal(doc_str(&found, "0.places.0.value", ""), table[i].value);
        assert_true(strlen(doc_str(&found, "0.places.1.value", "")) > 0);
        assert_non_null(strstr(doc_str(&found, "0.message", ""), table[i].value));
        assert_true(strlen(doc_str(&found, "0.suggestion", "")) > 20);
        assert_non_null(contradiction_name(table[i].id));
        bson_destroy(&found);
    }
}

static void answers_that_agree_contradict_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        bson_t found;

        find(table[i].right, &found);
        if (bson_count_keys(&found))
            fail_msg("%s: %s", table[i].id, doc_str(&found, "0.message", ""));
        bson_destroy(&found);
    }
}

static void both_places_are_answers_somebody_is_asked_for(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        bson_t found;

        find(table[i].wrong, &found);
        assert_non_null(intake_question(questions, doc_str(&found, "0.places.0.path", "")));
        assert_non_null(intake_question(questions, doc_str(&found, "0.places.1.path", "")));
        bson_destroy(&found);
    }
}

static void nothing_answered_contradicts_nothing(void **state)
{
    bson_t found;

    (void)state;
    find("{}", &found);
    assert_int_equal(bson_count_keys(&found), 0);
    bson_destroy(&found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_contradicts_is_found_with_both_places),
        cmocka_unit_test(answers_that_agree_contradict_nothing),
        cmocka_unit_test(both_places_are_answers_somebody_is_asked_for),
        cmocka_unit_test(nothing_answered_contradicts_nothing),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
