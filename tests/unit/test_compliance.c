/* Rule packs: the cases inside them hold; a broken file is refused with its place; unknown and needing evidence
 * are never a pass; a failing blocker, and only that, makes a plan non-compliant. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/intake.h"
#include "strattio/json.h"
#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/attr.h"
#include "strattio/paths.h"
#include "strattio/strbuf.h"

#include "compliance/compliance.h"
#include "compliance/pack.h"
#include "compliance/remedy.h"
#include "support/temp_dir.h"

struct rooms {
    struct intake *questions;
    struct model_def *def;
    struct packs *packs;
};

static int load_rooms(void **state)
{
    struct rooms *r = mem_zero(1, sizeof(*r));
    struct err err = {0};

    r->questions = intake_load(&err);
    r->def = model_def_load(&err);
    r->packs = packs_load(&err);
    if (err.code != ERR_NONE)
        print_error("%s\n", err.msg);
    *state = r;
    return r->questions && r->def && r->packs ? 0 : -1;
}

static int free_rooms(void **state)
{
    struct rooms *r = *state;

    packs_free(r->packs);
    model_def_free(r->def);
    intake_free(r->questions);
    free(r);
    return 0;
}

static void every_case_inside_the_packs_holds(void **state)
{
    struct rooms *r = *state;
    struct err err = {0};
    size_t count = 0;

    if (!packs_test(r->packs, r->questions, r->def, &count, &err))
        fail_msg("%s", err.msg);
    assert_true(count >= 270);
}

/* A rule that tests has cases for two outcomes at least, one with dates a case outside of them. */
static void every_rule_is_tried_by_its_cases(void **state)
{
    struct rooms *r = *state;

    for (size_t p = 0; p < r->packs->count; p++)
        for (size_t i = 0; i < r->packs->items[p].rule_count; i++) {
            const struct rule *rule = &r->packs->items[p].rules[i];
            bool seen[OUTCOME_COUNT] = {0};
            int kinds = 0;

            for (size_t c = 0; c < rule->case_count; c++)
                seen[rule->cases[c].expects] = true;
            for (int o = 0; o < OUTCOME_COUNT; o++)
                kinds += seen[o];
            if (kinds < (rule->test ? 2 : 1))
                fail_msg("%s has cases for %d outcomes", rule->id, kinds);
            if ((rule->from != INT32_MIN || rule->until != INT32_MAX) &&
                !seen[OUTCOME_NOT_APPLICABLE])
                fail_msg("%s has no case outside its dates", rule->id);
        }
}

/* The report of `answers` (JSON) under `pack`; the caller destroys it. */
static void check(struct rooms *r, const char *pack, const char *json, bson_t *report)
{
    struct compliance_input in = {.template_id = pack,
                                  .purpose = PURPOSE_LOAN,
                                  .questions = r->questions,
                                  .start_date = "2027-01-01",
                                  .as_of = "2026-11-24"};
    struct err err = {0};
    struct model *model;
    bson_t answers;

    assert_true(json_read(json, strlen(json), &answers, &err));
    model = model_build(r->def, &answers, in.start_date, &err);
    if (!model)
        fail_msg("%s", err.msg);
    in.intake = &answers;
    in.model = model;
    assert_true(compliance_check(r->packs, &in, report, &err));
    model_free(model);
    bson_destroy(&answers);
}

static void no_rule_is_ever_untestable(void **state)
{
    static const char *const packs[] = {
        "GENERIC",   "UK_STARTUP_LOAN", "UK_BANK_LOAN",         "US_SBA_LOAN",
        "BANK_LOAN", "UK_STARTUP_VISA", "UK_INNOVATOR_FOUNDER", "INVESTOR"};
    static const char *const answers[] = {
        "{}",
        "{\"price_per_unit\": 4.2, \"units_per_month\": 3400, \"unit_cost\": 1.5, \"currency\": "
        "\"GBP\", "
        "\"location_country\": \"GB\", \"legal_form\": \"limited_company\", \"starting_capital\": "
        "5000, "
        "\"industry\": \"cafe_restaurant\", \"seis_intent\": true, \"eis_intent\": true, "
        "\"staff\": [{\"role\": \"Baker\", \"annual_salary\": 26000}]}",
    };

    for (size_t p = 0; p < ARRAY_LEN(packs); p++) {
        for (size_t a = 0; a < ARRAY_LEN(answers); a++) {
            bson_t report;
            size_t count;

            check(*state, packs[p], answers[a], &report);
            count = doc_count(&report, "checks");
            assert_true(count > 5);
            for (size_t i = 0; i < count; i++) {
                char path[64];

                snprintf(path, sizeof(path), "checks.%zu.message", i);
                if (strstr(doc_str(&report, path, ""), "could not be tested"))
                    fail_msg("%s, %s", packs[p], doc_str(&report, path, ""));
            }
            bson_destroy(&report);
        }
    }
}

static void nothing_answered_passes_nothing_and_fails_no_blocker_by_itself(void **state)
{
    bson_t report;

    check(*state, "UK_BANK_LOAN", "{}", &report);
    assert_string_equal(doc_str(&report, "overall_status", ""), "needs_attention");
    assert_int_equal(doc_int(&report, "outcomes.pass", -1), 0);
    assert_true(doc_num(&report, "score", -1) == 0);
    assert_int_equal(doc_int(&report, "failed_count", -1), (int64_t)doc_count(&report, "checks"));
    bson_destroy(&report);
}

static void a_failing_blocker_makes_it_non_compliant(void **state)
{
    bson_t report;

    check(*state, "UK_STARTUP_LOAN", "{\"location_country\": \"IE\"}", &report);
    assert_string_equal(doc_str(&report, "overall_status", ""), "non_compliant");
    assert_true(doc_int(&report, "blockers", 0) >= 1);
    bson_destroy(&report);
}

static void the_closed_route_says_so_and_previews_the_open_one(void **state)
{
    bson_t report;
    bool preview = false;

    check(*state, "UK_STARTUP_VISA", "{}", &report);
    assert_string_equal(doc_str(&report, "overall_status", ""), "non_compliant");
    assert_string_equal(doc_str(&report, "checks.0.rule_id", ""), "VST-01");
    assert_non_null(strstr(doc_str(&report, "checks.0.message", ""), "13 April 2023"));
    for (size_t i = 0; i < doc_count(&report, "checks"); i++) {
        char path[64];

        snprintf(path, sizeof(path), "checks.%zu.rule_id", i);
        if (strcmp(doc_str(&report, path, ""), "VIF-04") == 0) {
            snprintf(path, sizeof(path), "checks.%zu.severity", i);
            assert_string_equal(doc_str(&report, path, ""), "info");
            preview = true;
        }
    }
    assert_true(preview);
    bson_destroy(&report);
}

static const struct {
    const char *name, *text, *want;
} broken[] = {
    {"no head", "rule A blocker \"x\"\n    test true\n", "bad.pack:1:1"},
    {"no severity of that name", "pack X \"x\"\nrule A heavy \"x\"\n", "bad.pack:2:1"},
    {"a rule without source", "pack X \"x\"\nrule A blocker \"x\"\n    test true\n    fail \"f\"\n",
     "needs a source"},
    {"a test that does not parse",
     "pack X \"x\"\nrule A blocker \"x\"\n    test 1 +\n    fail \"f\"\n    source \"s\" u "
     "2026-01-01\n",
     "bad.pack:3:"},
    {"a test and evidence",
     "pack X \"x\"\nrule A blocker \"x\"\n    test true\n    evidence \"e\"\n    fail \"f\"\n    "
     "source \"s\" u 2026-01-01\n",
     "evidence in its place"},
    {"a date that is none",
     "pack X \"x\"\nrule A blocker \"x\"\n    from soon\n    test true\n    fail \"f\"\n",
     "bad.pack:3"},
    {"an unknown line", "pack X \"x\"\nrule A blocker \"x\"\n    colour red\n",
     "no line \"colour\""},
    {"an unknown outcome", "pack X \"x\"\nrule A blocker \"x\"\n    case \"c\" {} expects maybe\n",
     "\"maybe\""},
    {"an include that is not there", "pack X \"x\"\n    include NOWHERE\n", "NOWHERE"},
    {"nothing", "", "no pack"},
};

static void a_broken_pack_is_refused_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(broken); i++) {
        char *dir = temp_dir_make(), *folder = mem_printf("%s/compliance", dir);
        char *path = mem_printf("%s/bad.pack", folder);
        char *before = mem_str(getenv("STRATTIO_ASSETS"));
        struct packs *packs;
        struct err err = {0};

        assert_int_equal(mkdir(folder, 0700), 0);
        assert_true(paths_write_file(path, broken[i].text, strlen(broken[i].text), 0600, &err));
        setenv("STRATTIO_ASSETS", dir, 1);
        packs = packs_load(&err);
        setenv("STRATTIO_ASSETS", before ? before : "", 1);
        if (packs || !strstr(err.msg, broken[i].want))
            fail_msg("%s: %s", broken[i].name, packs ? "was loaded" : err.msg);
        temp_dir_remove(dir);
        free(before);
        free(path);
        free(folder);
    }
}

/* ---- what would make a rule pass ----------------------------------------------------------- */

static void find_remedy(struct rooms *r, const char *pack, const char *rule, const char *json,
                        struct remedy *out)
{
    struct compliance_input in = {.template_id = pack,
                                  .purpose = PURPOSE_LOAN,
                                  .questions = r->questions,
                                  .start_date = "2027-01-01",
                                  .as_of = "2026-11-24"};
    struct err err = {0};
    struct model *model;
    bson_t answers;

    assert_true(json_read(json, strlen(json), &answers, &err));
    model = model_build(r->def, &answers, in.start_date, &err);
    if (!model)
        fail_msg("%s", err.msg);
    in.intake = &answers;
    in.model = model;
    if (!compliance_remedy(r->packs, &in, r->def, rule, out, &err))
        fail_msg("%s", err.msg);
    assert_true(out->builds <= REMEDY_BUILDS);
    model_free(model);
    bson_destroy(&answers);
}

static void expect_remedy(struct rooms *r, const char *pack, const char *rule, const char *json,
                          const char *want)
{
    struct remedy remedy = {0};
    struct strbuf text;

    find_remedy(r, pack, rule, json, &remedy);
    strbuf_init(&text, 8192);
    remedy_text(&remedy, &text);
    assert_string_equal(text.data, want);
    strbuf_finish(&text);
    remedy_finish(&remedy);
}

static void a_bound_on_an_answer_is_met_to_the_penny(void **state)
{
    expect_remedy(*state, "UK_STARTUP_LOAN", "SUL-05",
                  "{\"loan\": {\"amount\": 26000}, \"applicants\": [{\"name\": \"A\"}]}",
                  "Amount / max(1, count(Applicants: Name)): £26,000; asked is at most £25,000.\n"
                  "This alone makes it pass:\n"
                  "  Amount at most £25,000 (now £26,000)\n");
    expect_remedy(*state, "UK_STARTUP_LOAN", "SUL-07", "{\"loan\": {\"term_months\": 72}}",
                  "Months to repay: 72; asked is at most 60.\n"
                  "This alone makes it pass:\n"
                  "  Months to repay at most 60 (now 72)\n");
    expect_remedy(*state, "UK_STARTUP_LOAN", "SUL-08", "{\"loan\": {\"rate_percent\": 6}}",
                  "Interest a year: 6%; asked is exactly 7.5%.\n"
                  "This alone makes it pass:\n"
                  "  Interest a year exactly 7.5% (now 6%)\n");
    expect_remedy(*state, "UK_STARTUP_LOAN", "SUL-17",
                  "{\"psb\": {\"income\": 900, \"costs\": 1450}, \"drawings_monthly\": 200}",
                  "Household income a month + Your drawings a month - Household costs a month: "
                  "-£350; asked is at least £0.\n"
                  "Any one of these alone makes it pass:\n"
                  "  Household costs a month at most £1,100 (now £1,450)\n"
                  "  Household income a month at least £1,250 (now £900)\n"
                  "  Your drawings a month at least £550 (now £200)\n");
}

static void a_bound_on_a_figure_is_met_by_an_answer_behind_it(void **state)
{
    expect_remedy(*state, "GENERIC", "GEN-10",
                  "{\"currency\": \"GBP\", \"products\": [{\"name\": \"Loaf\", \"price\": 2, "
                  "\"units_per_month\": 1000, \"unit_cost\": 1}], \"growth_percent\": 4, "
                  "\"fixed_costs\": [{\"name\": \"Rent\", \"monthly\": 1100}]}",
                  "First month without a loss: 37; asked is at most 24.\n"
                  "Any one of these alone makes it pass:\n"
                  "  Price (Loaf) at least £2.06 (now £2)\n"
                  "  Units a month (Loaf) at least 1,057.69 (now 1,000)\n"
                  "  Unit cost (Loaf) at most £0.94 (now £1)\n"
                  "  Growth at least 10% (now 4%)\n");
}

static void what_no_number_settles_is_told(void **state)
{
    expect_remedy(*state, "UK_STARTUP_LOAN", "SUL-03", "{\"location_country\": \"IE\"}", "");
    expect_remedy(*state, "GENERIC", "GEN-08", "{}",
                  "Dated sources: not stated; asked is at least 3.\n");
    expect_remedy(*state, "UK_STARTUP_LOAN", "SUL-13", "{}", "");
}

/* Each value that is named passes, and one smallest step back does not: with the model itself. */
static void every_value_found_is_where_it_begins_to_pass(void **state)
{
    static const char answers[] =
        "{\"currency\": \"GBP\", \"price_per_unit\": 2, \"units_per_month\": 1000, "
        "\"unit_cost\": 1.2, \"growth_percent\": 400, \"starting_capital\": 1000, "
        "\"fixed_costs\": [{\"name\": \"Rent\", \"amount_monthly\": 900}], "
        "\"loan\": {\"amount\": 20000, \"term_months\": 60, \"rate_percent\": 7.5}}";
    static const char *const rules[] = {"GEN-09", "GEN-10"};
    size_t tried = 0;

    for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
        struct remedy remedy = {0};

        find_remedy(*state, "GENERIC", rules[i], answers, &remedy);
        for (size_t w = 0; w < remedy.way_count; w++, tried++) {
            struct remedy then = {0};
            struct err err = {0};
            struct strbuf json;
            bson_t changed;

            assert_true(json_read(answers, strlen(answers), &changed, &err));
            assert_true(intake_set(((struct rooms *)*state)->questions, remedy.ways[w].field,
                                   remedy.ways[w].value, &changed, &err));
            strbuf_init(&json, 65536);
            json_write(&changed, JSON_COMPACT, &json);
            find_remedy(*state, "GENERIC", rules[i], json.data, &then);
            assert_true(then.passes);
            remedy_finish(&then);
            strbuf_finish(&json);
            bson_destroy(&changed);
        }
        remedy_finish(&remedy);
    }
    assert_true(tried >= 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_inside_the_packs_holds),
        cmocka_unit_test(every_rule_is_tried_by_its_cases),
        cmocka_unit_test(no_rule_is_ever_untestable),
        cmocka_unit_test(nothing_answered_passes_nothing_and_fails_no_blocker_by_itself),
        cmocka_unit_test(a_failing_blocker_makes_it_non_compliant),
        cmocka_unit_test(the_closed_route_says_so_and_previews_the_open_one),
        cmocka_unit_test(a_broken_pack_is_refused_with_its_place),
        cmocka_unit_test(a_bound_on_an_answer_is_met_to_the_penny),
        cmocka_unit_test(a_bound_on_a_figure_is_met_by_an_answer_behind_it),
        cmocka_unit_test(what_no_number_settles_is_told),
        cmocka_unit_test(every_value_found_is_where_it_begins_to_pass),
    };

    return cmocka_run_group_tests(tests, load_rooms, free_rooms);
}
