/* rates.h - dated rates and thresholds of jurisdictions, from assets/rates: a value, since when,
 * until when, by which source. A month takes what is in force on its last day. */
#ifndef STRATTIO_FINANCE_RATES_H
#define STRATTIO_FINANCE_RATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "strattio/attr.h"

#include "expr/value.h"

struct err;
struct rates;

struct rate_value {
    struct num value;
    int32_t from, to;   /* days; `to` is the last day, INT32_MAX for open */
    const char *source; /* "HMRC CTM03900 (official source, read 2026-11-23)" */
    const char *from_text;
};

MUST_USE struct rates *rates_load(struct err *err);
void rates_free(struct rates *r);

/* Names of rates over all jurisdictions. */
int rates_find(const struct rates *r, const char *name); /* -1 if there is none */
const char *rates_label(const struct rates *r, int rate);
enum unit rates_unit(const struct rates *r, int rate);

/* Has the country the rate, whenever? */
bool rates_has(const struct rates *r, int rate, const char *country);

enum rate_gap { RATE_GAP_NONE, RATE_GAP_UNKNOWN, RATE_GAP_CURRENCY };

/* The value of `rate` in `country` on `day`; NULL with the reason in *gap. An amount of money is
 * only given in the jurisdiction's own currency. */
const struct rate_value *rates_at(const struct rates *r, int rate, const char *country,
                                  const char *currency, int32_t day, enum rate_gap *gap);

/* What the rates of `country` leave out, as a sentence for the reader; NULL if nothing is said. */
const char *rates_note(const struct rates *r, const char *country);

#endif
