/* test_run_board.c - a run as it is shown, told by events that come through the queue as a writer's
 * would: sections side by side, text that streams, scrolling away from it and back, failure. The
 * times are the test's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "strattio/attr.h"
#include "strattio/mem.h"
#include "strattio/queue.h"

#include "runs.h"
#include "screen/picture.h"
#include "screen/run_board.h"

#define PLAN "0123456789abcdef01234567"

struct stand {
    struct queue *events;
    struct runs *runs;
    const struct run_view *view;
    struct run_board board;
    struct picture picture;
    int64_t now;
};

static void drop_event(void *message)
{
    event_free(message);
}

static void begin(struct stand *s, int rows, int cols)
{
    s->events = queue_create(drop_event);
    s->runs = runs_create();
    s->now = 1000;
    s->view = runs_begin(s->runs, PLAN, s->now);
    run_board_init(&s->board);
    picture_init(&s->picture, rows, cols);
}

static void end(struct stand *s)
{
    picture_finish(&s->picture);
    run_board_finish(&s->board);
    runs_destroy(s->runs);
    queue_destroy(s->events);
}

/* One event by way of the queue, as the app hands it on. */
static void send(struct stand *s, struct event event)
{
    struct event *e = mem_copy(&event, sizeof event);

    snprintf(e->plan_id, sizeof e->plan_id, "%s", PLAN);
    e->text = mem_str(event.text);
    queue_push(s->events, e);
    e = queue_pop(s->events);
    runs_event(s->runs, e, s->now);
    run_board_event(&s->board, e);
    event_free(e);
}

static void tell_stage(struct stand *s, enum stage stage, enum event_kind kind, char *note)
{
    send(s, (struct event){.kind = kind, .stage = stage, .section = SECTION_COUNT, .text = note});
}

static void tell_section(struct stand *s, enum section_type section, enum event_kind kind,
                         char *text)
{
    send(s, (struct event){.kind = kind, .stage = STAGE_WRITING, .section = section, .text = text});
}

/* Up to two sections that are written side by side, one of them with text. */
static void write_two(struct stand *s)
{
    static const struct {
        enum stage stage;
        int64_t ms;
        char note[32];
    } done[] = {{STAGE_RESEARCH, 3100, "6 sources, 2 missing"},
                {STAGE_VALIDATION, 20, "0 warnings"},
                {STAGE_FINANCE, 40, "60 months, 41 lines"}};
    char note[32];

    for (size_t i = 0; i < ARRAY_LEN(done); i++) {
        snprintf(note, sizeof note, "%s", done[i].note);
        tell_stage(s, done[i].stage, EVENT_STARTED, NULL);
        s->now += done[i].ms;
        tell_stage(s, done[i].stage, EVENT_DONE, note);
    }
    tell_stage(s, STAGE_WRITING, EVENT_STARTED, NULL);
    tell_section(s, SECTION_EXECUTIVE_SUMMARY, EVENT_STARTED, NULL);
    tell_section(s, SECTION_MARKET_ANALYSIS, EVENT_STARTED, NULL);
    snprintf(note, sizeof note, "312 words");
    tell_section(s, SECTION_EXECUTIVE_SUMMARY, EVENT_DONE, note);
    send(s, (struct event){.kind = EVENT_ADVANCED,
                           .stage = STAGE_WRITING,
                           .section = SECTION_COUNT,
                           .done = 1,
                           .total = SECTION_COUNT});
    snprintf(note, sizeof note, "Within 1.5 km live");
    tell_section(s, SECTION_MARKET_ANALYSIS, EVENT_DELTA, note);
    snprintf(note, sizeof note, " 9,400 households.\n\n");
    tell_section(s, SECTION_MARKET_ANALYSIS, EVENT_DELTA, note);
    s->now += 12300;
}

static void draw(struct stand *s)
{
    int rows = s->picture.canvas.rows, cols = s->picture.canvas.cols;

    picture_finish(&s->picture);
    picture_init(&s->picture, rows, cols);
    run_board_draw(&s->board, s->view, &s->picture.canvas, s->now);
}

static void sections_stand_side_by_side(void **state)
{
    struct stand s;

    (void)state;
    begin(&s, 16, 80);
    write_two(&s);
    draw(&s);
    assert_picture(
        &s.picture,
        "   ✓ Research     6 sources, 2 missing                                    3.1 s\n"
        "   ✓ Checks       0 warnings                                              0.0 s\n"
        "   ✓ Financials   60 months, 41 lines                                     0.0 s\n"
        "   ◐ Writing      1 of 9  ██░░░░░░░░░░░░░░░░                             12.3 s\n"
        "       ✓ Summary          312  ○ Company               ○ Offer\n"
        "       ◐ Market             6  ○ Competition           ○ Marketing\n"
        "       ○ Operations            ○ Team                  ○ Financials\n"
        "   ○ Compliance\n"
        "─── Market analysis ────────────────────────────────────────────────────────────\n"
        "  Within 1.5 km live 9,400 households.\n"
        "\n"
        "\n"
        "\n"
        "\n"
        "\n"
        "\n");
    end(&s);
}

static void few_rows_keep_one_line_each(void **state)
{
    struct stand s;

    (void)state;
    begin(&s, 13, 60);
    write_two(&s);
    draw(&s);
    assert_picture(&s.picture, "   ✓ Research     6 sources, 2 missing                3.1 s\n"
                               "   ✓ Checks       0 warnings                          0.0 s\n"
                               "   ✓ Financials   60 months, 41 lines                 0.0 s\n"
                               "   ◐ Writing      1 of 9  ██░░░░░░░░░░░░░░░░         12.3 s\n"
                               "       ✓ Summary   312  ○ Company        ○ Offer\n"
                               "       ◐ Market      6  ○ Competition    ○ Marketing\n"
                               "       ○ Operations     ○ Team           ○ Financials\n"
                               "   ○ Compliance\n"
                               "─── Market analysis ────────────────────────────────────────\n"
                               "  Within 1.5 km live 9,400 households.\n"
                               "\n"
                               "\n"
                               "\n");
    end(&s);
}

static void add_lines(struct stand *s, int count)
{
    for (int i = 0; i < count; i++) {
        char text[32];

        snprintf(text, sizeof text, "- point %d\n", i);
        tell_section(s, SECTION_MARKET_ANALYSIS, EVENT_DELTA, text);
    }
}

static bool shows(struct stand *s, const char *text)
{
    char *all = picture_text(&s->picture);
    bool found = strstr(all, text) != NULL;

    free(all);
    return found;
}

static void text_scrolled_away_stays_and_counts_what_is_new(void **state)
{
    struct stand s;

    (void)state;
    begin(&s, 20, 80);
    write_two(&s);
    add_lines(&s, 20);
    draw(&s);
    assert_true(shows(&s, "point 19"));
    assert_true(run_board_act(&s.board, ACTION_LIST_TOP));
    add_lines(&s, 12);
    draw(&s);
    assert_true(shows(&s, "Within 1.5 km"));
    assert_true(shows(&s, "12 new lines below, End to follow"));
    tell_section(&s, SECTION_TEAM, EVENT_STARTED,
                 NULL); /* nor does another section take its place */
    draw(&s);
    assert_true(shows(&s, "Within 1.5 km"));
    run_board_follow(&s.board);
    draw(&s);
    assert_true(shows(&s, "point 11"));
    assert_false(shows(&s, "new lines"));
    end(&s);
}

static void a_failure_names_what_is_kept_and_the_key(void **state)
{
    struct stand s;
    struct event failed = {.kind = EVENT_FAILED, .stage = STAGE_RUN, .section = SECTION_COUNT};

    (void)state;
    begin(&s, 13, 60);
    write_two(&s);
    s.board.kept = 1;
    err_set(&failed.err, ERR_IO, 0, "Writing: the writer does not answer.");
    send(&s, failed);
    draw(&s);
    assert_picture(&s.picture, "   ✓ Research     6 sources, 2 missing                3.1 s\n"
                               "   ✓ Checks       0 warnings                          0.0 s\n"
                               "   ✓ Financials   60 months, 41 lines                 0.0 s\n"
                               "   ✗ Writing      1 of 9  ██░░░░░░░░░░░░░░░░         12.3 s\n"
                               "       ✓ Summary   312  ○ Company        ○ Offer\n"
                               "       ✗ Market      6  ○ Competition    ○ Marketing\n"
                               "       ○ Operations     ○ Team           ○ Financials\n"
                               "   ○ Compliance\n"
                               "   ✗ Writing: the writer does not answer.\n"
                               "     1 of 9 sections are kept; r goes on from there.\n"
                               "─── Market analysis ────────────────────────────────────────\n"
                               "  Within 1.5 km live 9,400 households.\n"
                               "\n");
    end(&s);
}

static void without_past_runs_nothing_is_said_of_what_is_left(void **state)
{
    struct stand s;

    (void)state;
    begin(&s, 16, 80);
    write_two(&s);
    assert_int_equal(eta_told(&s.view->eta, s.now), -1); /* no past is read */
    end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sections_stand_side_by_side),
        cmocka_unit_test(few_rows_keep_one_line_each),
        cmocka_unit_test(text_scrolled_away_stays_and_counts_what_is_new),
        cmocka_unit_test(a_failure_names_what_is_kept_and_the_key),
        cmocka_unit_test(without_past_runs_nothing_is_said_of_what_is_left),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
