/* test_theme.c - themes as files: what they may say, what is derived, and that they can be read by
 * people: contrast is computed for every role. */
#include <math.h>
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
#include "strattio/paths.h"

#include "terminal/theme.h"

static double channel(int value)
{
    double c = value / 255.0;

    return c <= 0.03928 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double luminance(int rgb)
{
    return 0.2126 * channel(rgb >> 16 & 255) + 0.7152 * channel(rgb >> 8 & 255) +
           0.0722 * channel(rgb & 255);
}

/* The contrast ratio of WCAG 2. */
static double contrast(int a, int b)
{
    double la = luminance(a), lb = luminance(b);

    return (fmax(la, lb) + 0.05) / (fmin(la, lb) + 0.05);
}

static void every_theme_can_be_read(void **state)
{
    size_t count;
    char **names = theme_names(&count);

    (void)state;
    assert_true(count >= 4);
    for (size_t i = 0; i < count; i++) {
        struct theme t;
        struct err err = {0};
        double least = strcmp(names[i], "contrast") == 0 ? 7 : 4.5;

        if (!theme_load(names[i], &t, &err))
            fail_msg("%s", err.msg);
        assert_string_equal(t.name, names[i]);
        for (int r = 0; r < ROLE_COUNT && strcmp(names[i], "terminal") != 0; r++) {
            const struct look *look = &t.looks[DEPTH_TRUE][r];
            double ratio = contrast(look->fg, look->bg);
            double wanted = r == ROLE_BORDER ? 3 : least; /* lines are no text */

            assert_int_not_equal(look->bg, COLOR_DEFAULT);
            if (ratio < wanted)
                fail_msg("%s: %s has a contrast of %.2f, less than %.1f", names[i],
                         role_word((enum role)r), ratio, wanted);
            /* On the ground of the selection too. */
            ratio = contrast(look->fg, t.looks[DEPTH_TRUE][ROLE_SELECTION].bg);
            if (ratio < least - 1.5 && r != ROLE_MATCH && r != ROLE_FOCUS && r != ROLE_BORDER)
                fail_msg("%s: %s on a selected row has a contrast of %.2f", names[i],
                         role_word((enum role)r), ratio);
        }
    }
    paths_names_free(names, count);
}

static void the_default_leaves_the_terminals_ground_alone(void **state)
{
    struct theme t;

    (void)state;
    theme_default(&t);
    for (int d = 0; d < DEPTH_COUNT; d++)
        for (int r = 0; r < ROLE_COUNT; r++)
            if (r != ROLE_MATCH)
                assert_int_equal(t.looks[d][r].bg, COLOR_DEFAULT);
    for (int r = 0; r < ROLE_COUNT; r++) /* no palette guarantees black, white or the bright ones */
        assert_true(t.looks[DEPTH_16][r].fg < 7);
}

static void without_colour_states_still_differ(void **state)
{
    static const enum role told_apart[][2] = {{ROLE_TEXT, ROLE_SELECTION},
                                              {ROLE_TEXT, ROLE_BAD},
                                              {ROLE_TEXT, ROLE_FIGURE},
                                              {ROLE_FIGURE, ROLE_UNBOUND},
                                              {ROLE_TEXT, ROLE_MATCH},
                                              {ROLE_FIELD, ROLE_FOCUS}};
    struct theme t;

    (void)state;
    theme_default(&t);
    for (size_t i = 0; i < ARRAY_LEN(told_apart); i++)
        assert_int_not_equal(t.looks[DEPTH_NONE][told_apart[i][0]].attrs,
                             t.looks[DEPTH_NONE][told_apart[i][1]].attrs);
}

static void what_a_file_leaves_out_is_derived(void **state)
{
    struct theme t;
    struct err err = {0};

    (void)state;
    assert_true(theme_parse("t", "[theme]\nname = mine\n[true]\ntext = #ffffff on #000000\n"
                                 "ok = #00ff00\n",
                            &t, &err));
    assert_string_equal(t.name, "mine");
    assert_int_equal(t.looks[DEPTH_TRUE][ROLE_OK].fg, 0x00ff00);
    assert_int_equal(t.looks[DEPTH_TRUE][ROLE_OK].bg, 8); /* black; 0 is the terminal's own */
    assert_int_equal(t.looks[DEPTH_TRUE][ROLE_WARN].fg, 0xffffff);
    assert_int_equal(t.looks[DEPTH_256][ROLE_OK].fg, 46);
    assert_int_equal(t.looks[DEPTH_256][ROLE_OK].bg, 16);
    assert_int_equal(t.looks[DEPTH_16][ROLE_OK].fg, 2);
}

static void wrong_lines_are_named(void **state)
{
    static const struct {
        const char *text, *part;
    } wrong[] = {
        {"[true]\ntext = #12345\n", "line 2"},
        {"[true]\ntext = blue\n", "a look is COLOUR"},
        {"[16]\ntext = 16\n", "a look is COLOUR"},
        {"[16]\ntext = #000000\n", "a look is COLOUR"},
        {"[true]\ntext = #000000 on\n", "a look is COLOUR"},
        {"[true]\nbutton = 3\n", "one of the roles"},
        {"[32]\ntext = 3\n", "a section is"},
        {"[theme]\nauthor = me\n", "name and background"},
        {"no line\n", "line 1"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct theme t;
        struct err err = {0};

        assert_false(theme_parse("my.ini", wrong[i].text, &t, &err));
        assert_int_equal(err.code, ERR_INVALID);
        assert_non_null(strstr(err.msg, "my.ini"));
        if (!strstr(err.msg, wrong[i].part))
            fail_msg("\"%s\" does not say \"%s\"", err.msg, wrong[i].part);
        assert_string_equal(t.name, "terminal"); /* and the default is in force */
    }
}

static void an_unknown_theme_lists_the_known(void **state)
{
    struct theme t;
    struct err err = {0};

    (void)state;
    assert_false(theme_load("nosuch", &t, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    assert_non_null(strstr(err.msg, "contrast, dark, light, terminal"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_theme_can_be_read),
        cmocka_unit_test(the_default_leaves_the_terminals_ground_alone),
        cmocka_unit_test(without_colour_states_still_differ),
        cmocka_unit_test(what_a_file_leaves_out_is_derived),
        cmocka_unit_test(wrong_lines_are_named),
        cmocka_unit_test(an_unknown_theme_lists_the_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
