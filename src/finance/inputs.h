/* inputs.h - the numbers a plan can be asked about: the inputs of the model, one by one. An input
 * has a name ("products.price[1]", or as the answers have it, "products.0.price"), the name of its
 * row, a smallest step, and limits. */
#ifndef STRATTIO_FINANCE_INPUTS_H
#define STRATTIO_FINANCE_INPUTS_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"

#include "finance/model_trace.h"

struct err;

/* The line and row (from 1; 0: every row) that `name` means. ERR_NOT_FOUND names the nearest input;
 * ERR_INVALID for a line that is computed, one that is no number, or a row that is not there. */
MUST_USE bool input_find(const struct model *m, const char *name, int *line, int *row,
                         struct err *err);

/* "products.price[1]" and "Price (Sourdough loaf)"; the caller frees them. */
char *input_name(const struct model *m, int line, size_t row);
char *input_title(const struct model *m, int line, size_t row);

/* Its value, of one with months that of month 1; false for a null. */
bool input_value(const struct model *m, int line, size_t row, struct num *out);

/* The smallest change that makes sense: a coin, a hundredth of a percent, a whole month. */
struct num input_step(const struct model *m, int line, size_t row);
struct num input_rounded(struct num value, struct num step);

/* A number as typed for this input ("4.20", "12k"; of a rate 12 and "12%" are the same). */
MUST_USE bool input_typed(const struct model *m, int line, const char *text, struct num *out,
                          struct err *err);

/* Fails, saying what is allowed, for a value outside the limits of the input. */
MUST_USE bool input_allows(const struct model *m, int line, struct num value, struct err *err);

/* The value as a reader sees it; the caller frees it. */
char *input_shown(const struct model *m, int line, struct num value);

#endif
