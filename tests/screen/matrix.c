/* matrix.c - every screen on the terminals people have: TERM x size x colour x locale. What a
 * terminal shows must be, letter by letter, what the best of them shows; that one is looked at in
 * the goldens. Called with a TERM. */
#include "screen/prepared.h"

#include "screen/walk.h"

enum { STEPS = ARRAY_LEN(walk) };

static const char *term; /* of this run */

static const struct {
    int rows, cols;
} sizes[] = {{24, 80}, {15, 60}, {50, 200}};

/* --- a walk ----------------------------------------------------------------------------------- */

/* What was seen at each step: the rows in one piece, and where the cursor rested. */
struct seen {
    char *text[STEPS];
    int y[STEPS], x[STEPS];
};

static void forget_seen(struct seen *seen)
{
    for (size_t i = 0; i < STEPS; i++)
        free(seen->text[i]);
}

static char *rows_of(struct harness *h, int rows)
{
    char *all = mem_str("");

    for (int y = 0; y < rows; y++) {
        char *more = mem_printf("%s%s\n", all, harness_row(h, y));

        free(all);
        all = more;
    }
    return all;
}

static size_t count_of(const char *text, const char *what)
{
    size_t count = 0;

    while ((text = strstr(text, what)) != NULL) {
        text += strlen(what);
        count++;
    }
    return count;
}

/* What must hold of any screen: frames are closed, the foot is there, the focus is somewhere. */
static void expect_sound(struct harness *h, const struct step *step, const char *text, int rows)
{
    int y, x;
    bool visible;

    harness_cursor(h, &y, &x, &visible);
    if (count_of(text, "┌") != count_of(text, "└") || count_of(text, "┐") != count_of(text, "┘") ||
        count_of(text, "┌") != count_of(text, "┐"))
        fail_msg("%s: a frame is open\n%s", step->name, text);
    if (!strstr(harness_row(h, rows - 1), "help"))
        fail_msg("%s: the hints are not at the foot\n%s", step->name, text);
    if (y < 1 || y >= rows - 1)
        fail_msg("%s: the cursor is at %d,%d, on nothing that has the focus\n%s", step->name, y, x,
                 text);
}

static void take_step(struct harness *h, const struct step *step)
{
    harness_type(h, step->keys);
    harness_wait(h, step->shows, SOON);
    if (step->gone)
        harness_wait_gone(h, step->gone, SOON);
    harness_settle(h);
}

static struct harness *start_walk(const char *home, int rows, int cols, const char *type,
                                  const char *extra)
{
    static const char *const argv[] = {PROGRAM, NULL};
    char *type_is = mem_printf("TERM=%s", type);
    const char *env[] = {"STRATTIO_NAME=Ada Marsh", "STRATTIO_EMAIL=ada@example.org", type_is,
                         extra, NULL};
    struct harness *h = harness_start(&(struct harness_options){
        .argv = argv, .env = env, .home = home, .rows = rows, .cols = cols});

    free(type_is);
    return h;
}

/* Leaves, and sees that the terminal is as it was found. */
static void finish_walk(struct harness *h)
{
    int y, x;
    bool visible;

    harness_type(h, "\021");
    assert_exit(h, SOON, 0);
    harness_cursor(h, &y, &x, &visible);
    assert_true(visible);
    assert_false(harness_alternate(h));
    harness_stop(h);
}

/* Walks past all screens and keeps what they show. */
static void look_around(const char *home, size_t size, const char *type, const char *extra,
                        struct seen *out)
{
    int rows = sizes[size].rows;
    struct harness *h = start_walk(copy_home(home), rows, sizes[size].cols, type, extra);

    for (size_t i = 0; walk[i].keys; i++) {
        bool visible;

        take_step(h, &walk[i]);
        out->text[i] = rows_of(h, rows);
        harness_cursor(h, &out->y[i], &out->x[i], &visible);
        if (walk[i].name)
            expect_sound(h, &walk[i], out->text[i], rows);
    }
    finish_walk(h);
    shell("rm -rf '%s'", test_home);
}

/* The length of the row at `text` and, in *text, the next one's beginning. */
static int take_row(const char **text)
{
    size_t len = strcspn(*text, "\n");

    *text += len + ((*text)[len] == '\n');
    return (int)len;
}

static void expect_same_rows(const char *want, const char *got, const char *name, const char *how)
{
    for (int y = 0; *want || *got; y++) {
        const char *one = want, *other = got;
        int one_len = take_row(&want), other_len = take_row(&got);

        if (one_len != other_len || strncmp(one, other, (size_t)one_len) != 0)
            fail_msg("%s, %s: row %d is\n%.*s\ninstead of\n%.*s", name, how, y, other_len, other,
                     one_len, one);
    }
}

static void expect_same(const struct seen *want, const struct seen *got, const char *how)
{
    for (size_t i = 0; walk[i].keys; i++) {
        const char *name = walk[i].name ? walk[i].name : walk[i].shows;

        expect_same_rows(want->text[i], got->text[i], name, how);
        if (want->y[i] != got->y[i] || want->x[i] != got->x[i])
            fail_msg("%s, %s: the cursor is at %d,%d instead of %d,%d", name, how, got->y[i],
                     got->x[i], want->y[i], want->x[i]);
    }
}

/* --- the matrix --------------------------------------------------------------------------------- */

static void expect_all_the_same(const char *home, size_t size, bool reference)
{
    static const char *const extras[] = {NULL, "NO_COLOR=1", "LC_ALL=C"};
    struct seen want = {{0}, {0}, {0}};

    look_around(home, size, "xterm-256color", NULL, &want);
    for (size_t e = reference ? 1 : 0; e < ARRAY_LEN(extras); e++) {
        struct seen got = {{0}, {0}, {0}};

        look_around(home, size, term, extras[e], &got);
        expect_same(&want, &got, extras[e] ? extras[e] : term);
        forget_seen(&got);
    }
    forget_seen(&want);
}

static void every_screen_is_the_same_at_80x24(void **state)
{
    expect_all_the_same(*state, 0, strcmp(term, "xterm-256color") == 0);
}

static void every_screen_is_the_same_at_60x15(void **state)
{
    expect_all_the_same(*state, 1, strcmp(term, "xterm-256color") == 0);
}

static void every_screen_is_the_same_at_200x50(void **state)
{
    expect_all_the_same(*state, 2, strcmp(term, "xterm-256color") == 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(every_screen_is_the_same_at_80x24, tidy),
        cmocka_unit_test_teardown(every_screen_is_the_same_at_60x15, tidy),
        cmocka_unit_test_teardown(every_screen_is_the_same_at_200x50, tidy),
    };

    term = argc > 1 ? argv[1] : "xterm-256color";
    return cmocka_run_group_tests(tests, prepare, forget);
}
