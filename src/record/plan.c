/* plan.c - the words of a `plans` document's enums, stored and shown. */
#include "strattio/plan.h"

#include <stddef.h>

#include "record/words.h"

static const char *const labels[] = {
    [PURPOSE_GENERIC] = "General business plan",
    [PURPOSE_LOAN] = "Start Up Loan or bank loan",
    [PURPOSE_VISA_STARTUP] = "Start-up visa",
    [PURPOSE_VISA_INNOVATOR] = "Innovator Founder visa",
    [PURPOSE_INVESTOR] = "Investor",
    [PURPOSE_COUNT] = NULL,
};

const char *plan_status_name(enum plan_status status)
{
    return words_at(words_plan_status, status);
}

const char *plan_purpose_name(enum plan_purpose purpose)
{
    return words_at(words_plan_purpose, purpose);
}

enum plan_status plan_status_by_name(const char *name)
{
    return (enum plan_status)words_find(words_plan_status, name);
}

enum plan_purpose plan_purpose_by_name(const char *name)
{
    return (enum plan_purpose)words_find(words_plan_purpose, name);
}

const char *plan_purpose_label(enum plan_purpose purpose)
{
    return words_at(labels, purpose);
}
