/* A strbuf never holds more than its limit, nor a text with a hole, and is never NULL. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/strbuf.h"

static void pieces_join_in_order(void **state)
{
    struct strbuf sb;

    (void)state;
    strbuf_init(&sb, 1000);
    assert_string_equal(sb.data, "");
    strbuf_str(&sb, "net ");
    strbuf_printf(&sb, "%d%c", 42, '%');
    strbuf_fill(&sb, '-', 3);
    strbuf_char(&sb, '>');
    strbuf_add(&sb, "a\0b", 3);
    assert_int_equal(sb.len, 14);
    assert_memory_equal(sb.data, "net 42%--->a\0b", 15);
    strbuf_truncate(&sb, 3);
    assert_string_equal(sb.data, "net");
    strbuf_finish(&sb);
    strbuf_finish(&sb);
}

static void printing_grows_by_exactly_what_is_printed(void **state)
{
    (void)state;
    for (size_t len = 0; len < 300; len++) {
        struct strbuf sb;

        strbuf_init(&sb, 1000);
        for (int i = 0; i < 3; i++)
            strbuf_printf(&sb, "%*s", (int)len, len ? "x" : "");
        assert_int_equal(sb.len, 3 * len);
        assert_int_equal(strlen(sb.data), 3 * len);
        strbuf_finish(&sb);
    }
}

static void past_the_limit_nothing_more_is_added(void **state)
{
    struct strbuf sb;
    struct err err = {0};

    (void)state;
    strbuf_init(&sb, 8);
    strbuf_str(&sb, "12345678");
    assert_true(strbuf_check(&sb, "the note", &err));
    strbuf_str(&sb, "9");
    assert_string_equal(sb.data, "12345678");
    assert_false(strbuf_check(&sb, "the note", &err));
    assert_int_equal(err.code, ERR_LIMIT);
    assert_string_equal(err.msg, "the note is too long: at most 8 bytes are allowed");
    strbuf_clear(&sb);
    assert_true(strbuf_check(&sb, "the note", &err));
    strbuf_str(&sb, "12345");
    strbuf_printf(&sb, "%s", "6789");
    strbuf_str(&sb, "x"); /* would fit, but would leave a hole */
    assert_string_equal(sb.data, "12345");
    assert_true(sb.full);
    strbuf_finish(&sb);
}

static void taking_leaves_an_empty_one_with_the_same_limit(void **state)
{
    struct strbuf sb;
    char *text;

    (void)state;
    strbuf_init(&sb, 5);
    text = strbuf_take(&sb);
    assert_string_equal(text, "");
    free(text);
    strbuf_str(&sb, "bread");
    text = strbuf_take(&sb);
    assert_string_equal(text, "bread");
    assert_int_equal(sb.len, 0);
    assert_string_equal(sb.data, "");
    assert_int_equal(sb.limit, 5);
    free(text);
    strbuf_finish(&sb);
}

static void an_all_zero_one_can_be_finished(void **state)
{
    struct strbuf sb = {0};

    (void)state;
    strbuf_finish(&sb);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_join_in_order),
        cmocka_unit_test(printing_grows_by_exactly_what_is_printed),
        cmocka_unit_test(past_the_limit_nothing_more_is_added),
        cmocka_unit_test(taking_leaves_an_empty_one_with_the_same_limit),
        cmocka_unit_test(an_all_zero_one_can_be_finished),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
