/* model_vm.c - runs a program over many periods at once: an operand is a column of up to 60
 * cells, an instruction a loop. This makes the cost of dispatch vanish for all lines but those
 * that read their own past. Both branches of an if() are computed and one is chosen, so a number
 * out of range is a kind of null (REASON_OVERFLOW) that only fails the run if it gets into a
 * line. */
#include <string.h>

#include "expr/days.h"
#include "finance/model_run.h"

#define ONE INT64_C(1000000000000)

struct operand {
    const num_int *v;
    const uint8_t *why;
    int step; /* 0: the same cell for every period */
};

struct vm {
    const struct model *m;
    const struct program *program;
    size_t row;
    int table; /* of the line being computed */
    int from, count;
    bool years; /* the periods are years */
    struct operand stack[PROGRAM_DEPTH_MOST + 1];
    int depth;
    num_int v[PROGRAM_DEPTH_MOST + 1][MODEL_MONTHS];
    uint8_t why[PROGRAM_DEPTH_MOST + 1][MODEL_MONTHS];
};

struct cell {
    num_int v;
    uint8_t why;
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

/* First cell of what an instruction reads; false if the row it names is not there. */
static bool locate(const struct vm *vm, const struct instr *in, size_t *cell)
{
    const struct line *l = &vm->m->def->lines[in->line];
    size_t row = in->row ? (size_t)in->row - 1 : l->table >= 0 ? vm->row : 0;

    if (in->row && row >= line_rows(vm->m, l))
        return false;
    *cell = cell_at(vm->m, in->line, row);
    return true;
}

static void load(struct vm *vm, const struct instr *in)
{
    const struct model *m = vm->m;
    bool wide = m->def->lines[in->line].wide;
    size_t cell;

    if (!locate(vm, in, &cell)) {
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

    if (!locate(vm, in, &cell))
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

    if (!locate(vm, in, &cell)) {
        push(vm, &zero_cell, &missing_cell, 0);
        return;
    }
    if (l->opening >= 0) {
        size_t opening = cell_at(m, l->opening, l->table >= 0 ? vm->row : 0);

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

static void add_cell(num_int *v, uint8_t *why, num_int other, uint8_t other_why)
{
    if (*why)
        return;
    *why = other_why;
    if (!other_why && __builtin_add_overflow(*v, other, v))
        *why = REASON_OVERFLOW;
}

/* The year so far: of a year, the year itself. */
static void load_ytd(struct vm *vm, const struct instr *in)
{
    const struct model *m = vm->m;
    num_int *v = vm->v[vm->depth];
    uint8_t *why = vm->why[vm->depth];
    size_t cell;

    if (vm->years || !locate(vm, in, &cell)) {
        load(vm, in);
        return;
    }
    vm->stack[vm->depth++] = (struct operand){v, why, 1};
    for (int i = 0; i < vm->count; i++) {
        int at = vm->from + i;

        if (i && at % 12) { /* one month on */
            v[i] = v[i - 1];
            why[i] = why[i - 1];
            add_cell(&v[i], &why[i], m->v[cell + (size_t)at], m->why[cell + (size_t)at]);
            continue;
        }
        v[i] = 0;
        why[i] = 0;
        for (int k = at - at % 12; k <= at; k++)
            add_cell(&v[i], &why[i], m->v[cell + (size_t)k], m->why[cell + (size_t)k]);
    }
}

/* ---- folds ----------------------------------------------------------------------------------- */

/* Takes one more cell into a fold. Truths: a deciding one wins over a null. */
static void fold_cell(enum fold fold, bool first, num_int *v, uint8_t *why, num_int x,
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
static num_int counts(const struct line *l, num_int x, uint8_t x_why)
{
    if (x_why)
        return 0;
    return l->type == VALUE_BOOL ? x : ONE;
}

static void end_fold(enum fold fold, size_t items, num_int *v, uint8_t *why)
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

static void first_month(const struct model *m, const struct instr *in, size_t cell, num_int *v,
                        uint8_t *why)
{
    *v = 0;
    *why = (uint8_t)in->k; /* what the line says of never */
    for (int i = 0; i < MODEL_MONTHS; i++) {
        if (m->why[cell + (size_t)i]) {
            *why = m->why[cell + (size_t)i];
            return;
        }
        if (m->v[cell + (size_t)i]) {
            *v = (i + 1) * (num_int)ONE;
            *why = 0;
            return;
        }
    }
}

static void fold_months(struct vm *vm, const struct instr *in)
{
    const struct model *m = vm->m;
    size_t cell = cell_at(m, in->line, vm->row);
    enum fold fold = (enum fold)in->n;
    num_int *v = vm->v[vm->depth];
    uint8_t *why = vm->why[vm->depth];

    vm->stack[vm->depth++] = (struct operand){v, why, 0};
    if (fold == FOLD_FIRST) {
        first_month(m, in, cell, v, why);
        return;
    }
    *v = 0;
    *why = 0;
    for (size_t i = 0; i < MODEL_MONTHS; i++)
        fold_cell(fold, i == 0, v, why, m->v[cell + i], m->why[cell + i]);
    end_fold(fold, MODEL_MONTHS, v, why);
}

/* ---- operators ------------------------------------------------------------------------------- */

static void multiply(num_int a, num_int b, num_int *v, uint8_t *why)
{
    struct num out;

    if (num_mul((struct num){a}, (struct num){b}, &out))
        *v = out.v;
    else
        *why = REASON_OVERFLOW;
}

static void divide(num_int a, num_int b, int reason, num_int *v, uint8_t *why)
{
    struct num out;

    if (b == 0)
        *why = (uint8_t)reason;
    else if (num_div((struct num){a}, (struct num){b}, &out))
        *v = out.v;
    else
        *why = REASON_OVERFLOW;
}

static void raise_power(num_int a, num_int b, int reason, num_int *v, uint8_t *why)
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

static bool holds(enum vm_op op, num_int a, num_int b)
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

/* Runs EACH for every period with both operands' cells in x and y, their nulls carried. */
#define PAIRWISE(EACH)                                                                             \
    for (int i = 0; i < n; i++) {                                                                  \
        num_int x = a.v[i * a.step], y = b.v[i * b.step];                                          \
        uint8_t null = a.why[i * a.step] ? a.why[i * a.step] : b.why[i * b.step];                  \
                                                                                                   \
        why[i] = null;                                                                             \
        if (null)                                                                                  \
            continue;                                                                              \
        EACH;                                                                                      \
    }

static void run_pair(struct vm *vm, const struct instr *in)
{
    struct operand a = vm->stack[vm->depth - 2], b = vm->stack[vm->depth - 1];
    int step = a.step | b.step, n = step ? vm->count : 1;
    struct cell first;
    num_int *v;
    uint8_t *why;
    struct operand *out = result(vm, 2, &v, &why);

    keep_aside(&a, &first);
    switch (in->op) {
    case VM_ADD:
        PAIRWISE(if (__builtin_add_overflow(x, y, &v[i])) why[i] = REASON_OVERFLOW)
        break;
    case VM_SUB:
        PAIRWISE(if (__builtin_sub_overflow(x, y, &v[i])) why[i] = REASON_OVERFLOW)
        break;
    case VM_MUL:
        PAIRWISE(multiply(x, y, &v[i], &why[i]))
        break;
    case VM_DIV:
        PAIRWISE(divide(x, y, in->n, &v[i], &why[i]))
        break;
    case VM_POW:
        PAIRWISE(raise_power(x, y, in->n, &v[i], &why[i]))
        break;
    case VM_MIN:
        PAIRWISE(v[i] = x < y ? x : y)
        break;
    case VM_MAX:
        PAIRWISE(v[i] = x > y ? x : y)
        break;
    default:
        PAIRWISE(v[i] = holds(in->op, x, y) ? ONE : 0)
        break;
    }
    *out = (struct operand){v, why, step};
}

/* and, or, ?? see past some nulls, but never past what is out of range. */
static void run_logic(struct vm *vm, const struct instr *in)
{
    struct operand a = vm->stack[vm->depth - 2], b = vm->stack[vm->depth - 1];
    int step = a.step | b.step, n = step ? vm->count : 1;
    num_int *v, decides = in->op == VM_OR ? ONE : 0;
    struct cell first_cell;
    uint8_t *why;
    struct operand *out = result(vm, 2, &v, &why);

    keep_aside(&a, &first_cell);
    for (int i = 0; i < n; i++) {
        num_int x = a.v[i * a.step], y = b.v[i * b.step];
        uint8_t x_why = a.why[i * a.step], y_why = b.why[i * b.step];

        if (in->op == VM_ELSE) {
            bool first = !x_why || x_why == REASON_OVERFLOW;

            v[i] = first ? x : y;
            why[i] = first ? x_why : y_why;
        } else if ((!x_why && x == decides) || (!y_why && y == decides)) {
            v[i] = decides;
            why[i] = 0;
        } else {
            why[i] = x_why ? x_why : y_why;
            v[i] = decides ? 0 : ONE;
        }
    }
    *out = (struct operand){v, why, step};
}

static void run_if(struct vm *vm)
{
    struct operand c = vm->stack[vm->depth - 3], a = vm->stack[vm->depth - 2],
                   b = vm->stack[vm->depth - 1];
    int step = c.step | a.step | b.step, n = step ? vm->count : 1;
    struct cell test;
    num_int *v;
    uint8_t *why;
    struct operand *out = result(vm, 3, &v, &why);

    keep_aside(&c, &test);
    for (int i = 0; i < n; i++) {
        const struct operand *from = c.v[i * c.step] ? &a : &b;
        uint8_t null = c.why[i * c.step];

        v[i] = from->v[i * from->step];
        why[i] = null ? null : from->why[i * from->step];
    }
    *out = (struct operand){v, why, step};
}

static num_int date_part(enum vm_op op, num_int v)
{
    struct civil date = days_to_civil((int32_t)(v / ONE));

    return (op == VM_DATE_YEAR ? date.year : date.month) * (num_int)ONE;
}

static bool listed(const struct vm *vm, const struct instr *in, num_int x)
{
    for (int i = 0; i < in->n; i++)
        if (vm->program->list[in->line + i] == x)
            return true;
    return false;
}

static void one_cell(const struct vm *vm, const struct instr *in, num_int x, num_int *v,
                     uint8_t *why)
{
    struct num n = {x};

    switch (in->op) {
    case VM_NEG:
        *v = -x;
        break;
    case VM_NOT:
        *v = x ? 0 : ONE;
        break;
    case VM_ROUND:
        *v = num_round(n, in->n == ROUND_MONEY ? vm->m->exponent : in->n).v;
        break;
    case VM_FLOOR:
        *v = num_floor(n).v;
        break;
    case VM_CEIL:
        *v = num_ceil(n).v;
        break;
    case VM_ABS:
        *v = x < 0 ? -x : x;
        break;
    case VM_PERCENT:
        if (__builtin_mul_overflow(x, 100, v))
            *why = REASON_OVERFLOW;
        break;
    case VM_IN:
        *v = listed(vm, in, x) ? ONE : 0;
        break;
    default:
        *v = date_part(in->op, x);
        break;
    }
}

static void run_one(struct vm *vm, const struct instr *in)
{
    struct operand a = vm->stack[vm->depth - 1];
    int n = a.step ? vm->count : 1;
    num_int *v;
    uint8_t *why;
    struct operand *out = result(vm, 1, &v, &why);

    for (int i = 0; i < n; i++) {
        uint8_t null = a.why[i];

        if (in->op == VM_IS_NULL) {
            v[i] = null && null != REASON_OVERFLOW ? ONE : 0;
            why[i] = null == REASON_OVERFLOW ? null : 0;
            continue;
        }
        why[i] = null;
        if (!null)
            one_cell(vm, in, a.v[i], &v[i], &why[i]);
    }
    *out = (struct operand){v, why, a.step};
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
        load_ytd(vm, in);
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
    default:
        run_one(vm, in);
        break;
    }
}

void model_vm_run(struct model *m, int line, const struct program *program, size_t row, int from,
                  int count)
{
    struct vm vm; /* 50 KB of which a program touches what it needs */
    size_t cell = cell_at(m, line, row) + (size_t)from;
    struct operand out;

    vm.m = m;
    vm.program = program;
    vm.row = row;
    vm.table = m->def->lines[line].table;
    vm.from = from;
    vm.count = count;
    vm.years = from >= MODEL_MONTHS;
    vm.depth = 0;
    for (size_t i = 0; i < program->count; i++)
        run_instr(&vm, &program->code[i]);
    out = vm.stack[0];
    for (int i = 0; i < count; i++) {
        m->why[cell + (size_t)i] = out.why[i * out.step];
        m->v[cell + (size_t)i] = out.why[i * out.step] ? 0 : out.v[i * out.step];
    }
}
