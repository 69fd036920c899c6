/* words.c - every word the database stores for an enum, spelled once, as the reference spells it.
 */
#include "record/words.h"

#include <stddef.h>
#include <string.h>

const char *const words_auth_provider[] = {"email", "google", "linkedin", NULL};
const char *const words_role[] = {"user", "consultant", "admin", NULL};
const char *const words_tier[] = {"free", "starter", "professional", "enterprise", NULL};
const char *const words_subscription_status[] = {"active", "cancelled", "past_due", "trialing",
                                                 NULL};
const char *const words_plan_status[] = {"draft",  "generating", "complete",
                                         "failed", "archived",   NULL};
const char *const words_plan_purpose[] = {"generic",        "loan",     "visa_startup",
                                          "visa_innovator", "investor", NULL};
const char *const words_currency[] = {"GBP", "USD", "EUR", NULL};
const char *const words_section_type[] = {
    "executive_summary",     "company_overview",
    "products_services",     "market_analysis",
    "competitive_analysis",  "marketing_strategy",
    "operations_plan",       "team",
    "financial_projections", NULL,
};
const char *const words_research_status[] = {"pending", "complete", "failed", NULL};
const char *const words_compliance_status[] = {"compliant", "needs_attention", "non_compliant",
                                               NULL};
const char *const words_check_status[] = {"pass", "fail", NULL};
const char *const words_export_format[] = {"pdf",    "docx",     "google_docs",
                                           "notion", "markdown", NULL};
const char *const words_export_status[] = {"pending", "complete", "failed", NULL};
const char *const words_audit_action[] = {
    "plan.created",
    "plan.generated",
    "plan.updated",
    "plan.deleted",
    "section.edited",
    "section.regenerated",
    "export.created",
    "subscription.updated",
    "user.login",
    "user.registered",
    NULL,
};

unsigned words_find(const char *const *words, const char *word)
{
    unsigned i = 0;

    while (words[i] && !(word && strcmp(words[i], word) == 0))
        i++;
    return i;
}

const char *words_at(const char *const *words, unsigned place)
{
    unsigned count = words_find(words, NULL);

    return place < count ? words[place] : "unknown";
}
