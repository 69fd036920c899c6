/* loop.c - the turn. Input comes before results, so that typing stays live while text streams in; a
 * turn draws once, at its end, and only if something happened and the terminal has taken the frame
 * before. When nothing is due poll() gets no time-out: an idle program does not wake. */
#include "terminal/loop.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/clock.h"
#include "strattio/mem.h"

#include "terminal/input.h"
#include "terminal/reply.h"
#include "terminal/terminal.h"
#include "terminal/tty.h"

enum {
    FDS_MAX = 16,
    TIMERS_MAX = 16,
    SLICE_MS = 4,                    /* for results in one turn */
    READ_BYTES = 16 * 1024,
    TURN_BYTES = 4 * 1024 * 1024,    /* of input in one turn */
    ESC_MS = 25,
    ESC_REMOTE_MS = 50,
    RESULT_FD = 2,                   /* first in the poll set: the terminal and the signals */
};

struct watch {
    int fd;
    bool (*ready)(void *arg);
    void *arg;
};

struct timer {
    int64_t due_ms;
    void (*due)(void *arg);
    void *arg;
};

struct loop {
    struct terminal *term;
    struct loop_handlers handlers;
    struct input *input;
    struct watch watches[FDS_MAX];
    size_t watch_count;
    struct timer timers[TIMERS_MAX];
    size_t timer_count;
    bool dirty, quit, more; /* more: results were left over from the last turn's slice */
};

static void on_input(void *arg, const struct input_event *ev)
{
    struct loop *l = arg;

    if (ev->kind == INPUT_REPLY) {
        enum ground before = terminal_ground(l->term);

        terminal_reply(l->term, ev);
        if (terminal_ground(l->term) != before && l->handlers.ground)
            l->handlers.ground(l->handlers.arg);
        return;
    }
    if (l->quit)
        return;
    l->dirty = true;
    l->handlers.input(l->handlers.arg, ev);
}

struct loop *loop_create(struct terminal *term, const struct loop_handlers *handlers)
{
    struct loop *l = mem_zero(1, sizeof *l);
    bool slow = terminal_remote(term) || getenv("TMUX");

    l->term = term;
    l->handlers = *handlers;
    l->input = input_create(on_input, l, slow ? ESC_REMOTE_MS : ESC_MS);
    return l;
}

void loop_destroy(struct loop *l)
{
    if (!l)
        return;
    input_destroy(l->input);
    free(l);
}

void loop_quit(struct loop *l)
{
    l->quit = true;
}

void loop_dirty(struct loop *l)
{
    l->dirty = true;
}

int loop_signal(const struct loop *l)
{
    (void)l;
    return tty_end_signal();
}

/* --- descriptors and timers ------------------------------------------------------------------------ */

void loop_add_fd(struct loop *l, int fd, bool (*ready)(void *arg), void *arg)
{
    if (l->watch_count < FDS_MAX)
        l->watches[l->watch_count++] = (struct watch){fd, ready, arg};
}

void loop_remove_fd(struct loop *l, int fd)
{
    for (size_t i = 0; i < l->watch_count; i++)
        if (l->watches[i].fd == fd) {
            memmove(&l->watches[i], &l->watches[i + 1],
                    (l->watch_count - i - 1) * sizeof l->watches[0]);
            l->watch_count--;
            return;
        }
}

void loop_timer(struct loop *l, int delay_ms, void (*due)(void *arg), void *arg)
{
    size_t i = 0;

    while (i < l->timer_count && (l->timers[i].due != due || l->timers[i].arg != arg))
        i++;
    if (delay_ms < 0) {
        if (i < l->timer_count)
            l->timers[i] = l->timers[--l->timer_count];
        return;
    }
    if (i == TIMERS_MAX)
        return;
    l->timers[i] = (struct timer){clock_mono_ms() + delay_ms, due, arg};
    if (i == l->timer_count)
        l->timer_count++;
}

static void run_timers(struct loop *l, int64_t now)
{
    for (size_t i = 0; i < l->timer_count;) {
        struct timer t = l->timers[i];

        if (t.due_ms > now) {
            i++;
            continue;
        }
        l->timers[i] = l->timers[--l->timer_count];
        l->dirty = true;
        t.due(t.arg);
        i = 0; /* it may have set or taken back others */
    }
}

/* How long poll() may sleep. */
static int sleep_ms(const struct loop *l, int64_t now)
{
    int64_t least = input_timeout_ms(l->input, now);

    if (l->more || (l->dirty && !tty_pending()))
        return 0;
    for (size_t i = 0; i < l->timer_count; i++) {
        int64_t left = l->timers[i].due_ms - now;

        left = left > 0 ? left : 0;
        if (least < 0 || left < least)
            least = left;
    }
    return least > 60000 ? 60000 : (int)least;
}

/* --- the parts of a turn ---------------------------------------------------------------------------- */

/* False if the program is to end. */
static bool handle_signals(struct loop *l, enum loop_end *end)
{
    unsigned bits = tty_take_signals();

    if (bits & TTY_HANGUP) {
        tty_set_gone();
        *end = LOOP_HANGUP;
        return false;
    }
    if (bits & TTY_END) {
        *end = LOOP_SIGNAL;
        return false;
    }
    if (bits & TTY_STOP)
        terminal_suspend(l->term);
    else if (bits & TTY_CONTINUE)
        terminal_return(l->term);
    if (bits & (TTY_STOP | TTY_CONTINUE | TTY_RESIZE)) {
        terminal_resize(l->term);
        l->dirty = true;
        if (l->handlers.resized)
            l->handlers.resized(l->handlers.arg);
    }
    return true;
}

static void read_input(struct loop *l)
{
    char bytes[READ_BYTES];
    size_t total = 0;

    while (total < TURN_BYTES && !l->quit) {
        ssize_t n = tty_read(bytes, sizeof bytes);

        if (n <= 0)
            return;
        input_feed(l->input, bytes, (size_t)n, clock_mono_ms());
        total += (size_t)n;
    }
}

/* Takes results in turn from all queues that have some, until the slice is over. */
static void take_results(struct loop *l, const int *ready, size_t count)
{
    int64_t until = clock_mono_ms() + SLICE_MS;
    bool any = count > 0;

    l->more = false;
    while (any && !l->quit) {
        any = false;
        for (size_t r = 0; r < count; r++)
            for (size_t i = 0; i < l->watch_count; i++)
                if (l->watches[i].fd == ready[r]) {
                    struct watch w = l->watches[i];

                    l->dirty = true;
                    any = w.ready(w.arg) || any;
                    break;
                }
        if (any && clock_mono_ms() >= until) {
            l->more = true;
            return;
        }
    }
}

static size_t wait_for_something(struct loop *l, struct pollfd *set, int *ready)
{
    size_t count = RESULT_FD + l->watch_count;
    size_t ready_count = 0;

    set[0] = (struct pollfd){.fd = tty_fd(), .events = POLLIN};
    if (tty_pending())
        set[0].events |= POLLOUT;
    set[1] = (struct pollfd){.fd = tty_signal_fd(), .events = POLLIN};
    for (size_t i = 0; i < l->watch_count; i++)
        set[RESULT_FD + i] = (struct pollfd){.fd = l->watches[i].fd, .events = POLLIN};
    if (poll(set, count, sleep_ms(l, clock_mono_ms())) < 0)
        for (size_t i = 0; i < count; i++)
            set[i].revents = 0;
    for (size_t i = RESULT_FD; i < count; i++)
        if (set[i].revents)
            ready[ready_count++] = set[i].fd;
    return ready_count;
}

enum loop_end loop_run(struct loop *l)
{
    struct pollfd set[RESULT_FD + FDS_MAX];
    int ready[FDS_MAX];
    enum loop_end end = LOOP_QUIT;

    l->dirty = true;
    while (!l->quit) {
        size_t ready_count = 0;

        if (l->dirty && !tty_pending()) {
            l->dirty = false;
            l->handlers.draw(l->handlers.arg);
        }
        ready_count = wait_for_something(l, set, ready);
        if (!handle_signals(l, &end))
            return end;
        if (set[0].revents & POLLIN)
            read_input(l);
        if (set[0].revents & POLLOUT)
            tty_flush();
        if ((set[0].revents & (POLLHUP | POLLERR | POLLNVAL)) || tty_gone()) {
            tty_set_gone();
            return LOOP_HANGUP;
        }
        if (input_timeout_ms(l->input, clock_mono_ms()) == 0)
            input_tick(l->input, clock_mono_ms());
        take_results(l, ready, ready_count);
        run_timers(l, clock_mono_ms());
    }
    return end;
}
