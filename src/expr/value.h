/* value.h - what an expression gives: a number with a unit, a truth, text, a date, a list, or
 * null with the reason for it. */
#ifndef STRATTIO_EXPR_VALUE_H
#define STRATTIO_EXPR_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "expr/num.h"

struct strbuf;

enum value_type { VALUE_NULL, VALUE_NUM, VALUE_BOOL, VALUE_TEXT, VALUE_DATE, VALUE_LIST };
/* A rate of 0.06 is 6%; a percent of 6 is 6%, as the reference stores its KPIs. */
enum unit { UNIT_NONE, UNIT_MONEY, UNIT_RATE, UNIT_COUNT, UNIT_MONTHS, UNIT_PERCENT };

struct value {
    enum value_type type;
    enum unit unit; /* of a number */
    struct num num;
    bool yes;
    int32_t day;         /* date: days since 1970-01-01 */
    char *text;          /* text; or null's reason code ("division_by_zero"). Owned */
    struct value *items; /* list; owned */
    size_t count;
};

struct value value_null(const char *reason);
struct value value_num(struct num n, enum unit unit);
struct value value_bool(bool yes);
struct value value_text(const char *text);
struct value value_date(int32_t day);
struct value value_copy(const struct value *v);
void value_finish(struct value *v);

const char *value_type_name(enum value_type type); /* "a number" */
const char *unit_name(enum unit unit);             /* "money"; "number" for none */
bool unit_parse(const char *name, enum unit *out);

/* The unit of a sum, difference or comparison, of a product, of a quotient; false if there is
 * none: a plain number takes the unit of the other side, money times money means nothing. */
bool unit_of_sum(enum unit a, enum unit b, enum unit *out);
bool unit_of_product(enum unit a, enum unit b, enum unit *out);
bool unit_of_quotient(enum unit a, enum unit b, enum unit *out);

/* Formats by name: money, money0, num, num0, num1, num2, pct, pct1, count, months, date, month
 * ("March 2027"), text, list. `currency` is the plan's ("GBP"). Negative money as -£1,200. False
 * for an unknown format or one that does not fit the type; a null is not formatted. */
bool value_format(const struct value *v, const char *format, const char *currency,
                  struct strbuf *out);
bool value_format_known(const char *format);
void value_print(const struct value *v, struct strbuf *out); /* plain, for `trace` and `eval` */

#endif
