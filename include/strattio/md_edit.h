/* md_edit.h - Markdown source while it is edited: what stands where in a line, what Enter does in a list,
 * how a table is put straight. Pure functions; they look at one line and a state carried from the one
 * before, so that an editor needs to look again only at what changed. */
#ifndef STRATTIO_MD_EDIT_H
#define STRATTIO_MD_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"
#include "strattio/markdown.h" /* struct md_mark */

struct strbuf;

/* The state at the beginning of a line: 0 in prose, else the fence of the code block it lies in. What
 * it is after `line` (without its newline), which begins in `state`. */
unsigned md_edit_state(const char *line, size_t len, unsigned state);

/* A growing list of stretches; free() the items. */
struct md_marks {
    struct md_mark *items;
    size_t count, cap;
};

/* Appends each "{{figure}}" of a line, as MD_FIGURE; `base` is added to its offsets. One that is escaped,
 * in code, longer than 1,024 bytes or not closed on the line is none. */
void md_edit_figures(const char *line, size_t len, unsigned state, size_t base,
                     struct md_marks *out);

/* Appends the stretches of a line, in their order and without gaps, each with the MD_... bits of what it
 * is: MD_FAINT for the signs of Markdown itself. */
void md_edit_styles(const char *line, size_t len, unsigned state, size_t base,
                    struct md_marks *out);

/* Appends what Enter at `at` puts into `text`, and says how many bytes before `at` it takes away. In a list
 * or a quotation the next item begins; in an empty item the list ends; else it is a newline. */
void md_edit_enter(const char *text, size_t len, size_t at, unsigned state, struct strbuf *out,
                   size_t *erase);

/* The table `at` stands in, with its columns padded to one width and numbers on the right: appended to
 * `out`, for the bytes *start to *end of `text`. False if `at` is in no table. `width` says how many cells
 * a figure is shown with; NULL for as many as its source has. */
MUST_USE bool md_edit_table(const char *text, size_t len, size_t at,
                            int (*width)(void *arg, const char *figure, size_t len), void *arg,
                            size_t *start, size_t *end, struct strbuf *out);

/* Words as a reader would count them; a figure is one. */
size_t md_edit_words(const char *text, size_t len);

/* The next word of letters in text[from..len), apostrophes within it included; false if there is none. */
bool md_edit_next_word(const char *text, size_t len, size_t from, size_t *start, size_t *end);

#endif
