/* test_account_plans.c - the plans of a user: what create, update, archive and delete write and
 * tell the log; that nobody overwrites what somebody saved meanwhile; finding a plan by what a
 * person types. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "account/account_env.h"
#include "strattio/clock.h"

/* ---- creating and reading ------------------------------------------------------------------- */

static void a_new_plan_is_a_draft_of_its_user(void **state)
{
    struct env *env = *state;
    struct plan plan, read;
    bson_t doc;

    expect_ok(env_plan(env->ada, "Harbour Bakery", &plan, err));
    expect_ok(plan_repo_find(env->ada, plan.id, &read, err));
    assert_string_equal(read.name, "Harbour Bakery");
    assert_string_equal(read.user_id, env->ada->user.id);
    assert_int_equal(read.status, PLAN_STATUS_DRAFT);
    assert_int_equal(read.current_version, 0);
    assert_int_equal(plan_rev(&read), 1);
    assert_int_equal(doc_int(read.metadata, "schema", 0), 1);
    assert_true(doc_num(read.intake_data, "price_per_unit", 0) == 4.2);
    assert_int_equal(read.completed_at, RECORD_NONE);
    assert_true(env_audit(env->ada, AUDIT_PLAN_CREATED, &doc));
    assert_string_equal(doc_str(&doc, "plan_id", ""), plan.id);
    assert_string_equal(doc_str(&doc, "resource_type", ""), "plan");
    assert_string_equal(doc_str(&doc, "new_value.name", ""), "Harbour Bakery");
    assert_false(doc_has(&doc, "old_value"));
    bson_destroy(&doc);
    record_finish(COLL_PLANS, &plan);
    record_finish(COLL_PLANS, &read);
}

static void a_duplicate_is_told_as_one(void **state)
{
    struct env *env = *state;
    struct plan plan, copy;
    bson_t doc;

    expect_ok(env_plan(env->ada, "Harbour Bakery", &plan, err));
    env_draft(&copy, "Harbour Bakery 2");
    doc_set_str(copy.metadata, "duplicated_from", plan.id);
    expect_ok(plan_repo_create(env->ada, &copy, err));
    assert_true(env_audit(env->ada, AUDIT_PLAN_CREATED, &doc));
    assert_string_equal(doc_str(&doc, "metadata.reason", ""), "duplicate");
    bson_destroy(&doc);
    record_finish(COLL_PLANS, &plan);
    record_finish(COLL_PLANS, &copy);
}

static void the_list_pages_newest_first_without_answers(void **state)
{
    struct env *env = *state;
    struct plan_filter filter = {.status = PLAN_STATUS_COUNT, .limit = 2};
    struct plan_page page;
    char *after = NULL;
    int64_t count = -1;
    int seen = 0;

    for (int i = 0; i < 5; i++) {
        char name[32];
        struct plan plan;

        env->ada->clock_shift_ms += 1000;
        snprintf(name, sizeof name, "Plan %d", i);
        expect_ok(env_plan(env->ada, name, &plan, err));
        record_finish(COLL_PLANS, &plan);
    }
    do {
        filter.after = after;
        expect_ok(plan_repo_list(env->ada, &filter, &page, err));
        for (size_t i = 0; i < page.count; i++, seen++) {
            char name[32];

            snprintf(name, sizeof name, "Plan %d", 4 - seen);
            assert_string_equal(page.plans[i].name, name);
            assert_false(page.plans[i].intake_data &&
                         doc_has(page.plans[i].intake_data, "business_name"));
        }
        free(after);
        after = mem_str(page.next);
        plan_page_finish(&page);
    } while (after);
    assert_int_equal(seen, 5);
    expect_ok(plan_repo_count(env->ada, PLAN_STATUS_COUNT, &count, err));
    assert_int_equal(count, 5);
    expect_ok(plan_repo_count(env->ada, PLAN_STATUS_COMPLETE, &count, err));
    assert_int_equal(count, 0);
    filter = (struct plan_filter){.status = PLAN_STATUS_COMPLETE};
    expect_ok(plan_repo_list(env->ada, &filter, &page, err));
    assert_int_equal(page.count, 0);
    plan_page_finish(&page);
    filter = (struct plan_filter){.status = PLAN_STATUS_DRAFT, .whole = true};
    expect_ok(plan_repo_list(env->ada, &filter, &page, err));
    assert_int_equal(page.count, 5);
    assert_null(page.next);
    assert_true(doc_has(page.plans[0].intake_data, "business_name"));
    plan_page_finish(&page);
}

/* ---- updating ------------------------------------------------------------------------------- */

/* Creates a plan and reads it twice: as it is, and to be changed. */
static void open_plan(struct env *env, struct plan *before, struct plan *after)
{
    struct plan plan;

    expect_ok(env_plan(env->ada, "Harbour Bakery", &plan, err));
    expect_ok(plan_repo_find(env->ada, plan.id, before, err));
    expect_ok(plan_repo_find(env->ada, plan.id, after, err));
    record_finish(COLL_PLANS, &plan);
}

static void close_plan(struct plan *before, struct plan *after)
{
    record_finish(COLL_PLANS, before);
    record_finish(COLL_PLANS, after);
}

static void an_update_writes_and_tells_only_what_changed(void **state)
{
    struct env *env = *state;
    struct plan before, after, now;
    bson_t doc;

    open_plan(env, &before, &after);
    doc_set_num(after.intake_data, "price_per_unit", 5);
    doc_set_str(after.intake_data, "location_city", "Leith");
    doc_unset(after.intake_data, "business_name");
    doc_set_str(after.metadata, "client", "The quay");
    expect_ok(plan_repo_update(env->ada, &before, &after, err));
    assert_int_equal(plan_rev(&after), 2);
    expect_ok(plan_repo_find(env->ada, before.id, &now, err));
    assert_true(doc_equal(now.intake_data, after.intake_data));
    assert_string_equal(doc_str(now.metadata, "client", ""), "The quay");
    assert_int_equal(plan_rev(&now), 2);
    assert_int_equal(now.updated_at, after.updated_at);
    assert_int_equal(now.status, PLAN_STATUS_DRAFT);
    assert_true(env_audit(env->ada, AUDIT_PLAN_UPDATED, &doc));
    assert_int_equal(doc_count(&doc, "new_value"), 1);
    assert_int_equal(doc_count(&doc, "new_value.intake_data"), 3);
    assert_true(doc_num(&doc, "old_value.intake_data.price_per_unit", 0) == 4.2);
    assert_true(doc_num(&doc, "new_value.intake_data.price_per_unit", 0) == 5);
    assert_string_equal(doc_str(&doc, "new_value.intake_data.location_city", ""), "Leith");
    assert_false(doc_has(&doc, "old_value.intake_data.location_city"));
    assert_string_equal(doc_str(&doc, "old_value.intake_data.business_name", ""), "Harbour Bakery");
    bson_destroy(&doc);
    record_finish(COLL_PLANS, &now);
    close_plan(&before, &after);
}

static void nothing_changed_writes_nothing(void **state)
{
    struct env *env = *state;
    struct plan before, after;
    char was[SHA_HEX_LEN + 1], is[SHA_HEX_LEN + 1];

    open_plan(env, &before, &after);
    env_digest(env->ada, COLL_PLANS, "user_id", env->ada->user.id, was);
    expect_ok(plan_repo_update(env->ada, &before, &after, err));
    env_digest(env->ada, COLL_PLANS, "user_id", env->ada->user.id, is);
    assert_string_equal(was, is);
    assert_int_equal(env_count(env->ada, COLL_AUDIT_LOGS, "action", "plan.updated"), 0);
    close_plan(&before, &after);
}

static void settings_alone_are_not_audited(void **state)
{
    struct env *env = *state;
    struct plan before, after;

    open_plan(env, &before, &after);
    doc_set_str(after.settings, "writer", "template");
    expect_ok(plan_repo_update(env->ada, &before, &after, err));
    assert_int_equal(plan_rev(&after), 2);
    assert_int_equal(env_count(env->ada, COLL_AUDIT_LOGS, "action", "plan.updated"), 0);
    close_plan(&before, &after);
}

static void what_somebody_saved_first_is_not_overwritten(void **state)
{
    struct env *env = *state;
    struct plan before, mine, theirs, now;

    open_plan(env, &before, &mine);
    expect_ok(plan_repo_find(env->ada, before.id, &theirs, err));
    doc_set_num(theirs.intake_data, "price_per_unit", 6);
    expect_ok(plan_repo_update(env->ada, &before, &theirs, err));
    doc_set_str(mine.intake_data, "location_city", "Leith");
    expect_err(ERR_CONFLICT, plan_repo_update(env->ada, &before, &mine, err));
    expect_ok(plan_repo_find(env->ada, before.id, &now, err));
    assert_true(doc_num(now.intake_data, "price_per_unit", 0) == 6);
    assert_false(doc_has(now.intake_data, "location_city"));
    assert_int_equal(env_count(env->ada, COLL_AUDIT_LOGS, "action", "plan.updated"), 1);
    record_finish(COLL_PLANS, &now);
    record_finish(COLL_PLANS, &theirs);
    close_plan(&before, &mine);
}

/* A run that renews its lease, and a new summary, are nobody's save. */
static void a_run_does_not_stop_the_user_from_saving(void **state)
{
    struct env *env = *state;
    struct plan before, after, running, now;
    struct plan_lease lease;
    bson_t summary = BSON_INITIALIZER;

    open_plan(env, &before, &after);
    expect_ok(plan_lease_take(env->ada, before.id, &lease, &running, err));
    lease.until -= LEASE_RENEW_MS;
    expect_ok(plan_lease_renew(env->ada, &lease, err));
    BSON_APPEND_INT32(&summary, "score", 71);
    expect_ok(plan_repo_summarise(env->ada, before.id, &summary, err));
    doc_set_str(after.intake_data, "location_city", "Leith");
    expect_ok(plan_repo_update(env->ada, &before, &after, err));
    expect_ok(plan_repo_find(env->ada, before.id, &now, err));
    assert_int_equal(plan_rev(&now), plan_rev(&after));
    assert_int_equal(now.status, PLAN_STATUS_GENERATING);
    assert_int_equal(doc_int(now.metadata, "summary.score", 0), 71);
    assert_string_equal(doc_str(now.intake_data, "location_city", ""), "Leith");
    expect_ok(plan_lease_renew(env->ada, &lease, err));
    bson_destroy(&summary);
    record_finish(COLL_PLANS, &now);
    record_finish(COLL_PLANS, &running);
    close_plan(&before, &after);
}

static void an_update_that_breaks_a_rule_writes_nothing(void **state)
{
    struct env *env = *state;
    struct plan before, after, now;

    open_plan(env, &before, &after);
    free(after.name);
    after.name = mem_str("");
    expect_err(ERR_INVALID, plan_repo_update(env->ada, &before, &after, err));
    free(after.name);
    after.name = mem_str("Harbour Bakery");
    BSON_APPEND_UTF8(after.intake_data, "dotted.name", "x");
    expect_err(ERR_INVALID, plan_repo_update(env->ada, &before, &after, err));
    expect_ok(plan_repo_find(env->ada, before.id, &now, err));
    assert_int_equal(plan_rev(&now), 1);
    record_finish(COLL_PLANS, &now);
    close_plan(&before, &after);
}

static void a_plan_another_program_wrote_can_be_saved(void **state)
{
    struct env *env = *state;
    struct where where = {0};
    struct plan before, after;
    struct patch patch;
    int64_t matched;
    char id[ID_LEN + 1];

    open_plan(env, &before, &after);
    memcpy(id, before.id, sizeof id);
    close_plan(&before, &after);
    where_id(&where, "_id", id);
    patch_init(&patch);
    patch_unset(&patch, "metadata"); /* it knows no revisions */
    expect_ok(store_patch(env->ada->store, COLL_PLANS, &where, &patch, &matched, err));
    patch_finish(&patch);
    expect_ok(plan_repo_find(env->ada, id, &before, err));
    expect_ok(plan_repo_find(env->ada, id, &after, err));
    doc_set_str(after.intake_data, "location_city", "Leith");
    expect_ok(plan_repo_update(env->ada, &before, &after, err));
    assert_int_equal(plan_rev(&after), 1);
    expect_err(ERR_CONFLICT, plan_repo_update(env->ada, &before, &after, err));
    close_plan(&before, &after);
}

/* ---- archiving and deleting ----------------------------------------------------------------- */

static void an_archived_plan_comes_back_as_it_was(void **state)
{
    struct env *env = *state;
    struct plan plan, now;
    bson_t doc;

    expect_ok(env_plan(env->ada, "Harbour Bakery", &plan, err));
    expect_ok(plan_repo_archive(env->ada, plan.id, true, err));
    expect_ok(plan_repo_archive(env->ada, plan.id, true, err)); /* again: nothing to do */
    expect_ok(plan_repo_find(env->ada, plan.id, &now, err));
    assert_int_equal(now.status, PLAN_STATUS_ARCHIVED);
    assert_string_equal(doc_str(now.metadata, "archived_from", ""), "draft");
    record_finish(COLL_PLANS, &now);
    assert_true(env_audit(env->ada, AUDIT_PLAN_UPDATED, &doc));
    assert_string_equal(doc_str(&doc, "metadata.reason", ""), "archive");
    assert_string_equal(doc_str(&doc, "old_value.status", ""), "draft");
    bson_destroy(&doc);
    expect_ok(plan_repo_archive(env->ada, plan.id, false, err));
    expect_ok(plan_repo_find(env->ada, plan.id, &now, err));
    assert_int_equal(now.status, PLAN_STATUS_DRAFT);
    assert_false(doc_has(now.metadata, "archived_from"));
    record_finish(COLL_PLANS, &now);
    record_finish(COLL_PLANS, &plan);
}

static void fill(struct env *env, const char *plan_id)
{
    struct section section;
    struct research_pack pack;
    struct financial_model model;
    struct compliance_report report;
    struct export_job job;

    env_section(&section, plan_id, SECTION_TEAM, "Ada bakes and Bob does not.");
    env_pack(&pack, plan_id);
    env_model(&model, plan_id, 60);
    env_report(&report, plan_id);
    expect_ok(section_repo_put(env->ada, NULL, &section, err));
    expect_ok(research_repo_put(env->ada, NULL, &pack, err));
    expect_ok(model_repo_put(env->ada, NULL, &model, err));
    expect_ok(report_repo_put(env->ada, NULL, &report, err));
    expect_ok(export_repo_begin(env->ada, plan_id, EXPORT_MARKDOWN, &job, err));
    record_finish(COLL_SECTIONS, &section);
    record_finish(COLL_RESEARCH_PACKS, &pack);
    record_finish(COLL_FINANCIAL_MODELS, &model);
    record_finish(COLL_COMPLIANCE_REPORTS, &report);
    record_finish(COLL_EXPORTS, &job);
}

static void expect_deleted(struct env *env, const char *plan_id)
{
    static const enum collection gone[] = {COLL_SECTIONS, COLL_RESEARCH_PACKS,
                                           COLL_FINANCIAL_MODELS, COLL_COMPLIANCE_REPORTS};
    struct plan out;

    expect_err(ERR_NOT_FOUND, plan_repo_find(env->ada, plan_id, &out, err));
    for (size_t i = 0; i < ARRAY_LEN(gone); i++)
        assert_int_equal(env_count(env->ada, gone[i], "plan_id", plan_id), 0);
    assert_int_equal(env_count(env->ada, COLL_EXPORTS, "plan_id", plan_id), 1);
}

static void deleting_removes_the_children_and_keeps_exports_and_log(void **state)
{
    struct env *env = *state;
    struct export_job *jobs;
    struct audit_log *logs;
    struct plan plan, other;
    size_t count = 0;
    bson_t doc;

    expect_ok(env_plan(env->ada, "Harbour Bakery", &plan, err));
    expect_ok(env_plan(env->ada, "Stays", &other, err));
    fill(env, plan.id);
    fill(env, other.id);
    expect_ok(plan_repo_delete(env->ada, plan.id, err));
    expect_deleted(env, plan.id);
    assert_int_equal(env_count(env->ada, COLL_SECTIONS, "plan_id", other.id), 1);
    assert_int_equal(env_count(env->ada, COLL_FINANCIAL_MODELS, "plan_id", other.id), 1);
    assert_true(env_audit(env->ada, AUDIT_PLAN_DELETED, &doc));
    assert_string_equal(doc_str(&doc, "old_value.name", ""), "Harbour Bakery");
    assert_string_equal(doc_str(&doc, "old_value.status", ""), "draft");
    bson_destroy(&doc);
    expect_ok(export_repo_list(env->ada, plan.id, &jobs, &count, err));
    assert_int_equal(count, 1);
    record_finish(COLL_EXPORTS, &jobs[0]);
    free(jobs);
    expect_ok(audit_repo_list(env->ada, plan.id, 10, &logs, &count, err));
    assert_int_equal(count, 2);
    for (size_t i = 0; i < count; i++)
        record_finish(COLL_AUDIT_LOGS, &logs[i]);
    free(logs);
    record_finish(COLL_PLANS, &plan);
    record_finish(COLL_PLANS, &other);
}

static void a_deletion_that_died_is_finished_by_the_next(void **state)
{
    struct env *env = *state;
    struct where where = {0};
    struct plan plan, out;
    struct plan_lease lease;
    struct patch patch;
    int64_t matched;

    env->ada->store->transactions = false;
    expect_ok(env_plan(env->ada, "Harbour Bakery", &plan, err));
    fill(env, plan.id);
    where_id(&where, "_id", plan.id);
    patch_init(&patch); /* as far as a deletion without transactions got */
    patch_date(&patch, "metadata.deleting", clock_now_ms());
    expect_ok(store_patch(env->ada->store, COLL_PLANS, &where, &patch, &matched, err));
    patch_finish(&patch);
    expect_err(ERR_INVALID, plan_lease_take(env->ada, plan.id, &lease, &out, err));
    expect_ok(plan_repo_delete(env->ada, plan.id, err));
    expect_deleted(env, plan.id);
    assert_int_equal(env_count(env->ada, COLL_AUDIT_LOGS, "action", "plan.deleted"), 1);
    record_finish(COLL_PLANS, &plan);
}

static void a_generating_plan_is_neither_deleted_nor_archived(void **state)
{
    struct env *env = *state;
    struct plan plan, running;
    struct plan_lease lease;

    expect_ok(env_plan(env->ada, "Harbour Bakery", &plan, err));
    expect_ok(plan_lease_take(env->ada, plan.id, &lease, &running, err));
    expect_err(ERR_BUSY, plan_repo_delete(env->ada, plan.id, err));
    expect_err(ERR_BUSY, plan_repo_archive(env->ada, plan.id, true, err));
    expect_ok(plan_lease_end(env->ada, &lease, PLAN_STATUS_FAILED, "Cancelled", NULL, NULL, err));
    expect_ok(plan_repo_delete(env->ada, plan.id, err));
    record_finish(COLL_PLANS, &running);
    record_finish(COLL_PLANS, &plan);
}

/* ---- resolving ------------------------------------------------------------------------------ */

static void plans_are_found_by_what_a_person_types(void **state)
{
    static const char *const names[] = {"Harbour Bakery", "Harbour Bakery Two",
                                        "Harvest",        "Northwind Robotics",
                                        "\xc3\x89tude",   "Twice",
                                        "Twice"};
    static const struct {
        const char *ref, *finds; /* or NULL */
        enum err_code code;
        const char *says;
    } rows[] = {
        {"northwind", "Northwind Robotics", ERR_NONE, NULL},
        {"NORTHWIND ROBOTICS", "Northwind Robotics", ERR_NONE, NULL},
        {"harbour bakery", "Harbour Bakery", ERR_NONE, NULL}, /* exact wins */
        {"harbour bakery t", "Harbour Bakery Two", ERR_NONE, NULL},
        {"\xc3\xa9t", "\xc3\x89tude", ERR_NONE, NULL},
        {"harb", NULL, ERR_INVALID, "Harbour Bakery Two"},
        {"har", NULL, ERR_INVALID, "Harvest"},
        {"twice", NULL, ERR_INVALID, "use the id"},
        {"bakery", NULL, ERR_NOT_FOUND, "bakery"},
        {"0123456789abcdef01234567", NULL, ERR_NOT_FOUND, "0123456789abcdef01234567"},
        {"", NULL, ERR_INVALID, "plan"},
    };
    struct env *env = *state;
    struct plan plan;

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        expect_ok(env_plan(env->ada, names[i], &plan, err));
        if (i == 0) {
            struct plan out;

            expect_ok(plan_repo_resolve(env->ada, plan.id, &out, err));
            assert_string_equal(out.name, names[0]);
            assert_true(doc_has(out.intake_data, "business_name"));
            record_finish(COLL_PLANS, &out);
        }
        record_finish(COLL_PLANS, &plan);
    }
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct err err = {0};
        bool ok = plan_repo_resolve(env->ada, rows[i].ref, &plan, &err);

        if (ok != (rows[i].finds != NULL) || err.code != rows[i].code)
            fail_msg("\"%s\": code %d, %s", rows[i].ref, (int)err.code, err.msg);
        if (ok) {
            assert_string_equal(plan.name, rows[i].finds);
            record_finish(COLL_PLANS, &plan);
        } else if (!strstr(err.msg, rows[i].says)) {
            fail_msg("\"%s\": %s", rows[i].ref, err.msg);
        }
    }
}

/* ---- store info ----------------------------------------------------------------------------- */

/* On SQLite "SCAN" would be a walk over a table or a whole index. The planner of a server is its own:
 * one that scans where there is an index is told by the name of the query. */
static void every_query_uses_an_index(void **state)
{
    struct env *env = *state;
    struct err why = {0};
    size_t count;
    bson_t out;

    if (!actor_store_info(env->ada, true, &out, &why)) {
        assert_false(env_is_sqlite());
        assert_int_equal(why.code, ERR_UNSUPPORTED);
        print_message("%s\n", why.msg);
        return;
    }
    count = doc_count(&out, "queries");
    assert_true(count >= 16);
    for (size_t i = 0; i < count; i++) {
        char path[64];

        snprintf(path, sizeof path, "queries.%zu.uses_index", i);
        assert_true(doc_bool(&out, path, false));
        snprintf(path, sizeof path, "queries.%zu.how", i);
        if (env_is_sqlite())
            assert_null(strstr(doc_str(&out, path, "SCAN"), "SCAN"));
    }
    bson_destroy(&out);
    expect_ok(actor_store_info(env->ada, false, &out, err));
    assert_false(doc_has(&out, "queries"));
    bson_destroy(&out);
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, env_setup, env_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(a_new_plan_is_a_draft_of_its_user),
        WITH(a_duplicate_is_told_as_one),
        WITH(the_list_pages_newest_first_without_answers),
        WITH(an_update_writes_and_tells_only_what_changed),
        WITH(nothing_changed_writes_nothing),
        WITH(settings_alone_are_not_audited),
        WITH(what_somebody_saved_first_is_not_overwritten),
        WITH(a_run_does_not_stop_the_user_from_saving),
        WITH(an_update_that_breaks_a_rule_writes_nothing),
        WITH(a_plan_another_program_wrote_can_be_saved),
        WITH(an_archived_plan_comes_back_as_it_was),
        WITH(deleting_removes_the_children_and_keeps_exports_and_log),
        WITH(a_deletion_that_died_is_finished_by_the_next),
        WITH(a_generating_plan_is_neither_deleted_nor_archived),
        WITH(plans_are_found_by_what_a_person_types),
        WITH(every_query_uses_an_index),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
