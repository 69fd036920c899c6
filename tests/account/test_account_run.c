/* test_account_run.c - what a run writes: leases taken, renewed, taken over and lost; children
 * put in place once and replaced with a new version; a user's edit that neither run nor editor
 * overwrites. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/wait.h>
#include <unistd.h>

#include "account/account_env.h"
#include "account/child.h"

/* Ada's clock goes on by `ms`. */
static void later(struct env *env, int64_t ms)
{
    env->ada->clock_shift_ms += ms;
}

/* A plan of Ada's; its id is in `id`. */
static void make_plan(struct env *env, char id[ID_LEN + 1])
{
    struct plan plan;

    expect_ok(env_plan(env->ada, "Harbour Bakery", &plan, err));
    memcpy(id, plan.id, ID_LEN + 1);
    record_finish(COLL_PLANS, &plan);
}

static void take(struct env *env, const char *id, struct plan_lease *lease)
{
    struct plan plan;

    expect_ok(plan_lease_take(env->ada, id, lease, &plan, err));
    record_finish(COLL_PLANS, &plan);
}

/* ---- leases --------------------------------------------------------------------------------- */

static void taking_moves_the_plan_to_generating(void **state)
{
    struct env *env = *state;
    struct plan_lease lease;
    struct plan plan;
    char id[ID_LEN + 1];

    make_plan(env, id);
    expect_ok(plan_lease_take(env->ada, id, &lease, &plan, err));
    assert_int_equal(plan.status, PLAN_STATUS_GENERATING);
    assert_string_equal(doc_str(plan.generation_metadata, "lease.token", ""), lease.token);
    assert_int_equal(strlen(lease.token), LEASE_TOKEN_LEN);
    assert_true(doc_date(plan.generation_metadata, "lease.until", 0) == lease.until);
    assert_non_null(strchr(doc_str(plan.generation_metadata, "lease.owner", ""), '@'));
    assert_int_equal(plan_rev(&plan), 2);
    record_finish(COLL_PLANS, &plan);
}

static void a_live_lease_is_busy_and_says_whose_it_is(void **state)
{
    struct env *env = *state;
    struct plan_lease lease, other;
    struct err why = {0};
    struct plan plan;
    char id[ID_LEN + 1];

    make_plan(env, id);
    take(env, id, &lease);
    assert_false(plan_lease_take(env->ada, id, &other, &plan, &why));
    assert_int_equal(why.code, ERR_BUSY);
    assert_non_null(strchr(why.msg, '@'));
    assert_non_null(strstr(why.msg, "Harbour Bakery"));
}

static void a_lease_is_renewed_when_ten_seconds_went_by(void **state)
{
    struct env *env = *state;
    struct plan_lease lease;
    struct plan plan;
    int64_t until;
    char id[ID_LEN + 1];

    make_plan(env, id);
    take(env, id, &lease);
    until = lease.until;
    later(env, LEASE_RENEW_MS / 2);
    expect_ok(plan_lease_renew(env->ada, &lease, err));
    assert_int_equal(lease.until, until);
    later(env, LEASE_RENEW_MS / 2);
    expect_ok(plan_lease_renew(env->ada, &lease, err));
    assert_true(lease.until >= until + LEASE_RENEW_MS);
    expect_ok(plan_repo_find(env->ada, id, &plan, err));
    assert_true(doc_date(plan.generation_metadata, "lease.until", 0) == lease.until);
    record_finish(COLL_PLANS, &plan);
}

/* Past its end and the slack for clocks, not before. */
static void an_old_lease_is_taken_over_and_lost_to_its_holder(void **state)
{
    struct env *env = *state;
    struct plan_lease lease, taker;
    struct section section;
    struct plan plan;
    bson_t info = BSON_INITIALIZER;
    char id[ID_LEN + 1];

    make_plan(env, id);
    take(env, id, &lease);
    later(env, LEASE_MS + LEASE_SLACK_MS / 2);
    expect_err(ERR_BUSY, plan_lease_take(env->ada, id, &taker, &plan, err));
    later(env, LEASE_SLACK_MS / 2);
    take(env, id, &taker);
    expect_err(ERR_CONFLICT, plan_lease_renew(env->ada, &lease, err));
    assert_true(lease.lost);
    env_section(&section, id, SECTION_TEAM, "Written by who lost it.");
    expect_err(ERR_CONFLICT, section_repo_put(env->ada, &lease, &section, err));
    expect_err(ERR_CONFLICT, plan_lease_note(env->ada, &lease, "writing", &info, err));
    expect_err(ERR_CONFLICT,
               plan_lease_end(env->ada, &lease, PLAN_STATUS_COMPLETE, NULL, NULL, NULL, err));
    assert_int_equal(env_count(env->ada, COLL_SECTIONS, "plan_id", id), 0);
    expect_ok(section_repo_put(env->ada, &taker, &section, err));
    record_finish(COLL_SECTIONS, &section);
}

/* A lease lost without a renewal being due is noticed by the next child. */
static void a_child_is_not_written_under_a_token_that_is_gone(void **state)
{
    struct env *env = *state;
    struct plan_lease lease, forged;
    struct financial_model model;
    char id[ID_LEN + 1];

    make_plan(env, id);
    take(env, id, &lease);
    forged = lease;
    forged.token[0] = forged.token[0] == '0' ? '1' : '0';
    env_model(&model, id, 60);
    expect_err(ERR_CONFLICT, model_repo_put(env->ada, &forged, &model, err));
    assert_true(forged.lost);
    expect_ok(model_repo_put(env->ada, &lease, &model, err));
    record_finish(COLL_FINANCIAL_MODELS, &model);
}

/* Whoever was killed on this machine need not be waited for. */
static void the_lease_of_a_killed_process_is_free_at_once(void **state)
{
    struct env *env = *state;
    struct plan_lease lease;
    char id[ID_LEN + 1];
    pid_t child;
    int status;

    if (!env_is_sqlite())
        skip(); /* a server's connection does not survive fork() */
    make_plan(env, id);
    child = fork();
    if (child == 0) {
        struct actor *a = env_open(env->uri); /* Bob, by the session file */
        struct plan_lease held;
        struct err err = {0};
        struct plan plan;

        _exit(a && actor_login(a, "ada@example.org", ENV_PASSWORD, &err) &&
                      plan_lease_take(a, id, &held, &plan, &err)
                  ? 0
                  : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    take(env, id, &lease);
}

static void an_archived_plan_is_not_generated(void **state)
{
    struct env *env = *state;
    struct plan_lease lease;
    struct plan plan;
    char id[ID_LEN + 1];

    make_plan(env, id);
    expect_ok(plan_repo_archive(env->ada, id, true, err));
    expect_err(ERR_INVALID, plan_lease_take(env->ada, id, &lease, &plan, err));
}

static void notes_of_stages_are_kept(void **state)
{
    struct env *env = *state;
    struct plan_lease lease;
    struct plan plan;
    bson_t info = BSON_INITIALIZER;
    char id[ID_LEN + 1];

    make_plan(env, id);
    take(env, id, &lease);
    BSON_APPEND_UTF8(&info, "key", "abc");
    expect_ok(plan_lease_note(env->ada, &lease, "research", &info, err));
    expect_ok(plan_lease_note(env->ada, &lease, "finance", &info, err));
    expect_ok(plan_repo_find(env->ada, id, &plan, err));
    assert_string_equal(doc_str(plan.generation_metadata, "stages.research.key", ""), "abc");
    assert_string_equal(doc_str(plan.generation_metadata, "stages.finance.key", ""), "abc");
    bson_destroy(&info);
    record_finish(COLL_PLANS, &plan);
}

static void a_run_that_completes_is_told_and_counted(void **state)
{
    struct env *env = *state;
    struct plan_lease lease;
    struct plan plan;
    bson_t summary = BSON_INITIALIZER, timings = BSON_INITIALIZER, doc;
    char id[ID_LEN + 1];

    make_plan(env, id);
    BSON_APPEND_INT32(&summary, "score", 92);
    BSON_APPEND_INT64(&timings, "total_ms", 150);
    for (int version = 1; version <= 2; version++) {
        take(env, id, &lease);
        expect_ok(
            plan_lease_end(env->ada, &lease, PLAN_STATUS_COMPLETE, NULL, &summary, &timings, err));
        expect_ok(plan_repo_find(env->ada, id, &plan, err));
        assert_int_equal(plan.status, PLAN_STATUS_COMPLETE);
        assert_int_equal(plan.current_version, version);
        assert_true(plan.completed_at != RECORD_NONE);
        assert_null(plan.error);
        assert_false(doc_has(plan.generation_metadata, "lease"));
        assert_int_equal(doc_int(plan.generation_metadata, "total_ms", 0), 150);
        assert_int_equal(doc_int(plan.metadata, "summary.score", 0), 92);
        record_finish(COLL_PLANS, &plan);
    }
    assert_true(env_audit(env->ada, AUDIT_PLAN_GENERATED, &doc));
    assert_int_equal(doc_int(&doc, "new_value.current_version", 0), 2);
    bson_destroy(&doc);
    assert_int_equal(env_count(env->ada, COLL_AUDIT_LOGS, "action", "plan.generated"), 2);
    bson_destroy(&summary);
    bson_destroy(&timings);
}

static void a_run_that_fails_says_why_and_keeps_the_version(void **state)
{
    struct env *env = *state;
    struct plan_lease lease;
    struct plan plan;
    char id[ID_LEN + 1];

    make_plan(env, id);
    take(env, id, &lease);
    expect_ok(plan_lease_end(env->ada, &lease, PLAN_STATUS_FAILED, "Cancelled", NULL, NULL, err));
    expect_ok(plan_repo_find(env->ada, id, &plan, err));
    assert_int_equal(plan.status, PLAN_STATUS_FAILED);
    assert_string_equal(plan.error, "Cancelled");
    assert_int_equal(plan.current_version, 0);
    record_finish(COLL_PLANS, &plan);
    assert_int_equal(env_count(env->ada, COLL_AUDIT_LOGS, "action", "plan.generated"), 0);
    expect_ok(plan_lease_take(env->ada, id, &lease, &plan, err)); /* and may be tried again */
    assert_null(plan.error);
    record_finish(COLL_PLANS, &plan);
}

/* ---- children ------------------------------------------------------------------------------- */

static void a_child_is_replaced_in_place_with_a_new_version(void **state)
{
    struct env *env = *state;
    struct financial_model model, again, read;
    struct child child = {.coll = COLL_FINANCIAL_MODELS};
    char id[ID_LEN + 1], derived[ID_LEN + 1];

    make_plan(env, id);
    child.plan_id = id;
    child_id(&child, derived);
    env_model(&model, id, 60);
    doc_set_str(model.data, "gone", "soon");
    expect_ok(model_repo_put(env->ada, NULL, &model, err));
    assert_string_equal(model.id, derived);
    assert_int_equal(model.version, 1);
    env_model(&again, id, 61);
    expect_ok(model_repo_put(env->ada, NULL, &again, err));
    assert_string_equal(again.id, derived);
    assert_int_equal(again.version, 2);
    assert_int_equal(again.created_at, model.created_at);
    assert_int_equal(env_count(env->ada, COLL_FINANCIAL_MODELS, "plan_id", id), 1);
    expect_ok(model_repo_find(env->ada, id, &read, err));
    assert_int_equal(read.version, 2);
    assert_true(doc_num(read.data, "kpis.gross_margin_percent", 0) == 61);
    assert_false(doc_has(read.data, "gone"));
    assert_int_equal(doc_int(read.metadata, "rev", 0), 2);
    record_finish(COLL_FINANCIAL_MODELS, &model);
    record_finish(COLL_FINANCIAL_MODELS, &again);
    record_finish(COLL_FINANCIAL_MODELS, &read);
}

static void pack_and_report_grow_their_versions_too(void **state)
{
    struct env *env = *state;
    struct research_pack pack, read_pack;
    struct compliance_report report, read_report;
    char id[ID_LEN + 1];

    make_plan(env, id);
    for (int version = 1; version <= 3; version++) {
        env_pack(&pack, id);
        env_report(&report, id);
        expect_ok(research_repo_put(env->ada, NULL, &pack, err));
        expect_ok(report_repo_put(env->ada, NULL, &report, err));
        assert_int_equal(pack.version, version);
        assert_int_equal(report.version, version);
        record_finish(COLL_RESEARCH_PACKS, &pack);
        record_finish(COLL_COMPLIANCE_REPORTS, &report);
    }
    expect_ok(research_repo_find(env->ada, id, &read_pack, err));
    expect_ok(report_repo_find(env->ada, id, &read_report, err));
    assert_int_equal(read_pack.version, 3);
    assert_int_equal(read_report.version, 3);
    record_finish(COLL_RESEARCH_PACKS, &read_pack);
    record_finish(COLL_COMPLIANCE_REPORTS, &read_report);
}

static void what_is_not_there_yet_is_not_found(void **state)
{
    struct env *env = *state;
    struct section all[SECTION_COUNT], section;
    bool present[SECTION_COUNT];
    struct financial_model model;
    char id[ID_LEN + 1];

    make_plan(env, id);
    expect_err(ERR_NOT_FOUND, section_repo_find(env->ada, id, SECTION_TEAM, &section, err));
    expect_err(ERR_NOT_FOUND, model_repo_find(env->ada, id, &model, err));
    expect_ok(section_repo_list(env->ada, id, all, present, err));
    for (int type = 0; type < SECTION_COUNT; type++)
        assert_false(present[type]);
}

static void nine_sections_come_back_in_their_places(void **state)
{
    struct env *env = *state;
    struct section all[SECTION_COUNT], section;
    bool present[SECTION_COUNT];
    char id[ID_LEN + 1];

    make_plan(env, id);
    for (int type = SECTION_COUNT - 1; type >= 0; type--) {
        env_section(&section, id, type, "Ten characters and more.");
        expect_ok(section_repo_put(env->ada, NULL, &section, err));
        assert_int_equal(section.order_index, type);
        record_finish(COLL_SECTIONS, &section);
    }
    expect_ok(section_repo_list(env->ada, id, all, present, err));
    for (int type = 0; type < SECTION_COUNT; type++) {
        assert_true(present[type]);
        assert_int_equal(all[type].section_type, type);
        record_finish(COLL_SECTIONS, &all[type]);
    }
    assert_int_equal(env_count(env->ada, COLL_SECTIONS, "plan_id", id), SECTION_COUNT);
}

/* Two runs that both resumed, or a run and an import, cannot make two of one. */
static void a_new_section_is_inserted_only_if_absent(void **state)
{
    struct env *env = *state;
    struct section first, second;
    char id[ID_LEN + 1];

    make_plan(env, id);
    env_section(&first, id, SECTION_TEAM, "The first draft of it.");
    env_section(&second, id, SECTION_TEAM, "The second draft of it.");
    expect_ok(section_repo_put(env->ada, NULL, &first, err));
    expect_err(ERR_CONFLICT, section_repo_put(env->ada, NULL, &second, err));
    assert_int_equal(env_count(env->ada, COLL_SECTIONS, "plan_id", id), 1);
    record_finish(COLL_SECTIONS, &first);
    record_finish(COLL_SECTIONS, &second);
}

static void a_stale_section_is_not_put(void **state)
{
    struct env *env = *state;
    struct section written, stale, now;
    char id[ID_LEN + 1];

    make_plan(env, id);
    env_section(&written, id, SECTION_TEAM, "The first draft of it.");
    expect_ok(section_repo_put(env->ada, NULL, &written, err));
    expect_ok(section_repo_find(env->ada, id, SECTION_TEAM, &stale, err));
    free(written.content);
    written.content = mem_str("The second draft of it.");
    expect_ok(section_repo_put(env->ada, NULL, &written, err));
    assert_int_equal(doc_int(written.metadata, "rev", 0), 2);
    expect_err(ERR_CONFLICT, section_repo_put(env->ada, NULL, &stale, err));
    expect_ok(section_repo_find(env->ada, id, SECTION_TEAM, &now, err));
    assert_string_equal(now.content, "The second draft of it.");
    record_finish(COLL_SECTIONS, &written);
    record_finish(COLL_SECTIONS, &stale);
    record_finish(COLL_SECTIONS, &now);
}

static void a_section_another_program_wrote_keeps_its_id(void **state)
{
    struct env *env = *state;
    struct section theirs, ours, now;
    struct plan_lease lease;
    char id[ID_LEN + 1];
    const bson_t *docs[1];
    bson_t doc;

    make_plan(env, id);
    env_section(&theirs, id, SECTION_TEAM, "What the other program wrote.");
    theirs.order_index = SECTION_MARKET_ANALYSIS; /* and ordered in its own way */
    record_write(COLL_SECTIONS, &theirs, &doc);
    docs[0] = &doc; /* past our checks, as it does */
    expect_ok(env->ada->store->ops->insert_many(env->ada->store, COLL_SECTIONS, docs, 1, err));
    bson_destroy(&doc);
    take(env, id, &lease);
    env_section(&ours, id, SECTION_TEAM, "What our run writes over it.");
    expect_ok(section_repo_put(env->ada, &lease, &ours, err));
    assert_string_equal(ours.id, theirs.id);
    expect_err(ERR_NOT_FOUND, section_repo_find(env->ada, id, SECTION_MARKET_ANALYSIS, &now, err));
    expect_ok(section_repo_find(env->ada, id, SECTION_TEAM, &now, err));
    assert_string_equal(now.content, ours.content);
    assert_int_equal(now.order_index, SECTION_TEAM);
    assert_int_equal(env_count(env->ada, COLL_SECTIONS, "plan_id", id), 1);
    record_finish(COLL_SECTIONS, &theirs);
    record_finish(COLL_SECTIONS, &ours);
    record_finish(COLL_SECTIONS, &now);
}

/* ---- edits ---------------------------------------------------------------------------------- */

static void an_edit_is_told_with_source_and_content(void **state)
{
    struct env *env = *state;
    struct section s, now;
    char id[ID_LEN + 1];
    bson_t doc;

    make_plan(env, id);
    env_section(&s, id, SECTION_TEAM, "Ada bakes {{price:money2}}.");
    expect_ok(section_repo_put(env->ada, NULL, &s, err));
    free(s.content);
    s.content = mem_str("Ada bakes and sells.");
    doc_set_str(s.metadata, "source", "Ada bakes and sells.");
    expect_ok(section_repo_edit(env->ada, &s, AUDIT_SECTION_EDITED, "edit", err));
    assert_int_equal(doc_int(s.metadata, "rev", 0), 2);
    expect_ok(section_repo_find(env->ada, id, SECTION_TEAM, &now, err));
    assert_true(now.edited_by_user);
    assert_string_equal(now.last_edited_by, env->ada->user.id);
    assert_string_equal(now.content, "Ada bakes and sells.");
    assert_true(env_audit(env->ada, AUDIT_SECTION_EDITED, &doc));
    assert_string_equal(doc_str(&doc, "resource_type", ""), "section");
    assert_string_equal(doc_str(&doc, "resource_id", ""), s.id);
    assert_string_equal(doc_str(&doc, "old_value.source", ""), "Ada bakes {{price:money2}}.");
    assert_string_equal(doc_str(&doc, "old_value.content", ""), "Ada bakes {{price:money2}}.");
    assert_string_equal(doc_str(&doc, "new_value.source", ""), "Ada bakes and sells.");
    assert_string_equal(doc_str(&doc, "metadata.reason", ""), "edit");
    assert_string_equal(doc_str(&doc, "metadata.section_type", ""), "team");
    bson_destroy(&doc);
    record_finish(COLL_SECTIONS, &s);
    record_finish(COLL_SECTIONS, &now);
}

static void a_stale_edit_is_refused_and_not_told(void **state)
{
    struct env *env = *state;
    struct section s, stale, now;
    char id[ID_LEN + 1];

    make_plan(env, id);
    env_section(&s, id, SECTION_TEAM, "The first draft of it.");
    expect_ok(section_repo_put(env->ada, NULL, &s, err));
    expect_ok(section_repo_find(env->ada, id, SECTION_TEAM, &stale, err));
    expect_ok(section_repo_edit(env->ada, &s, AUDIT_SECTION_EDITED, "edit", err));
    free(stale.content);
    stale.content = mem_str("Written on the old one.");
    expect_err(ERR_CONFLICT,
               section_repo_edit(env->ada, &stale, AUDIT_SECTION_EDITED, "edit", err));
    expect_ok(section_repo_find(env->ada, id, SECTION_TEAM, &now, err));
    assert_string_equal(now.content, "The first draft of it.");
    assert_int_equal(env_count(env->ada, COLL_AUDIT_LOGS, "action", "section.edited"), 1);
    record_finish(COLL_SECTIONS, &s);
    record_finish(COLL_SECTIONS, &stale);
    record_finish(COLL_SECTIONS, &now);
}

static void a_run_never_replaces_what_the_user_edited(void **state)
{
    struct env *env = *state;
    struct section s, drafted, read, now;
    struct plan_lease lease;
    char id[ID_LEN + 1];

    make_plan(env, id);
    env_section(&s, id, SECTION_TEAM, "The first draft of it.");
    expect_ok(section_repo_put(env->ada, NULL, &s, err));
    take(env, id, &lease);
    expect_ok(section_repo_find(env->ada, id, SECTION_TEAM, &read, err)); /* the run reads it */
    free(s.content);
    s.content = mem_str("What the author says of it.");
    expect_ok(section_repo_edit(env->ada, &s, AUDIT_SECTION_EDITED, "edit", err));
    expect_err(ERR_CONFLICT, section_repo_put(env->ada, &lease, &read, err));
    env_section(&drafted, id, SECTION_TEAM, "A draft that never looked.");
    expect_err(ERR_CONFLICT, section_repo_put(env->ada, &lease, &drafted, err));
    assert_false(lease.lost);
    expect_ok(section_repo_find(env->ada, id, SECTION_TEAM, &now, err));
    assert_string_equal(now.content, "What the author says of it.");
    doc_set_str(now.metadata, "offered.source", "A draft offered beside it.");
    expect_ok(section_repo_put(env->ada, &lease, &now, err)); /* read at this rev: fine */
    record_finish(COLL_SECTIONS, &s);
    record_finish(COLL_SECTIONS, &read);
    record_finish(COLL_SECTIONS, &drafted);
    record_finish(COLL_SECTIONS, &now);
}

static void a_rewritten_section_is_regenerated_not_edited(void **state)
{
    struct env *env = *state;
    struct section s;
    char id[ID_LEN + 1];

    make_plan(env, id);
    env_section(&s, id, SECTION_TEAM, "The first draft of it.");
    expect_ok(section_repo_put(env->ada, NULL, &s, err));
    expect_ok(section_repo_edit(env->ada, &s, AUDIT_SECTION_REGENERATED, "rewrite", err));
    assert_false(s.edited_by_user);
    assert_int_equal(env_count(env->ada, COLL_AUDIT_LOGS, "action", "section.regenerated"), 1);
    record_finish(COLL_SECTIONS, &s);
}

static void what_another_program_wrote_is_kept_as_it_was(void **state)
{
    struct env *env = *state;
    struct audit_log *logs;
    struct section s;
    size_t count;
    char id[ID_LEN + 1], sha[SHA_HEX_LEN + 1];

    make_plan(env, id);
    env_section(&s, id, SECTION_TEAM, "What we rendered.");
    sha256_hex(s.content, strlen(s.content), sha);
    doc_set_str(s.metadata, "rendered_sha", sha);
    free(s.content);
    s.content = mem_str("What somebody wrote over it.");
    expect_ok(section_repo_put(env->ada, NULL, &s, err));
    free(s.content);
    s.content = mem_str("What we rendered.");
    expect_ok(section_repo_edit(env->ada, &s, AUDIT_SECTION_EDITED, "edit", err));
    expect_ok(audit_repo_list(env->ada, id, 1, &logs, &count, err));
    assert_int_equal(count, 1);
    assert_string_equal(doc_str(logs[0].old_value, "content", ""), "What somebody wrote over it.");
    assert_false(doc_has(logs[0].old_value, "source")); /* it is of the text before */
    assert_string_equal(doc_str(logs[0].new_value, "source", ""), "What we rendered.");
    record_finish(COLL_AUDIT_LOGS, &logs[0]);
    free(logs);
    record_finish(COLL_SECTIONS, &s);
}

/* ---- exports -------------------------------------------------------------------------------- */

static void an_export_is_pending_then_complete_and_told(void **state)
{
    struct env *env = *state;
    struct export_job job, *jobs;
    size_t count = 0;
    char id[ID_LEN + 1];
    bson_t doc;

    make_plan(env, id);
    expect_ok(export_repo_begin(env->ada, id, EXPORT_MARKDOWN, &job, err));
    assert_int_equal(env_count(env->ada, COLL_EXPORTS, "status", "pending"), 1);
    assert_int_equal(env_count(env->ada, COLL_AUDIT_LOGS, "action", "export.created"), 0);
    job.file_size = 1234;
    expect_ok(export_repo_end(env->ada, &job, true, "/tmp/plan.md", err));
    expect_err(ERR_NOT_FOUND, export_repo_end(env->ada, &job, true, "/tmp/plan.md", err));
    expect_ok(export_repo_list(env->ada, id, &jobs, &count, err));
    assert_int_equal(count, 1);
    assert_int_equal(jobs[0].status, EXPORT_COMPLETE);
    assert_int_equal(jobs[0].file_size, 1234);
    assert_int_equal(jobs[0].page_count, RECORD_NONE);
    assert_string_equal(doc_str(jobs[0].metadata, "path", ""), "/tmp/plan.md");
    assert_true(env_audit(env->ada, AUDIT_EXPORT_CREATED, &doc));
    assert_string_equal(doc_str(&doc, "new_value.format", ""), "markdown");
    assert_string_equal(doc_str(&doc, "plan_id", ""), id);
    bson_destroy(&doc);
    record_finish(COLL_EXPORTS, &jobs[0]);
    free(jobs);
    record_finish(COLL_EXPORTS, &job);
    expect_ok(export_repo_begin(env->ada, id, EXPORT_PDF, &job, err));
    expect_ok(export_repo_end(env->ada, &job, false, NULL, err));
    assert_int_equal(env_count(env->ada, COLL_EXPORTS, "status", "failed"), 1);
    assert_int_equal(env_count(env->ada, COLL_AUDIT_LOGS, "action", "export.created"), 1);
    record_finish(COLL_EXPORTS, &job);
}

static void exports_follow_the_tier(void **state)
{
    static const struct {
        enum tier tier;
        bool pdf, markdown;
    } rows[] = {
        {TIER_FREE, false, false},
        {TIER_STARTER, true, false},
        {TIER_PROFESSIONAL, true, true},
        {TIER_ENTERPRISE, true, true},
    };
    struct env *env = *state;
    struct export_job job;
    char id[ID_LEN + 1];

    make_plan(env, id);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct {
            enum export_format format;
            bool allowed;
        } tries[] = {{EXPORT_PDF, rows[i].pdf},
                     {EXPORT_MARKDOWN, rows[i].markdown},
                     {EXPORT_DOCX, rows[i].markdown},
                     {EXPORT_NOTION, rows[i].markdown}};

        /* granted by another program: this one still believes the old tier */
        expect_ok(actor_grant(env->bob, "ada@example.org", rows[i].tier, USER_ROLE_USER, err));
        for (size_t k = 0; k < ARRAY_LEN(tries); k++) {
            struct err why = {0};
            bool ok = export_repo_begin(env->ada, id, tries[k].format, &job, &why);

            if (ok)
                record_finish(COLL_EXPORTS, &job);
            else
                assert_int_equal(why.code, ERR_TIER);
            assert_int_equal(ok, tries[k].allowed);
        }
    }
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, env_setup, env_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(taking_moves_the_plan_to_generating),
        WITH(a_live_lease_is_busy_and_says_whose_it_is),
        WITH(a_lease_is_renewed_when_ten_seconds_went_by),
        WITH(an_old_lease_is_taken_over_and_lost_to_its_holder),
        WITH(a_child_is_not_written_under_a_token_that_is_gone),
        WITH(the_lease_of_a_killed_process_is_free_at_once),
        WITH(an_archived_plan_is_not_generated),
        WITH(notes_of_stages_are_kept),
        WITH(a_run_that_completes_is_told_and_counted),
        WITH(a_run_that_fails_says_why_and_keeps_the_version),
        WITH(a_child_is_replaced_in_place_with_a_new_version),
        WITH(pack_and_report_grow_their_versions_too),
        WITH(what_is_not_there_yet_is_not_found),
        WITH(nine_sections_come_back_in_their_places),
        WITH(a_new_section_is_inserted_only_if_absent),
        WITH(a_stale_section_is_not_put),
        WITH(a_section_another_program_wrote_keeps_its_id),
        WITH(an_edit_is_told_with_source_and_content),
        WITH(a_stale_edit_is_refused_and_not_told),
        WITH(a_run_never_replaces_what_the_user_edited),
        WITH(a_rewritten_section_is_regenerated_not_edited),
        WITH(what_another_program_wrote_is_kept_as_it_was),
        WITH(an_export_is_pending_then_complete_and_told),
        WITH(exports_follow_the_tier),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
