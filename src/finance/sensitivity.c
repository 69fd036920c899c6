/* sensitivity.c - a tornado: two reruns an input. Left out are the usual values nobody stated (a
 * headcount of one, an even year), and an input that only repeats another, as the price of the one
 * row that is made from price_per_unit: that one speaks for it. */
#include "strattio/sensitivity.h"

#include <math.h>
#include <stdlib.h>

#include "strattio/err.h"
#include "strattio/mem.h"

#include "finance/inputs.h"
#include "finance/lever.h"
#include "finance/measure.h"
#include "finance/rerun.h"

enum { ROWS_APART = 50 }; /* of a longer table a column is one lever */

struct tornado {
    const struct model *m;
    struct measure measure;
    struct rerun *r;
    struct num share;
    struct sensitivity *out;
    size_t cap;
    struct err *err;
};

/* Is it a usual value that is no assumption worth telling, such as an even year? */
static bool is_usual(const struct model *m, int line, size_t row)
{
    const struct basis *b = model_basis(m, line, row);

    return model_origin(m, (struct place){line, row, 0}) == ORIGIN_DEFAULT && !(b && b->text);
}

/* Is the input's value that of another input it is made from? */
static bool repeats(const struct model *m, int line, size_t row)
{
    const struct line *l = &m->def->lines[line];
    struct num mine, other;

    if (model_origin(m, (struct place){line, row, 0}) == ORIGIN_ANSWER ||
        !input_value(m, line, row, &mine))
        return false;
    for (size_t i = 0; i < l->need_count; i++) {
        int at = l->needs[i].line;

        if (model_is_lever(&m->def->lines[at]) && m->def->lines[at].table < 0 &&
            input_value(m, at, 0, &other) && num_cmp(mine, other) == 0)
            return true;
    }
    return false;
}

/* What the measure comes to with the lever at `value`. */
static bool outcome_at(struct tornado *t, const struct lever *l, struct num value,
                       struct outcome *out)
{
    struct err err = {0};

    if (!lever_set(l, t->m, t->r, value, &err)) {
        *out = outcome_null(t->m, err.code == ERR_LIMIT ? "out_of_range" : "not_allowed");
        return true;
    }
    if (!rerun_run(t->r, &err)) {
        *out = outcome_null(t->m, "out_of_range");
        return true;
    }
    return measure_outcome(&t->measure, rerun_model(t->r), out, t->err);
}

static double swing(const struct sensitivity *s, const struct sensitivity_row *row)
{
    double low = isnan(row->low.value) ? s->base.value : row->low.value;
    double high = isnan(row->high.value) ? s->base.value : row->high.value;

    return isnan(row->low.value) && isnan(row->high.value) ? (double)NAN : fabs(high - low);
}

static bool same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static void finish_row(struct sensitivity_row *row)
{
    free(row->input);
    free(row->title);
    free(row->now);
    free(row->low_input);
    free(row->high_input);
    outcome_finish(&row->low);
    outcome_finish(&row->high);
}

static void keep(struct tornado *t, const struct lever *l, struct num low, struct num high,
                 struct sensitivity_row *row)
{
    struct sensitivity *s = t->out;

    row->swing = swing(s, row);
    if (same(row->low.value, s->base.value) && same(row->high.value, s->base.value)) {
        s->no_effect++;
        finish_row(row);
        return;
    }
    row->input = lever_name(t->m, l);
    row->title = lever_title(t->m, l);
    row->now = lever_shown(t->m, l, l->now);
    row->low_input = lever_shown(t->m, l, low);
    row->high_input = lever_shown(t->m, l, high);
    s->rows = mem_grow(s->rows, &t->cap, s->count + 1, sizeof *s->rows);
    s->rows[s->count++] = *row;
}

static bool move(struct tornado *t, const struct lever *l)
{
    bool months = t->m->def->lines[l->line].unit == UNIT_MONTHS && !l->share;
    struct sensitivity_row row = {0};
    struct num part, low, high;

    if (!l->has_now || !num_sign(l->now)) {
        t->out->zero += l->has_now;
        return true;
    }
    if (!num_mul(l->now, t->share, &part) || !num_sub(l->now, part, &low) ||
        !num_add(l->now, part, &high))
        return true;
    if (months) {
        low = input_rounded(low, num_from_int(1));
        high = input_rounded(high, num_from_int(1));
    }
    if (num_cmp(low, high) == 0) {
        t->out->coarse++;
        return true;
    }
    rerun_begin(t->r);
    lever_vary(l, t->r);
    rerun_ready(t->r);
    if (!rerun_reaches(t->r)) {
        t->out->no_effect++;
        return true;
    }
    if (!outcome_at(t, l, low, &row.low) || !outcome_at(t, l, high, &row.high)) {
        finish_row(&row);
        return false;
    }
    keep(t, l, low, high, &row);
    return true;
}

static bool move_line(struct tornado *t, int line)
{
    const struct line *l = &t->m->def->lines[line];
    size_t rows = line_rows(t->m, l);

    if (!model_is_lever(l) || !rows)
        return true;
    if (rows > ROWS_APART) {
        struct lever all = lever_of_rows(t->m, line);

        return move(t, &all);
    }
    for (size_t row = 0; row < rows; row++) {
        struct lever one = lever_of_row(t->m, line, row);

        if (!is_usual(t->m, line, row) && !repeats(t->m, line, row) && !move(t, &one))
            return false;
    }
    return true;
}

static int by_swing(const void *a, const void *b)
{
    const struct sensitivity_row *x = a, *y = b;

    if (isnan(x->swing) || isnan(y->swing))
        return isnan(x->swing) - isnan(y->swing);
    return (x->swing < y->swing) - (x->swing > y->swing);
}

/* Of equal swings the one declared first stays first: every machine sorts the same. */
static void sort_rows(struct sensitivity *s)
{
    for (size_t i = 1; i < s->count; i++) {
        struct sensitivity_row row = s->rows[i];
        size_t at = i;

        for (; at > 0 && by_swing(&s->rows[at - 1], &row) > 0; at--)
            s->rows[at] = s->rows[at - 1];
        s->rows[at] = row;
    }
}

bool sensitivity_run(const struct model *m, const char *measure, double share,
                     struct sensitivity *out, struct err *err)
{
    struct tornado t = {.m = m, .out = out, .err = err};
    bool ok;

    *out = (struct sensitivity){.share = share};
    if (!(share > 0 && share <= 1) || !num_from_double(share, &t.share))
        return err_set(err, ERR_INVALID, 0, "inputs are moved by more than 0%% and at most 100%%");
    if (!measure_read(m, measure, &t.measure, err))
        return false;
    out->measure = mem_str(measure);
    t.r = rerun_create(m);
    measure_watch(&t.measure, m, t.r);
    ok = measure_outcome(&t.measure, m, &out->base, err);
    for (size_t i = 0; ok && i < m->def->shown_count; i++)
        ok = move_line(&t, m->def->shown[i]);
    if (ok)
        sort_rows(out);
    rerun_free(t.r);
    measure_finish(&t.measure);
    if (!ok)
        sensitivity_finish(out);
    return ok;
}

void sensitivity_finish(struct sensitivity *s)
{
    for (size_t i = 0; i < s->count; i++)
        finish_row(&s->rows[i]);
    free(s->rows);
    free(s->measure);
    outcome_finish(&s->base);
    *s = (struct sensitivity){0};
}
