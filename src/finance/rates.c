/* rates.c - reads assets/rates: one file a group of jurisdictions, each `jurisdiction CODE
 * CURRENCY "Name"` with `rate NAME UNIT "Label"` and, under it, `from DATE VALUE [to DATE]` with
 * its source. A jurisdiction or rate may state a `source` for all that stands under it, and so a
 * `class` (how far the source is to be trusted) and when it was `read`: both are told with it. */
#include "finance/rates.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/paths.h"

#include "asset/asset.h"
#include "expr/days.h"

struct rate_name {
    const char *name, *label;
    enum unit unit;
};

struct series { /* of one rate in one jurisdiction */
    int rate;
    struct rate_value *values;
    size_t count, cap;
};

struct jurisdiction {
    const char *code, *currency, *note;
    struct series *series;
    size_t count, cap;
};

struct origin { /* of values, as stated so far on the way down */
    const char *source, *class, *read;
};

struct rates {
    char **sources; /* with class and date */
    size_t source_count, source_cap;
    struct asset **assets;
    size_t asset_count;
    struct rate_name *names;
    size_t name_count, name_cap;
    struct jurisdiction *places;
    size_t place_count, place_cap;
};

int rates_find(const struct rates *r, const char *name)
{
    for (size_t i = 0; i < r->name_count; i++)
        if (strcmp(r->names[i].name, name) == 0)
            return (int)i;
    return -1;
}

const char *rates_label(const struct rates *r, int rate)
{
    return r->names[rate].label;
}

enum unit rates_unit(const struct rates *r, int rate)
{
    return r->names[rate].unit;
}

/* "25%", "50000" */
static bool read_value(const char *text, struct num *out)
{
    size_t len = strlen(text);
    bool percent = len && text[len - 1] == '%';
    char *digits = mem_strn(text, percent ? len - 1 : len);
    bool ok = num_parse(digits, out) && (!percent || num_div(*out, num_from_int(100), out));

    free(digits);
    return ok;
}

/* What is said of the source of a value; a node overrules those above it. */
static bool read_origin(struct asset *a, const struct asset_node *n, const struct origin *above,
                        struct origin *out, struct err *err)
{
    static const char *const classes[] = {"official source", "professional firm", "website",
                                          "not verified"};

    out->source = asset_text(a, n, "source", above->source);
    out->class = asset_text(a, n, "class", above->class);
    out->read = asset_text(a, n, "read", above->read);
    for (size_t i = 0; i < ARRAY_LEN(classes); i++)
        if (!out->class || strcmp(classes[i], out->class) == 0)
            return true;
    return asset_fail(a, n, err,
                      "\"%s\" is no class; allowed: official source, professional firm, website, "
                      "not verified",
                      out->class);
}

static bool is_origin(const struct asset_node *n)
{
    return strcmp(n->word, "source") == 0 || strcmp(n->word, "class") == 0 ||
           strcmp(n->word, "read") == 0;
}

/* "HMRC CTM03900 (official source, read 2026-11-23)" */
static const char *source_text(struct rates *r, const struct origin *o)
{
    char *text;

    if (!o->class && !o->read)
        return o->source;
    text =
        mem_printf("%s (%s%s%s%s)", o->source, o->class ? o->class : "",
                   o->class && o->read ? ", " : "", o->read ? "read " : "", o->read ? o->read : "");
    r->sources = mem_grow(r->sources, &r->source_cap, r->source_count + 1, sizeof *r->sources);
    return r->sources[r->source_count++] = text;
}

static bool read_dated(struct rates *r, struct asset *a, const struct asset_node *n,
                       struct series *s, const struct origin *above, struct err *err)
{
    struct origin o;
    const char *words[4];
    struct rate_value v = {.to = INT32_MAX};
    int count = asset_words(a, n, words, 4, err);

    if (count < 0)
        return false;
    if ((count != 2 && count != 4) || (count == 4 && strcmp(words[2], "to") != 0) ||
        !days_parse(words[0], &v.from) || !read_value(words[1], &v.value) ||
        (count == 4 && !days_parse(words[3], &v.to)))
        return asset_fail(a, n, err, "this should read: from 2023-04-01 25%% [to 2026-03-31]");
    v.from_text = words[0];
    if (!read_origin(a, n, above, &o, err))
        return false;
    if (!o.source)
        return asset_fail(a, n, err, "this value needs a source");
    v.source = source_text(r, &o);
    if (v.to < v.from || (s->count && s->values[s->count - 1].to >= v.from))
        return asset_fail(a, n, err, "the dates must follow each other, the oldest first");
    s->values = mem_grow(s->values, &s->cap, s->count + 1, sizeof *s->values);
    s->values[s->count++] = v;
    return true;
}

static bool read_rate(struct rates *r, struct asset *a, const struct asset_node *n,
                      struct jurisdiction *j, const struct origin *above, struct err *err)
{
    struct origin o;
    const char *words[3];
    struct rate_name name;
    struct series *s;
    int rate;

    if (asset_words(a, n, words, 3, err) != 3 || !unit_parse(words[1], &name.unit))
        return asset_fail(a, n, err, "this should read: rate NAME UNIT \"Label\"");
    name.name = words[0];
    name.label = words[2];
    rate = rates_find(r, name.name);
    if (rate < 0) {
        r->names = mem_grow(r->names, &r->name_cap, r->name_count + 1, sizeof *r->names);
        rate = (int)r->name_count++;
        r->names[rate] = name;
    }
    if (r->names[rate].unit != name.unit)
        return asset_fail(a, n, err, "\"%s\" is %s elsewhere", name.name,
                          unit_name(r->names[rate].unit));
    for (size_t i = 0; i < j->count; i++)
        if (j->series[i].rate == rate)
            return asset_fail(a, n, err, "\"%s\" is declared twice for %s", name.name, j->code);
    j->series = mem_grow(j->series, &j->cap, j->count + 1, sizeof *j->series);
    s = &j->series[j->count++];
    *s = (struct series){.rate = rate};
    if (!read_origin(a, n, above, &o, err))
        return false;
    for (const struct asset_node *c = n->child; c; c = c->next)
        if (strcmp(c->word, "from") == 0) {
            if (!read_dated(r, a, c, s, &o, err))
                return false;
        } else if (!is_origin(c)) {
            return asset_fail(a, c, err,
                              "\"%s\" has no meaning here; a rate has from, source, class and read",
                              c->word);
        }
    return s->count || asset_fail(a, n, err, "this rate has no value");
}

static bool read_jurisdiction(struct rates *r, struct asset *a, const struct asset_node *n,
                              struct err *err)
{
    static const struct origin nothing;
    const char *words[3];
    struct jurisdiction *j;
    struct origin o;

    if (strcmp(n->word, "jurisdiction") != 0 || asset_words(a, n, words, 3, err) != 3)
        return asset_fail(a, n, err, "this should read: jurisdiction GB GBP \"United Kingdom\"");
    if (!read_origin(a, n, &nothing, &o, err))
        return false;
    for (size_t i = 0; i < r->place_count; i++)
        if (strcmp(r->places[i].code, words[0]) == 0)
            return asset_fail(a, n, err, "%s is declared twice", words[0]);
    r->places = mem_grow(r->places, &r->place_cap, r->place_count + 1, sizeof *r->places);
    j = &r->places[r->place_count++];
    *j = (struct jurisdiction){
        .code = words[0], .currency = words[1], .note = asset_text(a, n, "note", NULL)};
    for (const struct asset_node *c = n->child; c; c = c->next)
        if (strcmp(c->word, "rate") == 0) {
            if (!read_rate(r, a, c, j, &o, err))
                return false;
        } else if (!is_origin(c) && strcmp(c->word, "note") != 0) {
            return asset_fail(a, c, err,
                              "\"%s\" has no meaning here; a jurisdiction has rate, source, class, "
                              "read and note",
                              c->word);
        }
    return true;
}

struct rates *rates_load(struct err *err)
{
    struct rates *r = mem_zero(1, sizeof *r);
    size_t count;
    char **names = paths_asset_names("rates", ".rates", &count);
    bool ok = true;

    r->assets = mem_zero(count, sizeof(struct asset *));
    for (size_t i = 0; ok && i < count; i++) {
        char *path = mem_printf("rates/%s", names[i]);
        struct asset *a = asset_load(path, err);

        free(path);
        ok = a != NULL;
        if (!a)
            break;
        r->assets[r->asset_count++] = a;
        for (const struct asset_node *n = asset_root(a); ok && n; n = n->next)
            ok = read_jurisdiction(r, a, n, err);
    }
    paths_names_free(names, count);
    if (ok)
        return r;
    rates_free(r);
    return NULL;
}

void rates_free(struct rates *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < r->place_count; i++) {
        for (size_t k = 0; k < r->places[i].count; k++)
            free(r->places[i].series[k].values);
        free(r->places[i].series);
    }
    for (size_t i = 0; i < r->asset_count; i++)
        asset_free(r->assets[i]);
    free(r->assets);
    for (size_t i = 0; i < r->source_count; i++)
        free(r->sources[i]);
    free(r->sources);
    free(r->names);
    free(r->places);
    free(r);
}

static const struct jurisdiction *find_place(const struct rates *r, const char *country)
{
    for (size_t i = 0; i < r->place_count; i++)
        if (strcmp(r->places[i].code, country) == 0)
            return &r->places[i];
    return NULL;
}

bool rates_has(const struct rates *r, int rate, const char *country)
{
    const struct jurisdiction *j = find_place(r, country);

    for (size_t i = 0; j && i < j->count; i++)
        if (j->series[i].rate == rate)
            return true;
    return false;
}

const struct rate_value *rates_at(const struct rates *r, int rate, const char *country,
                                  const char *currency, int32_t day, enum rate_gap *gap)
{
    const struct jurisdiction *j = find_place(r, country);

    *gap = RATE_GAP_UNKNOWN;
    for (size_t i = 0; j && i < j->count; i++) {
        const struct series *s = &j->series[i];

        if (s->rate != rate)
            continue;
        for (size_t k = 0; k < s->count; k++)
            if (day >= s->values[k].from && day <= s->values[k].to) {
                bool foreign =
                    r->names[rate].unit == UNIT_MONEY && strcmp(j->currency, currency) != 0;

                *gap = foreign ? RATE_GAP_CURRENCY : RATE_GAP_NONE;
                return foreign ? NULL : &s->values[k];
            }
    }
    return NULL;
}

const char *rates_note(const struct rates *r, const char *country)
{
    const struct jurisdiction *j = find_place(r, country);

    return j ? j->note : NULL;
}
