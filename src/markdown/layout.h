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
    /* Heap, the layout's at the end. */
    struct md_row *rows;
    size_t row_count, row_cap;
    struct md_heading *headings;
    size_t heading_count, heading_cap;
    struct md_link *links;
    size_t link_count, link_cap;
    struct md_note *notes;
    size_t note_count, note_cap;
    struct md_block *blocks;
    size_t block_count, block_cap;
    struct md_table *tables;
    size_t table_count, table_cap;
    int width, widest;
    const size_t *line_starts; /* of the Markdown, by line from 0 */
    size_t line_count, text_len;
    size_t place;        /* bytes of text laid out so far */
    int numbered;        /* the last number given to a note or link */
    unsigned base_style; /* of the text inside a quote */
    bool gap;            /* a blank row is owed before the next block */
    int depth;
};

/* ---- row.c ---- */

/* Adds a row behind the margin: what of `row` says runs, width, wide and end. `source` and `place`
 * are of its beginning. */
void building_row(struct building *b, struct margin *margin, const struct md_row *row);
/* Adds the lines a text was wrapped to; moves on by its `bytes`. */
void building_lines(struct building *b, struct margin *margin, const struct lines *lines,
                    size_t bytes, size_t source);
/* The blank row owed before this block, if any. */
void building_gap(struct building *b, struct margin *margin, size_t source);
int margin_cells(const struct margin *margin);
/* A margin of `text` as wide as it is, but never more than half of the room. */
struct margin margin_make(const struct building *b, struct margin *outer, const char *text,
                          bool repeat);
int building_room(const struct building *b, const struct margin *margin); /* at least 1 */
size_t line_source(const struct building *b, int line); /* where line `line`, from 1, begins */
size_t node_source(const struct building *b, cmark_node *node);

/* ---- the others ---- */

/* The inlines below `node` as pieces (finish them). */
void inline_pieces(struct building *b, cmark_node *node, unsigned style, struct pieces *out);

void layout_table(struct building *b, struct margin *margin, cmark_node *table);

#endif
