/* scenario.c - the model under a scenario, and scenarios beside each other. A scenario is a rerun of
 * the whole model with its inputs changed; what does not depend on them is taken over. */
#include "strattio/scenario.h"

#include <stdlib.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/strbuf.h"

#include "finance/change.h"
#include "finance/inputs.h"
#include "finance/measure.h"
#include "finance/rerun.h"

static bool read_changes(const struct model *base, const struct scenario *s, struct change *changes,
                         struct err *err)
{
    for (size_t i = 0; i < s->count; i++)
        if (!change_read(base, s->changes[i], &changes[i], err))
            return err_wrap(err, "scenario %s, %s", s->name, s->changes[i]);
    return true;
}

/* Runs `r` under the scenario. */
static bool run(struct rerun *r, const struct model *base, const struct scenario *s,
                struct err *err)
{
    struct change changes[SCENARIO_CHANGES_MAX];

    if (!read_changes(base, s, changes, err))
        return false;
    rerun_begin(r);
    for (size_t i = 0; i < s->count; i++)
        change_vary(&changes[i], base, r);
    rerun_ready(r);
    for (size_t i = 0; i < s->count; i++)
        if (!change_set(&changes[i], r, err))
            return err_wrap(err, "scenario %s, %s", s->name, s->changes[i]);
    return rerun_run(r, err) || err_wrap(err, "scenario %s", s->name);
}

struct model *scenario_model(const struct model *base, const struct scenario *s, struct err *err)
{
    struct rerun *r = rerun_create(base);

    if (run(r, base, s, err))
        return rerun_take(r);
    rerun_free(r);
    return NULL;
}

/* "80% of" and the like are left to the change itself; here is what it does. */
static void explain_row(const struct model *base, const struct change *c, size_t row,
                        struct num now, struct strbuf *out)
{
    char *title = input_title(base, c->line, row), *was, *is = input_shown(base, c->line, now);
    struct num before;

    was = input_value(base, c->line, row, &before) ? input_shown(base, c->line, before)
                                                   : mem_str("not stated");
    strbuf_printf(out, "%s: %s, now %s", title, was, is);
    if (c->month > 1)
        strbuf_printf(out, " from month %d on", c->month);
    strbuf_char(out, '\n');
    free(title);
    free(was);
    free(is);
}

bool scenario_explain(const struct model *base, const char *change, struct strbuf *out,
                      struct err *err)
{
    const struct line *l;
    struct change c;
    size_t rows;

    if (!change_read(base, change, &c, err))
        return false;
    l = &base->def->lines[c.line];
    rows = line_rows(base, l);
    for (size_t row = c.row ? (size_t)c.row - 1 : 0; row < (c.row ? (size_t)c.row : rows); row++) {
        struct num value = {0};

        if (!input_value(base, c.line, row, &value) && c.how != CHANGE_SET)
            continue;
        if (!change_apply(base, &c, value, &value, err))
            return false;
        explain_row(base, &c, row, value, out);
    }
    return true;
}

/* ---- comparing ------------------------------------------------------------------------------- */

static void compare_one(struct rerun *r, const struct model *base, const struct scenario *s,
                        const struct measure *measures, struct comparison *out, size_t column)
{
    struct err err = {0};
    bool ran = run(r, base, s, &err);

    if (!ran)
        out->failed[column] = mem_str(err.msg);
    for (size_t i = 0; i < out->measure_count; i++) {
        struct outcome *cell = &out->cells[i * out->scenario_count + column];
        struct err ignored = {0};

        if (!ran || !measure_outcome(&measures[i], rerun_model(r), cell, &ignored))
            *cell = outcome_null(base, "out_of_range");
    }
}

bool scenarios_compare(const struct model *base, const struct scenarios *s,
                       const struct scenario_measure *measures, size_t count,
                       struct comparison *out, struct err *err)
{
    struct measure *read;
    struct rerun *r;
    size_t done = 0;

    if (!measures) {
        measures = s->measures;
        count = s->measure_count;
    }
    read = mem_zero(count + 1, sizeof *read);
    while (done < count && measure_read(base, measures[done].measure, &read[done], err))
        done++;
    if (done == count) {
        *out = (struct comparison){.scenario_count = s->count, .measure_count = count};
        out->cells = mem_zero(s->count * count + 1, sizeof *out->cells);
        out->failed = mem_zero(s->count, sizeof(char *));
        r = rerun_create(base);
        for (size_t i = 0; i < count; i++)
            measure_watch(&read[i], base, r);
        for (size_t i = 0; i < s->count; i++)
            compare_one(r, base, &s->items[i], read, out, i);
        rerun_free(r);
    }
    for (size_t i = 0; i < done; i++)
        measure_finish(&read[i]);
    free(read);
    return done == count;
}

void comparison_finish(struct comparison *c)
{
    for (size_t i = 0; i < c->scenario_count * c->measure_count; i++)
        outcome_finish(&c->cells[i]);
    for (size_t i = 0; i < c->scenario_count; i++)
        free(c->failed[i]);
    free(c->cells);
    free(c->failed);
    *c = (struct comparison){0};
}
