/* citations.c - the marks of a text, "[^id]", and what stands behind them. */
#include "writer/citations.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"
#include "writer/evidence.h"
#include "writer/writer.h"

/* The next "[^id]" at or after *at into id; moves *at behind it. */
static bool next_reference(const char **at, char *id, size_t size, const char **where)
{
    for (const char *s = *at; (s = strstr(s, "[^")); s += 2) {
        size_t len = strcspn(s + 2, "]\n");

        if ((s > *at && s[-1] == '\\') || s[2 + len] != ']' || !len || len >= size)
            continue;
        memcpy(id, s + 2, len);
        id[len] = '\0';
        *where = s;
        *at = s + len + 3;
        return true;
    }
    return false;
}

/* The sentence, or table row, around `at`, rendered for a reader. */
static void cited_sentence(const struct model *m, const char *text, const char *at,
                           struct strbuf *out)
{
    const char *from = at, *to = at + strcspn(at, "\n");
    struct strbuf piece;
    struct err ignored;

    while (from > text && from[-1] != '\n' &&
           !(from[-1] == ' ' && from - 1 > text && strchr(".!?", from[-2])))
        from--;
    for (const char *s = at; s < to; s++)
        if (strchr(".!?", *s) && (s + 1 == to || s[1] == ' ')) {
            to = s + 1;
            break;
        }
    while (from < to && (*from == '|' || *from == ' '))
        from++; /* the bars around a row */
    while (to > from && (to[-1] == '|' || to[-1] == ' '))
        to--;
    strbuf_init(&piece, STRBUF_DOC_LIMIT);
    strbuf_add(&piece, from, (size_t)(to - from));
    if (!binder_render(m, piece.data, out, NULL, &ignored))
        strbuf_clear(out);
    strbuf_finish(&piece);
}

static bool cited_before(const char *text, const char *id, const char *where)
{
    struct strbuf mark;
    const char *first;

    strbuf_init(&mark, 256);
    strbuf_printf(&mark, "[^%s]", id);
    first = strstr(text, mark.data);
    strbuf_finish(&mark);
    return first && first < where;
}

void citations_add(const struct draft_input *in, struct strbuf *source, bson_t *citations)
{
    char *text = mem_str(source->data);
    const char *at = text, *where;
    struct strbuf sentence;
    char id[96], key[16];
    unsigned count = 0;
    bson_t item;

    strbuf_init(&sentence, STRBUF_DOC_LIMIT);
    while (next_reference(&at, id, sizeof id, &where)) {
        if (cited_before(text, id, where) || !evidence_citable(in->research, id, &item))
            continue;
        strbuf_str(source, count ? "" : "\n");
        evidence_footnote(&item, source);
        strbuf_clear(&sentence);
        cited_sentence(in->model, text, where, &sentence);
        snprintf(key, sizeof key, "%u", count++);
        evidence_citation(&item, sentence.data, key, citations);
    }
    strbuf_finish(&sentence);
    free(text);
}
