/* test_parity.c - what the screens show, plain mode tells: the real screens on a terminal of ours, plain mode
 * beside them on the same plans under the same clock. Every word and number of the list of plans, the
 * contents, each section, each statement and the checklist must be in what plain mode told, and in all of it
 * not one escape byte. */
#include <ctype.h>

#include "screen/prepared.h"
#include "strattio/strbuf.h"

enum { HINTS = 1, CELL_FOOT = 5 }; /* rows at the end: hints; what the cell under the cursor is */
enum {
    ROWS = 40,
    COLS = 120,
    TOLD_MAX = 4 * 1024 * 1024,
    WORD_MAX = 80,
    STATEMENTS = 10,
    SECTIONS = 9,
    STEPS = 7,
    QUESTIONS = 126,
};

/* What belongs to keys and to drawing: the last row is the hints, the first the breadcrumb. These stand in
 * between. */
static const char *const chrome[] = {
    "name", "purpose", "status", /* heads of columns */
    "f",    "c",       "i",      /* keys that stand before what they lead to */
};

struct words {
    char (*items)[WORD_MAX];
    size_t count, cap;
};

static bool has(const struct words *w, const char *word)
{
    for (size_t i = 0; i < w->count; i++) {
        if (strcmp(w->items[i], word) == 0)
            return true;
    }
    return false;
}

static void add(struct words *w, const char *word, size_t len)
{
    char copy[WORD_MAX];
    size_t at = 0;

    if (!len || len >= WORD_MAX)
        return;
    for (size_t i = 0; i < len; i++) {
        if (word[i] !=
            ',') /* an answer with the focus is shown as it is typed: 12000 for £12,000 */
            copy[at++] = (char)tolower((unsigned char)word[i]);
    }
    copy[at] = '\0';
    if (has(w, copy))
        return;
    w->items = mem_grow(w->items, &w->cap, w->count + 1, sizeof *w->items);
    memcpy(w->items[w->count++], copy, at + 1);
}

/* Letters and digits, accented ones included; points and commas inside of numbers. */
static size_t word_len(const char *text)
{
    size_t len = 0;

    for (;; len++) {
        unsigned char c = (unsigned char)text[len];
        bool digit_before = len && isdigit((unsigned char)text[len - 1]);

        if (isalnum(c) || c == 0xc3 || (len && (unsigned char)text[len - 1] == 0xc3))
            continue;
        if ((c == '.' || c == ',') && digit_before && isdigit((unsigned char)text[len + 1]))
            continue;
        return len;
    }
}

/* What an ellipsis cuts is no word: the one before it is left out. */
static void add_words(struct words *w, const char *text)
{
    while (*text) {
        size_t len = word_len(text);

        if (len && strncmp(text + len, "…", strlen("…")) != 0)
            add(w, text, len);
        text += len ? len : 1;
    }
}

/* ---- the screens --------------------------------------------------------------------------- */

/* The words of the screen between its first row and the last `foot` ones. */
static void look(struct harness *h, struct words *w, int foot)
{
    for (int y = 1; y < ROWS - foot; y++)
        add_words(w, harness_row(h, y));
}

/* The same down to the end of what can be scrolled. */
static void look_through(struct harness *h, struct words *w, int foot)
{
    size_t before;

    do {
        before = w->count;
        look(h, w, foot);
        harness_type(h, "\033[6~");
        harness_settle(h);
    } while (w->count > before);
}

/* ---- plain mode ---------------------------------------------------------------------------- */

/* What plain mode tells for these lines; the caller frees it. */
static char *tell(const char *home, const char *lines)
{
    struct strbuf told;
    char *command = mem_printf(
        "printf '%s' | env -i PATH=\"$PATH\" HOME='%s' TMPDIR='%s' LC_ALL=C.UTF-8 TZ=UTC "
        "STRATTIO_ASSETS=" SOURCE_DIR "/assets STRATTIO_CLOCK=2026-11-24T14:02:11 " PROGRAM
        " --plain",
        lines, home, home);
    FILE *pipe = popen(command, "r");
    char buf[4096];
    size_t n;

    assert_non_null(pipe);
    strbuf_init(&told, TOLD_MAX);
    while ((n = fread(buf, 1, sizeof buf, pipe)) > 0)
        strbuf_add(&told, buf, n);
    assert_int_equal(pclose(pipe), 0);
    assert_null(strchr(told.data, '\033'));
    free(command);
    return strbuf_take(&told);
}

static bool is_chrome(const char *word)
{
    for (size_t i = 0; i < ARRAY_LEN(chrome); i++) {
        if (strcmp(word, chrome[i]) == 0)
            return true;
    }
    return false;
}

/* A number must be told as it stands. Of a word a part will do: an address is cut where its row ends. */
static bool is_told(const struct words *heard, const char *told, const char *word)
{
    return has(heard, word) || (!strpbrk(word, "0123456789") && strcasestr(told, word));
}

/* Every word of the screens is told; frees both. */
static void assert_told(struct words *shown, const char *home, const char *lines)
{
    char *told = tell(home, lines);
    struct words heard = {0};
    size_t missing = 0;

    add_words(&heard, told);
    assert_true(shown->count > 20); /* else the test has seen nothing */
    for (size_t i = 0; i < shown->count; i++) {
        if (is_told(&heard, told, shown->items[i]) || is_chrome(shown->items[i]))
            continue;
        print_error("shown and not told: %s\n", shown->items[i]);
        missing++;
    }
    free(shown->items);
    free(heard.items);
    free(told);
    assert_int_equal(missing, 0);
}

static void the_list_of_plans(void **state)
{
    const char *home = copy_home(*state);
    struct harness *h = start_in(home, ROWS, COLS);
    struct words shown = {0};

    harness_wait(h, "Harbour", SOON);
    harness_settle(h);
    look(h, &shown, HINTS);
    quit(h);
    assert_told(&shown, home, "quit\\n");
}

/* The bakery is the last of three. */
static struct harness *open_bakery(const char *home)
{
    struct harness *h = start_in(home, ROWS, COLS);

    harness_wait(h, "Harbour", SOON);
    harness_settle(h);
    go(h, "G\r", "Executive summary");
    return h;
}

static void the_contents_of_a_plan(void **state)
{
    const char *home = copy_home(*state);
    struct harness *h = start_in(home, ROWS, 90); /* so narrow that they stand alone */
    struct words shown = {0};

    harness_wait(h, "Harbour", SOON);
    harness_settle(h);
    go(h, "G\r", "Executive summary");
    look(h, &shown, HINTS);
    quit(h);
    assert_told(&shown, home, "harbour\\nquit\\n");
}

static void every_section(void **state)
{
    const char *home = copy_home(*state);
    struct harness *h = open_bakery(home);
    struct words shown = {0};

    harness_type(h, "\r");
    harness_settle(h);
    for (int i = 0; i < SECTIONS; i++) {
        look_through(h, &shown, HINTS);
        harness_type(h, "\t");
        harness_settle(h);
    }
    quit(h);
    assert_told(&shown, home,
                "harbour\\n1\\nnext\\nnext\\nnext\\nnext\\nnext\\nnext\\nnext\\nnext\\nback\\nagain"
                "\\nquit\\n");
}

static void every_statement(void **state)
{
    const char *home = copy_home(*state);
    struct harness *h = open_bakery(home);
    struct words shown = {0};

    go(h, "F", "Profit and loss");
    for (int i = 0; i < STATEMENTS; i++) {
        look_through(h, &shown, CELL_FOOT);
        harness_type(h, "\t");
        harness_settle(h);
    }
    quit(h);
    assert_told(&shown, home,
                "harbour\\nfinancials\\nrow "
                "1\\nnext\\nnext\\nnext\\nnext\\nnext\\nnext\\nnext\\nnext\\nnext\\n"
                "figure 1 1\\nquit\\n");
}

/* One point after the other: what is to be done stands beside the list. */
static void the_checklist(void **state)
{
    const char *home = copy_home(*state);
    struct harness *h = open_bakery(home);
    struct words shown = {0};
    size_t before;

    go(h, "C", "of 100");
    do {
        before = shown.count;
        look(h, &shown, HINTS);
        harness_type(h, "j");
        harness_settle(h);
    } while (shown.count > before);
    quit(h);
    assert_told(&shown, home,
                "harbour\\nchecklist\\nall\\nhow 1\\nhow 2\\nhow 3\\nhow 4\\nquit\\n");
}

static void the_answers(void **state)
{
    struct strbuf lines;
    const char *home = copy_home(*state);
    struct harness *h = open_bakery(home);
    struct words shown = {0};

    go(h, "i", "Intake");
    for (int i = 0; i < STEPS; i++) {
        harness_type(h, "\033[5~");
        harness_settle(h);
    }
    for (int i = 0; i < STEPS; i++) {
        look(h, &shown, HINTS);
        harness_type(h, "\033[6~");
        harness_settle(h);
    }
    quit(h);
    strbuf_init(&lines, 64 * 1024);
    strbuf_str(&lines, "harbour\\nanswers\\nlist\\npreview\\nmissing\\n");
    for (int i = 1; i <= QUESTIONS; i++) /* what stands beside the one with the focus */
        strbuf_printf(&lines, "go %d\\n?\\nmenu\\n", i);
    strbuf_str(&lines, "?\\nquit\\n");
    assert_told(&shown, home, lines.data);
    strbuf_finish(&lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_list_of_plans, tidy),
        cmocka_unit_test_teardown(the_contents_of_a_plan, tidy),
        cmocka_unit_test_teardown(every_section, tidy),
        cmocka_unit_test_teardown(every_statement, tidy),
        cmocka_unit_test_teardown(the_checklist, tidy),
        cmocka_unit_test_teardown(the_answers, tidy),
    };

    return cmocka_run_group_tests(tests, prepare, forget);
}
