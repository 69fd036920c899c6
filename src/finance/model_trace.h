/* model_trace.h - from a cell to the cells its formula read. */
#ifndef STRATTIO_FINANCE_MODEL_TRACE_H
#define STRATTIO_FINANCE_MODEL_TRACE_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"

#include "finance/model_run.h"

struct err;

struct place { /* a cell, named in full */
    int line;
    size_t row;
    int period; /* of its row's cells */
};

/* What the cell at `p` was computed from, at most TRACED_MOST of them; the caller frees the
 * list. Of a year of a flow or stock that is its months. */
enum { TRACED_MOST = 120 };
MUST_USE struct place *model_trace(const struct model *m, struct place p, size_t *count);

/* Is `read` among what the cell `reader` was computed from, however many that are? */
bool model_reads(const struct model *m, struct place reader, struct place read);

/* The cell or, of a name without the month or year of a line that has them, the line that `name`
 * means; *whole tells which. Fails as model_figure(). */
MUST_USE bool model_find_place(const struct model *m, const char *name, struct place *p,
                               bool *whole, struct err *err);

char *model_place_name(const struct model *m, struct place p); /* "products.price[1]"; owned */
uint8_t model_why(const struct model *m, struct place p);
enum origin model_origin(const struct model *m, struct place p);
struct value model_cell_value(const struct model *m, int line, size_t cell);

/* A value as a reader sees it, by its unit; "–" for a null. The caller frees it. */
char *model_shown(const struct model *m, const struct value *v);

/* The name of a line that is most like `name`, of all or of the inputs that are numbers; NULL if
 * none is like it. */
const char *model_nearest(const struct model_def *def, const char *name, bool inputs);

/* The answer that would end the null at `p`, as a path into the answers; NULL if there is none. The
 * caller frees it. */
char *model_null_fix(const struct model *m, struct place p);

#endif
