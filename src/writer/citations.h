/* citations.h - the marks of a text, "[^id]", and what stands behind them. */
#ifndef STRATTIO_WRITER_CITATIONS_H
#define STRATTIO_WRITER_CITATIONS_H

#include <bson/bson.h>

struct draft_input;
struct strbuf;

/* Adds a footnote to `source` and an item to the array `citations` for each piece of evidence
 * that is cited, in the order of the text. A mark nothing is known of stays without either. */
void citations_add(const struct draft_input *in, struct strbuf *source, bson_t *citations);

#endif
