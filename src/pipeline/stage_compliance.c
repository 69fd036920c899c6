/* stage_compliance.c - the report of the plan's rule pack. Pure as the model is, so its key is the
 * hash of what it says. */
#include <stdlib.h>

#include "strattio/clock.h"
#include "strattio/doc.h"
#include "strattio/house.h"
#include "strattio/mem.h"
#include "strattio/record.h"

#include "compliance/compliance.h"
#include "compliance/remedy.h"
#include "pipeline/house_parts.h"
#include "pipeline/stage.h"

/* What the plan's rules look at. */
static struct compliance_input input_of(struct making *mk, struct err *err)
{
    return (struct compliance_input){
        .template_id = mk->plan.compliance_type,
        .purpose = mk->plan.plan_purpose,
        .questions = house_intake(mk->house, err),
        .intake = mk->plan.intake_data,
        .model = mk->model,
        .research = mk->has_research ? mk->research.data : NULL,
        .sections = mk->sections,
        .present = mk->present,
        .start_date = mk->start_date,
        .as_of = mk->as_of,
    };
}

bool making_check(struct making *mk, bson_t *out, struct err *err)
{
    const struct packs *packs = house_packs(mk->house, err);
    struct compliance_input in = input_of(mk, err);

    return packs && in.questions && compliance_check(packs, &in, out, err);
}

bool making_remedy(struct making *mk, const char *rule_id, struct remedy *out, struct err *err)
{
    const struct packs *packs = house_packs(mk->house, err);
    const struct model_def *def = house_model_def(mk->house, err);
    struct compliance_input in = input_of(mk, err);

    return packs && def && in.questions && compliance_remedy(packs, &in, def, rule_id, out, err);
}

static void stamp(struct making *mk, bson_t *data)
{
    char id[ID_LEN + 1], at[CLOCK_ISO_SIZE];

    id_derive(mk->plan.id, "compliance_report", id);
    clock_iso(clock_now_ms(), at);
    doc_set_str(data, "compliance_report_id", id);
    doc_set_str(data, "generated_at", at);
}

bool stage_compliance(struct making *mk, struct stage_result *r, struct err *err)
{
    struct compliance_report report;
    bson_t data;

    if (!making_check(mk, &data, err))
        return false;
    key_of(&data, r->key);
    r->note = mem_printf("%lld passed, %lld failed, score %.0f",
                         (long long)doc_int(&data, "passed_count", 0),
                         (long long)doc_int(&data, "failed_count", 0), doc_num(&data, "score", 0));
    r->reused = mk->has_report && key_matches(mk->report.metadata, "key", r->key);
    if (r->reused) {
        bson_destroy(&data);
        return true;
    }
    stamp(mk, &data);
    record_init(COLL_COMPLIANCE_REPORTS, &report);
    free(report.plan_id);
    free(report.template_id);
    report.plan_id = mem_str(mk->plan.id);
    report.template_id = mem_str(mk->plan.compliance_type);
    bson_destroy(report.data);
    report.data = bson_copy(&data);
    bson_destroy(&data);
    doc_set_str(report.metadata, "key", r->key);
    if (!report_repo_put(mk->actor, mk->lease, &report, err)) {
        record_finish(COLL_COMPLIANCE_REPORTS, &report);
        return false;
    }
    record_finish(COLL_COMPLIANCE_REPORTS, &mk->report);
    mk->report = report;
    mk->has_report = true;
    return true;
}
