/* strbuf.h - text that grows up to a stated limit. Appending past the limit appends nothing more
 * and is remembered, so that a builder checks once at its end. */
#ifndef STRATTIO_STRBUF_H
#define STRATTIO_STRBUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"

struct err;

struct strbuf {
    char *data;   /* never NULL; data[len] is NUL */
    size_t len;   /* bytes, without the NUL */
    size_t cap;   /* private */
    size_t limit; /* most bytes it may hold */
    bool full;    /* something did not fit */
};

enum { STRBUF_DOC_LIMIT = 16 * 1024 * 1024 }; /* what a stored document may hold */

void strbuf_init(struct strbuf *sb, size_t limit);
void strbuf_finish(struct strbuf *sb); /* accepts an all-zero or already finished one */
void strbuf_clear(struct strbuf *sb);  /* empty again, keeps its memory and limit */
void strbuf_truncate(struct strbuf *sb, size_t len);

void strbuf_add(struct strbuf *sb, const void *data, size_t len);
void strbuf_str(struct strbuf *sb, const char *text);
void strbuf_char(struct strbuf *sb, char c);
void strbuf_fill(struct strbuf *sb, char c, size_t count);
void strbuf_printf(struct strbuf *sb, const char *fmt, ...) PRINTF_LIKE(2, 3);
void strbuf_vprintf(struct strbuf *sb, const char *fmt, va_list args) PRINTF_LIKE(2, 0);

/* True if everything fitted; else false with ERR_LIMIT naming `what`. */
bool strbuf_check(const struct strbuf *sb, const char *what, struct err *err);

/* The text, now the caller's to free(); the strbuf is empty as after strbuf_init(). */
char *strbuf_take(struct strbuf *sb);

#endif
