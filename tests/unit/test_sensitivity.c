/* test_sensitivity.c - tornadoes: what is linear swings alike to both sides, every bar is what the
 * model says when the input is changed, and what has no value says why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/mem.h"
#include "strattio/scenario.h"
#include "strattio/sensitivity.h"

#include "support/asking_plan.h"

static void tornado(const struct model *m, const char *measure, double share,
                    struct sensitivity *out)
{
    struct err err = {0};

    if (!sensitivity_run(m, measure, share, out, &err))
        fail_msg("%s: %s", measure, err.msg);
}

static const struct sensitivity_row *bar(const struct sensitivity *s, const char *input)
{
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->rows[i].input, input) == 0)
            return &s->rows[i];
    return NULL;
}

static void what_is_linear_swings_alike(void **state)
{
    static const char *const measures[] = {"pnl.revenue[y1]", "pnl.gross_profit[y3]",
                                           "pnl.net_profit[y2]", "cash.closing[m7]"};
    struct model *m = asking_model(*state, ASKING_PLAN);

    for (size_t i = 0; i < ARRAY_LEN(measures); i++) {
        struct sensitivity s;
        const struct sensitivity_row *price;

        tornado(m, measures[i], 0.1, &s);
        price = bar(&s, "products.price[1]");
        assert_non_null(price);
        assert_true(fabs(price->high.value - s.base.value - (s.base.value - price->low.value)) <
                    1e-6);
        assert_true(price->high.value > s.base.value);
        sensitivity_finish(&s);
    }
    model_free(m);
}

/* 10 units at 10 and at 20 for 12 months: a tenth of 1,200 and of 2,400 either way. */
static void bars_have_their_figures_and_come_largest_first(void **state)
{
    struct model *m = asking_model(*state, ASKING_PLAN);
    struct sensitivity s;

    tornado(m, "pnl.revenue[y1]", 0.1, &s);
    assert_int_equal(s.count, 4);
    assert_true(s.base.value == 3600);
    assert_string_equal(s.rows[0].input, "products.price[2]"); /* declared before the units */
    assert_string_equal(s.rows[0].title, "Price (Large)");
    assert_string_equal(s.rows[0].low_input, "£18.00");
    assert_string_equal(s.rows[0].high_input, "£22.00");
    assert_true(s.rows[0].low.value == 3360 && s.rows[0].high.value == 3840);
    assert_true(s.rows[0].swing == 480);
    assert_string_equal(s.rows[1].input, "products.units_per_month[2]");
    assert_true(s.rows[2].swing == 240);
    assert_true(s.no_effect > 0);
    sensitivity_finish(&s);
    model_free(m);
}

static void every_bar_is_what_the_model_says(void **state)
{
    struct model *m = asking_model(*state, ASKING_PLAN);
    struct sensitivity s;

    tornado(m, "cash.lowest", 0.2, &s);
    assert_true(s.count >= 8);
    for (size_t i = 0; i < s.count; i++) {
        char *change = mem_printf("%s=*120%%", s.rows[i].input);
        struct scenario up = {.name = (char *)(uintptr_t) "up", .changes = &change, .count = 1};
        struct err err = {0};
        struct model *changed = scenario_model(m, &up, &err);
        struct figure f;

        assert_non_null(changed);
        assert_true(model_figure(changed, "cash.lowest", &f, &err));
        if (strtod(f.plain, NULL) != s.rows[i].high.value)
            fail_msg("%s: %s, not %f", s.rows[i].input, f.plain, s.rows[i].high.value);
        figure_finish(&f);
        model_free(changed);
        free(change);
    }
    sensitivity_finish(&s);
    model_free(m);
}

static void what_has_no_value_says_why(void **state)
{
    struct model *m = asking_model(*state, ASKING_PLAN);
    const struct sensitivity_row *units;
    struct sensitivity s;

    tornado(m, "pnl.gross_margin[y1]", 1, &s); /* no units at all: no revenue of that product */
    units = bar(&s, "products.price[1]");
    assert_non_null(units);
    assert_false(isnan(units->low.value));
    sensitivity_finish(&s);
    m = (model_free(m), asking_model(*state, "{\"tax_rate_percent\":60,\"price_per_unit\":5,"
                                             "\"units_per_month\":100,\"unit_cost\":1,"
                                             "\"fixed_costs\":[{\"monthly\":10}]}"));
    tornado(m, "pnl.tax[y1]", 1, &s);
    units = bar(&s, "tax_rate_percent"); /* 120% is not allowed */
    assert_non_null(units);
    assert_true(isnan(units->high.value));
    assert_string_equal(units->high.reason, "not_allowed");
    assert_true(units->swing == s.base.value); /* from the base, to nothing at 0% */
    assert_null(bar(&s, "products.price[1]")); /* only repeats price_per_unit */
    assert_non_null(bar(&s, "price_per_unit"));
    sensitivity_finish(&s);
    model_free(m);
}

static void a_model_out_of_range_is_a_null(void **state)
{
    struct model *m = asking_model(*state, "{\"price_per_unit\":7000000000000,"
                                           "\"units_per_month\":1,\"unit_cost\":1,"
                                           "\"fixed_costs\":[{\"monthly\":10}],"
                                           "\"growth_percent\":-99}");
    const struct sensitivity_row *price;
    struct sensitivity s;

    tornado(m, "pnl.revenue[m1]", 0.5, &s);
    price = bar(&s, "price_per_unit");
    assert_non_null(price);
    assert_true(isnan(price->high.value));
    assert_string_equal(price->high.reason, "out_of_range");
    assert_false(isnan(price->low.value));
    sensitivity_finish(&s);
    model_free(m);
}

static void what_cannot_be_asked_is_refused(void **state)
{
    static const struct {
        const char *measure;
        double share;
        const char *says;
    } rows[] = {
        {"pnl.revenu[y1]", 0.1, "did you mean pnl.revenue?"},
        {"pnl.revenue", 0.1, "which year or month"},
        {"products.price", 0.1, "one number, not a list"},
        {"\"text\"", 0.1, "one number, not text"},
        {"pnl.revenue[y1", 0.1, "column"},
        {"", 0.1, ""},
        {"pnl.revenue[y1]", 0, "more than 0%"},
        {"pnl.revenue[y1]", -0.1, "more than 0%"},
        {"pnl.revenue[y1]", 1.1, "at most 100%"},
        {"pnl.revenue[y1]", (double)NAN, "at most 100%"},
    };
    struct model *m = asking_model(*state, ASKING_PLAN);

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct err err = {0};
        struct sensitivity s;

        if (sensitivity_run(m, rows[i].measure, rows[i].share, &s, &err) ||
            !strstr(err.msg, rows[i].says))
            fail_msg("%s: %s", rows[i].measure, err.msg);
    }
    model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_linear_swings_alike),
        cmocka_unit_test(bars_have_their_figures_and_come_largest_first),
        cmocka_unit_test(every_bar_is_what_the_model_says),
        cmocka_unit_test(what_has_no_value_says_why),
        cmocka_unit_test(a_model_out_of_range_is_a_null),
        cmocka_unit_test(what_cannot_be_asked_is_refused),
    };

    return cmocka_run_group_tests(tests, asking_load, asking_unload);
}
