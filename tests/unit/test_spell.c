/* test_spell.c - words right and wrong, by the dictionary of British English. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "strattio/attr.h"
#include "strattio/err.h"
#include "strattio/spell.h"

static const struct {
    const char *word;
    bool right;
} words[] = {
    {"bread", true}, {"colour", true}, {"color", false}, {"wrold", false},    {"don't", true},
    {"don’t", true}, {"VAT", true},    {"Q3", true},     {"sourdough", true}, {"cafés", true},
};

static void words_are_judged_by_the_dictionary(void **state)
{
    struct err err = {0};
    struct spell *s = spell_open("en_GB", NULL, &err);

    (void)state;
    assert_non_null(s);
    for (int again = 0; again < 2; again++)
        for (size_t i = 0; i < ARRAY_LEN(words); i++)
            if (spell_right(s, words[i].word, strlen(words[i].word)) != words[i].right)
                fail_msg("%s", words[i].word);
    spell_close(s);
}

static void a_wrong_word_has_suggestions(void **state)
{
    struct err err = {0};
    struct spell *s = spell_open("auto", "GB", &err);
    char *out[8];
    size_t count;
    bool found = false;

    (void)state;
    assert_non_null(s);
    assert_string_equal(spell_language(s), "en_GB");
    count = spell_suggest(s, "wrold", 5, out, ARRAY_LEN(out));
    for (size_t i = 0; i < count; i++) {
        found = found || strcmp(out[i], "world") == 0;
        free(out[i]);
    }
    assert_true(found);
    spell_close(s);
}

static void a_language_nobody_has_is_told(void **state)
{
    struct err err = {0};

    (void)state;
    assert_null(spell_open("xx_XX", NULL, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    assert_non_null(strstr(err.msg, "hunspell-en-gb"));
    err = (struct err){0};
    assert_null(spell_open("../en_GB", NULL, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_judged_by_the_dictionary),
        cmocka_unit_test(a_wrong_word_has_suggestions),
        cmocka_unit_test(a_language_nobody_has_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
