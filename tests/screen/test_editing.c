/* test_editing.c - a section being edited: how it looks, and that nothing typed is lost, whatever dies. */
#include "screen/prepared.h"

#include <signal.h>

#define ESC  "\033"
#define DOWN "\033[B"
#define LEFT "\033[D"
#define UNDO "\037"
#define SAVE "\023"
#define FIND "\006"

/* Opens the executive summary of the bakery in the editor. Spelling is off: dictionaries differ. */
static struct harness *edit_in(const char *home, int rows, int cols)
{
    static const char *const argv[] = {PROGRAM, "edit", "Harbour", "executive_summary", NULL};
    static const char *const env[] = {"STRATTIO_NAME=Ada Marsh", "STRATTIO_EMAIL=ada@example.org",
                                      "STRATTIO_SPELL=off", "EDITOR=sed -i s/limited/private/",
                                      NULL};
    struct harness_options options = {
        .argv = argv, .env = env, .home = home, .rows = rows, .cols = cols};
    struct harness *h = harness_start(&options);

    harness_wait(h, "words", SOON);
    harness_settle(h);
    return h;
}

static struct harness *edit(void **state)
{
    return edit_in(copy_home(*state), 0, 0);
}

/* ---- looks ---------------------------------------------------------------------------------- */

static void the_text_is_shown_with_its_figures(void **state)
{
    struct harness *h = edit(state);

    assert_golden(h, "editing");
    go(h, "{{rev", "Revenue");
    assert_golden(h, "editing_picker");
    go(h, "\r", "£219,720Harbour");
    harness_settle(h);
    go(h, LEFT, "open figure");
    assert_golden(h, "editing_chip");
    go(h, "\r", "Where this figure comes from");
    go(h, ESC, "open figure");
    quit(h);
}

static void a_wide_window_shows_the_text_as_it_will_be_read(void **state)
{
    struct harness *h = edit_in(copy_home(*state), 40, 120);

    assert_golden(h, "editing_120x40");
    quit(h);
}

static void a_small_window_is_enough(void **state)
{
    struct harness *h = edit_in(copy_home(*state), 15, 60);

    assert_golden(h, "editing_60x15");
    quit(h);
}

static void words_are_found_and_replaced(void **state)
{
    struct harness *h = edit(state);

    go(h, FIND "bread", "matches");
    assert_golden(h, "editing_find");
    go(h, "\r", "save");
    go(h, ESC, "save");
    go(h, "\022", "Find");
    go(h,
       "\025"
       "bread\r",
       "Replace with");
    go(h, "rolls\r", "Replace this one?");
    assert_golden(h, "editing_replace");
    go(h, "y", "rolls");
    go(h, "a", "Replaced");
    assert_hides(h, "bread");
    go(h, UNDO, "Undid: replacing");
    quit(h);
}

/* ---- nothing is lost ------------------------------------------------------------------------ */

static void a_kill_while_typing_costs_a_second_at_most(void **state)
{
    const char *home = copy_home(*state);
    struct harness *h = edit_in(home, 0, 0);

    go(h, "We bake at night. ", "not saved yet");
    harness_settle(h); /* the second of rest is over once it sleeps without a deadline */
    harness_signal(h, SIGKILL);
    assert_exit(h, SOON, 1000 + SIGKILL);
    harness_stop(h);
    h = edit_in(home, 0, 0);
    harness_wait(h, "Unsaved text from", SOON);
    assert_shows(h, "We bake at night. Harbour");
    assert_golden(h, "editing_recovered");
    go(h, "\033d", "only yours");
    assert_golden(h, "editing_difference");
    go(h, ESC, "^S");
    go(h, UNDO, "Undid: typing of 18 characters");
    assert_hides(h, "We bake at night.");
    quit(h);
}

static void a_hang_up_costs_nothing(void **state)
{
    const char *home = copy_home(*state);
    struct harness *h = edit_in(home, 0, 0);

    go(h, "We bake at night. ", "We bake at night.");
    harness_hang_up(h);
    assert_exit(h, SOON, 128 + SIGHUP);
    harness_stop(h);
    h = edit_in(home, 0, 0);
    harness_wait(h, "We bake at night. Harbour", SOON);
    quit(h);
}

static void esc_keeps_what_is_not_saved_and_a_save_ends_it(void **state)
{
    const char *home = copy_home(*state);
    struct harness *h = edit_in(home, 0, 0);

    go(h, "We bake at night. ", "not saved yet");
    go(h, ESC, "Not saved yet: your text is kept");
    go(h, "/harb\r", "1 of 3");
    go(h, "\r", "edits not saved");
    go(h, "e", "Unsaved text from");
    go(h, SAVE, "Saved: ");
    go(h, ESC, "edited by you");
    assert_hides(h, "edits not saved");
    quit(h);
    h = edit_in(home, 0, 0);
    assert_hides(h, "Unsaved text");
    quit(h);
    h = edit_in(home, 0, 0);
    harness_wait(h, "We bake at night. Harbour", SOON);
    assert_hides(h, "Unsaved text");
    quit(h);
}

static void unsaved_text_outlives_a_new_version_of_the_section(void **state)
{
    const char *home = copy_home(*state);
    struct harness *h = edit_in(home, 0, 0);
    char *command;

    go(h, "We bake at night. ", "not saved yet");
    go(h, ESC, "Not saved yet: your text is kept");
    quit(h);
    shell("echo 'Harbour Bakery is a private company.' > '%s/new.md'", home);
    command = mem_printf("edit Harbour executive_summary --from '%s/new.md'", home);
    in_home(home, "2026-11-24T14:03:00", command);
    free(command);
    h = edit_in(home, 0, 0);
    harness_wait(h, "made on an earlier version", SOON);
    assert_shows(h, "We bake at night. Harbour");
    go(h, UNDO, "is a private company");
    assert_hides(h, "We bake at night.");
    quit(h);
}

static void a_section_saved_elsewhere_is_a_choice(void **state)
{
    const char *home = copy_home(*state);
    struct harness *one = edit_in(home, 0, 0), *two = edit_in(home, 0, 0);

    go(one, "First words. " SAVE, "Saved: ");
    go(two, "Second words. " SAVE, "Somebody saved this section");
    assert_golden(two, "editing_conflict");
    go(two, "\r", "only theirs");
    go(two, ESC, "Keep mine");
    go(two, DOWN "\r", "Saved: ");
    assert_shows(two, "Second words. Harbour");
    assert_hides(two, "First words.");
    quit(two);
    quit(one);
}

static void another_editor_changes_the_text_and_undo_takes_it_back(void **state)
{
    struct harness *h = edit(state);

    assert_shows(h, "is a limited company");
    go(h, "\017", "Your text is back");
    assert_shows(h, "is a private company");
    go(h, UNDO, "Undid: a rewriting");
    assert_shows(h, "is a limited company");
    quit(h);
}

/* ---- pastes --------------------------------------------------------------------------------- */

static void a_paste_of_a_megabyte_is_taken_and_undone_as_one(void **state)
{
    enum { PASTE = 1024 * 1024 };
    const char *home = copy_home(*state);
    struct harness *h = edit_in(home, 0, 0);
    char *text = mem_zero(PASTE + 1, 1);

    for (size_t i = 0; i < PASTE; i++)
        text[i] = i % 80 == 79 ? '\n' : i % 8 == 7 ? ' ' : 'x';
    harness_paste(h, text, PASTE);
    harness_wait(h, "13", SOON);
    harness_wait(h, "not saved yet", SOON);
    harness_settle(h);
    go(h, UNDO, "Undid: a paste of 1048576 characters");
    assert_shows(h, "Harbour Bakery is a limited");
    free(text);
    quit(h);
}

static void a_paste_cannot_press_keys(void **state)
{
    struct harness *h = edit(state);

    harness_paste(h, "one\033[A\021two\003", 12);
    harness_wait(h, "one[Atwo", SOON);
    assert_true(harness_running(h));
    quit(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_text_is_shown_with_its_figures, tidy),
        cmocka_unit_test_teardown(a_wide_window_shows_the_text_as_it_will_be_read, tidy),
        cmocka_unit_test_teardown(a_small_window_is_enough, tidy),
        cmocka_unit_test_teardown(words_are_found_and_replaced, tidy),
        cmocka_unit_test_teardown(a_kill_while_typing_costs_a_second_at_most, tidy),
        cmocka_unit_test_teardown(a_hang_up_costs_nothing, tidy),
        cmocka_unit_test_teardown(esc_keeps_what_is_not_saved_and_a_save_ends_it, tidy),
        cmocka_unit_test_teardown(unsaved_text_outlives_a_new_version_of_the_section, tidy),
        cmocka_unit_test_teardown(a_section_saved_elsewhere_is_a_choice, tidy),
        cmocka_unit_test_teardown(another_editor_changes_the_text_and_undo_takes_it_back, tidy),
        cmocka_unit_test_teardown(a_paste_of_a_megabyte_is_taken_and_undone_as_one, tidy),
        cmocka_unit_test_teardown(a_paste_cannot_press_keys, tidy),
    };

    return cmocka_run_group_tests(tests, prepare, forget);
}
