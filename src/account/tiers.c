/* tiers.c - the tiers of the reference as one table; every gate of the program reads it. */
#include "account/tiers.h"

#include "strattio/err.h"

static const struct tier_row {
    int64_t plan_limit;
    unsigned includes; /* 1u << enum capability */
} rows[TIER_COUNT] = {
    [TIER_FREE] = {.plan_limit = 1},
    [TIER_STARTER] = {.plan_limit = 3, .includes = 1u << CAN_EXPORT_PDF},
    [TIER_PROFESSIONAL] = {.plan_limit = SUBSCRIPTION_UNLIMITED,
                           .includes = 1u << CAN_EXPORT_PDF | 1u << CAN_EXPORT_ALL |
                                       1u << CAN_SEE_FINANCIALS | 1u << CAN_SEE_COMPLIANCE},
    [TIER_ENTERPRISE] = {.plan_limit = SUBSCRIPTION_UNLIMITED,
                         .includes = 1u << CAN_EXPORT_PDF | 1u << CAN_EXPORT_ALL |
                                     1u << CAN_SEE_FINANCIALS | 1u << CAN_SEE_COMPLIANCE |
                                     1u << CAN_USE_TEAM},
};

static const char *const names[] = {
    [CAN_EXPORT_PDF] = "PDF export",
    [CAN_EXPORT_ALL] = "Export in this format",
    [CAN_SEE_FINANCIALS] = "The full financial model",
    [CAN_SEE_COMPLIANCE] = "The full checklist",
    [CAN_USE_TEAM] = "Working as a team",
};

int64_t tiers_plan_limit(enum tier tier)
{
    return rows[tier].plan_limit;
}

bool tiers_include(enum tier tier, enum capability what)
{
    return rows[tier].includes & 1u << what;
}

bool tiers_require(enum tier tier, enum capability what, struct err *err)
{
    enum tier enough = TIER_FREE;

    if (tiers_include(tier, what))
        return true;
    while (!tiers_include(enough, what))
        enough++; /* the last row includes everything */
    return err_set(err, ERR_TIER, 0, "%s is part of the %s tier; yours is %s", names[what],
                   tier_name(enough), tier_name(tier));
}

enum tier tiers_of(const struct subscription *sub)
{
    return sub->status == SUB_CANCELLED ? TIER_FREE : sub->tier;
}

int64_t tiers_limit_of(const struct subscription *sub)
{
    int64_t free_limit = tiers_plan_limit(TIER_FREE);

    if (sub->status == SUB_CANCELLED && sub->plan_limit > free_limit)
        return free_limit;
    return sub->plan_limit;
}
