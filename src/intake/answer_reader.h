/* answer_reader.h - the readers behind answer_read(), a file for each kind of answer. A reader
 * takes what came under `it`, appends it to `out` as `key` in its stored type, or adds a problem,
 * appends nothing and returns false. Private to src/intake. */
#ifndef STRATTIO_INTAKE_ANSWER_READER_H
#define STRATTIO_INTAKE_ANSWER_READER_H

#include "intake/answer_read.h"

typedef bool (*answer_reader)(struct reading *r, const struct question *q, const bson_iter_t *it,
                              const char *key, bson_t *out);

bool answer_number_money(struct reading *r, const struct question *q, const bson_iter_t *it,
                         const char *key, bson_t *out);
bool answer_number_plain(struct reading *r, const struct question *q, const bson_iter_t *it,
                         const char *key, bson_t *out);
bool answer_number_whole(struct reading *r, const struct question *q, const bson_iter_t *it,
                         const char *key, bson_t *out);
bool answer_number_percent(struct reading *r, const struct question *q, const bson_iter_t *it,
                           const char *key, bson_t *out);
/* Is it a sum to be worked out, "=1200*12"? Then its value, or a problem. */
bool answer_number_is_sum(const struct question *q, const char *text);
bool answer_number_sum(struct reading *r, const struct question *q, const char *text, double *out);

bool answer_months_read(struct reading *r, const struct question *q, const bson_iter_t *it,
                        const char *key, bson_t *out);
bool answer_text_read(struct reading *r, const struct question *q, const bson_iter_t *it,
                      const char *key, bson_t *out);
bool answer_text_date(struct reading *r, const struct question *q, const bson_iter_t *it,
                      const char *key, bson_t *out);
bool answer_text_yes_no(struct reading *r, const struct question *q, const bson_iter_t *it,
                        const char *key, bson_t *out);
bool answer_choice_one(struct reading *r, const struct question *q, const bson_iter_t *it,
                       const char *key, bson_t *out);
bool answer_choice_country(struct reading *r, const struct question *q, const bson_iter_t *it,
                           const char *key, bson_t *out);
bool answer_choice_currency(struct reading *r, const struct question *q, const bson_iter_t *it,
                            const char *key, bson_t *out);
bool answer_choice_industry(struct reading *r, const struct question *q, const bson_iter_t *it,
                            const char *key, bson_t *out);

/* What was given, as a message shows it: quoted and cut, since it may be megabytes. */
enum { ANSWER_SHOWN_SIZE = 64 };
void answer_problem_describe(const bson_iter_t *it, char out[ANSWER_SHOWN_SIZE]);

/* Adds "X is not NOUN; try EXAMPLE" and returns false. */
bool answer_problem_kind(struct reading *r, const struct question *q, const bson_iter_t *it,
                         const char *noun);

/* False with a problem if text of a store is no UTF-8 or has a NUL inside. */
bool answer_text_sound(struct reading *r, const bson_iter_t *it);

/* `text` trimmed, with one kind of line end, of min to max characters and without controls, to be
 * freed; NULL with a problem. "" if nothing was written. */
char *answer_text_good(struct reading *r, const struct question *q, const char *text, bool one_line,
                       double min, double max);

#endif
