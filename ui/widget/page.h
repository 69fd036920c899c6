/* page.h - a laid out document to read: scrolls, keeps its place by the text at the top when the width
 * changes, marks what a search found and what is under the figure cursor. */
#ifndef STRATTIO_UI_PAGE_H
#define STRATTIO_UI_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"
#include "strattio/markdown.h"

#include "terminal/action.h"
#include "terminal/canvas.h"

struct err;

struct page_match {
    size_t row;
    int col, cols; /* cells */
};

struct page {
    char *text; /* owned copy of the Markdown */
    size_t len;
    struct md_mark *marks; /* owned copy */
    size_t mark_count;
    struct md_layout *layout; /* for `width`; NULL before the first drawing */
    int width;
    size_t top;        /* first row shown */
    int figure;        /* index of the mark that is selected, or -1 */
    int shown;         /* rows of the last drawing */
    struct page_match *matches; /* of the search, in order */
    size_t match_count, match_cap;
    size_t match;      /* the current one */
    char search[128];  /* "" for none */
    struct canvas area;
};

void page_init(struct page *p);
void page_finish(struct page *p);

/* Takes a copy. Keeps the place if the document has grown or changed a little. */
void page_set(struct page *p, const char *text, size_t len, const struct md_mark *marks,
              size_t mark_count);

bool page_act(struct page *p, enum action a); /* CONTEXT_LIST, as scrolling */
bool page_mouse(struct page *p, const struct input_event *ev);

/* Draws it centred in a measure of at most `measure` cells. ERR_LIMIT if it cannot be laid out. */
MUST_USE bool page_draw(struct page *p, const struct canvas *c, int measure, struct err *err);

size_t page_search(struct page *p, const char *text); /* how many were found; goes to the first at or below `top` */
void page_next_match(struct page *p, bool backwards);
void page_to_heading(struct page *p, size_t heading);
size_t page_heading(const struct page *p); /* the one the top row is under; 0 before the first */
void page_to_end(struct page *p);
bool page_at_end(const struct page *p);

/* Selects the next or previous mark (figure), scrolling to it; false if there is none. */
bool page_next_figure(struct page *p, bool backwards);

#endif
