/* lever.h - one thing that is moved to see what follows: an input of one row, or of every row of a
 * table at once. Every row is moved by a common factor, so that their proportions stay; where a row
 * is 0 or not stated they get a common value instead. */
#ifndef STRATTIO_FINANCE_LEVER_H
#define STRATTIO_FINANCE_LEVER_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"

#include "expr/num.h"

struct err;
struct model;
struct rerun;

struct lever {
    int line;
    size_t first, end; /* rows */
    bool share;        /* its values are factors; now it stands at 1 */
    bool has_now;      /* false: not stated */
    struct num now;    /* of the first row */
};

struct lever lever_of_row(const struct model *m, int line, size_t row);
struct lever lever_of_rows(const struct model *m, int line);

/* By the name of an input; without a row it is every row. Fails as input_find(). */
MUST_USE bool lever_find(const struct model *m, const char *name, struct lever *out,
                         struct err *err);

/* "products.price[1]" and "Price (Sourdough loaf)"; of every row "products.price" and "Price (all
 * 3)". The caller frees them. */
char *lever_name(const struct model *m, const struct lever *l);
char *lever_title(const struct model *m, const struct lever *l);
char *lever_shown(const struct model *m, const struct lever *l, struct num value); /* owned */

struct num lever_step(const struct model *m, const struct lever *l);

/* A value as typed; a factor may be written "*110%". */
MUST_USE bool lever_typed(const struct model *m, const struct lever *l, const char *text,
                          struct num *out, struct err *err);

/* For a rerun, as rerun_vary() and rerun_set(). lever_set() fails for a value that the input does
 * not allow. */
void lever_vary(const struct lever *l, struct rerun *r);
MUST_USE bool lever_set(const struct lever *l, const struct model *base, struct rerun *r,
                        struct num value, struct err *err);

#endif
