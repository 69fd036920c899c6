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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(hints_help_and_palette_follow, tidy),
        cmocka_unit_test_teardown(a_conflict_is_told_at_the_start, tidy),
        cmocka_unit_test_teardown(several_faults_are_counted, tidy),
    };

    return cmocka_run_group_tests(tests, prepare, forget);
}
