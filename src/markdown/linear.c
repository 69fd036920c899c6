/* linear.c - Markdown for the ear: no columns, no lines drawn, nothing said by place or by weight alone. Each
 * block is one line, each row of a table one line that names its columns, each item one line; the inlines
 * are flattened as for the screen. */
#include <cmark-gfm-core-extensions.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "markdown/arena.h"
#include "markdown/layout.h"
#include "markdown/tree.h"

enum { TEXT_LIMIT = 16 * 1024 * 1024, DEPTH_LIMIT = 40, ITEM_INDENT = 2 };

struct linear {
    struct building b; /* its arena holds the inlines */
    struct strbuf *out;
    int depth;     /* of blocks in blocks */
    int lists;     /* of lists in lists */
    int notes;     /* footnotes so far */
    char lead[40]; /* what the next line begins with: "- ", "Quote: " */
};

static void add_inlines(struct linear *l, cmark_node *node, struct strbuf *out)
{
    struct pieces pieces = {0};

    inline_pieces(&l->b, node, MD_PLAIN, &pieces);
    for (size_t i = 0; i < pieces.count; i++) {
        if (pieces.items[i].line_break)
            strbuf_char(out, ' ');
        else
            strbuf_add(out, pieces.items[i].run.text, pieces.items[i].run.len);
    }
    pieces_finish(&pieces);
}

static void begin_line(struct linear *l)
{
    if (l->lists > 1)
        strbuf_fill(l->out, ' ', (size_t)(ITEM_INDENT * (l->lists - 1)));
    strbuf_str(l->out, l->lead);
    l->lead[0] = '\0';
}

static void gap(struct linear *l)
{
    if (l->out->len && !l->lists && !l->lead[0])
        strbuf_char(l->out, '\n');
}

static void add_text(struct linear *l, cmark_node *node, const char *lead)
{
    gap(l);
    begin_line(l);
    strbuf_str(l->out, lead);
    add_inlines(l, node, l->out);
    strbuf_char(l->out, '\n');
}

static void add_verbatim(struct linear *l, cmark_node *node)
{
    const char *text = cmark_node_get_literal(node);

    gap(l);
    begin_line(l);
    strbuf_str(l->out, "As it is written:\n");
    strbuf_str(l->out, text ? text : "");
}

/* "Segment: Quayside; Households: 4,100." */
static void add_row(struct linear *l, cmark_node *head, cmark_node *row)
{
    cmark_node *name = cmark_node_first_child(head);
    struct strbuf cell;
    bool first = true;

    strbuf_init(&cell, TEXT_LIMIT);
    begin_line(l);
    for (cmark_node *c = cmark_node_first_child(row); c; c = cmark_node_next(c)) {
        strbuf_str(l->out, first ? "" : "; ");
        first = false;
        if (name && cmark_node_first_child(name)) {
            add_inlines(l, name, l->out);
            strbuf_str(l->out, ": ");
        }
        strbuf_clear(&cell);
        add_inlines(l, c, &cell);
        strbuf_str(l->out, strcmp(cell.data, "–") == 0 ? "none" : cell.len ? cell.data : "empty");
        name = name ? cmark_node_next(name) : NULL;
    }
    strbuf_str(l->out, ".\n");
    strbuf_finish(&cell);
}

static void add_table(struct linear *l, cmark_node *table)
{
    cmark_node *head = cmark_node_first_child(table), *row = head ? cmark_node_next(head) : NULL;
    int rows = 0;

    for (cmark_node *r = row; r; r = cmark_node_next(r))
        rows++;
    gap(l);
    begin_line(l);
    strbuf_printf(l->out, "Table, %d row%s.\n", rows, rows == 1 ? "" : "s");
    for (; row; row = cmark_node_next(row))
        add_row(l, head, row);
}

static void add_children(struct linear *l, cmark_node *node);

static void set_lead(struct linear *l, cmark_node *list, cmark_node *item, int number)
{
    if (strcmp(cmark_node_get_type_string(item), "tasklist") == 0)
        snprintf(l->lead, sizeof l->lead,
                 "%s: ", cmark_gfm_extensions_get_tasklist_item_checked(item) ? "Done" : "Open");
    else if (cmark_node_get_list_type(list) == CMARK_BULLET_LIST)
        snprintf(l->lead, sizeof l->lead, "- ");
    else
        snprintf(l->lead, sizeof l->lead, "%d. ", number);
}

static void add_list(struct linear *l, cmark_node *list)
{
    int number = cmark_node_get_list_start(list);

    gap(l);
    l->lists++;
    for (cmark_node *item = cmark_node_first_child(list); item; item = cmark_node_next(item)) {
        set_lead(l, list, item, number++);
        add_children(l, item);
        if (l->lead[0]) { /* an empty item is one, too */
            begin_line(l);
            strbuf_str(l->out, "empty\n");
        }
    }
    l->lists--;
}

static void add_block(struct linear *l, cmark_node *node)
{
    cmark_node_type type = cmark_node_get_type(node);

    if (type == CMARK_NODE_HEADING) {
        add_text(l, node, "Heading: ");
    } else if (type == CMARK_NODE_CODE_BLOCK || type == CMARK_NODE_HTML_BLOCK) {
        add_verbatim(l, node);
    } else if (type == CMARK_NODE_LIST) {
        add_list(l, node);
    } else if (strcmp(cmark_node_get_type_string(node), "table") == 0) {
        add_table(l, node);
    } else if (type == CMARK_NODE_BLOCK_QUOTE || type == CMARK_NODE_FOOTNOTE_DEFINITION) {
        gap(l);
        if (type == CMARK_NODE_BLOCK_QUOTE)
            snprintf(l->lead, sizeof l->lead, "Quote: ");
        else
            snprintf(l->lead, sizeof l->lead, "Note %d: ", ++l->notes);
        add_children(l, node);
    } else if (type != CMARK_NODE_THEMATIC_BREAK) {
        add_text(l, node, "");
    }
}

static void add_children(struct linear *l, cmark_node *node)
{
    if (l->depth >= DEPTH_LIMIT) { /* deeper than anybody writes: its text as one paragraph */
        add_text(l, node, "");
        return;
    }
    l->depth++;
    for (cmark_node *child = cmark_node_first_child(node); child; child = cmark_node_next(child))
        add_block(l, child);
    l->depth--;
}

/* The addresses of what is numbered in the text. */
static void add_links(struct linear *l)
{
    bool any = false;

    for (size_t i = 0; i < l->b.link_count; i++) {
        const struct md_link *link = &l->b.links[i];

        if (link->kind == MD_LINK_NOTE || !link->number)
            continue;
        if (!any)
            gap(l);
        any = true;
        strbuf_printf(l->out, "Link %d: %s\n", link->number, link->url);
    }
}

bool md_linear(const char *text, size_t len, struct strbuf *out, struct err *err)
{
    struct linear l = {.out = out};
    struct arena *memory;
    cmark_node *root;

    if (len > TEXT_LIMIT)
        return err_set(err, ERR_LIMIT, 0, "The text is larger than 16 MiB.");
    memory = arena_create();
    root = tree_parse(text, len, memory);
    l.b.arena = arena_create();
    l.b.numbered = tree_notes(root);
    add_children(&l, root);
    add_links(&l);
    tree_done();
    arena_free(memory);
    arena_free(l.b.arena);
    free(l.b.links);
    return true;
}
