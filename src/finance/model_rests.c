/* model_rests.c - what a figure rests on: the trace, walked on until it ends in inputs. Each cell is
 * visited once, the nearest first, so that an input is met by the shortest way to it. Inputs are
 * known by the answer that sets them: a row that only stands for an empty table has none of its own. */
#include <stdlib.h>
#include <string.h>

#include "strattio/mem.h"

#include "finance/inputs.h"
#include "finance/model_scope.h"
#include "finance/model_trace.h"

struct walk {
    const struct model *m;
    bool *seen; /* by cell */
    struct place *queue;
    int *steps; /* beside the queue */
    size_t count, cap, steps_cap;
    struct model_inputs *out;
    size_t out_cap;
};

/* ---- one input ------------------------------------------------------------------------------- */

static const char *unit_of(const struct model *m, const struct line *l)
{
    if (l->type != VALUE_NUM)
        return "";
    if (l->percent)
        return "%";
    switch (l->unit) {
    case UNIT_MONEY:
        return m->currency;
    case UNIT_MONTHS:
        return "months";
    default:
        return "";
    }
}

/* Does its row stand for an empty table? Then only the table itself can be filled. */
static bool is_made_up(const struct model *m, const struct line *l)
{
    return l->table >= 0 && m->made_up[l->table];
}

/* A row is named as its inputs' titles name it: "Price (Sourdough loaf)". */
static char *group_of(const struct model *m, struct place p)
{
    const struct line *l = &m->def->lines[p.line];
    char *title = input_title(m, p.line, p.row), *group;
    size_t label = strlen(l->label), len = strlen(title);

    if (l->table < 0)
        group = mem_str("");
    else if (len > label + 3)
        group = mem_printf("%s, %.*s", m->def->tables[l->table].label, (int)(len - label - 3),
                           title + label + 2);
    else
        group = mem_str(m->def->tables[l->table].label);
    free(title);
    return group;
}

static bool has(const struct model_inputs *in, const char *fix)
{
    for (size_t i = 0; i < in->count; i++)
        if (strcmp(in->items[i].fix, fix) == 0)
            return true;
    return false;
}

/* A row has the columns of all ways to sell or borrow; only those of its own are asked. */
static bool is_asked(const struct model *m, struct place p)
{
    const struct line *l = &m->def->lines[p.line];
    size_t row = p.row;
    const char *table;
    char *path, *path2;
    bool asked;

    if (l->table < 0 || m->made_up[l->table] || !m->def->asked_count)
        return true;
    table = m->def->tables[l->table].paths[model_part(m, l->table, &row)];
    path = mem_printf("%s.%s", table, l->path);
    path2 = mem_printf("%s.%s", table, l->path2 ? l->path2 : l->path);
    asked = model_asks(m, path) || model_asks(m, path2);
    free(path);
    free(path2);
    return asked;
}

static void add(struct walk *w, struct place p, int steps)
{
    const struct line *l = &w->m->def->lines[p.line];
    char *fix = model_fix(w->m, p.line, p.row);
    bool table = is_made_up(w->m, l) && strcmp(fix, w->m->def->tables[l->table].paths[0]) == 0;
    char *name = model_place_name(w->m, p);
    struct figure f = {0};
    struct err ignored;

    if (has(w->out, fix) || !is_asked(w->m, p) || (is_made_up(w->m, l) && !table) ||
        !model_figure(w->m, name, &f, &ignored)) {
        free(fix);
        free(name);
        return;
    }
    w->out->items = mem_grow(w->out->items, &w->out_cap, w->out->count + 1, sizeof *w->out->items);
    w->out->items[w->out->count++] =
        (struct model_input){.name = name,
                             .title = input_title(w->m, p.line, p.row),
                             .label = mem_str(l->label),
                             .group = group_of(w->m, p),
                             .value = mem_str(f.value),
                             .unit = mem_str(unit_of(w->m, l)),
                             .basis = mem_str(f.basis ? f.basis : ""),
                             .fix = fix,
                             .stated = model_origin(w->m, p) == ORIGIN_ANSWER,
                             .steps = steps};
    figure_finish(&f);
}

/* ---- the walk -------------------------------------------------------------------------------- */

static void visit(struct walk *w, struct place p, int steps)
{
    size_t cell = cell_at(w->m, p.line, p.row) + (size_t)p.period;

    if (w->seen[cell])
        return;
    w->seen[cell] = true;
    w->queue = mem_grow(w->queue, &w->cap, w->count + 1, sizeof *w->queue);
    w->steps = mem_grow(w->steps, &w->steps_cap, w->count + 1, sizeof *w->steps);
    w->queue[w->count] = p;
    w->steps[w->count++] = steps;
}

static void follow(struct walk *w, size_t at)
{
    struct place p = w->queue[at];
    int steps = w->steps[at];
    size_t count;
    struct place *from = model_trace(w->m, p, &count);

    for (size_t i = 0; i < count; i++)
        visit(w, from[i], steps + 1);
    free(from);
    if (w->m->def->lines[p.line].kind == LINE_INPUT)
        add(w, p, steps);
}

bool model_rests_on(const struct model *m, const char *name, struct model_inputs *out,
                    struct err *err)
{
    struct walk w = {.m = m, .out = out};
    struct place p;
    bool whole;

    if (!model_find_place(m, name, &p, &whole, err))
        return false;
    *out = (struct model_inputs){0};
    w.seen = mem_zero(m->cell_count + 1, sizeof *w.seen);
    visit(&w, p, 0);
    for (size_t i = 0; i < w.count; i++)
        follow(&w, i);
    free(w.seen);
    free(w.queue);
    free(w.steps);
    return true;
}

/* ---- all ------------------------------------------------------------------------------------- */

static void add_table(struct walk *w, int table)
{
    size_t rows = table < 0 ? 1 : w->m->rows[table];

    for (size_t row = 0; row < rows; row++)
        for (size_t i = 0; i < w->m->def->shown_count; i++) {
            const struct line *l = &w->m->def->lines[w->m->def->shown[i]];

            if (l->kind == LINE_INPUT && l->table == table)
                add(w, (struct place){w->m->def->shown[i], row, 0}, 0);
        }
}

void model_all_inputs(const struct model *m, struct model_inputs *out)
{
    struct walk w = {.m = m, .out = out};

    *out = (struct model_inputs){0};
    for (int table = -1; table < (int)m->def->table_count; table++)
        add_table(&w, table);
}

void model_inputs_finish(struct model_inputs *in)
{
    for (size_t i = 0; i < in->count; i++) {
        struct model_input *one = &in->items[i];

        free(one->name);
        free(one->title);
        free(one->label);
        free(one->group);
        free(one->value);
        free(one->unit);
        free(one->basis);
        free(one->fix);
    }
    free(in->items);
    *in = (struct model_inputs){0};
}
