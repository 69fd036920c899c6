/* findings_sources.c - what looks like a source and is none: addresses, bracketed numbers, names with
 * a year in brackets. A source is real if the answers, the research or the citations name it. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "strattio/doc.h"
#include "strattio/strbuf.h"

#include "writer/findings_parts.h"

enum { DEPTH = 16, NAME_MAX_BYTES = 80 };

static bool holds(const char *text, const char *what, size_t len)
{
    for (; strlen(text) >= len; text++)
        if (strncasecmp(text, what, len) == 0)
            return true;
    return false;
}

static bool doc_says(const bson_t *doc, const char *what, size_t len, int depth)
{
    bson_iter_t it;
    bson_t sub;
    bool found = false;

    bson_iter_init(&it, doc);
    while (!found && bson_iter_next(&it)) {
        if (BSON_ITER_HOLDS_UTF8(&it))
            found = holds(bson_iter_utf8(&it, NULL), what, len);
        else if (depth < DEPTH && doc_view(doc, bson_iter_key(&it), &sub))
            found = doc_says(&sub, what, len, depth + 1);
    }
    return found;
}

bool search_said(const struct search *s, const char *text, size_t len)
{
    const bson_t *const docs[] = {s->in->intake, s->in->research, s->in->citations};
    struct strbuf plain;
    bool said = false;

    strbuf_init(&plain, STRBUF_DOC_LIMIT);
    for (size_t i = 0; i < len; i++)
        if (text[i] != '\\' && text[i] != '*')
            strbuf_char(&plain, text[i] == '\n' ? ' ' : text[i]);
    for (size_t i = 0; !said && plain.len && i < ARRAY_LEN(docs); i++)
        said = docs[i] && doc_says(docs[i], plain.data, plain.len, 0);
    strbuf_finish(&plain);
    return said;
}

/* Without what ends the sentence around it, and a last slash. */
static size_t trimmed(const char *text, size_t len)
{
    while (len && strchr(".,;:!?/*_'\"", text[len - 1]))
        len--;
    return len;
}

/* Bytes of the address at `p`, where no letter stands before it. */
static size_t address_at(const char *p)
{
    static const char *const begins[] = {"https://", "http://", "www."};

    for (size_t i = 0; i < ARRAY_LEN(begins); i++)
        if (strncasecmp(p, begins[i], strlen(begins[i])) == 0)
            return trimmed(p, strcspn(p, " )>]|\n\t\"<"));
    return 0;
}

static void search_addresses(struct search *s)
{
    for (size_t at = 0; at < s->len; at++) {
        size_t n = at && isalnum((unsigned char)s->prose[at - 1]) ? 0 : address_at(s->prose + at);

        if (n > 4 && !search_said(s, s->prose + at, n))
            search_add(s, "unknown_citation", at, at + n,
                       "No source of the research or the answers has this address; take it out, or "
                       "add the source.");
        if (!n && s->prose[at] == ']' && s->prose[at + 1] == '(' && !address_at(s->prose + at + 2))
            n = strcspn(s->prose + at, ")\n");
        search_blank(s, at, at + n);
        at += n ? n - 1 : 0;
    }
}

/* "[12]", which is neither a link nor escaped. */
static size_t number_mark(const char *prose, size_t at)
{
    size_t n = strspn(prose + at + 1, "0123456789,- ");

    return n && isdigit((unsigned char)prose[at + 1]) && prose[at + 1 + n] == ']' &&
                   !strchr("(:", prose[at + 2 + n] ? prose[at + 2 + n] : ' ') &&
                   !(at && prose[at - 1] == '\\')
               ? n + 2
               : 0;
}

static bool is_month(const char *word, size_t len)
{
    static const char months[] = " january february march april may june july august september "
                                 "october november december spring summer autumn winter ";

    return len < 12 && holds(months, word, len);
}

/* "(Smith & Jones, 2024)": a name and a year; the name's bytes in *name. */
static size_t name_and_year(const char *prose, size_t at, size_t *name)
{
    size_t n = strcspn(prose + at, ")\n"), end = n;

    if (prose[at + n] != ')' || n > NAME_MAX_BYTES || n < 8 ||
        !isupper((unsigned char)prose[at + 1]))
        return 0;
    while (end > 1 && isdigit((unsigned char)prose[at + end - 1]))
        end--;
    if (n - end != 4 || (prose[at + end] != '1' && prose[at + end] != '2') ||
        prose[at + end - 1] != ' ')
        return 0;
    while (end > 1 && strchr(", ", prose[at + end - 1]))
        end--;
    *name = end - 1;
    for (size_t i = 1; i < end; i++)
        if (isdigit((unsigned char)prose[at + i]))
            return 0;
    return is_month(prose + at + 1, strcspn(prose + at + 1, " ,)")) ? 0 : n + 1;
}

static void search_marks(struct search *s)
{
    for (size_t at = 0; at < s->len; at++) {
        size_t name = 0, n = 0;

        if (s->prose[at] == '[')
            n = number_mark(s->prose, at);
        else if (s->prose[at] == '(' && (n = name_and_year(s->prose, at, &name)) &&
                 search_said(s, s->prose + at + 1, name))
            n = 0;
        if (!n)
            continue;
        search_add(s, "unknown_citation", at, at + n,
                   "No source stands behind this mark; cite a source of the research pack, or take "
                   "it out.");
        search_blank(s, at, at + n);
        at += n - 1;
    }
}

void search_sources(struct search *s)
{
    search_addresses(s);
    search_marks(s);
}
