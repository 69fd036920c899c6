/* money.h - amounts as people write them. Minor units, so exact; exponents by ISO 4217. */
#ifndef STRATTIO_MONEY_H
#define STRATTIO_MONEY_H

#include <stdbool.h>
#include <stdint.h>

#include "strattio/attr.h"

struct err;
struct strbuf;

int money_exponent(const char *currency);       /* 2 for GBP, 0 for JPY; 2 if unknown */
const char *money_symbol(const char *currency); /* "£"; the code and a space if it has none */

/* Reads "12k", "1.5m", "1,250.50", "1.250,50", "£ 1 200", "-3" into minor units of `currency`.
 * ERR_INVALID says what is wrong and shows one that works; more decimals than the currency has, two
 * readings
 * ("1,250" is 1250; "1,25" with a note) and amounts beyond 2^53 minor units are told apart. */
MUST_USE bool money_parse(const char *typed, const char *currency, int64_t *minor, struct err *err);

/* "£1,250.50", "-£3.00"; without decimals when `decimals` is 0 (half away from zero). */
void money_print(int64_t minor, const char *currency, int decimals, struct strbuf *out);

#endif
