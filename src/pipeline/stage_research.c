/* stage_research.c - the evidence and the contradictions in the answers. Both are pure and take
 * well under a millisecond, so their key is the hash of their output: finer than one of their
 * input, since an answer that changes nothing here leaves the stored document standing. */
#include <math.h>
#include <stdlib.h>

#include "strattio/clock.h"
#include "strattio/doc.h"
#include "strattio/house.h"
#include "strattio/intake.h"
#include "strattio/mem.h"
#include "strattio/record.h"

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

/* The sum of `field` times `by` (NULL: once) over the rows of table `table`. */
static double sum_rows(const bson_t *answers, const char *table, const char *field, const char *by)
{
    bson_iter_t it, row;
    double sum = 0;

    if (!doc_find(answers, table, &it) || !BSON_ITER_HOLDS_ARRAY(&it) ||
        !bson_iter_recurse(&it, &row))
        return 0;
    while (bson_iter_next(&row)) {
        const uint8_t *data;
        uint32_t len;
        bson_t view;

        if (!BSON_ITER_HOLDS_DOCUMENT(&row))
            continue;
        bson_iter_document(&row, &len, &data);
        if (bson_init_static(&view, data, len))
            sum += doc_num(&view, field, 0) * (by ? doc_num(&view, by, 0) : 1);
    }
    return sum;
}

/* Two places that state the same amount: more than 1% apart is worth a sentence. */
static void compare(struct making *mk, double a, const char *a_name, double b, const char *b_name)
{
    if (a > 0 && b > 0 && fabs(a - b) > 0.01 * fmax(a, b))
        warn(mk, mem_printf("%s (%.2f) and %s (%.2f) differ: change one of the two.", a_name, a,
                            b_name, b));
}

static void find_contradictions(struct making *mk)
{
    const bson_t *in = mk->plan.intake_data;
    double sales = sum_rows(in, "products", "price", "units_per_month");
    double simple = doc_num(in, "price_per_unit", 0) * doc_num(in, "units_per_month", 0);
    double ask = doc_num(in, "loan.amount", 0) + doc_num(in, "ask_amount", 0);

    compare(mk, sales > 0 ? sales : simple,
            sales > 0 ? "Sales a month from the products" : "Price times units a month",
            doc_num(in, "monthly_revenue_estimate", 0), "the monthly revenue estimate");
    compare(mk, sum_rows(in, "use_of_funds", "amount", NULL), "The use of funds", ask,
            "the amount asked for");
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
    find_contradictions(mk);
    key_of(mk->plan.intake_data, r->key);
    r->note = mem_printf("%u warnings", bson_count_keys(&mk->warning_list));
    return true;
}
