/* term_type.h - starting ncurses on a type it knows. Private to ui/terminal. */
#ifndef STRATTIO_UI_TERM_TYPE_H
#define STRATTIO_UI_TERM_TYPE_H

#include <curses.h>
#include <stdbool.h>
#include <stdio.h>

#include "strattio/attr.h"

struct err;

/* ncurses writing to `out`, with 24-bit colours if `true_color` asks for them and there is an entry that
 * has them. *modern: the terminal takes private modes and questions it does not know without a
 * trace. NULL with ERR_UNSUPPORTED, one plain sentence, if no type fits or its cursor cannot be placed. */
MUST_USE SCREEN *term_type_start(FILE *out, bool true_color, bool *modern, struct err *err);

#endif
