/* sheet_formula.c - the program of a line as the formula of one cell: the programs' stack of numbers becomes a stack
 * of texts, each with how tightly it binds. Every instruction has its words here, and the compiler of C
 * says so if a new one has none.
 *
 * A sum of doubles may miss 0 by a hair where our decimals do not, so what is not exact is compared by
 * its rounded difference: ROUND(a-b,6)<0. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "expr/days.h"
#include "expr/num_series.h"
#include "finance/workbook.h"

/* How tightly a spreadsheet binds. Its minus sign binds more than `^`, so one before a power or under one
 * always gets parentheses. */
enum { BINDS_COMPARE = 1, BINDS_SUM, BINDS_PRODUCT, BINDS_POWER, BINDS_ATOM };

enum { HAIR = 9 }; /* decimals past which doubles are not to be trusted */

enum { FORMULA_MOST = 8000, NESTED_MOST = 60 }; /* 8192 and 64 is what Excel takes */

struct operand {
    char *text;
    int binds;
};

struct translation {
    const struct workbook *b;
    int sheet, line, period;
    size_t row;
    const struct program *program;
    struct operand stack[PROGRAM_DEPTH_MOST + 1];
    struct sheet_trait traits[PROGRAM_DEPTH_MOST + 1];
};

/* ---- places ---------------------------------------------------------------------------------- */

char *sheet_a1(int col, uint32_t row, bool fixed)
{
    char letters[4] = "";
    int at = 3;

    for (int n = col + 1; n > 0; n = (n - 1) / 26)
        letters[--at] = (char)('A' + (n - 1) % 26);
    return mem_printf("%s%.*s%s%u", fixed ? "$" : "", 3 - at, letters + at, fixed ? "$" : "",
                      row + 1);
}

char *sheet_prefix(const struct workbook *b, int sheet)
{
    const char *name = b->sheets[sheet].name;

    return strpbrk(name, " -&()") ? mem_printf("'%s'!", name) : mem_printf("%s!", name);
}

int sheet_column(int period)
{
    if (period == SHEET_ONCE)
        return SHEET_VALUE;
    if (period == SHEET_OPENING)
        return SHEET_BEFORE;
    return period < MODEL_MONTHS ? SHEET_MONTHS + period : SHEET_YEARS + period - MODEL_MONTHS;
}

static const struct line *line_at(const struct translation *t, int line)
{
    return &t->b->m->def->lines[line];
}

/* "Monthly!J12:L12", or "J12" if it is one cell; `row` counts rows of a table, `rows` of them. */
static char *range(const struct translation *t, int line, size_t row, size_t rows, int from, int to)
{
    struct sheet_home home = t->b->homes[line];
    bool fixed = !line_at(t, line)->wide;
    uint32_t top = home.row + (uint32_t)row;
    char *sheet = home.sheet == t->sheet ? mem_str("") : sheet_prefix(t->b, home.sheet);
    char *first = sheet_a1(from, top, fixed);
    char *last = sheet_a1(to, top + (uint32_t)rows - 1, fixed);
    char *text = strcmp(first, last) == 0 ? mem_printf("%s%s", sheet, first)
                                          : mem_printf("%s%s:%s", sheet, first, last);

    free(sheet);
    free(first);
    free(last);
    return text;
}

/* The row of `line` an instruction reads; false if the plan has not so many. */
static bool row_read(const struct translation *t, const struct instr *in, size_t *row)
{
    const struct line *l = line_at(t, in->line);

    *row = in->row ? (size_t)in->row - 1 : l->table >= 0 ? t->row : 0;
    return *row < line_rows(t->b->m, l);
}

/* One cell of a line in a column; what has no time goes by its name if it has one. */
static char *cell(const struct translation *t, const struct instr *in, int col)
{
    const struct line *l = line_at(t, in->line);
    size_t row;

    if (!row_read(t, in, &row))
        return mem_str("NA()");
    if (!l->wide && t->b->names[in->line])
        return mem_str(t->b->names[in->line]);
    return range(t, in->line, row, 1, l->wide ? col : SHEET_VALUE, l->wide ? col : SHEET_VALUE);
}

static bool in_years(const struct translation *t)
{
    return t->period >= MODEL_MONTHS;
}

static char *lagged(const struct translation *t, const struct instr *in)
{
    int at = t->period + in->n;

    return cell(t, in,
                at < (in_years(t) ? MODEL_MONTHS : 0) ? (int)SHEET_BEFORE : sheet_column(at));
}

/* SUM() from the beginning, or from that of the year. */
static char *summed(const struct translation *t, const struct instr *in)
{
    int from = in->op == VM_YTD ? t->period - t->period % 12 : in_years(t) ? MODEL_MONTHS : 0;
    char *cells, *text;
    size_t row;

    if (!row_read(t, in, &row))
        return mem_str("NA()");
    if (in_years(t) && in->op == VM_YTD)
        return cell(t, in, sheet_column(t->period));
    cells = range(t, in->line, row, 1, sheet_column(from), sheet_column(t->period));
    text = mem_printf("SUM(%s)", cells);
    free(cells);
    return text;
}

/* The line so many months ago: the cell left of month 1 stands for all before it, and is 0 or, of a line with an
 * opening, left out. */
static char *delayed(const struct translation *t, const struct instr *in, const char *months)
{
    bool opening = line_at(t, in->line)->opening >= 0;
    char *cells, *late, *later, *text;
    int now = t->period + 1;
    size_t row;

    if (!row_read(t, in, &row))
        return mem_str("NA()");
    if (in_years(t))
        return cell(t, in, sheet_column(t->period));
    cells = range(t, in->line, row, 1, SHEET_BEFORE, sheet_column(t->period));
    late = mem_printf("INDEX(%s,MAX(1,%d-INT(MAX(0,%s))))", cells, now + 1, months);
    later = mem_printf("INDEX(%s,MAX(1,%d-INT(MAX(0,%s))))", cells, now, months);
    if (opening)
        text = mem_printf("IF(INT(MAX(0,%s))<%d,%s,0)*(1-MOD(MAX(0,%s),1))"
                          "+IF(INT(MAX(0,%s))<%d,%s,0)*MOD(MAX(0,%s),1)",
                          months, now, late, months, months, now - 1, later, months);
    else
        text =
            mem_printf("%s*(1-MOD(MAX(0,%s),1))+%s*MOD(MAX(0,%s),1)", late, months, later, months);
    free(cells);
    free(late);
    free(later);
    return text;
}

/* ---- constants ------------------------------------------------------------------------------- */

static void put_text(struct strbuf *out, const char *text)
{
    strbuf_char(out, '"');
    for (; *text; text++) {
        if (*text == '"')
            strbuf_char(out, '"');
        strbuf_char(out, *text);
    }
    strbuf_char(out, '"');
}

static char *constant(const struct translation *t, enum value_type type, num_int k)
{
    char digits[NUM_TEXT_SIZE];
    struct strbuf text;
    struct civil date;

    switch (type) {
    case VALUE_TEXT:
        strbuf_init(&text, FORMULA_MOST);
        put_text(&text, t->b->m->texts[k]);
        return strbuf_take(&text);
    case VALUE_BOOL:
        return mem_str(k ? "TRUE" : "FALSE");
    case VALUE_DATE:
        date = days_to_civil((int32_t)(k / num_from_int(1).v));
        return mem_printf("DATE(%d,%d,%d)", date.year, date.month, date.day);
    default:
        num_print((struct num){k}, digits);
        return mem_str(digits);
    }
}

/* ---- folds ----------------------------------------------------------------------------------- */

static char *over_none(enum fold fold)
{
    return mem_str(fold == FOLD_SUM || fold == FOLD_COUNT ? "0"
                   : fold == FOLD_ANY                     ? "FALSE"
                   : fold == FOLD_ALL                     ? "TRUE"
                                                          : "NA()");
}

/* The first TRUE of a row; what is null before it makes the whole null. */
static char *first_month(const char *cells, bool null)
{
    if (!null)
        return mem_printf("MATCH(TRUE,%s,0)", cells);
    return mem_printf("MATCH(TRUE,%s,0)+0*SUM(INDEX(%s,1):INDEX(%s,MATCH(TRUE,%s,0)))", cells,
                      cells, cells, cells);
}

static char *folded(enum fold fold, const char *cells, struct sheet_trait t)
{
    switch (fold) {
    case FOLD_SUM:
        return mem_printf("SUM(%s)", cells);
    case FOLD_MIN:
        return mem_printf("MIN(%s)", cells);
    case FOLD_MAX:
        return mem_printf("MAX(%s)", cells);
    case FOLD_AVG:
        return mem_printf("AVERAGE(%s)", cells);
    case FOLD_COUNT:
        return t.type == VALUE_BOOL  ? mem_printf("COUNTIF(%s,TRUE)", cells)
               : t.type == VALUE_NUM ? mem_printf("COUNT(%s)", cells)
                                     : mem_printf("SUMPRODUCT(--NOT(ISERROR(%s)))", cells);
    case FOLD_ANY:
        return t.null ? mem_printf("IF(COUNTIF(%s,TRUE)>0,TRUE,OR(%s))", cells, cells)
                      : mem_printf("OR(%s)", cells);
    case FOLD_ALL:
        return t.null ? mem_printf("IF(COUNTIF(%s,FALSE)>0,FALSE,AND(%s))", cells, cells)
                      : mem_printf("AND(%s)", cells);
    case FOLD_FIRST:
        return first_month(cells, t.null);
    }
    return NULL;
}

static char *fold(const struct translation *t, const struct instr *in)
{
    size_t rows = line_rows(t->b->m, line_at(t, in->line)), row = 0;
    int col = line_at(t, in->line)->wide ? sheet_column(t->period) : (int)SHEET_VALUE;
    char *cells, *text;

    if (!rows)
        return over_none((enum fold)in->n);
    if (in->op == VM_ROWS) {
        cells = range(t, in->line, 0, rows, col, col);
    } else {
        row_read(t, in, &row);
        cells = range(t, in->line, row, 1, SHEET_MONTHS, SHEET_COLS - 1);
    }
    text = folded((enum fold)in->n, cells, t->b->traits[in->line]);
    free(cells);
    return text;
}

/* The items of a list as numbers; false if one is null. */
static bool sheet_amounts(const struct workbook *b, const struct sheet_list *list, struct num *out)
{
    for (size_t i = 0; i < list->count; i++) {
        struct place p = list->places[i];
        size_t at = cell_at(b->m, p.line, p.row) + (size_t)(p.period < 0 ? 0 : p.period);

        if (b->m->why[at])
            return false;
        out[i].v = b->m->v[at];
    }
    return true;
}

/* ---- operators ------------------------------------------------------------------------------- */

/* The operand as one that binds at least so tightly. */
static char *inside(const struct operand *o, int least)
{
    return o->binds >= least ? mem_str(o->text) : mem_printf("(%s)", o->text);
}

static char *two(const struct operand *args, const char *sign, int left, int right)
{
    char *a = inside(&args[0], left), *b = inside(&args[1], right);
    char *text = mem_printf("%s%s%s", a, sign, b);

    free(a);
    free(b);
    return text;
}

/* 0^0 is 1 with us and nothing in a spreadsheet. What is no whole power is rounded as ours is (num_pow.c). */
static struct operand power(const struct operand *args, const struct sheet_trait *traits)
{
    struct operand p = {two(args, "^", BINDS_ATOM, BINDS_ATOM), BINDS_POWER};
    bool constant = strspn(args[1].text, "0123456789./") == strlen(args[1].text);
    char *bare = p.text;

    if (!traits[1].whole)
        p = (struct operand){mem_printf("ROUND(%s,10)", bare), BINDS_ATOM};
    if (p.text != bare)
        free(bare);
    bare = p.text;
    if (!constant)
        p = (struct operand){mem_printf("IF(%s=0,1,%s)", args[1].text, bare), BINDS_ATOM};
    if (p.text != bare)
        free(bare);
    return p;
}

static char *compared(const struct operand *args, const struct sheet_trait *traits,
                      const char *sign)
{
    bool exact = traits[0].exact && traits[1].exact;
    char *difference, *text;

    if (traits[0].type == VALUE_TEXT || traits[1].type == VALUE_TEXT)
        return mem_printf(sign[0] == '=' ? "EXACT(%s,%s)" : "NOT(EXACT(%s,%s))", args[0].text,
                          args[1].text);
    if (exact || traits[0].type == VALUE_BOOL || traits[1].type == VALUE_BOOL)
        return two(args, sign, BINDS_SUM, BINDS_SUM);
    difference = strcmp(args[1].text, "0") == 0 ? mem_str(args[0].text)
                                                : two(args, "-", BINDS_SUM, BINDS_PRODUCT);
    text =
        mem_printf("ROUND(%s,%d)%s0", difference, traits[0].money || traits[1].money ? 6 : 9, sign);
    free(difference);
    return text;
}

static char *one_of(const struct translation *t, const struct instr *in, const struct operand *a,
                    struct sheet_trait trait)
{
    bool text = trait.type == VALUE_TEXT;
    struct strbuf out;

    if (!in->n)
        return mem_printf("IF(ISERROR(%s),%s,FALSE)", a->text, a->text);
    strbuf_init(&out, FORMULA_MOST);
    strbuf_str(&out, in->n > 1 ? "OR(" : "");
    for (int i = 0; i < in->n; i++) {
        char *item = constant(t, trait.type, t->program->list[in->line + i]);

        strbuf_printf(&out, text ? "%sEXACT(%s,%s)" : "%s%s=%s", i ? "," : "", a->text, item);
        free(item);
    }
    strbuf_str(&out, in->n > 1 ? ")" : "");
    return strbuf_take(&out);
}

/* A truth that decides wins over a null on either side. */
static char *both(const struct operand *args, const struct sheet_trait *traits)
{
    const char *a = args[0].text, *b = args[1].text;

    if (!traits[0].null && !traits[1].null)
        return mem_printf("AND(%s,%s)", a, b);
    if (!traits[0].null)
        return mem_printf("IF(%s,%s,FALSE)", a, b);
    if (!traits[1].null)
        return mem_printf("IF(%s,%s,FALSE)", b, a);
    return mem_printf("IF(IFERROR(%s,TRUE),IF(%s,%s,FALSE),FALSE)", a, b, a);
}

static char *either(const struct operand *args, const struct sheet_trait *traits)
{
    const char *a = args[0].text, *b = args[1].text;

    if (!traits[0].null && !traits[1].null)
        return mem_printf("OR(%s,%s)", a, b);
    if (!traits[0].null)
        return mem_printf("IF(%s,TRUE,%s)", a, b);
    if (!traits[1].null)
        return mem_printf("IF(%s,TRUE,%s)", b, a);
    return mem_printf("IF(IFERROR(%s,FALSE),TRUE,IF(%s,TRUE,%s))", a, b, a);
}

static struct operand call(const char *function, const struct operand *args, int count)
{
    struct strbuf out;

    strbuf_init(&out, FORMULA_MOST);
    strbuf_printf(&out, "%s(", function);
    for (int i = 0; i < count; i++)
        strbuf_printf(&out, "%s%s", i ? "," : "", args[i].text);
    strbuf_char(&out, ')');
    return (struct operand){strbuf_take(&out), BINDS_ATOM};
}

/* Half a coin that a sum of doubles missed by a hair is taken for half a coin first. */
static struct operand rounded(const struct translation *t, const struct instr *in,
                              const struct operand *a, struct sheet_trait trait)
{
    int digits = in->n == ROUND_MONEY ? t->b->m->exponent : in->n;

    if (trait.noisy && digits < HAIR)
        return (struct operand){mem_printf("ROUND(ROUND(%s,%d),%d)", a->text, HAIR, digits),
                                BINDS_ATOM};

    return (struct operand){mem_printf("ROUND(%s,%d)", a->text, digits), BINDS_ATOM};
}

/* A whole number that arithmetic of doubles missed by a hair is taken for whole. */
static struct operand floored(const struct instr *in, const struct operand *a)
{
    return (struct operand){in->op == VM_FLOOR ? mem_printf("INT(ROUND(%s,9))", a->text)
                                               : mem_printf("-INT(-ROUND(%s,9))", a->text),
                            in->op == VM_FLOOR ? BINDS_ATOM : BINDS_SUM};
}

static struct operand negated(const struct operand *a)
{
    char *inner = inside(a, BINDS_PRODUCT);
    struct operand out = {mem_printf(a->binds == BINDS_POWER ? "-(%s)" : "-%s", inner), BINDS_SUM};

    free(inner);
    return out;
}

/* npv0(), irr() and mirr() over the row of their list. A spreadsheet's NPV() discounts its first amount and ours does not.
 * Its IRR() finds one rate, from a guess on: ours is the guess. How many there are no function of a
 * spreadsheet counts: where it finds one, there are as many as we found. */
static char *of_list(const struct translation *t, const struct instr *in,
                     const struct operand *args)
{
    const struct sheet_list *list = sheet_list_of(t->b, in);
    struct num amount[PROGRAM_DEPTH_MOST + 1], rates[PROGRAM_DEPTH_MOST + 1];
    char *sheet, *first, *last, *cells, *text, guess[NUM_TEXT_SIZE] = "0.1";
    size_t found = 0;

    if (!list || !list->count)
        return NULL;
    sheet = t->sheet == t->b->workings ? mem_str("") : sheet_prefix(t->b, t->b->workings);
    first = sheet_a1(SHEET_MONTHS, list->row, true);
    last = sheet_a1(SHEET_MONTHS + (int)list->count - 1, list->row, true);
    cells = mem_printf("%s%s:%s", sheet, first, last);
    if (in->op == VM_IRR) {
        found = sheet_amounts(t->b, list, amount) ? num_irr(amount, list->count, rates) : 0;
        if (found)
            num_print(rates[in->k == RATES_MOST ? found - 1 : 0], guess);
        text = in->k == RATES_COUNT
                   ? mem_printf("IF(ISERROR(IRR(%s,%s)),0,%zu)", cells, guess, found ? found : 1)
                   : mem_printf("IRR(%s,%s)", cells, guess);
    } else if (in->op == VM_MIRR) {
        text = mem_printf("MIRR(%s,%s,%s)", cells, args[in->n].text, args[in->n + 1].text);
    } else {
        free(first);
        first = sheet_a1(SHEET_MONTHS + 1, list->row, true);
        free(cells);
        cells = sheet_a1(SHEET_MONTHS, list->row, true);
        text = list->count > 1 ? mem_printf("%s%s+NPV(%s,%s%s:%s)", sheet, cells, args[0].text,
                                            sheet, first, last)
                               : mem_printf("%s%s", sheet, cells);
    }
    free(sheet);
    free(first);
    free(last);
    free(cells);
    return text;
}

/* What one instruction makes of its operands; no text if a spreadsheet has no words for it. */
static struct operand words(const struct translation *t, const struct instr *in,
                            const struct operand *args, const struct sheet_trait *traits)
{
    switch (in->op) {
    case VM_CONST: {
        char *text = constant(t, (enum value_type)in->n, in->k);

        return (struct operand){text, *text == '-' ? BINDS_SUM : BINDS_ATOM};
    }
    case VM_LOAD:
        return (struct operand){cell(t, in, sheet_column(t->period)), BINDS_ATOM};
    case VM_LAG:
        return (struct operand){lagged(t, in), BINDS_ATOM};
    case VM_AT:
        return (struct operand){cell(t, in, sheet_column(in->n)), BINDS_ATOM};
    case VM_YTD:
    case VM_SO_FAR:
        return (struct operand){summed(t, in), BINDS_ATOM};
    case VM_DELAYED:
        return (struct operand){delayed(t, in, args[0].text), BINDS_SUM};
    case VM_ROWS:
    case VM_MONTHS:
        return (struct operand){fold(t, in),
                                (enum fold)in->n == FOLD_FIRST ? BINDS_SUM : BINDS_ATOM};
    case VM_NPV:
    case VM_IRR:
    case VM_MIRR:
        return (struct operand){of_list(t, in, args), BINDS_SUM};
    case VM_NEG:
        return negated(&args[0]);
    case VM_NOT:
        return call("NOT", args, 1);
    case VM_ADD:
        return (struct operand){two(args, "+", BINDS_SUM, BINDS_PRODUCT), BINDS_SUM};
    case VM_SUB:
        return (struct operand){two(args, "-", BINDS_SUM, BINDS_PRODUCT), BINDS_SUM};
    case VM_MUL:
        return (struct operand){two(args, "*", BINDS_PRODUCT, BINDS_POWER), BINDS_PRODUCT};
    case VM_DIV:
        return (struct operand){two(args, "/", BINDS_PRODUCT, BINDS_POWER), BINDS_PRODUCT};
    case VM_POW:
        return power(args, traits);
    case VM_EQ:
        return (struct operand){compared(args, traits, "="), BINDS_COMPARE};
    case VM_NE:
        return (struct operand){compared(args, traits, "<>"), BINDS_COMPARE};
    case VM_LT:
        return (struct operand){compared(args, traits, "<"), BINDS_COMPARE};
    case VM_LE:
        return (struct operand){compared(args, traits, "<="), BINDS_COMPARE};
    case VM_GT:
        return (struct operand){compared(args, traits, ">"), BINDS_COMPARE};
    case VM_GE:
        return (struct operand){compared(args, traits, ">="), BINDS_COMPARE};
    case VM_IN:
        return (struct operand){one_of(t, in, &args[0], traits[0]), BINDS_COMPARE};
    case VM_AND:
        return (struct operand){both(args, traits), BINDS_ATOM};
    case VM_OR:
        return (struct operand){either(args, traits), BINDS_ATOM};
    case VM_ELSE:
        return traits[0].null ? call("IFERROR", args, 2)
                              : (struct operand){mem_str(args[0].text), args[0].binds};
    case VM_IF:
        return call("IF", args, 3);
    case VM_MIN:
        return call("MIN", args, 2);
    case VM_MAX:
        return call("MAX", args, 2);
    case VM_ROUND:
        return rounded(t, in, &args[0], traits[0]);
    case VM_FLOOR:
    case VM_CEIL:
        return floored(in, &args[0]);
    case VM_ABS:
        return call("ABS", args, 1);
    case VM_IS_NULL:
        return traits[0].null ? call("ISERROR", args, 1)
                              : (struct operand){mem_str("FALSE"), BINDS_ATOM};
    case VM_NULL:
        return (struct operand){mem_str("NA()"), BINDS_ATOM};
    case VM_PERCENT:
        return (struct operand){
            two((struct operand[]){args[0], {.text = (char[]){"100"}, .binds = BINDS_ATOM}}, "*",
                BINDS_PRODUCT, BINDS_POWER),
            BINDS_PRODUCT};
    case VM_DATE_YEAR:
        return call("YEAR", args, 1);
    case VM_DATE_MONTH:
        return call("MONTH", args, 1);
    case VM_BRANCH:
    case VM_JUMP:
        break;
    }
    return (struct operand){0};
}

/* ---- the whole ------------------------------------------------------------------------------- */

static bool cannot(const struct translation *t, struct err *err, const char *why)
{
    const struct line *l = line_at(t, t->line);

    return err_set(err, ERR_UNSUPPORTED, 0, "%s (%s) cannot be a formula of a spreadsheet: %s",
                   l->hidden ? "A part of the formula" : l->name, l->label, why);
}

static bool check_formula(const struct translation *t, const char *text, struct err *err)
{
    int open = 0, most = 0;

    for (const char *p = text; *p; p++) {
        open += (*p == '(') - (*p == ')');
        most = open > most ? open : most;
    }
    if (strlen(text) > FORMULA_MOST)
        return cannot(t, err, "it is too long; split it in two lines");
    return most <= NESTED_MOST || cannot(t, err, "it is too deep; split it in two lines");
}

char *sheet_formula(const struct workbook *b, int sheet, int line, size_t row, int period,
                    const struct program *program, struct err *err)
{
    struct translation t = {
        .b = b, .sheet = sheet, .line = line, .period = period, .row = row, .program = program};
    int depth = 0;
    bool ok = true;

    for (size_t i = 0; ok && i < program->count; i++) {
        const struct instr *in = &program->code[i];
        int takes = sheet_takes(in);
        struct operand made = {0};

        if (instr_steers(in))
            continue;
        if (takes >= 0)
            made = words(&t, in, &t.stack[depth - takes], &t.traits[depth - takes]);
        ok = made.text ? check_formula(&t, made.text, err)
                       : cannot(&t, err, "it has no words for one of its functions");
        for (int k = 0; made.text && k < takes; k++)
            free(t.stack[--depth].text);
        if (made.text) {
            t.traits[depth] = sheet_trait_step(b, in, &t.traits[depth]);
            t.stack[depth++] = made;
        }
    }
    if (ok)
        return t.stack[0].text;
    while (depth > 0)
        free(t.stack[--depth].text);
    return NULL;
}
