/* Flags win over the environment, that over config.ini, that over the default; what is wrong is
 * named with its place; saving touches one line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "strattio/config.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/paths.h"
#include "support/temp_dir.h"

static int set_up(void **state)
{
    char *dir = temp_dir_make();

    for (const struct setting *row = config_settings; row->key; row++)
        unsetenv(row->env);
    setenv("XDG_CONFIG_HOME", dir, 1);
    *state = dir;
    return 0;
}

static int tear_down(void **state)
{
    temp_dir_remove(*state);
    return 0;
}

static char *ini_path(void **state)
{
    return mem_printf("%s/strattio/config.ini", (const char *)*state);
}

static void write_ini(void **state, const char *text)
{
    struct err err = {0};
    char *path = ini_path(state);

    free(paths_dir(PATHS_CONFIG, true, &err));
    if (!paths_write_file(path, text, strlen(text), 0600, &err))
        fail_msg("%s", err.msg);
    free(path);
}

static void expect_ini(void **state, const char *want)
{
    struct err err = {0};
    char *path = ini_path(state), *text = paths_read_file(path, 10000, NULL, &err);

    assert_non_null(text);
    assert_string_equal(text, want);
    free(text);
    free(path);
}

enum { ARGS = 12 };

struct args {
    char *argv[ARGS];
    int argc;
};

/* "strattio" and the words of `line`. The words live until the next call. */
static void split(struct args *args, const char *line)
{
    static char text[500];

    snprintf(text, sizeof text, "strattio %s", line);
    args->argc = 0;
    for (char *word = strtok(text, " "); word; word = strtok(NULL, " "))
        args->argv[args->argc++] = word;
    args->argv[args->argc] = NULL;
}

static struct config *load(struct args *args, const char *line)
{
    struct err err = {0};
    struct config *cfg;

    split(args, line);
    cfg = config_load(&args->argc, args->argv, &err);
    if (!cfg)
        fail_msg("%s", err.msg);
    return cfg;
}

static void expect_refused(const char *line, const char *want)
{
    struct err err = {0};
    struct args args;

    split(&args, line);
    assert_null(config_load(&args.argc, args.argv, &err));
    assert_int_equal(err.code, ERR_INVALID);
    if (!strstr(err.msg, want))
        fail_msg("\"%s\" is not in \"%s\"", want, err.msg);
}

static void the_stronger_source_wins(void **state)
{
    struct args args;
    struct config *cfg = load(&args, "");

    assert_string_equal(config_get(cfg, "color"), "auto");
    assert_string_equal(config_origin(cfg, "color"), "default");
    assert_null(config_get(cfg, "email"));
    config_free(cfg);
    write_ini(state, "color = 16\n");
    cfg = load(&args, "");
    assert_string_equal(config_get(cfg, "color"), "16");
    assert_string_equal(config_origin(cfg, "color"), "config.ini");
    config_free(cfg);
    setenv("STRATTIO_COLOR", "256", 1);
    cfg = load(&args, "");
    assert_string_equal(config_get(cfg, "color"), "256");
    assert_string_equal(config_origin(cfg, "color"), "environment");
    config_free(cfg);
    cfg = load(&args, "--color true");
    assert_string_equal(config_get(cfg, "color"), "true");
    assert_string_equal(config_origin(cfg, "color"), "flag");
    config_free(cfg);
}

static void an_empty_variable_is_as_if_unset(void **state)
{
    struct args args;
    struct config *cfg;

    (void)state;
    setenv("STRATTIO_STORE", "", 1);
    cfg = load(&args, "");
    assert_string_equal(config_get(cfg, "store"), "sqlite:");
    config_free(cfg);
}

static void flags_are_taken_out_and_the_rest_kept_in_order(void **state)
{
    struct args args;
    struct config *cfg =
        load(&args, "show --store sqlite:a.db PLAN --no-mouse --json --theme=dusk -- --color x");

    (void)state;
    assert_string_equal(config_get(cfg, "store"), "sqlite:a.db");
    assert_string_equal(config_get(cfg, "theme"), "dusk");
    assert_false(config_on(cfg, "mouse"));
    assert_string_equal(config_get(cfg, "motion"), "auto");
    assert_int_equal(args.argc, 7);
    assert_string_equal(args.argv[1], "show");
    assert_string_equal(args.argv[2], "PLAN");
    assert_string_equal(args.argv[3], "--json");
    assert_string_equal(args.argv[4], "--");
    assert_string_equal(args.argv[5], "--color");
    assert_string_equal(args.argv[6], "x");
    assert_null(args.argv[7]);
    config_free(cfg);
}

static void a_switch_takes_no_argument(void **state)
{
    struct args args;
    struct config *cfg = load(&args, "--mouse list --no-motion");

    (void)state;
    assert_true(config_on(cfg, "mouse"));
    assert_false(config_on(cfg, "motion"));
    assert_int_equal(args.argc, 2);
    assert_string_equal(args.argv[1], "list");
    config_free(cfg);
    cfg = load(&args, "--mouse=off");
    assert_false(config_on(cfg, "mouse"));
    config_free(cfg);
}

static void sub_commands_keep_their_own_name_and_email(void **state)
{
    struct args args;
    struct config *cfg = load(&args, "new --name Bakery --email a@b.example --stores 3");

    (void)state;
    assert_int_equal(args.argc, 8);
    assert_null(config_get(cfg, "name"));
    config_free(cfg);
}

static void wrong_flags_and_variables_are_named(void **state)
{
    (void)state;
    expect_refused("--store", "--store needs a value");
    expect_refused("--store=", "--store needs a value");
    expect_refused("--color blue", "--color: color cannot be \"blue\"; use one of "
                                   "auto/16/256/true/never");
    expect_refused("--color aut", "cannot be");
    expect_refused("--mouse=maybe", "use one of on/off");
    setenv("STRATTIO_MOTION", "perhaps", 1);
    expect_refused("", "STRATTIO_MOTION: motion cannot be \"perhaps\"");
}

static const struct {
    const char *text, *want;
} wrong[] = {
    {"# fine\n\nstroe = sqlite:\n",
     "config.ini:3: there is no setting \"stroe\"; did you mean \"store\"?"},
    {"e-mail = x\n", "did you mean \"email\"?"},
    {"colour = auto\n", "did you mean \"color\"?"},
    {"color = blue\n", "config.ini:1: color cannot be \"blue\""},
    {"color =\n", "config.ini:1: color cannot be \"\""},
    {"store\n", "config.ini:1: \"store\" is not \"key = value\""},
    {"[strattio\n", "config.ini:1: \"[strattio\" is not \"key = value\""},
    {"[other]\nstore = x\n", "config.ini:1: there is no section [other]; use [strattio]"},
    {"theme = a\r\n[strattio]\r\ntheme = b\r\n",
     "config.ini:3: \"theme\" is set a second time; keep one of them"},
    {"= x\n", "config.ini:1: there is no setting \"\""},
};

static void a_wrong_line_is_named_with_file_and_line(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        write_ini(state, wrong[i].text);
        expect_refused("", wrong[i].want);
    }
}

static void long_values_blanks_and_sections_are_read(void **state)
{
    char text[1200], uri[1000];
    struct args args;
    struct config *cfg;

    memset(uri, 'h', sizeof uri);
    memcpy(uri, "mongodb://a:27017,b:27017/?tls=true&x=;#", 40);
    uri[sizeof uri - 1] = '\0';
    snprintf(text, sizeof text,
             "\xef\xbb\xbf; a comment\n  [ strattio ]\r\n\tstore=%s \r\ntheme = a b", uri);
    write_ini(state, text);
    cfg = load(&args, "");
    assert_string_equal(config_get(cfg, "store"), uri);
    assert_string_equal(config_get(cfg, "theme"), "a b");
    config_free(cfg);
}

static void an_unreadable_file_is_a_failure_not_a_default(void **state)
{
    struct err err = {0};
    struct args args;
    char *path = ini_path(state);

    free(paths_dir(PATHS_CONFIG, true, &err));
    assert_int_equal(mkdir(path, 0700), 0);
    split(&args, "");
    assert_null(config_load(&args.argc, args.argv, &err));
    assert_int_equal(err.code, ERR_IO);
    free(path);
}

static void saving_changes_one_line(void **state)
{
    struct err err = {0};

    write_ini(state, "# mine\n[strattio]\n  store = sqlite:old \n\n; last\ntheme = dusk");
    assert_true(config_save("store", "sqlite:new", &err));
    expect_ini(state, "# mine\n[strattio]\nstore = sqlite:new\n\n; last\ntheme = dusk\n");
    assert_true(config_save("color", "16", &err));
    expect_ini(state,
               "# mine\n[strattio]\nstore = sqlite:new\n\n; last\ntheme = dusk\ncolor = 16\n");
    assert_true(config_save("theme", NULL, &err));
    expect_ini(state, "# mine\n[strattio]\nstore = sqlite:new\n\n; last\ncolor = 16\n");
}

static void saving_makes_a_private_file(void **state)
{
    struct err err = {0};
    char *path = ini_path(state);
    struct args args;
    struct config *cfg;
    struct stat st;

    assert_true(config_save("email", "a@b.example", &err));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    cfg = load(&args, "");
    assert_string_equal(config_get(cfg, "email"), "a@b.example");
    config_free(cfg);
    free(path);
}

static void what_could_not_be_read_back_is_not_saved(void **state)
{
    struct err err = {0};

    (void)state;
    assert_false(config_save("colour", "16", &err));
    assert_string_equal(err.msg, "there is no setting \"colour\"; did you mean \"color\"?");
    assert_false(config_save("color", "blue", &err));
    assert_false(config_save("name", "a\nstore = x", &err));
    assert_false(config_save("name", "", &err));
    assert_int_equal(err.code, ERR_INVALID);
}

static void read_again_the_file_changes_and_flags_stay(void **state)
{
    struct err err = {0};
    struct args args;
    struct config *cfg, *again;

    write_ini(state, "theme = light\nmouse = off\n");
    setenv("STRATTIO_MOUSE", "on", 1);
    cfg = load(&args, "--theme dark");
    assert_string_equal(config_saved(cfg, "theme"), "light"); /* though the flag is stronger */
    assert_string_equal(config_saved(cfg, "mouse"), "off");
    assert_null(config_saved(cfg, "color"));
    write_ini(state, "theme = paper\ncolor = 16\n");
    unsetenv("STRATTIO_MOUSE"); /* what was there at the start still counts */
    again = config_reload(cfg, &err);
    assert_non_null(again);
    assert_string_equal(config_get(again, "theme"), "dark");
    assert_string_equal(config_origin(again, "theme"), "flag");
    assert_string_equal(config_saved(again, "theme"), "paper");
    assert_string_equal(config_get(again, "mouse"), "on");
    assert_null(config_saved(again, "mouse"));
    assert_string_equal(config_get(again, "color"), "16");
    assert_string_equal(config_origin(again, "color"), "config.ini");
    assert_string_equal(config_origin(again, "log"), "default");
    config_free(again);
    write_ini(state, "color = purple\n");
    assert_null(config_reload(cfg, &err));
    assert_int_equal(err.code, ERR_INVALID);
    config_free(cfg);
}

static void every_row_of_the_table_is_complete(void **state)
{
    (void)state;
    for (const struct setting *row = config_settings; row->key; row++) {
        assert_non_null(row->help);
        assert_int_equal(strncmp(row->env, "STRATTIO_", 9), 0);
        if (row->flags & SETTING_SECRET)
            assert_null(row->flag);
        else
            assert_int_equal(strncmp(row->flag, "--", 2), 0);
        if (row->flags & SETTING_SWITCH)
            assert_non_null(strstr(row->allowed, "on|off"));
    }
}

#define WITH_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_A_FOLDER(the_stronger_source_wins),
        WITH_A_FOLDER(an_empty_variable_is_as_if_unset),
        WITH_A_FOLDER(flags_are_taken_out_and_the_rest_kept_in_order),
        WITH_A_FOLDER(a_switch_takes_no_argument),
        WITH_A_FOLDER(sub_commands_keep_their_own_name_and_email),
        WITH_A_FOLDER(wrong_flags_and_variables_are_named),
        WITH_A_FOLDER(a_wrong_line_is_named_with_file_and_line),
        WITH_A_FOLDER(long_values_blanks_and_sections_are_read),
        WITH_A_FOLDER(an_unreadable_file_is_a_failure_not_a_default),
        WITH_A_FOLDER(saving_changes_one_line),
        WITH_A_FOLDER(saving_makes_a_private_file),
        WITH_A_FOLDER(what_could_not_be_read_back_is_not_saved),
        WITH_A_FOLDER(read_again_the_file_changes_and_flags_stay),
        WITH_A_FOLDER(every_row_of_the_table_is_complete),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
