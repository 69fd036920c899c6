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
#include "strattio/paths.h"

#include "compliance/compliance.h"
#include "compliance/pack.h"
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
    assert_true(count >= 60);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_inside_the_packs_holds),
        cmocka_unit_test(no_rule_is_ever_untestable),
        cmocka_unit_test(nothing_answered_passes_nothing_and_fails_no_blocker_by_itself),
        cmocka_unit_test(a_failing_blocker_makes_it_non_compliant),
        cmocka_unit_test(the_closed_route_says_so_and_previews_the_open_one),
        cmocka_unit_test(a_broken_pack_is_refused_with_its_place),
    };

    return cmocka_run_group_tests(tests, load_rooms, free_rooms);
}
