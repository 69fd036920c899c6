/* bar.h - the lines at the edge of every screen: the header with where one is and how things stand,
 * the hints, the passing message. */
#ifndef STRATTIO_UI_BAR_H
#define STRATTIO_UI_BAR_H

#include <stddef.h>

#include "terminal/action.h"
#include "terminal/canvas.h"

/* " Strattio › Plans › …" on the left, `state` on the right. Crumbs are cut from the left but for the last. */
void bar_header(const struct canvas *line, const char *const *crumbs, size_t count,
                const char *state);

/* As many hints as fit, the first ones first. */
void bar_hints(const struct canvas *line, const struct hint *hints, size_t count);

/* What kind of message a style says it is: ✓ done, ! note, ✗ error, • info. */
struct severity {
    enum symbol symbol;
    const char *word;
};
struct severity severity_of(unsigned style);

/* A message in place of the hints, with its severity before it, in as many rows as `c` has; and how
 * many it takes, at most three. */
void bar_toast(const struct canvas *c, unsigned style, const char *text);
int bar_toast_rows(const struct canvas *c, unsigned style, const char *text);

#endif
