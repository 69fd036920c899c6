/* Applied to the old text a diff gives the new one, whatever the two are, and it reads as a person
 * would say it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "support/random_splice.h"

#include "strattio/diff.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "text/myers.h"

static bool is_character_end(const char *text, size_t at, size_t len)
{
    return at == len || ((unsigned char)text[at] & 0xc0) != 0x80;
}

/* The runs give both texts back, in order, and join what belongs together. */
static void expect_sound(const char *old, const char *now, const struct diff *d)
{
    size_t old_len = strlen(old), now_len = strlen(now), old_at = 0, now_at = 0;

    for (size_t i = 0; i < d->count; i++) {
        const struct diff_run *run = &d->runs[i];

        assert_true(run->len > 0);
        assert_true(i == 0 || run->kind != d->runs[i - 1].kind);
        if (run->kind == DIFF_REMOVED) {
            assert_int_equal(run->at, old_at);
            assert_true(run->at + run->len <= old_len);
            assert_true(is_character_end(old, run->at + run->len, old_len));
            old_at += run->len;
            continue;
        }
        assert_int_equal(run->at, now_at);
        assert_true(run->at + run->len <= now_len);
        assert_true(is_character_end(now, run->at + run->len, now_len));
        if (run->kind == DIFF_SAME) {
            assert_true(run->len <= old_len - old_at);
            assert_memory_equal(old + old_at, now + now_at, run->len);
            old_at += run->len;
        }
        now_at += run->len;
    }
    assert_int_equal(old_at, old_len);
    assert_int_equal(now_at, now_len);
}

/* "[-old-]{+new+}", as git writes it. */
static void shown(const char *old, const char *now, const struct diff *d, struct strbuf *out)
{
    static const char *const marks[][2] = {{"", ""}, {"[-", "-]"}, {"{+", "+}"}};

    for (size_t i = 0; i < d->count; i++) {
        const struct diff_run *run = &d->runs[i];

        strbuf_str(out, marks[run->kind][0]);
        strbuf_add(out, (run->kind == DIFF_REMOVED ? old : now) + run->at, run->len);
        strbuf_str(out, marks[run->kind][1]);
    }
}

static const struct {
    const char *name, *old, *now, *want, *summary;
} diffs[] = {
    {"nothing", "a b\n", "a b\n", "a b\n", "nothing changed"},
    {"from nothing", "", "a b", "{+a b+}", "2 words added"},
    {"to nothing", "one\n", "", "[-one\n-]", "1 word removed"},
    {"a word", "We sell bread.\n", "We sell cakes.\n", "We sell [-bread-]{+cakes+}.\n",
     "1 word added, 1 removed"},
    {"a word more", "We sell bread.\n", "We sell good bread.\n", "We sell {+good +}bread.\n",
     "1 word added"},
    {"two words in a row", "a big red bus", "a small blue bus", "a [-big red-]{+small blue+} bus",
     "2 words added, 2 removed"},
    {"a figure is one word", "sells {{pnl.revenue[y1]:money0}}.",
     "sells {{pnl.revenue[y2]:money0}}.",
     "sells [-{{pnl.revenue[y1]:money0}}-]{+{{pnl.revenue[y2]:money0}}+}.",
     "1 word added, 1 removed"},
    {"an amount is one word", "costs 1,250.50 now", "costs 1,260.50 now",
     "costs [-1,250.50-]{+1,260.50+} now", "1 word added, 1 removed"},
    {"a paragraph", "one\n\nthree\n", "one\n\ntwo\n\nthree\n", "one\n\n{+two\n\n+}three\n",
     "1 word added"},
    {"accents", "caf\xc3\xa9", "caf\xc3\xa8", "[-caf\xc3\xa9-]{+caf\xc3\xa8+}",
     "1 word added, 1 removed"},
    {"spacing", "a b", "a  b", "a[- -]{+  +}b", "only spacing or marks differ"},
    {"no confetti", "It was the best of the times we ever had of it.\n",
     "Sales of cakes grow by the half every year from May.\n",
     "[-It was the best of the times we ever had of it-]"
     "{+Sales of cakes grow by the half every year from May+}.\n",
     "11 words added, 12 removed"},
    {"an open figure", "a {{b\nc", "a {{d\nc", "a {{[-b-]{+d+}\nc", "1 word added, 1 removed"},
};

static void differences_read_as_the_table_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(diffs); i++) {
        struct strbuf text, summary;
        struct diff d;

        strbuf_init(&text, 4096);
        strbuf_init(&summary, 4096);
        diff_words(diffs[i].old, strlen(diffs[i].old), diffs[i].now, strlen(diffs[i].now), &d);
        expect_sound(diffs[i].old, diffs[i].now, &d);
        shown(diffs[i].old, diffs[i].now, &d, &text);
        diff_summary(&d, &summary);
        if (strcmp(text.data, diffs[i].want) != 0 || strcmp(summary.data, diffs[i].summary) != 0)
            fail_msg("%s: %s (%s)", diffs[i].name, text.data, summary.data);
        assert_false(d.coarse);
        diff_finish(&d);
        strbuf_finish(&text);
        strbuf_finish(&summary);
    }
}

static void a_text_edited_at_random_is_given_back(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        struct random_splice r = {.state = seed};
        const char *start = "# Caf\xc3\xa9\n\nBread is {{a.b}} of it.\n\n- one\n- two\n";
        struct text *t = text_create(start, strlen(start));
        struct diff d;

        for (size_t i = random_splice_below(&r, 40); i; i--)
            random_splice_one(&r, t);
        diff_words(start, strlen(start), text_bytes(t), text_len(t), &d);
        expect_sound(start, text_bytes(t), &d);
        diff_finish(&d);
        diff_words(text_bytes(t), text_len(t), start, strlen(start), &d);
        expect_sound(text_bytes(t), start, &d);
        diff_finish(&d);
        text_destroy(t);
    }
}

/* The length of a longest common subsequence by the table everybody knows. */
static size_t common_len(const uint32_t *a, size_t n, const uint32_t *b, size_t m)
{
    size_t best[32][32] = {{0}};

    for (size_t i = 1; i <= n; i++)
        for (size_t j = 1; j <= m; j++) {
            best[i][j] = best[i - 1][j] > best[i][j - 1] ? best[i - 1][j] : best[i][j - 1];
            if (a[i - 1] == b[j - 1] && best[i - 1][j - 1] + 1 > best[i][j])
                best[i][j] = best[i - 1][j - 1] + 1;
        }
    return best[n][m];
}

static void what_is_common_is_as_long_as_can_be(void **state)
{
    struct random_splice r = {.state = 3};

    (void)state;
    for (int round = 0; round < 20000; round++) {
        uint32_t a[31], b[31];
        bool a_only[31] = {false}, b_only[31] = {false};
        size_t n = random_splice_below(&r, 31), m = random_splice_below(&r, 31), same = 0;
        size_t letters = 1 + random_splice_below(&r, 6), budget = 1000000, i = 0, j = 0;

        for (size_t k = 0; k < n; k++)
            a[k] = (uint32_t)random_splice_below(&r, letters);
        for (size_t k = 0; k < m; k++)
            b[k] = (uint32_t)random_splice_below(&r, letters);
        assert_true(myers_diff(a, n, b, m, a_only, b_only, &budget));
        for (;; i++, j++, same++) {
            while (i < n && a_only[i])
                i++;
            while (j < m && b_only[j])
                j++;
            if (i == n || j == m)
                break;
            assert_int_equal(a[i], b[j]);
        }
        assert_true(i == n && j == m);
        assert_int_equal(same, common_len(a, n, b, m));
    }
}

/* Half a megabyte of other words: bounded, told, and still true. */
static void long_texts_that_share_nothing_are_replaced_whole(void **state)
{
    struct random_splice r = {.state = 11};
    struct strbuf old, now;
    struct diff d;

    (void)state;
    strbuf_init(&old, STRBUF_DOC_LIMIT);
    strbuf_init(&now, STRBUF_DOC_LIMIT);
    strbuf_str(&old, "The same beginning.\n");
    strbuf_str(&now, "The same beginning.\n");
    for (int i = 0; i < 60000; i++) {
        strbuf_printf(&old, "o%zu ", random_splice_below(&r, 3000));
        strbuf_printf(&now, "o%zu ", random_splice_below(&r, 3000));
    }
    diff_words(old.data, old.len, now.data, now.len, &d);
    expect_sound(old.data, now.data, &d);
    assert_true(d.coarse);
    assert_int_equal(d.runs[0].kind, DIFF_SAME);
    diff_finish(&d);
    strbuf_finish(&old);
    strbuf_finish(&now);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(differences_read_as_the_table_says),
        cmocka_unit_test(a_text_edited_at_random_is_given_back),
        cmocka_unit_test(what_is_common_is_as_long_as_can_be),
        cmocka_unit_test(long_texts_that_share_nothing_are_replaced_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
