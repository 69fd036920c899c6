/* tiers.h - the one table of what each tier includes. Public: actor_can(), actor_require(). */
#ifndef STRATTIO_ACCOUNT_TIERS_H
#define STRATTIO_ACCOUNT_TIERS_H

#include <stdbool.h>
#include <stdint.h>

#include "strattio/actor.h"
#include "strattio/attr.h"
#include "strattio/subscription.h"

struct err;

int64_t tiers_plan_limit(enum tier tier); /* plans a month; SUBSCRIPTION_UNLIMITED for no limit */
bool tiers_include(enum tier tier, enum capability what);

/* True if `tier` includes `what`, else ERR_TIER naming the lowest tier that does. */
MUST_USE bool tiers_require(enum tier tier, enum capability what, struct err *err);

/* What `sub` gives today: nothing above free once it is cancelled. */
enum tier tiers_of(const struct subscription *sub);
int64_t tiers_limit_of(const struct subscription *sub);

#endif
