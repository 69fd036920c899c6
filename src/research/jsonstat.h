/* jsonstat.h - one data set in JSON-stat, 2.0 or 1.x, as a table of cells: dimensions of codes, and
 * a value and a status for each combination. What is absent or null is missing, never zero. */
#ifndef STRATTIO_RESEARCH_JSONSTAT_H
#define STRATTIO_RESEARCH_JSONSTAT_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"

struct err;
struct jsonstat; /* immutable once read */

enum { JSONSTAT_DIMENSIONS = 16, JSONSTAT_CODES = 20000, JSONSTAT_CELLS = 500000 };

/* Reads a data set. Of a 1.x answer with several, the one called `name`, or the first for NULL.
 * ERR_INVALID says what does not fit, ERR_LIMIT if it is larger than the limits above or those of
 * json_read(). */
MUST_USE struct jsonstat *jsonstat_read(const char *text, size_t len, const char *name,
                                        struct err *err);
void jsonstat_free(struct jsonstat *js); /* accepts NULL */

/* "" if the data set does not say. */
const char *jsonstat_label(const struct jsonstat *js);
const char *jsonstat_updated(const struct jsonstat *js);

size_t jsonstat_dimensions(const struct jsonstat *js);
const char *jsonstat_dimension(const struct jsonstat *js, size_t d); /* its id */
size_t jsonstat_size(const struct jsonstat *js, size_t d);           /* number of its codes */
const char *jsonstat_code(const struct jsonstat *js, size_t d, size_t i);
const char *jsonstat_code_label(const struct jsonstat *js, size_t d, size_t i); /* else the code */
size_t jsonstat_cells(const struct jsonstat *js); /* the product of the sizes */

struct jsonstat_at { /* one of the codes that name a cell */
    const char *dimension, *code;
};

/* The number of the cell with these codes; a dimension of a single code may be left out. False if
 * a dimension or code is unknown or a dimension is missing. */
MUST_USE bool jsonstat_find(const struct jsonstat *js, const struct jsonstat_at *at, size_t count,
                            size_t *cell);

/* The value of a cell: false if it is missing. A value that is text has a NaN for a number. */
struct jsonstat_value {
    double number;
    const char *text;   /* NULL for a number */
    const char *status; /* "" for none; given even where the value is missing */
};
bool jsonstat_value(const struct jsonstat *js, size_t cell, struct jsonstat_value *out);

/* What the status means, by the data set's own words (Eurostat's extension); NULL if it is silent.
 */
const char *jsonstat_status_label(const struct jsonstat *js, const char *status);

#endif
