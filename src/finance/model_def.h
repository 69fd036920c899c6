/* model_def.h - the declarations of a model file, compiled. A line is anything that has values:
 * an input, a column of a table, a row of a statement, a dated rate, the number of the month, or
 * a part of a formula that needs values of its own (hidden). All lines are in one array and
 * known by their place in it. */
#ifndef STRATTIO_FINANCE_MODEL_DEF_H
#define STRATTIO_FINANCE_MODEL_DEF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "strattio/attr.h"
#include "strattio/model.h"

#include "asset/asset.h"
#include "expr/expr_tree.h"

struct margins;
struct rates;

enum {
    MODEL_CELLS = MODEL_MONTHS + MODEL_YEARS, /* of a line over time: months, then years */
    MODEL_LINES_MOST = 4000,
    MODEL_TABLES_MOST = 32,
    TABLE_PATHS_MOST = 4,
    PROGRAM_DEPTH_MOST = 64, /* room for a list of all months */
};

enum line_kind {
    LINE_INPUT,  /* an answer, or its default; in a table a column */
    LINE_FLOW,   /* a year is the sum of its months */
    LINE_STOCK,  /* a year is its last month */
    LINE_RATIO,  /* a year is computed again from the year's values */
    LINE_FIGURE, /* one value, without time */
};

/* Lines that no formula gives: they are filled before the run. */
enum native {
    NATIVE_NONE,
    NATIVE_MONTH,
    NATIVE_YEAR,
    NATIVE_MONTH_OF_YEAR,
    NATIVE_CALENDAR_MONTH,
    NATIVE_DATE,
    NATIVE_RATE,
    NATIVE_GROSS_MARGIN,
    NATIVE_OPERATING_MARGIN,
};

enum vm_op {
    VM_CONST,   /* k, of the type `n` */
    VM_LOAD,    /* line, this period */
    VM_LAG,     /* line, `n` periods on (negative) */
    VM_AT,      /* line, its cell `n` */
    VM_YTD,     /* line, summed from the beginning of the year */
    VM_SO_FAR,  /* line, summed from month 1 */
    VM_DELAYED, /* line, as many months ago as the operand says; between two, in proportion */
    VM_ROWS,    /* line of a table, its rows folded by `n` (enum fold) */
    VM_MONTHS,  /* line, its months folded by `n` (enum fold) */
    VM_NEG,
    VM_NOT,
    VM_ADD,
    VM_SUB,
    VM_MUL,
    VM_DIV, /* `n` is the reason of a zero divisor */
    VM_POW, /* the same */
    VM_EQ,
    VM_NE,
    VM_LT,
    VM_LE,
    VM_GT,
    VM_GE,
    VM_IN, /* one of the `n` constants from `line` on */
    VM_AND,
    VM_OR,
    VM_ELSE,
    VM_IF,
    VM_BRANCH, /* after the test of an if: `n` is where its second value begins */
    VM_JUMP,   /* between its values: `n` is where the VM_IF is */
    VM_MIN,
    VM_MAX,
    VM_ROUND, /* to `n` decimals, or those of the currency */
    VM_FLOOR,
    VM_CEIL,
    VM_ABS,
    VM_IS_NULL,
    VM_NULL,    /* `n` is the reason */
    VM_PERCENT, /* a rate as a percent */
    VM_DATE_YEAR,
    VM_DATE_MONTH,
    VM_NPV,  /* of `n` operands, at the rate below them */
    VM_IRR,  /* of `n` operands; of its rates `k` (enum rates_wanted) */
    VM_MIRR, /* of `n` operands, at the two rates above them */
};

enum rates_wanted { RATES_COUNT, RATES_LEAST, RATES_MOST };

enum fold {
    FOLD_SUM,
    FOLD_MIN,
    FOLD_MAX,
    FOLD_AVG,
    FOLD_COUNT,
    FOLD_ANY,
    FOLD_ALL,
    FOLD_FIRST, /* over months: the number of the first in which it is so */
};

enum { ROUND_MONEY = 99 }; /* VM_ROUND: the currency's decimals */

struct instr {
    enum vm_op op;
    int line, n;
    int row; /* of a table, from 1; 0: the row being computed */
    num_int k;
};

/* Does it only say which instruction comes next? Then it neither takes nor leaves an operand. */
static inline bool instr_steers(const struct instr *in)
{
    return in->op == VM_BRANCH || in->op == VM_JUMP;
}

struct program {
    struct instr *code;
    size_t count, cap;
    num_int *list; /* constants of VM_IN */
    size_t list_count, list_cap;
    int depth; /* operands at once, at most */
};

/* What a formula reads, and when: this decides the order. */
enum need { NEED_NOW, NEED_BEFORE, NEED_WHOLE };
struct dependency {
    int line;
    enum need need;
};

struct basis {          /* of an assumption */
    const char *text;   /* NULL: not worth telling */
    const char *source; /* the name of a line that has one (a rate, a margin), or a title */
    const char *date;
    int matters; /* hidden line: told only if true; -1: always */
};

struct line {
    char *name; /* "pnl.revenue" */
    const char *label;
    enum line_kind kind;
    enum native native;
    int rate; /* NATIVE_RATE: which */
    enum value_type type;
    enum unit unit;
    int table; /* -1: none */
    bool wide; /* has MODEL_CELLS values, else one */
    bool hidden;
    const struct asset_node *node; /* where it is declared; of a hidden one, its owner's */

    struct expr *expr;            /* formula or default; NULL: none */
    const struct expr *part_of;   /* of a hidden line that is a part of another's formula */
    const struct expr_node *root; /* of it */
    struct program program;
    struct dependency *needs;
    size_t need_count, need_cap;
    int null_reason; /* of a zero divisor */
    bool a_month;    /* its number is that of a month: shown as "month 7" */
    int opening;     /* hidden line with the value before month 1, or -1 */

    /* LINE_INPUT */
    const char *path, *path2; /* in the answers; in a table, in its row */
    const char *fix;
    bool percent;  /* an answer of 12 means 12% */
    bool by_month; /* twelve numbers, January first */
    bool has_least, has_most;
    struct num least, most;
    struct basis basis;
    struct expr *otherwise; /* in the row made for an empty table */
    struct program otherwise_program;
    struct basis otherwise_basis;
};

struct table {
    const char *name, *label;
    const char *paths[TABLE_PATHS_MOST]; /* the answers with its rows, one after the other */
    size_t path_count;
    int title;                          /* the column that names a row: its first text; -1: none */
    const struct asset_node *otherwise; /* NULL: an empty table stays empty */
};

struct group { /* of lines that run together: order[first] and on */
    int first, count;
    bool stepped; /* month by month, since they read each other's past */
};

struct statement {
    const char *name, *label;
    struct statement_row *rows;
    int *tables; /* of each row: the table whose rows it goes over, or -1 */
    size_t count, cap, table_cap;
    bool goes_over_rows;
};

enum span { SPAN_ONCE, SPAN_YEARS, SPAN_MONTHS };
struct output_field {
    const char *key;
    int line;
};
struct output { /* of financial_models.data */
    const char *key;
    enum span span;
    struct output_field *fields;
    size_t count, cap;
};

struct note {
    const char *code, *text;
    int when; /* hidden line */
};

struct reason {
    char *code;
    const char *text; /* a sentence; NULL: not explained */
    const char *fix;  /* the answer that ends it, whatever the figure; or NULL */
};
enum {
    REASON_NONE,
    REASON_OVERFLOW,
    REASON_DIVISION,
    REASON_MISSING,
    REASON_NULL,
    REASON_ROOT,
    REASON_NO_ITEMS,
    REASON_RATE,
    REASON_CURRENCY
};

struct model_def {
    struct asset *asset;
    struct margins *margins;
    struct rates *rates;
    struct line *lines;
    size_t line_count, line_cap;
    int *by_name; /* hash of line numbers, -1 empty; size by_name_mask + 1 */
    size_t by_name_mask;
    struct table tables[MODEL_TABLES_MOST];
    size_t table_count;
    struct statement *statements;
    size_t statement_count, statement_cap;
    struct output *outputs;
    size_t output_count, output_cap;
    struct note *notes;
    size_t note_count, note_cap;
    struct reason reasons[256];
    size_t reason_count;
    char **texts; /* that formulas compare with */
    size_t text_count, text_cap;
    int *order;
    struct group *groups;
    size_t group_count;
    int *shown; /* lines that are not hidden, in the order of the file */
    size_t shown_count;
    int currency, country, industry; /* inputs the natives read */
    int *top_inputs;                 /* inputs outside tables, sorted by path */
    size_t top_input_count;
    char **asked; /* fields of the questions, sorted */
    size_t asked_count, asked_cap;
};

/* Compiles the model in `a`, which it takes over, also on failure. For tests and
 * model_def_load(). */
MUST_USE struct model_def *model_def_read(struct asset *a, struct err *err);

/* -1 if there is none. */
int def_find(const struct model_def *def, const char *name);
int def_find_in(const struct model_def *def, int table, const char *column);
/* Adds a line named `name` (copied), or says that there is one already. -1 on failure. */
int def_add(struct model_def *def, const char *name, const struct asset_node *node,
            struct err *err);
/* The number of a reason; a new one if it is not known. -1 if there are too many. */
int def_reason(struct model_def *def, const char *code);
int def_text(struct model_def *def, const char *text); /* its number, new if need be */

/* The steps of loading, in order. */
MUST_USE bool model_read(struct model_def *def, struct err *err);    /* model_read.c */
MUST_USE bool model_compile(struct model_def *def, struct err *err); /* model_compile.c */
MUST_USE bool model_order(struct model_def *def, struct err *err);   /* model_order.c */
MUST_USE bool model_asked(struct model_def *def, struct err *err);   /* model_asked.c */

#endif
