/* pack_cases.c - the cases inside the packs. A case is answers and the outcome its rule must come to
 * on the model of those answers; "application_date", "start_date" and "plan_purpose" among them are
 * the plan's own. */
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/json.h"
#include "strattio/model.h"

#include "compliance/compliance.h"
#include "compliance/judge.h"
#include "compliance/pack.h"
#include "compliance/scope.h"

/* What rules and cases are run on. */
struct ground {
    const struct intake *questions;
    const struct model_def *def;
    const char *file;
};

static bool run_on(const struct ground *g, const struct rule *rule, const struct rule_case *c,
                   const bson_t *answers, struct err *err)
{
    struct compliance_input in = {.questions = g->questions,
                                  .intake = answers,
                                  .as_of = doc_str(answers, "application_date", "2026-11-23"),
                                  .start_date = doc_str(answers, "start_date", "2027-01-01")};
    struct model *model = model_build(g->def, answers, in.start_date, err);
    struct expr_scope scope;
    struct verdict v;

    if (!model)
        return err_wrap(err, "%s:%d:%d: %s, case %s", g->file, c->line, c->column, rule->id,
                        c->name);
    in.purpose = plan_purpose_by_name(doc_str(answers, "plan_purpose", "generic"));
    in.model = model;
    scope = scope_of(&in);
    v = rule_judge(rule, &in, &scope);
    model_free(model);
    if (v.err.code == ERR_NONE && v.outcome == c->expects)
        return true;
    return err_set(err, ERR_INVALID, 0, "%s:%d:%d: %s, case %s: expected %s, came out as %s%s%s",
                   g->file, c->line, c->column, rule->id, c->name, outcome_name(c->expects),
                   outcome_name(v.outcome), v.err.code ? ": " : "", v.err.code ? v.err.msg : "");
}

static bool run_case(const struct ground *g, const struct rule *rule, const struct rule_case *c,
                     struct err *err)
{
    bson_t answers;
    bool ok;

    if (!json_read(c->answers, strlen(c->answers), &answers, err))
        return err_wrap(err, "%s:%d:%d: %s, case %s", g->file, c->line, c->column, rule->id,
                        c->name);
    ok = run_on(g, rule, c, &answers, err);
    bson_destroy(&answers);
    return ok;
}

/* Every case of `pack`; with `tell` each failure is told and the rest run. */
static bool run_pack(const struct ground *g, const struct pack *pack, asset_tell *tell,
                     void *context, size_t *count, struct err *err)
{
    for (size_t r = 0; r < pack->rule_count; r++) {
        for (size_t c = 0; c < pack->rules[r].case_count; c++, ++*count) {
            if (run_case(g, &pack->rules[r], &pack->rules[r].cases[c], err))
                continue;
            if (!tell)
                return false;
            tell(context, err);
            *err = (struct err){0};
        }
    }
    return true;
}

bool packs_test(const struct packs *p, const struct intake *questions, const struct model_def *def,
                size_t *count, struct err *err)
{
    *count = 0;
    for (size_t i = 0; i < p->count; i++) {
        struct ground g = {questions, def, asset_name(p->items[i].asset)};

        if (!run_pack(&g, &p->items[i], NULL, NULL, count, err))
            return false;
    }
    return true;
}

bool pack_try(const char *name, const char *text, size_t len, const struct intake *questions,
              const struct model_def *def, asset_tell *tell, void *context, struct pack_size *size,
              struct err *err)
{
    struct ground g = {questions, def, name};
    struct pack pack;
    bool ok;

    *size = (struct pack_size){0};
    if (!pack_read(name, text, len, NULL, NULL, &pack, err))
        return false;
    size->rules = pack.rule_count;
    ok = run_pack(&g, &pack, tell, context, &size->cases, err);
    pack_finish(&pack);
    return ok;
}
