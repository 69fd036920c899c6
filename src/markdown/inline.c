/* inline.c - inlines flattened to pieces by walking the tree along its own pointers, so that no depth
 * of nesting costs stack.
 *
 * Figures arrive as characters of the private use area put around them before parsing: OPEN, two
 * digits of base 256, then the figure, then CLOSE. They pass through cmark like letters and are
 * taken out here. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/mem.h"

#include "markdown/arena.h"
#include "markdown/layout.h"
#include "markdown/mark.h"

struct flattening {
    struct building *b;
    struct pieces *out;
    unsigned style;
    int strong, emph, strike;
    int link;       /* inside this one, or -1 */
    int link_depth; /* of links and pictures in each other; the outermost one counts */
    size_t label;   /* the piece its label begins with */
    int figure;     /* inside the marks of this one, or -1 */
    unsigned figure_style;
};

static unsigned current_style(const struct flattening *f)
{
    return f->style | (f->strong ? MD_STRONG : 0u) | (f->emph ? MD_EMPH : 0u) |
           (f->strike ? MD_STRIKE : 0u) | (f->link >= 0 ? MD_LINK : 0u) |
           (f->figure >= 0 ? f->figure_style : 0u);
}

static void add_part(struct flattening *f, const char *text, size_t len, unsigned style)
{
    struct md_run run = {text, len, style, f->figure, f->link};

    pieces_add(f->out, &run);
}

/* Text with marks in it: cut at each mark, which is not text. */
static void add_text(struct flattening *f, const char *text, unsigned extra)
{
    size_t len = text ? strlen(text) : 0, from = 0;
    char *copy = len ? arena_text(f->b->arena, text, len) : NULL;
    const char *next;

    for (size_t at = 0; at < len && (next = memchr(copy + at, MARK_FIRST_BYTE, len - at));) {
        struct mark_sign sign;
        size_t n;

        at = (size_t)(next - copy);
        n = mark_read(next, len - at, &sign);
        if (n == 0) {
            at++;
            continue;
        }
        add_part(f, copy + from, at - from, current_style(f) | extra);
        f->figure = sign.opens ? sign.index : -1;
        f->figure_style = sign.opens ? sign.style : 0;
        at += n;
        from = at;
    }
    if (from < len)
        add_part(f, copy + from, len - from, current_style(f) | extra);
}

/* A small sign beside a label: "[3]". */
static void add_number(struct flattening *f, int number)
{
    char text[24];

    snprintf(text, sizeof(text), "[%d]", number);
    add_part(f, arena_text(f->b->arena, text, strlen(text)), strlen(text), f->style | MD_FAINT);
}

/* ---- links --------------------------------------------------------------------------------- */

static const char *keep_text(struct building *b, const char *text)
{
    return text && *text ? arena_copy(b->arena, text, strlen(text)) : "";
}

static int add_link(struct building *b, enum md_link_kind kind, const char *url, const char *title)
{
    b->links = mem_grow(b->links, &b->link_cap, b->link_count + 1, sizeof(*b->links));
    b->links[b->link_count] = (struct md_link){
        .kind = kind, .label = "", .url = keep_text(b, url), .title = keep_text(b, title)};
    return (int)b->link_count++;
}

static void begin_link(struct flattening *f, cmark_node *node)
{
    bool picture = cmark_node_get_type(node) == CMARK_NODE_IMAGE;

    if (f->link_depth++ > 0)
        return;
    f->link = add_link(f->b, picture ? MD_LINK_IMAGE : MD_LINK_ADDRESS, cmark_node_get_url(node),
                       cmark_node_get_title(node));
    if (picture)
        add_part(f, "Picture: ", strlen("Picture: "), f->style | MD_FAINT);
    f->label = f->out->count;
}

static bool is_address(const char *label, const char *url)
{
    return strcmp(label, url) == 0 ||
           (strncmp(url, "mailto:", 7) == 0 && strcmp(url + 7, label) == 0);
}

/* An address that is not its own label is numbered, and listed below the text: nothing a reader
 * needs is only behind a key. */
static void end_link(struct flattening *f)
{
    struct building *b = f->b;
    struct pieces label = {.arena = b->arena};
    struct md_link *link;

    if (--f->link_depth > 0)
        return;
    link = &b->links[f->link];
    label.items = f->out->items + f->label;
    label.count = f->out->count - f->label;
    link->label = pieces_text(&label);
    if (*link->url && (link->kind == MD_LINK_IMAGE || !is_address(link->label, link->url))) {
        link->number = ++b->numbered;
        add_number(f, link->number);
    }
    f->link = -1;
}

/* cmark gives a reference the number of its note for a text. */
static void add_reference(struct flattening *f, cmark_node *node)
{
    const char *number = cmark_node_get_literal(node);
    int outer = f->link, note = number ? atoi(number) : 0;

    if (note < 1)
        return;
    f->link = add_link(f->b, MD_LINK_NOTE, NULL, NULL);
    f->b->links[f->link].number = note;
    add_number(f, note);
    f->link = outer;
}

/* ---- the walk ------------------------------------------------------------------------------ */

static void nest(struct flattening *f, cmark_node *node, cmark_node_type type, int by)
{
    if (type == CMARK_NODE_STRONG)
        f->strong += by;
    else if (type == CMARK_NODE_EMPH)
        f->emph += by;
    else if (type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE)
        by > 0 ? begin_link(f, node) : end_link(f);
    else if (strcmp(cmark_node_get_type_string(node), "strikethrough") == 0)
        f->strike += by;
}

static void enter(struct flattening *f, cmark_node *node, cmark_node_type type)
{
    if (type == CMARK_NODE_CODE)
        add_text(f, cmark_node_get_literal(node), MD_CODE);
    else if (type == CMARK_NODE_HTML_INLINE)
        add_text(f, cmark_node_get_literal(node), MD_FAINT);
    else if (type == CMARK_NODE_SOFTBREAK)
        add_text(f, " ", 0);
    else if (type == CMARK_NODE_LINEBREAK)
        pieces_break(f->out);
    else if (type == CMARK_NODE_FOOTNOTE_REFERENCE)
        add_reference(f, node);
    else
        nest(f, node, type, 1);
}

/* The next node in the order of the text, leaving what is left on the way; NULL at the end. */
static cmark_node *walk_on(struct flattening *f, cmark_node *at, cmark_node *top)
{
    cmark_node *next = cmark_node_first_child(at);

    while (!next) {
        nest(f, at, cmark_node_get_type(at), -1);
        next = cmark_node_next(at);
        if (!next && (at = cmark_node_parent(at)) == top)
            return NULL;
    }
    return next;
}

void inline_pieces(struct building *b, cmark_node *node, unsigned style, struct pieces *out)
{
    struct flattening f = {
        .b = b, .out = out, .style = style | b->base_style, .link = -1, .figure = -1};
    cmark_node *at = cmark_node_first_child(node);

    out->arena = b->arena;
    while (at) {
        cmark_node_type type = cmark_node_get_type(at);

        if (type == CMARK_NODE_TEXT)
            add_text(&f, cmark_node_get_literal(at), 0);
        else
            enter(&f, at, type);
        at = walk_on(&f, at, node);
    }
}
