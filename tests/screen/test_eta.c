/* test_eta.c - what is said of the time a run will take: nothing without a past, the median of it,
 * and put off once at most. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "eta.h"
#include "support/temp_dir.h"

static const struct eta_stage all_to_come[STAGE_COUNT];

static void fill(struct eta_past *past, size_t runs)
{
    memset(past, 0, sizeof *past);
    for (size_t run = 0; run < runs; run++)
        for (int i = 0; i < STAGE_COUNT; i++)
            eta_past_add(past, (enum stage)i, 1000 * (int64_t)(i + 1));
}

static void two_past_runs_are_needed(void **state)
{
    struct eta_past past;

    (void)state;
    for (size_t runs = 0; runs < 4; runs++) {
        fill(&past, runs);
        assert_int_equal(eta_left(&past, all_to_come), runs < 2 ? -1 : 15000);
    }
}

static void what_is_over_needs_no_past(void **state)
{
    struct eta_stage stages[STAGE_COUNT] = {{.over = true}, {.over = true}};
    struct eta_past past;

    (void)state;
    fill(&past, 2);
    past.count[0] = 0;
    assert_int_equal(eta_left(&past, stages), 12000);
    stages[2] = (struct eta_stage){.working = true, .elapsed_ms = 1000};
    assert_int_equal(eta_left(&past, stages), 11000);
    stages[2].elapsed_ms = 99000; /* longer than ever: nothing is taken off the others */
    assert_int_equal(eta_left(&past, stages), 9000);
}

static void one_odd_run_does_not_count(void **state)
{
    struct eta_past past;

    (void)state;
    fill(&past, 3);
    eta_past_add(&past, STAGE_WRITING, 900000);
    assert_int_equal(eta_left(&past, all_to_come), 15000);
    for (int i = 0; i < 2 * ETA_KEPT; i++)
        eta_past_add(&past, STAGE_WRITING, 8000);
    assert_int_equal(past.count[STAGE_WRITING], ETA_KEPT);
    assert_int_equal(eta_left(&past, all_to_come), 19000);
}

static void an_estimate_is_put_off_once(void **state)
{
    struct eta e = {0};

    (void)state;
    assert_int_equal(eta_told(&e, 0), -1);
    eta_see(&e, -1, 0);
    assert_int_equal(eta_told(&e, 0), -1);
    eta_see(&e, 10000, 0);
    assert_int_equal(eta_told(&e, 4000), 6000);
    eta_see(&e, 3000, 5000); /* sooner */
    assert_int_equal(eta_told(&e, 5000), 3000);
    eta_see(&e, 9000, 6000); /* put off */
    assert_int_equal(eta_told(&e, 6000), 9000);
    eta_see(&e, 30000, 7000); /* not again */
    assert_int_equal(eta_told(&e, 7000), 8000);
    assert_int_equal(eta_told(&e, 20000), 0); /* longer than before */
}

static void the_past_outlives_the_program(void **state)
{
    struct eta_past past, read;
    char *folder = temp_dir_make();

    (void)state;
    setenv("XDG_STATE_HOME", folder, 1);
    eta_past_read(&read);
    assert_int_equal(read.count[STAGE_WRITING], 0);
    fill(&past, 3);
    eta_past_write(&past);
    eta_past_read(&read);
    assert_memory_equal(&past, &read, sizeof past);
    temp_dir_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_past_runs_are_needed),
        cmocka_unit_test(what_is_over_needs_no_past),
        cmocka_unit_test(one_odd_run_does_not_count),
        cmocka_unit_test(an_estimate_is_put_off_once),
        cmocka_unit_test(the_past_outlives_the_program),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
