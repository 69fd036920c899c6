/* harness.h - a program on a terminal of ours: it runs on a pseudo terminal whose other side is an
 * emulator, so that a test can type, look at the screen and at the very bytes. Nothing here sleeps: a
 * wait ends when what it waits for is there, and fails the test when its deadline passes. */
#ifndef STRATTIO_TESTS_HARNESS_H
#define STRATTIO_TESTS_HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct harness;

struct harness_options {
    int rows, cols;               /* 0: 24 x 80 */
    const char *const *argv;      /* NULL-terminated; the program by its path */
    const char *const *env;       /* "NAME=VALUE", added to a fixed environment; "NAME" alone takes
                                     it out; may be NULL */
    const char *home;             /* a folder kept by the test; NULL: an own one, removed at the end */
    int sync_answer;              /* to the question about synchronised output: 2 says "known"; 0 */
    const char *background;       /* answer to OSC 11: "rgb:ffff/ffff/ffff"; NULL: none */
    bool no_answers;              /* the terminal answers nothing at all */
    bool roomy;                   /* the emulator is larger than the terminal says it is and keeps
                                     its size: for many resizes in the middle of frames */
};

struct harness *harness_start(const struct harness_options *options);
void harness_stop(struct harness *h); /* kills what still runs; accepts NULL */
int harness_teardown(void **state);   /* stops what a failed test left: for cmocka */

/* --- doing --- */
void harness_type(struct harness *h, const char *bytes); /* as the terminal would send them */
void harness_send(struct harness *h, const void *bytes, size_t len);
void harness_paste(struct harness *h, const char *text, size_t len); /* bracketed */
void harness_resize(struct harness *h, int rows, int cols);
void harness_signal(struct harness *h, int sig);
void harness_hang_up(struct harness *h); /* the terminal goes away */
void harness_stop_reading(struct harness *h, bool stop);

/* --- waiting --- */
void harness_wait(struct harness *h, const char *text, int ms);      /* until a row holds it */
void harness_wait_gone(struct harness *h, const char *text, int ms); /* until none does */
void harness_settle(struct harness *h); /* until it has read all and sleeps without a near deadline */
int harness_wait_exit(struct harness *h, int ms); /* exit code, or 1000 + signal */
bool harness_running(struct harness *h);

/* --- looking --- */
const char *harness_row(struct harness *h, int y); /* without trailing blanks; lent until the next */
bool harness_shows(struct harness *h, const char *text);
void harness_cursor(const struct harness *h, int *y, int *x, bool *visible);
bool harness_alternate(const struct harness *h); /* is the second screen shown? */
char *harness_picture(struct harness *h); /* text, letters of style, cursor; the caller frees it */
pid_t harness_pid(const struct harness *h);
const char *harness_home(const struct harness *h);
const char *harness_clipboard(const struct harness *h); /* what OSC 52 last set, still encoded; "" */

/* All bytes the program has sent since the start or the last harness_forget(). */
const char *harness_bytes(const struct harness *h, size_t *len);
void harness_forget(struct harness *h);
bool harness_sent(const struct harness *h, const char *bytes); /* do they hold `bytes`? */

uint64_t harness_wakeups(const struct harness *h); /* times its threads went to sleep so far */
bool harness_sleeps_for_ever(const struct harness *h); /* every thread, without a time-out */

/* --- judging: these fail the test with the screen in the message --- */
void assert_exit(struct harness *h, int ms, int code); /* as harness_wait_exit() counts */
void assert_shows(struct harness *h, const char *text);
void assert_hides(struct harness *h, const char *text);
void assert_row(struct harness *h, int y, const char *text);
void assert_cursor(struct harness *h, int y, int x);
/* The screen as text and as letters of style, compared with tests/screen/golden/NAME. With
 * GOLDEN_UPDATE=1 in the environment the file is written anew and the difference printed. */
void assert_golden(struct harness *h, const char *name);

#endif
