/* test_own_keys.c - the program with a keys.ini: hints, help and palette follow it, and what is wrong with
 * it is told at the start. */
#include "screen/prepared.h"

static struct harness *start_with(void **state, const char *keys)
{
    const char *home = copy_home(*state);

    shell("mkdir -p '%s/.config/strattio' && printf '%%s' '%s' > '%s/.config/strattio/keys.ini'",
          home, keys, home);
    return start_in(home, 0, 0);
}

static void hints_help_and_palette_follow(void **state)
{
    struct harness *h = start_with(state, "plans.new = C-n\nplans.archive = none\n");

    harness_wait(h, "^N new", SOON);
    go(h, "?", "Begin a new plan.");
    assert_shows(h, "^N");
    assert_hides(h, "Put the plan into the archive"); /* it cannot be reached */
    go(h, "q", "^N new");
    go(h, ":archive", "plans.archive"); /* but by name */
    go(h, "\r", "is in the archive");
    go(h, "\016", "Name of the plan");
    quit(h);
}

static void a_conflict_is_told_at_the_start(void **state)
{
    struct harness *h = start_with(state, "plans.new = j\n");

    harness_wait(h, "j is bound to plans.new and list.down at once", SOON);
    harness_settle(h);
    assert_golden(h, "keys_conflict");
    go(h, "j", "Name of the plan"); /* as it said */
    quit(h);
}

static void several_faults_are_counted(void **state)
{
    struct harness *h = start_with(state, "plans.new = j\nplans.nwe = x\nnonsense\n");

    harness_wait(h, "3 things are wrong with your keys", SOON);
    go(h, "n", "n"); /* the wrong lines changed nothing */
    quit(h);
}

static void expect_keys(const char *home, const char *line)
{
    shell("grep -qx '%s' '%s/.config/strattio/keys.ini'", line, home);
}

static void a_key_is_pressed_to_be_given(void **state)
{
    const char *home = copy_home(*state);
    struct harness *h = start_in(home, 0, 0);

    harness_wait(h, "Northwind", SOON);
    go(h, ",", "Colours");
    go(h, "K", "plans.open");
    assert_golden(h, "keys");
    go(h, "/", "part of a name");
    go(h, "plans.new\r", "Begin a new plan");
    go(h, "\r", "Press the key it shall have.");
    harness_type(h, "\033");
    harness_wait_gone(h, "Press the key", SOON);
    go(h, "\r", "Press the key it shall have.");
    go(h, "\016", "plans.new is C-n");
    expect_keys(home, "plans.new = C-n");
    go(h, "a", "it shall have, too.");
    go(h, "j", "j is bound to plans.new and list.down at once");
    expect_keys(home, "plans.new = C-n j");
    harness_settle(h);
    assert_golden(h, "keys_at_once");
    go(h, "D", "plans.new is back at n");
    shell("! grep -q plans.new '%s/.config/strattio/keys.ini'", home);
    go(h, "D", "It has the keys it comes with");
    go(h, "a", "it shall have, too.");
    go(h, "\016", "plans.new is n C-n");
    go(h, "q", "Colours");
    go(h, "q", "Northwind");
    go(h, "\016", "Name of the plan"); /* in force at once */
    quit(h);
}

/* A plain character would lead back from nowhere that text is typed. */
static void the_way_back_is_kept(void **state)
{
    struct harness *h = start_in(copy_home(*state), 0, 0);

    harness_wait(h, "Northwind", SOON);
    go(h, ",", "Colours");
    go(h, "K", "plans.open");
    go(h, "/app.back\r", "Go back; nothing is lost.");
    go(h, "\r", "Press the key it shall have.");
    go(h, "b", "app.back needs a key that is no character");
    harness_type(h, "\033");
    harness_wait_gone(h, "app.back", SOON);
    quit(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(hints_help_and_palette_follow, tidy),
        cmocka_unit_test_teardown(a_conflict_is_told_at_the_start, tidy),
        cmocka_unit_test_teardown(several_faults_are_counted, tidy),
        cmocka_unit_test_teardown(a_key_is_pressed_to_be_given, tidy),
        cmocka_unit_test_teardown(the_way_back_is_kept, tidy),
    };

    return cmocka_run_group_tests(tests, prepare, forget);
}
