/* test_rates.c - dated rates and the margins of trades: what is in force when, and files that are wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "strattio/err.h"
#include "strattio/paths.h"

#include "expr/days.h"
#include "finance/margins.h"
#include "finance/rates.h"
#include "support/temp_dir.h"

static int32_t day(const char *text)
{
    int32_t d;

    assert_true(days_parse(text, &d));
    return d;
}

static void a_rate_is_what_is_in_force_that_day(void **state)
{
    static const struct {
        const char *rate, *country, *currency, *day, *want; /* NULL: none */
        enum rate_gap gap;
    } rows[] = {
        {"start_up_loan", "GB", "GBP", "2026-03-31", "0.06", RATE_GAP_NONE},
        {"start_up_loan", "GB", "GBP", "2026-04-01", "0.075", RATE_GAP_NONE},
        {"start_up_loan", "GB", "GBP", "2023-12-31", NULL, RATE_GAP_UNKNOWN},
        {"company_tax", "GB", "GBP", "2023-03-31", NULL, RATE_GAP_UNKNOWN},
        {"company_tax", "GB", "GBP", "2023-04-01", "0.25", RATE_GAP_NONE},
        {"company_tax", "GB", "USD", "2031-12-31", "0.25", RATE_GAP_NONE},
        {"company_tax_lower", "GB", "GBP", "2027-01-31", "50000", RATE_GAP_NONE},
        {"company_tax_lower", "GB", "USD", "2027-01-31", NULL, RATE_GAP_CURRENCY},
        {"company_tax", "PT", "EUR", "2027-12-31", "0.18", RATE_GAP_NONE},
        {"company_tax", "PT", "EUR", "2028-01-01", "0.17", RATE_GAP_NONE},
        {"company_tax", "ZZ", "EUR", "2028-01-01", NULL, RATE_GAP_UNKNOWN},
        {"employer_social", "DE", "EUR", "2028-01-01", NULL, RATE_GAP_UNKNOWN},
    };
    struct err err = {0};
    struct rates *r = rates_load(&err);

    (void)state;
    assert_non_null(r);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        enum rate_gap gap;
        const struct rate_value *v = rates_at(r, rates_find(r, rows[i].rate), rows[i].country,
                                              rows[i].currency, day(rows[i].day), &gap);
        char text[NUM_TEXT_SIZE] = "";

        assert_int_equal(gap, rows[i].gap);
        assert_int_equal(v != NULL, rows[i].want != NULL);
        if (!v)
            continue;
        num_print(v->value, text);
        assert_string_equal(text, rows[i].want);
        assert_true(strlen(v->source) > 5);
    }
    assert_int_equal(rates_find(r, "nonsense"), -1);
    assert_null(rates_note(r, "ZZ"));
    assert_non_null(rates_note(r, "EE"));
    rates_free(r);
}

static void a_trade_is_found_by_key_label_or_other_name(void **state)
{
    static const struct {
        const char *text, *gross;
    } rows[] = {
        {"cafe_restaurant", "0.609"},
        {"Caf\u00e9 or restaurant", "0.609"},
        {"BISTRO", "0.609"},
        {"grocery", "0.195"},
        {"Shop retail (non-food)", "0.195"},
        {"Software/SaaS", "0.591"},
        {"Our coffee shop by the quay", "0.609"},
        {"basket weaving", NULL},
        {"other", NULL},
        {NULL, NULL},
    };
    struct err err = {0};
    struct margins *all = margins_load(&err);
    const struct trade_margins *middle = margins_find(all, "basket weaving");

    (void)state;
    assert_non_null(all);
    assert_null(middle->gross.source);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct trade_margins *m = margins_find(all, rows[i].text);
        char text[NUM_TEXT_SIZE];

        num_print(m->gross.rate, text);
        if (rows[i].gross)
            assert_string_equal(text, rows[i].gross);
        else
            assert_ptr_equal(m, middle);
    }
    margins_free(all);
}

/* Writes one asset into a folder of its own and makes it the only one there is. */
static void with_asset(const char *folder, const char *name, const char *text)
{
    char path[PATH_MAX];
    struct err err = {0};

    snprintf(path, sizeof path, "%s/%s", getenv("STRATTIO_ASSETS"), folder);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/%s/%s", getenv("STRATTIO_ASSETS"), folder, name);
    assert_true(paths_write_file(path, text, strlen(text), 0600, &err));
}

static void mistakes_in_files_are_told_with_their_place(void **state)
{
#define GB "jurisdiction GB GBP \"UK\"\n"
    static const struct {
        const char *text, *want;
    } rates[] = {
        {"country GB\n", "rates/gb.rates:1:1: this should read: jurisdiction"},
        {"jurisdiction GB\n", "rates/gb.rates:1:1: "},
        {GB "  tax 3\n", "rates/gb.rates:2:3: \"tax\" has no meaning here"},
        {GB "  rate t rate \"T\"\n", "rates/gb.rates:2:3: this rate has no value"},
        {GB "  rate t pounds \"T\"\n    from 2020-01-01 1\n",
         "rates/gb.rates:2:3: this should read"},
        {GB "  rate t rate \"T\"\n    from 2020-01-01 5%\n",
         "rates/gb.rates:3:5: this value needs"},
        {GB "  source \"s\"\n  rate t rate \"T\"\n    from 2020-02-30 5%\n",
         "rates/gb.rates:4:5: this should read"},
        {GB "  source \"s\"\n  rate t rate \"T\"\n    from 2020-01-01 5x\n",
         "rates/gb.rates:4:5: this should read"},
        {GB "  source \"s\"\n  rate t rate \"T\"\n    from 2020-01-01 5%\n    from 2021-01-01 6%\n",
         "rates/gb.rates:5:5: the dates must follow each other"},
        {GB "  source \"s\"\n  rate t rate \"T\"\n    from 2020-01-01 5%\n"
            "  rate t rate \"T\"\n    from 2020-01-01 5%\n",
         "rates/gb.rates:5:3: \"t\" is declared twice for GB"},
        {GB GB, "rates/gb.rates:2:1: GB is declared twice"},
    };
    static const struct {
        const char *text, *want;
    } margins[] = {
        {"trade x\n", "industries/sme.industries:1:1: \"trade\" has no meaning here"},
        {"industry x\n", "industries/sme.industries:1:1: this should read"},
        {"industry x \"X\"\n  gross_margin 5 s\n  operating_margin 5 s\n",
         "industries/sme.industries:2:3: there is no source \"s\" above"},
        {"source s\n  title \"S\"\nindustry x \"X\"\n  gross_margin a s\n  operating_margin 5 s\n",
         "industries/sme.industries:4:3: a margin reads"},
        {"source s\n", "industries/sme.industries:1:1: a source has"},
        {"industry x \"X\"\n", "assets/industries lists no industry with margins"},
    };
    struct err err = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rates); i++) {
        with_asset("rates", "gb.rates", rates[i].text);
        with_asset("rates", "other.rates", "");
        assert_null(rates_load(&err));
        if (!strstr(err.msg, rates[i].want))
            fail_msg("%s: %s", rates[i].text, err.msg);
    }
    for (size_t i = 0; i < ARRAY_LEN(margins); i++) {
        with_asset("industries", "sme.industries", margins[i].text);
        assert_null(margins_load(&err));
        if (!strstr(err.msg, margins[i].want))
            fail_msg("%s: %s", margins[i].text, err.msg);
    }
}

static int own_folder(void **state)
{
    *state = temp_dir_make();
    return setenv("STRATTIO_ASSETS", *state, 1);
}

static int remove_folder(void **state)
{
    temp_dir_remove(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rate_is_what_is_in_force_that_day),
        cmocka_unit_test(a_trade_is_found_by_key_label_or_other_name),
        cmocka_unit_test_setup_teardown(mistakes_in_files_are_told_with_their_place, own_folder,
                                        remove_folder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
