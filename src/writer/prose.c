/* prose.c - sentences and labels of a text as it lies in memory; see the header. */
#include "writer/prose.h"

#include <string.h>

size_t prose_label_end(const char *text, size_t at)
{
    size_t n;

    if (text[at] != '[' || text[at + 1] != '^' || (at && text[at - 1] == '\\'))
        return 0;
    n = strcspn(text + at, "] \n");
    return text[at + n] == ']' && n > 2 ? at + n + 1 : 0;
}

void prose_sentence(const char *text, size_t len, size_t start, size_t end, size_t *from,
                    size_t *to)
{
    *from = start;
    *to = end;
    while (*from && text[*from - 1] != '\n' &&
           !(text[*from - 1] == ' ' && *from > 1 && strchr(".!?", text[*from - 2])))
        --*from;
    while (*to < len && text[*to] != '\n' && !(strchr(".!?", text[*to]) && text[*to + 1] == ' '))
        ++*to;
}

bool prose_cites(const char *text, size_t len, size_t from, size_t to)
{
    if (to < len && prose_label_end(text, to + 1))
        return true; /* after the full stop */
    for (size_t at = from; at < to; at++)
        if (prose_label_end(text, at))
            return true;
    return false;
}
