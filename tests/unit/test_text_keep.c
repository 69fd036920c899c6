/* Typing survives whatever ends the process: a journal gives back the text with its undo, and a
 * damaged one a beginning of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/random_splice.h"
#include "support/temp_dir.h"

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/paths.h"
#include "strattio/text.h"

#define START "Bread is sold from the quay.\n"

struct place {
    char *dir, *path, *aside;
};

static int make_place(void **state)
{
    struct place *p = mem_zero(1, sizeof *p);

    p->dir = temp_dir_make();
    p->path = mem_printf("%s/section.journal", p->dir);
    p->aside = mem_printf("%s.aside", p->path);
    *state = p;
    return 0;
}

static int remove_place(void **state)
{
    struct place *p = *state;

    temp_dir_remove(p->dir);
    free(p->path);
    free(p->aside);
    free(p);
    return 0;
}

static struct text *opened(const char *bytes, const char *path, const char *document, int64_t base,
                           struct text_found *found)
{
    struct text *t = text_create(bytes, strlen(bytes));
    struct err err = {0};

    if (!text_keep(t, path, document, base, found, &err))
        fail_msg("%s", err.msg);
    return t;
}

static void put(struct text *t, size_t at, const char *with)
{
    struct err err = {0};

    assert_true(text_splice(t, at, 0, with, strlen(with), TEXT_PASTED, 0, &err));
}

static void flush(struct text *t)
{
    struct err err = {0};

    if (!text_flush(t, true, &err))
        fail_msg("%s", err.msg);
    assert_false(text_waiting(t));
}

static bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

static void unsaved_edits_come_back_with_undo(void **state)
{
    struct place *p = *state;
    struct text_found found;
    struct text *t = opened(START, p->path, "market", 7, &found);
    struct stat st;

    assert_int_equal(found.splices, 0);
    assert_int_equal(found.base, 7);
    put(t, 0, "one ");
    put(t, 4, "two ");
    put(t, 8, "three ");
    assert_true(text_undo(t, NULL));
    assert_true(text_waiting(t));
    flush(t);
    assert_int_equal(stat(p->path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    text_destroy(t);

    t = opened(START, p->path, "market", 8, &found);
    assert_string_equal(text_bytes(t), "one two " START);
    assert_int_equal(found.splices, 2);
    assert_int_equal(found.base, 7);
    assert_true(found.at_ms > 0);
    assert_false(found.set_aside);
    assert_true(text_changed(t));
    assert_true(text_redo(t, NULL));
    assert_string_equal(text_bytes(t), "one two three " START);
    while (text_undo(t, NULL))
        ;
    assert_string_equal(text_bytes(t), START);
    assert_false(text_changed(t));
    text_destroy(t);
}

static void a_killed_process_loses_only_what_it_had_not_flushed(void **state)
{
    struct place *p = *state;
    struct text_found found;
    struct text *t;
    pid_t child = fork();
    int status;

    if (child == 0) {
        t = opened(START, p->path, "market", 1, &found);
        put(t, 0, "kept ");
        flush(t);
        put(t, 0, "lost ");
        raise(SIGKILL);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    t = opened(START, p->path, "market", 1, &found);
    assert_string_equal(text_bytes(t), "kept " START);
    put(t, 0, "on ");
    flush(t);
    text_destroy(t);
    t = opened(START, p->path, "market", 1, &found);
    assert_string_equal(text_bytes(t), "on kept " START);
    assert_true(text_undo(t, NULL));
    assert_true(text_undo(t, NULL));
    assert_string_equal(text_bytes(t), START);
    text_destroy(t);
}

static void a_text_that_was_only_read_leaves_no_file(void **state)
{
    struct place *p = *state;
    struct text_found found;
    struct text *t = opened(START, p->path, "market", 1, &found);

    assert_false(text_waiting(t));
    flush(t);
    text_destroy(t);
    assert_false(exists(p->path));
}

static void dropping_deletes_the_file(void **state)
{
    struct place *p = *state;
    struct text_found found;
    struct text *t = opened(START, p->path, "market", 1, &found);

    put(t, 0, "x");
    flush(t);
    assert_true(exists(p->path));
    text_keep_drop(t);
    assert_false(exists(p->path));
    put(t, 0, "x");
    assert_false(text_waiting(t));
    flush(t);
    text_destroy(t);
    assert_false(exists(p->path));
}

static void two_terminals_do_not_share_a_journal(void **state)
{
    struct place *p = *state;
    struct text_found found;
    struct text *t = opened(START, p->path, "market", 1, &found);
    struct text *other = text_create(START, strlen(START));
    struct err err = {0};

    put(t, 0, "x");
    flush(t);
    assert_false(text_keep(other, p->path, "market", 1, &found, &err));
    assert_int_equal(err.code, ERR_BUSY);
    put(other, 0, "y"); /* works on without */
    assert_true(text_flush(other, true, &err));
    text_destroy(other);
    text_destroy(t);
    assert_true(exists(p->path));
}

static void a_journal_of_something_else_is_set_aside_and_can_be_read(void **state)
{
    struct place *p = *state;
    struct text_found found;
    struct text *t = opened(START, p->path, "market", 1, &found);
    struct err err = {0};
    char *second = mem_printf("%s-2", p->aside), *bytes;
    size_t len;

    put(t, 0, "mine ");
    flush(t);
    text_destroy(t);
    t = opened("Somebody saved this.\n", p->path, "market", 2, &found); /* another text */
    assert_true(found.set_aside);
    assert_int_equal(found.splices, 0);
    assert_string_equal(text_bytes(t), "Somebody saved this.\n");
    put(t, 0, "x");
    flush(t);
    text_destroy(t);
    t = opened("Somebody saved this.\n", p->path, "team", 2, &found); /* another document */
    assert_true(found.set_aside);
    text_destroy(t);
    bytes = text_journal_end(p->aside, "market", &len, &err);
    assert_string_equal(bytes, "mine " START);
    assert_int_equal(len, strlen(bytes));
    free(bytes);
    bytes = text_journal_end(second, NULL, &len, &err);
    assert_string_equal(bytes, "xSomebody saved this.\n");
    free(bytes);
    assert_null(text_journal_end(second, "team", &len, &err));
    assert_int_equal(err.code, ERR_INVALID);
    assert_null(text_journal_end(p->path, "team", &len, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    free(second);
}

static void what_was_saved_just_before_the_end_is_not_unsaved(void **state)
{
    struct place *p = *state;
    struct text_found found;
    struct text *t = opened(START, p->path, "market", 1, &found);

    put(t, 0, "new ");
    flush(t);
    text_destroy(t); /* after the store had it, before text_keep_from() */
    t = opened("new " START, p->path, "market", 2, &found);
    assert_false(text_changed(t));
    assert_false(found.set_aside);
    assert_int_equal(found.splices, 0);
    text_destroy(t);
    assert_false(exists(p->path));
}

static void no_file_is_too_odd(void **state)
{
    static const char *const contents[] = {"x", "Bread is sold\n", "\0\0\0\0\0\0\0\0\0\0\0\0"};
    struct place *p = *state;

    for (size_t i = 0; i < ARRAY_LEN(contents); i++) {
        struct text_found found;
        struct err err = {0};
        struct text *t;

        assert_true(
            paths_write_file(p->path, contents[i], i == 2 ? 12 : strlen(contents[i]), 0600, &err));
        t = opened(START, p->path, "market", 1, &found);
        assert_true(found.set_aside);
        assert_string_equal(text_bytes(t), START);
        text_destroy(t);
    }
}

/* Steps back past a save have no splice in the new journal to undo, and come back all the same. */
static void undo_past_a_save_survives(void **state)
{
    struct place *p = *state;
    struct text_found found;
    struct text *t = opened("", p->path, "market", 1, &found);
    struct err err = {0};

    put(t, 0, "one ");
    put(t, 4, "two ");
    flush(t);
    text_saved(t);
    assert_true(text_keep_from(t, 2, &err));
    assert_false(text_waiting(t));
    put(t, 8, "three ");
    for (int i = 0; i < 3; i++)
        assert_true(text_undo(t, NULL));
    assert_true(text_redo(t, NULL));
    put(t, 4, "more ");
    flush(t);
    assert_string_equal(text_bytes(t), "one more ");
    text_destroy(t);
    t = opened("one two ", p->path, "market", 2, &found);
    assert_string_equal(text_bytes(t), "one more ");
    assert_int_equal(found.base, 2);
    while (text_undo(t, NULL))
        ;
    assert_string_equal(text_bytes(t), "one two ");
    text_destroy(t);
}

/* A save in the middle of an undo: what could be redone then has no record either. */
static void redo_past_a_save_survives(void **state)
{
    struct place *p = *state;
    struct text_found found;
    struct text *t = opened("", p->path, "market", 1, &found);
    struct err err = {0};

    put(t, 0, "one ");
    put(t, 4, "two ");
    assert_true(text_undo(t, NULL));
    text_saved(t);
    assert_true(text_keep_from(t, 2, &err));
    assert_true(text_redo(t, NULL));
    flush(t);
    text_destroy(t);
    t = opened("one ", p->path, "market", 2, &found);
    assert_string_equal(text_bytes(t), "one two ");
    text_destroy(t);
}

/* Random splices, steps, saves and flushes, and a process that ends anywhere. */
static void random_sessions_come_back(void **state)
{
    struct place *p = *state;

    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct random_splice r = {.state = seed * 977};
        char *saved = mem_str(START), *flushed = NULL;
        struct text_found found;
        struct err err = {0};
        struct text *t = opened(saved, p->path, "market", 1, &found);

        for (int i = 0; i < 150; i++) {
            random_splice_any(&r, t);
            if (random_splice_below(&r, 30) == 0) {
                free(saved);
                saved = mem_str(text_bytes(t));
                text_saved(t);
                assert_true(text_keep_from(t, i, &err));
            }
            if (random_splice_below(&r, 20) == 0) {
                flush(t);
                text_destroy(t); /* as if it had been killed: nothing more is written */
                t = opened(saved, p->path, "market", 1, &found);
                assert_false(found.set_aside);
            }
        }
        flush(t);
        flushed = mem_str(text_bytes(t));
        text_destroy(t);
        t = opened(saved, p->path, "market", 1, &found);
        assert_string_equal(text_bytes(t), flushed);
        while (text_undo(t, NULL))
            ;
        assert_string_equal(text_bytes(t), saved);
        assert_false(text_changed(t));
        text_keep_drop(t);
        text_destroy(t);
        free(saved);
        free(flushed);
    }
}

/* The texts a session went through, so that a torn journal can be compared with them. */
static void a_journal_cut_anywhere_gives_a_beginning(void **state)
{
    enum { STEPS = 12 };
    struct place *p = *state;
    struct random_splice r = {.state = 5};
    char *texts[STEPS + 1], *data;
    size_t len, shown = 0;
    struct text_found found;
    struct err err = {0};
    struct text *t = opened(START, p->path, "market", 1, &found);

    texts[0] = mem_str(START);
    for (int i = 1; i <= STEPS; i++) {
        random_splice_one(&r, t);
        texts[i] = mem_str(text_bytes(t));
        flush(t);
    }
    text_destroy(t);
    data = paths_read_file(p->path, 1 << 20, &len, &err);
    assert_non_null(data);
    for (size_t cut = 0; cut <= len; cut++) {
        bool known = false;

        assert_true(paths_write_file(p->path, data, cut, 0600, &err));
        t = opened(START, p->path, "market", 1, &found);
        for (size_t i = shown; i <= STEPS && !known; i++) {
            known = strcmp(text_bytes(t), texts[i]) == 0;
            shown = known ? i : shown; /* a longer file never gives less */
        }
        if (!known)
            fail_msg("%zu of %zu bytes gave: %s", cut, len, text_bytes(t));
        put(t, 0, "on "); /* and it goes on from there */
        flush(t);
        text_destroy(t);
        t = opened(START, p->path, "market", 1, &found);
        assert_memory_equal(text_bytes(t), "on ", 3);
        assert_string_equal(text_bytes(t) + 3, texts[shown]);
        text_keep_drop(t);
        text_destroy(t);
    }
    assert_int_equal(shown, STEPS);
    for (int i = 0; i <= STEPS; i++)
        free(texts[i]);
    free(data);
}

static void a_flipped_bit_gives_a_beginning(void **state)
{
    struct place *p = *state;
    struct text_found found;
    struct err err = {0};
    struct text *t = opened(START, p->path, "market", 1, &found);
    char *data;
    size_t len;

    put(t, 0, "one ");
    put(t, 4, "two ");
    flush(t);
    text_destroy(t);
    data = paths_read_file(p->path, 1 << 20, &len, &err);
    assert_non_null(data);
    for (size_t at = 0; at < len; at++) {
        data[at] = (char)(data[at] ^ 1 << at % 8);
        assert_true(paths_write_file(p->path, data, len, 0600, &err));
        t = opened(START, p->path, "market", 1, &found);
        assert_true(strcmp(text_bytes(t), START) == 0 || strcmp(text_bytes(t), "one " START) == 0);
        text_keep_drop(t);
        text_destroy(t);
        data[at] = (char)(data[at] ^ 1 << at % 8);
    }
    free(data);
}

static void a_full_disk_keeps_what_is_waiting(void **state)
{
    struct place *p = *state;
    struct rlimit whole, small;
    struct text_found found;
    struct err err = {0};
    struct text *t = opened(START, p->path, "market", 1, &found);

    put(t, 0, "before ");
    flush(t);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &whole), 0);
    small = whole;
    small.rlim_cur = 320; /* in the middle of the next record */
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    put(t, 0, "a text that does not fit into what is left of the disk, whatever is tried, ");
    for (int i = 0; i < 3; i++) {
        assert_false(text_flush(t, false, &err));
        assert_int_equal(err.code, ERR_IO);
        assert_true(text_waiting(t));
    }
    put(t, 0, "typed on, ");
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &whole), 0);
    flush(t);
    text_destroy(t);
    t = opened(START, p->path, "market", 1, &found);
    assert_int_equal(found.splices, 3);
    assert_memory_equal(text_bytes(t), "typed on, a text", 16);
    text_destroy(t);
}

static void where_nothing_can_be_written_the_text_works_on(void **state)
{
    struct place *p = *state;
    char *nowhere = mem_printf("%s/none/section.journal", p->dir);
    const char *const paths[] = {nowhere, "/proc/section.journal", p->dir};

    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        struct text *t = text_create(START, strlen(START));
        struct text_found found = {.splices = 9};
        struct err err = {0};

        assert_false(text_keep(t, paths[i], "market", 1, &found, &err));
        assert_int_equal(err.code, ERR_IO);
        assert_int_equal(found.splices, 9);
        put(t, 0, "on ");
        assert_true(text_undo(t, NULL));
        text_destroy(t);
    }
    free(nowhere);
}

#define IN_A_PLACE(test) cmocka_unit_test_setup_teardown(test, make_place, remove_place)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_PLACE(unsaved_edits_come_back_with_undo),
        IN_A_PLACE(a_killed_process_loses_only_what_it_had_not_flushed),
        IN_A_PLACE(a_text_that_was_only_read_leaves_no_file),
        IN_A_PLACE(dropping_deletes_the_file),
        IN_A_PLACE(two_terminals_do_not_share_a_journal),
        IN_A_PLACE(a_journal_of_something_else_is_set_aside_and_can_be_read),
        IN_A_PLACE(what_was_saved_just_before_the_end_is_not_unsaved),
        IN_A_PLACE(no_file_is_too_odd),
        IN_A_PLACE(undo_past_a_save_survives),
        IN_A_PLACE(redo_past_a_save_survives),
        IN_A_PLACE(random_sessions_come_back),
        IN_A_PLACE(a_journal_cut_anywhere_gives_a_beginning),
        IN_A_PLACE(a_flipped_bit_gives_a_beginning),
        IN_A_PLACE(a_full_disk_keeps_what_is_waiting),
        IN_A_PLACE(where_nothing_can_be_written_the_text_works_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
