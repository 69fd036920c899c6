/* model_figure.c - figures by name: values, statements, and the trace of one cell to what its
 * formula read. Names are read by the parser of expressions, so that what a formula may say, a
 * person may ask. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "expr/days.h"
#include "finance/margins.h"
#include "finance/model_run.h"
#include "finance/model_scope.h"
#include "finance/rates.h"

enum { TRACED_MOST = 120 }; /* inputs listed of one cell */

/* A cell named in full. */
struct place {
    int line;
    size_t row;
    int period; /* of its row's cells */
};

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

static const char *nearest(const struct model_def *def, const char *name)
{
    const char *best = NULL, *tail;
    size_t least = SIZE_MAX;

    for (size_t i = 0; i < def->shown_count; i++) {
        const char *candidate = def->lines[def->shown[i]].name;
        size_t d = distance(name, candidate), d_tail;

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
    const char *near = nearest(m->def, name);

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

static struct value cell_value(const struct model *m, int line, size_t cell)
{
    const struct line *l = &m->def->lines[line];
    struct num n = {m->v[cell]};

    if (m->why[cell])
        return value_null(m->def->reasons[m->why[cell]].code);
    switch (l->type) {
    case VALUE_BOOL:
        return value_bool(n.v != 0);
    case VALUE_TEXT:
        return value_text(m->texts[n.v]);
    case VALUE_DATE:
        return value_date((int32_t)(n.v / num_from_int(1).v));
    default:
        return value_num(n, l->unit);
    }
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

        *out = row < rows ? cell_value(m, line, cell_at(m, line, row) + (size_t)period)
                          : value_null("input_missing");
        return true;
    }
    *out = (struct value){.type = VALUE_LIST, .items = mem_zero(rows, sizeof *out)};
    for (; out->count < rows; out->count++)
        out->items[out->count] = cell_value(m, line, cell_at(m, line, out->count) + (size_t)period);
    return true;
}

double model_cell(const struct model *m, const char *name, bool by_year, int period)
{
    int line = find_shown(m, name);
    const struct line *l = line < 0 ? NULL : &m->def->lines[line];
    size_t cell;

    if (!l || l->table >= 0 || l->type != VALUE_NUM || period < 1 ||
        period > (by_year ? MODEL_YEARS : MODEL_MONTHS))
        return (double)NAN;
    cell = m->first[line] + (l->wide ? (size_t)(by_year ? MODEL_MONTHS + period : period) - 1 : 0);
    return m->why[cell] ? (double)NAN : num_to_double((struct num){m->v[cell]});
}

size_t model_statement(const struct model *m, const char *statement,
                       const struct statement_row **rows)
{
    for (size_t i = 0; i < m->def->statement_count; i++)
        if (strcmp(m->def->statements[i].name, statement) == 0) {
            *rows = m->def->statements[i].rows;
            return m->def->statements[i].count;
        }
    return 0;
}

/* ---- trace ----------------------------------------------------------------------------------- */

static char *place_name(const struct model *m, struct place p)
{
    const struct line *l = &m->def->lines[p.line];
    struct strbuf name;

    strbuf_init(&name, 256);
    strbuf_str(&name, l->name);
    if (l->table >= 0)
        strbuf_printf(&name, "[%zu]", p.row + 1);
    if (l->wide && p.period < MODEL_MONTHS)
        strbuf_printf(&name, "[m%d]", p.period + 1);
    else if (l->wide)
        strbuf_printf(&name, "[y%d]", p.period - MODEL_MONTHS + 1);
    return strbuf_take(&name);
}

static uint8_t why_of(const struct model *m, struct place p)
{
    return m->why[cell_at(m, p.line, p.row) + (size_t)p.period];
}

struct trace { /* collects the places a cell was computed from */
    const struct model *m;
    struct place of;
    struct place *places;
    size_t count, cap;
};

static void add_place(struct trace *t, struct place p)
{
    if (t->count == TRACED_MOST)
        return;
    for (size_t i = 0; i < t->count; i++)
        if (t->places[i].line == p.line && t->places[i].row == p.row &&
            t->places[i].period == p.period)
            return;
    t->places = mem_grow(t->places, &t->cap, t->count + 1, sizeof *t->places);
    t->places[t->count++] = p;
}

static bool is_clock(enum native native)
{
    return native >= NATIVE_MONTH && native <= NATIVE_DATE;
}

/* All rows of a line that is folded, or the one that is meant. */
static void add_rows(struct trace *t, int line, int row, int period)
{
    const struct line *l = &t->m->def->lines[line];
    const struct line *owner = &t->m->def->lines[t->of.line];
    size_t rows = line_rows(t->m, l);

    if (is_clock(l->native))
        return;
    if (row) {
        if ((size_t)row <= rows)
            add_place(t, (struct place){line, (size_t)row - 1, period});
    } else if (l->table >= 0 && l->table == owner->table) {
        add_place(t, (struct place){line, t->of.row, period});
    } else {
        for (size_t i = 0; i < rows; i++)
            add_place(t, (struct place){line, i, period});
    }
}

enum reach { REACH_NOW, REACH_YTD, REACH_ALL }; /* the months a name stands for */

static void add_name(struct trace *t, const struct expr_node *n, enum reach reach)
{
    const struct model_def *def = t->m->def;
    const struct line *owner = &def->lines[t->of.line];
    int line =
        owner->table >= 0 && !strchr(n->text, '.') ? def_find_in(def, owner->table, n->text) : -1;
    int row = n->index.row, now = t->of.period;

    if (line < 0)
        line = def_find(def, n->text);
    if (line < 0)
        return; /* `money` */
    if (!def->lines[line].wide) {
        add_rows(t, line, row, 0);
    } else if (n->index.kind == INDEX_MONTH) {
        add_rows(t, line, row, n->index.n - 1);
    } else if (n->index.kind == INDEX_YEAR) {
        add_rows(t, line, row, MODEL_MONTHS + n->index.n - 1);
    } else if (n->index.kind == INDEX_LAG) {
        int first = now >= MODEL_MONTHS ? MODEL_MONTHS : 0;

        if (now + n->index.n >= first)
            add_rows(t, line, row, now + n->index.n);
    } else if (reach == REACH_ALL) {
        for (int i = 0; i < MODEL_MONTHS; i++)
            add_rows(t, line, row, i);
    } else if (reach == REACH_YTD && now < MODEL_MONTHS) {
        for (int i = now - now % 12; i <= now; i++)
            add_rows(t, line, row, i);
    } else {
        add_rows(t, line, row, owner->wide ? now : 0);
    }
}

static void add_names(struct trace *t, const struct expr_node *n, enum reach reach)
{
    if (n->op == EXPR_NAME) {
        add_name(t, n, reach);
        return;
    }
    if (n->op == EXPR_CALL && strcmp(n->text, "ytd") == 0)
        reach = REACH_YTD;
    else if (n->op == EXPR_CALL &&
             (strcmp(n->text, "lowest") == 0 || strcmp(n->text, "highest") == 0 ||
              strcmp(n->text, "total") == 0 || strcmp(n->text, "first_month") == 0))
        reach = REACH_ALL;
    for (size_t i = 0; i < n->count; i++)
        add_names(t, n->args[i], reach);
}

static enum origin origin_of(const struct model *m, struct place p)
{
    return m->def->lines[p.line].kind == LINE_INPUT
               ? (enum origin)m->origin[m->origin_first[p.line] + p.row]
               : ORIGIN_NONE;
}

/* The expression that gave a cell, or NULL for an answer and what is there by itself. */
static const struct expr *expr_of(const struct model *m, struct place p)
{
    const struct line *l = &m->def->lines[p.line];
    enum origin origin = origin_of(m, p);

    if (l->kind == LINE_INPUT && origin != ORIGIN_DEFAULT && origin != ORIGIN_OTHERWISE)
        return NULL;
    return origin == ORIGIN_OTHERWISE ? l->otherwise : l->expr;
}

/* What the cell at `p` was computed from; the caller frees the places. */
static struct trace trace_of(const struct model *m, struct place p)
{
    const struct line *l = &m->def->lines[p.line];
    const struct expr *e = expr_of(m, p);
    struct trace t = {.m = m, .of = p};
    int year = p.period - MODEL_MONTHS;

    if (l->wide && year >= 0 && l->kind == LINE_FLOW)
        for (int i = 0; i < 12; i++)
            add_place(&t, (struct place){p.line, p.row, year * 12 + i});
    else if (l->wide && year >= 0 && l->kind == LINE_STOCK && l->native == NATIVE_NONE)
        add_place(&t, (struct place){p.line, p.row, year * 12 + 11});
    else if (e)
        add_names(&t, expr_root(e), REACH_NOW);
    return t;
}

/* ---- one figure ------------------------------------------------------------------------------ */

static const char *format_of(const struct line *l, struct num n)
{
    if (l->type == VALUE_DATE)
        return "date";
    if (l->type != VALUE_NUM)
        return "text";
    switch (l->unit) {
    case UNIT_MONEY:
        return "money";
    case UNIT_RATE:
    case UNIT_PERCENT:
        return "pct1";
    case UNIT_MONTHS:
        return "months";
    default:
        return num_is_whole(n) ? "num0" : "num2";
    }
}

static char *shown_value(const struct model *m, const struct value *v, const struct line *l)
{
    struct strbuf out;

    strbuf_init(&out, STRBUF_DOC_LIMIT);
    if (v->type == VALUE_NULL)
        strbuf_str(&out, "\u2013");
    else if (!value_format(v, format_of(l, v->num), m->currency, &out))
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
    if (origin_of(m, p) == ORIGIN_ANSWER)
        return mem_str("your answer");
    b = model_basis(m, p.line, p.row);
    if (why_of(m, p))
        return b && b->text ? mem_printf("not stated; %s", b->text) : mem_str("not stated");
    if (!b || !model_basis_matters(m, b, p.row))
        return mem_str(origin_of(m, p) == ORIGIN_OTHERWISE ? "from your other answers"
                                                           : "not stated; the usual value");
    model_basis_source(m, b, &title, &date);
    if (!title)
        return mem_printf("assumption: %s", b->text);
    return mem_printf("assumption: %s (%s%s%s)", b->text, title, date && *date ? ", " : "",
                      date ? date : "");
}

/* The answer that sets an input: of a row, "products.0.price" (rows from 0, as in the document);
 * of one that is made up, the answer it was made from. */
char *model_fix(const struct model *m, int line, size_t row)
{
    struct place p = {line, row, 0};
    const struct line *l = &m->def->lines[p.line];
    const struct table *t = l->table < 0 ? NULL : &m->def->tables[l->table];

    if (!t)
        return mem_str(l->fix);
    if (m->made_up[l->table]) {
        struct trace inputs = trace_of(m, p);
        char *fix = NULL;

        for (size_t i = 0; !fix && i < inputs.count; i++) {
            const struct line *other = &m->def->lines[inputs.places[i].line];

            if (other->kind == LINE_INPUT && other->table < 0)
                fix = mem_str(other->fix);
        }
        free(inputs.places);
        return fix ? fix : mem_str(t->path);
    }
    if (t->path2 && m->rows[l->table] == 1 && m->single[l->table])
        return mem_printf("%s.%s", t->path2, l->path);
    return mem_printf("%s.%zu.%s", t->path, p.row, l->path);
}

/* The answer that would end a null: down the leftmost null of what it was computed from. */
static char *null_fix(const struct model *m, struct place p, int depth)
{
    const struct reason *reason = &m->def->reasons[why_of(m, p)];
    struct trace inputs;
    char *fix = NULL;

    if (m->def->lines[p.line].kind == LINE_INPUT)
        return model_fix(m, p.line, p.row);
    if (reason->fix)
        return mem_str(reason->fix);
    inputs = trace_of(m, p);
    for (size_t i = 0; depth < 32 && !fix && i < inputs.count; i++)
        if (why_of(m, inputs.places[i]))
            fix = null_fix(m, inputs.places[i], depth + 1);
    free(inputs.places);
    return fix;
}

static void list_inputs(const struct model *m, struct place p, struct figure *f)
{
    struct trace t = trace_of(m, p);

    f->inputs = mem_zero(t.count, sizeof(char *));
    for (; f->input_count < t.count; f->input_count++)
        f->inputs[f->input_count] = place_name(m, t.places[f->input_count]);
    free(t.places);
}

static void fill_figure(const struct model *m, struct place p, struct figure *f)
{
    const struct line *l = &m->def->lines[p.line];
    struct value v = cell_value(m, p.line, cell_at(m, p.line, p.row) + (size_t)p.period);
    struct strbuf plain;

    *f = (struct figure){.name = place_name(m, p), .label = mem_str(l->label)};
    f->value = shown_value(m, &v, l);
    if (v.type == VALUE_NULL) {
        f->reason = mem_str(v.text);
        f->reason_text = mem_str(m->def->reasons[why_of(m, p)].text);
        f->fix = null_fix(m, p, 0);
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

bool model_figure(const struct model *m, const char *name, struct figure *out, struct err *err)
{
    struct expr *e = read_name(name, err);
    const struct expr_node *n = e ? expr_root(e) : NULL;
    struct place p = {.line = n ? find_shown(m, n->text) : -1};
    const struct line *l = p.line < 0 ? NULL : &m->def->lines[p.line];
    bool ok = false;

    if (!n)
        return false;
    if (!l) {
        unknown(m, n->text, err);
    } else if (period_of(l, n->index, &p.period, err)) {
        size_t rows = line_rows(m, l);

        p.row = n->index.row ? (size_t)n->index.row - 1 : 0;
        ok = l->table < 0 ? !n->index.row : p.row < rows && (n->index.row || rows == 1);
        if (ok)
            fill_figure(m, p, out);
        else if (l->table < 0)
            err_set(err, ERR_INVALID, 0, "%s has no rows", l->name);
        else if (!rows)
            err_set(err, ERR_NOT_FOUND, 0, "%s: this plan has no %s", l->name,
                    m->def->tables[l->table].label);
        else
            err_set(err, ERR_INVALID, 0, "%s: say which row, from %s[1] to %s[%zu]", l->name,
                    l->name, l->name, rows);
    }
    expr_free(e);
    return ok;
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
