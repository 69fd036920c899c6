/* md_edit_enter.c - what a new line begins with. A list goes on by itself until Enter is pressed in an item with
 * nothing in it, which is how every editor that has it lets one out again. */
#include "strattio/md_edit.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/strbuf.h"

struct item {
    size_t indent; /* blanks before it */
    size_t marker; /* bytes of "-", "12." or ">" */
    size_t end;    /* where its text begins */
    bool task;
};

/* What the line begins with; false if it is no item. */
static bool read_item(const char *line, size_t len, struct item *out)
{
    size_t at = 0, digits;

    while (at < len && (line[at] == ' ' || line[at] == '\t'))
        at++;
    *out = (struct item){.indent = at};
    for (digits = 0; at + digits < len && isdigit((unsigned char)line[at + digits]); digits++)
        continue;
    at += digits;
    if (at >= len || digits > 9 || !line[at] || !strchr(digits ? ".)" : "-*+>", line[at]))
        return false;
    at++;
    out->marker = at - out->indent;
    if (line[at - 1] != '>' && (at >= len || line[at] != ' '))
        return false;
    while (at < len && line[at] == ' ')
        at++;
    if (len - at >= 3 && line[at] == '[' && strchr(" xX", line[at + 1]) && line[at + 2] == ']' &&
        line[out->indent + out->marker - 1] != '>') {
        out->task = true;
        at += 3;
        while (at < len && line[at] == ' ')
            at++;
    }
    out->end = at;
    return true;
}

static void add_marker(const char *line, const struct item *item, struct strbuf *out)
{
    const char *marker = line + item->indent;

    strbuf_add(out, line, item->indent);
    if (isdigit((unsigned char)*marker))
        strbuf_printf(out, "%ld%c", strtol(marker, NULL, 10) + 1, marker[item->marker - 1]);
    else
        strbuf_add(out, marker, item->marker);
    strbuf_str(out, item->task ? " [ ] " : " ");
}

void md_edit_enter(const char *text, size_t len, size_t at, unsigned state, struct strbuf *out,
                   size_t *erase)
{
    const char *nl = memchr(text + at, '\n', len - at);
    size_t start = at, end = nl ? (size_t)(nl - text) : len;
    struct item item;

    *erase = 0;
    while (start > 0 && text[start - 1] != '\n')
        start--;
    if (state || !read_item(text + start, end - start, &item) || at < start + item.end) {
        strbuf_char(out, '\n');
        return;
    }
    if (start + item.end == end) { /* nothing in it: the list ends here */
        *erase = at - start;
        return;
    }
    strbuf_char(out, '\n');
    add_marker(text + start, &item, out);
}
