/* making.c - a plan and its children in memory while the stages pass over them. */
#include <stdlib.h>
#include <string.h>

#include "strattio/clock.h"
#include "strattio/doc.h"
#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/queue.h"
#include "strattio/record.h"
#include "strattio/writing.h"

#include "pipeline/stage.h"

void making_init(struct making *mk, struct actor *actor, struct house *house, struct plan *plan)
{
    char created[CLOCK_ISO_SIZE];

    memset(mk, 0, sizeof(*mk));
    mk->actor = actor;
    mk->house = house;
    mk->plan = *plan;
    memset(plan, 0, sizeof(*plan));
    bson_init(&mk->model_data);
    bson_init(&mk->warning_list);
    bson_init(&mk->usage);
    mk->writer = writing_name(WRITING_TEMPLATE);
    clock_iso_date(mk->plan.created_at, created);
    bson_strncpy(mk->start_date, doc_str(mk->plan.metadata, "start_date", created),
                 sizeof(mk->start_date));
    bson_strncpy(mk->as_of, doc_str(mk->plan.intake_data, "application_date", created),
                 sizeof(mk->as_of));
}

void making_finish(struct making *mk)
{
    if (!mk->house)
        return;
    for (int i = 0; i < SECTION_COUNT; i++)
        record_finish(COLL_SECTIONS, &mk->sections[i]);
    record_finish(COLL_RESEARCH_PACKS, &mk->research);
    record_finish(COLL_COMPLIANCE_REPORTS, &mk->report);
    record_finish(COLL_FINANCIAL_MODELS, &mk->stored_model);
    record_finish(COLL_PLANS, &mk->plan);
    model_free(mk->model);
    bson_destroy(&mk->model_data);
    bson_destroy(&mk->warning_list);
    bson_destroy(&mk->usage);
    memset(mk, 0, sizeof(*mk));
}

/* True if the child was found or does not exist yet; *has says which. */
static bool absent_is_fine(bool found, bool *has, struct err *err)
{
    *has = found;
    return found || err->code == ERR_NOT_FOUND;
}

bool making_load(struct making *mk, struct err *err)
{
    struct err lookup = {0};
    bool ok;

    ok = absent_is_fine(research_repo_find(mk->actor, mk->plan.id, &mk->research, &lookup),
                        &mk->has_research, &lookup) &&
         absent_is_fine(model_repo_find(mk->actor, mk->plan.id, &mk->stored_model, &lookup),
                        &mk->has_model, &lookup) &&
         absent_is_fine(report_repo_find(mk->actor, mk->plan.id, &mk->report, &lookup),
                        &mk->has_report, &lookup) &&
         section_repo_list(mk->actor, mk->plan.id, mk->sections, mk->present, &lookup);
    if (!ok)
        *err = lookup;
    return ok;
}

void key_of(const bson_t *parts, char out[SHA_HEX_LEN + 1])
{
    bson_t sorted;

    doc_sorted(parts, &sorted);
    sha256_hex(bson_get_data(&sorted), sorted.len, out);
    bson_destroy(&sorted);
}

bool key_matches(const bson_t *metadata, const char *name, const char *key)
{
    return metadata && strcmp(doc_str(metadata, name, ""), key) == 0;
}

static void tell(struct making *mk, enum event_kind kind, enum stage stage,
                 enum section_type section, struct event about)
{
    struct event *e;

    if (!mk->events) {
        free(about.text);
        return;
    }
    e = mem_copy(&about, sizeof(about));
    e->kind = kind;
    e->seq = ++mk->seq;
    e->at = clock_now_ms();
    bson_strncpy(e->plan_id, mk->plan.id, sizeof(e->plan_id));
    e->stage = stage;
    e->section = section;
    queue_push(mk->events, e);
}

void making_tell(struct making *mk, enum event_kind kind, enum stage stage,
                 enum section_type section, int64_t done, int64_t total, const char *text)
{
    tell(mk, kind, stage, section,
         (struct event){.done = done, .total = total, .text = mem_str(text)});
}

void making_tell_done(struct making *mk, enum stage stage, enum section_type section, bool reused,
                      const char *text)
{
    tell(mk, EVENT_DONE, stage, section, (struct event){.reused = reused, .text = mem_str(text)});
}

bool making_go_on(struct making *mk, struct err *err)
{
    if (mk->cancelled && __atomic_load_n(mk->cancelled, __ATOMIC_ACQUIRE))
        return err_set(err, ERR_CANCELLED, 0, "Cancelled");
    return !mk->lease || plan_lease_renew(mk->actor, mk->lease, err);
}

void making_summary(const struct making *mk, bson_t *out)
{
    int64_t unbound = 0, stale = 0, findings = 0, words = 0;

    for (int i = 0; i < SECTION_COUNT; i++) {
        if (!mk->present[i])
            continue;
        unbound += (int64_t)doc_count_where(mk->sections[i].metadata, "findings", "kind",
                                            "unbound_figure");
        findings += (int64_t)doc_count(mk->sections[i].metadata, "findings");
        stale += doc_bool(mk->sections[i].metadata, "stale", false);
        words += mk->sections[i].word_count;
    }
    bson_init(out);
    if (mk->has_report) {
        const bson_t *data = mk->report.data;

        BSON_APPEND_DOUBLE(out, "score", doc_num(data, "score", 0));
        BSON_APPEND_UTF8(out, "status", doc_str(data, "overall_status", ""));
        BSON_APPEND_INT64(out, "failed", doc_int(data, "failed_count", 0));
        BSON_APPEND_INT64(out, "blockers", doc_int(data, "blockers", 0));
    }
    BSON_APPEND_INT64(out, "unbound", unbound);
    BSON_APPEND_INT64(out, "findings", findings);
    BSON_APPEND_INT64(out, "stale", stale);
    BSON_APPEND_INT64(out, "words", words);
}
