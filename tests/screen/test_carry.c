/* test_carry.c - the style one frame leaves to the next: what is dropped between them, and that what
 * arrives always means what was made. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "strattio/attr.h"
#include "strattio/strbuf.h"

#include "terminal/carry.h"

#define RESET "\033(B\033[m"
#define FIELD "\033(B\033[0;4m"

static const struct {
    const char *name, *first, *second, *sent;
} pairs[] = {
    {"the same style goes on", FIELD "a" RESET, FIELD "b" RESET, FIELD "ab"},
    {"a colour goes on", "\033[31ma" RESET, "\033[31mb" RESET, "\033[31mab"},
    {"both go on", FIELD "\033[31ma" RESET, FIELD "\033[31mb" RESET, FIELD "\033[31mab"},
    {"another style", FIELD "a" RESET, "\033[31mb" RESET, FIELD "a" RESET "\033[31mb"},
    {"less of the same", FIELD "\033[31ma" RESET, FIELD "b" RESET,
     FIELD "\033[31ma" FIELD "b"},
    {"a move first", FIELD "a" RESET, "\033[2;3H" FIELD "b" RESET,
     FIELD "a" RESET "\033[2;3H" FIELD "b"},
    {"no style at all", "a", "b", "ab"},
    {"nothing but a move", FIELD "a" RESET, "\033[2;3H", FIELD "a" RESET "\033[2;3H"},
    {"the style of the end counts", "\033[31ma" RESET FIELD "b" RESET, FIELD "c" RESET,
     "\033[31ma" RESET FIELD "bc"},
    {"an end in normal is sent", FIELD "a" RESET "b" RESET, FIELD "c",
     FIELD "a" RESET "b" RESET FIELD "c"},
    {"letters of another set are not carried", "\033(0\033[31mq" RESET, "\033[31mb",
     "\033(0\033[31mq" RESET "\033[31mb"},
    {"an empty frame leaves it on", FIELD "a" RESET, "", FIELD "a"},
};

static void frames_are_joined(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        struct strbuf out;
        struct carry c;

        strbuf_init(&out, 1000);
        carry_init(&c, RESET);
        carry_frame(&c, pairs[i].first, strlen(pairs[i].first), &out);
        carry_frame(&c, pairs[i].second, strlen(pairs[i].second), &out);
        if (strcmp(out.data, pairs[i].sent) != 0)
            fail_msg("%s: %s", pairs[i].name, out.data + 1);
        strbuf_finish(&out);
    }
}

static void three_frames_carry_through(void **state)
{
    struct strbuf out;
    struct carry c;

    (void)state;
    strbuf_init(&out, 1000);
    carry_init(&c, RESET);
    for (const char *at = "abc"; *at; at++) {
        char frame[] = FIELD "x" RESET;

        frame[strlen(FIELD)] = *at;
        carry_frame(&c, frame, strlen(frame), &out);
    }
    assert_string_equal(out.data, FIELD "abc");
    carry_forget(&c); /* the screen was left and is entered again */
    carry_frame(&c, FIELD "d", strlen(FIELD "d"), &out);
    assert_string_equal(out.data, FIELD "abc" FIELD "d");
    strbuf_finish(&out);
}

static void without_a_reset_nothing_is_held_back(void **state)
{
    struct strbuf out;
    struct carry c;

    (void)state;
    strbuf_init(&out, 1000);
    carry_init(&c, "");
    carry_frame(&c, FIELD "a" RESET, strlen(FIELD "a" RESET), &out);
    assert_string_equal(out.data, FIELD "a" RESET);
    strbuf_finish(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_are_joined),
        cmocka_unit_test(three_frames_carry_through),
        cmocka_unit_test(without_a_reset_nothing_is_held_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
