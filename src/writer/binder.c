/* binder.c - a source and a model give what a reader sees. Text is copied as it is, escapes
 * included, so that rendered text means the same as its source; each figure is replaced by its
 * value and its place is remembered. What a figure says never becomes markup: texts among the
 * figures are escaped. */
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "writer/figures.h"
#include "writer/span.h"
#include "writer/writer.h"

void bound_spans_finish(struct bound_spans *spans)
{
    for (size_t i = 0; i < spans->count; i++)
        free(spans->items[i].expr);
    free(spans->items);
    *spans = (struct bound_spans){0};
}

/* Appends the value of `span`, and says what it turned out to be. */
static enum span_kind render_span(const struct model *m, const struct span *span,
                                  struct strbuf *out)
{
    enum span_kind kind = SPAN_FIGURE;
    struct err why = {0};
    struct value v = {0};

    if (!figures_eval(m, span->expr, &v, &why))
        return SPAN_UNKNOWN;
    if (v.type == VALUE_NULL) {
        kind = SPAN_NULL;
        strbuf_str(out, span->alt ? span->alt : figures_reason(v.text));
    } else if (!figures_format(m, &v, span->format, out)) {
        kind = SPAN_UNKNOWN;
    }
    value_finish(&v);
    return kind;
}

static void add_span(struct bound_spans *spans, size_t *cap, char *expr, size_t start, size_t end,
                     enum span_kind kind)
{
    spans->items = mem_grow(spans->items, cap, spans->count + 1, sizeof *spans->items);
    spans->items[spans->count++] =
        (struct bound_span){.start = start, .end = end, .expr = expr, .kind = kind};
}

bool binder_render(const struct model *m, const char *source, struct strbuf *content,
                   struct bound_spans *spans, struct err *err)
{
    struct span_walk walk;
    size_t from = 0, cap = 0;

    if (spans)
        *spans = (struct bound_spans){0};
    span_walk_init(&walk, source, strlen(source));
    while (span_walk_next(&walk)) {
        const char *text = source + walk.start;
        enum span_kind kind = SPAN_UNKNOWN;
        struct span span = {0};
        size_t start;

        strbuf_add(content, source + from, walk.start - from);
        from = walk.start + walk.span_len;
        start = content->len;
        if (span_parse(text, walk.span_len, &span))
            kind = render_span(m, &span, content);
        if (kind == SPAN_UNKNOWN) {
            strbuf_truncate(content, start);
            strbuf_add(content, text, walk.span_len);
        }
        if (spans) {
            char *expr = span.expr ? span.expr : mem_strn(text + 2, walk.span_len - 4);

            span.expr = NULL;
            add_span(spans, &cap, expr, start, content->len, kind);
        }
        span_finish(&span);
    }
    strbuf_str(content, source + from);
    return strbuf_check(content, "the section", err);
}
