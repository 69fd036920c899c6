/* source_nomis.c - Nomis, UK business counts: enterprises of the whole country by size. One cell is
 * asked for by its codes, so a full answer is one row: without a key an answer is cut at 25,000
 * rows without a word. */
#include <math.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"

#include "research/source_rows.h"

static bool ask_count(const struct source_ask *ask, struct source_request *out, const char **lacks)
{
    (void)lacks;
    strbuf_printf(&out->url,
                  "%s/dataset/NM_142_1.data.json?geography=2092957697&date=latest"
                  "&industry=37748736&employment_sizeband=%s&legal_status=0&measures=20100",
                  ask->base, ask->question->code);
    return true;
}

static enum source_end read_obs(const struct source_ask *ask, const bson_t *doc,
                                struct source_find *out, struct err *err)
{
    struct source_fact fact = {0};
    char raw[64] = "", period[64] = "";
    bson_iter_t it;
    size_t rows = doc_count(doc, "obs");

    if (!doc_has(doc, "obs"))
        return source_wrong(err, "its answer has no observations");
    if (rows == 0)
        return SOURCE_NOTHING;
    if (rows != 1)
        return source_wrong(err, "it answered with %zu rows where one was asked for", rows);
    if (!doc_find(doc, "obs.0.obs_value.value", &it))
        return source_wrong(err, "its answer has no value");
    fact.value = source_number(&it, raw);
    if (!isfinite(fact.value))
        return SOURCE_NOTHING;
    if (doc_find(doc, "obs.0.time.value", &it) && isnan(source_number(&it, period)) &&
        BSON_ITER_HOLDS_UTF8(&it))
        bson_strncpy(period, bson_iter_utf8(&it, NULL), sizeof period);
    fact.raw = raw;
    fact.period = period;
    source_add_fact(ask, &fact, out);
    return SOURCE_FACTS;
}

static enum source_end read_count(const struct source_ask *ask, const struct source_answer *answer,
                                  struct source_find *out, struct err *err)
{
    return source_read_doc(ask, answer, read_obs, out, err);
}

static const struct source_question questions[] = {
    {"enterprises", "Enterprises in the UK, all industries", "0", "enterprises", 1, 60, ask_count,
     read_count},
    {"micro_enterprises", "Enterprises in the UK with 0 to 9 employed", "10", "enterprises", 1, 60,
     ask_count, read_count},
    {.id = NULL},
};

const struct source source_nomis = {
    .name = "nomis",
    .title = "Nomis, UK business counts",
    .attribution = "Source: Office for National Statistics (Nomis), Open Government Licence v.3.0",
    .licence = "Open Government Licence v3.0",
    .base = "https://www.nomisweb.co.uk/api/v01",
    .countries = "GB",
    .key = KEY_QUERY,
    .key_name = "uid",
    .questions = questions,
};
