/* test_terminal.c - the terminal, tried with the probe on a pseudo terminal: what it puts back and
 * when, what it asks and never waits for, what it sends and how often it wakes. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "strattio/attr.h"
#include "strattio/clock.h"
#include "strattio/mem.h"

#include "screen/harness.h"

#define PROBE BUILD_DIR "/tests/screen/probe"

static const char *const probe[] = {PROBE, NULL};

static struct harness *start_with(const struct harness_options *options)
{
    struct harness_options o = *options;
    struct harness *h;

    o.argv = o.argv ? o.argv : probe;
    h = harness_start(&o);
    harness_wait(h, "row 0", 10000);
    harness_settle(h);
    return h;
}

static struct harness *start(void)
{
    return start_with(&(struct harness_options){0});
}

static void stop(struct harness *h)
{
    harness_type(h, "\021"); /* ^Q: leave from anywhere */
    assert_exit(h, 5000, 0);
    harness_stop(h);
}

/* Everything that was switched on is off, and the first screen is back. */
static void assert_put_back(struct harness *h)
{
    int y, x;
    bool visible;

    harness_cursor(h, &y, &x, &visible);
    assert_true(visible);
    assert_false(harness_alternate(h));
    assert_true(harness_sent(h, "\033[?2004l"));
    assert_true(harness_sent(h, "\033[?2031l"));
    assert_true(harness_sent(h, "\033[?1006l"));
    assert_true(harness_sent(h, "\033[?1002l"));
}

/* --- looks --------------------------------------------------------------------------------------- */

static void screens_are_as_in_their_goldens(void **state)
{
    struct harness *h = start();

    (void)state;
    assert_golden(h, "probe_list");
    harness_type(h, "T");
    harness_wait(h, "Y1", 2000);
    harness_type(h, "\033[C\033[Cjj");
    harness_wait(h, "202", 2000);
    assert_golden(h, "probe_table");
    harness_type(h, "q");
    harness_wait(h, "row 0", 2000);
    harness_type(h, "P");
    harness_wait(h, "Apple", 2000);
    harness_type(h, "p");
    assert_golden(h, "probe_picker");
    stop(h);
}

static void a_form_takes_text(void **state)
{
    struct harness *h = start();

    (void)state;
    harness_type(h, "F");
    harness_wait(h, "your name", 2000);
    harness_type(h, "Zoë 日本\177\tsecret\tone two three four five six seven\rnext");
    assert_golden(h, "probe_form");
    stop(h);
}

/* Did the program choose a colour: is there a parameter 30 to 49 in an SGR? */
static bool sent_color(const struct harness *h)
{
    size_t len;
    const char *bytes = harness_bytes(h, &len);

    for (size_t i = 0; i + 2 < len; i++) {
        size_t end = i + 2;

        if (bytes[i] != '\033' || bytes[i + 1] != '[')
            continue;
        while (end < len && (bytes[end] == ';' || (bytes[end] >= '0' && bytes[end] <= '9')))
            end++;
        if (end >= len || bytes[end] != 'm')
            continue;
        for (const char *at = bytes + i + 2; at < bytes + end; at += strcspn(at, ";m") + 1)
            if (atoi(at) >= 30 && atoi(at) < 50)
                return true;
    }
    return false;
}

static void no_color_keeps_weight_and_words(void **state)
{
    static const char *const env[] = {"NO_COLOR=1", NULL};
    struct harness *h = start_with(&(struct harness_options){.env = env});

    (void)state;
    assert_golden(h, "probe_no_color");
    assert_false(sent_color(h));
    stop(h);
}

static void true_color_sends_red_green_blue(void **state)
{
    static const char *const env[] = {"COLORTERM=truecolor", "STRATTIO_THEME=dark", NULL};
    static const char *const own[] = {"COLORTERM=truecolor", NULL};
    struct harness *h = start_with(&(struct harness_options){.env = env});

    (void)state;
    assert_true(harness_sent(h, "38;2;"));
    assert_golden(h, "probe_dark_true");
    stop(h);
    h = start_with(&(struct harness_options){.env = own});
    assert_golden(h, "probe_list"); /* the terminal's own colours stay what they are */
    stop(h);
}

static void a_theme_of_256_colours_is_brought_down(void **state)
{
    static const char *const env[] = {"STRATTIO_THEME=light", NULL};
    struct harness *h = start_with(&(struct harness_options){.env = env});

    (void)state;
    assert_true(harness_sent(h, "38;5;"));
    assert_false(harness_sent(h, "38;2;"));
    assert_golden(h, "probe_light_256");
    stop(h);
}

/* --- types and locales ---------------------------------------------------------------------------- */

/* The ground of the themes that auto takes here, as red, green and blue are sent. */
#define LIGHT_GROUND "251;251;248"
#define DARK_GROUND "22;25;31"

static struct harness *start_auto(const char *environment, const char *background)
{
    static const char *const argv[] = {PROBE, "--theme", "auto", NULL};
    const char *env[] = {"COLORTERM=truecolor", environment, NULL};

    return start_with(&(struct harness_options){
        .argv = argv, .env = env, .background = background, .no_answers = !background});
}

/* Sends a reply in two pieces with more than Esc waits between, cut at every place but after the Esc it
 * begins with, which alone would be the key. */
static void send_in_pieces(struct harness *h, const char *reply)
{
    for (size_t cut = 2; cut < strlen(reply); cut++) {
        harness_send(h, reply, cut);
        for (int64_t until = clock_mono_ms() + 60; clock_mono_ms() < until;)
            harness_wakeups(h);
        harness_type(h, reply + cut);
    }
    harness_settle(h);
}

static void expect_ground(struct harness *h, const char *reply, const char *ground)
{
    send_in_pieces(h, reply);
    harness_forget(h);
    harness_type(h, "\014"); /* everything anew */
    harness_settle(h);
    assert_true(harness_sent(h, ground));
    assert_shows(h, "row 0");
}

static void auto_follows_what_the_terminal_says(void **state)
{
    struct harness *h = start_auto(NULL, "rgb:ffff/ffff/ffff");

    (void)state;
    assert_true(harness_sent(h, LIGHT_GROUND));
    stop(h);
    h = start_auto(NULL, "rgb:0/0/0");
    assert_true(harness_sent(h, DARK_GROUND));
    assert_false(harness_sent(h, LIGHT_GROUND));
    stop(h);
    h = start_auto("COLORFGBG=0;default;15", NULL); /* a terminal that answers nothing */
    assert_true(harness_sent(h, LIGHT_GROUND));
    assert_false(harness_sent(h, DARK_GROUND));
    stop(h);
}

static void auto_follows_an_answer_that_is_late_and_in_pieces(void **state)
{
    struct harness *h = start_auto(NULL, NULL);

    (void)state;
    assert_true(harness_sent(h, DARK_GROUND));
    assert_true(harness_sent(h, "\033[?2031h")); /* to be told when it changes */
    expect_ground(h, "\033]11;rgb:f0f0/f0f0/e8e8\033\\", LIGHT_GROUND);
    expect_ground(h, "\033[?997;1n", DARK_GROUND);
    expect_ground(h, "\033[?997;2n", LIGHT_GROUND);
    stop(h);
}

static void a_theme_that_was_chosen_stays(void **state)
{
    static const char *const argv[] = {PROBE, "--theme", "dark", NULL};
    static const char *const env[] = {"COLORTERM=truecolor", "COLORFGBG=0;15", NULL};
    struct harness *h = start_with(&(struct harness_options){
        .argv = argv, .env = env, .background = "rgb:ffff/ffff/ffff"});

    (void)state;
    assert_true(harness_sent(h, DARK_GROUND));
    assert_false(harness_sent(h, LIGHT_GROUND));
    stop(h);
}

static void every_terminal_type_shows_the_list(void **state)
{
    static const char *const types[] = {
        "TERM=xterm-kitty", "TERM=alacritty",     "TERM=no-such-terminal", "TERM=",  "TERM",
        "TERM=tmux-256color", "TERM=screen",      "TERM=linux",            "TERM=vt100",
        "TERM=xterm-mono",  "TERM=rxvt-unicode",  "TERM=xterm",            "TERM=foot"};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        const char *env[] = {types[i], NULL};
        struct harness *h = start_with(&(struct harness_options){.env = env});

        assert_row(h, 2, "  row 1       plain           |");
        harness_type(h, "jj");
        harness_settle(h);
        assert_cursor(h, 3, 2);
        stop(h);
    }
}

static void a_terminal_that_cannot_place_the_cursor_gets_a_sentence(void **state)
{
    static const char *const env[] = {"TERM=dumb", NULL};
    struct harness *h = harness_start(&(struct harness_options){.argv = probe, .env = env});

    (void)state;
    assert_exit(h, 5000, 1);
    assert_shows(h, "probe: this terminal (TERM is \"dumb\") cannot place the cursor");
    assert_false(harness_sent(h, "\033"));
    harness_stop(h);
}

static void without_a_terminal_there_is_a_sentence(void **state)
{
    static const char *const piped[] = {"/bin/sh", "-c", PROBE " | cat", NULL};
    static const char *const no_terminal[] = {"/bin/sh", "-c", "setsid -w " PROBE " >/dev/null", NULL};
    struct harness *h = harness_start(&(struct harness_options){.argv = piped});

    (void)state;
    harness_wait_exit(h, 5000);
    assert_shows(h, "probe: the screen needs a terminal, and standard output is none");
    harness_stop(h);
    h = harness_start(&(struct harness_options){.argv = no_terminal});
    assert_exit(h, 5000, 1);
    assert_shows(h, "probe: the screen needs a terminal");
    harness_stop(h);
}

static void without_a_locale_there_are_still_letters(void **state)
{
    static const char *const env[] = {"LC_ALL=C", NULL};
    static const char *const posix[] = {"LC_ALL", "LANG=POSIX", NULL};
    struct harness *h = start_with(&(struct harness_options){.env = env});

    (void)state;
    assert_shows(h, "日本 é");
    stop(h);
    h = start_with(&(struct harness_options){.env = posix});
    assert_shows(h, "日本 é");
    stop(h);
}

/* --- sizes --------------------------------------------------------------------------------------- */

static void a_small_window_says_so_and_keeps_everything(void **state)
{
    struct harness *h = start();

    (void)state;
    harness_type(h, "jjj");
    harness_settle(h);
    harness_resize(h, 5, 20);
    harness_wait(h, "This window is 20 x", 2000);
    harness_type(h, "jjj");
    harness_resize(h, 1, 1);
    harness_settle(h);
    harness_resize(h, 24, 80);
    harness_wait(h, "row 21", 2000);
    harness_settle(h);
    assert_cursor(h, 4, 2);
    stop(h);
}

static void three_hundred_sizes_leave_the_right_screen(void **state)
{
    struct harness *h = start_with(&(struct harness_options){.roomy = true});
    unsigned seed = 7;

    (void)state;
    for (int i = 0; i < 300; i++) {
        seed = seed * 1103515245u + 12345u;
        harness_resize(h, 1 + (int)(seed >> 16) % 60, 1 + (int)(seed >> 8) % 200);
        if (i % 3 == 0)
            harness_type(h, i % 2 ? "j" : "k");
        if (i % 10 == 0)
            harness_resize(h, 1, 1);
    }
    harness_resize(h, 24, 80);
    harness_settle(h);
    harness_type(h, "g");
    harness_wait(h, "row 0 ", 2000);
    assert_golden(h, "probe_list");
    stop(h);
}

/* --- ends ---------------------------------------------------------------------------------------- */

static void signals_put_the_terminal_back(void **state)
{
    static const int signals[] = {SIGTERM, SIGINT, SIGQUIT, SIGHUP};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
        char *rescued = mem_printf("PROBE_RESCUE=/tmp/strattio-rescue-%d", (int)getpid());
        const char *env[] = {rescued, NULL};
        struct harness *h = start_with(&(struct harness_options){.env = env});

        harness_signal(h, signals[i]);
        assert_exit(h, 2000, 128 + signals[i]);
        if (signals[i] != SIGHUP) /* then there is no terminal to put back */
            assert_put_back(h);
        assert_int_equal(access(strchr(rescued, '=') + 1, F_OK), 0);
        unlink(strchr(rescued, '=') + 1);
        harness_stop(h);
        free(rescued);
    }
}

/* ncurses takes a terminal for as high as its type says, and would leave the rest out of all
 * scrolling, in the shell too. */
static void a_high_window_scrolls_as_a_whole(void **state)
{
    struct harness *h = start_with(&(struct harness_options){.rows = 50, .cols = 90});

    (void)state;
    assert_false(harness_sent(h, "\033[1;24r"));
    harness_forget(h);
    harness_type(h, "q");
    assert_exit(h, 5000, 0);
    assert_true(harness_sent(h, "\033[1;50r"));
    harness_stop(h);
}

static void quitting_puts_the_terminal_back(void **state)
{
    struct harness *h = start();

    (void)state;
    harness_type(h, "q");
    assert_exit(h, 2000, 0);
    assert_put_back(h);
    harness_stop(h);
}

static void a_crash_puts_the_terminal_back(void **state)
{
    static const char *const kinds[] = {"PROBE_CRASH=segv", "PROBE_CRASH=abort"};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        const char *env[] = {kinds[i], "ASAN_OPTIONS=handle_abort=0:detect_leaks=0", NULL};
        struct harness *h = start_with(&(struct harness_options){.env = env});

        harness_type(h, "x");
        assert_int_not_equal(harness_wait_exit(h, 10000), 0);
        assert_put_back(h);
        harness_stop(h);
    }
}

static void a_lost_terminal_ends_the_program_at_once(void **state)
{
    struct harness *h = start();
    struct rusage usage;
    int64_t began;
    int status;

    (void)state;
    began = clock_mono_ms();
    harness_hang_up(h);
    assert_int_equal(wait4(harness_pid(h), &status, 0, &usage), harness_pid(h));
    assert_true(WIFEXITED(status) || WIFSIGNALED(status));
    assert_true(clock_mono_ms() - began < 500);
}

static int64_t cpu_ms(const struct harness *h)
{
    char path[64], text[1024];
    unsigned long user = 0, sys = 0;
    FILE *f;
    size_t n;
    const char *at;

    snprintf(path, sizeof path, "/proc/%d/stat", (int)harness_pid(h));
    f = fopen(path, "r");
    n = f ? fread(text, 1, sizeof text - 1, f) : 0;
    if (f)
        fclose(f);
    text[n] = '\0';
    at = strrchr(text, ')');
    if (at)
        sscanf(at + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &sys);
    return (int64_t)(user + sys) * 1000 / sysconf(_SC_CLK_TCK);
}

/* --- suspension ------------------------------------------------------------------------------------ */

static void suspended_it_gives_the_shell_back_and_continues(void **state)
{
    static const char *const shell[] = {"/bin/bash", "--norc", "-i", NULL};
    static const char *const env[] = {"PS1=shell$ ", "HISTFILE=", NULL};
    struct harness *h = harness_start(&(struct harness_options){.argv = shell, .env = env});

    (void)state;
    harness_wait(h, "shell$", 5000);
    harness_type(h, PROBE "\r");
    harness_wait(h, "row 21", 10000);
    harness_type(h, "jj");
    harness_wait(h, "? help", 2000);
    harness_forget(h);
    harness_type(h, "\032");
    harness_wait(h, "Stopped", 5000);
    assert_put_back(h);
    harness_type(h, "stty -a | head -3; echo back\r");
    harness_wait(h, "back", 2000);
    harness_type(h, "fg\r");
    harness_wait(h, "row 21", 5000);
    assert_true(harness_alternate(h));
    harness_type(h, "j");
    harness_wait(h, "row 3", 2000);
    harness_type(h, "q");
    harness_wait_gone(h, "row 21", 5000);
    harness_type(h, "echo code $?\r");
    harness_wait(h, "code 0", 5000);
    harness_stop(h);
}

static void stopped_from_outside_it_draws_again_when_continued(void **state)
{
    struct harness *h = start();

    (void)state;
    harness_signal(h, SIGSTOP);
    harness_resize(h, 30, 90);
    harness_signal(h, SIGCONT);
    harness_wait(h, "row 27", 5000);
    harness_settle(h);
    assert_true(harness_alternate(h));
    stop(h);
}

/* --- keys ---------------------------------------------------------------------------------------- */

static void a_lone_esc_acts_soon(void **state)
{
    struct harness *h = start();
    int64_t began;

    (void)state;
    harness_type(h, "F");
    harness_wait(h, "your name", 2000);
    harness_settle(h);
    began = clock_mono_ms();
    harness_type(h, "\033");
    harness_wait(h, "row 0", 2000);
    assert_true(clock_mono_ms() - began < 60);
    stop(h);
}

/* Only a lone Esc must go on soon; from then on a slow line may take its time. */
static void a_sequence_in_pieces_is_one_key(void **state)
{
    struct harness *h = start();

    (void)state;
    harness_type(h, "\033[");
    for (int64_t until = clock_mono_ms() + 60; clock_mono_ms() < until;)
        harness_wakeups(h);
    harness_type(h, "B");
    harness_settle(h);
    assert_cursor(h, 2, 2);
    stop(h);
}

static void a_paste_is_text_and_never_keys(void **state)
{
    struct harness *h = start();

    (void)state;
    harness_type(h, "\033[201~"); /* an end without a beginning */
    harness_paste(h, "qjx\033[B\021", 7); /* on a list: nothing to paste into */
    harness_settle(h);
    assert_cursor(h, 1, 2);
    harness_type(h, "F");
    harness_wait(h, "your name", 2000);
    harness_paste(h, "one\ttwo\r\nthree\033", 15);
    harness_wait(h, "one two three", 2000);
    stop(h);
}

static void a_megabyte_can_be_pasted(void **state)
{
    size_t len = 1000 * 1000;
    char *text = mem_zero(1, len + 1);
    struct harness *h = start();

    (void)state;
    for (size_t i = 0; i < len; i++)
        text[i] = i % 60 == 59 ? '\n' : (char)('a' + i % 26);
    harness_type(h, "F");
    harness_wait(h, "your name", 2000);
    harness_type(h, "\t\t");
    harness_paste(h, text, len);
    harness_wait(h, "pasted 1000000", 20000);
    free(text);
    stop(h);
}

static void the_mouse_moves_the_cursor_and_scrolls(void **state)
{
    static const char *const off[] = {PROBE, "--no-mouse", NULL};
    struct harness *h = start();

    (void)state;
    harness_type(h, "\033[<0;5;6M\033[<0;5;6m");
    harness_settle(h);
    assert_cursor(h, 5, 2);
    harness_type(h, "\033[<65;5;6M");
    harness_wait_gone(h, "row 0 ", 2000);
    stop(h);
    h = start_with(&(struct harness_options){.argv = off});
    assert_false(harness_sent(h, "\033[?1002h"));
    stop(h);
}

/* --- questions ------------------------------------------------------------------------------------ */

static void synchronised_updates_only_where_they_are_known(void **state)
{
    struct harness *h = start();

    (void)state;
    assert_true(harness_sent(h, "\033[?2026$p"));
    harness_type(h, "j");
    harness_settle(h);
    assert_false(harness_sent(h, "\033[?2026h"));
    stop(h);
    h = start_with(&(struct harness_options){.sync_answer = 2});
    harness_forget(h);
    harness_type(h, "j");
    harness_settle(h);
    assert_true(harness_sent(h, "\033[?2026h"));
    assert_true(harness_sent(h, "\033[?2026l"));
    harness_type(h, "F");
    harness_wait(h, "your name", 2000);
    harness_settle(h);
    harness_forget(h);
    harness_type(h, "a"); /* one letter is not worth the marks, four times its size */
    harness_settle(h);
    assert_true(harness_sent(h, "a"));
    assert_false(harness_sent(h, "\033[?2026h"));
    stop(h);
}

static void a_terminal_that_never_answers_holds_nothing_up(void **state)
{
    struct harness *h = start_with(&(struct harness_options){.no_answers = true});
    int64_t began;

    (void)state;
    harness_type(h, "j");
    harness_settle(h);
    assert_cursor(h, 2, 2);
    began = clock_mono_ms();
    harness_type(h, "q");
    assert_exit(h, 2000, 0);
    assert_true(clock_mono_ms() - began < 1000);
    harness_stop(h);
}

static void late_and_split_replies_are_no_typing(void **state)
{
    static const char *const replies[] = {"\033]11;rgb:1d1d/1f1f/2121\033\\", "\033[?2026;1$y",
                                          "\033[?62;22c", "\033]11;rgb:00/00/00\a",
                                          "\033[?997;1n"};
    struct harness *h = start_with(&(struct harness_options){.no_answers = true});

    (void)state;
    harness_type(h, "F");
    harness_wait(h, "your name", 2000);
    harness_settle(h);
    for (size_t r = 0; r < ARRAY_LEN(replies); r++)
        send_in_pieces(h, replies[r]);
    assert_shows(h, "your name"); /* nothing was typed into the field */
    stop(h);
}

/* The answers are still under way when the program ends: they must not reach the shell. */
static void answers_do_not_end_up_in_the_shell(void **state)
{
    static const char *const shell[] = {"/bin/bash", "--norc", "-i", NULL};
    static const char *const env[] = {"PS1=shell$ ", "HISTFILE=", NULL};
    struct harness *h = harness_start(&(struct harness_options){
        .argv = shell, .env = env, .background = "rgb:1d1d/1f1f/2121"});

    (void)state;
    harness_wait(h, "shell$", 5000);
    harness_type(h, PROBE "; echo ended\r");
    harness_wait(h, "row 0", 10000);
    harness_type(h, "q");
    harness_wait(h, "ended", 5000);
    harness_type(h, "echo clean\r");
    harness_wait(h, "shell$ echo clean", 5000);
    assert_hides(h, "rgb:");
    assert_hides(h, "2026;");
    harness_stop(h);
}

/* Seeded keys, sequences, pastes and sizes: whatever comes, the program lives and can be left. */
static void random_keys_do_no_harm(void **state)
{
    static const char *const inputs[] = {
        "j", "k", "G", "g", "\006", "\002", "\004", "\025", "F", "T", "P", "m", "c", "?", "\t",
        "\r", "\033", "\033[A", "\033[B", "\033[C", "\033[D", "\033[5~", "\033[6~", "\033[H",
        "\033[F", "\177", "\014", "\033[200~pasted\n日本\033[201~", "\033[<0;10;5M",
        "\033[<65;10;5M", "\033[<64;3;9M", "\033[1;5D", "é", "👨‍👩‍👧", "\033[", "\033]", "\377", "\027"};
    struct harness *h = start_with(&(struct harness_options){.roomy = true});
    uint32_t seed = 2026;

    (void)state;
    for (int i = 0; i < 3000; i++) {
        seed = seed * 1664525u + 1013904223u;
        if ((seed >> 20) % 40 == 0)
            harness_resize(h, 1 + (int)(seed >> 8) % 50, 1 + (int)(seed >> 16) % 150);
        harness_type(h, inputs[(seed >> 12) % ARRAY_LEN(inputs)]);
        if (i % 100 == 0)
            assert_true(harness_running(h));
    }
    harness_resize(h, 24, 80);
    harness_settle(h);
    assert_true(harness_running(h));
    stop(h);
}

static void the_clipboard_gets_what_was_copied(void **state)
{
    struct harness *h = start();

    (void)state;
    harness_type(h, "c");
    harness_settle(h);
    assert_string_equal(harness_clipboard(h), "Y29waWVk");
    stop(h);
}

static void messages_cannot_act_on_the_terminal(void **state)
{
    struct harness *h = start();

    (void)state;
    harness_forget(h);
    harness_type(h, "m");
    harness_wait(h, "[31ma message", 2000);
    assert_false(harness_sent(h, "\033[31ma"));
    assert_false(harness_sent(h, "\a"));
    stop(h);
}

/* --- bytes and wake-ups ---------------------------------------------------------------------------- */

static void idle_it_sleeps_without_end(void **state)
{
    struct harness *h = start();
    uint64_t before;
    size_t len;

    (void)state;
    harness_forget(h);
    assert_true(harness_sleeps_for_ever(h));
    before = harness_wakeups(h);
    harness_settle(h);
    assert_int_equal(harness_wakeups(h), before);
    harness_bytes(h, &len);
    assert_int_equal(len, 0);
    stop(h);
}

/* What the log says at the end: frames, bytes, writes. */
static void read_counts(const char *path, unsigned long counts[3])
{
    char line[256];
    FILE *f = fopen(path, "r");
    const char *at = NULL;

    assert_non_null(f);
    while (fgets(line, sizeof line, f))
        if ((at = strstr(line, "screen: ")) != NULL)
            break;
    fclose(f);
    assert_non_null(at);
    assert_int_equal(sscanf(at, "screen: %lu frames, %lu bytes, %lu writes", &counts[0],
                            &counts[1], &counts[2]),
                     3);
}

static void a_frame_is_one_write_of_few_bytes(void **state)
{
    char *log = mem_printf("PROBE_LOG=/tmp/strattio-log-%d", (int)getpid());
    const char *env[] = {log, NULL};
    struct harness *h = start_with(&(struct harness_options){.env = env});
    unsigned long counts[3];
    size_t len;

    (void)state;
    harness_type(h, "G");
    harness_wait(h, "row 999", 2000);
    harness_settle(h);
    harness_forget(h);
    harness_type(h, "k");
    harness_settle(h);
    harness_bytes(h, &len);
    assert_in_range(len, 1, 300);
    stop(h);
    read_counts(strchr(log, '=') + 1, counts);
    assert_in_range(counts[0], 3, 8);
    assert_int_equal(counts[0], counts[2]);
    unlink(strchr(log, '=') + 1);
    free(log);
}

static void typing_costs_few_bytes(void **state)
{
    struct harness *h = start();
    size_t len;

    (void)state;
    harness_type(h, "F");
    harness_wait(h, "your name", 2000);
    harness_type(h, "abc");
    harness_settle(h);
    harness_forget(h);
    harness_type(h, "d");
    harness_wait(h, "abcd", 2000);
    harness_settle(h);
    harness_bytes(h, &len);
    assert_int_equal(len, 1); /* the letter itself: the field's style is still on */
    harness_forget(h);
    harness_type(h, "\177"); /* and one taken back: step left, blank, step left */
    harness_wait_gone(h, "abcd", 2000);
    harness_settle(h);
    harness_bytes(h, &len);
    assert_in_range(len, 3, 24);
    stop(h);
}

/* ncurses writing to the terminal itself and our frames must give the same screen. */
static void frames_show_what_plain_updates_show(void **state)
{
    static const char *const plain[] = {"STRATTIO_FRAMES=plain", NULL};
    struct harness *a = start(), *b = start_with(&(struct harness_options){.env = plain});
    static const char *const keys[] = {"j", "G", "\025", "g", "\004", "\006", "k", "T", "$",
                                       "G", "h", "q", "F", "text", "\t", "\033", "j"};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        harness_type(a, keys[i]);
        harness_type(b, keys[i]);
        harness_settle(a);
        harness_settle(b);
        for (int y = 0; y < 24; y++) {
            char *row = mem_str(harness_row(a, y));

            assert_string_equal(row, harness_row(b, y));
            free(row);
        }
    }
    stop(a);
    stop(b);
}

static void a_terminal_that_stops_reading_loses_nothing(void **state)
{
    enum { SOME_FRAMES = 24 * 1024 }; /* two hundred of them would be ten times as much */
    struct harness *h = start();
    int64_t cpu;
    size_t len;

    (void)state;
    harness_forget(h);
    harness_stop_reading(h, true);
    for (int i = 0; i < 200; i++)
        harness_type(h, i % 2 ? "\006" : "\014"); /* a page down, the whole screen anew */
    cpu = cpu_ms(h);
    for (int64_t until = clock_mono_ms() + 200; clock_mono_ms() < until;)
        harness_wakeups(h);
    assert_true(cpu_ms(h) - cpu < 150); /* it waits, it does not spin */
    harness_stop_reading(h, false);
    harness_settle(h);
    harness_bytes(h, &len);
    assert_in_range(len, 1, SOME_FRAMES); /* frames melted into one; nothing was kept for later */
    harness_type(h, "G");
    harness_wait(h, "row 999", 5000);
    stop(h);
}

#define TEST(name) cmocka_unit_test_teardown(name, harness_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(screens_are_as_in_their_goldens),
        TEST(a_form_takes_text),
        TEST(no_color_keeps_weight_and_words),
        TEST(true_color_sends_red_green_blue),
        TEST(a_theme_of_256_colours_is_brought_down),
        TEST(auto_follows_what_the_terminal_says),
        TEST(auto_follows_an_answer_that_is_late_and_in_pieces),
        TEST(a_theme_that_was_chosen_stays),
        TEST(every_terminal_type_shows_the_list),
        TEST(a_terminal_that_cannot_place_the_cursor_gets_a_sentence),
        TEST(without_a_terminal_there_is_a_sentence),
        TEST(without_a_locale_there_are_still_letters),
        TEST(a_small_window_says_so_and_keeps_everything),
        TEST(three_hundred_sizes_leave_the_right_screen),
        TEST(signals_put_the_terminal_back),
        TEST(a_high_window_scrolls_as_a_whole),
        TEST(quitting_puts_the_terminal_back),
        TEST(a_crash_puts_the_terminal_back),
        TEST(a_lost_terminal_ends_the_program_at_once),
        TEST(suspended_it_gives_the_shell_back_and_continues),
        TEST(stopped_from_outside_it_draws_again_when_continued),
        TEST(a_lone_esc_acts_soon),
        TEST(a_sequence_in_pieces_is_one_key),
        TEST(a_paste_is_text_and_never_keys),
        TEST(a_megabyte_can_be_pasted),
        TEST(the_mouse_moves_the_cursor_and_scrolls),
        TEST(synchronised_updates_only_where_they_are_known),
        TEST(a_terminal_that_never_answers_holds_nothing_up),
        TEST(late_and_split_replies_are_no_typing),
        TEST(answers_do_not_end_up_in_the_shell),
        TEST(random_keys_do_no_harm),
        TEST(the_clipboard_gets_what_was_copied),
        TEST(messages_cannot_act_on_the_terminal),
        TEST(idle_it_sleeps_without_end),
        TEST(a_frame_is_one_write_of_few_bytes),
        TEST(typing_costs_few_bytes),
        TEST(frames_show_what_plain_updates_show),
        TEST(a_terminal_that_stops_reading_loses_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
