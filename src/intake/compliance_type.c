/* compliance_type.c - which rule pack a plan is checked against. */
#include <string.h>

#include "strattio/doc.h"
#include "strattio/intake.h"

enum { START_UP_LOAN_PER_PERSON = 25000, START_UP_LOAN_MONTHS = 36 };

/* A Start Up Loan is lent to people: as many as apply or, until they are named, as found the
 * business. */
static bool is_start_up_loan(const bson_t *answers)
{
    size_t people = doc_count(answers, "applicants");

    if (!people)
        people = doc_count(answers, "founders");
    if (!people)
        people = 1;
    return doc_num(answers, "loan.amount", 0) <= START_UP_LOAN_PER_PERSON * (double)people &&
           doc_int(answers, "months_trading", 0) < START_UP_LOAN_MONTHS;
}

const char *intake_compliance_type(enum plan_purpose purpose, const bson_t *answers)
{
    const char *country = doc_str(answers, "location_country", "");

    switch (purpose) {
    case PURPOSE_VISA_STARTUP:
        return "UK_STARTUP_VISA";
    case PURPOSE_VISA_INNOVATOR:
        return "UK_INNOVATOR_FOUNDER";
    case PURPOSE_INVESTOR:
        return "INVESTOR";
    case PURPOSE_LOAN:
        if (strcmp(country, "GB") == 0)
            return is_start_up_loan(answers) ? "UK_STARTUP_LOAN" : "UK_BANK_LOAN";
        return strcmp(country, "US") == 0 ? "US_SBA_LOAN" : "BANK_LOAN";
    default:
        return "GENERIC";
    }
}
