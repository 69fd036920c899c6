/* expr_tree.h - a parsed expression as a tree: for the evaluator and for those that compile it
 * further (the model). Nodes never change after parsing; names are interned in their expression,
 * so that equal ones are one pointer. */
#ifndef STRATTIO_EXPR_EXPR_TREE_H
#define STRATTIO_EXPR_EXPR_TREE_H

#include <stddef.h>
#include <stdint.h>

#include "strattio/err.h"

#include "expr/expr.h"

enum expr_op {
    EXPR_NUM,
    EXPR_TEXT,
    EXPR_DATE,
    EXPR_BOOL,
    EXPR_NULL,
    EXPR_LIST,
    EXPR_NAME,
    EXPR_CALL,
    EXPR_NEG,
    EXPR_NOT,
    EXPR_ADD,
    EXPR_SUB,
    EXPR_MUL,
    EXPR_DIV,
    EXPR_POW,
    EXPR_EQ,
    EXPR_NE,
    EXPR_LT,
    EXPR_LE,
    EXPR_GT,
    EXPR_GE,
    EXPR_IN,
    EXPR_AND,
    EXPR_OR,
    EXPR_ELSE, /* a ?? b */
};

struct expr_node {
    enum expr_op op;
    enum unit unit;   /* of a number */
    struct num num;   /* EXPR_NUM; EXPR_BOOL as 0 or 1 */
    int32_t day;      /* EXPR_DATE */
    const char *text; /* EXPR_TEXT; the name of EXPR_NAME and EXPR_CALL */
    struct expr_index index;
    struct expr_node **args;
    size_t count;
    int depth;        /* 1 for a leaf: what recursion over it needs */
    int line, column; /* in its file */
};

const struct expr_node *expr_root(const struct expr *e);
const char *expr_op_sign(enum expr_op op); /* "+"; "" for one that has none */

/* expr_eval() of a part of `e`. */
MUST_USE bool expr_eval_node(const struct expr *e, const struct expr_node *node,
                             const struct expr_scope *scope, struct value *out, struct err *err);

/* False with "WHERE:LINE:COLUMN: ..." about `node`. */
bool expr_fail(const struct expr *e, const struct expr_node *node, enum err_code code,
               struct err *err, const char *fmt, ...) PRINTF_LIKE(5, 6);

#endif
