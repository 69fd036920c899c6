/* source.c - the table of sources and what they share: facts are built in one place, so that each
 * has every field and none holds a control character. */
#include "research/source.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/json.h"
#include "strattio/mem.h"

#include "research/source_rows.h"

enum { TEXT_MOST = 600, FIELD_MOST = 120 };

const struct source *const sources[] = {
    &source_ons,
    &source_nomis,
    &source_eurostat,
    &source_worldbank,
    &source_companies_house,
    &source_census,
    &source_bls,
    NULL,
};

bool source_is_for(const struct source *s, const struct source_plan *plan)
{
    const char *at;

    if (!plan->country[0])
        return false;
    at = s->countries ? strstr(s->countries, plan->country) : plan->country;
    return at != NULL;
}

void source_clean(const char *text, size_t most, struct strbuf *out)
{
    size_t begin = out->len, cut;

    for (; *text && out->len - begin <= most; text++) {
        unsigned char c = (unsigned char)*text;
        bool c1 = c == 0xc2 && (unsigned char)text[1] >= 0x80 && (unsigned char)text[1] < 0xa0;

        strbuf_char(out, c < ' ' || c == 0x7f || c1 ? ' ' : *text);
        text += c1;
    }
    if (out->len - begin <= most)
        return;
    cut = begin + most;
    while (cut > begin && ((unsigned char)out->data[cut] & 0xc0) == 0x80)
        cut--;
    strbuf_truncate(out, cut);
}

enum source_end source_wrong(struct err *err, const char *fmt, ...)
{
    struct strbuf text, clean;
    va_list args;

    strbuf_init(&text, STRBUF_DOC_LIMIT);
    strbuf_init(&clean, STRBUF_DOC_LIMIT);
    va_start(args, fmt);
    strbuf_vprintf(&text, fmt, args);
    va_end(args);
    source_clean(text.data, 200, &clean);
    err_set(err, ERR_INVALID, 0, "%s", clean.data);
    strbuf_finish(&clean);
    strbuf_finish(&text);
    return SOURCE_WRONG;
}

/* A top level that is an array comes under "a". */
static bool read_json(const struct source_answer *answer, bson_t *out, struct err *err)
{
    size_t blank = strspn(answer->body, " \t\r\n");
    struct strbuf wrapped;
    bool ok;

    if (answer->body[blank] != '[')
        return json_read(answer->body, answer->len, out, err);
    strbuf_init(&wrapped, JSON_MAX_BYTES + 16);
    strbuf_str(&wrapped, "{\"a\":");
    strbuf_add(&wrapped, answer->body, answer->len);
    strbuf_char(&wrapped, '}');
    ok =
        strbuf_check(&wrapped, "the answer", err) && json_read(wrapped.data, wrapped.len, out, err);
    strbuf_finish(&wrapped);
    return ok;
}

enum source_end source_read_doc(const struct source_ask *ask, const struct source_answer *answer,
                                enum source_end (*read)(const struct source_ask *ask,
                                                        const bson_t *doc, struct source_find *out,
                                                        struct err *err),
                                struct source_find *out, struct err *err)
{
    enum source_end end;
    bson_t doc;

    if (!read_json(answer, &doc, err))
        return SOURCE_WRONG;
    end = read(ask, &doc, out, err);
    bson_destroy(&doc);
    return end;
}

double source_number(const bson_iter_t *it, char raw[64])
{
    const char *text;
    double x;
    char *end;

    raw[0] = '\0';
    if (BSON_ITER_HOLDS_NUMBER(it)) {
        x = bson_iter_as_double(it);
        json_number(x, raw);
        return x;
    }
    if (!BSON_ITER_HOLDS_UTF8(it))
        return NAN;
    text = bson_iter_utf8(it, NULL);
    if (!*text || strlen(text) > 40 || text[strspn(text, "+-0123456789.eE")])
        return NAN;
    x = strtod(text, &end);
    if (*end || !isfinite(x))
        return NAN;
    bson_strncpy(raw, text, 64);
    return x;
}

static void put_clean(bson_t *doc, const char *key, const char *text, size_t most)
{
    struct strbuf clean;

    if (!text || !*text) {
        BSON_APPEND_NULL(doc, key);
        return;
    }
    strbuf_init(&clean, STRBUF_DOC_LIMIT);
    source_clean(text, most, &clean);
    BSON_APPEND_UTF8(doc, key, clean.data);
    strbuf_finish(&clean);
}

/* "Growth of GDP, 2023: 0.4% (provisional)" */
static void describe(const struct source_ask *ask, const struct source_fact *f, const char *unit,
                     struct strbuf *out)
{
    double scale = ask->question->multiplier;
    const char *by = scale == 1e3 ? " thousand" : scale == 1e6 ? " million" : "";

    strbuf_str(out, ask->question->what);
    if (f->period && *f->period)
        strbuf_printf(out, ", %s", f->period);
    strbuf_printf(out, ": %s%s%s%s", f->raw, by, unit && *unit && *unit != '%' ? " " : "",
                  unit ? unit : "");
    if (f->status && *f->status)
        strbuf_printf(out, " (%s)", f->status_label ? f->status_label : f->status);
}

/* The date in front of what the source says of its own age, if it is one that can be. */
static void put_date(bson_t *doc, const char *updated)
{
    char day[11] = "";
    int y = 0, m = 0, d = 0;

    if (updated && strlen(updated) >= 10)
        bson_strncpy(day, updated, sizeof day);
    if (sscanf(day, "%4d-%2d-%2d", &y, &m, &d) == 3 && y > 1900 && y < 2200 && m >= 1 && m <= 12 &&
        d >= 1 && d <= 31)
        BSON_APPEND_UTF8(doc, "date", day);
    else
        BSON_APPEND_NULL(doc, "date");
}

void source_add_fact(const struct source_ask *ask, const struct source_fact *fact,
                     struct source_find *out)
{
    const struct source_question *q = ask->question;
    const char *unit = fact->unit ? fact->unit : q->unit;
    struct strbuf text;
    char key[16], *id;
    bson_t item;

    strbuf_init(&text, STRBUF_DOC_LIMIT);
    if (fact->text)
        strbuf_str(&text, fact->text);
    else
        describe(ask, fact, unit, &text);
    id = fact->id ? mem_printf("%s_%s_%s", ask->source->name, q->id, fact->id)
                  : mem_printf("%s_%s", ask->source->name, q->id);
    snprintf(key, sizeof key, "%u", bson_count_keys(&out->facts));
    BSON_APPEND_DOCUMENT_BEGIN(&out->facts, key, &item);
    BSON_APPEND_UTF8(&item, "id", id);
    BSON_APPEND_UTF8(&item, "type", "fact");
    put_clean(&item, "text", text.data, TEXT_MOST);
    if (isfinite(fact->value))
        BSON_APPEND_DOUBLE(&item, "value", fact->value);
    else
        BSON_APPEND_NULL(&item, "value");
    put_clean(&item, "raw", fact->raw, FIELD_MOST);
    put_clean(&item, "unit", unit, FIELD_MOST);
    BSON_APPEND_DOUBLE(&item, "multiplier", q->multiplier != 0 ? q->multiplier : 1);
    put_clean(&item, "period", fact->period, FIELD_MOST);
    put_clean(&item, "status", fact->status, FIELD_MOST);
    put_clean(&item, "status_label", fact->status_label, FIELD_MOST);
    put_date(&item, fact->updated);
    bson_append_document_end(&out->facts, &item);
    free(id);
    strbuf_finish(&text);
}
