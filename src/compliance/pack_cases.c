/* pack_cases.c - the cases inside the packs. A case is answers and the outcome its rule must come to
 * on the model of those answers. Some of them are not the founder's but the plan's: "application_date",
 * "start_date" and "plan_purpose"; what was written, as "words" (of each section, or one number for
 * all nine) and "findings" (kinds, found in the first); and how many "sources" research found. */
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/json.h"
#include "strattio/mem.h"
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

/* What a case says was written, and what was found in it and for it. */
struct written {
    struct section sections[SECTION_COUNT];
    bool present[SECTION_COUNT];
    bson_t metadata, research;
};

static void append_item(bson_t *list, uint32_t i, const char *field, const char *value)
{
    const char *key;
    char buffer[16];
    bson_t item;

    bson_uint32_to_string(i, &key, buffer, sizeof buffer);
    BSON_APPEND_DOCUMENT_BEGIN(list, key, &item);
    bson_append_utf8(&item, field, -1, value, -1);
    bson_append_document_end(list, &item);
}

/* {findings: [{kind}]} of "findings": [KIND...]. */
static void read_findings(const bson_t *answers, bson_t *metadata)
{
    bson_iter_t it, kind;
    uint32_t count = 0;
    bson_t list;

    BSON_APPEND_ARRAY_BEGIN(metadata, "findings", &list);
    if (doc_find(answers, "findings", &it) && BSON_ITER_HOLDS_ARRAY(&it) &&
        bson_iter_recurse(&it, &kind))
        while (bson_iter_next(&kind))
            if (BSON_ITER_HOLDS_UTF8(&kind))
                append_item(&list, count++, "kind", bson_iter_utf8(&kind, NULL));
    bson_append_array_end(metadata, &list);
}

/* {evidence: [{type: "fact"}]}, as many as "sources" says. */
static void read_sources(const bson_t *answers, bson_t *research)
{
    int64_t count = doc_int(answers, "sources", 0);
    bson_t list;

    BSON_APPEND_ARRAY_BEGIN(research, "evidence", &list);
    for (uint32_t i = 0; i < count; i++)
        append_item(&list, i, "type", "fact");
    bson_append_array_end(research, &list);
}

static void read_words(const bson_t *answers, struct written *w)
{
    int64_t all = doc_int(answers, "words", 0);

    for (int i = 0; i < SECTION_COUNT; i++) {
        char *name = mem_printf("words.%s", section_type_name((enum section_type)i));
        int64_t words = doc_int(answers, name, all);

        w->present[i] = words > 0;
        w->sections[i].word_count = (int32_t)words;
        w->sections[i].metadata = &w->metadata;
        free(name);
    }
}

static void written_init(struct written *w, const bson_t *answers)
{
    *w = (struct written){0};
    bson_init(&w->metadata);
    bson_init(&w->research);
    read_findings(answers, &w->metadata);
    read_sources(answers, &w->research);
    read_words(answers, w);
}

static void written_finish(struct written *w)
{
    bson_destroy(&w->metadata);
    bson_destroy(&w->research);
}

static bool run_on(const struct ground *g, const struct rule *rule, const struct rule_case *c,
                   const bson_t *answers, struct err *err)
{
    struct written w;
    struct compliance_input in = {.questions = g->questions,
                                  .intake = answers,
                                  .sections = w.sections,
                                  .present = w.present,
                                  .research = doc_has(answers, "sources") ? &w.research : NULL,
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
    written_init(&w, answers);
    v = rule_judge(rule, &in, &scope);
    written_finish(&w);
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
