/* sheet_edit.h - the row of a sheet that has the focus, being edited. Private to the sheet. */
#ifndef STRATTIO_UI_SHEET_EDIT_H
#define STRATTIO_UI_SHEET_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "screen/sheet.h"

bool sheet_edit_is_box(const struct question *q); /* several lines */

/* Puts the text of the row with the focus into its editor. */
void sheet_edit_load(struct sheet *s);

/* What stands in the editor, or NULL if the row is none to type into; and was it changed? */
const char *sheet_edit_text(const struct sheet *s);
bool sheet_edit_changed(const struct sheet *s);

/* Opens the list of choices; `filter` (may be NULL) is typed into it already. */
void sheet_edit_open(struct sheet *s, const char *filter);
void sheet_edit_close(struct sheet *s);

bool sheet_edit_input(struct sheet *s, const struct input_event *ev);
bool sheet_edit_act(struct sheet *s, enum action a); /* while choices are open */

/* The row drawn at a place of the screen. */
bool sheet_edit_row_at(const struct sheet *s, int y, int x, size_t *row);

/* Lines the row takes in a sheet `cols` wide, and where its value begins. */
int sheet_row_lines(const struct sheet *s, size_t row, int cols);
int sheet_value_col(int cols);

#endif
