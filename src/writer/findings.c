/* findings.c - what is wrong with the figures and citations of a source. Everything that is not
 * prose (figures, code, addresses, labels of footnotes, whole footnotes) is blanked out of a
 * copy of the same length, so that every place found in the copy is the place in the source;
 * what is left is searched for numerals. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/strbuf.h"

#include "writer/figures.h"
#include "writer/numeral.h"
#include "writer/prose.h"
#include "writer/span.h"
#include "writer/wording.h"
#include "writer/writer.h"

struct search {
    const struct model *model;
    const bson_t *citations;
    const char *source;
    size_t len;
    char *prose;   /* the copy */
    double *known; /* numbers among the answers, and later in the model's own words */
    size_t known_count, known_cap;
    bool knows_model;
    bson_t *out;
    unsigned count;
};

static void add_finding(struct search *s, const char *kind, size_t start, size_t end,
                        const char *advice)
{
    char key[16];
    int line = 1;
    bson_t item;

    for (size_t i = 0; i < start; i++)
        line += s->source[i] == '\n';
    snprintf(key, sizeof key, "%u", s->count++);
    BSON_APPEND_DOCUMENT_BEGIN(s->out, key, &item);
    BSON_APPEND_UTF8(&item, "kind", kind);
    bson_append_utf8(&item, "text", -1, s->source + start, (int)(end - start));
    BSON_APPEND_INT32(&item, "where", line);
    BSON_APPEND_UTF8(&item, "advice", advice);
    bson_append_document_end(s->out, &item);
}

/* ---- answers ---- */

static void know(struct search *s, double value)
{
    s->known = mem_grow(s->known, &s->known_cap, s->known_count + 1, sizeof *s->known);
    s->known[s->known_count++] = fabs(value);
}

static void know_text(struct search *s, const char *text)
{
    struct numeral n = {0};
    size_t len = strlen(text);

    while (numeral_next(text, len, n.end, &n))
        know(s, n.value);
}

static void know_answers(struct search *s, const bson_t *doc, int depth)
{
    bson_iter_t it;
    bson_t sub;

    bson_iter_init(&it, doc);
    while (bson_iter_next(&it)) {
        if (BSON_ITER_HOLDS_NUMBER(&it))
            know(s, bson_iter_as_double(&it));
        else if (BSON_ITER_HOLDS_UTF8(&it))
            know_text(s, bson_iter_utf8(&it, NULL));
        else if (depth < 16 && doc_view(doc, bson_iter_key(&it), &sub))
            know_answers(s, &sub, depth + 1);
    }
}

/* What the model says of itself in words: which rates it took, and why. Its values are figures,
 * to be bound. */
static void know_model(struct search *s)
{
    static const char *const words[] = {"assumptions.%zu.basis", "assumptions.%zu.source",
                                        "notes.%zu.text"};
    bson_t data;
    char path[64];

    s->knows_model = true;
    model_data(s->model, &data);
    for (size_t i = 0; i < doc_count(&data, "assumptions") + doc_count(&data, "notes"); i++)
        for (size_t k = 0; k < ARRAY_LEN(words); k++) {
            snprintf(path, sizeof path, words[k], i);
            know_text(s, doc_str(&data, path, ""));
        }
    bson_destroy(&data);
}

static bool is_known(const struct search *s, double value)
{
    for (size_t i = 0; i < s->known_count; i++)
        if (fabs(s->known[i] - value) < 1e-9 * (1 + value))
            return true;
    return false;
}

/* ---- blanking ---- */

static void blank(struct search *s, size_t start, size_t end)
{
    for (size_t i = start; i < end; i++)
        if (s->prose[i] != '\n')
            s->prose[i] = ' ';
}

/* One figure by its name alone? Answers carry no unit, so that what is made of figures and answers
 * may have one it should not. */
static bool is_figure(const char *expr)
{
    return expr[strspn(expr, "abcdefghijklmnopqrstuvwxyz0123456789_.[]")] == '\0';
}

/* What is wrong with showing `v` by `format`, NULL if nothing: money is no percentage, nor a share
 * money. A number without a unit may be shown in any way. */
static const char *unit_advice(const struct value *v, const char *format)
{
    bool as_money = strncmp(format, "money", 5) == 0, as_share = strncmp(format, "pct", 3) == 0;

    if (v->type != VALUE_NUM)
        return NULL;
    if (as_share && v->unit == UNIT_MONEY)
        return "This figure is money and is shown as a percentage; show it as money or money0.";
    if (as_money && (v->unit == UNIT_RATE || v->unit == UNIT_PERCENT))
        return "This figure is a share and is shown as money; show it as pct or pct1.";
    if (as_money && v->unit == UNIT_MONTHS)
        return "This figure counts months and is shown as money; show it as months.";
    return NULL;
}

/* Figures go, and each is judged on the way; what the walk steps over without a figure is code
 * or prose. */
static void search_figures(struct search *s)
{
    struct span_walk walk;

    span_walk_init(&walk, s->source, s->len);
    while (span_walk_next(&walk)) {
        size_t end = walk.start + walk.span_len;
        struct strbuf shown;
        struct span span;
        struct err err = {0};
        struct value v = {0};
        const char *unit = NULL;
        bool known = false;

        strbuf_init(&shown, STRBUF_DOC_LIMIT);
        if (span_parse(s->source + walk.start, walk.span_len, &span)) {
            known = figures_eval(s->model, span.expr, &v, &err) &&
                    (v.type == VALUE_NULL || figures_format(s->model, &v, span.format, &shown));
            unit = is_figure(span.expr) ? unit_advice(&v, span.format) : NULL;
            value_finish(&v);
            span_finish(&span);
        }
        if (!known)
            add_finding(s, "unknown_figure", walk.start, end,
                        "There is no such figure, or it cannot be shown this way; pick one from "
                        "the list of figures.");
        else if (unit)
            add_finding(s, "contradiction", walk.start, end, unit);
        strbuf_finish(&shown);
        blank(s, walk.start, end);
    }
}

static bool line_starts(const char *text, size_t at)
{
    return at == 0 || text[at - 1] == '\n';
}

/* Is there a citation for the label between `start` and `end`? */
static bool is_cited(const struct search *s, size_t start, size_t end)
{
    char *id = mem_strn(s->source + start + 2, end - start - 3);
    bson_iter_t it;
    bson_t item;
    bool found = false;

    if (s->citations && bson_iter_init(&it, s->citations))
        while (!found && bson_iter_next(&it))
            found = doc_view(s->citations, bson_iter_key(&it), &item) &&
                    strcmp(doc_str(&item, "evidence_id", ""), id) == 0;
    free(id);
    return found;
}

/* Labels are judged but stay, since a sentence with one is cited; whole footnotes go. */
static void search_labels(struct search *s)
{
    for (size_t at = 0; at < s->len; at++) {
        size_t end = prose_label_end(s->prose, at);

        if (!end)
            continue;
        if (line_starts(s->prose, at) && s->prose[end] == ':') {
            size_t line = at + strcspn(s->prose + at, "\n");

            blank(s, at, line);
            at = line;
        } else {
            if (!is_cited(s, at, end))
                add_finding(s, "unknown_citation", at, end,
                            "Nothing is known under this name; cite a source of the research "
                            "pack.");
            for (size_t i = at + 2; i + 1 < end; i++)
                s->prose[i] = 'x';
            at = end - 1;
        }
    }
}

/* Code between backticks, on one line or fenced, and addresses. */
static void blank_code(struct search *s)
{
    struct span_walk walk;

    span_walk_init(&walk, s->source, s->len);
    walk.on_code = s->prose;
    while (span_walk_next(&walk))
        ;
}

static void blank_addresses(struct search *s)
{
    for (size_t at = 0; at < s->len; at++) {
        const char *p = s->prose + at;
        size_t n = 0;

        if (strncmp(p, "](", 2) == 0)
            n = strcspn(p, ")\n");
        else if (strncmp(p, "http://", 7) == 0 || strncmp(p, "https://", 8) == 0)
            n = strcspn(p, " )>\n");
        blank(s, at, at + n);
    }
}

/* ---- numerals ---- */

static bool sentence_cites(const struct search *s, const struct numeral *n)
{
    size_t from, to;

    prose_sentence(s->prose, s->len, n->start, n->end, &from, &to);
    return prose_cites(s->prose, s->len, from, to);
}

static void search_numerals(struct search *s)
{
    struct numeral n = {0};

    while (numeral_next(s->prose, s->len, n.end, &n)) {
        if (numeral_is_order(s->prose, s->len, &n) || is_known(s, n.value) || sentence_cites(s, &n))
            continue;
        if (!s->knows_model)
            know_model(s);
        if (is_known(s, n.value))
            continue;
        add_finding(s, "unbound_figure", n.start, n.end,
                    "No figure of the model, answer or source stands behind this number; bind it "
                    "to a figure, cite a source, or take it out.");
    }
}

/* ---- wording ---- */

static void add_phrase(void *context, const char *kind, size_t start, size_t end,
                       const char *advice)
{
    add_finding(context, kind, start, end, advice);
}

static void search_wording(struct search *s, const struct wording *w, const bson_t *intake)
{
    struct wording_text text = {intake, s->source, s->prose, s->len};

    wording_find(w, &text, add_phrase, s);
}

void section_findings(const struct wording *w, const struct model *m, const bson_t *intake,
                      const bson_t *citations, const char *source, bson_t *out)
{
    struct search s = {.model = m, .citations = citations, .source = source, .out = out};

    bson_init(out);
    s.len = strlen(source);
    s.prose = mem_strn(source, s.len);
    know_answers(&s, intake, 0);
    blank_code(&s);
    search_figures(&s);
    search_labels(&s);
    blank_addresses(&s);
    search_numerals(&s);
    if (w)
        search_wording(&s, w, intake);
    free(s.prose);
    free(s.known);
}

void binder_findings(const struct model *m, const bson_t *intake, const bson_t *citations,
                     const char *source, bson_t *out)
{
    section_findings(NULL, m, intake, citations, source, out);
}
