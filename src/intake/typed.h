/* typed.h - numbers, rates, dates and truths as people type them. Nothing here knows a question;
 * each reader takes trimmed text and says only whether it could read it. Locale plays no part. */
#ifndef STRATTIO_INTAKE_TYPED_H
#define STRATTIO_INTAKE_TYPED_H

#include <stdbool.h>
#include <stddef.h>

/* "1,250", "1 250.5", "12k", "1.5m", "-3". A comma before exactly three digits separates thousands,
 * else decimals; a dot is the decimal point unless it is repeated or followed by a comma. */
bool typed_number(const char *text, double *out);

/* "12%", "12 %", "12", "12.5 percent", "12% a year", "-3 pc". 12 means 12%. */
bool typed_percent(const char *text, double *out);

/* "2027-03-01", "1 March 2027", "Mar 1, 2027", "1st of March 2027", "March 2027" (its first day),
 * "2027-03", "1/3/2027", "01.03.2027"; `month_first` reads 3/1/2027 as the first of March. */
enum { TYPED_DATE_SIZE = 11 };
bool typed_date(const char *text, bool month_first, char out[TYPED_DATE_SIZE]);

/* Exactly "YYYY-MM-DD", a day that exists, from 1900 to 2199. */
bool typed_is_date(const char *text);

bool typed_yes_no(const char *text, bool *out); /* "yes", "y", "true", "1", "on"; "no", ... */

/* The first number in `text` ("12k%" gives "12"), to build a suggestion from; false if none. */
bool typed_first_number(const char *text, char out[16]);

/* The shortest decimal form of `x`, thousands grouped by commas if `group`. */
enum { TYPED_NUMBER_SIZE = 64 };
void typed_print_number(double x, bool group, char out[TYPED_NUMBER_SIZE]);

#endif
