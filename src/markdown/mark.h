/* mark.h - how marks (figures) travel through the parser: as signs of the private use area around
 * them. */
#ifndef STRATTIO_MARKDOWN_MARK_H
#define STRATTIO_MARKDOWN_MARK_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/markdown.h"

struct strbuf;

struct mark_sign {
    bool opens;
    int index;
    unsigned style;
};

enum { MARK_MOST = 65535, MARK_FIRST_BYTE = 0xee /* of every sign */ };

/* `text` with the signs of `marks` in it, and with characters that look like a sign replaced,
 * appended to `out`. */
void mark_write(const char *text, size_t len, const struct md_mark *marks, size_t count,
                struct strbuf *out);

/* If a sign stands at `text`, its bytes and what it says; else 0. */
size_t mark_read(const char *text, size_t len, struct mark_sign *out);

#endif
