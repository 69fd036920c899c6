/* questions.h - the questions as read from assets/intake/N-STEP.questions, with what the public
 * struct does not say: who must answer, when a question is asked, in which currency. Private to
 * src/intake. */
#ifndef STRATTIO_INTAKE_QUESTIONS_H
#define STRATTIO_INTAKE_QUESTIONS_H

#include "strattio/intake.h"

struct asset;
struct expr;
struct industries;

struct question_rule {
    unsigned required;         /* bit per purpose; a column: all bits, whenever its row exists */
    const char *const *unless; /* fields, any of which answers instead; ends in NULL, or NULL */
    struct expr *when;         /* NULL: always asked */
    const char *currency;      /* of money: "GBP", a sibling column, or NULL for the plan's */
    bool any_currency;         /* QUESTION_CURRENCY: all of ISO 4217 */
    bool period;               /* a column that counts the rows: year 1, year 2, ... */
    const struct question *parent; /* table or group of a column, else NULL */
};

struct intake {
    struct asset **files; /* own the texts */
    size_t file_count;
    struct question *questions;  /* columns right behind their table */
    struct question_rule *rules; /* the rule of questions[i] */
    size_t count;
    struct intake_step *steps;
    size_t step_count;
    struct industries *industries;
};

const struct question_rule *questions_rule(const struct intake *in, const struct question *q);

/* The top-level question or, given a table or group, the column called by the first `len` bytes of
 * `name`; NULL if there is none. */
const struct question *questions_find(const struct intake *in, const struct question *parent,
                                      const char *name, size_t len);

/* The field nearest to a mistyped one ("products.prize" gives "products.price"); NULL if none is
 * near. To be freed. */
char *questions_nearest(const struct intake *in, const char *path);

/* Is `q` asked at all with these answers? */
bool questions_asked(const struct intake *in, const struct question *q, enum plan_purpose purpose,
                     const bson_t *answers);

#endif
