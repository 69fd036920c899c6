/* fuzz_intake.c - whatever the import takes is right by the check as well, and can be written and
 * taken again unchanged; whatever it refuses it leaves nothing of. The same bytes are typed at
 * fields: what is set is right, what is refused changed nothing. */
#include <assert.h>

#include "fuzz/fuzz.h"

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/intake.h"
#include "strattio/json.h"
#include "strattio/strbuf.h"

#define WHOLE                                                                                      \
    "\"business_name\":\"Harbour Bakery\",\"industry\":\"Bakery\",\"location_country\":\"UK\","    \
    "\"location_city\":\"Port\",\"business_description\":\"Bread from the quay.\","                \
    "\"unique_value_proposition\":\"Baked at night.\",\"target_customers\":\"Families nearby.\","  \
    "\"revenue_model\":[\"Sales\"],\"starting_capital\":\"12k\",\"currency\":\"GBP\","             \
    "\"price_per_unit\":4.20,\"units_per_month\":3400,\"team_size\":3,"                            \
    "\"founder_background\":\"Eleven years.\""

static const char *const seeds[] = {
    "{" WHOLE "}",
    "{\"name\":\"P\",\"plan_purpose\":\"loan\",\"intake_data\":{" WHOLE ",\"legal_form\":\"llp\","
    "\"loan\":{\"amount\":\"25k\",\"term_months\":60,\"rate_percent\":\"7.5%\"}}}",
    "{" WHOLE ",\"products\":[{\"name\":\"Loaf\",\"price\":4.2,\"units_per_month\":10,"
    "\"start_month\":2}],\"fixed_costs\":[{\"name\":\"Rent\",\"monthly\":9,\"end_month\":3}]}",
    "{" WHOLE ",\"start_date\":\"1 March 2027\",\"vat_registered\":\"yes\","
    "\"market\":{\"size_amount\":\"5m\",\"size_currency\":\"JPY\",\"size_date\":\"2025-06\"}}",
    "12k%",
    "1.250,50",
    "1st of March 2027",
    "[{\"name\":\"Loaf\",\"price\":4.20}]",
    "Counter; wholesale\nmarkets",
    "United Kingdon",
    NULL,
};

static const char *const tokens[] = {
    "\"price_per_unit\":",
    "\"products\":[",
    "{\"name\":",
    "\"loan\":{",
    "\"amount\":",
    "null",
    "true",
    "-1",
    "1e300",
    "9007199254740992",
    "0.005",
    "\"\"",
    "[]",
    "{}",
    ",",
    "}",
    "]",
    "\"12k\"",
    "\"12%\"",
    "\"2027-02-30\"",
    "\"0000-00-00\"",
    "\xc2\xa0",
    "\\u001b",
    "k",
    "%",
    ";",
    "\"plan_purpose\":\"investor\",",
    "\"currency\":\"USD\",",
    "\xff",
    "\xe2\x88\x92",
    "/",
    "-",
    ".",
    NULL,
};

static const char *const paths[] = {
    "price_per_unit",
    "growth_percent",
    "team_size",
    "start_date",
    "vat_registered",
    "legal_form",
    "excluded_activities",
    "location_country",
    "currency",
    "industry",
    "revenue_model",
    "products",
    "products.0.price",
    "loan",
    "loan.amount",
    "market.size_currency",
    "business_description",
};

static struct intake *questions(void)
{
    static struct intake *in;
    struct err err = {0};

    if (!in)
        in = intake_load(&err);
    assert(in);
    return in;
}

static void expect_right(const bson_t *answers, enum plan_purpose purpose, bool complete)
{
    struct problems p;

    intake_check(questions(), purpose, answers, complete, &p);
    for (size_t i = 0; i < p.count; i++)
        fprintf(stderr, "%s: %s\n", p.items[i].path, p.items[i].message);
    assert(p.count == 0);
    problems_finish(&p);
}

static void feed_import(const char *data, size_t len)
{
    enum plan_purpose purpose = PURPOSE_GENERIC;
    struct problems p;
    struct err err = {0};
    bson_t answers = BSON_INITIALIZER, again = BSON_INITIALIZER;
    struct strbuf text;
    char *name = NULL;

    strbuf_init(&text, 1 << 20);
    if (intake_import(questions(), data, len, &purpose, &name, &answers, &p, &err)) {
        assert(p.count == 0);
        expect_right(&answers, purpose, true);
        assert(*intake_compliance_type(purpose, &answers));
        json_write(&answers, JSON_COMPACT, &text);
        free(name);
        name = NULL;
        problems_finish(&p);
        assert(intake_import(questions(), text.data, text.len, &purpose, &name, &again, &p, &err));
        assert(doc_equal(&answers, &again));
    } else {
        assert(bson_empty(&answers) && !name && *err.msg);
        for (size_t i = 0; i < p.count; i++)
            assert(*p.items[i].message &&
                   bson_utf8_validate(p.items[i].message, strlen(p.items[i].message), false));
    }
    problems_finish(&p);
    free(name);
    strbuf_finish(&text);
    bson_destroy(&answers);
    bson_destroy(&again);
}

static void feed_typed(const char *typed)
{
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        bson_t answers = BSON_INITIALIZER, again;
        struct strbuf text;
        struct err err = {0};

        strbuf_init(&text, 1 << 20);
        if (intake_set(questions(), paths[i], typed, &answers, &err)) {
            expect_right(&answers, PURPOSE_GENERIC, false);
            intake_typed(questions(), &answers, paths[i], &text);
            bson_copy_to(&answers, &again);
            assert(intake_set(questions(), paths[i], text.data, &again, &err));
            assert(doc_equal(&answers, &again));
            bson_destroy(&again);
        } else {
            assert(bson_empty(&answers));
            assert(bson_utf8_validate(err.msg, strlen(err.msg), false));
        }
        strbuf_finish(&text);
        bson_destroy(&answers);
    }
}

static void feed(const char *data, size_t len)
{
    char *typed = strndup(data, len);

    feed_import(data, len);
    feed_typed(typed);
    free(typed);
}

int main(int argc, char **argv)
{
    static const struct fuzz fuzz = {
        .name = "intake", .seeds = seeds, .tokens = tokens, .feed = feed, .runs = 3000};
    int status = fuzz_main(&fuzz, argc, argv);

    intake_free(questions());
    return status;
}
