/* chart.h - lines over a row of periods, drawn into cells: an axis with amounts, a line at zero, a letter at the
 * end of each line for its name above. Drawing only: what is shown is the owner's. */
#ifndef STRATTIO_UI_CHART_H
#define STRATTIO_UI_CHART_H

#include <stddef.h>

#include "terminal/canvas.h"

struct strbuf;

enum chart_quality { CHART_BRAILLE, CHART_BLOCK, CHART_ASCII, CHART_QUALITY_COUNT };

enum { CHART_LINES = 3 };

struct chart_line {
    const char *name;
    const double *values; /* one for each point; a NaN leaves a gap */
    unsigned role;
};

struct chart {
    struct chart_line lines[CHART_LINES];
    size_t line_count, points;
    enum chart_quality quality; /* without UTF-8 always CHART_ASCII */
    int marked; /* a point of the first line, with a note beside it; below 0: none */
    const char *note;
    /* Append what stands at the axes: an amount, and a point. */
    void (*amount)(void *arg, double value, struct strbuf *out);
    void (*point)(void *arg, size_t i, struct strbuf *out);
    void *arg;
};

/* The best the canvas can show. */
enum chart_quality chart_best(const struct canvas *c);

/* Fills the canvas; below 4 rows or 16 columns it says that there is no room. */
void chart_draw(const struct chart *chart, const struct canvas *c);

#endif
