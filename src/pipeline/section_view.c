/* section_view.c - the stored source, bound to the model once more: the text is then what the
 * figures say now, and each figure's place is known. What is wrong in it is found by the findings
 * of when the section was last checked: each names a line and the words. */
#include "strattio/section_view.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/ids.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "writer/span.h"
#include "writer/writer.h"

static bool changed_outside(const struct section *s)
{
    const char *rendered = doc_str(s->metadata, "rendered_sha", NULL);
    char sha[SHA_HEX_LEN + 1];

    if (!rendered || !s->content)
        return false;
    sha256_hex(s->content, strlen(s->content), sha);
    return strcmp(sha, rendered) != 0;
}

/* With room for `more` figures that are added later. */
static void take_spans(struct section_view *out, const struct bound_spans *spans, size_t more)
{
    out->figures = mem_zero(spans->count + more + 1, sizeof(*out->figures));
    out->count = spans->count;
    for (size_t i = 0; i < spans->count; i++) {
        out->figures[i].start = spans->items[i].start;
        out->figures[i].end = spans->items[i].end;
        if (spans->items[i].kind != SPAN_UNKNOWN)
            out->figures[i].name = mem_str(spans->items[i].expr);
    }
}

/* Where line `line` (from 1) of `text` begins, or NULL. */
static const char *line_start(const char *text, int64_t line)
{
    while (text && --line > 0) {
        text = strchr(text, '\n');
        text = text ? text + 1 : NULL;
    }
    return text;
}

/* Which kinds of findings stand for exactly the words they name. The others say something of a whole
 * sentence; they are marked at its first word. */
static const char *const exact_kinds[] = {"unbound_figure", "unknown_figure", "unknown_citation"};

static bool is_exact(const char *kind)
{
    for (size_t i = 0; i < ARRAY_LEN(exact_kinds); i++)
        if (strcmp(kind, exact_kinds[i]) == 0)
            return true;
    return false;
}

/* The figure that shares bytes with start..end, or NULL. */
static struct section_figure *figure_in(const struct section_view *out, size_t start, size_t end)
{
    for (size_t i = 0; i < out->count; i++)
        if (start < out->figures[i].end && out->figures[i].start < end)
            return &out->figures[i];
    return NULL;
}

static void add_wrong(struct section_view *out, size_t start, size_t end, const char *advice)
{
    struct section_figure *there = figure_in(out, start, end);

    if (!there)
        out->figures[out->count++] =
            (struct section_figure){.start = start, .end = end, .advice = mem_str(advice)};
    else if (!there->name && !there->advice)
        there->advice = mem_str(advice);
}

/* The first word between `at` and `end` that is no figure. Markers of lists and the like are no
 * words: a sign before one would change what the line is. */
static void add_first_word(struct section_view *out, const char *at, const char *end,
                           const char *advice)
{
    while (at < end) {
        size_t len = 0, start = (size_t)(at - out->text);

        while (at + len < end &&
               (isalpha((unsigned char)at[len]) || (unsigned char)at[len] >= 0x80))
            len++;
        if (len > 1 && !figure_in(out, start, start + len)) {
            add_wrong(out, start, start + len, advice);
            return;
        }
        at += len ? len : 1;
    }
}

/* Bound figures hold no newline, so that the source's line is the text's. */
static void take_finding(struct section_view *out, const bson_t *finding)
{
    const char *from = line_start(out->text, doc_int(finding, "where", 0)), *at, *end;
    const char *words = doc_str(finding, "text", ""), *advice = doc_str(finding, "advice", "");

    if (!from || !*words)
        return;
    if (strcmp(doc_str(finding, "kind", ""), "length") == 0)
        return; /* of the whole text, at no place in it */
    if (strncmp(words, "http", 4) == 0 || strncmp(words, "www.", 4) == 0)
        return; /* a sign within an address would break the link; the checklist names it */
    end = strchrnul(from, '\n');
    at = memmem(from, (size_t)(end - from), words, strlen(words));
    if (is_exact(doc_str(finding, "kind", ""))) {
        if (at)
            add_wrong(out, (size_t)(at - out->text), (size_t)(at - out->text) + strlen(words),
                      advice);
        return;
    }
    add_first_word(out, at ? at : from, end, advice);
}

static int by_start(const void *a, const void *b)
{
    const struct section_figure *one = a, *other = b;

    return (one->start > other->start) - (one->start < other->start);
}

static void take_findings(const struct section *s, struct section_view *out)
{
    for (size_t i = 0; i < doc_count(s->metadata, "findings"); i++) {
        char *path = mem_printf("findings.%zu", i);
        bson_t finding;

        if (doc_view(s->metadata, path, &finding))
            take_finding(out, &finding);
        free(path);
    }
    qsort(out->figures, out->count, sizeof(*out->figures), by_start);
}

static bool bind(const struct section *s, const struct model *m, const char *source,
                 struct section_view *out, struct err *err)
{
    struct bound_spans spans = {0};
    struct strbuf text;
    bool ok;

    strbuf_init(&text, STRBUF_DOC_LIMIT);
    ok = binder_render(m, source, &text, &spans, err);
    if (ok) {
        out->len = text.len;
        out->text = strbuf_take(&text);
        take_spans(out, &spans, doc_count(s->metadata, "findings"));
        take_findings(s, out);
    }
    bound_spans_finish(&spans);
    strbuf_finish(&text);
    return ok;
}

bool section_view(const struct section *s, const struct model *m, struct section_view *out,
                  struct err *err)
{
    const char *source = doc_str(s->metadata, "source", NULL);

    *out = (struct section_view){.outside = changed_outside(s)};
    if (m && source && !out->outside)
        return bind(s, m, source, out, err);
    out->text = mem_str(s->content ? s->content : "");
    out->len = strlen(out->text);
    return true;
}

bool section_figure_text(const struct model *m, const char *figure, size_t len, struct strbuf *out)
{
    struct bound_spans spans = {0};
    struct err ignored = {0};
    char *source = mem_strn(figure, len);
    struct strbuf text;
    bool known;

    strbuf_init(&text, STRBUF_DOC_LIMIT);
    known = binder_render(m, source, &text, &spans, &ignored) && spans.count == 1 &&
            spans.items[0].kind != SPAN_UNKNOWN;
    if (known)
        strbuf_add(out, text.data, text.len);
    bound_spans_finish(&spans);
    strbuf_finish(&text);
    free(source);
    return known;
}

/* `content` as a source with the same meaning: what the binder would take for a figure gets a backslash. What
 * is rendered keeps the escapes of its source, so one that has its backslash gets no other. */
static char *unbound_source(const char *content)
{
    struct span_walk walk;
    struct strbuf source;
    size_t from = 0;

    strbuf_init(&source, STRBUF_DOC_LIMIT);
    span_walk_init(&walk, content, strlen(content));
    while (span_walk_next(&walk)) {
        strbuf_add(&source, content + from, walk.start - from);
        strbuf_str(&source, "\\{");
        from = walk.at = walk.start + 1;
    }
    strbuf_str(&source, content + from);
    return strbuf_take(&source);
}

char *section_source(const struct section *s)
{
    const char *source = doc_str(s->metadata, "source", NULL);

    if (source && !changed_outside(s))
        return mem_str(source);
    return unbound_source(s->content ? s->content : "");
}

void section_view_finish(struct section_view *view)
{
    for (size_t i = 0; i < view->count; i++) {
        free(view->figures[i].name);
        free(view->figures[i].advice);
    }
    free(view->figures);
    free(view->text);
    *view = (struct section_view){0};
}
