/* test_account_quota.c - the plans a month a tier includes: two terminals never both use the last
 * slot, a month starts anew exactly once, a crash costs no slot; with transactions and without. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>

#include "account/account_env.h"
#include "account/audit.h"
#include "account/quota.h"
#include "strattio/clock.h"

/* Runs once per way of writing: as the store does, and as one without transactions. */
static int setup_without(void **state)
{
    int rc = env_setup(state);
    struct env *env = *state;

    if (rc == 0)
        env->ada->store->transactions = env->bob->store->transactions = false;
    return rc;
}

static void make(struct actor *a, enum tier tier)
{
    expect_ok(actor_grant(a, a->user.email, tier, (enum user_role)ACTOR_KEEP_ROLE, err));
}

static int64_t at(const char *iso)
{
    int64_t ms = 0;

    if (!clock_parse(iso, &ms))
        fail_msg("%s is no time", iso);
    return ms;
}

/* A plan's document and entry as plan_repo_create() builds them, inserted at `now`. */
static bool insert_at(struct actor *a, int64_t now, struct err *err)
{
    struct plan plan;
    bson_t doc, audit;
    bool ok;

    env_draft(&plan, "A plan");
    plan.user_id = mem_str(a->user.id);
    plan.created_at = now;
    record_write(COLL_PLANS, &plan, &doc);
    audit_write(&(struct audit_entry){.user_id = a->user.id,
                                      .plan_id = plan.id,
                                      .action = AUDIT_PLAN_CREATED,
                                      .resource_type = "plan",
                                      .resource_id = plan.id,
                                      .now = now},
                &audit);
    ok = quota_insert(a, plan.id, &doc, &audit, now, err);
    bson_destroy(&doc);
    bson_destroy(&audit);
    record_finish(COLL_PLANS, &plan);
    return ok;
}

static void expect_count(struct actor *a, int64_t counted, int64_t plans)
{
    struct subscription sub;

    expect_ok(account_subscription(a, a->user.id, &sub, err));
    assert_int_equal(sub.plans_created_this_month, counted);
    assert_int_equal(doc_count(sub.metadata, "reserved"), 0);
    record_finish(COLL_SUBSCRIPTIONS, &sub);
    assert_int_equal(env_count(a, COLL_PLANS, "user_id", a->user.id), plans);
}

static void a_month_is_a_utc_calendar_month(void **state)
{
    static const struct {
        const char *now, *start, *end;
    } rows[] = {
        {"2026-11-24T09:30", "2026-11-01", "2026-12-01"},
        {"2026-12-31T23:59:59", "2026-12-01", "2027-01-01"},
        {"2028-02-29", "2028-02-01", "2028-03-01"},
        {"2027-01-01T00:00:00", "2027-01-01", "2027-02-01"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t start, end;

        quota_month(at(rows[i].now), &start, &end);
        assert_int_equal(start, at(rows[i].start));
        assert_int_equal(end, at(rows[i].end));
    }
}

static void free_is_one_plan_a_month_and_says_when_the_next_comes(void **state)
{
    struct env *env = *state;
    struct err why = {0};

    make(env->ada, TIER_FREE);
    expect_ok(insert_at(env->ada, at("2026-11-24"), err));
    assert_false(insert_at(env->ada, at("2026-11-30T23:59:59"), &why));
    assert_int_equal(why.code, ERR_QUOTA);
    assert_non_null(strstr(why.msg, "2026-12-01"));
    assert_non_null(strstr(why.msg, "1 plan a month"));
    expect_count(env->ada, 1, 1);
    assert_int_equal(env_count(env->ada, COLL_AUDIT_LOGS, "action", "plan.created"), 1);
}

static void starter_is_three_and_professional_unlimited(void **state)
{
    struct env *env = *state;

    make(env->ada, TIER_STARTER);
    for (int i = 0; i < 3; i++)
        expect_ok(insert_at(env->ada, at("2026-11-24"), err));
    expect_err(ERR_QUOTA, insert_at(env->ada, at("2026-11-24"), err));
    make(env->ada, TIER_PROFESSIONAL);
    for (int i = 0; i < 5; i++)
        expect_ok(insert_at(env->ada, at("2026-11-24"), err));
    expect_count(env->ada, 8, 8);
}

static void the_next_month_starts_at_nothing(void **state)
{
    struct env *env = *state;
    struct subscription sub;

    make(env->ada, TIER_FREE);
    expect_ok(insert_at(env->ada, at("2026-11-24"), err));
    expect_ok(insert_at(env->ada, at("2026-12-01"), err));
    expect_count(env->ada, 1, 2);
    expect_ok(account_subscription(env->ada, env->ada->user.id, &sub, err));
    assert_int_equal(sub.current_period_start, at("2026-12-01"));
    assert_int_equal(sub.current_period_end, at("2027-01-01"));
    record_finish(COLL_SUBSCRIPTIONS, &sub);
    expect_err(ERR_QUOTA, insert_at(env->ada, at("2026-12-02"), err));
    expect_ok(
        insert_at(env->ada, at("2027-03-15"), err)); /* months nobody created in are skipped */
}

static void deleting_gives_nothing_back(void **state)
{
    struct env *env = *state;
    struct plan plan, second;

    make(env->ada, TIER_FREE);
    expect_ok(env_plan(env->ada, "First", &plan, err));
    expect_ok(plan_repo_delete(env->ada, plan.id, err));
    expect_err(ERR_QUOTA, env_plan(env->ada, "Second", &second, err));
    record_finish(COLL_PLANS, &second);
    record_finish(COLL_PLANS, &plan);
}

static void a_plan_that_is_refused_costs_nothing(void **state)
{
    struct env *env = *state;
    struct plan plan;

    make(env->ada, TIER_FREE);
    expect_err(ERR_INVALID, env_plan(env->ada, "", &plan, err));
    record_finish(COLL_PLANS, &plan);
    expect_count(env->ada, 0, 0);
    expect_ok(env_plan(env->ada, "Now", &plan, err));
    record_finish(COLL_PLANS, &plan);
    expect_count(env->ada, 1, 1);
}

static void a_cancelled_subscription_counts_as_free(void **state)
{
    struct env *env = *state;
    struct where where = {0};
    struct patch patch;
    int64_t matched;

    where_str(&where, "user_id", WHERE_EQ, env->ada->user.id);
    patch_init(&patch);
    patch_str(&patch, "status", "cancelled");
    expect_ok(store_patch(env->ada->store, COLL_SUBSCRIPTIONS, &where, &patch, &matched, err));
    patch_finish(&patch);
    expect_ok(insert_at(env->ada, at("2026-11-24"), err));
    expect_err(ERR_QUOTA, insert_at(env->ada, at("2026-11-24"), err));
}

/* ---- two at once ---------------------------------------------------------------------------- */

enum { RIVALS = 4 };

struct rival {
    pthread_t thread;
    struct actor *a;
    pthread_barrier_t *start;
    bool won;
    struct err err;
};

static void *compete(void *arg)
{
    struct rival *r = arg;

    pthread_barrier_wait(r->start);
    r->won = insert_at(r->a, clock_now_ms(), &r->err);
    return NULL;
}

static void the_last_slot_goes_to_exactly_one(void **state)
{
    struct env *env = *state;
    struct rival rivals[RIVALS] = {0};
    pthread_barrier_t start;
    int won = 0;

    make(env->ada, TIER_FREE);
    pthread_barrier_init(&start, NULL, RIVALS);
    for (int i = 0; i < RIVALS; i++) {
        rivals[i].a = actor_clone(env->ada, &rivals[i].err);
        assert_non_null(rivals[i].a);
        rivals[i].a->store->transactions = env->ada->store->transactions;
        rivals[i].start = &start;
    }
    for (int i = 0; i < RIVALS; i++)
        assert_int_equal(pthread_create(&rivals[i].thread, NULL, compete, &rivals[i]), 0);
    for (int i = 0; i < RIVALS; i++) {
        pthread_join(rivals[i].thread, NULL);
        won += rivals[i].won;
        if (!rivals[i].won && rivals[i].err.code != ERR_QUOTA)
            fail_msg("rival %d: code %d, %s", i, (int)rivals[i].err.code, rivals[i].err.msg);
        actor_close(rivals[i].a);
    }
    pthread_barrier_destroy(&start);
    assert_int_equal(won, 1);
    expect_count(env->ada, 1, 1);
}

/* ---- crashes, without transactions ---------------------------------------------------------- */

/* What a crash between the note and the plan leaves. */
static void leave_note(struct actor *a, const char *plan_id, int64_t when)
{
    char *path = mem_printf("metadata.reserved.%s", plan_id);
    struct where where = {0};
    struct patch patch;
    int64_t matched = 0;

    where_str(&where, "user_id", WHERE_EQ, a->user.id);
    patch_init(&patch);
    patch_inc(&patch, "plans_created_this_month", 1);
    patch_date(&patch, path, when);
    expect_ok(store_patch(a->store, COLL_SUBSCRIPTIONS, &where, &patch, &matched, err));
    assert_int_equal(matched, 1);
    patch_finish(&patch);
    free(path);
}

static void a_crash_before_the_plan_gives_the_slot_back(void **state)
{
    struct env *env = *state;
    int64_t crash = at("2026-11-24T10:00");
    char id[ID_LEN + 1];

    make(env->ada, TIER_STARTER);
    expect_ok(insert_at(env->ada, crash, err));
    expect_ok(insert_at(env->ada, crash, err));
    id_new(id);
    leave_note(env->ada, id, crash); /* the third and last slot, its plan never came */
    expect_err(ERR_QUOTA, insert_at(env->ada, crash + 1000, err)); /* it may still be under way */
    expect_ok(insert_at(env->ada, crash + QUOTA_GRACE_MS, err));
    expect_count(env->ada, 3, 3);
    expect_err(ERR_QUOTA, insert_at(env->ada, crash + 2 * QUOTA_GRACE_MS, err));
}

static void a_crash_after_the_plan_leaves_it_counted_once(void **state)
{
    struct env *env = *state;
    int64_t crash = at("2026-11-24T10:00");
    struct plan plan;
    bson_t doc;

    make(env->ada, TIER_STARTER);
    expect_ok(insert_at(env->ada, crash, err));
    env_draft(&plan, "Came");
    plan.user_id = mem_str(env->ada->user.id);
    record_write(COLL_PLANS, &plan, &doc);
    leave_note(env->ada, plan.id, crash);
    expect_ok(store_insert(env->ada->store, COLL_PLANS, &doc, err));
    expect_ok(insert_at(env->ada, crash + 2 * QUOTA_GRACE_MS, err));
    expect_count(env->ada, 3, 3);
    expect_err(ERR_QUOTA, insert_at(env->ada, crash + 3 * QUOTA_GRACE_MS, err));
    bson_destroy(&doc);
    record_finish(COLL_PLANS, &plan);
}

/* A store whose insert of a plan is so late that another terminal gives its slot back and uses
 * it. */
static struct {
    struct store_ops ops;
    const struct store_ops *real;
    struct actor *other;
    int64_t now;
    bool done;
} slow;

static bool slow_insert_many(struct store *s, enum collection coll, const bson_t *const *docs,
                             size_t count, struct err *err)
{
    struct err ignored = {0};

    if (coll == COLL_PLANS && !slow.done) {
        slow.done = true;
        if (!insert_at(slow.other, slow.now + QUOTA_GRACE_MS, &ignored))
            return err_set(err, ERR_IO, 0, "the other terminal: %s", ignored.msg);
    }
    return slow.real->insert_many(s, coll, docs, count, err);
}

/* Ada's store with `insert_many` in the place of its own, and another terminal of hers. */
static void slow_down(struct env *env,
                      bool (*insert_many)(struct store *s, enum collection coll,
                                          const bson_t *const *docs, size_t count, struct err *err))
{
    struct err none = {0};

    make(env->ada, TIER_FREE);
    slow.other = actor_clone(env->ada, &none);
    assert_non_null(slow.other);
    slow.other->store->transactions = false;
    slow.real = env->ada->store->ops;
    slow.ops = *slow.real;
    slow.ops.insert_many = insert_many;
    slow.now = at("2026-11-24T10:00");
    slow.done = false;
    env->ada->store->ops = &slow.ops;
}

static void speed_up(struct env *env)
{
    env->ada->store->ops = slow.real;
    assert_true(slow.done);
    expect_count(env->ada, 1, 1);
    actor_close(slow.other);
}

static void a_plan_that_comes_too_late_is_taken_back(void **state)
{
    struct env *env = *state;

    slow_down(env, slow_insert_many);
    expect_err(ERR_QUOTA, insert_at(env->ada, slow.now, err));
    speed_up(env);
}

/* Another terminal looks at the notes when the plan is there and its note is about to go. */
static bool looked_at_insert_many(struct store *s, enum collection coll, const bson_t *const *docs,
                                  size_t count, struct err *err)
{
    struct err refused = {0};

    if (!slow.real->insert_many(s, coll, docs, count, err))
        return false;
    if (coll == COLL_PLANS && !slow.done) {
        slow.done = true;
        if (insert_at(slow.other, slow.now, &refused) || refused.code != ERR_QUOTA)
            return err_set(err, ERR_IO, 0, "the other terminal got a slot: %s", refused.msg);
    }
    return true;
}

static void a_look_from_elsewhere_costs_a_new_plan_nothing(void **state)
{
    struct env *env = *state;

    slow_down(env, looked_at_insert_many);
    expect_ok(insert_at(env->ada, slow.now, err));
    speed_up(env);
}

static void notes_do_not_outlive_their_month(void **state)
{
    struct env *env = *state;
    char id[ID_LEN + 1];

    make(env->ada, TIER_FREE);
    expect_ok(insert_at(env->ada, at("2026-10-05"), err));
    id_new(id);
    leave_note(env->ada, id, at("2026-10-31T23:59:59"));
    expect_ok(insert_at(env->ada, at("2026-11-01T00:00:01"), err));
    expect_count(env->ada, 1, 2);
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, env_setup, env_teardown)
#define WITHOUT(test)                                                                              \
    {                                                                                              \
#test "_without_transactions", test, setup_without, env_teardown, NULL                     \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_month_is_a_utc_calendar_month),
        WITH(free_is_one_plan_a_month_and_says_when_the_next_comes),
        WITHOUT(free_is_one_plan_a_month_and_says_when_the_next_comes),
        WITH(starter_is_three_and_professional_unlimited),
        WITHOUT(starter_is_three_and_professional_unlimited),
        WITH(the_next_month_starts_at_nothing),
        WITHOUT(the_next_month_starts_at_nothing),
        WITH(deleting_gives_nothing_back),
        WITHOUT(deleting_gives_nothing_back),
        WITH(a_plan_that_is_refused_costs_nothing),
        WITHOUT(a_plan_that_is_refused_costs_nothing),
        WITH(a_cancelled_subscription_counts_as_free),
        WITH(the_last_slot_goes_to_exactly_one),
        WITHOUT(the_last_slot_goes_to_exactly_one),
        WITHOUT(a_crash_before_the_plan_gives_the_slot_back),
        WITHOUT(a_crash_after_the_plan_leaves_it_counted_once),
        WITHOUT(a_plan_that_comes_too_late_is_taken_back),
        WITHOUT(a_look_from_elsewhere_costs_a_new_plan_nothing),
        WITHOUT(notes_do_not_outlive_their_month),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
