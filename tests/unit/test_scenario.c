/* test_scenario.c - changes as people write them, scenarios over a plan, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/json.h"
#include "strattio/model.h"
#include "strattio/scenario.h"

#include "support/asking_plan.h"

static void same_bytes(const struct model *a, const struct model *b)
{
    bson_t x, y;

    model_data(a, &x);
    model_data(b, &y);
    assert_true(bson_equal(&x, &y));
    bson_destroy(&x);
    bson_destroy(&y);
}

static struct model *under(const struct model *base, const char *change)
{
    char *changes[] = {(char *)(uintptr_t)change};
    struct scenario s = {.name = (char *)(uintptr_t) "test", .changes = changes, .count = 1};
    struct err err = {0};
    struct model *m = scenario_model(base, &s, &err);

    if (!m)
        fail_msg("%s: %s", change, err.msg);
    return m;
}

static void without_changes_it_is_the_base_byte_for_byte(void **state)
{
    struct model *base = asking_model(*state, ASKING_PLAN), *m;
    struct scenarios all;
    struct err err = {0};
    bson_t none = BSON_INITIALIZER;

    assert_true(scenarios_read(&none, &all, &err));
    assert_string_equal(all.items[0].name, "base");
    m = scenario_model(base, &all.items[0], &err);
    same_bytes(base, m);
    model_free(m);
    m = under(base, "products.price=*1");
    same_bytes(base, m);
    model_free(m);
    scenarios_finish(&all);
    bson_destroy(&none);
    model_free(base);
}

static void changes_do_what_they_say(void **state)
{
    static const struct {
        const char *change, *figure, *want;
    } rows[] = {
        {"products.price[1]=4", "products.price[1]", "4"},
        {"products.price[1]=4", "products.price[2]", "20"},
        {"products.0.price=4", "products.price[1]", "4"},
        {"products.price=*110%", "products.price[1]", "11"},
        {"products.price=*110%", "products.price[2]", "22"},
        {"products.price=*1.1", "products.price[2]", "22"},
        {"products.price[1]=+10%", "products.price[1]", "11"},
        {"products.price[1]=-10%", "products.price[1]", "9"},
        {"products.price[1]=+0.50", "products.price[1]", "10.5"},
        {"products.price[1]=-0.50", "products.price[1]", "9.5"},
        {"products.units_per_month=*0", "pnl.revenue[y1]", "0"},
        {"loan.rate_percent=+2", "loans.rate_percent[1]", "0.08"},
        {"loans.rate_percent[1]=+2%", "loans.rate_percent[1]", "0.08"},
        {"loans.rate_percent[1]=8%", "loans.rate_percent[1]", "0.08"},
        {"loans.rate_percent[1]=8", "loans.rate_percent[1]", "0.08"},
        {"loans.rate_percent[1]=*50%", "loans.rate_percent[1]", "0.03"},
        {"loans.term_months[1]=*110%", "loans.term_months[1]", "40"}, /* 39.6 */
        {"products.growth_percent[1]==-5%", "products.growth_percent[1]", "-0.05"},
        {"products.seasonality=*70%@m13", "pnl.revenue[m12]", "300"},
        {"products.seasonality=*70%@m13", "pnl.revenue[m13]", "210"},
        {"products.seasonality[1]=0@m60", "pnl.revenue[m60]", "200"},
        {"starting_capital=12k", "cash.capital[m1]", "12000"},
    };
    struct model *base = asking_model(*state, ASKING_PLAN);

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct model *m = under(base, rows[i].change);

        asking_expect(m, rows[i].figure, rows[i].want);
        model_free(m);
    }
    model_free(base);
}

static void what_is_wrong_is_said(void **state)
{
    static const struct {
        const char *change, *says;
    } rows[] = {
        {"products.prise[1]=4", "did you mean products.price?"},
        {"pnl.revenue=4", "is computed"},
        {"products.name[1]=4", "is no number"},
        {"products.price[3]=4", "has the rows 1 to 2"},
        {"staff.annual_salary[1]=4", "this plan has no Staff"},
        {"starting_capital[1]=4", "has no rows"},
        {"products.price[1][m1]=4", "without a month"},
        {"products.price", "is not INPUT=CHANGE"},
        {"products.price=", "is not INPUT=CHANGE"},
        {"=4", "is not INPUT=CHANGE"},
        {"products.price=abc", "is no number"},
        {"products.price=*abc", "is no factor"},
        {"products.price==-1", "at least 0 is allowed"},
        {"products.price=-11", "at least 0 is allowed"},
        {"products.price=*80%@m13", "one value for the whole plan"},
        {"products.seasonality=*80%@m61", "is no month"},
        {"products.seasonality=*80%@x", "is no month"},
        {"products.price=1e30", "products.price"},
        {"products.growth_percent=1000000%", "too large"},
        {"tax_rate_percent=*2", NULL}, /* of every row: there is nothing to change */
    };
    struct model *base = asking_model(*state, ASKING_PLAN);

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char *changes[] = {(char *)(uintptr_t)rows[i].change};
        struct scenario s = {.name = (char *)(uintptr_t) "test", .changes = changes, .count = 1};
        struct err err = {0};
        struct model *m = scenario_model(base, &s, &err);

        if (m ? rows[i].says != NULL : !rows[i].says || !strstr(err.msg, rows[i].says))
            fail_msg("%s: %s", rows[i].change, m ? "it ran" : err.msg);
        model_free(m);
    }
    model_free(base);
}

static void a_plan_keeps_its_own(void **state)
{
    static const char *const changes[] = {"products.price=*90%", "stock_days=+5"};
    struct model *base = asking_model(*state, ASKING_PLAN);
    bson_t intake = BSON_INITIALIZER;
    struct scenarios all;
    struct err err = {0};

    assert_true(scenario_put(&intake, base, "cautious", changes, 1, &err));
    assert_true(scenario_put(&intake, base, "mine", changes, 2, &err));
    assert_true(scenario_put(&intake, base, "mine", changes, 2, &err)); /* again: no second one */
    assert_true(scenarios_read(&intake, &all, &err));
    assert_int_equal(all.count, 4);
    assert_true(scenarios_find(&all, "cautious", &err)->own);
    assert_string_equal(scenarios_find(&all, "cautious", &err)->changes[0], changes[0]);
    assert_int_equal(scenarios_find(&all, "mine", &err)->count, 2);
    assert_null(scenarios_find(&all, "yours", &err));
    assert_non_null(strstr(err.msg, "base, cautious, ambitious, mine"));
    scenarios_finish(&all);
    assert_true(scenario_remove(&intake, "cautious", &err));
    assert_true(scenario_remove(&intake, "mine", &err));
    assert_false(scenario_remove(&intake, "mine", &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    assert_true(bson_empty(&intake));
    assert_false(scenario_put(&intake, base, "base", changes, 1, &err));
    assert_false(scenario_put(&intake, base, "My Own", changes, 1, &err));
    assert_false(scenario_put(&intake, base, "mine", (const char *const[]){"x=1"}, 1, &err));
    assert_true(bson_empty(&intake));
    bson_destroy(&intake);
    model_free(base);
}

static void a_broken_list_is_refused(void **state)
{
    static const char *const lists[] = {
        "{\"scenarios\":7}",
        "{\"scenarios\":[7]}",
        "{\"scenarios\":[{\"changes\":[]}]}",
        "{\"scenarios\":[{\"name\":7,\"changes\":[]}]}",
        "{\"scenarios\":[{\"name\":\"a\"}]}",
        "{\"scenarios\":[{\"name\":\"a\",\"changes\":7}]}",
        "{\"scenarios\":[{\"name\":\"a\",\"changes\":[7]}]}",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        struct scenarios all;
        struct err err = {0};
        bson_t intake;

        assert_true(json_read(lists[i], strlen(lists[i]), &intake, &err));
        assert_false(scenarios_read(&intake, &all, &err));
        assert_non_null(strstr(err.msg, "scenarios: a list of"));
        bson_destroy(&intake);
    }
}

static void scenarios_stand_beside_each_other(void **state)
{
    struct model *base = asking_model(*state, ASKING_PLAN);
    struct comparison cmp;
    struct scenarios all;
    struct err err = {0};
    bson_t intake = BSON_INITIALIZER;

    assert_true(scenarios_read(&intake, &all, &err));
    assert_true(scenarios_compare(base, &all, NULL, 0, &cmp, &err));
    assert_int_equal(cmp.measure_count, all.measure_count);
    assert_true(cmp.cells[0].value == 3600); /* revenue of year 1 */
    assert_true(cmp.cells[1].value == 2880); /* a fifth fewer */
    assert_true(cmp.cells[2].value == 4320);
    comparison_finish(&cmp);
    scenarios_finish(&all);
    bson_destroy(&intake);
    model_free(base);
}

static void one_that_fails_does_not_stop_the_others(void **state)
{
    static const char list[] = "{\"scenarios\":[{\"name\":\"huge\",\"changes\":"
                               "[\"products.growth_percent=1000000%\"]}]}";
    struct model *base = asking_model(*state, ASKING_PLAN);
    struct comparison cmp;
    struct scenarios all;
    struct err err = {0};
    bson_t intake;

    assert_true(json_read(list, strlen(list), &intake, &err));
    assert_true(scenarios_read(&intake, &all, &err));
    assert_true(scenarios_compare(base, &all, NULL, 0, &cmp, &err));
    assert_int_equal(cmp.scenario_count, 4);
    assert_null(cmp.failed[1]);
    assert_non_null(strstr(cmp.failed[3], "too large"));
    assert_true(isnan(cmp.cells[3].value));
    assert_string_equal(cmp.cells[3].reason, "out_of_range");
    comparison_finish(&cmp);
    scenarios_finish(&all);
    bson_destroy(&intake);
    model_free(base);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_changes_it_is_the_base_byte_for_byte),
        cmocka_unit_test(changes_do_what_they_say),
        cmocka_unit_test(what_is_wrong_is_said),
        cmocka_unit_test(a_plan_keeps_its_own),
        cmocka_unit_test(a_broken_list_is_refused),
        cmocka_unit_test(scenarios_stand_beside_each_other),
        cmocka_unit_test(one_that_fails_does_not_stop_the_others),
    };

    return cmocka_run_group_tests(tests, asking_load, asking_unload);
}
