/* test_history.c - the history of a section: what it lists, how a change reads, and that putting
 * a text back, taking a new draft and leaving it do what the question says. */
#include "screen/prepared.h"

#define ESC  "\033"
#define DOWN "\033[B"

#define FIRST                                                                                      \
    "### The founders\n\nAda Marsh bakes bread alone.\n\n- ordering\n- rotas\n\n"      \
    "Sales of the first year are {{pnl.revenue[y1]:money0}}.\n"
#define SECOND                                                                                     \
    "### The founders\n\nAda Marsh bakes bread with two apprentices.\n\n- ordering\n- rotas\n- "         \
    "margins\n\n"                                                                                  \
    "Sales of the first year are {{pnl.revenue[y1]:money0}}.\n"

static void edit(const char *home, const char *time, const char *text)
{
    char *path = mem_printf("%s/text.md", home), *command;
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    command = mem_printf("edit Harbour team --from '%s'", path);
    in_home(home, time, command);
    free(command);
    free(path);
}

/* For the group: a plan whose team was edited twice, and for which a new draft of it waits. */
static int prepare_history(void **state)
{
    char *home = mem_str(empty_home());

    test_home[0] = '\0'; /* it is the group's, not a test's */
    in_home(home, "2026-11-20T09:00:00", "new --intake " SAMPLES "/harbour-bakery.json");
    in_home(home, "2026-11-20T10:00:00", "generate Harbour");
    edit(home, "2026-11-21T12:00:00", FIRST);
    edit(home, "2026-11-23T08:30:00", SECOND);
    in_home(home, "2026-11-24T09:00:00",
            "set Harbour 'founder_background=Nine years at the ovens of a hotel in Whitby.'");
    in_home(home, "2026-11-24T09:10:00", "generate Harbour");
    *state = home;
    return 0;
}

static struct harness *start_at(const char *home, const char *place, int rows, int cols)
{
    const char *const argv[] = {PROGRAM, "open", "Harbour", place, NULL};
    static const char *const env[] = {"STRATTIO_NAME=Ada Marsh", "STRATTIO_EMAIL=ada@example.org",
                                      NULL};
    struct harness_options options = {
        .argv = argv, .env = env, .home = home, .rows = rows, .cols = cols};

    return harness_start(&options);
}

/* The history of the team, from the text that is read. */
static struct harness *start(void **state)
{
    struct harness *h = start_at(copy_home(*state), "team", 0, 0);

    harness_wait(h, "a new draft waits", SOON);
    go(h, "H", "new draft ");
    harness_wait(h, "first draft", SOON);
    harness_settle(h);
    return h;
}

static void texts_are_listed_and_changes_read(void **state)
{
    struct harness *h = start(state);

    assert_golden(h, "history");
    go(h, DOWN "\r", "From the text before to this one");
    assert_golden(h, "history_read");
    assert_shows(h, "apprentices");
    go(h, "\t", "This is the text as it is now");
    go(h, ESC, "first draft");
    go(h, DOWN "\r", "From this text to the one now");
    go(h, "\t", "From the text before to this one");
    go(h, ESC, "first draft");
    go(h, DOWN "\r", "The text as it was first drafted");
    go(h, ESC, "edited");
    go(h, ESC, "a new draft waits");
    quit(h);
}

static void it_fits_every_width(void **state)
{
    static const struct {
        int rows, cols;
        const char *golden;
    } sizes[] = {{15, 60, "history_60x15"}, {40, 120, "history_120x40"}};

    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        struct harness *h = start_at(copy_home(*state), "history", sizes[i].rows, sizes[i].cols);

        harness_wait(h, "Team", SOON);
        go(h, DOWN, "texts");
        assert_golden(h, sizes[i].golden);
        go(h, "\r", "to this one");
        harness_resize(h, 5, 20);
        harness_settle(h);
        harness_resize(h, 1, 1);
        harness_settle(h);
        harness_resize(h, sizes[i].rows, sizes[i].cols);
        harness_wait(h, "apprentices", SOON);
        quit(h);
        tidy(state);
    }
}

static void a_text_is_put_back_after_a_question_and_that_is_undone(void **state)
{
    struct harness *h = start(state);

    go(h, DOWN "r", "This is the text as it is now."); /* the newest one needs no putting back */
    go(h, DOWN "r", "Put back the text of Team from");
    assert_golden(h, "history_put_back");
    go(h, "\r", "first draft"); /* Enter leaves it as it is */
    go(h, "r", "putting them back undoes it");
    go(h, "y", "The text is put back");
    harness_wait(h, "5 texts", SOON);
    go(h, DOWN DOWN "r", "Put back the text of Team from");
    go(h, "y", "The text is put back");
    harness_wait(h, "6 texts", SOON);
    go(h, ESC, "two apprentices");
    quit(h);
}

static void a_new_draft_is_taken(void **state)
{
    struct harness *h = start(state);

    go(h, "\r", "If you take the new draft");
    go(h, "r", "Take the new draft of Team?");
    go(h, "y", "The new draft is the text now");
    harness_wait(h, "draft taken", SOON);
    harness_settle(h);
    assert_hides(h, "! new draft");
    go(h, "x", "Only a new draft that waits");
    go(h, ESC, "ovens of a hotel");
    assert_hides(h, "waits");
    quit(h);
}

static void a_new_draft_is_left(void **state)
{
    struct harness *h = start(state);

    go(h, "\t", "A new draft is compared with the text as it is now");
    go(h, "x", "Throw the new draft of Team away?");
    go(h, "y", "Your text stays");
    harness_wait(h, "3 texts", SOON);
    harness_settle(h);
    assert_hides(h, "! new draft");
    go(h, ESC, "two apprentices");
    assert_hides(h, "waits");
    assert_hides(h, "stale");
    quit(h);
}

static void nothing_was_changed_yet(void **state)
{
    struct harness *h = start_at(copy_home(*state), "market_analysis", 0, 0);

    harness_wait(h, "4 of 9", SOON);
    go(h, "H", "Nobody has changed a text yet");
    go(h, "r", "Nobody has changed a text yet.");
    go(h, "\r\t" DOWN "nN", "Nobody");
    go(h, ESC, "4 of 9");
    quit(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(texts_are_listed_and_changes_read, tidy),
        cmocka_unit_test_teardown(it_fits_every_width, tidy),
        cmocka_unit_test_teardown(a_text_is_put_back_after_a_question_and_that_is_undone, tidy),
        cmocka_unit_test_teardown(a_new_draft_is_taken, tidy),
        cmocka_unit_test_teardown(a_new_draft_is_left, tidy),
        cmocka_unit_test_teardown(nothing_was_changed_yet, tidy),
    };

    return cmocka_run_group_tests(tests, prepare_history, forget);
}
