/* trace.h - where a figure comes from: its formula, what went into it, and on from there to
 * the answers. Stands over the screen that shows the figure. */
#ifndef STRATTIO_UI_TRACE_H
#define STRATTIO_UI_TRACE_H

#include "screen/screen.h"

struct app;
struct loaded;
struct strbuf;

/* Opens what stands behind `name` (figure_find.h), shown as `shown` where it was met; a
 * message says why if there is nothing to open. `l` is held meanwhile. */
void trace_open(struct app *app, struct loaded *l, const char *name, const char *shown);

/* The same from its other side: what depends on the figure `name`. */
void trace_open_used(struct app *app, struct loaded *l, const char *name);

/* "Revenue, year 1" of "pnl.revenue[y1]": the label with its period in words. */
void trace_title(const struct loaded *l, const char *label, const char *name, struct strbuf *out);

#endif
