/* test_looks.c - every screen in a small window, in sixteen colours and in none: text and style, as
 * they were looked at and accepted. GOLDEN_UPDATE=1 writes them anew. */
#include "screen/prepared.h"

#include "screen/walk.h"

static void expect_looks(const char *home, const char *folder, int rows, int cols,
                         const char *setting)
{
    static const char *const argv[] = {PROGRAM, NULL};
    const char *env[] = {"STRATTIO_NAME=Ada Marsh", "STRATTIO_EMAIL=ada@example.org", setting,
                         NULL};
    struct harness *h = harness_start(&(struct harness_options){
        .argv = argv, .env = env, .home = copy_home(home), .rows = rows, .cols = cols});

    for (const struct step *step = walk; step->keys; step++) {
        char *golden = mem_printf("%s_%s", step->name ? step->name : "", folder);

        harness_type(h, step->keys);
        harness_wait(h, step->shows, SOON);
        if (step->gone)
            harness_wait_gone(h, step->gone, SOON);
        harness_settle(h);
        if (step->name)
            assert_golden(h, golden);
        free(golden);
    }
    quit(h);
}

static void in_a_small_window(void **state)
{
    expect_looks(*state, "60x15", 15, 60, NULL);
}

static void in_sixteen_colours(void **state)
{
    expect_looks(*state, "16_colours", 24, 80, "STRATTIO_COLOR=16");
}

static void in_no_colours(void **state)
{
    expect_looks(*state, "mono", 24, 80, "NO_COLOR=1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(in_a_small_window, tidy),
        cmocka_unit_test_teardown(in_sixteen_colours, tidy),
        cmocka_unit_test_teardown(in_no_colours, tidy),
    };

    return cmocka_run_group_tests(tests, prepare, forget);
}
