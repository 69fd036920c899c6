/* expr_call.h - the functions every expression has. */
#ifndef STRATTIO_EXPR_EXPR_CALL_H
#define STRATTIO_EXPR_EXPR_CALL_H

#include <stdbool.h>
#include <stddef.h>

#include "expr/expr_tree.h"

/* One call being evaluated: where it stands, for messages. */
struct call {
    const struct expr *expr;
    const struct expr_node *node;
};

struct builtin {
    const char *name;
    size_t least, most; /* arguments; most 0 is any number */
    unsigned flags;
    bool (*run)(const struct call *call, const struct value *args, size_t count, struct value *out,
                struct err *err);
};
enum {
    BUILTIN_MAPS = 1u << 0,  /* with a list first, works item by item */
    BUILTIN_NULLS = 1u << 1, /* looks at nulls itself; the others give the leftmost null back */
};

extern const struct builtin builtins_finance[]; /* expr_finance.c; ends with a NULL name */

const struct builtin *builtin_find(const char *name); /* NULL if there is none */

/* The same, out of range: ERR_LIMIT. */
bool call_overflow(const struct call *call, struct err *err);
/* ERR_INVALID "round() takes a number first, not text". `at` counts from 0. */
bool call_wrong(const struct call *call, size_t at, const char *wants, const struct value *got,
                struct err *err);

/* A date, also when written as text; false if `v` is neither. */
bool value_as_date(const struct value *v, int32_t *day);

#endif
