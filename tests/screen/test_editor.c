/* test_editor.c - the editor widget without a screen: whatever is typed, the rows that were mended are those a
 * fresh look gives, no row is wider than it may be, and the cursor stands between graphemes and never
 * within a figure. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "strattio/attr.h"
#include "strattio/md_edit.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "terminal/action.h"
#include "widget/editor.h"

#define FAMILY "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7"

static const char *const pieces[] = {
    "a",
    "word ",
    "two words ",
    " ",
    "\n",
    "\n\n",
    "日本語",
    "e\xcc\x81",
    "\xcc\x81",
    FAMILY,
    "\xe2\x80\x8d",
    "{{pnl.revenue[y1]:money0}}",
    "{{no.such}}",
    "{{",
    "}}",
    "{",
    "}",
    "`",
    "```\n",
    "\\",
    "- item\n",
    "# Head\n",
    "\"",
    "가각",
    "\xf0\x9f\x87\xac\xf0\x9f\x87\xa7",
    "longwordwithoutanyspaceatallinit",
};

static const enum action actions[] = {
    ACTION_FIELD_LEFT,       ACTION_FIELD_RIGHT,   ACTION_FIELD_WORD_LEFT, ACTION_FIELD_WORD_RIGHT,
    ACTION_TEXT_UP,          ACTION_TEXT_DOWN,     ACTION_FIELD_START,     ACTION_FIELD_END,
    ACTION_TEXT_TOP,         ACTION_TEXT_BOTTOM,   ACTION_FIELD_ERASE,     ACTION_FIELD_DELETE,
    ACTION_FIELD_ERASE_WORD, ACTION_FIELD_CUT_END, ACTION_EDITOR_NEWLINE,  ACTION_EDITOR_CUT,
    ACTION_EDITOR_PASTE,     ACTION_EDITOR_MARK,
};

struct fixture {
    struct editor editor;
    struct strbuf clip;
};

static bool figure_text(void *arg, const char *source, size_t len, struct strbuf *out)
{
    (void)arg;
    strbuf_str(out, "£171,360");
    return len < 3 || memcmp(source, "{{no", 4) != 0;
}

static void setup(struct fixture *f, int width)
{
    strbuf_init(&f->clip, STRBUF_DOC_LIMIT);
    editor_init(&f->editor, &f->clip);
    f->editor.figure_text = figure_text;
    f->editor.rows.width = width;
    editor_set(&f->editor, "", 0);
}

static void teardown(struct fixture *f)
{
    editor_finish(&f->editor);
    strbuf_finish(&f->clip);
}

static void type(struct editor *e, const char *text)
{
    struct input_event ev = {.kind = INPUT_PASTE, .text = text, .len = strlen(text)};

    assert_true(editor_input(e, NULL, &ev));
}

/* ---- what always holds ---------------------------------------------------------------------- */

static void assert_rows_are_fresh(const struct editor *e)
{
    struct editor_rows fresh = {.figure_width = e->rows.figure_width, .arg = e->rows.arg};

    editor_rows_set(&fresh, text_bytes(e->text), text_len(e->text), e->rows.width);
    assert_int_equal(fresh.figures.count, e->rows.figures.count);
    for (size_t i = 0; i < fresh.figures.count; i++) {
        assert_int_equal(fresh.figures.items[i].start, e->rows.figures.items[i].start);
        assert_int_equal(fresh.figures.items[i].end, e->rows.figures.items[i].end);
        assert_int_equal(fresh.figures.items[i].style, e->rows.figures.items[i].style);
    }
    assert_int_equal(fresh.count, e->rows.count);
    for (size_t i = 0; i < fresh.count; i++) {
        assert_int_equal(fresh.rows[i].start, e->rows.rows[i].start);
        assert_int_equal(fresh.rows[i].state, e->rows.rows[i].state);
    }
    editor_rows_finish(&fresh);
}

/* Bytes of the row, and its cells without the spaces it ends in; a cluster or figure alone may be wider. */
static void assert_row_fits(const struct editor *e, size_t row)
{
    bool hard;
    size_t at = e->rows.rows[row].start, end = editor_rows_end(&e->rows, row, &hard);
    int width = 0, seen = 0, steps = 0;

    while (at < end) {
        int cells;
        size_t bytes = editor_rows_step(&e->rows, at, &cells);

        assert_true(bytes > 0);
        width += cells;
        if (e->rows.text[at] != ' ') {
            seen = width;
            steps += cells > 0;
        }
        at += bytes;
    }
    assert_int_equal(at, end); /* no figure or cluster reaches into the next row */
    assert_true(seen <= e->rows.width || steps == 1);
}

static void assert_on_boundary(const struct editor *e, size_t place)
{
    size_t at = editor_rows_line_start(&e->rows, place);

    while (at < place) {
        int cells;
        size_t bytes = editor_rows_step(&e->rows, at, &cells);

        assert_true(bytes > 0);
        at += bytes;
    }
    assert_int_equal(at, place);
}

static void assert_sound(const struct editor *e)
{
    assert_rows_are_fresh(e);
    for (size_t i = 0; i < e->rows.count; i++)
        assert_row_fits(e, i);
    assert_on_boundary(e, e->cursor);
    if (e->selecting)
        assert_on_boundary(e, e->anchor);
}

/* ---- tests ---------------------------------------------------------------------------------- */

static void random_step(struct editor *e)
{
    struct text_step ignored;
    long what = random() % 20;

    if (what < 9)
        type(e, pieces[random() % (long)ARRAY_LEN(pieces)]);
    else if (what < 17)
        editor_act(e, actions[random() % (long)ARRAY_LEN(actions)], random() % 4 == 0);
    else if (what == 17)
        editor_undo(e, &ignored);
    else if (what == 18)
        editor_redo(e, &ignored);
    else
        editor_move_to(e, (size_t)random() % (text_len(e->text) + 1));
}

static void whatever_is_done_rows_and_cursor_are_sound(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 300; seed++) {
        struct fixture f = {0};

        srandom(seed);
        setup(&f, 1 + (int)(seed % 40));
        for (int i = 0; i < 150; i++) {
            random_step(&f.editor);
            assert_sound(&f.editor);
        }
        teardown(&f);
    }
}

static void every_width_fits_and_loses_nothing(void **state)
{
    struct fixture f = {0};

    (void)state;
    srandom(7);
    setup(&f, 80);
    for (int i = 0; i < 300; i++)
        type(&f.editor, pieces[random() % (long)ARRAY_LEN(pieces)]);
    for (int width = 1; width <= 200; width++) {
        editor_rows_set(&f.editor.rows, text_bytes(f.editor.text), text_len(f.editor.text), width);
        assert_int_equal(f.editor.rows.rows[0].start, 0);
        for (size_t i = 0; i < f.editor.rows.count; i++)
            assert_row_fits(&f.editor, i);
    }
    teardown(&f);
}

static void undo_of_everything_is_the_beginning(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 20; seed++) {
        struct fixture f = {0};
        struct text_step ignored;
        char *all;

        srandom(seed);
        setup(&f, 20);
        for (int i = 0; i < 80; i++)
            random_step(&f.editor);
        while (editor_redo(&f.editor, &ignored))
            continue;
        all = mem_str(text_bytes(f.editor.text));
        while (editor_undo(&f.editor, &ignored))
            assert_sound(&f.editor);
        assert_string_equal(text_bytes(f.editor.text), "");
        while (editor_redo(&f.editor, &ignored))
            continue;
        assert_string_equal(text_bytes(f.editor.text), all);
        free(all);
        teardown(&f);
    }
}

static void a_figure_is_stepped_over_and_erased_as_one(void **state)
{
    struct fixture f = {0};
    struct editor *e = &f.editor;

    (void)state;
    setup(&f, 40);
    type(e, "a {{pnl.revenue[y1]:money0}} b");
    editor_move_to(e, 0);
    editor_act(e, ACTION_FIELD_RIGHT, false);
    editor_act(e, ACTION_FIELD_RIGHT, false);
    assert_non_null(editor_figure(e));
    editor_act(e, ACTION_FIELD_RIGHT, false);
    assert_int_equal(e->cursor, 2 + strlen("{{pnl.revenue[y1]:money0}}"));
    editor_act(e, ACTION_FIELD_ERASE, false);
    assert_string_equal(text_bytes(e->text), "a  b");
    teardown(&f);
}

static const struct {
    const char *before, *after; /* "|" is the cursor */
} enters[] = {
    {"one|", "one\n|"},
    {"- one|", "- one\n- |"},
    {"- one| two", "- one\n- | two"},
    {"- one\n- |", "- one\n|"},
    {"  * deep|", "  * deep\n  * |"},
    {"9. nine|", "9. nine\n10. |"},
    {"- [x] done|", "- [x] done\n- [ ] |"},
    {"> said|", "> said\n> |"},
    {"|- one", "\n|- one"},
    {"```\n- code|", "```\n- code\n|"},
    {"1.5 km|", "1.5 km\n|"},
};

static void enter_goes_on_with_a_list_and_ends_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(enters); i++) {
        struct fixture f = {0};
        size_t at = strcspn(enters[i].before, "|");
        char *text = mem_str(enters[i].before), *want = mem_str(enters[i].after);
        size_t cursor = strcspn(want, "|");

        memmove(text + at, text + at + 1, strlen(text + at));
        memmove(want + cursor, want + cursor + 1, strlen(want + cursor));
        setup(&f, 40);
        editor_set(&f.editor, text, strlen(text));
        editor_move_to(&f.editor, at);
        editor_act(&f.editor, ACTION_EDITOR_NEWLINE, false);
        assert_string_equal(text_bytes(f.editor.text), want);
        assert_int_equal(f.editor.cursor, cursor);
        free(text);
        free(want);
        teardown(&f);
    }
}

static void a_table_is_put_straight(void **state)
{
    struct fixture f = {0};
    struct editor *e = &f.editor;

    (void)state;
    setup(&f, 80);
    type(e, "|Item|Cost|Sales|\n|--|--|--|\n|Oven|9,000|{{pnl.revenue[y1]}}|\n|a \\| b|12||");
    assert_true(editor_align_table(e));
    assert_string_equal(text_bytes(e->text), "| Item   |  Cost |    Sales |\n"
                                             "| ------ | ----: | -------: |\n"
                                             "| Oven   | 9,000 | {{pnl.revenue[y1]}} |\n"
                                             "| a \\| b |    12 |          |");
    assert_true(editor_align_table(e)); /* again changes nothing */
    assert_sound(e);
    teardown(&f);
}

static void what_is_pasted_is_cleaned_and_undone_as_one(void **state)
{
    struct fixture f = {0};
    struct text_step step;

    (void)state;
    setup(&f, 80);
    type(&f.editor, "one\033[31m\ttwo\r\x07three");
    assert_string_equal(text_bytes(f.editor.text), "one[31m two\nthree");
    assert_true(editor_undo(&f.editor, &step));
    assert_int_equal(step.unit, TEXT_PASTED);
    assert_string_equal(text_bytes(f.editor.text), "");
    teardown(&f);
}

static void words_are_counted_as_a_reader_counts(void **state)
{
    static const char text[] =
        "# A heading\n\n- two words — {{pnl.revenue[y1] ?? \"not yet\"}} ***\n";

    (void)state;
    assert_int_equal(md_edit_words(text, strlen(text)), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_is_done_rows_and_cursor_are_sound),
        cmocka_unit_test(every_width_fits_and_loses_nothing),
        cmocka_unit_test(undo_of_everything_is_the_beginning),
        cmocka_unit_test(a_figure_is_stepped_over_and_erased_as_one),
        cmocka_unit_test(enter_goes_on_with_a_list_and_ends_it),
        cmocka_unit_test(a_table_is_put_straight),
        cmocka_unit_test(what_is_pasted_is_cleaned_and_undone_as_one),
        cmocka_unit_test(words_are_counted_as_a_reader_counts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
