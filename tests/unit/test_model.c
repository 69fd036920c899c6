/* test_model.c - the financial model: worked examples, what is undefined and why, bad answers,
 * properties over random plans, and a second computation of the profit and loss that shares no
 * code with the first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/json.h"
#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/strbuf.h"

#include "expr/value.h"
#include "finance/model_def.h"
#include "finance/model_scope.h"

static struct model_def *def;

static int load(void **state)
{
    struct err err = {0};

    (void)state;
    def = model_def_load(&err);
    if (!def)
        fprintf(stderr, "%s\n", err.msg);
    return def ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    model_def_free(def);
    return 0;
}

static bson_t *answers(const char *json)
{
    struct err err = {0};
    bson_t *doc = mem_zero(1, sizeof *doc), read;

    if (!json_read(json, strlen(json), &read, &err))
        fail_msg("%s: %s", json, err.msg);
    bson_copy_to(&read, doc);
    bson_destroy(&read);
    return doc;
}

static struct model *build(const char *json)
{
    struct err err = {0};
    bson_t *doc = answers(json);
    struct model *m = model_build(def, doc, "2027-01-01", &err);

    if (!m)
        fail_msg("%s: %s", json, err.msg);
    bson_destroy(doc);
    free(doc);
    return m;
}

static void expect_figure(const struct model *m, const char *name, const char *want)
{
    struct err err = {0};
    struct figure f;

    if (!model_figure(m, name, &f, &err))
        fail_msg("%s: %s", name, err.msg);
    if (strcmp(f.plain ? f.plain : f.reason, want) != 0)
        fail_msg("%s is %s, not %s", name, f.plain ? f.plain : f.reason, want);
    figure_finish(&f);
}

/* ---- worked examples ------------------------------------------------------------------------- */

static void figures_match_the_table(void **state)
{
#define COMPANY  "\"location_country\":\"GB\",\"legal_form\":\"limited_company\""
#define NO_COSTS "\"fixed_costs\":[{\"name\":\"Bank\",\"monthly\":0}]"
    static const struct {
        const char *answers, *figure, *want;
    } rows[] = {
        /* corporation tax at 60,000, 100,000 and 200,000 */
        {"{" COMPANY "," NO_COSTS
         ",\"products\":[{\"price\":5000,\"unit_cost\":0,\"units_per_month\":1}]}",
         "pnl.tax[y1]", "12150"},
        {"{" COMPANY ",\"fixed_costs\":[{\"monthly\":0.08,\"end_month\":1}],"
         "\"products\":[{\"price\":8333.34,\"unit_cost\":0,\"units_per_month\":1}]}",
         "pnl.tax[y1]", "22750"},
        {"{" COMPANY ",\"fixed_costs\":[{\"monthly\":0.04,\"end_month\":1}],"
         "\"products\":[{\"price\":16666.67,\"unit_cost\":0,\"units_per_month\":1}]}",
         "pnl.tax[y1]", "49250"},
        /* small profits and the main rate at their limits; limits shared by two companies */
        {"{" COMPANY ",\"fixed_costs\":[{\"monthly\":0.04,\"end_month\":1}],"
         "\"products\":[{\"price\":4166.67,\"unit_cost\":0,\"units_per_month\":1}]}",
         "pnl.tax[y1]", "9500"},
        {"{" COMPANY "," NO_COSTS
         ",\"products\":[{\"price\":25000,\"unit_cost\":0,\"units_per_month\":1}]}",
         "pnl.tax[y1]", "75000"},
        {"{" COMPANY "," NO_COSTS ",\"associated_companies\":1,"
         "\"products\":[{\"price\":5000,\"unit_cost\":0,\"units_per_month\":1}]}",
         "pnl.tax[y1]", "14025"},
        /* Start Up Loans: 7.5% from April 2026 where no rate is stated, 6% where it is */
        {"{" COMPANY ",\"loan\":{\"amount\":10000,\"term_months\":60}}", "loans.payment[1]",
         "200.38"},
        {"{" COMPANY ",\"loan\":{\"amount\":25000,\"term_months\":60}}", "loans.payment[1]",
         "500.95"},
        {"{" COMPANY ",\"loan\":{\"amount\":25000,\"term_months\":60,\"rate_percent\":6}}",
         "loans.payment[1]", "483.32"},
        {"{" COMPANY ",\"loan\":{\"amount\":25000,\"term_months\":60}}", "loans.balance[1][m60]",
         "0"},
        {"{" COMPANY ",\"loan\":{\"amount\":25000,\"term_months\":60}}", "loans.interest[1][m1]",
         "156.25"},
        {"{" COMPANY ",\"loan\":{\"amount\":1200,\"term_months\":12,\"rate_percent\":0}}",
         "loans.payment[1]", "100"},
        {"{" COMPANY ",\"loan\":{\"amount\":1200,\"term_months\":12,\"rate_percent\":12,"
         "\"interest_only_months\":3}}",
         "loans.balance[1][m3]", "1200"},
        {"{" COMPANY
         ",\"loan\":{\"amount\":1200,\"term_months\":12,\"rate_percent\":12,\"month\":6}}",
         "loans.balance[1][m17]", "0"},
        {"{" COMPANY ",\"loan\":{\"amount\":1200,\"term_months\":120,\"rate_percent\":12}}",
         "loans.principal[1][y5]", "106.73"},
        /* employer contributions on 26,000: 3,150 before the allowance; pension above 6,240 */
        {"{" COMPANY ",\"staff\":[{\"annual_salary\":26000}]}", "payroll.social[y1]", "3150"},
        {"{" COMPANY ",\"staff\":[{\"annual_salary\":26000}]}", "payroll.allowance_used[y1]",
         "3150"},
        {"{" COMPANY ",\"staff\":[{\"annual_salary\":26000}]}", "staff.pension[1][y1]", "592.8"},
        {"{" COMPANY ",\"staff\":[{\"annual_salary\":26000,\"director\":true}]}",
         "payroll.allowance_used[y1]", "0"},
        {"{" COMPANY ",\"staff\":[{\"annual_salary\":26000,\"director\":true},"
         "{\"annual_salary\":20000}]}",
         "payroll.allowance_used[y1]", "5400"},
        {"{" COMPANY ",\"staff\":[{\"annual_salary\":126000,\"headcount\":10}]}",
         "payroll.allowance_used[y1]", "21000"}, /* two tax years' worth in one calendar year */
        {"{" COMPANY ",\"staff\":[{\"annual_salary\":25001}]}", "pnl.salaries[y1]", "25001"},
        /* depreciation: all of the cost, no more */
        {"{" COMPANY ",\"assets\":[{\"cost\":1000,\"life_years\":3}]}",
         "assets.depreciation[1][m1]", "27.78"},
        {"{" COMPANY ",\"assets\":[{\"cost\":1000,\"life_years\":3}]}",
         "assets.depreciation[1][y3]", "333.33"},
        {"{" COMPANY ",\"assets\":[{\"cost\":1000,\"life_years\":3,\"residual\":100}]}",
         "assets.depreciation[1][y2]", "300"},
        {"{" COMPANY ",\"assets\":[{\"cost\":1000,\"life_years\":3,\"month\":13}]}",
         "assets.depreciation[1][y1]", "0"},
        /* the reference's own fields are enough */
        {"{\"price_per_unit\":4.2,\"units_per_month\":3400,\"unit_cost\":1.55}", "pnl.revenue[y1]",
         "171360"},
        {"{\"price_per_unit\":4.2,\"units_per_month\":3400,\"unit_cost\":1.55}",
         "break_even.contribution_margin_per_unit", "2.65"},
        {"{\"price_per_unit\":4.2,\"units_per_month\":3400,\"unit_cost\":1.55,"
         "\"fixed_costs\":[{\"monthly\":5300}]}",
         "break_even.break_even_units_monthly", "2000"},
        {"{\"price_per_unit\":4.2,\"units_per_month\":3400,\"unit_cost\":1.55,"
         "\"fixed_costs\":[{\"monthly\":5300}]}",
         "break_even.break_even_revenue_monthly", "8400"},
        {"{\"price_per_unit\":0,\"monthly_revenue_estimate\":1000}", "pnl.revenue[y1]", "12000"},
        {"{\"price_per_unit\":8,\"monthly_revenue_estimate\":1000}", "products.units_per_month[1]",
         "125"},
        {"{\"units_per_month\":8,\"monthly_revenue_estimate\":1000}", "products.price[1]", "125"},
        {"{\"price_per_unit\":0,\"units_per_month\":0}", "pnl.revenue[y5]", "0"},
        {"{\"price_per_unit\":10,\"units_per_month\":100,\"growth_percent\":10}", "pnl.revenue[y5]",
         "17569.2"},
        /* products are the truth; a later start; two of them at their mix */
        {"{\"price_per_unit\":99,\"units_per_month\":99,"
         "\"products\":[{\"price\":10,\"unit_cost\":4,\"units_per_month\":30},"
         "{\"price\":20,\"unit_cost\":5,\"units_per_month\":10}]}",
         "break_even.contribution_margin_per_unit", "8.25"},
        {"{\"products\":[{\"price\":10,\"units_per_month\":30,\"start_month\":4}]}",
         "pnl.revenue[y1]", "2700"},
        {"{\"products\":[{\"price\":10,\"units_per_month\":30,\"start_month\":61}]}",
         "pnl.revenue[y5]", "0"},
        {"{\"products\":[{\"price\":10,\"units_per_month\":30,"
         "\"seasonality\":[50,100,100,100,100,100,100,100,100,100,100,200]}]}",
         "pnl.revenue[y1]", "3750"},
        /* costs nobody stated: margins of the trade */
        {"{\"industry\":\"cafe_restaurant\",\"price_per_unit\":100,\"units_per_month\":10}",
         "pnl.gross_profit[y1]", "7308"},
        {"{\"industry\":\"cafe_restaurant\",\"price_per_unit\":100,\"units_per_month\":10}",
         "pnl.operating_profit[y1]", "1920"},
        {"{\"industry\":\"Bistro\",\"price_per_unit\":100,\"units_per_month\":10}",
         "pnl.gross_profit[y1]", "7308"},
        /* paid back: 1,000 of equipment against 60 a month is back in month 17 */
        {"{\"legal_form\":\"sole_trader\",\"assets\":[{\"cost\":1000}],\"products\":[{\"price\":10,"
         "\"unit_cost\":4,\"units_per_month\":10}]," NO_COSTS "}",
         "payback.month", "17"},
        {"{\"legal_form\":\"sole_trader\",\"assets\":[{\"cost\":4000}],\"products\":[{\"price\":10,"
         "\"unit_cost\":4,\"units_per_month\":10}]," NO_COSTS "}",
         "payback.month", "never_recovered"},
        {"{\"legal_form\":\"sole_trader\",\"products\":[{\"price\":10,\"unit_cost\":4,"
         "\"units_per_month\":10}]," NO_COSTS "}",
         "payback.month", "no_investment"},
        /* other legal forms and countries */
        {"{\"location_country\":\"GB\",\"legal_form\":\"sole_trader\",\"price_per_unit\":100,"
         "\"units_per_month\":10}",
         "pnl.tax[y1]", "0"},
        {"{\"location_country\":\"US\",\"currency\":\"USD\"," NO_COSTS
         ",\"legal_form\":\"corporation\","
         "\"products\":[{\"price\":5000,\"unit_cost\":0,\"units_per_month\":1}]}",
         "pnl.tax[y1]", "12600"},
        {"{\"location_country\":\"DE\",\"currency\":\"EUR\"," NO_COSTS ","
         "\"products\":[{\"price\":5000,\"unit_cost\":0,\"units_per_month\":1}]}",
         "pnl.tax[y1]", "18036"},
        {"{\"location_country\":\"PT\",\"currency\":\"EUR\"," NO_COSTS ","
         "\"products\":[{\"price\":5000,\"unit_cost\":0,\"units_per_month\":1}]}",
         "pnl.tax[y2]", "10200"},
        {"{\"location_country\":\"JP\",\"tax_rate_percent\":30," NO_COSTS ","
         "\"products\":[{\"price\":5000,\"unit_cost\":0,\"units_per_month\":1}]}",
         "pnl.tax[y1]", "18000"},
        /* a loss of 24,000 in year 1 is set against year 2 */
        {"{" COMPANY ",\"fixed_costs\":[{\"monthly\":2000}],"
         "\"products\":[{\"price\":5000,\"unit_cost\":0,\"units_per_month\":1,\"start_month\":13}]"
         "}",
         "tax.losses_left[y1]", "24000"},
        {"{" COMPANY ",\"fixed_costs\":[{\"monthly\":2000}],"
         "\"products\":[{\"price\":5000,\"unit_cost\":0,\"units_per_month\":1,\"start_month\":13}]"
         "}",
         "pnl.tax[y2]", "2280"},
        {"{\"location_country\":\"US\",\"currency\":\"USD\",\"legal_form\":\"corporation\","
         "\"fixed_costs\":[{\"monthly\":2000,\"end_month\":12}],"
         "\"products\":[{\"price\":2000,\"unit_cost\":0,\"units_per_month\":1,\"start_month\":13}]"
         "}",
         "pnl.tax[y2]", "1008"}, /* losses cover 80% of 24,000 */
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct model *m = build(rows[i].answers);

        expect_figure(m, rows[i].figure, rows[i].want);
        model_free(m);
    }
}

static void what_is_undefined_says_why(void **state)
{
    static const struct {
        const char *answers, *figure, *reason, *fix;
    } rows[] = {
        {"{}", "pnl.revenue[y1]", "input_missing", "units_per_month"},
        {"{}", "pnl.net_profit[m7]", "input_missing", "units_per_month"},
        {"{\"price_per_unit\":5,\"units_per_month\":0}", "pnl.gross_margin[y1]", "no_revenue",
         NULL},
        {"{\"price_per_unit\":5,\"units_per_month\":0}", "kpis.gross_margin_percent", "no_revenue",
         NULL},
        {"{\"price_per_unit\":5,\"units_per_month\":10,\"starting_capital\":0}",
         "kpis.roi_year1_percent", "no_capital", "starting_capital"},
        {"{\"price_per_unit\":5,\"units_per_month\":10,\"unit_cost\":6}",
         "break_even.break_even_units_monthly", "no_break_even", NULL},
        {"{\"price_per_unit\":5,\"units_per_month\":10,\"unit_cost\":6}",
         "break_even.month_reached", "no_break_even", NULL},
        {"{\"location_country\":\"ZZ\",\"price_per_unit\":5,\"units_per_month\":10}", "pnl.tax[y1]",
         "rate_unknown", "tax_rate_percent"},
        {"{\"location_country\":\"ZZ\",\"price_per_unit\":5,\"units_per_month\":10}",
         "pnl.net_profit[y1]", "rate_unknown", "tax_rate_percent"},
        {"{\"location_country\":\"DE\",\"price_per_unit\":5,\"units_per_month\":10,"
         "\"loan\":{\"amount\":5000}}",
         "pnl.interest[y1]", "input_missing", "loan.rate_percent"},
        {"{\"products\":[{\"price\":5},{\"price\":6,\"units_per_month\":2}]}", "pnl.revenue[m1]",
         "input_missing", "products.0.units_per_month"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct model *m = build(rows[i].answers);
        struct err err = {0};
        struct figure f;

        assert_true(model_figure(m, rows[i].figure, &f, &err));
        if (!f.reason)
            fail_msg("%s %s: %s", rows[i].answers, rows[i].figure, f.value);
        assert_string_equal(f.reason, rows[i].reason);
        assert_string_equal(f.value, "\u2013");
        assert_null(f.plain);
        assert_non_null(f.reason_text);
        if (rows[i].fix)
            assert_string_equal(f.fix ? f.fix : "(none)", rows[i].fix);
        figure_finish(&f);
        model_free(m);
    }
}

static void bad_answers_are_refused_by_name(void **state)
{
    static const struct {
        const char *answers;
        enum err_code code;
        const char *want; /* the message begins so */
    } rows[] = {
        {"{\"price_per_unit\":-1}", ERR_INVALID, "price_per_unit: at least 0 is allowed"},
        {"{\"price_per_unit\":\"4.20\"}", ERR_INVALID, "price_per_unit: a number is expected"},
        {"{\"industry\":7}", ERR_INVALID, "industry: text is expected"},
        {"{\"products\":7}", ERR_INVALID, "products: a list of rows is expected"},
        {"{\"products\":[7]}", ERR_INVALID, "products.0: a row"},
        {"{\"products\":[{\"price\":1},{\"price\":-1}]}", ERR_INVALID,
         "products.1.price: at least 0"},
        {"{\"staff\":[{\"annual_salary\":1,\"director\":\"yes\"}]}", ERR_INVALID,
         "staff.0.director: true or false"},
        {"{\"products\":[{\"seasonality\":[1,2]}]}", ERR_INVALID,
         "products.0.seasonality: a list of"},
        {"{\"price_per_unit\":90071992547410}", ERR_LIMIT,
         "price_per_unit: the amount is too large"},
        {"{\"price_per_unit\":1e300}", ERR_LIMIT, "price_per_unit: the number is too large"},
        {"{\"price_per_unit\":90000000000000,\"units_per_month\":2}", ERR_LIMIT,
         "products.revenue[1] (Revenue) is too large in month 1"},
        {"{\"price_per_unit\":10000,\"units_per_month\":10000,\"growth_percent\":10000}", ERR_LIMIT,
         "products.revenue[1] (Revenue) is too large in month 37"},
        {"{\"price_per_unit\":1,\"units_per_month\":1e20,\"growth_percent\":1e6}", ERR_LIMIT,
         "products.pace[1] (Sold, or customers won, in the month) is too large in month 25"},
        {"{\"products\":[{\"price\":80000000000000,\"units_per_month\":1},"
         "{\"price\":80000000000000,\"units_per_month\":1}]}",
         ERR_LIMIT, "products.revenue[1] (Revenue) is too large in year 1"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        bson_t *doc = answers(rows[i].answers);
        struct err err = {0};

        if (model_build(def, doc, "2027-01-01", &err))
            fail_msg("%s is taken", rows[i].answers);
        assert_int_equal(err.code, rows[i].code);
        if (strncmp(err.msg, rows[i].want, strlen(rows[i].want)) != 0)
            fail_msg("%s: %s", rows[i].answers, err.msg);
        bson_destroy(doc);
        free(doc);
    }
}

static void a_start_date_must_be_one(void **state)
{
    static const char *const bad[] = {"", "2027", "2027-02-30", "0000-01-01", "9999-01-01"};
    struct err err = {0};
    bson_t empty = BSON_INITIALIZER;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_null(model_build(def, &empty, bad[i], &err));
    assert_null(model_build(def, &empty, NULL, &err));
    assert_int_equal(err.code, ERR_INVALID);
}

static void nothing_is_ever_not_a_number(const bson_t *doc)
{
    bson_iter_t it;

    assert_true(bson_iter_init(&it, doc));
    while (bson_iter_next(&it)) {
        if (BSON_ITER_HOLDS_DOUBLE(&it))
            assert_true(isfinite(bson_iter_double(&it)));
        if (BSON_ITER_HOLDS_DOCUMENT(&it) || BSON_ITER_HOLDS_ARRAY(&it)) {
            bson_t sub;

            assert_true(doc_view(doc, bson_iter_key(&it), &sub));
            nothing_is_ever_not_a_number(&sub);
        }
    }
}

/* One plan for the rows below: credit, stock, suppliers, VAT, tax, a loan, other money, drawings. */
#define WHOLE                                                                                      \
    "{" COMPANY ",\"starting_capital\":5000,\"vat_registered\":true,\"stock_days\":15,"            \
    "\"supplier_days\":30,\"drawings_monthly\":100,\"products\":[{\"price\":100,"                  \
    "\"unit_cost\":40,\"units_per_month\":50,\"vat_rate_percent\":20,\"cost_vat_rate_percent\":"   \
    "20,"                                                                                          \
    "\"credit_days\":45}],\"fixed_costs\":[{\"monthly\":900,\"vat_rate_percent\":20}],"            \
    "\"assets\":[{\"cost\":1200,\"life_years\":2,\"vat_rate_percent\":20}],"                       \
    "\"loan\":{\"amount\":6000,\"term_months\":24,\"rate_percent\":12},"                           \
    "\"existing_debts\":[{\"name\":\"Van\",\"balance\":1000,\"monthly_payment\":150}],"            \
    "\"other_funding\":[{\"amount\":700,\"kind\":\"grant\",\"month\":2},{\"amount\":800,"          \
    "\"kind\":\"equity\",\"month\":3},{\"amount\":300,\"kind\":\"loan\",\"month\":4}]}"

static void cash_moves_when_it_is_paid(void **state)
{
    static const struct {
        const char *figure, *want;
    } rows[] = {
        /* 5,000 a month and 20% VAT, paid after a month and a half */
        {"cash.from_customers[m1]", "0"},
        {"cash.from_customers[m2]", "3000"},
        {"cash.from_customers[m3]", "6000"},
        {"balance.receivable[m60]", "9000"},
        /* costs of 2,000 and half a month's stock, 900 fixed, VAT on costs, paid a month later */
        {"stock.held[m1]", "1000"},
        {"suppliers.purchases[m1]", "3000"},
        {"suppliers.purchases[m2]", "2000"},
        {"cash.to_suppliers[m1]", "240"}, /* VAT on the equipment, bought at once */
        {"cash.to_suppliers[m2]", "4480"},
        {"balance.suppliers[m60]", "3480"},
        /* VAT of the first quarter, 3 x (1,000 - 400 - 180) - 240, in month 5 */
        {"vat.net[m1]", "180"},
        {"cash.vat[m5]", "1020"},
        {"cash.vat[m8]", "1260"},
        {"balance.vat[m6]", "1260"},
        /* tax of year 1 in month 22 */
        {"cash.tax[y1]", "0"},
        {"balance.tax[y1]", "4566.04"},
        {"cash.tax[m22]", "4566.04"},
        {"balance.capital[m3]", "5800"},
        {"balance.grants[m3]", "700"},
        {"balance.other_loans[m4]", "300"},
        {"existing_debts.owed[1][m6]", "100"},
        {"cash.repayments[m7]", "336.12"},
        {"cash.repayments[m8]", "238.49"},
        {"balance.equipment[y1]", "600"},
        {"cash.opening[y2]", "25950.72"},
        {"cash.opening[m1]", "0"},
        {"checks.all_hold", "true"},
        {"funding.runway_months", "cash_generative"},
        {"debt.cover[y5]", "no_debt"},
    };
    struct model *m = build(WHOLE);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        expect_figure(m, rows[i].figure, rows[i].want);
    model_free(m);
}

/* Threshold 90,000: passed in month 10 at 9,001 a month, so registered from month 12. */
static void vat_begins_in_the_second_month_after_the_threshold(void **state)
{
    struct model *m = build("{" COMPANY ",\"products\":[{\"price\":9001,\"unit_cost\":1,"
                            "\"units_per_month\":1}]}");

    (void)state;
    expect_figure(m, "vat.turnover[m10]", "90010");
    expect_figure(m, "vat.registered[m11]", "false");
    expect_figure(m, "vat.registered[m12]", "true");
    expect_figure(m, "vat.charged[m12]", "1800.2");
    model_free(m);
    m = build("{" COMPANY
              ",\"products\":[{\"price\":7500,\"unit_cost\":1,\"units_per_month\":1}]}");
    expect_figure(m, "vat.registered[m60]", "false"); /* 90,000 is not above it */
    model_free(m);
}

/* ---- what is stored -------------------------------------------------------------------------- */

static void stored_data_has_the_shape_of_the_reference(void **state)
{
    static const char *const paths[] = {
        "pnl_annual.0.year",
        "pnl_annual.4.revenue",
        "pnl_annual.0.cogs",
        "pnl_annual.0.gross_profit",
        "pnl_annual.0.total_opex",
        "pnl_annual.0.operating_profit",
        "pnl_annual.0.tax",
        "pnl_annual.0.net_profit",
        "pnl_annual.0.interest",
        "pnl_annual.0.profit_before_tax",
        "break_even.fixed_costs_monthly",
        "break_even.contribution_margin_per_unit",
        "break_even.break_even_units_monthly",
        "break_even.break_even_revenue_monthly",
        "break_even.month_reached",
        "kpis.gross_margin_percent",
        "kpis.net_margin_percent",
        "kpis.roi_year1_percent",
        "formulas_used.0.metric",
        "formulas_used.0.formula",
        "pnl_monthly.59.net_profit",
        "currency",
    };
    struct model *m = build("{\"location_country\":\"GB\",\"price_per_unit\":4.2,"
                            "\"units_per_month\":3400,\"starting_capital\":12000}");
    bson_t data;

    (void)state;
    model_data(m, &data);
    for (size_t i = 0; i < ARRAY_LEN(paths); i++)
        if (!doc_has(&data, paths[i]))
            fail_msg("%s is missing", paths[i]);
    assert_int_equal(doc_count(&data, "pnl_annual"), MODEL_YEARS);
    assert_int_equal(doc_count(&data, "pnl_monthly"), MODEL_MONTHS);
    assert_int_equal(doc_int(&data, "pnl_annual.4.year", 0), 5);
    for (size_t i = 0; i < doc_count(&data, "reasons"); i++) {
        char path[64];

        snprintf(path, sizeof path, "reasons.%zu.figure", i);
        assert_true(strncmp(doc_str(&data, path, "pnl."), "pnl.", 4) != 0);
    }
    assert_string_equal(doc_str(&data, "assumptions.1.name", ""), "legal_form");
    nothing_is_ever_not_a_number(&data);
    bson_destroy(&data);
    model_free(m);
}

static void nulls_are_stored_with_their_reason(void **state)
{
    struct model *m = build("{\"location_country\":\"ZZ\",\"price_per_unit\":5,"
                            "\"units_per_month\":10,\"legal_form\":\"limited_company\"}");
    bson_t data;

    (void)state;
    model_data(m, &data);
    assert_true(doc_has(&data, "pnl_annual.0.profit_before_tax"));
    assert_false(doc_has(&data, "pnl_annual.0.tax"));
    assert_string_equal(doc_str(&data, "reasons.0.figure", ""), "pnl.tax[y1]");
    assert_string_equal(doc_str(&data, "reasons.0.reason", ""), "rate_unknown");
    bson_destroy(&data);
    model_free(m);
}

static void assumptions_go_once_they_are_answered(void **state)
{
    static const struct {
        const char *answers, *name;
        bool listed;
    } rows[] = {
        {"{\"price_per_unit\":5,\"units_per_month\":9}", "products.unit_cost[1]", true},
        {"{\"price_per_unit\":5,\"units_per_month\":9,\"unit_cost\":2}", "products.unit_cost[1]",
         false},
        {"{\"products\":[{\"price\":5,\"units_per_month\":9}],\"unit_cost\":2}",
         "products.unit_cost[1]", true},
        {"{\"price_per_unit\":5,\"units_per_month\":9}", "fixed_costs.monthly[1]", true},
        {"{\"price_per_unit\":5,\"units_per_month\":9,\"fixed_costs\":[{\"monthly\":3}]}",
         "fixed_costs.monthly[1]", false},
        {"{\"price_per_unit\":5,\"units_per_month\":9}", "products.growth_percent[1]", true},
        {"{\"price_per_unit\":5,\"units_per_month\":9,\"growth_percent\":0}",
         "products.growth_percent[1]", false},
        {"{\"loan\":{\"amount\":0}}", "loans.term_months[1]", false},
        {"{\"loan\":{\"amount\":9}}", "loans.term_months[1]", true},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct model *m = build(rows[i].answers);
        bool listed = false;
        bson_t data;

        model_data(m, &data);
        for (size_t k = 0; k < doc_count(&data, "assumptions"); k++) {
            char path[64];

            snprintf(path, sizeof path, "assumptions.%zu.name", k);
            listed = listed || strcmp(doc_str(&data, path, ""), rows[i].name) == 0;
        }
        if (listed != rows[i].listed)
            fail_msg("%s: %s", rows[i].answers, rows[i].name);
        bson_destroy(&data);
        model_free(m);
    }
}

static void notes_say_what_a_reader_should_know(void **state)
{
    static const struct {
        const char *answers, *code;
        bool told;
    } rows[] = {
        {"{\"legal_form\":\"sole_trader\"}", "not_a_company", true},
        {"{\"legal_form\":\"corporation\"}", "not_a_company", false},
        {"{\"location_country\":\"FR\"}", "tax_of_country", true},
        {"{\"location_country\":\"ZZ\"}", "tax_of_country", false},
        {"{\"price_per_unit\":10,\"units_per_month\":10,\"monthly_revenue_estimate\":102}",
         "sales_disagree", true},
        {"{\"price_per_unit\":10,\"units_per_month\":10,\"monthly_revenue_estimate\":101}",
         "sales_disagree", false},
        {"{\"price_per_unit\":10,\"units_per_month\":10}", "sales_disagree", false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct model *m = build(rows[i].answers);
        bool told = false;
        bson_t data;

        model_data(m, &data);
        for (size_t k = 0; k < doc_count(&data, "notes"); k++) {
            char path[64];

            snprintf(path, sizeof path, "notes.%zu.code", k);
            told = told || strcmp(doc_str(&data, path, ""), rows[i].code) == 0;
        }
        if (told != rows[i].told)
            fail_msg("%s: %s", rows[i].answers, rows[i].code);
        bson_destroy(&data);
        model_free(m);
    }
}

/* ---- a second computation -------------------------------------------------------------------- */

__extension__ typedef __int128 wide;

struct plan { /* amounts in pence, rates in hundredths of a percent */
    int products, costs, staff, assets;
    struct {
        int64_t price, unit_cost, units, growth_pct, start;
    } product[4];
    struct {
        int64_t monthly, start, end;
    } cost[3];
    struct {
        int64_t salary, start;
        bool director;
    } person[3];
    struct {
        int64_t cost, life_years, month;
    } asset[3];
    int64_t loan, term, loan_rate, loan_month;
    int64_t associated;
};

static uint64_t seed_state;

static int64_t below(int64_t n)
{
    seed_state = seed_state * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)((seed_state >> 33) % (uint64_t)n);
}

static struct plan draw_plan(void)
{
    static const int64_t rates[] = {0, 600, 750, 900, 1200}, associates[] = {0, 1, 4};
    struct plan p = {.products = 1 + (int)below(4),
                     .costs = 1 + (int)below(3),
                     .staff = (int)below(4),
                     .assets = (int)below(4)};

    for (int i = 0; i < p.products; i++) {
        p.product[i].price = below(100000);
        p.product[i].unit_cost = below(p.product[i].price + 1);
        p.product[i].units = below(500);
        p.product[i].growth_pct = below(60) - 20;
        p.product[i].start = 1 + below(30);
    }
    for (int i = 0; i < p.costs; i++) {
        p.cost[i].monthly = below(500000);
        p.cost[i].start = 1 + below(24);
        p.cost[i].end = p.cost[i].start + below(60);
    }
    for (int i = 0; i < p.staff; i++) {
        p.person[i].salary = below(6000000);
        p.person[i].start = 1 + below(20);
        p.person[i].director = below(3) == 0;
    }
    for (int i = 0; i < p.assets; i++) {
        p.asset[i].cost = below(3000000);
        p.asset[i].life_years = 1 + below(8);
        p.asset[i].month = 1 + below(30);
    }
    p.loan = below(3) ? below(3000000) : 0;
    p.term = 1 + below(80);
    p.loan_rate = rates[below(5)];
    p.loan_month = 1 + below(12);
    p.associated = associates[below(3)];
    return p;
}

static void add_pence(struct strbuf *out, const char *key, int64_t pence)
{
    strbuf_printf(out, "\"%s\":%lld.%02d,", key, (long long)(pence / 100), (int)(pence % 100));
}

static char *plan_json(const struct plan *p)
{
    struct strbuf out;

    strbuf_init(&out, 100000);
    strbuf_printf(&out,
                  "{\"location_country\":\"GB\",\"legal_form\":\"limited_company\","
                  "\"associated_companies\":%lld,\"products\":[",
                  (long long)p->associated);
    for (int i = 0; i < p->products; i++) {
        strbuf_str(&out, i ? ",{" : "{");
        add_pence(&out, "price", p->product[i].price);
        add_pence(&out, "unit_cost", p->product[i].unit_cost);
        strbuf_printf(&out,
                      "\"units_per_month\":%lld,\"growth_percent\":%lld,\"start_month\":%lld,"
                      "\"credit_days\":%d}",
                      (long long)p->product[i].units, (long long)p->product[i].growth_pct,
                      (long long)p->product[i].start, 17 * i);
    }
    strbuf_str(&out, "],\"fixed_costs\":[");
    for (int i = 0; i < p->costs; i++) {
        strbuf_str(&out, i ? ",{" : "{");
        add_pence(&out, "monthly", p->cost[i].monthly);
        strbuf_printf(&out, "\"start_month\":%lld,\"end_month\":%lld}", (long long)p->cost[i].start,
                      (long long)p->cost[i].end);
    }
    strbuf_str(&out, "],\"staff\":[");
    for (int i = 0; i < p->staff; i++) {
        strbuf_str(&out, i ? ",{" : "{");
        add_pence(&out, "annual_salary", p->person[i].salary);
        strbuf_printf(&out, "\"start_month\":%lld,\"director\":%s}", (long long)p->person[i].start,
                      p->person[i].director ? "true" : "false");
    }
    strbuf_str(&out, "],\"assets\":[");
    for (int i = 0; i < p->assets; i++) {
        strbuf_str(&out, i ? ",{" : "{");
        add_pence(&out, "cost", p->asset[i].cost);
        strbuf_printf(&out, "\"life_years\":%lld,\"month\":%lld}",
                      (long long)p->asset[i].life_years, (long long)p->asset[i].month);
    }
    strbuf_str(&out, "],\"loan\":{");
    add_pence(&out, "amount", p->loan);
    strbuf_printf(&out, "\"term_months\":%lld,\"rate_percent\":%lld.%02d,\"month\":%lld}}",
                  (long long)p->term, (long long)(p->loan_rate / 100), (int)(p->loan_rate % 100),
                  (long long)p->loan_month);
    return strbuf_take(&out);
}

/* top / bottom to the nearest whole, halves away from zero. */
static int64_t ratio(wide top, wide bottom)
{
    wide half = bottom / 2;

    return (int64_t)(top < 0 ? -((-top + half) / bottom) : (top + half) / bottom);
}

struct outcome {
    int64_t revenue[60], cogs[60], opex[60], interest[60], tax[60];
};

static void second_sales(const struct plan *p, int m, struct outcome *o)
{
    for (int i = 0; i < p->products; i++) {
        wide top = p->product[i].units, bottom = 1;

        if (m + 1 < p->product[i].start)
            continue;
        for (int k = 0; k < m / 12; k++) {
            top *= 100 + p->product[i].growth_pct;
            bottom *= 100;
        }
        o->revenue[m] += ratio(top * p->product[i].price, bottom);
        o->cogs[m] += ratio(top * p->product[i].unit_cost, bottom);
    }
}

static int64_t second_payroll(const struct plan *p, int m, int64_t *allowance)
{
    int64_t cost = 0, social = 0, above = 0, directors = 0, used;

    if (m == 0 || m % 12 == 3) /* the plan begins in January */
        *allowance = 1050000;
    for (int i = 0; i < p->staff; i++) {
        int64_t salary = p->person[i].salary, band;

        if (m + 1 < p->person[i].start)
            continue;
        cost += ratio((wide)salary * (m % 12 + 1), 12) - ratio((wide)salary * (m % 12), 12);
        if (salary > 500000) {
            social += ratio((wide)(salary - 500000) * 15, 1200);
            above++;
            directors += p->person[i].director;
        }
        band = (salary < 5027000 ? salary : 5027000) - 624000;
        if (!p->person[i].director && salary >= 1000000)
            cost += ratio((wide)band * 3, 1200);
    }
    used = above == 1 && directors == 1 ? 0 : social < *allowance ? social : *allowance;
    *allowance -= used;
    return cost + social - used;
}

static int64_t second_depreciation(const struct plan *p, int m)
{
    int64_t total = 0;

    for (int i = 0; i < p->assets; i++) {
        int64_t life = p->asset[i].life_years * 12, used = m + 2 - p->asset[i].month;

        if (used >= 1 && used <= life)
            total += ratio((wide)p->asset[i].cost * used, life) -
                     ratio((wide)p->asset[i].cost * (used - 1), life);
    }
    return total;
}

static int64_t second_payment(const struct plan *p)
{
    long double r = (long double)p->loan_rate / 120000.0L;

    if (p->loan_rate == 0)
        return ratio(p->loan, p->term);
    return (int64_t)floorl((long double)p->loan * r / (1 - powl(1 + r, -(long double)p->term)) +
                           0.5L);
}

static int64_t second_tax(int64_t profit, int64_t associated)
{
    int64_t lower = 5000000 / (1 + associated), upper = 25000000 / (1 + associated);

    if (profit <= lower)
        return ratio((wide)profit * 19, 100);
    if (profit >= upper)
        return ratio((wide)profit * 25, 100);
    return ratio((wide)profit * 250 - (wide)(upper - profit) * 15, 1000);
}

static void second_computation(const struct plan *p, struct outcome *o)
{
    int64_t allowance = 0, owed = 0, payment = second_payment(p), losses = 0, to_date = 0,
            booked = 0;

    *o = (struct outcome){0};
    for (int m = 0; m < 60; m++) {
        int64_t repaid, used, due;

        second_sales(p, m, o);
        for (int i = 0; i < p->costs; i++)
            if (m + 1 >= p->cost[i].start && m + 1 <= p->cost[i].end)
                o->opex[m] += p->cost[i].monthly;
        o->opex[m] += second_payroll(p, m, &allowance) + second_depreciation(p, m);
        if (m + 1 == p->loan_month)
            owed = p->loan;
        o->interest[m] = ratio((wide)owed * p->loan_rate, 120000);
        repaid = payment - o->interest[m];
        if (repaid > owed || m + 1 >= p->loan_month + p->term - 1)
            repaid = owed;
        owed -= repaid;
        if (m % 12 == 0)
            to_date = booked = 0;
        to_date += o->revenue[m] - o->cogs[m] - o->opex[m] - o->interest[m];
        used = to_date <= 0 ? 0 : to_date < losses ? to_date : losses;
        due = to_date - used > 0 ? second_tax(to_date - used, p->associated) : 0;
        o->tax[m] = due - booked;
        booked = due;
        if (m % 12 == 11)
            losses += to_date < 0 ? -to_date : -used;
    }
}

static void compare(const struct model *m, const char *line, const int64_t want[60], int plan)
{
    int64_t year = 0;

    for (int i = 0; i < 60; i++) {
        int64_t got = llround(model_cell(m, line, false, i + 1) * 100);

        if (got != want[i])
            fail_msg("plan %d: %s[m%d] is %lld, not %lld", plan, line, i + 1, (long long)got,
                     (long long)want[i]);
        year += want[i];
        if (i % 12 == 11) {
            assert_int_equal(llround(model_cell(m, line, true, i / 12 + 1) * 100), year);
            year = 0;
        }
    }
}

static void random_plans_agree_with_a_second_computation(void **state)
{
    (void)state;
    seed_state = 20270101;
    for (int i = 0; i < 400; i++) {
        struct plan p = draw_plan();
        char *json = plan_json(&p);
        struct model *m = build(json);
        struct outcome want;

        second_computation(&p, &want);
        compare(m, "pnl.revenue", want.revenue, i);
        compare(m, "pnl.cogs", want.cogs, i);
        compare(m, "pnl.total_opex", want.opex, i);
        compare(m, "pnl.interest", want.interest, i);
        compare(m, "pnl.tax", want.tax, i);
        for (int k = 0; k < 60; k++)
            want.revenue[k] -= want.cogs[k] + want.opex[k] + want.interest[k] + want.tax[k];
        compare(m, "pnl.net_profit", want.revenue, i);
        model_free(m);
        free(json);
    }
}

/* ---- statements ------------------------------------------------------------------------------ */

static void all_statements_are_there(void **state)
{
    static const char *const names[] = {
        "pnl", "cashflow", "cashflow_indirect", "balance", "sales", "costs", "loans", "assets",
        "vat", "tax",      "payroll",           "checks"};

    (void)state;
    assert_int_equal(model_statement_count(def), ARRAY_LEN(names));
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        assert_string_equal(model_statement_name(def, i), names[i]);
}

static void expect_quarter(const struct model *m, const char *line, int quarter, double want)
{
    double got = model_quarter_cell(m, line, quarter);

    if (!(fabs(got - want) < 0.0051))
        fail_msg("%s of quarter %d is %f, not %f", line, quarter, got, want);
}

static void quarters_follow_from_months(void **state)
{
    struct model *m =
        build("{\"location_country\":\"GB\",\"price_per_unit\":10,\"units_per_month\":900,"
              "\"starting_capital\":500,\"loan\":{\"amount\":9000,\"rate_percent\":7.5},"
              "\"existing_debts\":[{\"balance\":1000,\"monthly_payment\":100}],"
              "\"assets\":[{\"cost\":600,\"month\":2}]}");

    (void)state;
    for (int q = 1; q <= MODEL_QUARTERS; q++) {
        double revenue = 0, service = 0, earned = 0;

        for (int p = 3 * q - 2; p <= 3 * q; p++) {
            revenue += model_cell(m, "pnl.revenue", false, p);
            service += model_cell(m, "cash.interest", false, p) +
                       model_cell(m, "cash.repayments", false, p);
            earned += model_cell(m, "pnl.operating_profit", false, p) +
                      model_cell(m, "pnl.depreciation", false, p);
        }
        expect_quarter(m, "pnl.revenue", q, revenue);
        expect_quarter(m, "cash.closing", q, model_cell(m, "cash.closing", false, 3 * q));
        expect_quarter(m, "cash.opening", q,
                       q == 1 ? 0 : model_cell(m, "cash.closing", false, 3 * q - 3));
        expect_quarter(m, "balance.loans_opening", q,
                       q == 1 ? 1000 : model_cell(m, "balance.loans", false, 3 * q - 3));
        expect_quarter(m, "debt.service", q, service);
        expect_quarter(m, "debt.cover_before_tax", q, earned / service);
        expect_quarter(m, "month", q, 3 * q);
    }
    model_free(m);
}

static void a_quarter_without_value_is_no_number(void **state)
{
    struct model *m = build("{\"location_country\":\"GB\",\"loan\":{\"amount\":0}}");

    (void)state;
    assert_true(isnan(model_quarter_cell(m, "pnl.revenue", 1))); /* no price is stated */
    assert_true(isnan(model_quarter_cell(m, "debt.cover", 1)));  /* nothing to serve */
    assert_true(isnan(model_quarter_cell(m, "pnl.nonsense", 1)));
    assert_true(isnan(model_quarter_cell(m, "products.revenue", 1)));
    assert_true(isnan(model_quarter_cell(m, "cash.equipment", 0)));
    assert_true(isnan(model_quarter_cell(m, "cash.equipment", MODEL_QUARTERS + 1)));
    model_free(m);
}

/* ---- properties ------------------------------------------------------------------------------ */

/* Everything that moves cash, drawn at random: the statements tie to the penny in every month. */
static void random_plans_tie_to_the_penny(void **state)
{
    (void)state;
    seed_state = 99;
    for (int i = 0; i < 200; i++) {
        struct plan p = draw_plan();
        char *json = plan_json(&p), *more;
        struct model *m;
        double cash = 0;

        more =
            mem_printf("{\"starting_capital\":%lld.37,\"stock_days\":%lld,\"supplier_days\":%lld,"
                       "\"drawings_monthly\":%lld,\"vat_registered\":%s,"
                       "\"existing_debts\":[{\"balance\":%lld,\"monthly_payment\":77.7}],"
                       "\"other_funding\":[{\"amount\":%lld,\"kind\":\"loan\",\"month\":7}],%s",
                       (long long)below(50000), (long long)below(90), (long long)below(120),
                       (long long)below(3000), below(2) ? "true" : "false", (long long)below(9000),
                       (long long)below(9000), json + 1);
        m = build(more);
        expect_figure(m, "checks.all_hold", "true");
        for (int k = 1; k <= 60; k++) {
            cash += model_cell(m, "cash.net", false, k);
            if (fabs(cash - model_cell(m, "balance.cash", false, k)) > 0.001)
                fail_msg("plan %d: cash of month %d", i, k);
            if (fabs(model_cell(m, "balance.difference", false, k)) > 0)
                fail_msg("plan %d: month %d does not balance", i, k);
            if (model_cell(m, "checks.differences", false, k) != 0)
                fail_msg("plan %d: month %d does not roll forward", i, k);
        }
        model_free(m);
        free(more);
        free(json);
    }
}

static void the_same_answers_give_the_same_bytes(void **state)
{
    (void)state;
    seed_state = 7;
    for (int i = 0; i < 20; i++) {
        struct plan p = draw_plan();
        char *json = plan_json(&p);
        struct model *a = build(json), *b = build(json);
        bson_t x, y;

        model_data(a, &x);
        model_data(b, &y);
        assert_int_equal(x.len, y.len);
        assert_memory_equal(bson_get_data(&x), bson_get_data(&y), x.len);
        nothing_is_ever_not_a_number(&x);
        bson_destroy(&x);
        bson_destroy(&y);
        model_free(a);
        model_free(b);
        free(json);
    }
}

/* Where no threshold binds (a flat rate of tax), twice the money is twice the result; rounding
 * moves a row by a penny. */
static void twice_the_money_is_twice_the_result(void **state)
{
    static const char *const lines[] = {"pnl.revenue", "pnl.total_opex", "pnl.interest", "pnl.tax",
                                        "pnl.net_profit"};
    static const char form[] =
        "{\"location_country\":\"DE\",\"currency\":\"EUR\",\"products\":[{\"price\":%d,\"unit_"
        "cost\":%d,"
        "\"units_per_month\":321.5,\"growth_percent\":7}],\"fixed_costs\":[{\"monthly\":%d}],"
        "\"assets\":[{\"cost\":%d,\"life_years\":7}],\"loan\":{\"amount\":%d,\"term_months\":48,"
        "\"rate_percent\":9.9}}";
    char once[600], twice[600];
    struct model *a, *b;

    (void)state;
    snprintf(once, sizeof once, form, 20, 9, 1500, 8000, 20000);
    snprintf(twice, sizeof twice, form, 40, 18, 3000, 16000, 40000);
    a = build(once);
    b = build(twice);
    for (size_t i = 0; i < ARRAY_LEN(lines); i++)
        for (int y = 1; y <= 5; y++) {
            double x = model_cell(a, lines[i], true, y), z = model_cell(b, lines[i], true, y);

            if (fabs(2 * x - z) > 0.5)
                fail_msg("%s[y%d]: %.2f and %.2f", lines[i], y, x, z);
        }
    model_free(a);
    model_free(b);
}

static void nothing_in_gives_nothing_out(void **state)
{
    struct model *m =
        build("{\"location_country\":\"GB\",\"price_per_unit\":0,\"units_per_month\":0,"
              "\"monthly_revenue_estimate\":0,\"starting_capital\":0,"
              "\"products\":[],\"staff\":[],\"assets\":[],\"loan\":{\"amount\":0}}");
    const struct statement_row *rows;
    size_t count = model_statement(m, "pnl", &rows);

    (void)state;
    assert_int_equal(count, 13);
    for (size_t i = 0; i < count; i++)
        for (int p = 1; p <= 60; p++)
            if (model_cell(m, rows[i].name, false, p) != 0)
                fail_msg("%s[m%d] is not 0", rows[i].name, p);
    model_free(m);
}

static void ten_thousand_products_are_summed(void **state)
{
    struct strbuf json;
    struct model *m;

    (void)state;
    strbuf_init(&json, 4 * 1024 * 1024);
    strbuf_str(&json, "{\"location_country\":\"GB\",\"products\":[");
    for (int i = 0; i < 10000; i++)
        strbuf_printf(&json, "%s{\"name\":\"Product %d\",\"price\":1.01,\"units_per_month\":1}",
                      i ? "," : "", i);
    strbuf_str(&json, "]}");
    m = build(json.data);
    expect_figure(m, "pnl.revenue[y1]", "121200");
    model_free(m);
    strbuf_finish(&json);
}

/* ---- asking ---------------------------------------------------------------------------------- */

static void a_trace_names_what_was_read(void **state)
{
    static const struct {
        const char *figure, *formula, *inputs;
    } rows[] = {
        {"pnl.gross_profit[m3]", "pnl.revenue - pnl.cogs", "pnl.revenue[m3] pnl.cogs[m3] "},
        {"pnl.revenue[m3]", "sum(products.revenue)",
         "products.revenue[1][m3] products.revenue[2][m3] "},
        {"pnl.gross_margin[y2]", "pnl.gross_profit / pnl.revenue",
         "pnl.gross_profit[y2] pnl.revenue[y2] "},
        {"products.revenue[2][m1]", "round(units * price * (1 + price_growth_percent) ^ (year - 1), money)",
         "products.units[2][m1] products.price[2] products.price_growth_percent[2] "},
        {"tax.losses_left[y1]", NULL, "tax.losses_left[m12] "},
        {"tax.profit_to_date[m2]", NULL, "pnl.profit_before_tax[m1] pnl.profit_before_tax[m2] "},
        {"pnl.tax[m13]", NULL, "tax.due_to_date[m13] tax.due_to_date[m12] tax.on_distributions[m13] "},
        {"loans.due[1][m1]", "balance[-1] + drawn", "loans.drawn[1][m1] "},
        {"existing_debts.owed[2][m1]", NULL, "existing_debts.balance[2] existing_debts.repaid[2][m1] "},
        {"balance.loans_opening[m1]", "balance.loans[-1]", "existing_debts_total "},
        {"kpis.gross_margin_percent", NULL, "pnl.gross_margin[y1] "},
        {"products.price[1]", NULL, ""},
    };
    struct model *m =
        build("{\"location_country\":\"GB\",\"products\":[{\"price\":5,\"units_per_month\":9},"
              "{\"price\":6,\"units_per_month\":2}],\"loan\":{\"amount\":5000},"
              "\"existing_debts\":[{\"balance\":700},{\"balance\":90}]}");

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct err err = {0};
        struct figure f;
        struct strbuf names;

        if (!model_figure(m, rows[i].figure, &f, &err))
            fail_msg("%s: %s", rows[i].figure, err.msg);
        strbuf_init(&names, 10000);
        for (size_t k = 0; k < f.input_count; k++)
            strbuf_printf(&names, "%s ", f.inputs[k]);
        assert_string_equal(f.name, rows[i].figure);
        assert_string_equal(names.data, rows[i].inputs);
        if (rows[i].formula)
            assert_string_equal(f.formula, rows[i].formula);
        for (size_t k = 0; k < f.input_count; k++) {
            struct figure input;

            assert_true(model_figure(m, f.inputs[k], &input, &err));
            figure_finish(&input);
        }
        strbuf_finish(&names);
        figure_finish(&f);
    }
    model_free(m);
}

/* Each month of the tax leans on all before it in several ways, back to the loan whose rate is not
 * stated: to follow every way would take longer than there is time. */
static void a_null_of_long_ago_names_its_answer(void **state)
{
    struct model *m = build("{\"location_country\":\"US\",\"price_per_unit\":9,\"units_per_month\":30,"
                            "\"loans\":[{\"amount\":8335,\"term_months\":1}]}");
    struct err err = {0};
    struct figure f;

    (void)state;
    assert_true(model_figure(m, "pnl.tax[m60]", &f, &err));
    assert_string_equal(f.reason, "input_missing");
    assert_string_equal(f.fix, "loans.0.rate_percent");
    figure_finish(&f);
    model_free(m);
}

static void a_wrong_name_gets_a_hint(void **state)
{
    static const struct {
        const char *name;
        enum err_code code;
        const char *word;
    } rows[] = {
        {"pnl.revenu[y1]", ERR_NOT_FOUND, "did you mean pnl.revenue?"},
        {"revenue[y1]", ERR_NOT_FOUND, "did you mean "},
        {"qqqqqqqqqqqq", ERR_NOT_FOUND, "there is no figure"},
        {"", ERR_NOT_FOUND, "no name of a figure"},
        {"1 + 1", ERR_NOT_FOUND, "no name of a figure"},
        {"pnl.revenue", ERR_INVALID, "pnl.revenue[y1]"},
        {"pnl.revenue[m61]", ERR_INVALID, "m1 to m60"},
        {"pnl.revenue[y6]", ERR_INVALID, "y1 to y5"},
        {"pnl.revenue[-1]", ERR_INVALID, "which year or month"},
        {"pnl.revenue[1][y1]", ERR_INVALID, "has no rows"},
        {"kpis.gross_margin_percent[y1]", ERR_INVALID, "does not change over time"},
        {"products.price[3]", ERR_INVALID, "which row"},
        {"staff.pay[1][y1]", ERR_NOT_FOUND, "no Staff"},
    };
    struct model *m = build("{\"products\":[{\"price\":5},{\"price\":6}]}");

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct err err = {0};
        struct figure f;

        if (model_figure(m, rows[i].name, &f, &err))
            fail_msg("%s is %s", rows[i].name, f.value);
        if (err.code != rows[i].code || !strstr(err.msg, rows[i].word))
            fail_msg("%s: %s", rows[i].name, err.msg);
    }
    model_free(m);
}

static bool is_question(const void *context, const char *name)
{
    (void)context;
    return strcmp(name, "legal_form") == 0 || strcmp(name, "loan.amount") == 0;
}

static void a_scope_sees_figures_and_answers(void **state)
{
    static const struct {
        const char *expr, *want;
    } rows[] = {
        {"pnl.revenue[y1]", "684"},
        {"sum(products.revenue[y1]) = pnl.revenue[y1]", "true"},
        {"products.price", "[5, 6]"},
        {"products.price[2]", "6"},
        {"any(products.price > 5)", "true"},
        {"count(products.name)", "2"},
        {"location_country", "GB"},
        {"location_country in [\"GB\"] and pnl.revenue[y1] > 100", "true"},
        {"legal_form", "null (input_missing)"},
        {"loan.amount", "null (input_missing)"},
        {"(loan.amount ?? 0) <= 25000", "true"},
        {"count(competitors)", "2"},
        {"competitors.name", "[A, B]"},
        {"competitors.price", "[null (input_missing), 3]"},
        {"competitors.name[2]", "B"},
        {"revenue_model[1]", "counter"},
        {"contains(revenue_model, \"counter\")", "true"},
        {"stated(\"loan.amount\")", "false"},
        {"stated(\"competitors.price\")", "true"},
        {"stated(\"competitors\")", "true"},
        {"round(1.005 * 100, money)", "100.5"},
        {"nonsense", "! t:1:1: there is nothing called \"nonsense\""},
        {"pnl.revenu[y1]", "! t:1:1: there is no figure \"pnl.revenu\"; did you mean pnl.revenue?"},
    };
    static const char json[] =
        "{\"location_country\":\"GB\",\"products\":[{\"name\":\"x\",\"price\":5,\"units_per_"
        "month\":9},"
        "{\"price\":6,\"units_per_month\":2}],\"revenue_model\":[\"counter\"],"
        "\"competitors\":[{\"name\":\"A\"},{\"name\":\"B\",\"price\":3}]}";
    struct model *m = build(json);
    bson_t *doc = answers(json);
    struct model_scope scope;

    (void)state;
    model_scope_init(&scope, m, doc);
    scope.known = is_question;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct err err = {0};
        struct expr *e = expr_parse(rows[i].expr, "t", 1, 1, &err);
        struct value v;
        struct strbuf out;

        strbuf_init(&out, 1000);
        assert_non_null(e);
        if (expr_eval(e, &scope.scope, &v, &err)) {
            value_print(&v, &out);
            value_finish(&v);
        } else {
            strbuf_printf(&out, "! %s", err.msg);
        }
        if (strcmp(out.data, rows[i].want) != 0)
            fail_msg("%s gives %s", rows[i].expr, out.data);
        strbuf_finish(&out);
        expr_free(e);
    }
    assert_int_equal(model_scope_rows(&scope, "products"), 2);
    assert_int_equal(model_scope_rows(&scope, "competitors"), 2);
    assert_int_equal(model_scope_rows(&scope, "nothing"), 0);
    bson_destroy(doc);
    free(doc);
    model_free(m);
}

static void months_have_names(void **state)
{
    struct model *m = build("{}");
    struct strbuf out;

    (void)state;
    strbuf_init(&out, 100);
    model_month_label(m, 3, &out);
    strbuf_str(&out, ", ");
    model_month_label(m, 13, &out);
    assert_string_equal(out.data, "Mar 2027, Jan 2028");
    assert_string_equal(model_currency(m), "GBP");
    assert_true(model_line_count(def) > 50);
    assert_string_equal(model_line_name(def, 0), "business_name");
    strbuf_finish(&out);
    model_free(m);
}

/* ---- model files ----------------------------------------------------------------------------- */

static void mistakes_in_a_model_are_told_with_their_place(void **state)
{
#define BASE                                                                                       \
    "input currency text \"C\"\ninput location_country text \"L\"\ninput industry text \"I\"\n"
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"", "t: the file declares nothing"},
        {"input currency text \"C\"", "t:1:1: a model needs the text inputs"},
        {BASE "flow a money \"A\"\n  = b\n", "t:5:5: there is nothing called \"b\""},
        {BASE "flow a money \"A\"\n  = 1 +\n", "t:5:8: the expression ends"},
        {BASE "flow a money \"A\"\n", "t:4:1: \"a\" has no formula"},
        {BASE "flow a pounds \"A\"\n  = 1\n", "t:4:1: \"pounds\" is no unit"},
        {BASE "flow a money \"A\"\n  = 1\nflow a money \"A\"\n  = 1\n",
         "t:6:1: \"a\" is declared twice"},
        {BASE "flow a money \"A\"\n  = month\n",
         "t:5:5: \"a\" is money, but its formula gives months"},
        {BASE "flow a money \"A\"\n  = 1\nflow b money \"B\"\n  = a * a\n",
         "t:7:7: \"*\" does not work on money and money"},
        {BASE "flow a money \"A\"\n  = 1\nflow b money \"B\"\n  = a + month\n",
         "t:7:7: \"+\" does not work on money and months"},
        {BASE "figure f money \"F\"\n  = a\nflow a money \"A\"\n  = 1\n",
         "t:5:5: which month or year of \"a\"?"},
        {BASE "flow a money \"A\"\n  = b\nflow b money \"B\"\n  = c\nflow c money \"C\"\n  = a\n",
         "the formulas go in a circle: "},
        {BASE "flow a money \"A\"\n  = a\n", "t:4:1: the formulas go in a circle: a -> a"},
        {BASE "flow a money \"A\"\n  = a[-1] + f\nfigure f money \"F\"\n  = a[m60]\n",
         "the formulas go in a circle: "},
        {BASE "table t \"T\"\n  column x money \"X\"\nflow a money \"A\"\n  = t.x\n",
         "t:7:5: \"t.x\" has a value for each row"},
        {BASE "table t \"T\"\n  column x money \"X\"\nflow a money \"A\"\n  = sum(t.y)\n",
         "t:7:9: there is nothing called \"t.y\""},
        {BASE "flow a money \"A\"\n  = if(1, 2, 3)\n", "t:5:5: \"if\" does not work on number"},
        {BASE "flow a money \"A\"\n  = pmt(1, 2, 3)\n", "t:5:5: a model has no function \"pmt\""},
        {BASE "flow a bool \"A\"\n  = true\n", "t:4:1: a flow is summed over the year"},
        {BASE "statement s \"S\"\n  total a\n", "t:5:3: there is no line \"a\" above"},
        {BASE "colour blue\n", "t:4:1: \"colour\" has no meaning here"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct err err = {0};
        struct asset *a = asset_parse("t", rows[i].text, strlen(rows[i].text), &err);

        assert_non_null(a);
        if (model_def_read(a, &err))
            fail_msg("%s is taken", rows[i].text);
        if (!strstr(err.msg, rows[i].want))
            fail_msg("%s: %s", rows[i].text, err.msg);
    }
}

/* Lags, openings, fixed months, folds over rows and months, three-valued logic: the whole of the
 * mechanism. */
static void a_model_of_all_kinds_of_lines_runs(void **state)
{
    static const char text[] =
        BASE "input n number \"N\"\n  default 2\n"
             "table t \"T\"\n  column x number \"X\"\n  flow f number \"F\"\n    = x * month\n"
             "  stock held number \"H\"\n    = held[-1] + x\n    opening x * 100\n"
             "stock ahead number \"A\"\n  = t.held[2][-1]\n"
             "stock after number \"A\"\n  = t.held[2][-1] + after[-1] * 0\n"
             "stock balance number \"B\"\n  = balance[-1] + 1\n  opening n * 10\n"
             "stock a number \"A\"\n  = b[-2] + 1\nstock b number \"B\"\n  = a\n"
             "flow s number \"S\"\n  = sum(t.f)\n"
             "ratio r number \"R\"\n  = s / balance\n"
             "figure low number \"L\"\n  = lowest(balance)\n"
             "figure high number \"H\"\n  = highest(s - balance)\n"
             "figure all number \"T\"\n  = total(s)\n"
             "figure when number \"W\"\n  = first_month(balance > 25)\n"
             "figure never number \"V\"\n  = first_month(balance > 2500)\n  null no_way\n"
             "figure fixed number \"X\"\n  = s[m7] + s[y2] + t.x[2]\n"
             "figure gone number \"G\"\n  = t.x[9] ?? -1\n"
             "figure rows count \"R\"\n  = count(t.x > 1)\n"
             "figure mean number \"M\"\n  = avg(t.x)\n"
             "figure logic bool \"Z\"\n  = any(t.x > 2) and not all(t.x > 2) and (null ?? true)\n"
             "figure half bool \"Y\"\n  = (1 / 0 > 1) or true\n"
             "figure safe number \"E\"\n  = if(n > 1, 7, 10 ^ 26 * 10 ^ 26)\n"
             "stock ytd number \"D\"\n  = ytd(s)\n"
             "flow late number \"E\"\n  = delayed(s, n / 4)\n"
             "stock later number \"E\"\n  = delayed(s, 2)\n"
             "stock far number \"F\"\n  = so_far(s)\n"
             "stock walked number \"F\"\n  = so_far(late) - walked[-1]\n"
             "ratio share number \"F\"\n  = so_far(s)\n"
             "stock walk number \"K\"\n  = walk[-1] + lowest(balance) - n\n"
             "stock lag number \"O\"\n  = month_of_year + (s[-1] ?? 0) * 0\n";
    static const struct {
        const char *figure, *want;
    } rows[] = {
        {"balance[m1]", "21"},
        {"t.held[2][m1]", "303"},
        {"ahead[m1]", "300"},
        {"ahead[m2]", "303"},
        {"after[m1]", "300"},
        {"balance[y2]", "44"},
        {"a[m1]", "1"},
        {"b[m5]", "3"},
        {"s[m3]", "12"},
        {"s[y1]", "312"},
        {"r[m1]", "0.190476190476"},
        {"r[y1]", "9.75"},
        {"low", "21"},
        {"all", "7320"},
        {"when", "6"},
        {"never", "no_way"},
        {"fixed", "919"},
        {"gone", "-1"},
        {"rows", "1"},
        {"mean", "2"},
        {"logic", "true"},
        {"half", "true"},
        {"safe", "7"},
        {"ytd[m14]", "108"},
        {"ytd[y2]", "888"},
        {"high", "160"},
        {"t.f[2][m2]", "6"},
        {"lag[m13]", "1"},
        {"walk[m3]", "57"},
        {"late[m1]", "2"},
        {"late[m2]", "6"},
        {"later[m2]", "0"},
        {"later[m3]", "4"},
        {"far[m14]", "420"},
        {"far[y1]", "312"},
        {"share[y2]", "1200"},
        {"walked[m2]", "6"},
        {"late[y1]", "288"},
    };
    struct err err = {0};
    struct asset *a = asset_parse("t", text, strlen(text), &err);
    struct model_def *own = model_def_read(a, &err);
    bson_t *doc = answers("{\"t\":[{\"x\":1},{\"x\":3}]}");
    struct model *m;

    (void)state;
    if (!own)
        fail_msg("%s", err.msg);
    m = model_build(own, doc, "2027-01-01", &err);
    if (!m)
        fail_msg("%s", err.msg);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        expect_figure(m, rows[i].figure, rows[i].want);
    model_free(m);
    model_def_free(own);
    bson_destroy(doc);
    free(doc);
}

static void a_month_is_told_by_its_number(void **state)
{
    struct model *m = build("{\"location_country\":\"GB\",\"price_per_unit\":4.2,"
                            "\"units_per_month\":3400,\"starting_capital\":12000}");
    struct figure f;
    struct err err = {0};

    (void)state;
    assert_true(model_figure(m, "break_even.month_reached", &f, &err));
    assert_string_equal(f.value, "month 1");
    assert_string_equal(f.plain, "1");
    figure_finish(&f);
    model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_month_is_told_by_its_number),
        cmocka_unit_test(figures_match_the_table),
        cmocka_unit_test(what_is_undefined_says_why),
        cmocka_unit_test(bad_answers_are_refused_by_name),
        cmocka_unit_test(a_start_date_must_be_one),
        cmocka_unit_test(cash_moves_when_it_is_paid),
        cmocka_unit_test(vat_begins_in_the_second_month_after_the_threshold),
        cmocka_unit_test(stored_data_has_the_shape_of_the_reference),
        cmocka_unit_test(nulls_are_stored_with_their_reason),
        cmocka_unit_test(assumptions_go_once_they_are_answered),
        cmocka_unit_test(notes_say_what_a_reader_should_know),
        cmocka_unit_test(random_plans_agree_with_a_second_computation),
        cmocka_unit_test(all_statements_are_there),
        cmocka_unit_test(quarters_follow_from_months),
        cmocka_unit_test(a_quarter_without_value_is_no_number),
        cmocka_unit_test(random_plans_tie_to_the_penny),
        cmocka_unit_test(the_same_answers_give_the_same_bytes),
        cmocka_unit_test(twice_the_money_is_twice_the_result),
        cmocka_unit_test(nothing_in_gives_nothing_out),
        cmocka_unit_test(ten_thousand_products_are_summed),
        cmocka_unit_test(a_trace_names_what_was_read),
        cmocka_unit_test(a_null_of_long_ago_names_its_answer),
        cmocka_unit_test(a_wrong_name_gets_a_hint),
        cmocka_unit_test(a_scope_sees_figures_and_answers),
        cmocka_unit_test(months_have_names),
        cmocka_unit_test(mistakes_in_a_model_are_told_with_their_place),
        cmocka_unit_test(a_model_of_all_kinds_of_lines_runs),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
