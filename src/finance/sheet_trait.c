/* sheet_trait.c - what is known of a line before it is computed: whether it may be null, and whether a double holds
 * it as exactly as we do. Formulas are written by it: where nothing may be null, `and` is AND(), and only
 * sums of unrounded numbers are compared with a tolerance. Found by running the programs on traits
 * instead of numbers until nothing changes; from one round to the next a trait only ever gets worse. */
#include "finance/workbook.h"

int sheet_takes(const struct instr *in)
{
    switch (in->op) {
    case VM_CONST:
    case VM_LOAD:
    case VM_LAG:
    case VM_AT:
    case VM_YTD:
    case VM_SO_FAR:
    case VM_ROWS:
    case VM_MONTHS:
    case VM_NULL:
        return 0;
    case VM_ADD:
    case VM_SUB:
    case VM_MUL:
    case VM_DIV:
    case VM_POW:
    case VM_EQ:
    case VM_NE:
    case VM_LT:
    case VM_LE:
    case VM_GT:
    case VM_GE:
    case VM_AND:
    case VM_OR:
    case VM_ELSE:
    case VM_MIN:
    case VM_MAX:
        return 2;
    case VM_IF:
        return 3;
    case VM_NPV:
        return in->n + 1;
    case VM_IRR:
        return in->n;
    case VM_MIRR:
        return in->n + 2;
    case VM_DELAYED:
    case VM_BRANCH: /* which leave what they take */
    case VM_JUMP:
    case VM_NEG:
    case VM_NOT:
    case VM_IN:
    case VM_ROUND:
    case VM_FLOOR:
    case VM_CEIL:
    case VM_ABS:
    case VM_IS_NULL:
    case VM_PERCENT:
    case VM_DATE_YEAR:
    case VM_DATE_MONTH:
        return 1;
    }
    return -1;
}

static struct sheet_trait truth(bool null)
{
    return (struct sheet_trait){.type = VALUE_BOOL, .null = null, .exact = true, .whole = true};
}

static struct sheet_trait of_constant(const struct instr *in)
{
    bool whole = in->n != VALUE_NUM || num_is_whole((struct num){in->k});

    return (struct sheet_trait){.type = (enum value_type)in->n, .exact = true, .whole = whole};
}

/* What a line over its rows or months folds to. */
static struct sheet_trait of_fold(const struct workbook *b, const struct instr *in)
{
    struct sheet_trait t = b->traits[in->line];
    size_t items = in->op == VM_ROWS ? line_rows(b->m, &b->m->def->lines[in->line]) : MODEL_MONTHS;

    switch ((enum fold)in->n) {
    case FOLD_SUM:
        t.exact = t.whole;
        t.noisy = !t.exact;
        return t;
    case FOLD_AVG:
        t.exact = t.whole = false;
        break;
    case FOLD_COUNT:
        return (struct sheet_trait){.type = VALUE_NUM, .exact = true, .whole = true};
    case FOLD_ANY:
    case FOLD_ALL:
        return truth(t.null && items);
    case FOLD_FIRST:
        return (struct sheet_trait){.type = VALUE_NUM, .null = true, .exact = true, .whole = true};
    case FOLD_MIN:
    case FOLD_MAX:
        break;
    }
    t.null = t.null || !items;
    return t;
}

static struct sheet_trait worse(struct sheet_trait a, struct sheet_trait b)
{
    return (struct sheet_trait){.type = a.type == VALUE_NULL ? b.type : a.type,
                                .null = a.null || b.null,
                                .exact = a.exact && b.exact,
                                .whole = a.whole && b.whole,
                                .money = a.money || b.money,
                                .noisy = a.noisy || b.noisy};
}

static struct sheet_trait of_arithmetic(const struct instr *in, struct sheet_trait a,
                                        struct sheet_trait b)
{
    struct sheet_trait t = worse(a, b);

    t.whole = t.whole && in->op != VM_DIV && in->op != VM_POW;
    t.exact = t.whole;
    t.null = t.null || in->op == VM_DIV;
    return t;
}

static struct sheet_trait of_line(const struct workbook *b, const struct instr *in)
{
    const struct line *l = &b->m->def->lines[in->line];
    struct sheet_trait t = b->traits[in->line];

    if (in->row && (size_t)in->row > line_rows(b->m, l))
        t.null = true;
    if (in->op == VM_LAG && l->opening >= 0)
        t = worse(t, b->traits[l->opening]);
    if (in->op == VM_YTD || in->op == VM_SO_FAR)
        t.exact = t.whole;
    t.noisy = !t.exact;
    return t;
}

struct sheet_trait sheet_trait_step(const struct workbook *b, const struct instr *in,
                                    const struct sheet_trait *args)
{
    struct sheet_trait t = args[0];

    switch (in->op) {
    case VM_CONST:
        return of_constant(in);
    case VM_LOAD:
    case VM_LAG:
    case VM_AT:
    case VM_YTD:
    case VM_SO_FAR:
        return of_line(b, in);
    case VM_DELAYED:
        t = worse(of_line(b, in), args[0]);
        t.exact = t.whole = false;
        return t;
    case VM_ROWS:
    case VM_MONTHS:
        return of_fold(b, in);
    case VM_BRANCH:
    case VM_JUMP:
    case VM_NEG:
    case VM_ABS:
        return t;
    case VM_NOT:
    case VM_IN:
        return truth(t.null);
    case VM_ADD:
    case VM_SUB:
    case VM_MUL:
    case VM_DIV:
    case VM_POW:
        return of_arithmetic(in, args[0], args[1]);
    case VM_EQ:
    case VM_NE:
    case VM_LT:
    case VM_LE:
    case VM_GT:
    case VM_GE:
    case VM_AND:
    case VM_OR:
        return truth(args[0].null || args[1].null);
    case VM_ELSE:
        t = worse(args[0], args[1]);
        t.null = args[0].null && args[1].null;
        return t;
    case VM_IF:
        t = worse(args[1], args[2]);
        t.null = t.null || args[0].null;
        return t;
    case VM_MIN:
    case VM_MAX:
        return worse(args[0], args[1]);
    case VM_ROUND:
        t.whole = in->n == 0;
        t.exact = true;
        t.noisy = false;
        return t;
    case VM_FLOOR:
    case VM_CEIL:
        t.exact = t.whole = true;
        return t;
    case VM_IS_NULL:
        return truth(false);
    case VM_NULL:
        return (struct sheet_trait){.type = VALUE_NULL, .null = true, .exact = true, .whole = true};
    case VM_IRR:
        t = (struct sheet_trait){.type = VALUE_NUM};
        t.null = in->k != RATES_COUNT;
        t.exact = t.whole = in->k == RATES_COUNT;
        return t;
    case VM_NPV:
    case VM_MIRR:
        for (int i = 1; i < sheet_takes(in); i++)
            t = worse(t, args[i]);
        t.exact = t.whole = false;
        t.null = t.null || in->op == VM_MIRR;
        return t;
    case VM_PERCENT:
        t.exact = t.whole = false;
        return t;
    case VM_DATE_YEAR:
    case VM_DATE_MONTH:
        t.type = VALUE_NUM;
        t.exact = t.whole = true;
        return t;
    }
    return t;
}

static struct sheet_trait of_program(const struct workbook *b, const struct program *p)
{
    struct sheet_trait stack[PROGRAM_DEPTH_MOST + 1];
    int depth = 0;

    for (size_t i = 0; i < p->count; i++) {
        int takes = sheet_takes(&p->code[i]);

        depth -= takes;
        stack[depth] = sheet_trait_step(b, &p->code[i], &stack[depth]);
        depth++;
    }
    return stack[0];
}

static bool has_null(const struct workbook *b, int line)
{
    const struct model *m = b->m;
    const struct line *l = &m->def->lines[line];
    size_t first = m->first[line], end = first + line_rows(m, l) * line_width(l);

    while (first < end && !m->why[first])
        first++;
    return first < end;
}

/* A line as it stands with what is known of the others so far. */
static struct sheet_trait of_whole_line(const struct workbook *b, int line)
{
    const struct line *l = &b->m->def->lines[line];
    bool given = l->kind == LINE_INPUT || l->native != NATIVE_NONE;
    bool months = l->unit == UNIT_MONTHS || (l->native != NATIVE_NONE && l->native < NATIVE_RATE);
    struct sheet_trait t = {.exact = true, .whole = !given || months || l->type != VALUE_NUM};

    for (size_t row = 0; row < line_rows(b->m, l); row++) {
        const struct program *p = sheet_program(b->m, line, row);

        if (p)
            t = worse(t, of_program(b, p));
        if (!given)
            break; /* the same for every row */
    }
    if (l->kind == LINE_FLOW)
        t.exact = t.whole; /* its years are sums */
    t.type = l->type;
    t.money = l->unit == UNIT_MONEY;
    t.null = t.null || has_null(b, line);
    t.whole = t.whole && t.exact;
    return t;
}

void sheet_traits(struct workbook *b)
{
    const struct model_def *def = b->m->def;
    bool changed = true;

    for (size_t i = 0; i < def->line_count; i++)
        b->traits[i] =
            (struct sheet_trait){.type = def->lines[i].type, .exact = true, .whole = true};
    while (changed) {
        changed = false;
        for (size_t i = 0; i < def->line_count; i++) {
            struct sheet_trait t = of_whole_line(b, (int)i), *was = &b->traits[i];

            t.exact = t.exact && was->exact;
            t.whole = t.whole && was->whole;
            t.null = t.null || was->null;
            changed = changed || t.exact != was->exact || t.whole != was->whole ||
                      t.null != was->null || t.money != was->money;
            *was = t;
        }
    }
}
