/* expr_parse.c - text to tree by precedence climbing. Both how deep the parser nests and how
 * deep the tree gets are limited, since a chain of a thousand `+` nests nothing and still makes
 * a deep tree; everybody who walks a tree may therefore recurse. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"

#include "expr/expr_token.h"
#include "expr/expr_tree.h"

enum { MOST_BYTES = 64 * 1024, MOST_NESTED = 100, MOST_DEEP = 400, MOST_ARGS = 1024 };
enum { PREC_ELSE = 1, PREC_OR, PREC_AND, PREC_NOT, PREC_COMPARE, PREC_ADD, PREC_MUL };

struct owned { /* nodes, argument lists and names, freed with their expression */
    _Alignas(16) struct owned *next; /* what follows may hold 128-bit numbers */
};

struct expr {
    char *text;   /* what the tokens point into */
    char *source; /* the same on one line */
    char *where;
    struct owned *owned;
    const char **names;
    size_t name_count, name_cap;
    const struct expr_node *root;
};

struct parser {
    struct expr *e;
    struct token_reader reader;
    struct token token; /* the one to be read next */
    int nested;
    struct err *err;
};

static const struct operator
{
    const char *sign;
    enum expr_op op;
    int prec;
}
operators[] = {
    {"??", EXPR_ELSE, PREC_ELSE},  {"or", EXPR_OR, PREC_OR},
    {"and", EXPR_AND, PREC_AND},   {"==", EXPR_EQ, PREC_COMPARE},
    {"=", EXPR_EQ, PREC_COMPARE},  {"!=", EXPR_NE, PREC_COMPARE},
    {"<=", EXPR_LE, PREC_COMPARE}, {">=", EXPR_GE, PREC_COMPARE},
    {"<", EXPR_LT, PREC_COMPARE},  {">", EXPR_GT, PREC_COMPARE},
    {"in", EXPR_IN, PREC_COMPARE}, {"+", EXPR_ADD, PREC_ADD},
    {"-", EXPR_SUB, PREC_ADD},     {"*", EXPR_MUL, PREC_MUL},
    {"/", EXPR_DIV, PREC_MUL},     {"^", EXPR_POW, 0},
    {"not", EXPR_NOT, 0},
};

static struct expr_node *parse_binary(struct parser *p, int least);

const char *expr_op_sign(enum expr_op op)
{
    if (op == EXPR_NEG)
        return "-";
    for (size_t i = 0; i < ARRAY_LEN(operators); i++)
        if (operators[i].op == op && strcmp(operators[i].sign, "==") != 0)
            return operators[i].sign;
    return "";
}

static void fail_at(const struct expr *e, int line, int column, enum err_code code, struct err *err,
                    const char *fmt, va_list args)
{
    char text[200];

    vsnprintf(text, sizeof text, fmt, args);
    if (e->where)
        err_set(err, code, 0, "%s:%d:%d: %s", e->where, line, column, text);
    else if (line > 1)
        err_set(err, code, 0, "line %d, column %d: %s", line, column, text);
    else
        err_set(err, code, 0, "column %d: %s", column, text);
}

bool expr_fail(const struct expr *e, const struct expr_node *node, enum err_code code,
               struct err *err, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    fail_at(e, node->line, node->column, code, err, fmt, args);
    va_end(args);
    return false;
}

/* Returns NULL, so that a failing rule can end in it. */
static void *PRINTF_LIKE(2, 3) stop(struct parser *p, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    fail_at(p->e, p->token.line, p->token.column, ERR_INVALID, p->err, fmt, args);
    va_end(args);
    return NULL;
}

static void *own(struct parser *p, size_t size)
{
    struct owned *o = mem_zero(1, sizeof *o + size);

    o->next = p->e->owned;
    p->e->owned = o;
    return o + 1;
}

static const char *intern(struct parser *p, const char *start, size_t len)
{
    struct expr *e = p->e;
    char *name;

    for (size_t i = 0; i < e->name_count; i++)
        if (strncmp(e->names[i], start, len) == 0 && !e->names[i][len])
            return e->names[i];
    name = own(p, len + 1);
    memcpy(name, start, len);
    e->names = mem_grow(e->names, &e->name_cap, e->name_count + 1, sizeof *e->names);
    e->names[e->name_count++] = name;
    return name;
}

static bool advance(struct parser *p)
{
    const char *problem = "";

    if (token_next(&p->reader, &p->token, &problem))
        return true;
    stop(p, "%s", problem);
    return false;
}

/* Reads `sign`, or says that it is missing. */
static bool expect(struct parser *p, const char *sign)
{
    if (token_is(&p->token, sign))
        return advance(p);
    if (p->token.kind == TOKEN_END)
        stop(p, "the expression ends where \"%s\" is missing", sign);
    else
        stop(p, "\"%.*s\" stands where \"%s\" is missing", (int)p->token.len, p->token.start, sign);
    return false;
}

static struct expr_node *new_node(struct parser *p, enum expr_op op, const struct token *at)
{
    struct expr_node *n = own(p, sizeof *n);

    n->op = op;
    n->line = at->line;
    n->column = at->column;
    n->depth = 1;
    return n;
}

/* Gives `n` its arguments; NULL if the tree gets too deep. */
static struct expr_node *with_args(struct parser *p, struct expr_node *n, struct expr_node **args,
                                   size_t count)
{
    n->args = own(p, count * sizeof *args);
    n->count = count;
    for (size_t i = 0; i < count; i++) {
        n->args[i] = args[i];
        if (args[i]->depth >= n->depth)
            n->depth = args[i]->depth + 1;
    }
    if (n->depth > MOST_DEEP)
        return stop(p, "the expression is too deep: at most %d operations one in another",
                    MOST_DEEP);
    return n;
}

/* Reads expressions up to `close`, which is read too. */
static bool parse_args(struct parser *p, const char *close, struct expr_node *n)
{
    struct expr_node **args = NULL;
    size_t count = 0, cap = 0;
    bool ok = false;

    while (!token_is(&p->token, close)) {
        if (count && !expect(p, ","))
            goto out;
        if (count == MOST_ARGS) {
            stop(p, "a list has at most %d items", MOST_ARGS);
            goto out;
        }
        args = mem_grow(args, &cap, count + 1, sizeof(struct expr_node *));
        args[count] = parse_binary(p, PREC_ELSE);
        if (!args[count++])
            goto out;
    }
    ok = with_args(p, n, args, count) && advance(p);
out:
    free(args);
    return ok;
}

static struct expr_node *parse_text(struct parser *p)
{
    struct expr_node *n = new_node(p, EXPR_TEXT, &p->token);
    const char *s = p->token.start + 1, *end = p->token.start + p->token.len - 1;
    char *out = own(p, p->token.len);

    n->text = out;
    for (; s < end; s++) {
        if (*s == '\\') {
            s++;
            *out++ = *s == 'n' ? '\n' : *s;
        } else {
            *out++ = *s;
        }
    }
    return advance(p) ? n : NULL;
}

/* A whole number up to 9999 with an optional letter before it. */
static bool read_index_number(const char *s, size_t len, int *out)
{
    *out = 0;
    for (size_t i = 0; i < len; i++) {
        if (s[i] < '0' || s[i] > '9' || *out > 999999)
            return false;
        *out = *out * 10 + (s[i] - '0');
    }
    return len > 0;
}

/* One bracket: [-1], [m7], [y2] or, for a row, [2]. */
static bool parse_index(struct parser *p, struct expr_index *index)
{
    static const char allowed[] = "an index is [-1], [m7], [y2] or a row's number from 1";
    bool lag = token_is(&p->token, "-");
    const char *s;
    size_t len;
    int n;

    if (lag && !advance(p))
        return false;
    s = p->token.start;
    len = p->token.len;
    if (p->token.kind == TOKEN_NUM && read_index_number(s, len, &n) && n > 0) {
        if (lag ? index->kind != INDEX_HERE : index->row)
            return stop(p, "%s", allowed) != NULL;
        if (lag) {
            index->kind = INDEX_LAG;
            index->n = -n;
        } else {
            index->row = n;
        }
    } else if (!lag && p->token.kind == TOKEN_NAME && (*s == 'm' || *s == 'y') &&
               index->kind == INDEX_HERE && read_index_number(s + 1, len - 1, &n) && n > 0) {
        index->kind = *s == 'm' ? INDEX_MONTH : INDEX_YEAR;
        index->n = n;
    } else {
        return stop(p, "%s", allowed) != NULL;
    }
    return advance(p) && expect(p, "]");
}

static struct expr_node *parse_name(struct parser *p)
{
    static const struct {
        const char *word;
        enum expr_op op;
        int yes;
    } words[] = {{"true", EXPR_BOOL, 1}, {"false", EXPR_BOOL, 0}, {"null", EXPR_NULL, 0}};
    struct expr_node *n = new_node(p, EXPR_NAME, &p->token);

    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (token_is(&p->token, words[i].word)) {
            n->op = words[i].op;
            n->num = num_from_int(words[i].yes);
        }
    for (size_t i = 0; i < ARRAY_LEN(operators); i++)
        if (token_is(&p->token, operators[i].sign))
            return stop(p, "\"%s\" needs a value before it", operators[i].sign);
    n->text = intern(p, p->token.start, p->token.len);
    if (!advance(p))
        return NULL;
    if (token_is(&p->token, "(") && n->op != EXPR_BOOL) {
        n->op = EXPR_CALL;
        return advance(p) && parse_args(p, ")", n) ? n : NULL;
    }
    while (n->op == EXPR_NAME && token_is(&p->token, "["))
        if (!advance(p) || !parse_index(p, &n->index))
            return NULL;
    return n;
}

static struct expr_node *parse_leaf(struct parser *p)
{
    struct expr_node *n;

    switch (p->token.kind) {
    case TOKEN_NUM:
    case TOKEN_DATE:
        n = new_node(p, p->token.kind == TOKEN_NUM ? EXPR_NUM : EXPR_DATE, &p->token);
        n->num = p->token.num;
        n->unit = p->token.unit;
        n->day = p->token.day;
        return advance(p) ? n : NULL;
    case TOKEN_TEXT:
        return parse_text(p);
    case TOKEN_NAME:
        return parse_name(p);
    case TOKEN_END:
        return stop(p, "the expression ends where a value is missing");
    case TOKEN_SIGN:
        break;
    }
    if (token_is(&p->token, "[")) {
        n = new_node(p, EXPR_LIST, &p->token);
        return advance(p) && parse_args(p, "]", n) ? n : NULL;
    }
    if (!token_is(&p->token, "("))
        return stop(p, "\"%.*s\" stands where a value is missing", (int)p->token.len,
                    p->token.start);
    if (!advance(p))
        return NULL;
    n = parse_binary(p, PREC_ELSE);
    return n && expect(p, ")") ? n : NULL;
}

static struct expr_node *parse_unary(struct parser *p);

/* `^` binds more than the minus before it and is read from the right: -2^2 is -4. */
static struct expr_node *parse_power(struct parser *p)
{
    struct expr_node *args[2] = {parse_leaf(p)}, *n;

    if (!args[0] || !token_is(&p->token, "^"))
        return args[0];
    n = new_node(p, EXPR_POW, &p->token);
    if (!advance(p))
        return NULL;
    args[1] = parse_unary(p);
    return args[1] ? with_args(p, n, args, 2) : NULL;
}

static struct expr_node *parse_unary(struct parser *p)
{
    struct expr_node *n, *arg = NULL;
    bool minus = token_is(&p->token, "-");

    if (p->nested >= MOST_NESTED)
        return stop(p, "the expression is nested too deep: at most %d levels", MOST_NESTED);
    p->nested++;
    if (minus || token_is(&p->token, "not")) {
        n = new_node(p, minus ? EXPR_NEG : EXPR_NOT, &p->token);
        if (advance(p))
            arg = minus ? parse_unary(p) : parse_binary(p, PREC_COMPARE);
        arg = arg ? with_args(p, n, &arg, 1) : NULL;
    } else {
        arg = parse_power(p);
    }
    p->nested--;
    return arg;
}

static const struct operator* find_operator(const struct token *t)
{
    for (size_t i = 0; i < ARRAY_LEN(operators); i++)
        if (operators[i].prec && token_is(t, operators[i].sign))
            return &operators[i];
    return NULL;
}

static struct expr_node *parse_binary(struct parser *p, int least)
{
    struct expr_node *left = parse_unary(p);

    while (left) {
        const struct operator* found = find_operator(&p->token);
        struct expr_node *args[2] = {left}, *n;

        if (!found || found->prec < least)
            break;
        n = new_node(p, found->op, &p->token);
        if (!advance(p))
            return NULL;
        args[1] = parse_binary(p, found->prec + 1);
        left = args[1] ? with_args(p, n, args, 2) : NULL;
    }
    return left;
}

/* A copy with each line end and the blanks around it made one blank. */
static char *on_one_line(const char *text)
{
    char *copy = mem_str(text), *out = copy;

    for (const char *s = text; *s; s++) {
        if (*s != '\n') {
            *out++ = *s;
            continue;
        }
        while (out > copy && out[-1] == ' ')
            out--;
        *out++ = ' ';
        while (s[1] == ' ' || s[1] == '\t')
            s++;
    }
    *out = '\0';
    return copy;
}

struct expr *expr_parse(const char *text, const char *where, int line, int column, struct err *err)
{
    struct expr *e = mem_zero(1, sizeof *e);
    struct parser p = {.e = e, .reader = {NULL, line, column}, .err = err};

    e->where = mem_str(where);
    e->text = mem_strn(text, MOST_BYTES + 1);
    e->source = on_one_line(e->text);
    p.reader.at = e->text;
    if (strlen(e->text) > MOST_BYTES) {
        struct expr_node whole = {.line = line, .column = column};

        expr_fail(e, &whole, ERR_LIMIT, err, "the expression is longer than %d bytes", MOST_BYTES);
        goto fail;
    }
    if (!advance(&p))
        goto fail;
    e->root = parse_binary(&p, PREC_ELSE);
    if (!e->root)
        goto fail;
    if (p.token.kind != TOKEN_END) {
        stop(&p, "\"%.*s\" stands where the expression should end", (int)p.token.len,
             p.token.start);
        goto fail;
    }
    return e;
fail:
    expr_free(e);
    return NULL;
}

void expr_free(struct expr *e)
{
    if (!e)
        return;
    for (struct owned *o = e->owned, *next; o; o = next) {
        next = o->next;
        free(o);
    }
    free(e->names);
    free(e->text);
    free(e->source);
    free(e->where);
    free(e);
}

const struct expr_node *expr_root(const struct expr *e)
{
    return e->root;
}

const char *expr_source(const struct expr *e)
{
    return e->source;
}

static void visit_names(const struct expr_node *n,
                        void (*visit)(void *context, const char *name, struct expr_index index),
                        void *context)
{
    if (n->op == EXPR_NAME)
        visit(context, n->text, n->index);
    for (size_t i = 0; i < n->count; i++)
        visit_names(n->args[i], visit, context);
}

void expr_names(const struct expr *e,
                void (*visit)(void *context, const char *name, struct expr_index index),
                void *context)
{
    visit_names(e->root, visit, context);
}
