/* talk.h - the two ends of plain mode: lines out, lines in. What goes out holds no control character and no
 * escape sequence, whatever document it came from. What comes in is one line of UTF-8. Signals that end a
 * program, the end of input and an output nobody reads any more are one thing here: it is over, every
 * question answers NULL, and the callers find their way out. One per process, main thread. */
#ifndef STRATTIO_UI_TALK_H
#define STRATTIO_UI_TALK_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"

struct talk;

enum { TALK_LINE_MAX = 4 * 1024 * 1024 };

/* Catches SIGINT, SIGTERM and SIGHUP (what was ignored stays so), which are delivered only while it waits. */
MUST_USE struct talk *talk_create(void);
void talk_destroy(struct talk *t); /* writes what is left; accepts NULL */

/* One line; newlines and tabs in it become blanks. Wrapped between words on a terminal only. */
void talk_say(struct talk *t, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Each line of `text` as a line; an empty one stays empty. */
void talk_text(struct talk *t, const char *text);
void talk_gap(struct talk *t); /* an empty line, never two in a row */

/* Asks for a line, without its newline, the caller's to free. NULL once it is over. What is not UTF-8, holds
 * a NUL or is too long is refused with a sentence and asked for again. */
MUST_USE char *talk_ask(struct talk *t, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* The same without echo, into `buf`, which the caller wipes. False once it is over. */
MUST_USE bool talk_ask_secret(struct talk *t, const char *prompt, char *buf, size_t size);

/* Writes what was said, then waits until `fd` can be read or a signal has come. On a terminal also until a
 * line was typed: it is returned, the caller's to free; else NULL. What a script has yet to say is left. */
char *talk_wait(struct talk *t, int fd);

/* Lends the terminal to another program of ours, and takes it back. */
void talk_lend(struct talk *t);
void talk_take_back(struct talk *t);

bool talk_over(const struct talk *t);
bool talk_cut(const struct talk *t);   /* a signal came, or nobody reads what is said */
int talk_signal(const struct talk *t); /* that ended it; 0 if none did */
/* Takes SIGINT as an answer to what is going on, not as the end: true once for each. */
bool talk_interrupted(struct talk *t);

#endif
