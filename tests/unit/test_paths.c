/* Folders follow XDG, an asset of the user's wins over a shipped one, and a written file is there
 * whole or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/paths.h"
#include "support/temp_dir.h"

static const char *const variables[] = {"XDG_CONFIG_HOME", "XDG_DATA_HOME",   "XDG_STATE_HOME",
                                        "XDG_CACHE_HOME",  "STRATTIO_ASSETS", "STRATTIO_THEMES"};

static int set_up(void **state)
{
    char *home = temp_dir_make();

    for (size_t i = 0; i < ARRAY_LEN(variables); i++)
        unsetenv(variables[i]);
    setenv("HOME", home, 1);
    *state = home;
    return 0;
}

static int tear_down(void **state)
{
    temp_dir_remove(*state);
    return 0;
}

/* HOME/`below`; the caller frees it. */
static char *at(void **state, const char *below)
{
    return mem_printf("%s/%s", (const char *)*state, below);
}

static void put_file(void **state, const char *below, const char *text)
{
    char *path = at(state, below), *slash;
    struct err err = {0};

    for (slash = path + strlen(*state) + 1; (slash = strchr(slash, '/')); *slash++ = '/') {
        *slash = '\0';
        mkdir(path, 0700);
    }
    if (!paths_write_file(path, text, strlen(text), 0600, &err))
        fail_msg("%s", err.msg);
    free(path);
}

static void expect_dir(void **state, enum paths_kind kind, const char *below)
{
    struct err err = {0};
    char *dir = paths_dir(kind, false, &err), *want = at(state, below);

    assert_non_null(dir);
    assert_string_equal(dir, want);
    free(dir);
    free(want);
}

static void folders_lie_below_home_by_default(void **state)
{
    expect_dir(state, PATHS_CONFIG, ".config/strattio");
    expect_dir(state, PATHS_DATA, ".local/share/strattio");
    expect_dir(state, PATHS_STATE, ".local/state/strattio");
    expect_dir(state, PATHS_CACHE, ".cache/strattio");
}

static void an_absolute_xdg_variable_wins_and_a_relative_one_is_ignored(void **state)
{
    char *elsewhere = at(state, "else");

    setenv("XDG_DATA_HOME", elsewhere, 1);
    setenv("XDG_STATE_HOME", "relative/path", 1);
    setenv("XDG_CACHE_HOME", "", 1);
    expect_dir(state, PATHS_DATA, "else/strattio");
    expect_dir(state, PATHS_STATE, ".local/state/strattio");
    expect_dir(state, PATHS_CACHE, ".cache/strattio");
    free(elsewhere);
}

static void a_folder_is_made_private_when_asked(void **state)
{
    struct err err = {0};
    char *dir = paths_dir(PATHS_STATE, false, &err);
    struct stat st;

    (void)state;
    assert_int_not_equal(stat(dir, &st), 0);
    free(dir);
    dir = paths_dir(PATHS_STATE, true, &err);
    assert_int_equal(stat(dir, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
    free(dir);
    dir = paths_dir(PATHS_STATE, true, &err); /* again is fine */
    assert_non_null(dir);
    free(dir);
}

static void a_folder_that_cannot_be_made_is_named(void **state)
{
    struct err err = {0};

    put_file(state, ".config", "a file in the way");
    assert_null(paths_dir(PATHS_CONFIG, true, &err));
    assert_int_equal(err.code, ERR_IO);
    assert_non_null(strstr(err.msg, "cannot make the folder"));
    assert_non_null(strstr(err.msg, ".config"));
}

static void expect_asset(void **state, const char *name, const char *below)
{
    struct err err = {0};
    char *path = paths_asset(name, &err), *want = at(state, below);

    if (!path)
        fail_msg("%s", err.msg);
    assert_string_equal(path, want);
    free(path);
    free(want);
}

static void an_asset_is_the_first_of_its_name(void **state)
{
    char *assets = at(state, "mine");

    put_file(state, ".local/share/strattio/assets/finance/x.model", "user's");
    expect_asset(state, "finance/x.model", ".local/share/strattio/assets/finance/x.model");
    put_file(state, "mine/finance/x.model", "variable's");
    setenv("STRATTIO_ASSETS", assets, 1);
    expect_asset(state, "finance/x.model", "mine/finance/x.model");
    free(assets);
}

static void themes_have_folders_of_their_own(void **state)
{
    char *themes = at(state, "t");

    put_file(state, ".local/share/strattio/themes/dusk.ini", "user's");
    put_file(state, ".local/share/strattio/assets/themes/dawn.ini", "in the wrong place");
    expect_asset(state, "themes/dusk.ini", ".local/share/strattio/themes/dusk.ini");
    put_file(state, "t/dusk.ini", "variable's");
    setenv("STRATTIO_THEMES", themes, 1);
    expect_asset(state, "themes/dusk.ini", "t/dusk.ini");
    free(themes);
}

static void an_absent_asset_tells_where_was_looked(void **state)
{
    struct err err = {0};
    char *assets = at(state, "mine");

    setenv("STRATTIO_ASSETS", assets, 1);
    put_file(state, "mine/folder/x", "");
    assert_null(paths_asset("no/such.file", &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    assert_non_null(strstr(err.msg, "\"no/such.file\""));
    assert_non_null(strstr(err.msg, assets));
    assert_null(paths_asset("folder", &err)); /* a folder is no asset */
    free(assets);
}

static void a_name_cannot_leave_the_assets(void **state)
{
    static const char *const names[] = {"",     "/etc/passwd",    "..",  "../x", "a/../../x",
                                        "a/..", "themes/../../x", "a//b"};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct err err = {0};

        assert_null(paths_asset(names[i], &err));
        assert_int_equal(err.code, ERR_INVALID);
    }
}

static void asset_names_are_sorted_and_each_comes_once(void **state)
{
    char *assets = at(state, "mine"), **names;
    size_t count;

    setenv("STRATTIO_ASSETS", assets, 1);
    put_file(state, "mine/zz/b.pack", "");
    put_file(state, "mine/zz/note.txt", "");
    put_file(state, "mine/zz/.hidden.pack", "");
    put_file(state, "mine/zz/deep.pack/x", "");
    put_file(state, ".local/share/strattio/assets/zz/b.pack", "");
    put_file(state, ".local/share/strattio/assets/zz/a.pack", "");
    names = paths_asset_names("zz", ".pack", &count);
    assert_int_equal(count, 2);
    assert_string_equal(names[0], "a.pack");
    assert_string_equal(names[1], "b.pack");
    paths_names_free(names, count);
    names = paths_asset_names("nowhere", ".pack", &count);
    assert_int_equal(count, 0);
    paths_names_free(names, count);
    free(assets);
}

static void a_file_is_read_whole_or_refused(void **state)
{
    struct err err = {0};
    char *path = at(state, "f"), *text;
    size_t len = 0;

    assert_null(paths_read_file(path, 100, &len, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    assert_true(paths_write_file(path, "a\0b", 3, 0600, &err));
    text = paths_read_file(path, 3, &len, &err);
    assert_non_null(text);
    assert_int_equal(len, 3);
    assert_memory_equal(text, "a\0b", 4);
    free(text);
    assert_null(paths_read_file(path, 2, &len, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    assert_null(paths_read_file(*state, 100, &len, &err)); /* a folder */
    assert_int_equal(err.code, ERR_IO);
    free(path);
}

static void standard_input_is_read_as_a_dash(void **state)
{
    struct err err = {0};
    int ends[2], old = dup(STDIN_FILENO);
    char *text;
    size_t len;

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "typed", 5), 5);
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    text = paths_read_file("-", 100, &len, &err);
    dup2(old, STDIN_FILENO);
    close(old);
    close(ends[0]);
    assert_non_null(text);
    assert_string_equal(text, "typed");
    free(text);
}

static void writing_replaces_whole_and_leaves_nothing_else(void **state)
{
    struct err err = {0};
    char *path = at(state, "d/f"), *dir = at(state, "d"), *text;
    char command[300];
    struct stat st;

    umask(022);
    put_file(state, "d/f", "old");
    assert_true(paths_write_file(path, "new", 3, 0644, &err));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0644);
    text = paths_read_file(path, 100, NULL, &err);
    assert_string_equal(text, "new");
    free(text);
    snprintf(command, sizeof command, "test \"$(ls -A %s)\" = f", dir);
    assert_int_equal(system(command), 0);
    free(path);
    free(dir);
}

static void writing_goes_through_a_symbolic_link(void **state)
{
    struct err err = {0};
    char *real = at(state, "real"), *link = at(state, "link"), *text;
    struct stat st;

    put_file(state, "real", "old");
    assert_int_equal(symlink(real, link), 0);
    assert_true(paths_write_file(link, "new", 3, 0600, &err));
    assert_int_equal(lstat(link, &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    text = paths_read_file(real, 100, NULL, &err);
    assert_string_equal(text, "new");
    free(text);
    free(real);
    free(link);
}

/* A device of the system would be gone for everybody, a pipe for whoever reads it. */
static void a_pipe_is_written_into_and_stays_one(void **state)
{
    struct err err = {0};
    char *pipe_path = at(state, "pipe"), got[8] = "";
    struct stat st;
    int reader;

    assert_int_equal(mkfifo(pipe_path, 0600), 0);
    reader = open(pipe_path, O_RDONLY | O_NONBLOCK);
    assert_true(reader >= 0);
    assert_true(paths_write_file(pipe_path, "text", 4, 0600, &err));
    assert_int_equal(read(reader, got, sizeof got), 4);
    assert_string_equal(got, "text");
    assert_int_equal(lstat(pipe_path, &st), 0);
    assert_true(S_ISFIFO(st.st_mode));
    assert_false(paths_write_file(*state, "text", 4, 0600, &err)); /* a folder */
    assert_non_null(strstr(err.msg, "Is a directory"));
    close(reader);
    free(pipe_path);
}

static void a_failed_write_names_the_file(void **state)
{
    struct err err = {0};
    char *path = at(state, "no/such/folder");

    assert_false(paths_write_file(path, "x", 1, 0600, &err));
    assert_int_equal(err.code, ERR_IO);
    assert_non_null(strstr(err.msg, path));
    free(path);
}

/* A limit on the size of files refuses half-way through, as a full disk does. */
static void a_full_disk_leaves_the_old_file_and_nothing_else(void **state)
{
    struct err err = {0};
    struct rlimit old, small;
    char *path = at(state, "d/f"), *dir = at(state, "d"), *text, command[300];
    bool ok;

    put_file(state, "d/f", "old");
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = old;
    small.rlim_cur = 4;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    ok = paths_write_file(path, "much longer", 11, 0600, &err);
    setrlimit(RLIMIT_FSIZE, &old);
    assert_false(ok);
    assert_int_equal(err.code, ERR_IO);
    text = paths_read_file(path, 100, NULL, &err);
    assert_string_equal(text, "old");
    snprintf(command, sizeof command, "test \"$(ls -A %s)\" = f", dir);
    assert_int_equal(system(command), 0);
    free(text);
    free(path);
    free(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(folders_lie_below_home_by_default, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_absolute_xdg_variable_wins_and_a_relative_one_is_ignored,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_folder_is_made_private_when_asked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_folder_that_cannot_be_made_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_asset_is_the_first_of_its_name, set_up, tear_down),
        cmocka_unit_test_setup_teardown(themes_have_folders_of_their_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_absent_asset_tells_where_was_looked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_name_cannot_leave_the_assets, set_up, tear_down),
        cmocka_unit_test_setup_teardown(asset_names_are_sorted_and_each_comes_once, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_file_is_read_whole_or_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(standard_input_is_read_as_a_dash, set_up, tear_down),
        cmocka_unit_test_setup_teardown(writing_replaces_whole_and_leaves_nothing_else, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(writing_goes_through_a_symbolic_link, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_pipe_is_written_into_and_stays_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_failed_write_names_the_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_full_disk_leaves_the_old_file_and_nothing_else, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
