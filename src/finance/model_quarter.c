/* model_quarter.c - quarters of the plan. The run computes months and years; a quarter follows from
 * them when it is asked for: of a flow the sum of its months, of a stock its last month, and of a
 * ratio its formula once more, over the quarter's values. A ratio whose formula needs the months
 * one by one has no quarters. */
#include <math.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/strbuf.h"

#include "finance/model_scope.h"
#include "finance/model_trace.h"

enum { MONTHS = MODEL_MONTHS / MODEL_QUARTERS };

struct quarter {
    const struct model *m;
    int line; /* whose formula it is */
    size_t row;
    int number; /* from 1; 0 and below: before month 1 */
};

static bool quarter_value(const struct model *m, int line, size_t row, int quarter,
                          struct value *out, struct err *err);

/* The names of a ratio's formula, read at the quarter. */
static bool lookup(const struct expr_scope *scope, const char *name, struct expr_index index,
                   struct value *out, struct err *err)
{
    const struct quarter *q = scope->context;
    int table = q->m->def->lines[q->line].table, line = -1;

    if (table >= 0 && !strchr(name, '.'))
        line = def_find_in(q->m->def, table, name);
    if (line < 0)
        line = def_find(q->m->def, name);
    if (line < 0)
        return err_set(err, ERR_NOT_FOUND, 0, "there is no figure \"%.80s\"", name);
    if (index.row || index.kind == INDEX_MONTH || index.kind == INDEX_YEAR)
        return model_value(q->m, name, index, out, err);
    if (q->m->def->lines[line].table >= 0 && q->m->def->lines[line].table != table)
        return err_set(err, ERR_UNSUPPORTED, 0, "%s has a value for each row", name);
    return quarter_value(q->m, line, q->m->def->lines[line].table < 0 ? 0 : q->row,
                         q->number + (index.kind == INDEX_LAG ? index.n : 0), out, err);
}

static bool sum_months(const struct model *m, int line, size_t row, int quarter, struct value *out,
                       struct err *err)
{
    size_t first = cell_at(m, line, row) + (size_t)(quarter - 1) * MONTHS;
    struct num sum = num_from_int(0);

    for (size_t i = first; i < first + MONTHS; i++) {
        if (m->why[i]) {
            *out = model_cell_value(m, line, i);
            return true;
        }
        if (!num_add(sum, (struct num){m->v[i]}, &sum))
            return err_set(err, ERR_LIMIT, 0, "%s is out of range", m->def->lines[line].name);
    }
    *out = value_num(sum, m->def->lines[line].unit);
    return true;
}

static bool again(const struct model *m, int line, size_t row, int quarter, struct value *out,
                  struct err *err)
{
    const struct line *l = &m->def->lines[line];
    struct quarter q = {.m = m, .line = line, .row = row, .number = quarter};
    struct expr_scope scope = {.lookup = lookup, .context = &q};

    if (!l->expr || !expr_eval(l->expr, &scope, out, err))
        return false;
    if (out->type == VALUE_NUM && l->unit == UNIT_MONEY)
        out->num = num_round(out->num, m->exponent);
    return true;
}

/* Fails for a formula that cannot be read at a quarter. */
static bool quarter_value(const struct model *m, int line, size_t row, int quarter,
                          struct value *out, struct err *err)
{
    const struct line *l = &m->def->lines[line];

    if (!l->wide)
        *out = model_cell_value(m, line, cell_at(m, line, row));
    else if (quarter < 1 && l->opening >= 0)
        *out = model_cell_value(m, l->opening, cell_at(m, l->opening, row));
    else if (quarter < 1)
        *out = value_num(num_from_int(0), l->unit);
    else if (l->kind == LINE_FLOW)
        return sum_months(m, line, row, quarter, out, err);
    else if (l->kind == LINE_RATIO)
        return again(m, line, row, quarter, out, err);
    else
        *out = model_cell_value(m, line, cell_at(m, line, row) + (size_t)quarter * MONTHS - 1);
    return true;
}

double model_quarter_cell(const struct model *m, const char *name, int quarter)
{
    size_t row;
    int line = model_named_line(m, name, &row);
    double cell = (double)NAN;
    struct value v = {0};
    struct err ignored;

    if (line < 0 || quarter < 1 || quarter > MODEL_QUARTERS ||
        !quarter_value(m, line, row, quarter, &v, &ignored))
        return cell;
    if (v.type == VALUE_NUM)
        cell = num_to_double(v.num);
    value_finish(&v);
    return cell;
}

void model_quarter_formula(const struct model *m, const char *name, int quarter, struct strbuf *out)
{
    int number = def_find(m->def, name), last = quarter * MONTHS;
    const struct line *l = number < 0 ? NULL : &m->def->lines[number];

    if (!l || !l->wide || l->kind == LINE_RATIO)
        return;
    for (int month = l->kind == LINE_FLOW ? last - MONTHS + 1 : last; month <= last; month++)
        strbuf_printf(out, "%s[m%d]%s", name, month, month < last ? " + " : "");
}
