/* monte_carlo.c - many reruns, their outcomes kept in columns of whole smallest coins, and of each
 * column three ranks found by partition (Hoare's selection), since a full sort of all would cost as
 * much as the runs. */
#include "strattio/monte_carlo.h"

#include <math.h>
#include <stdlib.h>

#include "strattio/err.h"
#include "strattio/mem.h"

#include "finance/measure.h"
#include "finance/model_run.h"
#include "finance/ranges.h"
#include "finance/rerun.h"

enum { ASK_EVERY = 64 }; /* runs between two looks at whether to stop */

struct study {
    const struct model *m;
    struct monte_carlo *out;
    struct ranges ranges;
    struct measure measure;
    struct rerun *r;
    int cash, profit;                                            /* lines */
    int64_t *months[MODEL_MONTHS], *years[MODEL_YEARS], *lowest; /* by good run, in coins */
    double *measured;                                            /* by good run; a NaN for a null */
    size_t good;
    size_t first_out[MODEL_MONTHS]; /* runs whose cash first is below 0 in that month */
    num_int coin;                   /* of 10^-12 */
};

/* ---- ranks ----------------------------------------------------------------------------------- */

/* Partly sorts so that `v[rank]` is what it would be if all were sorted. */
static int64_t ranked(int64_t *v, size_t count, size_t rank)
{
    size_t low = 0, high = count - 1;

    while (low < high) {
        int64_t pivot = v[low + (high - low) / 2];
        size_t i = low, j = high;

        for (;;) {
            while (v[i] < pivot)
                i++;
            while (v[j] > pivot)
                j--;
            if (i >= j)
                break;
            int64_t kept = v[i];

            v[i++] = v[j];
            v[j--] = kept;
        }
        if (rank <= j)
            high = j;
        else
            low = j + 1;
    }
    return v[rank];
}

/* The rank, from 0, of the smallest of `count` that at least `tenths` tenths do not exceed. */
static size_t rank_of(size_t count, size_t tenths)
{
    return (count * tenths + 9) / 10 - 1;
}

static double major(const struct study *s, int64_t coins)
{
    return num_to_double((struct num){coins * s->coin});
}

static struct spread spread_of(const struct study *s, int64_t *v, double base)
{
    struct spread sp = {base, (double)NAN, (double)NAN, (double)NAN, 0};

    if (!s->good)
        return sp;
    sp.p10 = major(s, ranked(v, s->good, rank_of(s->good, 1)));
    sp.p50 = major(s, ranked(v, s->good, rank_of(s->good, 5)));
    sp.p90 = major(s, ranked(v, s->good, rank_of(s->good, 9)));
    return sp;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    if (isnan(x) || isnan(y))
        return isnan(x) - isnan(y);
    return (x > y) - (x < y);
}

static struct spread spread_of_measure(struct study *s, double base)
{
    struct spread sp = {base, (double)NAN, (double)NAN, (double)NAN, 0};
    size_t count = s->good;

    qsort(s->measured, count, sizeof *s->measured, by_size);
    while (count && isnan(s->measured[count - 1]))
        count--;
    sp.nulls = s->good - count;
    if (!count)
        return sp;
    sp.p10 = s->measured[rank_of(count, 1)];
    sp.p50 = s->measured[rank_of(count, 5)];
    sp.p90 = s->measured[rank_of(count, 9)];
    return sp;
}

/* ---- runs ------------------------------------------------------------------------------------ */

static int64_t coins(const struct study *s, num_int v)
{
    return (int64_t)((v + (v < 0 ? -s->coin : s->coin) / 2) / s->coin);
}

/* Does every cell that is spread have a value? */
static bool all_defined(const struct study *s)
{
    const struct model *m = rerun_model(s->r);
    const uint8_t *cash = m->why + m->first[s->cash], *profit = m->why + m->first[s->profit];

    for (int i = 0; i < MODEL_MONTHS; i++)
        if (cash[i])
            return false;
    for (int y = 0; y < MODEL_YEARS; y++)
        if (profit[MODEL_MONTHS + y])
            return false;
    return true;
}

static bool keep_measure(struct study *s, struct err *err)
{
    struct outcome o;

    if (!measure_outcome(&s->measure, rerun_model(s->r), &o, err))
        return false;
    s->measured[s->good] = o.value;
    outcome_finish(&o);
    return true;
}

static void keep(struct study *s)
{
    const struct model *m = rerun_model(s->r);
    const num_int *cash = m->v + m->first[s->cash], *profit = m->v + m->first[s->profit];
    int first_out = MODEL_MONTHS;
    num_int lowest = cash[0];

    for (int i = 0; i < MODEL_MONTHS; i++) {
        s->months[i][s->good] = coins(s, cash[i]);
        lowest = cash[i] < lowest ? cash[i] : lowest;
        if (cash[i] < 0 && first_out == MODEL_MONTHS)
            first_out = i;
    }
    for (int y = 0; y < MODEL_YEARS; y++)
        s->years[y][s->good] = coins(s, profit[MODEL_MONTHS + y]);
    s->lowest[s->good] = coins(s, lowest);
    if (first_out < MODEL_MONTHS)
        s->first_out[first_out]++;
    s->good++;
}

static bool run_once(struct study *s, struct draw *draw, struct err *err)
{
    bool in_range = true;
    struct err ignored;

    for (size_t i = 0; i < s->ranges.count; i++) { /* all are drawn, whatever comes of them */
        struct range *r = &s->ranges.items[i];

        in_range =
            lever_set(&r->lever, s->m, s->r, draw_from(draw, &r->triangle), &ignored) && in_range;
    }
    if (!in_range || !rerun_run(s->r, &ignored)) {
        s->out->too_far++;
    } else if (!all_defined(s)) {
        s->out->undefined++;
    } else {
        if (s->measure.expr && !keep_measure(s, err))
            return false;
        keep(s);
    }
    return true;
}

static bool run_all(struct study *s, bool (*cancelled)(void *), void *context, struct err *err)
{
    struct draw draw;

    draw_init(&draw, s->out->seed);
    for (size_t i = 0; i < s->out->runs; i++) {
        if (cancelled && i % ASK_EVERY == 0 && cancelled(context))
            return err_set(err, ERR_CANCELLED, 0, "stopped");
        if (!run_once(s, &draw, err))
            return false;
    }
    return true;
}

/* ---- before and after ------------------------------------------------------------------------ */

/* One block for all columns. */
static int64_t *make_columns(struct study *s, size_t runs)
{
    int64_t *block = mem_zero((MODEL_MONTHS + MODEL_YEARS + 1) * runs, sizeof *block), *at = block;

    for (int i = 0; i < MODEL_MONTHS; i++, at += runs)
        s->months[i] = at;
    for (int y = 0; y < MODEL_YEARS; y++, at += runs)
        s->years[y] = at;
    s->lowest = at;
    s->measured = mem_zero(runs, sizeof *s->measured);
    return block;
}

static void tell_ranges(struct study *s)
{
    struct monte_carlo *out = s->out;

    out->ranges = mem_zero(s->ranges.count, sizeof *out->ranges);
    for (; out->range_count < s->ranges.count; out->range_count++) {
        const struct range *r = &s->ranges.items[out->range_count];
        const char *basis = s->ranges.basis[out->range_count];

        out->ranges[out->range_count] =
            (struct monte_carlo_range){.input = lever_name(s->m, &r->lever),
                                       .title = lever_title(s->m, &r->lever),
                                       .low = lever_shown(s->m, &r->lever, r->triangle.low),
                                       .mode = lever_shown(s->m, &r->lever, r->triangle.mode),
                                       .high = lever_shown(s->m, &r->lever, r->triangle.high),
                                       .basis = mem_str(basis ? basis : "")};
    }
}

/* The chance of running out, month by month. */
static void tell_out_of_cash(struct study *s)
{
    struct monte_carlo *out = s->out;
    size_t so_far = 0, all = 0;

    for (int i = 0; i < MODEL_MONTHS; i++)
        all += s->first_out[i];
    for (int i = 0; i < MODEL_MONTHS; i++) {
        so_far += s->first_out[i];
        out->out_by[i] = s->good ? (double)so_far / (double)s->good : 0;
        if (all && !out->out_month && so_far * 2 >= all)
            out->out_month = i + 1;
    }
    out->out_of_cash = out->out_by[MODEL_MONTHS - 1];
}

static bool tell(struct study *s, struct err *err)
{
    struct monte_carlo *out = s->out;
    struct outcome base;
    double lowest = (double)INFINITY;

    for (int i = 0; i < MODEL_MONTHS; i++) {
        double cash = model_cell(s->m, "cash.closing", false, i + 1);

        lowest = cash < lowest ? cash : lowest;
        out->cash[i] = spread_of(s, s->months[i], cash);
    }
    for (int y = 0; y < MODEL_YEARS; y++)
        out->profit[y] = spread_of(s, s->years[y], model_cell(s->m, "pnl.net_profit", true, y + 1));
    out->lowest = spread_of(s, s->lowest, lowest);
    tell_out_of_cash(s);
    tell_ranges(s);
    if (!s->measure.expr)
        return true;
    out->has_measure = true;
    if (!measure_outcome(&s->measure, s->m, &base, err))
        return false;
    out->measure = spread_of_measure(s, base.value);
    outcome_finish(&base);
    return true;
}

/* Cash and profit must be there to be spread. */
static bool find_lines(struct study *s, struct err *err)
{
    struct figure f;

    s->cash = def_find(s->m->def, "cash.closing");
    s->profit = def_find(s->m->def, "pnl.net_profit");
    if (s->cash < 0 || s->profit < 0)
        return err_set(err, ERR_UNSUPPORTED, 0,
                       "this model has no cash.closing and pnl.net_profit to spread");
    if (!model_figure(s->m, "cash.closing[m60]", &f, err))
        return false;
    if (f.reason)
        err_set(err, ERR_INVALID, 0, "there is no cash to spread: %s%s%s",
                f.reason_text ? f.reason_text : f.reason, f.fix ? " Set " : "", f.fix ? f.fix : "");
    s->out->runs = f.reason ? 0 : s->out->runs;
    figure_finish(&f);
    return s->out->runs > 0;
}

static void prepare(struct study *s)
{
    s->r = rerun_create(s->m);
    rerun_read(s->r, s->cash);
    rerun_read(s->r, s->profit);
    if (s->measure.expr)
        measure_watch(&s->measure, s->m, s->r);
    rerun_begin(s->r);
    for (size_t i = 0; i < s->ranges.count; i++)
        lever_vary(&s->ranges.items[i].lever, s->r);
    rerun_ready(s->r);
}

bool monte_carlo_run(const struct model *m, const struct monte_carlo_options *options,
                     bool (*cancelled)(void *context), void *context, struct monte_carlo *out,
                     struct err *err)
{
    struct study s = {.m = m, .out = out, .coin = num_from_int(1).v};
    int64_t *block = NULL;
    bool ok = false;

    *out = (struct monte_carlo){.seed = options->seed, .runs = options->runs};
    if (!options->runs || options->runs > MONTE_CARLO_RUNS_MOST)
        return err_set(err, ERR_INVALID, 0, "runs: from 1 to %d are allowed",
                       MONTE_CARLO_RUNS_MOST);
    for (int i = 0; i < m->exponent; i++)
        s.coin /= 10;
    if (!ranges_read(m, options, &s.ranges, err) || !find_lines(&s, err) ||
        (options->measure && !measure_read(m, options->measure, &s.measure, err)))
        goto out;
    prepare(&s);
    block = make_columns(&s, out->runs);
    ok = run_all(&s, cancelled, context, err) && tell(&s, err);
out:
    rerun_free(s.r);
    measure_finish(&s.measure);
    ranges_finish(&s.ranges);
    free(block);
    free(s.measured);
    if (!ok)
        monte_carlo_finish(out);
    return ok;
}

void monte_carlo_finish(struct monte_carlo *mc)
{
    for (size_t i = 0; i < mc->range_count; i++) {
        free(mc->ranges[i].input);
        free(mc->ranges[i].title);
        free(mc->ranges[i].low);
        free(mc->ranges[i].mode);
        free(mc->ranges[i].high);
        free(mc->ranges[i].basis);
    }
    free(mc->ranges);
    *mc = (struct monte_carlo){0};
}
