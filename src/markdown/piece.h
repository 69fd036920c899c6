/* piece.h - the inline text of one block as a flat row of pieces, and pieces wrapped into rows. */
#ifndef STRATTIO_MARKDOWN_PIECE_H
#define STRATTIO_MARKDOWN_PIECE_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/markdown.h"

struct arena;

struct piece {
    const char *text;
    size_t len;
    unsigned style;
    int figure;
    bool line_break; /* a hard break; no text */
};

struct pieces {
    struct arena *arena;
    struct piece *items; /* heap; pieces_finish() */
    size_t count, cap;
};

void pieces_add(struct pieces *p, const char *text, size_t len, unsigned style, int figure);
void pieces_break(struct pieces *p);
void pieces_finish(struct pieces *p);

int pieces_longest(const struct pieces *p); /* cells of the longest line, unwrapped */
int pieces_word(const struct pieces *p);    /* cells of the longest word */
size_t pieces_bytes(const struct pieces *p);

/* One row of wrapped text: runs in the arena. */
struct line {
    struct md_run *runs;
    size_t run_count;
    int width;
    size_t bytes_before; /* of the pieces, before this row */
};

struct lines {
    struct line *items; /* heap; free() */
    size_t count, cap;
};

/* Breaks at blanks; a word wider than `width` is broken between clusters. Without `wrap_words`
 * (code) blanks are kept and lines break only where they must. At least one line comes out. */
void pieces_wrap(const struct pieces *p, int width, bool wrap_words, struct lines *out);

#endif
