/* test_measures.c - what an investment and a customer are worth, and what must be sold: figures of
 * plans whose cash is that of a published example, or can be worked out on paper. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/json.h"
#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/strbuf.h"

#include "expr/expr.h"
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

static struct model *build(const char *json)
{
    struct err err = {0};
    struct model *m;
    bson_t doc;

    if (!json_read(json, strlen(json), &doc, &err))
        fail_msg("%s: %s", json, err.msg);
    m = model_build(def, &doc, "2027-01-01", &err);
    if (!m)
        fail_msg("%s: %s", json, err.msg);
    bson_destroy(&doc);
    return m;
}

struct row {
    const char *figure, *want; /* a plain decimal, or the reason of a null */
};

static void expect(const char *json, const struct row *rows, size_t count)
{
    struct model *m = build(json);

    for (size_t i = 0; i < count; i++) {
        struct err err = {0};
        struct figure f;

        if (!model_figure(m, rows[i].figure, &f, &err))
            fail_msg("%s: %s", rows[i].figure, err.msg);
        if (strcmp(f.plain ? f.plain : f.reason, rows[i].want) != 0)
            fail_msg("%s is %s, not %s", rows[i].figure, f.plain ? f.plain : f.reason,
                     rows[i].want);
        figure_finish(&f);
    }
    model_free(m);
}

#define UNTAXED   "\"location_country\":\"GB\",\"legal_form\":\"sole_trader\""
#define QUARTERLY "[100,0,0,100,0,0,100,0,0,100,0,0]"

/* The cash of the example of IRR() in Microsoft's documentation of Excel: 70,000 now, then 12,000,
 * 15,000, 18,000, 21,000 and 26,000. */
#define EXCEL_IRR                                                                                  \
    UNTAXED ",\"fixed_costs\":[{\"monthly\":0}],\"assets\":[{\"cost\":70000}],\"products\":["      \
            "{\"price\":1000,\"unit_cost\":0,\"units_per_month\":1},"                              \
            "{\"price\":250,\"unit_cost\":0,\"units_per_month\":1,\"start_month\":13},"            \
            "{\"price\":250,\"unit_cost\":0,\"units_per_month\":1,\"start_month\":25},"            \
            "{\"price\":250,\"unit_cost\":0,\"units_per_month\":1,\"start_month\":37},"            \
            "{\"price\":1250,\"unit_cost\":0,\"units_per_month\":1,\"start_month\":49,"            \
            "\"seasonality\":" QUARTERLY "}]"

static void an_investment_is_worth_what_is_published(void **state)
{
    static const struct row at_ten[] = {
        {"investment.outlay", "-70000"},  {"investment.cash[y1]", "12000"},
        {"investment.cash[y5]", "26000"}, {"investment.irr", "0.086630948"}, /* published: 8.7% */
        {"investment.irr_count", "1"},    {"investment.irr_lowest", "0.086630948"},
        {"investment.npv", "-2683.31"},   {"investment.mirr", "0.09143437"},
    };
    static const struct row at_none[] = {{"investment.npv", "22000"},
                                         {"investment.npv_monthly", "22000"}};

    (void)state;
    expect("{" EXCEL_IRR ",\"discount_rate_percent\":10}", at_ten, ARRAY_LEN(at_ten));
    expect("{" EXCEL_IRR ",\"discount_rate_percent\":0}", at_none, ARRAY_LEN(at_none));
}

static void several_rates_or_none_are_said(void **state)
{
    /* 100 out, 230 in, 132 out: 10% and 20% */
    static const struct row several[] = {
        {"investment.irr", "multiple_irr"}, {"investment.irr_count", "2"},
        {"investment.irr_lowest", "0.1"},   {"investment.irr_highest", "0.2"},
        {"investment.cash[y2]", "-132"},
    };
    static const struct row none[] = {
        {"investment.irr", "no_real_irr"},
        {"investment.irr_count", "0"},
        {"investment.mirr", "no_real_irr"},
    };
    static const struct row unknown[] = {
        {"investment.irr", "input_missing"},
        {"investment.irr_count", "0"},
        {"investment.npv", "input_missing"},
    };

    (void)state;
    expect("{" UNTAXED
           ",\"fixed_costs\":[{\"monthly\":0}],\"assets\":[{\"cost\":100},{\"cost\":132,"
           "\"month\":13}],\"products\":[{\"price\":230,\"unit_cost\":0,\"units_per_month\":1,"
           "\"growth_percent\":-100,\"seasonality\":[100,0,0,0,0,0,0,0,0,0,0,0]}]}",
           several, ARRAY_LEN(several));
    expect("{" UNTAXED ",\"fixed_costs\":[{\"monthly\":0}],\"products\":[{\"price\":230,"
           "\"unit_cost\":0,\"units_per_month\":1}]}",
           none, ARRAY_LEN(none));
    expect("{}", unknown, ARRAY_LEN(unknown));
}

/* Nobody stated one: what the plan pays for money, or would; where neither is known it is asked for. */
static void the_discount_rate_is_an_assumption(void **state)
{
    static const struct row loans[] = {{"discount_rate_percent", "0.09"}};
    static const struct row start_up[] = {{"discount_rate_percent", "0.075"}};
    static const struct row unknown[] = {{"discount_rate_percent", "input_missing"},
                                         {"investment.npv", "input_missing"},
                                         {"investment.mirr", "input_missing"}};

    (void)state;
    expect("{" UNTAXED ",\"loans\":[{\"amount\":10,\"rate_percent\":4},{\"amount\":10,"
           "\"rate_percent\":9}]}",
           loans, ARRAY_LEN(loans));
    expect("{" UNTAXED "}", start_up, ARRAY_LEN(start_up));
    expect("{\"location_country\":\"US\",\"currency\":\"USD\",\"price_per_unit\":5,"
           "\"units_per_month\":10}",
           unknown, ARRAY_LEN(unknown));
}

static void break_even_is_told_both_ways(void **state)
{
    static const struct row both[] = {
        {"break_even.fixed_costs_monthly", "300"},
        {"break_even.break_even_units_monthly", "50"},
        {"break_even.operating_leverage", "2"},
        {"break_even.cash_costs_monthly", "550"}, /* 300, 150 of drawings, 100 of the loan */
        {"break_even.cash_units_whole", "92"},
        {"break_even.cash_revenue_monthly", "916.67"}, /* of 91.67 units, not of 92 */
        {"break_even.margin_of_safety", "0.5"},
        {"break_even.month_reached", "1"},
        {"break_even.cash_month_reached", "1"},
        {"products.break_even_units[1]", "50"},
    };
    static const struct row loss[] = {
        {"break_even.operating_leverage", "operating_loss"},
        {"break_even.cash_month_reached", "no_break_even"},
    };
    static const struct row even[] = {{"break_even.operating_leverage", "operating_loss"}};
    /* three of one to one of the other: 30 and 10 of a contribution of 8.25 on average */
    static const struct row mix[] = {{"break_even.break_even_units_monthly", "20"},
                                     {"products.break_even_units[1]", "15"},
                                     {"products.break_even_units[2]", "5"}};
    static const struct row free_of_costs[] = {{"break_even.break_even_units_monthly", "0"},
                                               {"break_even.cash_units_monthly", "0"}};
    static const struct row below_cost[] = {
        {"break_even.break_even_units_monthly", "no_break_even"},
        {"break_even.cash_units_monthly", "no_break_even"},
        {"break_even.cash_revenue_monthly", "no_break_even"},
    };

    (void)state;
    expect("{" UNTAXED ",\"fixed_costs\":[{\"monthly\":300}],\"drawings_monthly\":150,\"loans\":["
           "{\"amount\":1200,\"rate_percent\":0,\"term_months\":12}],\"products\":[{\"price\":10,"
           "\"unit_cost\":4,\"units_per_month\":100}]}",
           both, ARRAY_LEN(both));
    expect("{" UNTAXED ",\"fixed_costs\":[{\"monthly\":900}],\"products\":[{\"price\":10,"
           "\"unit_cost\":4,\"units_per_month\":100}]}",
           loss, ARRAY_LEN(loss));
    expect("{" UNTAXED ",\"fixed_costs\":[{\"monthly\":600}],\"products\":[{\"price\":10,"
           "\"unit_cost\":4,\"units_per_month\":100}]}",
           even, ARRAY_LEN(even));
    expect("{" UNTAXED ",\"fixed_costs\":[{\"monthly\":165}],\"products\":[{\"price\":10,"
           "\"unit_cost\":4,\"units_per_month\":30},{\"price\":20,\"unit_cost\":5,"
           "\"units_per_month\":10}]}",
           mix, ARRAY_LEN(mix));
    expect("{" UNTAXED ",\"fixed_costs\":[{\"monthly\":0}],\"products\":[{\"price\":10,"
           "\"unit_cost\":4,\"units_per_month\":100}]}",
           free_of_costs, ARRAY_LEN(free_of_costs));
    expect("{" UNTAXED ",\"fixed_costs\":[{\"monthly\":0}],\"products\":[{\"price\":4,"
           "\"unit_cost\":4,\"units_per_month\":100}]}",
           below_cost, ARRAY_LEN(below_cost));
}

static void a_customer_is_worth_price_margin_and_stay(void **state)
{
#define SUBSCRIPTION                                                                               \
    "{" UNTAXED ",\"products\":[{\"price\":50,\"unit_cost\":10,\"units_per_month\":10}]"
    static const struct row usual[] = {
        {"customer.lifetime_months", "25"},
        {"customer.lifetime_value", "1000"}, /* 50 x 80% / 4% */
        {"customer.value_to_cost", "4"},
        {"customer.payback_months", "6.25"},
    };
    static const struct row all_stay[] = {
        {"customer.lifetime_months", "60"},
        {"customer.lifetime_value", "2400"},
    };
    static const struct row costless[] = {
        {"customer.acquisition_cost", "no_acquisition_cost"},
        {"customer.value_to_cost", "no_acquisition_cost"},
        {"customer.payback_months", "no_acquisition_cost"},
    };
    static const struct row unknown[] = {
        {"customer.lifetime_value", "input_missing"},
        {"customer.value_to_cost", "input_missing"},
    };

    (void)state;
    expect(SUBSCRIPTION ",\"churn_percent\":4,\"cac\":250}", usual, ARRAY_LEN(usual));
    expect(SUBSCRIPTION ",\"churn_percent\":0,\"cac\":250}", all_stay, ARRAY_LEN(all_stay));
    expect(SUBSCRIPTION ",\"churn_percent\":4,\"cac\":0}", costless, ARRAY_LEN(costless));
    expect(SUBSCRIPTION "}", unknown, ARRAY_LEN(unknown));
}

/* ---- tax ------------------------------------------------------------------------------------- */

#define PROFIT(MONTHLY)                                                                            \
    ",\"fixed_costs\":[{\"monthly\":0}],\"products\":[{\"price\":" #MONTHLY                        \
    ",\"unit_cost\":0,\"units_per_month\":1}]"

#define BY_QUARTER(AMOUNT)                                                                         \
    ",\"fixed_costs\":[{\"monthly\":0}],\"products\":[{\"price\":" #AMOUNT                         \
    ",\"unit_cost\":0,\"units_per_month\":1,\"seasonality\":" QUARTERLY "}]"

/* Class 4 of 1,645.80 on 40,000 and 2,656.60 on 70,000 is published (q.tax, Class 4 National
 * Insurance 2025/26). */
static void owners_without_a_company_put_tax_aside(void **state)
{
    static const struct {
        const char *answers, *figure, *want;
    } rows[] = {
        {"{" UNTAXED BY_QUARTER(10000) "}", "reserve.social[m12]", "1645.8"},
        {"{" UNTAXED BY_QUARTER(17500) "}", "reserve.social[m12]", "2656.6"},
        {"{" UNTAXED PROFIT(1000) "}", "reserve.personal_tax[y1]", "0"},
        {"{" UNTAXED PROFIT(5000) "}", "reserve.personal_tax[y1]", "13888.6"},
        {"{" UNTAXED PROFIT(5000) "}", "reserve.personal_tax[y2]", "13888.6"},
        {"{" UNTAXED PROFIT(5000) "}", "pnl.tax[y1]", "0"},
        {"{" UNTAXED PROFIT(5000) "}", "pnl.net_profit[y1]", "60000"},
        /* without personal allowance: 7,540 + 34,976 + 2,187, and 3,856.60 */
        {"{" UNTAXED BY_QUARTER(32500) "}", "reserve.to_date[m12]", "48559.6"},
        {"{\"location_country\":\"GB\",\"legal_form\":\"partnership\",\"founders\":[{\"name\":"
         "\"A\"},"
         "{\"name\":\"B\"}]" PROFIT(5000) "}",
         "reserve.personal_tax[y1]", "9063.6"},
        {"{\"location_country\":\"GB\",\"legal_form\":\"limited_company\"" PROFIT(5000) "}",
         "reserve.personal_tax[y1]", "0"},
        {"{\"location_country\":\"US\",\"currency\":\"USD\",\"legal_form\":\"llc\"" PROFIT(
             5000) "}",
         "reserve.personal_tax[y1]", "reserve_unknown"},
        {"{\"location_country\":\"US\",\"currency\":\"USD\",\"legal_form\":\"llc\","
         "\"personal_tax_reserve_percent\":25" PROFIT(5000) "}",
         "reserve.personal_tax[y1]", "15000"},
        /* a loss is set against the next profit */
        {"{" UNTAXED
         ",\"fixed_costs\":[{\"monthly\":5000,\"end_month\":12}],\"products\":[{\"price\":"
         "10000,\"unit_cost\":0,\"units_per_month\":1,\"start_month\":13}]}",
         "reserve.share[m24]", "60000"},
        /* Estonia: on what is taken out, 22/78 of it, paid a month later */
        {"{\"location_country\":\"EE\",\"currency\":\"EUR\",\"drawings_monthly\":780" PROFIT(
             5000) "}",
         "pnl.tax[y1]", "2640"},
        {"{\"location_country\":\"EE\",\"currency\":\"EUR\",\"drawings_monthly\":780" PROFIT(
             5000) "}",
         "cash.tax[y1]", "2420"},
        {"{\"location_country\":\"EE\",\"currency\":\"EUR\"" PROFIT(5000) "}", "pnl.tax[y5]", "0"},
        {"{\"location_country\":\"EE\",\"currency\":\"EUR\",\"drawings_monthly\":780" PROFIT(
             5000) "}",
         "checks.all_hold", "true"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct row row = {rows[i].figure, rows[i].want};

        expect(rows[i].answers, &row, 1);
    }
}

static void vat_begins_by_date_and_may_end(void **state)
{
    /* 10,000 a month pass 90,000 after ten months; without sales 80,000 are left after sixteen */
    static const struct row year_long[] = {
        {"vat.registered_month", "12"},
        {"vat.may_leave_month", "16"},
        {"vat.registered[m11]", "false"},
        {"vat.registered[m60]", "true"},
    };
    static const struct row at_once[] = {{"vat.registered_month", "1"},
                                         {"vat.may_leave_month", "never_leaves"}};
    static const struct row never[] = {{"vat.registered_month", "never_registered"}};

    (void)state;
    expect("{" UNTAXED ",\"fixed_costs\":[{\"monthly\":0}],\"products\":[{\"price\":10000,"
           "\"unit_cost\":0,\"units_per_month\":1,\"growth_percent\":-100}]}",
           year_long, ARRAY_LEN(year_long));
    expect("{" UNTAXED PROFIT(90001) "}", at_once, ARRAY_LEN(at_once));
    expect("{" UNTAXED PROFIT(7500) "}", never, ARRAY_LEN(never));
}

/* How far the source of a rate is to be trusted, and when it was read, stands beside it. */
static void a_rate_tells_the_class_of_its_source(void **state)
{
    static const struct {
        const char *answers, *basis;
    } rows[] = {
        {"{\"location_country\":\"GB\"}",
         "HMRC Company Taxation Manual CTM03900 (official source, read 2026-11-23), 2023-04-01"},
        {"{\"location_country\":\"ES\",\"currency\":\"EUR\"}",
         "Common knowledge (not verified, read 2026-11-23), 2025-01-01"},
        {"{\"location_country\":\"DE\",\"currency\":\"EUR\"}",
         "KPMG corporate tax rates table 2025 (professional firm, read 2026-11-23), 2025-01-01"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct model *m = build(rows[i].answers);
        struct err err = {0};
        struct figure f;

        assert_true(model_figure(m, "rates.company_tax[m1]", &f, &err));
        assert_string_equal(f.basis, rows[i].basis);
        figure_finish(&f);
        model_free(m);
    }
}

/* ---- schedules ------------------------------------------------------------------------------- */

/* Each row of a schedule can be read by month, quarter and year, and traced; the rows add up. */
static void schedules_have_the_rows_of_the_plan(void **state)
{
    static const struct {
        const char *statement, *name, *label;
        double m1, q2, y1;
    } rows[] = {
        {"loans", "loans.opening[1]", "Loan: Owed at the beginning", 0, 12000 - 3 * 100, 0},
        {"loans", "loans.principal[1]", "Loan: Repaid", 100, 300, 1200},
        {"loans", "loans.balance[2]", "Loan: Owed", 6000, 6000, 3000},
        {"loans", "loans.instalment[2]", "Loan: Paid, interest and repayment", 0, 0, 3000},
        {"assets", "assets.book_value[1]", "Oven: Book value", 1100, 600, 0},
        {"assets", "assets.depreciation[1]", "Oven: Depreciation", 100, 300, 1200},
        {"payroll", "staff.pay[1]", "Baker: Pay", 2000, 6000, 24000},
        {"sales", "products.revenue[1]", "Bread: Revenue", 5000, 15000, 60000},
        {"costs", "fixed_costs.cost[1]", "Rent: Cost", 700, 2100, 8400},
    };
    struct model *m = build(
        "{" UNTAXED ",\"fixed_costs\":[{\"name\":\"Rent\",\"monthly\":700}],\"assets\":[{\"name\":"
        "\"Oven\",\"cost\":1200,\"life_years\":1}],\"staff\":[{\"role\":\"Baker\","
        "\"annual_salary\":24000}],\"products\":[{\"name\":\"Bread\",\"price\":5,\"unit_cost\":1,"
        "\"units_per_month\":1000}],\"loans\":[{\"amount\":12000,\"rate_percent\":0,"
        "\"term_months\":120},{\"amount\":6000,\"rate_percent\":0,\"term_months\":18,"
        "\"interest_only_months\":6,\"month\":1}]}");

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct statement_row *have;
        size_t count = model_statement(m, rows[i].statement, &have), at = 0;
        struct err err = {0};
        struct figure f;
        char name[64];

        while (at < count && strcmp(have[at].name, rows[i].name) != 0)
            at++;
        if (at == count)
            fail_msg("%s has no row %s", rows[i].statement, rows[i].name);
        assert_string_equal(have[at].label, rows[i].label);
        assert_true(model_cell(m, rows[i].name, false, 1) == rows[i].m1);
        if (model_quarter_cell(m, rows[i].name, 2) != rows[i].q2)
            fail_msg("%s in quarter 2 is %g", rows[i].name, model_quarter_cell(m, rows[i].name, 2));
        if (model_cell(m, rows[i].name, true, 1) != rows[i].y1)
            fail_msg("%s in year 1 is %g", rows[i].name, model_cell(m, rows[i].name, true, 1));
        snprintf(name, sizeof name, "%s[m3]", rows[i].name);
        assert_true(model_figure(m, name, &f, &err));
        assert_non_null(f.formula);
        figure_finish(&f);
    }
    assert_true(model_cell(m, "loans.balance[3]", true, 1) !=
                model_cell(m, "loans.balance[3]", true, 1));
    assert_true(model_cell(m, "loans.balance", true, 1) != model_cell(m, "loans.balance", true, 1));
    model_free(m);
}

/* ---- lists ----------------------------------------------------------------------------------- */

static void a_list_is_traced_to_each_of_its_cells(void **state)
{
    struct model *m = build("{" EXCEL_IRR ",\"discount_rate_percent\":10}");
    struct err err = {0};
    struct dependents d;
    struct figure f;
    bool used = false;

    (void)state;
    assert_true(model_figure(m, "investment.npv", &f, &err));
    assert_string_equal(f.formula, "round(npv0(investment.discount_rate, [investment.outlay, "
                                   "years(investment.cash)]), money)");
    assert_int_equal(f.input_count, 7);
    assert_string_equal(f.inputs[0], "investment.discount_rate");
    assert_string_equal(f.inputs[1], "investment.outlay");
    assert_string_equal(f.inputs[6], "investment.cash[y5]");
    figure_finish(&f);
    assert_true(model_figure(m, "investment.npv_monthly", &f, &err));
    assert_int_equal(f.input_count, 62);
    figure_finish(&f);
    assert_true(model_used_by(m, "investment.cash[y3]", &d, &err));
    for (size_t i = 0; i < d.count; i++)
        used = used ||
               (strcmp(d.items[i].name, "investment.irr_lowest") == 0 && d.items[i].steps == 1);
    assert_true(used);
    dependents_finish(&d);
    model_free(m);
}

/* The same functions from outside: the list of all rates, and lists of single rows. */
static void a_formula_of_ones_own_may_use_lists(void **state)
{
    static const struct row rows[] = {
        {"irr([investment.outlay, years(investment.cash)])", "[0.086630948]"},
        {"years(investment.cash)", "[12000, 15000, 18000, 21000, 26000]"},
        {"years(products.revenue[5])", "[0, 0, 0, 0, 5000]"},
        {"len(months(pnl.revenue))", "60"},
        {"round(npv0(10%, [investment.outlay, years(investment.cash)]), money)", "-2683.31"},
        {"sum(months(investment.cash)) = sum(years(investment.cash))", "true"},
        {"years(products.revenue)",
         "! t:1:1: years() takes one row of it, like products.revenue[1]"},
        {"years(investment.npv)",
         "! t:1:1: years() takes the name of a line that changes over time"},
        {"months(1 + 1)", "! t:1:1: months() takes the name of a line that changes over time"},
    };
    struct model *m = build("{" EXCEL_IRR "}");
    struct model_scope scope;

    (void)state;
    model_scope_init(&scope, m, NULL);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct err err = {0};
        struct expr *e = expr_parse(rows[i].figure, "t", 1, 1, &err);
        struct strbuf out;
        struct value v;

        strbuf_init(&out, 1000);
        assert_non_null(e);
        if (expr_eval(e, &scope.scope, &v, &err)) {
            value_print(&v, &out);
            value_finish(&v);
        } else {
            strbuf_printf(&out, "! %s", err.msg);
        }
        if (strcmp(out.data, rows[i].want) != 0)
            fail_msg("%s gives %s", rows[i].figure, out.data);
        strbuf_finish(&out);
        expr_free(e);
    }
    model_free(m);
}

static void mistakes_with_lists_are_told_with_their_place(void **state)
{
#define BASE                                                                                       \
    "input currency text \"C\"\ninput location_country text \"L\"\ninput industry text \"I\"\n"    \
    "flow b money \"B\"\n  = 1\nfigure f money \"F\"\n  = "
    static const struct row rows[] = {
        {BASE "irr(years(b))\n", "t:7:5: there may be several rates: write count(irr(x))"},
        {BASE "npv0(10%, 3)\n", "t:7:5: npv0() takes a list, like [a, b], years(x) or months(x)"},
        {BASE "npv0(10%)\n", "t:7:5: npv0() takes a rate and a list"},
        {BASE "npv0(b[y1], years(b))\n", "t:7:5: npv0() takes a rate, not money"},
        {BASE "npv0(10%, years(f))\n", "t:7:15: \"f\" does not change over time"},
        {BASE "npv0(10%, [years(b), years(month)])\n", "t:7:26: \"years\" does not work on money"},
        {BASE "mirr(years(b), 1%)\n", "t:7:5: mirr() takes a list and two rates"},
        {BASE "1\nflow c money \"C\"\n  = npv0(10%, years(b))\n",
         "t:9:5: npv0() belongs in a figure"},
        {BASE "npv0(10%, [months(b), years(b)])\n", "the formula is too deep"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct err err = {0};
        struct asset *a = asset_parse("t", rows[i].figure, strlen(rows[i].figure), &err);
        struct model_def *wrong = a ? model_def_read(a, &err) : NULL;

        if (wrong)
            fail_msg("%s is taken", rows[i].figure);
        if (!strstr(err.msg, rows[i].want))
            fail_msg("%s: %s", rows[i].figure, err.msg);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_investment_is_worth_what_is_published),
        cmocka_unit_test(several_rates_or_none_are_said),
        cmocka_unit_test(the_discount_rate_is_an_assumption),
        cmocka_unit_test(break_even_is_told_both_ways),
        cmocka_unit_test(a_customer_is_worth_price_margin_and_stay),
        cmocka_unit_test(owners_without_a_company_put_tax_aside),
        cmocka_unit_test(vat_begins_by_date_and_may_end),
        cmocka_unit_test(a_rate_tells_the_class_of_its_source),
        cmocka_unit_test(schedules_have_the_rows_of_the_plan),
        cmocka_unit_test(a_list_is_traced_to_each_of_its_cells),
        cmocka_unit_test(a_formula_of_ones_own_may_use_lists),
        cmocka_unit_test(mistakes_with_lists_are_told_with_their_place),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
