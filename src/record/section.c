/* section.c - the nine section types: their stored words and their titles. */
#include "strattio/section.h"

#include <stddef.h>

#include "record/words.h"

static const char *const titles[] = {
    [SECTION_EXECUTIVE_SUMMARY] = "Executive summary",
    [SECTION_COMPANY_OVERVIEW] = "Company overview",
    [SECTION_PRODUCTS_SERVICES] = "Products and services",
    [SECTION_MARKET_ANALYSIS] = "Market analysis",
    [SECTION_COMPETITIVE_ANALYSIS] = "Competitive analysis",
    [SECTION_MARKETING_STRATEGY] = "Marketing strategy",
    [SECTION_OPERATIONS_PLAN] = "Operations plan",
    [SECTION_TEAM] = "Team",
    [SECTION_FINANCIAL_PROJECTIONS] = "Financial projections",
    [SECTION_COUNT] = NULL,
};

const char *section_type_name(enum section_type type)
{
    return words_at(words_section_type, type);
}

const char *section_type_title(enum section_type type)
{
    return words_at(titles, type);
}

enum section_type section_type_by_name(const char *name)
{
    return (enum section_type)words_find(words_section_type, name);
}
