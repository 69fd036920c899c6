/* ranges.c - reading "products.price[1]=3.50..3.80..4.20". */
#include "finance/ranges.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"

#include "asset/asset.h"
#include "finance/inputs.h"
#include "finance/model_run.h"

/* "LOW..MODE..HIGH" in its three parts; false if there are not three. */
static bool split(char *text, char *parts[3])
{
    char *at = text;

    for (int i = 0; i < 3; i++) {
        char *dots = i < 2 ? strstr(at, "..") : at + strlen(at);

        if (!dots || dots == at)
            return false;
        parts[i] = at;
        at = dots + 2;
        *dots = '\0';
    }
    return true;
}

/* Every row of a table goes by a factor here, those without a value left as they are. */
static void by_factor(struct lever *l, char *const parts[3])
{
    if (l->end > l->first + 1 && parts[0][0] == '*' && parts[1][0] == '*' && parts[2][0] == '*') {
        l->share = true;
        l->has_now = true;
        l->now = num_from_int(1);
    }
}

static bool read_three(const struct model *m, const char *name, char *text, struct range *r,
                       struct err *err)
{
    const num_int widest = (num_int)1 << 86;
    struct num at[3];
    char *parts[3];

    if (!split(text, parts))
        return err_set(err, ERR_INVALID, 0,
                       "%.60s: a range reads LOW..MODE..HIGH, like *80%%..*100%%..*110%%", name);
    by_factor(&r->lever, parts);
    for (int i = 0; i < 3; i++)
        if (!lever_typed(m, &r->lever, parts[i], &at[i], err) ||
            (!r->lever.share && !input_allows(m, r->lever.line, at[i], err)))
            return false;
    if (num_cmp(at[0], at[1]) > 0 || num_cmp(at[1], at[2]) > 0)
        return err_set(err, ERR_INVALID, 0,
                       "%.60s: a range goes from the least over the likeliest to the most, so %s, "
                       "%s, %s is in the wrong order",
                       name, parts[0], parts[1], parts[2]);
    if (num_sign(at[0]) < 0 && r->lever.share)
        return err_set(err, ERR_INVALID, 0, "%.60s: a factor is at least 0", name);
    if (at[2].v > widest / 2 || at[0].v < -widest / 2)
        return err_set(err, ERR_LIMIT, 0, "%.60s: the range is too wide", name);
    r->triangle = draw_triangle(at[0], at[1], at[2]);
    return true;
}

static bool add(const struct model *m, const char *name, const char *text, struct ranges *out,
                struct err *err)
{
    struct range *r = &out->items[out->count];
    char *copy = mem_str(text);
    bool ok = lever_find(m, name, &r->lever, err) && read_three(m, name, copy, r, err);

    free(copy);
    for (size_t i = 0; ok && i < out->count; i++) {
        const struct lever *a = &out->items[i].lever, *b = &r->lever;

        if (a->line == b->line && a->first < b->end && b->first < a->end)
            ok = err_set(err, ERR_INVALID, 0, "%.60s has two ranges", name);
    }
    out->count += ok;
    return ok;
}

static bool read_given(const struct model *m, const struct monte_carlo_options *o,
                       struct ranges *out, struct err *err)
{
    if (o->range_count > MONTE_CARLO_RANGES_MOST)
        return err_set(err, ERR_LIMIT, 0, "at most %d ranges are allowed", MONTE_CARLO_RANGES_MOST);
    for (size_t i = 0; i < o->range_count; i++) {
        const char *equals = strchr(o->ranges[i], '=');
        char *name;
        bool ok;

        if (!equals || equals == o->ranges[i])
            return err_set(err, ERR_INVALID, 0,
                           "\"%.60s\" is not INPUT=LOW..MODE..HIGH, for example "
                           "products.price[1]=3.50..3.80..4.20",
                           o->ranges[i]);
        name = mem_strn(o->ranges[i], (size_t)(equals - o->ranges[i]));
        ok = add(m, name, equals + 1, out, err);
        free(name);
        if (!ok)
            return false;
    }
    return true;
}

/* Is there anything in the plan that a range of `line` could move? */
static bool has_value(const struct model *m, int line)
{
    size_t rows = line_rows(m, &m->def->lines[line]);
    struct num n;

    for (size_t row = 0; row < rows; row++)
        if (input_value(m, line, row, &n) && num_sign(n) != 0)
            return true;
    return false;
}

static bool read_usual(const struct model *m, struct asset *a, struct ranges *out, struct err *err)
{
    for (const struct asset_node *n = asset_root(a); n; n = n->next) {
        const char *words[2], *basis = asset_text(a, n, "basis", NULL);
        int line;

        if (strcmp(n->word, "range") != 0 || asset_words(a, n, words, 2, err) != 2 || !basis)
            return asset_fail(a, n, err,
                              "this should read: range INPUT LOW..MODE..HIGH, with a basis");
        if (out->count == MONTE_CARLO_RANGES_MOST)
            return asset_fail(a, n, err, "at most %d ranges are allowed", MONTE_CARLO_RANGES_MOST);
        line = def_find(m->def, words[0]);
        if (line >= 0 && model_is_lever(&m->def->lines[line]) && !has_value(m, line))
            continue;
        if (!add(m, words[0], words[1], out, err))
            return false;
        out->basis[out->count - 1] = mem_str(basis);
    }
    return true;
}

bool ranges_read(const struct model *m, const struct monte_carlo_options *options,
                 struct ranges *out, struct err *err)
{
    struct asset *a = NULL;
    bool ok;

    *out = (struct ranges){.count = 0};
    if (options->range_count) {
        ok = read_given(m, options, out, err);
    } else {
        a = asset_load("finance/plan.ranges", err);
        ok = a && read_usual(m, a, out, err);
        asset_free(a);
    }
    if (ok && !out->count)
        ok = err_set(err, ERR_INVALID, 0,
                     "there is nothing to vary: the plan states no prices, sales or costs yet");
    if (!ok)
        ranges_finish(out);
    return ok;
}

void ranges_finish(struct ranges *r)
{
    for (size_t i = 0; i < r->count; i++)
        free(r->basis[i]);
    r->count = 0;
}
