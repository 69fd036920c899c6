/* binder_escape.c - text from outside, made to stand in a source as itself. Everything Markdown
 * or the binder could act on gets a backslash: signs that work anywhere, signs that only work
 * at the start of a line, and "_" only where it is not inside a word, so that what people
 * really write stays readable in the editor. Control characters go: none of them is text. */
#include "writer/writer.h"

#include <ctype.h>
#include <string.h>

#include "strattio/strbuf.h"

/* Length of a UTF-8 character that no reader sees but that acts on what follows: the
 * embeddings, overrides and isolates of bidirectional text, U+202A-202E and U+2066-2069, and C1
 * controls. 0 for any other. */
static size_t unseen_control(const unsigned char *s)
{
    if (s[0] == 0xe2 && s[1] == 0x80 && s[2] >= 0xaa && s[2] <= 0xae)
        return 3;
    if (s[0] == 0xe2 && s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9)
        return 3;
    return s[0] == 0xc2 && s[1] >= 0x80 && s[1] < 0xa0 ? 2 : 0;
}

/* Does text[i] need a backslash wherever it stands? */
static bool acts_anywhere(const char *text, size_t i)
{
    switch (text[i]) {
    case '\\':
    case '`':
    case '*':
    case '[':
    case ']':
    case '<':
    case '|':
    case '~':
    case '{':
    case '}':
        return true;
    case '%':
    case '=':
    case '#': /* no tags of ours any more, but nobody should have to wonder */
        return (i && text[i - 1] == '{') || text[i + 1] == '}';
    case '_':
        return !(i && isalnum((unsigned char)text[i - 1]) && isalnum((unsigned char)text[i + 1]));
    case '&':
        return text[i + 1] == '#' || isalpha((unsigned char)text[i + 1]);
    default:
        return false;
    }
}

/* Length of what would begin a heading, list, quotation or rule at the start of a line, up to
 * the sign to escape; 0 if nothing does. */
static size_t line_marker(const char *s)
{
    size_t digits = strspn(s, "0123456789");

    if (*s && strchr("#>+-=:", *s))
        return 1;
    return digits && digits < 10 && (s[digits] == '.' || s[digits] == ')') ? digits + 1 : 0;
}

void binder_escape(const char *text, struct strbuf *out)
{
    bool line_start = true;
    size_t n;

    for (size_t i = 0; text[i]; i++) {
        unsigned char c = (unsigned char)text[i];

        if (line_start && (c == ' ' || c == '\t'))
            continue; /* four blanks would be code */
        if (line_start && (n = line_marker(text + i))) {
            strbuf_add(out, text + i, n - 1);
            strbuf_char(out, '\\');
            i += n - 1;
            strbuf_char(out, text[i]);
            line_start = false;
            continue;
        }
        if ((n = unseen_control((const unsigned char *)text + i))) {
            i += n - 1;
            continue;
        }
        line_start = c == '\n';
        if (c == '\t' || c == '\r')
            strbuf_char(out, ' ');
        else if (c == '\n' || (c >= 0x20 && c != 0x7f)) {
            if (acts_anywhere(text, i))
                strbuf_char(out, '\\');
            strbuf_char(out, (char)c);
        }
    }
}
