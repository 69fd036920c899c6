/* stage_research.c - the evidence and the contradictions in the answers. The key is the hash of the
 * output: finer than one of the input, since an answer that changes nothing here leaves the stored
 * document standing. Live answers are in it with the time each was fetched, so that what is kept
 * gives the same key and a new answer another. */
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
#include "intake/industries.h"
#include "pipeline/house_parts.h"
#include "pipeline/stage.h"
#include "research/research.h"
#include "research/source.h"

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

/* --- live research ---------------------------------------------------------------------------- */

/* What questions are made of. `industries` is the caller's to free; NULL if it cannot be read. */
static void describe_plan(const struct making *mk, struct industries **industries,
                          struct source_plan *out)
{
    const bson_t *answers = mk->plan.intake_data;
    const char *named = doc_str(answers, "industry", "");
    const struct industry *in;
    char today[CLOCK_ISO_SIZE];
    struct err ignored;

    *industries = industries_load(&ignored);
    in = *industries && *named ? industries_meant(*industries, named) : NULL;
    clock_iso_date(clock_now_ms(), today);
    *out = (struct source_plan){
        .country = doc_str(answers, "location_country", ""),
        .town = doc_str(answers, "location_city", ""),
        .sic = in && in->sic ? in->sic : "",
        .naics = in && in->naics ? in->naics : "",
        .industry = in ? in->label : "",
        .year = atoi(today),
    };
}

/* The hash of what decides which questions are asked and how. */
static void input_key(const struct source_plan *plan, char out[SHA_HEX_LEN + 1])
{
    bson_t input = BSON_INITIALIZER;

    BSON_APPEND_UTF8(&input, "country", plan->country);
    BSON_APPEND_UTF8(&input, "town", plan->town);
    BSON_APPEND_UTF8(&input, "sic", plan->sic);
    BSON_APPEND_UTF8(&input, "naics", plan->naics);
    key_of(&input, out);
    bson_destroy(&input);
}

/* The parts of a result as fields, so that they can be stored and taken up again. */
static const struct {
    const char *name;
    size_t offset;
} parts[] = {
    {"facts", offsetof(struct live_result, facts)},
    {"errors", offsetof(struct live_result, errors)},
    {"missing", offsetof(struct live_result, missing)},
    {"stale", offsetof(struct live_result, stale)},
    {"names", offsetof(struct live_result, names)},
};

static bson_t *part_of(struct live_result *live, size_t i)
{
    return (bson_t *)(void *)((char *)live + parts[i].offset);
}

static void keep_live(struct live_result *live, const char *input, bson_t *kept)
{
    BSON_APPEND_UTF8(kept, "input", input);
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        BSON_APPEND_ARRAY(kept, parts[i].name, part_of(live, i));
    if (live->expires_at != RECORD_NONE)
        BSON_APPEND_DATE_TIME(kept, "expires_at", live->expires_at);
}

static void take_up_live(const bson_t *kept, struct live_result *live)
{
    bson_t view;

    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        doc_view(kept, parts[i].name, &view);
        bson_copy_to(&view, part_of(live, i));
    }
    live->expires_at = doc_date(kept, "expires_at", RECORD_NONE);
    live->requests = 0;
}

static void no_live(struct live_result *live)
{
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        bson_init(part_of(live, i));
    live->expires_at = RECORD_NONE;
    live->requests = 0;
}

/* A run keeps its lease while it waits, and stops where it was cancelled. */
static bool may_go_on(void *arg, struct err *err)
{
    return making_go_on(arg, err);
}

/* What the sources say, and the same as it is kept with the pack. Nothing is asked while answers
 * are saved, nor with every source off: then what the pack holds stands, as long as it is about
 * the same place and industry. */
static bool find_live(struct making *mk, struct live_result *live, bson_t *kept, struct err *err)
{
    struct live_settings settings;
    struct industries *industries;
    struct source_plan plan;
    char input[SHA_HEX_LEN + 1];
    bson_t stored;
    bool ask, ok = true;

    if (!house_live(mk->house, &settings, err))
        return false;
    bson_init(kept);
    describe_plan(mk, &industries, &plan);
    input_key(&plan, input);
    ask = live_any(&settings) && mk->research_mode != LIVE_CACHED;
    if (ask) {
        ok = live_research(&settings, &plan, mk->research_mode, atoi(mk->start_date), may_go_on, mk,
                           live, err);
        if (ok)
            keep_live(live, input, kept);
        else
            live_result_finish(live);
    } else if (mk->has_research && doc_view(mk->research.metadata, "live", &stored) &&
               key_matches(&stored, "input", input)) {
        take_up_live(&stored, live);
        bson_concat(kept, &stored);
    } else {
        no_live(live);
    }
    if (!ok)
        bson_destroy(kept);
    industries_free(industries);
    live_settings_finish(&settings);
    return ok;
}

bool stage_research(struct making *mk, struct stage_result *r, struct err *err)
{
    struct research_pack pack;
    struct live_result live;
    bson_t kept;
    bool ok = false;

    if (!find_live(mk, &live, &kept, err))
        return false;
    record_init(COLL_RESEARCH_PACKS, &pack);
    ok = research_build(mk->plan.intake_data, mk->start_date, &live, &pack, err);
    if (ok && !bson_empty(&kept))
        doc_set_doc(pack.metadata, "live", &kept, false);
    bson_destroy(&kept);
    live_result_finish(&live);
    if (!ok)
        goto out;
    ok = false;
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
    struct compliance_input in = {
        .questions = questions, .intake = mk->plan.intake_data, .model = model, .as_of = mk->as_of};
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
