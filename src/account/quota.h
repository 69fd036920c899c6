/* quota.h - the plans a month a tier includes: taking a slot and inserting the plan as one step. */
#ifndef STRATTIO_ACCOUNT_QUOTA_H
#define STRATTIO_ACCOUNT_QUOTA_H

#include <bson/bson.h>
#include <stdbool.h>
#include <stdint.h>

#include "strattio/attr.h"

struct actor;
struct err;

enum { QUOTA_GRACE_MS = 60000 }; /* how long a noted plan may take to arrive */

/* Inserts `plan` (its id is `plan_id`) and its `audit` entry for the acting user and counts it in
 * the month of `now`. ERR_QUOTA, with nothing written, if the month's slots are used up; it says
 * when the next month begins. */
MUST_USE bool quota_insert(struct actor *a, const char *plan_id, const bson_t *plan,
                           const bson_t *audit, int64_t now, struct err *err);

/* The UTC calendar month of `now`. */
void quota_month(int64_t now, int64_t *start, int64_t *end);

#endif
