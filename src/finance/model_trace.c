/* model_trace.c - from a cell to the cells its formula read, by walking the formula again with the
 * rules of the compiler: what a name means depends on the table, what it is read at on the lag. */
#include "finance/model_trace.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "finance/model_scope.h"

struct value model_cell_value(const struct model *m, int line, size_t cell)
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

char *model_place_name(const struct model *m, struct place p)
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

uint8_t model_why(const struct model *m, struct place p)
{
    return m->why[cell_at(m, p.line, p.row) + (size_t)p.period];
}

struct trace { /* collects the places a cell was computed from */
    const struct model *m;
    struct place of;
    struct place *places;
    size_t count, cap;
    const struct place *seek; /* not collected but looked for; NULL: collected */
    bool found;
};

static void add_place(struct trace *t, struct place p)
{
    if (t->seek) {
        t->found = t->found || (p.line == t->seek->line && p.row == t->seek->row &&
                                p.period == t->seek->period);
        return;
    }
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

enum origin model_origin(const struct model *m, struct place p)
{
    return m->def->lines[p.line].kind == LINE_INPUT
               ? (enum origin)m->origin[m->origin_first[p.line] + p.row]
               : ORIGIN_NONE;
}

/* The expression that gave a cell, or NULL for an answer and what is there by itself. */
static const struct expr *expr_of(const struct model *m, struct place p)
{
    const struct line *l = &m->def->lines[p.line];
    enum origin origin = model_origin(m, p);

    if (l->kind == LINE_INPUT && origin != ORIGIN_DEFAULT && origin != ORIGIN_OTHERWISE)
        return NULL;
    return origin == ORIGIN_OTHERWISE ? l->otherwise : l->expr;
}

static void add_names(struct trace *t, const struct expr_node *n, bool over_time);

/* The line a name means in the formula of `t->of`; -1 for the decimals of money. */
static int named_line(const struct trace *t, const char *name)
{
    const struct model_def *def = t->m->def;
    int table = def->lines[t->of.line].table, line = -1;

    if (table >= 0 && !strchr(name, '.'))
        line = def_find_in(def, table, name);
    return line < 0 ? def_find(def, name) : line;
}

static void add_span(struct trace *t, int line, int row, int first, int last)
{
    for (int i = first < 0 ? 0 : first; i <= last; i++)
        add_rows(t, line, row, i);
}

/* What the value of `line` before month 1 was computed from. */
static void add_opening(struct trace *t, int line, int row)
{
    const struct line *l = &t->m->def->lines[line];
    struct trace before = *t;

    if (l->opening < 0)
        return;
    before.of = (struct place){l->opening, row ? (size_t)row - 1 : t->of.row, 0};
    add_names(&before, t->m->def->lines[l->opening].root, false);
    before.of = t->of;
    *t = before;
}

static void add_name(struct trace *t, const struct expr_node *n)
{
    const struct model_def *def = t->m->def;
    int line = named_line(t, n->text), row = n->index.row, now = t->of.period;

    if (line < 0)
        return;
    if (!def->lines[line].wide) {
        add_rows(t, line, row, 0);
    } else if (n->index.kind == INDEX_MONTH) {
        add_rows(t, line, row, n->index.n - 1);
    } else if (n->index.kind == INDEX_YEAR) {
        add_rows(t, line, row, MODEL_MONTHS + n->index.n - 1);
    } else if (n->index.kind == INDEX_LAG) {
        if (now + n->index.n >= (now >= MODEL_MONTHS ? MODEL_MONTHS : 0))
            add_rows(t, line, row, now + n->index.n);
        else
            add_opening(t, line, row);
    } else {
        add_rows(t, line, row, def->lines[t->of.line].wide ? now : 0);
    }
}

/* Names while a part of the formula is evaluated again, where `t->of` stands. */
static bool lookup_here(const struct expr_scope *scope, const char *name, struct expr_index index,
                        struct value *out, struct err *err)
{
    const struct trace *t = scope->context;
    int line = named_line(t, name);
    const struct line *l = line < 0 ? NULL : &t->m->def->lines[line];

    if (!l || index.kind != INDEX_HERE || index.row)
        return err_set(err, ERR_UNSUPPORTED, 0, "not needed");
    *out = model_cell_value(t->m, line,
                            cell_at(t->m, line, l->table >= 0 ? t->of.row : 0) +
                                (l->wide ? (size_t)t->of.period : 0));
    return true;
}

/* The month or two that delayed() read. */
static void add_delayed(struct trace *t, const struct expr_node *n)
{
    struct expr_scope scope = {.lookup = lookup_here, .context = t};
    int line = named_line(t, n->args[0]->text), ago;
    struct err ignored;
    struct value months;

    if (line < 0 || !expr_eval_node(expr_of(t->m, t->of), n->args[1], &scope, &months, &ignored))
        return;
    if (months.type == VALUE_NUM && num_cmp(months.num, num_from_int(MODEL_MONTHS)) < 0) {
        ago = num_sign(months.num) < 0 ? 0 : (int)(months.num.v / num_from_int(1).v);
        add_span(t, line, 0, t->of.period - ago - !num_is_whole(months.num), t->of.period - ago);
    }
    value_finish(&months);
}

/* A function over the past or over all months; false if `n` is another. */
static bool add_past(struct trace *t, const struct expr_node *n)
{
    static const char *const folds[] = {"lowest", "highest", "total", "first_month"};
    int now = t->of.period, line;

    for (size_t i = 0; i < ARRAY_LEN(folds); i++)
        if (strcmp(n->text, folds[i]) == 0) {
            struct trace months = *t;

            for (months.of.period = 0; months.of.period < MODEL_MONTHS; months.of.period++)
                add_names(&months, n->args[0], true);
            months.of = t->of;
            *t = months;
            return true;
        }
    if (strcmp(n->text, "years") == 0 || strcmp(n->text, "months") == 0) {
        bool years = n->text[0] == 'y';

        line = named_line(t, n->args[0]->text);
        if (line >= 0)
            add_span(t, line, n->args[0]->index.row, years ? MODEL_MONTHS : 0,
                     years ? MODEL_CELLS - 1 : MODEL_MONTHS - 1);
        return true;
    }
    if (now >= MODEL_MONTHS)
        return false;
    if (strcmp(n->text, "delayed") == 0) {
        add_delayed(t, n);
        add_names(t, n->args[1], false);
        return true;
    }
    if (strcmp(n->text, "ytd") != 0 && strcmp(n->text, "so_far") != 0)
        return false;
    line = named_line(t, n->args[0]->text);
    if (line >= 0)
        add_span(t, line, 0, n->text[0] == 'y' ? now - now % 12 : 0, now);
    return true;
}

static void add_names(struct trace *t, const struct expr_node *n, bool over_time)
{
    if (n->op == EXPR_NAME) {
        int line = over_time && n->index.kind == INDEX_HERE ? named_line(t, n->text) : -1;

        if (line >= 0 && t->m->def->lines[line].wide)
            add_rows(t, line, n->index.row, t->of.period);
        else
            add_name(t, n);
        return;
    }
    if (n->op == EXPR_CALL && add_past(t, n))
        return;
    for (size_t i = 0; i < n->count; i++)
        add_names(t, n->args[i], over_time);
}

/* Follows all that the cell `t->of` was computed from. */
static void follow(struct trace *t)
{
    struct place p = t->of;
    const struct line *l = &t->m->def->lines[p.line];
    const struct expr *e = expr_of(t->m, p);
    int year = p.period - MODEL_MONTHS;

    if (l->wide && year >= 0 && l->kind == LINE_FLOW)
        add_span(t, p.line, (int)p.row + 1, year * 12, year * 12 + 11);
    else if (l->wide && year >= 0 && l->kind == LINE_STOCK && l->native == NATIVE_NONE)
        add_place(t, (struct place){p.line, p.row, year * 12 + 11});
    else if (e)
        add_names(t, expr_root(e), false);
}

struct place *model_trace(const struct model *m, struct place p, size_t *count)
{
    struct trace t = {.m = m, .of = p};

    follow(&t);
    *count = t.count;
    return t.places;
}

bool model_reads(const struct model *m, struct place reader, struct place read)
{
    struct trace t = {.m = m, .of = reader, .seek = &read};

    follow(&t);
    return t.found;
}

/* What a column is called among the questions about the rows of `path`. */
static const char *field_asked(const struct model *m, const char *path, const struct line *l)
{
    char *other = l->path2 ? mem_printf("%s.%s", path, l->path2) : NULL;
    bool asked = other && model_asks(m, other);

    free(other);
    return asked ? l->path2 : l->path;
}

/* The answer that sets an input: of a row, "products.0.price" (rows from 0, as in the document);
 * of one that is made up, the answer it was made from. */
char *model_fix(const struct model *m, int line, size_t row)
{
    struct place p = {line, row, 0};
    const struct line *l = &m->def->lines[p.line];
    const struct table *t = l->table < 0 ? NULL : &m->def->tables[l->table];
    const char *field;
    size_t part;

    if (!t)
        return mem_str(l->fix);
    if (m->made_up[l->table]) {
        size_t count;
        struct place *places = model_trace(m, p, &count);
        char *fix = NULL;

        for (size_t i = 0; !fix && i < count; i++) {
            const struct line *other = &m->def->lines[places[i].line];

            if (other->kind == LINE_INPUT && other->table < 0)
                fix = mem_str(other->fix);
        }
        free(places);
        return fix ? fix : mem_str(t->paths[0]);
    }
    part = model_part(m, l->table, &p.row);
    field = field_asked(m, t->paths[part], l);
    if (m->single[l->table][part])
        return mem_printf("%s.%s", t->paths[part], field);
    return mem_printf("%s.%zu.%s", t->paths[part], p.row, field);
}

/* The answer that would end a null: down the leftmost null of what it was computed from. Months lean
 * on the same months before them again and again, so a cell is looked at once (`seen`). */
static char *null_fix(const struct model *m, struct place p, bool *seen)
{
    const struct reason *reason = &m->def->reasons[model_why(m, p)];
    size_t cell = cell_at(m, p.line, p.row) + (size_t)p.period, count;
    struct place *places;
    char *fix = NULL;

    if (seen[cell])
        return NULL;
    seen[cell] = true;
    if (m->def->lines[p.line].kind == LINE_INPUT)
        return model_fix(m, p.line, p.row);
    if (reason->fix)
        return mem_str(reason->fix);
    places = model_trace(m, p, &count);
    for (size_t i = 0; !fix && i < count; i++)
        if (model_why(m, places[i]))
            fix = null_fix(m, places[i], seen);
    free(places);
    return fix;
}

char *model_null_fix(const struct model *m, struct place p)
{
    bool *seen = mem_zero(m->cell_count, sizeof *seen);
    char *fix = null_fix(m, p, seen);

    free(seen);
    return fix;
}
