/* answers.h - what follows from answers as a whole. Private to src/intake. */
#ifndef STRATTIO_INTAKE_ANSWERS_H
#define STRATTIO_INTAKE_ANSWERS_H

#include "strattio/intake.h"

/* The simple fields of the reference from the rows of `products`, which are the truth for sales:
 * units_per_month their sum, monthly_revenue_estimate the sum of price times units, price_per_unit
 * the one over the other. Without rows nothing happens. */
void answers_derive_sales(bson_t *answers);
bool answers_is_derived(const char *field);
bool answers_is_sales(const char *field); /* the table they are derived from? */

/* The column of `table` that a heading names, by field or label, as people compare texts; NULL if
 * there is none. */
const struct question *answers_column(const struct question *table, const char *name);

/* Every question the answers lack and `purpose` requires, as problems. */
void answers_missing(const struct intake *in, enum plan_purpose purpose, const bson_t *answers,
                     struct problems *out);

/* Brings problems into the order of the questions, rows and columns. */
void answers_sort_problems(const struct intake *in, struct problems *p);

#endif
