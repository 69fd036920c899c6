/* test_reader.c - a section with every construct in it, read on a terminal: walking through what can be
 * opened, links and notes, wide code, a long table, outline, search in the plan, copying. */
#include "screen/prepared.h"

#define ESC   "\033"
#define RIGHT "\033[C"
#define TOP   "g"

static int prepare_reading(void **state)
{
    prepare(state);
    in_home(*state, "2026-11-24T14:00:00",
            "edit Harbour market_analysis --from " TESTS_DIR "/fixtures/reading.md");
    return 0;
}

/* In the section, at its top; files go to the home. `extra` is one more of the environment. */
static struct harness *read_with(void **state, int rows, int cols, const char *extra)
{
    static const char *const argv[] = {
        "/bin/sh", "-c", "cd \"$HOME\" && exec " PROGRAM " open Harbour market_analysis", NULL};
    const char *const env[] = {"STRATTIO_NAME=Ada Marsh", "STRATTIO_EMAIL=ada@example.org", extra,
                               NULL};
    struct harness *h = harness_start(&(struct harness_options){
        .argv = argv, .env = env, .home = copy_home(*state), .rows = rows, .cols = cols});

    harness_wait(h, "4 of 9", SOON);
    harness_wait(h, "The first year brings", SOON);
    harness_settle(h);
    return h;
}

static struct harness *read_it(void **state, int rows, int cols)
{
    return read_with(state, rows, cols, "STRATTIO_HYPERLINKS=auto");
}

static void every_construct_fits_every_size(void **state)
{
    static const struct {
        int rows, cols;
        const char *name;
    } sizes[] = {{24, 80, "reading"}, {40, 120, "reading_120x40"}, {15, 60, "reading_60x15"}};
    static const char *const pages[] = {"", "_2", "_3", "_4", "_5"};

    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        struct harness *h = read_it(state, sizes[i].rows, sizes[i].cols);

        for (size_t p = 0; p < (sizes[i].rows > 30 ? 2 : sizes[i].rows > 20 ? 3 : 5); p++) {
            char *name = mem_printf("%s%s", sizes[i].name, pages[p]);

            assert_golden(h, name);
            free(name);
            harness_type(h, " ");
            harness_settle(h);
        }
        quit(h);
        tidy(state);
    }
}

static void a_link_shows_its_whole_address_first(void **state)
{
    struct harness *h = read_it(state, 24, 80);

    go(h, RIGHT RIGHT RIGHT RIGHT RIGHT "\r", "A link");
    assert_shows(h, "https://www.ons.gov.uk/families");
    assert_shows(h, "the survey of families");
    assert_golden(h, "reading_link");
    go(h, "o", "There is no display here"); /* neither display nor $BROWSER */
    go(h, "y", "sent to your terminal (OSC 52)");
    assert_string_equal(harness_clipboard(h), "aHR0cHM6Ly93d3cub25zLmdvdi51ay9mYW1pbGllcw==");
    harness_type(h, ESC);
    harness_wait_gone(h, "A link", SOON);
    go(h, RIGHT RIGHT "\r", "folder/plan.txt");
    go(h, "o", "Only web and mail addresses are opened");
    quit(h);
}

/* The screen is the same; the bytes say where its links lead. */
static void links_are_sent_to_terminals_that_know_them(void **state)
{
    static const struct {
        const char *env;
        bool sent;
    } terminals[] = {{"STRATTIO_HYPERLINKS=always", true}, {"STRATTIO_HYPERLINKS=never", false},
                     {"VTE_VERSION=7006", true},           {"VTE_VERSION=4000", false},
                     {"TERM_PROGRAM=WezTerm", true},       {"LINES", false}};

    for (size_t i = 0; i < ARRAY_LEN(terminals); i++) {
        struct harness *h = read_with(state, 24, 80, terminals[i].env);

        assert_golden(h, "reading");
        assert_int_equal(harness_sent(h, "https://www.ons.gov.uk/families\033\\"),
                         terminals[i].sent);
        assert_int_equal(harness_sent(h, "\033]8;;\033\\"), terminals[i].sent);
        assert_false(harness_sent(h, ";folder/plan.txt\033")); /* is no address */
        quit(h);
        tidy(state);
    }
}

static void a_link_is_sent_again_only_where_rows_change(void **state)
{
    struct harness *h = read_with(state, 24, 80, "STRATTIO_HYPERLINKS=always");

    harness_forget(h);
    go(h, "j", "4 of 9"); /* a row up: its rows are others now */
    harness_wait_gone(h, "   Market analysis", SOON);
    harness_settle(h);
    assert_true(harness_sent(h, "\033]8;id=s"));
    harness_forget(h);
    go(h, RIGHT, "open"); /* the figure above: not its row */
    assert_false(harness_sent(h, "\033]8;id=s"));
    quit(h);
}

static void a_note_is_shown_gone_to_and_come_back_from(void **state)
{
    struct harness *h = read_it(state, 15, 60);

    go(h, RIGHT RIGHT RIGHT RIGHT "\r", "Note 1");
    assert_shows(h, "ONS family spending, 2024");
    assert_golden(h, "reading_note");
    harness_type(h, "g");
    harness_wait(h, "[1] ONS family", SOON);
    harness_wait_gone(h, "Note 1", SOON);
    assert_hides(h, "The first year brings");
    go(h, ESC, "The first year brings");
    quit(h);
}

static void what_is_wrong_is_marked_and_walked_to(void **state)
{
    struct harness *h = read_it(state, 24, 80);

    assert_shows(h, " ! ");
    go(h, "!", "bind it"); /* what to do about it */
    quit(h);
}

static void wide_code_moves_sideways(void **state)
{
    struct harness *h = read_it(state, 24, 80);

    go(h, "/waste\r", "match 1 of 1");
    assert_shows(h, "›");
    assert_hides(h, "left_over_at_six");
    go(h, ">>>>>>", "what_is_left_over_at_six");
    assert_shows(h, "‹");
    harness_type(h, "<<<<<<");
    harness_wait_gone(h, "what_is_left_over_at_six", SOON);
    quit(h);
}

static void a_long_table_keeps_its_header(void **state)
{
    struct harness *h = read_it(state, 15, 60);

    go(h, "/New estate\r", "match 1 of 1");
    assert_shows(h, "Households");
    quit(h);
}

static void the_outline_leads_to_a_heading(void **state)
{
    struct harness *h = read_it(state, 24, 80);

    go(h, "t", "Outline");
    assert_golden(h, "reading_outline");
    go(h, "counted\r", "waste");
    harness_wait_gone(h, "Outline", SOON);
    assert_shows(h, "How it is counted");
    quit(h);
}

static void a_search_goes_through_the_plan(void **state)
{
    struct harness *h = read_it(state, 24, 80);

    go(h, "/cafes\r", "match 1 of"); /* café, cafés */
    go(h, "*", "in the plan");
    assert_golden(h, "reading_search_all");
    go(h, "Executive\r", "1 of 9");
    assert_shows(h, "match 1 of");
    quit(h);
}

static void a_block_is_copied_or_written(void **state)
{
    struct harness *h = read_it(state, 24, 80);
    char *path = mem_printf("%s/strattio-copy.md", harness_home(h));

    go(h, "/lease\r", "match 1 of 1");
    go(h, "y", "sent to your terminal (OSC 52)");
    assert_true(*harness_clipboard(h));
    go(h, "W", "Written to");
    quit(h);
    shell("grep -q 'lease signed' '%s'", path);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(every_construct_fits_every_size, tidy),
        cmocka_unit_test_teardown(a_link_shows_its_whole_address_first, tidy),
        cmocka_unit_test_teardown(links_are_sent_to_terminals_that_know_them, tidy),
        cmocka_unit_test_teardown(a_link_is_sent_again_only_where_rows_change, tidy),
        cmocka_unit_test_teardown(a_note_is_shown_gone_to_and_come_back_from, tidy),
        cmocka_unit_test_teardown(what_is_wrong_is_marked_and_walked_to, tidy),
        cmocka_unit_test_teardown(wide_code_moves_sideways, tidy),
        cmocka_unit_test_teardown(a_long_table_keeps_its_header, tidy),
        cmocka_unit_test_teardown(the_outline_leads_to_a_heading, tidy),
        cmocka_unit_test_teardown(a_search_goes_through_the_plan, tidy),
        cmocka_unit_test_teardown(a_block_is_copied_or_written, tidy),
    };

    return cmocka_run_group_tests(tests, prepare_reading, forget);
}
