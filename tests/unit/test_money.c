/* test_money.c - amounts as people type them and as they are shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/money.h"
#include "strattio/strbuf.h"

static void what_people_type_is_read(void **state)
{
    static const struct {
        const char *typed, *currency;
        int64_t want;
    } rows[] = {
        {"0", "GBP", 0},
        {"1250", "GBP", 125000},
        {"1,250", "GBP", 125000},
        {"1,250.50", "GBP", 125050},
        {"1.250,50", "EUR", 125050},
        {"1.250,50", "GBP", 125050},
        {"1 250,50 \u20ac", "EUR", 125050},
        {"1,25", "EUR", 125},
        {"0,5", "EUR", 50},
        {"0.5", "GBP", 50},
        {".5", "GBP", 50},
        {"\u00a3 1 200", "GBP", 120000},
        {"\u00a31\u00a0200", "GBP", 120000},
        {"1'200.05", "GBP", 120005},
        {"12k", "GBP", 1200000},
        {"12 K", "GBP", 1200000},
        {"1.5m", "GBP", 150000000},
        {"0.125k", "GBP", 12500},
        {"1.25k", "GBP", 125000},
        {"1.250k", "GBP", 125000},
        {"2bn", "USD", 200000000000},
        {"-3", "GBP", -300},
        {"\u22123", "GBP", -300},
        {"-\u00a33.10", "GBP", -310},
        {"\u00a3-3.10", "GBP", -310},
        {"+4", "GBP", 400},
        {"GBP 10", "GBP", 1000},
        {"10 gbp", "GBP", 1000},
        {"$1,000,000", "USD", 100000000},
        {"1.000.000", "EUR", 100000000},
        {"1,000,000", "EUR", 100000000},
        {"500", "JPY", 500},
        {"1.250", "KWD", 1250},
        {"1,25,000", "INR", 12500000},
        {"1.10", "GBP", 110},
        {"1.100,0", "EUR", 110000},
        {"90071992547409.92", "GBP", INT64_C(1) << 53},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct err err = {0};
        int64_t minor = -1;

        if (!money_parse(rows[i].typed, rows[i].currency, &minor, &err))
            fail_msg("%s: %s", rows[i].typed, err.msg);
        assert_int_equal(minor, rows[i].want);
    }
}

static void what_cannot_be_read_is_told_apart(void **state)
{
    static const struct {
        const char *typed, *currency, *word;
    } rows[] = {
        {"", "GBP", "missing"},
        {"   ", "GBP", "missing"},
        {"twelve", "GBP", "not an amount"},
        {"12x", "GBP", "not an amount"},
        {"12k%", "GBP", "not an amount"},
        {"1e5", "GBP", "not an amount"},
        {"-", "GBP", "not an amount"},
        {"$5", "GBP", "another currency"},
        {"5 EUR", "GBP", "another currency"},
        {"1.255", "GBP", "two ways"},
        {"1.250", "EUR", "two ways"},
        {"1,25", "GBP", "groups thousands"},
        {"0.125", "GBP", "more decimals"},
        {"12.3456", "GBP", "more decimals"},
        {"1.5", "JPY", "more decimals"},
        {"1,25,000", "GBP", "grouped by three"},
        {"1,2,3", "GBP", "grouped by three"},
        {"1.2.3,4,5", "GBP", "grouped by three"},
        {",", "GBP", ""},
        {"90071992547409.93", "GBP", "too large"},
        {"99999999999999999999999999999", "GBP", "too large"},
        {"1000000bn", "GBP", "too large"},
        {"11111111111111111111111111111111111111111111111111111111111111111111111", "GBP", ""},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct err err = {0};
        int64_t minor = -1;

        if (money_parse(rows[i].typed, rows[i].currency, &minor, &err))
            fail_msg("%s is read as %lld", rows[i].typed, (long long)minor);
        assert_int_equal(err.code, ERR_INVALID);
        assert_int_equal(minor, -1);
        if (!strstr(err.msg, rows[i].word))
            fail_msg("%s: %s", rows[i].typed, err.msg);
    }
}

static void amounts_are_shown_with_sign_and_groups(void **state)
{
    static const struct {
        int64_t minor;
        const char *currency;
        int decimals;
        const char *want;
    } rows[] = {
        {125050, "GBP", 2, "\u00a31,250.50"},
        {-300, "GBP", 2, "-\u00a33.00"},
        {125050, "GBP", 0, "\u00a31,251"},
        {-40, "GBP", 0, "\u00a30"},
        {-50, "GBP", 0, "-\u00a31"},
        {500, "JPY", 2, "\u00a5500"},
        {1250, "KWD", 3, "KWD 1.250"},
        {5, "PLN", 2, "PLN 0.05"},
        {123, "XYZ", 2, "XYZ 1.23"},
        {100000000, "USD", 0, "$1,000,000"},
        {INT64_MIN, "JPY", 0, "-\u00a59,223,372,036,854,775,808"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct strbuf out;

        strbuf_init(&out, 100);
        money_print(rows[i].minor, rows[i].currency, rows[i].decimals, &out);
        assert_string_equal(out.data, rows[i].want);
        strbuf_finish(&out);
    }
    assert_int_equal(money_exponent("JPY"), 0);
    assert_int_equal(money_exponent("CLF"), 4);
    assert_int_equal(money_exponent("ZZZ"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_people_type_is_read),
        cmocka_unit_test(what_cannot_be_read_is_told_apart),
        cmocka_unit_test(amounts_are_shown_with_sign_and_groups),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
