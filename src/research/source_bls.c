/* source_bls.c - US Bureau of Labor Statistics, public API: v2 with a key, v1 without. Values are text, newest first; "-" is
 * missing, M13 is an average of the year and no month. A limit that is used up is said inside a
 * 200. */
#include <math.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"

#include "research/source_rows.h"

static bool ask_series(const struct source_ask *ask, struct source_request *out, const char **lacks)
{
    (void)lacks;
    strbuf_printf(&out->url, "%s/%s/timeseries/data/", ask->base, ask->keyed ? "v2" : "v1");
    strbuf_printf(&out->body, "{\"seriesid\":[\"%s\"],\"startyear\":\"%d\",\"endyear\":\"%d\"}",
                  ask->question->code, ask->plan->year - 1, ask->plan->year);
    return true;
}

/* Fills in the newest month that has a value. */
static bool newest(const bson_t *rows, struct source_fact *fact, char raw[64], char period[16])
{
    bson_iter_t it, at;
    bson_t row;
    char text[64], when[16];

    period[0] = '\0';
    bson_iter_init(&it, rows);
    while (bson_iter_next(&it)) {
        double value;
        const char *month;

        if (!doc_view(rows, bson_iter_key(&it), &row) || !doc_find(&row, "value", &at))
            continue;
        month = doc_str(&row, "period", "");
        value = source_number(&at, text);
        if (month[0] != 'M' || strlen(month) != 3 || strcmp(month, "M13") == 0 || !isfinite(value))
            continue;
        bson_snprintf(when, sizeof when, "%.4s-%s", doc_str(&row, "year", ""), month + 1);
        if (strcmp(when, period) <= 0)
            continue;
        memcpy(period, when, sizeof when);
        memcpy(raw, text, sizeof text);
        fact->value = value;
        fact->status = doc_str(&row, "footnotes.0.code", NULL);
        fact->status_label = doc_str(&row, "footnotes.0.text", NULL);
    }
    return period[0] != '\0';
}

static enum source_end read_result(const struct source_ask *ask, const bson_t *doc,
                                   struct source_find *out, struct err *err)
{
    struct source_fact fact = {0};
    char raw[64] = "", period[16];
    bson_t rows;

    if (strcmp(doc_str(doc, "status", ""), "REQUEST_SUCCEEDED") != 0)
        return source_wrong(err, "it answered: %s", doc_str(doc, "message.0", "request refused"));
    if (!doc_has(doc, "Results.series.0"))
        return SOURCE_NOTHING;
    if (strcmp(doc_str(doc, "Results.series.0.seriesID", ""), ask->question->code) != 0)
        return source_wrong(err, "it answered about another series");
    doc_view(doc, "Results.series.0.data", &rows);
    if (!newest(&rows, &fact, raw, period))
        return SOURCE_NOTHING;
    fact.raw = raw;
    fact.period = period;
    source_add_fact(ask, &fact, out);
    return SOURCE_FACTS;
}

static enum source_end read_series(const struct source_ask *ask, const struct source_answer *answer,
                                   struct source_find *out, struct err *err)
{
    return source_read_doc(ask, answer, read_result, out, err);
}

static const struct source_question questions[] = {
    {"cpi", "Consumer price index, all urban consumers", "CUUR0000SA0", "index", 1, 7, ask_series,
     read_series},
    {"earnings", "Average hourly earnings, all employees, private", "CES0500000003", "US$ an hour",
     1, 7, ask_series, read_series},
    {.id = NULL},
};

const struct source source_bls = {
    .name = "bls",
    .title = "US Bureau of Labor Statistics",
    .attribution = "Source: US Bureau of Labor Statistics",
    .licence = "Public domain",
    .base = "https://api.bls.gov/publicAPI",
    .countries = "US",
    .key = KEY_BODY,
    .key_name = "registrationkey",
    .questions = questions,
};
