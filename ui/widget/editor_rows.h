/* editor_rows.h - where the rows of an edited text begin at a width, and where its figures stand. Kept up to
 * date by what changed: a key costs the paragraph it is typed in and not the text. Private to
 * ui/widget. */
#ifndef STRATTIO_UI_EDITOR_ROWS_H
#define STRATTIO_UI_EDITOR_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/md_edit.h"

struct editor_row {
    size_t start;   /* byte it begins at; it ends where the next begins */
    unsigned state; /* md_edit_state() of its line */
};

struct editor_rows {
    const char *text; /* lent with the last update */
    size_t len;
    int width; /* cells of a row */
    struct editor_row *rows;
    size_t count, cap;
    struct md_marks figures; /* MD_FIGURE, or MD_UNBOUND for one nobody knows */
    bool plain;              /* figures are text like any other */
    /* Cells a figure is shown with, its ends included; *known: is there such a figure? */
    int (*figure_width)(void *arg, const char *figure, size_t len, bool *known);
    void *arg;
};

void editor_rows_finish(struct editor_rows *r);

/* Everything anew. */
void editor_rows_set(struct editor_rows *r, const char *text, size_t len, int width);

/* The bytes from..old_end of the text before are from..new_end of `text`; all else is as it was. */
void editor_rows_change(struct editor_rows *r, const char *text, size_t len, size_t from,
                        size_t old_end, size_t new_end);

size_t editor_rows_of(const struct editor_rows *r, size_t at); /* the row the byte is on */

/* Where the row ends: before its newline; and whether it ends in one or in the end of the text. */
size_t editor_rows_end(const struct editor_rows *r, size_t row, bool *hard);

size_t editor_rows_line_start(const struct editor_rows *r, size_t at);

/* The first figure that ends after `at`; `figures.count` if there is none. */
size_t editor_rows_figure(const struct editor_rows *r, size_t at);

/* The figure that begins at `at`, or NULL. */
const struct md_mark *editor_rows_figure_at(const struct editor_rows *r, size_t at);

/* Bytes and cells of what stands at `at`: a figure or a cluster. 0 at the end. */
size_t editor_rows_step(const struct editor_rows *r, size_t at, int *cells);

/* `at`, or the end of the figure or cluster it lies inside of. */
size_t editor_rows_snap(const struct editor_rows *r, size_t at);

#endif
