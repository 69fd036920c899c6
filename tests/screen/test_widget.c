/* test_widget.c - the widgets, drawn into memory and worked by keys. */
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
#include "strattio/markdown.h"
#include "strattio/mem.h"

#include "screen/picture.h"
#include "widget/field.h"
#include "widget/list.h"
#include "widget/page.h"
#include "widget/picker.h"
#include "widget/table.h"
#include "widget/textbox.h"

static struct keymap *keys;

static int set_up(void **state)
{
    (void)state;
    keys = keymap_create();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    keymap_destroy(keys);
    return 0;
}

typedef bool (*feed_fn)(void *widget, const struct input_event *ev);

static bool feed_field(void *widget, const struct input_event *ev)
{
    return field_input(widget, keys, ev);
}

static bool feed_textbox(void *widget, const struct input_event *ev)
{
    return textbox_input(widget, keys, ev);
}

/* Sends keys written as in the table of actions, separated by spaces; 'text in quotes' is typed. */
static void press(void *widget, feed_fn feed, const char *script)
{
    while (*script) {
        struct input_event ev = {.kind = INPUT_KEY, .text = ""};
        size_t len;

        if (*script == '\'') {
            len = strcspn(++script, "'");
            ev.kind = INPUT_PASTE;
            ev.text = script;
            ev.len = len;
            feed(widget, &ev);
            script += len + 1;
        } else {
            len = strcspn(script, " ");
            assert_true(key_parse(script, len, &ev.key));
            feed(widget, &ev);
            script += len;
        }
        script += strspn(script, " ");
    }
}

/* --- list ---------------------------------------------------------------------------------------- */

static void draw_number(void *arg, const struct canvas *line, size_t i, unsigned style)
{
    (void)arg;
    canvas_printf(line, 0, 2, ROLE_TEXT | style, "%zu", i);
}

static void a_list_asks_only_for_what_it_shows(void **state)
{
    struct picture p;
    struct list l;

    (void)state;
    picture_init(&p, 3, 8);
    list_init(&l, draw_number, NULL);
    list_set_count(&l, 1000000000);
    list_draw(&l, &p.canvas);
    assert_picture(&p, "▌ 0\n  1\n  2\n");
    assert_true(list_act(&l, ACTION_LIST_BOTTOM));
    surface_blank(&p.surface);
    list_draw(&l, &p.canvas);
    assert_picture(&p, "  999999\n  999999\n▌ 999999\n");
    assert_int_equal(l.cursor, 999999999);
    assert_int_equal(p.surface.cursor_y, 2);
    picture_finish(&p);
}

static void a_list_moves_by_rows_and_pages(void **state)
{
    static const struct {
        enum action action;
        size_t cursor, top;
    } steps[] = {
        {ACTION_LIST_UP, 0, 0},        {ACTION_LIST_DOWN, 1, 0},     {ACTION_LIST_PAGE_DOWN, 10, 9},
        {ACTION_LIST_UP, 9, 9},        {ACTION_LIST_UP, 8, 8},       {ACTION_LIST_HALF_DOWN, 13, 13},
        {ACTION_LIST_BOTTOM, 99, 90},  {ACTION_LIST_DOWN, 99, 90},   {ACTION_LIST_PAGE_UP, 90, 81},
        {ACTION_LIST_HALF_UP, 85, 76}, {ACTION_LIST_TOP, 0, 0},      {ACTION_LIST_PAGE_UP, 0, 0},
    };
    struct picture p;
    struct list l;

    (void)state;
    picture_init(&p, 10, 8);
    list_init(&l, draw_number, NULL);
    list_set_count(&l, 100);
    list_draw(&l, &p.canvas);
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        assert_true(list_act(&l, steps[i].action));
        assert_int_equal(l.cursor, steps[i].cursor);
        assert_int_equal(l.top, steps[i].top);
    }
    assert_false(list_act(&l, ACTION_QUIT));
    picture_finish(&p);
}

static void a_list_keeps_its_cursor_while_it_shrinks_and_grows(void **state)
{
    struct picture p;
    struct list l;

    (void)state;
    picture_init(&p, 5, 8);
    list_init(&l, draw_number, NULL);
    list_draw(&l, &p.canvas); /* nothing yet */
    assert_false(list_act(&l, ACTION_FIELD_LEFT));
    list_act(&l, ACTION_LIST_DOWN);
    assert_int_equal(l.cursor, 0);
    list_set_count(&l, 50);
    list_move_to(&l, 30);
    list_set_count(&l, 60);
    assert_int_equal(l.cursor, 30);
    list_set_count(&l, 10);
    assert_int_equal(l.cursor, 9);
    assert_int_equal(l.top, 5);
    list_set_count(&l, 0);
    assert_int_equal(l.cursor, 0);
    picture_finish(&p);
}

/* --- field --------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *script, *want;
    size_t cursor;
} edits[] = {
    {"typing", "a b é", "abé", 4},
    {"left goes by cluster", "'👍🏽x' Left Left", "👍🏽x", 0},
    {"backspace takes a cluster", "'e\u0301👨‍👩‍👧' Backspace", "e\u0301", 3},
    {"delete takes a cluster", "'👨‍👩‍👧x' Home Delete", "x", 0},
    {"words", "'one two  three' C-Left C-Left C-Left Delete", "ne two  three", 0},
    {"to the next word's end", "'one two' Home C-Right X", "oneX two", 4},
    {"erase a word", "'one two' C-w", "one ", 4},
    {"erase to the start", "'one two' Left Left C-u", "wo", 0},
    {"erase to the end", "'one two' Home Right C-k", "o", 1},
    {"a paste is one line", "'a\nb\tc\r\nd\033[31m'", "a b c d[31m", 11},
    {"in the middle", "'ad' Left 'bc'", "abcd", 3},
    {"nothing to erase", "Backspace Delete C-w C-u C-k Left Right", "", 0},
    {"a mark joins the letter before", "e '\u0301'", "e\u0301", 3},
};

static void a_field_is_edited_by_clusters(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(edits); i++) {
        struct field f;
        struct input_event ev = {.kind = INPUT_KEY};

        field_init(&f, NULL);
        for (const char *at = edits[i].script; *at;) { /* single characters are typed */
            size_t len = strcspn(at, " ");
            char text[8] = {0};

            if (*at != '\'' && len <= 2 && (at[0] & 0x80 || len == 1)) {
                memcpy(text, at, len);
                ev.text = text;
                ev.len = len;
                field_input(&f, keys, &ev);
            } else {
                char *one = *at == '\'' ? mem_strn(at, strcspn(at + 1, "'") + 2) : mem_strn(at, len);

                press(&f, feed_field, one);
                len = strlen(one);
                free(one);
            }
            at += len;
            at += strspn(at, " ");
        }
        if (strcmp(field_text(&f), edits[i].want) != 0 || f.cursor != edits[i].cursor)
            fail_msg("%s: \"%s\" at %zu, not \"%s\" at %zu", edits[i].name, field_text(&f), f.cursor,
                     edits[i].want, edits[i].cursor);
        field_finish(&f);
    }
}

static void a_long_field_scrolls_with_its_cursor(void **state)
{
    struct picture p;
    struct field f;

    (void)state;
    picture_init(&p, 2, 10);
    field_init(&f, "empty");
    field_draw(&f, &p.canvas, false);
    assert_picture(&p, "empty\n\n");
    field_set(&f, "abcdefghijklmnop");
    field_draw(&f, &p.canvas, true);
    assert_picture(&p, "hijklmnop\n\n");
    assert_int_equal(p.surface.cursor_x, 9);
    assert_true(p.surface.caret);
    press(&f, feed_field, "Home");
    field_draw(&f, &p.canvas, true);
    assert_picture(&p, "abcdefghij\n\n");
    field_draw(&f, &p.canvas, false);
    assert_picture(&p, "abcdefghi…\n\n");
    field_set_error(&f, "wrong");
    field_draw(&f, &p.canvas, true);
    assert_picture(&p, "abcdefghij\n! wrong\n");
    press(&f, feed_field, "Delete");
    assert_string_equal(f.error, "");
    field_finish(&f);
    picture_finish(&p);
}

static void a_field_refuses_too_much_and_keeps_what_it_has(void **state)
{
    size_t len = FIELD_MAX_BYTES + 1;
    char *text = mem_zero(1, len + 1);
    struct input_event ev = {.kind = INPUT_PASTE, .text = text, .len = len};
    struct field f;

    (void)state;
    memset(text, 'x', len);
    field_init(&f, NULL);
    press(&f, feed_field, "'abc'");
    assert_true(field_input(&f, keys, &ev));
    assert_string_equal(field_text(&f), "abc");
    assert_string_not_equal(f.error, "");
    free(text);
    field_finish(&f);
}

static void a_secret_is_shown_as_dots(void **state)
{
    struct picture p;
    struct field f;

    (void)state;
    picture_init(&p, 1, 10);
    field_init(&f, NULL);
    f.secret = true;
    press(&f, feed_field, "'pässw'");
    field_draw(&f, &p.canvas, true);
    assert_picture(&p, "•••••\n");
    assert_int_equal(p.surface.cursor_x, 5);
    field_finish(&f);
    picture_finish(&p);
}

static void keys_that_are_not_its_own_are_left(void **state)
{
    static const char *const names[] = {"Enter", "Tab", "Esc", "Up", "Down", "PageUp", "C-c"};
    struct field f;

    (void)state;
    field_init(&f, NULL);
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct input_event ev = {.kind = INPUT_KEY, .text = ""};

        assert_true(key_parse(names[i], strlen(names[i]), &ev.key));
        assert_false(field_input(&f, keys, &ev));
    }
    assert_false(f.changed);
    field_finish(&f);
}

/* --- text box ------------------------------------------------------------------------------------ */

static void a_text_box_wraps_and_moves_by_rows(void **state)
{
    struct picture p;
    struct textbox b;

    (void)state;
    picture_init(&p, 4, 11);
    textbox_init(&b);
    press(&b, feed_textbox, "'one two three four' Enter 'five'");
    textbox_draw(&b, &p.canvas, true);
    assert_picture(&p, "one two\nthree four\nfive\n\n");
    assert_int_equal(p.surface.cursor_y, 2);
    assert_int_equal(p.surface.cursor_x, 4);
    press(&b, feed_textbox, "End Up"); /* column 4 of "three four" */
    textbox_draw(&b, &p.canvas, true);
    assert_int_equal(p.surface.cursor_y, 1);
    assert_int_equal(p.surface.cursor_x, 4);
    press(&b, feed_textbox, "End Up"); /* past the end of the shorter row, the column is kept */
    press(&b, feed_textbox, "Down");
    assert_int_equal(b.cursor, 18);
    press(&b, feed_textbox, "Down Down Down");
    assert_int_equal(b.cursor, b.text.len);
    press(&b, feed_textbox, "C-Home");
    assert_int_equal(b.cursor, 0);
    press(&b, feed_textbox, "Up");
    assert_int_equal(b.cursor, 0);
    textbox_finish(&b);
    picture_finish(&p);
}

static void a_text_box_keeps_the_cursor_in_sight(void **state)
{
    struct picture p;
    struct textbox b;

    (void)state;
    picture_init(&p, 3, 8);
    textbox_init(&b);
    textbox_set(&b, "1\n2\n3\n4\n5\n");
    textbox_draw(&b, &p.canvas, true);
    assert_picture(&p, "4\n5\n\n");
    assert_int_equal(p.surface.cursor_y, 2);
    press(&b, feed_textbox, "C-Home");
    textbox_draw(&b, &p.canvas, true);
    assert_picture(&p, "1\n2\n3\n");
    textbox_set_error(&b, "too short");
    textbox_draw(&b, &p.canvas, true);
    assert_picture(&p, "1\n2\n! too s…\n");
    textbox_finish(&b);
    picture_finish(&p);
}

/* Whatever is pressed: the cursor stands on a boundary, inside the text, and is shown. */
static void random_editing_keeps_the_cursor_on_a_boundary(void **state)
{
    static const char *const scripts[] = {
        "Left", "Right", "Up", "Down", "Home", "End", "C-Left", "C-Right", "Backspace", "Delete",
        "C-w", "C-u", "C-k", "C-Home", "C-End", "Enter", "'日本語 '", "'👨‍👩‍👧'", "'plain words '",
        "'e\u0301'", "'\u0301'", "'🇬🇧'", "'\n'", "'🏽'"};
    struct picture p;
    struct textbox b;
    uint32_t seed = 11;

    (void)state;
    picture_init(&p, 5, 13);
    textbox_init(&b);
    for (int i = 0; i < 20000; i++) {
        size_t at = 0;
        int cells;

        seed = seed * 1664525u + 1013904223u;
        press(&b, feed_textbox, scripts[(seed >> 16) % ARRAY_LEN(scripts)]);
        if (b.text.len > 200)
            press(&b, feed_textbox, "C-u C-k C-w C-w");
        while (at < b.cursor)
            at += text_cluster(b.text.data + at, b.text.len - at, &cells);
        assert_int_equal(at, b.cursor);
        assert_true(b.cursor <= b.text.len);
        textbox_draw(&b, &p.canvas, true);
        assert_in_range(p.surface.cursor_y, 0, 4);
        assert_in_range(p.surface.cursor_x, 0, 12);
    }
    textbox_finish(&b);
    picture_finish(&p);
}

/* --- picker -------------------------------------------------------------------------------------- */

static const struct choice fruits[] = {
    {"apple", "Apple", "keeps well"}, {"pear", "Pear", NULL}, {"grape", "Grape", NULL}};

static void a_picker_finds_by_a_few_letters(void **state)
{
    struct choice_array array = {fruits, ARRAY_LEN(fruits)};
    struct input_event typed = {.kind = INPUT_KEY, .text = "p", .len = 1, .key = {'p', 0}};
    struct input_event down = {.kind = INPUT_KEY, .text = "", .key = {INPUT_KEY_DOWN, 0}};
    struct input_event enter = {.kind = INPUT_KEY, .text = "", .key = {INPUT_KEY_ENTER, 0}};
    struct input_event esc = {.kind = INPUT_KEY, .text = "", .key = {INPUT_KEY_ESC, 0}};
    struct picker k;
    struct picture p;

    (void)state;
    picture_init(&p, 4, 22);
    picker_init(&k, picker_find_in_array, &array);
    picker_draw(&k, &p.canvas);
    assert_picture(&p, "/ type to filter\n▌ Apple  keeps well\n  Pear\n  Grape\n");
    picker_select(&k, "grape");
    assert_string_equal(picker_choice(&k)->key, "grape");
    assert_int_equal(picker_input(&k, keys, &typed), PICKER_GOES_ON);
    surface_blank(&p.surface);
    picker_draw(&k, &p.canvas);
    assert_picture(&p, "/ p\n▌ Pear\n  Apple  keeps well\n  Grape\n"); /* beginning first */
    assert_int_equal(p.surface.cursor_y, 0); /* typing goes on in the filter */
    assert_int_equal(picker_input(&k, keys, &down), PICKER_GOES_ON);
    assert_int_equal(picker_input(&k, keys, &enter), PICKER_TAKEN);
    assert_string_equal(picker_choice(&k)->key, "apple");
    assert_int_equal(picker_input(&k, keys, &esc), PICKER_NOT_MINE);
    typed.text = "q";
    picker_input(&k, keys, &typed);
    assert_null(picker_choice(&k));
    assert_int_equal(picker_input(&k, keys, &enter), PICKER_GOES_ON);
    picker_finish(&k);
    picture_finish(&p);
}

/* --- table --------------------------------------------------------------------------------------- */

static unsigned put_head(void *arg, size_t col, struct strbuf *out)
{
    (void)arg;
    strbuf_printf(out, "Y%zu", col);
    return ROLE_TITLE;
}

static unsigned put_label(void *arg, size_t row, struct strbuf *out)
{
    (void)arg;
    strbuf_printf(out, "Row %zu", row);
    return ROLE_TEXT;
}

static unsigned put_cell(void *arg, size_t row, size_t col, struct strbuf *out)
{
    (void)arg;
    strbuf_printf(out, "%zu.%zu", row, col);
    return ROLE_FIGURE;
}

static void a_table_keeps_head_and_first_column(void **state)
{
    struct table t = {
        .label_cols = 8, .cell_cols = 6, .head = put_head, .label = put_label, .cell = put_cell};
    struct picture p;

    (void)state;
    picture_init(&p, 4, 28);
    table_init(&t);
    table_set_size(&t, 20, 10);
    table_draw(&t, &p.canvas);
    assert_picture(&p, "            Y0    Y1    Y2 →\n▌ Row 0    0.0   0.1   0.2\n"
                       "  Row 1    1.0   1.1   1.2\n  Row 2    2.0   2.1   2.2\n");
    assert_true(table_act(&t, ACTION_TABLE_LAST));
    assert_true(table_act(&t, ACTION_LIST_BOTTOM));
    surface_blank(&p.surface);
    table_draw(&t, &p.canvas);
    assert_picture(&p, "       ←    Y7    Y8    Y9\n  Row 17  17.7  17.8  17.9\n"
                       "  Row 18  18.7  18.8  18.9\n▌ Row 19  19.7  19.8  19.9\n");
    assert_int_equal(p.surface.cursor_y, 3);
    assert_int_equal(p.surface.cursor_x, 25);
    table_act(&t, ACTION_TABLE_RIGHT);
    assert_int_equal(t.col, 9);
    table_act(&t, ACTION_TABLE_FIRST);
    assert_int_equal(t.left, 0);
    table_set_size(&t, 0, 0);
    surface_blank(&p.surface);
    table_draw(&t, &p.canvas);
    picture_finish(&p);
}

/* --- page ---------------------------------------------------------------------------------------- */

static const char document[] =
    "# One\n\nThe first paragraph has a few words in it, enough to wrap.\n\n"
    "## Two\n\nThe second says £100 and £200.\n\n## Three\n\nThe third is the last paragraph.\n";

static void draw_page(struct page *p, struct picture *pic)
{
    struct err err = {0};

    surface_blank(&pic->surface);
    assert_true(page_draw(p, &pic->canvas, 70, &err));
}

static void a_page_keeps_its_place_when_the_width_changes(void **state)
{
    struct picture narrow, wide;
    struct page p;
    size_t source;

    (void)state;
    picture_init(&narrow, 4, 20);
    picture_init(&wide, 4, 60);
    page_init(&p);
    page_set(&p, document, strlen(document), NULL, 0);
    draw_page(&p, &narrow);
    page_to_heading(&p, 1);
    draw_page(&p, &narrow);
    assert_int_equal(page_heading(&p), 1);
    source = p.layout->rows[p.top].source;
    draw_page(&p, &wide);
    draw_page(&p, &narrow);
    assert_int_equal(p.layout->rows[p.top].source, source);
    assert_true(page_act(&p, ACTION_LIST_BOTTOM));
    assert_true(page_at_end(&p));
    assert_true(page_act(&p, ACTION_LIST_TOP));
    assert_int_equal(p.top, 0);
    page_finish(&p);
    picture_finish(&narrow);
    picture_finish(&wide);
}

static void a_page_finds_what_it_shows(void **state)
{
    struct picture pic;
    struct page p;

    (void)state;
    picture_init(&pic, 4, 30);
    page_init(&p);
    page_set(&p, document, strlen(document), NULL, 0);
    draw_page(&p, &pic);
    assert_int_equal(page_search(&p, "PARAGRAPH"), 2);
    page_next_match(&p, false);
    draw_page(&p, &pic);
    assert_int_equal(p.hit, 1);
    assert_in_range(p.hits[1].row, p.top, p.top + 3);
    page_next_match(&p, false);
    assert_int_equal(p.hit, 0);
    assert_int_equal(page_search(&p, "nowhere"), 0);
    assert_int_equal(page_search(&p, ""), 0);
    page_finish(&p);
    picture_finish(&pic);
}

static void a_page_walks_through_its_figures(void **state)
{
    struct md_mark marks[2];
    struct picture pic;
    struct page p;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        marks[i].start = (size_t)(strstr(document, i ? "£200" : "£100") - document);
        marks[i].end = marks[i].start + strlen("£100");
        marks[i].style = MD_FIGURE;
    }
    picture_init(&pic, 4, 40);
    page_init(&p);
    page_set(&p, document, strlen(document), marks, 2);
    draw_page(&p, &pic);
    assert_true(page_walk(&p, false, 0));
    assert_int_equal(p.spot, 0);
    assert_true(page_walk(&p, false, 0));
    assert_int_equal(p.spot, 1);
    draw_page(&p, &pic);
    assert_true(page_walk(&p, true, 0));
    assert_int_equal(p.spot, 0);
    assert_true(page_walk(&p, false, MD_FIGURE));
    assert_int_equal(p.spot, 1);
    assert_false(page_walk(&p, false, MD_UNBOUND));
    page_set(&p, document, strlen(document), NULL, 0);
    assert_int_equal(p.spot, -1);
    assert_false(page_walk(&p, false, 0));
    page_finish(&p);
    picture_finish(&pic);
}

/* Every widget in every small size. */
static void no_size_is_too_small(void **state)
{
    struct choice_array array = {fruits, ARRAY_LEN(fruits)};
    struct table t = {
        .label_cols = 8, .cell_cols = 6, .head = put_head, .label = put_label, .cell = put_cell};
    struct err err = {0};
    struct picker k;
    struct field f;
    struct textbox b;
    struct list l;
    struct page page;

    (void)state;
    table_init(&t);
    table_set_size(&t, 20, 10);
    picker_init(&k, picker_find_in_array, &array);
    field_init(&f, "empty");
    textbox_init(&b);
    textbox_set(&b, "some 日本語 text\nin lines");
    list_init(&l, draw_number, NULL);
    list_set_count(&l, 9);
    page_init(&page);
    page_set(&page, document, strlen(document), NULL, 0);
    for (int rows = 1; rows < 6; rows++)
        for (int cols = 1; cols < 12; cols++) {
            struct picture p;
            struct canvas none;

            picture_init(&p, rows, cols);
            none = canvas_part(&p.canvas, 0, 0, 0, 0);
            for (int i = 0; i < 2; i++) {
                const struct canvas *c = i ? &none : &p.canvas;

                table_draw(&t, c);
                picker_draw(&k, c);
                field_draw(&f, c, true);
                textbox_draw(&b, c, true);
                list_draw(&l, c);
                assert_true(page_draw(&page, c, 70, &err));
                list_act(&l, ACTION_LIST_PAGE_DOWN);
                page_act(&page, ACTION_LIST_PAGE_DOWN);
            }
            picture_finish(&p);
        }
    picker_finish(&k);
    field_finish(&f);
    textbox_finish(&b);
    page_finish(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_asks_only_for_what_it_shows),
        cmocka_unit_test(a_list_moves_by_rows_and_pages),
        cmocka_unit_test(a_list_keeps_its_cursor_while_it_shrinks_and_grows),
        cmocka_unit_test(a_field_is_edited_by_clusters),
        cmocka_unit_test(a_long_field_scrolls_with_its_cursor),
        cmocka_unit_test(a_field_refuses_too_much_and_keeps_what_it_has),
        cmocka_unit_test(a_secret_is_shown_as_dots),
        cmocka_unit_test(keys_that_are_not_its_own_are_left),
        cmocka_unit_test(a_text_box_wraps_and_moves_by_rows),
        cmocka_unit_test(a_text_box_keeps_the_cursor_in_sight),
        cmocka_unit_test(random_editing_keeps_the_cursor_on_a_boundary),
        cmocka_unit_test(a_picker_finds_by_a_few_letters),
        cmocka_unit_test(a_table_keeps_head_and_first_column),
        cmocka_unit_test(a_page_keeps_its_place_when_the_width_changes),
        cmocka_unit_test(a_page_finds_what_it_shows),
        cmocka_unit_test(a_page_walks_through_its_figures),
        cmocka_unit_test(no_size_is_too_small),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
