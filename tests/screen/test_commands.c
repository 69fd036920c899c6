/* test_commands.c - the palette: how it looks at every size and without colour, what it finds, and that what
 * is taken from it is done as if by its key. */
#include "screen/prepared.h"

#define ESC "\033"

static struct harness *start(void **state, int rows, int cols, const char *more)
{
    static const char *const argv[] = {PROGRAM, NULL};
    const char *env[] = {"STRATTIO_NAME=Ada Marsh", "STRATTIO_EMAIL=ada@example.org", more, NULL};
    struct harness_options options = {
        .argv = argv, .env = env, .home = copy_home(*state), .rows = rows, .cols = cols};
    struct harness *h = harness_start(&options);

    harness_wait(h, "Northwind Robotics", SOON);
    harness_settle(h);
    return h;
}

static void everything_that_can_be_done_is_listed(void **state)
{
    struct harness *h = start(state, 0, 0, NULL);

    go(h, "jj\r", "£219,720");
    go(h, "F", "Profit and loss");
    go(h, ":", "financials.trace");
    assert_golden(h, "commands");
    go(h, ESC, "Profit and loss");
    go(h, ESC, "£219,720");
    go(h, ESC, "n new");
    go(h, ":dlete", "plans.delete");
    assert_hides(h, "plans.open");
    go(h,
       "\025"
       "back",
       "This is the first screen."); /* why Esc leads nowhere */
    go(h, ESC, "n new");
    go(h, ":delete\r", "Delete “"); /* asked as ever */
    go(h, ESC, "n new");
    quit(h);
}

static void sections_and_statements_are_places(void **state)
{
    struct harness *h = start(state, 0, 0, NULL);

    go(h, "jj\r", "£219,720");
    go(h, ":fin", "plan.financials");
    assert_golden(h, "commands_found");
    go(h, ESC, "£219,720");
    go(h, "F", "Profit and loss");
    go(h, ":balance", "Show this statement.");
    go(h, "\r", "Balance sheet");
    go(h, ":maketing", "Marketing strategy"); /* of the plan below, in spite of the slip */
    go(h, "\r", "6 of 9");
    go(h, ":northwind", "Open this plan.");
    go(h, "\r", "Intake");
    quit(h);
}

static void what_does_not_work_says_why_and_stays(void **state)
{
    struct harness *h = start(state, 0, 0, NULL);

    go(h, "jj\r", "£219,720");
    go(h, "\r", "1 of 9");
    go(h,
       "\020"
       "next-match",
       "Not now: Nothing was searched for"); /* ^P */
    assert_golden(h, "commands_not_now");
    go(h, "\r", "Not now: Nothing was searched for");
    go(h, ESC, "1 of 9");
    go(h, "n", "Nothing was searched for, or it is not here."); /* the key says so as well */
    quit(h);
}

static void the_key_is_told_after_three_times(void **state)
{
    struct harness *h = start(state, 0, 0, NULL);

    for (int i = 0; i < 4; i++) {
        go(h, ":plans.archived\r", i == 2 ? "Next time: A does the same" : "n new");
        if (i != 2)
            assert_hides(h, "Next time");
        harness_type(h, "k");
    }
    quit(h);
}

static void it_fits_wide_and_small_windows(void **state)
{
    struct harness *h = start(state, 40, 120, NULL);

    go(h, "jj\r", "£219,720");
    go(h, "F", "Profit and loss");
    go(h, ":show", "Balance sheet");
    assert_golden(h, "commands_120x40");
    quit(h);
    tidy(state);
    h = start(state, 15, 60, NULL);
    go(h, ":delete", "plans.delete");
    assert_golden(h, "commands_typed_60x15");
    harness_resize(h, 10, 40);
    harness_wait_gone(h, "after a question", SOON);
    harness_wait(h, "plans.delete", SOON);
    quit(h);
}

static void matches_are_marked_without_colour(void **state)
{
    struct harness *h = start(state, 0, 0, "NO_COLOR=1");

    go(h, ":arch", "plans.archived");
    assert_golden(h, "commands_no_color");
    quit(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(everything_that_can_be_done_is_listed, tidy),
        cmocka_unit_test_teardown(sections_and_statements_are_places, tidy),
        cmocka_unit_test_teardown(what_does_not_work_says_why_and_stays, tidy),
        cmocka_unit_test_teardown(the_key_is_told_after_three_times, tidy),
        cmocka_unit_test_teardown(it_fits_wide_and_small_windows, tidy),
        cmocka_unit_test_teardown(matches_are_marked_without_colour, tidy),
    };

    return cmocka_run_group_tests(tests, prepare, forget);
}
