/* answer_rows.h - filling a column of a table down its rows. Private to src/intake. */
#ifndef STRATTIO_INTAKE_ANSWER_ROWS_H
#define STRATTIO_INTAKE_ANSWER_ROWS_H

#include "strattio/intake.h"

struct fill {
    double start, step;
    bool grows; /* by `step` percent, else by `step` */
};

/* ">100i10", ">100g10%", ">100"; false for what is none. */
bool answer_rows_read_fill(const char *typed, struct fill *out);
double answer_rows_fill_value(const struct fill *f, size_t periods);

/* Is `typed` to fill this column down? Only columns of numbers, and not the one marked `period`. */
bool answer_rows_is_fill(const struct intake *in, const struct question *table,
                         const struct question *column, const char *typed);

/* Fills from row `row` to the last one. In a table with a column that is marked `period` that is the
 * last period there is; what is missing of the rows is made. On failure
 * `answers` is unchanged. */
MUST_USE bool answer_rows_fill(const struct intake *in, const struct question *table,
                               const struct question *column, size_t row, const char *typed,
                               bson_t *answers, struct err *err);

#endif
