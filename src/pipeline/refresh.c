/* refresh.c - plans outside a run: made as drafts, their answers changed, their sections edited. What follows
 * from a change (model, rendered figures, report, summary) is brought up to date at once with the same stages a run
 * uses; no writer is called and no text is written anew. */
#include <stdlib.h>
#include <string.h>

#include "strattio/clock.h"
#include "strattio/doc.h"
#include "strattio/house.h"
#include "strattio/intake.h"
#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/plan_repo.h"
#include "strattio/plan_run.h"
#include "strattio/record.h"

#include "account/plan_write.h"
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

/* Model, figures, report and summary of a plan whose children exist, from what the plan says now. */
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

bool section_save(struct actor *a, struct house *h, const char *plan_id, enum section_type type,
                  const char *source, int64_t rev, struct err *err)
{
    struct stage_result r = {0};
    struct making mk = {0};
    struct section *s;
    struct plan plan;
    bool ok = false;

    if (!plan_repo_find(a, plan_id, &plan, err))
        return false;
    making_init(&mk, a, h, &plan);
    s = &mk.sections[type];
    if (!making_load(&mk, err))
        goto out;
    if (!mk.present[type]) {
        err_set(err, ERR_NOT_FOUND, 0, "%s has not been written yet: generate the plan first.",
                section_type_title(type));
        goto out;
    }
    if (doc_int(s->metadata, "rev", 0) != rev) {
        err_set(err, ERR_CONFLICT, 0, "%s was saved elsewhere since it was opened.", s->title);
        goto out;
    }
    if (!stage_finance(&mk, &r, err))
        goto out;
    doc_set_str(s->metadata, "source", source);
    s->edited_by_user = true;
    ok = section_render(&mk, s, err) &&
         section_repo_edit(a, s, AUDIT_SECTION_EDITED, "edit", err) && refresh(&mk, err);
out:
    free(r.note);
    making_finish(&mk);
    return ok;
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

bool plan_check(struct actor *a, struct house *h, const struct plan *plan, bson_t *out,
                struct err *err)
{
    struct making mk = {0};
    struct plan copy;
    bool ok;

    if (!copy_plan(plan, &copy, err))
        return false;
    making_init(&mk, a, h, &copy);
    mk.model = plan_model(h, plan, err);
    ok = mk.model && making_load(&mk, err) && making_check(&mk, out, err);
    making_finish(&mk);
    return ok;
}
