/* model_group.c - the lines of one group, run. A line that reads nobody's past runs over its whole
 * time at once; a group that does runs month by month. Years follow their months: a flow is summed,
 * a stock is the last month, a ratio is computed again from the year's own values. */
#include <stdio.h>
#include <string.h>

#include "strattio/err.h"

#include "finance/model_run.h"

/* The program that gives a row of a line, or NULL if nothing is to be run. */
static const struct program *program_of(struct model *m, int line, size_t row)
{
    const struct line *l = &m->def->lines[line];
    uint8_t *origin;

    if (l->native != NATIVE_NONE)
        return NULL;
    if (l->kind != LINE_INPUT)
        return &l->program;
    origin = &m->origin[m->origin_first[line] + row];
    if (*origin == ORIGIN_ANSWER || *origin == ORIGIN_CHANGED)
        return NULL;
    if (l->table >= 0 && m->made_up[l->table] && l->otherwise) {
        *origin = ORIGIN_OTHERWISE;
        return &l->otherwise_program;
    }
    if (!l->expr)
        return NULL;
    *origin = ORIGIN_DEFAULT;
    return &l->program;
}

static void sum_year(const num_int *v, const uint8_t *why, num_int *sum, uint8_t *sum_why)
{
    *sum = 0;
    *sum_why = 0;
    for (int i = 0; i < 12 && !*sum_why; i++) {
        *sum_why = why[i];
        if (!why[i] && __builtin_add_overflow(*sum, v[i], sum))
            *sum_why = REASON_OVERFLOW;
    }
    if (*sum_why)
        *sum = 0;
}

static void run_years(struct model *m, int line, size_t row)
{
    const struct line *l = &m->def->lines[line];
    size_t cell = cell_at(m, line, row);
    num_int *v = m->v + cell;
    uint8_t *why = m->why + cell;

    if (l->kind == LINE_RATIO) {
        model_vm_run(m, line, &l->program, row, MODEL_MONTHS, MODEL_YEARS);
        return;
    }
    for (int y = 0; y < MODEL_YEARS; y++)
        if (l->kind == LINE_FLOW) {
            sum_year(v + 12 * y, why + 12 * y, &v[MODEL_MONTHS + y], &why[MODEL_MONTHS + y]);
        } else {
            v[MODEL_MONTHS + y] = v[12 * y + 11];
            why[MODEL_MONTHS + y] = why[12 * y + 11];
        }
}

/* A null has 0 as its number. `limit` 0: none. */
static bool in_range(const num_int *v, const uint8_t *why, size_t width, num_int limit)
{
    bool beyond = memchr(why, REASON_OVERFLOW, width) != NULL;

    for (size_t i = 0; limit && i < width; i++)
        beyond |= v[i] > limit || v[i] < -limit;
    return !beyond;
}

/* Fails, naming the line and when, if a cell left the range of numbers or, of money, of amounts. */
static bool check_range(const struct model *m, int line, size_t row, struct err *err)
{
    const struct line *l = &m->def->lines[line];
    size_t cell = cell_at(m, line, row), width = line_width(l);
    bool money = l->type == VALUE_NUM && l->unit == UNIT_MONEY;
    char where[64] = "", which[32] = "";

    if (l->hidden || in_range(m->v + cell, m->why + cell, width, money ? m->limit : 0))
        return true; /* what comes of a hidden one is checked */
    for (size_t i = 0; i < width; i++) {
        num_int v = m->v[cell + i];

        if (m->why[cell + i] != REASON_OVERFLOW &&
            !(money && !m->why[cell + i] && (v > m->limit || v < -m->limit)))
            continue;
        if (l->wide)
            snprintf(where, sizeof where, " in %s %zu", i < MODEL_MONTHS ? "month" : "year",
                     i < MODEL_MONTHS ? i + 1 : i - MODEL_MONTHS + 1);
        if (l->table >= 0)
            snprintf(which, sizeof which, "[%zu]", row + 1);
        return err_set(err, ERR_LIMIT, 0,
                       "%s%s (%s) is too large%s: look for an amount or a growth "
                       "that is too high",
                       l->name, which, l->label, where);
    }
    return true;
}

/* The rows to run: one, or all; of a line without rows the only one. */
static void rows_of(const struct model *m, const struct line *l, int only, size_t *first,
                    size_t *end)
{
    bool one = only != ALL_ROWS && l->table >= 0;

    *first = one ? (size_t)only : 0;
    *end = one ? (size_t)only + 1 : line_rows(m, l);
}

static bool run_whole(struct model *m, int line, int only, struct err *err)
{
    const struct line *l = &m->def->lines[line];
    size_t first, end;

    rows_of(m, l, only, &first, &end);
    for (size_t row = first; row < end; row++) {
        const struct program *p = program_of(m, line, row);

        if (p)
            model_vm_run(m, line, p, row, 0, l->wide ? MODEL_MONTHS : 1);
        if (l->wide && (p || l->by_month))
            run_years(m, line, row);
        if (!check_range(m, line, row, err))
            return false;
    }
    return true;
}

static bool run_stepped(struct model *m, const struct group *g, int only, struct err *err)
{
    const int *order = m->def->order + g->first;
    size_t first, end;

    for (int month = 0; month < MODEL_MONTHS; month++)
        for (int i = 0; i < g->count; i++) {
            const struct line *l = &m->def->lines[order[i]];

            rows_of(m, l, only, &first, &end);
            for (size_t row = first; row < end; row++)
                model_step_run(m, order[i], &l->program, row, month);
        }
    for (int i = 0; i < g->count; i++) {
        rows_of(m, &m->def->lines[order[i]], only, &first, &end);
        for (size_t row = first; row < end; row++) {
            run_years(m, order[i], row);
            if (!check_range(m, order[i], row, err))
                return false;
        }
    }
    return true;
}

bool model_run_group(struct model *m, const struct group *g, int row, struct err *err)
{
    return g->stepped ? run_stepped(m, g, row, err)
                      : run_whole(m, m->def->order[g->first], row, err);
}

static bool program_crosses(const struct program *p, int line)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->code[i].line == line && p->code[i].op != VM_IN &&
            (p->code[i].op == VM_ROWS || p->code[i].row))
            return true;
    return false;
}

bool model_crosses_rows(const struct line *l, int line)
{
    return l->table < 0 || program_crosses(&l->program, line) ||
           program_crosses(&l->otherwise_program, line);
}

bool model_has_formula(const struct model *m, int line)
{
    const struct line *l = &m->def->lines[line];
    const uint8_t *origin = m->origin + m->origin_first[line];

    if (l->kind != LINE_INPUT)
        return true;
    for (size_t row = 0; row < line_rows(m, l); row++)
        if (origin[row] == ORIGIN_DEFAULT || origin[row] == ORIGIN_OTHERWISE)
            return true;
    return false;
}
