/* plan_columns.h - the plans of a list as columns: which there is room for, and how the list is ordered. */
#ifndef STRATTIO_UI_PLAN_COLUMNS_H
#define STRATTIO_UI_PLAN_COLUMNS_H

struct canvas;
struct plan_row;
struct plan_rows;
struct run_view;

void plan_columns_head(const struct plan_rows *r, const struct canvas *line);

/* `run` is this program's run on the plan, or NULL. */
void plan_columns_draw(const struct plan_rows *r, const struct plan_row *row,
                       const struct run_view *run, const struct canvas *line, unsigned style);

#endif
