/* test_mouse.c - the mouse, as a terminal reports it: the wheel scrolls, a click chooses, a double click
 * opens, nothing is lost by one; and without the mouse nothing is asked of the terminal. */
#include "screen/prepared.h"

#define ESC "\033"

/* The cell where `text` begins, counted from 1. */
static void find_text(struct harness *h, const char *text, int *y, int *x)
{
    for (*y = 0; *y < 60; ++*y) {
        const char *row = harness_row(h, *y), *at = strstr(row, text);

        if (!at)
            continue;
        for (*x = 1; row < at; row++)
            *x += ((unsigned char)*row & 0xc0) != 0x80;
        ++*y;
        return;
    }
    assert_shows(h, text);
}

static void click(struct harness *h, const char *on, int times)
{
    char bytes[64];
    int y, x;

    find_text(h, on, &y, &x);
    snprintf(bytes, sizeof bytes, ESC "[<0;%d;%dM" ESC "[<0;%d;%dm", x, y, x, y);
    while (times--)
        harness_type(h, bytes);
    harness_settle(h);
}

static void click_to(struct harness *h, const char *on, int times, const char *shows)
{
    click(h, on, times);
    harness_wait(h, shows, SOON);
    harness_settle(h);
}

static struct harness *start(const char *home)
{
    struct harness *h = start_in(copy_home(home), 30, 100);

    harness_wait(h, "Northwind", SOON);
    harness_settle(h);
    return h;
}

static void lists_choose_and_open(void **state)
{
    struct harness *h = start(*state);
    int y, x;
    bool visible;

    click(h, "Harbour", 1);
    harness_cursor(h, &y, &x, &visible);
    assert_non_null(strstr(harness_row(h, y), "Harbour"));
    assert_shows(h, "Northwind");
    click_to(h, "Harbour", 2, "Company");
    click_to(h, "Checklist", 2, "of 100");
    click_to(h, "Gross margin", 1, "Gross margin");
    click_to(h, "Market evidence", 2, "3 Customers");
    quit(h);
}

static void tables_and_pages_open_figures(void **state)
{
    struct harness *h = start(*state);

    click_to(h, "Harbour", 2, "Company");
    go(h, "F", "Profit and loss");
    click_to(h, "219,720", 2, "Where this figure comes from");
    go(h, ESC, "Profit and loss");
    go(h, ESC, "Company");
    click_to(h, "1 Executive", 2, "1 of 9");
    click(h, "25,000 over", 1);
    assert_hides(h, "Where this figure comes from");
    click_to(h, "25,000 over", 2, "Where this figure comes from");
    quit(h);
}

static void palette_and_pickers_take_on_a_double_click(void **state)
{
    struct harness *h = start(*state);

    go(h, ":", "part of a name");
    click(h, "plans.new", 1);
    assert_shows(h, "part of a name");
    click_to(h, "plans.new", 2, "Name of the plan");
    click_to(h, "Start Up Loan", 1, "Start Up Loan");
    harness_type(h, ESC);
    harness_wait_gone(h, "Name of the plan", SOON);
    go(h, ",", "Colours");
    click_to(h, "Theme", 2, "type to filter");
    quit(h);
}

static void a_question_is_never_answered_yes(void **state)
{
    struct harness *h = start(*state);

    go(h, "D", "leave it as it is");
    click(h, "y delete", 2);
    click(h, "Delete", 2);
    assert_shows(h, "leave it as it is");
    click(h, "leave it as it is", 1);
    harness_wait_gone(h, "leave it as it is", SOON);
    assert_shows(h, "Northwind");
    quit(h);
}

static void fields_take_the_cursor(void **state)
{
    struct harness *h = start(*state);
    int y, x, now_y, now_x;
    char bytes[64];
    bool visible;

    click(h, "Harbour", 1);
    go(h, "i", "1 Business");
    for (int i = 0; i < 8; i++)
        harness_type(h, ESC "[5~");
    harness_wait(h, "1 Business ●", SOON);
    harness_settle(h);
    find_text(h, "Town or city", &y, &x);
    click(h, "Town or city", 1);
    harness_cursor(h, &now_y, &now_x, &visible);
    assert_int_equal(now_y, y - 1);
    snprintf(bytes, sizeof bytes, ESC "[<0;%d;%dM", x + 34, y); /* its field begins 29 further */
    harness_type(h, bytes);
    harness_settle(h);
    harness_cursor(h, &now_y, &now_x, &visible);
    assert_int_equal(now_y, y - 1);
    assert_int_equal(now_x, x + 33);
    assert_true(visible);
    quit(h);
}

static void the_wheel_scrolls_what_is_under_it(void **state)
{
    struct harness *h = start_in(copy_home(*state), 15, 60);

    harness_wait(h, "Northwind", SOON);
    go(h, "?", "What the keys do here");
    for (int i = 0; i < 30; i++)
        harness_type(h, ESC "[<65;20;8M");
    harness_wait(h, "Hold Shift", SOON); /* at its end */
    quit(h);
}

static void without_the_mouse_nothing_is_asked(void **state)
{
    static const char *const argv[] = {PROGRAM, "--no-mouse", NULL};
    static const char *const env[] = {"STRATTIO_NAME=Ada Marsh", "STRATTIO_EMAIL=ada@example.org",
                                      NULL};
    struct harness *h = harness_start(
        &(struct harness_options){.argv = argv, .env = env, .home = copy_home(*state)});

    harness_wait(h, "Northwind", SOON);
    go(h, "?", "What the keys do here");
    go(h, "G", "Stop the program");
    assert_hides(h, "Hold Shift");
    assert_false(harness_sent(h, "1002"));
    assert_false(harness_sent(h, "1006"));
    quit(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(lists_choose_and_open, tidy),
        cmocka_unit_test_teardown(tables_and_pages_open_figures, tidy),
        cmocka_unit_test_teardown(palette_and_pickers_take_on_a_double_click, tidy),
        cmocka_unit_test_teardown(a_question_is_never_answered_yes, tidy),
        cmocka_unit_test_teardown(fields_take_the_cursor, tidy),
        cmocka_unit_test_teardown(the_wheel_scrolls_what_is_under_it, tidy),
        cmocka_unit_test_teardown(without_the_mouse_nothing_is_asked, tidy),
    };

    return cmocka_run_group_tests(tests, prepare, forget);
}
