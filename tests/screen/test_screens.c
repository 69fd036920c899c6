/* test_screens.c - each screen as it looks at 80x24, text and style, and the same of the
 * widest ones at 120x40. The clock stands still, so that what they show is always the same. */
#include "screen/prepared.h"

#include <fcntl.h>

#define ESC "\033"
#define UP "\033[A"
#define DOWN "\033[B"
#define RIGHT "\033[C"
#define PAGE_DOWN "\033[6~"

static struct harness *start(void **state)
{
    struct harness *h = start_in(copy_home(*state), 0, 0);

    harness_wait(h, "Northwind Robotics", SOON);
    harness_settle(h);
    return h;
}

static void the_first_start_asks_who_one_is(void **state)
{
    struct harness *h = start_in(empty_home(), 0, 0);

    (void)state;
    harness_wait(h, "Begin", SOON);
    harness_type(h, "\025Ada Marsh\t\025ada"); /* ^U empties a field */
    harness_settle(h);
    assert_golden(h, "welcome");
    go(h, "\r\r", "This is not an e-mail");
    assert_golden(h, "welcome_wrong");
    go(h, "@example.org\r\r", "No plans yet");
    assert_golden(h, "plans_none");
    quit(h);
}

static void a_shared_store_is_asked_for_by_its_address(void **state)
{
    struct harness *h = start_in(empty_home(), 0, 0);

    (void)state;
    harness_wait(h, "Begin", SOON);
    go(h, "\t\t\t\r", "Address of the store");
    go(h, "ftp://nowhere\r\r", "begins with mongodb");
    assert_golden(h, "welcome_shared");
    go(h, ESC, "Who are you");
    quit(h);
}

static void plans_are_listed_filtered_and_asked_about(void **state)
{
    struct harness *h = start(state);

    assert_golden(h, "plans");
    go(h, "/bak", "1 of 3 plans");
    assert_golden(h, "plans_filter");
    go(h, ESC, "Northwind");
    go(h, "gjD", "Delete “Little Sprouts Nursery”?");
    assert_golden(h, "confirm");
    go(h, "\r", "Northwind"); /* Enter leaves it as it is */
    assert_shows(h, "Little Sprouts");
    go(h, "?", "What the keys do here");
    assert_golden(h, "help");
    go(h, "q", "Northwind");
    go(h, "n", "Name of the plan");
    go(h, "Quayside\t" DOWN, "for a lender");
    assert_golden(h, "new_plan");
    quit(h);
}

static void plans_are_ordered_marked_and_changed_together(void **state)
{
    struct harness *h = start(state);

    assert_row(h, 3, "▌  Northwind Robotics       Innovator visa  ○ draft             –   22 Nov");
    go(h, "o", "last changed first");
    assert_shows(h, "Updated ↓");
    go(h, "oO", "by name, Z to A");
    assert_golden(h, "plans_by_name");
    go(h, "O", "by name, A to Z");
    go(h, "/status:fix\r", "2 of 3 plans");
    go(h, "*", "2 marked");
    go(h, "x", "Archive 2 plans?");
    assert_golden(h, "plans_archive_marked");
    go(h, "y", "2 plans are in the archive");
    assert_shows(h, "u undoes it");
    assert_shows(h, "No plan matches");
    go(h, "u", "Undid: archived 2 plans");
    harness_wait(h, "Harbour Bakery", SOON);
    go(h, ESC, "3 plans");
    quit(h);
}

static void a_plan_is_copied_renamed_and_named_back(void **state)
{
    struct harness *h = start(state);

    go(h, "d", "has a copy now");
    harness_wait(h, "4 plans", SOON);
    go(h, "/copy\r", "1 of 4 plans");
    go(h, "R", "New name: Northwind Robotics (copy)");
    assert_golden(h, "plans_rename");
    go(h, "\025" "Second try\r", "Second try is its name now");
    go(h, "u", "Undid: renamed Second try");
    harness_wait(h, "Northwind Robotics (co", SOON);
    harness_settle(h);
    go(h, "R\025 \r", "A plan needs a name");
    go(h, "D", "Delete “Northwind Robotics (copy)”?");
    go(h, "y", "is deleted");
    harness_wait(h, "No plan matches", SOON);
    quit(h);
}

static void the_list_fits_every_width(void **state)
{
    static const struct {
        int rows, cols;
        const char *golden;
    } sizes[] = {{15, 60, "plans_60x15"}, {40, 120, "plans_120x40"}};

    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        struct harness *h = start_in(copy_home(*state), sizes[i].rows, sizes[i].cols);

        harness_wait(h, "Northwind Robotics", SOON);
        harness_settle(h);
        assert_golden(h, sizes[i].golden);
        quit(h);
        tidy(state);
    }
}

static void the_wizard_shows_steps_answers_and_reasons(void **state)
{
    struct harness *h = start(state);

    go(h, "i", "Intake");
    harness_type(h, "\033[5~\033[5~\033[5~\033[5~\033[5~\033[5~\033[5~");
    harness_wait(h, "1 Business ●", SOON);
    harness_settle(h);
    assert_golden(h, "wizard");
    go(h, "\t\t\t", "In two or three sentences");
    assert_golden(h, "wizard_text");
    go(h, "\tro", "/ ro");
    assert_golden(h, "wizard_choices");
    quit(h);
}

static void a_wrong_answer_says_so_when_it_is_left(void **state)
{
    struct harness *h = start(state);

    go(h, "i", "Intake");
    harness_type(h, "\033[5~\033[5~\033[5~\033[5~\033[5~\033[5~\033[5~");
    harness_wait(h, "1 Business ●", SOON);
    go(h, PAGE_DOWN PAGE_DOWN PAGE_DOWN, "4 Money ●");
    go(h, "\025" "12q3", "12q3");
    assert_hides(h, "is not an amount");
    go(h, "\t", "!");
    harness_wait(h, "draft saved", SOON);
    harness_settle(h);
    assert_golden(h, "wizard_wrong");
    go(h, "\007", "One answer is missing or wrong");
    assert_golden(h, "wizard_review");
    go(h, "\r", "4 Money");
    assert_shows(h, "12q3");
    quit(h);
}

static void tables_are_lists_of_rows_and_rows_are_forms(void **state)
{
    struct harness *h = start(state);

    go(h, "jji", "Intake");
    harness_type(h, "\033[5~\033[5~\033[5~\033[5~\033[5~\033[5~\033[5~");
    harness_wait(h, "1 Business ●", SOON);
    go(h, PAGE_DOWN "\t\t", "3 rows: Sourdough");
    go(h, "\r", "Add another");
    assert_golden(h, "rows");
    go(h, "\r", "row 1");
    assert_golden(h, "row");
    go(h, ESC, "Add another");
    go(h, "D", "Delete row 1");
    go(h, "y", "Add another");
    assert_hides(h, "Sourdough");
    quit(h);
}

static void a_plan_is_read_and_its_figures_opened(void **state)
{
    struct harness *h = start(state);

    go(h, "jj\r", "Company overview");
    assert_golden(h, "plan");
    go(h, "\r", "1 of 9");
    assert_golden(h, "section");
    go(h, "/bread\r", "match 1 of");
    assert_golden(h, "section_search");
    harness_type(h, ESC);
    harness_wait_gone(h, "match 1 of", SOON);
    go(h, RIGHT, "open ");
    go(h, "\r", "Where this figure comes from");
    assert_golden(h, "trace_answer");
    harness_type(h, ESC);
    harness_wait_gone(h, "Where this figure comes from", SOON);
    go(h, "\t\t\t\t\t\t\t\t", "9 of 9");
    quit(h);
}

/* Files go into the folder the program is started in: one of the test's own. */
static void files_are_written_listed_and_found_again(void **state)
{
    int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const char *home = copy_home(*state);
    struct harness *h;

    assert_int_equal(chdir(home), 0);
    h = start_in(home, 0, 0);
    harness_wait(h, "Northwind Robotics", SOON);
    go(h, "jj\r", "Company overview");
    go(h, "X", "none written so far");
    go(h, "jj", "This build does not write PDF.");
    assert_golden(h, "exports_none");
    go(h, "X", "Written to Harbour-Bakery.md");
    harness_wait(h, "1 written so far", SOON);
    go(h, "G", "✓ Markdown");
    assert_shows(h, "/Harbour-Bakery.md");
    go(h, "y", "Handed to the terminal's clipboard");
    assert_true(*harness_clipboard(h));
    assert_int_equal(unlink("Harbour-Bakery.md"), 0);
    assert_int_equal(fchdir(here), 0);
    close(here);
    go(h, ESC, "Company overview");
    go(h, "X", "1 written so far");
    go(h, "G", "no longer there");
    assert_shows(h, "! Markdown     moved");
    quit(h);
}

static void figures_are_tables_by_year_and_by_month(void **state)
{
    struct harness *h = start(state);

    go(h, "jj\r", "Company overview");
    go(h, "F", "Profit and loss");
    assert_golden(h, "financials");
    go(h, "m" RIGHT RIGHT RIGHT RIGHT RIGHT RIGHT RIGHT, "by month");
    assert_golden(h, "financials_months");
    go(h, "m", "Year 1");
    go(h, "jj\r", "Where this figure comes from");
    assert_golden(h, "trace");
    go(h, "\r", "pnl.gross_profit[m1]");
    go(h, "\r", "pnl.revenue[m1]");
    assert_golden(h, "trace_deep");
    harness_type(h, ESC);
    harness_wait_gone(h, "pnl.revenue[m1]", SOON);
    go(h, ESC, "From");
    harness_type(h, ESC);
    harness_wait_gone(h, "Where this figure comes from", SOON);
    quit(h);
}

static void the_checklist_leads_to_what_settles_it(void **state)
{
    struct harness *h = start(state);

    go(h, "j\r", "Company overview");
    go(h, "C", "of 100");
    assert_golden(h, "checklist");
    go(h, "\r", "Intake");
    assert_shows(h, "Checklist › Intake");
    go(h, ESC, "of 100");
    go(h, "a", "open only");
    assert_hides(h, "✓");
    go(h, "w", "asked is");
    assert_golden(h, "checklist_how");
    quit(h);
}

/* The interest is the scheme's again: the rule is met, and the next one has its place. */
static void what_is_mended_is_checked_at_once(void **state)
{
    struct harness *h;

    in_home(copy_home(*state), "2026-11-24T13:55:00", "set Harbour loan.rate_percent=9");
    h = start_in(test_home, 0, 0);
    harness_wait(h, "Harbour Bakery", SOON);
    go(h, "/harbour\r", "1 of 3 plans");
    go(h, "\r", "Company overview");
    go(h, "C", "The interest rate is the scheme's");
    go(h, "jw", "Interest a year exactly 7.5% (now 9%)");
    go(h, "\r", "Checklist › Intake");
    go(h, "\025" "7.5%\t", "7.5%");
    harness_wait(h, "draft saved", SOON);
    go(h, ESC, "Met now: The interest rate is the scheme's");
    quit(h);
}

static void wide_windows_get_a_second_column(void **state)
{
    struct harness *h = start_in(copy_home(*state), 40, 120);

    harness_wait(h, "Northwind Robotics", SOON);
    harness_settle(h);
    go(h, "jj\r", "We ask for a loan");
    go(h, "\r", "1 of 9");
    assert_golden(h, "section_120x40");
    go(h, "C", "of 100");
    assert_golden(h, "checklist_120x40");
    go(h, ESC, "1 of 9");
    go(h, "i", "Live preview");
    assert_golden(h, "wizard_120x40");
    quit(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_first_start_asks_who_one_is, tidy),
        cmocka_unit_test_teardown(a_shared_store_is_asked_for_by_its_address, tidy),
        cmocka_unit_test_teardown(plans_are_listed_filtered_and_asked_about, tidy),
        cmocka_unit_test_teardown(plans_are_ordered_marked_and_changed_together, tidy),
        cmocka_unit_test_teardown(a_plan_is_copied_renamed_and_named_back, tidy),
        cmocka_unit_test_teardown(the_list_fits_every_width, tidy),
        cmocka_unit_test_teardown(the_wizard_shows_steps_answers_and_reasons, tidy),
        cmocka_unit_test_teardown(a_wrong_answer_says_so_when_it_is_left, tidy),
        cmocka_unit_test_teardown(tables_are_lists_of_rows_and_rows_are_forms, tidy),
        cmocka_unit_test_teardown(a_plan_is_read_and_its_figures_opened, tidy),
        cmocka_unit_test_teardown(files_are_written_listed_and_found_again, tidy),
        cmocka_unit_test_teardown(figures_are_tables_by_year_and_by_month, tidy),
        cmocka_unit_test_teardown(the_checklist_leads_to_what_settles_it, tidy),
        cmocka_unit_test_teardown(what_is_mended_is_checked_at_once, tidy),
        cmocka_unit_test_teardown(wide_windows_get_a_second_column, tidy),
    };

    return cmocka_run_group_tests(tests, prepare, forget);
}
