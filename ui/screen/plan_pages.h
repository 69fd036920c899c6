/* plan_pages.h - the plans of a list on their way from the store, page by page. Main thread; the
 * pages are read by the worker. */
#ifndef STRATTIO_UI_PLAN_PAGES_H
#define STRATTIO_UI_PLAN_PAGES_H

#include <stdbool.h>
#include <stdint.h>

#include "strattio/err.h"

#include "screen/plan_rows.h"

struct screen;

enum { PLAN_PAGE = 200 };

struct plan_pages {
    struct screen *owner;   /* of the jobs: none outlives it */
    struct plan_rows *rows; /* borrowed: what the pages end up in */
    struct plan_rows fresh; /* what is read again, until it takes the place of `rows` */
    bool again_reading;     /* pages go to `fresh` */
    char *next;             /* cursor of the page after, NULL if all are read */
    int64_t total;          /* plans there are in all, while there is a `next` */
    bool asked;             /* a page is under way */
    bool again;             /* something changed meanwhile: read once more */
    bool read;              /* the first one has come */
    struct err err;         /* why the last one did not come; ERR_NONE if it did */
    void (*changing)(struct screen *owner); /* `rows` are about to change */
    void (*changed)(struct screen *owner);  /* and have changed */
};

/* Asks for the first page. */
void plan_pages_begin(struct plan_pages *p, struct screen *owner, struct plan_rows *rows,
                      void (*changing)(struct screen *), void (*changed)(struct screen *));
void plan_pages_finish(struct plan_pages *p); /* accepts all zero */

/* Asks for the next page, a large one if `all` are needed. Nothing if all are read or one is under
 * way. */
void plan_pages_more(struct plan_pages *p, bool all);

/* Reads again as much as was read, and leaves in `rows` what was read before until that is done. */
void plan_pages_again(struct plan_pages *p);

#endif
