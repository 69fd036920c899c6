/* checks.c - what fails comes before what is not known, that before what lacks evidence, and what is met
 * comes last; within each, what blocks comes first. */
#include "screen/checks.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/attr.h"
#include "strattio/doc.h"
#include "strattio/mem.h"

enum { RANKS = 10 }; /* of severity, within an outcome */

static const struct {
    const char *name, *word;
} outcomes[OUTCOME_COUNT] = {
    [OUTCOME_FAIL] = {"fail", "to fix"},
    [OUTCOME_UNKNOWN] = {"unknown", "not known"},
    [OUTCOME_NEEDS_EVIDENCE] = {"needs_evidence", "evidence"},
    [OUTCOME_PASS] = {"pass", "met"},
};

static enum outcome outcome_by_name(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(outcomes); i++) {
        if (strcmp(name, outcomes[i].name) == 0)
            return (enum outcome)i;
    }
    return OUTCOME_UNKNOWN;
}

const char *outcome_word(enum outcome outcome)
{
    return outcomes[outcome].word;
}

const char *overall_word(const char *overall_status)
{
    if (strcmp(overall_status, "compliant") == 0)
        return "ready";
    return strcmp(overall_status, "non_compliant") == 0 ? "would be refused" : "needs attention";
}

static int severity_rank(const char *severity)
{
    static const char *const words[] = {"blocker", "major", "minor", "info"};

    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (strcmp(severity, words[i]) == 0)
            return (int)i;
    }
    return (int)ARRAY_LEN(words);
}

static int by_rank(const void *a, const void *b)
{
    const struct check *one = a, *other = b;

    return one->rank != other->rank ? one->rank - other->rank : strcmp(one->name, other->name);
}

static void read_check(const bson_t *doc, struct check *out)
{
    *out = (struct check){
        .id = doc_str(doc, "rule_id", ""),
        .name = doc_str(doc, "name", ""),
        .message = doc_str(doc, "message", ""),
        .suggestion = doc_str(doc, "suggestion", NULL),
        .outcome = outcome_by_name(doc_str(doc, "outcome", doc_str(doc, "status", ""))),
        .severity = doc_str(doc, "severity", ""),
        .fix = doc_str(doc, "fix", NULL),
        .source = doc_str(doc, "source.name", NULL),
        .source_url = doc_str(doc, "source.url", NULL),
        .source_date = doc_str(doc, "source.date", NULL),
    };
    out->rank = RANKS * (int)out->outcome + severity_rank(out->severity);
}

static void read_list(const bson_t *report, const char *list, struct check *checks, size_t *count)
{
    size_t all = doc_count(report, list);

    for (size_t i = 0; i < all; i++) {
        char *path = mem_printf("%s.%zu", list, i);
        bson_t check;

        if (doc_view(report, path, &check))
            read_check(&check, &checks[(*count)++]);
        free(path);
    }
}

struct check *checks_read(const bson_t *report, size_t *count)
{
    static const char *const lists[] = {"checks", "contradictions"};
    size_t all = doc_count(report, lists[0]) + doc_count(report, lists[1]);
    struct check *checks = mem_zero(all + 1, sizeof *checks);

    *count = 0;
    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        read_list(report, lists[i], checks, count);
    qsort(checks, *count, sizeof *checks, by_rank);
    return checks;
}
