/* Every line is one line, with time and level; a large log is moved aside once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "strattio/err.h"
#include "strattio/log.h"
#include "strattio/mem.h"
#include "strattio/paths.h"
#include "support/temp_dir.h"

static char *read_log(const char *path)
{
    struct err err = {0};
    char *text = paths_read_file(path, 4 << 20, NULL, &err);

    assert_non_null(text);
    return text;
}

static void lines_carry_time_level_and_text(void **state)
{
    const struct err err = {.code = ERR_IO, .native = 13, .msg = "disk full"};
    char *dir = temp_dir_make(), *path = mem_printf("%s/x.log", dir), *text;
    struct stat st;

    (void)state;
    log_line(LOG_LEVEL_INFO, "before it is open");
    log_open(path);
    log_line(LOG_LEVEL_INFO, "plan %d\nforged \x1b[2J line", 3);
    log_err("saving", &err);
    log_open(NULL);
    log_line(LOG_LEVEL_ERROR, "after it is closed");
    text = read_log(path);
    assert_string_equal(text, "2026-11-24T09:30:00.000Z info  plan 3 forged  [2J line\n"
                              "2026-11-24T09:30:00.000Z error saving: disk full "
                              "(code 14, native 13)\n");
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    free(text);
    free(path);
    temp_dir_remove(dir);
}

static void a_long_line_is_cut_to_one_line(void **state)
{
    char *dir = temp_dir_make(), *path = mem_printf("%s/x.log", dir), *text;

    (void)state;
    log_open(path);
    log_line(LOG_LEVEL_WARN, "%5000s", "end");
    log_line(LOG_LEVEL_WARN, "next");
    log_open(NULL);
    text = read_log(path);
    assert_int_equal(strcspn(text, "\n"), 1022);
    assert_non_null(strstr(text, "\n2026-11-24T09:30:00.000Z warn  next\n"));
    free(text);
    free(path);
    temp_dir_remove(dir);
}

static void a_large_log_is_moved_aside_at_the_next_start(void **state)
{
    char *dir = temp_dir_make(), *path = mem_printf("%s/x.log", dir), *text;
    char *older = mem_printf("%s.1", path);
    struct stat st;

    (void)state;
    log_open(path);
    while (stat(path, &st) != 0 || st.st_size <= 1024 * 1024)
        log_line(LOG_LEVEL_INFO, "%900s", "x");
    log_open(path);
    log_line(LOG_LEVEL_INFO, "new");
    log_open(NULL);
    text = read_log(path);
    assert_string_equal(text, "2026-11-24T09:30:00.000Z info  new\n");
    assert_int_equal(stat(older, &st), 0);
    assert_true(st.st_size > 1024 * 1024);
    free(text);
    free(path);
    free(older);
    temp_dir_remove(dir);
}

static void a_log_that_cannot_be_opened_is_silent(void **state)
{
    (void)state;
    log_open("/no/such/folder/x.log");
    log_line(LOG_LEVEL_INFO, "lost");
    log_open(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_carry_time_level_and_text),
        cmocka_unit_test(a_long_line_is_cut_to_one_line),
        cmocka_unit_test(a_large_log_is_moved_aside_at_the_next_start),
        cmocka_unit_test(a_log_that_cannot_be_opened_is_silent),
    };

    setenv("STRATTIO_CLOCK", "2026-11-24T09:30:00Z", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
