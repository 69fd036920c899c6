/* mark.c - a sign is U+E800 (figure) or U+E801 (unbound) and two of U+E900..U+E9FF for the index,
 * or U+E802 to close. All take three bytes, the first two of each kind the same, so that looking
 * for one is cheap. */
#include "markdown/mark.h"

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

void mark_write(const char *text, size_t len, const struct md_mark *marks, size_t count,
                struct strbuf *out)
{
    size_t next = 0, from = 0;
    bool open = false;

    count = count < MARK_MOST ? count : MARK_MOST;
    for (size_t at = 0; at <= len; at++) {
        if (open && at == marks[next].end) {
            strbuf_add(out, text + from, at - from);
            from = at;
            put_kind(out, CLOSE);
            open = false;
            next++;
        }
        if (!open && next < count && at == marks[next].start && marks[next].end > at) {
            strbuf_add(out, text + from, at - from);
            from = at;
            put_open(out, &marks[next], next);
            open = true;
        }
        if (at < len && is_sign_byte((const unsigned char *)text + at, len - at)) {
            strbuf_add(out, text + from, at - from);
            strbuf_str(out, "\xef\xbf\xbd"); /* somebody else's: U+FFFD */
            at += SIGN_BYTES - 1;
            from = at + 1;
        }
    }
    if (from < len)
        strbuf_add(out, text + from, len - from);
    if (open)
        put_kind(out, CLOSE);
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
