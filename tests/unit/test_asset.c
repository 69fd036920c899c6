/* test_asset.c - the block grammar: trees by indentation, strings, texts, comments, and errors
 * with their place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "asset/asset.h"

static struct asset *parse(const char *text, struct err *err)
{
    return asset_parse("t", text, strlen(text), err);
}

/* "word(rest){children}" for a list of siblings. */
static void print_tree(const struct asset_node *n, struct strbuf *out)
{
    for (; n; n = n->next) {
        strbuf_printf(out, "%s(%s)", n->word, n->rest);
        if (n->child) {
            strbuf_char(out, '{');
            print_tree(n->child, out);
            strbuf_char(out, '}');
        }
        if (n->next)
            strbuf_char(out, ' ');
    }
}

static void trees_follow_the_indentation(void **state)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"", ""},
        {"\n  \n# only a comment\n", ""},
        {"a", "a()"},
        {"a b  c  \nd", "a(b  c) d()"},
        {"a\n  b\n  c\n    d\ne", "a(){b() c(){d()}} e()"},
        {"a\n  b\n    c\n  d", "a(){b(){c()} d()}"},
        {"a 1 # note\n  b \"x # y\" # z", "a(1){b(\"x # y\")}"},
        {"a x#y", "a(x#y)"},
        {"a\r\n  b c\r\n", "a(){b(c)}"},
        {"a 1 + \\\n    2\nb", "a(1 +  \n    2) b()"},
        {"a \"\"\"\n   one\n     two\n\n   three\n  \"\"\"\nb", "a(one\n  two\n\nthree) b()"},
        {"a \"\"\"\n\"\"\"", "a()"},
        {"\ta\n\t\tb", "a(){b()}"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct err err = {0};
        struct asset *a = parse(rows[i].text, &err);
        struct strbuf out;

        if (!a)
            fail_msg("row %zu: %s", i, err.msg);
        strbuf_init(&out, 10000);
        print_tree(asset_root(a), &out);
        assert_string_equal(out.data, rows[i].want);
        strbuf_finish(&out);
        asset_free(a);
    }
}

static void mistakes_are_told_with_their_place(void **state)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"a\n\tb\n  c", "t:3:1: tabs and spaces are mixed in the indentation; use one of them"},
        {"a \"b", "t:1:3: this string is not closed; add a \""},
        {"a \"\"\"\nb\n",
         "t:1:3: this text is not closed; end it with \"\"\" on a line of its own"},
        {"a\n    b\n  c", "t:3:3: this line is indented like none above it"},
        {"  a\nb", "t:2:1: this line is indented like none above it"},
        {"a \xff", "t:1:3: this byte is not UTF-8"},
        {"a\n\u00e9 \xc3", "t:2:3: this byte is not UTF-8"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct err err = {0};

        assert_null(parse(rows[i].text, &err));
        assert_int_equal(err.code, ERR_INVALID);
        assert_string_equal(err.msg, rows[i].want);
    }
}

static void a_nul_byte_and_too_much_of_anything_are_refused(void **state)
{
    struct err err = {0};
    struct strbuf deep;
    char *large = mem_zero(5 * 1024 * 1024, 1);

    (void)state;
    assert_null(asset_parse("t", "a\0b", 3, &err));
    assert_int_equal(err.code, ERR_INVALID);
    memset(large, 'a', 5 * 1024 * 1024);
    assert_null(asset_parse("t", large, 5 * 1024 * 1024, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    free(large);
    strbuf_init(&deep, 1024 * 1024);
    for (size_t i = 0; i < 40; i++) {
        strbuf_fill(&deep, ' ', i);
        strbuf_str(&deep, "a\n");
    }
    assert_null(asset_parse("t", deep.data, deep.len, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    strbuf_finish(&deep);
}

static void words_and_strings_are_split(void **state)
{
    struct err err = {0};
    struct asset *a = parse("rule SUL-05 \"The \\\"Amount\\\"\\n\" end\n  fail \"you\"\n"
                            "  note two words\n  long one \\\n     two\nbad \"a\"b",
                            &err);
    const struct asset_node *n = asset_root(a);
    const char *words[4];

    (void)state;
    assert_int_equal(asset_words(a, n, words, 4, &err), 3);
    assert_string_equal(words[0], "SUL-05");
    assert_string_equal(words[1], "The \"Amount\"\n");
    assert_string_equal(words[2], "end");
    assert_int_equal(asset_words(a, n, words, 2, &err), -1);
    assert_string_equal(err.msg, "t:1:1: \"rule\" takes at most 2 words");
    assert_string_equal(asset_text(a, n, "fail", "?"), "you");
    assert_string_equal(asset_text(a, n, "note", "?"), "two words");
    assert_string_equal(asset_text(a, n, "long", "?"), "one two");
    assert_string_equal(asset_text(a, n, "none", "?"), "?");
    assert_int_equal(asset_child(n, "note")->line, 3);
    assert_int_equal(asset_child(n, "note")->column, 3);
    assert_int_equal(asset_child(n, "note")->rest_column, 8);
    assert_int_equal(asset_words(a, n->next, words, 4, &err), -1);
    assert_false(asset_fail(a, n->next, &err, "no %d", 3));
    assert_string_equal(err.msg, "t:6:1: no 3");
    asset_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trees_follow_the_indentation),
        cmocka_unit_test(mistakes_are_told_with_their_place),
        cmocka_unit_test(a_nul_byte_and_too_much_of_anything_are_refused),
        cmocka_unit_test(words_and_strings_are_split),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
