/* workbook_cell.c - what stands in a cell: a formula or a constant, and the value we computed. */
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"

#include "expr/days.h"
#include "finance/workbook.h"

enum { DAYS_BEFORE_1970 = 25569 }; /* spreadsheets count from 1899-12-30 */

static const struct line *line_at(const struct workbook *b, int line)
{
    return &b->m->def->lines[line];
}

const struct program *sheet_program(const struct model *m, int line, size_t row)
{
    const struct line *l = &m->def->lines[line];

    if (l->native != NATIVE_NONE)
        return NULL;
    if (l->kind != LINE_INPUT || l->hidden)
        return l->program.count ? &l->program : NULL;
    switch (m->origin[m->origin_first[line] + row]) {
    case ORIGIN_DEFAULT:
        return &l->program;
    case ORIGIN_OTHERWISE:
        return &l->otherwise_program;
    default:
        return NULL;
    }
}

double sheet_date(int32_t day)
{
    return (double)day + DAYS_BEFORE_1970;
}

/* The value of a cell of the model. */
static void take_value(const struct workbook *b, int line, size_t cell, struct sheet_cell *out)
{
    const struct model *m = b->m;
    num_int v = m->v[cell];

    out->type = m->why[cell] ? VALUE_NULL : line_at(b, line)->type;
    out->why = m->why[cell];
    switch (out->type) {
    case VALUE_NUM:
        out->number = num_to_double((struct num){v});
        break;
    case VALUE_BOOL:
        out->number = v ? 1 : 0;
        break;
    case VALUE_DATE:
        out->number = sheet_date((int32_t)(v / num_from_int(1).v));
        break;
    case VALUE_TEXT:
        out->text = m->texts[v];
        break;
    default:
        break;
    }
}

char *workbook_ref(const struct workbook *b, int sheet, int line, size_t row, int period)
{
    struct sheet_home home = b->homes[line];
    char *at = sheet_a1(
        sheet_column(line_at(b, line)->wide || period == SHEET_OPENING ? period : SHEET_ONCE),
        home.row + (uint32_t)row, false);
    char *prefix = home.sheet == sheet ? mem_str("") : sheet_prefix(b, home.sheet);
    char *ref = mem_printf("%s%s", prefix, at);

    free(at);
    free(prefix);
    return ref;
}

char *workbook_range(const struct workbook *b, int line)
{
    struct sheet_home home = b->homes[line];
    bool wide = line_at(b, line)->wide;
    char *prefix = sheet_prefix(b, home.sheet);
    char *first = sheet_a1(wide ? SHEET_MONTHS : SHEET_VALUE, home.row, true);
    char *last = sheet_a1(SHEET_COLS - 1, home.row, true);
    char *text =
        wide ? mem_printf("=%s%s:%s", prefix, first, last) : mem_printf("=%s%s", prefix, first);

    free(prefix);
    free(first);
    free(last);
    return text;
}

/* A cell of a line of time in the same column, or in the one before. */
static char *clock_ref(const struct workbook *b, int sheet, enum native native, int period)
{
    return workbook_ref(b, sheet, b->by_line[native], 0, period);
}

/* Month 1 is typed, the others follow from it; a year has its last month. */
static char *clock_formula(const struct workbook *b, const struct line *l, int sheet, int period)
{
    char *month = clock_ref(b, sheet, NATIVE_MONTH, period), *text = NULL;
    char *date = clock_ref(b, sheet, NATIVE_DATE, period);
    char *before = period > 0 ? clock_ref(b, sheet, l->native, period - 1) : NULL;

    switch (l->native) {
    case NATIVE_MONTH:
        text = before ? mem_printf("%s+1", before) : NULL;
        break;
    case NATIVE_DATE:
        text = before ? mem_printf("EDATE(%s,1)", before) : NULL;
        break;
    case NATIVE_YEAR:
        text = mem_printf("INT((%s-1)/12)+1", month);
        break;
    case NATIVE_MONTH_OF_YEAR:
        text = mem_printf("MOD(%s-1,12)+1", month);
        break;
    default:
        text = mem_printf("MONTH(%s)", date);
        break;
    }
    free(month);
    free(date);
    free(before);
    return text;
}

/* What is in force on the last day of the month: the last value that began before it. */
static char *rate_formula(const struct workbook *b, int line, int sheet, int period)
{
    struct sheet_home at = b->dated[line];
    uint32_t last = at.row + b->dated_count[line] - 1;
    char *date = clock_ref(b, sheet, NATIVE_DATE, period), *prefix = sheet_prefix(b, at.sheet);
    char *cells[4] = {sheet_a1(SHEET_RATE_FROM, at.row, true),
                      sheet_a1(SHEET_RATE_FROM, last, true), sheet_a1(SHEET_VALUE, at.row, true),
                      sheet_a1(SHEET_VALUE, last, true)};
    char *text = b->dated_count[line] == 1
                     ? mem_printf("%s%s", prefix, cells[2])
                     : mem_printf("LOOKUP(EOMONTH(%s,0),%s%s:%s,%s%s:%s)", date, prefix, cells[0],
                                  cells[1], prefix, cells[2], cells[3]);

    for (size_t i = 0; i < ARRAY_LEN(cells); i++)
        free(cells[i]);
    free(date);
    free(prefix);
    return text;
}

/* The number of the month's place in the calendar, out of the twelve that are given. */
static char *by_month_formula(const struct workbook *b, int line, size_t row, int sheet, int period)
{
    struct sheet_home at = b->asked[line];
    char *prefix = sheet_prefix(b, at.sheet);
    char *month = clock_ref(b, sheet, NATIVE_CALENDAR_MONTH, period);
    char *first = sheet_a1(SHEET_BY_MONTH, at.row + (uint32_t)row, true);
    char *last = sheet_a1(SHEET_BY_MONTH + 11, at.row + (uint32_t)row, true);
    char *text = mem_printf("INDEX(%s%s:%s,%s)", prefix, first, last, month);

    free(prefix);
    free(month);
    free(first);
    free(last);
    return text;
}

/* A year: the sum of its months, or its last. */
static char *year_formula(const struct workbook *b, int line, size_t row, int sheet, int period)
{
    int year = period - MODEL_MONTHS;
    char *first = workbook_ref(b, sheet, line, row, year * 12);
    char *last = workbook_ref(b, sheet, line, row, year * 12 + 11);
    char *text =
        line_at(b, line)->kind == LINE_FLOW ? mem_printf("SUM(%s:%s)", first, last) : mem_str(last);

    free(first);
    free(last);
    return text;
}

/* A line over time: one of its months or years. */
static bool wide_formula(const struct workbook *b, int line, size_t row, int period,
                         struct sheet_cell *out, struct err *err)
{
    const struct line *l = line_at(b, line);
    int sheet = b->homes[line].sheet;

    if (period >= MODEL_MONTHS && l->kind != LINE_RATIO)
        out->formula = year_formula(b, line, row, sheet, period);
    else if (l->native == NATIVE_RATE)
        out->formula = rate_formula(b, line, sheet, period);
    else if (l->native != NATIVE_NONE)
        out->formula = clock_formula(b, l, sheet, period);
    else if (l->by_month)
        out->formula = by_month_formula(b, line, row, sheet, period);
    else
        return (out->formula = sheet_formula(b, sheet, line, row, period, &l->program, err)) !=
               NULL;
    return true;
}

/* Before month 1: what is declared, or 0. */
static bool opening_cell(const struct workbook *b, int line, size_t row, struct sheet_cell *out,
                         struct err *err)
{
    const struct line *l = line_at(b, line);
    const struct model *m = b->m;

    if (l->opening < 0) {
        out->type = l->type;
        return true;
    }
    take_value(b, l->opening, cell_at(m, l->opening, l->table >= 0 ? row : 0), out);
    out->formula = sheet_formula(b, b->homes[line].sheet, line, row, SHEET_ONCE,
                                 &line_at(b, l->opening)->program, err);
    return out->formula != NULL;
}

bool workbook_cell(const struct workbook *b, int line, size_t row, int period,
                   struct sheet_cell *out, struct err *err)
{
    const struct line *l = line_at(b, line);
    const struct program *p;

    *out = (struct sheet_cell){0};
    if (period == SHEET_OPENING)
        return opening_cell(b, line, row, out, err);
    take_value(b, line, cell_at(b->m, line, row) + (size_t)(l->wide ? period : 0), out);
    if (l->wide)
        return wide_formula(b, line, row, period, out, err);
    p = sheet_program(b->m, line, row);
    if (p)
        out->formula = sheet_formula(b, b->homes[line].sheet, line, row, SHEET_ONCE, p, err);
    return !p || out->formula;
}

bool workbook_by_month(const struct workbook *b, int line, size_t row, int month,
                       struct sheet_cell *out, struct err *err)
{
    struct civil start = days_to_civil(b->m->start);
    int first = (month + 12 - (start.month - 1)) % 12; /* the first month of the plan that is it */
    const struct program *p = sheet_program(b->m, line, row);

    *out = (struct sheet_cell){0};
    take_value(b, line, cell_at(b->m, line, row) + (size_t)first, out);
    if (p)
        out->formula = sheet_formula(b, b->asked[line].sheet, line, row, SHEET_ONCE, p, err);
    return !p || out->formula;
}

bool workbook_item(const struct workbook *b, size_t list, size_t item, struct sheet_cell *out,
                   struct err *err)
{
    struct place p = b->lists[list].places[item];

    if (!workbook_cell(b, p.line, p.row, p.period, out, err))
        return false;
    free(out->formula);
    out->formula = workbook_ref(b, b->workings, p.line, p.row, p.period);
    return true;
}

void sheet_cell_finish(struct sheet_cell *c)
{
    free(c->formula);
    *c = (struct sheet_cell){0};
}
