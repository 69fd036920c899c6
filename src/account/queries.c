/* queries.c - what the repositories ask. The table at the end names each for --explain. */
#include "account/queries.h"

#include "strattio/user.h"

void queries_user(struct query *q, const char *user_id)
{
    *q = (struct query){.limit = 1};
    where_id(&q->where, "_id", user_id);
}

void queries_user_by_email(struct query *q, const char *email)
{
    *q = (struct query){.limit = 1};
    where_str(&q->where, "email", WHERE_EQ, email);
}

/* Every user, in the order of the index on `created_at`. */
static void users_in_order(struct query *q)
{
    *q = (struct query){.limit = 1, .sort = "created_at"};
    where_date(&q->where, "created_at", WHERE_GE, 0);
}

void queries_first_user(struct query *q)
{
    users_in_order(q);
}

/* The reference has no index on `role`, so this walks the one on `created_at` past every user who
 * is no admin: once, before the first grant. */
void queries_admin(struct query *q)
{
    users_in_order(q);
    where_str(&q->where, "role", WHERE_EQ, role_name(USER_ROLE_ADMIN));
}

void queries_subscription(struct query *q, const char *user_id)
{
    *q = (struct query){.limit = 1};
    where_str(&q->where, "user_id", WHERE_EQ, user_id);
}

void queries_plan(struct query *q, const char *user_id, const char *plan_id)
{
    *q = (struct query){.limit = 1};
    where_id(&q->where, "_id", plan_id);
    where_str(&q->where, "user_id", WHERE_EQ, user_id);
}

void queries_plans(struct query *q, const char *user_id, enum plan_status status)
{
    *q = (struct query){.sort = "created_at", .descending = true};
    where_str(&q->where, "user_id", WHERE_EQ, user_id);
    if (status != PLAN_STATUS_COUNT)
        where_str(&q->where, "status", WHERE_EQ, plan_status_name(status));
}

void queries_section(struct query *q, const char *plan_id, enum section_type type)
{
    *q = (struct query){.limit = 1};
    where_str(&q->where, "plan_id", WHERE_EQ, plan_id);
    where_int(&q->where, "order_index", WHERE_EQ, type);
}

void queries_sections(struct query *q, const char *plan_id)
{
    *q = (struct query){.sort = "order_index"};
    where_str(&q->where, "plan_id", WHERE_EQ, plan_id);
}

void queries_child(struct query *q, const char *plan_id)
{
    *q = (struct query){.sort = "version", .descending = true, .limit = 1};
    where_str(&q->where, "plan_id", WHERE_EQ, plan_id);
}

static void newest_of(struct query *q, const char *user_id, const char *plan_id)
{
    *q = (struct query){.sort = "created_at", .descending = true};
    where_str(&q->where, "user_id", WHERE_EQ, user_id);
    if (plan_id)
        where_str(&q->where, "plan_id", WHERE_EQ, plan_id);
}

void queries_exports(struct query *q, const char *user_id, const char *plan_id)
{
    newest_of(q, user_id, plan_id);
}

void queries_audits(struct query *q, const char *user_id, const char *plan_id)
{
    newest_of(q, user_id, plan_id);
}

void queries_audit(struct query *q, const char *user_id, const char *id)
{
    *q = (struct query){.limit = 1};
    where_id(&q->where, "_id", id);
    where_str(&q->where, "user_id", WHERE_EQ, user_id);
}

/* ---- for --explain -------------------------------------------------------------------------- */

static void user(struct query *q, const char *user_id, const char *plan_id)
{
    (void)plan_id;
    queries_user(q, user_id);
}

static void user_by_email(struct query *q, const char *user_id, const char *plan_id)
{
    (void)user_id;
    (void)plan_id;
    queries_user_by_email(q, "nobody@example.org");
}

static void first_user(struct query *q, const char *user_id, const char *plan_id)
{
    (void)user_id;
    (void)plan_id;
    queries_first_user(q);
}

static void admin(struct query *q, const char *user_id, const char *plan_id)
{
    (void)user_id;
    (void)plan_id;
    queries_admin(q);
}

static void subscription(struct query *q, const char *user_id, const char *plan_id)
{
    (void)plan_id;
    queries_subscription(q, user_id);
}

static void plans(struct query *q, const char *user_id, const char *plan_id)
{
    (void)plan_id;
    queries_plans(q, user_id, PLAN_STATUS_COUNT);
}

static void plans_by_status(struct query *q, const char *user_id, const char *plan_id)
{
    (void)plan_id;
    queries_plans(q, user_id, PLAN_STATUS_DRAFT);
}

static void section(struct query *q, const char *user_id, const char *plan_id)
{
    (void)user_id;
    queries_section(q, plan_id, SECTION_TEAM);
}

static void sections(struct query *q, const char *user_id, const char *plan_id)
{
    (void)user_id;
    queries_sections(q, plan_id);
}

static void child(struct query *q, const char *user_id, const char *plan_id)
{
    (void)user_id;
    queries_child(q, plan_id);
}

static void own_audits(struct query *q, const char *user_id, const char *plan_id)
{
    (void)plan_id;
    queries_audits(q, user_id, NULL);
}

const struct named_query queries_table[] = {
    {"a user by id", COLL_USERS, user},
    {"a user by e-mail", COLL_USERS, user_by_email},
    {"the first user", COLL_USERS, first_user},
    {"any admin", COLL_USERS, admin},
    {"a user's subscription", COLL_SUBSCRIPTIONS, subscription},
    {"a plan", COLL_PLANS, queries_plan},
    {"a user's plans, newest first", COLL_PLANS, plans},
    {"a user's plans of one status", COLL_PLANS, plans_by_status},
    {"a section", COLL_SECTIONS, section},
    {"a plan's sections in order", COLL_SECTIONS, sections},
    {"a plan's research pack", COLL_RESEARCH_PACKS, child},
    {"a plan's financial model", COLL_FINANCIAL_MODELS, child},
    {"a plan's compliance report", COLL_COMPLIANCE_REPORTS, child},
    {"a plan's exports", COLL_EXPORTS, queries_exports},
    {"a plan's history", COLL_AUDIT_LOGS, queries_audits},
    {"an entry of a history", COLL_AUDIT_LOGS, queries_audit},
    {"a user's history", COLL_AUDIT_LOGS, own_audits},
    {NULL, COLL_COUNT, NULL},
};
