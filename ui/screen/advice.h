/* advice.h - what helps with the question that has the focus: what to write, an example, why it is
 * asked. */
#ifndef STRATTIO_UI_ADVICE_H
#define STRATTIO_UI_ADVICE_H

#include <stdbool.h>

struct canvas;
struct question;
struct sheet_row;

/* Is the example of `q` one that a person would type? */
bool advice_has_example(const struct question *q);

void advice_draw(const struct sheet_row *row, const struct canvas *c);

#endif
