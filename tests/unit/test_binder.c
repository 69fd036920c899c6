/* Promises of the binder: a figure becomes its value and its place is told; null and unknown
 * ones are told apart; escapes and code stay; outside text cannot become markup; numerals
 * nobody stands behind are found, others are not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/json.h"
#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/strbuf.h"

#include "writer/writer.h"

static const char answers_json[] =
    "{\"business_name\":\"A *b*\",\"location_country\":\"GB\",\"currency\":\"GBP\","
    "\"legal_form\":\"limited_company\",\"starting_capital\":12000,"
    "\"mission\":\"We sell 110 loaves for £4.20, 1.5 km off, 12k a year, 35%\","
    "\"products\":[{\"name\":\"Loaf\",\"price\":4.2,\"unit_cost\":1.55,\"units_per_month\":100}],"
    "\"fixed_costs\":[{\"name\":\"Rent\",\"monthly\":50}],\"team_size\":3}";

struct fixture {
    struct model_def *def;
    struct model *model;
    bson_t *answers, *citations;
};

static bson_t *from_json(const char *json)
{
    struct err err = {0};
    bson_t doc;
    bson_t *copy;

    if (!json_read(json, strlen(json), &doc, &err))
        fail_msg("%s: %s", json, err.msg);
    copy = bson_copy(&doc);
    bson_destroy(&doc);
    return copy;
}

static int set_up(void **state)
{
    struct fixture *f = mem_zero(1, sizeof *f);
    struct err err = {0};

    f->answers = from_json(answers_json);
    f->citations = from_json("{\"0\":{\"evidence_id\":\"ons\"}}");
    f->def = model_def_load(&err);
    if (f->def)
        f->model = model_build(f->def, f->answers, "2027-01-01", &err);
    if (!f->model)
        fail_msg("%s", err.msg);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    model_free(f->model);
    model_def_free(f->def);
    bson_destroy(f->answers);
    bson_destroy(f->citations);
    free(f);
    return 0;
}

static const struct {
    const char *source, *want;
} renderings[] = {
    {"", ""},
    {"no figure", "no figure"},
    {"{{products.price[1]:money}}", "£4.20"},
    {"a {{ products.price[1] : money }} b", "a £4.20 b"},
    {"{{products.price[1] - products.unit_cost[1]:money}}", "£2.65"},
    {"{{starting_capital:money0}}", "£12,000"},
    {"{{products.price[1] * 1000}}", "£4,200"},
    {"{{products.price[1]}}", "£4.20"},
    {"{{team_size:count}} people", "3 people"},
    {"{{1 / 4:pct}}", "25%"},
    {"{{business_name:text}}", "A \\*b\\*"},
    {"{{loan.amount:money ?? \"no loan\"}}", "no loan"},
    {"{{loan.amount:money ?? \"say \\\"no\\\"\"}}", "say \"no\""},
    {"{{loan.amount:money}}", "not stated"},
    {"{{1/0:num}}", "not defined"},
    {"{{no.such.figure:money}}", "{{no.such.figure:money}}"},
    {"{{starting_capital:date}}", "{{starting_capital:date}}"},
    {"{{starting_capital:nonsense}}", "{{starting_capital:nonsense}}"},
    {"{{1 +:num}}", "{{1 +:num}}"},
    {"{{}}", "{{}}"},
    {"{{starting_capital", "{{starting_capital"},
    {"{{starting_capital\n\n}}", "{{starting_capital\n\n}}"},
    {"\\{{starting_capital}}", "\\{{starting_capital}}"},
    {"\\\\{{team_size:count}}", "\\\\3"},
    {"`{{team_size:count}}` {{team_size:count}}", "`{{team_size:count}}` 3"},
    {"`` a ` {{team_size}} `` {{team_size:count}}", "`` a ` {{team_size}} `` 3"},
    {"` {{team_size:count}}", "` 3"},
    {"\\` {{team_size:count}} `", "\\` 3 `"},
    {"```\n{{team_size}}\n```\n{{team_size:count}}", "```\n{{team_size}}\n```\n3"},
    {"~~~ x\n{{team_size}}\n~~\n{{team_size}}", "~~~ x\n{{team_size}}\n~~\n{{team_size}}"},
    {"| {{team_size:count}} | {{loan.amount:money ?? \"–\"}} |", "| 3 | – |"},
    {"{{team_size:count}}{{team_size:count}}", "33"},
    {"{ {{team_size:count}} }", "{ 3 }"},
    {"{{{team_size:count}}}", "{{{team_size:count}}}"},
};

static void sources_render_as_the_table_says(void **state)
{
    const struct fixture *f = *state;

    for (size_t i = 0; i < ARRAY_LEN(renderings); i++) {
        struct strbuf out;
        struct err err = {0};

        strbuf_init(&out, 10000);
        if (!binder_render(f->model, renderings[i].source, &out, NULL, &err))
            fail_msg("%s: %s", renderings[i].source, err.msg);
        if (strcmp(out.data, renderings[i].want) != 0)
            fail_msg("%s\n gives %s\n want  %s", renderings[i].source, out.data,
                     renderings[i].want);
        strbuf_finish(&out);
    }
}

static void spans_tell_what_came_out_where(void **state)
{
    static const char source[] = "é {{team_size:count}} {{loan.amount:money ?? \"–\"}} {{nope}} "
                                 "`{{team_size}}`";
    static const struct {
        const char *text, *expr;
        enum span_kind kind;
    } want[] = {{"3", "team_size", SPAN_FIGURE},
                {"–", "loan.amount", SPAN_NULL},
                {"{{nope}}", "nope", SPAN_UNKNOWN}};
    const struct fixture *f = *state;
    struct bound_spans spans;
    struct strbuf out;
    struct err err = {0};

    strbuf_init(&out, 10000);
    assert_true(binder_render(f->model, source, &out, &spans, &err));
    assert_int_equal(spans.count, ARRAY_LEN(want));
    for (size_t i = 0; i < spans.count; i++) {
        const struct bound_span *s = &spans.items[i];

        assert_int_equal(s->kind, want[i].kind);
        assert_string_equal(s->expr, want[i].expr);
        assert_int_equal(s->end - s->start, strlen(want[i].text));
        assert_memory_equal(out.data + s->start, want[i].text, s->end - s->start);
    }
    bound_spans_finish(&spans);
    strbuf_finish(&out);
}

static void too_long_a_text_is_a_limit(void **state)
{
    const struct fixture *f = *state;
    struct strbuf out;
    struct err err = {0};

    strbuf_init(&out, 16);
    assert_false(
        binder_render(f->model, "0123456789 {{starting_capital:money}}", &out, NULL, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    strbuf_finish(&out);
}

static void outside_text_stays_text(void **state)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"plain text, with (brackets) & 50% of x.", "plain text, with (brackets) & 50% of x."},
        {"snake_case stays", "snake_case stays"},
        {"_em_ *b* ~s~ `c` [l](u) <i>", "\\_em\\_ \\*b\\* \\~s\\~ \\`c\\` \\[l\\](u) \\<i>"},
        {"{{x}} {% y %}", "\\{\\{x\\}\\} \\{\\% y \\%\\}"},
        {"a|b \\ &amp; & co", "a\\|b \\\\ \\&amp; & co"},
        {"# h", "\\# h"},
        {"- i", "\\- i"},
        {"12. twelve", "12\\. twelve"},
        {"12.5 km", "12\\.5 km"},
        {"a\n# h\n    code", "a\n\\# h\ncode"},
        {"\x01"
         "a\x7f"
         "b\xe2\x80\xae"
         "c\xc2\x85",
         "abc"},
        {"🥖 שלום é", "🥖 שלום é"},
        {"\\", "\\\\"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct strbuf out;

        strbuf_init(&out, 10000);
        binder_escape(rows[i].text, &out);
        if (strcmp(out.data, rows[i].want) != 0)
            fail_msg("%s\n gives %s\n want  %s", rows[i].text, out.data, rows[i].want);
        strbuf_finish(&out);
    }
}

/* Each source with what is found in it, as "kind:text" words. */
static const struct {
    const char *source, *want;
} findings[] = {
    {"", ""},
    {"Sales are {{starting_capital:money0}}.", ""},
    {"Sales are £7,000.", "unbound_figure:£7,000 "},
    {"Sales are £7,000 a year and 45% more, 1.2m in all.",
     "unbound_figure:£7,000 unbound_figure:45% unbound_figure:1.2m "},
    {"Sales are £7,000[^ons].", ""},
    {"Sales are £7,000. Growth is 4%.[^ons]", "unbound_figure:£7,000 "},
    {"| a | £7,000[^ons] |\n| b | £8,000 |", "unbound_figure:£8,000 "},
    {"Since 2019, on 3 March 2027, 2027-01-31, in May 12.", ""},
    {"The 1st, 22nd and 4th; year 2, months 3 to 6, Phase 3, quarters 1 and 2",
     "unbound_figure:1 unbound_figure:2 "},
    {"The 1st; quarter 3.", ""},
    {"1. first\n2. second\n\n7 others", "unbound_figure:7 "},
    {"Level B2, H2O, A4 and x86.", ""},
    {"110 loaves, £4.20, 1.5 km, 12,000 or £12k, 35%, 3 people, 1.55", ""},
    {"We pay 50 and 51.", "unbound_figure:51 "},
    {"`99` and\n\n```\n88\n```\n77", "unbound_figure:77 "},
    {"[x](http://a.example/66) <https://b.example/55> https://c.example/44?x=33",
     "unknown_citation:http://a.example/66 unknown_citation:https://b.example/55 "
     "unknown_citation:https://c.example/44?x=33 "},
    {"{{nope:money}}", "unknown_figure:{{nope:money}} "},
    {"{{team_size:date}}", "unknown_figure:{{team_size:date}} "},
    {"Said[^ons] and[^other].\n\n[^ons]: ONS, 99 pages.\n[^other]: 98.",
     "unknown_citation:[^other] unbound_figure:98 "},
    {"\\[^other] 7", "unbound_figure:7 "},
    {"\\{{team_size}} 7", "unbound_figure:7 "},
    /* as people write them */
    {"Two million pounds, twenty-five per cent, a thousand homes and fifty-one more; two of us.",
     "unbound_figure:Two million pounds unbound_figure:twenty-five per cent "
     "unbound_figure:a thousand unbound_figure:fifty-one "},
    {"£1.2 million, 20 per cent, 2.5m, EUR 900, 48 250 and 1.250,50 €, 48\u2009250, £ 77.",
     "unbound_figure:£1.2 million unbound_figure:20 per cent unbound_figure:2.5m "
     "unbound_figure:EUR 900 unbound_figure:48 250 unbound_figure:1.250,50 € "
     "unbound_figure:48\u2009250 unbound_figure:£ 77 "},
    {"### 48 reasons\n\n- **£99** and _98_, “97” – [96 homes](https://a.example/x)\n\n| ٤٨ |",
     "unknown_citation:https://a.example/x unbound_figure:48 unbound_figure:£99 unbound_figure:98 "
     "unbound_figure:97 unbound_figure:96 unbound_figure:٤٨ "},
    {"In 2027 customers come at 9:30, 7 am, on 3/4/2027; 1950 customers.", "unbound_figure:1950 "},
    {"Sales of 12,345 homes.[^made_up]", "unknown_citation:[^made_up] unbound_figure:12,345 "},
    /* figures that are none */
    {"Sales {{pnl.revenue[y1] grow.", "unknown_figure:{{pnl.revenue[y1] grow. "},
    {"Sales {pnl.revenue[y1]:money0} grow.", "unknown_figure:{pnl.revenue[y1]:money0} "},
    {"Sales {{PNL.Revenue[y1]}}.", "unknown_figure:{{PNL.Revenue[y1]}} "},
    /* of another unit */
    {"{{pnl.revenue[y1]:money0}} units", "contradiction:{{pnl.revenue[y1]:money0}} units "},
    {"{{pnl.revenue[y1]:money0}}%, {{pnl.revenue[y1]:money0}} per cent",
     "contradiction:{{pnl.revenue[y1]:money0}}% "
     "contradiction:{{pnl.revenue[y1]:money0}} per cent "},
    {"€{{pnl.revenue[y1]:money0}} and **{{pnl.revenue[y1]:money0}}** a month",
     "contradiction:€{{pnl.revenue[y1]:money0}} "
     "contradiction:{{pnl.revenue[y1]:money0}}** a month "},
    {"{{pnl.revenue[y1]:money0}} a year, {{pnl.revenue[m1]:money0}} a month, {{team_size}} people",
     ""},
    /* sources that are none */
    {"See https://made.example/up, www.other.example. Up (Smith & Jones, 2024), so [12].",
     "unknown_citation:https://made.example/up unknown_citation:www.other.example "
     "unknown_citation:(Smith & Jones, 2024) unknown_citation:[12] "},
};

static void find(const struct fixture *f, const char *source, bson_t *list)
{
    section_findings(&(struct findings_input){.model = f->model,
                                              .intake = f->answers,
                                              .citations = f->citations},
                     source, list);
}

static void findings_are_as_the_table_says(void **state)
{
    const struct fixture *f = *state;

    for (size_t i = 0; i < ARRAY_LEN(findings); i++) {
        struct strbuf got;
        bson_iter_t it;
        bson_t list, item;

        strbuf_init(&got, 10000);
        find(f, findings[i].source, &list);
        bson_iter_init(&it, &list);
        while (bson_iter_next(&it)) {
            assert_true(doc_view(&list, bson_iter_key(&it), &item));
            strbuf_printf(&got, "%s:%s ", doc_str(&item, "kind", ""), doc_str(&item, "text", ""));
            assert_true(doc_int(&item, "where", 0) > 0);
            assert_true(strlen(doc_str(&item, "advice", "")) > 20);
        }
        if (strcmp(got.data, findings[i].want) != 0)
            fail_msg("%s\n gives %s\n want  %s", findings[i].source, got.data, findings[i].want);
        bson_destroy(&list);
        strbuf_finish(&got);
    }
}

static void a_finding_names_its_line(void **state)
{
    const struct fixture *f = *state;
    bson_t list;

    find(f, "a\n\nb 77 c", &list);
    assert_int_equal(doc_int(&list, "0.where", 0), 3);
    bson_destroy(&list);
}

static void words_are_what_a_reader_sees(void **state)
{
    static const struct {
        const char *text;
        size_t words;
    } rows[] = {
        {"", 0},
        {"one", 1},
        {"one two-three  four's", 3},
        {"### A heading", 2},
        {"| a | b |\n|---|---:|\n| 1 | – |", 3},
        {"**bold** _em_ `code`", 3},
        {"[a link](http://a.example/b c) here", 3},
        {"said[^x] so\n\n[^x]: A note.", 4},
        {"<https://a.example> <b>x</b>", 1},
        {"- item\n- – \n* * *\n", 1},
        {"£4.20 and 5%", 3},
        {"Größe éclair שלום 🥖", 4},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (markdown_words(rows[i].text) != rows[i].words)
            fail_msg("%s: %zu words, want %zu", rows[i].text, markdown_words(rows[i].text),
                     rows[i].words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sources_render_as_the_table_says),
        cmocka_unit_test(spans_tell_what_came_out_where),
        cmocka_unit_test(too_long_a_text_is_a_limit),
        cmocka_unit_test(outside_text_stays_text),
        cmocka_unit_test(findings_are_as_the_table_says),
        cmocka_unit_test(a_finding_names_its_line),
        cmocka_unit_test(words_are_what_a_reader_sees),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
