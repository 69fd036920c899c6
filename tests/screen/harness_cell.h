/* harness_cell.h - the emulator's cells, for what compares them. */
#ifndef STRATTIO_TESTS_HARNESS_CELL_H
#define STRATTIO_TESTS_HARNESS_CELL_H

#include <vterm.h>

struct harness;

VTermScreenCell harness_cell(const struct harness *h, int y, int x);
void harness_size(const struct harness *h, int *rows, int *cols);
void harness_print(struct harness *h); /* the screen, for a failed test's message */

#endif
