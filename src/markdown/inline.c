/* inline.c - inlines flattened to pieces by walking enter and exit events, so that no depth of
 * nesting costs stack.
 *
 * Figures arrive as characters of the private use area put around them before parsing: OPEN, two
 * digits of base 256, then the figure, then CLOSE. They pass through cmark like letters and are
 * taken out here. */
#include <string.h>

#include "markdown/arena.h"
#include "markdown/layout.h"
#include "markdown/mark.h"

struct flattening {
    struct building *b;
    struct pieces *out;
    unsigned style;
    int strong, emph, strike, link;
    int figure; /* inside the marks of this one, or -1 */
    unsigned figure_style;
};

static unsigned current_style(const struct flattening *f)
{
    return f->style | (f->strong ? MD_STRONG : 0u) | (f->emph ? MD_EMPH : 0u) |
           (f->strike ? MD_STRIKE : 0u) | (f->link ? MD_LINK : 0u) |
           (f->figure >= 0 ? f->figure_style : 0u);
}

/* Text with marks in it: cut at each mark, which is not text. */
static void add_text(struct flattening *f, const char *text, unsigned extra)
{
    size_t len = strlen(text), from = 0;
    char *copy = arena_copy(f->b->arena, text, len);

    for (size_t at = 0; at < len;) {
        struct mark_sign sign;
        const char *next = memchr(copy + at, MARK_FIRST_BYTE, len - at);
        size_t n;

        if (!next)
            break;
        at = (size_t)(next - copy);
        n = mark_read(next, len - at, &sign);
        if (n == 0) {
            at++;
            continue;
        }
        pieces_add(f->out, copy + from, at - from, current_style(f) | extra, f->figure);
        f->figure = sign.opens ? sign.index : -1;
        f->figure_style = sign.opens ? sign.style : 0;
        at += n;
        from = at;
    }
    pieces_add(f->out, copy + from, len - from, current_style(f) | extra, f->figure);
}

/* A link whose address is not its text shows both: nothing a reader needs is only behind a click.
 */
static void end_link(struct flattening *f, cmark_node *node)
{
    const char *url = cmark_node_get_url(node);
    cmark_node *only = cmark_node_first_child(node);
    const char *text = only && !cmark_node_next(only) ? cmark_node_get_literal(only) : NULL;

    if (!url || !*url || (text && strcmp(text, url) == 0) ||
        (text && strncmp(url, "mailto:", 7) == 0 && strcmp(url + 7, text) == 0))
        return;
    add_text(f, " (", MD_FAINT);
    add_text(f, url, MD_FAINT);
    add_text(f, ")", MD_FAINT);
}

static void add_reference(struct flattening *f, cmark_node *node)
{
    const char *number = cmark_node_get_literal(node);

    add_text(f, "[", MD_FAINT);
    add_text(f, number ? number : "?", MD_FAINT);
    add_text(f, "]", MD_FAINT);
}

static void nest(struct flattening *f, cmark_node *node, int by)
{
    cmark_node_type type = cmark_node_get_type(node);

    if (type == CMARK_NODE_STRONG)
        f->strong += by;
    else if (type == CMARK_NODE_EMPH)
        f->emph += by;
    else if (type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE)
        f->link += by;
    else if (strcmp(cmark_node_get_type_string(node), "strikethrough") == 0)
        f->strike += by;
}

static void enter(struct flattening *f, cmark_node *node)
{
    const char *literal = cmark_node_get_literal(node);
    cmark_node_type type = cmark_node_get_type(node);

    nest(f, node, 1);
    if (type == CMARK_NODE_TEXT)
        add_text(f, literal, 0);
    else if (type == CMARK_NODE_CODE)
        add_text(f, literal, MD_CODE);
    else if (type == CMARK_NODE_HTML_INLINE)
        add_text(f, literal, MD_FAINT);
    else if (type == CMARK_NODE_SOFTBREAK)
        add_text(f, " ", 0);
    else if (type == CMARK_NODE_LINEBREAK)
        pieces_break(f->out);
    else if (type == CMARK_NODE_FOOTNOTE_REFERENCE)
        add_reference(f, node);
}

void inline_pieces(struct building *b, cmark_node *node, unsigned style, struct pieces *out)
{
    struct flattening f = {.b = b, .out = out, .style = style | b->base_style, .figure = -1};
    cmark_iter *it = cmark_iter_new(node);
    cmark_event_type event;

    out->arena = b->arena;
    while ((event = cmark_iter_next(it)) != CMARK_EVENT_DONE) {
        cmark_node *at = cmark_iter_get_node(it);

        if (at == node)
            continue;
        if (event == CMARK_EVENT_ENTER) {
            enter(&f, at);
        } else {
            nest(&f, at, -1);
            if (cmark_node_get_type(at) == CMARK_NODE_LINK ||
                cmark_node_get_type(at) == CMARK_NODE_IMAGE)
                end_link(&f, at);
        }
    }
    cmark_iter_free(it);
}
