/* span.h - {{expression:format ?? "text"}} as text: where one ends and what its parts are. */
#ifndef STRATTIO_WRITER_SPAN_H
#define STRATTIO_WRITER_SPAN_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"

enum { SPAN_LIMIT = 1024 }; /* bytes of one figure, so that a stray "{{" swallows no text */

struct span { /* all owned */
    char *expr;
    char *format; /* "" for the unit's own */
    char *alt;    /* NULL if none */
};

/* Bytes of the figure that starts at `text` ("{{"), or 0 if it is not closed on its paragraph
 * within SPAN_LIMIT. */
size_t span_length(const char *text, size_t len);

/* Takes it apart; false if it has no expression or the parts do not fit together. */
MUST_USE bool span_parse(const char *text, size_t len, struct span *out);
void span_finish(struct span *s);

/* Where in a source the next figure or escape is: skips code spans and fenced code. Walk with
 *     struct span_walk w; span_walk_init(&w, source, len);
 *     while (span_walk_next(&w)) ... w.start, w.span_len is a figure
 * What lies between two figures is plain text.
 */
struct span_walk {
    const char *text;
    size_t len, at;
    size_t start, span_len; /* the figure found */
    size_t fence;           /* length of the fence that is open; 0 if none */
    char fence_char;
    char *on_code; /* NULL, or a copy of the text in which code is made blank */
};
void span_walk_init(struct span_walk *w, const char *text, size_t len);
MUST_USE bool span_walk_next(struct span_walk *w);

#endif
