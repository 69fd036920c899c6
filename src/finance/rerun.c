/* rerun.c - which lines lie between what is changed and what is read. Both ends are closures over
 * what formulas read: `wanted` is found once, against the order of the lines; `dirty` for each set
 * of inputs, along it. A line of a table that only reads its own row is dirty in that row alone, so
 * that one price of ten products computes one product again. */
#include "finance/rerun.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/mem.h"

#include "finance/model_run.h"

enum { CLEAN = -2 }; /* else ALL_ROWS, or the row that is dirty */

struct step {
    int group, row;
};

struct rerun {
    const struct model *base;
    struct model *m;
    bool *wanted; /* by line */
    bool reads_some;
    int *dirty; /* by line */
    struct step *steps;
    size_t step_count;
};

struct rerun *rerun_create(const struct model *base)
{
    struct rerun *r = mem_zero(1, sizeof *r);
    size_t lines = base->def->line_count;

    r->base = base;
    r->m = model_copy(base);
    r->wanted = mem_zero(lines, sizeof *r->wanted);
    r->dirty = mem_zero(lines, sizeof *r->dirty);
    for (size_t i = 0; i < lines; i++)
        r->dirty[i] = CLEAN;
    r->steps = mem_zero(base->def->group_count, sizeof *r->steps);
    return r;
}

void rerun_free(struct rerun *r)
{
    if (!r)
        return;
    model_free(r->m);
    free(r->wanted);
    free(r->dirty);
    free(r->steps);
    free(r);
}

struct model *rerun_take(struct rerun *r)
{
    struct model *m = r->m;

    r->m = NULL;
    rerun_free(r);
    return m;
}

const struct model *rerun_model(const struct rerun *r)
{
    return r->m;
}

void rerun_read(struct rerun *r, int line)
{
    const struct line *l = &r->base->def->lines[line];

    r->reads_some = true;
    if (r->wanted[line])
        return;
    r->wanted[line] = true;
    for (size_t i = 0; i < l->need_count; i++)
        rerun_read(r, l->needs[i].line);
}

static void restore(struct rerun *r, int line)
{
    const struct line *l = &r->base->def->lines[line];
    size_t first = r->base->first[line], count = line_rows(r->base, l) * line_width(l);

    memcpy(r->m->v + first, r->base->v + first, count * sizeof *r->m->v);
    memcpy(r->m->why + first, r->base->why + first, count);
    if (l->kind == LINE_INPUT)
        memcpy(r->m->origin + r->m->origin_first[line], r->base->origin + r->m->origin_first[line],
               line_rows(r->base, l));
    r->dirty[line] = CLEAN;
}

void rerun_begin(struct rerun *r)
{
    for (size_t i = 0; i < r->base->def->line_count; i++)
        if (r->dirty[i] != CLEAN)
            restore(r, (int)i);
    r->step_count = 0;
}

static void soil(int *dirty, int row)
{
    *dirty = *dirty == CLEAN || *dirty == row ? row : ALL_ROWS;
}

void rerun_vary(struct rerun *r, int line, size_t row)
{
    soil(&r->dirty[line], r->base->def->lines[line].table < 0 ? ALL_ROWS : (int)row);
}

/* What is dirty in a line because of what it reads. */
static void soil_line(struct rerun *r, int line)
{
    const struct line *lines = r->base->def->lines, *l = &lines[line];

    for (size_t i = 0; i < l->need_count && model_has_formula(r->base, line); i++) {
        int other = l->needs[i].line, row = r->dirty[other];

        if (row == CLEAN)
            continue;
        if (lines[other].table != l->table || model_crosses_rows(l, other))
            row = ALL_ROWS;
        soil(&r->dirty[line], row);
    }
}

/* The lines of a group read each other: what is dirty in one is so in all. */
static int soil_group(struct rerun *r, const struct group *g)
{
    const int *order = r->base->def->order + g->first;
    int row = CLEAN;

    for (int i = 0; i < g->count; i++)
        soil_line(r, order[i]);
    for (int i = 0; i < g->count; i++)
        if (r->dirty[order[i]] != CLEAN)
            soil(&row, r->dirty[order[i]]);
    for (int i = 0; row != CLEAN && i < g->count; i++)
        r->dirty[order[i]] = row;
    return row;
}

void rerun_ready(struct rerun *r)
{
    const struct model_def *def = r->base->def;

    r->step_count = 0;
    for (size_t i = 0; i < def->group_count; i++) {
        const struct group *g = &def->groups[i];
        int line = def->order[g->first], row;

        if (r->reads_some && !r->wanted[line])
            continue;
        row = soil_group(r, g);
        if (row != CLEAN && line_rows(r->base, &def->lines[line]))
            r->steps[r->step_count++] = (struct step){(int)i, row};
    }
}

void rerun_set_month(struct rerun *r, int line, size_t row, int month, struct num value)
{
    struct model *m = r->m;
    size_t cell = cell_at(m, line, row) + (size_t)month - 1;

    m->v[cell] = value.v;
    m->why[cell] = REASON_NONE;
    m->origin[m->origin_first[line] + row] = ORIGIN_CHANGED;
}

void rerun_set(struct rerun *r, int line, size_t row, struct num value)
{
    int months = r->m->def->lines[line].wide ? MODEL_MONTHS : 1;

    for (int month = 1; month <= months; month++)
        rerun_set_month(r, line, row, month, value);
}

bool rerun_run(struct rerun *r, struct err *err)
{
    const struct group *groups = r->base->def->groups;

    for (size_t i = 0; i < r->step_count; i++)
        if (!model_run_group(r->m, &groups[r->steps[i].group], r->steps[i].row, err))
            return false;
    return true;
}

bool rerun_reaches(const struct rerun *r)
{
    return r->step_count > 0;
}
