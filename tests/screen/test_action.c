/* test_action.c - the table of actions and the hints made from it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "strattio/strbuf.h"

#include "screen/picture.h"
#include "terminal/action.h"
#include "widget/bar.h"

static struct key key_of(const char *name)
{
    struct key k = {0};

    assert_true(key_parse(name, strlen(name), &k));
    return k;
}

static void every_row_of_the_table_is_whole(void **state)
{
    (void)state;
    for (int a = ACTION_NONE + 1; a < ACTION_COUNT; a++) {
        const struct action_info *info = action_info((enum action)a);
        const char *dot = strchr(info->name, '.');
        size_t len = strlen(info->help);

        /* "context.verb", and a sentence. */
        assert_non_null(dot);
        assert_int_equal(strncmp(info->name, context_name(info->context),
                                 (size_t)(dot - info->name)), 0);
        if (len < 5 || info->help[len - 1] != '.' || info->help[0] < 'A' || info->help[0] > 'Z')
            fail_msg("%s: \"%s\" is no sentence", info->name, info->help);
        for (int b = ACTION_NONE + 1; b < a; b++)
            assert_string_not_equal(info->name, action_info((enum action)b)->name);
    }
}

static void every_key_of_the_table_reads_and_is_bound_once(void **state)
{
    (void)state;
    for (int a = ACTION_NONE + 1; a < ACTION_COUNT; a++) {
        const struct action_info *info = action_info((enum action)a);

        for (const char *at = info->keys; *at;) {
            size_t len = strcspn(at, " ");
            struct keymap *km = keymap_create();
            struct contexts cs = {.count = 0};
            struct key k;

            if (!key_parse(at, len, &k))
                fail_msg("%s: \"%.*s\" is no key", info->name, (int)len, at);
            contexts_add(&cs, info->context);
            if (keymap_find(km, &cs, k) != (enum action)a)
                fail_msg("%s: \"%.*s\" is bound to %s as well", info->name, (int)len, at,
                         action_info(keymap_find(km, &cs, k))->name);
            keymap_destroy(km);
            at += len;
            at += strspn(at, " ");
        }
    }
}

static void the_inner_context_wins(void **state)
{
    struct keymap *km = keymap_create();
    struct contexts cs = {.count = 0};

    (void)state;
    contexts_add(&cs, CONTEXT_CONFIRM);
    contexts_add(&cs, CONTEXT_APP);
    assert_int_equal(keymap_find(km, &cs, key_of("q")), ACTION_CONFIRM_NO);
    assert_int_equal(keymap_find(km, &cs, key_of("C-q")), ACTION_LEAVE);
    assert_int_equal(keymap_find(km, &cs, key_of("M-y")), ACTION_NONE);
    keymap_destroy(km);
}

/* What deletes is asked about, and what asks is answered with another key. */
static void a_question_is_not_answered_by_the_key_that_asked(void **state)
{
    struct keymap *km = keymap_create();
    struct key ask, yes;

    (void)state;
    for (int a = ACTION_NONE + 1; a < ACTION_COUNT; a++) {
        if (!strstr(action_info((enum action)a)->help, "after a question"))
            continue;
        for (size_t i = 0; keymap_key(km, (enum action)a, i, &ask); i++)
            for (size_t j = 0; keymap_key(km, ACTION_CONFIRM_YES, j, &yes); j++)
                assert_false(key_equal(ask, yes));
    }
    keymap_destroy(km);
}

static bool none_allowed(void *arg, enum action a)
{
    (void)arg;
    return a != ACTION_BACK;
}

static void hints_leave_out_what_does_not_work(void **state)
{
    struct keymap *km = keymap_create();
    struct contexts cs = {.count = 0};
    struct hint hints[24];
    size_t count;

    (void)state;
    contexts_add(&cs, CONTEXT_HELP); /* takes ? and q for itself */
    contexts_add(&cs, CONTEXT_APP);
    count = keymap_hints(km, &cs, none_allowed, NULL, true, hints, 24);
    for (size_t i = 0; i < count; i++)
        assert_string_not_equal(hints[i].word, "back");
    for (size_t i = 0; i < count; i++)
        if (strcmp(hints[i].word, "help") == 0)
            assert_string_equal(hints[i].key, "F1");
    keymap_destroy(km);
}

static void hints_shrink_with_the_width_and_keep_the_help(void **state)
{
    static const struct hint hints[] = {
        {"↵", "open", false}, {"n", "new plan", false}, {"/", "filter", false}, {"?", "help", true}};
    struct picture p;

    (void)state;
    picture_init(&p, 1, 50);
    bar_hints(&p.canvas, hints, 4);
    assert_picture(&p, " ↵ open   n new plan   / filter   ? help\n");
    picture_finish(&p);
    picture_init(&p, 1, 27);
    bar_hints(&p.canvas, hints, 4);
    assert_picture(&p, " ↵ open   / filter   ? help\n");
    picture_finish(&p);
    picture_init(&p, 1, 8);
    bar_hints(&p.canvas, hints, 4);
    assert_picture(&p, " ? help\n");
    picture_finish(&p);
}

static void the_header_keeps_the_last_crumb(void **state)
{
    static const char *const crumbs[] = {"Strattio", "Harbour Bakery", "Market analysis"};
    struct picture p;

    (void)state;
    picture_init(&p, 1, 60);
    bar_header(&p.canvas, crumbs, 3, "saved");
    assert_picture(&p, " Strattio › Harbour Bakery › Market analysis          saved\n");
    picture_finish(&p);
    picture_init(&p, 1, 40);
    bar_header(&p.canvas, crumbs, 3, "saved");
    assert_picture(&p, " Market analysis                  saved\n");
    picture_finish(&p);
    picture_init(&p, 1, 12);
    bar_header(&p.canvas, crumbs, 3, "");
    assert_picture(&p, " Market an…\n");
    picture_finish(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_of_the_table_is_whole),
        cmocka_unit_test(every_key_of_the_table_reads_and_is_bound_once),
        cmocka_unit_test(the_inner_context_wins),
        cmocka_unit_test(a_question_is_not_answered_by_the_key_that_asked),
        cmocka_unit_test(hints_leave_out_what_does_not_work),
        cmocka_unit_test(hints_shrink_with_the_width_and_keep_the_help),
        cmocka_unit_test(the_header_keeps_the_last_crumb),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
