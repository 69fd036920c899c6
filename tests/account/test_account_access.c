/* test_account_access.c - what belongs to Ada, Bob can neither read, change nor delete, in each
 * of the nine collections; and nobody who is not signed in can do anything. Ada's documents are
 * compared byte by byte before and after everything Bob tries. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "account/account_env.h"

static const struct {
    enum collection coll;
    const char *field;
    bool of_plan;
} owned[] = {
    {COLL_USERS, "_id", false},
    {COLL_SUBSCRIPTIONS, "user_id", false},
    {COLL_PLANS, "user_id", false},
    {COLL_SECTIONS, "plan_id", true},
    {COLL_RESEARCH_PACKS, "plan_id", true},
    {COLL_FINANCIAL_MODELS, "plan_id", true},
    {COLL_COMPLIANCE_REPORTS, "plan_id", true},
    {COLL_EXPORTS, "user_id", false},
    {COLL_AUDIT_LOGS, "user_id", false},
};

struct belongings { /* one of everything of Ada's */
    struct plan plan;
    struct section section;
    struct research_pack pack;
    struct financial_model model;
    struct compliance_report report;
    struct export_job job;
    char digests[ARRAY_LEN(owned)][SHA_HEX_LEN + 1];
};

static void take_digests(struct env *env, struct belongings *b)
{
    for (size_t i = 0; i < ARRAY_LEN(owned); i++)
        env_digest(env->ada, owned[i].coll, owned[i].field,
                   owned[i].of_plan ? b->plan.id : env->ada->user.id, b->digests[i]);
}

static void make_belongings(struct env *env, struct belongings *b)
{
    expect_ok(env_plan(env->ada, "Harbour Bakery", &b->plan, err));
    env_section(&b->section, b->plan.id, SECTION_TEAM, "Ada bakes and Bob does not.");
    env_pack(&b->pack, b->plan.id);
    env_model(&b->model, b->plan.id, 60);
    env_report(&b->report, b->plan.id);
    expect_ok(section_repo_put(env->ada, NULL, &b->section, err));
    expect_ok(research_repo_put(env->ada, NULL, &b->pack, err));
    expect_ok(model_repo_put(env->ada, NULL, &b->model, err));
    expect_ok(report_repo_put(env->ada, NULL, &b->report, err));
    expect_ok(export_repo_begin(env->ada, b->plan.id, EXPORT_MARKDOWN, &b->job, err));
    take_digests(env, b);
}

static void expect_untouched(struct env *env, const struct belongings *b)
{
    struct belongings now = {.plan = b->plan};

    take_digests(env, &now);
    for (size_t i = 0; i < ARRAY_LEN(owned); i++)
        if (strcmp(now.digests[i], b->digests[i]) != 0)
            fail_msg("Bob changed %s of Ada", collection_name(owned[i].coll));
}

static void finish_belongings(struct belongings *b)
{
    record_finish(COLL_PLANS, &b->plan);
    record_finish(COLL_SECTIONS, &b->section);
    record_finish(COLL_RESEARCH_PACKS, &b->pack);
    record_finish(COLL_FINANCIAL_MODELS, &b->model);
    record_finish(COLL_COMPLIANCE_REPORTS, &b->report);
    record_finish(COLL_EXPORTS, &b->job);
}

static void a_plan_of_another_does_not_exist(void **state)
{
    struct env *env = *state;
    struct belongings b;
    struct plan_page page;
    struct plan out, after = {0};
    struct plan_filter all = {.status = PLAN_STATUS_COUNT, .whole = true};
    struct plan_lease lease = {.until = INT64_MAX};
    bson_t empty = BSON_INITIALIZER;

    make_belongings(env, &b);
    expect_err(ERR_NOT_FOUND, plan_repo_find(env->bob, b.plan.id, &out, err));
    expect_err(ERR_NOT_FOUND, plan_repo_resolve(env->bob, b.plan.id, &out, err));
    expect_err(ERR_NOT_FOUND, plan_repo_resolve(env->bob, "Harbour Bakery", &out, err));
    expect_err(ERR_NOT_FOUND, plan_repo_resolve(env->bob, "Harb", &out, err));
    expect_ok(plan_repo_list(env->bob, &all, &page, err));
    assert_int_equal(page.count, 0);
    plan_page_finish(&page);
    expect_ok(plan_repo_find(env->ada, b.plan.id, &after, err));
    doc_set_str(after.intake_data, "business_name", "Bob's now");
    expect_err(ERR_NOT_FOUND, plan_repo_update(env->bob, &b.plan, &after, err));
    expect_err(ERR_NOT_FOUND, plan_repo_update(env->bob, &b.plan, &b.plan, err));
    expect_err(ERR_NOT_FOUND, plan_repo_archive(env->bob, b.plan.id, true, err));
    expect_err(ERR_NOT_FOUND, plan_repo_summarise(env->bob, b.plan.id, &empty, err));
    expect_err(ERR_NOT_FOUND, plan_lease_take(env->bob, b.plan.id, &lease, &out, err));
    expect_err(ERR_NOT_FOUND, plan_repo_delete(env->bob, b.plan.id, err));
    expect_untouched(env, &b);
    record_finish(COLL_PLANS, &after);
    finish_belongings(&b);
}

static void children_of_another_do_not_exist(void **state)
{
    struct env *env = *state;
    struct belongings b;
    struct section section, all[SECTION_COUNT];
    bool present[SECTION_COUNT];
    struct research_pack pack;
    struct financial_model model;
    struct compliance_report report;

    make_belongings(env, &b);
    expect_err(ERR_NOT_FOUND, section_repo_find(env->bob, b.plan.id, SECTION_TEAM, &section, err));
    expect_err(ERR_NOT_FOUND, section_repo_list(env->bob, b.plan.id, all, present, err));
    expect_err(ERR_NOT_FOUND, research_repo_find(env->bob, b.plan.id, &pack, err));
    expect_err(ERR_NOT_FOUND, model_repo_find(env->bob, b.plan.id, &model, err));
    expect_err(ERR_NOT_FOUND, report_repo_find(env->bob, b.plan.id, &report, err));
    expect_err(ERR_NOT_FOUND, section_repo_put(env->bob, NULL, &b.section, err));
    expect_err(ERR_NOT_FOUND,
               section_repo_edit(env->bob, &b.section, AUDIT_SECTION_EDITED, NULL, err));
    expect_err(ERR_NOT_FOUND, research_repo_put(env->bob, NULL, &b.pack, err));
    expect_err(ERR_NOT_FOUND, model_repo_put(env->bob, NULL, &b.model, err));
    expect_err(ERR_NOT_FOUND, report_repo_put(env->bob, NULL, &b.report, err));
    expect_untouched(env, &b);
    finish_belongings(&b);
}

static void exports_and_log_of_another_do_not_exist(void **state)
{
    struct env *env = *state;
    struct belongings b;
    struct export_job job, *jobs;
    struct audit_log *logs;
    size_t count = 0;

    make_belongings(env, &b);
    expect_err(ERR_NOT_FOUND, export_repo_begin(env->bob, b.plan.id, EXPORT_PDF, &job, err));
    expect_err(ERR_NOT_FOUND, export_repo_list(env->bob, b.plan.id, &jobs, &count, err));
    expect_err(ERR_NOT_FOUND, export_repo_end(env->bob, &b.job, true, "/tmp/mine", err));
    expect_err(ERR_NOT_FOUND, audit_repo_list(env->bob, b.plan.id, 10, &logs, &count, err));
    expect_ok(audit_repo_list(env->bob, NULL, 100, &logs, &count, err));
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(logs[i].user_id, env->bob->user.id);
        record_finish(COLL_AUDIT_LOGS, &logs[i]);
    }
    free(logs);
    expect_untouched(env, &b);
    finish_belongings(&b);
}

static void user_and_subscription_of_another_are_out_of_reach(void **state)
{
    struct env *env = *state;
    struct belongings b;
    struct plan mine;

    make_belongings(env, &b);
    expect_ok(actor_grant(env->ada, "ada@example.org", TIER_STARTER, USER_ROLE_ADMIN, err));
    take_digests(env, &b);
    expect_err(ERR_DENIED,
               actor_grant(env->bob, "ada@example.org", TIER_FREE, USER_ROLE_USER, err));
    expect_err(ERR_DENIED,
               actor_grant(env->bob, "bob@example.org", TIER_ENTERPRISE, USER_ROLE_ADMIN, err));
    expect_err(ERR_DENIED,
               actor_grant(env->bob, "nobody@example.org", TIER_FREE, USER_ROLE_USER, err));
    expect_ok(env_plan(env->bob, "Mine", &mine, err)); /* takes a slot of Bob's, not of Ada's */
    expect_ok(actor_set_password(env->bob, ENV_PASSWORD, "another horse", err));
    expect_untouched(env, &b);
    record_finish(COLL_PLANS, &mine);
    finish_belongings(&b);
}

/* A lease of Ada's run, word for word, is of no use to Bob. */
static void a_stolen_lease_opens_nothing(void **state)
{
    struct env *env = *state;
    struct plan_lease lease, stolen;
    struct belongings b;
    struct plan running;
    bson_t info = BSON_INITIALIZER;

    make_belongings(env, &b);
    expect_ok(plan_lease_take(env->ada, b.plan.id, &lease, &running, err));
    take_digests(env, &b);
    stolen = lease;
    expect_err(ERR_CONFLICT, plan_lease_note(env->bob, &stolen, "research", &info, err));
    stolen = lease;
    expect_err(ERR_CONFLICT, section_repo_put(env->bob, &stolen, &b.section, err));
    stolen = lease;
    expect_err(ERR_CONFLICT, model_repo_put(env->bob, &stolen, &b.model, err));
    stolen = lease;
    expect_err(ERR_NOT_FOUND,
               plan_lease_end(env->bob, &stolen, PLAN_STATUS_COMPLETE, NULL, NULL, NULL, err));
    expect_untouched(env, &b);
    record_finish(COLL_PLANS, &running);
    finish_belongings(&b);
}

static void nobody_signed_in_gets_nothing(void **state)
{
    struct env *env = *state;
    struct plan_filter all = {.status = PLAN_STATUS_COUNT};
    struct plan_lease lease = {.until = INT64_MAX};
    struct belongings b;
    struct audit_log *logs;
    struct export_job job;
    struct actor *nobody;
    struct plan_page page;
    struct plan out, draft;
    size_t count;

    make_belongings(env, &b);
    expect_ok(actor_logout(env->bob, err));
    nobody = env->bob;
    assert_null(actor_user(nobody));
    env_draft(&draft, "Nobody's");
    expect_err(ERR_SIGNED_OUT, plan_repo_create(nobody, &draft, err));
    expect_err(ERR_SIGNED_OUT, plan_repo_find(nobody, b.plan.id, &out, err));
    expect_err(ERR_SIGNED_OUT, plan_repo_resolve(nobody, "Harb", &out, err));
    expect_err(ERR_SIGNED_OUT, plan_repo_list(nobody, &all, &page, err));
    expect_err(ERR_SIGNED_OUT, plan_repo_update(nobody, &b.plan, &draft, err));
    expect_err(ERR_SIGNED_OUT, plan_repo_archive(nobody, b.plan.id, true, err));
    expect_err(ERR_SIGNED_OUT, plan_repo_delete(nobody, b.plan.id, err));
    expect_err(ERR_SIGNED_OUT, plan_lease_take(nobody, b.plan.id, &lease, &out, err));
    expect_err(ERR_SIGNED_OUT, section_repo_put(nobody, &lease, &b.section, err));
    expect_err(ERR_SIGNED_OUT, model_repo_put(nobody, NULL, &b.model, err));
    expect_err(ERR_SIGNED_OUT, export_repo_begin(nobody, b.plan.id, EXPORT_PDF, &job, err));
    expect_err(ERR_SIGNED_OUT, audit_repo_list(nobody, NULL, 1, &logs, &count, err));
    expect_untouched(env, &b);
    record_finish(COLL_PLANS, &draft);
    finish_belongings(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_plan_of_another_does_not_exist, env_setup, env_teardown),
        cmocka_unit_test_setup_teardown(children_of_another_do_not_exist, env_setup, env_teardown),
        cmocka_unit_test_setup_teardown(exports_and_log_of_another_do_not_exist, env_setup,
                                        env_teardown),
        cmocka_unit_test_setup_teardown(user_and_subscription_of_another_are_out_of_reach,
                                        env_setup, env_teardown),
        cmocka_unit_test_setup_teardown(a_stolen_lease_opens_nothing, env_setup, env_teardown),
        cmocka_unit_test_setup_teardown(nobody_signed_in_gets_nothing, env_setup, env_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
