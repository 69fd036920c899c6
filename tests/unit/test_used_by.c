/* test_used_by.c - what depends on a figure: exactly the cells whose own trace names it, and the
 * lines behind them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "finance/model_trace.h"
#include "support/asking_plan.h"

static const struct dependent *find(const struct dependents *d, const char *name)
{
    for (size_t i = 0; i < d->count; i++)
        if (strcmp(d->items[i].name, name) == 0)
            return &d->items[i];
    return NULL;
}

static void used_by(const struct model *m, const char *name, struct dependents *out)
{
    struct err err = {0};

    if (!model_used_by(m, name, out, &err))
        fail_msg("%s: %s", name, err.msg);
}

/* Every cell of the model whose trace has `p`, by looking at all of them. */
static size_t readers(const struct model *m, struct place p)
{
    size_t found = 0;

    for (size_t i = 0; i < m->def->shown_count; i++) {
        int line = m->def->shown[i];
        const struct line *l = &m->def->lines[line];

        for (size_t row = 0; row < line_rows(m, l); row++)
            for (int period = 0; period < (int)line_width(l); period++) {
                struct place q = {line, row, period};
                size_t count;
                struct place *places = model_trace(m, q, &count);

                for (size_t k = 0; k < count; k++)
                    found += places[k].line == p.line && places[k].row == p.row &&
                             places[k].period == p.period;
                free(places);
            }
    }
    return found;
}

static void forward_and_backward_agree(void **state)
{
    static const char *const names[] = {
        "products.price[1]",     "products.unit_cost[2]", "fixed_costs.monthly[1]",
        "loans.amount[1]",       "starting_capital",      "products.revenue[2][m7]",
        "pnl.revenue[m3]",       "pnl.net_profit[y2]",    "cash.closing[m12]",
        "cash.closing[m1]",      "balance.loans[m36]",    "tax.losses_left[m12]",
        "cash.lowest",           "vat.registered[m5]",    "products.credit_days[1]",
        "products.paid[1][m60]", "checks.all_hold",       "location_country",
        "existing_debts_total"};
    struct model *m = asking_model(*state, ASKING_PLAN);

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct dependents d;
        struct err err = {0};
        size_t cells = 0;
        struct place p;
        bool whole;

        used_by(m, names[i], &d);
        for (size_t k = 0; k < d.count; k++)
            cells += d.items[k].cells;
        assert_true(model_find_place(m, names[i], &p, &whole, &err));
        if (cells != readers(m, p))
            fail_msg("%s: %zu cells forward, %zu backward", names[i], cells, readers(m, p));
        dependents_finish(&d);
    }
    model_free(m);
}

static void steps_are_counted(void **state)
{
    static const struct {
        const char *from, *to;
        int steps;
    } rows[] = {
        {"products.price[1]", "products.revenue[1]", 1},
        {"products.price[1]", "pnl.revenue", 2},
        {"products.price[1]", "pnl.gross_profit", 3},
        {"products.price[1]", "products.cost[1]", 0}, /* not: its unit cost is stated */
        {"products.price[1]", "products.revenue[2]", 0},
        {"pnl.revenue[m3]", "pnl.revenue", 1}, /* the year */
        {"pnl.revenue", "pnl.gross_profit", 1},
        {"pnl.fixed_costs", "pnl.revenue", 0},
        {"starting_capital", "cash.lowest", 5},
        {"checks.all_hold", "pnl.revenue", 0},
    };
    struct model *m = asking_model(*state, ASKING_PLAN);

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct dependent *one;
        struct dependents d;

        used_by(m, rows[i].from, &d);
        one = find(&d, rows[i].to);
        if ((one ? one->steps : 0) != rows[i].steps)
            fail_msg("%s to %s: %d steps", rows[i].from, rows[i].to, one ? one->steps : 0);
        for (size_t k = 1; k < d.count; k++)
            assert_true(d.items[k - 1].steps <= d.items[k].steps);
        dependents_finish(&d);
    }
    model_free(m);
}

static void a_default_makes_an_input_depend(void **state)
{
    struct model *m = asking_model(*state, "{\"price_per_unit\":5,\"units_per_month\":10}");
    struct dependents d;

    used_by(m, "price_per_unit", &d);
    assert_int_equal(find(&d, "products.price[1]")->steps, 1);
    assert_int_equal(find(&d, "products.unit_cost[1]")->steps, 2); /* the margin of the trade */
    dependents_finish(&d);
    model_free(m);
}

static void cells_are_named(void **state)
{
    struct model *m = asking_model(*state, ASKING_PLAN);
    struct dependents d;

    used_by(m, "products.price[1]", &d);
    assert_string_equal(find(&d, "products.revenue[1]")->first, "products.revenue[1][m1]");
    assert_string_equal(find(&d, "products.revenue[1]")->last, "products.revenue[1][m60]");
    assert_int_equal(find(&d, "products.revenue[1]")->cells, 60);
    assert_null(find(&d, "pnl.revenue")->first);
    dependents_finish(&d);
    used_by(m, "checks.all_hold", &d);
    assert_int_equal(d.count, 0);
    dependents_finish(&d);
    model_free(m);
}

static void what_is_no_figure_is_refused(void **state)
{
    static const struct {
        const char *name, *says;
    } rows[] = {
        {"pnl.revenu", "did you mean pnl.revenue?"},
        {"products.price", "say which row"},
        {"products.price[3]", "say which row"},
        {"staff.annual_salary[1]", "has no Staff"},
        {"pnl.revenue[m61]", "m1 to m60"},
        {"starting_capital[m1]", "does not change over time"},
        {"1 + 1", "is no name of a figure"},
    };
    struct model *m = asking_model(*state, ASKING_PLAN);

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct dependents d;
        struct err err = {0};

        if (model_used_by(m, rows[i].name, &d, &err) || !strstr(err.msg, rows[i].says))
            fail_msg("%s: %s", rows[i].name, err.msg);
    }
    model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forward_and_backward_agree),      cmocka_unit_test(steps_are_counted),
        cmocka_unit_test(a_default_makes_an_input_depend), cmocka_unit_test(cells_are_named),
        cmocka_unit_test(what_is_no_figure_is_refused),
    };

    return cmocka_run_group_tests(tests, asking_load, asking_unload);
}
