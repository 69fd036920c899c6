/* cli_show.c - a plan and its parts as text or as the stored documents. What a tier does not
 * include is shown as its preview, the same fields in both forms. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/actor.h"
#include "strattio/child_repo.h"
#include "strattio/clock.h"
#include "strattio/doc.h"
#include "strattio/house.h"
#include "strattio/intake.h"
#include "strattio/json.h"
#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/money.h"
#include "strattio/plan_repo.h"
#include "strattio/plan_run.h"
#include "strattio/record.h"
#include "strattio/section_history.h"
#include "strattio/section_view.h"
#include "strattio/strbuf.h"

#include "command.h"
#include "period.h"
#include "report_text.h"

static const char *const financials_preview[] = {"pnl_annual", "break_even", "kpis", NULL};
static const char *const compliance_preview[] = {"template_id",  "overall_status", "score",
                                                 "passed_count", "failed_count",   NULL};

/* `data`, or only the fields of `preview` when the tier does not include all of it. */
static void put_data(struct cli *c, const bson_t *data, enum capability needs,
                     const char *const *preview)
{
    bson_t some = BSON_INITIALIZER;
    bson_iter_t it;

    if (actor_can(c->actor, needs)) {
        cli_put_json(c, data);
    } else {
        for (size_t i = 0; preview[i]; i++)
            if (bson_iter_init_find(&it, data, preview[i]))
                BSON_APPEND_VALUE(&some, preview[i], bson_iter_value(&it));
        cli_put_json(c, &some);
    }
    bson_destroy(&some);
}

void cli_put_report(struct cli *c, const bson_t *data)
{
    put_data(c, data, CAN_SEE_COMPLIANCE, compliance_preview);
}

static void put_record(struct cli *c, enum collection coll, const void *rec)
{
    bson_t doc;

    record_write(coll, rec, &doc);
    cli_put_json(c, &doc);
    bson_destroy(&doc);
}

/* ---- the plan itself ---------------------------------------------------------------------------
 */

/* How much of an edited text is the author's: "edited (12% typed, 5% changed)". */
static void put_edited(struct cli *c, const struct section *s)
{
    if (!s->edited_by_user)
        return;
    strbuf_str(c->out, ", edited");
    if (doc_has(s->metadata, "authorship"))
        strbuf_printf(c->out, " (%.0f%% typed, %.0f%% changed)",
                      100 * doc_num(s->metadata, "authorship.typed", 0),
                      100 * doc_num(s->metadata, "authorship.edited", 0));
}

static void put_overview(struct cli *c, const struct plan *plan, const struct section *sections,
                         const bool *present)
{
    char at[CLOCK_ISO_SIZE];

    clock_iso(plan->updated_at, at);
    strbuf_printf(c->out, "%s\n%s\n\n", plan->name, plan->id);
    strbuf_printf(c->out, "Status      %s%s%s\n", plan_status_name(plan->status),
                  plan->error ? ": " : "", plan->error ? plan->error : "");
    strbuf_printf(c->out, "Purpose     %s\n", plan_purpose_label(plan->plan_purpose));
    strbuf_printf(c->out, "Rules       %s\n", plan->compliance_type);
    if (doc_has(plan->metadata, "summary.score"))
        strbuf_printf(c->out, "Score       %.0f of 100, %s\n",
                      doc_num(plan->metadata, "summary.score", 0),
                      doc_str(plan->metadata, "summary.status", ""));
    strbuf_printf(c->out, "Version     %lld\nUpdated     %s\n", (long long)plan->current_version,
                  at);
    for (int i = 0; i < SECTION_COUNT; i++) {
        if (i == 0)
            strbuf_str(c->out, "\nSections\n");
        if (!present[i]) {
            strbuf_printf(c->out, "  %d %-24s not written yet\n", i + 1, section_type_title(i));
            continue;
        }
        strbuf_printf(c->out, "  %d %-24s %5lld words", i + 1, sections[i].title,
                      (long long)sections[i].word_count);
        put_edited(c, &sections[i]);
        strbuf_printf(c->out, "%s\n",
                      section_history_offered(&sections[i])            ? ", new draft waiting"
                      : doc_bool(sections[i].metadata, "stale", false) ? ", stale"
                                                                       : "");
    }
}

static bool show_overview(struct cli *c, const struct plan *plan, struct err *err)
{
    struct section sections[SECTION_COUNT] = {{0}};
    bool present[SECTION_COUNT];

    if (cli_json(c)) {
        put_record(c, COLL_PLANS, plan);
        return true;
    }
    if (!section_repo_list(c->actor, plan->id, sections, present, err))
        return false;
    put_overview(c, plan, sections, present);
    for (int i = 0; i < SECTION_COUNT; i++)
        record_finish(COLL_SECTIONS, &sections[i]);
    return true;
}

static bool show_intake(struct cli *c, const struct plan *plan, struct err *err)
{
    const struct intake *questions = house_intake(c->house, err);

    if (!questions)
        return false;
    if (cli_json(c)) {
        cli_put_json(c, plan->intake_data);
        return true;
    }
    for (size_t i = 0; i < intake_step_count(questions); i++) {
        const struct intake_step *step = intake_step(questions, i);

        strbuf_printf(c->out, "%s%s\n", i ? "\n" : "", step->title);
        for (size_t q = 0; q < step->question_count; q++) {
            const struct question *question = step->questions[q];

            if (!doc_has(plan->intake_data, question->field))
                continue;
            strbuf_printf(c->out, "  %-28s ", question->label);
            intake_shown(questions, plan->intake_data, question->field, c->out);
            strbuf_char(c->out, '\n');
        }
    }
    return true;
}

/* ---- its children ------------------------------------------------------------------------------
 */

static bool show_sections(struct cli *c, const struct plan *plan, struct err *err)
{
    struct section sections[SECTION_COUNT] = {{0}};
    bson_t all = BSON_INITIALIZER, array;
    bool present[SECTION_COUNT], any = false;

    if (!section_repo_list(c->actor, plan->id, sections, present, err))
        return false;
    BSON_APPEND_ARRAY_BEGIN(&all, "sections", &array);
    for (int i = 0; i < SECTION_COUNT; i++) {
        char key[16];
        const char *name;
        bson_t doc;

        if (!present[i])
            continue;
        if (!cli_json(c)) {
            strbuf_printf(c->out, "%s# %s\n\n%s\n", any ? "\n" : "", sections[i].title,
                          sections[i].content);
        } else {
            bson_uint32_to_string(bson_count_keys(&array), &name, key, sizeof(key));
            record_write(COLL_SECTIONS, &sections[i], &doc);
            bson_append_document(&array, name, -1, &doc);
            bson_destroy(&doc);
        }
        any = true;
    }
    bson_append_array_end(&all, &array);
    if (cli_json(c)) {
        bson_t view;

        doc_view(&all, "sections", &view);
        cli_put_json_array(c, &view);
    } else if (!any) {
        strbuf_str(c->out, "No section has been written yet.\n");
    }
    for (int i = 0; i < SECTION_COUNT; i++)
        record_finish(COLL_SECTIONS, &sections[i]);
    bson_destroy(&all);
    return true;
}

static void put_source(struct cli *c, const struct section *s)
{
    char *source = section_source(s);
    size_t len = strlen(source);

    strbuf_add(c->out, source, len);
    if (len == 0 || source[len - 1] != '\n')
        strbuf_char(c->out, '\n');
    free(source);
}

/* The new draft beside the author's text, with the figures as they are now. */
static bool put_offered(struct cli *c, const struct plan *plan, const struct section *s,
                        struct err *err)
{
    struct model *model;
    bson_t value;
    char *text;

    if (!section_history_offered(s))
        return err_set(err, ERR_NOT_FOUND, 0, "No new draft of %s is waiting.", s->title);
    model = plan_model(c->house, plan, err);
    if (!model)
        return false;
    doc_view(s->metadata, "offered", &value);
    text = section_history_text(&value, model);
    strbuf_printf(c->out, "%s\n", text);
    free(text);
    model_free(model);
    return true;
}

static bool show_section(struct cli *c, const struct plan *plan, enum section_type type,
                         struct err *err)
{
    struct section s;
    bool ok = true;

    if (!section_repo_find(c->actor, plan->id, type, &s, err))
        return err_wrap(err, "%s has not been written yet", section_type_title(type));
    if (cli_json(c))
        put_record(c, COLL_SECTIONS, &s);
    else if (cli_option(c, "--offered"))
        ok = put_offered(c, plan, &s, err);
    else if (cli_option(c, "--source"))
        put_source(c, &s);
    else
        strbuf_printf(c->out, "%s\n", s.content);
    record_finish(COLL_SECTIONS, &s);
    return ok;
}

/* The model as it was stored when the plan was last generated. */
static bool show_stored_model(struct cli *c, const struct plan *plan, struct err *err)
{
    struct financial_model stored;

    if (!model_repo_find(c->actor, plan->id, &stored, err))
        return err_wrap(err, "The financial model has not been made yet");
    put_data(c, stored.data, CAN_SEE_FINANCIALS, financials_preview);
    record_finish(COLL_FINANCIAL_MODELS, &stored);
    return true;
}

/* The model under a scenario, as the stored one would be. */
static void put_model(struct cli *c, const struct model *model)
{
    bson_t data;

    model_data(model, &data);
    put_data(c, &data, CAN_SEE_FINANCIALS, financials_preview);
    bson_destroy(&data);
}

static bool show_financials(struct cli *c, const struct plan *plan, struct err *err)
{
    const char *statement = cli_option(c, "--statement");
    enum period by = period_by_name(cli_option(c, "--by"));
    const char *scenario = cli_option(c, "--scenario");
    const struct model_def *def;
    struct model *model;

    if (cli_json(c) && !statement && !scenario)
        return show_stored_model(c, plan, err);
    if ((by != PERIOD_YEAR || (statement && strcmp(statement, "pnl") != 0)) &&
        !actor_require(c->actor, CAN_SEE_FINANCIALS, err))
        return false;
    def = house_model_def(c->house, err);
    model = def ? cli_model(c, plan, scenario, err) : NULL;
    if (!model)
        return false;
    if (cli_json(c) && !statement) {
        put_model(c, model);
        model_free(model);
        return true;
    }
    cli_put_statement(c, model, statement ? statement : "pnl", by);
    if (!statement && by == PERIOD_YEAR && !cli_option(c, "--csv"))
        text_measures(def, model, c->out);
    model_free(model);
    return true;
}

static bool show_compliance(struct cli *c, const struct plan *plan, struct err *err)
{
    struct compliance_report report;

    if (!report_repo_find(c->actor, plan->id, &report, err))
        return err_wrap(err, "The plan has not been checked yet");
    if (cli_json(c))
        cli_put_report(c, report.data);
    else
        text_report(report.data, actor_can(c->actor, CAN_SEE_COMPLIANCE), false, c->out);
    record_finish(COLL_COMPLIANCE_REPORTS, &report);
    return true;
}

static bool show_research(struct cli *c, const struct plan *plan, struct err *err)
{
    struct research_pack pack;

    if (!research_repo_find(c->actor, plan->id, &pack, err))
        return err_wrap(err, "The research has not been made yet");
    if (cli_json(c))
        cli_put_json(c, pack.data);
    else
        text_research(&pack, c->out);
    record_finish(COLL_RESEARCH_PACKS, &pack);
    return true;
}

static const struct {
    const char *name;
    bool (*show)(struct cli *c, const struct plan *plan, struct err *err);
} parts[] = {
    {"intake", show_intake},         {"sections", show_sections}, {"financials", show_financials},
    {"compliance", show_compliance}, {"research", show_research},
};

/* `part` is one of the row's words: one of ours, or a section's type. */
static bool show_part(struct cli *c, const struct plan *plan, const char *part, struct err *err)
{
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        if (strcmp(parts[i].name, part) == 0)
            return parts[i].show(c, plan, err);
    return show_section(c, plan, section_type_by_name(part), err);
}

int cli_show(struct cli *c, struct err *err)
{
    const char *form = cli_option(c, "--source") ? "--source" : "--offered";
    struct plan plan;
    bool ok;

    if (cli_option(c, form) && (cli_json(c) || c->line.operand_count < 2 ||
                                section_type_by_name(c->line.operands[1]) == SECTION_COUNT))
        return cli_usage(c, err, "%s is for one section, and not with --json.", form);
    if (!cli_plan(c, &plan, err))
        return EXIT_FAILED;
    if (c->line.operand_count > 1)
        ok = show_part(c, &plan, c->line.operands[1], err);
    else
        ok = show_overview(c, &plan, err);
    record_finish(COLL_PLANS, &plan);
    return ok ? EXIT_OK : EXIT_FAILED;
}

/* ---- trace -------------------------------------------------------------------------------------
 */

static void put_inputs(const struct model *model, const struct figure *f, struct strbuf *out)
{
    for (size_t i = 0; i < f->input_count; i++) {
        struct figure input;
        struct err ignored;

        if (!model_figure(model, f->inputs[i], &input, &ignored))
            continue;
        strbuf_printf(out, "  %-36s %16s  %s\n", input.name, input.value,
                      input.formula ? input.label
                      : input.basis ? input.basis
                                    : input.label);
        figure_finish(&input);
    }
}

static void put_figure(const struct model *model, const struct figure *f, struct strbuf *out)
{
    strbuf_printf(out, "%s  (%s)\n%s\n", f->label, f->name, f->value);
    if (f->reason)
        strbuf_printf(out, "Undefined: %s (%s)\n", f->reason_text ? f->reason_text : f->reason,
                      f->reason);
    if (f->formula)
        strbuf_printf(out, "Formula: %s\n", f->formula);
    if (f->basis)
        strbuf_printf(out, "Basis: %s\n", f->basis);
    if (f->fix)
        strbuf_printf(out, "Set by: %s\n", f->fix);
    if (f->input_count > 0)
        strbuf_str(out, "Reads:\n");
    put_inputs(model, f, out);
}

static void append_text(bson_t *doc, const char *key, const char *text)
{
    if (text)
        bson_append_utf8(doc, key, -1, text, -1);
    else
        bson_append_null(doc, key, -1);
}

static void figure_fields(const struct figure *f, bson_t *doc)
{
    append_text(doc, "name", f->name);
    append_text(doc, "label", f->label);
    if (f->plain)
        bson_append_double(doc, "value", -1, strtod(f->plain, NULL));
    else
        bson_append_null(doc, "value", -1);
    append_text(doc, "shown", f->value);
    append_text(doc, "reason", f->reason);
    append_text(doc, "formula", f->formula);
    append_text(doc, "basis", f->basis);
    append_text(doc, "fix", f->fix);
}

static void put_figure_json(struct cli *c, const struct model *model, const struct figure *f)
{
    bson_t doc = BSON_INITIALIZER, inputs;

    figure_fields(f, &doc);
    BSON_APPEND_ARRAY_BEGIN(&doc, "inputs", &inputs);
    for (size_t i = 0; i < f->input_count; i++) {
        struct figure input;
        struct err ignored;
        char key[16];
        const char *name;
        bson_t item;

        if (!model_figure(model, f->inputs[i], &input, &ignored))
            continue;
        bson_uint32_to_string(bson_count_keys(&inputs), &name, key, sizeof(key));
        bson_append_document_begin(&inputs, name, -1, &item);
        figure_fields(&input, &item);
        bson_append_document_end(&inputs, &item);
        figure_finish(&input);
    }
    bson_append_array_end(&doc, &inputs);
    cli_put_json(c, &doc);
    bson_destroy(&doc);
}

/* ---- the other way --------------------------------------------------------------------------- */

static void put_dependents(const struct dependents *d, struct strbuf *out)
{
    int steps = 0;

    if (!d->count)
        strbuf_str(out, "Nothing depends on it.\n");
    for (size_t i = 0; i < d->count; i++) {
        const struct dependent *one = &d->items[i];

        if (one->steps != steps && one->steps < 3)
            strbuf_str(out, one->steps == 1 ? "Read by:\n" : "And through them:\n");
        steps = one->steps;
        strbuf_printf(out, "  %-36s ", one->name);
        if (one->cells == 1)
            strbuf_printf(out, "%s: ", one->first);
        else if (one->cells > 1)
            strbuf_printf(out, "%zu cells, %s to %s: ", one->cells, one->first, one->last);
        strbuf_printf(out, "%s\n", one->label);
    }
}

static void put_dependents_json(struct cli *c, const struct dependents *d)
{
    bson_t doc = BSON_INITIALIZER, list, one;
    char buf[16];

    BSON_APPEND_UTF8(&doc, "figure", c->line.operands[1]);
    BSON_APPEND_ARRAY_BEGIN(&doc, "used_by", &list);
    for (size_t i = 0; i < d->count; i++) {
        bson_append_document_begin(&list, cli_index(i, buf), -1, &one);
        append_text(&one, "name", d->items[i].name);
        append_text(&one, "label", d->items[i].label);
        BSON_APPEND_INT32(&one, "steps", d->items[i].steps);
        append_text(&one, "first", d->items[i].first);
        append_text(&one, "last", d->items[i].last);
        BSON_APPEND_INT64(&one, "cells", (int64_t)d->items[i].cells);
        bson_append_document_end(&list, &one);
    }
    bson_append_array_end(&doc, &list);
    cli_put_json(c, &doc);
    bson_destroy(&doc);
}

static bool trace_forward(struct cli *c, const struct model *model, struct err *err)
{
    struct dependents d;

    if (!model_used_by(model, c->line.operands[1], &d, err))
        return false;
    if (cli_json(c))
        put_dependents_json(c, &d);
    else
        put_dependents(&d, c->out);
    dependents_finish(&d);
    return true;
}

static bool trace_back(struct cli *c, const struct model *model, struct err *err)
{
    struct figure figure;

    if (!model_figure(model, c->line.operands[1], &figure, err))
        return false;
    if (cli_json(c))
        put_figure_json(c, model, &figure);
    else
        put_figure(model, &figure, c->out);
    figure_finish(&figure);
    return true;
}

int cli_trace(struct cli *c, struct err *err)
{
    struct model *model;
    struct plan plan;
    bool ok;

    if (!cli_plan(c, &plan, err))
        return EXIT_FAILED;
    model = cli_model(c, &plan, cli_option(c, "--scenario"), err);
    ok = model && (cli_option(c, "--forward") ? trace_forward : trace_back)(c, model, err);
    model_free(model);
    record_finish(COLL_PLANS, &plan);
    return ok ? EXIT_OK : EXIT_FAILED;
}
