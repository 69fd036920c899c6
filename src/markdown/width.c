/* width.c - how many cells text takes. The measure is a grapheme cluster in the form the screen
 * draws it in, because terminals disagree about joined emoji: from a zero-width joiner on, and
 * without variation selectors and skin tones, a cluster is drawn as its base. What then remains has
 * the same width everywhere: the sum of its code points. Control, escape and direction characters
 * take no cell and are never drawn. */
#include "strattio/markdown.h"

#include <stdint.h>
#include <utf8proc.h>

/* Characters that would act on the terminal or on the text around them. */
static bool acts(utf8proc_int32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069);
}

/* What changes how the character before it looks, on some terminals also how wide it is. */
static bool modifies(utf8proc_int32_t c)
{
    return (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0x1f3fb && c <= 0x1f3ff);
}

/* Cells of one code point where terminals and libc agree: vowel signs that stand beside their
 * letter take one, the later parts of a Korean syllable none, marks before a number none. */
static int code_width(utf8proc_int32_t c)
{
    if (acts(c))
        return 0;
    if (c < 0x300)
        return 1;
    if ((c >= 0x1160 && c <= 0x11ff) || (c >= 0xd7b0 && c <= 0xd7fb))
        return 0;
    if ((c >= 0x3248 && c <= 0x324f) || (c >= 0x4dc0 && c <= 0x4dff) || c == 0x302e ||
        c == 0x302f || c == 0x16ff0 || c == 0x16ff1)
        return 2;
    if (utf8proc_category(c) == UTF8PROC_CATEGORY_MC)
        return 1;
    return utf8proc_charwidth(c);
}

size_t text_cluster(const char *text, size_t len, int *cells)
{
    const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)text;
    utf8proc_int32_t code, before, state = 0;
    utf8proc_ssize_t n;
    size_t at;
    bool joined = false;

    if (len && bytes[0] < 0x80 && bytes[0] != '\r' && (len == 1 || bytes[1] < 0x80)) {
        *cells = bytes[0] >= 0x20 && bytes[0] != 0x7f;
        return 1;
    }
    n = utf8proc_iterate(bytes, (utf8proc_ssize_t)len, &code);
    if (n <= 0) {
        *cells = 1; /* drawn as a replacement character */
        return 1;
    }
    *cells = code_width(code);
    for (at = (size_t)n; at < len; at += (size_t)n) {
        before = code;
        n = utf8proc_iterate(bytes + at, (utf8proc_ssize_t)(len - at), &code);
        if (n <= 0 || utf8proc_grapheme_break_stateful(before, code, &state))
            break;
        joined = joined || code == 0x200d;
        if (!joined && !modifies(code))
            *cells += code_width(code);
    }
    return at;
}

int text_width(const char *text, size_t len)
{
    int width = 0, cells;

    for (size_t at = 0; at < len; width += cells)
        at += text_cluster(text + at, len - at, &cells);
    return width;
}
