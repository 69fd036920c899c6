/* source_companies_house.c - Companies House, advanced search: active companies of the industry in
 * the town. No match is answered by 404 and is an answer: nobody. The industry is what a company
 * says of itself, and dormant ones are among them, so the count is an upper bound. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/json.h"
#include "strattio/mem.h"

#include "net/http.h"
#include "research/source_rows.h"

enum { PAGE = 100, NAMED = 10 };

static bool ask_search(const struct source_ask *ask, struct source_request *out, const char **lacks)
{
    const struct source_plan *plan = ask->plan;

    if (!plan->sic[0] || !plan->town[0]) {
        *lacks = plan->sic[0] ? "the town" : "the industry";
        return false;
    }
    strbuf_printf(&out->url, "%s/advanced-search/companies?sic_codes=%s&location=", ask->base,
                  plan->sic);
    http_escape(plan->town, &out->url);
    strbuf_printf(&out->url, "&company_status=active&size=%d&start_index=0", PAGE);
    return true;
}

static void add_company(const struct source_ask *ask, const bson_t *item, unsigned n,
                        struct source_find *out)
{
    const char *name = doc_str(item, "company_name", ""), *since, *place;
    struct source_fact fact = {.value = NAN, .raw = name, .unit = ""};
    char id[16], *text;

    since = doc_str(item, "date_of_creation", "");
    place = doc_str(item, "registered_office_address.locality", ask->plan->town);
    text = mem_printf("Active company: %s, %s, number %s%s%s", name, place,
                      doc_str(item, "company_number", "unknown"), *since ? ", since " : "", since);
    snprintf(id, sizeof id, "%u", n);
    fact.id = id;
    fact.text = text;
    source_add_fact(ask, &fact, out);
    free(text);
}

static void add_count(const struct source_ask *ask, int64_t hits, struct source_find *out)
{
    struct source_fact fact = {.value = (double)hits};
    char raw[32];
    char *text;

    json_number((double)hits, raw);
    text = mem_printf("Active companies in %s registered under SIC %s: %s", ask->plan->town,
                      ask->plan->sic, raw);
    fact.raw = raw;
    fact.text = text;
    source_add_fact(ask, &fact, out);
    free(text);
}

static enum source_end read_items(const struct source_ask *ask, const bson_t *doc,
                                  struct source_find *out, struct err *err)
{
    int64_t hits = doc_int(doc, "hits", -1);
    bson_t items, item;
    bson_iter_t it;
    unsigned n = 0;

    if (hits < 0)
        return source_wrong(err, "its answer does not say how many companies there are");
    doc_view(doc, "items", &items);
    if (hits > 0 && bson_empty(&items))
        return source_wrong(err, "it counts companies but names none, so it is not complete");
    add_count(ask, hits, out);
    bson_iter_init(&it, &items);
    while (n < NAMED && bson_iter_next(&it))
        if (doc_view(&items, bson_iter_key(&it), &item) && doc_has(&item, "company_name") &&
            strcmp(doc_str(&item, "company_status", "active"), "active") == 0)
            add_company(ask, &item, ++n, out);
    return SOURCE_FACTS;
}

static enum source_end read_search(const struct source_ask *ask, const struct source_answer *answer,
                                   struct source_find *out, struct err *err)
{
    return source_read_doc(ask, answer, read_items, out, err);
}

static const struct source_question questions[] = {
    {"companies", "Active companies of the industry in the town", NULL, "companies", 1, 7,
     ask_search, read_search},
    {.id = NULL},
};

const struct source source_companies_house = {
    .name = "companies_house",
    .title = "Companies House",
    .attribution = "Source: Companies House",
    .licence = "Crown copyright",
    .base = "https://api.company-information.service.gov.uk",
    .countries = "GB",
    .key = KEY_USER,
    .key_needed = true,
    .none = "{\"hits\":0}",
    .questions = questions,
};
