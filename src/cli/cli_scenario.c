/* cli_scenario.c - the scenarios of a plan: listed, explained, changed, compared. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/actor.h"
#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/plan_repo.h"
#include "strattio/plan_run.h"
#include "strattio/record.h"
#include "strattio/scenario.h"
#include "strattio/strbuf.h"

#include "command.h"

struct model *cli_model(struct cli *c, const struct plan *plan, const char *scenario,
                        struct err *err)
{
    struct model *base = plan_model(c->house, plan, err), *m = NULL;
    const struct scenario *s;
    struct scenarios all;

    if (!base || !scenario)
        return base;
    if (scenarios_read(plan->intake_data, &all, err)) {
        s = scenarios_find(&all, scenario, err);
        m = s ? scenario_model(base, s, err) : NULL;
        scenarios_finish(&all);
    }
    model_free(base);
    return m;
}

void cli_append_outcome(bson_t *doc, const char *key, const struct outcome *o)
{
    bson_t out;

    bson_append_document_begin(doc, key, -1, &out);
    if (isnan(o->value))
        BSON_APPEND_NULL(&out, "value");
    else
        BSON_APPEND_DOUBLE(&out, "value", o->value);
    BSON_APPEND_UTF8(&out, "shown", o->shown);
    if (o->reason)
        BSON_APPEND_UTF8(&out, "reason", o->reason);
    else
        BSON_APPEND_NULL(&out, "reason");
    bson_append_document_end(doc, &out);
}

const char *cli_index(size_t i, char buf[16])
{
    const char *key;

    bson_uint32_to_string((uint32_t)i, &key, buf, 16);
    return key;
}

/* ---- list, show ------------------------------------------------------------------------------ */

struct job { /* one call of the command */
    struct cli *c;
    struct plan *plan;
    struct model *base;
    struct scenarios all;
};

static void append_scenario(bson_t *doc, const struct scenario *s)
{
    bson_t changes;
    char buf[16];

    BSON_APPEND_UTF8(doc, "name", s->name);
    BSON_APPEND_UTF8(doc, "label", s->label);
    BSON_APPEND_UTF8(doc, "basis", s->basis);
    BSON_APPEND_BOOL(doc, "own", s->own);
    BSON_APPEND_ARRAY_BEGIN(doc, "changes", &changes);
    for (size_t i = 0; i < s->count; i++)
        BSON_APPEND_UTF8(&changes, cli_index(i, buf), s->changes[i]);
    bson_append_array_end(doc, &changes);
}

static void put_list_json(struct job *j)
{
    bson_t doc = BSON_INITIALIZER, list, one;
    char buf[16];

    BSON_APPEND_ARRAY_BEGIN(&doc, "scenarios", &list);
    for (size_t i = 0; i < j->all.count; i++) {
        bson_append_document_begin(&list, cli_index(i, buf), -1, &one);
        append_scenario(&one, &j->all.items[i]);
        bson_append_document_end(&list, &one);
    }
    bson_append_array_end(&doc, &list);
    cli_put_json(j->c, &doc);
    bson_destroy(&doc);
}

static bool list(struct job *j, struct err *err)
{
    (void)err;
    if (cli_json(j->c)) {
        put_list_json(j);
        return true;
    }
    for (size_t i = 0; i < j->all.count; i++) {
        const struct scenario *s = &j->all.items[i];

        strbuf_printf(j->c->out, "%-16s ", s->name);
        if (!s->count)
            strbuf_str(j->c->out, "the plan as it is");
        for (size_t k = 0; k < s->count; k++)
            strbuf_printf(j->c->out, "%s%s", k ? "  " : "", s->changes[k]);
        strbuf_char(j->c->out, '\n');
    }
    return true;
}

static bool show(struct job *j, struct err *err)
{
    const struct scenario *s = scenarios_find(&j->all, j->c->line.operands[2], err);
    bson_t doc = BSON_INITIALIZER;

    if (!s) {
        bson_destroy(&doc);
        return false;
    }
    if (cli_json(j->c)) {
        append_scenario(&doc, s);
        cli_put_json(j->c, &doc);
    } else {
        strbuf_printf(j->c->out, "%s  (%s)\n", s->label, s->name);
        if (s->basis[0])
            strbuf_printf(j->c->out, "Basis: %s\n", s->basis);
    }
    bson_destroy(&doc);
    for (size_t i = 0; !cli_json(j->c) && i < s->count; i++) {
        strbuf_printf(j->c->out, "\n%s\n", s->changes[i]);
        if (!scenario_explain(j->base, s->changes[i], j->c->out, err))
            return err_wrap(err, "%s", s->changes[i]);
    }
    return true;
}

/* ---- set, remove ----------------------------------------------------------------------------- */

/* Saves the plan with the answers that `change` has made of it. */
static bool save(struct job *j, bool (*change)(struct job *, struct plan *, struct err *),
                 struct err *err)
{
    struct plan after;
    bool ok;

    if (!plan_repo_find(j->c->actor, j->plan->id, &after, err))
        return false;
    ok = change(j, &after, err) && plan_save(j->c->actor, j->c->house, j->plan, &after, err);
    record_finish(COLL_PLANS, &after);
    return ok;
}

static bool put_own(struct job *j, struct plan *after, struct err *err)
{
    const struct command_line *line = &j->c->line;

    return scenario_put(after->intake_data, j->base, line->operands[2], line->operands + 3,
                        line->operand_count - 3, err);
}

static bool remove_own(struct job *j, struct plan *after, struct err *err)
{
    return scenario_remove(after->intake_data, j->c->line.operands[2], err);
}

static bool set(struct job *j, struct err *err)
{
    return save(j, put_own, err);
}

static bool take_away(struct job *j, struct err *err)
{
    return save(j, remove_own, err);
}

/* ---- compare --------------------------------------------------------------------------------- */

static void put_comparison(struct job *j, const struct scenario_measure *measures,
                           const struct comparison *cmp)
{
    struct strbuf *out = j->c->out;

    strbuf_printf(out, "%-30s", "");
    for (size_t i = 0; i < cmp->scenario_count; i++)
        cli_put_right(out, j->all.items[i].label, 16);
    strbuf_char(out, '\n');
    for (size_t k = 0; k < cmp->measure_count; k++) {
        cli_put_left(out, measures[k].label, 30);
        for (size_t i = 0; i < cmp->scenario_count; i++)
            cli_put_right(out, cmp->cells[k * cmp->scenario_count + i].shown, 16);
        strbuf_char(out, '\n');
    }
    for (size_t i = 0; i < cmp->scenario_count; i++)
        if (cmp->failed[i])
            strbuf_printf(out, "%s did not run: %s\n", j->all.items[i].label, cmp->failed[i]);
}

static void put_comparison_json(struct job *j, const struct scenario_measure *measures,
                                const struct comparison *cmp)
{
    bson_t doc = BSON_INITIALIZER, rows, row;
    char buf[16];

    BSON_APPEND_ARRAY_BEGIN(&doc, "scenarios", &rows);
    for (size_t i = 0; i < cmp->scenario_count; i++) {
        bson_append_document_begin(&rows, cli_index(i, buf), -1, &row);
        append_scenario(&row, &j->all.items[i]);
        if (cmp->failed[i])
            BSON_APPEND_UTF8(&row, "failed", cmp->failed[i]);
        bson_append_document_end(&rows, &row);
    }
    bson_append_array_end(&doc, &rows);
    BSON_APPEND_ARRAY_BEGIN(&doc, "measures", &rows);
    for (size_t k = 0; k < cmp->measure_count; k++) {
        bson_append_document_begin(&rows, cli_index(k, buf), -1, &row);
        BSON_APPEND_UTF8(&row, "measure", measures[k].measure);
        BSON_APPEND_UTF8(&row, "label", measures[k].label);
        for (size_t i = 0; i < cmp->scenario_count; i++)
            cli_append_outcome(&row, j->all.items[i].name,
                               &cmp->cells[k * cmp->scenario_count + i]);
        bson_append_document_end(&rows, &row);
    }
    bson_append_array_end(&doc, &rows);
    cli_put_json(j->c, &doc);
    bson_destroy(&doc);
}

static bool compare(struct job *j, struct err *err)
{
    struct scenario_measure own = {0};
    const struct scenario_measure *measures = j->all.measures;
    size_t count = j->all.measure_count;
    struct comparison cmp;

    if (!actor_require(j->c->actor, CAN_SEE_FINANCIALS, err))
        return false;
    if (cli_option(j->c, "--measure")) {
        own.measure = own.label = mem_str(cli_option(j->c, "--measure"));
        measures = &own;
        count = 1;
    }
    if (!scenarios_compare(j->base, &j->all, measures, count, &cmp, err)) {
        free(own.measure);
        return false;
    }
    if (cli_json(j->c))
        put_comparison_json(j, measures, &cmp);
    else
        put_comparison(j, measures, &cmp);
    comparison_finish(&cmp);
    free(own.measure);
    return true;
}

/* ---- the command ----------------------------------------------------------------------------- */

static const struct {
    const char *name;
    size_t least, most; /* operands, with PLAN and the word itself */
    bool (*run)(struct job *j, struct err *err);
    const char *usage;
} actions[] = {
    {"list", 1, 2, list, "list"},
    {"show", 3, 3, show, "show NAME"},
    {"set", 3, COMMAND_OPERANDS, set, "set NAME INPUT=CHANGE ..."},
    {"remove", 3, 3, take_away, "remove NAME"},
    {"compare", 2, 2, compare, "compare"},
};

int cli_scenario(struct cli *c, struct err *err)
{
    const char *word = c->line.operand_count > 1 ? c->line.operands[1] : "list";
    struct plan plan;
    struct job j = {.c = c, .plan = &plan};
    size_t i = 0;
    bool ok;

    while (i < ARRAY_LEN(actions) && strcmp(actions[i].name, word) != 0)
        i++;
    if (i == ARRAY_LEN(actions))
        return cli_usage(c, err,
                         "scenario knows no \"%.40s\"; use list, show, set, remove or "
                         "compare.",
                         word);
    if (c->line.operand_count < actions[i].least || c->line.operand_count > actions[i].most)
        return cli_usage(c, err, "This should read: scenario PLAN %s.", actions[i].usage);
    if (!cli_plan(c, &plan, err))
        return EXIT_FAILED;
    ok = scenarios_read(plan.intake_data, &j.all, err);
    if (ok) {
        j.base = plan_model(c->house, &plan, err);
        ok = j.base && actions[i].run(&j, err);
        scenarios_finish(&j.all);
    }
    model_free(j.base);
    record_finish(COLL_PLANS, &plan);
    return ok ? EXIT_OK : EXIT_FAILED;
}
