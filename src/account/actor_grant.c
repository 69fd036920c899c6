/* actor_grant.c - who may do more. The first person on a shared store has nobody to ask, so while
 * there is no admin whoever runs the command may grant; it is written into the log either way. */
#include "strattio/actor.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/record.h"

#include "account/account.h"
#include "account/audit.h"
#include "account/queries.h"
#include "account/tiers.h"

/* Whether the acting user is an admin, by what the store says now. */
static bool is_admin(struct actor *a, bool *yes, struct err *err)
{
    struct query q;
    bool found = false;
    bson_t doc;

    *yes = false;
    if (a->state != ACTOR_SIGNED_IN)
        return true;
    if (!account_need(a, err))
        return false;
    queries_user(&q, a->user.id);
    if (!account_find(a->store, COLL_USERS, &q.where, &doc, &found, err))
        return false;
    if (found) {
        *yes = strcmp(doc_str(&doc, "role", ""), role_name(USER_ROLE_ADMIN)) == 0;
        bson_destroy(&doc);
    }
    return true;
}

static bool any_admin(struct actor *a, bool *yes, struct err *err)
{
    struct doc_list list;
    struct query q;

    queries_admin(&q);
    if (!store_find(a->store, COLL_USERS, &q, &list, err))
        return false;
    *yes = list.count > 0;
    doc_list_finish(&list);
    return true;
}

static bool may_grant(struct actor *a, struct err *err)
{
    bool mine, any = false;

    if (!is_admin(a, &mine, err))
        return false;
    if (mine)
        return true;
    if (!any_admin(a, &any, err))
        return false;
    return !any ||
           err_set(err, ERR_DENIED, 0, "Only an admin of %s can grant tiers and roles", a->label);
}

struct grant {
    const char *user_id; /* to whom */
    enum user_role old_role, role;
    enum tier tier;
    struct subscription sub; /* as it was */
    int64_t now;
};

static void build_value(bson_t *out, enum tier tier, int64_t limit, enum user_role role)
{
    bson_init(out);
    BSON_APPEND_UTF8(out, "tier", tier_name(tier));
    BSON_APPEND_INT64(out, "plan_limit", limit);
    BSON_APPEND_UTF8(out, "role", role_name(role));
}

static void build_audit(struct actor *a, const struct grant *g, bson_t *out)
{
    bson_t was, is;

    build_value(&was, g->sub.tier, g->sub.plan_limit, g->old_role);
    build_value(&is, g->tier, tiers_plan_limit(g->tier), g->role);
    BSON_APPEND_UTF8(&is, "user_id", g->user_id);
    audit_write(&(struct audit_entry){.user_id = a->state == ACTOR_SIGNED_IN ? a->user.id : NULL,
                                      .action = AUDIT_SUBSCRIPTION_UPDATED,
                                      .resource_type = "subscription",
                                      .resource_id = g->sub.id,
                                      .old_value = &was,
                                      .new_value = &is,
                                      .now = g->now},
                out);
    bson_destroy(&was);
    bson_destroy(&is);
}

/* Both tier fields, the limit that goes with the tier, the role, and the log, as one group. */
static bool write_grant(struct actor *a, const struct grant *g, struct err *err)
{
    struct where of_sub = {0}, of_user = {0};
    struct patch sub, user;
    size_t failed = 0;
    bson_t audit;
    bool ok;

    where_str(&of_sub, "user_id", WHERE_EQ, g->user_id);
    where_id(&of_user, "_id", g->user_id);
    patch_init(&sub);
    patch_str(&sub, "tier", tier_name(g->tier));
    patch_int(&sub, "plan_limit", tiers_plan_limit(g->tier));
    if (g->sub.status == SUB_CANCELLED)
        patch_str(&sub, "status", "active");
    account_touch(&sub, g->now);
    patch_init(&user);
    patch_str(&user, "subscription_tier", tier_name(g->tier));
    patch_str(&user, "role", role_name(g->role));
    account_touch(&user, g->now);
    build_audit(a, g, &audit);
    ok = store_atomically(a->store,
                          (struct write[]){
                              {.kind = WRITE_PATCH,
                               .coll = COLL_USERS,
                               .where = &of_user,
                               .patch = &user,
                               .must_match = true},
                              {.kind = WRITE_PATCH,
                               .coll = COLL_SUBSCRIPTIONS,
                               .where = &of_sub,
                               .patch = &sub,
                               .must_match = true},
                              {.kind = WRITE_INSERT, .coll = COLL_AUDIT_LOGS, .doc = &audit},
                          },
                          3, &failed, err);
    patch_finish(&sub);
    patch_finish(&user);
    bson_destroy(&audit);
    return ok;
}

/* What the acting user holds in memory follows what was just granted to them. */
static void follow(struct actor *a, const struct grant *g)
{
    if (a->state != ACTOR_SIGNED_IN || strcmp(a->user.id, g->user_id) != 0)
        return;
    a->tier = g->tier;
    a->user.subscription_tier = g->tier;
    a->user.role = g->role;
}

static bool grant_to(struct actor *a, const bson_t *doc, enum tier tier, enum user_role role,
                     struct err *err)
{
    struct grant g = {.now = account_now(a)};
    struct user user;
    bool ok;

    if (!record_read(COLL_USERS, doc, &user, err))
        return false;
    ok = account_subscription(a, user.id, &g.sub, err);
    if (ok) {
        g.user_id = user.id;
        g.old_role = user.role;
        g.role = role == (enum user_role)ACTOR_KEEP_ROLE ? user.role : role;
        g.tier = tier == (enum tier)ACTOR_KEEP_TIER ? g.sub.tier : tier;
        ok = write_grant(a, &g, err);
        if (ok)
            follow(a, &g);
        record_finish(COLL_SUBSCRIPTIONS, &g.sub);
    }
    record_finish(COLL_USERS, &user);
    return ok;
}

bool actor_grant(struct actor *a, const char *email, enum tier tier, enum user_role role,
                 struct err *err)
{
    char *clean = account_email(email);
    struct query q;
    bool found = false, ok = false;
    bson_t doc;

    if (!may_grant(a, err))
        goto out;
    queries_user_by_email(&q, clean);
    if (!account_find(a->store, COLL_USERS, &q.where, &doc, &found, err))
        goto out;
    if (!found) {
        err_set(err, ERR_NOT_FOUND, 0, "Nobody is registered as %.100s", clean);
        goto out;
    }
    ok = grant_to(a, &doc, tier, role, err);
    bson_destroy(&doc);
out:
    free(clean);
    return ok;
}
