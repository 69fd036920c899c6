/* test_screens_way.c - what a person does with the screens from the first start to the
 * checklist, and what they lose when something dies on the way: nothing, or the second in
 * which they typed. */
#include "screen/prepared.h"

#include <signal.h>
#include <sys/resource.h>

#define ESC "\033"
#define DOWN "\033[B"
#define GO_ON "\007" /* ^G: write the plan, or lead to what is missing */

static void answer(struct harness *h, const char *label, const char *typed)
{
    go(h, GO_ON, "Before the plan can be written");
    assert_shows(h, label);
    harness_type(h, "\r");
    harness_wait(h, "Live preview", SOON);
    harness_wait_gone(h, "Before the plan can be written", SOON);
    go(h, typed, "Live preview");
}

static void new_plan(struct harness *h)
{
    go(h, "n", "Name of the plan");
    go(h, "Quayside Bikes\t\r\r", "1 Business ●");
}

static void begin_at_home(struct harness *h)
{
    harness_wait(h, "Begin", SOON);
    go(h, "\r\r\r", "No plans yet");
}

static void a_founder_gets_from_the_welcome_to_the_checklist(void **state)
{
    struct harness *h = start_in(empty_home(), 0, 0);

    (void)state;
    begin_at_home(h);
    new_plan(h);
    assert_shows(h, " needed"); /* in the header: how many answers are left */
    answer(h, "Business name", "Quayside Bikes\t");
    answer(h, "What the business does", "We repair and sell used bicycles on the quay.\t");
    answer(h, "Industry", "bicycle shop\r");
    answer(h, "Country", "united k\r");
    answer(h, "Town or city", "Port Elling\t");
    answer(h, "Currency", "pound\r");
    answer(h, "Why customers choose you", "Repairs are done while you wait for the ferry.\t");
    answer(h, "How it earns", "Repairs; used bicycles\t");
    answer(h, "Who buys", "Commuters who cross by ferry, and visitors in summer.\t");
    answer(h, "Starting capital", "12k\t");
    answer(h, "Price per unit", "£85\t");
    answer(h, "Units per month", "120\t");
    answer(h, "People on the first day", "2\t");
    answer(h, "Your background", "Ten years a bicycle mechanic, four of them in charge.\t");
    harness_wait(h, "£122,400", SOON); /* the preview of year 1 */
    go(h, GO_ON, "9 Financial projections");
    assert_shows(h, "General business plan");
    go(h, "\r", "1 of 9");
    assert_shows(h, "Quayside Bikes");
    go(h, ESC, "Company overview");
    go(h, "F", "Profit and loss");
    assert_shows(h, " 122,400");
    go(h, ESC, "Company overview");
    go(h, "C", "of 100");
    quit(h);
}

static void a_changed_price_reaches_the_text(void **state)
{
    struct harness *h = start_in(copy_home(*state), 0, 0);

    harness_wait(h, "Northwind", SOON);
    go(h, "jj\r", "£219,720");
    go(h, "i", "Intake");
    harness_type(h, "\033[5~\033[5~\033[5~\033[5~\033[5~\033[5~\033[5~");
    go(h, "\033[6~\t\t", "3 rows: Sourdough");
    go(h, "\r\r", "row 1");
    go(h, "\t\t\025" "4.80\t", "£4.80");
    go(h, ESC, "Add another");
    go(h, ESC, "3 rows");
    harness_wait(h, "draft saved", SOON);
    go(h, ESC, "Company overview");
    harness_wait(h, "£248,520", SOON); /* 2,400 loaves a month at a pound more */
    go(h, "\r", "1 of 9");
    go(h, "/248\r", "match 1 of");
    quit(h);
}

/* What is typed is kept after a second of rest: until then the header says "saving". */
static void type_and_rest(struct harness *h, const char *keys)
{
    harness_type(h, keys);
    harness_settle(h);
    harness_wait_gone(h, "saving", SOON);
    assert_shows(h, "draft saved");
}

static void a_kill_in_the_wizard_costs_a_second_at_most(void **state)
{
    const char *home = empty_home();
    struct harness *h = start_in(home, 0, 0);

    (void)state;
    begin_at_home(h);
    new_plan(h);
    go(h, "Quayside Bikes\t", "draft saved");
    type_and_rest(h, "We repair bic");
    harness_signal(h, SIGKILL);
    assert_exit(h, SOON, 1000 + SIGKILL);
    harness_stop(h);
    h = start_in(home, 0, 0);
    harness_wait(h, "Quayside Bikes", SOON);
    go(h, "\r", "1 Business");
    assert_shows(h, "We repair bic");
    go(h, "ycles.\t", "Industry");
    harness_wait(h, "draft saved", SOON);
    assert_shows(h, "We repair bicycles.");
    quit(h);
}

static void a_kill_in_a_row_of_a_table_costs_no_more(void **state)
{
    const char *home = copy_home(*state);
    struct harness *h = start_in(home, 0, 0);

    harness_wait(h, "Northwind", SOON);
    go(h, "jji", "Intake");
    harness_type(h, "\033[5~\033[5~\033[5~\033[5~\033[5~\033[5~\033[5~");
    go(h, "\033[6~\t\t", "3 rows: Sourdough");
    go(h, "\r", "Add another");
    go(h, "n", "row 4");
    go(h, "Rye loaf\t", "draft saved");
    type_and_rest(h, "loa");
    harness_signal(h, SIGKILL);
    assert_exit(h, SOON, 1000 + SIGKILL);
    harness_stop(h);
    h = start_in(home, 0, 0);
    harness_wait(h, "Northwind", SOON);
    go(h, "/harbour\r", "1 of 3 plans"); /* now the first: what is refused needs somebody most */
    go(h, "i", "4 rows");
    go(h, "\r", "Rye loaf");
    assert_shows(h, "! loa"); /* kept as it was typed: nobody has judged it yet */
    quit(h);
}

static void a_hang_up_costs_nothing(void **state)
{
    const char *home = empty_home();
    struct harness *h = start_in(home, 0, 0);

    (void)state;
    begin_at_home(h);
    new_plan(h);
    go(h, "Quayside Bikes\tWe repair bic", "We repair bic");
    harness_hang_up(h);
    assert_exit(h, SOON, 128 + SIGHUP);
    harness_stop(h);
    h = start_in(home, 0, 0);
    harness_wait(h, "Quayside Bikes", SOON);
    go(h, "\r", "We repair bic");
    quit(h);
}

static void a_tiny_window_keeps_everything(void **state)
{
    struct harness *h = start_in(copy_home(*state), 0, 0);

    harness_wait(h, "Northwind", SOON);
    go(h, "jj\r", "Company overview");
    go(h, "\r", "1 of 9");
    go(h, "\t\t\t", "4 of 9");
    harness_resize(h, 5, 20);
    harness_wait(h, "This window is", SOON);
    harness_resize(h, 1, 1);
    harness_settle(h);
    harness_resize(h, 24, 80);
    harness_wait(h, "4 of 9", SOON);
    quit(h);
}

static void a_home_that_cannot_be_written_is_told_in_a_sentence(void **state)
{
    char *file = mem_printf("%s/file", empty_home());
    struct harness *h;

    (void)state;
    shell("touch '%s'", file);
    h = start_in(file, 0, 0); /* a file where a folder should be: nobody can make folders in it */
    harness_wait(h, "The store could not be opened", SOON);
    assert_shows(h, "Try again");
    quit(h);
    free(file);
}

/* The store's file may not grow past `bytes` for the running program; small files still fit. */
static void limit_files(struct harness *h, rlim_t bytes)
{
    struct rlimit limit = {.rlim_cur = bytes, .rlim_max = RLIM_INFINITY};

    assert_int_equal(prlimit(harness_pid(h), RLIMIT_FSIZE, &limit, NULL), 0);
}

static void what_the_store_does_not_take_is_kept_until_it_does(void **state)
{
    const char *home = copy_home(*state);
    struct harness *h = start_in(home, 0, 0);

    harness_wait(h, "Northwind", SOON);
    go(h, "i", "Intake");
    harness_type(h, "\033[5~\033[5~\033[5~\033[5~\033[5~\033[5~\033[5~");
    harness_wait(h, "1 Business ●", SOON);
    harness_settle(h);
    limit_files(h, 32 * 1024);
    go(h, "\t\t\025" "Southwind\t", "Not saved yet");
    harness_type(h, "\021");
    assert_exit(h, SOON, 0);
    harness_stop(h);
    h = start_in(home, 0, 0);
    harness_wait(h, "Northwind", SOON);
    go(h, "i", "draft saved");
    harness_type(h, "\033[5~\033[5~\033[5~\033[5~\033[5~\033[5~\033[5~");
    harness_wait(h, "Southwind", SOON);
    quit(h);
}

static void two_terminals_do_not_undo_each_other(void **state)
{
    const char *home = copy_home(*state);
    struct harness *one = start_in(home, 0, 0), *two = start_in(home, 0, 0);

    for (int i = 0; i < 2; i++) {
        struct harness *h = i ? two : one;

        harness_wait(h, "Northwind", SOON);
        go(h, "i", "Intake");
        harness_type(h, "\033[5~\033[5~\033[5~\033[5~\033[5~\033[5~\033[5~");
        harness_wait(h, "1 Business ●", SOON);
        harness_settle(h);
    }
    go(one, "\t\t\025" "Southwind\t", "draft saved");
    go(two, "\t\t\t\t\t\t\t\025" "Leeds\t", "draft saved");
    harness_wait(two, "Southwind", SOON); /* what the other saved is here too */
    assert_shows(two, "Leeds");
    quit(two);
    quit(one);
}

static void the_purpose_can_be_changed_later(void **state)
{
    struct harness *h = start_in(copy_home(*state), 0, 0);

    harness_wait(h, "Northwind", SOON);
    go(h, "i", "Intake");
    harness_type(h, "\033[5~\033[5~\033[5~\033[5~\033[5~\033[5~\033[5~");
    harness_wait(h, "1 Business ●", SOON);
    go(h, "\025" "Southwind Grippers\t", "draft saved");
    assert_shows(h, "Plans › Southwind Grippers › Intake");
    go(h, "invest\r", "draft saved");
    go(h, ESC, "Score");
    harness_wait(h, "Southwind Grippers       Investor", SOON);
    quit(h);
}

static void a_run_left_alone_goes_on(void **state)
{
    struct harness *h = start_in(copy_home(*state), 0, 0);

    harness_wait(h, "Northwind", SOON);
    go(h, "\r", "Intake");
    harness_type(h, GO_ON ESC); /* off it goes; back to the list at once */
    harness_wait(h, "Score", SOON);
    harness_wait_gone(h, "draft", 60000);
    harness_wait_gone(h, "writing", 60000);
    harness_settle(h);
    assert_hides(h, "not finished");
    quit(h);
}

static void a_run_that_fails_says_what_is_kept_and_goes_on(void **state)
{
    struct harness *h = start_in(copy_home(*state), 0, 0);

    harness_wait(h, "Northwind", SOON);
    go(h, "\r", "Intake");
    limit_files(h, 32 * 1024);
    go(h, GO_ON, "of 9 sections are kept; r goes on from there");
    assert_shows(h, "✗");
    limit_files(h, RLIM_INFINITY);
    go(h, "r", "9 Financial projections");
    assert_shows(h, "Northwind Robotics");
    quit(h);
}

/* The run is killed once its first stage is through. Where the machine is so slow to tell us that all
 * of it is through by then, there is nothing to offer, and the list must say so. */
static void an_unfinished_plan_is_offered_at_the_next_start(void **state)
{
    const char *home = copy_home(*state);
    struct harness *h = start_in(home, 0, 0);

    harness_wait(h, "Northwind", SOON);
    go(h, "\r", "Intake");
    harness_type(h, GO_ON);
    harness_wait(h, "✓ Research", SOON);
    harness_signal(h, SIGKILL);
    assert_exit(h, SOON, 1000 + SIGKILL);
    harness_stop(h);
    h = start_in(home, 0, 0);
    harness_wait(h, "Northwind", SOON);
    harness_settle(h);
    if (harness_shows(h, "not finished")) {
        go(h, "\r", "This plan was not finished.");
        assert_shows(h, "of 9 sections are there and kept");
        go(h, "r", "9 Financial projections");
    } else {
        assert_hides(h, "draft");
    }
    quit(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_founder_gets_from_the_welcome_to_the_checklist, tidy),
        cmocka_unit_test_teardown(a_changed_price_reaches_the_text, tidy),
        cmocka_unit_test_teardown(a_kill_in_the_wizard_costs_a_second_at_most, tidy),
        cmocka_unit_test_teardown(a_kill_in_a_row_of_a_table_costs_no_more, tidy),
        cmocka_unit_test_teardown(a_hang_up_costs_nothing, tidy),
        cmocka_unit_test_teardown(a_tiny_window_keeps_everything, tidy),
        cmocka_unit_test_teardown(a_home_that_cannot_be_written_is_told_in_a_sentence, tidy),
        cmocka_unit_test_teardown(what_the_store_does_not_take_is_kept_until_it_does, tidy),
        cmocka_unit_test_teardown(two_terminals_do_not_undo_each_other, tidy),
        cmocka_unit_test_teardown(the_purpose_can_be_changed_later, tidy),
        cmocka_unit_test_teardown(a_run_left_alone_goes_on, tidy),
        cmocka_unit_test_teardown(a_run_that_fails_says_what_is_kept_and_goes_on, tidy),
        cmocka_unit_test_teardown(an_unfinished_plan_is_offered_at_the_next_start, tidy),
    };

    return cmocka_run_group_tests(tests, prepare, forget);
}
