/* editor_move.h - where motions lead. Private to ui/widget. */
#ifndef STRATTIO_UI_EDITOR_MOVE_H
#define STRATTIO_UI_EDITOR_MOVE_H

#include <stddef.h>

#include "terminal/action.h"

struct editor;

/* Where motion `a` leads from the cursor, in *at; false if it is no motion. */
bool editor_motion(struct editor *e, enum action a, size_t *at);

size_t editor_prev(const struct editor *e, size_t at);
size_t editor_next(const struct editor *e, size_t at);
size_t editor_prev_word(const struct editor *e, size_t at);
size_t editor_next_word(const struct editor *e, size_t at);

/* The cell of the byte on its row, and the byte of a row nearest to a cell. */
int editor_cell(const struct editor *e, size_t at);
size_t editor_at_cell(const struct editor *e, size_t row, int cell);

#endif
