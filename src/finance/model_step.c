/* model_step.c - runs a program for one period, cell by cell: for lines that read their own past,
 * where a column would be one cell long and its bookkeeping most of the work. */
#include "finance/model_cells.h"

static struct cell read_cell(const struct model *m, size_t at)
{
    return (struct cell){m->v[at], m->why[at]};
}

static struct cell load(const struct model *m, const struct instr *in, size_t row, int period)
{
    size_t cell;

    if (!locate(m, in, row, &cell))
        return (struct cell){0, REASON_MISSING};
    if (in->op == VM_AT)
        return read_cell(m, cell + (size_t)in->n);
    return read_cell(m, cell + (m->def->lines[in->line].wide ? (size_t)period : 0));
}

static struct cell load_lag(const struct model *m, const struct instr *in, size_t row, int period)
{
    const struct line *l = &m->def->lines[in->line];
    size_t cell;

    if (!locate(m, in, row, &cell))
        return (struct cell){0, REASON_MISSING};
    if (period + in->n >= 0)
        return read_cell(m, cell + (size_t)(period + in->n));
    if (l->opening < 0)
        return (struct cell){0, 0};
    if (in->row)
        row = (size_t)in->row - 1;
    return read_cell(m, cell_at(m, l->opening, l->table >= 0 ? row : 0));
}

static struct cell load_sum(const struct model *m, const struct instr *in, size_t row, int period)
{
    struct cell sum = {0, 0};
    size_t cell;

    if (!locate(m, in, row, &cell))
        return (struct cell){0, REASON_MISSING};
    for (int i = in->op == VM_YTD ? period - period % 12 : 0; i <= period; i++)
        add_cell(&sum.v, &sum.why, m->v[cell + (size_t)i], m->why[cell + (size_t)i]);
    return sum;
}

static struct cell load_delayed(const struct model *m, const struct instr *in, size_t row,
                                int period, struct cell months)
{
    size_t cell;

    if (!locate(m, in, row, &cell))
        return (struct cell){0, REASON_MISSING};
    return delayed_cell(m->v + cell, m->why + cell, period, months);
}

static struct cell fold(const struct model *m, const struct instr *in, int period)
{
    const struct line *l = &m->def->lines[in->line];
    size_t rows = line_rows(m, l), width = line_width(l);
    size_t cell = m->first[in->line] + (l->wide ? (size_t)period : 0);
    struct cell c = {0, 0};

    for (size_t row = 0; row < rows; row++, cell += width)
        if ((enum fold)in->n == FOLD_COUNT)
            c.v += counts(l, m->v[cell], m->why[cell]);
        else
            fold_cell((enum fold)in->n, row == 0, &c.v, &c.why, m->v[cell], m->why[cell]);
    end_fold((enum fold)in->n, rows, &c.v, &c.why);
    return c;
}

static struct cell two_cells(const struct instr *in, struct cell a, struct cell b)
{
    struct cell out = {0, a.why ? a.why : b.why};

    if (!out.why)
        pair_cell(in, in->op, a.v, b.v, &out.v, &out.why);
    return out;
}

/* Runs one instruction on the stack that ends before `top`; returns where it ends then. */
static struct cell *step(const struct model *m, const struct program *p, const struct instr *in,
                         size_t row, int period, struct cell *top)
{
    switch (in->op) {
    case VM_CONST:
        *top = (struct cell){in->k, 0};
        return top + 1;
    case VM_NULL:
        *top = (struct cell){0, (uint8_t)in->n};
        return top + 1;
    case VM_LOAD:
    case VM_AT:
        *top = load(m, in, row, period);
        return top + 1;
    case VM_LAG:
        *top = load_lag(m, in, row, period);
        return top + 1;
    case VM_YTD:
    case VM_SO_FAR:
        *top = load_sum(m, in, row, period);
        return top + 1;
    case VM_DELAYED:
        top[-1] = load_delayed(m, in, row, period, top[-1]);
        return top;
    case VM_ROWS:
        *top = fold(m, in, period);
        return top + 1;
    case VM_MONTHS:
        *top = months_cell(m, in, row);
        return top + 1;
    case VM_AND:
    case VM_OR:
    case VM_ELSE:
        top[-2] = logic_cell(in->op, top[-2], top[-1]);
        return top - 1;
    case VM_IF:
        top[-3] = top[-3].why ? top[-3] : top[-3].v ? top[-2] : top[-1];
        return top - 2;
    case VM_ADD:
    case VM_SUB:
    case VM_MUL:
    case VM_DIV:
    case VM_POW:
    case VM_MIN:
    case VM_MAX:
    case VM_EQ:
    case VM_NE:
    case VM_LT:
    case VM_LE:
    case VM_GT:
    case VM_GE:
        top[-2] = two_cells(in, top[-2], top[-1]);
        return top - 1;
    default:
        top[-1] = one_cell(m, p, in, top[-1]);
        return top;
    }
}

/* Passes by the value of an if() that is not chosen, or both if its test is null: a cell stands for
 * each. Returns the number of the instruction that was run last. */
static size_t branch(const struct instr *code, size_t at, struct cell **top)
{
    const struct instr *in = &code[at];
    struct cell test = (*top)[in->op == VM_BRANCH ? -1 : -2];

    if (in->op == VM_JUMP ? !test.v : !test.why && test.v)
        return at;
    *(*top)++ = (struct cell){0, 0};
    if (!test.why)
        return (size_t)in->n - 1;
    *(*top)++ = (struct cell){0, 0};
    return (size_t)code[in->n - 1].n - 1;
}

void model_step_run(struct model *m, int line, const struct program *program, size_t row,
                    int period)
{
    struct cell stack[PROGRAM_DEPTH_MOST + 1], *top = stack;
    size_t cell = cell_at(m, line, row) + (size_t)period;

    for (size_t i = 0; i < program->count; i++)
        if (instr_steers(&program->code[i]))
            i = branch(program->code, i, &top);
        else
            top = step(m, program, &program->code[i], row, period, top);
    m->why[cell] = stack[0].why;
    m->v[cell] = stack[0].why ? 0 : stack[0].v;
}
