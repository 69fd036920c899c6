/* subscription.h - a document of `subscriptions`. */
#ifndef STRATTIO_SUBSCRIPTION_H
#define STRATTIO_SUBSCRIPTION_H

#include <bson/bson.h>
#include <stdbool.h>
#include <stdint.h>

#include "strattio/user.h" /* enum tier */

enum subscription_status { SUB_ACTIVE, SUB_CANCELLED, SUB_PAST_DUE, SUB_TRIALING, SUB_STATUS_COUNT };

enum { SUBSCRIPTION_UNLIMITED = 2147483647 }; /* plan_limit of professional and enterprise */

struct subscription {
    char *id;
    char *user_id;
    enum tier tier;
    enum subscription_status status;
    char *stripe_subscription_id;
    char *stripe_customer_id;
    int64_t plans_created_this_month;
    int64_t plan_limit;
    int64_t current_period_start;
    int64_t current_period_end;
    bool cancel_at_period_end;
    int64_t created_at;
    int64_t updated_at;
    bson_t *metadata;
    bson_t *extra;
};

#endif
