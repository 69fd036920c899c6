/* test_theme.c - themes as files: what they may say, what is derived, and that they can be read by
 * people: contrast is computed for every role. */
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

#include "terminal/color.h"
#include "terminal/theme.h"

/* --- contrast ------------------------------------------------------------------------------------ */

static int rgb(enum color_depth depth, int color)
{
    return depth == DEPTH_TRUE ? color : color_of_256(color);
}

/* Lines and frames are no text: WCAG 2.1 asks 3 to 1 of them. */
static double wanted_of(enum role role, double text)
{
    return role == ROLE_BORDER ? 3 : text;
}

static void expect_read(const struct theme *t, enum color_depth depth, enum role role, int fg,
                        enum role ground, double wanted)
{
    double ratio = color_contrast(rgb(depth, fg), rgb(depth, t->looks[depth][ground].bg));

    if (ratio < wanted)
        fail_msg("%s at depth %d: %s on %s has a contrast of %.2f, less than %.1f", t->name,
                 (int)depth, role_word(role), role_word(ground), ratio, wanted);
}

/* Roles that have a ground of their own and are never drawn on that of a selected row. */
static bool has_own_ground(enum role role)
{
    return role == ROLE_SELECTION || role == ROLE_STATUS || role == ROLE_FIELD ||
           role == ROLE_FOCUS || role == ROLE_MATCH || role == ROLE_HINT;
}

/* Every role on its own ground, on that of a selected row, and what the header shows. */
static void expect_theme_read(const struct theme *t, enum color_depth depth, double text)
{
    const struct look *looks = t->looks[depth];

    for (int r = 0; r < ROLE_COUNT; r++) {
        enum role role = (enum role)r;

        assert_int_not_equal(looks[r].bg, COLOR_DEFAULT);
        expect_read(t, depth, role, looks[r].fg, role, wanted_of(role, text));
        if (!has_own_ground(role) && role != ROLE_TEXT) /* text takes the selection's own colour */
            expect_read(t, depth, role, looks[r].fg, ROLE_SELECTION, wanted_of(role, text));
    }
    expect_read(t, depth, ROLE_DIM, looks[ROLE_DIM].fg, ROLE_STATUS, text);
}

static void every_theme_can_be_read(void **state)
{
    size_t count;
    char **names = theme_names(&count);

    (void)state;
    assert_true(count >= 7);
    for (size_t i = 0; i < count; i++) {
        struct theme t;
        struct err err = {0};
        double text = strncmp(names[i], "contrast", 8) == 0 ? 7 : 4.5;

        if (!theme_load(names[i], &t, &err))
            fail_msg("%s", err.msg);
        assert_string_equal(t.name, names[i]);
        if (strcmp(names[i], "terminal") == 0)
            continue; /* its colours are the terminal's: see below */
        expect_theme_read(&t, DEPTH_TRUE, text);
        expect_theme_read(&t, DEPTH_256, text);
        assert_int_equal(t.light, color_contrast(t.looks[DEPTH_TRUE][ROLE_TEXT].bg, 0x000000) > 10);
    }
    paths_names_free(names, count);
}

/* Palettes as they come: the first seven colours, and what bold makes of them where it brightens. */
static const struct palette_sample {
    const char *name;
    int ground;
    enum color_depth depth;
    bool bold_is_bright;
    int colors[7], bright[7];
    double least;
} samples[] = {
    /* The Linux console (drivers/tty/vt/vt.c). */
    {"linux console",
     0x000000,
     DEPTH_16,
     true,
     {0x000000, 0xaa0000, 0x00aa00, 0xaa5500, 0x0000aa, 0xaa00aa, 0x00aaaa},
     {0x555555, 0xff5555, 0x55ff55, 0xffff55, 0x5555ff, 0xff55ff, 0x55ffff},
     3},
    /* Tango, of GNOME's and other terminals, on both grounds. Yellow is the weakest on white, which is
     * why what it says is always said by a symbol and a word too. */
    {"tango dark",
     0x000000,
     DEPTH_256,
     false,
     {0x2e3436, 0xcc0000, 0x4e9a06, 0xc4a000, 0x3465a4, 0x75507b, 0x06989a},
     {0},
     3},
    {"tango light",
     0xffffff,
     DEPTH_256,
     false,
     {0x2e3436, 0xcc0000, 0x4e9a06, 0xc4a000, 0x3465a4, 0x75507b, 0x06989a},
     {0},
     2.5},
};

/* What can be asserted of a theme that has no colours of its own: all running text, titles, fields
 * and choices are in the terminal's own text colour; what is coloured is read at 3 to 1 in
 * palettes people have, light and dark. */
static void the_terminals_own_colours_can_be_read(void **state)
{
    static const enum role plain[] = {ROLE_TEXT, ROLE_TITLE, ROLE_SELECTION, ROLE_STATUS,
                                      ROLE_HINT, ROLE_QUOTE, ROLE_FIELD,     ROLE_FOCUS,
                                      ROLE_DIM,  ROLE_BORDER};
    struct theme t;

    (void)state;
    theme_default(&t);
    for (int depth = DEPTH_16; depth < DEPTH_COUNT; depth++)
        for (size_t i = 0; i < ARRAY_LEN(plain); i++)
            assert_int_equal(t.looks[depth][plain[i]].fg, COLOR_DEFAULT);
    for (size_t i = 0; i < ARRAY_LEN(samples); i++)
        for (int r = 0; r < ROLE_COUNT; r++) {
            const struct palette_sample *p = &samples[i];
            const struct look *look = &t.looks[p->depth][r];
            bool bright = p->bold_is_bright && (look->attrs & STYLE_BOLD);
            double ratio;

            if (look->fg == COLOR_DEFAULT)
                continue;
            ratio = color_contrast(bright ? p->bright[look->fg] : p->colors[look->fg],
                                   look->bg == COLOR_DEFAULT ? p->ground : p->colors[look->bg]);
            if (ratio < p->least)
                fail_msg("%s: %s has a contrast of %.2f", p->name, role_word((enum role)r), ratio);
        }
}

static void contrast_is_that_of_wcag(void **state)
{
    (void)state;
    assert_float_equal(color_contrast(0x000000, 0xffffff), 21, 0.001);
    assert_float_equal(color_contrast(0xffffff, 0x767676), 4.54,
                       0.01); /* the well-known limit grey */
    assert_float_equal(color_contrast(0x123456, 0x123456), 1, 0.001);
}

/* --- themes as files ------------------------------------------------------------------------------ */

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
    static const enum role told_apart[][2] = {
        {ROLE_TEXT, ROLE_SELECTION}, {ROLE_TEXT, ROLE_BAD},   {ROLE_TEXT, ROLE_FIGURE},
        {ROLE_FIGURE, ROLE_UNBOUND}, {ROLE_TEXT, ROLE_MATCH}, {ROLE_FIELD, ROLE_FOCUS}};
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
    assert_true(theme_parse("t",
                            "[theme]\nname = mine\n[true]\ntext = #ffffff on #000000\n"
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
    assert_non_null(
        strstr(err.msg, "amber, contrast, contrast-light, dark, harbour, light, paper, terminal"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_theme_can_be_read),
        cmocka_unit_test(the_terminals_own_colours_can_be_read),
        cmocka_unit_test(contrast_is_that_of_wcag),
        cmocka_unit_test(the_default_leaves_the_terminals_ground_alone),
        cmocka_unit_test(without_colour_states_still_differ),
        cmocka_unit_test(what_a_file_leaves_out_is_derived),
        cmocka_unit_test(wrong_lines_are_named),
        cmocka_unit_test(an_unknown_theme_lists_the_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
