/* inputs.c - names, steps and limits of inputs. A value is the model's: a rate of 12% is 0.12,
 * though an answer says 12; what is typed and what a limit says are in the answer's terms. */
#include "finance/inputs.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"

#include "finance/model_cells.h"
#include "intake/typed.h"

/* ---- names ----------------------------------------------------------------------------------- */

/* The input whose answer is called `name`: "loan.amount", "products.0.price". */
static bool find_answer(const struct model *m, const char *name, int *line, int *row)
{
    for (size_t i = 0; i < m->def->shown_count; i++) {
        int at = m->def->shown[i];
        const struct line *l = &m->def->lines[at];
        size_t rows = l->table < 0 || !m->made_up[l->table] ? line_rows(m, l) : 0;

        for (size_t k = 0; model_is_lever(l) && k < rows; k++) {
            char *fix = model_fix(m, at, k);
            bool same = strcmp(fix, name) == 0;

            free(fix);
            if (!same)
                continue;
            *line = at;
            *row = l->table < 0 ? 0 : (int)k + 1;
            return true;
        }
    }
    return false;
}

static bool is_lever(const struct model *m, int line, struct err *err)
{
    const struct line *l = &m->def->lines[line];

    if (l->kind != LINE_INPUT)
        return err_set(err, ERR_INVALID, 0,
                       "%s is computed; what can be changed is what it is computed from: trace it "
                       "to see",
                       l->name);
    return l->type == VALUE_NUM ||
           err_set(err, ERR_INVALID, 0, "%s is no number, so it cannot be changed here", l->name);
}

static bool has_row(const struct model *m, int line, int row, struct err *err)
{
    const struct line *l = &m->def->lines[line];
    size_t rows = line_rows(m, l);

    if (!row)
        return true;
    if (l->table < 0)
        return err_set(err, ERR_INVALID, 0, "%s has no rows", l->name);
    if (!rows)
        return err_set(err, ERR_INVALID, 0, "%s: this plan has no %s", l->name,
                       m->def->tables[l->table].label);
    return (size_t)row <= rows ||
           err_set(err, ERR_INVALID, 0, "%s has the rows 1 to %zu, not %d", l->name, rows, row);
}

static bool no_input(const struct model *m, const char *name, struct err *err)
{
    const char *near = model_nearest(m->def, name, true);

    if (near)
        return err_set(err, ERR_NOT_FOUND, 0, "there is no input \"%.80s\"; did you mean %s?", name,
                       near);
    return err_set(err, ERR_NOT_FOUND, 0,
                   "there is no input \"%.80s\"; one looks like products.price[1]", name);
}

bool input_find(const struct model *m, const char *name, int *line, int *row, struct err *err)
{
    struct err ignored;
    struct expr *e = strlen(name) < 256 ? expr_parse(name, NULL, 1, 1, &ignored) : NULL;
    const struct expr_node *n = e ? expr_root(e) : NULL;
    bool ok = false;

    *row = n ? n->index.row : 0;
    *line = n && n->op == EXPR_NAME ? def_find(m->def, n->text) : -1;
    if (*line >= 0 && m->def->lines[*line].hidden)
        *line = -1;
    if (*line >= 0 && n->index.kind != INDEX_HERE)
        err_set(err, ERR_INVALID, 0, "%s: an input is named without a month or year",
                m->def->lines[*line].name);
    else if (*line >= 0)
        ok = is_lever(m, *line, err) && has_row(m, *line, *row, err);
    else
        ok = find_answer(m, name, line, row) || no_input(m, n ? n->text : name, err);
    expr_free(e);
    return ok;
}

char *input_name(const struct model *m, int line, size_t row)
{
    const struct line *l = &m->def->lines[line];

    return l->table < 0 ? mem_str(l->name) : mem_printf("%s[%zu]", l->name, row + 1);
}

/* What a row is called: the first text in it. */
static const char *row_title(const struct model *m, int table, size_t row)
{
    for (size_t i = 0; i < m->def->line_count; i++) {
        const struct line *l = &m->def->lines[i];
        size_t cell;

        if (l->table != table || l->kind != LINE_INPUT || l->type != VALUE_TEXT)
            continue;
        cell = cell_at(m, (int)i, row);
        return m->why[cell] ? NULL : m->texts[m->v[cell]];
    }
    return NULL;
}

char *input_title(const struct model *m, int line, size_t row)
{
    const struct line *l = &m->def->lines[line];
    const char *title = l->table < 0 ? NULL : row_title(m, l->table, row);

    return title ? mem_printf("%s (%s)", l->label, title) : mem_str(l->label);
}

/* ---- values ---------------------------------------------------------------------------------- */

bool input_value(const struct model *m, int line, size_t row, struct num *out)
{
    size_t cell = cell_at(m, line, row);

    out->v = m->v[cell];
    return !m->why[cell];
}

struct num input_step(const struct model *m, int line, size_t row)
{
    const struct line *l = &m->def->lines[line];
    struct num base, step = num_from_int(1);
    int digits = l->unit == UNIT_MONEY                                    ? m->exponent
                 : l->unit == UNIT_RATE                                   ? 4
                 : l->unit == UNIT_MONTHS                                 ? 0
                 : input_value(m, line, row, &base) && num_is_whole(base) ? 0
                                                                          : 2;

    for (int i = 0; i < digits; i++)
        step.v /= 10;
    return step;
}

struct num input_rounded(struct num value, struct num step)
{
    num_int rest = value.v % step.v, away = value.v - rest;

    if (rest < 0)
        return (struct num){-rest * 2 >= step.v ? away - step.v : away};
    return (struct num){rest * 2 >= step.v ? away + step.v : away};
}

bool input_typed(const struct model *m, int line, const char *text, struct num *out,
                 struct err *err)
{
    const struct line *l = &m->def->lines[line];
    double typed;

    if (!(l->percent ? typed_percent(text, &typed) : typed_number(text, &typed)))
        return err_set(err, ERR_INVALID, 0, "\"%.40s\" is no %s for %s", text,
                       l->percent ? "rate" : "number", l->name);
    if (!num_from_double(typed, out) || (l->percent && !num_div(*out, num_from_int(100), out)))
        return err_set(err, ERR_LIMIT, 0, "%s: the number is too large", l->name);
    return true;
}

bool input_allows(const struct model *m, int line, struct num value, struct err *err)
{
    const struct line *l = &m->def->lines[line];
    struct num answer = value;
    char limit[NUM_TEXT_SIZE];

    if (l->percent && !num_mul(value, num_from_int(100), &answer))
        return err_set(err, ERR_LIMIT, 0, "%s: the number is too large", l->name);
    if (l->unit == UNIT_MONEY && (value.v > m->limit || value.v < -m->limit))
        return err_set(err, ERR_LIMIT, 0, "%s: the amount is too large", l->name);
    if (l->has_least && num_cmp(answer, l->least) < 0) {
        num_print(l->least, limit);
        return err_set(err, ERR_INVALID, 0, "%s: at least %s%s is allowed", l->name, limit,
                       l->percent ? "%" : "");
    }
    if (l->has_most && num_cmp(answer, l->most) > 0) {
        num_print(l->most, limit);
        return err_set(err, ERR_INVALID, 0, "%s: at most %s%s is allowed", l->name, limit,
                       l->percent ? "%" : "");
    }
    return true;
}

char *input_shown(const struct model *m, int line, struct num value)
{
    struct value v = value_num(value, m->def->lines[line].unit);
    char percent[NUM_TEXT_SIZE];

    if (v.unit != UNIT_RATE || !num_mul(value, num_from_int(100), &value))
        return model_shown(m, &v);
    num_print(value, percent);
    return mem_printf("%s%%", percent);
}
