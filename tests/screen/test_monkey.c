/* test_monkey.c - keys, clicks and wheel turns at random, the same for the same seed. The picture that
 * all those small frames have left must be the one a full redraw makes: what is left over from an
 * earlier screen, or gone with it, is a fault wherever it comes from. The sanitizers listen. */
#include "screen/prepared.h"

#include "screen/walk.h"

#define ESC "\033"

enum { PIECES_MAX = 5, UNDO_AFTER = 12 };

/* All there is but "y", "q" and what leaves: plans that are deleted leave nothing to look at. */
static const char *const pieces[] = {
    "j",       "j",
    "j",       "k",
    "g",       "G",
    "l",       "h",
    " ",       "\r",
    "\r",      "\r",
    "\t",      "\t",
    ESC "[Z",  ESC,
    ESC,       ESC "[A",
    ESC "[B",  ESC "[B",
    ESC "[C",  ESC "[C",
    ESC "[D",  ESC "[5~",
    ESC "[6~", ESC "[H",
    ESC "[F",  "\004",
    "\025",    "e",
    "a",       "n",
    "i",       "w",
    "F",       "C",
    "H",       "X",
    "M",       "m",
    "t",       "o",
    "O",       "/",
    "/",       "bread",
    "zz",      "{{",
    "?",       ":",
    ",",       "D",
    "d",       "r",
    "R",       "u",
    "x",       "A",
    "!",       "*",
    "0",       "$",
    ">",       "\023",
    "\037",    "\006",
    "\024",    "\022",
    "\177",    "# The word\r",
    ESC "p",   "caf\303\251 \346\227\245\346\234\254",
    "12.5",
};

struct monkey {
    uint32_t state;
    int rows, cols;
};

static size_t below(struct monkey *m, size_t n)
{
    m->state = m->state * 1664525u + 1013904223u;
    return (size_t)(((uint64_t)m->state * n) >> 32);
}

/* A click with its release, or a turn of the wheel. */
static void point(struct monkey *m, struct harness *h)
{
    size_t y = 1 + below(m, (size_t)m->rows), x = 1 + below(m, (size_t)m->cols);
    size_t what = below(m, 4);
    char bytes[64];

    if (what < 2)
        snprintf(bytes, sizeof bytes, ESC "[<%d;%zu;%zuM", what ? 64 : 65, x, y);
    else
        snprintf(bytes, sizeof bytes, ESC "[<0;%zu;%zuM" ESC "[<0;%zu;%zum", x, y, x, y);
    harness_type(h, bytes);
}

static void do_something(struct monkey *m, struct harness *h)
{
    size_t count = 1 + below(m, PIECES_MAX);

    for (size_t i = 0; i < count; i++) {
        if (below(m, 8) == 0)
            point(m, h);
        else
            harness_type(h, pieces[below(m, ARRAY_LEN(pieces))]);
    }
    harness_settle(h);
}

static void expect_same(const char *left, const char *drawn, const char *when)
{
    bool same = strcmp(left, drawn) == 0;

    while (!same && (*left || *drawn)) {
        int one = (int)strcspn(left, "\n"), other = (int)strcspn(drawn, "\n");

        if (one != other || strncmp(left, drawn, (size_t)one) != 0)
            print_message("left:  %.*s\ndrawn: %.*s\n", one, left, other, drawn);
        left += one + (left[one] == '\n');
        drawn += other + (drawn[other] == '\n');
    }
    if (!same)
        fail_msg("%s: something was left over", when);
}

/* F11 does nothing but end a passing message, which the redraw would end, too. */
static void expect_as_redrawn(struct monkey *m, struct harness *h, uint32_t seed, int turn)
{
    char *when = mem_printf("%dx%d, seed %u, turn %d", m->cols, m->rows, seed, turn);
    char *left, *drawn;

    harness_type(h, ESC "[23~");
    harness_settle(h);
    left = harness_picture(h);
    harness_type(h, "\f");
    harness_settle(h);
    drawn = harness_picture(h);
    expect_same(left, drawn, when);
    free(when);
    free(left);
    free(drawn);
}

static void play(const char *home, int rows, int cols, uint32_t seed, int turns)
{
    struct monkey m = {.state = seed, .rows = rows, .cols = cols};
    struct harness *h;

    copy_home(home);
    assert_int_equal(chdir(test_home), 0); /* what it exports is written there */
    h = start_in(test_home, rows, cols);
    harness_wait(h, "Northwind", SOON);
    for (int turn = 1; turn <= turns; turn++) {
        do_something(&m, h);
        if (!harness_running(h)) { /* the palette has a way out, too */
            assert_exit(h, SOON, 0);
            harness_stop(h);
            h = start_in(test_home, rows, cols);
            harness_wait(h, "Strattio", SOON);
            harness_settle(h);
        }
        if (turn % 3 == 0)
            expect_as_redrawn(&m, h, seed, turn);
        if (turn % UNDO_AFTER == 0) /* back to the plans, or it would sit in one field for ever */
            for (int i = 0; i < 6; i++) {
                harness_type(h, ESC);
                harness_settle(h);
            }
    }
    quit(h);
    assert_int_equal(chdir("/"), 0);
}

/* Past every screen in its order, which brings each in the place of the one before. */
static void every_screen_is_as_redrawn(void **state)
{
    struct monkey m = {.rows = 40, .cols = 120};
    struct harness *h = start_in(copy_home(*state), m.rows, m.cols);
    int turn = 0;

    for (const struct step *step = walk; step->keys; step++) {
        harness_type(h, step->keys);
        harness_wait(h, step->shows, SOON);
        if (step->gone)
            harness_wait_gone(h, step->gone, SOON);
        harness_settle(h);
        expect_as_redrawn(&m, h, 0, ++turn);
    }
    quit(h);
}

static uint32_t seed_or(uint32_t fallback)
{
    const char *wanted = getenv("MONKEY_SEED");

    return wanted ? (uint32_t)strtoul(wanted, NULL, 10) : fallback;
}

static int turns(void)
{
    const char *wanted = getenv("MONKEY_TURNS");

    return wanted ? atoi(wanted) : 40;
}

static void nothing_is_left_over_at_80x24(void **state)
{
    play(*state, 24, 80, seed_or(1), turns());
}

static void nothing_is_left_over_at_120x40(void **state)
{
    play(*state, 40, 120, seed_or(2), turns());
}

static void nothing_is_left_over_at_60x15(void **state)
{
    play(*state, 15, 60, seed_or(3), turns());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(every_screen_is_as_redrawn, tidy),
        cmocka_unit_test_teardown(nothing_is_left_over_at_80x24, tidy),
        cmocka_unit_test_teardown(nothing_is_left_over_at_120x40, tidy),
        cmocka_unit_test_teardown(nothing_is_left_over_at_60x15, tidy),
    };

    return cmocka_run_group_tests(tests, prepare, forget);
}
