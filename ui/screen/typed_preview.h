/* typed_preview.h - what a text that is no plain value will do, while it is typed: ">100i10" fills the
 * rows below, "=1200*12" is worked out. */
#ifndef STRATTIO_UI_TYPED_PREVIEW_H
#define STRATTIO_UI_TYPED_PREVIEW_H

#include <stdbool.h>

struct canvas;
struct sheet;

/* Draws it; false, with nothing drawn, if the text in the sheet's field is a plain one. */
bool typed_preview_draw(const struct sheet *s, const struct canvas *c);

#endif
