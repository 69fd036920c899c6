/* strbuf.c - text that grows up to a stated limit. An empty strbuf points at one shared NUL byte
 * (cap 0), so that `data` is never NULL and an unused one costs no allocation. The first piece
 * that does not fit sets `full`, and from then on nothing is appended: what is there is always a
 * beginning of what was meant, never a text with a hole. */
#include "strattio/strbuf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"

static char nothing[1]; /* always NUL: no one writes where cap is 0 */

void strbuf_init(struct strbuf *sb, size_t limit)
{
    *sb = (struct strbuf){.data = nothing, .limit = limit};
}

void strbuf_finish(struct strbuf *sb)
{
    if (sb->cap)
        free(sb->data);
    strbuf_init(sb, sb->limit);
}

void strbuf_clear(struct strbuf *sb)
{
    sb->full = false;
    strbuf_truncate(sb, 0);
}

void strbuf_truncate(struct strbuf *sb, size_t len)
{
    if (len >= sb->len)
        return;
    sb->len = len;
    sb->data[len] = '\0';
}

/* Room for `more` bytes and the NUL, or false with `full` set. */
static bool reserve(struct strbuf *sb, size_t more)
{
    size_t need = sb->len + more + 1;
    size_t cap = sb->cap ? sb->cap : 64;
    char *block;

    if (sb->full || sb->len > sb->limit || more > sb->limit - sb->len || need <= more) {
        sb->full = true;
        return false;
    }
    if (need <= sb->cap)
        return true;
    while (cap < need)
        cap = cap > SIZE_MAX / 2 ? need : cap * 2;
    block = realloc(sb->cap ? sb->data : NULL, cap);
    if (!block) {
        sb->full = true;
        return false;
    }
    block[sb->len] = '\0';
    sb->data = block;
    sb->cap = cap;
    return true;
}

void strbuf_add(struct strbuf *sb, const void *data, size_t len)
{
    if (!len || !reserve(sb, len))
        return;
    memcpy(sb->data + sb->len, data, len);
    sb->len += len;
    sb->data[sb->len] = '\0';
}

void strbuf_str(struct strbuf *sb, const char *text)
{
    strbuf_add(sb, text, strlen(text));
}

void strbuf_char(struct strbuf *sb, char c)
{
    strbuf_add(sb, &c, 1);
}

void strbuf_fill(struct strbuf *sb, char c, size_t count)
{
    if (!count || !reserve(sb, count))
        return;
    memset(sb->data + sb->len, c, count);
    sb->len += count;
    sb->data[sb->len] = '\0';
}

void strbuf_printf(struct strbuf *sb, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    strbuf_vprintf(sb, fmt, args);
    va_end(args);
}

void strbuf_vprintf(struct strbuf *sb, const char *fmt, va_list args)
{
    va_list again;
    size_t room = sb->cap ? sb->cap - sb->len : 0;
    int len;

    if (sb->full)
        return;
    va_copy(again, args);
    len = vsnprintf(room ? sb->data + sb->len : NULL, room, fmt, args);
    if (len >= 0 && reserve(sb, (size_t)len)) {
        if ((size_t)len >= room && len > 0)
            vsnprintf(sb->data + sb->len, (size_t)len + 1, fmt, again);
        sb->len += (size_t)len;
    } else {
        sb->full = true;
        if (sb->cap)
            sb->data[sb->len] = '\0'; /* the first attempt may have written past it */
    }
    va_end(again);
}

bool strbuf_check(const struct strbuf *sb, const char *what, struct err *err)
{
    if (!sb->full)
        return true;
    return err_set(err, ERR_LIMIT, 0, "%s is too long: at most %zu bytes are allowed", what,
                   sb->limit);
}

char *strbuf_take(struct strbuf *sb)
{
    char *text = sb->cap ? sb->data : mem_str("");

    strbuf_init(sb, sb->limit);
    return text;
}
