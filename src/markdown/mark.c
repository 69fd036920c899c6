/* mark.c - a sign is U+E800 (figure) or U+E801 (unbound) and two of U+E900..U+E9FF for the index,
 * or U+E802 to close. All take three bytes, the first two of each kind the same, so that looking
 * for one is cheap. */
#include "markdown/mark.h"

#include <string.h>

#include "strattio/strbuf.h"

enum {
    FIRST = MARK_FIRST_BYTE,
    KIND = 0xa0,   /* second byte of U+E800.. */
    DIGIT = 0xa4,  /* second byte of U+E900.., up to 0xa7 */
    FIGURE = 0x80, /* third bytes of the kinds */
    UNBOUND = 0x81,
    CLOSE = 0x82,
    SIGN_BYTES = 3,
};

static bool is_sign_byte(const unsigned char *p, size_t len)
{
    return len >= SIGN_BYTES && p[0] == FIRST && p[1] >= KIND && p[1] <= DIGIT + 3;
}

static void put_digit(struct strbuf *out, unsigned digit)
{
    const unsigned char bytes[SIGN_BYTES] = {FIRST, (unsigned char)(DIGIT + digit / 64),
                                             (unsigned char)(0x80 + digit % 64)};

    strbuf_add(out, bytes, sizeof(bytes));
}

static void put_kind(struct strbuf *out, unsigned char kind)
{
    const unsigned char bytes[SIGN_BYTES] = {FIRST, KIND, kind};

    strbuf_add(out, bytes, sizeof(bytes));
}

static void put_open(struct strbuf *out, const struct md_mark *mark, size_t index)
{
    put_kind(out, mark->style & MD_UNBOUND ? UNBOUND : FIGURE);
    put_digit(out, (unsigned)(index / 256));
    put_digit(out, (unsigned)(index % 256));
}

/* Text without marks in it; what looks like a sign is somebody else's and becomes U+FFFD. */
static void put_text(struct strbuf *out, const char *text, size_t len)
{
    size_t from = 0, at = 0;
    const char *next;

    while ((next = memchr(text + at, FIRST, len - at)) != NULL) {
        at = (size_t)(next - text);
        if (!is_sign_byte((const unsigned char *)next, len - at)) {
            at++;
            continue;
        }
        strbuf_add(out, text + from, at - from);
        strbuf_str(out, "\xef\xbf\xbd");
        at += SIGN_BYTES;
        from = at;
    }
    strbuf_add(out, text + from, len - from);
}

void mark_write(const char *text, size_t len, const struct md_mark *marks, size_t count,
                struct strbuf *out)
{
    size_t at = 0;

    for (size_t i = 0; i < count && i < MARK_MOST; i++) {
        size_t end = marks[i].end < len ? marks[i].end : len;

        if (marks[i].start < at || marks[i].start >= end)
            continue;
        put_text(out, text + at, marks[i].start - at);
        put_open(out, &marks[i], i);
        put_text(out, text + marks[i].start, end - marks[i].start);
        put_kind(out, CLOSE);
        at = end;
    }
    put_text(out, text + at, len - at);
}

static int read_digit(const unsigned char *p)
{
    return (p[1] - DIGIT) * 64 + (p[2] - 0x80);
}

size_t mark_read(const char *text, size_t len, struct mark_sign *out)
{
    const unsigned char *p = (const unsigned char *)text;

    if (!is_sign_byte(p, len) || p[1] != KIND)
        return 0;
    if (p[2] == CLOSE) {
        *out = (struct mark_sign){false, -1, 0};
        return SIGN_BYTES;
    }
    if (len < 3 * SIGN_BYTES || !is_sign_byte(p + 3, len - 3) || !is_sign_byte(p + 6, len - 6))
        return 0;
    *out = (struct mark_sign){true, read_digit(p + 3) * 256 + read_digit(p + 6),
                              p[2] == UNBOUND ? MD_UNBOUND : MD_FIGURE};
    return 3 * SIGN_BYTES;
}
