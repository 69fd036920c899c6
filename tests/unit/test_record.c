/* test_record.c - the nine records:
 *   a new record of every collection, once its required texts are given, passes validation
 *   every rule of the reference refuses what breaks it and names the field
 *   reading and writing give back what was there, unknown fields too
 *   a document of a newer program is refused
 *   schema: indexes are the reference's; the validator and the listings say what the rows say */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/schema.h"
#include "strattio/audit_log.h"
#include "strattio/compliance_report.h"
#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/export_job.h"
#include "strattio/financial_model.h"
#include "strattio/json.h"
#include "strattio/mem.h"
#include "strattio/plan.h"
#include "strattio/record.h"
#include "strattio/research_pack.h"
#include "strattio/section.h"
#include "strattio/strbuf.h"
#include "strattio/subscription.h"
#include "strattio/user.h"

#define SOME_ID "0123456789abcdef01234567"

union any {
    struct user user;
    struct subscription subscription;
    struct plan plan;
    struct section section;
    struct research_pack pack;
    struct financial_model model;
    struct compliance_report report;
    struct export_job job;
    struct audit_log log;
};

/* A document of `coll` that is valid and has its required texts. */
static void valid_doc(enum collection coll, bson_t *out)
{
    static const struct {
        enum collection coll;
        const char *field, *text;
    } texts[] = {
        {COLL_USERS, "email", "ada@example.org"},
        {COLL_USERS, "password_hash", ""},
        {COLL_USERS, "name", "Ada"},
        {COLL_SUBSCRIPTIONS, "user_id", SOME_ID},
        {COLL_PLANS, "user_id", SOME_ID},
        {COLL_PLANS, "name", "Harbour Bakery"},
        {COLL_SECTIONS, "plan_id", SOME_ID},
        {COLL_SECTIONS, "title", "Executive summary"},
        {COLL_SECTIONS, "content", "Ten chars."},
        {COLL_RESEARCH_PACKS, "plan_id", SOME_ID},
        {COLL_FINANCIAL_MODELS, "plan_id", SOME_ID},
        {COLL_COMPLIANCE_REPORTS, "plan_id", SOME_ID},
        {COLL_COMPLIANCE_REPORTS, "template_id", "UK_STARTUP_LOAN"},
        {COLL_EXPORTS, "plan_id", SOME_ID},
        {COLL_EXPORTS, "user_id", SOME_ID},
        {COLL_AUDIT_LOGS, "resource_type", "plan"},
        {COLL_AUDIT_LOGS, "resource_id", SOME_ID},
    };
    union any rec;

    record_init(coll, &rec);
    record_write(coll, &rec, out);
    record_finish(coll, &rec);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (texts[i].coll == coll)
            doc_set_str(out, texts[i].field, texts[i].text);
}

static void a_new_record_is_valid(void **state)
{
    (void)state;
    for (int c = 0; c < COLL_COUNT; c++) {
        struct err err = {0};
        bson_t doc;

        valid_doc((enum collection)c, &doc);
        if (!record_validate((enum collection)c, &doc, &err))
            fail_msg("%s", err.msg);
        assert_int_equal(doc_int(&doc, "metadata.schema", -1), SCHEMA_VERSION);
        assert_int_equal(doc_int(&doc, "metadata.rev", -1), c == COLL_AUDIT_LOGS ? -1 : 1);
        bson_destroy(&doc);
    }
}

/* ---- the rules ------------------------------------------------------------------------------ */

/* `json` is the value put at `path`; NULL takes the field away; "DATE" stands for a date. */
static const struct {
    enum collection coll;
    const char *path, *json;
    bool ok;
} rules[] = {
    {COLL_USERS, "email", "\"ada@host\"", true},
    {COLL_USERS, "email", "\"a.b+c@mail.example.co.uk\"", true},
    {COLL_USERS, "email", "\"j\\u00f6rg@b\\u00fccher.example\"", true},
    {COLL_USERS, "email", "\"Ada@example.org\"", false},
    {COLL_USERS, "email", "\"ada@Example.org\"", false},
    {COLL_USERS, "email", "\"\\u00c4da@example.org\"", false},
    {COLL_USERS, "email", "\"\"", false},
    {COLL_USERS, "email", "\"ada\"", false},
    {COLL_USERS, "email", "\"@example.org\"", false},
    {COLL_USERS, "email", "\"ada@\"", false},
    {COLL_USERS, "email", "\"ada@@example.org\"", false},
    {COLL_USERS, "email", "\"a da@example.org\"", false},
    {COLL_USERS, "email", "\"ada.@example.org\"", false},
    {COLL_USERS, "email", "\"a..b@example.org\"", false},
    {COLL_USERS, "email", "\"ada@example..org\"", false},
    {COLL_USERS, "email", "\"ada@-example.org\"", false},
    {COLL_USERS, "email", "\"ada@example-.org\"", false},
    {COLL_USERS, "email", "\"ada@example.org\\n\"", false},
    {COLL_USERS, "email", "\"ada@exa mple.org\"", false},
    {COLL_USERS, "email", "null", false},
    {COLL_USERS, "email", NULL, false},
    {COLL_USERS, "name", "12", false},
    {COLL_USERS, "role", "\"admin\"", true},
    {COLL_USERS, "role", "\"owner\"", false},
    {COLL_USERS, "role", "\"Admin\"", false},
    {COLL_USERS, "role", NULL, false},
    {COLL_USERS, "subscription_tier", "\"enterprise\"", true},
    {COLL_USERS, "subscription_tier", "\"gold\"", false},
    {COLL_USERS, "auth_provider", "\"linkedin\"", true},
    {COLL_USERS, "auth_provider", "\"github\"", false},
    {COLL_USERS, "email_verified", "\"yes\"", false},
    {COLL_USERS, "email_verified", NULL, true},
    {COLL_USERS, "email_verified", "null", false},
    {COLL_USERS, "last_login_at", "null", true},
    {COLL_USERS, "last_login_at", NULL, true},
    {COLL_USERS, "last_login_at", "DATE", true},
    {COLL_USERS, "created_at", "\"2026-11-24\"", false},
    {COLL_USERS, "created_at", "1700000000000", false},
    {COLL_USERS, "created_at", "null", false},
    {COLL_USERS, "settings", "[]", false},
    {COLL_USERS, "deleted_at", "DATE", true},
    {COLL_USERS, "_id", "\"" SOME_ID "\"", false},
    {COLL_USERS, "_id", NULL, false},

    {COLL_SUBSCRIPTIONS, "tier", "\"starter\"", true},
    {COLL_SUBSCRIPTIONS, "tier", "\"none\"", false},
    {COLL_SUBSCRIPTIONS, "status", "\"past_due\"", true},
    {COLL_SUBSCRIPTIONS, "status", "\"expired\"", false},
    {COLL_SUBSCRIPTIONS, "plan_limit", "1", true},
    {COLL_SUBSCRIPTIONS, "plan_limit", "2147483647", true},
    {COLL_SUBSCRIPTIONS, "plan_limit", "3.0", true},
    {COLL_SUBSCRIPTIONS, "plan_limit", "0", false},
    {COLL_SUBSCRIPTIONS, "plan_limit", "-1", false},
    {COLL_SUBSCRIPTIONS, "plan_limit", "1.5", false},
    {COLL_SUBSCRIPTIONS, "plans_created_this_month", "0", true},
    {COLL_SUBSCRIPTIONS, "plans_created_this_month", "-1", false},
    {COLL_SUBSCRIPTIONS, "plans_created_this_month", "\"3\"", false},
    {COLL_SUBSCRIPTIONS, "current_period_end", "DATE", true},
    {COLL_SUBSCRIPTIONS, "stripe_customer_id", "\"cus_1\"", true},
    {COLL_SUBSCRIPTIONS, "user_id", "\"ada\"", false},

    {COLL_PLANS, "name", "\"x\"", true},
    {COLL_PLANS, "name", "\"\"", false},
    {COLL_PLANS, "name", "\"two\\nlines\"", false},
    {COLL_PLANS, "name", "\"esc \\u001b[2J\"", false},
    {COLL_PLANS, "name", "\"c1 \\u009b\"", false},
    {COLL_PLANS, "status", "\"archived\"", true},
    {COLL_PLANS, "status", "\"done\"", false},
    {COLL_PLANS, "plan_purpose", "\"visa_innovator\"", true},
    {COLL_PLANS, "plan_purpose", "\"visa\"", false},
    {COLL_PLANS, "current_version", "2", true},
    {COLL_PLANS, "current_version", "-2", false},
    {COLL_PLANS, "intake_data", NULL, false},
    {COLL_PLANS, "intake_data", "{\"anything\": {\"else\": [1, \"two\", null]}}", true},
    {COLL_PLANS, "intake_data.business_name", "\"Harbour\"", true},
    {COLL_PLANS, "intake_data.business_name", "7", false},
    {COLL_PLANS, "intake_data.location_country", "\"GB\"", true},
    {COLL_PLANS, "intake_data.location_country", "\"gb\"", false},
    {COLL_PLANS, "intake_data.location_country", "\"GBR\"", false},
    {COLL_PLANS, "intake_data.revenue_model", "[\"sales\", \"rent\"]", true},
    {COLL_PLANS, "intake_data.revenue_model", "[\"sales\", 3]", false},
    {COLL_PLANS, "intake_data.revenue_model", "\"sales\"", false},
    {COLL_PLANS, "intake_data.starting_capital", "0", true},
    {COLL_PLANS, "intake_data.starting_capital", "1200.5", true},
    {COLL_PLANS, "intake_data.starting_capital", "\"12k\"", false},
    {COLL_PLANS, "intake_data.price_per_unit", "null", true},
    {COLL_PLANS, "intake_data.currency", "\"EUR\"", true},
    {COLL_PLANS, "intake_data.currency", "\"CHF\"", false},
    {COLL_PLANS, "intake_data.team_size", "true", false},
    {COLL_PLANS, "error", "null", true},
    {COLL_PLANS, "error", "\"Cancelled\"", true},
    {COLL_PLANS, "settings", "{}", true},
    {COLL_PLANS, "settings", NULL, true},
    {COLL_PLANS, "our_own", "{\"a\": 1}", true},

    {COLL_SECTIONS, "section_type", "\"executive_summary\"", true},
    {COLL_SECTIONS, "section_type", "\"introduction\"", false},
    {COLL_SECTIONS, "section_type", "\"team\"", false}, /* order_index is still 0 */
    {COLL_SECTIONS, "order_index", "3", false},
    {COLL_SECTIONS, "order_index", "9", false},
    {COLL_SECTIONS, "content", "\"nine char\"", false},
    {COLL_SECTIONS, "content", "\"\\u00e9\\u00e9\\u00e9\\u00e9\\u00e9\"", false},
    {COLL_SECTIONS, "content", "\"\\u00e9\\u00e9\\u00e9\\u00e9\\u00e9 five\"", true},
    {COLL_SECTIONS, "content", "\"lines\\nand\\ttabs\"", true},
    {COLL_SECTIONS, "word_count", "-1", false},
    {COLL_SECTIONS, "last_edited_by", "null", true},
    {COLL_SECTIONS, "last_edited_by", "\"" SOME_ID "\"", true},
    {COLL_SECTIONS, "last_edited_by", "\"me\"", false},
    {COLL_SECTIONS, "ai_generated", NULL, false},
    {COLL_SECTIONS, "data_citations",
     "[{\"cited_text\": \"t\", \"source_name\": \"ONS\", \"source_url\": null}]", true},
    {COLL_SECTIONS, "data_citations", "[{\"source_name\": 5}]", false},
    {COLL_SECTIONS, "data_citations", "[\"ONS\"]", false},
    {COLL_SECTIONS, "data_citations", "{}", false},

    {COLL_RESEARCH_PACKS, "quality_score", "100", true},
    {COLL_RESEARCH_PACKS, "quality_score", "62.5", true},
    {COLL_RESEARCH_PACKS, "quality_score", "null", true},
    {COLL_RESEARCH_PACKS, "quality_score", "100.1", false},
    {COLL_RESEARCH_PACKS, "quality_score", "-0.1", false},
    {COLL_RESEARCH_PACKS, "status", "\"pending\"", true},
    {COLL_RESEARCH_PACKS, "status", "\"draft\"", false},
    {COLL_RESEARCH_PACKS, "data_sources", "[\"ONS\"]", true},
    {COLL_RESEARCH_PACKS, "data_sources", "[1]", false},
    {COLL_RESEARCH_PACKS, "missing_data", "[\"a\", {\"field\": \"b\"}]", true},
    {COLL_RESEARCH_PACKS, "data.market_data.market_size_gbp", "null", true},
    {COLL_RESEARCH_PACKS, "data.market_data.market_size_gbp", "\"1m\"", false},
    {COLL_RESEARCH_PACKS, "data.competitor_data.top_competitors", "[{\"name\": \"x\"}]", true},
    {COLL_RESEARCH_PACKS, "data.competitor_data.top_competitors", "[\"x\"]", false},
    {COLL_RESEARCH_PACKS, "data.missing_data", "[{}]", false},
    {COLL_RESEARCH_PACKS, "data.fetch_errors", "[{\"source\": \"ONS\"}]", true},
    {COLL_RESEARCH_PACKS, "data.created_at", "DATE", false},

    {COLL_FINANCIAL_MODELS, "data.pnl_annual", "[{\"year\": 1, \"revenue\": 2.5}]", true},
    {COLL_FINANCIAL_MODELS, "data.pnl_annual", "[{\"year\": \"1\"}]", false},
    {COLL_FINANCIAL_MODELS, "data.pnl_annual", "[5]", false},
    {COLL_FINANCIAL_MODELS, "data.break_even.break_even_units_monthly", "null", true},
    {COLL_FINANCIAL_MODELS, "data.break_even.break_even_units_monthly", "\"inf\"", false},
    {COLL_FINANCIAL_MODELS, "data.kpis", "[]", false},
    {COLL_FINANCIAL_MODELS, "data.formulas_used",
     "[{\"metric\": \"m\", \"formula\": \"f\"}]", true},
    {COLL_FINANCIAL_MODELS, "data.formulas_used", "[{\"metric\": 1}]", false},
    {COLL_FINANCIAL_MODELS, "version", "0.5", false},

    {COLL_COMPLIANCE_REPORTS, "data.overall_status", "\"needs_attention\"", true},
    {COLL_COMPLIANCE_REPORTS, "data.overall_status", "\"ok\"", false},
    {COLL_COMPLIANCE_REPORTS, "data.score", "92", true},
    {COLL_COMPLIANCE_REPORTS, "data.score", "101", false},
    {COLL_COMPLIANCE_REPORTS, "data.score", "null", false},
    {COLL_COMPLIANCE_REPORTS, "data.checks",
     "[{\"rule_id\": \"A\", \"status\": \"pass\", \"suggestion\": null, \"outcome\": \"unknown\"}]",
     true},
    {COLL_COMPLIANCE_REPORTS, "data.checks", "[{\"status\": \"unknown\"}]", false},
    {COLL_COMPLIANCE_REPORTS, "template_id", "null", false},

    {COLL_EXPORTS, "format", "\"google_docs\"", true},
    {COLL_EXPORTS, "format", "\"xlsx\"", false},
    {COLL_EXPORTS, "status", "\"complete\"", true},
    {COLL_EXPORTS, "status", "\"ready\"", false},
    {COLL_EXPORTS, "file_size", "null", true},
    {COLL_EXPORTS, "file_size", "9007199254740992", true},
    {COLL_EXPORTS, "file_size", "-1", false},
    {COLL_EXPORTS, "download_count", NULL, true},

    {COLL_AUDIT_LOGS, "action", "\"section.regenerated\"", true},
    {COLL_AUDIT_LOGS, "action", "\"plan.read\"", false},
    {COLL_AUDIT_LOGS, "user_id", "null", true},
    {COLL_AUDIT_LOGS, "old_value", "{\"a\": 1}", true},
    {COLL_AUDIT_LOGS, "old_value", "\"a\"", false},
    {COLL_AUDIT_LOGS, "resource_id", NULL, false},

    {COLL_PLANS, "metadata", "{\"$set\": 1}", false},
    {COLL_PLANS, "metadata", "{\"\": 1}", false},
    {COLL_PLANS, "metadata", "{\"typed\": {\"products.0.price\": \"12k%\"}}", true},
};

static void put_json(bson_t *doc, const char *path, const char *json)
{
    struct err err = {0};
    char *text = mem_printf("{\"v\": %s}", json);
    bson_iter_t it;
    bson_t value;

    if (!json_read(text, strlen(text), &value, &err))
        fail_msg("%s: %s", text, err.msg);
    assert_true(bson_iter_init_find(&it, &value, "v"));
    doc_set(doc, path, bson_iter_value(&it));
    bson_destroy(&value);
    free(text);
}

static void every_rule_holds_and_names_the_field(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
        const char *name = collection_name(rules[i].coll);
        const char *json = rules[i].json ? rules[i].json : "(absent)";
        struct err err = {0};
        bson_t doc;
        bool ok;

        valid_doc(rules[i].coll, &doc);
        if (!rules[i].json)
            doc_unset(&doc, rules[i].path);
        else if (strcmp(json, "DATE") == 0)
            doc_set_date(&doc, rules[i].path, 1700000000000);
        else
            put_json(&doc, rules[i].path, json);
        ok = record_validate(rules[i].coll, &doc, &err);
        if (ok != rules[i].ok)
            fail_msg("%s.%s = %s: %s", name, rules[i].path, json, ok ? "was accepted" : err.msg);
        if (!ok) {
            assert_int_equal(err.code, ERR_INVALID);
            assert_memory_equal(err.msg, name, strlen(name));
        }
        bson_destroy(&doc);
    }
}

static void a_value_for_one_path_meets_the_same_rules(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
        struct err err = {0};
        bson_t value = BSON_INITIALIZER;
        bson_iter_t it;
        bool cross = strcmp(rules[i].path, "_id") == 0 || rules[i].coll == COLL_SECTIONS;

        if (rules[i].json && !cross && strcmp(rules[i].json, "DATE") != 0) {
            put_json(&value, "v", rules[i].json);
            assert_true(bson_iter_init_find(&it, &value, "v"));
            if (record_validate_at(rules[i].coll, rules[i].path, &it, &err) != rules[i].ok)
                fail_msg("%s = %s: %s", rules[i].path, rules[i].json, err.msg);
        }
        bson_destroy(&value);
    }
}

static void nothing_goes_inside_a_plain_value_or_replaces_an_id(void **state)
{
    bson_t value = BSON_INITIALIZER;
    struct err err = {0};
    bson_iter_t it;

    (void)state;
    BSON_APPEND_UTF8(&value, "v", "x");
    assert_true(bson_iter_init_find(&it, &value, "v"));
    assert_false(record_validate_at(COLL_PLANS, "name.first", &it, &err));
    assert_false(record_validate_at(COLL_PLANS, "_id", &it, &err));
    assert_true(record_validate_at(COLL_PLANS, "intake_data.products.0.name", &it, &err));
    assert_false(record_validate_at(COLL_SECTIONS, "data_citations.0", &it, &err));
    assert_true(record_validate_at(COLL_SECTIONS, "data_citations.0.source_name", &it, &err));
    assert_false(record_may_unset(COLL_PLANS, "name", &err));
    assert_true(record_may_unset(COLL_PLANS, "error", &err));
    assert_true(record_may_unset(COLL_PLANS, "intake_data.currency", &err));
    bson_destroy(&value);
}

static void a_name_has_1_to_200_characters_not_bytes(void **state)
{
    char name[3 * 201 + 1] = "";
    struct err err = {0};
    bson_t doc;

    (void)state;
    for (int i = 0; i < 200; i++)
        strcat(name, "\xe2\x82\xac");
    valid_doc(COLL_PLANS, &doc);
    doc_set_str(&doc, "name", name);
    assert_true(record_validate(COLL_PLANS, &doc, &err));
    strcat(name, "\xe2\x82\xac");
    doc_set_str(&doc, "name", name);
    assert_false(record_validate(COLL_PLANS, &doc, &err));
    assert_non_null(strstr(err.msg, "plans.name: has 201 characters; 1 to 200 are allowed"));
    bson_destroy(&doc);
}

static void text_and_numbers_are_sound_wherever_they_are(void **state)
{
    static const double unsound[] = {NAN, INFINITY, -INFINITY};
    struct err err = {0};
    bson_t doc;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(unsound); i++) {
        valid_doc(COLL_FINANCIAL_MODELS, &doc);
        doc_set_num(&doc, "data.ours.deep", unsound[i]);
        assert_false(record_validate(COLL_FINANCIAL_MODELS, &doc, &err));
        assert_non_null(strstr(err.msg, "financial_models.data.ours.deep"));
        bson_destroy(&doc);
    }
    valid_doc(COLL_PLANS, &doc);
    bson_append_utf8(&doc, "odd", 3, "a\0b", 3);
    assert_false(record_validate(COLL_PLANS, &doc, &err));
    bson_destroy(&doc);
    valid_doc(COLL_PLANS, &doc);
    bson_append_utf8(&doc, "odd", 3, "a\xff" "b", 3);
    assert_false(record_validate(COLL_PLANS, &doc, &err));
    bson_destroy(&doc);
}

static void a_bottomless_document_is_refused(void **state)
{
    bson_t doc, inner = BSON_INITIALIZER;
    struct err err = {0};

    (void)state;
    for (int i = 0; i < 200; i++) {
        bson_t outer = BSON_INITIALIZER;

        BSON_APPEND_DOCUMENT(&outer, "d", &inner);
        bson_destroy(&inner);
        bson_copy_to(&outer, &inner);
        bson_destroy(&outer);
    }
    valid_doc(COLL_PLANS, &doc);
    BSON_APPEND_DOCUMENT(&doc, "deep", &inner);
    assert_false(record_validate(COLL_PLANS, &doc, &err));
    assert_int_equal(err.code, ERR_INVALID);
    bson_destroy(&inner);
    bson_destroy(&doc);
}

/* ---- both ways ------------------------------------------------------------------------------ */

static void reading_and_writing_keep_everything(void **state)
{
    (void)state;
    for (int c = 0; c < COLL_COUNT; c++) {
        struct err err = {0};
        union any rec;
        bson_t doc, again;

        valid_doc((enum collection)c, &doc);
        doc_set_str(&doc, "of_another_program", "kept \xe2\x82\xac");
        doc_set_num(&doc, "and_this.deep", 0.1);
        assert_true(record_read((enum collection)c, &doc, &rec, &err));
        record_write((enum collection)c, &rec, &again);
        assert_true(bson_equal(&doc, &again));
        record_finish((enum collection)c, &rec);
        bson_destroy(&doc);
        bson_destroy(&again);
    }
}

static void values_reach_their_members(void **state)
{
    struct subscription sub;
    struct plan plan;
    struct err err = {0};
    bson_t doc;

    (void)state;
    valid_doc(COLL_PLANS, &doc);
    doc_set_str(&doc, "status", "failed");
    doc_set_num(&doc, "current_version", 4.0);
    doc_set_date(&doc, "completed_at", 1700000000123);
    doc_set_str(&doc, "error", "Cancelled");
    assert_true(record_read(COLL_PLANS, &doc, &plan, &err));
    assert_int_equal(plan.status, PLAN_STATUS_FAILED);
    assert_int_equal(plan.current_version, 4);
    assert_int_equal(plan.completed_at, 1700000000123);
    assert_string_equal(plan.error, "Cancelled");
    assert_string_equal(plan.name, "Harbour Bakery");
    assert_null(plan.organisation_id);
    assert_int_equal(strlen(plan.id), 24);
    record_finish(COLL_PLANS, &plan);
    bson_destroy(&doc);

    valid_doc(COLL_SUBSCRIPTIONS, &doc);
    doc_set_int(&doc, "plan_limit", SUBSCRIPTION_UNLIMITED);
    doc_unset(&doc, "metadata");
    doc_unset(&doc, "cancel_at_period_end");
    assert_true(record_read(COLL_SUBSCRIPTIONS, &doc, &sub, &err));
    assert_int_equal(sub.plan_limit, SUBSCRIPTION_UNLIMITED);
    assert_int_equal(sub.current_period_start, RECORD_NONE);
    assert_false(sub.cancel_at_period_end);
    assert_non_null(sub.metadata);
    record_finish(COLL_SUBSCRIPTIONS, &sub);
    bson_destroy(&doc);
}

static void reading_names_a_field_of_another_type(void **state)
{
    struct plan plan;
    struct err err = {0};
    bson_t doc;

    (void)state;
    valid_doc(COLL_PLANS, &doc);
    doc_set_str(&doc, "intake_data", "gone");
    assert_false(record_read(COLL_PLANS, &doc, &plan, &err));
    assert_int_equal(err.code, ERR_INVALID);
    assert_string_equal(err.msg, "plans.intake_data: is not of type Object");
    bson_destroy(&doc);
}

static void a_newer_document_is_neither_read_nor_valid(void **state)
{
    struct plan plan;
    struct err err = {0};
    bson_t doc;

    (void)state;
    valid_doc(COLL_PLANS, &doc);
    doc_set_int(&doc, "metadata.schema", SCHEMA_VERSION + 1);
    assert_false(record_read(COLL_PLANS, &doc, &plan, &err));
    assert_int_equal(err.code, ERR_UNSUPPORTED);
    err.code = ERR_NONE;
    assert_false(record_validate(COLL_PLANS, &doc, &err));
    assert_int_equal(err.code, ERR_UNSUPPORTED);
    record_finish(COLL_PLANS, &plan); /* harmless after a failure */
    bson_destroy(&doc);
}

static void a_withheld_password_hash_cannot_erase_the_stored_one(void **state)
{
    struct user user;
    struct err err = {0};
    bson_t doc, out;

    (void)state;
    valid_doc(COLL_USERS, &doc);
    assert_true(record_read(COLL_USERS, &doc, &user, &err));
    free(user.password_hash);
    user.password_hash = NULL;
    record_write(COLL_USERS, &user, &out);
    assert_false(record_validate(COLL_USERS, &out, &err));
    record_finish(COLL_USERS, &user);
    bson_destroy(&doc);
    bson_destroy(&out);
}

/* ---- the schema ----------------------------------------------------------------------------- */

static void indexes_are_those_of_the_reference(void **state)
{
    static const char *const reference[COLL_COUNT] = {
        "email_1! created_at_-1 ",
        "user_id_1! stripe_subscription_id_1 ",
        "user_id_1_created_at_-1 status_1 ",
        "plan_id_1_order_index_1 section_type_1 ",
        "plan_id_1 retrieved_at_-1 ",
        "plan_id_1 ",
        "plan_id_1 ",
        "plan_id_1 user_id_1_created_at_-1 ",
        "user_id_1_created_at_-1 plan_id_1 action_1 ",
    };

    (void)state;
    for (int c = 0; c < COLL_COUNT; c++) {
        const struct schema *schema = schema_of((enum collection)c);
        struct strbuf names;

        strbuf_init(&names, 1024);
        for (const struct schema_index *i = schema->indexes; i->keys[0].field; i++) {
            schema_index_name(i, &names);
            strbuf_str(&names, i->unique ? "! " : " ");
            for (const struct schema_key *key = i->keys; key->field; key++)
                assert_non_null(schema_find(schema->fields, key->field));
        }
        assert_string_equal(names.data, reference[c]);
        strbuf_finish(&names);
    }
}

static void names_go_both_ways(void **state)
{
    (void)state;
    for (int c = 0; c < COLL_COUNT; c++)
        assert_int_equal(collection_by_name(collection_name((enum collection)c)), c);
    for (int i = 0; i < SECTION_COUNT; i++) {
        assert_int_equal(section_type_by_name(section_type_name((enum section_type)i)), i);
        assert_string_not_equal(section_type_title((enum section_type)i), "unknown");
    }
    for (int i = 0; i < PURPOSE_COUNT; i++) {
        assert_int_equal(plan_purpose_by_name(plan_purpose_name((enum plan_purpose)i)), i);
        assert_string_not_equal(plan_purpose_label((enum plan_purpose)i), "unknown");
    }
    assert_int_equal(collection_by_name("nothing"), COLL_COUNT);
    assert_int_equal(collection_by_name(NULL), COLL_COUNT);
    assert_int_equal(tier_by_name("gold"), TIER_COUNT);
    assert_int_equal(role_by_name(NULL), USER_ROLE_COUNT);
    assert_int_equal(plan_status_by_name("x"), PLAN_STATUS_COUNT);
    assert_int_equal(export_format_by_name("xlsx"), EXPORT_FORMAT_COUNT);
    assert_string_equal(audit_action_name(AUDIT_USER_REGISTERED), "user.registered");
    assert_string_equal(audit_action_name(AUDIT_ACTION_COUNT), "unknown");
}

static void the_validator_says_what_the_rows_say(void **state)
{
    bson_t doc;

    (void)state;
    schema_validator(COLL_PLANS, &doc);
    assert_string_equal(doc_str(&doc, "$jsonSchema.bsonType", ""), "object");
    assert_int_equal(doc_int(&doc, "$jsonSchema.properties.name.maxLength", 0), 200);
    assert_int_equal(doc_count(&doc, "$jsonSchema.properties.status.enum"), 5);
    assert_int_equal(doc_count(&doc, "$jsonSchema.properties.completed_at.bsonType"), 2);
    assert_int_equal(
        doc_count(&doc, "$jsonSchema.properties.intake_data.properties.currency.enum"), 4);
    assert_string_equal(
        doc_str(&doc, "$jsonSchema.properties.intake_data.properties.revenue_model.items.bsonType",
                ""),
        "string");
    assert_false(doc_has(&doc, "$jsonSchema.properties.intake_data.required"));
    assert_false(doc_has(&doc, "$jsonSchema.additionalProperties"));
    bson_destroy(&doc);
}

static void the_listings_name_every_field(void **state)
{
    (void)state;
    for (int c = 0; c < COLL_COUNT; c++) {
        const struct schema *schema = schema_of((enum collection)c);
        struct strbuf text;
        size_t count = 0;
        bson_t doc;

        strbuf_init(&text, 65536);
        schema_print((enum collection)c, &text);
        schema_json((enum collection)c, &doc);
        for (const struct schema_field *f = schema->fields; f->name; f++, count++)
            assert_non_null(strstr(text.data, f->name));
        assert_int_equal(doc_count(&doc, "fields"), count);
        assert_true(bson_validate(&doc, BSON_VALIDATE_UTF8, NULL));
        strbuf_finish(&text);
        bson_destroy(&doc);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_record_is_valid),
        cmocka_unit_test(every_rule_holds_and_names_the_field),
        cmocka_unit_test(a_value_for_one_path_meets_the_same_rules),
        cmocka_unit_test(nothing_goes_inside_a_plain_value_or_replaces_an_id),
        cmocka_unit_test(a_name_has_1_to_200_characters_not_bytes),
        cmocka_unit_test(text_and_numbers_are_sound_wherever_they_are),
        cmocka_unit_test(a_bottomless_document_is_refused),
        cmocka_unit_test(reading_and_writing_keep_everything),
        cmocka_unit_test(values_reach_their_members),
        cmocka_unit_test(reading_names_a_field_of_another_type),
        cmocka_unit_test(a_newer_document_is_neither_read_nor_valid),
        cmocka_unit_test(a_withheld_password_hash_cannot_erase_the_stored_one),
        cmocka_unit_test(indexes_are_those_of_the_reference),
        cmocka_unit_test(names_go_both_ways),
        cmocka_unit_test(the_validator_says_what_the_rows_say),
        cmocka_unit_test(the_listings_name_every_field),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
