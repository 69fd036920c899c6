/* tty.c - the device. Three ideas:
 *
 * A handler does nothing but set a flag and write one byte into a pipe; the loop does the work. Our
 * handlers are installed before ncurses starts, which leaves alone what is not at its default.
 *
 * Output never blocks. What the terminal does not take is kept, and while something is kept no new
 * frame is made, so that on a slow line frames melt into one instead of queueing up.
 *
 * What is needed to put the terminal back lies ready in static storage: the modes as found and one
 * string of bytes. The crash handler writes them with calls that are safe in a handler, then lets
 * the signal take its course, so that a core dump or a sanitizer's report still comes. */
#include "tty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "strattio/clock.h"
#include "strattio/err.h"
#include "strattio/strbuf.h"

enum { LEAVE_MAX = 512, PENDING_MAX = 64 * 1024 * 1024, CRASH_STACK = 64 * 1024 };

static const int caught[] = {SIGWINCH, SIGHUP, SIGTERM, SIGINT, SIGQUIT, SIGTSTP, SIGCONT};
static const int fatal[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};

static struct {
    int fd;
    int pipe[2];
    bool open, gone;
    struct termios found; /* the modes to put back */
    volatile sig_atomic_t raw;
    volatile sig_atomic_t flags[NSIG];
    volatile sig_atomic_t end_signal;
    char leave[LEAVE_MAX];
    volatile sig_atomic_t leave_len;
    struct strbuf out; /* bytes the terminal has not taken yet */
    size_t out_done;
    struct sigaction before[NSIG];
} tty = {.fd = -1, .pipe = {-1, -1}};

static char crash_stack[CRASH_STACK];

/* --- signals ----------------------------------------------------------------------------------- */

static void on_signal(int sig)
{
    int saved = errno;
    ssize_t ignored;

    tty.flags[sig] = 1;
    if (sig == SIGTERM || sig == SIGINT || sig == SIGQUIT || sig == SIGHUP)
        tty.end_signal = sig;
    ignored = write(tty.pipe[1], "!", 1);
    (void)ignored;
    errno = saved;
}

/* Only calls that are safe in a handler: write, poll, tcsetattr, sigaction, raise. */
static void on_crash(int sig, siginfo_t *info, void *context)
{
    (void)context;
    if (tty.raw) {
        const char *at = tty.leave;
        size_t left = (size_t)tty.leave_len;

        for (int tries = 0; left && tries < 10; tries++) {
            struct pollfd p = {.fd = tty.fd, .events = POLLOUT};
            ssize_t n = write(tty.fd, at, left);

            if (n > 0) {
                at += n;
                left -= (size_t)n;
            } else {
                poll(&p, 1, 20);
            }
        }
        tcsetattr(tty.fd, TCSANOW, &tty.found);
        tty.raw = 0;
    }
    /* A fault happens again as soon as we return, under whoever handled it before us. */
    sigaction(sig, &tty.before[sig], NULL);
    if (!info || info->si_code <= 0 || sig == SIGABRT)
        raise(sig);
}

static void catch_signals(void)
{
    struct sigaction on = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    struct sigaction crash = {.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    stack_t stack = {.ss_sp = crash_stack, .ss_size = sizeof crash_stack};
    stack_t present;

    sigemptyset(&on.sa_mask);
    sigemptyset(&crash.sa_mask);
    sigemptyset(&ignore.sa_mask);
    if (sigaltstack(NULL, &present) == 0 && (present.ss_flags & SS_DISABLE))
        sigaltstack(&stack, NULL); /* a sanitizer may have set one */
    for (size_t i = 0; i < sizeof caught / sizeof caught[0]; i++) {
        tty.flags[caught[i]] = 0;
        sigaction(caught[i], &on, &tty.before[caught[i]]);
    }
    for (size_t i = 0; i < sizeof fatal / sizeof fatal[0]; i++)
        sigaction(fatal[i], &crash, &tty.before[fatal[i]]);
    sigaction(SIGPIPE, &ignore, &tty.before[SIGPIPE]);
}

static void release_signals(void)
{
    for (size_t i = 0; i < sizeof caught / sizeof caught[0]; i++)
        sigaction(caught[i], &tty.before[caught[i]], NULL);
    for (size_t i = 0; i < sizeof fatal / sizeof fatal[0]; i++)
        sigaction(fatal[i], &tty.before[fatal[i]], NULL);
    sigaction(SIGPIPE, &tty.before[SIGPIPE], NULL);
}

int tty_signal_fd(void)
{
    return tty.pipe[0];
}

static bool take(int sig)
{
    bool set = tty.flags[sig];

    tty.flags[sig] = 0;
    return set;
}

unsigned tty_take_signals(void)
{
    char drain[64];
    unsigned bits = 0;

    while (read(tty.pipe[0], drain, sizeof drain) > 0)
        continue;
    bits |= take(SIGWINCH) ? TTY_RESIZE : 0;
    bits |= take(SIGHUP) ? TTY_HANGUP : 0;
    bits |= take(SIGTSTP) ? TTY_STOP : 0;
    bits |= take(SIGCONT) ? TTY_CONTINUE : 0;
    bits |= take(SIGTERM) ? TTY_END : 0;
    bits |= take(SIGINT) ? TTY_END : 0;
    bits |= take(SIGQUIT) ? TTY_END : 0;
    return bits;
}

int tty_end_signal(void)
{
    return tty.end_signal;
}

void tty_stop_here(void)
{
    struct sigaction plain = {.sa_handler = SIG_DFL};
    struct sigaction ours;

    sigemptyset(&plain.sa_mask);
    sigaction(SIGTSTP, &plain, &ours);
    kill(0, SIGTSTP); /* the whole group: a script that started us stops with us */
    sigaction(SIGTSTP, &ours, NULL);
    tty.flags[SIGCONT] = 0;
}

/* --- opening and closing --------------------------------------------------------------------------- */

static int open_device(void)
{
    int flags = O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    int fd = open("/dev/tty", flags);

    for (int std = 0; fd < 0 && std < 3; std++) {
        const char *name = ttyname(std);

        if (name)
            fd = open(name, flags);
    }
    return fd;
}

static void put_back_at_exit(void)
{
    if (tty.open)
        tty_leave(100);
}

bool tty_open(struct err *err)
{
    static bool registered;

    if (!isatty(STDOUT_FILENO))
        return err_set(err, ERR_UNSUPPORTED, 0,
                       "the screen needs a terminal, and standard output is none; "
                       "\"strattio --plain\" asks and tells line by line, \"strattio --help\" lists the "
                       "commands");
    tty.fd = open_device();
    if (tty.fd < 0)
        return err_set(err, ERR_UNSUPPORTED, errno, "the terminal cannot be opened (%s)",
                       strerror(errno));
    if (tcgetattr(tty.fd, &tty.found) != 0 || pipe2(tty.pipe, O_NONBLOCK | O_CLOEXEC) != 0) {
        err_set(err, ERR_UNSUPPORTED, errno, "the terminal cannot be set up (%s)",
                strerror(errno));
        close(tty.fd);
        tty.fd = -1;
        return false;
    }
    tty.open = true;
    tty.gone = false;
    tty.end_signal = 0;
    strbuf_init(&tty.out, PENDING_MAX);
    catch_signals();
    if (!registered)
        atexit(put_back_at_exit);
    registered = true;
    return true;
}

void tty_close(void)
{
    if (!tty.open)
        return;
    tty.open = false;
    tty_cooked();
    release_signals();
    strbuf_finish(&tty.out);
    close(tty.fd);
    close(tty.pipe[0]);
    close(tty.pipe[1]);
    tty.fd = tty.pipe[0] = tty.pipe[1] = -1;
}

int tty_fd(void)
{
    return tty.fd;
}

void tty_size(int *rows, int *cols)
{
    struct winsize size = {0};

    if (ioctl(tty.fd, TIOCGWINSZ, &size) != 0)
        size.ws_row = size.ws_col = 0;
    *rows = size.ws_row ? size.ws_row : 24;
    *cols = size.ws_col ? size.ws_col : 80;
}

/* --- modes ------------------------------------------------------------------------------------- */

bool tty_raw(void)
{
    struct termios raw = tty.found;

    cfmakeraw(&raw);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    tty.raw = 1;
    return tcsetattr(tty.fd, TCSANOW, &raw) == 0;
}

void tty_cooked(void)
{
    if (!tty.raw)
        return;
    if (!tty.gone)
        tcsetattr(tty.fd, TCSANOW, &tty.found); /* not TCSADRAIN: a stopped terminal never drains */
    tty.raw = 0;
}

void tty_set_leave(const char *bytes, size_t len)
{
    tty.leave_len = 0;
    if (len > LEAVE_MAX)
        len = LEAVE_MAX;
    memcpy(tty.leave, bytes, len);
    tty.leave_len = (sig_atomic_t)len;
}

void tty_leave(int wait_ms)
{
    int64_t until = clock_mono_ms() + wait_ms;

    if (!tty.raw)
        return;
    tty_send(tty.leave, (size_t)tty.leave_len);
    while (tty_pending() && !tty.gone) {
        int64_t left = until - clock_mono_ms();
        struct pollfd p = {.fd = tty.fd, .events = POLLOUT};

        if (left <= 0)
            break;
        if (poll(&p, 1, (int)left) > 0 && (p.revents & (POLLERR | POLLHUP)))
            break;
        tty_flush();
    }
    strbuf_clear(&tty.out);
    tty.out_done = 0;
    tty_cooked();
}

/* --- bytes --------------------------------------------------------------------------------------- */

bool tty_pending(void)
{
    return tty.out_done < tty.out.len;
}

/* Writes from `bytes`; returns how many were taken. */
static size_t write_some(const char *bytes, size_t len)
{
    size_t done = 0;

    while (done < len && !tty.gone) {
        ssize_t n = write(tty.fd, bytes + done, len - done);

        if (n > 0)
            done += (size_t)n;
        else if (n < 0 && errno == EINTR)
            continue;
        else if (n < 0 && errno == EAGAIN)
            break;
        else
            tty.gone = true;
    }
    return done;
}

void tty_flush(void)
{
    tty.out_done += write_some(tty.out.data + tty.out_done, tty.out.len - tty.out_done);
    if (!tty_pending() || tty.gone) {
        strbuf_clear(&tty.out);
        tty.out_done = 0;
    }
}

void tty_send(const char *bytes, size_t len)
{
    size_t done = tty_pending() ? 0 : write_some(bytes, len);

    if (done < len && !tty.gone)
        strbuf_add(&tty.out, bytes + done, len - done);
}

ssize_t tty_read(void *buf, size_t size)
{
    ssize_t n;

    do
        n = read(tty.fd, buf, size);
    while (n < 0 && errno == EINTR);
    if (n > 0)
        return n;
    if (n < 0 && errno == EAGAIN)
        return 0;
    tty.gone = true;
    return -1;
}

void tty_wait(int64_t wait_ms)
{
    struct pollfd p = {.fd = tty.fd, .events = POLLIN};

    if (wait_ms > 0)
        poll(&p, 1, (int)wait_ms);
}

bool tty_gone(void)
{
    return tty.gone;
}

void tty_set_gone(void)
{
    tty.gone = true;
}
