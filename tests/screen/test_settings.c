/* test_settings.c - the screen of settings: what it shows and where that comes from, a theme that is
 * tried and taken back or kept, what can be tried out. */
#include "screen/prepared.h"

#include "strattio/config.h"

#include "screen/setting_words.h"

#define ESC  "\033"
#define DOWN "\033[B"

/* The grounds of two themes, as red, green and blue are sent. */
#define AMBER "18;12;4"
#define DARK  "22;25;31"

static struct harness *start_with_flag(const char *home, const char *flag, const char *value)
{
    const char *argv[] = {PROGRAM, flag, value, NULL};
    static const char *const env[] = {"STRATTIO_NAME=Ada Marsh", "STRATTIO_EMAIL=ada@example.org",
                                      "COLORTERM=truecolor", NULL};
    struct harness *h =
        harness_start(&(struct harness_options){.argv = argv, .env = env, .home = home});

    harness_wait(h, "Northwind Robotics", SOON);
    harness_settle(h);
    return h;
}

static struct harness *start(void **state)
{
    return start_with_flag(copy_home(*state), NULL, NULL);
}

static void expect_saved(const char *line)
{
    shell("grep -qx '%s' '%s/.config/strattio/config.ini'", line, test_home);
}

static void every_setting_is_shown_with_where_it_comes_from(void **state)
{
    struct harness *h = start(state);

    go(h, ",", "Colours");
    assert_golden(h, "settings");
    go(h, "\r", "type to filter");
    assert_golden(h, "settings_theme");
    harness_type(h, ESC);
    harness_wait_gone(h, "type to filter", SOON);
    go(h, "jjj\r", "never");
    assert_golden(h, "settings_color");
    quit(h);
}

static void a_theme_is_tried_and_taken_back(void **state)
{
    struct harness *h = start(state);

    go(h, ",", "Colours");
    go(h, "\r", "type to filter");
    harness_forget(h);
    go(h, "amb", "/ amb");
    assert_true(harness_sent(h, AMBER)); /* all of the screen, before anything is chosen */
    harness_forget(h);
    harness_type(h, ESC);
    harness_wait_gone(h, "/ amb", SOON);
    harness_type(h, "\014"); /* draw everything anew */
    harness_settle(h);
    harness_forget(h);
    harness_type(h, "\014");
    harness_settle(h);
    assert_false(harness_sent(h, AMBER));
    assert_shows(h, "default");
    quit(h);
}

static void a_chosen_theme_is_kept_and_can_be_given_up(void **state)
{
    struct harness *h = start(state);

    go(h, ",", "Colours");
    go(h, "\ramb\r", "Saved in config.ini");
    assert_shows(h, "amber");
    assert_true(harness_sent(h, AMBER));
    expect_saved("theme = amber");
    quit(h);
    h = start_with_flag(test_home, NULL, NULL);
    assert_true(harness_sent(h, AMBER));
    go(h, ",", "From config.ini; the default is terminal");
    go(h, "D", "Back at the default");
    harness_forget(h);
    harness_type(h, "\014");
    harness_settle(h);
    assert_false(harness_sent(h, AMBER));
    assert_shows(h, "This is the default.");
    go(h, "D", "config.ini says nothing about this.");
    quit(h);
}

static void what_is_stronger_than_the_file_is_named(void **state)
{
    struct harness *h = start_with_flag(copy_home(*state), "--theme", "dark");

    go(h, ",", "Set by --theme, which is stronger than config.ini");
    go(h, "\ramb\r", "Saved in config.ini, but --theme is stronger");
    expect_saved("theme = amber");
    harness_forget(h);
    go(h, "\014", "the file has “amber”.");
    assert_true(harness_sent(h, DARK)); /* the flag's theme is what one sees */
    assert_false(harness_sent(h, AMBER));
    quit(h);
}

static void the_mouse_is_let_go_at_once(void **state)
{
    struct harness *h = start(state);

    go(h, ",", "Colours");
    harness_forget(h);
    go(h, "jjjj\roff\r", "Saved in config.ini");
    harness_settle(h);
    assert_true(harness_sent(h, "\033[?1002l"));
    expect_saved("mouse = off");
    quit(h);
}

static void the_store_is_tried_out(void **state)
{
    struct harness *h = start(state);

    go(h, ",", "not tried yet");
    go(h, "jjjjjjt", "works, opened and read in");
    go(h, "j", "3 plans");
    assert_shows(h, "with transactions");
    go(h, "jjjj\r", "writer works");
    assert_shows(h, "nothing leaves");
    go(h, "gt", "There is nothing to try out here");
    quit(h);
}

static void an_address_that_is_none_is_not_saved(void **state)
{
    struct harness *h = start(state);

    go(h, ",", "Colours");
    go(h, "jjjjjj\r", "leave as it was");
    go(h,
       "\025"
       "ftp://x\r",
       "It begins with sqlite:");
    go(h,
       "\025"
       "mongodb://ada:secret@db.example.org/plans\r",
       "Saved in config.ini");
    harness_wait(h, "mongodb://...@db.example.org", SOON);
    assert_hides(h, "secret");
    go(h, "\r", "leave as it was");
    assert_hides(h, "secret"); /* nor where it is changed */
    quit(h);
}

static void every_named_setting_is_in_the_table(void **state)
{
    size_t shown = 0, rows = 0;

    (void)state;
    while (setting_at(shown))
        shown++;
    while (config_settings[rows].key)
        rows++;
    assert_int_equal(shown, rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(every_setting_is_shown_with_where_it_comes_from, tidy),
        cmocka_unit_test_teardown(a_theme_is_tried_and_taken_back, tidy),
        cmocka_unit_test_teardown(a_chosen_theme_is_kept_and_can_be_given_up, tidy),
        cmocka_unit_test_teardown(what_is_stronger_than_the_file_is_named, tidy),
        cmocka_unit_test_teardown(the_mouse_is_let_go_at_once, tidy),
        cmocka_unit_test_teardown(the_store_is_tried_out, tidy),
        cmocka_unit_test_teardown(an_address_that_is_none_is_not_saved, tidy),
        cmocka_unit_test(every_named_setting_is_in_the_table),
    };

    return cmocka_run_group_tests(tests, prepare, forget);
}
