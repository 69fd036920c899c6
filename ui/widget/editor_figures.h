/* editor_figures.h - what figures say, asked once for each that is written the same. Private to ui/widget. */
#ifndef STRATTIO_UI_EDITOR_FIGURES_H
#define STRATTIO_UI_EDITOR_FIGURES_H

#include <stdbool.h>
#include <stddef.h>

struct editor_figures;
struct strbuf;

struct editor_figure {
    char *source; /* "{{pnl.revenue[y1]:money0}}"; NULL: an empty place of the table */
    size_t len;
    char *shown; /* "£171,360"; never "" */
    int width;   /* cells of `shown` */
    bool known;  /* there is such a figure */
};

struct editor_figures *editor_figures_create(void);
void editor_figures_destroy(struct editor_figures *f); /* accepts NULL */
void editor_figures_forget(struct editor_figures *f);

/* `ask` may be NULL: then every figure shows its source. Lent until the next call. */
const struct editor_figure *
editor_figures_get(struct editor_figures *f, const char *source, size_t len,
                   bool (*ask)(void *arg, const char *source, size_t len, struct strbuf *out),
                   void *arg);

#endif
