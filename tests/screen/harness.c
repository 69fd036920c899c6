/* harness.c - forkpty and libvterm. The emulator is fed in small pieces (its version overflows its stack
 * on large ones) and its answers go back to the program, as a terminal's would. Whether a program has
 * settled is asked of the kernel: its input is read, and each of its threads sits in a call that
 * waits, twice in a row with no wake-up between. */
#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#include <cmocka.h>

#include "strattio/attr.h"
#include "strattio/clock.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "harness_cell.h"
#include "threads.h"
#include "support/temp_dir.h"

enum {
    FEED = 4096,
    SETTLE_MS = 20000,
    BYTES_LIMIT = 256 * 1024 * 1024,
    ENV_MAX = 64,
    KILLED = 1000,
    ROOMY_ROWS = 100,
    ROOMY_COLS = 300,
};

struct harness {
    struct harness *next; /* of all that are not stopped */
    pid_t pid;
    int fd;       /* our side */
    int other;    /* the program's side: only to ask how much it has not read */
    bool over;
    int status;
    VTerm *vt;
    VTermScreen *screen;
    int rows, cols;
    int cursor_y, cursor_x;
    bool visible, alternate;
    struct strbuf bytes, row, clipboard;
    char broken[4]; /* of a character whose end has not come */
    size_t broken_len;
    char *home;
    bool own_home;
    int sync_answer;
    char *background;
    bool no_answers, stopped, roomy;
    bool told;               /* something was sent that must wake the program */
    uint64_t switches_then;  /* before it */
};

static uint64_t count_switches(const struct harness *h);

static struct harness *all;

/* --- the emulator ---------------------------------------------------------------------------------- */

static int on_cursor(VTermPos pos, VTermPos old, int visible, void *user)
{
    struct harness *h = user;

    (void)old;
    (void)visible;
    h->cursor_y = pos.row;
    h->cursor_x = pos.col;
    return 1;
}

static int on_property(VTermProp prop, VTermValue *value, void *user)
{
    struct harness *h = user;

    if (prop == VTERM_PROP_CURSORVISIBLE)
        h->visible = value->boolean;
    else if (prop == VTERM_PROP_ALTSCREEN)
        h->alternate = value->boolean;
    return 1;
}

static void answer(struct harness *h, const char *bytes, size_t len)
{
    while (len && !h->no_answers && h->fd >= 0) {
        ssize_t n = write(h->fd, bytes, len);

        if (n < 0 && errno != EAGAIN && errno != EINTR)
            return;
        if (n > 0) {
            bytes += n;
            len -= (size_t)n;
        }
    }
}

static int on_osc(const char *command, size_t len, void *user)
{
    struct harness *h = user;

    if (len > 5 && strncmp(command, "52;c;", 5) == 0) {
        strbuf_clear(&h->clipboard);
        strbuf_add(&h->clipboard, command + 5, len - 5);
    } else if (len == 4 && strncmp(command, "11;?", 4) == 0 && h->background) {
        char *text = mem_printf("\033]11;%s\033\\", h->background);

        answer(h, text, strlen(text));
        free(text);
    }
    return 1;
}

static const VTermScreenCallbacks callbacks = {.movecursor = on_cursor, .settermprop = on_property};
static const VTermParserCallbacks fallbacks = {.osc = on_osc};

static void make_emulator(struct harness *h)
{
    h->vt = vterm_new(h->roomy ? ROOMY_ROWS : h->rows, h->roomy ? ROOMY_COLS : h->cols);
    vterm_set_utf8(h->vt, 1);
    h->screen = vterm_obtain_screen(h->vt);
    vterm_screen_enable_altscreen(h->screen, 1);
    vterm_screen_set_callbacks(h->screen, &callbacks, h);
    vterm_screen_set_unrecognised_fallbacks(h->screen, &fallbacks, h);
    vterm_screen_reset(h->screen, 1);
    h->visible = true;
    h->alternate = false;
}

/* Sends the emulator's answers, with ours to the question it does not know. */
static void send_answers(struct harness *h)
{
    static const char unknown[] = "\033[?2026;0$y", known[] = "\033[?2026;2$y";
    char out[1024];
    size_t n;

    while ((n = vterm_output_read(h->vt, out, sizeof out)) > 0) {
        char *hit = h->sync_answer ? memmem(out, n, unknown, sizeof unknown - 1) : NULL;

        if (hit)
            memcpy(hit, known, sizeof known - 1);
        answer(h, out, n);
    }
}

static size_t utf8_length(char lead)
{
    unsigned char c = (unsigned char)lead;

    return c < 0xc0 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

/* Hands bytes to the emulator but for a character that is not complete: its version garbles one that
 * comes in two pieces. */
static void feed(struct harness *h, const char *bytes, size_t len)
{
    char piece[FEED + sizeof h->broken];
    size_t total = h->broken_len + len, cut = total;

    memcpy(piece, h->broken, h->broken_len);
    memcpy(piece + h->broken_len, bytes, len);
    while (cut > 0 && total - cut < 3 && ((unsigned char)piece[cut - 1] & 0xc0) == 0x80)
        cut--;
    if (cut > 0 && (unsigned char)piece[cut - 1] >= 0xc0)
        cut--; /* the lead of the last one */
    if (cut < total && utf8_length(piece[cut]) <= total - cut)
        cut = total; /* which is complete */
    vterm_input_write(h->vt, piece, cut);
    h->broken_len = total - cut;
    memcpy(h->broken, piece + cut, h->broken_len);
}

/* Takes in what the program has sent; waits at most `wait_ms` for it. */
static bool take(struct harness *h, int wait_ms)
{
    struct pollfd p = {.fd = h->fd, .events = POLLIN};
    char bytes[FEED];
    ssize_t n;

    if (h->stopped || h->fd < 0 || poll(&p, 1, wait_ms) <= 0 || !(p.revents & POLLIN))
        return false;
    n = read(h->fd, bytes, sizeof bytes);
    if (n <= 0)
        return false;
    strbuf_add(&h->bytes, bytes, (size_t)n);
    feed(h, bytes, (size_t)n);
    vterm_screen_flush_damage(h->screen);
    send_answers(h);
    return true;
}

/* --- the program ------------------------------------------------------------------------------------ */

static void set_env(char **env, const char *setting)
{
    size_t name = strcspn(setting, "=");
    size_t i = 0;

    while (env[i] && (strncmp(env[i], setting, name) != 0 || env[i][name] != '='))
        i++;
    if (i + 1 >= ENV_MAX)
        fail_msg("too many environment variables");
    free(env[i]);
    if (setting[name] == '=') {
        env[i] = mem_str(setting);
        return;
    }
    for (env[i] = NULL; env[i + 1]; i++) { /* without a value: take it out */
        env[i] = env[i + 1];
        env[i + 1] = NULL;
    }
}

static char **make_env(const struct harness *h, const char *const *more)
{
    static const char *const fixed[] = {
        "TERM=xterm-256color", "LC_ALL=C.UTF-8", "TZ=UTC", "STRATTIO_CLOCK=2026-11-24T14:02:11",
        "STRATTIO_RESUME=off", /* every start is the first, unless a test says otherwise */
        "STRATTIO_ASSETS=" SOURCE_DIR "/assets", "STRATTIO_THEMES=" SOURCE_DIR "/themes",
        "LSAN_OPTIONS=print_suppressions=0:suppressions=" SOURCE_DIR "/tests/screen/ncurses.supp",
    };
    static const char *const passed[] = {"PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS",
                                         "LSAN_OPTIONS"};
    char **env = mem_zero(ENV_MAX, sizeof *env);
    char *home = mem_printf("HOME=%s", h->home);
    char *tmp = mem_printf("TMPDIR=%s", h->home);

    for (size_t i = 0; i < ARRAY_LEN(fixed); i++)
        set_env(env, fixed[i]);
    for (size_t i = 0; i < ARRAY_LEN(passed); i++)
        if (getenv(passed[i])) {
            char *pair = mem_printf("%s=%s", passed[i], getenv(passed[i]));

            set_env(env, pair);
            free(pair);
        }
    set_env(env, home);
    set_env(env, tmp);
    for (size_t i = 0; more && more[i]; i++)
        set_env(env, more[i]);
    free(home);
    free(tmp);
    return env;
}

static void run_child(const struct harness_options *o, char **env)
{
    char **argv = mem_zero(64, sizeof *argv);

    for (size_t i = 0; o->argv[i] && i < 63; i++)
        argv[i] = mem_str(o->argv[i]);
    for (int sig = 1; sig < 32; sig++)
        signal(sig, SIG_DFL);
    execve(argv[0], argv, env);
    _exit(127);
}

struct harness *harness_start(const struct harness_options *o)
{
    struct harness *h = mem_zero(1, sizeof *h);
    struct winsize size = {.ws_row = (unsigned short)(o->rows ? o->rows : 24),
                           .ws_col = (unsigned short)(o->cols ? o->cols : 80)};
    char **env;

    h->next = all;
    all = h;
    h->rows = size.ws_row;
    h->cols = size.ws_col;
    h->own_home = !o->home;
    h->home = o->home ? mem_str(o->home) : temp_dir_make();
    h->sync_answer = o->sync_answer;
    h->background = mem_str(o->background);
    h->no_answers = o->no_answers;
    h->roomy = o->roomy;
    strbuf_init(&h->bytes, BYTES_LIMIT);
    strbuf_init(&h->row, 1 << 20);
    strbuf_init(&h->clipboard, 1 << 20);
    make_emulator(h);
    env = make_env(h, o->env);
    assert_int_equal(openpty(&h->fd, &h->other, NULL, NULL, &size), 0);
    h->pid = fork();
    assert_true(h->pid >= 0);
    if (h->pid == 0) {
        close(h->fd);
        login_tty(h->other);
        run_child(o, env);
    }
    for (size_t i = 0; env[i]; i++)
        free(env[i]);
    free(env);
    fcntl(h->fd, F_SETFL, O_NONBLOCK);
    fcntl(h->fd, F_SETFD, FD_CLOEXEC);
    fcntl(h->other, F_SETFD, FD_CLOEXEC);
    return h;
}

static void reap(struct harness *h, bool wait)
{
    if (!h->over && waitpid(h->pid, &h->status, wait ? 0 : WNOHANG) == h->pid)
        h->over = true;
}

static void remove_home(const struct harness *h)
{
    char *command = mem_printf("rm -rf '%s'", h->home);

    if (h->own_home && system(command) != 0)
        print_message("%s stays behind\n", h->home);
    free(command);
}

void harness_stop(struct harness *h)
{
    struct harness **link = &all;

    if (!h)
        return;
    while (*link != h)
        link = &(*link)->next;
    *link = h->next;
    reap(h, false);
    if (!h->over)
        kill(h->pid, SIGKILL);
    reap(h, true);
    if (h->fd >= 0)
        close(h->fd);
    if (h->other >= 0)
        close(h->other);
    vterm_free(h->vt);
    strbuf_finish(&h->bytes);
    strbuf_finish(&h->row);
    strbuf_finish(&h->clipboard);
    remove_home(h);
    free(h->home);
    free(h->background);
    free(h);
}

int harness_teardown(void **state)
{
    (void)state;
    while (all)
        harness_stop(all);
    return 0;
}

/* For another size a new emulator: this version crashes when it gets a frame meant for a larger one. A
 * program has to draw everything anew then anyhow. */
static void renew_emulator(struct harness *h)
{
    static const char second_screen[] = "\033[?1049h", hidden[] = "\033[?25l";
    bool visible = h->visible, alternate = h->alternate;

    vterm_free(h->vt);
    make_emulator(h);
    if (alternate)
        vterm_input_write(h->vt, second_screen, sizeof second_screen - 1);
    if (!visible)
        vterm_input_write(h->vt, hidden, sizeof hidden - 1);
}

/* --- doing ----------------------------------------------------------------------------------------- */

/* Before the program is told something: it has not settled until it has woken for it. What is written
 * to the terminal can still be under way in the kernel, where nobody can ask for it. */
static void note(struct harness *h)
{
    if (!h->told)
        h->switches_then = count_switches(h);
    h->told = true;
}

void harness_send(struct harness *h, const void *data, size_t len)
{
    const char *bytes = data;
    int64_t until = clock_mono_ms() + SETTLE_MS;

    note(h);
    while (len) {
        ssize_t n = write(h->fd, bytes, len < FEED ? len : FEED);

        if (n > 0) {
            bytes += n;
            len -= (size_t)n;
        } else if (errno != EAGAIN || clock_mono_ms() > until) {
            fail_msg("the program does not read its keys");
        }
        take(h, n > 0 ? 0 : 1);
    }
}

void harness_type(struct harness *h, const char *bytes)
{
    harness_send(h, bytes, strlen(bytes));
}

void harness_paste(struct harness *h, const char *text, size_t len)
{
    harness_type(h, "\033[200~");
    harness_send(h, text, len);
    harness_type(h, "\033[201~");
}

void harness_resize(struct harness *h, int rows, int cols)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};

    if (rows != h->rows || cols != h->cols)
        note(h);
    h->rows = rows;
    h->cols = cols;
    if (!h->roomy)
        renew_emulator(h);
    ioctl(h->fd, TIOCSWINSZ, &size);
}

void harness_signal(struct harness *h, int sig)
{
    kill(h->pid, sig);
}

void harness_hang_up(struct harness *h)
{
    close(h->other);
    close(h->fd);
    h->fd = h->other = -1;
}

void harness_stop_reading(struct harness *h, bool stop)
{
    h->stopped = stop;
}

/* --- looking ---------------------------------------------------------------------------------------- */

static void add_code(struct strbuf *out, uint32_t c)
{
    if (c < 0x80) {
        strbuf_char(out, (char)c);
    } else if (c < 0x800) {
        strbuf_char(out, (char)(0xc0 | c >> 6));
        strbuf_char(out, (char)(0x80 | (c & 0x3f)));
    } else if (c < 0x10000) {
        strbuf_char(out, (char)(0xe0 | c >> 12));
        strbuf_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
        strbuf_char(out, (char)(0x80 | (c & 0x3f)));
    } else {
        strbuf_char(out, (char)(0xf0 | c >> 18));
        strbuf_char(out, (char)(0x80 | (c >> 12 & 0x3f)));
        strbuf_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
        strbuf_char(out, (char)(0x80 | (c & 0x3f)));
    }
}

VTermScreenCell harness_cell(const struct harness *h, int y, int x)
{
    VTermScreenCell cell = {0};

    vterm_screen_get_cell(h->screen, (VTermPos){.row = y, .col = x}, &cell);
    return cell;
}

const char *harness_row(struct harness *h, int y)
{
    size_t end = 0;

    strbuf_clear(&h->row);
    for (int x = 0; x < h->cols;) {
        VTermScreenCell cell = harness_cell(h, y, x);

        if (cell.chars[0] == 0 || cell.chars[0] == (uint32_t)-1)
            strbuf_char(&h->row, ' ');
        for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i] &&
                        cell.chars[i] != (uint32_t)-1; i++)
            add_code(&h->row, cell.chars[i]);
        if (cell.chars[0] && cell.chars[0] != ' ' && cell.chars[0] != (uint32_t)-1)
            end = h->row.len;
        x += cell.width > 1 ? cell.width : 1;
    }
    strbuf_truncate(&h->row, end);
    return h->row.data;
}

bool harness_shows(struct harness *h, const char *text)
{
    for (int y = 0; y < h->rows; y++)
        if (strstr(harness_row(h, y), text))
            return true;
    return false;
}

void harness_cursor(const struct harness *h, int *y, int *x, bool *visible)
{
    *y = h->cursor_y;
    *x = h->cursor_x;
    *visible = h->visible;
}

void harness_size(const struct harness *h, int *rows, int *cols)
{
    *rows = h->rows;
    *cols = h->cols;
}

bool harness_alternate(const struct harness *h)
{
    return h->alternate;
}

pid_t harness_pid(const struct harness *h)
{
    return h->pid;
}

const char *harness_home(const struct harness *h)
{
    return h->home;
}

const char *harness_clipboard(const struct harness *h)
{
    return h->clipboard.data;
}

const char *harness_bytes(const struct harness *h, size_t *len)
{
    *len = h->bytes.len;
    return h->bytes.data;
}

void harness_forget(struct harness *h)
{
    strbuf_clear(&h->bytes);
}

bool harness_sent(const struct harness *h, const char *bytes)
{
    return memmem(h->bytes.data, h->bytes.len, bytes, strlen(bytes)) != NULL;
}

void harness_print(struct harness *h)
{
    print_message("+%d x %d, cursor %d,%d\n", h->cols, h->rows, h->cursor_y, h->cursor_x);
    for (int y = 0; y < h->rows; y++)
        print_message("|%s\n", harness_row(h, y));
    print_message("+\n");
}

/* --- what the kernel knows of the threads ------------------------------------------------------------ */

static uint64_t count_switches(const struct harness *h)
{
    struct threads s;

    threads_look(h->pid, &s);
    return s.switches;
}

uint64_t harness_wakeups(const struct harness *h)
{
    return count_switches(h);
}

bool harness_sleeps_for_ever(const struct harness *h)
{
    struct threads s;

    return threads_look(h->pid, &s) && s.for_ever;
}

/* --- waiting ---------------------------------------------------------------------------------------- */

static bool input_is_read(const struct harness *h)
{
    int waiting = 0;

    return ioctl(h->other, FIONREAD, &waiting) != 0 || waiting == 0;
}

void harness_settle(struct harness *h)
{
    int64_t until = clock_mono_ms() + SETTLE_MS;
    struct threads before = {0}, now;

    while (clock_mono_ms() < until) {
        bool took = take(h, 2);

        reap(h, false);
        if (h->over && !took)
            return;
        if (!threads_look(h->pid, &now))
            continue;
        if (!took && now.waits && before.waits && now.switches == before.switches &&
            (!h->told || now.switches > h->switches_then) && input_is_read(h)) {
            h->told = false;
            return;
        }
        before = now;
    }
    harness_print(h);
    fail_msg("the program does not settle");
}

static void wait_for(struct harness *h, const char *text, int ms, bool shown)
{
    int64_t until = clock_mono_ms() + ms;

    while (harness_shows(h, text) != shown) {
        int64_t left = until - clock_mono_ms();

        reap(h, false);
        if (left <= 0 || (h->over && !take(h, 0))) {
            harness_print(h);
            fail_msg("%s after %d ms: \"%s\"%s", shown ? "not shown" : "still shown", ms, text,
                     h->over ? "; the program has ended" : "");
        }
        take(h, left < 10 ? (int)left : 10);
    }
}

void harness_wait(struct harness *h, const char *text, int ms)
{
    wait_for(h, text, ms, true);
}

void harness_wait_gone(struct harness *h, const char *text, int ms)
{
    wait_for(h, text, ms, false);
}

int harness_wait_exit(struct harness *h, int ms)
{
    int64_t until = clock_mono_ms() + ms;

    for (reap(h, false); !h->over; reap(h, false)) {
        if (clock_mono_ms() > until) {
            harness_print(h);
            fail_msg("the program has not ended after %d ms", ms);
        }
        if (!take(h, 1))
            poll(NULL, 0, 1);
    }
    while (take(h, 0))
        continue;
    return WIFEXITED(h->status) ? WEXITSTATUS(h->status) : KILLED + WTERMSIG(h->status);
}

void assert_exit(struct harness *h, int ms, int code)
{
    int was = harness_wait_exit(h, ms);

    if (was == code)
        return;
    harness_print(h);
    fail_msg("the program ended with %d, not %d", was, code);
}

bool harness_running(struct harness *h)
{
    reap(h, false);
    return !h->over;
}

/* --- judging ---------------------------------------------------------------------------------------- */

void assert_shows(struct harness *h, const char *text)
{
    if (harness_shows(h, text))
        return;
    harness_print(h);
    fail_msg("not shown: \"%s\"", text);
}

void assert_hides(struct harness *h, const char *text)
{
    if (!harness_shows(h, text))
        return;
    harness_print(h);
    fail_msg("shown: \"%s\"", text);
}

void assert_row(struct harness *h, int y, const char *text)
{
    if (strcmp(harness_row(h, y), text) == 0)
        return;
    harness_print(h);
    fail_msg("row %d is \"%s\", not \"%s\"", y, harness_row(h, y), text);
}

void assert_cursor(struct harness *h, int y, int x)
{
    if (h->cursor_y == y && h->cursor_x == x)
        return;
    harness_print(h);
    fail_msg("the cursor is at %d,%d, not at %d,%d", h->cursor_y, h->cursor_x, y, x);
}
