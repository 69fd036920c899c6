/* test_linear.c - Markdown as lines to be listened to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "strattio/attr.h"
#include "strattio/err.h"
#include "strattio/markdown.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

static const struct {
    const char *name, *markdown, *lines;
} texts[] = {
    {"a heading and a paragraph", "# Who *buys*\n\nFamilies\nnear by.\n",
     "Heading: Who buys\n\nFamilies near by.\n"},
    {"a table names its columns in each row",
     "| Segment | Households |\n|---|--:|\n| Quay | 4,100 |\n| Hill | |\n",
     "Table, 2 rows.\nSegment: Quay; Households: 4,100.\nSegment: Hill; Households: empty.\n"},
    {"a missing figure is a word", "| A |\n|---|\n| – |\n", "Table, 1 row.\nA: none.\n"},
    {"a column without a name", "| | B |\n|---|---|\n| x | 1 |\n", "Table, 1 row.\nx; B: 1.\n"},
    {"lists and lists in lists", "- one\n- two\n  1. first\n  2. second\n",
     "- one\n- two\n  1. first\n  2. second\n"},
    {"tasks", "- [x] done\n- [ ] not yet\n", "Done: done\nOpen: not yet\n"},
    {"a quote", "> What they say.\n", "Quote: What they say.\n"},
    {"code as it is written", "```\na  b\n```\n", "As it is written:\na  b\n"},
    {"a note", "Sales.[^1]\n\n[^1]: ONS, 2024\n", "Sales.[1]\n\nNote 1: ONS, 2024\n"},
    {"nothing drawn", "one\n\n---\n\ntwo\n", "one\n\ntwo\n"},
    {"nothing at all", "", ""},
};

static void texts_become_these_lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct strbuf out;
        struct err err = {0};

        strbuf_init(&out, STRBUF_DOC_LIMIT);
        assert_true(md_linear(texts[i].markdown, strlen(texts[i].markdown), &out, &err));
        if (strcmp(out.data, texts[i].lines) != 0)
            print_error("%s\n", texts[i].name);
        assert_string_equal(out.data, texts[i].lines);
        strbuf_finish(&out);
    }
}

/* Deeper than anybody writes: no depth of quotes costs stack or loses the text. */
static void depth_loses_nothing(void **state)
{
    enum { DEPTH = 5000 };
    char *text = mem_zero(DEPTH + 8, 1);
    struct strbuf out;
    struct err err = {0};

    (void)state;
    memset(text, '>', DEPTH);
    strcpy(text + DEPTH, " deep\n");
    strbuf_init(&out, STRBUF_DOC_LIMIT);
    assert_true(md_linear(text, strlen(text), &out, &err));
    assert_non_null(strstr(out.data, "deep"));
    strbuf_finish(&out);
    free(text);
}

static void a_text_past_the_limit_is_refused(void **state)
{
    struct strbuf out;
    struct err err = {0};

    (void)state;
    strbuf_init(&out, STRBUF_DOC_LIMIT);
    assert_false(md_linear("", (size_t)17 * 1024 * 1024, &out, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    strbuf_finish(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_become_these_lines),
        cmocka_unit_test(depth_loses_nothing),
        cmocka_unit_test(a_text_past_the_limit_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
