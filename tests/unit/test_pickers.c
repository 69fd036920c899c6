/* Promises of the pickers: a country or an industry is found however a person begins to type it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "strattio/attr.h"
#include "strattio/err.h"
#include "strattio/intake.h"

#include "support/load_intake.h"

static const struct {
    const char *typed, *first;
} countries[] = {
    {"côte d'ivoire", "CI"},
    {"cote divoire", "CI"},
    {"kingdom united", "GB"},
    {"kingdom unit", "GB"},
    {"untied kingdom", "GB"},
    {"Germny", "DE"},
    {"germn", "DE"},
    {"Irelnad", "IE"},
    {"n zealand", "NZ"},
    {"new zeland", "NZ"},
    {"UAE", "AE"},
    {"usa", "US"},
    {"south korea", "KR"},
    {"Swizerland", "CH"},
    {"NETHERLANDS", "NL"},
    {"sa", "SA"}, /* a code comes before what begins so */
};

static void countries_are_found_as_people_type_them(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(countries); i++) {
        struct choice found[5];

        if (!intake_find_countries(*state, countries[i].typed, found, ARRAY_LEN(found)))
            fail_msg("%s: nothing", countries[i].typed);
        if (strcmp(found[0].key, countries[i].first) != 0)
            fail_msg("%s: %s", countries[i].typed, found[0].key);
    }
}

/* What fits as it is typed leaves no room for guesses; what is too short or too far off finds nothing. */
static void forgiveness_has_its_bounds(void **state)
{
    struct choice found[300];

    assert_int_equal(intake_find_countries(*state, "germany", found, ARRAY_LEN(found)), 1);
    assert_int_equal(intake_find_countries(*state, "qqq", found, ARRAY_LEN(found)), 0);
    assert_int_equal(intake_find_countries(*state, "grmni", found, ARRAY_LEN(found)), 0);
    assert_int_equal(intake_find_countries(*state, "untied kingdmo", found, ARRAY_LEN(found)), 0);
    assert_int_equal(
        intake_find_countries(*state, "united kingdom of bread", found, ARRAY_LEN(found)), 0);
    assert_true(intake_find_countries(*state, "", found, ARRAY_LEN(found)) > 200);
}

static void an_industry_is_found_with_a_slip(void **state)
{
    struct choice found[5];

    assert_true(intake_find_industries(*state, "bakry", found, ARRAY_LEN(found)) > 0);
    assert_string_equal(found[0].key, "food_making");
    assert_int_equal(intake_find_industries(*state, "falconry", found, ARRAY_LEN(found)), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(countries_are_found_as_people_type_them),
        cmocka_unit_test(forgiveness_has_its_bounds),
        cmocka_unit_test(an_industry_is_found_with_a_slip),
    };

    return cmocka_run_group_tests_name("pickers", tests, load_intake, unload_intake);
}
