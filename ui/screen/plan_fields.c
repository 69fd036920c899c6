/* plan_fields.c - name and purpose. The purpose decides which questions are asked and which rules are
 * checked; changing it throws no answer away. */
#include "screen/plan_fields.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

static const struct choice purposes[] = { /* in the order of enum plan_purpose */
    {"generic", "General business plan", "for yourself, a partner, a landlord"},
    {"loan", "Start Up Loan or bank loan", "for a lender"},
    {"visa_startup", "Start-up visa (UK, closed)", "its rules, for old cases"},
    {"visa_innovator", "Innovator Founder visa (UK)", "for an endorsing body"},
    {"investor", "Investors", "for angels and funds"},
};

const struct question plan_fields[] = {
    {.field = "plan_name",
     .label = "Name of the plan",
     .type = QUESTION_TEXT,
     .help = "Under this name you find it again; the business's will do.",
     .why = "It names the exported files.",
     .example = "Harbour Bakery",
     .min = 1,
     .max = PLAN_NAME_MAX},
    {.field = "plan_purpose",
     .label = "What it is for",
     .type = QUESTION_CHOICE,
     .help = "Who will read it. Changing it loses no answer.",
     .why = "It decides which questions are asked and which rules are checked.",
     .example = "loan",
     .min = NAN,
     .max = NAN,
     .choices = purposes,
     .choice_count = ARRAY_LEN(purposes)},
};

size_t plan_field_count(void)
{
    return ARRAY_LEN(plan_fields);
}

const struct question *plan_field(const char *path)
{
    for (size_t i = 0; i < ARRAY_LEN(plan_fields); i++) {
        if (strcmp(path, plan_fields[i].field) == 0)
            return &plan_fields[i];
    }
    return NULL;
}

static bool is_name(const char *path)
{
    return strcmp(path, plan_fields[0].field) == 0;
}

void plan_field_typed(const struct plan *plan, const char *path, struct strbuf *out)
{
    strbuf_str(out, is_name(path) ? plan->name : plan_purpose_name(plan->plan_purpose));
}

void plan_field_shown(const struct plan *plan, const char *path, struct strbuf *out)
{
    strbuf_str(out, is_name(path) ? plan->name : purposes[plan->plan_purpose].label);
}

static size_t characters(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

static bool set_name(struct plan *plan, const char *typed, struct err *err)
{
    const char *from = typed + strspn(typed, " \t");
    size_t len = strlen(from);

    while (len && (from[len - 1] == ' ' || from[len - 1] == '\t'))
        len--;
    if (!len)
        return err_set(err, ERR_INVALID, 0, "A plan needs a name; the business's will do.");
    if (characters(from) > PLAN_NAME_MAX)
        return err_set(err, ERR_INVALID, 0, "A name has at most %d characters.", PLAN_NAME_MAX);
    if (plan) {
        free(plan->name);
        plan->name = mem_strn(from, len);
    }
    return true;
}

bool plan_field_set(struct plan *plan, const char *path, const char *typed, struct err *err)
{
    enum plan_purpose purpose;

    if (is_name(path))
        return set_name(plan, typed, err);
    purpose = plan_purpose_by_name(typed);
    if (purpose == PURPOSE_COUNT)
        return err_set(err, ERR_INVALID, 0, "Choose what the plan is for.");
    if (plan)
        plan->plan_purpose = purpose;
    return true;
}
