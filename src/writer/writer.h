/* writer.h - section drafts with bound figures. A draft is flat Markdown with {{figure:format}}
 * where numbers go and [^id] where sources are cited; binding renders it. Writers never type a
 * figure. */
#ifndef STRATTIO_WRITER_WRITER_H
#define STRATTIO_WRITER_WRITER_H

#include <bson/bson.h>
#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"
#include "strattio/plan.h"
#include "strattio/section.h"

struct err;
struct intake;
struct model;
struct strbuf;
struct templates; /* assets/sections, parsed; immutable, any thread */

MUST_USE struct templates *templates_load(struct err *err);
void templates_free(struct templates *t);

struct draft_input { /* all borrowed */
    enum section_type type;
    enum plan_purpose purpose;
    const struct intake *questions;
    const bson_t *intake;
    const struct model *model;
    const bson_t *research; /* research_packs.data */
    const char *plan_name;
    const char *start_date;
};

/* Expands the section's template: `if` and `for` are gone, answers escaped, figures still
 * bound. Appends to `source`; `citations` (initialised by this call) is the data_citations
 * array. Deterministic. */
MUST_USE bool template_draft(const struct templates *t, const struct draft_input *in,
                             struct strbuf *source, bson_t *citations, struct err *err);

/* The key of what a draft depends on: answers it quotes, evidence,
 * template, and each figure's name and shape, never its value. */
MUST_USE bool template_draft_key(const struct templates *t, const struct draft_input *in,
                                 char out[65], struct err *err);

/* The same of a draft that template_draft() made of `in`. */
MUST_USE bool template_key(const struct draft_input *in, const char *source,
                           const bson_t *citations, char out[65], struct err *err);

/* ---- binder ---- */

enum span_kind { SPAN_FIGURE, SPAN_NULL, SPAN_UNKNOWN };
struct bound_span {    /* where a figure came out in the rendered text */
    size_t start, end; /* bytes of `content` */
    char *expr;        /* "pnl.revenue[y1]" */
    enum span_kind kind;
};
struct bound_spans {
    struct bound_span *items;
    size_t count;
};
void bound_spans_finish(struct bound_spans *spans);

/* Renders `source` against the model into `content`. A figure that is unknown stays as
 * "{{...}}" and is a SPAN_UNKNOWN; a null takes its ?? text or its reason in words. `spans` may
 * be NULL. Only ERR_LIMIT fails. */
MUST_USE bool binder_render(const struct model *m, const char *source, struct strbuf *content,
                            struct bound_spans *spans, struct err *err);

/* Answers and other text from outside, made safe to stand in a source: Markdown and "{{"
 * escaped. */
void binder_escape(const char *text, struct strbuf *out);

/* ---- findings ---- */

struct wording;
struct findings_input { /* all borrowed; what may be NULL is not looked at */
    const struct model *model;
    const bson_t *intake;
    const bson_t *citations;       /* of the section; may be NULL */
    const bson_t *research;        /* research_packs.data; may be NULL */
    const struct wording *wording; /* assets/prompts/wording.phrases; may be NULL */
    int least, most;               /* words a reader expects; 0, 0 for any number */
};

/* What is wrong in a source as an array of {kind, text, where, advice}, in which `text` is verbatim and
 * `where` a line of the source, from 1:
 *     unbound_figure    a number, in digits or words, that nothing stands behind: no figure, citation
 *                       or answer, and no date or ordinal
 *     unknown_figure    {{...}} that the model does not have, that cannot be shown so, or is broken
 *     unknown_citation  a mark, address or publisher that is not among the sources
 *     uncited_claim     a sentence that states a fact about the market and cites nothing
 *     banned_phrase     praise and filler
 *     contradiction     a figure shown as what it is not, or a fact the answers state otherwise
 *     length            outside `least` to `most`
 * Initialises `out`. */
void section_findings(const struct findings_input *in, const char *source, bson_t *out);

size_t markdown_words(const char *markdown); /* words a reader sees */

#endif
