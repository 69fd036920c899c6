/* edit.c - steps and splices. Clusters can only be told from their beginning, so that a step back walks
 * forward from the start of the line; lines are short enough for that. */
#include "edit.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/markdown.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

enum { WALK_BACK = 256 }; /* bytes before which a boundary is looked for */

size_t edit_next(const char *text, size_t len, size_t at)
{
    int cells;

    if (at >= len)
        return len;
    at += text_cluster(text + at, len - at, &cells);
    while (at < len && cells == 0 && text[at] != '\n') { /* what is not seen is stepped over */
        size_t bytes = text_cluster(text + at, len - at, &cells);

        if (cells)
            break;
        at += bytes;
    }
    return at;
}

/* Where to begin walking so as to meet the boundaries around `at`: after a newline or a space, which
 * never join what follows. */
static size_t walk_start(const char *text, size_t at)
{
    size_t least = at > WALK_BACK ? at - WALK_BACK : 0;
    size_t start = at;

    while (start > least && text[start - 1] != '\n')
        start--;
    if (start == 0 || text[start - 1] == '\n')
        return start;
    while (start < at && text[start] != ' ')
        start++;
    return start < at ? start : 0;
}

size_t edit_boundary(const char *text, size_t len, size_t at)
{
    size_t here = walk_start(text, at < len ? at : len);

    while (here < len) {
        int cells;
        size_t next = here + text_cluster(text + here, len - here, &cells);

        if (next > at)
            break;
        here = next;
    }
    return here;
}

size_t edit_prev(const char *text, size_t len, size_t at)
{
    size_t here = edit_boundary(text, len, at ? at - 1 : 0);
    int cells = 0;

    while (here > 0 && text[here] != '\n') {
        text_cluster(text + here, len - here, &cells);
        if (cells)
            break;
        here = edit_boundary(text, len, here - 1);
    }
    return here;
}

static bool is_word(char c)
{
    return (c & 0x80) || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || c == '_';
}

size_t edit_next_word(const char *text, size_t len, size_t at)
{
    while (at < len && !is_word(text[at]))
        at = edit_next(text, len, at);
    while (at < len && is_word(text[at]))
        at = edit_next(text, len, at);
    return at;
}

size_t edit_prev_word(const char *text, size_t len, size_t at)
{
    while (at > 0 && !is_word(text[at - 1]))
        at = edit_prev(text, len, at);
    while (at > 0 && is_word(text[at - 1]))
        at = edit_prev(text, len, at);
    return at;
}

bool edit_splice(struct strbuf *text, size_t from, size_t to, const char *with, size_t len)
{
    size_t tail_len = text->len - to;
    char *tail;

    if (text->len - (to - from) + len > text->limit)
        return false;
    tail = mem_copy(text->data + to, tail_len);
    strbuf_truncate(text, from);
    strbuf_add(text, with, len);
    strbuf_add(text, tail, tail_len);
    memset(tail, 0, tail_len); /* it may be part of a password */
    free(tail);
    return true;
}

void edit_clean(const char *text, size_t len, bool newlines, struct strbuf *out)
{
    for (size_t at = 0; at < len;) {
        int cells;
        size_t bytes = text_cluster(text + at, len - at, &cells);
        unsigned char c = (unsigned char)text[at];

        if (c == '\n' || c == '\r' || c == '\t')
            strbuf_char(out, c != '\t' && newlines ? '\n' : ' ');
        else if (c >= 0x20 && c != 0x7f && !(c == 0xc2 && (unsigned char)text[at + 1] < 0xa0))
            strbuf_add(out, text + at, bytes);
        at += bytes;
    }
}
