/* rewrite.c - one section outside a run, through the same steps: the template's draft, the
 * brief, the check of what comes back. */
#include "strattio/rewrite.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/house.h"
#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/plan_repo.h"
#include "strattio/plan_run.h"
#include "strattio/record.h"
#include "strattio/writing.h"

#include "pipeline/section_work.h"
#include "pipeline/stage.h"

static bool load(struct making *mk, struct actor *a, struct house *h, const char *plan_id,
                 struct err *err)
{
    struct plan plan;

    if (!plan_repo_find(a, plan_id, &plan, err))
        return false;
    making_init(mk, a, h, &plan);
    return making_load(mk, err);
}

static bool check_wish(const struct making *mk, enum section_type type, const char *wish,
                       struct err *err)
{
    if (!mk->present[type])
        return err_set(err, ERR_NOT_FOUND, 0,
                       "%s has not been written yet: generate the plan first",
                       section_type_title(type));
    if (strspn(wish, " \t\r\n") == strlen(wish))
        return err_set(err, ERR_INVALID, 0, "say what to change, for example \"shorter\"");
    if (strlen(wish) > WISH_MAX)
        return err_set(err, ERR_INVALID, 0, "the instruction is longer than %d bytes", WISH_MAX);
    return true;
}

bool section_prompt(struct actor *a, struct house *h, const char *plan_id, enum section_type type,
                    const char *wish, struct strbuf *system, struct strbuf *user, struct err *err)
{
    struct writing *w = house_writing(h, err);
    struct making mk = {0};
    struct section_work work = {0};
    bool ok;

    ok = w && load(&mk, a, h, plan_id, err) && (!wish || check_wish(&mk, type, wish, err)) &&
         (mk.model = plan_model(h, &mk.plan, err)) != NULL &&
         section_work_init(&mk, type, "", &work, err) &&
         model_brief(&mk, w, &work, wish, system, user, err);
    if (work.source.data)
        section_work_finish(&work);
    making_finish(&mk);
    writing_free(w);
    return ok;
}

/* What the section is checked against, as it is now. */
static bool bring_up(struct making *mk, struct err *err)
{
    struct stage_result r = {0};
    bool ok = stage_research(mk, &r, err);

    free(r.note);
    r = (struct stage_result){0};
    ok = ok && stage_finance(mk, &r, err);
    free(r.note);
    return ok;
}

static bool have_rewritten(struct making *mk, const struct writing *w, enum section_type type,
                           const char *wish, struct err *err)
{
    struct section_work work = {0};
    char key[SHA_HEX_LEN + 1];
    bool ok;

    ok = model_key(mk, w, key, err) && section_work_init(mk, type, key, &work, err);
    if (ok) {
        work.again = true;
        work.state = SECTION_DRAFTED;
        ok = write_with_model(mk, w, &work, 1, wish, err);
    }
    if (work.source.data)
        section_work_finish(&work);
    return ok;
}

/* The report reads the texts, the list of plans shows its score. */
static bool check_again(struct making *mk, struct err *err)
{
    struct stage_result r = {0};
    bson_t summary;
    bool ok = !mk->has_report || stage_compliance(mk, &r, err);

    free(r.note);
    if (!ok)
        return false;
    making_summary(mk, &summary);
    ok = plan_repo_summarise(mk->actor, mk->plan.id, &summary, err);
    bson_destroy(&summary);
    return ok;
}

bool section_rewrite(struct actor *a, struct house *h, const char *plan_id, enum section_type type,
                     const char *wish, struct queue *events, const bool *stop, bool *offered,
                     struct err *err)
{
    struct writing *w = house_writing(h, err);
    struct making mk = {0};
    bool ok = w != NULL;

    if (ok && w->by == WRITING_TEMPLATE)
        ok = err_set(err, ERR_INVALID, 0,
                     "templates cannot change a text: set writer to openai, anthropic or ollama");
    ok = ok && load(&mk, a, h, plan_id, err) && check_wish(&mk, type, wish, err);
    if (ok && mk.plan.status == PLAN_STATUS_GENERATING)
        ok = err_set(err, ERR_BUSY, 0, "the plan is being written: wait for its end, or cancel it");
    if (ok) {
        mk.events = events;
        mk.cancelled = stop;
        ok = bring_up(&mk, err) && have_rewritten(&mk, w, type, wish, err);
    }
    if (ok) {
        *offered = doc_has(mk.sections[type].metadata, "offered.source");
        ok = check_again(&mk, err);
    }
    making_finish(&mk);
    writing_free(w);
    return ok;
}
