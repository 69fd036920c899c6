/* charts.h - the figures of a plan as charts: cash with its low point, revenue and costs, break-even. */
#ifndef STRATTIO_UI_CHARTS_H
#define STRATTIO_UI_CHARTS_H

struct app;
struct loaded;

/* Opens them on `l`, which is held meanwhile and has a model: under a scenario that of the scenario. */
void charts_open(struct app *app, struct loaded *l);

#endif
