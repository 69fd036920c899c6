/* A text is what its splices say, whatever their order: undo leads back to the start, redo to the
 * end, and an offset is never within a character. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "support/random_splice.h"

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/text.h"

static struct text *text_of(const char *bytes)
{
    return text_create(bytes, strlen(bytes));
}

static void put(struct text *t, size_t at, const char *with, enum text_unit unit, int64_t now_ms)
{
    struct err err = {0};

    assert_true(text_splice(t, at, 0, with, strlen(with), unit, now_ms, &err));
}

static void take(struct text *t, size_t at, size_t len, int64_t now_ms)
{
    struct err err = {0};

    assert_true(text_splice(t, at, len, "", 0, TEXT_ERASED, now_ms, &err));
}

/* Types a word, a key at a time. */
static void type(struct text *t, size_t at, const char *word, int64_t now_ms)
{
    for (; *word; word++, at++, now_ms += 100)
        put(t, at, (char[]){*word, '\0'}, TEXT_TYPED, now_ms);
}

static void a_typing_run_is_one_unit(void **state)
{
    struct text *t = text_of("ab");
    struct text_step step;

    (void)state;
    type(t, 1, "word", 1000);
    assert_string_equal(text_bytes(t), "awordb");
    assert_true(text_undo(t, &step));
    assert_string_equal(text_bytes(t), "ab");
    assert_int_equal(step.unit, TEXT_TYPED);
    assert_int_equal(step.at, 1);
    assert_int_equal(step.inserted, 4);
    assert_int_equal(step.removed, 0);
    assert_int_equal(step.cursor, 1);
    assert_false(text_undo(t, &step));
    assert_true(text_redo(t, &step));
    assert_string_equal(text_bytes(t), "awordb");
    assert_int_equal(step.cursor, 5);
    assert_false(text_redo(t, NULL));
    text_destroy(t);
}

/* How many units lie between the two texts. */
static int units_of(struct text *t)
{
    int units = 0;

    while (text_undo(t, NULL))
        units++;
    return units;
}

static void what_ends_a_typing_run(void **state)
{
    struct text *t = text_of("");

    (void)state;
    type(t, 0, "one", 0);
    type(t, 3, "two", 1300); /* a second and more of rest */
    type(t, 0, "x", 1700);   /* elsewhere */
    put(t, 1, "\n", TEXT_NEWLINE, 1800);
    type(t, 2, "y", 1900); /* after a newline */
    text_break(t);
    type(t, 3, "z", 2000);
    put(t, 4, "pasted", TEXT_PASTED, 2100);
    put(t, 10, "again", TEXT_PASTED, 2100);
    assert_string_equal(text_bytes(t), "x\nyzpastedagainonetwo");
    assert_int_equal(units_of(t), 8);
    assert_string_equal(text_bytes(t), "");
    text_destroy(t);
}

static void erasing_runs_both_ways(void **state)
{
    struct text *t = text_of("abcdef");
    struct text_step step;

    (void)state;
    take(t, 3, 1, 0); /* forwards */
    take(t, 3, 1, 0);
    take(t, 2, 1, 0); /* backwards */
    take(t, 1, 1, 0);
    assert_string_equal(text_bytes(t), "af");
    assert_true(text_undo(t, &step));
    assert_string_equal(text_bytes(t), "abcdef");
    assert_int_equal(step.removed, 4);
    assert_int_equal(step.at, 1);
    assert_false(text_undo(t, NULL));
    text_destroy(t);
}

static void typing_over_a_selection_is_one_unit(void **state)
{
    struct text *t = text_of("old words");
    struct err err = {0};

    (void)state;
    assert_true(text_splice(t, 0, 3, "n", 1, TEXT_TYPED, 0, &err));
    type(t, 1, "ew", 100);
    assert_string_equal(text_bytes(t), "new words");
    assert_int_equal(units_of(t), 1);
    assert_string_equal(text_bytes(t), "old words");
    text_destroy(t);
}

static void a_group_is_one_unit(void **state)
{
    struct text *t = text_of("a a a");
    struct text_step step;
    struct err err = {0};

    (void)state;
    type(t, 5, "!", 0);
    text_group(t);
    for (size_t at = 0; at < 5; at += 2) {
        text_group(t);
        assert_true(text_splice(t, at, 1, "b", 1, TEXT_REPLACED, 0, &err));
        text_group_end(t);
    }
    text_group_end(t);
    type(t, 6, "?", 0);
    assert_string_equal(text_bytes(t), "b b b!?");
    assert_true(text_undo(t, NULL));
    assert_true(text_undo(t, &step));
    assert_string_equal(text_bytes(t), "a a a!");
    assert_int_equal(step.unit, TEXT_REPLACED);
    assert_int_equal(step.inserted, 3);
    assert_int_equal(step.at, 0);
    assert_true(text_redo(t, NULL));
    assert_string_equal(text_bytes(t), "b b b!");
    text_destroy(t);
}

static void a_change_after_undo_takes_the_place_of_what_was_undone(void **state)
{
    struct text *t = text_of("");

    (void)state;
    type(t, 0, "one", 0);
    assert_true(text_undo(t, NULL));
    type(t, 0, "two", 0);
    assert_false(text_redo(t, NULL));
    assert_string_equal(text_bytes(t), "two");
    assert_int_equal(units_of(t), 1);
    assert_string_equal(text_bytes(t), "");
    text_destroy(t);
}

static void undo_back_to_what_was_saved_is_unchanged(void **state)
{
    struct text *t = text_of("");

    (void)state;
    assert_false(text_changed(t));
    type(t, 0, "one", 0);
    assert_true(text_changed(t));
    text_saved(t);
    assert_false(text_changed(t));
    type(t, 3, "two", 0);
    assert_true(text_undo(t, NULL));
    assert_string_equal(text_bytes(t), "one"); /* a save ends a run */
    assert_false(text_changed(t));
    assert_true(text_undo(t, NULL));
    assert_true(text_changed(t));
    type(t, 0, "other", 0); /* what was saved cannot be come back to */
    assert_true(text_undo(t, NULL));
    assert_true(text_changed(t));
    text_destroy(t);
}

static void expect_refused(struct text *t, size_t at, size_t remove, const char *with, size_t len,
                           enum err_code code)
{
    uint64_t version = text_version(t);
    char *before = mem_str(text_bytes(t));
    struct err err = {0};

    assert_false(text_splice(t, at, remove, with, len, TEXT_PASTED, 0, &err));
    assert_int_equal(err.code, code);
    assert_string_equal(text_bytes(t), before);
    assert_true(text_version(t) == version);
    free(before);
}

static void what_would_break_the_text_is_refused(void **state)
{
    struct text *t = text_of("caf\xc3\xa9 \xf0\x9f\x8d\x9e!");

    (void)state;
    expect_refused(t, 4, 0, "x", 1, ERR_INVALID);            /* within the e */
    expect_refused(t, 0, 4, "x", 1, ERR_INVALID);            /* ends within it */
    expect_refused(t, 8, 2, "x", 1, ERR_INVALID);            /* within the loaf */
    expect_refused(t, 12, 0, "x", 1, ERR_INVALID);           /* past the end */
    expect_refused(t, 5, SIZE_MAX, "x", 1, ERR_INVALID);     /* likewise */
    expect_refused(t, 0, 0, "\xff", 1, ERR_INVALID);         /* not UTF-8 */
    expect_refused(t, 0, 0, "a\0b", 3, ERR_INVALID);         /* NUL */
    expect_refused(t, 0, 0, "\xf0\x9f\x8d", 3, ERR_INVALID); /* half a loaf */
    assert_false(text_changed(t));
    text_destroy(t);
}

static void the_limit_refuses_and_keeps_what_is_there(void **state)
{
    size_t len = TEXT_LIMIT_BYTES - 2;
    char *much = mem_zero(len + 8, 1);
    struct text *t;
    struct err err = {0};

    (void)state;
    memset(much, 'x', len + 8);
    t = text_create(much, len);
    expect_refused(t, 0, 0, "abc", 3, ERR_LIMIT);
    assert_true(text_splice(t, 5, 0, "ab", 2, TEXT_TYPED, 0, &err));
    expect_refused(t, 0, 1, "ab", 2, ERR_LIMIT);
    assert_true(text_splice(t, 0, 2, "ab", 2, TEXT_TYPED, 0, &err));
    text_destroy(t);
    memcpy(much + len + 1, "\xc3\xa9", 2); /* across the limit */
    t = text_create(much, len + 8);
    assert_int_equal(text_len(t), TEXT_LIMIT_BYTES - 1);
    text_destroy(t);
    free(much);
}

static void what_is_put_in_may_lie_in_the_text(void **state)
{
    struct text *t = text_of("one two");
    struct err err = {0};

    (void)state;
    assert_true(text_splice(t, 3, 0, text_bytes(t), 7, TEXT_PASTED, 0, &err));
    assert_string_equal(text_bytes(t), "oneone two two");
    text_destroy(t);
}

static void undo_forgets_the_oldest_before_memory_is_short(void **state)
{
    size_t len = 3 * 1024 * 1024;
    char *much = mem_zero(len, 1);
    struct text *t = text_of("start");
    struct err err = {0};
    int units;

    (void)state;
    memset(much, 'y', len);
    for (int i = 0; i < 40; i++)
        assert_true(text_splice(t, 0, text_len(t), much, len, TEXT_PASTED, 0, &err));
    assert_int_equal(text_len(t), len);
    units = units_of(t);
    assert_in_range(units, 4, 20);
    assert_int_equal(text_len(t), len);
    assert_true(text_changed(t));
    while (text_redo(t, NULL))
        units--;
    assert_int_equal(units, 0);
    text_destroy(t);
    free(much);
}

static void where_it_changed_is_known(void **state)
{
    struct text *t = text_of("0123456789");
    uint64_t before = text_version(t), later;

    (void)state;
    assert_true(text_changed_from(t, before) == SIZE_MAX);
    put(t, 7, "x", TEXT_PASTED, 0);
    later = text_version(t);
    assert_int_equal(text_changed_from(t, before), 7);
    put(t, 9, "x", TEXT_PASTED, 0);
    assert_int_equal(text_changed_from(t, before), 7);
    assert_int_equal(text_changed_from(t, later), 9);
    assert_true(text_undo(t, NULL));
    assert_true(text_undo(t, NULL));
    assert_int_equal(text_changed_from(t, later), 7);
    for (int i = 0; i < 100; i++)
        put(t, 5, "x", TEXT_PASTED, 0);
    assert_int_equal(text_changed_from(t, before), 0); /* too long ago */
    text_destroy(t);
}

/* Any number of random splices: undone they give the start, redone the end, whatever is mixed. */
static void random_splices_go_back_and_forth(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct random_splice r = {.state = seed};
        struct text *t = text_of("# Caf\xc3\xa9\n\nBread and \xf0\x9f\x8d\x9e.\n");
        char *start = mem_str(text_bytes(t)), *end;

        for (int i = 0; i < 200; i++)
            random_splice_any(&r, t);
        end = mem_str(text_bytes(t));
        while (text_redo(t, NULL))
            ;
        while (text_undo(t, NULL))
            assert_true(random_splice_utf8(text_bytes(t), text_len(t)));
        assert_string_equal(text_bytes(t), start);
        assert_false(text_changed(t));
        while (text_redo(t, NULL))
            ;
        while (strcmp(text_bytes(t), end) != 0)
            assert_true(text_undo(t, NULL));
        free(start);
        free(end);
        text_destroy(t);
    }
}

static const struct {
    const char *name, *text, *what;
    size_t from;
    bool backwards;
    size_t want, len;
} finds[] = {
    {"the first", "one two two", "two", 0, false, 4, 3},
    {"from there", "one two two", "two", 4, false, 4, 3},
    {"the next", "one two two", "two", 5, false, 8, 3},
    {"not round", "one two two", "two", 9, false, SIZE_MAX, 0},
    {"backwards", "one two two", "two", 11, true, 8, 3},
    {"backwards, at", "one two two", "two", 4, true, 4, 3},
    {"backwards, before", "one two two", "two", 3, true, SIZE_MAX, 0},
    {"lower finds upper", "Two TWO", "two", 1, false, 4, 3},
    {"upper finds upper only", "two TWO", "TWO", 0, false, 4, 3},
    {"accents", "CAF\xc3\x89 caf\xc3\xa9", "\xc3\xa9", 0, false, 3, 2},
    {"the sign for Kelvin is a k", "\xe2\x84\xaa", "k", 0, false, 0, 3},
    {"half at the end", "ababa", "abac", 0, false, SIZE_MAX, 0},
    {"overlapping", "aaab", "aab", 0, false, 1, 3},
    {"nothing", "abc", "", 0, false, SIZE_MAX, 0},
    {"in nothing", "", "a", 0, false, SIZE_MAX, 0},
    {"past the end", "abc", "c", 9, false, SIZE_MAX, 0},
    {"past the end, backwards", "abc", "c", 9, true, 2, 1},
};

static void search_matches_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(finds); i++) {
        struct text *t = text_of(finds[i].text);
        size_t len = 0;
        size_t at = text_find(t, finds[i].what, finds[i].from, finds[i].backwards, &len);

        if (at != finds[i].want || len != finds[i].len)
            fail_msg("%s: at %zu, %zu bytes", finds[i].name, at, len);
        text_destroy(t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_typing_run_is_one_unit),
        cmocka_unit_test(what_ends_a_typing_run),
        cmocka_unit_test(erasing_runs_both_ways),
        cmocka_unit_test(typing_over_a_selection_is_one_unit),
        cmocka_unit_test(a_group_is_one_unit),
        cmocka_unit_test(a_change_after_undo_takes_the_place_of_what_was_undone),
        cmocka_unit_test(undo_back_to_what_was_saved_is_unchanged),
        cmocka_unit_test(what_would_break_the_text_is_refused),
        cmocka_unit_test(the_limit_refuses_and_keeps_what_is_there),
        cmocka_unit_test(what_is_put_in_may_lie_in_the_text),
        cmocka_unit_test(undo_forgets_the_oldest_before_memory_is_short),
        cmocka_unit_test(where_it_changed_is_known),
        cmocka_unit_test(random_splices_go_back_and_forth),
        cmocka_unit_test(search_matches_the_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
