/* model_figure.c - figures by name: values, statements, and the trace of one cell to what its
 * formula read. Names are read by the parser of expressions, so that what a formula may say, a
 * person may ask. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "finance/model_scope.h"
#include "finance/model_trace.h"

/* ---- names ----------------------------------------------------------------------------------- */

/* How far apart two words are: letters changed, added, left out. */
static size_t distance(const char *a, const char *b)
{
    size_t cost[64], la = strlen(a), lb = strlen(b);

    if (la >= ARRAY_LEN(cost) || lb >= ARRAY_LEN(cost))
        return SIZE_MAX;
    for (size_t j = 0; j <= lb; j++)
        cost[j] = j;
    for (size_t i = 1; i <= la; i++) {
        size_t diagonal = cost[0];

        cost[0] = i;
        for (size_t j = 1; j <= lb; j++) {
            size_t change = diagonal + (a[i - 1] != b[j - 1]);

            diagonal = cost[j];
            cost[j] = (cost[j] < cost[j - 1] ? cost[j] : cost[j - 1]) + 1;
            if (change < cost[j])
                cost[j] = change;
        }
    }
    return cost[lb];
}

const char *model_nearest(const struct model_def *def, const char *name, bool inputs)
{
    const char *best = NULL, *tail;
    size_t least = SIZE_MAX;

    for (size_t i = 0; i < def->shown_count; i++) {
        const char *candidate = def->lines[def->shown[i]].name;
        size_t d = distance(name, candidate), d_tail;

        if (inputs && !model_is_lever(&def->lines[def->shown[i]]))
            continue;
        tail = strchr(candidate, '.');
        d_tail = tail ? distance(name, tail + 1) + 1 : SIZE_MAX; /* "revenue" for "pnl.revenue" */
        if (d_tail < d)
            d = d_tail;
        if (d < least) {
            least = d;
            best = candidate;
        }
    }
    return least <= strlen(name) / 2 + 1 ? best : NULL;
}

static bool unknown(const struct model *m, const char *name, struct err *err)
{
    const char *near = model_nearest(m->def, name, false);

    if (near)
        return err_set(err, ERR_NOT_FOUND, 0, "there is no figure \"%.80s\"; did you mean %s?",
                       name, near);
    return err_set(err, ERR_NOT_FOUND, 0, "there is no figure \"%.80s\"", name);
}

/* Which cell `index` means; fails if it does not fit the line. Rows are not looked at. */
static bool period_of(const struct line *l, struct expr_index index, int *period, struct err *err)
{
    *period = 0;
    if (!l->wide) {
        if (index.kind != INDEX_HERE)
            return err_set(err, ERR_INVALID, 0, "%s does not change over time: leave out the %s",
                           l->name, index.kind == INDEX_YEAR ? "year" : "month");
        return true;
    }
    if (index.kind == INDEX_MONTH && index.n <= MODEL_MONTHS)
        *period = index.n - 1;
    else if (index.kind == INDEX_YEAR && index.n <= MODEL_YEARS)
        *period = MODEL_MONTHS + index.n - 1;
    else if (index.kind == INDEX_MONTH || index.kind == INDEX_YEAR)
        return err_set(err, ERR_INVALID, 0,
                       "%s: the model has months m1 to m%d and years y1 to y%d", l->name,
                       MODEL_MONTHS, MODEL_YEARS);
    else
        return err_set(err, ERR_INVALID, 0,
                       "%s: say which year or month, like %s%s[y1] or %s%s[m1]", l->name, l->name,
                       l->table >= 0 ? "[1]" : "", l->name, l->table >= 0 ? "[1]" : "");
    return true;
}

static int find_shown(const struct model *m, const char *name)
{
    int line = def_find(m->def, name);

    return line >= 0 && !m->def->lines[line].hidden ? line : -1;
}

bool model_value(const struct model *m, const char *name, struct expr_index index,
                 struct value *out, struct err *err)
{
    int line = find_shown(m, name), period;
    const struct line *l = line < 0 ? NULL : &m->def->lines[line];
    size_t rows;

    if (!l)
        return unknown(m, name, err);
    if (!period_of(l, index, &period, err))
        return false;
    rows = line_rows(m, l);
    if (l->table < 0 && index.row)
        return err_set(err, ERR_INVALID, 0, "%s has no rows", l->name);
    if (l->table < 0 || index.row) {
        size_t row = index.row ? (size_t)index.row - 1 : 0;

        *out = row < rows ? model_cell_value(m, line, cell_at(m, line, row) + (size_t)period)
                          : value_null("input_missing");
        return true;
    }
    *out = (struct value){.type = VALUE_LIST, .items = mem_zero(rows, sizeof *out)};
    for (; out->count < rows; out->count++)
        out->items[out->count] =
            model_cell_value(m, line, cell_at(m, line, out->count) + (size_t)period);
    return true;
}

int model_named_line(const struct model *m, const char *name, size_t *row)
{
    const char *bracket = strchr(name, '[');
    char *plain = bracket ? mem_strn(name, (size_t)(bracket - name)) : NULL;
    int line = find_shown(m, plain ? plain : name);
    const struct line *l = line < 0 ? NULL : &m->def->lines[line];
    unsigned long number = bracket ? strtoul(bracket + 1, NULL, 10) : 0;

    free(plain);
    *row = number ? number - 1 : 0;
    return l && (l->table >= 0) == (bracket != NULL) && (!bracket || number) &&
                   *row < line_rows(m, l)
               ? line
               : -1;
}

double model_cell(const struct model *m, const char *name, bool by_year, int period)
{
    size_t row, cell;
    int line = model_named_line(m, name, &row);
    const struct line *l = line < 0 ? NULL : &m->def->lines[line];

    if (!l || l->type != VALUE_NUM || period < 1 || period > (by_year ? MODEL_YEARS : MODEL_MONTHS))
        return (double)NAN;
    cell = cell_at(m, line, row) +
           (l->wide ? (size_t)(by_year ? MODEL_MONTHS + period : period) - 1 : 0);
    return m->why[cell] ? (double)NAN : num_to_double((struct num){m->v[cell]});
}

/* ---- one figure ------------------------------------------------------------------------------ */

static const char *format_of(const struct value *v)
{
    if (v->type == VALUE_DATE)
        return "date";
    if (v->type != VALUE_NUM)
        return "text";
    switch (v->unit) {
    case UNIT_MONEY:
        return "money";
    case UNIT_RATE:
    case UNIT_PERCENT:
        return "pct1";
    case UNIT_MONTHS:
        return "months";
    default:
        return num_is_whole(v->num) ? "num0" : "num2";
    }
}

char *model_shown(const struct model *m, const struct value *v)
{
    struct strbuf out;

    strbuf_init(&out, STRBUF_DOC_LIMIT);
    if (v->type == VALUE_NULL)
        strbuf_str(&out, "\u2013");
    else if (!value_format(v, format_of(v), m->currency, &out))
        value_print(v, &out);
    return strbuf_take(&out);
}

/* Where the value of an input or of a dated rate comes from. */
static char *basis_text(const struct model *m, struct place p)
{
    const struct line *l = &m->def->lines[p.line];
    const char *title = NULL, *date = NULL;
    const struct basis *b;

    if (l->native != NATIVE_NONE) {
        if (!model_source(m, p.line, &title, &date))
            return NULL;
        return date && *date ? mem_printf("%s, %s", title, date) : mem_str(title);
    }
    if (l->kind != LINE_INPUT)
        return NULL;
    if (model_origin(m, p) == ORIGIN_ANSWER)
        return mem_str("your answer");
    if (model_origin(m, p) == ORIGIN_CHANGED)
        return mem_str("changed from your plan's");
    b = model_basis(m, p.line, p.row);
    if (model_why(m, p))
        return b && b->text ? mem_printf("not stated; %s", b->text) : mem_str("not stated");
    if (!b || !model_basis_matters(m, b, p.row))
        return mem_str(model_origin(m, p) == ORIGIN_OTHERWISE ? "from your other answers"
                                                              : "not stated; the usual value");
    model_basis_source(m, b, &title, &date);
    if (!title)
        return mem_printf("assumption: %s", b->text);
    return mem_printf("assumption: %s (%s%s%s)", b->text, title, date && *date ? ", " : "",
                      date ? date : "");
}

static void list_inputs(const struct model *m, struct place p, struct figure *f)
{
    size_t count;
    struct place *places = model_trace(m, p, &count);

    f->inputs = mem_zero(count, sizeof(char *));
    for (; f->input_count < count; f->input_count++)
        f->inputs[f->input_count] = model_place_name(m, places[f->input_count]);
    free(places);
}

static void fill_figure(const struct model *m, struct place p, struct figure *f)
{
    const struct line *l = &m->def->lines[p.line];
    struct value v = model_cell_value(m, p.line, cell_at(m, p.line, p.row) + (size_t)p.period);
    struct strbuf plain;

    *f = (struct figure){.name = model_place_name(m, p), .label = mem_str(l->label)};
    f->value = model_shown(m, &v);
    if (l->a_month && v.type == VALUE_NUM) {
        char *number = f->value;

        f->value = mem_printf("month %s", number);
        free(number);
    }
    if (v.type == VALUE_NULL) {
        f->reason = mem_str(v.text);
        f->reason_text = mem_str(m->def->reasons[model_why(m, p)].text);
        f->fix = model_null_fix(m, p);
    } else {
        strbuf_init(&plain, STRBUF_DOC_LIMIT);
        value_print(&v, &plain);
        f->plain = strbuf_take(&plain);
        f->fix = l->kind == LINE_INPUT ? model_fix(m, p.line, p.row) : NULL;
    }
    value_finish(&v);
    if (l->kind != LINE_INPUT && l->expr)
        f->formula = mem_str(expr_source(l->expr));
    f->basis = basis_text(m, p);
    list_inputs(m, p, f);
}

/* Reads "pnl.revenue[y1]", "products.price[2]" into a name and an index. */
static struct expr *read_name(const char *name, struct err *err)
{
    struct err ignored;
    struct expr *e = strlen(name) < 256 ? expr_parse(name, "figure", 1, 1, &ignored) : NULL;

    if (e && expr_root(e)->op == EXPR_NAME)
        return e;
    expr_free(e);
    err_set(err, ERR_NOT_FOUND, 0,
            "\"%.80s\" is no name of a figure; one looks like pnl.revenue[y1]", name);
    return NULL;
}

/* The row of a line of a table that `row` (from 1) means; 0 is the only one there is. */
static bool row_of(const struct model *m, const struct line *l, int row, size_t *out,
                   struct err *err)
{
    size_t rows = line_rows(m, l);

    *out = row ? (size_t)row - 1 : 0;
    if (l->table < 0)
        return !row || err_set(err, ERR_INVALID, 0, "%s has no rows", l->name);
    if (!rows)
        return err_set(err, ERR_NOT_FOUND, 0, "%s: this plan has no %s", l->name,
                       m->def->tables[l->table].label);
    return (*out < rows && (row || rows == 1)) ||
           err_set(err, ERR_INVALID, 0, "%s: say which row, from %s[1] to %s[%zu]", l->name,
                   l->name, l->name, rows);
}

static bool find_place(const struct model *m, const char *name, bool any_period, struct place *p,
                       bool *whole, struct err *err)
{
    struct expr *e = read_name(name, err);
    const struct expr_node *n = e ? expr_root(e) : NULL;
    const struct line *l;
    bool ok = false;

    if (!n)
        return false;
    *p = (struct place){.line = find_shown(m, n->text)};
    l = p->line < 0 ? NULL : &m->def->lines[p->line];
    *whole = any_period && l && l->wide && n->index.kind == INDEX_HERE;
    if (!l)
        unknown(m, n->text, err);
    else
        ok = (*whole || period_of(l, n->index, &p->period, err)) &&
             row_of(m, l, n->index.row, &p->row, err);
    expr_free(e);
    return ok;
}

bool model_find_place(const struct model *m, const char *name, struct place *p, bool *whole,
                      struct err *err)
{
    return find_place(m, name, true, p, whole, err);
}

bool model_figure(const struct model *m, const char *name, struct figure *out, struct err *err)
{
    struct place p;
    bool whole;

    if (!find_place(m, name, false, &p, &whole, err))
        return false;
    fill_figure(m, p, out);
    return true;
}

void figure_finish(struct figure *f)
{
    for (size_t i = 0; i < f->input_count; i++)
        free(f->inputs[i]);
    free(f->inputs);
    free(f->name);
    free(f->label);
    free(f->value);
    free(f->plain);
    free(f->reason);
    free(f->reason_text);
    free(f->formula);
    free(f->basis);
    free(f->fix);
    *f = (struct figure){0};
}
