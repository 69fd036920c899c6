/* test_goal.c - goal seek: published break-even and target profit exercises, and that every answer
 * holds where the next step does not, by a model built anew. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/goal.h"
#include "strattio/mem.h"
#include "strattio/scenario.h"

#include "support/asking_plan.h"

static void seek(const struct model *m, const char *goal, const char *input, const char *from,
                 const char *to, struct goal *out)
{
    struct err err = {0};

    if (!goal_seek(m, goal, input, from, to, out, &err))
        fail_msg("%s: %s", goal, err.msg);
}

#define EXERCISE(PRICE, COST, UNITS, FIXED)                                                        \
    "{\"legal_form\":\"sole_trader\",\"products\":[{\"price\":" PRICE ",\"unit_cost\":" COST       \
    ",\"units_per_month\":" UNITS "}],\"fixed_costs\":[{\"monthly\":" FIXED "}]}"

static void published_exercises(void **state)
{
    static const struct {
        const char *plan, *goal, *input;
        double want;
    } rows[] = {
        /* OpenStax, Principles of Accounting 2, 3.2: Hicks sells birdbaths at $100, variable cost
         * $20, fixed $18,000 a month: 225 units, and 425 for a profit of $16,000. */
        {EXERCISE("100", "20", "500", "18000"), "pnl.net_profit[m1] >= 0",
         "products.units_per_month", 225},
        {EXERCISE("100", "20", "500", "18000"), "pnl.net_profit[m1] = 16000",
         "products.units_per_month", 425},
        /* Accounting Principles: A Business Perspective, ch. 20, exercise of M. J. Orth: cookbooks
         * at $26.90, variable $14.40, fixed $1,200,000: 96,000, and 99,840 for $48,000. */
        {EXERCISE("26.90", "14.40", "100000", "1200000"), "pnl.net_profit[m1] >= 0",
         "products.units_per_month[1]", 96000},
        {EXERCISE("26.90", "14.40", "100000", "1200000"), "pnl.net_profit[m1] >= 48000",
         "products.0.units_per_month", 99840},
        /* The price at which those 100,000 cookbooks break even: 14.40 + 12. */
        {EXERCISE("26.90", "14.40", "100000", "1200000"), "pnl.net_profit[m1] >= 0",
         "products.price[1]", 26.40},
        /* Calihan (same series): contribution $50, fixed $300,000, target $150,000: 9,000. */
        {EXERCISE("50", "0", "1", "300000"), "150000 <= pnl.net_profit[m1]",
         "products.units_per_month[1]", 9000},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct model *m = asking_model(*state, rows[i].plan);
        struct goal g;

        seek(m, rows[i].goal, rows[i].input, NULL, NULL, &g);
        if (g.count != 1 || g.edges[0].value != rows[i].want || !g.edges[0].upward)
            fail_msg("%s: %zu answers, the first %s", rows[i].goal, g.count,
                     g.count ? g.edges[0].shown : "none");
        goal_finish(&g);
        model_free(m);
    }
}

/* Does `goal` hold with the input at `value`, in a model changed by the scenario's way? */
static bool holds_at(const struct model *m, const char *input, double value, const char *measure,
                     double least)
{
    char *change = mem_printf("%s==%.10g", input, value);
    struct scenario s = {.name = (char *)(uintptr_t) "at", .changes = &change, .count = 1};
    struct err err = {0};
    struct model *changed = scenario_model(m, &s, &err);
    struct figure f;
    bool holds;

    if (!changed)
        fail_msg("%s: %s", change, err.msg);
    assert_true(model_figure(changed, measure, &f, &err));
    holds = f.plain && strtod(f.plain, NULL) >= least;
    figure_finish(&f);
    model_free(changed);
    free(change);
    return holds;
}

static void every_answer_holds_and_the_next_step_does_not(void **state)
{
    static const struct {
        const char *input;
        double step, scale; /* of the answer: a rate of 0.05 is typed 5 */
    } rows[] = {
        {"products.price[1]", 0.01, 1},         {"products.unit_cost[2]", 0.01, 1},
        {"products.units_per_month[1]", 1, 1},  {"fixed_costs.monthly[1]", 0.01, 1},
        {"products.credit_days", 1, 1},         {"starting_capital", 0.01, 1},
        {"loans.rate_percent[1]", 0.0001, 100}, {"products.growth_percent[1]", 0.0001, 100},
        {"products.start_month[1]", 1, 1},
    };
    struct model *m = asking_model(*state, ASKING_PLAN);
    size_t found = 0;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct goal g;

        seek(m, "cash.lowest >= 2200", rows[i].input, NULL, NULL, &g);
        found += g.count;
        for (size_t k = 0; k < g.count; k++) {
            const struct goal_edge *e = &g.edges[k];

            assert_true(fabs(fabs(e->beyond - e->value) - rows[i].step) < 1e-9);
            assert_true((e->beyond < e->value) == e->upward);
            if (!holds_at(m, rows[i].input, e->value * rows[i].scale, "cash.lowest", 2200))
                fail_msg("%s: does not hold at %s", rows[i].input, e->shown);
            if (holds_at(m, rows[i].input, e->beyond * rows[i].scale, "cash.lowest", 2200))
                fail_msg("%s: holds at %s", rows[i].input, e->beyond_shown);
        }
        goal_finish(&g);
    }
    assert_true(found >= 6);
    model_free(m);
}

static void several_answers_are_all_told_nearest_first(void **state)
{
    struct model *m = asking_model(*state, ASKING_PLAN);
    struct goal g;

    /* revenue of the first month between 250 and 350, away from which it fails on both sides */
    seek(m, "abs(pnl.revenue[m1] - 300) <= 50", "products.price[1]", NULL, NULL, &g);
    assert_true(g.holds_now);
    assert_int_equal(g.count, 2);
    assert_true(g.edges[0].value == 15 || g.edges[0].value == 5);
    assert_true(g.edges[1].value == 20 - g.edges[0].value);
    assert_true(fabs(g.edges[0].value - 10) <= fabs(g.edges[1].value - 10));
    goal_finish(&g);
    /* from far away the near edge is first */
    seek(m, "abs(pnl.revenue[m1] - 600) <= 50", "products.price[1]", NULL, NULL, &g);
    assert_false(g.holds_now);
    assert_int_equal(g.count, 2);
    assert_true(g.edges[0].value == 35 && g.edges[0].upward);
    assert_true(g.edges[1].value == 45 && !g.edges[1].upward);
    goal_finish(&g);
    model_free(m);
}

static void none_is_said(void **state)
{
    struct model *m = asking_model(*state, ASKING_PLAN);
    struct goal g;

    seek(m, "pnl.revenue[y1] < 0", "products.price[1]", NULL, NULL, &g);
    assert_int_equal(g.count, 0);
    assert_false(g.holds_everywhere);
    goal_finish(&g);
    seek(m, "pnl.revenue[y1] >= 0", "products.price[1]", "1", "5", &g);
    assert_int_equal(g.count, 0);
    assert_true(g.holds_everywhere);
    assert_string_equal(g.from_shown, "£1.00");
    assert_string_equal(g.to_shown, "£5.00");
    goal_finish(&g);
    model_free(m);
}

static void what_is_null_does_not_hold(void **state)
{
    struct model *m = asking_model(*state, ASKING_PLAN);
    struct goal g;

    seek(m, "break_even.month_reached <= 12", "fixed_costs.monthly[1]", NULL, NULL, &g);
    assert_int_equal(g.count, 1);
    assert_false(g.edges[0].upward);
    assert_string_equal(g.edges[0].beyond_at.reason ? g.edges[0].beyond_at.reason : "none", "none");
    goal_finish(&g);
    seek(m, "break_even.month_reached <= 60", "fixed_costs.monthly[1]", NULL, NULL, &g);
    assert_int_equal(g.count, 1);
    assert_string_equal(g.edges[0].beyond_at.reason, "no_break_even");
    assert_true(g.undefined > 0);
    goal_finish(&g);
    model_free(m);
}

static void what_cannot_be_sought_is_refused(void **state)
{
    static const struct {
        const char *goal, *input, *from, *to, *says;
    } rows[] = {
        {"cash.lowest", "products.price[1]", NULL, NULL, "is no goal"},
        {"cash.lowest != 0", "products.price[1]", NULL, NULL, "is no goal"},
        {"cash.lowest >= \"a\"", "products.price[1]", NULL, NULL, "does not work"},
        {"cash.lowst >= 0", "products.price[1]", NULL, NULL, "did you mean cash.lowest?"},
        {"cash.lowest >= 0", "products.prise[1]", NULL, NULL, "did you mean products.price?"},
        {"cash.lowest >= 0", "products.price[7]", NULL, NULL, "rows 1 to 2"},
        {"cash.lowest >= 0", "pnl.revenue", NULL, NULL, "is computed"},
        {"cash.lowest >= 0", "staff.annual_salary", NULL, NULL, "has no Staff"},
        {"cash.lowest >= 0", "products.price[1]", "5", "1", "smaller value to a larger"},
        {"cash.lowest >= 0", "products.price[1]", "5", "5", "smaller value to a larger"},
        {"cash.lowest >= 0", "products.price[1]", "5", "5.001", "too narrow"},
        {"cash.lowest >= 0", "products.price[1]", "0", "900000000000000", "too wide"},
        {"cash.lowest >= 0", "products.price[1]", "a", "b", "is no number"},
        {"cash.lowest >= 0", "products.price[1]", "+1", "5", "will not do"},
        {"cash.lowest >= 0", "products.price", "1", "5", "moved by a factor"},
        {"pnl.revenue[y1] >= 0", "starting_capital", NULL, NULL, "does not depend on"},
    };
    struct model *m = asking_model(*state, ASKING_PLAN);

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct err err = {0};
        struct goal g;

        if (goal_seek(m, rows[i].goal, rows[i].input, rows[i].from, rows[i].to, &g, &err) ||
            !strstr(err.msg, rows[i].says))
            fail_msg("%s by %s: %s", rows[i].goal, rows[i].input, err.msg);
    }
    model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_exercises),
        cmocka_unit_test(every_answer_holds_and_the_next_step_does_not),
        cmocka_unit_test(several_answers_are_all_told_nearest_first),
        cmocka_unit_test(none_is_said),
        cmocka_unit_test(what_is_null_does_not_hold),
        cmocka_unit_test(what_cannot_be_sought_is_refused),
    };

    return cmocka_run_group_tests(tests, asking_load, asking_unload);
}
