/* model_run.h - a model's values. Each line has a block of cells, one row after the other; a row
 * is one cell, or 60 months and then 5 years. A cell is a number and why it is null (0: it is
 * not); texts are numbers into a list, dates days, truths 0 and 1. */
#ifndef STRATTIO_FINANCE_MODEL_RUN_H
#define STRATTIO_FINANCE_MODEL_RUN_H

#include <bson/bson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "strattio/attr.h"
#include "strattio/model.h"

#include "finance/model_def.h"

struct trade_margins;

/* The rows of a statement in one plan: those over the rows of a table, once for each. */
struct statement_view {
    struct statement_row *rows; /* NULL: as declared */
    size_t count;
    char *texts; /* their names and labels */
};

/* Where the value of an input comes from. */
enum origin {
    ORIGIN_NONE,
    ORIGIN_ANSWER,
    ORIGIN_DEFAULT,
    ORIGIN_OTHERWISE,
    ORIGIN_CHANGED, /* by a scenario, or to see what happens */
};

struct model {
    const struct model_def *def;
    size_t *first; /* of each line: its first cell */
    size_t rows[MODEL_TABLES_MOST];
    bool made_up[MODEL_TABLES_MOST]; /* the one row stands for an empty table */
    size_t part_rows[MODEL_TABLES_MOST][TABLE_PATHS_MOST]; /* of each of its answers */
    bool single[MODEL_TABLES_MOST][TABLE_PATHS_MOST]; /* answered as one document, not a list */
    num_int *v;
    uint8_t *why;
    size_t cell_count, origin_count;
    uint8_t *origin; /* of the inputs' cells, by `origin_first` */
    size_t *origin_first;
    char **texts; /* the def's, then those of the answers */
    size_t text_count, text_cap;
    int exponent;  /* of the currency */
    num_int limit; /* 2^53 minor units */
    char *currency;
    bson_t *answers;               /* as given, for text that quotes them */
    int32_t start;                 /* first day of month 1 */
    int32_t last_day[MODEL_CELLS]; /* of each month, and of each year's last */
    const struct trade_margins *margins;
    struct statement_view *views; /* of each statement */
};

static inline size_t line_width(const struct line *l)
{
    return l->wide ? MODEL_CELLS : 1;
}

static inline size_t line_rows(const struct model *m, const struct line *l)
{
    return l->table < 0 ? 1 : m->rows[l->table];
}

/* Is it a number that an answer gives, or its default? */
static inline bool model_is_lever(const struct line *l)
{
    return l->kind == LINE_INPUT && l->type == VALUE_NUM && !l->hidden;
}

/* The first cell of a row of a line. */
static inline size_t cell_at(const struct model *m, int line, size_t row)
{
    return m->first[line] + row * line_width(&m->def->lines[line]);
}

/* Computes `count` cells of a line's row from cell `from` on: months from 0, or years from
 * MODEL_MONTHS, or the only one. `program` is the line's or another for the same line. */
void model_vm_run(struct model *m, int line, const struct program *program, size_t row, int from,
                  int count);

/* The same for one month, of a line that reads the past. */
void model_step_run(struct model *m, int line, const struct program *program, size_t row,
                    int period);

/* Runs the lines of a group, of a table's only row `row` (from 0) or ALL_ROWS. ERR_LIMIT names the
 * line and when it left the range of numbers or, of money, of amounts. */
enum { ALL_ROWS = -1 };
MUST_USE bool model_run_group(struct model *m, const struct group *g, int row, struct err *err);

/* Does a row of `l` read `line` in other rows than its own? So does a line without rows. */
bool model_crosses_rows(const struct line *l, int line);

/* Does a formula give the line, or any row of it, in this plan? Not an input that is answered. */
bool model_has_formula(const struct model *m, int line);

/* Writes out the rows of statements: model_statement.c. */
void model_list_statements(struct model *m);
void model_drop_statements(struct model *m);

/* The line "pnl.revenue", or "loans.balance[2]" with its row from 0; -1 if there is none. */
int model_named_line(const struct model *m, const char *name, size_t *row);

/* A model of its own with the same values; model_free() it. */
MUST_USE struct model *model_copy(const struct model *from);

/* Fills inputs from the answers, and the number of rows of each table, and allocates the cells.
 * ERR_INVALID names the answer that has a wrong type or is out of range, ERR_LIMIT one too
 * large. */
MUST_USE bool model_take_answers(struct model *m, const bson_t *intake, const char *start_date,
                                 struct err *err);

/* Where the value of a native (a rate, a margin) comes from, as a sentence; false if it has no
 * source. */
bool model_source(const struct model *m, int line, const char **title, const char **date);

/* Which of the answers of `table` row *row is from; *row becomes its number there. */
size_t model_part(const struct model *m, int table, size_t *row);

/* The answer that sets an input, as a path into the answers; the caller frees it. */
char *model_fix(const struct model *m, int line, size_t row);

const char *model_country(const struct model *m); /* "GB"; "" if it is not stated */

/* What an input's default rests on; NULL if it was answered, or has none. */
const struct basis *model_basis(const struct model *m, int line, size_t row);
bool model_basis_matters(const struct model *m, const struct basis *b, size_t row);
void model_basis_source(const struct model *m, const struct basis *b, const char **title,
                        const char **date);

#endif
