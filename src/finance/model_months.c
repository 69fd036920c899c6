/* model_months.c - folds over months for expressions from outside: the argument is evaluated sixty
 * times, in a scope that stands in each month in turn. */
#include "finance/model_months.h"

#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"

#include "expr/expr_tree.h"
#include "finance/model_run.h"
#include "finance/model_scope.h"

struct month_scope {
    struct expr_scope scope; /* first */
    const struct model *m;
    const struct expr_scope *outer;
    int month; /* from 1 */
};

/* The value of a line before month 1. */
static struct value opening_of(const struct model *m, const struct line *l)
{
    size_t cell;

    if (l->opening < 0)
        return value_num(num_from_int(0), l->unit);
    cell = cell_at(m, l->opening, 0);
    return m->why[cell] ? value_null(m->def->reasons[m->why[cell]].code)
                        : value_num((struct num){m->v[cell]}, l->unit);
}

static bool lookup(const struct expr_scope *scope, const char *name, struct expr_index index,
                   struct value *out, struct err *err)
{
    const struct month_scope *s = scope->context;
    int line = def_find(s->m->def, name), month;
    const struct line *l = line < 0 ? NULL : &s->m->def->lines[line];

    if (!l || !l->wide || (index.kind != INDEX_HERE && index.kind != INDEX_LAG))
        return s->outer->lookup(s->outer, name, index, out, err);
    month = s->month + (index.kind == INDEX_LAG ? index.n : 0);
    if (month < 1 && l->table >= 0)
        return err_set(err, ERR_INVALID, 0, "%.80s is read before month 1", name);
    if (month < 1) {
        *out = opening_of(s->m, l);
        return true;
    }
    index.kind = INDEX_MONTH;
    index.n = month;
    return model_value(s->m, name, index, out, err);
}

static bool call(const struct expr_scope *scope, const char *function, const struct value *args,
                 size_t count, struct value *out, struct err *err)
{
    const struct month_scope *s = scope->context;

    if (s->outer->call)
        return s->outer->call(s->outer, function, args, count, out, err);
    return err_set(err, ERR_NOT_FOUND, 0, "there is no function \"%.80s\"", function);
}

static bool fold(const struct expr_scope *scope, const struct expr *e, const struct expr_node *n,
                 struct value *out, struct err *err)
{
    const struct month_scope *s = scope->context;

    return model_fold_months(s->m, s->outer, e, n, out, err);
}

enum month_fold { LOWEST, HIGHEST, TOTAL, FIRST_MONTH, FOLDS };

static enum month_fold fold_named(const char *name)
{
    static const char *const names[FOLDS] = {"lowest", "highest", "total", "first_month"};
    int i = 0;

    while (i < FOLDS && strcmp(names[i], name) != 0)
        i++;
    return (enum month_fold)i;
}

/* Takes the value of one more month into *out; false if it cannot be. */
static bool take(enum month_fold how, int month, const struct value *v, struct value *out)
{
    if (month == 1 || (how == LOWEST && num_cmp(v->num, out->num) < 0) ||
        (how == HIGHEST && num_cmp(v->num, out->num) > 0))
        *out = *v;
    else if (how == TOTAL)
        return num_add(out->num, v->num, &out->num);
    return true;
}

/* years(x) and months(x): the list of a line's years or months. */
static bool list_of(const struct model *m, const struct expr *e, const struct expr_node *n,
                    struct value *out, struct err *err)
{
    const struct expr_node *name = n->count == 1 ? n->args[0] : NULL;
    bool years = n->text[0] == 'y';
    int line = name && name->op == EXPR_NAME ? def_find(m->def, name->text) : -1;
    size_t count = years ? MODEL_YEARS : MODEL_MONTHS;
    struct expr_index index = {.kind = years ? INDEX_YEAR : INDEX_MONTH};

    if (line < 0 || name->index.kind != INDEX_HERE || !m->def->lines[line].wide)
        return expr_fail(e, n, ERR_INVALID, err,
                         "%s() takes the name of a line that changes over time", n->text);
    if (m->def->lines[line].table >= 0 && !name->index.row)
        return expr_fail(e, n, ERR_INVALID, err, "%s() takes one row of it, like %s[1]", n->text,
                         name->text);
    index.row = name->index.row;
    *out = (struct value){.type = VALUE_LIST, .items = mem_zero(count, sizeof *out)};
    for (index.n = 1; out->count < count; out->count++, index.n++)
        if (!model_value(m, name->text, index, &out->items[out->count], err)) {
            value_finish(out);
            return false;
        }
    return true;
}

bool model_fold_months(const struct model *m, const struct expr_scope *outer, const struct expr *e,
                       const struct expr_node *n, struct value *out, struct err *err)
{
    struct month_scope s = {.scope = {lookup, call, &s, fold}, .m = m, .outer = outer};
    enum month_fold how = fold_named(n->text);
    enum value_type wants = how == FIRST_MONTH ? VALUE_BOOL : VALUE_NUM;
    struct value v, kept = {0};

    if (strcmp(n->text, "years") == 0 || strcmp(n->text, "months") == 0)
        return list_of(m, e, n, out, err);
    if (how == FOLDS)
        return err_set(err, ERR_NOT_FOUND, 0, "there is no function \"%.80s\"", n->text);
    if (n->count != 1)
        return expr_fail(e, n, ERR_INVALID, err, "%s() takes 1 argument, not %zu", n->text,
                         n->count);
    for (s.month = 1; s.month <= MODEL_MONTHS; s.month++) {
        if (!expr_eval_node(e, n->args[0], &s.scope, &v, err))
            return false;
        if (v.type == VALUE_NULL) {
            *out = v;
            return true;
        }
        if (v.type != wants) {
            expr_fail(e, n, ERR_INVALID, err, "%s() works on %s, not on %s", n->text,
                      wants == VALUE_BOOL ? "true or false" : "numbers", value_type_name(v.type));
            value_finish(&v);
            return false;
        }
        if (how == FIRST_MONTH && v.yes) {
            *out = value_num(num_from_int(s.month), UNIT_MONTHS);
            return true;
        }
        if (how != FIRST_MONTH && !take(how, s.month, &v, &kept))
            return expr_fail(e, n, ERR_LIMIT, err, "%s() is out of range", n->text);
    }
    *out = how == FIRST_MONTH ? value_null("never") : kept;
    return true;
}
