/* Allocations never return NULL: when memory is gone the hook runs once and the process exits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "strattio/mem.h"

/* The sanitizer's malloc() is to fail as the system's does. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
    return "allocator_may_return_null=1";
}

static void growing_keeps_what_is_there(void **state)
{
    size_t cap = 0;
    int *items = NULL;

    (void)state;
    for (int i = 0; i < 1000; i++) {
        items = mem_grow(items, &cap, (size_t)i + 1, sizeof *items);
        items[i] = i;
    }
    assert_true(cap >= 1000 && cap < 4000);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(items[i], i);
    free(items);
}

static void copies_end_where_they_are_told(void **state)
{
    char *cut = mem_strn("harbour", 4), *whole = mem_strn("bay", 4), *made;

    (void)state;
    made = mem_printf("%s-%s", cut, whole);
    assert_string_equal(made, "harb-bay");
    assert_null(mem_str(NULL));
    free(cut);
    free(whole);
    free(made);
}

static int said; /* the end of a pipe */

static void say_restored(void)
{
    if (write(said, "restored;", 9) != 9)
        _exit(9);
}

/* What a child that runs `exhaust` writes to `said` and standard error; *status as of waitpid(). */
static void run_child(void (*exhaust)(void), char text[1000], int *status)
{
    int ends[2];
    ssize_t len = 0, got;
    pid_t child;

    assert_int_equal(pipe(ends), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        said = ends[1];
        dup2(ends[1], STDERR_FILENO);
        mem_on_exhausted(say_restored);
        exhaust();
        _exit(0);
    }
    close(ends[1]);
    while (len < 999 && (got = read(ends[0], text + len, (size_t)(999 - len))) > 0)
        len += got;
    text[len] = '\0';
    close(ends[0]);
    assert_int_equal(waitpid(child, status, 0), child);
}

static void ask_for_too_much(void)
{
    size_t cap = 0;

    free(mem_grow(NULL, &cap, SIZE_MAX / 4, 1));
}

static void ask_for_more_than_can_be_said(void)
{
    free(mem_zero(SIZE_MAX / 2, 3));
}

static void exhaustion_runs_the_hook_and_exits_with_1(void **state)
{
    char text[1000];
    int status;

    (void)state;
    run_child(ask_for_too_much, text, &status);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 1);
    assert_non_null(strstr(text, "restored;strattio: out of memory\n"));
}

static void an_overflowing_size_is_a_bug_and_aborts(void **state)
{
    char text[1000];
    int status;

    (void)state;
    run_child(ask_for_more_than_can_be_said, text, &status);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(growing_keeps_what_is_there),
        cmocka_unit_test(copies_end_where_they_are_told),
        cmocka_unit_test(exhaustion_runs_the_hook_and_exits_with_1),
        cmocka_unit_test(an_overflowing_size_is_a_bug_and_aborts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
