/* table.h - cells in rows and columns with a cursor on one of them. The head and the first column stay
 * while the rest scrolls both ways. Cells are asked for when shown. */
#ifndef STRATTIO_UI_TABLE_H
#define STRATTIO_UI_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "terminal/action.h"
#include "terminal/canvas.h"
#include "widget/list.h"

struct strbuf;

struct table {
    size_t rows, cols;   /* cells without head and first column */
    size_t col;          /* of the cursor; its row is list.cursor */
    size_t left;         /* first column shown */
    int label_cols;      /* width of the first column */
    int cell_cols;       /* width of the others */
    struct list list;
    /* Appends what stands in the head of `col`, before `row`, or in a cell, and returns its style. */
    unsigned (*head)(void *arg, size_t col, struct strbuf *out);
    unsigned (*label)(void *arg, size_t row, struct strbuf *out);
    unsigned (*cell)(void *arg, size_t row, size_t col, struct strbuf *out);
    void *arg;
};

/* Fill in the three functions and `arg`, then table_init(), then table_set_size(). */
void table_init(struct table *t);
void table_set_size(struct table *t, size_t rows, size_t cols);
bool table_act(struct table *t, enum action a); /* CONTEXT_TABLE and CONTEXT_LIST */
bool table_mouse(struct table *t, const struct input_event *ev, bool *clicked);
void table_draw(struct table *t, const struct canvas *c);

#endif
