/* section_view.h - a section as it is read: its Markdown with every figure as it is now, and
 * where the figures stand in it. */
#ifndef STRATTIO_SECTION_VIEW_H
#define STRATTIO_SECTION_VIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"
#include "strattio/section.h"

struct err;
struct model;
struct strbuf;

struct section_figure {
    size_t start, end; /* bytes of `text` */
    char *name;        /* what stands behind it, as the source has it: "pnl.revenue[y1]", an answer
                          or an expression of both; NULL if nothing does */
    char *advice;      /* what is wrong here and what to do, one sentence; NULL if all is well */
};

struct section_view {
    char *text;
    size_t len;
    struct section_figure *figures; /* in their order in the text; also other spots that are wrong */
    size_t count;
    bool outside; /* another program changed the text: its figures are bound to nothing */
};

/* Fills *out (finish it) from what is stored of `s` and the model of the plan as it is now.
 * Without a model, or if another program changed the text, it is the stored text and no figure
 * in it is known. ERR_LIMIT if the text grows past what a document may hold. */
MUST_USE bool section_view(const struct section *s, const struct model *m, struct section_view *out,
                           struct err *err);
void section_view_finish(struct section_view *view); /* accepts all zero */

/* What one figure of a source ("{{pnl.revenue[y1]:money0}}") says now, appended to `out`; false, with nothing
 * appended, if there is no such figure. */
bool section_figure_text(const struct model *m, const char *figure, size_t len, struct strbuf *out);

/* The text an edit begins with: the source or, if another program changed the section, what it says
 * now, with nothing bound. The caller frees it. */
char *section_source(const struct section *s);

#endif
