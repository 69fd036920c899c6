/* Promises of the template writer, over many random plans of every purpose, legal form and
 * country, sparse and full: nine clean sections whose tables are whole and whose figures are
 * all bound; the same bytes every time; hostile answers stay text; a changed price changes the
 * figures and no word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/intake.h"
#include "strattio/json.h"
#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/paths.h"
#include "strattio/record.h"
#include "strattio/strbuf.h"

#include "research/research.h"
#include "support/random_intake.h"
#include "writer/wording.h"
#include "writer/writer.h"

#define START "2027-01-01"

struct fixture {
    struct intake *questions;
    struct model_def *def;
    struct templates *templates;
    struct wording *wording;
};

static int set_up(void **state)
{
    struct fixture *f = mem_zero(1, sizeof *f);
    struct err err = {0};

    f->questions = intake_load(&err);
    f->def = model_def_load(&err);
    f->templates = templates_load(&err);
    f->wording = wording_load(&err);
    if (!f->questions || !f->def || !f->templates || !f->wording)
        fail_msg("%s", err.msg);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    wording_free(f->wording);
    templates_free(f->templates);
    model_def_free(f->def);
    intake_free(f->questions);
    free(f);
    return 0;
}

/* One plan, ready to be written. */
struct sample {
    char name[80];
    enum plan_purpose purpose;
    bson_t *answers;
    struct model *model;
    struct research_pack pack;
};

static void prepare(const struct fixture *f, struct sample *s)
{
    struct err err = {0};

    s->model = model_build(f->def, s->answers, START, &err);
    if (!s->model)
        fail_msg("%s: model: %s", s->name, err.msg);
    record_init(COLL_RESEARCH_PACKS, &s->pack);
    if (!research_from_answers(s->answers, START, &s->pack, &err))
        fail_msg("%s: research: %s", s->name, err.msg);
}

/* After its answers changed. */
static void again(const struct fixture *f, struct sample *s)
{
    model_free(s->model);
    record_finish(COLL_RESEARCH_PACKS, &s->pack);
    prepare(f, s);
}

static void finish(struct sample *s)
{
    model_free(s->model);
    record_finish(COLL_RESEARCH_PACKS, &s->pack);
    bson_destroy(s->answers);
}

static void make_random(const struct fixture *f, uint64_t seed, unsigned percent, bool hostile,
                        struct sample *s)
{
    struct random_intake r = {.state = seed * 2654435761u + 88172645463325252u,
                              .questions = f->questions,
                              .purpose = (enum plan_purpose)(seed % PURPOSE_COUNT),
                              .percent = percent,
                              .hostile = hostile};
    struct problems problems = {0};

    snprintf(s->name, sizeof s->name, "seed %llu, %u%%%s", (unsigned long long)seed, percent,
             hostile ? ", hostile" : "");
    s->purpose = r.purpose;
    s->answers = bson_new();
    random_intake(&r, s->answers);
    intake_check(f->questions, s->purpose, s->answers, true, &problems);
    if (problems.count)
        fail_msg("%s: %s: %s", s->name, problems.items[0].path, problems.items[0].message);
    problems_finish(&problems);
    prepare(f, s);
}

static void make_demo(const struct fixture *f, const char *file, struct sample *s)
{
    char *path, *text, *name = NULL;
    struct problems problems = {0};
    struct err err = {0};
    bson_t answers = BSON_INITIALIZER;
    size_t len;

    snprintf(s->name, sizeof s->name, "demo/%s", file);
    path = paths_asset(s->name, &err);
    text = path ? paths_read_file(path, 1 << 22, &len, &err) : NULL;
    if (!text ||
        !intake_import(f->questions, text, len, &s->purpose, &name, &answers, &problems, &err))
        fail_msg("%s: %s", s->name, err.msg);
    s->answers = bson_copy(&answers);
    bson_destroy(&answers);
    problems_finish(&problems);
    free(name);
    free(text);
    free(path);
    prepare(f, s);
}

/* One section of it, drafted and rendered. */
struct written {
    struct strbuf source, content;
    bson_t citations, findings;
    struct bound_spans spans;
};

static struct draft_input input_of(const struct fixture *f, const struct sample *s,
                                   enum section_type type)
{
    return (struct draft_input){.type = type,
                                .purpose = s->purpose,
                                .questions = f->questions,
                                .intake = s->answers,
                                .model = s->model,
                                .research = s->pack.data,
                                .plan_name = "A plan",
                                .start_date = START};
}

static void render(const struct fixture *f, const struct sample *s, struct written *w)
{
    struct err err = {0};

    strbuf_init(&w->content, STRBUF_DOC_LIMIT);
    if (!binder_render(s->model, w->source.data, &w->content, &w->spans, &err))
        fail_msg("%s: %s", s->name, err.msg);
    section_findings(&(struct findings_input){.model = s->model,
                                              .intake = s->answers,
                                              .citations = &w->citations,
                                              .research = s->pack.data,
                                              .wording = f->wording},
                     w->source.data, &w->findings);
}

static void write_section(const struct fixture *f, const struct sample *s, enum section_type type,
                          struct written *w)
{
    struct draft_input in = input_of(f, s, type);
    struct err err = {0};

    strbuf_init(&w->source, STRBUF_DOC_LIMIT);
    if (!template_draft(f->templates, &in, &w->source, &w->citations, &err))
        fail_msg("%s, %s: %s", s->name, section_type_name(type), err.msg);
    render(f, s, w);
}

static void unwrite(struct written *w)
{
    strbuf_finish(&w->source);
    strbuf_finish(&w->content);
    bound_spans_finish(&w->spans);
    bson_destroy(&w->citations);
    bson_destroy(&w->findings);
}

/* ---- what every section promises ---- */

static void forbid(const struct sample *s, enum section_type type, const char *text,
                   const char *what)
{
    const char *at = strstr(text, what);

    if (at)
        fail_msg("%s, %s: \"%s\" in \"…%.60s\"", s->name, section_type_name(type), what,
                 at - text > 20 ? at - 20 : text);
}

/* Cells of a table row: bars that are not escaped. */
static int count_bars(const char *line, size_t len)
{
    int bars = 0;

    for (size_t i = 0; i < len; i++) {
        if (line[i] == '\\')
            i++;
        else if (line[i] == '|')
            bars++;
    }
    return bars;
}

static void check_lines(const struct sample *s, enum section_type type, const char *text)
{
    int bars = 0, rows = 0;

    while (*text) {
        size_t len = strcspn(text, "\n");

        if (*text == '|') {
            int here = count_bars(text, len);

            if (rows && here != bars)
                fail_msg("%s, %s: %d bars after %d: %.*s", s->name, section_type_name(type), here,
                         bars, (int)len, text);
            bars = here;
            rows++;
        } else {
            if (rows == 1 || rows == 2)
                fail_msg("%s, %s: a table without rows", s->name, section_type_name(type));
            rows = 0;
        }
        if (*text == '#' && strncmp(text, "### ", 4) != 0)
            fail_msg("%s, %s: heading %.*s", s->name, section_type_name(type), (int)len, text);
        if (len && (isspace((unsigned char)text[0]) || isspace((unsigned char)text[len - 1])))
            fail_msg("%s, %s: blanks around \"%.*s\"", s->name, section_type_name(type), (int)len,
                     text);
        if (strchr(">+=~`*", *text) && *text && strncmp(text, "**", 2) != 0)
            fail_msg("%s, %s: a line begins as markup: %.*s", s->name, section_type_name(type),
                     (int)len, text);
        text += len + (text[len] == '\n');
    }
}

/* Nothing that is code, markup of the template, or HTML but the addresses of footnotes. */
static void check_marks(const struct sample *s, enum section_type type, const char *text)
{
    static const char *const never[] = {"{{", "}}", "{%", "%}", "{=", "=}", "\n\n\n", "\v"};

    for (size_t i = 0; i < ARRAY_LEN(never); i++)
        forbid(s, type, text, never[i]);
    for (const char *c = text; *c; c++) {
        if (*c == '\\' && c[1])
            c++;
        else if (*c == '`' || (*c == '<' && strncmp(c, "<http", 5) != 0))
            fail_msg("%s, %s: unescaped %c in \"%.40s\"", s->name, section_type_name(type), *c, c);
    }
}

static void check_prose(const struct sample *s, enum section_type type, const char *text)
{
    static const char *const never[] = {
        "  ", " ,", " ;", " .\n", " . ", "..", ",.", ",,", ";.", "( ", " )", "()", ": \n", ":.",
        "(null)", " nan", "NaN", "£nan", " null", " inf", "£-", "--£", " a a ", " the the ",
        /* words that reviewers refuse */
        "revolutionary", "world-class", "cutting-edge", "game-chang", "guaranteed",
        "unique opportunity", "no competitors", "leading provider", "state-of-the-art",
        "best-in-class", "T\117DO", "lorem"};

    for (size_t i = 0; i < ARRAY_LEN(never); i++)
        forbid(s, type, text, never[i]);
}

static void check_figures(const struct sample *s, enum section_type type, const struct written *w)
{
    for (size_t i = 0; i < w->spans.count; i++) {
        const struct bound_span *span = &w->spans.items[i];

        if (span->kind == SPAN_UNKNOWN)
            fail_msg("%s, %s: unknown figure %s", s->name, section_type_name(type), span->expr);
        assert_true(span->start <= span->end && span->end <= w->content.len);
    }
}

static void check_no_findings(const struct sample *s, enum section_type type,
                              const struct written *w)
{
    if (bson_count_keys(&w->findings))
        fail_msg("%s, %s: %s \"%s\", line %d", s->name, section_type_name(type),
                 doc_str(&w->findings, "0.kind", ""), doc_str(&w->findings, "0.text", ""),
                 (int)doc_int(&w->findings, "0.where", 0));
}

/* Each "[^id]" has a footnote, each footnote a citation with the reference's fields. */
static void check_citations(const struct sample *s, enum section_type type, const struct written *w)
{
    static const char *const fields[] = {"cited_text",  "source_name", "source_url",
                                         "source_date", "data_value",  "data_type"};
    bson_iter_t it;
    bson_t item;

    bson_iter_init(&it, &w->citations);
    while (bson_iter_next(&it)) {
        struct strbuf note;

        assert_true(doc_view(&w->citations, bson_iter_key(&it), &item));
        for (size_t i = 0; i < ARRAY_LEN(fields); i++)
            assert_non_null(doc_str(&item, fields[i], NULL));
        assert_true(strlen(doc_str(&item, "cited_text", "")) > 0);
        strbuf_init(&note, 1000);
        strbuf_printf(&note, "\n[^%s]: ", doc_str(&item, "evidence_id", ""));
        if (!strstr(w->content.data, note.data))
            fail_msg("%s, %s: no footnote for %s", s->name, section_type_name(type), note.data);
        strbuf_finish(&note);
    }
}

static void check_plan(const struct fixture *f, const struct sample *s, bool prose, size_t least)
{
    for (int type = 0; type < SECTION_COUNT; type++) {
        struct written w, repeat;
        size_t words;

        write_section(f, s, (enum section_type)type, &w);
        check_lines(s, (enum section_type)type, w.content.data);
        check_marks(s, (enum section_type)type, w.content.data);
        check_figures(s, (enum section_type)type, &w);
        check_citations(s, (enum section_type)type, &w);
        if (prose) {
            check_prose(s, (enum section_type)type, w.content.data);
            check_no_findings(s, (enum section_type)type, &w);
        }
        words = markdown_words(w.content.data);
        if (words < least)
            fail_msg("%s, %s: %zu words", s->name, section_type_name((enum section_type)type),
                     words);
        write_section(f, s, (enum section_type)type, &repeat);
        assert_string_equal(w.source.data, repeat.source.data);
        assert_string_equal(w.content.data, repeat.content.data);
        assert_true(bson_equal(&w.citations, &repeat.citations));
        unwrite(&w);
        unwrite(&repeat);
    }
}

static void check_seeds(const struct fixture *f, uint64_t first, int count, unsigned percent,
                        bool hostile)
{
    for (int i = 0; i < count; i++) {
        struct sample s;

        make_random(f, first + (uint64_t)i, percent, hostile, &s);
        check_plan(f, &s, !hostile, 40);
        finish(&s);
    }
}

static void plans_with_only_what_is_required_read_well(void **state)
{
    check_seeds(*state, 1, 60, 0, false);
}

static void plans_of_any_mixture_read_well(void **state)
{
    check_seeds(*state, 1000, 150, 50, false);
}

static void plans_with_every_answer_read_well(void **state)
{
    check_seeds(*state, 2000, 60, 100, false);
}

static void hostile_answers_stay_text(void **state)
{
    check_seeds(*state, 3000, 100, 70, true);
}

/* Words a section should have (min) and may have, for a plan with everything in it. */
static const struct {
    size_t min, max;
} ranges[SECTION_COUNT] = {
    {250, 600}, {200, 500}, {250, 700}, {300, 800},  {200, 600},
    {250, 700}, {200, 600}, {200, 600}, {400, 1000},
};

static const char *const demos[] = {"harbour-bakery.json", "northwind-robotics.json",
                                    "little-sprouts.json"};

static void sample_plans_are_clean_and_of_the_right_length(void **state)
{
    const struct fixture *f = *state;

    for (size_t i = 0; i < ARRAY_LEN(demos); i++) {
        struct sample s;

        make_demo(f, demos[i], &s);
        check_plan(f, &s, true, 40);
        for (int type = 0; type < SECTION_COUNT; type++) {
            struct written w;
            size_t words;

            write_section(f, &s, (enum section_type)type, &w);
            words = markdown_words(w.content.data);
            if (words < ranges[type].min || words > ranges[type].max)
                fail_msg("%s, %s: %zu words, want %zu to %zu", s.name,
                         section_type_name((enum section_type)type), words, ranges[type].min,
                         ranges[type].max);
            unwrite(&w);
        }
        finish(&s);
    }
}

/* ---- a changed price ---- */

static void scale(bson_t *answers, const char *path, double by)
{
    if (doc_has(answers, path))
        doc_set_num(answers, path,
                    (double)(int64_t)(doc_num(answers, path, 0) * by * 100 + 0.5) / 100);
}

static void change_prices(bson_t *answers, double by)
{
    scale(answers, "price_per_unit", by);
    for (size_t i = 0; i < doc_count(answers, "products"); i++) {
        char path[64];

        snprintf(path, sizeof path, "products.%zu.price", i);
        scale(answers, path, by);
    }
}

static void a_changed_price_renders_all_again_without_a_rewrite(void **state)
{
    const struct fixture *f = *state;

    for (size_t i = 0; i < ARRAY_LEN(demos); i++) {
        struct sample before, after;

        make_demo(f, demos[i], &before);
        after = before;
        after.answers = bson_copy(before.answers);
        change_prices(after.answers, 1.01);
        prepare(f, &after);
        for (int type = 0; type < SECTION_COUNT; type++) {
            struct draft_input in_before = input_of(f, &before, (enum section_type)type);
            struct draft_input in_after = input_of(f, &after, (enum section_type)type);
            char key_before[65], key_after[65];
            struct written old, new = {0};
            struct err err = {0};

            assert_true(template_draft_key(f->templates, &in_before, key_before, &err));
            assert_true(template_draft_key(f->templates, &in_after, key_after, &err));
            if (strcmp(key_before, key_after) != 0)
                fail_msg("%s: the draft of %s moved with the price", before.name,
                         section_type_name((enum section_type)type));
            write_section(f, &before, (enum section_type)type, &old);
            strbuf_init(&new.source, STRBUF_DOC_LIMIT);
            strbuf_str(&new.source, old.source.data);
            bson_copy_to(&old.citations, &new.citations);
            render(f, &after, &new); /* the stored source against the new model */
            if (strcmp(old.content.data, new.content.data) == 0)
                fail_msg("%s: a new price changes nothing in %s", before.name,
                         section_type_name((enum section_type)type));
            check_figures(&after, (enum section_type)type, &new);
            check_no_findings(&after, (enum section_type)type, &new);
            unwrite(&old);
            unwrite(&new);
        }
        finish(&before);
        model_free(after.model);
        record_finish(COLL_RESEARCH_PACKS, &after.pack);
        bson_destroy(after.answers);
    }
}

static void keys_move_with_what_a_draft_depends_on(void **state)
{
    static const struct {
        const char *path, *text;
        enum section_type type;
        bool moves;
    } rows[] = {
        {"business_name", "Another", SECTION_EXECUTIVE_SUMMARY, true},
        {"sales_owner", "Somebody else", SECTION_MARKETING_STRATEGY, true},
        {"sales_owner", "Somebody else", SECTION_TEAM, false},
        {"market.size_source", "Another study", SECTION_MARKET_ANALYSIS, true},
        {"market.size_source", "Another study", SECTION_OPERATIONS_PLAN, false},
        {"mission", NULL, SECTION_COMPANY_OVERVIEW, true},
    };
    const struct fixture *f = *state;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct sample before, after;
        struct draft_input in;
        char key_before[65], key_after[65];
        struct err err = {0};

        make_demo(f, demos[0], &before);
        doc_set_num(before.answers, "market.size_amount", 5000000);
        doc_set_str(before.answers, "market.size_source", "A study");
        doc_set_str(before.answers, "market.size_date", "2026-01-01");
        again(f, &before);
        make_demo(f, demos[0], &after);
        bson_destroy(after.answers);
        after.answers = bson_copy(before.answers);
        if (rows[i].text)
            doc_set_str(after.answers, rows[i].path, rows[i].text);
        else
            doc_unset(after.answers, rows[i].path);
        again(f, &after);
        in = input_of(f, &before, rows[i].type);
        assert_true(template_draft_key(f->templates, &in, key_before, &err));
        in = input_of(f, &after, rows[i].type);
        assert_true(template_draft_key(f->templates, &in, key_after, &err));
        if ((strcmp(key_before, key_after) != 0) != rows[i].moves)
            fail_msg("%s: the key of %s %s", rows[i].path, section_type_name(rows[i].type),
                     rows[i].moves ? "stays" : "moves");
        finish(&before);
        finish(&after);
    }
}

/* More than any field takes, as another program may have stored it. */
static void texts_of_any_length_and_kind_fit(void **state)
{
    static const char *const fields[] = {
        "business_description", "target_customers",       "mission",           "business_name",
        "products.0.name",      "competitors.0.weakness", "founder_background"};
    const struct fixture *f = *state;
    struct sample s;
    struct strbuf text;

    make_demo(f, demos[0], &s);
    strbuf_init(&text, 1 << 20);
    for (size_t i = 0; text.len < 10000; i++)
        strbuf_printf(&text, "%s ", random_hostile[i % ARRAY_LEN(random_hostile)]);
    for (size_t i = 0; i < ARRAY_LEN(fields); i++)
        doc_set_str(s.answers, fields[i], text.data);
    again(f, &s);
    check_plan(f, &s, false, 40);
    strbuf_finish(&text);
    finish(&s);
}

static void citations_name_source_and_sentence(void **state)
{
    const struct fixture *f = *state;
    struct sample s;
    struct written w;

    make_demo(f, demos[0], &s);
    doc_set_num(s.answers, "market.size_amount", 5000000);
    doc_set_str(s.answers, "market.size_source", "Council study");
    doc_set_str(s.answers, "market.size_url", "https://council.example/study");
    doc_set_str(s.answers, "market.size_date", "2026-06-01");
    again(f, &s);
    write_section(f, &s, SECTION_MARKET_ANALYSIS, &w);
    assert_string_equal(doc_str(&w.citations, "0.cited_text", ""),
                        "The market we address is put at £5,000,000 a year[^market_size].");
    assert_string_equal(doc_str(&w.citations, "0.source_name", ""), "Council study");
    assert_string_equal(doc_str(&w.citations, "0.source_url", ""), "https://council.example/study");
    assert_string_equal(doc_str(&w.citations, "0.source_date", ""), "2026-06-01");
    assert_string_equal(doc_str(&w.citations, "0.data_value", ""), "5000000");
    assert_string_equal(doc_str(&w.citations, "0.data_type", ""), "market_size");
    assert_non_null(strstr(w.content.data, "\n[^market_size]: Council study, 1 June 2026, "
                                           "<https://council.example/study>.\n"));
    unwrite(&w);
    finish(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plans_with_only_what_is_required_read_well),
        cmocka_unit_test(plans_of_any_mixture_read_well),
        cmocka_unit_test(plans_with_every_answer_read_well),
        cmocka_unit_test(hostile_answers_stay_text),
        cmocka_unit_test(sample_plans_are_clean_and_of_the_right_length),
        cmocka_unit_test(a_changed_price_renders_all_again_without_a_rewrite),
        cmocka_unit_test(keys_move_with_what_a_draft_depends_on),
        cmocka_unit_test(texts_of_any_length_and_kind_fit),
        cmocka_unit_test(citations_name_source_and_sentence),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
