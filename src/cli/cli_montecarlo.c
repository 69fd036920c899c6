/* cli_montecarlo.c - a plan ten thousand times: how cash and profit spread, and the chance that cash
 * runs out. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/actor.h"
#include "strattio/model.h"
#include "strattio/money.h"
#include "strattio/monte_carlo.h"
#include "strattio/record.h"
#include "strattio/strbuf.h"

#include "command.h"

enum { DEFAULT_SEED = 1 };

/* ---- text ------------------------------------------------------------------------------------ */

static void put_amount(struct strbuf *out, const char *currency, double x)
{
    struct strbuf text;

    strbuf_init(&text, 64);
    if (isnan(x))
        strbuf_str(&text, "-");
    else
        money_print((int64_t)round(x), currency, 0, &text);
    cli_put_right(out, text.data, 14);
    strbuf_finish(&text);
}

/* The printer of money takes smallest coins; whole ones are enough here. */
static double to_coins(const char *currency, double x)
{
    for (int i = 0; i < money_exponent(currency); i++)
        x *= 10;
    return x;
}

static void put_spread(struct strbuf *out, const char *title, const char *currency,
                       const struct spread *s)
{
    cli_put_left(out, title, 26);
    put_amount(out, currency, to_coins(currency, s->p10));
    put_amount(out, currency, to_coins(currency, s->p50));
    put_amount(out, currency, to_coins(currency, s->p90));
    put_amount(out, currency, to_coins(currency, s->base));
    strbuf_char(out, '\n');
}

static void put_ranges(struct strbuf *out, const struct monte_carlo *mc)
{
    for (size_t i = 0; i < mc->range_count; i++) {
        const struct monte_carlo_range *r = &mc->ranges[i];

        cli_put_left(out, r->title, 34);
        strbuf_printf(out, " %s .. %s .. %s\n", r->low, r->mode, r->high);
        if (r->basis[0])
            strbuf_printf(out, "    %s\n", r->basis);
    }
}

static void put_chance(struct strbuf *out, const struct monte_carlo *mc)
{
    strbuf_printf(out, "\nChance that cash runs out within the plan: %.1f%%",
                  mc->out_of_cash * 100);
    if (mc->out_month)
        strbuf_printf(out, "; half of those runs by month %d", mc->out_month);
    strbuf_str(out, ".\n");
    if (mc->too_far)
        strbuf_printf(out, "%zu runs left the range of numbers and count nowhere.\n", mc->too_far);
    if (mc->undefined)
        strbuf_printf(out, "%zu runs have no cash or profit and count nowhere.\n", mc->undefined);
}

static void put_measure(struct strbuf *out, const char *measure, const struct spread *s)
{
    strbuf_printf(out, "%s: P10 %g, P50 %g, P90 %g, base %g", measure, s->p10, s->p50, s->p90,
                  s->base);
    if (s->nulls)
        strbuf_printf(out, "; without a value in %zu runs", s->nulls);
    strbuf_char(out, '\n');
}

static void put_text(struct cli *c, const struct model *m, const struct monte_carlo *mc)
{
    const char *currency = model_currency(m);
    struct strbuf *out = c->out;
    char title[32];

    strbuf_printf(out, "%zu runs, seed %llu. Drawn for each run:\n", mc->runs,
                  (unsigned long long)mc->seed);
    put_ranges(out, mc);
    put_chance(out, mc);
    strbuf_char(out, '\n');
    cli_put_left(out, "", 26);
    cli_put_right(out, "P10", 14);
    cli_put_right(out, "P50", 14);
    cli_put_right(out, "P90", 14);
    cli_put_right(out, "Base", 14);
    strbuf_char(out, '\n');
    for (int y = 0; y < MODEL_YEARS; y++) {
        snprintf(title, sizeof title, "Net profit, year %d", y + 1);
        put_spread(out, title, currency, &mc->profit[y]);
    }
    for (int y = 0; y < MODEL_YEARS; y++) {
        snprintf(title, sizeof title, "Cash, end of year %d", y + 1);
        put_spread(out, title, currency, &mc->cash[12 * y + 11]);
    }
    put_spread(out, "Lowest cash", currency, &mc->lowest);
    if (mc->has_measure)
        put_measure(out, cli_option(c, "--measure"), &mc->measure);
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static void append_number(bson_t *doc, const char *key, double x)
{
    if (isnan(x))
        bson_append_null(doc, key, -1);
    else
        bson_append_double(doc, key, -1, x);
}

static void append_spread(bson_t *doc, const char *key, const struct spread *s)
{
    bson_t out;

    bson_append_document_begin(doc, key, -1, &out);
    append_number(&out, "p10", s->p10);
    append_number(&out, "p50", s->p50);
    append_number(&out, "p90", s->p90);
    append_number(&out, "base", s->base);
    if (s->nulls)
        BSON_APPEND_INT64(&out, "nulls", (int64_t)s->nulls);
    bson_append_document_end(doc, &out);
}

static void append_spreads(bson_t *doc, const char *key, const struct spread *s, size_t count)
{
    bson_t out;
    char buf[16];

    bson_append_array_begin(doc, key, -1, &out);
    for (size_t i = 0; i < count; i++)
        append_spread(&out, cli_index(i, buf), &s[i]);
    bson_append_array_end(doc, &out);
}

static void append_ranges(bson_t *doc, const struct monte_carlo *mc)
{
    bson_t ranges, one;
    char buf[16];

    BSON_APPEND_ARRAY_BEGIN(doc, "ranges", &ranges);
    for (size_t i = 0; i < mc->range_count; i++) {
        const struct monte_carlo_range *r = &mc->ranges[i];

        bson_append_document_begin(&ranges, cli_index(i, buf), -1, &one);
        BSON_APPEND_UTF8(&one, "input", r->input);
        BSON_APPEND_UTF8(&one, "title", r->title);
        BSON_APPEND_UTF8(&one, "low", r->low);
        BSON_APPEND_UTF8(&one, "mode", r->mode);
        BSON_APPEND_UTF8(&one, "high", r->high);
        BSON_APPEND_UTF8(&one, "basis", r->basis);
        bson_append_document_end(&ranges, &one);
    }
    bson_append_array_end(doc, &ranges);
}

static void put_json(struct cli *c, const struct model *m, const struct monte_carlo *mc)
{
    bson_t doc = BSON_INITIALIZER, by;
    char buf[16];

    BSON_APPEND_INT64(&doc, "runs", (int64_t)mc->runs);
    BSON_APPEND_INT64(&doc, "seed", (int64_t)mc->seed);
    BSON_APPEND_UTF8(&doc, "quantiles", "nearest rank");
    BSON_APPEND_UTF8(&doc, "currency", model_currency(m));
    BSON_APPEND_INT64(&doc, "out_of_range", (int64_t)mc->too_far);
    BSON_APPEND_INT64(&doc, "undefined", (int64_t)mc->undefined);
    append_ranges(&doc, mc);
    BSON_APPEND_DOUBLE(&doc, "out_of_cash", mc->out_of_cash);
    if (mc->out_month)
        BSON_APPEND_INT32(&doc, "out_month", mc->out_month);
    else
        BSON_APPEND_NULL(&doc, "out_month");
    BSON_APPEND_ARRAY_BEGIN(&doc, "out_by", &by);
    for (size_t i = 0; i < MODEL_MONTHS; i++)
        bson_append_double(&by, cli_index(i, buf), -1, mc->out_by[i]);
    bson_append_array_end(&doc, &by);
    append_spreads(&doc, "cash", mc->cash, MODEL_MONTHS);
    append_spreads(&doc, "profit", mc->profit, MODEL_YEARS);
    append_spread(&doc, "lowest_cash", &mc->lowest);
    if (mc->has_measure)
        append_spread(&doc, "measure", &mc->measure);
    cli_put_json(c, &doc);
    bson_destroy(&doc);
}

/* ---- the command ----------------------------------------------------------------------------- */

static bool read_seed(const char *text, uint64_t *seed)
{
    char *end;

    *seed = DEFAULT_SEED;
    if (!text)
        return true;
    errno = 0;
    *seed = strtoull(text, &end, 10);
    return *text >= '0' && *text <= '9' && !*end && !errno && *seed <= INT64_MAX;
}

int cli_montecarlo(struct cli *c, struct err *err)
{
    const char *runs = cli_option(c, "--runs"), *seed = cli_option(c, "--seed");
    struct monte_carlo_options options = {
        .runs = runs ? strtoul(runs, NULL, 10) : MONTE_CARLO_RUNS,
        .ranges = c->line.operands + 1,
        .range_count = c->line.operand_count - 1,
        .measure = cli_option(c, "--measure"),
    };
    struct monte_carlo mc;
    struct model *m;
    bool ok;

    if (!read_seed(seed, &options.seed))
        return cli_usage(c, err, "--seed cannot be \"%.40s\"; use a whole number.", seed);
    m = cli_asked_model(c, err);
    ok = m && monte_carlo_run(m, &options, NULL, NULL, &mc, err);
    if (ok) {
        if (cli_json(c))
            put_json(c, m, &mc);
        else
            put_text(c, m, &mc);
        monte_carlo_finish(&mc);
    }
    model_free(m);
    return ok ? EXIT_OK : EXIT_FAILED;
}
