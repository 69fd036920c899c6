/* workbook.h - a model as the pages of a workbook: which line stands where, and what each cell says as a
 * formula of a spreadsheet. The formulas come from the programs that ran, instruction by instruction; no
 * line is known here by its name. Nothing here writes a file.
 *
 * A null is an error value (#N/A, #DIV/0!): it goes through sums, products and comparisons as our null does.
 * IFERROR() is `??`, ISERROR() is is_null(). */
#ifndef STRATTIO_FINANCE_WORKBOOK_H
#define STRATTIO_FINANCE_WORKBOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "strattio/attr.h"

#include "finance/model_run.h"
#include "finance/model_trace.h"

struct err;
struct rate_value;

/* Every page with months has the same columns, so that a formula reads down its own column. */
enum {
    SHEET_LABEL,
    SHEET_NAME,
    SHEET_UNIT,
    SHEET_YEARS,                              /* the first year, */
    SHEET_VALUE = SHEET_YEARS,                /* or the value of a line without time */
    SHEET_BEFORE = SHEET_YEARS + MODEL_YEARS, /* before month 1, left of it */
    SHEET_MONTHS,
    SHEET_COLS = SHEET_MONTHS + MODEL_MONTHS,
    SHEET_HEADER = 2, /* the row of the columns' titles */
    SHEET_FIRST,      /* the first row of a page's list */
    /* of the inputs' page: twelve numbers, January first */
    SHEET_BY_MONTH = 8,
    /* of the page of rates */
    SHEET_RATE_FROM = 4,
};

enum sheet_kind {
    SHEET_COVER,
    SHEET_INPUTS,
    SHEET_RATES,
    SHEET_MONTHLY, /* has months, as every kind from here on */
    SHEET_SCHEDULE,
    SHEET_ANNUAL, /* years only, all of them links */
    SHEET_MEASURES,
    SHEET_WORKINGS, /* parts of formulas that need values of their own */
};

enum sheet_row_kind { SHEET_BLANK, SHEET_HEADING, SHEET_LINE, SHEET_LINK, SHEET_RATE, SHEET_LIST };

struct sheet_row {
    enum sheet_row_kind kind;
    int line;
    size_t row;       /* of a table; of SHEET_LIST: which list */
    const char *text; /* of a heading; borrowed */
    bool total;
    unsigned level;
    const struct rate_value *rate; /* of SHEET_RATE; NULL: none in force from then on */
    int32_t from;
};

struct sheet {
    char *name;        /* on its tab */
    const char *title; /* borrowed */
    enum sheet_kind kind;
    struct sheet_row *rows; /* the first stands in row SHEET_FIRST */
    size_t count, cap;
};

/* What is known of a value before it is computed. */
struct sheet_trait {
    enum value_type type;
    bool null;  /* it may have none */
    bool exact; /* a double holds it as we do: typed, or rounded */
    bool whole; /* and it is a whole number */
    bool money;
    bool noisy; /* it has what is not exact in it, like a sum of doubles */
};

struct sheet_home {
    int sheet; /* -1: nowhere, since it has no rows or nobody reads it */
    uint32_t row;
};

struct
    sheet_list { /* of a function over a list: its items side by side in a row of the workings, from SHEET_MONTHS on */
    int line;
    const struct instr *of;
    struct place *places;
    size_t count;
    uint32_t row;
};

struct workbook {
    const struct model *m;
    struct sheet *sheets;
    size_t sheet_count, sheet_cap;
    struct sheet_home *homes; /* of each line: its first row */
    struct sheet_home *asked; /* of an input by calendar month: where its twelve numbers are */
    struct sheet_home *dated; /* of a dated rate: its values */
    uint32_t *dated_count;    /* how many */
    struct sheet_trait *traits;
    struct sheet_list *lists;
    size_t list_count, list_cap;
    int workings;   /* the sheet */
    bool *lagged;   /* somebody reads it before month 1 */
    char **names;   /* what a line is called in formulas and in the list of names; NULL: hidden */
    int by_line[8]; /* lines the formulas of time need, by enum native */
};

/* `m` must outlive the workbook. ERR_LIMIT if it is too large for a spreadsheet. */
MUST_USE struct workbook *workbook_create(const struct model *m, struct err *err);
void workbook_free(struct workbook *b);

/* Periods of a cell besides those of the model (months from 0, then years). */
enum { SHEET_ONCE = -1, SHEET_OPENING = -2 };

struct sheet_cell {
    char *formula;        /* without "="; NULL: a constant */
    enum value_type type; /* VALUE_NULL: no value */
    uint8_t why;          /* of a null: why */
    double number;        /* also a date, as a spreadsheet counts days, and a truth */
    const char *text;     /* borrowed */
};

/* What stands in the cell of a line on its own sheet. Fails for a formula that a spreadsheet cannot have, naming
 * the line. Finish *out. */
MUST_USE bool workbook_cell(const struct workbook *b, int line, size_t row, int period,
                            struct sheet_cell *out, struct err *err);
/* One of the twelve numbers of an input by calendar month (0: January). */
MUST_USE bool workbook_by_month(const struct workbook *b, int line, size_t row, int month,
                                struct sheet_cell *out, struct err *err);
/* One item of a list: a link to where it is at home. */
MUST_USE bool workbook_item(const struct workbook *b, size_t list, size_t item,
                            struct sheet_cell *out, struct err *err);
void sheet_cell_finish(struct sheet_cell *c);

/* A cell of a line as another sheet reads it: "Monthly!D12". The caller frees it. */
char *workbook_ref(const struct workbook *b, int sheet, int line, size_t row, int period);
/* All months of a line with its sheet, as the list of names has it. */
char *workbook_range(const struct workbook *b, int line);
int sheet_column(int period);   /* of a period */
double sheet_date(int32_t day); /* as a spreadsheet counts them */

/* ---- for the files of this noun ---- */

/* Runs over a program on traits alone; sheet_trait.c. */
void sheet_traits(struct workbook *b);
struct sheet_trait sheet_trait_step(const struct workbook *b, const struct instr *in,
                                    const struct sheet_trait *args);
int sheet_takes(const struct instr *in); /* how many operands */

/* Finds the lists in the formula of a line; sheet_list.c. */
void sheet_lists(struct workbook *b, int line);
/* NULL: its items have no cells. */
const struct sheet_list *sheet_list_of(const struct workbook *b, const struct instr *in);

/* A program as a formula, in a cell of `sheet`; sheet_formula.c. NULL on failure. */
MUST_USE char *sheet_formula(const struct workbook *b, int sheet, int line, size_t row, int period,
                             const struct program *program, struct err *err);
/* A name of a column and a row from 0: "BQ12", "$D$7" if `fixed`. */
char *sheet_a1(int col, uint32_t row, bool fixed);
/* A sheet's name before a cell of it: "'Fixed costs'!". */
char *sheet_prefix(const struct workbook *b, int sheet);

/* What gives a row of a line: NULL for a constant or nothing. */
const struct program *sheet_program(const struct model *m, int line, size_t row);

#endif
