/* tidy.c - conditions and loops leave broken lines, blanks and empty frames. A line is told by
 * how it begins (heading, row, item, footnote), anything else goes on with the text before it;
 * lines make blocks, and a block that holds nothing a reader wants (a table without rows, a
 * heading with nothing under it) is dropped. Answers cannot begin such a line: they are
 * escaped. */
#include "writer/tidy.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/mem.h"
#include "strattio/strbuf.h"

enum block_kind { BLOCK_TEXT, BLOCK_HEADING, BLOCK_TABLE, BLOCK_LIST, BLOCK_QUOTE, BLOCK_NOTE };

struct block {
    enum block_kind kind;
    int level;          /* of a heading */
    int lines;          /* of a table or list */
    struct strbuf text; /* lines, each ended by a newline but the last */
};

struct blocks {
    struct block *items;
    size_t count, cap;
    bool open;  /* the last one can still grow */
    bool blank; /* after a blank line: a list by items only */
};

static enum block_kind kind_of(const char *line, size_t len)
{
    size_t digits = strspn(line, "0123456789");

    if (line[0] == '#')
        return BLOCK_HEADING;
    if (line[0] == '|')
        return BLOCK_TABLE;
    if (line[0] == '>')
        return BLOCK_QUOTE;
    if (line[0] == '[' && line[1] == '^' && memmem(line, len, "]:", 2))
        return BLOCK_NOTE;
    if ((line[0] == '-' && (len == 1 || line[1] == ' ')) ||
        (digits && digits < len && line[digits] == '.' && line[digits + 1] == ' '))
        return BLOCK_LIST;
    return BLOCK_TEXT;
}

/* Is it a stop or comma that ends a word, or a footnote's label? No blank stands before these. */
static bool clings(const char *s, const char *end)
{
    if (s + 1 < end && s[0] == '[' && s[1] == '^')
        return true;
    return s < end && strchr(".,;:!?", *s) && (s + 1 == end || isspace((unsigned char)s[1]));
}

static bool ends_in(const struct strbuf *text, const char *end)
{
    size_t len = strlen(end);

    return text->len >= len && memcmp(text->data + text->len - len, end, len) == 0;
}

/* The full stop of a template after an answer that brought its own sign: one of them is enough. */
static bool is_second_stop(const char *s, const char *end, struct strbuf *out)
{
    if (*s != '.' || (s + 1 < end && !isspace((unsigned char)s[1])))
        return false;
    if (ends_in(out, ",") || ends_in(out, ";") || ends_in(out, ":"))
        strbuf_truncate(out, out->len - 1);
    return (ends_in(out, ".") && !ends_in(out, "..")) || ends_in(out, "!") || ends_in(out, "?") ||
           ends_in(out, "…");
}

static void add_spaced(const char *line, size_t len, struct strbuf *out)
{
    const char *end = line + len;

    for (const char *s = line; s < end; s++) {
        if (is_second_stop(s, end, out))
            continue;
        if (!isspace((unsigned char)*s))
            strbuf_char(out, *s);
        else if (s + 1 < end && !isspace((unsigned char)s[1]) && !clings(s + 1, end))
            strbuf_char(out, ' ');
    }
}

static struct block *add_block(struct blocks *b, enum block_kind kind)
{
    struct block *new;

    b->items = mem_grow(b->items, &b->cap, b->count + 1, sizeof *b->items);
    new = &b->items[b->count++];
    *new = (struct block){.kind = kind};
    strbuf_init(&new->text, STRBUF_DOC_LIMIT);
    return new;
}

/* Joins a line that begins nothing to the block before it. */
static void join_line(struct block *last, const char *line, size_t len)
{
    if (last->text.len && !clings(line, line + len))
        strbuf_char(&last->text, ' ');
    add_spaced(line, len, &last->text);
}

static void add_line(struct blocks *b, const char *line, size_t len)
{
    enum block_kind kind = kind_of(line, len);
    struct block *last = b->open ? &b->items[b->count - 1] : NULL;

    if (len == 1 && (line[0] == '-' || line[0] == '>'))
        return; /* an item that said nothing */
    if (b->blank && kind != BLOCK_LIST)
        last = NULL;
    b->blank = false;
    if (last && kind == BLOCK_TEXT && last->kind != BLOCK_TABLE && last->kind != BLOCK_HEADING) {
        join_line(last, line, len);
        return;
    }
    if (!last || last->kind != kind || (kind != BLOCK_TABLE && kind != BLOCK_LIST))
        last = add_block(b, kind);
    else
        strbuf_char(&last->text, '\n');
    last->lines++;
    if (kind == BLOCK_HEADING)
        last->level = (int)strspn(line, "#");
    add_spaced(line, len, &last->text);
    b->open = true;
}

static void read_lines(const char *text, struct blocks *b)
{
    while (*text) {
        size_t len = strcspn(text, "\n"), from = 0, to = len;

        while (from < to && isspace((unsigned char)text[from]))
            from++;
        while (to > from && isspace((unsigned char)text[to - 1]))
            to--;
        if (from == to) {
            b->open = b->open && b->items[b->count - 1].kind == BLOCK_LIST;
            b->blank = true;
        } else {
            add_line(b, text + from, to - from);
        }
        text += len + (text[len] == '\n');
    }
}

/* Is there anything under the heading at `i` before the next of its level or above? */
static bool heads_something(const struct blocks *b, size_t i)
{
    for (size_t j = i + 1; j < b->count; j++) {
        if (b->items[j].kind != BLOCK_HEADING)
            return b->items[j].kind != BLOCK_NOTE;
        if (b->items[j].level <= b->items[i].level)
            return false;
    }
    return false;
}

static bool is_wanted(const struct blocks *b, size_t i)
{
    const struct block *block = &b->items[i];

    if (block->kind == BLOCK_HEADING)
        return heads_something(b, i);
    if (block->kind == BLOCK_TABLE)
        return block->lines > 2;
    return block->text.len != 0;
}

/* Blocks that lost their only content take their heading with them, so empty ones go first. */
static void drop_empty(struct blocks *b, bool headings)
{
    size_t kept = 0;

    for (size_t i = 0; i < b->count; i++) {
        bool heading = b->items[i].kind == BLOCK_HEADING;

        if (heading == headings && !is_wanted(b, i)) {
            strbuf_finish(&b->items[i].text);
            b->items[i].kind = BLOCK_NOTE; /* what heads nothing but this heads nothing */
            continue;
        }
        b->items[kept++] = b->items[i];
    }
    b->count = kept;
}

static bool joins(const struct block *a, const struct block *b)
{
    return a->kind == BLOCK_NOTE && b->kind == BLOCK_NOTE;
}

void tidy_markdown(const char *text, struct strbuf *out)
{
    struct blocks b = {0};

    read_lines(text, &b);
    drop_empty(&b, false);
    drop_empty(&b, true);
    for (size_t i = 0; i < b.count; i++) {
        if (i)
            strbuf_str(out, joins(&b.items[i - 1], &b.items[i]) ? "\n" : "\n\n");
        strbuf_add(out, b.items[i].text.data, b.items[i].text.len);
        strbuf_finish(&b.items[i].text);
    }
    if (b.count)
        strbuf_char(out, '\n');
    free(b.items);
}
