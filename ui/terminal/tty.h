/* tty.h - the terminal device: its modes, its bytes in and out, and the signals that concern it. There is
 * one, in static storage, because a crash handler must reach it. Private to ui/terminal. */
#ifndef STRATTIO_UI_TTY_H
#define STRATTIO_UI_TTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "strattio/attr.h"

struct err;

/* Opens the controlling terminal under a file description of its own, so that O_NONBLOCK stays ours,
 * and catches the signals. Its modes are not changed yet. ERR_UNSUPPORTED if standard output is no
 * terminal or it cannot be opened. */
MUST_USE bool tty_open(struct err *err);
void tty_close(void); /* modes and signals back as they were */

int tty_fd(void);
void tty_size(int *rows, int *cols); /* at least 1; 24x80 if the device does not know */

bool tty_raw(void);   /* false if the terminal is gone */
void tty_cooked(void);

/* What puts the screen back, written by the crash handler and by tty_leave(). Copied; cut at 512. */
void tty_set_leave(const char *bytes, size_t len);

/* Writes what is pending and the leave bytes, waiting at most `wait_ms`, then sets cooked mode. */
void tty_leave(int wait_ms);

/* Queues bytes and writes as many as the terminal takes now. */
void tty_send(const char *bytes, size_t len);
bool tty_pending(void); /* some wait until poll() says POLLOUT */
void tty_flush(void);

/* Reads what is there: bytes, 0 for nothing, -1 if the terminal is gone. */
ssize_t tty_read(void *buf, size_t size);
void tty_wait(int64_t wait_ms); /* until there is something to read */
bool tty_gone(void);
void tty_set_gone(void); /* poll() said so */

/* Bits of tty_take_signals(). */
enum {
    TTY_RESIZE = 1u << 0,
    TTY_HANGUP = 1u << 1,
    TTY_END = 1u << 2, /* TERM, INT, QUIT: tty_end_signal() */
    TTY_STOP = 1u << 3,
    TTY_CONTINUE = 1u << 4,
};
int tty_signal_fd(void); /* readable when there are some */
unsigned tty_take_signals(void);
int tty_end_signal(void); /* the last of TERM, INT, QUIT, HUP; 0 for none */

/* Stops the process group as ^Z in a plain program does; returns when continued. */
void tty_stop_here(void);

#endif
