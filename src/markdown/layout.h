/* layout.h - what the parts of a layout share while it is built. Private to this room. */
#ifndef STRATTIO_MARKDOWN_LAYOUT_H
#define STRATTIO_MARKDOWN_LAYOUT_H

#include <cmark-gfm.h>
#include <stdbool.h>
#include <stddef.h>

#include "strattio/markdown.h"

#include "markdown/piece.h"

struct arena;

/* What stands at the left of the rows of a block: list markers, quote bars, blanks. */
struct margin {
    struct margin *outer;
    const char *first; /* on the first row, then blanks or `rest` */
    const char *rest;
    int cells;
    unsigned style;
    bool used; /* `first` has been drawn */
};

struct building {
    struct arena *arena;
    struct md_row *rows; /* heap, the layout's at the end */
    size_t row_count, row_cap;
    struct md_heading *headings;
    size_t heading_count, heading_cap;
    int width;
    const size_t *line_starts; /* of the Markdown, by line from 0 */
    size_t line_count;
    unsigned base_style; /* of the text inside a quote */
    bool gap;            /* a blank row is owed before the next block */
    int depth;
};

/* The tree of a text; cmark_node_free(). */
cmark_node *layout_parse(const char *text, size_t len);

/* Adds a row of `runs` behind the margin; `source` is the byte it begins at. */
void building_row(struct building *b, struct margin *margin, const struct md_run *runs,
                  size_t count, int width, size_t source);
/* The blank row owed before this block, if any. */
void building_gap(struct building *b, struct margin *margin, size_t source);
int margin_cells(const struct margin *margin);
size_t node_source(const struct building *b, cmark_node *node);

/* The inlines below `node` as pieces (finish them). */
void inline_pieces(struct building *b, cmark_node *node, unsigned style, struct pieces *out);

void layout_table(struct building *b, struct margin *margin, cmark_node *table);

#endif
