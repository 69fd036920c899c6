/* Promises of live research: every source is asked by its protocol and its answer becomes facts with
 * all their fields; a source that fails in any way is a line that says so and costs the others
 * nothing; the deadline holds; a key is in the request and nowhere else; what is kept is not asked
 * for again, and serves when the source cannot. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/clock.h"
#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/json.h"
#include "strattio/mem.h"
#include "strattio/paths.h"
#include "strattio/record.h"
#include "strattio/strbuf.h"

#include "net/loopback.h"
#include "research/live.h"
#include "research/source.h"
#include "support/temp_dir.h"

#define SECRET "k-0123456789-secret"

struct reply {
    const char *path; /* part of the request line */
    struct loopback_answer answer;
};

struct talk {
    const struct reply *replies; /* the first whose path fits answers; ends in a NULL path */
    struct loopback *server;
    struct live_settings settings;
    struct live_result result;
    bool ran;
};

#define JSON(TEXT)                                                                                 \
    {                                                                                              \
        .status = 200, .type = "application/json", .bytes = TEXT                                   \
    }

#define WORLDBANK(SERIES, VALUE)                                                                   \
    "[{\"page\":1,\"pages\":1,\"per_page\":50,\"total\":2,\"lastupdated\":\"2026-07-01\"},[{"      \
    "\"indicator\":{\"id\":\"" SERIES "\",\"value\":\"x\"},\"country\":{\"id\":\"GB\",\"value\":"  \
    "\"UK\"},\"date\":\"2025\",\"value\":null},{\"indicator\":{\"id\":\"" SERIES "\"},"            \
    "\"country\":{\"id\":\"GB\"},\"date\":\"2024\",\"value\":" VALUE "}]]"

static const struct reply british[] = {
    {"/ons/search?content_type=timeseries&cdids=IHYQ ",
     JSON("{\"count\":1,\"items\":[{\"uri\":\"/economy/x\"},{\"uri\":"
          "\"/economy/gdp/timeseries/ihyq/qna\"}]}")},
    {"/ons/data?uri=%2Feconomy%2Fgdp%2Ftimeseries%2Fihyq%2Fqna ",
     JSON("{\"type\":\"timeseries\",\"description\":{\"cdid\":\"IHYQ\",\"unit\":\"%\","
          "\"releaseDate\":\"2026-09-29T23:00:00.000Z\"},\"years\":[],\"months\":[],\"quarters\":"
          "[{\"date\":\"2026 Q1\",\"value\":\"0.2\"},{\"date\":\"2026 Q2\",\"value\":\"0.5\"}]}")},
    {"/ons/datasets/cpih01 ",
     JSON("{\"links\":{\"latest_version\":{\"href\":\"https://api.example.org/v1/datasets/cpih01/"
          "editions/time-series/versions/6\"}}}")},
    {"/ons/datasets/cpih01/editions/time-series/versions/6/observations?time=*&geography=K02000001&"
     "aggregate=cpih1dim1A0 ",
     JSON("{\"total_observations\":3,\"unit_of_measure\":\"Index: 2015=100\",\"observations\":["
          "{\"observation\":\"140.1\",\"dimensions\":{\"time\":{\"label\":\"Feb-26\"}}},"
          "{\"observation\":\"141.3\",\"metadata\":{\"data_marking\":\"p\"},\"dimensions\":"
          "{\"time\":{\"label\":\"Mar-26\"}}},"
          "{\"observation\":\"60.0\",\"dimensions\":{\"time\":{\"label\":\"Mar-98\"}}}]}")},
    {"employment_sizeband=0&",
     JSON("{\"obs\":[{\"time\":{\"value\":2026},\"obs_value\":{\"value\":2734700}}]}")},
    {"employment_sizeband=10&", JSON("{\"obs\":[]}")},
    {"NY.GDP.MKTP.KD.ZG", JSON(WORLDBANK("NY.GDP.MKTP.KD.ZG", "1.1"))},
    {"FP.CPI.TOTL.ZG", JSON(WORLDBANK("FP.CPI.TOTL.ZG", "\"2.5\""))},
    {"SP.POP.TOTL",
     JSON("[{\"message\":[{\"id\":\"120\",\"key\":\"Invalid value\",\"value\":\"No\\u001b[31m\"}]}"
          "]")},
    {"NY.GDP.MKTP.CD", JSON("[{\"page\":1,\"pages\":1,\"total\":0},null]")},
    {"/companies_house/advanced-search/companies?sic_codes=56102,56101&location=King%27s%20Lynn&",
     JSON("{\"hits\":2,\"items\":[{\"company_name\":\"OLD \\u001b[2JMILL\\u0007 LTD\","
          "\"company_number\":\"01\",\"company_status\":\"active\",\"date_of_creation\":"
          "\"2018-03-01\",\"registered_office_address\":{\"locality\":\"King's Lynn\"}},"
          "{\"company_name\":\"TEA " SECRET " ROOM\",\"company_number\":\"02\"}]}")},
    {NULL, {0}},
};

static const struct reply german[] = {
    {"unit=CLV_PCH_PRE",
     JSON(
         "{\"version\":\"2.0\",\"class\":\"dataset\",\"updated\":\"9999-12-31T21:59:59Z\",\"id\":["
         "\"freq\",\"unit\",\"na_item\",\"geo\",\"time\"],\"size\":[1,1,1,1,2],\"dimension\":{"
         "\"freq\":{\"category\":{\"index\":{\"A\":0}}},\"unit\":{\"category\":{\"index\":{"
         "\"CLV_PCH_PRE\":0}}},\"na_item\":{\"category\":{\"index\":{\"B1GQ\":0}}},\"geo\":{"
         "\"category\":{\"index\":{\"DE\":0}}},\"time\":{\"category\":{\"index\":{\"2024\":0,"
         "\"2025\":1}}}},\"value\":{\"0\":-0.2},\"status\":{\"0\":\"p\"},\"extension\":{\"status\":"
         "{\"label\":{\"p\":\"provisional\"}}}}")},
    {"indic_sbs=NETTUR_MEUR",
     JSON("{\"version\":\"2.0\",\"class\":\"dataset\",\"updated\":\"2026-10-01\",\"id\":[\"nace_"
          "r2\",\"indic_sbs\",\"geo\",\"time\"],\"size\":[1,1,1,1],\"dimension\":{\"nace_r2\":{"
          "\"category\":{\"index\":[\"I56\"]}},\"indic_sbs\":{\"category\":{\"index\":["
          "\"NETTUR_MEUR\"]}},\"geo\":{\"category\":{\"index\":[\"DE\"]}},\"time\":{\"category\":{"
          "\"index\":[\"2023\"]}}},\"value\":[61234.5]}")},
    {NULL, {0}},
};

static const struct reply american[] = {
    {"/census/2022/"
     "cbp?get=NAME,NAICS2017_LABEL,ESTAB,EMP,PAYANN&for=us:*&NAICS2017=722&key=" SECRET,
     JSON("[[\"NAME\",\"NAICS2017_LABEL\",\"ESTAB\",\"EMP\",\"PAYANN\",\"NAICS2017\",\"us\"],["
          "\"United States\",\"Food\",\"650123\",\"0\",\"287000000\",\"722\",\"1\"]]")},
    {"/census/2022/ecnbasic", {.status = 204, .bytes = ""}},
    {"/bls/v2/timeseries/data/",
     JSON("{\"status\":\"REQUEST_SUCCEEDED\",\"message\":[],\"Results\":{\"series\":[{\"seriesID\":"
          "\"CUUR0000SA0\",\"data\":[{\"year\":\"2026\",\"period\":\"M10\",\"value\":\"-\"},{"
          "\"year\":\"2025\",\"period\":\"M13\",\"value\":\"310\"},{\"year\":\"2026\",\"period\":"
          "\"M09\",\"value\":\"325.1\",\"footnotes\":[{\"code\":\"P\",\"text\":\"preliminary\"}]}]}"
          "]}}")},
    {NULL, {0}},
};

static void answer(void *arg, const struct loopback_request *request, struct loopback_answer *out)
{
    const struct talk *t = arg;

    *out = (struct loopback_answer){.status = 404, .type = "text/plain", .bytes = "nothing here"};
    for (const struct reply *r = t->replies; r->path; r++)
        if (strstr(request->text, r->path)) {
            *out = r->answer;
            return;
        }
}

static const struct source_plan gb = {
    .country = "GB", .town = "King's Lynn", .sic = "56102,56101", .naics = "722", .year = 2026};
static const struct source_plan de = {
    .country = "DE", .town = "Kiel", .sic = "56102", .naics = "722", .year = 2026};
static const struct source_plan us = {
    .country = "US", .town = "Salem", .sic = "56102", .naics = "722", .year = 2026};

static void turn_on(struct talk *t, const char *name)
{
    for (size_t i = 0; sources[i]; i++) {
        if (name && strcmp(sources[i]->name, name) != 0)
            continue;
        t->settings.sources[i].on = true;
        t->settings.sources[i].url = mem_printf("%s/%s", loopback_url(t->server), sources[i]->name);
        t->settings.sources[i].key = mem_str(SECRET);
    }
}

static struct talk *begin(const struct reply *replies, const char *name)
{
    struct talk *t = mem_zero(1, sizeof *t);

    t->replies = replies;
    t->server = loopback_start(answer, t);
    t->settings.deadline_ms = 30000;
    turn_on(t, name);
    return t;
}

static void research(struct talk *t, const struct source_plan *plan, enum live_mode mode)
{
    struct err err = {0};

    if (t->ran)
        live_result_finish(&t->result);
    t->ran = true;
    if (!live_research(&t->settings, plan, mode, 2027, NULL, NULL, &t->result, &err))
        fail_msg("%s", err.msg);
}

static void end(struct talk *t)
{
    loopback_stop(t->server);
    live_settings_finish(&t->settings);
    live_result_finish(&t->result);
    free(t);
}

/* All that was found, as JSON. */
static char *all_of(const struct live_result *r)
{
    const bson_t *const parts[] = {&r->facts, &r->errors, &r->missing, &r->stale, &r->names};
    struct strbuf out;

    strbuf_init(&out, 1 << 20);
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        json_write_array(parts[i], JSON_COMPACT, &out);
    return strbuf_take(&out);
}

static bool fact(const struct talk *t, const char *id, bson_t *item)
{
    bson_iter_t it;

    bson_iter_init(&it, &t->result.facts);
    while (bson_iter_next(&it))
        if (doc_view(&t->result.facts, bson_iter_key(&it), item) &&
            strcmp(doc_str(item, "id", ""), id) == 0)
            return true;
    return false;
}

static void expect_fact(const struct talk *t, const char *id, double value, const char *raw,
                        const char *period, const char *status)
{
    bson_t item;

    if (!fact(t, id, &item)) {
        char *all = all_of(&t->result);

        fail_msg("no %s in %s", id, all);
    }
    if (doc_num(&item, "value", -1) != value || strcmp(doc_str(&item, "raw", ""), raw) != 0 ||
        strcmp(doc_str(&item, "period", ""), period) != 0 ||
        strcmp(doc_str(&item, "status", ""), status) != 0)
        fail_msg("%s: %f, %s, %s, %s", id, doc_num(&item, "value", -1), doc_str(&item, "raw", ""),
                 doc_str(&item, "period", ""), doc_str(&item, "status", ""));
    assert_string_equal(doc_str(&item, "type", ""), "fact");
    assert_true(doc_has(&item, "source") && doc_has(&item, "url") && doc_has(&item, "text") &&
                doc_has(&item, "fetched_at") && doc_has(&item, "multiplier") &&
                doc_has(&item, "attribution") && doc_has(&item, "licence"));
    if (*raw && value != 0)
        assert_non_null(strstr(doc_str(&item, "excerpt", ""), raw));
}

static void expect_no_secret(const struct talk *t)
{
    char *all = all_of(&t->result);

    assert_null(strstr(all, SECRET));
    for (const char *s = all; (s = strstr(s, "\\u00")); s++) /* of ours; an excerpt's has two */
        assert_true(s > all && s[-1] == '\\');
    free(all);
}

static void british_sources_answer(void **state)
{
    struct talk *t = begin(british, NULL);
    bson_t item;

    (void)state;
    research(t, &gb, LIVE_FETCH);
    expect_fact(t, "ons_gdp_growth", 0.5, "0.5", "2026 Q2", "");
    expect_fact(t, "ons_cpih", 141.3, "141.3", "Mar-26", "p");
    expect_fact(t, "nomis_enterprises", 2734700, "2734700", "2026", "");
    expect_fact(t, "worldbank_gdp_growth", 1.1, "1.1", "2024", "");
    expect_fact(t, "worldbank_inflation", 2.5, "2.5", "2024", "");
    expect_fact(t, "companies_house_companies", 2, "2", "", "");
    assert_true(fact(t, "companies_house_companies_1", &item));
    assert_non_null(strstr(doc_str(&item, "text", ""), "OLD  [2JMILL  LTD, King's Lynn"));
    assert_true(fact(t, "companies_house_companies_2", &item));
    assert_non_null(strstr(doc_str(&item, "text", ""), "TEA *** ROOM"));
    assert_int_equal(bson_count_keys(&t->result.facts), 8);
    assert_int_equal(bson_count_keys(&t->result.errors), 1); /* World Bank's inside a 200 */
    assert_non_null(strstr(doc_str(&t->result.errors, "0.message", ""), "Invalid value"));
    assert_int_equal(bson_count_keys(&t->result.missing), 3);
    assert_int_equal(bson_count_keys(&t->result.names), 4);
    assert_true(t->result.expires_at != RECORD_NONE);
    expect_no_secret(t);
    end(t);
}

static void european_and_american_sources_answer(void **state)
{
    struct talk *t = begin(german, "eurostat");
    bson_t item;

    (void)state;
    research(t, &de, LIVE_FETCH);
    expect_fact(t, "eurostat_gdp_growth", -0.2, "-0.2", "2024", "p");
    assert_true(fact(t, "eurostat_gdp_growth", &item));
    assert_false(doc_has(&item, "date")); /* the year 9999 is no date */
    assert_non_null(strstr(doc_str(&item, "text", ""), "-0.2% (provisional)"));
    expect_fact(t, "eurostat_turnover", 61234.5, "61234.5", "2023", "");
    assert_true(fact(t, "eurostat_turnover", &item));
    assert_true(doc_num(&item, "multiplier", 0) == 1e6);
    assert_int_equal(bson_count_keys(&t->result.errors), 2); /* what answered 404 */
    assert_int_equal(bson_count_keys(&t->result.stale), 2);
    end(t);
    t = begin(american, NULL);
    research(t, &us, LIVE_FETCH);
    expect_fact(t, "census_establishments", 650123, "650123", "2022", "");
    expect_fact(t, "census_payroll", 287000000, "287000000", "2022", "");
    expect_fact(t, "bls_cpi", 325.1, "325.1", "2026-09", "P");
    assert_false(fact(t, "bls_earnings", &item)); /* it answered about another series */
    expect_no_secret(t);
    end(t);
}

static void a_source_of_another_country_is_no_failure(void **state)
{
    struct talk *t = begin(british, "ons");

    (void)state;
    research(t, &us, LIVE_FETCH);
    assert_int_equal(loopback_count(t->server), 0);
    assert_true(bson_empty(&t->result.errors) && bson_empty(&t->result.missing));
    end(t);
}

static void nobody_is_an_answer(void **state)
{
    static const struct reply none[] = {
        {"/companies_house/", {.status = 404, .type = "application/json", .bytes = ""}},
        {NULL, {0}},
    };
    struct talk *t = begin(none, "companies_house");

    (void)state;
    research(t, &gb, LIVE_FETCH);
    expect_fact(t, "companies_house_companies", 0, "0", "", "");
    assert_true(bson_empty(&t->result.errors));
    end(t);
}

static void without_a_key_it_is_not_asked(void **state)
{
    struct talk *t = begin(british, "companies_house");

    (void)state;
    for (size_t i = 0; sources[i]; i++) {
        free(t->settings.sources[i].key);
        t->settings.sources[i].key = NULL;
    }
    research(t, &gb, LIVE_FETCH);
    assert_int_equal(loopback_count(t->server), 0);
    assert_non_null(strstr(doc_str(&t->result.missing, "0", ""), "source_companies_house_key"));
    end(t);
}

/* --- faults ----------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    struct loopback_answer answer;
    const char *word;
} faults[] = {
    {"a web page",
     {.status = 200, .type = "text/html", .bytes = "<html>Sign in</html>"},
     "web page"},
    {"XML for JSON",
     {.status = 200, .type = "text/xml", .bytes = "<?xml version='1.0'?><e/>"},
     "web page"},
    {"a redirect",
     {.status = 302, .headers = "Location: http://127.0.0.1:1/?" SECRET "\r\n", .bytes = ""},
     "another address"},
    {"invalid UTF-8",
     {.status = 200, .type = "application/json", .bytes = "{\"hits\":1,\"x\":\"\xff\"}"},
     "column"},
    {"a wrong type", {.status = 200, .type = "text/plain", .bytes = "hits: 12"}, "column"},
    {"a cut answer",
     {.status = 200,
      .type = "application/json",
      .headers = "Content-Length: 900\r\n",
      .bytes = "{\"hits\":1,",
      .end = LOOPBACK_CLOSE},
     ""},
    {"a cut document",
     {.status = 200, .type = "application/json", .bytes = "{\"hits\":1,"},
     "column"},
    {"a flood",
     {.status = 200, .type = "application/json", .bytes = "{", .end = LOOPBACK_FLOOD},
     ""},
    {"a wrong key", {.status = 401, .bytes = "bad key " SECRET}, "refuses the key"},
    {"plain text at 422", {.status = 422, .bytes = "size"}, "status 422"},
    {"too many, for an hour",
     {.status = 429, .headers = "Retry-After: 3600\r\n", .bytes = ""},
     "too many requests"},
    {"nothing", {.status = 200, .type = "application/json", .bytes = ""}, ""},
    {"a list for an object",
     {.status = 200, .type = "application/json", .bytes = "[1,2]"},
     "how many"},
};

/* What is said of Companies House, NULL if nothing. */
static const char *said_of_it(const struct talk *t)
{
    bson_iter_t it;
    bson_t item;

    bson_iter_init(&it, &t->result.errors);
    while (bson_iter_next(&it))
        if (doc_view(&t->result.errors, bson_iter_key(&it), &item) &&
            strcmp(doc_str(&item, "source", ""), "Companies House") == 0)
            return doc_str(&item, "message", NULL);
    return NULL;
}

static void every_fault_is_a_sentence(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
        struct reply replies[] = {
            {"/companies_house/", faults[i].answer},
            {"NY.GDP.MKTP.KD.ZG", JSON(WORLDBANK("NY.GDP.MKTP.KD.ZG", "1.1"))},
            {NULL, {0}},
        };
        struct talk *t = begin(replies, "companies_house");
        const char *said;

        turn_on(t, "worldbank");
        research(t, &gb, LIVE_REFRESH);
        said = said_of_it(t);
        if (!said || !*said || !strstr(said, faults[i].word))
            fail_msg("%s: %s", faults[i].name, said ? said : "no error");
        expect_fact(t, "worldbank_gdp_growth", 1.1, "1.1", "2024", "");
        expect_no_secret(t);
        end(t);
    }
}

static void fifty_megabytes_are_not_read(void **state)
{
    size_t len = 50u << 20;
    char *big = mem_zero(1, len + 1);
    struct reply replies[] = {{"/companies_house/", {.status = 200, .type = "application/json"}},
                              {NULL, {0}}};
    struct talk *t;

    (void)state;
    memset(big, ' ', len);
    big[0] = '{';
    big[len - 1] = '}';
    replies[0].answer.bytes = big;
    replies[0].answer.len = len;
    t = begin(replies, "companies_house");
    research(t, &gb, LIVE_REFRESH);
    assert_int_equal(bson_count_keys(&t->result.errors), 1);
    end(t);
    free(big);
}

static void a_silent_source_ends_at_the_deadline(void **state)
{
    static const struct reply replies[] = {
        {"/companies_house/", {.status = 200, .bytes = "{", .end = LOOPBACK_STALL}},
        {"NY.GDP.MKTP.KD.ZG", JSON(WORLDBANK("NY.GDP.MKTP.KD.ZG", "1.1"))},
        {NULL, {0}},
    };
    struct talk *t = begin(replies, "companies_house");

    (void)state;
    turn_on(t, "worldbank");
    t->settings.deadline_ms = 400;
    research(t, &gb, LIVE_REFRESH);
    assert_true(bson_count_keys(&t->result.errors) >= 1);
    end(t);
}

static bool stop(void *arg, struct err *err)
{
    int *left = arg;

    return (*left)-- > 0 || err_set(err, ERR_CANCELLED, 0, "Cancelled");
}

static void a_cancelled_run_ends_at_once(void **state)
{
    static const struct reply replies[] = {
        {"/companies_house/", {.status = 200, .bytes = "{", .end = LOOPBACK_STALL}}, {NULL, {0}}};
    struct talk *t = begin(replies, "companies_house");
    struct err err = {0};
    int left = 2;

    (void)state;
    assert_false(
        live_research(&t->settings, &gb, LIVE_REFRESH, 2027, stop, &left, &t->result, &err));
    assert_int_equal(err.code, ERR_CANCELLED);
    end(t);
}

static void asked_to_wait_it_is_asked_once_more(void **state)
{
    struct reply replies[] = {
        {"/worldbank/", {.status = 429, .headers = "Retry-After: 0\r\n", .bytes = ""}},
        {NULL, {0}}};
    struct talk *t = begin(replies, "worldbank");

    (void)state;
    research(t, &gb, LIVE_REFRESH);
    assert_int_equal(loopback_count(t->server), 4 * 3);
    assert_int_equal(bson_count_keys(&t->result.errors), 4);
    end(t);
}

/* --- what is kept ----------------------------------------------------------------------------- */

static void what_is_kept_is_not_asked_for_again(void **state)
{
    struct talk *t = begin(british, "ons");
    size_t asked;
    bson_t first, again;

    (void)state;
    research(t, &gb, LIVE_REFRESH);
    asked = loopback_count(t->server);
    bson_copy_to(&t->result.facts, &first);
    research(t, &gb, LIVE_FETCH);
    assert_int_equal(loopback_count(t->server), asked);
    assert_int_equal(t->result.requests, 0);
    bson_copy_to(&t->result.facts, &again);
    assert_true(doc_equal(&first, &again));
    assert_int_equal(bson_count_keys(&again), 2);
    research(t, &gb, LIVE_REFRESH);
    assert_int_equal(loopback_count(t->server), 2 * asked);
    bson_destroy(&first);
    bson_destroy(&again);
    end(t);
}

static void an_old_answer_serves_when_the_source_cannot(void **state)
{
    static const struct reply down[] = {{"/ons/", {.status = 500, .bytes = "no"}}, {NULL, {0}}};
    struct talk *t = begin(british, "ons");

    (void)state;
    research(t, &gb, LIVE_REFRESH);
    t->replies = down;
    research(t, &gb, LIVE_REFRESH);
    expect_fact(t, "ons_gdp_growth", 0.5, "0.5", "2026 Q2", "");
    assert_int_equal(bson_count_keys(&t->result.stale) >= 2, 1);
    assert_non_null(strstr(doc_str(&t->result.errors, "0.message", ""), "is used instead"));
    end(t);
}

/* --- recordings ------------------------------------------------------------------------------- */

static const struct {
    const char *file, *path, *source, *country;
    const char *first, *first_answer; /* what leads to it, if anything must */
    const char *id, *raw, *period, *status;
    double value;
} recorded[] = {
    {"ons/ihyq_qna.json", "/ons/data?uri=", "ons", "GB", "/ons/search?",
     "{\"items\":[{\"uri\":\"/economy/timeseries/ihyq/qna\"}]}", "ons_gdp_growth", "0.5", "2024 Q2",
     "", 0.5},
    {"ons/cmd_expectedDocWithSingleObservation.json", "/observations?", "ons", "GB",
     "/ons/datasets/cpih01 ",
     "{\"links\":{\"latest_version\":{\"href\":\"https://x.example/v1/datasets/cpih01/editions/"
     "time-series/versions/6\"}}}",
     "ons_cpih", "146.3", "16-Aug", "p", 146.3},
    {"eurostat/nama_10_gdp.json", "unit=CLV_PCH_PRE", "eurostat", "DK", NULL, NULL,
     "eurostat_gdp_growth", "2.5", "2023", "", 2.5},
    {"eurostat/nama_10_gdp.json", "unit=CP_MEUR", "eurostat", "DK", NULL, NULL, "eurostat_gdp",
     "376430", "2023", "", 376430},
    {"worldbank/gdp_us_v1shape.json", "NY.GDP.MKTP.CD", "worldbank", "US", NULL, NULL,
     "worldbank_gdp", "18569100000000", "2016", "", 18569100000000},
};

static void recordings_are_read(void **state)
{
    const char *set = getenv("STRATTIO_FIXTURES");

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(recorded); i++) {
        char *path =
            mem_printf("%s/%s", set ? set : SOURCE_DIR "/../shared/fixtures", recorded[i].file);
        struct source_plan plan = gb;
        struct reply replies[3] = {0};
        struct err err;
        struct talk *t;
        size_t len;
        char *bytes = paths_read_file(path, 1 << 20, &len, &err);

        free(path);
        if (!bytes)
            skip();
        replies[0].path = recorded[i].path;
        replies[0].answer = (struct loopback_answer){
            .status = 200, .type = "application/json", .bytes = bytes, .len = len, .piece = 1000};
        replies[1].path = recorded[i].first;
        replies[1].answer = (struct loopback_answer)JSON(recorded[i].first_answer);
        plan.country = recorded[i].country;
        t = begin(replies, recorded[i].source);
        research(t, &plan, LIVE_REFRESH);
        expect_fact(t, recorded[i].id, recorded[i].value, recorded[i].raw, recorded[i].period,
                    recorded[i].status);
        end(t);
        free(bytes);
    }
}

static int set_up(void **state)
{
    *state = temp_dir_make();
    setenv("XDG_CACHE_HOME", *state, 1);
    return 0;
}

static int tear_down(void **state)
{
    temp_dir_remove(*state);
    return 0;
}

#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        IN_A_FOLDER(british_sources_answer),
        IN_A_FOLDER(european_and_american_sources_answer),
        IN_A_FOLDER(a_source_of_another_country_is_no_failure),
        IN_A_FOLDER(nobody_is_an_answer),
        IN_A_FOLDER(without_a_key_it_is_not_asked),
        IN_A_FOLDER(every_fault_is_a_sentence),
        IN_A_FOLDER(fifty_megabytes_are_not_read),
        IN_A_FOLDER(a_silent_source_ends_at_the_deadline),
        IN_A_FOLDER(a_cancelled_run_ends_at_once),
        IN_A_FOLDER(asked_to_wait_it_is_asked_once_more),
        IN_A_FOLDER(recordings_are_read),
        IN_A_FOLDER(what_is_kept_is_not_asked_for_again),
        IN_A_FOLDER(an_old_answer_serves_when_the_source_cannot),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
