/* page.h - a laid out document to read: scrolls, keeps its place by the text at the top when the
 * width changes, walks from one thing that can be opened to the next, marks what a search found. */
#ifndef STRATTIO_UI_PAGE_H
#define STRATTIO_UI_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"
#include "strattio/markdown.h"

#include "terminal/action.h"
#include "terminal/canvas.h"

struct err;

/* Something in the text that can be opened: a mark (figure), or a link or reference to a note. */
struct page_spot {
    enum { SPOT_MARK, SPOT_LINK } kind;
    int index;      /* of the mark, or in layout->links */
    unsigned style; /* MD_ bits it is shown with */
    size_t row;     /* where it begins */
    int col;
};

struct page {
    char *text; /* owned copy of the Markdown */
    size_t len;
    struct md_mark *marks; /* owned copy */
    size_t mark_count;
    struct md_layout *layout; /* for `width`; NULL before the first drawing */
    int width;
    size_t top;              /* first row shown, unless the end of the text is in sight */
    size_t place;            /* of the text there (md_row); kept while only the width changes */
    int side;                /* cells that code is moved to the left */
    int shown;               /* rows of the last drawing */
    struct page_spot *spots; /* in the order of the text */
    size_t spot_count, spot_cap;
    int spot;            /* the selected one, or -1 */
    struct md_hit *hits; /* of the search, in order */
    size_t hit_count;
    size_t hit;         /* the current one */
    char search[128];   /* "" for none */
    struct canvas area; /* of the text, as drawn last */
};

void page_init(struct page *p);
void page_finish(struct page *p);

/* Takes a copy. Keeps the place if the document has grown or changed a little. */
void page_set(struct page *p, const char *text, size_t len, const struct md_mark *marks,
              size_t mark_count);

bool page_act(struct page *p, enum action a); /* CONTEXT_LIST, as scrolling */
/* A wheel turn or a click inside it: true if it was; *clicked if a spot was, which is selected. */
bool page_mouse(struct page *p, const struct input_event *ev, bool *clicked);

/* Draws it centred in a measure of at most `measure` cells. The header of a table that is cut by
 * the top stays in sight; code that is wider than the page shows where it goes on. ERR_LIMIT if
 * it cannot be laid out. */
MUST_USE bool page_draw(struct page *p, const struct canvas *c, int measure, struct err *err);

/* How many were found; goes to the first at or below the top. */
size_t page_search(struct page *p, const char *text);
void page_next_match(struct page *p, bool backwards);

void page_to_heading(struct page *p, size_t heading);
size_t page_heading(const struct page *p);    /* the one the top row is under; 0 before the first */
void page_to_row(struct page *p, size_t row); /* to the top, if there is text enough below it */
void page_to_end(struct page *p);
bool page_at_end(const struct page *p);

bool page_has_side(const struct page *p); /* is code wider than the page? */
void page_move_side(struct page *p, bool left);

/* Selects the next or previous spot with any bit of `styles` in its style (0: any spot),
 * scrolling to it; without a selected one, from what is in sight. False if there is none. */
bool page_walk(struct page *p, bool backwards, unsigned styles);
const struct page_spot *page_spot(const struct page *p); /* the selected one, or NULL */

/* The block the selected spot is in, else what a search has found, else the one at the top. NULL in
 * an empty document. */
const struct md_block *page_block(const struct page *p);

#endif
