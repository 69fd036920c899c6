/* plan_rows.h - the plans of a list without their documents: what a column shows and what a filter
 * looks at, so that a hundred thousand fit in memory and are ordered and searched between two keys.
 * Knows neither store nor screen. */
#ifndef STRATTIO_UI_PLAN_ROWS_H
#define STRATTIO_UI_PLAN_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "strattio/ids.h"
#include "strattio/plan.h"

#include "screen/plan_words.h"

struct plan_row {
    char id[ID_LEN + 1];
    enum plan_purpose purpose;
    struct plan_facts facts;
    int64_t created_at, updated_at;
    char *name;
    const char *client; /* "" for none; these live in the block of `name` */
    uint64_t name_keys[2]; /* plan_order_name_keys() */
    const char *folded; /* the name in lower case, a newline, then what else a filter looks at */
};

enum plan_order {
    PLAN_ORDER_NEWEST,    /* as the store has them */
    PLAN_ORDER_ATTENTION, /* what needs somebody first */
    PLAN_ORDER_UPDATED,
    PLAN_ORDER_NAME,
    PLAN_ORDER_SCORE,
    PLAN_ORDER_STATUS,
    PLAN_ORDER_COUNT,
};
const char *plan_order_words(enum plan_order order, bool reverse); /* "by name, Z to A" */

struct plan_rows {
    struct plan_row *items; /* in the store's order */
    size_t count, cap;
    size_t *shown; /* indices of those that match, in order */
    size_t shown_count, shown_cap;
    size_t sifted;  /* of `items`, that were looked at for `shown` */
    size_t clients; /* how many of all have one */
    size_t needing; /* of those shown, how many wait for somebody */
    enum plan_order order;
    bool reverse;
    bool archived; /* archived plans match, too */
    char filter[256];
    char (*marks)[ID_LEN + 1]; /* sorted; may name plans that are not read */
    size_t mark_count, mark_cap;
};

void plan_rows_init(struct plan_rows *r);
void plan_rows_finish(struct plan_rows *r);

/* Takes what it shows of `plan`. plan_row_finish() frees one that is in no plan_rows. */
void plan_row_make(const struct plan *plan, struct plan_row *out);
void plan_row_finish(struct plan_row *row);

/* Moves `count` rows that follow in the store's order into `r` and shows those that match. */
void plan_rows_add(struct plan_rows *r, struct plan_row *rows, size_t count);

/* Takes the rows of `fresh` in place of its own; order, filter and marks stay. `fresh` is left
 * empty. */
void plan_rows_replace(struct plan_rows *r, struct plan_rows *fresh);

/* Order, filter or `archived` have changed: finds and orders what is shown anew. A filter is words
 * that must all be there, in name, client, purpose or status; "status:", "purpose:" or "client:"
 * before one looks there alone. */
void plan_rows_sift(struct plan_rows *r);

const struct plan_row *plan_rows_at(const struct plan_rows *r,
                                    size_t shown); /* NULL past the end */
/* Where the plan stands in what is shown; `fallback` if it does not. */
size_t plan_rows_find(const struct plan_rows *r, const char *id, size_t fallback);

bool plan_rows_marked(const struct plan_rows *r, const char *id);
void plan_rows_mark(struct plan_rows *r, const char *id, bool on);
void plan_rows_mark_shown(struct plan_rows *r, bool on); /* all that are shown, or none at all */

#endif
