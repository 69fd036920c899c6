/* fuzz_template.c - the same bytes as a template, as a source and as an answer. A template is refused
 * with its place or expands; a source renders with every figure where its span says; an answer, once
 * escaped, holds no figure, stays on as many lines and renders as itself. */
#include <assert.h>

#include "fuzz/fuzz.h"

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/json.h"
#include "strattio/model.h"
#include "strattio/plan.h"
#include "strattio/strbuf.h"

#include "writer/template.h"
#include "writer/tidy.h"
#include "writer/wording.h"
#include "writer/writer.h"

static const char *const seeds[] = {
    "{% if known(products) %}{% for p in products %}{= p.name | cell =} {{p.price:money}}\n"
    "{% end %}{% elif purpose = \"loan\" %}{= mission | sentence =}{% else %}x{% end %}",
    "### A\n\n| a | b |\n|---|---:|\n{% for m in months(12) %}\n| {= m =} | "
    "{{pnl.revenue[m]:money0 "
    "?? \"–\"}} |\n{% end %}\n",
    "{# note #}{% cite size %}{{-pnl.net_profit[y1] / 12:pct1 ?? \"say \\\"no\\\"\"}}, \\{{x}} "
    "`{{y}}`",
    "{% for a in assumptions %}\n- {= a.label =}, {{a.figure}}: {= a.basis =}.\n{% end %}\n",
    "Sales are £7,000.50[^size] in 2027, 12k and 5%; year 2.\n\n```\n{{a}}\n```\n\n[^size]: ONS.\n",
    "Research shows a revolutionary, cutting-\nedge market is growing.[^a] It is guaranteed.\n",
    "We are a sole trader based in Leeds with a team of 4, borrow £25,000 and opens in 5",
    "Acme Tools Ltd sells at £1.2 million, twenty-five per cent (Smith & Jones, 2024) [12] "
    "www.a.example",
    "1. one\n- two\n> three\n[link](http://a.example/1) <https://b.example/2> **b** _c_ ~d~ &amp; "
    "|",
    NULL,
};

static const char *const tokens[] = {
    "{{",
    "}}",
    "{%",
    "%}",
    "{=",
    "=}",
    "{#",
    "#}",
    " if ",
    "elif ",
    "else",
    "end",
    "for p in products",
    "months(3)",
    "years(2)",
    "cite ",
    " | ",
    "sentence",
    "paragraphs",
    "lower",
    "pnl.revenue[y1]",
    "products.price[1]",
    "[m]",
    ":money",
    " ?? \"",
    "\\",
    "`",
    "```\n",
    "~~~",
    "\n\n",
    "\n",
    "[^",
    "]:",
    "](",
    "http://",
    "<",
    "£",
    "1,000",
    "2027-01-01",
    "%",
    "1st",
    " we opens in 5",
    " our team of ",
    " we borrow ",
    " we are a ",
    " based in ",
    " Ltd",
    "two hundred and five million ",
    " per cent",
    "٣",
    "7777777777777777777777777777777777777777777777777777777777777777777.5",
    "\"",
    "é",
    "\xff",
    "\xe2\x80\xae",
    "\v",
    "|",
    "- ",
    "# ",
    NULL,
};

static struct model *model;
static struct wording *wording;
static bson_t answers, research, citations;

static void start(void)
{
    static const char json[] =
        "{\"currency\":\"GBP\",\"location_country\":\"GB\",\"legal_form\":\"limited_company\","
        "\"start_date\":\"2027-03-01\","
        "\"location_city\":\"Whitby\","
        "\"mission\":\"To *bake*. 12 loaves\",\"products\":[{\"name\":\"A | b\",\"price\":4.2,"
        "\"units_per_month\":10},{\"name\":\"C\",\"price\":2,\"units_per_month\":5}]}";
    static const char pack[] = "{\"evidence\":[{\"id\":\"size\",\"source\":\"ONS\"}]}";
    struct err err = {0};
    struct model_def *def = model_def_load(&err);

    assert(def);
    wording = wording_load(&err);
    assert(wording);
    assert(json_read(json, sizeof json - 1, &answers, &err));
    assert(json_read(pack, sizeof pack - 1, &research, &err));
    bson_init(&citations);
    model = model_build(def, &answers, "2027-01-01", &err);
    assert(model);
}

static void feed_template(const char *text, size_t len)
{
    struct draft_input in = {.purpose = PURPOSE_LOAN,
                             .intake = &answers,
                             .model = model,
                             .research = &research,
                             .plan_name = "P",
                             .start_date = "2027-01-01"};
    struct strbuf out, tidy;
    struct err err = {0};
    struct template_file *t = template_parse("t", text, len, &err);

    if (!t) {
        assert(err.code == ERR_INVALID || err.code == ERR_LIMIT);
        return;
    }
    strbuf_init(&out, 1 << 20);
    strbuf_init(&tidy, 1 << 20);
    if (template_expand(t, &in, &out, &err)) {
        tidy_markdown(out.data, &tidy);
        assert(!strstr(tidy.data, "\n\n\n") && !strchr(tidy.data, '\v'));
    } else {
        assert(err.code != ERR_NONE && err.msg[0]);
    }
    strbuf_finish(&out);
    strbuf_finish(&tidy);
    template_free(t);
}

static void feed_source(const char *source)
{
    struct bound_spans spans;
    struct strbuf content;
    struct err err = {0};
    bson_t findings;
    size_t last = 0;

    strbuf_init(&content, 1 << 20);
    if (binder_render(model, source, &content, &spans, &err)) {
        for (size_t i = 0; i < spans.count; i++) {
            assert(spans.items[i].start >= last && spans.items[i].end >= spans.items[i].start);
            assert(spans.items[i].end <= content.len);
            last = spans.items[i].end;
        }
        assert(markdown_words(content.data) <= content.len);
    }
    bound_spans_finish(&spans);
    section_findings(&(struct findings_input){.model = model,
                                              .intake = &answers,
                                              .citations = &citations,
                                              .research = &research,
                                              .wording = wording,
                                              .least = 200,
                                              .most = 600},
                     source, &findings);
    assert(bson_validate(&findings, BSON_VALIDATE_NONE, NULL));
    bson_destroy(&findings);
    strbuf_finish(&content);
}

static void feed_answer(const char *text)
{
    struct bound_spans spans;
    struct strbuf source, content;
    struct err err = {0};

    strbuf_init(&source, 1 << 20);
    strbuf_init(&content, 1 << 20);
    binder_escape(text, &source);
    assert(!strstr(source.data, "{{") && !strstr(source.data, "}}"));
    assert(binder_render(model, source.data, &content, &spans, &err));
    assert(spans.count == 0 && strcmp(source.data, content.data) == 0);
    bound_spans_finish(&spans);
    strbuf_finish(&source);
    strbuf_finish(&content);
}

static void feed(const char *data, size_t len)
{
    struct strbuf text;

    if (!model)
        start();
    strbuf_init(&text, 1 << 20);
    strbuf_add(&text, data, len);
    feed_template(data, len);
    feed_source(text.data);
    feed_answer(text.data);
    strbuf_finish(&text);
}

int main(int argc, char **argv)
{
    static const struct fuzz fuzz = {
        .name = "template", .seeds = seeds, .tokens = tokens, .feed = feed, .runs = 20000};

    return fuzz_main(&fuzz, argc, argv);
}
