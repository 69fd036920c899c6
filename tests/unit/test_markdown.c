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
    {"code is never wrapped", 6, "    a long line of code\n", "a long line of code\n"},
    {"HTML is shown as it is, and wrapped", 8, "<div>\none two three\n</div>\n",
     "<div>\none two\nthree\n</div>\n"},
    {"HTML in a line", 40, "a <b>c</b>\n", "a <b>c</b>\n"},
    {"nested lists hang", 14, "1. one two three\n   - four five six\n",
     "1. one two\n   three\n   • four five\n     six\n"},
    {"a rule", 5, "---\n", "─────\n"},
    {"a word too wide is broken", 4, "abcdefghij\n", "abcd\nefgh\nij\n"},
    {"a link is numbered and told below", 60, "see [us](https://a.example) now\n",
     "see us[1] now\n\n[1] https://a.example\n"},
    {"links are numbered on from the notes", 60, "[a](https://a.example) b[^n]\n\n[^n]: N\n",
     "a[2] b[1]\n\n[1] N\n[2] https://a.example\n"},
    {"a title is told with the address", 60, "[a](https://a.example \"Ay\")\n",
     "a[1]\n\n[1] https://a.example “Ay”\n"},
    {"a picture is its words and its address", 60, "![the quay](quay.png)\n",
     "Picture: the quay[1]\n\n[1] quay.png\n"},
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
    {"an address in a table may be broken", 34,
     "| a | b |\n|---|---|\n| x | <https://a.example/a-long-way-down/to/it> |\n",
     "a  b\n─  ───────────────────────────────\nx  https://a.example/a-long-way-do\n"
     "   wn/to/it\n"},
    {"a note beside a number is no letter", 40, "| a | b |\n|---|---|\n| x | 5[^n] |\n\n[^n]: N\n",
     "a     b\n─  ────\nx  5[1]\n\n[1] N\n"},
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

static int run_cells(const struct md_run *runs, size_t count)
{
    int cells = 0;

    for (size_t i = 0; i < count; i++)
        cells += text_width(runs[i].text, runs[i].len);
    return cells;
}

/* What every layout promises. */
static void check_layout(const struct md_layout *l, int width)
{
    int widest = 0;

    for (size_t r = 0; r < l->row_count; r++) {
        const struct md_row *row = &l->rows[r];

        assert_int_equal(run_cells(row->runs, row->run_count), row->width);
        assert_int_equal(run_cells(row->runs, row->margin_runs), row->margin);
        /* One cluster may be wider than a row of one cell. */
        assert_true(row->wide || row->width <= (width < 2 ? 2 : width));
        if (r > 0)
            assert_true(row->place >= l->rows[r - 1].place);
        widest = row->width > widest ? row->width : widest;
    }
    assert_int_equal(l->widest, widest);
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

/* ---- place --------------------------------------------------------------------------------- */

/* The letters and digits of a row's text, without its margin. */
static char *row_letters(const struct md_layout *l, size_t r)
{
    const struct md_row *row = &l->rows[r];
    struct strbuf out;
    char *all;

    strbuf_init(&out, 1 << 20);
    for (size_t i = row->margin_runs; i < row->run_count; i++)
        strbuf_add(&out, row->runs[i].text, row->runs[i].len);
    all = letters(out.data);
    strbuf_finish(&out);
    return all;
}

/* The first word of a row is in the row that is found for its place at another width. */
static void check_place(const struct md_layout *from, size_t r, const struct md_layout *to)
{
    size_t at = md_row_at(to, from->rows[r].place);
    char *word = row_letters(from, r), *row = row_letters(to, at), *next;

    word[strlen(word) < 3 ? strlen(word) : 3] = '\0';
    next = at + 1 < to->row_count ? row_letters(to, at + 1) : mem_str("");
    if (!strstr(row, word)) { /* unless it is broken there too */
        char *both = mem_printf("%s%s", row, next);

        if (!strstr(both, word))
            print_error("row %zu “%s” is not in row %zu “%s”\n", r, word, at, row);
        assert_non_null(strstr(both, word));
        free(both);
    }
    free(next);
    free(row);
    free(word);
}

static void a_place_is_the_same_text_at_every_width(void **state)
{
    static const char prose[] =
        "# A head with *several* words\n\nAlpha **beta** gamma `delta` "
        "[epsilon](https://a.example) "
        "zeta eta theta.\nIota kappa lambda; mu nu xi omicron pi rho sigma tau upsilon phi.\n\n"
        "> Quoted words that go on and on until they are wrapped\n\n- first point of some length\n"
        "  - second point, deeper in\n\n```\ncode one\ncode two\n```\n\nLast words[^n] of all.\n\n"
        "[^n]: What the note says of it\n";

    (void)state;
    for (int width = 20; width <= 160; width += 7) {
        struct md_layout *from = lay(prose, width);

        for (int other = 20; other <= 160; other++) {
            struct md_layout *to = lay(prose, other);

            for (size_t r = 0; r < from->row_count; r++)
                check_place(from, r, to);
            md_layout_free(to);
        }
        md_layout_free(from);
    }
}

static void a_place_in_a_table_is_its_row(void **state)
{
    static const char text[] = "| Name | Says |\n|---|---|\n| aaa | one two three four |\n"
                               "| bbb | five six seven |\n| ccc | eight |\n";
    static const int widths[] = {9, 10, 12, 14, 18, 30, 80};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(widths); i++) {
        struct md_layout *l = lay(text, widths[i]);
        struct md_layout *wide = lay(text, 80);
        size_t r;
        char *row = row_letters(wide, 3);

        assert_string_equal(row, "bbbfivesixseven");
        free(row);
        r = md_row_at(l, wide->rows[3].place);
        row = row_letters(l, r);
        assert_non_null(strstr(row, "bbb"));
        free(row);
        md_layout_free(wide);
        md_layout_free(l);
    }
}

/* ---- links, notes, blocks ------------------------------------------------------------------ */

static void links_and_notes_are_listed(void **state)
{
    struct md_layout *l = lay("See [*the* survey](https://a.example/x \"T\")[^one], "
                              "<https://b.example> and ![a map](m.png).[^two]\n\n"
                              "[^two]: Second\n[^one]: First\n",
                              70);

    (void)state;
    assert_int_equal(l->link_count, 5);
    assert_int_equal(l->links[0].kind, MD_LINK_ADDRESS);
    assert_string_equal(l->links[0].label, "the survey");
    assert_string_equal(l->links[0].url, "https://a.example/x");
    assert_string_equal(l->links[0].title, "T");
    assert_int_equal(l->links[0].number, 3);
    assert_int_equal(l->links[1].kind, MD_LINK_NOTE);
    assert_int_equal(l->links[1].number, 1);
    assert_int_equal(l->links[2].number, 0);
    assert_int_equal(l->links[3].kind, MD_LINK_IMAGE);
    assert_string_equal(l->links[3].label, "a map");
    assert_int_equal(l->links[4].number, 2);
    assert_int_equal(l->note_count, 2);
    assert_int_equal(l->rows[l->notes[1].first_row].runs[0].len, strlen("[2] "));
    md_layout_free(l);
}

static void blocks_know_their_markdown(void **state)
{
    static const char text[] =
        "# One\n\ntwo\nthree\n\n- a\n- b\n\n```\ncode\n```\n\n| x |\n|---|\n| 1 |\n";
    static const char *const want[] = {"# One\n", "two\nthree\n", "- a\n- b\n", "```\ncode\n```\n",
                                       "| x |\n|---|\n| 1 |\n"};
    struct md_layout *l = lay(text, 40);

    (void)state;
    assert_int_equal(l->block_count, ARRAY_LEN(want));
    for (size_t i = 0; i < ARRAY_LEN(want); i++) {
        char *got = mem_strn(text + l->blocks[i].start, l->blocks[i].end - l->blocks[i].start);

        while (got[0] && strlen(got) > 1 && strcmp(got + strlen(got) - 2, "\n\n") == 0)
            got[strlen(got) - 1] = '\0';
        assert_string_equal(got, want[i]);
        free(got);
    }
    assert_int_equal(l->table_count, 1);
    assert_int_equal(l->tables[0].head_rows, 2);
    assert_int_equal(l->tables[0].end_row, l->row_count);
    md_layout_free(l);
}

/* ---- search -------------------------------------------------------------------------------- */

static const struct {
    const char *text, *search;
    int width;
    size_t count;
    struct md_hit first;
} searches[] = {
    {"one two one\n", "ONE", 40, 2, {0, 0, 0, 3}},
    {"Café au lait\n", "cafe", 40, 1, {0, 0, 0, 4}},
    {"cafe\n", "CAFÉ", 40, 1, {0, 0, 0, 4}},
    {"**bo**ld\n", "bold", 40, 1, {0, 0, 0, 4}},
    {"aaa bbb ccc\n", "bbb ccc", 8, 1, {0, 1, 4, 3}},
    {"- aaa bbb ccc\n", "bbb  ccc", 9, 1, {0, 1, 6, 5}},
    {"aaa\n\nbbb\n", "aaa bbb", 40, 0, {0}},
    {"abcdefgh\n", "cdef", 4, 1, {0, 1, 2, 2}},
    {"東京から来た\n", "来", 40, 1, {0, 0, 8, 10}},
    {"it’s “so” – yes\n", "it's \"so\" - y", 40, 1, {0, 0, 0, 13}},
    {"| a | b |\n|---|---|\n| Quayside | 4,100 |\n", "quayside 4,100", 40, 1, {2, 2, 0, 15}},
    {"a\n", "", 40, 0, {0}},
    {"• is no text\n", "•", 40, 1, {0, 0, 0, 1}},
    {"- is no text\n", "•", 40, 0, {0}},
};

static void search_finds_what_is_shown(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(searches); i++) {
        struct md_layout *l = lay(searches[i].text, searches[i].width);
        struct md_hit *hits;
        size_t count = md_find(l, searches[i].search, &hits);

        if (count != searches[i].count ||
            (count && memcmp(hits, &searches[i].first, sizeof(*hits)) != 0))
            print_error("“%s”: %zu, %zu..%zu %d..%d\n", searches[i].search, count,
                        count ? hits->row : 0, count ? hits->end_row : 0, count ? hits->col : 0,
                        count ? hits->end_col : 0);
        assert_int_equal(count, searches[i].count);
        if (count)
            assert_memory_equal(hits, &searches[i].first, sizeof(*hits));
        free(hits);
        md_layout_free(l);
    }
}

/* ---- figures ------------------------------------------------------------------------------- */

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
        cmocka_unit_test(a_place_is_the_same_text_at_every_width),
        cmocka_unit_test(a_place_in_a_table_is_its_row),
        cmocka_unit_test(links_and_notes_are_listed),
        cmocka_unit_test(blocks_know_their_markdown),
        cmocka_unit_test(search_finds_what_is_shown),
        cmocka_unit_test(marks_come_out_as_figures),
        cmocka_unit_test(signs_in_the_text_itself_are_harmless),
        cmocka_unit_test(headings_are_listed_with_their_rows),
        cmocka_unit_test(nesting_without_end_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
