/* days.h - calendar dates as days since 1970-01-01, by the proleptic Gregorian calendar; years 1
 * to 9999. */
#ifndef STRATTIO_EXPR_DAYS_H
#define STRATTIO_EXPR_DAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "strattio/attr.h"

struct civil {
    int year, month, day; /* month and day from 1 */
};

int32_t days_from_civil(struct civil date);
struct civil days_to_civil(int32_t day);
bool days_valid(struct civil date);

/* Reads "2027-01-31" at the beginning of `text`; false if there is no date there. */
MUST_USE bool days_parse(const char *text, int32_t *day);
enum { DAYS_TEXT_SIZE = 16, DAYS_TEXT_LEN = 10 };
void days_print(int32_t day, char out[DAYS_TEXT_SIZE]);

/* `day` moved by whole months; the 31st becomes the last day of a shorter month. */
int32_t days_add_months(int32_t day, int months);
int days_in_month(int year, int month);
const char *days_month_name(int month); /* "January" */

#endif
