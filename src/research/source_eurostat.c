/* source_eurostat.c - Eurostat, statistics API 1.0, in JSON-stat 2.0. Every dimension is filtered,
 * since a large answer comes later and elsewhere. A cell that is absent is missing; of several
 * years the newest that is there is taken. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/json.h"
#include "strattio/mem.h"

#include "research/jsonstat.h"
#include "research/source_rows.h"

/* NACE Rev. 2: the section of each division, by the last division that belongs to it. */
static const struct {
    int last;
    char section;
} sections[] = {
    {3, 'A'},  {9, 'B'},  {33, 'C'}, {35, 'D'}, {39, 'E'}, {43, 'F'}, {47, 'G'},
    {53, 'H'}, {56, 'I'}, {63, 'J'}, {66, 'K'}, {68, 'L'}, {75, 'M'}, {82, 'N'},
    {84, 'O'}, {85, 'P'}, {88, 'Q'}, {93, 'R'}, {96, 'S'}, {98, 'T'}, {99, 'U'},
};

static const char *geo_of(const struct source_plan *plan)
{
    return strcmp(plan->country, "GR") == 0 ? "EL" : plan->country;
}

/* "I56" for SIC 56102; the first four digits of SIC 2007 are the class, the first two the division.
 */
static bool nace_of(const struct source_plan *plan, char out[8])
{
    int division;

    if (!isdigit((unsigned char)plan->sic[0]) || !isdigit((unsigned char)plan->sic[1]))
        return false;
    division = (plan->sic[0] - '0') * 10 + plan->sic[1] - '0';
    for (size_t i = 0; i < ARRAY_LEN(sections); i++)
        if (division <= sections[i].last) {
            out[0] = sections[i].section;
            memcpy(out + 1, plan->sic, 2);
            out[3] = '\0';
            return true;
        }
    return false;
}

static bool ask_gdp(const struct source_ask *ask, struct source_request *out, const char **lacks)
{
    (void)lacks;
    strbuf_printf(&out->url,
                  "%s/nama_10_gdp?format=JSON&lang=EN&geo=%s&freq=A&unit=%s&na_item=B1GQ"
                  "&sinceTimePeriod=%d",
                  ask->base, geo_of(ask->plan), ask->question->code, ask->plan->year - 4);
    return true;
}

static bool ask_business(const struct source_ask *ask, struct source_request *out,
                         const char **lacks)
{
    char nace[8];

    if (!nace_of(ask->plan, nace)) {
        *lacks = "the industry";
        return false;
    }
    strbuf_printf(&out->url,
                  "%s/sbs_ovw_act?format=JSON&lang=EN&geo=%s&nace_r2=%s&indic_sbs=%s"
                  "&sinceTimePeriod=2021",
                  ask->base, geo_of(ask->plan), nace, ask->question->code);
    return true;
}

/* The dimensions all but the time are fixed by, as far as the data set has them. */
static size_t fix(const struct jsonstat *js, const struct source_ask *ask, const char *nace,
                  struct jsonstat_at at[8])
{
    const struct jsonstat_at all[] = {
        {"geo", geo_of(ask->plan)},
        {"freq", "A"},
        {"na_item", "B1GQ"},
        {"unit", ask->question->code},
        {"indic_sbs", ask->question->code},
        {"nace_r2", nace},
    };
    size_t count = 0;

    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        for (size_t d = 0; d < jsonstat_dimensions(js); d++)
            if (strcmp(jsonstat_dimension(js, d), all[i].dimension) == 0)
                at[count++] = all[i];
    return count;
}

static bool time_dimension(const struct jsonstat *js, size_t *d)
{
    for (*d = 0; *d < jsonstat_dimensions(js); (*d)++)
        if (strcmp(jsonstat_dimension(js, *d), "time") == 0)
            return true;
    return false;
}

static enum source_end read_newest(const struct source_ask *ask, const struct jsonstat *js,
                                   struct source_find *out, struct err *err)
{
    char nace[8] = "", raw[32];
    struct jsonstat_at at[8];
    struct jsonstat_value value, best = {0};
    struct source_fact fact = {0};
    size_t count, time, cell;

    nace_of(ask->plan, nace);
    count = fix(js, ask, nace, at);
    if (!time_dimension(js, &time))
        return source_wrong(err, "its answer has no time");
    for (size_t i = 0; i < jsonstat_size(js, time); i++) {
        const char *period = jsonstat_code(js, time, i);

        at[count] = (struct jsonstat_at){"time", period};
        if (!jsonstat_find(js, at, count + 1, &cell))
            return source_wrong(err, "it answered about another country or series");
        if (!jsonstat_value(js, cell, &value) || !isfinite(value.number) ||
            (fact.period && strcmp(period, fact.period) <= 0))
            continue;
        best = value;
        fact.period = period;
    }
    if (!fact.period)
        return SOURCE_NOTHING;
    json_number(best.number, raw);
    fact.value = best.number;
    fact.raw = raw;
    fact.status = best.status;
    fact.status_label = jsonstat_status_label(js, best.status);
    fact.updated = jsonstat_updated(js);
    source_add_fact(ask, &fact, out);
    return SOURCE_FACTS;
}

static enum source_end read_table(const struct source_ask *ask, const struct source_answer *answer,
                                  struct source_find *out, struct err *err)
{
    struct jsonstat *js = jsonstat_read(answer->body, answer->len, NULL, err);
    enum source_end end = js ? read_newest(ask, js, out, err) : SOURCE_WRONG;

    jsonstat_free(js);
    return end;
}

static const struct source_question questions[] = {
    {"gdp_growth", "Real growth of GDP on the year before", "CLV_PCH_PRE", "%", 1, 30, ask_gdp,
     read_table},
    {"gdp", "GDP at current prices", "CP_MEUR", "EUR", 1e6, 30, ask_gdp, read_table},
    {"enterprises", "Enterprises in the industry's division", "ENT_NR", "enterprises", 1, 60,
     ask_business, read_table},
    {"turnover", "Net turnover of the industry's division", "NETTUR_MEUR", "EUR", 1e6, 60,
     ask_business, read_table},
    {.id = NULL},
};

const struct source source_eurostat = {
    .name = "eurostat",
    .title = "Eurostat",
    .attribution = "Source: Eurostat, nama_10_gdp and sbs_ovw_act",
    .licence = "CC BY 4.0",
    .base = "https://ec.europa.eu/eurostat/api/dissemination/statistics/1.0/data",
    .countries = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK",
    .questions = questions,
};
