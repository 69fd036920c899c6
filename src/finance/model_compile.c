/* model_compile.c - formulas to programs for a stack of operands. Types and units are checked
 * here, once, so that a run checks nothing but range and null. What a fold over rows or months
 * is asked of gets a hidden line of its own, so that a run only ever folds lines. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"

#include "finance/model_def.h"
#include "finance/rates.h"

struct kind {             /* of an operand */
    enum value_type type; /* VALUE_NULL fits every other */
    enum unit unit;
};

struct compiler {
    struct model_def *def;
    int line;  /* the one whose formula this is */
    int table; /* whose row is computed, -1: none */
    bool wide; /* may it read what changes over time? */
    struct program *program;
    const struct expr *expr;
    int depth;
    struct err *err;
};

static bool compile(struct compiler *c, const struct expr_node *n, struct kind *out);
static bool compile_line(struct model_def *def, int index, struct err *err);

static bool PRINTF_LIKE(3, 4)
    wrong(struct compiler *c, const struct expr_node *n, const char *fmt, ...)
{
    char text[160];
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    return expr_fail(c->expr, n, ERR_INVALID, c->err, "%s", text);
}

/* Appends an instruction that takes `takes` operands and leaves one. */
static bool emit(struct compiler *c, const struct expr_node *n, int takes, struct instr instr)
{
    struct program *p = c->program;

    p->code = mem_grow(p->code, &p->cap, p->count + 1, sizeof *p->code);
    p->code[p->count++] = instr;
    c->depth += 1 - takes;
    if (c->depth > p->depth)
        p->depth = c->depth;
    return p->depth <= PROGRAM_DEPTH_MOST ||
           wrong(c, n, "the formula is too deep: split it in two lines");
}

static void need(struct compiler *c, int line, enum need when)
{
    struct line *l = &c->def->lines[c->line];

    for (size_t i = 0; i < l->need_count; i++)
        if (l->needs[i].line == line && l->needs[i].need == when)
            return;
    l->needs = mem_grow(l->needs, &l->need_cap, l->need_count + 1, sizeof *l->needs);
    l->needs[l->need_count++] = (struct dependency){line, when};
}

static const char *kind_name(struct kind k)
{
    return k.type == VALUE_NUM ? unit_name(k.unit) : value_type_name(k.type);
}

/* ---- names ----------------------------------------------------------------------------------- */

/* A dated rate becomes a line when first named. -1 if `name` is none; -2 on failure. */
static int rate_line(struct compiler *c, const char *name)
{
    struct model_def *def = c->def;
    int rate = strncmp(name, "rates.", 6) == 0 ? rates_find(def->rates, name + 6) : -1, line;

    if (rate < 0)
        return -1;
    line = def_add(def, name, def->lines[c->line].node, c->err);
    if (line < 0)
        return -2;
    def->lines[line].label = rates_label(def->rates, rate);
    def->lines[line].native = NATIVE_RATE;
    def->lines[line].rate = rate;
    def->lines[line].kind = LINE_STOCK;
    def->lines[line].unit = rates_unit(def->rates, rate);
    def->lines[line].wide = true;
    return line;
}

static int find_name(struct compiler *c, const char *name)
{
    int line = -1;

    if (c->table >= 0 && !strchr(name, '.'))
        line = def_find_in(c->def, c->table, name);
    if (line < 0)
        line = def_find(c->def, name);
    return line < 0 ? rate_line(c, name) : line;
}

static int resolve(struct compiler *c, const struct expr_node *n)
{
    int line = find_name(c, n->text);
    const struct line *l = line < 0 ? NULL : &c->def->lines[line];

    if (line == -1)
        wrong(c, n, "there is nothing called \"%s\"", n->text);
    if (!l)
        return -1;
    if (n->index.row ? l->table < 0 : l->table >= 0 && l->table != c->table) {
        if (n->index.row)
            wrong(c, n, "\"%s\" has no rows", n->text);
        else
            wrong(c, n, "\"%s\" has a value for each row; use it inside sum(), min(), max()",
                  n->text);
        return -1;
    }
    return line;
}

static bool compile_name(struct compiler *c, const struct expr_node *n, struct kind *out)
{
    struct instr instr = {.op = VM_LOAD, .row = n->index.row};
    const struct line *l;

    if (strcmp(n->text, "money") == 0)
        return wrong(c, n, "\"money\" stands for the decimals of round(x, money) only");
    instr.line = resolve(c, n);
    if (instr.line < 0)
        return false;
    l = &c->def->lines[instr.line];
    *out = (struct kind){l->type, l->unit};
    if (n->index.kind != INDEX_HERE && !l->wide)
        return wrong(c, n, "\"%s\" does not change over time, so it takes no month or year",
                     n->text);
    if (n->index.kind == INDEX_HERE || n->index.kind == INDEX_LAG) {
        if (l->wide && !c->wide)
            return wrong(c, n, "which month or year of \"%s\"? Write %s[m1] or %s[y1]", n->text,
                         n->text, n->text);
        instr.op = n->index.kind == INDEX_LAG ? VM_LAG : VM_LOAD;
        instr.n = n->index.n;
        if (instr.op == VM_LAG && l->opening >= 0)
            need(c, l->opening, NEED_NOW);
    } else {
        bool month = n->index.kind == INDEX_MONTH;

        if (n->index.n > (month ? MODEL_MONTHS : MODEL_YEARS))
            return wrong(c, n, "the model has %d months and %d years", MODEL_MONTHS, MODEL_YEARS);
        instr.op = VM_AT;
        instr.n = month ? n->index.n - 1 : MODEL_MONTHS + n->index.n - 1;
    }
    need(c, instr.line,
         instr.op == VM_LAG  ? NEED_BEFORE
         : instr.op == VM_AT ? NEED_WHOLE
         : instr.row         ? NEED_WHOLE
                             : NEED_NOW);
    return emit(c, n, 0, instr);
}

/* ---- hidden lines ---------------------------------------------------------------------------- */

/* Does `n` read something that changes over time, without saying when? And rows of which table? */
static bool look_through(struct compiler *c, const struct expr_node *n, int *table, bool *wide)
{
    int line;

    if (n->op == EXPR_CALL &&
        (strcmp(n->text, "lowest") == 0 || strcmp(n->text, "highest") == 0 ||
         strcmp(n->text, "total") == 0 || strcmp(n->text, "first_month") == 0))
        return true; /* one value, whatever it reads */
    for (size_t i = 0; i < n->count; i++)
        if (!look_through(c, n->args[i], table, wide))
            return false;
    if (n->op != EXPR_NAME || strcmp(n->text, "money") == 0)
        return true;
    line = find_name(c, n->text);
    if (line < 0)
        return line == -2 ? false : wrong(c, n, "there is nothing called \"%s\"", n->text);
    if (c->def->lines[line].table >= 0 && !n->index.row) {
        if (*table >= 0 && *table != c->def->lines[line].table)
            return wrong(c, n, "one sum cannot go over the rows of two tables");
        *table = c->def->lines[line].table;
    }
    if (c->def->lines[line].wide && (n->index.kind == INDEX_HERE || n->index.kind == INDEX_LAG))
        *wide = true;
    return true;
}

/* A line for the expression `n`: a plain name is its own. -1 on failure. */
static int line_for(struct compiler *c, const struct expr_node *n, int table, bool wide)
{
    struct model_def *def = c->def;
    char *name;
    int line, plain = -1;

    if (n->op == EXPR_NAME && n->index.kind == INDEX_HERE && !n->index.row)
        plain = find_name(c, n->text);
    if (plain >= 0)
        return plain;
    name = mem_printf("#%zu", def->line_count);
    line = def_add(def, name, def->lines[c->line].node, c->err);
    free(name);
    if (line < 0)
        return -1;
    def->lines[line].hidden = true;
    def->lines[line].label = def->lines[c->line].label;
    def->lines[line].null_reason = def->lines[c->line].null_reason;
    def->lines[line].kind = wide ? LINE_RATIO : LINE_FIGURE;
    def->lines[line].wide = wide;
    def->lines[line].table = table;
    def->lines[line].root = n;
    def->lines[line].part_of = c->expr;
    return compile_line(def, line, c->err) ? line : -1;
}

static bool fold_kind(struct compiler *c, const struct expr_node *n, enum fold fold, int line,
                      struct kind *out)
{
    struct kind k = {c->def->lines[line].type, c->def->lines[line].unit};
    bool truth = fold == FOLD_ANY || fold == FOLD_ALL || fold == FOLD_FIRST;

    if (fold == FOLD_COUNT)
        k = (struct kind){VALUE_NUM, UNIT_COUNT};
    else if (truth ? k.type != VALUE_BOOL : k.type != VALUE_NUM)
        return wrong(c, n, "%s() works on %s, not on %s", n->text,
                     truth ? "true or false" : "numbers", value_type_name(k.type));
    if (fold == FOLD_FIRST)
        k = (struct kind){VALUE_NUM, UNIT_MONTHS};
    *out = k;
    return true;
}

static bool compile_fold(struct compiler *c, const struct expr_node *n, enum vm_op op,
                         enum fold fold, struct kind *out)
{
    int table = -1, line;
    bool wide = false;

    if (n->count != 1)
        return wrong(c, n, "%s() takes one argument here", n->text);
    if (!look_through(c, n->args[0], &table, &wide))
        return false;
    if (op == VM_ROWS && table < 0)
        return wrong(c, n, "%s() with one argument goes over the rows of a table", n->text);
    if (op == VM_MONTHS && (table >= 0 || !wide))
        return wrong(c, n, "%s() goes over the months of a line that changes over time", n->text);
    if (op == VM_ROWS && wide && !c->wide)
        return wrong(c, n, "which month or year? Write [m1] or [y1] after the names");
    line = line_for(c, n->args[0], table, wide);
    if (line < 0 || !fold_kind(c, n, fold, line, out))
        return false;
    if (op == VM_MONTHS && fold == FOLD_SUM && c->def->lines[line].type != VALUE_NUM)
        return wrong(c, n, "total() works on numbers");
    need(c, line, op == VM_MONTHS ? NEED_WHOLE : NEED_NOW);
    return emit(
        c, n, 0,
        (struct instr){
            .op = op, .line = line, .n = (int)fold, .k = c->def->lines[c->line].null_reason});
}

/* The line whose name is the first argument of ytd(), so_far() or delayed(). -1 on failure. */
static int compile_past(struct compiler *c, const struct expr_node *n, struct kind *out)
{
    const struct expr_node *name = n->count ? n->args[0] : NULL;
    int line;

    if (!name || name->op != EXPR_NAME || name->index.kind != INDEX_HERE || !c->wide) {
        wrong(c, n, "%s() takes the name of a line, in a line that changes over time", n->text);
        return -1;
    }
    line = resolve(c, name);
    if (line < 0)
        return -1;
    if (!c->def->lines[line].wide || c->def->lines[line].type != VALUE_NUM ||
        (c->def->lines[line].kind != LINE_FLOW && strcmp(n->text, "delayed") != 0)) {
        wrong(c, n, "%s() takes %s", n->text,
              strcmp(n->text, "delayed") == 0 ? "a line of numbers" : "a flow");
        return -1;
    }
    *out = (struct kind){VALUE_NUM, c->def->lines[line].unit};
    need(c, line, NEED_NOW);
    return line;
}

static bool compile_sum_of_past(struct compiler *c, const struct expr_node *n, enum vm_op op,
                                struct kind *out)
{
    int line = compile_past(c, n, out);

    if (line >= 0 && n->count != 1)
        return wrong(c, n, "%s() takes 1 argument, not %zu", n->text, n->count);
    return line >= 0 && emit(c, n, 0, (struct instr){.op = op, .line = line});
}

static bool compile_delayed(struct compiler *c, const struct expr_node *n, struct kind *out)
{
    int line = compile_past(c, n, out);
    struct kind months;

    if (line < 0)
        return false;
    if (n->count != 2 || c->def->lines[c->line].kind == LINE_RATIO)
        return wrong(c, n, "delayed() takes a line and a number of months, in a flow or a stock");
    if (!compile(c, n->args[1], &months))
        return false;
    if (months.type != VALUE_NUM || months.unit == UNIT_MONEY)
        return wrong(c, n, "delayed() takes a number of months, not %s", kind_name(months));
    return emit(c, n, 1, (struct instr){.op = VM_DELAYED, .line = line});
}

/* ---- operators ------------------------------------------------------------------------------- */

/* Makes two operands one kind, for a sum, a comparison, or the branches of a choice. */
static bool unify(struct compiler *c, const struct expr_node *n, struct kind a, struct kind b,
                  struct kind *out)
{
    const char *what = n->op == EXPR_CALL ? n->text : expr_op_sign(n->op);

    *out = a.type == VALUE_NULL ? b : a;
    if (a.type == VALUE_NULL || b.type == VALUE_NULL)
        return true;
    if (a.type != b.type || !unit_of_sum(a.unit, b.unit, &out->unit))
        return wrong(c, n, "\"%s\" does not work on %s and %s", what, kind_name(a), kind_name(b));
    return true;
}

static bool want(struct compiler *c, const struct expr_node *n, struct kind k, enum value_type type)
{
    return k.type == type || k.type == VALUE_NULL ||
           wrong(c, n, "\"%s\" does not work on %s",
                 n->op == EXPR_CALL ? n->text : expr_op_sign(n->op), kind_name(k));
}

static bool compile_two(struct compiler *c, const struct expr_node *n, struct kind *a,
                        struct kind *b)
{
    return compile(c, n->args[0], a) && compile(c, n->args[1], b);
}

static bool compile_arithmetic(struct compiler *c, const struct expr_node *n, struct kind *out)
{
    static const enum vm_op ops[] = {VM_ADD, VM_SUB, VM_MUL, VM_DIV, VM_POW};
    struct kind a, b;
    enum unit unit = UNIT_NONE;
    bool fits;

    if (!compile_two(c, n, &a, &b) || !want(c, n, a, VALUE_NUM) || !want(c, n, b, VALUE_NUM))
        return false;
    if (a.type == VALUE_NULL || b.type == VALUE_NULL) {
        unit = a.type == VALUE_NULL ? b.unit : a.unit;
        fits = true;
    } else if (n->op == EXPR_MUL) {
        fits = unit_of_product(a.unit, b.unit, &unit);
    } else if (n->op == EXPR_DIV) {
        fits = unit_of_quotient(a.unit, b.unit, &unit);
    } else if (n->op == EXPR_POW) {
        fits = a.unit != UNIT_MONEY && b.unit != UNIT_MONEY;
        unit = a.unit;
    } else {
        fits = unit_of_sum(a.unit, b.unit, &unit);
    }
    if (!fits)
        return wrong(c, n, "\"%s\" does not work on %s and %s", expr_op_sign(n->op), kind_name(a),
                     kind_name(b));
    *out = (struct kind){VALUE_NUM, unit};
    return emit(
        c, n, 2,
        (struct instr){.op = ops[n->op - EXPR_ADD], .n = c->def->lines[c->line].null_reason});
}

static bool compile_comparison(struct compiler *c, const struct expr_node *n, struct kind *out)
{
    static const enum vm_op ops[] = {VM_EQ, VM_NE, VM_LT, VM_LE, VM_GT, VM_GE};
    struct kind a, b, both;

    if (!compile_two(c, n, &a, &b) || !unify(c, n, a, b, &both))
        return false;
    if (n->op != EXPR_EQ && n->op != EXPR_NE && both.type != VALUE_NUM && both.type != VALUE_DATE &&
        both.type != VALUE_NULL)
        return wrong(c, n, "\"%s\" does not work on %s", expr_op_sign(n->op), kind_name(both));
    *out = (struct kind){VALUE_BOOL, UNIT_NONE};
    return emit(c, n, 2, (struct instr){.op = ops[n->op - EXPR_EQ]});
}

/* A literal as a cell; false if `n` is none. */
static bool constant(struct compiler *c, const struct expr_node *n, struct kind *k, num_int *out)
{
    *k = (struct kind){VALUE_NUM, n->unit};
    switch (n->op) {
    case EXPR_NUM:
        *out = n->num.v;
        return true;
    case EXPR_BOOL:
        k->type = VALUE_BOOL;
        *out = n->num.v;
        return true;
    case EXPR_TEXT:
        k->type = VALUE_TEXT;
        *out = def_text(c->def, n->text);
        return true;
    case EXPR_DATE:
        k->type = VALUE_DATE;
        *out = num_from_int(n->day).v;
        return true;
    default:
        return false;
    }
}

static bool compile_in(struct compiler *c, const struct expr_node *n, struct kind *out)
{
    const struct expr_node *list = n->args[1];
    struct program *p = c->program;
    size_t first = p->list_count;
    struct kind a, item, both;

    if (!compile(c, n->args[0], &a))
        return false;
    if (list->op != EXPR_LIST)
        return wrong(c, n, "\"in\" takes a list of constants, like [\"a\", \"b\"]");
    for (size_t i = 0; i < list->count; i++) {
        p->list = mem_grow(p->list, &p->list_cap, p->list_count + 1, sizeof *p->list);
        if (!constant(c, list->args[i], &item, &p->list[p->list_count]))
            return wrong(c, n, "\"in\" takes a list of constants, like [\"a\", \"b\"]");
        p->list_count++;
        if (!unify(c, n, a, item, &both))
            return false;
    }
    *out = (struct kind){VALUE_BOOL, UNIT_NONE};
    return emit(c, n, 1, (struct instr){.op = VM_IN, .line = (int)first, .n = (int)list->count});
}

static bool compile_logic(struct compiler *c, const struct expr_node *n, struct kind *out)
{
    struct kind a, b;

    if (!compile_two(c, n, &a, &b) || !want(c, n, a, VALUE_BOOL) || !want(c, n, b, VALUE_BOOL))
        return false;
    *out = (struct kind){VALUE_BOOL, UNIT_NONE};
    return emit(c, n, 2, (struct instr){.op = n->op == EXPR_AND ? VM_AND : VM_OR});
}

/* ---- functions ------------------------------------------------------------------------------- */

static bool compile_if(struct compiler *c, const struct expr_node *n, struct kind *out)
{
    struct kind test, a, b;
    size_t branch, jump;

    if (n->count != 3)
        return wrong(c, n, "if() takes 3 arguments, not %zu", n->count);
    if (!compile(c, n->args[0], &test) || !want(c, n, test, VALUE_BOOL))
        return false;
    branch = c->program->count;
    if (!emit(c, n, 1, (struct instr){.op = VM_BRANCH}) || !compile(c, n->args[1], &a))
        return false;
    jump = c->program->count;
    if (!emit(c, n, 1, (struct instr){.op = VM_JUMP}) || !compile(c, n->args[2], &b) ||
        !unify(c, n, a, b, out))
        return false;
    c->program->code[branch].n = (int)jump + 1;
    c->program->code[jump].n = (int)c->program->count;
    return emit(c, n, 3, (struct instr){.op = VM_IF});
}

static bool compile_round(struct compiler *c, const struct expr_node *n, struct kind *out)
{
    const struct expr_node *digits = n->count > 1 ? n->args[1] : NULL;
    struct instr instr = {.op = VM_ROUND};

    if (n->count < 1 || n->count > 2)
        return wrong(c, n, "round() takes a number and how many decimals");
    if (digits && digits->op == EXPR_NAME && strcmp(digits->text, "money") == 0)
        instr.n = ROUND_MONEY;
    else if (digits && digits->op == EXPR_NUM && num_is_whole(digits->num) &&
             num_cmp(digits->num, num_from_int(12)) <= 0)
        instr.n = (int)(digits->num.v / num_from_int(1).v);
    else if (digits)
        return wrong(c, n, "round() takes a number and how many decimals, from 0 to 12, or money");
    return compile(c, n->args[0], out) && want(c, n, *out, VALUE_NUM) && emit(c, n, 1, instr);
}

/* min() and max() of several values, one instruction for each after the first. */
static bool compile_least(struct compiler *c, const struct expr_node *n, enum vm_op op,
                          struct kind *out)
{
    if (!compile(c, n->args[0], out) || !want(c, n, *out, VALUE_NUM))
        return false;
    for (size_t i = 1; i < n->count; i++) {
        struct kind next;

        if (!compile(c, n->args[i], &next) || !unify(c, n, *out, next, out) ||
            !emit(c, n, 2, (struct instr){.op = op}))
            return false;
    }
    return true;
}

static bool compile_null(struct compiler *c, const struct expr_node *n, struct kind *out)
{
    int reason =
        n->count == 1 && n->args[0]->op == EXPR_TEXT ? def_reason(c->def, n->args[0]->text) : -1;

    if (reason < 0)
        return wrong(c, n, "null() takes a reason, like null(\"no_capital\")");
    *out = (struct kind){VALUE_NULL, UNIT_NONE};
    return emit(c, n, 0, (struct instr){.op = VM_NULL, .n = reason});
}

static bool compile_one(struct compiler *c, const struct expr_node *n, enum vm_op op,
                        enum value_type takes, struct kind gives, struct kind *out)
{
    struct kind k;

    if (n->count != 1)
        return wrong(c, n, "%s() takes 1 argument, not %zu", n->text, n->count);
    if (!compile(c, n->args[0], &k) || (takes != VALUE_NULL && !want(c, n, k, takes)))
        return false;
    *out = gives;
    if (gives.type == VALUE_NULL)
        *out = k;
    return emit(c, n, 1, (struct instr){.op = op});
}

static bool compile_percent(struct compiler *c, const struct expr_node *n, struct kind *out)
{
    struct kind k;

    if (n->count != 1 || !compile(c, n->args[0], &k) || k.type != VALUE_NUM ||
        (k.unit != UNIT_RATE && k.unit != UNIT_NONE))
        return wrong(c, n, "percent() takes a rate");
    *out = (struct kind){VALUE_NUM, UNIT_PERCENT};
    return emit(c, n, 1, (struct instr){.op = VM_PERCENT});
}

/* ---- lists ----------------------------------------------------------------------------------- */

static bool is_call(const struct expr_node *n, const char *name)
{
    return n->op == EXPR_CALL && strcmp(n->text, name) == 0;
}

/* years(x) and months(x): each year or month of a line, an operand each. */
static bool compile_span(struct compiler *c, const struct expr_node *n, struct kind *out)
{
    const struct expr_node *name = n->count == 1 ? n->args[0] : NULL;
    bool years = n->text[0] == 'y';
    int line, first = years ? MODEL_MONTHS : 0, end = years ? MODEL_CELLS : MODEL_MONTHS;

    if (!name || name->op != EXPR_NAME || name->index.kind != INDEX_HERE)
        return wrong(c, n, "%s() takes the name of a line that changes over time", n->text);
    line = resolve(c, name);
    if (line < 0)
        return false;
    if (!c->def->lines[line].wide)
        return wrong(c, n, "\"%s\" does not change over time", name->text);
    need(c, line, NEED_WHOLE);
    *out = (struct kind){c->def->lines[line].type, c->def->lines[line].unit};
    for (int i = first; i < end; i++)
        if (!emit(c, n, 0,
                  (struct instr){.op = VM_AT, .line = line, .n = i, .row = name->index.row}))
            return false;
    return true;
}

/* The numbers of a list, lists in it opened: an operand each. */
static bool compile_items(struct compiler *c, const struct expr_node *n, struct kind *all)
{
    struct kind k;

    if (n->op == EXPR_LIST) {
        for (size_t i = 0; i < n->count; i++)
            if (!compile_items(c, n->args[i], all))
                return false;
        return true;
    }
    if (is_call(n, "years") || is_call(n, "months")) {
        if (!compile_span(c, n, &k))
            return false;
    } else if (!compile(c, n, &k)) {
        return false;
    }
    return want(c, n, k, VALUE_NUM) && unify(c, n, *all, k, all);
}

/* A list as operands; *count is how many. */
static bool compile_list(struct compiler *c, const struct expr_node *of, const struct expr_node *n,
                         struct kind *all, int *count)
{
    int before = c->depth;

    *all = (struct kind){VALUE_NULL, UNIT_NONE};
    if (c->wide)
        return wrong(c, of, "%s() belongs in a figure: its value has no month or year", of->text);
    if (n->op != EXPR_LIST && !is_call(n, "years") && !is_call(n, "months"))
        return wrong(c, of, "%s() takes a list, like [a, b], years(x) or months(x)", of->text);
    if (!compile_items(c, n, all))
        return false;
    *count = c->depth - before;
    return true;
}

static bool compile_rate(struct compiler *c, const struct expr_node *of, const struct expr_node *n)
{
    struct kind k;

    return compile(c, n, &k) &&
           ((k.type == VALUE_NUM && k.unit != UNIT_MONEY) || k.type == VALUE_NULL ||
            wrong(c, of, "%s() takes a rate, not %s", of->text, kind_name(k)));
}

static bool compile_npv(struct compiler *c, const struct expr_node *n, struct kind *out)
{
    int count;

    if (n->count != 2)
        return wrong(c, n, "npv0() takes a rate and a list");
    return compile_rate(c, n, n->args[0]) && compile_list(c, n, n->args[1], out, &count) &&
           emit(c, n, count + 1, (struct instr){.op = VM_NPV, .n = count});
}

static bool compile_mirr(struct compiler *c, const struct expr_node *n, struct kind *out)
{
    int count, none = def_reason(c->def, "no_real_irr");

    if (n->count != 3 || none < 0)
        return wrong(c, n, "mirr() takes a list and two rates");
    if (!compile_list(c, n, n->args[0], out, &count) || !compile_rate(c, n, n->args[1]) ||
        !compile_rate(c, n, n->args[2]))
        return false;
    *out = (struct kind){VALUE_NUM, UNIT_RATE};
    return emit(c, n, count + 2, (struct instr){.op = VM_MIRR, .n = count, .k = none});
}

/* count(irr(x)), min(irr(x)), max(irr(x)): a line has one value, and there may be several rates. */
static bool compile_irr(struct compiler *c, const struct expr_node *n, struct kind *out)
{
    const struct expr_node *irr = n->args[0];
    struct instr instr = {.op = VM_IRR, .line = def_reason(c->def, "no_real_irr")};

    if (irr->count != 1 || instr.line < 0)
        return wrong(c, irr, "irr() takes a list");
    instr.k = n->text[0] == 'c' ? RATES_COUNT : n->text[1] == 'i' ? RATES_LEAST : RATES_MOST;
    if (!compile_list(c, irr, irr->args[0], out, &instr.n))
        return false;
    *out = (struct kind){VALUE_NUM, instr.k == RATES_COUNT ? UNIT_COUNT : UNIT_RATE};
    return emit(c, n, instr.n, instr);
}

/* A function over a list; false with *is_one false if `n` is another. */
static bool compile_of_list(struct compiler *c, const struct expr_node *n, struct kind *out,
                            bool *is_one)
{
    *is_one = true;
    if (is_call(n, "npv0"))
        return compile_npv(c, n, out);
    if (is_call(n, "mirr"))
        return compile_mirr(c, n, out);
    if (n->count == 1 && is_call(n->args[0], "irr") &&
        (is_call(n, "count") || is_call(n, "min") || is_call(n, "max")))
        return compile_irr(c, n, out);
    if (is_call(n, "irr"))
        return wrong(c, n,
                     "there may be several rates: write count(irr(x)), min(irr(x)) or "
                     "max(irr(x))");
    return *is_one = false;
}

static bool compile_call(struct compiler *c, const struct expr_node *n, struct kind *out)
{
    static const struct {
        const char *name;
        enum vm_op op;
        enum fold fold;
    } folds[] = {
        {"sum", VM_ROWS, FOLD_SUM},
        {"min", VM_ROWS, FOLD_MIN},
        {"max", VM_ROWS, FOLD_MAX},
        {"avg", VM_ROWS, FOLD_AVG},
        {"count", VM_ROWS, FOLD_COUNT},
        {"any", VM_ROWS, FOLD_ANY},
        {"all", VM_ROWS, FOLD_ALL},
        {"lowest", VM_MONTHS, FOLD_MIN},
        {"highest", VM_MONTHS, FOLD_MAX},
        {"total", VM_MONTHS, FOLD_SUM},
        {"first_month", VM_MONTHS, FOLD_FIRST},
    };
    static const struct {
        const char *name;
        enum vm_op op;
        enum value_type takes;
        struct kind gives; /* VALUE_NULL: the same kind */
    } ones[] = {
        {"floor", VM_FLOOR, VALUE_NUM, {VALUE_NULL, UNIT_NONE}},
        {"ceil", VM_CEIL, VALUE_NUM, {VALUE_NULL, UNIT_NONE}},
        {"abs", VM_ABS, VALUE_NUM, {VALUE_NULL, UNIT_NONE}},
        {"is_null", VM_IS_NULL, VALUE_NULL, {VALUE_BOOL, UNIT_NONE}},
        {"year", VM_DATE_YEAR, VALUE_DATE, {VALUE_NUM, UNIT_NONE}},
        {"month", VM_DATE_MONTH, VALUE_DATE, {VALUE_NUM, UNIT_NONE}},
    };
    bool of_list, ok = compile_of_list(c, n, out, &of_list);

    if (of_list)
        return ok;

    if ((strcmp(n->text, "min") == 0 || strcmp(n->text, "max") == 0) && n->count > 1)
        return compile_least(c, n, n->text[1] == 'i' ? VM_MIN : VM_MAX, out);
    for (size_t i = 0; i < ARRAY_LEN(folds); i++)
        if (strcmp(folds[i].name, n->text) == 0)
            return compile_fold(c, n, folds[i].op, folds[i].fold, out);
    for (size_t i = 0; i < ARRAY_LEN(ones); i++)
        if (strcmp(ones[i].name, n->text) == 0)
            return compile_one(c, n, ones[i].op, ones[i].takes, ones[i].gives, out);
    if (strcmp(n->text, "if") == 0)
        return compile_if(c, n, out);
    if (strcmp(n->text, "round") == 0)
        return compile_round(c, n, out);
    if (strcmp(n->text, "ytd") == 0 || strcmp(n->text, "so_far") == 0)
        return compile_sum_of_past(c, n, n->text[0] == 'y' ? VM_YTD : VM_SO_FAR, out);
    if (strcmp(n->text, "delayed") == 0)
        return compile_delayed(c, n, out);
    if (strcmp(n->text, "null") == 0)
        return compile_null(c, n, out);
    if (strcmp(n->text, "percent") == 0)
        return compile_percent(c, n, out);
    return wrong(c, n, "a model has no function \"%s\"", n->text);
}

static bool compile(struct compiler *c, const struct expr_node *n, struct kind *out)
{
    struct kind a, b;
    num_int k;

    if (constant(c, n, out, &k))
        return emit(c, n, 0, (struct instr){.op = VM_CONST, .n = (int)out->type, .k = k});
    switch (n->op) {
    case EXPR_NULL:
        *out = (struct kind){VALUE_NULL, UNIT_NONE};
        return emit(c, n, 0, (struct instr){.op = VM_NULL, .n = REASON_NULL});
    case EXPR_NAME:
        return compile_name(c, n, out);
    case EXPR_CALL:
        return compile_call(c, n, out);
    case EXPR_NEG:
        return compile(c, n->args[0], out) && want(c, n, *out, VALUE_NUM) &&
               emit(c, n, 1, (struct instr){.op = VM_NEG});
    case EXPR_NOT:
        return compile(c, n->args[0], out) && want(c, n, *out, VALUE_BOOL) &&
               emit(c, n, 1, (struct instr){.op = VM_NOT});
    case EXPR_ADD:
    case EXPR_SUB:
    case EXPR_MUL:
    case EXPR_DIV:
    case EXPR_POW:
        return compile_arithmetic(c, n, out);
    case EXPR_IN:
        return compile_in(c, n, out);
    case EXPR_AND:
    case EXPR_OR:
        return compile_logic(c, n, out);
    case EXPR_ELSE:
        return compile_two(c, n, &a, &b) && unify(c, n, a, b, out) &&
               emit(c, n, 2, (struct instr){.op = VM_ELSE});
    case EXPR_LIST:
        return wrong(c, n, "a list stands after \"in\", and in npv0(), irr() and mirr()");
    default:
        return compile_comparison(c, n, out);
    }
}

/* ---- lines ----------------------------------------------------------------------------------- */

static bool compile_root(struct model_def *def, int index, const struct expr *expr,
                         const struct expr_node *root, bool wide, bool otherwise, struct kind *k,
                         struct err *err)
{
    struct program program = {0};
    struct compiler c = {.def = def,
                         .line = index,
                         .table = def->lines[index].table,
                         .wide = wide,
                         .program = &program,
                         .expr = expr,
                         .err = err};
    bool ok = compile(&c, root, k);

    *(otherwise ? &def->lines[index].otherwise_program : &def->lines[index].program) = program;
    return ok;
}

/* What a line declares must be what its formula gives. A hidden one declares nothing. */
static bool check_kind(struct model_def *def, int index, const struct expr *expr,
                       const struct expr_node *root, struct kind k, struct err *err)
{
    struct line *l = &def->lines[index];
    struct kind declared = {l->type, l->unit};
    enum unit unit;

    if (l->hidden) {
        l->type = k.type == VALUE_NULL ? VALUE_NUM : k.type;
        l->unit = k.unit;
        return true;
    }
    if (k.type == VALUE_NULL || (k.type == l->type && unit_of_sum(k.unit, l->unit, &unit)))
        return true;
    return expr_fail(expr, root, ERR_INVALID, err, "\"%s\" is %s, but its formula gives %s",
                     l->name, kind_name(declared), kind_name(k));
}

static bool compile_line(struct model_def *def, int index, struct err *err)
{
    const struct line *l = &def->lines[index];
    const struct expr *expr = l->part_of ? l->part_of : l->expr;
    const struct expr *otherwise = l->otherwise;
    struct kind k;

    if (expr &&
        (!compile_root(def, index, expr, l->root, l->wide && !l->by_month, false, &k, err) ||
         !check_kind(def, index, expr, def->lines[index].root, k, err)))
        return false;
    if (otherwise &&
        (!compile_root(def, index, otherwise, expr_root(otherwise), false, true, &k, err) ||
         !check_kind(def, index, otherwise, expr_root(otherwise), k, err)))
        return false;
    return true;
}

bool model_compile(struct model_def *def, struct err *err)
{
    size_t declared = def->line_count; /* what comes later is compiled when it is made */

    for (size_t i = 0; i < declared; i++)
        if (!compile_line(def, (int)i, err))
            return false;
    return true;
}
