/* margins.c - reads the margins of assets/industries. An industry that is not listed, or is
 * listed without margins, gets the middle (the median) of all: better than nothing, and said to
 * be that. */
#include "finance/margins.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/paths.h"

#include "asset/asset.h"
#include "intake/industries.h"

struct source {
    const char *key, *title, *date;
};

struct trade {
    const char *key, *label;
    bool has_margins;
    struct trade_margins margins;
};

struct margins {
    struct industries *names;
    struct asset **assets;
    size_t asset_count;
    struct source *sources;
    size_t source_count, source_cap;
    struct trade *list;
    size_t count, cap;
    struct trade_margins middle;
    char *middle_basis;
};

static bool read_source(struct margins *in, struct asset *a, const struct asset_node *n,
                        struct err *err)
{
    struct source s;
    const char *title = asset_text(a, n, "title", NULL);

    if (asset_words(a, n, &s.key, 1, err) != 1 || !title)
        return asset_fail(a, n, err, "a source has a key and a title");
    s.title = title;
    s.date = asset_text(a, n, "date", "");
    in->sources = mem_grow(in->sources, &in->source_cap, in->source_count + 1, sizeof *in->sources);
    in->sources[in->source_count++] = s;
    return true;
}

static const struct source *find_source(const struct margins *in, const char *key)
{
    for (size_t i = 0; i < in->source_count; i++)
        if (strcmp(in->sources[i].key, key) == 0)
            return &in->sources[i];
    return NULL;
}

static bool read_margin(struct margins *in, struct asset *a, const struct asset_node *n,
                        const char *label, struct margin *out, struct err *err)
{
    const char *words[2];
    const struct source *s;

    if (asset_words(a, n, words, 2, err) != 2 || !num_parse(words[0], &out->rate) ||
        !num_div(out->rate, num_from_int(100), &out->rate))
        return asset_fail(a, n, err, "a margin reads: %s 60.9 SOURCE", n->word);
    s = find_source(in, words[1]);
    if (!s)
        return asset_fail(a, n, err, "there is no source \"%s\" above", words[1]);
    out->basis = label;
    out->source = s->title;
    out->date = s->date;
    return true;
}

static bool read_industry(struct margins *in, struct asset *a, const struct asset_node *n,
                          struct err *err)
{
    const struct asset_node *gross = asset_child(n, "gross_margin");
    const struct asset_node *operating = asset_child(n, "operating_margin");
    struct trade i = {0};
    const char *words[2];

    if (asset_words(a, n, words, 2, err) != 2)
        return asset_fail(a, n, err, "this should read: industry KEY \"Label\"");
    i.key = words[0];
    i.label = words[1];
    i.has_margins = gross && operating;
    if (i.has_margins && (!read_margin(in, a, gross, i.label, &i.margins.gross, err) ||
                          !read_margin(in, a, operating, i.label, &i.margins.operating, err)))
        return false;
    in->list = mem_grow(in->list, &in->cap, in->count + 1, sizeof *in->list);
    in->list[in->count++] = i;
    return true;
}

static int by_rate(const void *a, const void *b)
{
    const struct num *x = a, *y = b;

    return num_cmp(*x, *y);
}

static bool middle_of(struct num *rates, size_t count, struct num *out)
{
    struct num two = num_from_int(2);

    qsort(rates, count, sizeof *rates, by_rate);
    *out = rates[count / 2];
    return count % 2 ||
           (num_add(rates[count / 2 - 1], rates[count / 2], out) && num_div(*out, two, out));
}

static bool find_middle(struct margins *in)
{
    struct num *gross = mem_zero(in->count, sizeof *gross);
    struct num *operating = mem_zero(in->count, sizeof *operating);
    size_t n = 0;
    bool ok;

    for (size_t i = 0; i < in->count; i++)
        if (in->list[i].has_margins) {
            gross[n] = in->list[i].margins.gross.rate;
            operating[n++] = in->list[i].margins.operating.rate;
        }
    ok = n && middle_of(gross, n, &in->middle.gross.rate) &&
         middle_of(operating, n, &in->middle.operating.rate);
    in->middle_basis = mem_str("the middle of all industries listed");
    in->middle.gross.basis = in->middle.operating.basis = in->middle_basis;
    free(gross);
    free(operating);
    return ok;
}

static bool read_file(struct margins *in, struct asset *a, struct err *err)
{
    for (const struct asset_node *n = asset_root(a); n; n = n->next)
        if (strcmp(n->word, "source") == 0 ? !read_source(in, a, n, err)
            : strcmp(n->word, "industry") == 0
                ? !read_industry(in, a, n, err)
                : !asset_fail(a, n, err, "\"%s\" has no meaning here", n->word))
            return false;
    return true;
}

struct margins *margins_load(struct err *err)
{
    struct margins *in = mem_zero(1, sizeof *in);
    size_t count;
    char **names = paths_asset_names("industries", ".industries", &count);
    bool ok = (in->names = industries_load(err)) != NULL;

    in->assets = mem_zero(count, sizeof(struct asset *));
    for (size_t i = 0; ok && i < count; i++) {
        char *path = mem_printf("industries/%s", names[i]);
        struct asset *a = asset_load(path, err);

        free(path);
        if (a)
            in->assets[in->asset_count++] = a;
        ok = a && read_file(in, a, err);
    }
    paths_names_free(names, count);
    if (ok && !find_middle(in))
        ok = err_set(err, ERR_INVALID, 0, "assets/industries lists no industry with margins");
    if (ok)
        return in;
    margins_free(in);
    return NULL;
}

void margins_free(struct margins *in)
{
    if (!in)
        return;
    industries_free(in->names);
    for (size_t i = 0; i < in->asset_count; i++)
        asset_free(in->assets[i]);
    free(in->assets);
    free(in->sources);
    free(in->list);
    free(in->middle_basis);
    free(in);
}

const struct trade_margins *margins_find(const struct margins *in, const char *text)
{
    const struct industry *meant = text ? industries_meant(in->names, text) : NULL;

    for (size_t i = 0; meant && i < in->count; i++)
        if (strcmp(in->list[i].key, meant->key) == 0 && in->list[i].has_margins)
            return &in->list[i].margins;
    return &in->middle;
}
