/* test_canvas.c - drawing into cells, and the measure of text it must agree with. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>
#include <wchar.h>

#include <cmocka.h>

#include "strattio/attr.h"
#include "strattio/markdown.h"

#include "screen/picture.h"
#include "terminal/canvas.h"
#include "terminal/surface.h"

/* --- width --------------------------------------------------------------------------------------- */

static const struct {
    const char *text;
    int cells;
    size_t clusters;
} widths[] = {
    {"plain", 5, 5},
    {"日本", 4, 2},
    {"e\u0301", 1, 1},
    {"👍🏽", 2, 1},           /* skin tone: the base alone */
    {"👨‍👩‍👧", 2, 1},     /* joined family: the base alone */
    {"❤️", 1, 1},            /* with a selector terminals quarrel over */
    {"1️⃣", 1, 1},
    {"🏳️‍🌈", 1, 1},
    {"🇬🇧", 2, 1},
    {"क्षि", 3, 2},
    {"a\u0300\u0301\u0302\u0303\u0304\u0305", 1, 1},
    {"\u202eabc\u202c", 3, 5}, /* direction marks take no cell */
    {"\033[31m", 4, 5},
    {"한국", 4, 2},
    {"\r\n", 0, 1},
    {"", 0, 0},
};

static void text_is_as_wide_as_the_table_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(widths); i++) {
        size_t len = strlen(widths[i].text), clusters = 0;
        int cells;

        assert_int_equal(text_width(widths[i].text, len), widths[i].cells);
        for (size_t at = 0; at < len; clusters++)
            at += text_cluster(widths[i].text + at, len - at, &cells);
        assert_int_equal(clusters, widths[i].clusters);
    }
}

static void a_bad_byte_is_one_cell(void **state)
{
    int cells;

    (void)state;
    assert_int_equal(text_width("a\377b", 3), 3);
    assert_int_equal(text_cluster("\xe2\x82", 2, &cells), 1);
    assert_int_equal(cells, 1);
}

/* Where libc draws a character that it knows, it must take the cells we count. */
static void no_character_differs_from_libc(void **state)
{
    int bad = 0;

    (void)state;
    setlocale(LC_CTYPE, "C.UTF-8");
    for (int32_t c = 0x20; c <= 0x10ffff; c++) {
        char text[4];
        int cells, libc;
        size_t len;

        if ((c >= 0xd800 && c < 0xe000) || (libc = wcwidth((wchar_t)c)) < 0)
            continue;
        len = (size_t)utf8proc_encode_char(c, (utf8proc_uint8_t *)text);
        text_cluster(text, len, &cells);
        if (cells != libc && cells != 0 && bad++ < 20)
            print_message("U+%04X: %d cells, libc %d\n", (unsigned)c, cells, libc);
    }
    assert_int_equal(bad, 0);
}

/* --- drawing ------------------------------------------------------------------------------------- */

static void text_goes_where_it_is_put(void **state)
{
    struct picture p;

    (void)state;
    picture_init(&p, 3, 10);
    assert_int_equal(canvas_put(&p.canvas, 1, 2, ROLE_OK, "日本x"), 7);
    assert_picture(&p, "\n  日本x\n\n");
    assert_int_equal(picture_style(&p, 1, 3), ROLE_OK);
    assert_int_equal(picture_style(&p, 1, 7), ROLE_TEXT);
    picture_finish(&p);
}

static void what_lies_outside_is_cut(void **state)
{
    struct picture p;
    struct canvas part;

    (void)state;
    picture_init(&p, 3, 10);
    part = canvas_part(&p.canvas, 1, 3, 1, 4);
    assert_int_equal(canvas_put(&part, 0, -2, ROLE_TEXT, "abcdefgh"), 6);
    canvas_put(&part, -1, 0, ROLE_TEXT, "above");
    canvas_put(&part, 1, 0, ROLE_TEXT, "below");
    canvas_put(&part, 0, 100, ROLE_TEXT, "far");
    assert_picture(&p, "\n   cdef\n\n");
    picture_finish(&p);
}

static void a_wide_character_is_never_halved(void **state)
{
    struct picture p;
    struct canvas part;

    (void)state;
    picture_init(&p, 1, 8);
    canvas_put(&p.canvas, 0, 0, ROLE_TEXT, "日本語字");
    canvas_put(&p.canvas, 0, 1, ROLE_TEXT, "x");
    canvas_put(&p.canvas, 0, 4, ROLE_TEXT, "y");
    assert_picture(&p, " x本y 字\n");
    part = canvas_part(&p.canvas, 0, 3, 1, 4);
    canvas_fill(&part, 0, 0, 1, 4, ROLE_TEXT);
    assert_picture(&p, " x\n"); /* the wide ones at both edges go as a whole */
    canvas_put(&part, 0, -1, ROLE_TEXT, "日z日");
    assert_picture(&p, " x  z日\n");
    canvas_put(&part, 0, 1, ROLE_TEXT, "zz日");
    assert_picture(&p, " x  zz\n");
    picture_finish(&p);
}

static void nothing_drawn_can_act_on_the_terminal(void **state)
{
    struct picture p;

    (void)state;
    picture_init(&p, 1, 20);
    canvas_put(&p.canvas, 0, 0, ROLE_TEXT, "a\033[2J\r\nb\a\u202e\302\233c\177");
    assert_picture(&p, "a[2Jbc\n");
    picture_finish(&p);
}

static void clusters_are_drawn_in_a_form_all_terminals_share(void **state)
{
    struct picture p;

    (void)state;
    picture_init(&p, 1, 20);
    canvas_put(&p.canvas, 0, 0, ROLE_TEXT, "👍🏽|👨‍👩‍👧|❤️|e\u0301|🇬🇧|");
    assert_picture(&p, "👍|👨|❤|e\u0301|🇬🇧|\n");
    picture_finish(&p);
}

static void fitted_text_fills_its_cells_exactly(void **state)
{
    static const struct {
        enum align align;
        const char *text, *want;
    } fits[] = {
        {ALIGN_LEFT, "abc", "[abc     ]"},      {ALIGN_RIGHT, "abc", "[     abc]"},
        {ALIGN_CENTRE, "abcd", "[  abcd  ]"},   {ALIGN_LEFT, "abcdefghi", "[abcdefg…]"},
        {ALIGN_RIGHT, "abcdefgh", "[abcdefgh]"}, {ALIGN_LEFT, "日本語日本", "[日本語 …]"},
        {ALIGN_LEFT, "", "[        ]"},
    };
    struct picture p;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(fits); i++) {
        char want[64];

        picture_init(&p, 1, 10);
        canvas_put(&p.canvas, 0, 0, ROLE_TEXT, "[????????]");
        canvas_fit(&p.canvas, 0, 1, 8, ROLE_TEXT, fits[i].align, fits[i].text);
        snprintf(want, sizeof want, "%s\n", fits[i].want);
        if (i == 5) /* the ellipsis stands right after what fitted */
            snprintf(want, sizeof want, "[日本語… ]\n");
        assert_picture(&p, want);
        picture_finish(&p);
    }
}

static void wrapping_loses_no_word(void **state)
{
    static const char text[] = "The bakery sells to two groups.\nA-very-long-word-indeed 日本語";
    struct picture p;

    (void)state;
    picture_init(&p, 8, 12);
    assert_int_equal(canvas_wrap(&p.canvas, 0, 0, 8, 12, ROLE_TEXT, text, true), 6);
    assert_picture(&p, "The bakery\nsells to two\ngroups.\nA-very-long-\nword-indeed\n日本語\n\n\n");
    assert_int_equal(canvas_wrap(&p.canvas, 0, 0, 0, 1, ROLE_TEXT, "日本", false), 2);
    assert_int_equal(canvas_wrap(&p.canvas, 0, 0, 0, 0, ROLE_TEXT, text, false), 0);
    picture_finish(&p);
}

static void without_utf8_symbols_are_ascii(void **state)
{
    struct picture p;

    (void)state;
    picture_init(&p, 1, 20);
    p.surface.utf8 = false;
    for (int s = 0; s < SYMBOL_COUNT; s++)
        for (const char *at = canvas_symbol(&p.canvas, (enum symbol)s); *at; at++)
            assert_in_range(*at, ' ', '~');
    picture_finish(&p);
}

static void the_cursor_stays_inside(void **state)
{
    struct picture p;
    struct canvas none;

    (void)state;
    picture_init(&p, 3, 10);
    canvas_cursor(&p.canvas, 9, 99, true);
    assert_int_equal(p.surface.cursor_y, 2);
    assert_int_equal(p.surface.cursor_x, 9);
    none = canvas_part(&p.canvas, 0, 0, 0, 0);
    canvas_cursor(&none, 0, 0, true);
    assert_int_equal(p.surface.cursor_x, 0);
    assert_false(p.surface.caret);
    picture_finish(&p);
}

/* Any text, anywhere, in any part: no cell outside is touched and every wide cell keeps its half. */
static void random_drawing_keeps_cells_whole(void **state)
{
    static const char *const texts[] = {"日本語", "plain text", "é👍🏽👨‍👩‍👧", "\033[0m\377\u202e", "", "字x字"};
    struct picture p;
    uint32_t seed = 3;

    (void)state;
    picture_init(&p, 6, 20);
    for (int i = 0; i < 20000; i++) {
        int n[6];
        struct canvas part;

        for (int k = 0; k < 6; k++) {
            seed = seed * 1664525u + 1013904223u;
            n[k] = (int)(seed >> 16) % 30 - 5;
        }
        part = canvas_part(&p.canvas, n[0], n[1], n[2], n[3]);
        seed = seed * 1664525u + 1013904223u;
        if (seed >> 30)
            canvas_put(&part, n[4], n[5], ROLE_OK, texts[(seed >> 8) % ARRAY_LEN(texts)]);
        else
            canvas_fit(&part, n[4], n[5], n[3], ROLE_BAD, ALIGN_RIGHT, texts[(seed >> 8) % 6]);
        for (int y = 0; y < 6; y++)
            for (int x = 0; x < 20; x++) {
                const struct cell *c = surface_row(&p.surface, y) + x;

                assert_true(c->width <= 2);
                assert_true((c->width == 0) == (x > 0 && c[-1].width == 2));
                assert_true(c->width < 2 || x < 19);
            }
    }
    picture_finish(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_as_wide_as_the_table_says),
        cmocka_unit_test(a_bad_byte_is_one_cell),
        cmocka_unit_test(no_character_differs_from_libc),
        cmocka_unit_test(text_goes_where_it_is_put),
        cmocka_unit_test(what_lies_outside_is_cut),
        cmocka_unit_test(a_wide_character_is_never_halved),
        cmocka_unit_test(nothing_drawn_can_act_on_the_terminal),
        cmocka_unit_test(clusters_are_drawn_in_a_form_all_terminals_share),
        cmocka_unit_test(fitted_text_fills_its_cells_exactly),
        cmocka_unit_test(wrapping_loses_no_word),
        cmocka_unit_test(without_utf8_symbols_are_ascii),
        cmocka_unit_test(the_cursor_stays_inside),
        cmocka_unit_test(random_drawing_keeps_cells_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
