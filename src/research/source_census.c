/* source_census.c - US Census: County Business Patterns and the Economic Census of 2022. An answer
 * is a list of lists, all text: the names of the columns, then rows; a column may occur twice. A
 * zero may be a withheld figure and is not taken for one; pay and receipts are in thousands. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"

#include "net/http.h"
#include "research/source_rows.h"

/* `code` of a question is "DATASET:COLUMN"; both tables name the industry's column differently. */
static bool of_cbp(const struct source_ask *ask)
{
    return strncmp(ask->question->code, "cbp:", 4) == 0;
}

static const char *column_of(const struct source_ask *ask)
{
    return strchr(ask->question->code, ':') + 1;
}

static bool ask_table(const struct source_ask *ask, struct source_request *out, const char **lacks)
{
    if (!ask->plan->naics[0]) {
        *lacks = "the industry";
        return false;
    }
    strbuf_printf(&out->url,
                  of_cbp(ask) ? "%s/2022/cbp?get=NAME,NAICS2017_LABEL,ESTAB,EMP,PAYANN&for=us:*"
                                "&NAICS2017="
                              : "%s/2022/ecnbasic?get=NAICS2022_LABEL,ESTAB,RCPTOT,EMP&for=us:*"
                                "&NAICS2022=",
                  ask->base);
    http_escape(ask->plan->naics, &out->url);
    return true;
}

/* The place of the column called `name` in the first row, from 0; -1 if there is none. */
static int find_column(const bson_t *doc, const char *name)
{
    bson_t header;
    bson_iter_t it;
    int at = 0;

    doc_view(doc, "a.0", &header);
    bson_iter_init(&it, &header);
    for (; bson_iter_next(&it); at++)
        if (BSON_ITER_HOLDS_UTF8(&it) && strcmp(bson_iter_utf8(&it, NULL), name) == 0)
            return at;
    return -1;
}

static enum source_end read_cell(const struct source_ask *ask, const bson_t *doc,
                                 struct source_find *out, struct err *err)
{
    struct source_fact fact = {.period = "2022"};
    int column = find_column(doc, column_of(ask));
    int naics = find_column(doc, of_cbp(ask) ? "NAICS2017" : "NAICS2022");
    char path[40], raw[64];
    bson_iter_t it;

    if (!doc_has(doc, "a"))
        return source_wrong(err, "its answer is no table");
    if (column < 0)
        return source_wrong(err, "its answer has no column %s", column_of(ask));
    if (doc_count(doc, "a") != 2)
        return doc_count(doc, "a") == 1 ? SOURCE_NOTHING
                                        : source_wrong(err, "it answered with more than one row");
    snprintf(path, sizeof path, "a.1.%d", naics);
    if (naics >= 0 && strcmp(doc_str(doc, path, ""), ask->plan->naics) != 0)
        return source_wrong(err, "it answered about another industry");
    snprintf(path, sizeof path, "a.1.%d", column);
    if (!doc_find(doc, path, &it))
        return source_wrong(err, "its row is shorter than its header");
    fact.value = source_number(&it, raw);
    if (!isfinite(fact.value) || fact.value == 0)
        return SOURCE_NOTHING;
    fact.raw = raw;
    source_add_fact(ask, &fact, out);
    return SOURCE_FACTS;
}

static enum source_end read_table(const struct source_ask *ask, const struct source_answer *answer,
                                  struct source_find *out, struct err *err)
{
    return source_read_doc(ask, answer, read_cell, out, err);
}

static const struct source_question questions[] = {
    {"establishments", "Establishments of the industry in the US", "cbp:ESTAB", "establishments", 1,
     60, ask_table, read_table},
    {"payroll", "Annual payroll of the industry in the US", "cbp:PAYANN", "US$", 1000, 60,
     ask_table, read_table},
    {"receipts", "Receipts of the industry in the US", "ecnbasic:RCPTOT", "US$", 1000, 60,
     ask_table, read_table},
    {.id = NULL},
};

const struct source source_census = {
    .name = "census",
    .title = "US Census Bureau",
    .attribution = "This product uses the Census Bureau Data API but is not endorsed or certified "
                   "by the Census Bureau.",
    .licence = "Public domain",
    .base = "https://api.census.gov/data",
    .countries = "US",
    .key = KEY_QUERY,
    .key_name = "key",
    .key_needed = true,
    .questions = questions,
};
