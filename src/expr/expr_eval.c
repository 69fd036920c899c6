/* expr_eval.c - walks a tree and gives its value. Nulls travel: an operator with a null gives
 * that null, the leftmost of two, with its reason; only `and`, `or`, `??`, if() and is_null()
 * look past one. With a list on either side an operator works item by item. */
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"

#include "expr/expr_call.h"
#include "expr/expr_tree.h"

struct eval {
    const struct expr *expr;
    const struct expr_scope *scope;
    struct err *err;
};

static bool eval(struct eval *e, const struct expr_node *n, struct value *out);

static bool overflow(struct eval *e, const struct expr_node *n)
{
    return expr_fail(e->expr, n, ERR_LIMIT, e->err, "the result of \"%s\" is out of range",
                     expr_op_sign(n->op));
}

static bool mismatch(struct eval *e, const struct expr_node *n, const struct value *a,
                     const struct value *b)
{
    return expr_fail(e->expr, n, ERR_INVALID, e->err, "\"%s\" does not work on %s and %s",
                     expr_op_sign(n->op), value_type_name(a->type), value_type_name(b->type));
}

static bool unit_mismatch(struct eval *e, const struct expr_node *n, const struct value *a,
                          const struct value *b)
{
    return expr_fail(e->expr, n, ERR_INVALID, e->err, "\"%s\" does not work on %s and %s",
                     expr_op_sign(n->op), unit_name(a->unit), unit_name(b->unit));
}

enum truth value_truth(const struct value *v)
{
    if (v->type != VALUE_BOOL)
        return TRUTH_UNKNOWN;
    return v->yes ? TRUTH_YES : TRUTH_NO;
}

static bool divide(struct eval *e, const struct expr_node *n, struct num a, struct num b,
                   struct value *out)
{
    if (num_sign(b) == 0) {
        *out = value_null("division_by_zero");
        return true;
    }
    return num_div(a, b, &out->num) || overflow(e, n);
}

static bool raise_power(struct eval *e, const struct expr_node *n, struct num a, struct num b,
                        struct value *out)
{
    if (num_sign(a) == 0 && num_sign(b) < 0)
        *out = value_null("division_by_zero");
    else if (num_sign(a) < 0 && !num_is_whole(b))
        *out = value_null("no_real_root");
    else
        return num_pow(a, b, &out->num) || overflow(e, n);
    return true;
}

static bool arithmetic(struct eval *e, const struct expr_node *n, const struct value *a,
                       const struct value *b, struct value *out)
{
    enum unit unit = a->unit;
    bool fits = true;

    if (n->op == EXPR_MUL)
        fits = unit_of_product(a->unit, b->unit, &unit);
    else if (n->op == EXPR_DIV)
        fits = unit_of_quotient(a->unit, b->unit, &unit);
    else if (n->op != EXPR_POW)
        fits = unit_of_sum(a->unit, b->unit, &unit);
    if (!fits)
        return unit_mismatch(e, n, a, b);
    *out = value_num(num_from_int(0), unit);
    switch (n->op) {
    case EXPR_ADD:
        return num_add(a->num, b->num, &out->num) || overflow(e, n);
    case EXPR_SUB:
        return num_sub(a->num, b->num, &out->num) || overflow(e, n);
    case EXPR_MUL:
        return num_mul(a->num, b->num, &out->num) || overflow(e, n);
    case EXPR_DIV:
        return divide(e, n, a->num, b->num, out);
    default:
        return raise_power(e, n, a->num, b->num, out);
    }
}

/* Days between two dates, or a date some days on. */
static bool date_arithmetic(struct eval *e, const struct expr_node *n, const struct value *a,
                            const struct value *b, struct value *out)
{
    struct num day;

    if (n->op == EXPR_SUB && b->type == VALUE_DATE) {
        *out = value_num(num_from_int((int64_t)a->day - b->day), UNIT_COUNT);
        return true;
    }
    if (b->type != VALUE_NUM || (n->op != EXPR_ADD && n->op != EXPR_SUB))
        return mismatch(e, n, a, b);
    if (!(n->op == EXPR_ADD ? num_add : num_sub)(num_from_int(a->day), num_floor(b->num), &day) ||
        num_cmp(day, num_from_int(2932896)) > 0 || num_cmp(day, num_from_int(-719162)) < 0)
        return overflow(e, n); /* years 1 to 9999 */
    *out = value_date((int32_t)(day.v / num_from_int(1).v));
    return true;
}

static bool ordered(enum expr_op op, int order)
{
    switch (op) {
    case EXPR_EQ:
        return order == 0;
    case EXPR_NE:
        return order != 0;
    case EXPR_LT:
        return order < 0;
    case EXPR_LE:
        return order <= 0;
    case EXPR_GT:
        return order > 0;
    default:
        return order >= 0;
    }
}

/* How `a` stands to `b`, both not null: below 0, 0 or above. */
static bool compare(struct eval *e, const struct expr_node *n, const struct value *a,
                    const struct value *b, int *order)
{
    int32_t day_a, day_b;
    enum unit unit;

    if ((a->type == VALUE_DATE || b->type == VALUE_DATE) && value_as_date(a, &day_a) &&
        value_as_date(b, &day_b)) {
        *order = (day_a > day_b) - (day_a < day_b);
        return true;
    }
    if (a->type != b->type || a->type == VALUE_LIST)
        return mismatch(e, n, a, b);
    if (a->type == VALUE_NUM) {
        if (!unit_of_sum(a->unit, b->unit, &unit))
            return unit_mismatch(e, n, a, b);
        *order = num_cmp(a->num, b->num);
        return true;
    }
    if (n->op != EXPR_EQ && n->op != EXPR_NE && n->op != EXPR_IN)
        return mismatch(e, n, a, b);
    *order = a->type == VALUE_BOOL ? a->yes != b->yes : strcmp(a->text, b->text);
    return true;
}

/* True if an item equals; else null if one is null; else false. */
static bool in_list(struct eval *e, const struct expr_node *n, const struct value *a,
                    const struct value *list, struct value *out)
{
    const struct value *null = NULL;

    for (size_t i = 0; i < list->count; i++) {
        const struct value *item = &list->items[i];
        int order;

        if (item->type == VALUE_NULL) {
            null = null ? null : item;
            continue;
        }
        if (!compare(e, n, a, item, &order))
            return false;
        if (order == 0) {
            *out = value_bool(true);
            return true;
        }
    }
    *out = null ? value_copy(null) : value_bool(false);
    return true;
}

static bool logic(struct eval *e, const struct expr_node *n, const struct value *a,
                  const struct value *b, struct value *out)
{
    bool decides = n->op == EXPR_OR; /* true decides `or`, false decides `and` */

    if ((a->type != VALUE_BOOL && a->type != VALUE_NULL) ||
        (b->type != VALUE_BOOL && b->type != VALUE_NULL))
        return mismatch(e, n, a, b);
    if ((a->type == VALUE_BOOL && a->yes == decides) ||
        (b->type == VALUE_BOOL && b->yes == decides))
        *out = value_bool(decides);
    else if (a->type == VALUE_NULL || b->type == VALUE_NULL)
        *out = value_copy(a->type == VALUE_NULL ? a : b);
    else
        *out = value_bool(!decides);
    return true;
}

static bool apply(struct eval *e, const struct expr_node *n, const struct value *a,
                  const struct value *b, struct value *out);

/* A list with each item of one side, or of both in step; `in` looks for each item of the left in
 * the whole right. */
static bool apply_items(struct eval *e, const struct expr_node *n, const struct value *a,
                        const struct value *b, struct value *out)
{
    bool list_a = a->type == VALUE_LIST, list_b = b->type == VALUE_LIST && n->op != EXPR_IN;
    size_t count = list_a ? a->count : b->count;

    if (list_a && list_b && a->count != b->count)
        return expr_fail(e->expr, n, ERR_INVALID, e->err,
                         "\"%s\" needs lists of the same length, not %zu and %zu items",
                         expr_op_sign(n->op), a->count, b->count);
    *out = (struct value){.type = VALUE_LIST, .items = mem_zero(count, sizeof *out)};
    for (; out->count < count; out->count++)
        if (!apply(e, n, list_a ? &a->items[out->count] : a, list_b ? &b->items[out->count] : b,
                   &out->items[out->count])) {
            value_finish(out);
            return false;
        }
    return true;
}

static bool apply(struct eval *e, const struct expr_node *n, const struct value *a,
                  const struct value *b, struct value *out)
{
    int order;

    if (n->op == EXPR_IN && a->type != VALUE_LIST && a->type != VALUE_NULL && b->type == VALUE_LIST)
        return in_list(e, n, a, b, out);
    if (a->type == VALUE_LIST || (b->type == VALUE_LIST && n->op != EXPR_IN))
        return apply_items(e, n, a, b, out);
    if (n->op == EXPR_AND || n->op == EXPR_OR)
        return logic(e, n, a, b, out);
    if (a->type == VALUE_NULL || b->type == VALUE_NULL) {
        *out = value_copy(a->type == VALUE_NULL ? a : b);
        return true;
    }
    if (n->op == EXPR_IN)
        return mismatch(e, n, a, b);
    if (n->op >= EXPR_EQ && n->op <= EXPR_GE) {
        if (!compare(e, n, a, b, &order))
            return false;
        *out = value_bool(ordered(n->op, order));
        return true;
    }
    if (a->type == VALUE_DATE)
        return date_arithmetic(e, n, a, b, out);
    if (a->type != VALUE_NUM || b->type != VALUE_NUM)
        return mismatch(e, n, a, b);
    return arithmetic(e, n, a, b, out);
}

static bool eval_binary(struct eval *e, const struct expr_node *n, struct value *out)
{
    struct value a = {0}, b = {0};
    bool ok;

    if (!eval(e, n->args[0], &a))
        return false;
    if ((n->op == EXPR_ELSE && a.type != VALUE_NULL) ||
        ((n->op == EXPR_AND || n->op == EXPR_OR) && a.type == VALUE_BOOL &&
         a.yes == (n->op == EXPR_OR))) {
        *out = a; /* decided by the left side alone */
        return true;
    }
    ok = eval(e, n->args[1], &b);
    if (ok && n->op == EXPR_ELSE) {
        value_finish(&a);
        *out = b;
        return true;
    }
    ok = ok && apply(e, n, &a, &b, out);
    value_finish(&a);
    value_finish(&b);
    return ok;
}

/* Turns one value, or each item of a list, round. */
static bool turn(struct eval *e, const struct expr_node *n, struct value *v)
{
    if (v->type == VALUE_LIST) {
        for (size_t i = 0; i < v->count; i++)
            if (!turn(e, n, &v->items[i]))
                return false;
    } else if (v->type == VALUE_NUM && n->op == EXPR_NEG) {
        v->num.v = -v->num.v;
    } else if (v->type == VALUE_BOOL && n->op == EXPR_NOT) {
        v->yes = !v->yes;
    } else if (v->type != VALUE_NULL) {
        return expr_fail(e->expr, n, ERR_INVALID, e->err, "\"%s\" does not work on %s",
                         expr_op_sign(n->op), value_type_name(v->type));
    }
    return true;
}

static bool eval_args(struct eval *e, const struct expr_node *n, struct value **out)
{
    struct value *args = mem_zero(n->count, sizeof *args);

    *out = args;
    for (size_t i = 0; i < n->count; i++)
        if (!eval(e, n->args[i], &args[i]))
            return false;
    return true;
}

static void finish_args(struct value *args, size_t count)
{
    for (size_t i = 0; i < count; i++)
        value_finish(&args[i]);
    free(args);
}

static bool eval_list(struct eval *e, const struct expr_node *n, struct value *out)
{
    struct value *items = NULL;

    if (!eval_args(e, n, &items)) {
        finish_args(items, n->count);
        return false;
    }
    *out = (struct value){.type = VALUE_LIST, .items = items, .count = n->count};
    return true;
}

static bool eval_if(struct eval *e, const struct expr_node *n, struct value *out)
{
    struct value c = {0};

    if (!eval(e, n->args[0], &c))
        return false;
    if (c.type == VALUE_NULL) {
        *out = c;
        return true;
    }
    if (c.type != VALUE_BOOL) {
        expr_fail(e->expr, n, ERR_INVALID, e->err, "if() asks whether something is so, not %s",
                  value_type_name(c.type));
        value_finish(&c);
        return false;
    }
    return eval(e, n->args[c.yes ? 1 : 2], out);
}

static bool run_builtin(struct eval *e, const struct expr_node *n, const struct builtin *f,
                        const struct value *args, struct value *out)
{
    struct call call = {e->expr, n};

    if (!(f->flags & BUILTIN_NULLS))
        for (size_t i = 0; i < n->count; i++)
            if (args[i].type == VALUE_NULL) {
                *out = value_copy(&args[i]);
                return true;
            }
    if ((f->flags & BUILTIN_MAPS) && args[0].type == VALUE_LIST) {
        struct value *mine = mem_copy(args, n->count * sizeof *args);
        bool ok = true;

        *out = (struct value){.type = VALUE_LIST, .items = mem_zero(args[0].count, sizeof *out)};
        for (; ok && out->count < args[0].count; out->count++) {
            mine[0] = args[0].items[out->count];
            ok = run_builtin(e, n, f, mine, &out->items[out->count]);
        }
        free(mine);
        if (!ok)
            value_finish(out);
        return ok;
    }
    return f->run(&call, args, n->count, out, e->err);
}

static bool run_scope_call(struct eval *e, const struct expr_node *n, const struct value *args,
                           struct value *out)
{
    if (!e->scope || !e->scope->call)
        return expr_fail(e->expr, n, ERR_INVALID, e->err, "there is no function \"%s\"", n->text);
    if (e->scope->call(e->scope, n->text, args, n->count, out, e->err))
        return true;
    if (e->err->code == ERR_NOT_FOUND)
        return expr_fail(e->expr, n, ERR_INVALID, e->err, "there is no function \"%s\"", n->text);
    return expr_fail(e->expr, n, e->err->code, e->err, "%s", e->err->msg);
}

static bool eval_call(struct eval *e, const struct expr_node *n, struct value *out)
{
    const struct builtin *f = builtin_find(n->text);
    struct value *args = NULL;
    struct err why = {0};
    bool ok;

    if (e->scope && e->scope->fold) {
        if (e->scope->fold(e->scope, e->expr, n, out, &why))
            return true;
        if (why.code != ERR_NOT_FOUND)
            return (*e->err = why, false);
    }
    if (f && (n->count < f->least || (f->most && n->count > f->most)))
        return f->least == f->most ? expr_fail(e->expr, n, ERR_INVALID, e->err,
                                               "%s() takes %zu argument%s, not %zu", n->text,
                                               f->least, f->least == 1 ? "" : "s", n->count)
                                   : expr_fail(e->expr, n, ERR_INVALID, e->err,
                                               "%s() takes at least %zu argument%s%s, not %zu",
                                               n->text, f->least, f->least == 1 ? "" : "s",
                                               f->most ? " and not so many" : "", n->count);
    if (f && strcmp(n->text, "if") == 0)
        return eval_if(e, n, out);
    ok = eval_args(e, n, &args) &&
         (f ? run_builtin(e, n, f, args, out) : run_scope_call(e, n, args, out));
    finish_args(args, n->count);
    return ok;
}

static bool eval_name(struct eval *e, const struct expr_node *n, struct value *out)
{
    struct err why = {0};

    if (e->scope && e->scope->lookup(e->scope, n->text, n->index, out, &why))
        return true;
    if ((!e->scope || why.code == ERR_NOT_FOUND) && strcmp(n->text, "money") == 0) {
        *out = value_num(num_from_int(2), UNIT_NONE); /* decimals, unless a plan says other */
        return true;
    }
    if (!e->scope)
        return expr_fail(e->expr, n, ERR_NOT_FOUND, e->err, "there is nothing called \"%s\"",
                         n->text);
    return expr_fail(e->expr, n, why.code, e->err, "%s", why.msg);
}

static bool eval(struct eval *e, const struct expr_node *n, struct value *out)
{
    switch (n->op) {
    case EXPR_NUM:
        *out = value_num(n->num, n->unit);
        return true;
    case EXPR_TEXT:
        *out = value_text(n->text);
        return true;
    case EXPR_DATE:
        *out = value_date(n->day);
        return true;
    case EXPR_BOOL:
        *out = value_bool(num_sign(n->num) != 0);
        return true;
    case EXPR_NULL:
        *out = value_null("null");
        return true;
    case EXPR_LIST:
        return eval_list(e, n, out);
    case EXPR_NAME:
        return eval_name(e, n, out);
    case EXPR_CALL:
        return eval_call(e, n, out);
    case EXPR_NEG:
    case EXPR_NOT:
        if (!eval(e, n->args[0], out))
            return false;
        if (turn(e, n, out))
            return true;
        value_finish(out);
        return false;
    default:
        return eval_binary(e, n, out);
    }
}

bool expr_eval_node(const struct expr *x, const struct expr_node *node,
                    const struct expr_scope *scope, struct value *out, struct err *err)
{
    struct eval e = {x, scope, err};

    *out = (struct value){0};
    if (eval(&e, node, out))
        return true;
    *out = (struct value){0};
    return false;
}

bool expr_eval(const struct expr *x, const struct expr_scope *scope, struct value *out,
               struct err *err)
{
    return expr_eval_node(x, expr_root(x), scope, out, err);
}
