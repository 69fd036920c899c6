/* checks.h - the checks of a compliance report in the order in which they are worked through, and how
 * each stands in words. */
#ifndef STRATTIO_UI_CHECKS_H
#define STRATTIO_UI_CHECKS_H

#include <bson/bson.h>
#include <stddef.h>

enum outcome { /* in the order of the list */
               OUTCOME_FAIL,
               OUTCOME_UNKNOWN,
               OUTCOME_NEEDS_EVIDENCE,
               OUTCOME_PASS,
               OUTCOME_COUNT,
};

struct check { /* texts are borrowed from the report; NULL where it says nothing */
    const char *id, *name, *message, *severity; /* never NULL */
    const char *suggestion, *fix;
    const char *source, *source_url, *source_date;
    enum outcome outcome;
    int rank;
};

/* All checks of `report` (compliance_reports.data), worst first, answers that contradict each other
 * among them; the caller frees the array. */
struct check *checks_read(const bson_t *report, size_t *count);

const char *outcome_word(enum outcome outcome);       /* "to fix" */
const char *overall_word(const char *overall_status); /* "would be refused" */

#endif
