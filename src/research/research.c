/* research.c - the research pack made from the answers. Nothing is looked up and nothing is
 * guessed: a figure of the reference's structure is what the founder stated, with the source
 * given for it or marked as the founder's own statement, else null and named in missing_data.
 * So `missing_data` is exactly the list of nulls, and one datum more when a market size in
 * another currency than GBP cannot be turned into market_size_gbp.
 *
 * Evidence says the same once more as typed items with ids, which texts cite: a fact has a
 * source that can be looked up, by address or by date; a founder's statement has none and never
 * counts as support. */
#include "research/research.h"

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

#include "research/live.h"
#include "research/quality.h"

enum { FRESH_MONTHS = 24 }; /* a market figure older than this at the plan's start is stale */

static const char own_statement[] = "founder's own statement";

/* One market figure: where it stands in the answers, and its names in the reference. */
struct datum {
    const char *id;
    const char *value, *source, *url, *date; /* in the answers; NULL if not asked */
    const char *out_value, *out_source, *out_url, *out_timestamp; /* in market_data; NULL if none */
    const char *what;
};

static const struct datum size_datum = {
    "market_size",           "market.size_amount", "market.size_source", "market.size_url",
    "market.size_date",      "market_size_gbp",    "market_size_source", "market_size_url",
    "market_size_timestamp", "Market size a year",
};
static const struct datum growth_datum = {
    "growth_rate",           "market.growth_percent", "market.growth_source", "market.growth_url",
    "market.growth_date",    "growth_rate_percent",   "growth_rate_source",   "growth_rate_url",
    "growth_rate_timestamp", "Market growth a year",
};
static const struct datum count_datum = {
    "competitor_count",
    "market.competitor_count",
    "market.competitor_count_source",
    NULL,
    NULL,
    "competitor_count_estimate",
    "competitor_count_source",
    NULL,
    NULL,
    "Competitors in all",
};
static const struct datum tam_datum = {
    "tam", "tam", "tam_source", "tam_url", "tam_date",
    NULL,  NULL,  NULL,         NULL,      "Total market a year",
};

/* What the pack is built from and into. */
struct pack {
    const bson_t *intake;
    const char *start_date;
    const struct live_result *live;           /* NULL for none */
    bson_t missing, stale, sources, evidence; /* arrays */
    uint32_t missing_count, stale_count, source_count, evidence_count;
    int64_t expires_at;
};

/* The text under `path`, NULL if absent, blank or not asked. */
static const char *text_at(const bson_t *doc, const char *path)
{
    const char *text = path ? doc_str(doc, path, NULL) : NULL;

    return text && text[strspn(text, " \t\r\n")] ? text : NULL;
}

static void append_text(bson_t *array, uint32_t *count, const char *text)
{
    char key[16];

    snprintf(key, sizeof key, "%u", (*count)++);
    BSON_APPEND_UTF8(array, key, text);
}

static void append_str(bson_t *doc, const char *key, const char *text)
{
    if (text)
        BSON_APPEND_UTF8(doc, key, text);
    else
        BSON_APPEND_NULL(doc, key);
}

static void append_num(bson_t *doc, const char *key, double x)
{
    if (isfinite(x))
        BSON_APPEND_DOUBLE(doc, key, x);
    else
        BSON_APPEND_NULL(doc, key);
}

/* Lists a source once. */
static void note_source(struct pack *p, const char *source)
{
    bson_iter_t it;

    bson_iter_init(&it, &p->sources);
    while (bson_iter_next(&it))
        if (strcmp(bson_iter_utf8(&it, NULL), source) == 0)
            return;
    append_text(&p->sources, &p->source_count, source);
}

/* Whole months from date `from` to date `to`; both have been parsed from ISO dates. */
static int months_between(int64_t from_ms, int64_t to_ms)
{
    char from[CLOCK_ISO_SIZE], to[CLOCK_ISO_SIZE];
    int y1 = 0, m1 = 0, d1 = 0, y2 = 0, m2 = 0, d2 = 0;

    clock_iso_date(from_ms, from);
    clock_iso_date(to_ms, to);
    if (sscanf(from, "%d-%d-%d", &y1, &m1, &d1) != 3 || sscanf(to, "%d-%d-%d", &y2, &m2, &d2) != 3)
        return 0;
    return (y2 - y1) * 12 + m2 - m1 - (d2 < d1);
}

/* `ms` moved on by `months`; the day is kept as far as the month has it (clock_parse() says no
 * to 31 June). */
static int64_t months_later(int64_t ms, int months)
{
    char iso[CLOCK_ISO_SIZE], later[CLOCK_ISO_SIZE];
    int y = 0, m = 0, d = 0;
    int64_t out = ms;

    clock_iso_date(ms, iso);
    if (sscanf(iso, "%d-%d-%d", &y, &m, &d) != 3)
        return ms;
    y += (m - 1 + months) / 12;
    m = (m - 1 + months) % 12 + 1;
    for (; d > 0; d--) {
        snprintf(later, sizeof later, "%04d-%02d-%02d", y % 10000, m, d);
        if (clock_parse(later, &out))
            break;
    }
    return out;
}

/* Is what is dated `date` too old for a plan that starts on the start date? Keeps the earliest
 * expiry. */
static bool is_stale(struct pack *p, const char *date)
{
    int64_t at, start, expires;

    if (!date || !clock_parse(date, &at))
        return false;
    expires = months_later(at, FRESH_MONTHS);
    if (p->expires_at == RECORD_NONE || expires < p->expires_at)
        p->expires_at = expires;
    return p->start_date && clock_parse(p->start_date, &start) &&
           months_between(at, start) >= FRESH_MONTHS;
}

/* How good the datum is. */
static enum quality_state state_of(const struct pack *p, const struct datum *d, bool stale)
{
    bool dated = text_at(p->intake, d->date);

    if (!isfinite(doc_num(p->intake, d->value, RECORD_NAN)))
        return QUALITY_ABSENT;
    if (!text_at(p->intake, d->source))
        return QUALITY_STATED;
    if (d->url && !text_at(p->intake, d->url) && !dated)
        return QUALITY_STATED;
    return dated && !stale ? QUALITY_FRESH : QUALITY_SOURCED;
}

/* Begins an item of data.evidence; the caller ends it with end_evidence(). */
static void begin_evidence(struct pack *p, const char *id, const char *type, bson_t *item)
{
    char key[16];

    snprintf(key, sizeof key, "%u", p->evidence_count++);
    BSON_APPEND_DOCUMENT_BEGIN(&p->evidence, key, item);
    BSON_APPEND_UTF8(item, "id", id);
    BSON_APPEND_UTF8(item, "type", type);
}

static void end_evidence(struct pack *p, bson_t *item, const char *source, const char *url,
                         const char *date)
{
    append_str(item, "source", source);
    append_str(item, "url", url);
    append_str(item, "date", date);
    BSON_APPEND_NULL(item, "excerpt"); /* nothing has been fetched to quote from */
    bson_append_document_end(&p->evidence, item);
}

static void add_datum_evidence(struct pack *p, const struct datum *d, double value,
                               const char *unit)
{
    const char *source = text_at(p->intake, d->source), *url = text_at(p->intake, d->url);
    const char *date = text_at(p->intake, d->date);
    bool fact = source && (url || date);
    char number[32];
    struct strbuf text;
    bson_t item;

    json_number(value, number);
    strbuf_init(&text, 4096);
    strbuf_printf(&text, "%s: %s%s%s", d->what, number, unit[0] == '%' ? "" : " ", unit);
    if (text.data[text.len - 1] == ' ')
        strbuf_truncate(&text, text.len - 1);
    begin_evidence(p, d->id, fact ? "fact" : "founder_statement", &item);
    BSON_APPEND_UTF8(&item, "text", text.data);
    BSON_APPEND_DOUBLE(&item, "value", value);
    if (unit[0])
        BSON_APPEND_UTF8(&item, "unit", unit);
    end_evidence(p, &item, source ? source : own_statement, url, date);
    if (fact)
        note_source(p, source);
    strbuf_finish(&text);
}

static void note_missing(struct pack *p, const char *field)
{
    append_text(&p->missing, &p->missing_count, field);
}

static void append_or_miss(struct pack *p, bson_t *doc, const char *key, const char *text)
{
    if (!key)
        return;
    append_str(doc, key, text);
    if (!text)
        note_missing(p, key);
}

/* The four fields of a datum into `doc`, its evidence, and what is missing or stale of it.
 * `value` is what goes under the reference's name, `found` what the founder stated. */
static enum quality_state add_datum(struct pack *p, const struct datum *d, double value,
                                    double found, const char *unit, bson_t *doc)
{
    bool stated = isfinite(found);
    const char *source = text_at(p->intake, d->source);
    const char *url = stated ? text_at(p->intake, d->url) : NULL;
    const char *date = stated ? text_at(p->intake, d->date) : NULL;
    bool stale = is_stale(p, date);

    if (d->out_value) {
        append_num(doc, d->out_value, value);
        if (!isfinite(value))
            note_missing(p, d->out_value);
    }
    append_or_miss(p, doc, d->out_source, stated ? (source ? source : own_statement) : NULL);
    append_or_miss(p, doc, d->out_url, url);
    append_or_miss(p, doc, d->out_timestamp, date);
    if (stale)
        append_text(&p->stale, &p->stale_count, d->out_value ? d->out_value : d->id);
    if (stated)
        add_datum_evidence(p, d, found, unit);
    return state_of(p, d, stale);
}

/* market_data: the reference's eight fields, and the size as it was found beside them. */
static void add_market(struct pack *p, bson_t *data, struct quality_input *quality)
{
    double amount = doc_num(p->intake, size_datum.value, RECORD_NAN);
    double growth = doc_num(p->intake, growth_datum.value, RECORD_NAN);
    const char *currency = text_at(p->intake, "market.size_currency");
    bool pounds;
    bson_t market;

    if (!currency)
        currency = doc_str(p->intake, "currency", "GBP");
    pounds = strcmp(currency, "GBP") == 0;
    BSON_APPEND_DOCUMENT_BEGIN(data, "market_data", &market);
    quality->size =
        add_datum(p, &size_datum, pounds ? amount : RECORD_NAN, amount, currency, &market);
    quality->growth = add_datum(p, &growth_datum, growth, growth, "%", &market);
    append_num(&market, "market_size_amount", amount);
    append_str(&market, "market_size_currency", isfinite(amount) ? currency : NULL);
    bson_append_document_end(data, &market);
    if (isfinite(amount) && !pounds)
        note_missing(p, "exchange rate");
}

static void add_competitor_evidence(struct pack *p, const bson_t *row, const char *name, int n)
{
    const char *offer = text_at(row, "offer"), *url = text_at(row, "url");
    struct strbuf text; /* ids count rows of the answers, as templates do */
    char id[32];
    bson_t item;

    snprintf(id, sizeof id, "competitor_%d", n);
    strbuf_init(&text, STRBUF_DOC_LIMIT);
    strbuf_str(&text, name);
    if (offer)
        strbuf_printf(&text, ": %s", offer);
    begin_evidence(p, id, url ? "fact" : "founder_statement", &item);
    BSON_APPEND_UTF8(&item, "text", text.data);
    append_num(&item, "value", doc_num(row, "price", RECORD_NAN));
    end_evidence(p, &item, url ? name : own_statement, url, NULL);
    if (url)
        note_source(p, name);
    strbuf_finish(&text);
}

/* top_competitors: the founder's list as given, each with where it can be checked. */
static void add_competitors(struct pack *p, bson_t *out, struct quality_input *quality)
{
    bson_t rows, row, item;
    bson_iter_t it;
    char key[16];
    int n = 0, row_number = 0;

    doc_view(p->intake, "competitors", &rows);
    bson_iter_init(&it, &rows);
    while (bson_iter_next(&it)) {
        const char *name, *url;

        row_number++;
        if (!doc_view(&rows, bson_iter_key(&it), &row) || !(name = text_at(&row, "name")))
            continue;
        url = text_at(&row, "url");
        snprintf(key, sizeof key, "%d", n++);
        BSON_APPEND_DOCUMENT_BEGIN(out, key, &item);
        BSON_APPEND_UTF8(&item, "name", name);
        append_str(&item, "offer", text_at(&row, "offer"));
        append_num(&item, "price", doc_num(&row, "price", RECORD_NAN));
        append_str(&item, "weakness", text_at(&row, "weakness"));
        append_str(&item, "url", url);
        BSON_APPEND_UTF8(&item, "source", url ? name : own_statement);
        bson_append_document_end(out, &item);
        quality->competitors++;
        if (text_at(&row, "offer") && (text_at(&row, "weakness") || doc_has(&row, "price")))
            quality->competitors_described++;
        add_competitor_evidence(p, &row, name, row_number);
    }
}

/* The count of companies that Companies House gave. */
static bool live_count(const struct pack *p, bson_t *item)
{
    bson_iter_t it;

    if (!p->live || !bson_iter_init(&it, &p->live->facts))
        return false;
    while (bson_iter_next(&it))
        if (doc_view(&p->live->facts, bson_iter_key(&it), item) &&
            strcmp(doc_str(item, "id", ""), "companies_house_companies") == 0)
            return true;
    return false;
}

static void add_competition(struct pack *p, bson_t *data, struct quality_input *quality)
{
    double count = doc_num(p->intake, count_datum.value, RECORD_NAN);
    bson_t doc, list, counted;

    BSON_APPEND_DOCUMENT_BEGIN(data, "competitor_data", &doc);
    BSON_APPEND_ARRAY_BEGIN(&doc, "top_competitors", &list);
    add_competitors(p, &list, quality);
    bson_append_array_end(&doc, &list);
    if (!quality->competitors)
        note_missing(p, "top_competitors");
    if (!isfinite(count) && live_count(p, &counted)) {
        append_num(&doc, count_datum.out_value, doc_num(&counted, "value", RECORD_NAN));
        append_str(&doc, count_datum.out_source, text_at(&counted, "source"));
        quality->count = QUALITY_SOURCED;
    } else {
        quality->count = add_datum(p, &count_datum, count, count, "", &doc);
    }
    bson_append_document_end(data, &doc);
}

/* What the founder found out about the market, each row with where it can be looked up. */
static void add_facts(struct pack *p)
{
    bson_t rows, row, item;
    bson_iter_t it;
    int n = 0;

    doc_view(p->intake, "facts", &rows);
    bson_iter_init(&it, &rows);
    while (bson_iter_next(&it)) {
        const char *text, *source, *url, *date;
        bool fact;
        char id[32];

        n++;
        if (!doc_view(&rows, bson_iter_key(&it), &row) || !(text = text_at(&row, "fact")))
            continue;
        source = text_at(&row, "source");
        url = text_at(&row, "url");
        date = text_at(&row, "date");
        fact = source && (url || date);
        snprintf(id, sizeof id, "fact_%d", n);
        if (is_stale(p, date))
            append_text(&p->stale, &p->stale_count, id);
        begin_evidence(p, id, fact ? "fact" : "founder_statement", &item);
        BSON_APPEND_UTF8(&item, "text", text);
        append_num(&item, "value", doc_num(&row, "value", RECORD_NAN));
        append_str(&item, "unit", text_at(&row, "unit"));
        end_evidence(p, &item, source ? source : own_statement, url, date);
        if (fact)
            note_source(p, source);
    }
}

/* What the founder reports of customers, each line a statement of its own. */
static void add_demand(struct pack *p, struct quality_input *quality)
{
    bson_t list, item;
    bson_iter_t it;
    char id[32];

    doc_view(p->intake, "evidence_of_demand", &list);
    bson_iter_init(&it, &list);
    while (bson_iter_next(&it)) {
        const char *text = text_at(&list, bson_iter_key(&it));

        if (!text)
            continue;
        snprintf(id, sizeof id, "demand_%u", ++quality->demand);
        begin_evidence(p, id, "founder_statement", &item);
        BSON_APPEND_UTF8(&item, "text", text);
        append_num(&item, "value", RECORD_NAN);
        end_evidence(p, &item, own_statement, NULL, NULL);
    }
}

/* The investor's market figure is evidence only: the reference has no field for it. */
static void add_tam(struct pack *p)
{
    double tam = doc_num(p->intake, tam_datum.value, RECORD_NAN);
    bson_t unused = BSON_INITIALIZER;

    if (isfinite(tam))
        add_datum(p, &tam_datum, tam, tam, doc_str(p->intake, "currency", "GBP"), &unused);
    bson_destroy(&unused);
}

/* "Whitby, GB" */
static void add_location(const struct pack *p, bson_t *data)
{
    const char *city = text_at(p->intake, "location_city");
    const char *country = text_at(p->intake, "location_country");
    struct strbuf place;

    strbuf_init(&place, STRBUF_DOC_LIMIT);
    if (city)
        strbuf_str(&place, city);
    if (country)
        strbuf_printf(&place, "%s%s", city ? ", " : "", country);
    append_str(data, "location", place.len ? place.data : NULL);
    strbuf_finish(&place);
}

static void append_texts(bson_t *array, uint32_t *count, const bson_t *more)
{
    bson_iter_t it;

    bson_iter_init(&it, more);
    while (bson_iter_next(&it))
        append_text(array, count, bson_iter_utf8(&it, NULL));
}

/* What live research found, beside what the answers gave. */
static void add_live(struct pack *p, struct quality_input *quality)
{
    bson_iter_t it;
    char key[16];

    if (!p->live)
        return;
    bson_iter_init(&it, &p->live->facts);
    while (bson_iter_next(&it)) {
        snprintf(key, sizeof key, "%u", p->evidence_count++);
        bson_append_iter(&p->evidence, key, -1, &it);
        quality->live_facts++;
    }
    append_texts(&p->missing, &p->missing_count, &p->live->missing);
    append_texts(&p->stale, &p->stale_count, &p->live->stale);
    bson_iter_init(&it, &p->live->names);
    while (bson_iter_next(&it))
        note_source(p, bson_iter_utf8(&it, NULL));
    quality->live_failures = bson_count_keys(&p->live->errors);
    if (p->live->expires_at != RECORD_NONE &&
        (p->expires_at == RECORD_NONE || p->live->expires_at < p->expires_at))
        p->expires_at = p->live->expires_at;
}

static void fill_data(struct pack *p, bson_t *data, struct quality_input *quality)
{
    bson_t errors = BSON_INITIALIZER;

    BSON_APPEND_NULL(data, "data_pack_id"); /* these two are the caller's */
    BSON_APPEND_NULL(data, "created_at");
    append_str(data, "industry", text_at(p->intake, "industry"));
    add_location(p, data);
    add_market(p, data, quality);
    add_competition(p, data, quality);
    add_tam(p);
    add_demand(p, quality);
    add_facts(p);
    add_live(p, quality);
    BSON_APPEND_ARRAY(data, "missing_data", &p->missing);
    BSON_APPEND_ARRAY(data, "stale_data", &p->stale);
    BSON_APPEND_ARRAY(data, "fetch_errors", p->live ? &p->live->errors : &errors);
    BSON_APPEND_ARRAY(data, "evidence", &p->evidence);
    bson_destroy(&errors);
}

static void replace(bson_t **slot, const bson_t *with)
{
    bson_t *copy = bson_copy(with);

    if (*slot)
        bson_destroy(*slot);
    *slot = copy;
}

static void pack_init(struct pack *p, const bson_t *intake, const char *start_date)
{
    memset(p, 0, sizeof *p);
    p->intake = intake;
    p->start_date = start_date;
    p->expires_at = RECORD_NONE;
    bson_init(&p->missing);
    bson_init(&p->stale);
    bson_init(&p->sources);
    bson_init(&p->evidence);
}

static void pack_finish(struct pack *p)
{
    bson_destroy(&p->missing);
    bson_destroy(&p->stale);
    bson_destroy(&p->sources);
    bson_destroy(&p->evidence);
}

bool research_from_answers(const bson_t *intake, const char *start_date, struct research_pack *pack,
                           struct err *err)
{
    return research_build(intake, start_date, NULL, pack, err);
}

bool research_build(const bson_t *intake, const char *start_date, const struct live_result *live,
                    struct research_pack *pack, struct err *err)
{
    struct pack p;
    struct quality_input quality = {0};
    bson_t data = BSON_INITIALIZER, lines = BSON_INITIALIZER, metadata = BSON_INITIALIZER;
    int64_t start;

    if (start_date && !clock_parse(start_date, &start)) {
        err_set(err, ERR_INVALID, 0,
                "the plan's start date \"%.40s\" is not a date like 2027-01-01", start_date);
        return false;
    }
    pack_init(&p, intake, start_date);
    p.live = live;
    fill_data(&p, &data, &quality);
    pack->quality_score = quality_score(&quality, &lines);
    pack->status = RESEARCH_COMPLETE;
    pack->expires_at = p.expires_at;
    replace(&pack->data, &data);
    replace(&pack->data_sources, &p.sources);
    replace(&pack->missing_data, &p.missing);
    if (pack->metadata)
        bson_copy_to_excluding_noinit(pack->metadata, &metadata, "quality", NULL);
    BSON_APPEND_ARRAY(&metadata, "quality", &lines);
    replace(&pack->metadata, &metadata);
    bson_destroy(&metadata);
    bson_destroy(&lines);
    bson_destroy(&data);
    pack_finish(&p);
    return true;
}
