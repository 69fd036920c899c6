/* source_ons.c - Office for National Statistics. A time series is found in two steps: the search
 * gives the address of the CDID's page, /data its values. The consumer price index is a table with
 * observations: its newest version first, then all months; rows come in no order, and a month is a
 * label, "Mar-18". Values are text, and any of years, quarters and months may be empty. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "strattio/doc.h"
#include "strattio/err.h"

#include "net/http.h"
#include "research/source_rows.h"

/* --- a time series ---------------------------------------------------------------------------- */

static bool ask_series(const struct source_ask *ask, struct source_request *out, const char **lacks)
{
    (void)lacks;
    if (ask->follow) {
        strbuf_printf(&out->url, "%s/data?uri=", ask->base);
        http_escape(ask->follow, &out->url);
    } else {
        strbuf_printf(&out->url, "%s/search?content_type=timeseries&cdids=%s", ask->base,
                      ask->question->code);
    }
    return true;
}

/* Is this a page of the series, "/economy/.../timeseries/ihyq/qna"? */
static bool is_page_of(const char *uri, const char *cdid)
{
    const char *at = strstr(uri, "/timeseries/");
    size_t len = strlen(cdid);

    return uri[0] == '/' && at && strncasecmp(at + 12, cdid, len) == 0 &&
           (at[12 + len] == '/' || !at[12 + len]) && strlen(uri) < 300;
}

static enum source_end read_search(const struct source_ask *ask, const bson_t *doc,
                                   struct source_find *out, struct err *err)
{
    bson_t items, item;
    bson_iter_t it;

    if (!doc_view(doc, "items", &items))
        return source_wrong(err, "its search has no list of items");
    bson_iter_init(&it, &items);
    while (bson_iter_next(&it)) {
        const char *uri;

        if (!doc_view(&items, bson_iter_key(&it), &item))
            continue;
        uri = doc_str(&item, "uri", "");
        if (!is_page_of(uri, ask->question->code))
            continue;
        strbuf_str(&out->follow, uri);
        return SOURCE_MORE;
    }
    return SOURCE_NOTHING;
}

/* The last row with a value of the finest series that has any. */
static bool last_value(const bson_t *doc, struct source_fact *fact, char raw[64])
{
    static const char *const series[] = {"months", "quarters", "years"};
    bson_t rows, row;
    bson_iter_t it, at;
    char text[64];

    for (size_t i = 0; i < ARRAY_LEN(series) && !fact->period; i++) {
        doc_view(doc, series[i], &rows);
        bson_iter_init(&it, &rows);
        while (bson_iter_next(&it)) {
            double value;

            if (!doc_view(&rows, bson_iter_key(&it), &row) || !doc_find(&row, "value", &at))
                continue;
            value = source_number(&at, text);
            if (!isfinite(value))
                continue;
            fact->value = value;
            fact->period = doc_str(&row, "date", "");
            memcpy(raw, text, sizeof text);
        }
    }
    return fact->period != NULL;
}

static enum source_end read_data(const struct source_ask *ask, const bson_t *doc,
                                 struct source_find *out, struct err *err)
{
    struct source_fact fact = {0};
    char raw[64] = "";

    if (strcasecmp(doc_str(doc, "description.cdid", ""), ask->question->code) != 0)
        return source_wrong(err, "it answered about another series");
    if (!last_value(doc, &fact, raw))
        return SOURCE_NOTHING;
    fact.raw = raw;
    fact.unit = doc_str(doc, "description.unit", "");
    if (!fact.unit[0])
        fact.unit = doc_str(doc, "description.preUnit", NULL);
    fact.updated = doc_str(doc, "description.releaseDate", NULL);
    source_add_fact(ask, &fact, out);
    return SOURCE_FACTS;
}

static enum source_end read_series(const struct source_ask *ask, const struct source_answer *answer,
                                   struct source_find *out, struct err *err)
{
    return source_read_doc(ask, answer, ask->follow ? read_data : read_search, out, err);
}

/* --- observations of a table ------------------------------------------------------------------ */

static bool ask_table(const struct source_ask *ask, struct source_request *out, const char **lacks)
{
    (void)lacks;
    if (ask->follow)
        strbuf_printf(&out->url,
                      "%s%s/observations?time=*&geography=K02000001&aggregate=cpih1dim1A0",
                      ask->base, ask->follow);
    else
        strbuf_printf(&out->url, "%s/datasets/%s", ask->base, ask->question->code);
    return true;
}

/* The path of the newest version: the address names the service's own host, ours may be another. */
static enum source_end read_version(const struct source_ask *ask, const bson_t *doc,
                                    struct source_find *out, struct err *err)
{
    const char *href = doc_str(doc, "links.latest_version.href", "");
    const char *path = strstr(href, "/datasets/");

    (void)ask;
    if (!path || strlen(path) > 200 || path[strcspn(path, "?#% \"\\")])
        return source_wrong(err, "it does not name the table's newest version");
    strbuf_str(&out->follow, path);
    return SOURCE_MORE;
}

/* Months since year 0 of "Mar-18" or "Aug-16"; years from 88 are of the last century, as the table
 * begins in 1988. -1 for another label. */
static int month_of(const char *label)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char name[4];
    const char *at;
    int year;

    if (strlen(label) != 6 || label[3] != '-' || !isdigit((unsigned char)label[4]) ||
        !isdigit((unsigned char)label[5]))
        return -1;
    bson_strncpy(name, label, sizeof name);
    at = strstr(names, name);
    if (!at || (at - names) % 3)
        return -1;
    year = (label[4] - '0') * 10 + label[5] - '0';
    return (year + (year < 88 ? 2000 : 1900)) * 12 + (int)(at - names) / 3;
}

static enum source_end read_rows(const struct source_ask *ask, const bson_t *doc,
                                 struct source_find *out, struct err *err)
{
    struct source_fact fact = {0};
    char raw[64] = "", text[64];
    bson_t rows, row;
    bson_iter_t it, at;
    int newest = -1;

    if (!doc_view(doc, "observations", &rows))
        return source_wrong(err, "its answer has no observations");
    if (doc_int(doc, "total_observations", 0) > (int64_t)bson_count_keys(&rows))
        return source_wrong(err, "its answer has fewer rows than it says, so it is not complete");
    bson_iter_init(&it, &rows);
    while (bson_iter_next(&it)) {
        const char *label;
        double value;

        if (!doc_view(&rows, bson_iter_key(&it), &row) || !doc_find(&row, "observation", &at))
            continue;
        value = source_number(&at, text);
        label =
            doc_str(&row, "dimensions.time.label", doc_str(doc, "dimensions.time.option.id", ""));
        if (!isfinite(value) || (fact.period && month_of(label) <= newest))
            continue;
        newest = month_of(label);
        fact.value = value;
        fact.period = label;
        fact.status = doc_str(&row, "metadata.data_marking", NULL);
        memcpy(raw, text, sizeof text);
    }
    if (!fact.period)
        return SOURCE_NOTHING;
    fact.raw = raw;
    fact.unit = doc_str(doc, "unit_of_measure", NULL);
    source_add_fact(ask, &fact, out);
    return SOURCE_FACTS;
}

static enum source_end read_table(const struct source_ask *ask, const struct source_answer *answer,
                                  struct source_find *out, struct err *err)
{
    return source_read_doc(ask, answer, ask->follow ? read_rows : read_version, out, err);
}

static const struct source_question questions[] = {
    {"gdp_growth", "Growth of GDP on the quarter before", "IHYQ", NULL, 1, 7, ask_series,
     read_series},
    {"cpih", "Consumer prices including housing (CPIH)", "cpih01", NULL, 1, 7, ask_table,
     read_table},
    {.id = NULL},
};

const struct source source_ons = {
    .name = "ons",
    .title = "Office for National Statistics",
    .attribution =
        "Source: Office for National Statistics licensed under the Open Government Licence v.3.0",
    .licence = "Open Government Licence v3.0",
    .base = "https://api.beta.ons.gov.uk/v1",
    .countries = "GB",
    .questions = questions,
};
