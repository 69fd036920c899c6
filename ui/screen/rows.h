/* rows.h - the rows of an answer that is a table: a list of them, and one row as a form. Both
 * stand over the screen that owns the draft. */
#ifndef STRATTIO_UI_ROWS_H
#define STRATTIO_UI_ROWS_H

#include <stddef.h>

#include "screen/screen.h"

struct draft;
struct question;

struct rows_place {
    struct draft *draft; /* borrowed: it belongs to a screen below */
    const struct question *table;
    size_t row; /* of screen_row; as many as there are for a new one */
};

extern const struct screen_ops screen_rows; /* const struct rows_place * */
extern const struct screen_ops screen_row;  /* const struct rows_place * */

#endif
