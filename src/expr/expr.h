/* expr.h - the one expression language of models, rule packs and templates.
 * Precedence, low to high: `??`, `or`, `and`, `not`, comparisons (= == != < <= > >= in), `+ -`,
 * `* /`, unary `-`, `^`, then calls, names with an index, literals (12.5, 6%, "text",
 * 2026-04-01, [1, 2], true, false, null). `if(c, a, b)` is a function. Names are dotted; an
 * index is x[-1], x[m7], x[y2]. A figure of one row of a table names the row first, from 1:
 * products.price[2], products.revenue[2][y1]; without a row it is the list of all rows.
 * Operators work item by item on lists, so that any(staff.salary < 0) and
 * sum(products.revenue[y1]) mean what they say; `in` looks for each item of its left in the whole
 * of its right. */
#ifndef STRATTIO_EXPR_EXPR_H
#define STRATTIO_EXPR_EXPR_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"

#include "expr/value.h"

struct err;
struct strbuf;
struct expr_node;
struct expr; /* immutable once parsed; any thread may evaluate it */

enum expr_index_kind { INDEX_HERE, INDEX_LAG, INDEX_MONTH, INDEX_YEAR };
struct expr_index {
    enum expr_index_kind kind;
    int n;   /* lag (negative), month or year from 1 */
    int row; /* of a table, from 1; 0 if none is named */
};

/* Where names get their values. `lookup` gives the value of a name it knows, null with a reason
 * for what is not stated ("input_missing"), or fails with ERR_NOT_FOUND for a name nobody
 * declared. `call` may be NULL; it offers functions beyond the built-in ones (returns
 * ERR_NOT_FOUND for those it lacks). */
struct expr_scope {
    bool (*lookup)(const struct expr_scope *scope, const char *name, struct expr_index index,
                   struct value *out, struct err *err);
    bool (*call)(const struct expr_scope *scope, const char *function, const struct value *args,
                 size_t count, struct value *out, struct err *err);
    const void *context;
    /* A call that evaluates its arguments itself (expr_eval_node), say month by month. May be NULL;
     * returns ERR_NOT_FOUND for functions it leaves to the others. */
    bool (*fold)(const struct expr_scope *scope, const struct expr *e, const struct expr_node *call,
                 struct value *out, struct err *err);
};

/* `where` and `line`, `column` place the text in its file for messages ("plan.model:12:9: ..."). Of
 * one that somebody typed `where` is NULL ("column 9: ..."). */
MUST_USE struct expr *expr_parse(const char *text, const char *where, int line, int column,
                                 struct err *err);
void expr_free(struct expr *e);

const char *expr_source(const struct expr *e); /* as written, on one line */

/* Calls `visit` for each name used, in order, with its index. */
void expr_names(const struct expr *e,
                void (*visit)(void *context, const char *name, struct expr_index index),
                void *context);

/* ERR_INVALID for a type or unit mismatch, ERR_LIMIT for overflow (naming the operation), and
 * what `scope` fails with. Finish *out. */
MUST_USE bool expr_eval(const struct expr *e, const struct expr_scope *scope, struct value *out,
                        struct err *err);

/* `a and b` over {true, false, null}: for callers that want a test's outcome. */
enum truth { TRUTH_NO, TRUTH_YES, TRUTH_UNKNOWN };
enum truth value_truth(const struct value *v);

#endif
