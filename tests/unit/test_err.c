/* Messages are cut at a character, wrapped outermost first, and may name themselves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "strattio/err.h"

static void a_failure_carries_code_native_and_text(void **state)
{
    struct err err = {0};

    (void)state;
    assert_false(err_set(&err, ERR_IO, 28, "cannot write %s", "a.db"));
    assert_int_equal(err.code, ERR_IO);
    assert_int_equal(err.native, 28);
    assert_string_equal(err.msg, "cannot write a.db");
}

static void wrapping_puts_the_context_before_it_and_keeps_the_codes(void **state)
{
    struct err err;

    (void)state;
    err_set(&err, ERR_CONFLICT, 7, "saved elsewhere");
    assert_false(err_wrap(&err, "plan %d", 3));
    assert_string_equal(err.msg, "plan 3: saved elsewhere");
    assert_int_equal(err.code, ERR_CONFLICT);
    assert_int_equal(err.native, 7);
}

static void a_long_message_ends_in_dots_after_a_whole_character(void **state)
{
    (void)state;
    for (size_t shift = 0; shift < 4; shift++) {
        char text[600];
        struct err err;
        size_t end;

        memset(text, 'x', shift);
        for (size_t i = 0; i < 99; i++)
            memcpy(text + shift + 4 * i, "\xf0\x9f\x8d\x9e", 4);
        text[shift + 4 * 99] = '\0';
        err_set(&err, ERR_LIMIT, 0, "%s", text);
        end = strlen(err.msg);
        assert_true(end < sizeof err.msg && end > sizeof err.msg - 8);
        assert_string_equal(err.msg + end - 3, "...");
        assert_int_equal((end - 3 - shift) % 4, 0);
        assert_memory_equal(err.msg, text, end - 3);
    }
}

static void a_message_may_be_its_own_argument(void **state)
{
    struct err err;

    (void)state;
    err_set(&err, ERR_IO, 5, "disk full");
    err_set(&err, ERR_OFFLINE, err.native, "journal: %s", err.msg);
    assert_string_equal(err.msg, "journal: disk full");
    assert_int_equal(err.native, 5);
}

static void what_is_not_printable_is_taken_out(void **state)
{
    struct err err;

    (void)state;
    err_set(&err, ERR_INVALID, 0, "\"%.7s\" is no amount", "abcde\xc3\xa9\xe2\x82\xac");
    assert_string_equal(err.msg, "\"abcde\xc3\xa9\" is no amount");
    err_set(&err, ERR_INVALID, 0, "\"%.6s\" is no amount", "abcde\xc3\xa9");
    assert_string_equal(err.msg, "\"abcde\" is no amount");
    err_set(&err, ERR_INVALID, 0, "a\x1b[2Jb\nc\x7f\xff\xc2\x9b\xed\xa0\x80" "d");
    assert_string_equal(err.msg, "a[2Jb cd");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failure_carries_code_native_and_text),
        cmocka_unit_test(wrapping_puts_the_context_before_it_and_keeps_the_codes),
        cmocka_unit_test(a_long_message_ends_in_dots_after_a_whole_character),
        cmocka_unit_test(a_message_may_be_its_own_argument),
        cmocka_unit_test(what_is_not_printable_is_taken_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
