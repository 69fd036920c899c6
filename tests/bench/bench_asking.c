/* bench_asking.c - how long the questions take: a Monte Carlo study of the small model, one run of
 * it, a tornado, a goal. Prints "NAME MS" lines; of several rounds the best counts, since one that
 * another process disturbed says nothing. The study's medians are told too: montecarlo.py does the
 * same one in numpy, and must come to the same. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "strattio/err.h"
#include "strattio/goal.h"
#include "strattio/json.h"
#include "strattio/model.h"
#include "strattio/monte_carlo.h"
#include "strattio/sensitivity.h"

#include "finance/model_run.h"
#include "finance/rerun.h"

enum { ROUNDS = 5, RUNS = 10000, RERUNS = 2000 };

/* One product with growth, fixed costs, an asset, customers who pay later; too small for VAT and for
 * the main rate of tax, so that montecarlo.py can do without them. */
static const char small[] =
    "{\"location_country\":\"GB\",\"currency\":\"GBP\",\"industry\":\"food_making\","
    "\"legal_form\":\"limited_company\",\"starting_capital\":12000,"
    "\"fixed_costs\":[{\"name\":\"Rent\",\"monthly\":1200}],"
    "\"assets\":[{\"name\":\"Oven\",\"cost\":9500,\"life_years\":8}],"
    "\"products\":[{\"name\":\"Loaf\",\"price\":4.20,\"unit_cost\":1.55,"
    "\"units_per_month\":1000,\"growth_percent\":6,\"credit_days\":15}]}";

/* A plan whose tornado has twenty bars and more. */
static const char wide[] =
    "{\"location_country\":\"GB\",\"currency\":\"GBP\",\"industry\":\"food_making\","
    "\"legal_form\":\"limited_company\",\"starting_capital\":12000,\"stock_days\":10,"
    "\"supplier_days\":20,\"drawings_monthly\":200,"
    "\"fixed_costs\":[{\"name\":\"Rent\",\"monthly\":1200},{\"name\":\"Power\",\"monthly\":300}],"
    "\"assets\":[{\"name\":\"Oven\",\"cost\":9500,\"life_years\":8}],"
    "\"staff\":[{\"role\":\"Baker\",\"annual_salary\":26000}],"
    "\"loan\":{\"amount\":15000,\"term_months\":60,\"rate_percent\":7.5},"
    "\"products\":[{\"name\":\"Loaf\",\"price\":4.20,\"unit_cost\":1.55,\"units_per_month\":2400,"
    "\"growth_percent\":6,\"credit_days\":15},{\"name\":\"Bun\",\"price\":2.20,\"unit_cost\":0.55,"
    "\"units_per_month\":1400,\"growth_percent\":4,\"credit_days\":5}]}";

static double cash_p50, profit_p50; /* of the last study */

static double now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void stop(const struct err *err)
{
    fprintf(stderr, "%s\n", err->msg);
    exit(1);
}

static struct model *plan(const struct model_def *def, const char *json)
{
    struct err err = {0};
    struct model *m;
    bson_t answers;

    if (!json_read(json, strlen(json), &answers, &err))
        stop(&err);
    m = model_build(def, &answers, "2027-01-01", &err);
    bson_destroy(&answers);
    if (!m)
        stop(&err);
    return m;
}

static void run_monte_carlo(const struct model *m)
{
    struct monte_carlo_options options = {.runs = RUNS, .seed = 1};
    struct monte_carlo mc;
    struct err err = {0};

    if (!monte_carlo_run(m, &options, NULL, NULL, &mc, &err))
        stop(&err);
    cash_p50 = mc.cash[MODEL_MONTHS - 1].p50;
    profit_p50 = mc.profit[0].p50;
    monte_carlo_finish(&mc);
}

static void run_tornado(const struct model *m)
{
    struct sensitivity s;
    struct err err = {0};

    if (!sensitivity_run(m, "cash.closing[m60]", 0.1, &s, &err))
        stop(&err);
    if (s.count < 20) {
        fprintf(stderr, "the tornado has only %zu bars\n", s.count);
        exit(1);
    }
    sensitivity_finish(&s);
}

static void run_goal(const struct model *m)
{
    struct goal g;
    struct err err = {0};

    if (!goal_seek(m, "cash.lowest >= 0", "products.credit_days[1]", NULL, NULL, &g, &err))
        stop(&err);
    goal_finish(&g);
}

/* Every line that a price moves, run after run. */
static void run_price(const struct model *m)
{
    struct rerun *r = rerun_create(m);
    int price = def_find(m->def, "products.price");
    struct err err = {0};

    rerun_read(r, def_find(m->def, "cash.closing"));
    rerun_begin(r);
    rerun_vary(r, price, 0);
    rerun_ready(r);
    for (int i = 0; i < RERUNS; i++) {
        rerun_set(r, price, 0, (struct num){num_from_int(4).v + i * (num_from_int(1).v / 1000)});
        if (!rerun_run(r, &err))
            stop(&err);
    }
    rerun_free(r);
}

static double best(void (*run)(const struct model *), const struct model *m)
{
    double least = 1e12;

    for (int i = 0; i < ROUNDS; i++) {
        double began = now_ms(), took;

        run(m);
        took = now_ms() - began;
        least = took < least ? took : least;
    }
    return least;
}

int main(void)
{
    struct err err = {0};
    struct model_def *def;
    struct model *few, *many;

    def = model_def_load(&err);
    if (!def)
        stop(&err);
    few = plan(def, small);
    many = plan(def, wide);
    printf("montecarlo_ms %.3f\n", best(run_monte_carlo, few));
    printf("cash_p50 %.2f\nprofit_p50 %.2f\n", cash_p50, profit_p50);
    printf("run_ms %.4f\n", best(run_price, few) / RERUNS);
    printf("tornado_ms %.3f\n", best(run_tornado, many));
    printf("goal_ms %.3f\n", best(run_goal, many));
    model_free(few);
    model_free(many);
    model_def_free(def);
    return 0;
}
