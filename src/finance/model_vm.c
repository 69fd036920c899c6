/* model_vm.c - runs a program over many periods at once: an operand is a column of up to 60
 * cells, an instruction a loop. This makes the cost of dispatch vanish for all lines but those
 * that read their own past. Where an if() differs by period both its values are computed and one is
 * chosen, so a number out of range is a kind of null (REASON_OVERFLOW) that only fails the run if it
 * gets into a line. */
#include <string.h>

#include "expr/num_series.h"
#include "finance/model_cells.h"

struct operand {
    const num_int *v;
    const uint8_t *why;
    int step; /* 0: the same cell for every period */
};

struct vm {
    const struct model *m;
    const struct program *program;
    size_t row;
    int from, count;
    bool years; /* the periods are years */
    struct operand stack[PROGRAM_DEPTH_MOST + 1];
    int depth;
    num_int v[PROGRAM_DEPTH_MOST + 1][MODEL_MONTHS];
    uint8_t why[PROGRAM_DEPTH_MOST + 1][MODEL_MONTHS];
};

static const num_int zero_cell;
static const uint8_t not_null, missing_cell = REASON_MISSING;

/* The operand an instruction that takes `takes` leaves, in the buffer of its depth, where its
 * first operand may lie: loops run forwards, so that is safe for a column, and a single cell is
 * kept aside first. */
static struct operand *result(struct vm *vm, int takes, num_int **v, uint8_t **why)
{
    int at = vm->depth - takes;

    vm->depth = at + 1;
    *v = vm->v[at];
    *why = vm->why[at];
    return &vm->stack[at];
}

static void keep_aside(struct operand *o, struct cell *cell)
{
    if (o->step)
        return;
    *cell = (struct cell){o->v[0], o->why[0]};
    o->v = &cell->v;
    o->why = &cell->why;
}

static void push(struct vm *vm, const num_int *v, const uint8_t *why, int step)
{
    vm->stack[vm->depth++] = (struct operand){v, why, step};
}

/* ---- loads ----------------------------------------------------------------------------------- */

static void load(struct vm *vm, const struct instr *in)
{
    const struct model *m = vm->m;
    bool wide = m->def->lines[in->line].wide;
    size_t cell;

    if (!locate(vm->m, in, vm->row, &cell)) {
        push(vm, &zero_cell, &missing_cell, 0);
        return;
    }
    if (wide)
        cell += (size_t)vm->from;
    push(vm, m->v + cell, m->why + cell, wide);
}

static void load_at(struct vm *vm, const struct instr *in)
{
    size_t cell;

    if (!locate(vm->m, in, vm->row, &cell))
        push(vm, &zero_cell, &missing_cell, 0);
    else
        push(vm, vm->m->v + cell + in->n, vm->m->why + cell + in->n, 0);
}

/* Before the first period stands the line's opening, or 0. */
static void load_lag(struct vm *vm, const struct instr *in)
{
    const struct model *m = vm->m;
    const struct line *l = &m->def->lines[in->line];
    int base = vm->years ? MODEL_MONTHS : 0;
    num_int *v, before = 0;
    uint8_t *why, before_why = 0;
    size_t cell;

    if (!locate(vm->m, in, vm->row, &cell)) {
        push(vm, &zero_cell, &missing_cell, 0);
        return;
    }
    if (l->opening >= 0) {
        size_t row = in->row ? (size_t)in->row - 1 : l->table >= 0 ? vm->row : 0;
        size_t opening = cell_at(m, l->opening, row);

        before = m->v[opening];
        before_why = m->why[opening];
    }
    vm->stack[vm->depth] = (struct operand){vm->v[vm->depth], vm->why[vm->depth], 1};
    v = vm->v[vm->depth];
    why = vm->why[vm->depth++];
    for (int i = 0; i < vm->count; i++) {
        int at = vm->from + i + in->n;

        v[i] = at < base ? before : m->v[cell + (size_t)at];
        why[i] = at < base ? before_why : m->why[cell + (size_t)at];
    }
}

/* The year so far, or all so far. Of a year: the year itself, or the years so far. */
static void load_sum(struct vm *vm, const struct instr *in)
{
    const struct model *m = vm->m;
    num_int *v = vm->v[vm->depth];
    uint8_t *why = vm->why[vm->depth];
    int start = vm->years ? MODEL_MONTHS : 0;
    size_t cell;

    if ((vm->years && in->op == VM_YTD) || !locate(m, in, vm->row, &cell)) {
        load(vm, in);
        return;
    }
    vm->stack[vm->depth++] = (struct operand){v, why, 1};
    for (int i = 0; i < vm->count; i++) {
        int at = vm->from + i;
        bool anew = in->op == VM_YTD && at % 12 == 0;
        int first = i && !anew ? at : in->op == VM_YTD ? at - at % 12 : start;

        v[i] = i && !anew ? v[i - 1] : 0; /* one period on, or from the beginning */
        why[i] = i && !anew ? why[i - 1] : 0;
        for (int k = first; k <= at; k++)
            add_cell(&v[i], &why[i], m->v[cell + (size_t)k], m->why[cell + (size_t)k]);
    }
}

static void load_delayed(struct vm *vm, const struct instr *in)
{
    struct operand months = vm->stack[vm->depth - 1];
    const struct model *m = vm->m;
    struct cell first;
    num_int *v;
    uint8_t *why;
    struct operand *out;
    size_t cell;

    if (vm->years || !locate(m, in, vm->row, &cell)) {
        vm->depth--;
        load(vm, in);
        return;
    }
    out = result(vm, 1, &v, &why);
    keep_aside(&months, &first);
    for (int i = 0; i < vm->count; i++) {
        struct cell ago = {months.v[i * months.step], months.why[i * months.step]};
        struct cell c = delayed_cell(m->v + cell, m->why + cell, vm->from + i, ago);

        v[i] = c.v;
        why[i] = c.why;
    }
    *out = (struct operand){v, why, 1};
}

/* ---- folds ----------------------------------------------------------------------------------- */

static void fold_rows(struct vm *vm, const struct instr *in)
{
    const struct model *m = vm->m;
    const struct line *l = &m->def->lines[in->line];
    enum fold fold = (enum fold)in->n;
    size_t rows = line_rows(m, l), width = line_width(l);
    int count = l->wide ? vm->count : 1;
    num_int *v = vm->v[vm->depth];
    uint8_t *why = vm->why[vm->depth];

    vm->stack[vm->depth++] = (struct operand){v, why, l->wide};
    memset(v, 0, (size_t)count * sizeof *v);
    memset(why, 0, (size_t)count);
    for (size_t row = 0; row < rows; row++) {
        size_t cell = m->first[in->line] + row * width + (l->wide ? (size_t)vm->from : 0);

        for (int i = 0; i < count; i++) {
            num_int x = m->v[cell + (size_t)i];
            uint8_t x_why = m->why[cell + (size_t)i];

            if (fold == FOLD_COUNT)
                v[i] += counts(l, x, x_why);
            else
                fold_cell(fold, row == 0, &v[i], &why[i], x, x_why);
        }
    }
    for (int i = 0; i < count; i++)
        end_fold(fold, rows, &v[i], &why[i]);
}

static void fold_months(struct vm *vm, const struct instr *in)
{
    struct cell c = months_cell(vm->m, in, vm->row);

    vm->v[vm->depth][0] = c.v;
    vm->why[vm->depth][0] = c.why;
    push(vm, vm->v[vm->depth], vm->why[vm->depth], 0);
}

/* ---- operators ------------------------------------------------------------------------------- */

/* One operator over the column: a loop for each, so that the operator is known inside. Much stays as
 * it was the month before; what is slow is then not computed again. */
#define IS_SLOW(OP) ((OP) == VM_MUL || (OP) == VM_DIV || (OP) == VM_POW)
#define COLUMN(OP)                                                                                 \
    case OP:                                                                                       \
        for (int i = 0; i < n; i++) {                                                              \
            num_int x = a.v[i * a.step], y = b.v[i * b.step];                                      \
            uint8_t x_why = a.why[i * a.step], y_why = b.why[i * b.step];                          \
                                                                                                   \
            why[i] = x_why ? x_why : y_why;                                                        \
            if (IS_SLOW(OP) && i && !why[i] && !why[i - 1] && x == x_before && y == y_before)      \
                v[i] = v[i - 1];                                                                   \
            else if (!why[i])                                                                      \
                pair_cell(in, OP, x, y, &v[i], &why[i]);                                           \
            x_before = x;                                                                          \
            y_before = y;                                                                          \
        }                                                                                          \
        break;

static void run_pair(struct vm *vm, const struct instr *in)
{
    struct operand a = vm->stack[vm->depth - 2], b = vm->stack[vm->depth - 1];
    int step = a.step | b.step, n = step ? vm->count : 1;
    struct cell first;
    num_int *v, x_before = 0, y_before = 0;
    uint8_t *why;
    struct operand *out = result(vm, 2, &v, &why);

    keep_aside(&a, &first);
    switch (in->op) {
        COLUMN(VM_ADD)
        COLUMN(VM_SUB)
        COLUMN(VM_MUL)
        COLUMN(VM_DIV)
        COLUMN(VM_POW)
        COLUMN(VM_MIN)
        COLUMN(VM_MAX)
        COLUMN(VM_EQ)
        COLUMN(VM_NE)
        COLUMN(VM_LT)
        COLUMN(VM_LE)
        COLUMN(VM_GT)
        COLUMN(VM_GE)
    default:
        break;
    }
    *out = (struct operand){v, why, step};
}

static void run_logic(struct vm *vm, const struct instr *in)
{
    struct operand a = vm->stack[vm->depth - 2], b = vm->stack[vm->depth - 1];
    int step = a.step | b.step, n = step ? vm->count : 1;
    struct cell first;
    num_int *v;
    uint8_t *why;
    struct operand *out = result(vm, 2, &v, &why);

    keep_aside(&a, &first);
    for (int i = 0; i < n; i++) {
        struct cell c = logic_cell(in->op, (struct cell){a.v[i * a.step], a.why[i * a.step]},
                                   (struct cell){b.v[i * b.step], b.why[i * b.step]});

        v[i] = c.v;
        why[i] = c.why;
    }
    *out = (struct operand){v, why, step};
}

enum test { TEST_FALSE, TEST_TRUE, TEST_NULL, TEST_MIXED };

/* Is a test the same in every period? */
static enum test known(const struct vm *vm, const struct operand *o)
{
    int n = o->step ? vm->count : 1;

    if (o->why[0])
        return o->step ? TEST_MIXED : TEST_NULL;
    for (int i = 1; i < n; i++)
        if (o->why[i] || (o->v[i] != 0) != (o->v[0] != 0))
            return TEST_MIXED;
    return o->v[0] ? TEST_TRUE : TEST_FALSE;
}

/* Values of an if() that nobody will look at are not computed: a cell stands for them. Returns the
 * number of the instruction that was run last. */
static size_t branch(struct vm *vm, size_t at)
{
    const struct instr *code = vm->program->code, *in = &code[at];
    enum test test = known(vm, &vm->stack[vm->depth - (in->op == VM_BRANCH ? 1 : 2)]);

    if (in->op == VM_JUMP ? test != TEST_TRUE : test == TEST_TRUE || test == TEST_MIXED)
        return at;
    push(vm, &zero_cell, &not_null, 0);
    if (test != TEST_NULL)
        return (size_t)in->n - 1;
    push(vm, &zero_cell, &not_null, 0);
    return (size_t)code[in->n - 1].n - 1;
}

static void run_if(struct vm *vm)
{
    struct operand c = vm->stack[vm->depth - 3], a = vm->stack[vm->depth - 2],
                   b = vm->stack[vm->depth - 1];
    int step = c.step | a.step | b.step, n = step ? vm->count : 1;
    const struct operand *only = known(vm, &c) == TEST_TRUE    ? &a
                                 : known(vm, &c) == TEST_FALSE ? &b
                                                               : NULL;
    struct cell test;
    num_int *v;
    uint8_t *why;
    struct operand *out = result(vm, 3, &v, &why);

    if (only) {
        n = only->step ? vm->count : 1;
        memmove(v, only->v, (size_t)n * sizeof *v);
        memmove(why, only->why, (size_t)n);
        *out = (struct operand){v, why, only->step};
        return;
    }
    keep_aside(&c, &test);
    for (int i = 0; i < n; i++) {
        const struct operand *from = c.v[i * c.step] ? &a : &b;
        uint8_t null = c.why[i * c.step];

        v[i] = from->v[i * from->step];
        why[i] = null ? null : from->why[i * from->step];
    }
    *out = (struct operand){v, why, step};
}

static void run_one(struct vm *vm, const struct instr *in)
{
    struct operand a = vm->stack[vm->depth - 1];
    int n = a.step ? vm->count : 1;
    struct cell c = {0, 0}, before = {0, 0};
    num_int *v;
    uint8_t *why;
    struct operand *out = result(vm, 1, &v, &why);

    for (int i = 0; i < n; i++) {
        struct cell of = {a.v[i], a.why[i]};

        if (!i || of.v != before.v || of.why != before.why)
            c = one_cell(vm->m, vm->program, in, of);
        before = of;
        v[i] = c.v;
        why[i] = c.why;
    }
    *out = (struct operand){v, why, a.step};
}

/* ---- lists ----------------------------------------------------------------------------------- */

/* The operands from `first` on as payments; the first null among them, and else 0. */
static uint8_t payments(const struct vm *vm, int first, int count, struct num *out)
{
    for (int i = 0; i < count; i++) {
        const struct operand *o = &vm->stack[first + i];

        if (o->why[0])
            return o->why[0];
        out[i] = (struct num){o->v[0]};
    }
    return 0;
}

static bool is_rate(struct num rate)
{
    return num_cmp(rate, num_from_int(-1)) > 0;
}

static struct cell npv_cell(const struct num *amount, int count, struct num rate)
{
    struct num worth;

    if (!is_rate(rate))
        return (struct cell){0, REASON_ROOT};
    if (!num_worth(amount, NULL, (size_t)count, rate, SERIES_ALL, &worth))
        return (struct cell){0, REASON_OVERFLOW};
    return (struct cell){worth.v, 0};
}

static struct cell mirr_cell(const struct num *amount, int count, const struct num rates[2],
                             uint8_t none)
{
    struct num rate;
    bool exists;

    if (!is_rate(rates[0]) || !is_rate(rates[1]))
        return (struct cell){0, REASON_ROOT};
    if (!num_mirr(amount, (size_t)count, rates[0], rates[1], &rate, &exists))
        return (struct cell){0, REASON_OVERFLOW};
    return exists ? (struct cell){rate.v, 0} : (struct cell){0, none};
}

static struct cell irr_cell(const struct num *amount, int count, enum rates_wanted wanted,
                            uint8_t none)
{
    struct num rates[PROGRAM_DEPTH_MOST + 1];
    size_t found = num_irr(amount, (size_t)count, rates);

    if (wanted == RATES_COUNT)
        return (struct cell){num_from_int((int64_t)found).v, 0};
    if (!found)
        return (struct cell){0, none};
    return (struct cell){rates[wanted == RATES_LEAST ? 0 : found - 1].v, 0};
}

static void run_list(struct vm *vm, const struct instr *in)
{
    int below = in->op == VM_NPV, above = in->op == VM_MIRR ? 2 : 0;
    int first = vm->depth - in->n - above - below;
    struct num amount[PROGRAM_DEPTH_MOST + 1], rates[2];
    struct cell c = {0, payments(vm, first + below, in->n, amount)};
    uint8_t rates_why =
        payments(vm, above ? vm->depth - above : first, above ? above : below, rates);

    c.why = rates_why ? rates_why : c.why;
    if (!c.why)
        c = in->op == VM_NPV ? npv_cell(amount, in->n, rates[0])
            : in->op == VM_MIRR
                ? mirr_cell(amount, in->n, rates, (uint8_t)in->k)
                : irr_cell(amount, in->n, (enum rates_wanted)in->k, (uint8_t)in->line);
    else if (in->op == VM_IRR && in->k == RATES_COUNT && c.why != REASON_OVERFLOW)
        c = (struct cell){0, 0}; /* nulls do not count */
    vm->depth = first;
    vm->v[first][0] = c.v;
    vm->why[first][0] = c.why;
    push(vm, vm->v[first], vm->why[first], 0);
}

static void run_instr(struct vm *vm, const struct instr *in)
{
    switch (in->op) {
    case VM_CONST:
        push(vm, &in->k, &not_null, 0);
        break;
    case VM_NULL:
        vm->why[vm->depth][0] = (uint8_t)in->n;
        push(vm, &zero_cell, vm->why[vm->depth], 0);
        break;
    case VM_LOAD:
        load(vm, in);
        break;
    case VM_LAG:
        load_lag(vm, in);
        break;
    case VM_AT:
        load_at(vm, in);
        break;
    case VM_YTD:
    case VM_SO_FAR:
        load_sum(vm, in);
        break;
    case VM_DELAYED:
        load_delayed(vm, in);
        break;
    case VM_ROWS:
        fold_rows(vm, in);
        break;
    case VM_MONTHS:
        fold_months(vm, in);
        break;
    case VM_AND:
    case VM_OR:
    case VM_ELSE:
        run_logic(vm, in);
        break;
    case VM_IF:
        run_if(vm);
        break;
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
        run_pair(vm, in);
        break;
    case VM_NPV:
    case VM_IRR:
    case VM_MIRR:
        run_list(vm, in);
        break;
    default:
        run_one(vm, in);
        break;
    }
}

/* A null has 0 as its number. */
static void store(const struct operand *out, int count, num_int *v, uint8_t *why)
{
    uint8_t any = 0;

    for (int i = 0; i < (out->step ? count : 1); i++)
        any |= out->why[i];
    if (out->step && !any) {
        memcpy(v, out->v, (size_t)count * sizeof *v);
        memset(why, 0, (size_t)count);
        return;
    }
    for (int i = 0; i < count; i++) {
        why[i] = out->why[i * out->step];
        v[i] = why[i] ? 0 : out->v[i * out->step];
    }
}

void model_vm_run(struct model *m, int line, const struct program *program, size_t row, int from,
                  int count)
{
    struct vm vm; /* 70 KB of which a program touches what it needs */
    size_t cell = cell_at(m, line, row) + (size_t)from;
    struct operand out;

    vm.m = m;
    vm.program = program;
    vm.row = row;
    vm.from = from;
    vm.count = count;
    vm.years = from >= MODEL_MONTHS;
    vm.depth = 0;
    for (size_t i = 0; i < program->count; i++)
        if (instr_steers(&program->code[i]))
            i = branch(&vm, i);
        else
            run_instr(&vm, &program->code[i]);
    out = vm.stack[0];
    store(&out, count, m->v + cell, m->why + cell);
}
