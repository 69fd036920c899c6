/* stage_research.c - the evidence and the contradictions in the answers. Both are pure and take
 * well under a millisecond, so their key is the hash of their output: finer than one of their
 * input, since an answer that changes nothing here leaves the stored document standing. */
#include <stdlib.h>

#include "strattio/clock.h"
#include "strattio/doc.h"
#include "strattio/house.h"
#include "strattio/intake.h"
#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/plan_run.h"
#include "strattio/record.h"

#include "compliance/compliance.h"
#include "pipeline/stage.h"
#include "research/research.h"

static void stamp(struct research_pack *pack, const char *plan_id)
{
    char id[ID_LEN + 1], at[CLOCK_ISO_SIZE];

    id_derive(plan_id, "research_pack", id);
    pack->retrieved_at = clock_now_ms();
    clock_iso(pack->retrieved_at, at);
    doc_set_str(pack->data, "data_pack_id", id);
    doc_set_str(pack->data, "created_at", at);
}

static char *research_note(const struct research_pack *pack)
{
    return mem_printf("%zu sources, %zu missing", (size_t)bson_count_keys(pack->data_sources),
                      (size_t)bson_count_keys(pack->missing_data));
}

bool stage_research(struct making *mk, struct stage_result *r, struct err *err)
{
    struct research_pack pack;
    bool ok = false;

    record_init(COLL_RESEARCH_PACKS, &pack);
    if (!research_from_answers(mk->plan.intake_data, mk->start_date, &pack, err))
        goto out;
    key_of(pack.data, r->key);
    r->note = research_note(&pack);
    r->reused = mk->has_research && key_matches(mk->research.metadata, "key", r->key);
    if (r->reused) {
        ok = true;
        goto out;
    }
    stamp(&pack, mk->plan.id);
    free(pack.plan_id);
    pack.plan_id = mem_str(mk->plan.id);
    pack.status = RESEARCH_COMPLETE;
    doc_set_str(pack.metadata, "key", r->key);
    if (!research_repo_put(mk->actor, mk->lease, &pack, err))
        goto out;
    record_finish(COLL_RESEARCH_PACKS, &mk->research);
    mk->research = pack;
    mk->has_research = true;
    return true;
out:
    record_finish(COLL_RESEARCH_PACKS, &pack);
    return ok;
}

static void warn(struct making *mk, char *sentence)
{
    char key[16];
    const char *index;

    bson_uint32_to_string(bson_count_keys(&mk->warning_list), &index, key, sizeof(key));
    bson_append_utf8(&mk->warning_list, index, -1, sentence, -1);
    making_tell(mk, EVENT_WARNING, STAGE_VALIDATION, SECTION_COUNT, 0, 0, sentence);
    free(sentence);
}

/* What cannot be true together is worth a sentence each, and stops nothing. */
static bool find_contradictions(struct making *mk, const struct intake *questions, struct err *err)
{
    struct model *model = plan_model(mk->house, &mk->plan, err);
    struct compliance_input in = {.questions = questions,
                                  .intake = mk->plan.intake_data,
                                  .model = model,
                                  .as_of = mk->as_of};
    bson_iter_t it;
    bson_t found, item;

    if (!model)
        return false;
    contradictions_find(&in, &found);
    bson_iter_init(&it, &found);
    while (bson_iter_next(&it))
        if (doc_view(&found, bson_iter_key(&it), &item))
            warn(mk, mem_printf("%s %s", doc_str(&item, "message", ""),
                                doc_str(&item, "suggestion", "")));
    bson_destroy(&found);
    model_free(model);
    return true;
}

bool stage_validation(struct making *mk, struct stage_result *r, struct err *err)
{
    const struct intake *questions = house_intake(mk->house, err);
    struct problems problems = {0};
    bool ok;

    if (!questions)
        return false;
    intake_check(questions, mk->plan.plan_purpose, mk->plan.intake_data, true, &problems);
    ok = problems.count == 0;
    if (!ok)
        err_set(err, ERR_INVALID, 0, "%s: %s%s", problems.items[0].path, problems.items[0].message,
                problems.count > 1 ? " (and others)" : "");
    problems_finish(&problems);
    if (!ok)
        return false;
    if (!find_contradictions(mk, questions, err))
        return false;
    key_of(mk->plan.intake_data, r->key);
    r->note = mem_printf("%u warnings", bson_count_keys(&mk->warning_list));
    return true;
}
