/* margins.h - the margins of trades, from assets/industries: where costs that nobody stated come
 * from. */
#ifndef STRATTIO_FINANCE_MARGINS_H
#define STRATTIO_FINANCE_MARGINS_H

#include "strattio/attr.h"

#include "expr/num.h"

struct err;
struct margins;

struct margin {
    struct num rate; /* of sales */
    const char
        *basis; /* "Café or restaurant"; of the middle, "the middle of all industries listed" */
    const char *source; /* title and country; NULL if the margin is a middle of several */
    const char *date;
};

struct trade_margins {
    struct margin gross, operating;
};

MUST_USE struct margins *margins_load(struct err *err);
void margins_free(struct margins *in);

/* The margins of the industry that `text` means (industries_meant); of one that is not listed (or
 * NULL) the middle of all that are. */
const struct trade_margins *margins_find(const struct margins *in, const char *text);

#endif
