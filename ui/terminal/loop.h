/* loop.h - the one poll loop of the screen's thread: terminal, signals, queues, timers. A turn drains
 * signals, then all input, then the queues for a time slice, then timers, and then draws once. With
 * nothing to do it sleeps without a time-out. */
#ifndef STRATTIO_UI_LOOP_H
#define STRATTIO_UI_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct input_event;
struct loop;
struct terminal;

struct loop_handlers {
    void (*input)(void *arg, const struct input_event *event);
    void (*resized)(void *arg); /* the terminal has its new size already */
    void (*ground)(void *arg);  /* terminal_ground() is another than it was; may be NULL */
    void (*draw)(void *arg);    /* once a turn in which something happened */
    void *arg;
};

/* Why loop_run() came back. */
enum loop_end {
    LOOP_QUIT,   /* loop_quit() was called */
    LOOP_SIGNAL, /* told to end: loop_signal() says by which signal */
    LOOP_HANGUP, /* the terminal is gone: draw nothing, save, leave within 50 ms */
};

/* `term` is borrowed. */
struct loop *loop_create(struct terminal *term, const struct loop_handlers *handlers);
void loop_destroy(struct loop *l); /* accepts NULL */

enum loop_end loop_run(struct loop *l);
int loop_signal(const struct loop *l);
void loop_quit(struct loop *l);

/* Calls `ready` when `fd` can be read. It handles one message a call and says whether there may be
 * more; the loop comes back to it until the turn's slice of 4 ms is used up. `ready` may remove its fd. */
void loop_add_fd(struct loop *l, int fd, bool (*ready)(void *arg), void *arg);
void loop_remove_fd(struct loop *l, int fd);

/* Calls `due` once, `delay_ms` from now. Setting the same pair again moves it; a delay below 0 takes
 * it back. */
void loop_timer(struct loop *l, int delay_ms, void (*due)(void *arg), void *arg);

/* Something changed outside a handler: draw in this turn. */
void loop_dirty(struct loop *l);

#endif
