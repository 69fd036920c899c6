/* test_monte_carlo.c - the generator against its published values, the triangular distribution
 * against its formulas, and studies: the same seed gives the same bytes, percentiles in order,
 * chances that are what they say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/monte_carlo.h"

#include "finance/draw.h"
#include "support/asking_plan.h"

static void the_generator_gives_the_published_values(void **state)
{
    /* SplitMix64 of 1234567, as Rosetta Code lists it; xoshiro256** from the state 1, 2, 3, 4, as
     * the test of Rust's rand_xoshiro has it from the reference implementation. */
    static const uint64_t seeding[] = {UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),
                                       UINT64_C(9817491932198370423), UINT64_C(4593380528125082431),
                                       UINT64_C(16408922859458223821)};
    static const uint64_t drawn[] = {UINT64_C(11520),
                                     0,
                                     UINT64_C(1509978240),
                                     UINT64_C(1215971899390074240),
                                     UINT64_C(1216172134540287360),
                                     UINT64_C(607988272756665600),
                                     UINT64_C(16172922978634559625),
                                     UINT64_C(8476171486693032832),
                                     UINT64_C(10595114339597558777),
                                     UINT64_C(2904607092377533576)};
    struct draw d = {{1, 2, 3, 4}};
    uint64_t seed = 1234567;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(seeding); i++)
        assert_true(draw_splitmix(&seed) == seeding[i]);
    for (size_t i = 0; i < ARRAY_LEN(drawn); i++)
        assert_true(draw_next(&d) == drawn[i]);
}

static double quantile(const struct triangle *t, double u)
{
    return num_to_double(draw_quantile(t, u));
}

/* The inverse by its textbook formulas: a + sqrt(u (b-a)(c-a)), b - sqrt((1-u)(b-a)(b-c)). */
static void triangles_have_their_quantiles(void **state)
{
    struct triangle t = draw_triangle(num_from_int(2), num_from_int(7), num_from_int(10));
    struct triangle ramp = draw_triangle(num_from_int(0), num_from_int(0), num_from_int(1));
    struct triangle point = draw_triangle(num_from_int(5), num_from_int(5), num_from_int(5));

    (void)state;
    assert_true(quantile(&t, 0) == 2);
    assert_true(fabs(quantile(&t, 5.0 / 8) - 7) < 1e-9);
    assert_true(fabs(quantile(&t, 0.1) - (2 + sqrt(0.1 * 8 * 5))) < 1e-9);
    assert_true(fabs(quantile(&t, 0.9) - (10 - sqrt(0.1 * 8 * 3))) < 1e-9);
    assert_true(fabs(quantile(&t, 1) - 10) < 1e-9);
    assert_true(fabs(quantile(&ramp, 0.75) - 0.5) < 1e-9);
    assert_true(quantile(&point, 0.3) == 5);
}

/* Mean (a+b+c)/3 and variance (a²+b²+c²-ab-ac-bc)/18, from 100,000 draws. */
static void draws_have_the_mean_and_variance_of_their_triangle(void **state)
{
    struct triangle t = draw_triangle(num_from_int(-2), num_from_int(3), num_from_int(4));
    double sum = 0, squares = 0;
    struct draw d;

    (void)state;
    draw_init(&d, 42);
    for (int i = 0; i < 100000; i++) {
        double x = num_to_double(draw_from(&d, &t));

        assert_true(x >= -2 && x <= 4);
        sum += x;
        squares += x * x;
    }
    sum /= 100000;
    assert_true(fabs(sum - 5.0 / 3) < 0.02);
    assert_true(fabs(squares / 100000 - sum * sum - (4 + 9 + 16 + 6 + 8 - 12) / 18.0) < 0.03);
}

static void study(const struct model *m, const char *const *ranges, size_t count, uint64_t seed,
                  struct monte_carlo *out)
{
    struct monte_carlo_options o = {
        .runs = 2000, .seed = seed, .ranges = ranges, .range_count = count};
    struct err err = {0};

    if (!monte_carlo_run(m, &o, NULL, NULL, out, &err))
        fail_msg("%s", err.msg);
}

static void the_same_seed_gives_the_same_figures(void **state)
{
    struct model *m = asking_model(*state, ASKING_PLAN);
    struct monte_carlo a, b, c;

    study(m, NULL, 0, 7, &a);
    study(m, NULL, 0, 7, &b);
    study(m, NULL, 0, 8, &c);
    assert_memory_equal(a.cash, b.cash, sizeof a.cash);
    assert_memory_equal(a.profit, b.profit, sizeof a.profit);
    assert_memory_equal(a.out_by, b.out_by, sizeof a.out_by);
    assert_true(a.cash[59].p50 != c.cash[59].p50);
    assert_int_equal(a.range_count, 4);
    assert_string_equal(a.ranges[0].input, "products.units_per_month");
    assert_string_equal(a.ranges[0].low, "70% of now");
    assert_true(strlen(a.ranges[0].basis) > 10);
    monte_carlo_finish(&a);
    monte_carlo_finish(&b);
    monte_carlo_finish(&c);
    model_free(m);
}

/* What these draws gave when they were first made: another machine must give the same to the penny. */
static void the_figures_are_these(void **state)
{
    struct model *m = asking_model(*state, ASKING_PLAN);
    struct monte_carlo mc;

    study(m, NULL, 0, 1, &mc);
    assert_true(mc.cash[59].p10 == 1653.77);
    assert_true(mc.cash[59].p50 == 3622.97);
    assert_true(mc.cash[59].p90 == 5402.57);
    monte_carlo_finish(&mc);
    model_free(m);
}

static void percentiles_are_in_order(void **state)
{
    struct model *m = asking_model(*state, ASKING_PLAN);
    struct monte_carlo mc;
    double before = 0;

    study(m, NULL, 0, 3, &mc);
    for (int i = 0; i < MODEL_MONTHS; i++) {
        assert_true(mc.cash[i].p10 <= mc.cash[i].p50 && mc.cash[i].p50 <= mc.cash[i].p90);
        assert_true(mc.cash[i].base == model_cell(m, "cash.closing", false, i + 1));
        assert_true(mc.out_by[i] >= before && mc.out_by[i] <= 1);
        before = mc.out_by[i];
    }
    assert_true(mc.out_of_cash == before);
    assert_true(mc.lowest.p10 <= mc.lowest.p50 && mc.lowest.p50 <= mc.lowest.p90);
    monte_carlo_finish(&mc);
    model_free(m);
}

static void a_range_of_one_value_is_the_base(void **state)
{
    static const char *const ranges[] = {"products.price[1]=10..10..10"};
    struct model *m = asking_model(*state, ASKING_PLAN);
    struct monte_carlo mc;

    study(m, ranges, 1, 5, &mc);
    for (int y = 0; y < MODEL_YEARS; y++) {
        assert_true(mc.profit[y].p10 == mc.profit[y].base);
        assert_true(mc.profit[y].p90 == mc.profit[y].base);
    }
    assert_true(mc.out_of_cash == 0 && mc.out_month == 0);
    monte_carlo_finish(&mc);
    model_free(m);
}

/* Revenue of month 1 is 10 p + 200 with p between 5 and 15, evenly around 10: p10 of a symmetric
 * triangle is 5 + 10 sqrt(0.1 / 2), and so on. */
static void the_spread_of_one_price_is_that_of_its_triangle(void **state)
{
    static const char *const ranges[] = {"products.price[1]=5..10..15"};
    struct model *m = asking_model(*state, ASKING_PLAN);
    struct monte_carlo_options o = {.runs = 20000,
                                    .seed = 11,
                                    .ranges = ranges,
                                    .range_count = 1,
                                    .measure = "pnl.revenue[m1]"};
    struct err err = {0};
    struct monte_carlo mc;

    assert_true(monte_carlo_run(m, &o, NULL, NULL, &mc, &err));
    assert_true(mc.has_measure && mc.measure.base == 300);
    assert_true(fabs(mc.measure.p10 - (250 + 100 * sqrt(0.05))) < 1.5);
    assert_true(fabs(mc.measure.p50 - 300) < 1.5);
    assert_true(fabs(mc.measure.p90 - (350 - 100 * sqrt(0.05))) < 1.5);
    monte_carlo_finish(&mc);
    model_free(m);
}

/* Fixed costs between 150 and 450 against a contribution of 210 and cash of 1,000: it must run out
 * where they are above what 60 months can bear, and never in month 1. */
static void the_chance_of_running_out_is_told(void **state)
{
    static const char *const ranges[] = {"fixed_costs.monthly[1]=150..150..450"};
    struct model *m = asking_model(*state, ASKING_PLAN);
    struct monte_carlo mc;

    study(m, ranges, 1, 9, &mc);
    assert_true(mc.out_of_cash > 0.3 && mc.out_of_cash < 0.8);
    assert_true(mc.out_by[0] == 0);
    assert_true(mc.out_month > 6 && mc.out_month < 60);
    monte_carlo_finish(&mc);
    model_free(m);
}

static void runs_out_of_range_are_counted(void **state)
{
    static const char *const ranges[] = {"products.growth_percent[1]=0..1000000..2000000"};
    struct model *m = asking_model(*state, ASKING_PLAN);
    struct monte_carlo mc;

    study(m, ranges, 1, 2, &mc);
    assert_true(mc.too_far > 1000 && mc.too_far < 2000);
    assert_true(mc.cash[59].p10 <= mc.cash[59].p90);
    monte_carlo_finish(&mc);
    model_free(m);
}

static bool stop_at_once(void *context)
{
    (*(int *)context)++;
    return true;
}

static void a_study_can_be_stopped(void **state)
{
    struct model *m = asking_model(*state, ASKING_PLAN);
    struct monte_carlo_options o = {.runs = 2000, .seed = 1};
    struct monte_carlo mc;
    struct err err = {0};
    int asked = 0;

    assert_false(monte_carlo_run(m, &o, stop_at_once, &asked, &mc, &err));
    assert_int_equal(err.code, ERR_CANCELLED);
    assert_int_equal(asked, 1);
    model_free(m);
}

static void what_cannot_be_drawn_is_refused(void **state)
{
    static const struct {
        const char *range, *says;
    } rows[] = {
        {"products.price[1]", "is not INPUT="},
        {"products.price[1]=", "reads LOW..MODE..HIGH"},
        {"products.price[1]=1..2", "reads LOW..MODE..HIGH"},
        {"products.price[1]=..2..3", "reads LOW..MODE..HIGH"},
        {"products.price[1]=3..2..1", "wrong order"},
        {"products.price[1]=1..3..2", "wrong order"},
        {"products.price[1]=a..b..c", "is no number"},
        {"products.price[1]==-2..1..2", "at least 0 is allowed"},
        {"products.price=1..2..3", "moved by a factor"},
        {"products.price=*-1..*1..*2", "at least 0"},
        {"products.prise[1]=1..2..3", "did you mean products.price?"},
        {"pnl.revenue=1..2..3", "is computed"},
        {"products.price[1]=1..2..900000000000000", "too large"},
    };
    static const char *const twice[] = {"products.price[1]=1..2..3", "products.price=*1..*1..*2"};
    struct model *m = asking_model(*state, ASKING_PLAN), *empty = asking_model(*state, "{}");
    struct monte_carlo_options o = {.runs = 10, .seed = 1, .range_count = 1};
    struct monte_carlo mc;
    struct err err = {0};

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        o.ranges = &rows[i].range;
        if (monte_carlo_run(m, &o, NULL, NULL, &mc, &err) || !strstr(err.msg, rows[i].says))
            fail_msg("%s: %s", rows[i].range, err.msg);
    }
    o.ranges = twice;
    o.range_count = 2;
    assert_false(monte_carlo_run(m, &o, NULL, NULL, &mc, &err));
    assert_non_null(strstr(err.msg, "two ranges"));
    o = (struct monte_carlo_options){.runs = 0};
    assert_false(monte_carlo_run(m, &o, NULL, NULL, &mc, &err));
    o.runs = MONTE_CARLO_RUNS_MOST + 1;
    assert_false(monte_carlo_run(m, &o, NULL, NULL, &mc, &err));
    o.runs = 10;
    assert_false(monte_carlo_run(empty, &o, NULL, NULL, &mc, &err));
    o.measure = "pnl.revenu[y1]";
    assert_false(monte_carlo_run(m, &o, NULL, NULL, &mc, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    model_free(empty);
    model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_generator_gives_the_published_values),
        cmocka_unit_test(triangles_have_their_quantiles),
        cmocka_unit_test(draws_have_the_mean_and_variance_of_their_triangle),
        cmocka_unit_test(the_same_seed_gives_the_same_figures),
        cmocka_unit_test(the_figures_are_these),
        cmocka_unit_test(percentiles_are_in_order),
        cmocka_unit_test(a_range_of_one_value_is_the_base),
        cmocka_unit_test(the_spread_of_one_price_is_that_of_its_triangle),
        cmocka_unit_test(the_chance_of_running_out_is_told),
        cmocka_unit_test(runs_out_of_range_are_counted),
        cmocka_unit_test(a_study_can_be_stopped),
        cmocka_unit_test(what_cannot_be_drawn_is_refused),
    };

    return cmocka_run_group_tests(tests, asking_load, asking_unload);
}
