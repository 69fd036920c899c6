/* source_worldbank.c - World Bank, indicators API v2. The answer is a pair of a header and rows;
 * values are numbers or null, in recordings of v1 text. Errors come with status 200, as a list of
 * one with "message". The header's "total" counts rows and is never a figure. */
#include <math.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"

#include "net/http.h"
#include "research/source_rows.h"

static bool ask_indicator(const struct source_ask *ask, struct source_request *out,
                          const char **lacks)
{
    (void)lacks;
    strbuf_printf(&out->url, "%s/country/", ask->base);
    http_escape(ask->plan->country, &out->url);
    strbuf_printf(&out->url, "/indicator/%s?format=json&mrnev=1&per_page=1000",
                  ask->question->code);
    return true;
}

/* Is the row about what was asked for? */
static bool is_asked(const struct source_ask *ask, const bson_t *row)
{
    return strcmp(doc_str(row, "indicator.id", ""), ask->question->code) == 0 &&
           strcmp(doc_str(row, "country.id", ""), ask->plan->country) == 0;
}

/* The newest row with a value among `rows`; false if there is none. *other is set if a row was
 * about something else. */
static bool newest(const struct source_ask *ask, const bson_t *rows, struct source_fact *best,
                   char raw[64], bool *other)
{
    bson_iter_t it, at;
    bson_t row;
    char text[64];

    best->period = NULL;
    bson_iter_init(&it, rows);
    while (bson_iter_next(&it)) {
        const char *date;
        double value;

        if (!doc_view(rows, bson_iter_key(&it), &row) || !doc_find(&row, "value", &at))
            continue;
        if (!is_asked(ask, &row)) {
            *other = true;
            continue;
        }
        value = source_number(&at, text);
        date = doc_str(&row, "date", "");
        if (!isfinite(value) || (best->period && strcmp(date, best->period) <= 0))
            continue;
        best->value = value;
        best->period = date;
        best->status = doc_str(&row, "obs_status", NULL);
        memcpy(raw, text, sizeof text);
    }
    return best->period != NULL;
}

static enum source_end read_pages(const struct source_ask *ask, const bson_t *doc,
                                  struct source_find *out, struct err *err)
{
    struct source_fact fact = {0};
    char raw[64] = "";
    bool other = false;
    bson_t rows;

    if (doc_has(doc, "a.0.message"))
        return source_wrong(err, "it answered: %s: %s", doc_str(doc, "a.0.message.0.key", "error"),
                            doc_str(doc, "a.0.message.0.value", ""));
    if (!doc_has(doc, "a.0.page"))
        return source_wrong(err, "its answer has no header, so it cannot be read");
    if (doc_int(doc, "a.0.pages", 1) > 1)
        return source_wrong(err, "its answer goes over several pages, so it is not complete");
    doc_view(doc, "a.1", &rows);
    if (newest(ask, &rows, &fact, raw, &other)) {
        fact.raw = raw;
        fact.updated = doc_str(doc, "a.0.lastupdated", NULL);
        source_add_fact(ask, &fact, out);
        return SOURCE_FACTS;
    }
    return other ? source_wrong(err, "it answered about another country or series")
                 : SOURCE_NOTHING;
}

static enum source_end read_indicator(const struct source_ask *ask,
                                      const struct source_answer *answer, struct source_find *out,
                                      struct err *err)
{
    return source_read_doc(ask, answer, read_pages, out, err);
}

static const struct source_question questions[] = {
    {"gdp_growth", "Real growth of GDP on the year before", "NY.GDP.MKTP.KD.ZG", "%", 1, 30,
     ask_indicator, read_indicator},
    {"inflation", "Inflation of consumer prices", "FP.CPI.TOTL.ZG", "%", 1, 30, ask_indicator,
     read_indicator},
    {"population", "Population", "SP.POP.TOTL", "persons", 1, 30, ask_indicator, read_indicator},
    {"gdp", "GDP at current prices", "NY.GDP.MKTP.CD", "US$", 1, 30, ask_indicator, read_indicator},
    {.id = NULL},
};

const struct source source_worldbank = {
    .name = "worldbank",
    .title = "World Bank",
    .attribution = "Source: World Bank, World Development Indicators",
    .licence = "CC BY 4.0",
    .base = "https://api.worldbank.org/v2",
    .questions = questions,
};
