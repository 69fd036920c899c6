/* test_financials.c - the statements asked: by quarter, under scenarios, what depends on a figure. The
 * clock stands still. */
#include "screen/prepared.h"

#define ESC   "\033"
#define DOWN  "\033[B"
#define RIGHT "\033[C"

static int prepare_one(void **state)
{
    char *home = mem_str("/tmp/strattio-prepared-XXXXXX");

    assert_non_null(mkdtemp(home));
    in_home(home, "2026-11-20T09:00:00", "new --intake " SAMPLES "/harbour-bakery.json");
    in_home(home, "2026-11-20T09:01:00",
            "scenario Harbour set quiet products.units_per_month=*80%");
    *state = home;
    return 0;
}

/* On the statements of the only plan. */
static struct harness *start(void **state, int rows, int cols, const char *setting)
{
    static const char *const argv[] = {PROGRAM, "open", "Harbour", "financials", NULL};
    const char *const env[] = {"STRATTIO_NAME=Ada Marsh", "STRATTIO_EMAIL=ada@example.org", setting,
                               NULL};
    struct harness *h = harness_start(&(struct harness_options){
        .argv = argv, .env = env, .home = copy_home(*state), .rows = rows, .cols = cols});

    harness_wait(h, "Profit and loss", SOON);
    harness_settle(h);
    return h;
}

static void quarters_are_worked_out_from_their_months(void **state)
{
    struct harness *h = start(state, 0, 0, NULL);

    go(h, "Q", "Y1 Q1");
    assert_shows(h, "pnl.revenue[m1] + pnl.revenue[m2] + pnl.revenue[m3]");
    assert_golden(h, "financials_quarters");
    go(h, RIGHT "\r", "Where this figure comes from");
    assert_shows(h, "Revenue, Jun 2027");
    harness_type(h, ESC);
    harness_wait_gone(h, "Where this figure comes from", SOON);
    go(h, "m", "by month");
    assert_shows(h, "Jun 2027"); /* the first month of the quarter the cursor was in */
    go(h, "Q", "Y1 Q2");
    go(h, "Q", "by year");
    quit(h);
}

static void the_statements_are_shown_under_each_scenario(void **state)
{
    struct harness *h = start(state, 0, 0, NULL);

    assert_shows(h, "219,720");
    go(h, "s", "under Cautious");
    assert_shows(h, "175,776");
    assert_hides(h, "219,720");
    assert_golden(h, "financials_cautious");
    go(h, "\r", "£175,776"); /* the trace is of that scenario, too */
    harness_type(h, ESC);
    harness_wait_gone(h, "Where this", SOON);
    go(h, "s", "under Ambitious");
    go(h, "s", "under quiet");
    harness_type(h, "s");
    harness_wait_gone(h, "under", SOON);
    harness_wait(h, "219,720", SOON);
    go(h, ":scenario: amb\r", "under Ambitious");
    quit(h);
}

/* A held key asks for more than the worker gives; the last one is what stays. */
static void a_held_key_ends_at_the_scenario_it_was_let_go_on(void **state)
{
    struct harness *h = start(state, 0, 0, NULL);

    harness_type(h, "sssssssssssssssssssssssssssssssss"); /* 33 of 4 */
    harness_wait(h, "under Cautious", SOON);
    harness_settle(h);
    assert_shows(h, "under Cautious");
    assert_shows(h, "175,776");
    quit(h);
}

static void what_depends_on_a_figure_is_walked_along(void **state)
{
    struct harness *h = start(state, 0, 0, NULL);

    go(h, "md", "What depends on this figure");
    assert_golden(h, "trace_used");
    go(h, "\r", " › ");
    go(h, "\t", "Where this figure comes from");
    go(h, ESC, "What depends on this figure");
    harness_type(h, ESC);
    harness_wait_gone(h, "What depends", SOON);
    quit(h);
}

/* Every chart in every quality, and what its low point and crossing say. */
static void charts_are_drawn_in_three_qualities(void **state)
{
    static const struct {
        int rows, cols;
        const char *size;
    } sizes[] = {{24, 80, ""}, {40, 120, "_120x40"}};
    static const char *const qualities[] = {"braille", "block", "ascii"};

    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        struct harness *h = start(state, sizes[i].rows, sizes[i].cols, NULL);

        go(h, "c", "Cash at the end of each month");
        assert_shows(h, "lowest £14,103, Mar 2027");
        for (size_t k = 0; k < ARRAY_LEN(qualities); k++) {
            char *golden = mem_printf("chart_%s%s", qualities[k], sizes[i].size);

            go(h, "\t", "Revenue and costs by month");
            assert_golden(h, golden);
            free(golden);
            go(h, "\033[Zb", "Cash at the end");
        }
        go(h, "\033[Z", "breaks even at 4852 units");
        assert_golden(h, i ? "chart_break_even_120x40" : "chart_break_even");
        quit(h);
        tidy(state);
    }
}

static void the_figures_of_a_chart_are_one_key_away(void **state)
{
    struct harness *h = start(state, 0, 0, NULL);

    go(h, "s", "under Cautious");
    go(h, "c", "lowest -£23,090, Mar 2029");
    assert_shows(h, "under Cautious");
    go(h, "t" DOWN, "Apr 2027");
    assert_golden(h, "chart_data");
    go(h, "t", "lowest");
    harness_resize(h, 15, 60);
    harness_settle(h);
    assert_golden(h, "chart_60x15");
    harness_resize(h, 5, 20);
    harness_settle(h);
    harness_resize(h, 24, 80);
    harness_wait(h, "lowest -£23,090, Mar 2029", SOON);
    quit(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(quarters_are_worked_out_from_their_months, tidy),
        cmocka_unit_test_teardown(the_statements_are_shown_under_each_scenario, tidy),
        cmocka_unit_test_teardown(a_held_key_ends_at_the_scenario_it_was_let_go_on, tidy),
        cmocka_unit_test_teardown(what_depends_on_a_figure_is_walked_along, tidy),
        cmocka_unit_test_teardown(charts_are_drawn_in_three_qualities, tidy),
        cmocka_unit_test_teardown(the_figures_of_a_chart_are_one_key_away, tidy),
    };

    return cmocka_run_group_tests(tests, prepare_one, forget);
}
