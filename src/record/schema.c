/* schema.c - the nine collections of the reference as tables: names, types, enums, nesting and
 * indexes are its to the letter, in its order. What is not a rule of the reference is not here,
 * so that a document another program wrote is not refused for a habit of ours. */
#include "record/schema.h"

#include <string.h>

#include "record/words.h"
#include "strattio/audit_log.h"
#include "strattio/compliance_report.h"
#include "strattio/export_job.h"
#include "strattio/financial_model.h"
#include "strattio/plan.h"
#include "strattio/research_pack.h"
#include "strattio/section.h"
#include "strattio/strbuf.h"
#include "strattio/subscription.h"
#include "strattio/user.h"

/* What a field is, as initialisers of its row. */
#define STRING .type = FIELD_STRING
#define ENUM(list) .type = FIELD_ENUM, .words = list
#define BOOL .type = FIELD_BOOL
#define INT .type = FIELD_INT
#define NUMBER .type = FIELD_NUMBER
#define DATE .type = FIELD_DATE
#define OBJECT .type = FIELD_OBJECT
#define ARRAY .type = FIELD_ARRAY
#define NULLABLE .flags = FIELD_NULLABLE
#define OPTIONAL .flags = FIELD_OPTIONAL
#define WHOLE_MAX 9007199254740992.0 /* 2^53: whole numbers stay exact up to it */
#define COUNT INT, .min = 0, .max = WHOLE_MAX
#define REFERENCE(to) STRING, .refers_to = to, .note = "Reference to " to "._id"

/* A member of `struct st`. */
#define F(st, member, ...) {.name = #member, .offset = offsetof(struct st, member), __VA_ARGS__}
#define ID(st)                                                                                    \
    {.name = "_id", .type = FIELD_ID, .offset = offsetof(struct st, id), .note = "Auto-generated"}

/* A field inside an object, without a place in a struct: there, null or absent; or never null. */
#define SUB(key, ...) {.name = key, NULLABLE, __VA_ARGS__}
#define SUB_FIRM(key, ...) {.name = key, OPTIONAL, __VA_ARGS__}
#define ELEMENT(...) {.name = "[]", __VA_ARGS__}
#define END {.name = NULL}

static const struct schema_field string_element[] = {
    ELEMENT(STRING),
    END,
};

static const struct schema_field object_element[] = {
    ELEMENT(OBJECT),
    END,
};

/* ---- users ---------------------------------------------------------------------------------- */

static const struct schema_field user_fields[] = {
    ID(user),
    F(user, email, STRING, .flags = FIELD_EMAIL, .max = 254, .min = 3,
      .note = "Unique, indexed; lower case"),
    F(user, password_hash, STRING, .note = "Bcrypt hashed"),
    F(user, name, STRING),
    F(user, avatar_url, STRING, NULLABLE),
    F(user, auth_provider, ENUM(words_auth_provider)),
    F(user, auth_provider_id, STRING, NULLABLE),
    F(user, email_verified, BOOL, OPTIONAL, .fallback = "false"),
    F(user, role, ENUM(words_role)),
    F(user, subscription_tier, ENUM(words_tier)),
    F(user, created_at, DATE),
    F(user, updated_at, DATE),
    F(user, last_login_at, DATE, NULLABLE),
    F(user, settings, OBJECT, OPTIONAL, .note = "User preferences (JSON)"),
    F(user, metadata, OBJECT, OPTIONAL, .note = "Additional data (JSON)"),
    END,
};

static const struct schema_index user_indexes[] = {
    {.keys = {{"email", 1}}, .unique = true},
    {.keys = {{"created_at", -1}}},
    {.unique = false},
};

/* ---- subscriptions -------------------------------------------------------------------------- */

static const struct schema_field subscription_fields[] = {
    ID(subscription),
    F(subscription, user_id, REFERENCE("users")),
    F(subscription, tier, ENUM(words_tier)),
    F(subscription, status, ENUM(words_subscription_status)),
    F(subscription, stripe_subscription_id, STRING, NULLABLE),
    F(subscription, stripe_customer_id, STRING, NULLABLE),
    F(subscription, plans_created_this_month, COUNT, .note = "Usage counter"),
    F(subscription, plan_limit, INT, .min = 1, .max = WHOLE_MAX, .fallback = "1",
      .note = "Based on tier"),
    F(subscription, current_period_start, DATE, NULLABLE),
    F(subscription, current_period_end, DATE, NULLABLE),
    F(subscription, cancel_at_period_end, BOOL, OPTIONAL, .fallback = "false"),
    F(subscription, created_at, DATE),
    F(subscription, updated_at, DATE),
    F(subscription, metadata, OBJECT, OPTIONAL),
    END,
};

static const struct schema_index subscription_indexes[] = {
    {.keys = {{"user_id", 1}}, .unique = true},
    {.keys = {{"stripe_subscription_id", 1}}},
    {.unique = false},
};

/* ---- plans ---------------------------------------------------------------------------------- */

static const struct schema_field intake_fields[] = {
    SUB("business_name", STRING),
    SUB("industry", STRING),
    {.name = "location_country", STRING, .flags = FIELD_NULLABLE | FIELD_COUNTRY,
     .note = "ISO 3166-1 alpha-2"},
    SUB("location_city", STRING),
    SUB("business_description", STRING),
    SUB("unique_value_proposition", STRING),
    SUB("target_customers", STRING),
    SUB("revenue_model", ARRAY, .inside = string_element),
    SUB("starting_capital", NUMBER),
    SUB("currency", ENUM(words_currency)),
    SUB("monthly_revenue_estimate", NUMBER),
    SUB("price_per_unit", NUMBER),
    SUB("units_per_month", NUMBER),
    SUB("team_size", NUMBER),
    SUB("founder_background", STRING),
    END,
};

static const struct schema_field plan_fields[] = {
    ID(plan),
    F(plan, user_id, REFERENCE("users")),
    F(plan, organisation_id, STRING, NULLABLE, .note = "For enterprise (future)"),
    F(plan, name, STRING, .flags = FIELD_ONE_LINE, .min = 1, .max = PLAN_NAME_MAX,
      .note = "Plan name"),
    F(plan, status, ENUM(words_plan_status)),
    F(plan, plan_purpose, ENUM(words_plan_purpose)),
    F(plan, compliance_type, STRING, .fallback = "\"GENERIC\"",
      .note = "Mapped from plan_purpose"),
    F(plan, intake_data, OBJECT, .inside = intake_fields, .note = "Full wizard responses (JSON)"),
    F(plan, current_version, COUNT, .note = "Version counter"),
    F(plan, created_at, DATE),
    F(plan, updated_at, DATE),
    F(plan, completed_at, DATE, NULLABLE, .note = "When generation finished"),
    F(plan, generation_metadata, OBJECT, OPTIONAL, .note = "Pipeline timing, versions, etc."),
    F(plan, error, STRING, NULLABLE, .note = "If status=failed"),
    F(plan, settings, OBJECT, OPTIONAL, .note = "Plan-specific settings"),
    F(plan, metadata, OBJECT, OPTIONAL),
    END,
};

static const struct schema_index plan_indexes[] = {
    {.keys = {{"user_id", 1}, {"created_at", -1}}},
    {.keys = {{"status", 1}}},
    {.unique = false},
};

/* ---- sections ------------------------------------------------------------------------------- */

static const struct schema_field citation_fields[] = {
    SUB("cited_text", STRING, .note = "The text containing the citation"),
    SUB("source_name", STRING, .note = "\"ONS\" | \"Eurostat\" | etc."),
    SUB("source_url", STRING),
    SUB("source_date", STRING, .note = "ISO date"),
    SUB("data_value", STRING, .note = "The actual value cited"),
    SUB("data_type", STRING, .note = "\"market_size\" | \"growth_rate\" | etc."),
    END,
};

static const struct schema_field citation_element[] = {
    ELEMENT(OBJECT, .inside = citation_fields),
    END,
};

static const struct schema_field section_fields[] = {
    ID(section),
    F(section, plan_id, REFERENCE("plans")),
    F(section, section_type, ENUM(words_section_type)),
    F(section, title, STRING, .note = "Human-readable title"),
    F(section, content, STRING, .min = 10, .note = "Markdown or plain text"),
    F(section, word_count, COUNT),
    F(section, order_index, INT, .min = 0, .max = SECTION_COUNT - 1,
      .note = "Display order (0-based), fixed by section_type"),
    F(section, ai_generated, BOOL, .note = "true if AI wrote it"),
    F(section, edited_by_user, BOOL, .note = "true if user modified"),
    F(section, last_edited_by, STRING, NULLABLE, .refers_to = "users", .note = "user_id"),
    F(section, created_at, DATE),
    F(section, updated_at, DATE),
    F(section, generation_metadata, OBJECT, OPTIONAL,
      .note = "Model version, prompt version, etc."),
    F(section, data_citations, ARRAY, OPTIONAL, .inside = citation_element,
      .note = "Array of citation objects"),
    F(section, metadata, OBJECT, OPTIONAL),
    END,
};

static const struct schema_index section_indexes[] = {
    {.keys = {{"plan_id", 1}, {"order_index", 1}}},
    {.keys = {{"section_type", 1}}},
    {.unique = false},
};

/* ---- research_packs ------------------------------------------------------------------------- */

static const struct schema_field market_fields[] = {
    SUB("market_size_gbp", NUMBER),
    SUB("market_size_source", STRING),
    SUB("market_size_url", STRING),
    SUB("market_size_timestamp", STRING, .note = "ISO date"),
    SUB("growth_rate_percent", NUMBER),
    SUB("growth_rate_source", STRING),
    SUB("growth_rate_url", STRING),
    SUB("growth_rate_timestamp", STRING),
    END,
};

static const struct schema_field competitor_fields[] = {
    SUB("top_competitors", ARRAY, .inside = object_element),
    SUB("competitor_count_estimate", NUMBER),
    SUB("competitor_count_source", STRING),
    END,
};

static const struct schema_field research_data_fields[] = {
    SUB("data_pack_id", STRING),
    SUB("created_at", STRING, .note = "ISO timestamp"),
    SUB("industry", STRING),
    SUB("location", STRING),
    SUB("market_data", OBJECT, .inside = market_fields),
    SUB("competitor_data", OBJECT, .inside = competitor_fields),
    SUB("missing_data", ARRAY, .inside = string_element),
    SUB("stale_data", ARRAY, .inside = string_element),
    SUB("fetch_errors", ARRAY, .inside = object_element),
    END,
};

static const struct schema_field research_fields[] = {
    ID(research_pack),
    F(research_pack, plan_id, REFERENCE("plans")),
    F(research_pack, version, COUNT, .fallback = "1", .note = "Increments on refresh"),
    F(research_pack, status, ENUM(words_research_status)),
    F(research_pack, data, OBJECT, .inside = research_data_fields, .note = "Full research pack"),
    F(research_pack, quality_score, NUMBER, NULLABLE, .min = 0, .max = 100, .note = "0-100"),
    F(research_pack, data_sources, ARRAY, OPTIONAL, .inside = string_element,
      .note = "[\"ONS\", \"Eurostat\", ...]"),
    F(research_pack, missing_data, ARRAY, OPTIONAL,
      .note = "Fields that couldn't be retrieved"),
    F(research_pack, retrieved_at, DATE),
    F(research_pack, expires_at, DATE, NULLABLE, .note = "Data freshness expiry"),
    F(research_pack, metadata, OBJECT, OPTIONAL),
    END,
};

static const struct schema_index research_indexes[] = {
    {.keys = {{"plan_id", 1}}},
    {.keys = {{"retrieved_at", -1}}},
    {.unique = false},
};

/* ---- financial_models ----------------------------------------------------------------------- */

static const struct schema_field pnl_fields[] = {
    SUB("year", NUMBER),
    SUB("revenue", NUMBER),
    SUB("cogs", NUMBER),
    SUB("gross_profit", NUMBER),
    SUB("total_opex", NUMBER),
    SUB("operating_profit", NUMBER),
    SUB("tax", NUMBER),
    SUB("net_profit", NUMBER),
    END,
};

static const struct schema_field pnl_element[] = {
    ELEMENT(OBJECT, .inside = pnl_fields),
    END,
};

static const struct schema_field break_even_fields[] = {
    SUB("fixed_costs_monthly", NUMBER),
    SUB("contribution_margin_per_unit", NUMBER),
    SUB("break_even_units_monthly", NUMBER),
    SUB("break_even_revenue_monthly", NUMBER),
    END,
};

static const struct schema_field kpi_fields[] = {
    SUB("gross_margin_percent", NUMBER),
    SUB("net_margin_percent", NUMBER),
    SUB("roi_year1_percent", NUMBER),
    END,
};

static const struct schema_field formula_fields[] = {
    SUB("metric", STRING),
    SUB("formula", STRING),
    END,
};

static const struct schema_field formula_element[] = {
    ELEMENT(OBJECT, .inside = formula_fields),
    END,
};

static const struct schema_field financial_data_fields[] = {
    SUB("pnl_annual", ARRAY, .inside = pnl_element, .note = "5 years"),
    SUB("break_even", OBJECT, .inside = break_even_fields),
    SUB("kpis", OBJECT, .inside = kpi_fields),
    SUB("formulas_used", ARRAY, .inside = formula_element),
    END,
};

static const struct schema_field financial_fields[] = {
    ID(financial_model),
    F(financial_model, plan_id, REFERENCE("plans")),
    F(financial_model, version, COUNT, .fallback = "1"),
    F(financial_model, data, OBJECT, .inside = financial_data_fields,
      .note = "Full financial model"),
    F(financial_model, created_at, DATE),
    F(financial_model, updated_at, DATE),
    F(financial_model, metadata, OBJECT, OPTIONAL),
    END,
};

static const struct schema_index plan_id_indexes[] = {
    {.keys = {{"plan_id", 1}}},
    {.unique = false},
};

/* ---- compliance_reports --------------------------------------------------------------------- */

static const struct schema_field check_fields[] = {
    SUB_FIRM("rule_id", STRING),
    SUB_FIRM("name", STRING),
    SUB_FIRM("status", ENUM(words_check_status)),
    SUB("message", STRING),
    SUB("suggestion", STRING),
    END,
};

static const struct schema_field check_element[] = {
    ELEMENT(OBJECT, .inside = check_fields),
    END,
};

static const struct schema_field report_data_fields[] = {
    SUB_FIRM("compliance_report_id", STRING),
    SUB_FIRM("template_id", STRING),
    SUB_FIRM("overall_status", ENUM(words_compliance_status)),
    SUB_FIRM("checks", ARRAY, .inside = check_element),
    SUB_FIRM("passed_count", COUNT),
    SUB_FIRM("failed_count", COUNT),
    SUB_FIRM("score", NUMBER, .min = 0, .max = 100, .note = "0-100"),
    SUB_FIRM("generated_at", STRING, .note = "ISO timestamp"),
    END,
};

static const struct schema_field report_fields[] = {
    ID(compliance_report),
    F(compliance_report, plan_id, REFERENCE("plans")),
    F(compliance_report, template_id, STRING,
      .note = "\"UK_STARTUP_VISA\" | \"UK_STARTUP_LOAN\" | etc."),
    F(compliance_report, version, COUNT, .fallback = "1"),
    F(compliance_report, data, OBJECT, .inside = report_data_fields,
      .note = "Full compliance report"),
    F(compliance_report, created_at, DATE),
    F(compliance_report, metadata, OBJECT, OPTIONAL),
    END,
};

/* ---- exports -------------------------------------------------------------------------------- */

static const struct schema_field export_fields[] = {
    ID(export_job),
    F(export_job, plan_id, REFERENCE("plans")),
    F(export_job, user_id, REFERENCE("users")),
    F(export_job, format, ENUM(words_export_format)),
    F(export_job, template_id, STRING, NULLABLE),
    F(export_job, s3_key, STRING, NULLABLE, .note = "Storage path"),
    F(export_job, s3_url, STRING, NULLABLE, .note = "Signed URL"),
    F(export_job, file_size, COUNT, NULLABLE, .note = "Bytes"),
    F(export_job, page_count, COUNT, NULLABLE),
    F(export_job, download_count, COUNT, OPTIONAL, .fallback = "0"),
    F(export_job, status, ENUM(words_export_status)),
    F(export_job, created_at, DATE),
    F(export_job, expires_at, DATE, NULLABLE, .note = "Signed URL expiry"),
    F(export_job, options, OBJECT, OPTIONAL, .note = "White-label settings, etc."),
    F(export_job, metadata, OBJECT, OPTIONAL),
    END,
};

static const struct schema_index export_indexes[] = {
    {.keys = {{"plan_id", 1}}},
    {.keys = {{"user_id", 1}, {"created_at", -1}}},
    {.unique = false},
};

/* ---- audit_logs ----------------------------------------------------------------------------- */

static const struct schema_field audit_fields[] = {
    ID(audit_log),
    F(audit_log, user_id, STRING, NULLABLE, .refers_to = "users",
      .note = "null for system actions"),
    F(audit_log, organisation_id, STRING, NULLABLE),
    F(audit_log, plan_id, STRING, NULLABLE, .refers_to = "plans"),
    F(audit_log, action, ENUM(words_audit_action)),
    F(audit_log, resource_type, STRING, .note = "\"plan\" | \"section\" | \"user\" | etc."),
    F(audit_log, resource_id, STRING),
    F(audit_log, old_value, OBJECT, NULLABLE),
    F(audit_log, new_value, OBJECT, NULLABLE),
    F(audit_log, ip_address, STRING, NULLABLE),
    F(audit_log, user_agent, STRING, NULLABLE),
    F(audit_log, created_at, DATE),
    F(audit_log, metadata, OBJECT, OPTIONAL),
    END,
};

static const struct schema_index audit_indexes[] = {
    {.keys = {{"user_id", 1}, {"created_at", -1}}},
    {.keys = {{"plan_id", 1}}},
    {.keys = {{"action", 1}}},
    {.unique = false},
};

/* ---- the nine ------------------------------------------------------------------------------- */

#define STRUCT(st) .struct_size = sizeof(struct st), .extra_offset = offsetof(struct st, extra)

static const struct schema schemas[COLL_COUNT] = {
    [COLL_USERS] = {.name = "users", STRUCT(user), .fields = user_fields,
                    .indexes = user_indexes, .owner_field = "_id", .mutable = true},
    [COLL_SUBSCRIPTIONS] = {.name = "subscriptions", STRUCT(subscription),
                            .fields = subscription_fields, .indexes = subscription_indexes,
                            .owner_field = "user_id", .mutable = true},
    [COLL_PLANS] = {.name = "plans", STRUCT(plan), .fields = plan_fields,
                    .indexes = plan_indexes, .owner_field = "user_id", .mutable = true},
    [COLL_SECTIONS] = {.name = "sections", STRUCT(section), .fields = section_fields,
                       .indexes = section_indexes, .owner_field = "plan_id",
                       .on_plan_delete = ON_PLAN_DELETE_REMOVE, .mutable = true},
    [COLL_RESEARCH_PACKS] = {.name = "research_packs", STRUCT(research_pack),
                             .fields = research_fields, .indexes = research_indexes,
                             .owner_field = "plan_id", .on_plan_delete = ON_PLAN_DELETE_REMOVE,
                             .mutable = true},
    [COLL_FINANCIAL_MODELS] = {.name = "financial_models", STRUCT(financial_model),
                               .fields = financial_fields, .indexes = plan_id_indexes,
                               .owner_field = "plan_id", .on_plan_delete = ON_PLAN_DELETE_REMOVE,
                               .mutable = true},
    [COLL_COMPLIANCE_REPORTS] = {.name = "compliance_reports", STRUCT(compliance_report),
                                 .fields = report_fields, .indexes = plan_id_indexes,
                                 .owner_field = "plan_id",
                                 .on_plan_delete = ON_PLAN_DELETE_REMOVE, .mutable = true},
    [COLL_EXPORTS] = {.name = "exports", STRUCT(export_job), .fields = export_fields,
                      .indexes = export_indexes, .owner_field = "user_id",
                      .on_plan_delete = ON_PLAN_DELETE_KEEP, .mutable = true},
    [COLL_AUDIT_LOGS] = {.name = "audit_logs", STRUCT(audit_log), .fields = audit_fields,
                         .indexes = audit_indexes, .owner_field = "user_id",
                         .on_plan_delete = ON_PLAN_DELETE_KEEP},
};

const struct schema *schema_of(enum collection coll)
{
    return &schemas[coll];
}

const struct schema_field *schema_find(const struct schema_field *fields, const char *name)
{
    for (; fields && fields->name; fields++)
        if (strcmp(fields->name, name) == 0)
            return fields;
    return NULL;
}

/* As schema_find(), for the first `len` bytes of a path; inside an array every index will do. */
static const struct schema_field *find_segment(const struct schema_field *fields,
                                               const char *path, size_t len)
{
    for (; fields && fields->name; fields++) {
        if (strcmp(fields->name, "[]") == 0)
            return strspn(path, "0123456789") >= len ? fields : NULL;
        if (strlen(fields->name) == len && memcmp(fields->name, path, len) == 0)
            return fields;
    }
    return NULL;
}

const struct schema_field *schema_at(enum collection coll, const char *path)
{
    const struct schema_field *at = NULL, *fields = schema_of(coll)->fields;

    for (;;) {
        size_t len = strcspn(path, ".");

        at = find_segment(fields, path, len);
        if (!at || !path[len])
            return at;
        path += len + 1;
        fields = at->inside;
    }
}

const char *schema_type_name(enum field_type type)
{
    static const char *const names[] = {
        [FIELD_ID] = "ObjectId",  [FIELD_STRING] = "String", [FIELD_ENUM] = "String",
        [FIELD_BOOL] = "Boolean", [FIELD_INT] = "Number",    [FIELD_NUMBER] = "Number",
        [FIELD_DATE] = "Date",    [FIELD_OBJECT] = "Object", [FIELD_ARRAY] = "Array",
    };

    return names[type];
}

void schema_index_name(const struct schema_index *index, struct strbuf *out)
{
    const struct schema_key *key = index->keys;

    for (; key->field; key++)
        strbuf_printf(out, "%s%s_%d", key == index->keys ? "" : "_", key->field, key->direction);
}
