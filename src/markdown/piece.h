/* piece.h - the inline text of one block as a flat row of pieces, and pieces wrapped into rows. */
#ifndef STRATTIO_MARKDOWN_PIECE_H
#define STRATTIO_MARKDOWN_PIECE_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/markdown.h"

struct arena;

struct piece {
    struct md_run run;
    bool line_break; /* a hard break; no text */
};

struct pieces {
    struct arena *arena;
    struct piece *items; /* heap; pieces_finish() */
    size_t count, cap;
};

void pieces_add(struct pieces *p, const struct md_run *run); /* its text is borrowed */
void pieces_break(struct pieces *p);
void pieces_finish(struct pieces *p);

/* Cells of the longest line, unwrapped, and of the longest word. */
void pieces_measure(const struct pieces *p, int *line, int *word);
size_t pieces_bytes(const struct pieces *p);
char *pieces_text(const struct pieces *p); /* all of it, in the arena */

/* One row of wrapped text: runs in the arena. */
struct line {
    struct md_run *runs;
    size_t run_count;
    int width;
    size_t bytes_before; /* of the pieces, before this row */
    enum md_end end;
};

struct lines {
    struct line *items; /* heap; free() */
    size_t count, cap;
};

enum { WRAP_NEVER = 0 }; /* a width: every line is one row, blanks are kept */

/* Breaks at blanks; a word wider than `width` is broken between clusters. At least one line comes
 * out; they are added to `out`. */
void pieces_wrap(const struct pieces *p, int width, struct lines *out);

#endif
