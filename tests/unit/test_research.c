/* Promises of the research pack: it has the reference's fields to the letter and says nothing
 * the founder did not; what is null is missing and what is missing is null; own statements
 * support nothing; dates decide freshness, never a clock; the score is the sum of its
 * explanation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/clock.h"
#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/json.h"
#include "strattio/record.h"
#include "strattio/strbuf.h"

#include "research/research.h"

#define START "2027-01-01"

static const char empty[] = "{\"currency\":\"GBP\"}";
static const char full[] =
    "{\"currency\":\"GBP\",\"industry\":\"food_making\",\"location_city\":\"Whitby\","
    "\"location_country\":\"GB\","
    "\"market\":{\"size_amount\":5000000,\"size_currency\":\"GBP\",\"size_source\":\"Council\","
    "\"size_url\":\"https://example.org/s\",\"size_date\":\"2026-06-01\",\"growth_percent\":2.5,"
    "\"growth_source\":\"Council\",\"growth_url\":\"https://example.org/g\","
    "\"growth_date\":\"2026-06-01\",\"competitor_count\":4,\"competitor_count_source\":\"Walked\"},"
    "\"competitors\":[{\"name\":\"A\",\"offer\":\"a\",\"price\":2,\"url\":\"https://a.example\"},"
    "{\"name\":\"B\",\"offer\":\"b\",\"weakness\":\"w\"},{\"name\":\"C\",\"offer\":\"c\",\"price\":"
    "1}],"
    "\"evidence_of_demand\":[\"Ten interviews\",\"Two orders\"]}";

static void research(const char *json, const char *start, struct research_pack *pack)
{
    struct err err = {0};
    bson_t answers;

    if (!json_read(json, strlen(json), &answers, &err))
        fail_msg("%s: %s", json, err.msg);
    record_init(COLL_RESEARCH_PACKS, pack);
    if (!research_from_answers(&answers, start, pack, &err))
        fail_msg("%s: %s", json, err.msg);
    bson_destroy(&answers);
}

static void finish(struct research_pack *pack)
{
    record_finish(COLL_RESEARCH_PACKS, pack);
}

static bool lists(const bson_t *array, const char *word)
{
    bson_iter_t it;

    bson_iter_init(&it, array);
    while (bson_iter_next(&it))
        if (strcmp(bson_iter_utf8(&it, NULL), word) == 0)
            return true;
    return false;
}

static void keys_of(const bson_t *doc, const char *path, struct strbuf *out)
{
    bson_t view;
    bson_iter_t it;

    if (path)
        doc_view(doc, path, &view);
    bson_iter_init(&it, path ? &view : doc);
    while (bson_iter_next(&it))
        strbuf_printf(out, "%s ", bson_iter_key(&it));
}

static void the_structure_is_the_references(void **state)
{
    static const struct {
        const char *path, *keys;
    } want[] = {
        {NULL, "data_pack_id created_at industry location market_data competitor_data "
               "missing_data stale_data fetch_errors evidence "},
        {"market_data", "market_size_gbp market_size_source market_size_url "
                        "market_size_timestamp growth_rate_percent growth_rate_source "
                        "growth_rate_url growth_rate_timestamp market_size_amount "
                        "market_size_currency "},
        {"competitor_data", "top_competitors competitor_count_estimate competitor_count_source "},
    };
    static const char *const inputs[] = {empty, full};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(inputs); i++) {
        struct research_pack pack;

        research(inputs[i], START, &pack);
        assert_int_equal(pack.status, RESEARCH_COMPLETE);
        for (size_t k = 0; k < ARRAY_LEN(want); k++) {
            struct strbuf keys;

            strbuf_init(&keys, 4096);
            keys_of(pack.data, want[k].path, &keys);
            assert_string_equal(keys.data, want[k].keys);
            strbuf_finish(&keys);
        }
        finish(&pack);
    }
}

/* Every reference field is null exactly if missing_data names it. */
static void what_is_missing_is_null_and_named(void **state)
{
    static const char *const fields[] = {
        "market_data.market_size_gbp",
        "market_data.market_size_source",
        "market_data.market_size_url",
        "market_data.market_size_timestamp",
        "market_data.growth_rate_percent",
        "market_data.growth_rate_source",
        "market_data.growth_rate_url",
        "market_data.growth_rate_timestamp",
        "competitor_data.competitor_count_estimate",
        "competitor_data.competitor_count_source",
    };
    static const char *const inputs[] = {
        empty, full, "{\"currency\":\"EUR\",\"market\":{\"size_amount\":7}}",
        "{\"currency\":\"GBP\",\"market\":{\"growth_percent\":-3,\"growth_source\":\" \"}}",
        "{\"currency\":\"GBP\",\"market\":{\"size_source\":\"ONS\",\"size_date\":\"2026-01-01\"}}"};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(inputs); i++) {
        struct research_pack pack;

        research(inputs[i], START, &pack);
        for (size_t k = 0; k < ARRAY_LEN(fields); k++) {
            bool named = lists(pack.missing_data, strchr(fields[k], '.') + 1);

            if (named == doc_has(pack.data, fields[k]))
                fail_msg("%s: %s is %s", inputs[i], fields[k],
                         named ? "named but there" : "absent but not named");
        }
        assert_true(lists(pack.missing_data, "top_competitors") ==
                    (doc_count(pack.data, "competitor_data.top_competitors") == 0));
        finish(&pack);
    }
}

static void only_pounds_make_a_size_in_pounds(void **state)
{
    static const struct {
        const char *json;
        double pounds;
        const char *currency;
        bool rate_missing;
    } rows[] = {
        {"{\"currency\":\"GBP\",\"market\":{\"size_amount\":5}}", 5, "GBP", false},
        {"{\"currency\":\"EUR\",\"market\":{\"size_amount\":5,\"size_currency\":\"GBP\"}}", 5,
         "GBP", false},
        {"{\"currency\":\"EUR\",\"market\":{\"size_amount\":5}}", NAN, "EUR", true},
        {"{\"currency\":\"GBP\",\"market\":{\"size_amount\":5,\"size_currency\":\"USD\"}}", NAN,
         "USD", true},
        {"{\"currency\":\"EUR\"}", NAN, NULL, false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct research_pack pack;
        double pounds;

        research(rows[i].json, START, &pack);
        pounds = doc_num(pack.data, "market_data.market_size_gbp", NAN);
        assert_true(isnan(rows[i].pounds) ? isnan(pounds) : pounds == rows[i].pounds);
        if (rows[i].currency) {
            assert_string_equal(doc_str(pack.data, "market_data.market_size_currency", ""),
                                rows[i].currency);
            assert_true(doc_num(pack.data, "market_data.market_size_amount", 0) == 5);
        } else {
            assert_false(doc_has(pack.data, "market_data.market_size_currency"));
        }
        assert_int_equal(lists(pack.missing_data, "exchange rate"), rows[i].rate_missing);
        finish(&pack);
    }
}

/* The item of data.evidence called `id`; fails the test if there is none. */
static void evidence(const struct research_pack *pack, const char *id, bson_t *item)
{
    bson_t list;
    bson_iter_t it;

    doc_view(pack->data, "evidence", &list);
    bson_iter_init(&it, &list);
    while (bson_iter_next(&it))
        if (doc_view(&list, bson_iter_key(&it), item) && strcmp(doc_str(item, "id", ""), id) == 0)
            return;
    fail_msg("no evidence \"%s\"", id);
}

static void own_statements_are_told_from_facts(void **state)
{
    static const struct {
        const char *json, *id, *type, *source;
    } rows[] = {
        {full, "market_size", "fact", "Council"},
        {full, "competitor_count", "founder_statement", "Walked"},
        {full, "competitor_1", "fact", "A"},
        {full, "competitor_2", "founder_statement", "founder's own statement"},
        {full, "demand_2", "founder_statement", "founder's own statement"},
        {"{\"market\":{\"size_amount\":9}}", "market_size", "founder_statement",
         "founder's own statement"},
        {"{\"market\":{\"size_amount\":9,\"size_source\":\"A friend\"}}", "market_size",
         "founder_statement", "A friend"},
        {"{\"market\":{\"size_amount\":9,\"size_source\":\"ONS\",\"size_date\":\"2026-01-01\"}}",
         "market_size", "fact", "ONS"},
        {"{\"tam\":40,\"tam_source\":\"Bottom-up\"}", "tam", "founder_statement", "Bottom-up"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct research_pack pack;
        bson_t item;

        research(rows[i].json, START, &pack);
        evidence(&pack, rows[i].id, &item);
        assert_string_equal(doc_str(&item, "type", ""), rows[i].type);
        assert_string_equal(doc_str(&item, "source", ""), rows[i].source);
        finish(&pack);
    }
}

static void old_figures_are_stale_at_the_plans_start(void **state)
{
    static const struct {
        const char *date, *start;
        bool stale;
        const char *expires;
    } rows[] = {
        {"2025-01-02", "2027-01-01", false, "2027-01-02"},
        {"2025-01-01", "2027-01-01", true, "2027-01-01"},
        {"2019-05-05", "2027-01-01", true, "2021-05-05"},
        {"2024-02-29", "2026-02-28", false, "2026-02-28"},
        {"2024-02-29", "2026-03-01", true, "2026-02-28"},
        {"2030-01-01", "2027-01-01", false, "2032-01-01"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct research_pack pack;
        char json[200], expires[CLOCK_ISO_SIZE];
        bson_t stale;

        snprintf(json, sizeof json,
                 "{\"market\":{\"size_amount\":1,\"size_source\":\"S\",\"size_date\":\"%s\"}}",
                 rows[i].date);
        research(json, rows[i].start, &pack);
        doc_view(pack.data, "stale_data", &stale);
        assert_int_equal(lists(&stale, "market_size_gbp"), rows[i].stale);
        clock_iso_date(pack.expires_at, expires);
        assert_string_equal(expires, rows[i].expires);
        finish(&pack);
    }
}

static void nothing_dated_never_expires(void **state)
{
    struct research_pack pack;

    (void)state;
    research(empty, START, &pack);
    assert_true(pack.expires_at == RECORD_NONE);
    finish(&pack);
}

static void the_score_is_the_sum_of_its_lines(void **state)
{
    static const struct {
        const char *json;
        double score;
    } rows[] = {
        {empty, 0},
        {full, 100},
        {"{\"currency\":\"GBP\",\"market\":{\"size_amount\":5}}", 10},
        {"{\"currency\":\"GBP\",\"market\":{\"size_amount\":5,\"size_source\":\"ONS\"}}", 10},
        {"{\"currency\":\"GBP\",\"market\":{\"size_amount\":5,\"size_source\":\"ONS\","
         "\"size_url\":\"https://x.example\"}}",
         25},
        {"{\"currency\":\"GBP\",\"market\":{\"size_amount\":5,\"size_source\":\"ONS\","
         "\"size_date\":\"2026-01-01\"}}",
         30},
        {"{\"currency\":\"GBP\",\"market\":{\"size_amount\":5,\"size_source\":\"ONS\","
         "\"size_date\":\"2016-01-01\"}}",
         25},
        {"{\"competitors\":[{\"name\":\"A\"},{\"name\":\" \"},{\"name\":\"B\"}]}", 10},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct research_pack pack;
        double sum = 0, of = 0;
        bson_t lines, line;
        bson_iter_t it;

        research(rows[i].json, START, &pack);
        doc_view(pack.metadata, "quality", &lines);
        bson_iter_init(&it, &lines);
        while (bson_iter_next(&it)) {
            doc_view(&lines, bson_iter_key(&it), &line);
            sum += doc_num(&line, "points", NAN);
            of += doc_num(&line, "of", NAN);
            assert_true(strlen(doc_str(&line, "why", "")) > 10);
        }
        if (pack.quality_score != rows[i].score)
            fail_msg("%s: %g, want %g", rows[i].json, pack.quality_score, rows[i].score);
        assert_true(sum == rows[i].score && of == 100);
        finish(&pack);
    }
}

static void the_same_answers_give_the_same_bytes(void **state)
{
    struct research_pack a, b;

    (void)state;
    research(full, START, &a);
    research(full, START, &b);
    assert_true(bson_equal(a.data, b.data));
    assert_true(bson_equal(a.metadata, b.metadata));
    assert_true(lists(a.data_sources, "Council") && lists(a.data_sources, "A"));
    assert_int_equal(bson_count_keys(a.data_sources), 2); /* each once, and no own count */
    finish(&a);
    finish(&b);
}

static void a_pack_is_valid_and_wrong_types_are_absent(void **state)
{
    static const char *const inputs[] = {
        empty,
        full,
        "{}",
        "{\"market\":5,\"competitors\":{\"name\":\"x\"},\"industry\":7}",
        "{\"market\":{\"size_amount\":\"many\",\"size_date\":\"soon\"},\"competitors\":[1,null,[]]"
        "}",
        "{\"evidence_of_demand\":[\"\",5,null,\"a\"]}"};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(inputs); i++) {
        struct research_pack pack;
        struct err err = {0};
        bson_t doc;

        research(inputs[i], START, &pack);
        free(pack.plan_id);
        pack.plan_id = strdup("0123456789abcdef01234567");
        record_write(COLL_RESEARCH_PACKS, &pack, &doc);
        if (!record_validate(COLL_RESEARCH_PACKS, &doc, &err))
            fail_msg("%s: %s", inputs[i], err.msg);
        bson_destroy(&doc);
        finish(&pack);
    }
}

static void a_start_date_that_is_none_is_refused(void **state)
{
    struct research_pack pack;
    struct err err = {0};
    bson_t answers = BSON_INITIALIZER;

    (void)state;
    record_init(COLL_RESEARCH_PACKS, &pack);
    assert_false(research_from_answers(&answers, "soon", &pack, &err));
    assert_int_equal(err.code, ERR_INVALID);
    finish(&pack);
    bson_destroy(&answers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_structure_is_the_references),
        cmocka_unit_test(what_is_missing_is_null_and_named),
        cmocka_unit_test(only_pounds_make_a_size_in_pounds),
        cmocka_unit_test(own_statements_are_told_from_facts),
        cmocka_unit_test(old_figures_are_stale_at_the_plans_start),
        cmocka_unit_test(nothing_dated_never_expires),
        cmocka_unit_test(the_score_is_the_sum_of_its_lines),
        cmocka_unit_test(the_same_answers_give_the_same_bytes),
        cmocka_unit_test(a_pack_is_valid_and_wrong_types_are_absent),
        cmocka_unit_test(a_start_date_that_is_none_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
