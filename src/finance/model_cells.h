/* model_cells.h - what each instruction does to single cells: shared by the run over columns
 * (model_vm.c) and the run month by month (model_step.c). */
#ifndef STRATTIO_FINANCE_MODEL_CELLS_H
#define STRATTIO_FINANCE_MODEL_CELLS_H

#include "expr/days.h"
#include "finance/model_run.h"

#define ONE INT64_C(1000000000000)

struct cell {
    num_int v;
    uint8_t why;
};

static inline void add_cell(num_int *v, uint8_t *why, num_int other, uint8_t other_why)
{
    if (*why)
        return;
    *why = other_why;
    if (!other_why && __builtin_add_overflow(*v, other, v))
        *why = REASON_OVERFLOW;
}

/* Takes one more cell into a fold. Truths: a deciding one wins over a null. */
static inline void fold_cell(enum fold fold, bool first, num_int *v, uint8_t *why, num_int x,
                             uint8_t x_why)
{
    switch (fold) {
    case FOLD_SUM:
    case FOLD_AVG:
        add_cell(v, why, x, x_why);
        break;
    case FOLD_MIN:
    case FOLD_MAX:
        if (*why)
            break;
        *why = x_why;
        if (!x_why && (first || (fold == FOLD_MIN ? x < *v : x > *v)))
            *v = x;
        break;
    case FOLD_ANY:
    case FOLD_ALL:
        if (!*why && !first && (*v != 0) == (fold == FOLD_ANY))
            break; /* decided */
        if (!x_why && (x != 0) == (fold == FOLD_ANY)) {
            *v = x;
            *why = 0;
        } else if (!*why) {
            *why = x_why;
            *v = x;
        }
        break;
    default:
        break;
    }
}

/* Nulls do not count, nor what is not so. */
static inline num_int counts(const struct line *l, num_int x, uint8_t x_why)
{
    if (x_why)
        return 0;
    return l->type == VALUE_BOOL ? x : ONE;
}

static inline void end_fold(enum fold fold, size_t items, num_int *v, uint8_t *why)
{
    struct num mean;

    if (!items && (fold == FOLD_MIN || fold == FOLD_MAX || fold == FOLD_AVG))
        *why = REASON_NO_ITEMS;
    if (!items && fold == FOLD_ALL)
        *v = ONE;
    if (items && fold == FOLD_AVG && !*why) {
        if (num_div((struct num){*v}, num_from_int((int64_t)items), &mean))
            *v = mean.v;
        else
            *why = REASON_OVERFLOW;
    }
}

static inline void multiply(num_int a, num_int b, num_int *v, uint8_t *why)
{
    struct num out;

    if (a == ONE || b == ONE) /* the usual share of a month, the usual growth */
        *v = a == ONE ? b : a;
    else if (num_mul((struct num){a}, (struct num){b}, &out))
        *v = out.v;
    else
        *why = REASON_OVERFLOW;
}

static inline void divide(num_int a, num_int b, int reason, num_int *v, uint8_t *why)
{
    struct num out;

    if (b == 0)
        *why = (uint8_t)reason;
    else if (num_div((struct num){a}, (struct num){b}, &out))
        *v = out.v;
    else
        *why = REASON_OVERFLOW;
}

static inline void raise_power(num_int a, num_int b, int reason, num_int *v, uint8_t *why)
{
    struct num base = {a}, exponent = {b}, out;

    if (b == 0)
        *v = ONE;
    else if (b == ONE)
        *v = a;
    else if (a == 0 && b < 0)
        *why = (uint8_t)reason;
    else if (a < 0 && !num_is_whole(exponent))
        *why = REASON_ROOT;
    else if (num_pow(base, exponent, &out))
        *v = out.v;
    else
        *why = REASON_OVERFLOW;
}

static inline bool holds(enum vm_op op, num_int a, num_int b)
{
    switch (op) {
    case VM_EQ:
        return a == b;
    case VM_NE:
        return a != b;
    case VM_LT:
        return a < b;
    case VM_LE:
        return a <= b;
    case VM_GT:
        return a > b;
    default:
        return a >= b;
    }
}

static inline num_int date_part(enum vm_op op, num_int v)
{
    struct civil date = days_to_civil((int32_t)(v / ONE));

    return (op == VM_DATE_YEAR ? date.year : date.month) * (num_int)ONE;
}

/* Two operands that are not null. */
static inline void pair_cell(const struct instr *in, enum vm_op op, num_int x, num_int y,
                             num_int *v, uint8_t *why)
{
    switch (op) {
    case VM_ADD:
        if (__builtin_add_overflow(x, y, v))
            *why = REASON_OVERFLOW;
        break;
    case VM_SUB:
        if (__builtin_sub_overflow(x, y, v))
            *why = REASON_OVERFLOW;
        break;
    case VM_MUL:
        multiply(x, y, v, why);
        break;
    case VM_DIV:
        divide(x, y, in->n, v, why);
        break;
    case VM_POW:
        raise_power(x, y, in->n, v, why);
        break;
    case VM_MIN:
        *v = x < y ? x : y;
        break;
    case VM_MAX:
        *v = x > y ? x : y;
        break;
    default:
        *v = holds(op, x, y) ? ONE : 0;
        break;
    }
}

/* `and`, `or` and `??` see past some nulls, but never past what is out of range. */
static inline struct cell logic_cell(enum vm_op op, struct cell a, struct cell b)
{
    num_int decides = op == VM_OR ? ONE : 0;

    if (op == VM_ELSE)
        return !a.why || a.why == REASON_OVERFLOW ? a : b;
    if ((!a.why && a.v == decides) || (!b.why && b.v == decides))
        return (struct cell){decides, 0};
    return (struct cell){decides ? 0 : ONE, a.why ? a.why : b.why};
}

/* One operand; is_null() is the only one that looks at a null. */
static inline struct cell one_cell(const struct model *m, const struct program *p,
                                   const struct instr *in, struct cell a)
{
    struct num n = {a.v};

    if (in->op == VM_IS_NULL)
        return a.why == REASON_OVERFLOW ? a : (struct cell){a.why ? ONE : 0, 0};
    if (a.why)
        return a;
    switch (in->op) {
    case VM_NEG:
        a.v = -a.v;
        break;
    case VM_NOT:
        a.v = a.v ? 0 : ONE;
        break;
    case VM_ROUND:
        a.v = num_round(n, in->n == ROUND_MONEY ? m->exponent : in->n).v;
        break;
    case VM_FLOOR:
        a.v = num_floor(n).v;
        break;
    case VM_CEIL:
        a.v = num_ceil(n).v;
        break;
    case VM_ABS:
        a.v = a.v < 0 ? -a.v : a.v;
        break;
    case VM_PERCENT:
        if (__builtin_mul_overflow(a.v, 100, &a.v))
            a.why = REASON_OVERFLOW;
        break;
    case VM_IN:
        for (int i = 0; i < in->n; i++)
            if (p->list[in->line + i] == n.v)
                return (struct cell){ONE, 0};
        a.v = 0;
        break;
    default:
        a.v = date_part(in->op, a.v);
        break;
    }
    return a;
}

/* `v` times a part of a month. Part months mostly are days of thirty, and a thirtieth has no end as a decimal:
 * whole days are counted, so that half a coin stays half a coin. */
static inline void multiply_part(num_int v, num_int part, num_int *out, uint8_t *why)
{
    enum { DAYS = 30 };
    num_int days = (part * DAYS + ONE / 2) / ONE, off = part * DAYS - days * ONE;

    if (off > DAYS || off < -DAYS)
        multiply(v, part, out, why);
    else if (__builtin_mul_overflow(v, days, &v))
        *why = REASON_OVERFLOW;
    else
        divide(v, DAYS * (num_int)ONE, REASON_DIVISION, out, why);
}

/* A row's month `period` of a line as it was `months` ago; part months in proportion. */
static inline struct cell delayed_cell(const num_int *v, const uint8_t *why, int period,
                                       struct cell months)
{
    num_int whole = months.v > 0 ? months.v / ONE : 0;
    num_int part = months.v > 0 ? months.v % ONE : 0;
    struct cell late = {0, 0}, later = {0, 0};

    if (months.why)
        return (struct cell){0, months.why};
    if (whole <= period)
        late = (struct cell){v[period - (int)whole], why[period - (int)whole]};
    if (!part || late.why || whole > period)
        return late;
    if (whole < period)
        later = (struct cell){v[period - (int)whole - 1], why[period - (int)whole - 1]};
    if (later.why)
        return later;
    if (__builtin_sub_overflow(late.v, later.v, &later.v))
        return (struct cell){0, REASON_OVERFLOW};
    multiply_part(later.v, part, &later.v, &later.why);
    if (later.why || __builtin_sub_overflow(late.v, later.v, &late.v))
        return (struct cell){0, REASON_OVERFLOW};
    return late;
}

/* First cell of what an instruction reads for a row; false if the row it names is not there. */
static inline bool locate(const struct model *m, const struct instr *in, size_t row, size_t *cell)
{
    const struct line *l = &m->def->lines[in->line];

    if (in->row && (size_t)in->row > line_rows(m, l))
        return false;
    *cell = cell_at(m, in->line, in->row ? (size_t)in->row - 1 : l->table >= 0 ? row : 0);
    return true;
}

/* The months of a line, folded. */
static inline struct cell months_cell(const struct model *m, const struct instr *in, size_t row)
{
    size_t at = cell_at(m, in->line, row);
    enum fold fold = (enum fold)in->n;
    struct cell c = {0, 0};

    for (int i = 0; i < MODEL_MONTHS; i++) {
        num_int v = m->v[at + (size_t)i];
        uint8_t why = m->why[at + (size_t)i];

        if (fold != FOLD_FIRST)
            fold_cell(fold, i == 0, &c.v, &c.why, v, why);
        else if (why || v)
            return (struct cell){why ? 0 : (i + 1) * (num_int)ONE, why};
    }
    if (fold == FOLD_FIRST)
        return (struct cell){0, (uint8_t)in->k}; /* what the line calls never */
    end_fold(fold, MODEL_MONTHS, &c.v, &c.why);
    return c;
}

#endif
