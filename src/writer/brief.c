/* brief.c - what is sent to a language model for one section: the task, what the reader looks
 * for, the founder's answers, the figures by name and value, the sources by their marks, and the
 * draft of the template writer, which has every figure bound already. Material stands between
 * marks of its own that it cannot close, and private words are masked at the very end, in all of
 * it at once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/intake.h"
#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/strbuf.h"
#include "writer/evidence.h"
#include "writer/prompts.h"
#include "writer/prompts_parts.h"
#include "writer/span.h"

enum { ANSWER_MAX = 1500, SOURCE_MAX = 600 };

/* Text of others, cut at `most` bytes, that cannot end the block it stands in. */
static void add_material(const char *text, size_t most, struct strbuf *out)
{
    size_t len = strnlen(text, most);

    while (len == most && len && ((unsigned char)text[len] & 0xc0) == 0x80)
        len--;
    for (size_t i = 0; i < len; i++) {
        strbuf_char(out, text[i]);
        if (text[i] == '<' && i + 1 < len && text[i + 1] == '/')
            strbuf_char(out, ' ');
    }
    if (text[len])
        strbuf_str(out, " ...");
}

/* ---- answers ---------------------------------------------------------------------------------- */

static void add_answer(const struct draft_input *in, const char *label, const char *path,
                       struct strbuf *out)
{
    struct strbuf shown;

    strbuf_init(&shown, STRBUF_DOC_LIMIT);
    intake_shown(in->questions, in->intake, path, &shown);
    if (shown.len) {
        strbuf_printf(out, "%s: ", label);
        add_material(shown.data, ANSWER_MAX, out);
        strbuf_char(out, '\n');
    }
    strbuf_finish(&shown);
}

static void add_columns(const struct draft_input *in, const struct question *q, const char *prefix,
                        struct strbuf *out)
{
    for (size_t i = 0; i < q->column_count; i++) {
        char *path = mem_printf("%s.%s", prefix, q->columns[i].field);

        strbuf_str(out, "    ");
        add_answer(in, q->columns[i].label, path, out);
        if (out->len >= 4 && strcmp(out->data + out->len - 4, "    ") == 0)
            strbuf_truncate(out, out->len - 4);
        free(path);
    }
}

static void add_question(const struct draft_input *in, const struct question *q, struct strbuf *out)
{
    if (!doc_has(in->intake, q->field))
        return;
    if (q->type == QUESTION_GROUP) {
        strbuf_printf(out, "%s:\n", q->label);
        add_columns(in, q, q->field, out);
    } else if (q->type == QUESTION_TABLE) {
        for (size_t row = 0; row < doc_count(in->intake, q->field); row++) {
            char *prefix = mem_printf("%s.%zu", q->field, row);

            strbuf_printf(out, "%s, row %zu:\n", q->label, row + 1);
            add_columns(in, q, prefix, out);
            free(prefix);
        }
    } else {
        add_answer(in, q->label, q->field, out);
    }
}

static void add_answers(const struct draft_input *in, struct strbuf *out)
{
    strbuf_str(out, "<answers>\n");
    for (size_t i = 0; i < intake_step_count(in->questions); i++) {
        const struct intake_step *step = intake_step(in->questions, i);

        for (size_t k = 0; k < step->question_count; k++)
            add_question(in, step->questions[k], out);
    }
    strbuf_str(out, "</answers>\n\n");
}

/* ---- figures ---------------------------------------------------------------------------------- */

/* What the figure is called: the model's label, if a line of it is meant and no calculation. */
static void add_label(const struct model *m, const char *span_text, size_t len, struct strbuf *out)
{
    struct span span;
    struct figure f = {0};
    struct err none = {0};

    if (!span_parse(span_text, len, &span))
        return;
    if (model_figure(m, span.expr, &f, &none)) {
        strbuf_printf(out, " (%s)", f.label);
        figure_finish(&f);
    }
    span_finish(&span);
}

static void add_figure(const struct model *m, const char *text, size_t len, struct strbuf *seen,
                       struct strbuf *out)
{
    char *figure = mem_strn(text, len);
    struct strbuf value;
    struct err none = {0};

    strbuf_init(&value, STRBUF_DOC_LIMIT);
    if (!strstr(seen->data, figure) && binder_render(m, figure, &value, NULL, &none)) {
        strbuf_printf(seen, "%s\n", figure);
        strbuf_printf(out, "%s = %s", figure, value.data);
        add_label(m, text, len, out);
        strbuf_char(out, '\n');
    }
    strbuf_finish(&value);
    free(figure);
}

/* The figures of the template's draft, each once: those that belong in this section, in a form
 * that is known to be shown well. */
static void add_figures(const struct brief_input *in, struct strbuf *out)
{
    const char *const texts[] = {in->source, in->current};
    struct strbuf seen;

    strbuf_init(&seen, STRBUF_DOC_LIMIT);
    strbuf_str(out, "Figures, as placeholder = value:\n");
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct span_walk walk;

        if (!texts[i])
            continue;
        span_walk_init(&walk, texts[i], strlen(texts[i]));
        while (span_walk_next(&walk))
            add_figure(in->draft->model, texts[i] + walk.start, walk.span_len, &seen, out);
    }
    if (!seen.len)
        strbuf_str(out, "none\n");
    strbuf_char(out, '\n');
    strbuf_finish(&seen);
}

/* ---- sources ---------------------------------------------------------------------------------- */

static void add_source(const bson_t *item, struct strbuf *out)
{
    char number[32] = "";

    if (doc_has(item, "value"))
        snprintf(number, sizeof number, "%.15g ", doc_num(item, "value", 0));
    strbuf_printf(out, "[^%s] ", doc_str(item, "id", ""));
    add_material(doc_str(item, "source", ""), SOURCE_MAX, out);
    strbuf_printf(out, ", %s: %s%s ", doc_str(item, "date", "no date"), number,
                  doc_str(item, "unit", ""));
    add_material(doc_str(item, "text", ""), SOURCE_MAX, out);
    strbuf_char(out, '\n');
}

static void add_sources(const struct draft_input *in, struct strbuf *out)
{
    bson_iter_t it;
    bson_t list, item, citable;
    size_t count = 0;

    strbuf_str(out, "<sources>\n");
    if (in->research && doc_view(in->research, "evidence", &list)) {
        bson_iter_init(&it, &list);
        while (bson_iter_next(&it)) {
            if (!doc_view(&list, bson_iter_key(&it), &item) ||
                !evidence_citable(in->research, doc_str(&item, "id", ""), &citable))
                continue;
            add_source(&item, out);
            count++;
        }
    }
    strbuf_str(out, count ? "</sources>\n\n" : "none: use no marks\n</sources>\n\n");
}

/* ---- the whole -------------------------------------------------------------------------------- */

static void add_task(const struct prompts *p, const struct brief_input *in, struct strbuf *out)
{
    const struct section_prompt *s = &p->sections[in->draft->type];

    strbuf_printf(out, "Section: %s, of the business plan \"", section_type_title(in->draft->type));
    add_material(in->draft->plan_name, ANSWER_MAX, out);
    strbuf_printf(out, "\".\nPurpose of the plan: %s.\nTask: %s",
                  plan_purpose_name(in->draft->purpose), s->task);
    if (s->for_purpose[in->draft->purpose])
        strbuf_printf(out, " %s", s->for_purpose[in->draft->purpose]);
    strbuf_printf(out, "\nLength: %d to %d words.\n\n", s->least, s->most);
    if (in->expectations && *in->expectations)
        strbuf_printf(out, "The reader will check:\n%s\n", in->expectations);
}

static void add_draft(const struct prompts *p, const struct brief_input *in, struct strbuf *out)
{
    strbuf_str(out, in->instruction
                        ? "The section as it is:\n<draft>\n"
                        : "A plain draft with every figure bound; make a better text of "
                          "it:\n<draft>\n");
    add_material(in->instruction ? in->current : in->source, STRBUF_DOC_LIMIT, out);
    strbuf_str(out, "\n</draft>\n");
    if (in->instruction)
        strbuf_printf(out, "\n%s%s\n", p->rewrite, in->instruction);
}

bool brief_make(const struct prompts *p, const struct brief_input *in, struct brief *out,
                struct err *err)
{
    struct strbuf text, masked;
    bool ok;

    strbuf_init(&text, STRBUF_DOC_LIMIT);
    strbuf_init(&masked, STRBUF_DOC_LIMIT);
    add_task(p, in, &text);
    add_answers(in->draft, &text);
    add_figures(in, &text);
    add_sources(in->draft, &text);
    add_draft(p, in, &text);
    mask_apply(in->mask, text.data, &masked);
    ok = strbuf_check(&text, "the brief", err) && strbuf_check(&masked, "the brief", err);
    if (ok)
        *out = (struct brief){.system = mem_str(p->rules), .user = strbuf_take(&masked)};
    strbuf_finish(&text);
    strbuf_finish(&masked);
    return ok;
}

void brief_finish(struct brief *b)
{
    free(b->system);
    free(b->user);
    *b = (struct brief){0};
}

char *brief_repair(const struct prompts *p, const char *user, const char *answer,
                   const bson_t *findings)
{
    struct strbuf text;
    bson_iter_t it;
    bson_t item;

    strbuf_init(&text, STRBUF_DOC_LIMIT);
    strbuf_printf(&text, "%s\nYour draft:\n<draft>\n", user);
    add_material(answer, STRBUF_DOC_LIMIT, &text);
    strbuf_printf(&text, "\n</draft>\n\n%s\n", p->repair);
    bson_iter_init(&it, findings);
    while (bson_iter_next(&it))
        if (doc_view(findings, bson_iter_key(&it), &item))
            strbuf_printf(&text, "- line %lld, \"%s\": %s\n", (long long)doc_int(&item, "where", 0),
                          doc_str(&item, "text", ""), doc_str(&item, "advice", ""));
    return strbuf_take(&text);
}
