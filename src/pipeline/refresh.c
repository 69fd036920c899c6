/* refresh.c - plans outside a run: made as drafts, their answers changed, their sections edited.
 * What follows from a change (model, rendered figures, report, summary) is brought up to date at
 * once with the same stages a run uses; no writer is called and no text is written anew. */
#include <stdlib.h>
#include <string.h>

#include "strattio/clock.h"
#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/house.h"
#include "strattio/intake.h"
#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/plan_repo.h"
#include "strattio/plan_run.h"
#include "strattio/record.h"
#include "strattio/remedy.h"
#include "strattio/section_history.h"
#include "strattio/section_view.h"

#include "account/plan_write.h"
#include "pipeline/section_work.h"
#include "pipeline/stage.h"

/* What is answered must be valid; what is missing may stay so in a draft. */
static bool check_answers(struct house *h, enum plan_purpose purpose, const bson_t *answers,
                          struct err *err)
{
    const struct intake *questions = house_intake(h, err);
    struct problems problems = {0};
    bool ok;

    if (!questions)
        return false;
    intake_check(questions, purpose, answers, false, &problems);
    ok = problems.count == 0;
    if (!ok)
        err_set(err, ERR_INVALID, 0, "%s: %s", problems.items[0].path, problems.items[0].message);
    problems_finish(&problems);
    return ok;
}

static void replace(char **slot, const char *text)
{
    if (*slot && text && strcmp(*slot, text) == 0)
        return;
    free(*slot);
    *slot = mem_str(text);
}

bool plan_new(struct actor *a, struct house *h, const char *name, enum plan_purpose purpose,
              const bson_t *intake, struct plan *out, struct err *err)
{
    char today[CLOCK_ISO_SIZE];

    if (!check_answers(h, purpose, intake, err))
        return false;
    clock_iso_date(clock_now_ms(), today);
    record_init(COLL_PLANS, out);
    replace(&out->name, name);
    replace(&out->compliance_type, intake_compliance_type(purpose, intake));
    out->plan_purpose = purpose;
    bson_destroy(out->intake_data);
    out->intake_data = bson_copy(intake);
    doc_set_str(out->metadata, "start_date", doc_str(intake, "start_date", today));
    if (plan_repo_create(a, out, err))
        return true;
    record_finish(COLL_PLANS, out);
    return false;
}

/* Model, figures, report and summary of a plan whose children exist, from what the plan says now.
 */
static bool refresh(struct making *mk, struct err *err)
{
    struct stage_result r = {0};
    bson_t summary;
    bool ok;

    if (!mk->has_model)
        return true; /* never made: the first run will */
    ok = stage_research(mk, &r, err);
    free(r.note);
    r = (struct stage_result){0};
    ok = ok && stage_finance(mk, &r, err) && stage_figures(mk, err);
    free(r.note);
    if (!ok)
        return false;
    if (mk->has_report) {
        r = (struct stage_result){0};
        ok = stage_compliance(mk, &r, err);
        free(r.note);
    }
    if (!ok)
        return false;
    making_summary(mk, &summary);
    ok = plan_repo_summarise(mk->actor, mk->plan.id, &summary, err);
    bson_destroy(&summary);
    return ok;
}

/* The research alone for a plan that was never made; else all that follows from it. */
static bool research(struct making *mk, struct err *err)
{
    struct stage_result r = {0};
    bool ok;

    ok = stage_research(mk, &r, err);
    free(r.note);
    mk->research_mode = LIVE_CACHED; /* the sources have been asked */
    return ok && refresh(mk, err);
}

bool plan_research(struct actor *a, struct house *h, const char *plan_id, bool again,
                   struct research_pack *out, struct err *err)
{
    struct making mk = {0};
    struct plan plan;
    bool ok;

    if (!plan_repo_find(a, plan_id, &plan, err))
        return false;
    if (plan.status == PLAN_STATUS_GENERATING) {
        record_finish(COLL_PLANS, &plan);
        return err_set(err, ERR_BUSY, 0,
                       "The plan is being generated; try again when that is "
                       "done.");
    }
    making_init(&mk, a, h, &plan);
    mk.research_mode = again ? LIVE_REFRESH : LIVE_FETCH;
    ok = making_load(&mk, err) && research(&mk, err);
    if (ok) {
        *out = mk.research; /* moves */
        mk.has_research = false;
        record_init(COLL_RESEARCH_PACKS, &mk.research);
    }
    making_finish(&mk);
    return ok;
}

static bool refresh_plan(struct actor *a, struct house *h, const char *plan_id, struct err *err)
{
    struct making mk = {0};
    struct plan plan;
    bool ok;

    if (!plan_repo_find(a, plan_id, &plan, err))
        return false;
    if (plan.status == PLAN_STATUS_GENERATING) { /* the run will see the new answers' keys */
        record_finish(COLL_PLANS, &plan);
        return true;
    }
    making_init(&mk, a, h, &plan);
    ok = making_load(&mk, err) && refresh(&mk, err);
    making_finish(&mk);
    return ok;
}

bool plan_save(struct actor *a, struct house *h, const struct plan *before, struct plan *after,
               struct err *err)
{
    if (!check_answers(h, after->plan_purpose, after->intake_data, err))
        return false;
    replace(&after->compliance_type,
            intake_compliance_type(after->plan_purpose, after->intake_data));
    return plan_repo_update(a, before, after, err) && refresh_plan(a, h, after->id, err);
}

/* Characters of `text` from its first to its last that is not blank. */
static size_t characters(const char *text, size_t len)
{
    size_t count = 0;

    while (len > 0 && strchr(" \t\r\n", text[len - 1]))
        len--;
    for (size_t i = strspn(text, " \t\r\n"); i < len; i++)
        count += ((unsigned char)text[i] & 0xc0) != 0x80;
    return count;
}

bool section_source_check(const char *text, size_t len, struct err *err)
{
    if (len > SECTION_SOURCE_MAX)
        return err_set(err, ERR_LIMIT, 0, "The text is %zu bytes; a section may have %d.", len,
                       SECTION_SOURCE_MAX);
    if (memchr(text, '\0', len))
        return err_set(err, ERR_INVALID, 0,
                       "The text holds a NUL byte; a section is plain Markdown, so remove it.");
    if (!bson_utf8_validate(text, len, false))
        return err_set(err, ERR_INVALID, 0,
                       "The text is not valid UTF-8; save it as UTF-8 and try again.");
    if (characters(text, len) < SECTION_SOURCE_MIN)
        return err_set(err, ERR_INVALID, 0,
                       "The text has fewer than %d characters; a section needs at least that.",
                       SECTION_SOURCE_MIN);
    return true;
}

/* What can be seen before anything is changed: the section is there and nobody saved since. */
static bool may_save(const struct making *mk, enum section_type type, int64_t rev, struct err *err)
{
    if (!mk->present[type])
        return err_set(err, ERR_NOT_FOUND, 0,
                       "%s has not been written yet: generate the plan first.",
                       section_type_title(type));
    if (doc_int(mk->sections[type].metadata, "rev", 0) != rev)
        return err_set(err, ERR_CONFLICT, 0, "%s was saved elsewhere since it was opened.",
                       mk->sections[type].title);
    return true;
}

static bool save_source(struct making *mk, enum section_type type, const char *source,
                        const char *reason, struct err *err)
{
    struct section *s = &mk->sections[type];
    struct stage_result r = {0};
    bool ok;

    ok = stage_finance(mk, &r, err);
    free(r.note);
    if (!ok)
        return false;
    authorship_begin(s);
    doc_set_str(s->metadata, "source", source);
    s->edited_by_user = true;
    return section_render(mk, s, err) &&
           section_repo_edit(mk->actor, s, AUDIT_SECTION_EDITED, reason, err) && refresh(mk, err);
}

static bool save(struct actor *a, struct house *h, const char *plan_id, enum section_type type,
                 const char *source, int64_t rev, const char *reason, struct err *err)
{
    struct making mk = {0};
    struct plan plan;
    bool ok;

    if (!section_source_check(source, strlen(source), err) ||
        !plan_repo_find(a, plan_id, &plan, err))
        return false;
    making_init(&mk, a, h, &plan);
    ok = making_load(&mk, err) && may_save(&mk, type, rev, err) &&
         save_source(&mk, type, source, reason, err);
    making_finish(&mk);
    return ok;
}

bool section_save(struct actor *a, struct house *h, const char *plan_id, enum section_type type,
                  const char *source, int64_t rev, struct err *err)
{
    return save(a, h, plan_id, type, source, rev, "edit", err);
}

bool section_restore(struct actor *a, struct house *h, const char *plan_id, enum section_type type,
                     const bson_t *value, int64_t rev, struct err *err)
{
    struct section then;
    char *source;
    bool ok;

    record_init(COLL_SECTIONS, &then);
    replace(&then.content, doc_str(value, "content", ""));
    if (doc_has(value, "source"))
        doc_set_str(then.metadata, "source", doc_str(value, "source", ""));
    source = section_source(&then);
    ok = save(a, h, plan_id, type, source, rev, "restore", err);
    free(source);
    record_finish(COLL_SECTIONS, &then);
    return ok;
}

/* ---- a draft beside the author's text ------------------------------------------------------ */

/* The draft is the section's now; it answers to what it was made from. */
static void take_offer(struct section *s)
{
    bson_t citations;

    doc_set_str(s->metadata, "source", doc_str(s->metadata, "offered.source", ""));
    doc_unset(s->metadata, "drafted");
    if (doc_view(s->metadata, "offered.citations", &citations)) {
        bson_destroy(s->data_citations);
        s->data_citations = bson_copy(&citations);
    }
    s->edited_by_user = false;
    s->ai_generated = doc_bool(s->metadata, "offered.ai", false);
}

static void end_offer(struct section *s)
{
    doc_set_str(s->metadata, "draft_key", doc_str(s->metadata, "offered.draft_key", ""));
    if (doc_has(s->metadata, "offered.writer_key"))
        doc_set_str(s->metadata, "writer_key", doc_str(s->metadata, "offered.writer_key", ""));
    doc_set_bool(s->metadata, "stale", false); /* stage_figures() sees whether it is */
    doc_unset(s->metadata, "offered");
}

static bool decide_offer(struct making *mk, enum section_type type, bool take, struct err *err)
{
    struct section *s = &mk->sections[type];
    struct stage_result r = {0};
    bool ok;

    if (!section_history_offered(s))
        return err_set(err, ERR_NOT_FOUND, 0, "No new draft of %s is waiting.", s->title);
    ok = stage_finance(mk, &r, err);
    free(r.note);
    if (!ok)
        return false;
    if (take)
        take_offer(s);
    end_offer(s);
    ok = take ? section_render(mk, s, err) &&
                    section_repo_edit(mk->actor, s, AUDIT_SECTION_REGENERATED, "offer", err)
              : section_repo_put(mk->actor, NULL, s, err);
    return ok && refresh(mk, err);
}

static bool decide(struct actor *a, struct house *h, const char *plan_id, enum section_type type,
                   int64_t rev, bool take, struct err *err)
{
    struct making mk = {0};
    struct plan plan;
    bool ok;

    if (!plan_repo_find(a, plan_id, &plan, err))
        return false;
    making_init(&mk, a, h, &plan);
    ok = making_load(&mk, err) && may_save(&mk, type, rev, err) &&
         decide_offer(&mk, type, take, err);
    making_finish(&mk);
    return ok;
}

bool section_offer_take(struct actor *a, struct house *h, const char *plan_id,
                        enum section_type type, int64_t rev, struct err *err)
{
    return decide(a, h, plan_id, type, rev, true, err);
}

bool section_offer_leave(struct actor *a, struct house *h, const char *plan_id,
                         enum section_type type, int64_t rev, struct err *err)
{
    return decide(a, h, plan_id, type, rev, false, err);
}

/* "Harbour Bakery (copy)", or the name itself where that would be too long. */
static char *copy_name(const char *name)
{
    if (strlen(name) + strlen(" (copy)") > PLAN_NAME_MAX)
        return mem_str(name);
    return mem_printf("%s (copy)", name);
}

bool plan_duplicate(struct actor *a, const struct plan *from, const char *name, struct plan *out,
                    struct err *err)
{
    static const char *const kept[] = {"start_date", "client"};
    bson_iter_t it;

    record_init(COLL_PLANS, out);
    free(out->name);
    out->name = name ? mem_str(name) : copy_name(from->name);
    replace(&out->compliance_type, from->compliance_type);
    out->plan_purpose = from->plan_purpose;
    bson_destroy(out->intake_data);
    out->intake_data = bson_copy(from->intake_data);
    if (from->settings) {
        bson_destroy(out->settings);
        out->settings = bson_copy(from->settings);
    }
    for (size_t i = 0; i < ARRAY_LEN(kept); i++)
        if (doc_find(from->metadata, kept[i], &it))
            doc_set(out->metadata, kept[i], bson_iter_value(&it));
    doc_set_str(out->metadata, "duplicated_from", from->id);
    if (plan_repo_create(a, out, err))
        return true;
    record_finish(COLL_PLANS, out);
    return false;
}

struct model *plan_model(struct house *h, const struct plan *plan, struct err *err)
{
    const struct model_def *def = house_model_def(h, err);
    char created[CLOCK_ISO_SIZE];

    clock_iso_date(plan->created_at, created);
    return def ? model_build(def, plan->intake_data, doc_str(plan->metadata, "start_date", created),
                             err)
               : NULL;
}

/* Everything `making` finishes is its own, so it works on a copy of the plan. */
static bool copy_plan(const struct plan *plan, struct plan *copy, struct err *err)
{
    bson_t doc;
    bool ok;

    record_write(COLL_PLANS, plan, &doc);
    ok = record_read(COLL_PLANS, &doc, copy, err);
    bson_destroy(&doc);
    return ok;
}

/* A copy of the plan with its model and children, as it is now; making_finish() it either way. */
static bool look_at(struct making *mk, struct actor *a, struct house *h, const struct plan *plan,
                    struct err *err)
{
    struct plan copy;

    if (!copy_plan(plan, &copy, err))
        return false;
    making_init(mk, a, h, &copy);
    mk->model = plan_model(h, plan, err);
    return mk->model && making_load(mk, err);
}

bool plan_remedy(struct actor *a, struct house *h, const struct plan *plan, const char *rule_id,
                 struct remedy *out, struct err *err)
{
    struct making mk = {0};
    bool ok = look_at(&mk, a, h, plan, err) && making_remedy(&mk, rule_id, out, err);

    making_finish(&mk);
    return ok;
}

bool plan_check(struct actor *a, struct house *h, const struct plan *plan, bson_t *out,
                struct err *err)
{
    struct making mk = {0};
    bool ok = look_at(&mk, a, h, plan, err) && making_check(&mk, out, err);

    making_finish(&mk);
    return ok;
}
