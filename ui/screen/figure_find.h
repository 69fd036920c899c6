/* figure_find.h - what stands behind a name in the text: a figure of the model, an answer, or
 * a small sum of both that the text does itself. */
#ifndef STRATTIO_UI_FIGURE_FIND_H
#define STRATTIO_UI_FIGURE_FIND_H

#include <stdbool.h>

#include "strattio/attr.h"

struct err;
struct figure;
struct intake;
struct loaded;

/* Fills *out as model_figure() does; an answer is an input with the field to change it, a sum
 * has its names as inputs. `shown` is how the text shows it, for a sum; may be NULL. As
 * model_figure() fails. */
MUST_USE bool figure_find(const struct loaded *l, const struct intake *questions, const char *name,
                          const char *shown, struct figure *out, struct err *err);

#endif
