/* findings.c - what is wrong in a source. Everything that is not
 * prose (figures, code, addresses, labels of footnotes, whole footnotes) is blanked out of a
 * copy of the same length, so that every place found in the copy is the place in the source;
 * what is left is searched for numerals. */
#include <ctype.h>
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
#include "writer/findings_parts.h"
#include "writer/numeral.h"
#include "writer/prose.h"
#include "writer/span.h"
#include "writer/wording.h"
#include "writer/writer.h"

void search_add(struct search *s, const char *kind, size_t start, size_t end, const char *advice)
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

/* "3 100 ml" may be two numbers, and "12k" is quoted as 12. */
static void know_pieces(struct search *s, const char *text, const struct numeral *n)
{
    for (size_t at = n->digits_start; at < n->digits_end;) {
        char *end;

        if (isdigit((unsigned char)text[at])) {
            know(s, strtod(text + at, &end));
            at = (size_t)(end - text);
        } else {
            at++;
        }
    }
}

static void know_text(struct search *s, const char *text)
{
    struct numeral n = {0};
    size_t len = strlen(text);

    while (numeral_next(text, len, n.end, &n)) {
        know(s, n.value);
        know(s, n.other);
        know_pieces(s, text, &n);
    }
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
    model_data(s->in->model, &data);
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

bool search_knows(struct search *s, double value)
{
    if (is_known(s, value))
        return true;
    if (!s->knows_model)
        know_model(s);
    return is_known(s, value);
}

/* ---- blanking ---- */

void search_blank(struct search *s, size_t start, size_t end)
{
    for (size_t i = start; i < end; i++)
        if (s->prose[i] != '\n')
            s->prose[i] = ' ';
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
        bool known = false;

        strbuf_init(&shown, STRBUF_DOC_LIMIT);
        if (span_parse(s->source + walk.start, walk.span_len, &span)) {
            known = figures_eval(s->in->model, span.expr, &v, &err) &&
                    (v.type == VALUE_NULL || figures_format(s->in->model, &v, span.format, &shown));
            if (known)
                search_unit(s, span.expr, span.format, &v, walk.start, end);
            value_finish(&v);
            span_finish(&span);
        }
        if (!known)
            search_add(s, "unknown_figure", walk.start, end,
                       "There is no such figure, or it cannot be shown this way; pick one from "
                       "the list of figures.");
        strbuf_finish(&shown);
        search_blank(s, walk.start, end);
    }
}

/* The end of a "{{" that is never closed: what looks like its name. */
static size_t broken_end(const struct search *s, size_t at)
{
    size_t end = at + strcspn(s->prose + at, "\n}|");

    while (s->prose[end] == '}')
        end++;
    while (end > at && s->prose[end - 1] == ' ')
        end--;
    return end;
}

/* "{pnl.revenue[y1]:money0}", a figure with one brace: a dot between two names. */
static size_t lone_end(const struct search *s, size_t at)
{
    size_t name = strspn(s->prose + at + 1, "abcdefghijklmnopqrstuvwxyz_"), end;

    if (!name || s->prose[at + 1 + name] != '.')
        return 0;
    end = at + strcspn(s->prose + at, " \n}");
    return s->prose[end] == '}' ? end + 1 : 0;
}

/* What the walk did not take for a figure and yet was meant as one. */
static void search_broken(struct search *s)
{
    for (size_t at = 0; at < s->len; at++) {
        size_t end = 0;

        if (s->prose[at] == '\\') {
            at++;
            continue;
        }
        if (s->prose[at] != '{')
            continue;
        end = s->prose[at + 1] == '{' ? broken_end(s, at) : lone_end(s, at);
        if (!end)
            continue;
        search_add(
            s, "unknown_figure", at, end,
            "This was meant as a figure and is none: write {{name:format}} on one line, with "
            "two braces on both sides.");
        search_blank(s, at, end);
        at = end - 1;
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

    if (s->in->citations && bson_iter_init(&it, s->in->citations))
        while (!found && bson_iter_next(&it))
            found = doc_view(s->in->citations, bson_iter_key(&it), &item) &&
                    strcmp(doc_str(&item, "evidence_id", ""), id) == 0;
    free(id);
    return found;
}

/* Labels are judged. Those of a source stay, as x-es, since a sentence with one is cited, and their
 * whole footnotes go; the others go, and what their footnotes say is prose like any. */
static void search_labels(struct search *s)
{
    for (size_t at = 0; at < s->len; at++) {
        size_t end = prose_label_end(s->prose, at), line;
        bool cited, note;

        if (!end)
            continue;
        cited = is_cited(s, at, end);
        note = line_starts(s->prose, at) && s->prose[end] == ':';
        line = at + strcspn(s->prose + at, "\n");
        if (!cited && !note)
            search_add(s, "unknown_citation", at, end,
                       "Nothing is known under this name; cite a source of the research pack.");
        if (!cited || note)
            search_blank(s, at, cited ? line : end);
        for (size_t i = at + 2; !note && cited && i + 1 < end; i++)
            s->prose[i] = 'x';
        at = end - 1;
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
        if (numeral_is_order(s->prose, s->len, &n) || sentence_cites(s, &n) ||
            search_knows(s, n.value) || search_knows(s, n.other))
            continue;
        search_add(s, "unbound_figure", n.start, n.end,
                   "No figure of the model, answer or source stands behind this number; bind it "
                   "to a figure, cite a source, or take it out.");
    }
}

/* ---- wording ---- */

static void add_phrase(void *context, const char *kind, size_t start, size_t end,
                       const char *advice)
{
    search_add(context, kind, start, end, advice);
}

static void search_wording(struct search *s)
{
    struct wording_text text = {s->in->intake, s->in->research, s->source, s->prose, s->len};

    if (s->in->wording)
        wording_find(s->in->wording, &text, add_phrase, s);
}

/* ---- length ---- */

/* As it reads: a calculation in braces is one number. */
static size_t words_read(const struct search *s)
{
    struct strbuf content;
    struct err ignored = {0};
    size_t words;

    strbuf_init(&content, STRBUF_DOC_LIMIT);
    words = markdown_words(binder_render(s->in->model, s->source, &content, NULL, &ignored)
                               ? content.data
                               : s->source);
    strbuf_finish(&content);
    return words;
}

/* The whole text is what is found; its first line stands for it. */
static void search_length(struct search *s)
{
    size_t words = s->in->most ? words_read(s) : 0, start = strspn(s->source, "\n");
    char advice[160];

    if (!s->in->most || (words >= (size_t)s->in->least && words <= (size_t)s->in->most))
        return;
    snprintf(advice, sizeof advice, "The section has %zu words; its reader expects %d to %d: %s.",
             words, s->in->least, s->in->most,
             words < (size_t)s->in->least ? "add what is still missing" : "cut what can be spared");
    search_add(s, "length", start, start + strcspn(s->source + start, "\n"), advice);
}

void section_findings(const struct findings_input *in, const char *source, bson_t *out)
{
    struct search s = {.in = in, .source = source, .out = out};

    bson_init(out);
    s.len = strlen(source);
    s.prose = mem_strn(source, s.len);
    know_answers(&s, in->intake, 0);
    blank_code(&s);
    search_figures(&s);
    search_broken(&s);
    search_labels(&s);
    search_sources(&s);
    search_numerals(&s);
    search_wording(&s);
    search_facts(&s);
    search_length(&s);
    free(s.prose);
    free(s.known);
}
