/* test_account_copy.c - from a laptop to the office and back: owners change, ids stay, nothing is
 * doubled, what changed on one side is brought, what changed on both is named and left; and the
 * rule that decides it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "account/account_env.h"
#include "account/copy_rule.h"

/* The laptop's owner is `env->ada`'s person; the office is the shared store with Ada and Bob. */
struct sides {
    struct env *env;
    struct actor *laptop, *office;
};

static int setup(void **state)
{
    struct sides *s = mem_zero(1, sizeof *s);
    struct err err = {0};
    void *env = NULL;
    char *uri;

    if (env_setup(&env) != 0)
        return -1;
    s->env = env;
    s->office = s->env->ada;
    uri = mem_printf("sqlite:%s/laptop.db", s->env->folder);
    s->laptop = actor_open(uri, ENV_TIMEOUT_MS, &err);
    free(uri);
    *state = s;
    return s->laptop && actor_begin(s->laptop, "Ada", "ada@home.example", &err) ? 0 : -1;
}

static int teardown(void **state)
{
    struct sides *s = *state;
    void *env = s->env;

    actor_close(s->laptop);
    free(s);
    return env_teardown(&env);
}

struct counts {
    int64_t plans, inserted, updated, unchanged;
    size_t conflicts, skipped;
};

static void expect_copy(struct actor *from, struct actor *to, struct counts want)
{
    bson_t report;

    expect_ok(actor_copy_all(from, to, &report, err));
    assert_int_equal(doc_int(&report, "plans", -1), want.plans);
    assert_int_equal(doc_int(&report, "inserted", -1), want.inserted);
    assert_int_equal(doc_int(&report, "updated", -1), want.updated);
    assert_int_equal(doc_count(&report, "conflicts"), want.conflicts);
    assert_int_equal(doc_count(&report, "skipped"), want.skipped);
    bson_destroy(&report);
}

/* A plan on the laptop with one of each child; its id is in `id`. Six documents and one log
 * entry. */
static void make_plan(struct sides *s, char id[ID_LEN + 1])
{
    struct plan plan;
    struct section section;
    struct research_pack pack;
    struct financial_model model;
    struct compliance_report report;
    struct export_job job;

    expect_ok(env_plan(s->laptop, "Harbour Bakery", &plan, err));
    memcpy(id, plan.id, ID_LEN + 1);
    env_section(&section, id, SECTION_TEAM, "Ada bakes and Bob does not.");
    env_pack(&pack, id);
    env_model(&model, id, 60);
    env_report(&report, id);
    expect_ok(section_repo_put(s->laptop, NULL, &section, err));
    expect_ok(research_repo_put(s->laptop, NULL, &pack, err));
    expect_ok(model_repo_put(s->laptop, NULL, &model, err));
    expect_ok(report_repo_put(s->laptop, NULL, &report, err));
    expect_ok(export_repo_begin(s->laptop, id, EXPORT_MARKDOWN, &job, err));
    record_finish(COLL_PLANS, &plan);
    record_finish(COLL_SECTIONS, &section);
    record_finish(COLL_RESEARCH_PACKS, &pack);
    record_finish(COLL_FINANCIAL_MODELS, &model);
    record_finish(COLL_COMPLIANCE_REPORTS, &report);
    record_finish(COLL_EXPORTS, &job);
}

static void set_city(struct actor *a, const char *id, const char *city)
{
    struct plan before, after;

    expect_ok(plan_repo_find(a, id, &before, err));
    expect_ok(plan_repo_find(a, id, &after, err));
    doc_set_str(after.intake_data, "location_city", city);
    expect_ok(plan_repo_update(a, &before, &after, err));
    record_finish(COLL_PLANS, &before);
    record_finish(COLL_PLANS, &after);
}

static void expect_city(struct actor *a, const char *id, const char *city)
{
    struct plan plan;

    expect_ok(plan_repo_find(a, id, &plan, err));
    assert_string_equal(doc_str(plan.intake_data, "location_city", ""), city);
    record_finish(COLL_PLANS, &plan);
}

static void edit_team(struct actor *a, const char *id, const char *text)
{
    struct section s;

    expect_ok(section_repo_find(a, id, SECTION_TEAM, &s, err));
    free(s.content);
    s.content = mem_str(text);
    doc_set_str(s.metadata, "source", text);
    expect_ok(section_repo_edit(a, &s, AUDIT_SECTION_EDITED, "edit", err));
    record_finish(COLL_SECTIONS, &s);
}

static void expect_team(struct actor *a, const char *id, const char *text)
{
    struct section s;

    expect_ok(section_repo_find(a, id, SECTION_TEAM, &s, err));
    assert_string_equal(s.content, text);
    record_finish(COLL_SECTIONS, &s);
}

/* ---- one way -------------------------------------------------------------------------------- */

static void everything_of_the_user_becomes_theirs_there(void **state)
{
    struct sides *s = *state;
    struct subscription sub;
    struct section section;
    struct audit_log *logs;
    struct export_job *jobs;
    struct plan plan;
    size_t count = 0;
    char id[ID_LEN + 1];

    make_plan(s, id);
    edit_team(s->laptop, id, "Ada bakes, Bob sells.");
    expect_copy(s->laptop, s->office, (struct counts){.plans = 1, .inserted = 8});
    expect_ok(plan_repo_find(s->office, id, &plan, err));
    assert_string_equal(plan.user_id, s->office->user.id);
    assert_string_equal(plan.name, "Harbour Bakery");
    record_finish(COLL_PLANS, &plan);
    expect_ok(section_repo_find(s->office, id, SECTION_TEAM, &section, err));
    assert_string_equal(section.last_edited_by, s->office->user.id);
    record_finish(COLL_SECTIONS, &section);
    expect_ok(export_repo_list(s->office, id, &jobs, &count, err));
    assert_int_equal(count, 1);
    record_finish(COLL_EXPORTS, &jobs[0]);
    free(jobs);
    expect_ok(audit_repo_list(s->office, id, 10, &logs, &count, err));
    assert_int_equal(count, 2); /* created, edited: the history came along */
    for (size_t i = 0; i < count; i++)
        record_finish(COLL_AUDIT_LOGS, &logs[i]);
    free(logs);
    expect_ok(account_subscription(s->office, s->office->user.id, &sub, err));
    assert_int_equal(sub.plans_created_this_month, 0); /* copying makes no plan */
    record_finish(COLL_SUBSCRIPTIONS, &sub);
    expect_err(ERR_NOT_FOUND, plan_repo_find(s->env->bob, id, &plan, err));
}

static void again_doubles_nothing_and_brings_what_changed(void **state)
{
    struct sides *s = *state;
    char id[ID_LEN + 1], was[SHA_HEX_LEN + 1], is[SHA_HEX_LEN + 1];

    make_plan(s, id);
    expect_copy(s->laptop, s->office, (struct counts){.plans = 1, .inserted = 7});
    env_digest(s->office, COLL_PLANS, "user_id", s->office->user.id, was);
    expect_copy(s->laptop, s->office, (struct counts){.plans = 1});
    env_digest(s->office, COLL_PLANS, "user_id", s->office->user.id, is);
    assert_string_equal(was, is);
    set_city(s->laptop, id, "Leith");
    edit_team(s->laptop, id, "Ada bakes, Bob sells.");
    expect_copy(s->laptop, s->office, (struct counts){.plans = 1, .updated = 2, .inserted = 2});
    expect_city(s->office, id, "Leith");
    expect_team(s->office, id, "Ada bakes, Bob sells.");
    expect_copy(s->laptop, s->office, (struct counts){.plans = 1});
    assert_int_equal(env_count(s->office, COLL_SECTIONS, "plan_id", id), 1);
    assert_int_equal(env_count(s->office, COLL_FINANCIAL_MODELS, "plan_id", id), 1);
    assert_int_equal(env_count(s->office, COLL_AUDIT_LOGS, "plan_id", id), 3);
}

/* ---- both ways ------------------------------------------------------------------------------ */

static void changes_go_back_and_forth(void **state)
{
    struct sides *s = *state;
    char id[ID_LEN + 1];

    make_plan(s, id);
    expect_copy(s->laptop, s->office, (struct counts){.plans = 1, .inserted = 7});
    set_city(s->office, id, "Leith");
    expect_copy(s->laptop, s->office, (struct counts){.plans = 1}); /* the office is ahead */
    expect_city(s->office, id, "Leith");
    expect_copy(s->office, s->laptop, (struct counts){.plans = 1, .updated = 1, .inserted = 1});
    expect_city(s->laptop, id, "Leith");
    set_city(s->laptop, id, "Granton");
    expect_copy(s->laptop, s->office, (struct counts){.plans = 1, .updated = 1, .inserted = 1});
    expect_city(s->office, id, "Granton");
    set_city(s->office, id, "Leith"); /* back to an older answer is a change, too */
    expect_copy(s->laptop, s->office, (struct counts){.plans = 1});
    expect_city(s->office, id, "Leith");
    expect_copy(s->office, s->laptop, (struct counts){.plans = 1, .updated = 1, .inserted = 1});
    expect_city(s->laptop, id, "Leith");
}

static void a_section_changed_on_both_sides_is_named_and_left(void **state)
{
    struct sides *s = *state;
    char id[ID_LEN + 1];
    bson_t report;

    make_plan(s, id);
    expect_copy(s->laptop, s->office, (struct counts){.plans = 1, .inserted = 7});
    edit_team(s->laptop, id, "What the laptop says.");
    edit_team(s->office, id, "What the office says.");
    set_city(s->laptop, id, "Leith");
    expect_ok(actor_copy_all(s->laptop, s->office, &report, err));
    assert_int_equal(doc_count(&report, "conflicts"), 1);
    assert_string_equal(doc_str(&report, "conflicts.0", ""), "Harbour Bakery: team");
    assert_int_equal(doc_int(&report, "updated", -1), 1); /* the answers came */
    bson_destroy(&report);
    expect_team(s->laptop, id, "What the laptop says.");
    expect_team(s->office, id, "What the office says.");
    edit_team(s->laptop, id, "What the office says."); /* settled by hand */
    expect_copy(s->laptop, s->office, (struct counts){.plans = 1, .inserted = 1});
}

static void answers_changed_on_both_sides_leave_the_whole_plan(void **state)
{
    struct sides *s = *state;
    char id[ID_LEN + 1];
    bson_t report;

    make_plan(s, id);
    expect_copy(s->laptop, s->office, (struct counts){.plans = 1, .inserted = 7});
    set_city(s->laptop, id, "Leith");
    set_city(s->office, id, "Granton");
    edit_team(s->laptop, id, "What the laptop says.");
    expect_ok(actor_copy_all(s->laptop, s->office, &report, err));
    assert_int_equal(doc_count(&report, "conflicts"), 1);
    assert_string_equal(doc_str(&report, "conflicts.0", ""), "Harbour Bakery");
    assert_int_equal(doc_int(&report, "updated", -1), 0);
    bson_destroy(&report);
    expect_city(s->laptop, id, "Leith");
    expect_city(s->office, id, "Granton");
    expect_team(s->office, id, "Ada bakes and Bob does not.");
}

/* ---- what is not copied --------------------------------------------------------------------- */

static void a_plan_that_is_another_s_there_is_skipped(void **state)
{
    struct sides *s = *state;
    struct plan plan;
    char id[ID_LEN + 1];

    make_plan(s, id);
    expect_copy(s->laptop, s->env->bob, (struct counts){.plans = 1, .inserted = 7});
    expect_copy(s->laptop, s->office, (struct counts){.skipped = 1});
    expect_err(ERR_NOT_FOUND, plan_repo_find(s->office, id, &plan, err));
}

static void a_generating_plan_is_skipped(void **state)
{
    struct sides *s = *state;
    struct plan_lease lease;
    struct plan plan;
    char id[ID_LEN + 1];

    make_plan(s, id);
    expect_ok(plan_lease_take(s->laptop, id, &lease, &plan, err));
    record_finish(COLL_PLANS, &plan);
    expect_copy(s->laptop, s->office, (struct counts){.skipped = 1});
    expect_ok(plan_lease_end(s->laptop, &lease, PLAN_STATUS_COMPLETE, NULL, NULL, NULL, err));
    expect_copy(s->laptop, s->office, (struct counts){.plans = 1, .inserted = 8});
}

static void users_and_their_logs_stay_where_they_are(void **state)
{
    struct sides *s = *state;
    char id[ID_LEN + 1];

    make_plan(s, id);
    expect_copy(s->laptop, s->office, (struct counts){.plans = 1, .inserted = 7});
    assert_int_equal(env_count(s->office, COLL_USERS, "email", "ada@home.example"), 0);
    assert_int_equal(env_count(s->office, COLL_SUBSCRIPTIONS, "user_id", s->laptop->user.id), 0);
    assert_int_equal(env_count(s->office, COLL_AUDIT_LOGS, "user_id", s->laptop->user.id), 0);
}

static void both_sides_must_be_signed_in_and_different(void **state)
{
    struct sides *s = *state;
    bson_t report;

    expect_err(ERR_INVALID, actor_copy_all(s->laptop, s->laptop, &report, err));
    expect_ok(actor_logout(s->office, err));
    expect_err(ERR_SIGNED_OUT, actor_copy_all(s->laptop, s->office, &report, err));
    expect_err(ERR_SIGNED_OUT, actor_copy_all(s->office, s->laptop, &report, err));
}

/* A copy that broke off after the first side was marked goes on as if it had not begun. */
static void a_copy_that_broke_off_goes_on(void **state)
{
    struct sides *s = *state;
    struct where where = {0};
    int64_t matched;
    char id[ID_LEN + 1];

    make_plan(s, id);
    expect_copy(s->laptop, s->office, (struct counts){.plans = 1, .inserted = 7});
    where_str(&where, "plan_id", WHERE_EQ, id); /* as if these had never come */
    expect_ok(store_remove(s->office->store, COLL_SECTIONS, &where, &matched, err));
    expect_ok(store_remove(s->office->store, COLL_AUDIT_LOGS, &where, &matched, err));
    expect_copy(s->laptop, s->office, (struct counts){.plans = 1, .inserted = 2});
    edit_team(s->laptop, id, "Ada bakes, Bob sells.");
    expect_copy(s->laptop, s->office, (struct counts){.plans = 1, .updated = 1, .inserted = 1});
    expect_team(s->office, id, "Ada bakes, Bob sells.");
}

/* ---- the rule ------------------------------------------------------------------------------- */

enum { LAPTOP, OFFICE, OTHER, PLACES };

/* Documents {text, metadata} in three places, and what is done to them. */
struct place {
    bson_t *doc;
};

static void write_text(struct place *p, const char *text)
{
    if (!p->doc)
        p->doc = BCON_NEW("metadata", "{", "rev", BCON_INT32(0), "}");
    doc_set_str(p->doc, "text", text);
    doc_set_int(p->doc, "metadata.rev", doc_int(p->doc, "metadata.rev", 0) + 1);
}

static enum copy_verdict copy(struct place *from, struct place *to)
{
    enum copy_verdict verdict = copy_decide(from->doc, to->doc);
    bson_t stamp;

    if (verdict == COPY_BEHIND || verdict == COPY_BOTH)
        return verdict;
    copy_stamp(from->doc, to->doc, &stamp);
    doc_set_doc(from->doc, "metadata.copied", &stamp, false);
    bson_destroy(to->doc);
    to->doc = bson_copy(from->doc);
    bson_destroy(&stamp);
    return verdict;
}

/* "LO:new" copies from laptop to office; "L=a" writes a on the laptop. */
static void the_rule_follows_where_contents_were_shared(void **state)
{
    static const char *const stories[] = {
        "L=a LO:new LO:same L=b LO:bring LO:same",
        "L=a LO:new O=b LO:behind OL:bring OL:same L=c LO:bring",
        "L=a LO:new L=b O=c LO:both OL:both L=c LO:same O=d OL:bring",
        "L=a LO:new L=b LO:bring L=a LO:bring OL:same",
        "L=a LO:new L=b LO:bring O=a LO:behind OL:bring",
        "L=a LO:new OX:new X=b XO:bring LO:behind OL:bring",
        "L=a LO:new OX:new X=b XO:bring L=c LO:both OL:both",
        "L=a LO:new L=b L=c L=d LO:bring O=e OL:bring L=f LO:bring",
        "L=a LO:new L=b LO:bring L=c LO:bring L=d LO:bring L=e LO:bring O=f LO:behind OL:bring",
    };
    static const struct {
        const char *name;
        enum copy_verdict verdict;
    } verdicts[] = {{"new", COPY_NEW},
                    {"same", COPY_SAME},
                    {"bring", COPY_BRING},
                    {"behind", COPY_BEHIND},
                    {"both", COPY_BOTH}};
    static const char letters[] = "LOX";

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(stories); i++) {
        struct place places[PLACES] = {{NULL}, {NULL}, {NULL}};
        char *story = mem_str(stories[i]), *rest = story, *step;

        while ((step = strsep(&rest, " "))) {
            struct place *first = &places[strchr(letters, step[0]) - letters];
            enum copy_verdict got;

            if (step[1] == '=') {
                write_text(first, step + 2);
                continue;
            }
            got = copy(first, &places[strchr(letters, step[1]) - letters]);
            for (size_t v = 0; v < ARRAY_LEN(verdicts); v++)
                if (strcmp(verdicts[v].name, step + 3) == 0 && verdicts[v].verdict != got)
                    fail_msg("%s: at %s it was %s", stories[i], step, verdicts[got].name);
        }
        for (int p = 0; p < PLACES; p++)
            bson_destroy(places[p].doc);
        free(story);
    }
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(everything_of_the_user_becomes_theirs_there),
        WITH(again_doubles_nothing_and_brings_what_changed),
        WITH(changes_go_back_and_forth),
        WITH(a_section_changed_on_both_sides_is_named_and_left),
        WITH(answers_changed_on_both_sides_leave_the_whole_plan),
        WITH(a_plan_that_is_another_s_there_is_skipped),
        WITH(a_generating_plan_is_skipped),
        WITH(users_and_their_logs_stay_where_they_are),
        WITH(both_sides_must_be_signed_in_and_different),
        WITH(a_copy_that_broke_off_goes_on),
        cmocka_unit_test(the_rule_follows_where_contents_were_shared),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
