/* filter.h - answers as they stand in a sentence, a table cell or a paragraph: the filters of
 * {= path | filter =}. */
#ifndef STRATTIO_WRITER_FILTER_H
#define STRATTIO_WRITER_FILTER_H

#include <bson/bson.h>
#include <stdbool.h>

struct draft_input;
struct strbuf;

bool filter_known(const char *name);

/* Appends the answer `it` stands on, found under the field `field` ("products.name" for a
 * column), through `filters` (a NULL-ended list), escaped. Appends nothing for an empty one. */
void filter_answer(const struct draft_input *in, const char *field, const bson_iter_t *it,
                   const char *const *filters, struct strbuf *out);

/* Does the answer hold anything a reader would see? A text of blanks or an empty list does not. */
bool filter_holds(const bson_iter_t *it);

/* "1 March 2027" for "2027-03-01"; another text escaped, as it is. */
void filter_date(const char *text, struct strbuf *out);

#endif
