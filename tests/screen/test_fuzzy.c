/* test_fuzzy.c - what is found by what is typed, which comes first, and which letters are marked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "strattio/attr.h"

#include "widget/fuzzy.h"

static int score_of(const char *typed, const char *name, const char *help,
                    struct fuzzy_text texts[2])
{
    texts[0] = (struct fuzzy_text){.text = name, .weight = 3, .abbreviated = true};
    texts[1] = (struct fuzzy_text){.text = help, .weight = 1};
    return fuzzy_match(typed, texts, 2);
}

/* The marked letters in brackets: "[fin]ancials". */
static void bracket(const struct fuzzy_text *text, char *out)
{
    bool in = false;

    for (size_t i = 0; text->text[i]; i++) {
        bool begins = ((unsigned char)text->text[i] & 0xc0) != 0x80;
        bool marked = begins ? fuzzy_marked(text, i) : in;

        if (marked != in)
            *out++ = marked ? '[' : ']';
        in = marked;
        *out++ = text->text[i];
    }
    if (in)
        *out++ = ']';
    *out = '\0';
}

static const struct {
    const char *typed, *name, *want;
} found[] = {
    {"fin", "plan.financials", "plan.[fin]ancials"},
    {"FIN", "plan.financials", "plan.[fin]ancials"},
    {"fitr", "financials.trace", "[fi]nancials.[tr]ace"},
    {"pw", "plan.write", "[p]lan.[w]rite"},
    {"write plan", "plan.write", "[plan].[write]"},
    {"cafe", "Café Zürich", "[Café] Zürich"},
    {"zurich", "Café Zürich", "Café [Zürich]"},
    {"é", "cafe", "caf[e]"},
    {"strasse", "Alte Straße", "Alte [Straße]"},
    {"maketing", "Marketing strategy", "[Marketing] strategy"},
    {"markteing", "Marketing strategy", "[Marketing] strategy"},
    {"marcet", "Marketing strategy", "[Market]ing strategy"},
    {"markketing", "Marketing strategy", "[Marketing] strategy"},
    {"chk", "plan.checklist", "plan.[ch]ec[k]list"},
    {"mkt", "Marketing strategy", "[M]ar[k]e[t]ing strategy"},
    {"back", "x.cback", "x.c[back]"},
    {"東", "東京", "[東]京"},
};
static void letters_are_found_and_marked(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(found); i++) {
        struct fuzzy_text texts[2];
        char marked[256];

        if (!score_of(found[i].typed, found[i].name, NULL, texts))
            fail_msg("\"%s\" does not find \"%s\"", found[i].typed, found[i].name);
        bracket(&texts[0], marked);
        if (strcmp(marked, found[i].want) != 0)
            fail_msg("\"%s\" marks %s, not %s", found[i].typed, marked, found[i].want);
    }
}

static const struct {
    const char *typed, *name;
} not_found[] = {
    {"xyz", "plan.financials"},         {"nn", "plan.financials"}, /* letters from anywhere are noise */
    {"fan", "financials.trace"}, /* three letters are no word to slip in */
    {"mxkteing", "Marketing strategy"}, {"plan zzz", "plan.write"}, {"write!", "plan.writ"},
};
static void what_is_something_else_is_not_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(not_found); i++) {
        struct fuzzy_text texts[2];

        if (score_of(not_found[i].typed, not_found[i].name, NULL, texts))
            fail_msg("\"%s\" finds \"%s\"", not_found[i].typed, not_found[i].name);
    }
}

static const struct {
    const char *typed, *better_name, *better_help, *name, *help;
} orders[] = {
    {"write", "plan.write", "", "plans.open", "Write it."}, /* the name before the help */
    {"market", "Market analysis", "", "Supermarket", ""},   /* a word before a part of one */
    {"open", "plans.open", "", "plans.opener", ""},   /* the whole word before its beginning */
    {"back", "app.back", "", "app.bakc", ""},         /* what is right before a slip */
    {"ex", "plan.export", "", "every.xylophone", ""}, /* as it stands before letters */
};
static void the_better_answer_scores_more(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
        struct fuzzy_text texts[2];
        int better = score_of(orders[i].typed, orders[i].better_name, orders[i].better_help, texts);
        int other = score_of(orders[i].typed, orders[i].name, orders[i].help, texts);

        if (better <= other || !other)
            fail_msg("\"%s\": %s scores %d, %s %d", orders[i].typed, orders[i].better_name, better,
                     orders[i].name, other);
    }
}

static void nothing_typed_matches_everything(void **state)
{
    struct fuzzy_text texts[2];

    (void)state;
    assert_int_equal(score_of("", "plan.write", "Write.", texts), 1);
    assert_int_equal(score_of("   ", "plan.write", NULL, texts), 1);
}

/* Long texts, broken UTF-8, and a text made so that trying every way would take for ever. */
static void anything_may_be_typed_and_searched(void **state)
{
    struct fuzzy_text texts[2];
    char text[1000], typed[200];

    (void)state;
    for (size_t i = 0; i + 1 < sizeof text; i++)
        text[i] = i % 2 ? ' ' : 'a';
    text[sizeof text - 1] = '\0';
    memset(typed, 'a', sizeof typed);
    strcpy(typed + 60, "b");
    assert_int_equal(score_of(typed, text, text, texts), 0);
    for (unsigned seed = 1; seed < 3000; seed++) {
        unsigned random = seed * 2654435761u;

        for (size_t i = 0; i < 40; i++, random = random * 1664525u + 1013904223u)
            text[i] = (char)(random >> 24 ? random >> 24 : 1);
        text[40] = '\0';
        memcpy(typed, text + random % 30, 10);
        typed[10] = '\0';
        score_of(typed, text, typed, texts);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_are_found_and_marked),
        cmocka_unit_test(what_is_something_else_is_not_found),
        cmocka_unit_test(the_better_answer_scores_more),
        cmocka_unit_test(nothing_typed_matches_everything),
        cmocka_unit_test(anything_may_be_typed_and_searched),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
