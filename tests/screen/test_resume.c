/* test_resume.c - coming back to where one was, however the program ended; and not where that is not meant or
 * no longer there. */
#include "screen/prepared.h"

#include <signal.h>

#define ESC "\033"

static struct harness *start(const char *home, const char *resume, const char *const *argv)
{
    static const char *const plain[] = {PROGRAM, NULL};
    const char *const env[] = {"STRATTIO_NAME=Ada Marsh", "STRATTIO_EMAIL=ada@example.org", resume,
                               NULL};
    struct harness_options options = {.argv = argv ? argv : plain, .env = env, .home = home};

    return harness_start(&options);
}

static struct harness *begin(const char *home)
{
    struct harness *h = start(home, "STRATTIO_RESUME=on", NULL);

    harness_wait(h, "Northwind Robotics", SOON);
    harness_settle(h);
    return h;
}

/* Starts again, and waits for what must be there. */
static struct harness *again(const char *home, const char *text)
{
    struct harness *h = start(home, "STRATTIO_RESUME=on", NULL);

    harness_wait(h, text, SOON);
    harness_settle(h);
    return h;
}

static void open_bakery(struct harness *h)
{
    go(h, "/harbour\r", "1 of 3");
    go(h, "\r", "£219,720");
}

static void a_hang_up_leads_back_to_the_section(void **state)
{
    const char *home = copy_home(*state);
    struct harness *h = begin(home);

    open_bakery(h);
    go(h, "\r\t\t", "3 of 9");
    harness_hang_up(h);
    harness_wait_exit(h, SOON);
    harness_stop(h);
    h = again(home, "3 of 9");
    assert_shows(h, "Resumed, 14:02.");
    assert_shows(h, "Strattio › Plans › Harbour Bakery");
    assert_golden(h, "resumed");
    go(h, ESC, "£219,720"); /* the stack below is there */
    go(h, ESC, "n new");
    quit(h);
}

static void leaving_in_a_table_leads_back_to_the_cell(void **state)
{
    const char *home = copy_home(*state);
    struct harness *h = begin(home);

    open_bakery(h);
    go(h, "F", "Profit and loss");
    go(h, "\t", "Cash flow");
    go(h, "m", "by month");
    go(h, "jjlll", "by month");
    quit(h);
    h = again(home, "Cash flow");
    assert_shows(h, "by month");
    assert_golden(h, "resumed_financials");
    go(h, ESC, "£219,720");
    quit(h);
}

static void a_signal_in_the_wizard_leads_back_to_the_field(void **state)
{
    const char *home = copy_home(*state);
    struct harness *h = begin(home);

    go(h, "/northwind\r\r", "Intake");
    harness_type(h, "\033[5~\033[5~\033[5~\033[5~\033[5~\033[5~\033[5~");
    harness_wait(h, "1 Business ●", SOON);
    go(h,
       "\025"
       "Southwind",
       "Southwind");
    harness_signal(h, SIGTERM);
    harness_wait_exit(h, SOON);
    harness_stop(h);
    h = again(home, "Southwind");
    assert_shows(h, "1 Business ●");
    go(h, ESC, "n new");
    quit(h);
}

static void who_leaves_from_the_list_begins_there(void **state)
{
    const char *home = copy_home(*state);
    struct harness *h = begin(home);

    open_bakery(h);
    go(h, ESC, "1 of 3");
    go(h, ESC, "Northwind");
    harness_type(h, "q");
    assert_exit(h, SOON, 0);
    harness_stop(h);
    h = begin(home);
    assert_hides(h, "Resumed");
    quit(h);
}

static void what_is_gone_is_not_come_back_to(void **state)
{
    const char *home = copy_home(*state);
    struct harness *h = begin(home);

    open_bakery(h);
    quit(h);
    in_home(home, "2026-11-24T14:03:00", "delete Harbour --yes");
    h = begin(home);
    assert_hides(h, "Resumed");
    assert_hides(h, "Harbour");
    quit(h);
}

static void it_can_be_turned_off_and_open_knows_better(void **state)
{
    static const char *const open[] = {PROGRAM, "open", "Little", "checklist", NULL};
    const char *home = copy_home(*state);
    struct harness *h = begin(home);

    open_bakery(h);
    quit(h);
    h = start(home, "STRATTIO_RESUME=on", open);
    harness_wait(h, "of 100", SOON);
    assert_shows(h, "Little Sprouts");
    quit(h); /* and keeps nothing of it */
    h = start(home, "STRATTIO_RESUME=off", NULL);
    harness_wait(h, "Northwind Robotics", SOON);
    harness_settle(h);
    assert_hides(h, "Resumed");
    quit(h);
    h = again(home, "Resumed, 14:02.");
    assert_shows(h, "Harbour Bakery");
    quit(h);
}

static void a_damaged_file_is_no_place(void **state)
{
    const char *home = copy_home(*state);
    struct harness *h = begin(home);

    open_bakery(h);
    quit(h);
    shell("for f in '%s'/.local/state/strattio/resume/*; do printf '12 x\\nplan zzz\\n\\377 "
          "%%s\\n' x > "
          "\"$f\"; done",
          home);
    h = begin(home);
    assert_hides(h, "Resumed");
    quit(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_hang_up_leads_back_to_the_section, tidy),
        cmocka_unit_test_teardown(leaving_in_a_table_leads_back_to_the_cell, tidy),
        cmocka_unit_test_teardown(a_signal_in_the_wizard_leads_back_to_the_field, tidy),
        cmocka_unit_test_teardown(who_leaves_from_the_list_begins_there, tidy),
        cmocka_unit_test_teardown(what_is_gone_is_not_come_back_to, tidy),
        cmocka_unit_test_teardown(it_can_be_turned_off_and_open_knows_better, tidy),
        cmocka_unit_test_teardown(a_damaged_file_is_no_place, tidy),
    };

    return cmocka_run_group_tests(tests, prepare, forget);
}
