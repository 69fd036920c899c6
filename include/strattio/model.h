/* model.h - the financial model of a plan: computed from the answers alone, 60 months, the same
 * bytes on every machine. The lines are declared in assets/finance; what is shown as a formula is
 * what ran. */
#ifndef STRATTIO_MODEL_H
#define STRATTIO_MODEL_H

#include <bson/bson.h>
#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"

struct err;
struct strbuf;
struct model_def; /* the declarations; immutable, any thread */
struct model;     /* one plan's figures; immutable once built, any thread may read it */

enum { MODEL_MONTHS = 60, MODEL_QUARTERS = 20, MODEL_YEARS = 5 };

/* Reads assets/finance/plan.model and what it needs. ERR_INVALID with file, line and column; a
 * circular formula is named with its cycle. */
MUST_USE struct model_def *model_def_load(struct err *err);
void model_def_free(struct model_def *def);

/* Computes the model of the answers in `intake` (plans.intake_data). `start_date` is the plan's
 * ("2027-01-01"), the first month's first day. Missing answers give nulls with a reason or the
 * dated assumption that fills them, never a failure. ERR_LIMIT names the line and month that
 * overflowed; ERR_INVALID an answer of the wrong type. `def` must outlive the model. */
MUST_USE struct model *model_build(const struct model_def *def, const bson_t *intake,
                                   const char *start_date, struct err *err);
void model_free(struct model *m);

/* financial_models.data as the reference says, with pnl_monthly, assumptions and reasons beside;
 * `out` is initialised by this call. */
void model_data(const struct model *m, bson_t *out);

/* One figure: "pnl.revenue[y1]", "break_even.units_monthly", "products.price[1]". */
struct figure {
    char *name;        /* normalised */
    char *label;       /* "Revenue" */
    char *value;       /* formatted with its unit; "–" for a null */
    char *plain;       /* plain decimal; NULL for a null */
    char *reason;      /* reason code of a null, else NULL */
    char *reason_text; /* the same as a sentence */
    char *formula;     /* as declared; NULL for an input */
    char *basis;       /* of an input: "your answer", or the assumption with source and date */
    char *fix;         /* intake field that sets it, or NULL */
    char **inputs;     /* names of what the formula reads, at their indexes, e.g. "pnl.cogs[m3]" */
    size_t input_count;
};

/* Fills *out (finish it). ERR_NOT_FOUND names the nearest figure there is. */
MUST_USE bool model_figure(const struct model *m, const char *name, struct figure *out,
                           struct err *err);
void figure_finish(struct figure *f);

/* A line, of one row if it has rows, that depends on a figure. */
struct dependent {
    char *name;         /* "pnl.revenue", "products.revenue[1]"; of all rows "products.revenue" */
    char *label;        /* "Revenue" */
    int steps;          /* 1: its formula reads the figure; 2: it reads one of those; ... */
    char *first, *last; /* the first and last cell that read it, "pnl.revenue[m3]"; NULL if not 1 */
    size_t cells;       /* how many do; 0 if not 1 */
};
struct dependents {
    struct dependent *items; /* fewest steps first, else in declaration order */
    size_t count;
};

/* Everything that depends on the figure `name`, or on any month of it if none is named. Fails as
 * model_figure(). Finish *out. */
MUST_USE bool model_used_by(const struct model *m, const char *name, struct dependents *out,
                            struct err *err);
void dependents_finish(struct dependents *d);

/* An input of the model, that an answer sets. */
struct model_input {
    char *name;  /* "products.price[1]" */
    char *title; /* "Price (Sourdough loaf)" */
    char *label; /* "Price" */
    char *group; /* "Products and services, Sourdough loaf"; "" outside tables */
    char *value; /* as model_figure() */
    char *unit;  /* what its number counts: "GBP", "%", "months"; "" if nothing */
    char *basis; /* as model_figure() */
    char *fix;   /* the answer: "products.0.price"; of a row that stands for none, the table */
    bool stated; /* else an assumption, the usual value, or nothing */
    int steps;   /* formulas between the figure and it; 0 in a list of all */
};
struct model_inputs {
    struct model_input *items;
    size_t count;
};

/* The inputs that the figure `name` hangs on, those it hangs on most directly first. Fails as
 * model_figure(). Finish *out. */
MUST_USE bool model_rests_on(const struct model *m, const char *name, struct model_inputs *out,
                             struct err *err);

/* All of them: those outside tables, then row by row. Finish *out. */
void model_all_inputs(const struct model *m, struct model_inputs *out);
void model_inputs_finish(struct model_inputs *in);

/* All line names ("pnl.revenue"), in declaration order, for pickers; borrowed from the def. */
size_t model_line_count(const struct model_def *def);
const char *model_line_name(const struct model_def *def, size_t i);

/* A statement as a table to show: "pnl". Schedules have rows of the plan's own tables, too: each
 * loan, each asset. Rows are lent by the model. */
struct statement_row {
    const char *name;  /* "pnl.revenue", "loans.balance[2]" */
    const char *label; /* "Revenue", "Oven: Book value" */
    unsigned level;    /* 0 total, 1 part: indentation */
    bool total;        /* shown with weight and a rule above */
    bool amount;       /* money; else a number that keeps its decimals */
};
size_t model_statement(const struct model *m, const char *statement,
                       const struct statement_row **rows);

/* The statements there are, in declaration order: "pnl", "Profit and loss"; borrowed from the def.
 */
size_t model_statement_count(const struct model_def *def);
const char *model_statement_name(const struct model_def *def, size_t i);
const char *model_statement_title(const struct model_def *def, size_t i);

/* One cell of a line, or of one row of a line ("loans.balance[2]"), in major units, or a NaN for a
 * null (model_figure says why). Period from 1. */
double model_cell(const struct model *m, const char *line, bool by_year, int period);

/* The same of a quarter of the plan, three months from month 1 on: of a flow the sum, of a stock
 * the last month, of a ratio its formula again; a NaN also for a ratio whose formula needs single
 * months. */
double model_quarter_cell(const struct model *m, const char *line, int quarter);

/* Appends what that is in cells of months: "pnl.revenue[m1] + pnl.revenue[m2] + pnl.revenue[m3]", of
 * a stock "cash.closing[m3]"; nothing for a ratio. */
void model_quarter_formula(const struct model *m, const char *line, int quarter,
                           struct strbuf *out);

const char *model_currency(const struct model *m);                            /* "GBP" */
void model_month_label(const struct model *m, int month, struct strbuf *out); /* "Mar 2027" */

#endif
