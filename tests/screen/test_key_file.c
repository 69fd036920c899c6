/* test_key_file.c - the user's keys: what a line does, what a wrong one says, what is told of conflicts, and
 * that the keys of the table have none but those that are meant. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <glob.h>

#include "strattio/attr.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/paths.h"
#include "strattio/strbuf.h"

#include "support/temp_dir.h"
#include "terminal/key_conflict.h"
#include "terminal/key_file.h"

static void assert_keys(const struct keymap *km, enum action a, const char *want)
{
    struct strbuf keys;

    strbuf_init(&keys, 1024);
    keymap_spell(km, a, &keys);
    if (strcmp(keys.data, want) != 0)
        fail_msg("%s has \"%s\", not \"%s\"", action_info(a)->name, keys.data, want);
    strbuf_finish(&keys);
}

static const struct {
    const char *text;
    enum action action;
    const char *want;
} lines[] = {
    {"plans.new = C-n", ACTION_PLANS_NEW, "C-n"},
    {"plans.new = n C-n F5", ACTION_PLANS_NEW, "n C-n F5"},
    {"plans.new = + C-n", ACTION_PLANS_NEW, "n C-n"},
    {"plans.new = + n n C-n", ACTION_PLANS_NEW, "n C-n"},
    {"plans.new = none", ACTION_PLANS_NEW, ""},
    {"  plans.new\t=  x  \r", ACTION_PLANS_NEW, "x"},
    {"# plans.new = x\n; plans.new = y\n\n", ACTION_PLANS_NEW, "n"},
    {"plans.new = =", ACTION_PLANS_NEW, "="},
    {"plans.new = +", ACTION_PLANS_NEW, "+"},
    {"plans.new = # é", ACTION_PLANS_NEW, "# é"},
    {"plans.new = pagedown M-enter", ACTION_PLANS_NEW, "PageDown M-Enter"},
    {"app.back = Esc C-b", ACTION_BACK, "Esc C-b"},
};
static void a_line_gives_keys(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        struct keymap *km = keymap_create();
        struct key_problems problems = {0};

        key_file_parse(km, "keys.ini", lines[i].text, &problems);
        if (problems.count)
            fail_msg("\"%s\": %s", lines[i].text, problems.items[0]);
        assert_keys(km, lines[i].action, lines[i].want);
        key_problems_finish(&problems);
        keymap_destroy(km);
    }
}

static const struct {
    const char *text, *told;
} wrong[] = {
    {"what", "keys.ini:1: \"what\" is not \"action = key key\""},
    {"\n[keys]", "keys.ini:2: \"[keys]\" is not"},
    {"= x", "is not \"action = key key\""},
    {"plan.neww = x", "there is no action \"plan.neww\"; did you mean \"plans.new\"?"},
    {"plans.new = Ctrl-X", "\"Ctrl-X\" is no key; write a character, or C-x"},
    {"plans.new = S-x", "\"S-x\" is no key"},
    {"plans.new =", "plans.new is given nothing; write its keys, or \"none\""},
    {"plans.new = none x", "\"none\" is no key"},
    {"plans.new = x\nplans.new = y", "keys.ini:2: plans.new is given keys a second time"},
    {"app.back = none", "app.back needs a key that is no character"},
    {"app.back = b", "app.back needs a key that is no character"},
};
static void a_wrong_line_says_so_and_costs_only_itself(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct keymap *km = keymap_create();
        struct key_problems problems = {0};
        char *text = mem_printf("%s\nplans.open = o\n", wrong[i].text);

        key_file_parse(km, "keys.ini", text, &problems);
        assert_int_equal(problems.count, 1);
        if (!strstr(problems.items[0], wrong[i].told))
            fail_msg("\"%s\": %s", wrong[i].text, problems.items[0]);
        assert_keys(km, ACTION_PLANS_OPEN, "o");
        assert_keys(km, ACTION_BACK, "Esc");
        key_problems_finish(&problems);
        keymap_destroy(km);
        free(text);
    }
}

static const struct {
    const char *text, *told; /* NULL: nothing */
} conflicts[] = {
    {"plans.new = x", "x is bound to plans.new and plans.archive at once; plans.new has it."},
    {"plans.new = j", "j is bound to plans.new and list.down at once; plans.new has it."},
    {"plans.new = ?", "? is bound to plans.new and app.help at once; plans.new has it."},
    {"plans.new = Esc", "Esc does plans.new, so that it does not lead back there; give plans.new "
                        "another key."},
    {"plans.new = r", NULL},                          /* another screen's */
    {"plans.mark = C-t\nlist.page-down = C-t", NULL}, /* meant: the mark comes first */
    {"plans.new = x\nplans.archive = n", NULL},       /* they have changed places */
    {"list.down = none\nplans.new = j", NULL},
};
static void conflicts_are_told_with_who_has_the_key(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(conflicts); i++) {
        struct keymap *km = keymap_create();
        struct key_problems problems = {0};

        key_file_parse(km, "keys.ini", conflicts[i].text, &problems);
        key_conflicts(km, &problems);
        if (problems.count && strcmp(problems.items[0], conflicts[i].told ? conflicts[i].told : ""))
            fail_msg("\"%s\": %s", conflicts[i].text, problems.items[0]);
        assert_int_equal(problems.count, conflicts[i].told ? 1 : 0);
        key_problems_finish(&problems);
        keymap_destroy(km);
    }
}

static void the_table_has_no_conflicts(void **state)
{
    struct keymap *km = keymap_create();
    struct key_problems problems = {0};

    (void)state;
    key_conflicts(km, &problems);
    for (size_t i = 0; i < problems.count; i++)
        print_error("%s\n", problems.items[i]);
    if (problems.count)
        fail_msg("if the inner one is meant to have the key, say so in key_conflict.c");
    key_problems_finish(&problems);
    keymap_destroy(km);
}

/* A context no screen holds would never be compared with anything. */
static void every_context_is_held_by_a_screen(void **state)
{
    (void)state;
    for (int c = 0; c < CONTEXT_COUNT; c++) {
        struct contexts alone = {{(enum context)c}, 1};

        if (!key_contexts_known(&alone))
            fail_msg("the context \"%s\" is in no row of key_conflict.c",
                     context_name((enum context)c));
    }
}

static enum context context_of(const char *id)
{
    static const char *const ids[] = {
#define CONTEXT_ROW(id, name, title) #id,
        CONTEXT_LIST(CONTEXT_ROW)
#undef CONTEXT_ROW
    };
    int c = 0;

    while (c < CONTEXT_COUNT && strcmp(ids[c], id) != 0)
        c++;
    return (enum context)c;
}

static void check_source(const char *path)
{
    FILE *file = fopen(path, "r");
    struct contexts cs = {.count = 0};
    char line[512], id[32];

    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        const char *at = strstr(line, "contexts_add(cs, CONTEXT_");

        if (!at) {
            cs.count = 0;
            continue;
        }
        if (sscanf(at, "contexts_add(cs, CONTEXT_%31[A-Z_])", id) != 1)
            continue;
        contexts_add(&cs, context_of(id));
        if (!key_contexts_known(&cs))
            fail_msg(
                "%s holds contexts together (%s the last) that are in no row of key_conflict.c",
                path, id);
    }
    fclose(file);
}

/* What the screens add line by line is in the table in that order. */
static void what_screens_hold_together_is_known(void **state)
{
    glob_t found;

    (void)state;
    assert_int_equal(glob(SOURCE_DIR "/ui/screen/*.c", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        check_source(found.gl_pathv[i]);
    globfree(&found);
}

/* ---- the file ------------------------------------------------------------------------------ */

static int make_folder(void **state)
{
    *state = temp_dir_make();
    setenv("XDG_CONFIG_HOME", *state, 1);
    return 0;
}

static int remove_folder(void **state)
{
    temp_dir_remove(*state);
    return 0;
}

static char *read_keys_file(const char *folder)
{
    char *path = mem_printf("%s/strattio/keys.ini", folder);
    struct err err = {0};
    size_t len;
    char *text = paths_read_file(path, 4096, &len, &err);

    free(path);
    return text;
}

static void saving_keeps_the_other_lines(void **state)
{
    struct key_problems problems = {0};
    struct err err = {0};
    struct keymap *km;
    char *text;

    assert_true(key_file_save(ACTION_PLANS_NEW, "n C-n", &err));
    text = read_keys_file(*state);
    assert_string_equal(text, "plans.new = n C-n\n");
    free(text);
    assert_true(key_file_save(ACTION_PLANS_OPEN, "", &err));
    assert_true(key_file_save(ACTION_PLANS_NEW, "F5", &err));
    text = read_keys_file(*state);
    assert_string_equal(text, "plans.new = F5\nplans.open = none\n");
    free(text);
    km = key_file_load(&problems);
    assert_int_equal(problems.count, 0);
    assert_keys(km, ACTION_PLANS_NEW, "F5");
    assert_keys(km, ACTION_PLANS_OPEN, "");
    keymap_destroy(km);
    assert_true(key_file_save(ACTION_PLANS_NEW, NULL, &err));
    text = read_keys_file(*state);
    assert_string_equal(text, "plans.open = none\n");
    free(text);
}

static void comments_stay_and_a_second_line_goes(void **state)
{
    char *path = mem_printf("%s/strattio", (char *)*state), *file;
    static const char before[] = "# mine\nplans.new = x\n\n; more\nplans.new = y\nnonsense";
    struct err err = {0};
    char *text;

    mkdir(path, 0700);
    file = mem_printf("%s/keys.ini", path);
    assert_true(paths_write_file(file, before, strlen(before), 0600, &err));
    assert_true(key_file_save(ACTION_PLANS_NEW, "z", &err));
    text = read_keys_file(*state);
    assert_string_equal(text, "# mine\nplans.new = z\n\n; more\nnonsense\n");
    free(text);
    free(file);
    free(path);
}

static void what_would_not_be_read_is_not_saved(void **state)
{
    struct err err = {0};

    assert_false(key_file_save(ACTION_PLANS_NEW, "Ctrl-X", &err));
    assert_int_equal(err.code, ERR_INVALID);
    assert_false(key_file_save(ACTION_BACK, "", &err));
    assert_false(key_file_save(ACTION_PLANS_NEW, "x\nplans.open = y", &err));
    assert_null(read_keys_file(*state));
}

/* Whatever the file holds, it is read, and what came out of it is read again the same. */
static void any_bytes_are_a_file(void **state)
{
    static const char *const tokens[] = {"plans.new", "app.back", " = ",  "none", "+", "C-",
                                         "M-",        "\n",       "#",    "x",    "é", "Esc",
                                         "F12",       "F99",      "\xff", "=",    " ", "S-Tab"};
    uint32_t random = 7;

    (void)state;
    for (int run = 0; run < 4000; run++) {
        struct strbuf text, spelled;
        struct keymap *km = keymap_create(), *again = keymap_create();
        struct key_problems problems = {0};

        strbuf_init(&text, 4096);
        for (int i = 0; i < 24; i++) {
            random = random * 1664525u + 1013904223u;
            strbuf_str(&text, tokens[(random >> 16) % ARRAY_LEN(tokens)]);
        }
        key_file_parse(km, "keys.ini", text.data, &problems);
        key_conflicts(km, &problems);
        strbuf_init(&spelled, 1024);
        keymap_spell(km, ACTION_PLANS_NEW, &spelled);
        strbuf_clear(&text);
        strbuf_printf(&text, "plans.new = %s\n", spelled.len ? spelled.data : "none");
        key_file_parse(again, "keys.ini", text.data, &problems);
        assert_keys(again, ACTION_PLANS_NEW, spelled.data);
        key_problems_finish(&problems);
        keymap_destroy(km);
        keymap_destroy(again);
        strbuf_finish(&text);
        strbuf_finish(&spelled);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_gives_keys),
        cmocka_unit_test(a_wrong_line_says_so_and_costs_only_itself),
        cmocka_unit_test(conflicts_are_told_with_who_has_the_key),
        cmocka_unit_test(the_table_has_no_conflicts),
        cmocka_unit_test(every_context_is_held_by_a_screen),
        cmocka_unit_test(what_screens_hold_together_is_known),
        cmocka_unit_test_setup_teardown(saving_keeps_the_other_lines, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(comments_stay_and_a_second_line_goes, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(what_would_not_be_read_is_not_saved, make_folder,
                                        remove_folder),
        cmocka_unit_test(any_bytes_are_a_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
