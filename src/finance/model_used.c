/* model_used.c - the trace the other way: from a figure to what depends on it. Which lines do, and in
 * how many steps, follows from what formulas read; hidden lines are parts of a formula and no step.
 * Which cells read a cell is asked of the trace itself, so that both ways always agree. */
#include <stdlib.h>

#include "strattio/mem.h"

#include "finance/model_trace.h"

enum { NO_ROW = -2 }; /* else ALL_ROWS or the row that depends */

struct reach {
    const struct model *m;
    int *steps; /* by line; 0: the figure itself; -1: does not depend */
    int *row;
};

/* Takes over from what a line reads; whether that changed anything. */
static bool spread(struct reach *r, int line)
{
    const struct line *lines = r->m->def->lines, *l = &lines[line];
    bool changed = false;

    for (size_t i = 0; i < l->need_count && model_has_formula(r->m, line); i++) {
        int other = l->needs[i].line, steps = r->steps[other] + !l->hidden, row = r->row[other];

        if (r->steps[other] < 0 || !line_rows(r->m, l))
            continue;
        if (lines[other].table != l->table || model_crosses_rows(l, other))
            row = ALL_ROWS;
        if (r->row[line] != NO_ROW && r->row[line] != row)
            row = ALL_ROWS;
        if (r->steps[line] >= 0 && r->steps[line] <= steps && r->row[line] == row)
            continue;
        if (r->steps[line] < 0 || steps < r->steps[line])
            r->steps[line] = steps;
        r->row[line] = row;
        changed = true;
    }
    return changed;
}

static void reach_all(struct reach *r, struct place from)
{
    const struct model_def *def = r->m->def;
    bool again = true;

    r->steps = mem_zero(def->line_count, sizeof *r->steps);
    r->row = mem_zero(def->line_count, sizeof *r->row);
    for (size_t i = 0; i < def->line_count; i++) {
        r->steps[i] = -1;
        r->row[i] = NO_ROW;
    }
    r->steps[from.line] = 0;
    r->row[from.line] = def->lines[from.line].table < 0 ? ALL_ROWS : (int)from.row;
    while (again) {
        again = false;
        for (size_t i = 0; i < def->line_count; i++) /* along the order once is nearly enough */
            again = spread(r, def->order[i]) || again;
    }
}

/* ---- one dependent --------------------------------------------------------------------------- */

static void count_cells(const struct model *m, int line, size_t row, struct place of,
                        struct dependent *d)
{
    int periods = (int)line_width(&m->def->lines[line]);

    for (int period = 0; period < periods; period++) {
        struct place reader = {line, row, period};

        if (!model_reads(m, reader, of))
            continue;
        if (!d->cells++)
            d->first = model_place_name(m, reader);
        free(d->last);
        d->last = model_place_name(m, reader);
    }
}

static char *name_of(const struct model *m, int line, int row)
{
    const struct line *l = &m->def->lines[line];

    if (row == ALL_ROWS && line_rows(m, l) == 1)
        row = 0;
    return l->table < 0 || row == ALL_ROWS ? mem_str(l->name)
                                           : mem_printf("%s[%d]", l->name, row + 1);
}

static void finish_one(struct dependent *d)
{
    free(d->name);
    free(d->label);
    free(d->first);
    free(d->last);
}

/* A line that reads the figure, by its cells that do; none if no cell does. */
static bool direct(const struct model *m, int line, int row, struct place of, struct dependent *d)
{
    size_t rows = line_rows(m, &m->def->lines[line]);
    size_t first = row == ALL_ROWS ? 0 : (size_t)row, end = row == ALL_ROWS ? rows : first + 1;

    for (size_t i = first; i < end; i++)
        count_cells(m, line, i, of, d);
    return d->cells > 0;
}

static int by_steps(const void *a, const void *b)
{
    const struct dependent *x = a, *y = b;

    return (x->steps > y->steps) - (x->steps < y->steps);
}

/* Equal steps keep the order of declaration. */
static void sort(struct dependents *d)
{
    for (size_t i = 1; i < d->count; i++) {
        struct dependent one = d->items[i];
        size_t at = i;

        for (; at > 0 && by_steps(&d->items[at - 1], &one) > 0; at--)
            d->items[at] = d->items[at - 1];
        d->items[at] = one;
    }
}

/* A month is read by the year of its own line, which is no other line's formula. */
static bool is_own_year(const struct model *m, int line, struct place p, bool whole)
{
    return line == p.line && !whole && m->def->lines[line].wide && p.period < MODEL_MONTHS;
}

bool model_used_by(const struct model *m, const char *name, struct dependents *out, struct err *err)
{
    struct reach r = {.m = m};
    size_t cap = 0;
    struct place p;
    bool whole;

    if (!model_find_place(m, name, &p, &whole, err))
        return false;
    *out = (struct dependents){0};
    reach_all(&r, p);
    for (size_t i = 0; i < m->def->shown_count; i++) {
        int line = m->def->shown[i];
        bool own = is_own_year(m, line, p, whole);
        struct dependent d = {.steps = own ? 1 : r.steps[line]};

        if (d.steps <= 0)
            continue;
        if (d.steps == 1 && !whole && !direct(m, line, r.row[line], p, &d)) {
            if (own)
                continue;
            d.steps = 2; /* by another month or year of the line */
        }
        d.name = name_of(m, line, r.row[line]);
        d.label = mem_str(m->def->lines[line].label);
        out->items = mem_grow(out->items, &cap, out->count + 1, sizeof *out->items);
        out->items[out->count++] = d;
    }
    sort(out);
    free(r.steps);
    free(r.row);
    return true;
}

void dependents_finish(struct dependents *d)
{
    for (size_t i = 0; i < d->count; i++)
        finish_one(&d->items[i]);
    free(d->items);
    *d = (struct dependents){0};
}
