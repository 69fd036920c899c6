/* test_inplace.c - an answer changed where it is felt: over a figure and in the list of inputs. What
 * follows from it follows at once, it can be taken back, and neither another terminal nor a kill
 * makes it do harm. */
#include "screen/prepared.h"

#include <signal.h>

#define ESC   "\033"
#define DOWN  "\033[B"
#define CLEAR "\025"

/* To the price of the first product, over its sales in year 1. */
static struct harness *open_field(const char *home)
{
    struct harness *h = start_in(home, 0, 0);

    harness_wait(h, "Northwind", SOON);
    go(h, "jj\r", "Company");
    go(h, "F", "Profit and loss");
    go(h, "e", "What moves Revenue");
    assert_shows(h, "Price (Sourdough loaf)");
    go(h, "\r", "Change an answer");
    assert_shows(h, "Price (Sourdough loaf)");
    return h;
}

static void a_price_changed_in_place_is_felt_everywhere(void **state)
{
    struct harness *h = open_field(copy_home(*state));

    harness_type(h, CLEAR "4.80");
    harness_wait(h, "£248,520", SOON); /* before anything is saved */
    assert_shows(h, "£219,720");
    harness_type(h, "\r");
    harness_wait(h, "*248,520", SOON);
    assert_shows(h, "* just changed");
    assert_shows(h, "stated by you");
    harness_type(h, "\033[C"); /* the marks go with the next key */
    harness_wait_gone(h, "just changed", SOON);
    assert_hides(h, "*248,520");
    go(h, ESC, "Company overview");
    harness_wait(h, "£248,520", SOON); /* the key figures beside the contents */
    go(h, "\r", "1 of 9");
    go(h, "/248\r", "match 1 of");
    quit(h);
}

static void a_change_reaches_the_checklist(void **state)
{
    struct harness *h = open_field(copy_home(*state));

    harness_type(h, CLEAR "0.10");
    harness_wait(h, "0.10", SOON);
    harness_type(h, "\r");
    harness_wait(h, "just changed", SOON);
    go(h, ESC, "Company overview");
    go(h, "C", "of 100");
    assert_shows(h, "to fix");
    quit(h);
}

static void undo_brings_the_answer_back(void **state)
{
    struct harness *h = open_field(copy_home(*state));

    harness_type(h, CLEAR "4.80\r");
    harness_wait(h, "*248,520", SOON);
    harness_settle(h);
    harness_type(h, "u");
    harness_wait(h, "Undone: Price (Sourdough loaf)", SOON);
    harness_wait(h, "*219,720", SOON);
    harness_type(h, "u");
    harness_wait(h, "No answer was changed here", SOON);
    quit(h);
}

static void what_is_wrong_is_said_at_the_field(void **state)
{
    struct harness *h = open_field(copy_home(*state));

    go(h, CLEAR "twelve", "£ twelve");
    harness_type(h, "\r");
    harness_wait(h, "\"twelve\" is not", SOON);
    assert_shows(h, "Change an answer");
    assert_shows(h, "twelve");
    go(h, ESC, "What moves Revenue"); /* one Esc leaves the field, the next the list */
    harness_type(h, ESC);
    harness_wait_gone(h, "What moves", SOON);
    assert_shows(h, "219,720");
    assert_hides(h, "just changed");
    quit(h);
}

static void what_another_terminal_changed_is_shown_first(void **state)
{
    const char *home = copy_home(*state);
    struct harness *h = open_field(home);

    in_home(home, "2026-11-24T14:00:00", "set Harbour products.0.price=5 products.1.price=9");
    harness_type(h, CLEAR "4.80\r");
    harness_wait(h, "changed elsewhere meanwhile: it is £5.", SOON);
    harness_settle(h);
    harness_type(h, "\r");
    harness_wait(h, "just changed", SOON);
    go(h, "i", "stated by you");
    harness_type(h, "\033[6~");
    harness_type(h, "\033[6~");
    harness_wait(h, "£9 ", SOON); /* what was changed beside it stays */
    harness_type(h, "\033[5~");
    harness_wait(h, "£4.80", SOON);
    quit(h);
}

static void a_kill_in_the_field_costs_a_second_at_most(void **state)
{
    const char *home = copy_home(*state);
    struct harness *h = open_field(home);

    harness_type(h, CLEAR "4.8");
    harness_wait(h, "kept, not saved", SOON);
    harness_signal(h, SIGKILL);
    assert_exit(h, SOON, 1000 + SIGKILL);
    harness_stop(h);
    h = open_field(home);
    assert_shows(h, "This is what you typed before");
    harness_type(h, "5\r");
    harness_wait(h, "just changed", SOON);
    assert_shows(h, "£4.85");
    quit(h);
}

static void an_assumption_becomes_a_statement(void **state)
{
    struct harness *h = start_in(copy_home(*state), 30, 100);

    harness_wait(h, "Northwind", SOON);
    go(h, "jj\r", "Company");
    go(h, "F", "Profit and loss");
    go(h, "i", "Starting capital");
    go(h, "\033[F", "Months of interest only");
    go(h, "g" DOWN DOWN DOWN DOWN DOWN DOWN DOWN, "Amount raised");
    assert_shows(h, "not stated; the usual value");
    go(h, "\r", "Change an answer");
    go(h, CLEAR "20k\r", "£20,000");
    harness_wait(h, "stated by you", SOON);
    harness_wait_gone(h, "Change an answer", SOON);
    go(h, "\t", "Profit and loss");
    quit(h);
}

/* To the table of fixed costs of the answers. */
static struct harness *open_costs(const char *home)
{
    struct harness *h = start_in(home, 30, 100);

    harness_wait(h, "Northwind", SOON);
    go(h, "jj\r", "Company");
    go(h, "F", "Profit and loss");
    go(h, ESC, "Company overview");
    go(h, "i", "Intake");
    harness_type(h, "\033[5~\033[5~\033[5~\033[5~\033[5~\033[5~\033[5~");
    harness_settle(h);
    go(h, "\033[6~\033[6~\033[6~", "Starting capital");
    for (int i = 0; i < 8 && !harness_shows(h, "Without rows the forecast takes what is usual");
         i++) {
        harness_type(h, "\t");
        harness_settle(h);
    }
    go(h, "\r", "Add another");
    return h;
}

static void lines_of_a_spreadsheet_are_pasted_as_rows(void **state)
{
    static const char lines[] = "Cleaning\t95.50\t2\nCoffee\tplenty\nPhone\t=12*3\n";
    struct harness *h = open_costs(copy_home(*state));

    harness_paste(h, lines, sizeof lines - 1);
    harness_wait(h, "Added 3 rows; 1 cell marked !", SOON);
    assert_shows(h, "Cleaning");
    assert_shows(h, "£95.50");
    assert_shows(h, "! plenty");
    assert_shows(h, "£36");
    quit(h);
}

static void a_row_is_moved_and_a_column_filled_with_a_preview(void **state)
{
    struct harness *h = open_costs(copy_home(*state));

    harness_type(h, "J");
    harness_wait(h, "draft saved", SOON);
    harness_settle(h);
    go(h, "gg\r", "row 1");
    go(h, "\t" CLEAR ">100i10", "Fills ");
    assert_shows(h, "£110");
    go(h, "\t", "£100");
    go(h, ESC, "Add another");
    assert_shows(h, "£110");
    assert_shows(h, "£120");
    quit(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_price_changed_in_place_is_felt_everywhere, tidy),
        cmocka_unit_test_teardown(a_change_reaches_the_checklist, tidy),
        cmocka_unit_test_teardown(undo_brings_the_answer_back, tidy),
        cmocka_unit_test_teardown(what_is_wrong_is_said_at_the_field, tidy),
        cmocka_unit_test_teardown(what_another_terminal_changed_is_shown_first, tidy),
        cmocka_unit_test_teardown(a_kill_in_the_field_costs_a_second_at_most, tidy),
        cmocka_unit_test_teardown(an_assumption_becomes_a_statement, tidy),
        cmocka_unit_test_teardown(lines_of_a_spreadsheet_are_pasted_as_rows, tidy),
        cmocka_unit_test_teardown(a_row_is_moved_and_a_column_filled_with_a_preview, tidy),
    };

    return cmocka_run_group_tests(tests, prepare, forget);
}
