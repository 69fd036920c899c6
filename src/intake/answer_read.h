/* answer_read.h - one answer, from JSON, from what a person typed or from the store, brought to the
 * type its question stores, or refused with a sentence. Private to src/intake. */
#ifndef STRATTIO_INTAKE_ANSWER_READ_H
#define STRATTIO_INTAKE_ANSWER_READ_H

#include <bson/bson.h>
#include <stdbool.h>

#include "strattio/intake.h"
#include "strattio/strbuf.h"

enum { ANSWER_ITEM_MAX = 400, ANSWER_LINE_MAX = 200, ANSWER_TEXT_MAX = 4000 };

struct reading {
    const struct intake *in;
    const char *currency; /* of the plan */
    const char *country;  /* ISO code or "": decides how 3/1/2027 is read */
    bool strict;          /* stored answers: only the stored type will do */
    struct problems *out; /* where what is wrong goes */
    struct strbuf path;   /* of the answer being read; the caller sets it */
    const bson_t *row;    /* the row or group a column is in, else NULL */
};

void answer_read_init(struct reading *r, const struct intake *in, const bson_t *answers,
                      bool strict, struct problems *out);
void answer_read_finish(struct reading *r);

/* Appends the answer under `it` to `out` as `key`. Null and, except in strict reading, empty text
 * append nothing. False if it is wrong: then every mistake in it is in r->out and nothing was
 * appended. */
bool answer_read(struct reading *r, const struct question *q, const bson_iter_t *it,
                 const char *key, bson_t *out);

/* The currency of a money question: the plan's, a fixed one or that of a sibling column. */
const char *answer_number_currency(const struct intake *in, const struct question *q,
                                   const char *plan_currency, const bson_t *row);

/* Adds a problem at `path`. */
void answer_problem_add(struct problems *out, const char *path, bool missing, const char *fmt, ...)
    PRINTF_LIKE(4, 5);

#endif
