/* section.h - a document of `sections`: one of the nine texts of a plan. */
#ifndef STRATTIO_SECTION_H
#define STRATTIO_SECTION_H

#include <bson/bson.h>
#include <stdbool.h>
#include <stdint.h>

enum section_type { /* in the order of order_index */
    SECTION_EXECUTIVE_SUMMARY,
    SECTION_COMPANY_OVERVIEW,
    SECTION_PRODUCTS_SERVICES,
    SECTION_MARKET_ANALYSIS,
    SECTION_COMPETITIVE_ANALYSIS,
    SECTION_MARKETING_STRATEGY,
    SECTION_OPERATIONS_PLAN,
    SECTION_TEAM,
    SECTION_FINANCIAL_PROJECTIONS,
    SECTION_COUNT,
};

/* In `metadata`: rev, source (Markdown with {{figures}}), draft_key, figures_key, rendered_sha (of
 * `content` as we rendered it), stale (bool), findings (array); beside a text the user edited also
 * offered {source, draft_key, made (date), citations}: a new draft to take or leave. */
struct section {
    char *id;
    char *plan_id;
    enum section_type section_type;
    char *title;
    char *content; /* rendered Markdown */
    int64_t word_count;
    int64_t order_index; /* equals section_type */
    bool ai_generated;
    bool edited_by_user;
    char *last_edited_by;
    int64_t created_at;
    int64_t updated_at;
    bson_t *generation_metadata;
    bson_t *data_citations; /* array of cited_text, source_name, source_url, source_date,
                               data_value, data_type */
    bson_t *metadata;
    bson_t *extra;
};

const char *section_type_name(enum section_type type);          /* "market_analysis" */
const char *section_type_title(enum section_type type);         /* "Market analysis" */
enum section_type section_type_by_name(const char *name);       /* SECTION_COUNT if there is none */

#endif
