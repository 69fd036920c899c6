/* numeral.h - numbers as people write them in prose: where they are and what they are worth. */
#ifndef STRATTIO_WRITER_NUMERAL_H
#define STRATTIO_WRITER_NUMERAL_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"

struct numeral {
    size_t start, end;   /* bytes of the text, with currency sign, "%" and "k" */
    size_t digits_start; /* of the first digit */
    size_t digits_end;
    double value;      /* 12% is 12, 12k is 12000 */
    double other;      /* of "1.234", which may be 1234; else as `value` */
    bool plain;        /* digits only: "2027", "12" */
    bool share, money; /* "12%", "12 per cent"; "£12", "12 euros" */
};

/* The next numeral of `text` at or after `at`, in digits or in words: "two million pounds", but not
 * "two". Digits inside a word ("B2", "H2O") are none. */
MUST_USE bool numeral_next(const char *text, size_t len, size_t at, struct numeral *out);

/* The number that begins at `at`, in digits or in words, also a small one ("two"). */
MUST_USE bool numeral_at(const char *text, size_t len, size_t at, struct numeral *out);

/* Is it a date or part of one, an ordinal ("3rd"), the number of a list item, or the number of
 * something counted in order ("year 2", "months 3 to 6")? */
bool numeral_is_order(const char *text, size_t len, const struct numeral *n);

#endif
