/* Markdown layout: what each kind of block looks like, and what must hold for any text at any width:
 * no row wider than asked for, no text lost, figures found where they were marked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/markdown.h"
#include "strattio/mem.h"
#include "strattio/paths.h"
#include "strattio/strbuf.h"

static struct md_layout *lay(const char *text, int width)
{
    struct err err = {0};
    struct md_layout *l = md_layout_create(text, strlen(text), width, NULL, 0, &err);

    assert_non_null(l);
    return l;
}

static char *rows_text(const struct md_layout *l)
{
    struct strbuf out;

    strbuf_init(&out, 1 << 24);
    for (size_t r = 0; r < l->row_count; r++) {
        for (size_t i = 0; i < l->rows[r].run_count; i++)
            strbuf_add(&out, l->rows[r].runs[i].text, l->rows[r].runs[i].len);
        while (out.len > 0 && out.data[out.len - 1] == ' ')
            strbuf_truncate(&out, out.len - 1);
        strbuf_char(&out, '\n');
    }
    return strbuf_take(&out);
}

static const struct {
    const char *name;
    int width;
    const char *markdown, *want;
} looks[] = {
    {"paragraphs wrap and stand apart", 12, "one two three four\n\nfive\n",
     "one two\nthree four\n\nfive\n"},
    {"a bullet hangs", 12, "- one two three\n- four\n", "• one two\n  three\n• four\n"},
    {"numbers go on", 20, "3. three\n4. four\n", "3. three\n4. four\n"},
    {"a nested list steps in", 20, "- a\n  - b\n- c\n", "• a\n  • b\n• c\n"},
    {"tasks", 20, "- [x] done\n- [ ] open\n", "[x] done\n[ ] open\n"},
    {"a quote has a bar", 20, "> said\n> so\n", "│ said so\n"},
    {"code is kept", 20, "```\na  b\n\tc\n```\n", "a  b\n    c\n"},
    {"a rule", 5, "---\n", "─────\n"},
    {"a word too wide is broken", 4, "abcdefghij\n", "abcd\nefgh\nij\n"},
    {"a link shows where it goes", 60, "see [us](https://a.example)\n",
     "see us (https://a.example)\n"},
    {"a bare address stands once", 60, "<https://a.example>\n", "https://a.example\n"},
    {"a footnote is numbered and told below", 40, "so[^x].\n\n[^x]: Source, 2024\n",
     "so[1].\n\n[1] Source, 2024\n"},
    {"a table with numbers to the right", 40,
     "| Year | Sales |\n|---|---|\n| One | £5 |\n| Two | £1,200 |\n",
     "Year   Sales\n────  ──────\nOne       £5\nTwo   £1,200\n"},
    {"a table too wide wraps its cells", 16,
     "| a | b |\n|---|---|\n| one two three | four five |\n",
     "a         b\n────────  ──────\none two   four\nthree     five\n"},
    {"a table that cannot fit becomes cards", 8,
     "| Head | Other |\n|---|---|\n| abcdef | ghijkl |\n", "Head:\nabcdef\nOther:\nghijkl\n"},
    {"an escaped bar stays in its cell", 30, "| a | b |\n|---|---|\n| x\\|y | z |\n",
     "a    b\n───  ─\nx|y  z\n"},
    {"strike and emphasis are only style", 30, "~~a~~ *b* **c**\n", "a b c\n"},
    {"empty", 10, "", ""},
};

static void blocks_look_as_in_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(looks); i++) {
        struct md_layout *l = lay(looks[i].markdown, looks[i].width);
        char *text = rows_text(l);

        if (strcmp(text, looks[i].want) != 0)
            print_error("%s:\n%s\n", looks[i].name, text);
        assert_string_equal(text, looks[i].want);
        free(text);
        md_layout_free(l);
    }
}

/* What every layout promises. */
static void check_layout(const struct md_layout *l, int width)
{
    for (size_t r = 0; r < l->row_count; r++) {
        int cells = 0;

        for (size_t i = 0; i < l->rows[r].run_count; i++)
            cells += text_width(l->rows[r].runs[i].text, l->rows[r].runs[i].len);
        assert_int_equal(cells, l->rows[r].width);
        /* One cluster may be wider than a row of one cell. */
        assert_true(cells <= (width < 2 ? 2 : width));
        if (r > 0)
            assert_true(l->rows[r].source + 1 > 0);
    }
}

static char *sample(void)
{
    struct err err = {0};
    size_t len;
    char *text = paths_read_file(TESTS_DIR "/fixtures/sample.md", 1 << 20, &len, &err);

    assert_non_null(text);
    return text;
}

static void no_row_is_wider_than_asked_for(void **state)
{
    char *text = sample();

    (void)state;
    for (int width = 1; width <= 200; width++) {
        struct md_layout *l = lay(text, width);

        check_layout(l, width);
        md_layout_free(l);
    }
    free(text);
}

/* Letters and digits only, so that wrapping, rules and bullets do not count. */
static char *letters(const char *text)
{
    struct strbuf out;

    strbuf_init(&out, 1 << 24);
    for (; *text; text++)
        if (isalnum((unsigned char)*text))
            strbuf_char(&out, *text);
    return strbuf_take(&out);
}

static void no_word_is_lost_at_any_width(void **state)
{
    static const char prose[] =
        "Alpha **beta** gamma `delta` epsilon.\n\n> Zeta eta\n\n- theta\n- iota\n";
    char *want = letters("Alpha beta gamma delta epsilon Zeta eta theta iota");

    (void)state;
    for (int width = 1; width <= 80; width++) {
        struct md_layout *l = lay(prose, width);
        char *rows = rows_text(l), *got = letters(rows);

        assert_string_equal(got, want);
        free(got);
        free(rows);
        md_layout_free(l);
    }
    free(want);
}

static void marks_come_out_as_figures(void **state)
{
    static const char text[] =
        "Sales of £171,360 and costs of £9.\n\n| a | b |\n|---|---|\n| £7 | x |\n";
    const char *first = strstr(text, "£171"), *second = strstr(text, "£9"),
               *third = strstr(text, "£7");
    struct md_mark marks[] = {
        {(size_t)(first - text), (size_t)(first - text) + strlen("£171,360"), MD_FIGURE},
        {(size_t)(second - text), (size_t)(second - text) + strlen("£9"), MD_UNBOUND},
        {(size_t)(third - text), (size_t)(third - text) + strlen("£7"), MD_FIGURE},
    };
    static const char *const want[] = {"£171,360", "£9", "£7"};
    int seen = 0;
    struct err err = {0};
    struct md_layout *l = md_layout_create(text, strlen(text), 80, marks, ARRAY_LEN(marks), &err);

    (void)state;
    assert_non_null(l);
    for (size_t r = 0; r < l->row_count; r++) {
        for (size_t i = 0; i < l->rows[r].run_count; i++) {
            const struct md_run *run = &l->rows[r].runs[i];

            if (run->figure < 0)
                continue;
            assert_int_equal(run->len, strlen(want[run->figure]));
            assert_memory_equal(run->text, want[run->figure], run->len);
            assert_true(run->style & marks[run->figure].style);
            seen++;
        }
    }
    assert_int_equal(seen, 3);
    md_layout_free(l);
}

static void signs_in_the_text_itself_are_harmless(void **state)
{
    struct md_layout *l = lay("a\xee\xa0\x80\xee\xa4\x80\xee\xa4\x81z\n", 20);
    char *text = rows_text(l);

    (void)state;
    assert_non_null(strchr(text, 'a'));
    assert_non_null(strchr(text, 'z'));
    assert_int_equal(l->rows[0].runs[0].figure, -1);
    free(text);
    md_layout_free(l);
}

static void headings_are_listed_with_their_rows(void **state)
{
    struct md_layout *l = lay("# One\n\ntext\n\n## Two *and* half\n", 40);

    (void)state;
    assert_int_equal(l->heading_count, 2);
    assert_int_equal(l->headings[1].level, 2);
    assert_string_equal(l->headings[1].text, "Two and half");
    assert_int_equal(l->headings[1].row, 4);
    assert_true(l->rows[4].runs[0].style & MD_HEADING);
    md_layout_free(l);
}

static void nesting_without_end_is_survived(void **state)
{
    struct strbuf text;
    struct md_layout *l;

    (void)state;
    strbuf_init(&text, 1 << 20);
    for (int i = 0; i < 5000; i++)
        strbuf_str(&text, "> ");
    strbuf_str(&text, "deep\n\n");
    for (int i = 0; i < 3000; i++)
        strbuf_str(&text, "*a **b ");
    l = lay(text.data, 40);
    check_layout(l, 40);
    md_layout_free(l);
    strbuf_finish(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_look_as_in_the_table),
        cmocka_unit_test(no_row_is_wider_than_asked_for),
        cmocka_unit_test(no_word_is_lost_at_any_width),
        cmocka_unit_test(marks_come_out_as_figures),
        cmocka_unit_test(signs_in_the_text_itself_are_harmless),
        cmocka_unit_test(headings_are_listed_with_their_rows),
        cmocka_unit_test(nesting_without_end_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
