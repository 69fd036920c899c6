/* Promises of the template language: mistakes are named with line and column when the file is
 * loaded; answers are put in escaped and fitted to their place; loops resolve to rows and
 * periods; what conditions leave behind is clean Markdown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/intake.h"
#include "strattio/json.h"
#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/strbuf.h"

#include "writer/template.h"
#include "writer/tidy.h"
#include "writer/writer.h"

struct fixture {
    struct intake *questions;
    struct model_def *def;
    struct model *model;
    bson_t *answers, *research;
};

static const char answers_json[] =
    "{\"business_name\":\"Nord & "
    "*Co*\",\"industry\":\"food_making\",\"legal_form\":\"sole_trader\","
    "\"location_country\":\"GB\",\"currency\":\"GBP\",\"start_date\":\"2027-03-09\","
    "\"revenue_model\":[\"Counter sales.\",\" \",\"Wholesale;\",\"Hire\"],"
    "\"mission\":\"  good \\n bread  \",\"premises\":\"One.\\n\\nTwo lines\\nof "
    "text\",\"vat_registered\":true,"
    "\"target_customers\":\"   \",\"starting_capital\":1200,"
    "\"products\":[{\"name\":\"Loaf | big\",\"price\":4.2,\"units_per_month\":10},"
    "{\"name\":\"Bun\",\"price\":2,\"unit_cost\":1,\"units_per_month\":20}]}";
static const char research_json[] =
    "{\"evidence\":[{\"id\":\"size\",\"type\":\"fact\",\"source\":\"ONS\",\"url\":\"https://"
    "ons.example\","
    "\"date\":\"2026-01-01\",\"value\":5},{\"id\":\"own\",\"source\":\"founder's own statement\"},"
    "{\"id\":\"rival_2\",\"source\":\"B\",\"url\":\"https://b.example\"}]}";

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
    f->research = from_json(research_json);
    f->questions = intake_load(&err);
    f->def = model_def_load(&err);
    if (f->def)
        f->model = model_build(f->def, f->answers, "2027-03-01", &err);
    if (!f->questions || !f->model)
        fail_msg("%s", err.msg);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    model_free(f->model);
    model_def_free(f->def);
    intake_free(f->questions);
    bson_destroy(f->answers);
    bson_destroy(f->research);
    free(f);
    return 0;
}

static bool expand(const struct fixture *f, const char *text, struct strbuf *out, struct err *err)
{
    struct template_file *t = template_parse("t.section", text, strlen(text), err);
    struct draft_input in = {.purpose = PURPOSE_LOAN,
                             .questions = f->questions,
                             .intake = f->answers,
                             .model = f->model,
                             .research = f->research,
                             .plan_name = "My #plan",
                             .start_date = "2027-03-01"};
    bool ok = t && template_expand(t, &in, out, err);

    template_free(t);
    return ok;
}

static void templates_expand_as_the_table_says(void **state)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"plain \\{{text}}", "plain \\{{text}}"},
        {"a{# no #}b", "ab"},
        {"{= business_name =}", "Nord & \\*Co\\*"},
        {"{= plan_name =}", "My #plan"},
        {"{= nothing_known =}|{= target_customers =}", "|"},
        {"{= industry | lower =}", "food and drink making"},
        {"{= location_country =}", "United Kingdom"},
        {"{= legal_form | lower =}", "sole trader"},
        {"{= start_date =}", "9 March 2027"},
        {"{= revenue_model =}", "Counter sales, Wholesale and Hire"},
        {"{= mission | sentence =}", "Good bread."},
        {"{= products.name | lower =}; {= staff.role =}{= mission.x =}", "loaf \\| big and bun; "},
        {"{= premises | paragraphs | sentence =}", "One.\n\nTwo lines of text."},
        {"{= vat_registered =}", "yes"},
        {"{% if purpose = \"loan\" %}L{% else %}N{% end %}", "L"},
        {"{% if purpose = \"x\" %}1{% elif vat_registered = true %}2{% else %}3{% end %}", "2"},
        {"{% if not known(target_customers) %}blank{% end %}", "blank"},
        {"{% if known(products) %}p{% end %}{% if known(staff) %}s{% end %}", "p"},
        {"{% if \"Hire\" in revenue_model %}in{% end %}", "in"},
        {"{% if exit = \"x\" %}never{% else %}unknown is no{% end %}", "unknown is no"},
        {"{% for p in products %}({= p.name =} {{p.price:money}}){% end %}",
         "(Loaf \\| big {{products.price[1]:money}})(Bun {{products.price[2]:money}})"},
        {"{% for p in products %}{% if known(p.unit_cost) %}{= p.name =}{% end %}{% end %}", "Bun"},
        {"{% for p in products %}{{p.revenue[y1] - p.price:money ?? \"p.price\"}}{% end %}",
         "{{products.revenue[1][y1] - products.price[1]:money ?? \"p.price\"}}"
         "{{products.revenue[2][y1] - products.price[2]:money ?? \"p.price\"}}"},
        {"{% for r in revenue_model %}<{= r | sentence =}>{% end %}",
         "<Counter sales.><><Wholesale.><Hire.>"},
        {"{% for m in months(2) %}{= m =} {{cash.closing[m]:money}};{% end %}",
         "Mar 2027 {{cash.closing[m1]:money}};Apr 2027 {{cash.closing[m2]:money}};"},
        {"{% for y in years(2) %}{= y =} {{pnl.revenue[y]}};{% end %}",
         "Year 1 {{pnl.revenue[y1]}};Year 2 {{pnl.revenue[y2]}};"},
        {"{% for y in years(5) %}{% if y = 3 %}{= y =}{% end %}{% end %}", "Year 3"},
        {"{% for s in staff %}x{% end %}", ""},
        {"a{% cite size %}b{% cite own %}c{% cite other %}", "a[^size]bc"},
        {"{% for p in products %}{% cite rival p %}{% end %}", "[^rival_2]"},
        {"{% if cited(\"size\") and not cited(\"own\") %}y{% end %}", "y"},
        {"{% if published(\"size\") %}1{% end %}{% if published(\"rival_2\") %}2{% end %}", "1"},
        {"{% for a in products %}{% for b in products %}{= a.name | cell =}{= b.name | cell =} {% "
         "end %}"
         "{% end %}",
         "Loaf \\| bigLoaf \\| big Loaf \\| bigBun BunLoaf \\| big BunBun "},
    };
    const struct fixture *f = *state;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct strbuf out;
        struct err err = {0};

        strbuf_init(&out, 100000);
        if (!expand(f, rows[i].text, &out, &err))
            fail_msg("%s: %s", rows[i].text, err.msg);
        if (strcmp(out.data, rows[i].want) != 0)
            fail_msg("%s\n gives %s\n want  %s", rows[i].text, out.data, rows[i].want);
        strbuf_finish(&out);
    }
}

static void mistakes_are_named_with_their_place(void **state)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"a\nb {% if %}x{% end %}", "t.section:2:8: a condition is missing"},
        {"{% if true %}x", "t.section:1:4: this block is not closed"},
        {"\n  {% end %}", "t.section:2:6: \"end\" closes nothing"},
        {"{% else %}", "t.section:1:4: \"else\" has no \"if\" before it"},
        {"{% for p in products %}{% elif true %}{% end %}", "t.section:1:27: \"elif\" has no"},
        {"{% if true %}{% else %}{% else %}{% end %}", "t.section:1:27: \"else\" has no"},
        {"{% while true %}", "t.section:1:4: \"while\" is no statement"},
        {"é {= a | shout =}", "t.section:1:10: there is no filter \"shout\""},
        {"{= 5 =}", "t.section:1:4: the name of an answer is missing"},
        {"{= a", "t.section:1:1: a tag that starts here is not closed by \"=}\""},
        {"{{a:money", "t.section:1:1: a figure that starts here is not closed"},
        {"{{a:money extra}}", "t.section:1:1: a figure reads"},
        {"{{:money}}", "t.section:1:1: a figure reads"},
        {"{% for p products %}{% end %}", "t.section:1:4: a loop reads"},
        {"{% for p.x in products %}{% end %}", "t.section:1:4: a loop reads"},
        {"{% for m in months(61) %}{% end %}", "t.section:1:13: a loop has 1 to 60 months"},
        {"{% cite %}", "t.section:1:8: \"cite\" is followed by"},
        {"{% if a + %}{% end %}", "t.section:1:"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct err err = {0};
        struct template_file *t =
            template_parse("t.section", rows[i].text, strlen(rows[i].text), &err);

        if (t || err.code != ERR_INVALID ||
            strncmp(err.msg, rows[i].want, strlen(rows[i].want)) != 0)
            fail_msg("%s\n gives %s\n want  %s", rows[i].text, t ? "no error" : err.msg,
                     rows[i].want);
    }
}

static void nesting_and_length_are_limited(void **state)
{
    struct err err = {0};
    struct strbuf deep;

    (void)state;
    strbuf_init(&deep, 10 * TEMPLATE_LIMIT);
    for (int i = 0; i <= TEMPLATE_DEPTH; i++)
        strbuf_str(&deep, "{% if true %}");
    assert_null(template_parse("deep", deep.data, deep.len, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    strbuf_clear(&deep);
    strbuf_str(&deep, "{% if true %}");
    for (int i = 0; i < 5000; i++)
        strbuf_str(&deep, "{% elif true %}");
    assert_null(template_parse("long chain", deep.data, deep.len, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    strbuf_clear(&deep);
    strbuf_fill(&deep, 'x', TEMPLATE_LIMIT + 1);
    assert_null(template_parse("long", deep.data, deep.len, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    strbuf_finish(&deep);
    assert_null(template_parse("not text", "a\xff", 2, &err));
    assert_int_equal(err.code, ERR_INVALID);
}

static void loops_within_loops_come_to_an_end(void **state)
{
    static const char loop[] = "{% for m in months(60) %}", end[] = "{% end %}";
    struct strbuf text, out;
    struct err err = {0};

    strbuf_init(&text, 10000);
    strbuf_init(&out, 1 << 24);
    for (int i = 0; i < 10; i++)
        strbuf_str(&text, loop);
    for (int i = 0; i < 10; i++)
        strbuf_str(&text, end);
    assert_false(expand(*state, text.data, &out, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    strbuf_finish(&text);
    strbuf_finish(&out);
}

static void a_name_nobody_declared_is_an_error(void **state)
{
    const struct fixture *f = *state;
    struct strbuf out;
    struct err err = {0};

    strbuf_init(&out, 1000);
    assert_false(expand(f, "{% if known(no_such_thing_at_all) %}x{% end %}", &out, &err));
    strbuf_finish(&out);
}

static void tidy_markdown_follows_the_table(void **state)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"", ""},
        {" \n\n\t\n", ""},
        {"a\nb", "a b\n"},
        {"a  b   c", "a b c\n"},
        {"a\n\n\n\nb", "a\n\nb\n"},
        {"a\n. b", "a. b\n"},
        {"a , b .NET c", "a, b .NET c\n"},
        {"a\n[^x]", "a[^x]\n"},
        {"a.. b ... c!. d,. e.", "a. b ... c! d. e.\n"},
        {"### Empty\n\n### Full\ntext", "### Full\n\ntext\n"},
        {"## A\n### B\n## C\nx", "## C\n\nx\n"},
        {"## A\n### B\ny", "## A\n\n### B\n\ny\n"},
        {"### Last", ""},
        {"| a | b |\n|---|---|\n", ""},
        {"### T\n| a |\n|---|\n| 1 |\nafter", "### T\n\n| a |\n|---|\n| 1 |\n\nafter\n"},
        {"- a\n-\n- b", "- a\n- b\n"},
        {"- a\n\n- b\n\ntext", "- a\n- b\n\ntext\n"},
        {"- a\ngoes on\n- b", "- a goes on\n- b\n"},
        {"text\n- a", "text\n\n- a\n"},
        {"1. a\n2. b", "1. a\n2. b\n"},
        {"a\vb\v\vc", "a b c\n"},
        {"x\n\n[^a]: note\n[^b]: note", "x\n\n[^a]: note\n[^b]: note\n"},
        {"-5 is text", "-5 is text\n"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct strbuf out;

        strbuf_init(&out, 10000);
        tidy_markdown(rows[i].text, &out);
        if (strcmp(out.data, rows[i].want) != 0)
            fail_msg("\"%s\"\n gives \"%s\"\n want  \"%s\"", rows[i].text, out.data, rows[i].want);
        strbuf_finish(&out);
    }
}

static void lines_of_tags_alone_break_nothing(void **state)
{
    const struct fixture *f = *state;
    struct strbuf out, clean;
    struct err err = {0};

    strbuf_init(&out, 10000);
    strbuf_init(&clean, 10000);
    assert_true(
        expand(f,
               "| n |\n|---|\n  {% for p in products %}\n| {= p.name | cell =} |\n{% end %}\n"
               "\nOne\n{% if true %}\ntwo\n{% else %}\nno\n{% end %}\n, three.\n",
               &out, &err));
    tidy_markdown(out.data, &clean);
    assert_string_equal(clean.data, "| n |\n|---|\n| Loaf \\| big |\n| Bun |\n\nOne two, three.\n");
    strbuf_finish(&out);
    strbuf_finish(&clean);
}

static void the_nine_sections_load(void **state)
{
    struct err err = {0};
    struct templates *t = templates_load(&err);

    (void)state;
    if (!t)
        fail_msg("%s", err.msg);
    templates_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(templates_expand_as_the_table_says),
        cmocka_unit_test(mistakes_are_named_with_their_place),
        cmocka_unit_test(nesting_and_length_are_limited),
        cmocka_unit_test(loops_within_loops_come_to_an_end),
        cmocka_unit_test(a_name_nobody_declared_is_an_error),
        cmocka_unit_test(tidy_markdown_follows_the_table),
        cmocka_unit_test(lines_of_tags_alone_break_nothing),
        cmocka_unit_test(the_nine_sections_load),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
