/* text_find.c - search. What is looked for is decoded once; a table of the bytes its first
 * character can begin with passes over most of the text at a byte a step. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "strattio/mem.h"

#include "text/text_parts.h"

struct wanted {
    int32_t *codes; /* of what is looked for */
    size_t count;
    bool begins[256]; /* a match can begin with this byte */
};

static bool is_lower(int32_t code)
{
    return code < 0x80 ? code >= 'a' && code <= 'z' : utf8proc_toupper(code) != code;
}

/* The character at `at` and its bytes; -1 and one byte where there is none. */
static int32_t decode(const char *bytes, size_t len, size_t at, size_t *size)
{
    int32_t code = (unsigned char)bytes[at];
    utf8proc_ssize_t n = 1;

    if (code >= 0x80)
        n = utf8proc_iterate((const utf8proc_uint8_t *)bytes + at, (utf8proc_ssize_t)(len - at),
                             &code);
    *size = n > 0 ? (size_t)n : 1;
    return n > 0 ? code : -1;
}

static void want(struct wanted *w, const char *what)
{
    size_t len = strlen(what), size;

    memset(w, 0, sizeof *w);
    w->codes = mem_zero(len, sizeof *w->codes);
    for (size_t at = 0; at < len; at += size)
        w->codes[w->count++] = decode(what, len, at, &size);
    w->begins[(unsigned char)what[0]] = true;
    if (!is_lower(w->codes[0]))
        return;
    if (w->codes[0] < 0x80)
        w->begins[w->codes[0] - 'a' + 'A'] = true;
    for (int lead = 0xc2; lead < 0xf5; lead++) /* such as the sign for Kelvin, a k */
        w->begins[lead] = true;
}

static bool same(int32_t wanted, int32_t code)
{
    if (wanted == code || wanted < 0)
        return wanted == code;
    if (wanted < 0x80 && code < 0x80)
        return code >= 'A' && code <= 'Z' && code + 32 == wanted;
    return is_lower(wanted) && utf8proc_tolower(code) == wanted;
}

/* Bytes that match at `at`, or 0. */
static size_t match(const struct wanted *w, const char *bytes, size_t len, size_t at)
{
    size_t start = at, size;

    for (size_t i = 0; i < w->count; i++, at += size)
        if (at >= len || !same(w->codes[i], decode(bytes, len, at, &size)))
            return 0;
    return at - start;
}

size_t text_find(const struct text *t, const char *what, size_t from, bool backwards, size_t *len)
{
    const char *bytes = t->bytes.data;
    size_t end = t->bytes.len, found = SIZE_MAX, at = from;
    struct wanted w;

    if (!*what || !end || (from >= end && !backwards))
        return SIZE_MAX;
    want(&w, what);
    if (at >= end)
        at = end - 1;
    for (;;) {
        size_t size = w.begins[(unsigned char)bytes[at]] ? match(&w, bytes, end, at) : 0;

        if (size) {
            found = at;
            *len = size;
            break;
        }
        if (backwards ? at == 0 : at + 1 == end)
            break;
        at += backwards ? (size_t)-1 : 1;
    }
    free(w.codes);
    return found;
}
