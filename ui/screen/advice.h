/* advice.h - what helps with the question that has the focus: what to write, an example, why it is
 * asked. */
#ifndef STRATTIO_UI_ADVICE_H
#define STRATTIO_UI_ADVICE_H

struct canvas;
struct sheet_row;

void advice_draw(const struct sheet_row *row, const struct canvas *c);

#endif
