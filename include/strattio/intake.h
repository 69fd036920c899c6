/* intake.h - the questions of the wizard as data, and the answers to them. The same questions drive
 * the screens, the JSON import and its messages, `set FIELD=VALUE` and the JSON Schema. Answers are
 * one BSON document, plans.intake_data. */
#ifndef STRATTIO_INTAKE_H
#define STRATTIO_INTAKE_H

#include <bson/bson.h>
#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"
#include "strattio/plan.h"

struct err;
struct strbuf;
struct intake; /* all questions, industries, countries; immutable, any thread */

enum question_type {
    QUESTION_TEXT,      /* one line */
    QUESTION_LONG_TEXT, /* Markdown-free paragraphs */
    QUESTION_MONEY,     /* double, major units of the plan's currency */
    QUESTION_NUMBER,
    QUESTION_WHOLE,
    QUESTION_PERCENT,   /* 12 means 12% */
    QUESTION_DATE,      /* "2027-01-01" */
    QUESTION_YES_NO,
    QUESTION_CHOICE,    /* one of `choices`: the key is stored */
    QUESTION_CHOICES,   /* several: array of keys */
    QUESTION_COUNTRY,   /* ISO 3166-1 alpha-2 */
    QUESTION_CURRENCY,  /* GBP, USD, EUR */
    QUESTION_INDUSTRY,  /* key of an industry, or the founder's own words if none fits */
    QUESTION_LIST,      /* array of one-line texts */
    QUESTION_MONTHS,    /* array of twelve percentages, January first; 100 is an ordinary month */
    QUESTION_TABLE,     /* array of documents with `columns` */
    QUESTION_GROUP,     /* one document with `columns`, e.g. loan */
};

struct choice {
    const char *key;   /* stored */
    const char *label; /* shown */
    const char *note;  /* when to choose it, or NULL */
};

struct question {
    const char *field;  /* "price_per_unit"; a column's own name inside a table */
    const char *label;  /* "Price per unit" */
    enum question_type type;
    const char *help;    /* what to write, one sentence */
    const char *why;     /* why we ask */
    const char *example; /* as typed */
    double min, max;     /* numbers; characters of text; rows of tables. NAN for no limit */
    const struct choice *choices; /* CHOICE, CHOICES */
    size_t choice_count;
    const struct question *columns; /* TABLE, GROUP */
    size_t column_count;
};

struct intake_step {
    const char *key;   /* "business" */
    const char *title; /* "Business" */
    const char *intro; /* one sentence */
    const struct question *const *questions;
    size_t question_count;
};

MUST_USE struct intake *intake_load(struct err *err);
void intake_free(struct intake *in);

size_t intake_step_count(const struct intake *in);
const struct intake_step *intake_step(const struct intake *in, size_t i);
/* A question by field: "products.price" or "products.0.price" for a column, "products.0" for the
 * table of a row; NULL if there is none. */
const struct question *intake_question(const struct intake *in, const char *field);

/* Does it apply to these answers (a loan's terms only with a loan purpose, ...), and must it be
 * answered for `purpose`? */
bool intake_applies(const struct intake *in, const struct question *q, enum plan_purpose purpose,
                    const bson_t *answers);
bool intake_required(const struct intake *in, const struct question *q, enum plan_purpose purpose,
                     const bson_t *answers);

/* Reads what a person typed for `path` ("price_per_unit", "products.0.price", "loan.amount",
 * "revenue_model") and sets it in `answers`; an empty text removes the answer. Forgiving as people
 * type: "12k", "12%", "UK". CHOICES, LIST and MONTHS are separated by ";" or newlines (of MONTHS ">100" fills the rest); a TABLE, GROUP or
 * row ("products.0") takes JSON. Rows of products set price_per_unit, units_per_month and
 * monthly_revenue_estimate, which cannot be set beside them. In a column of numbers ">2i3" sets
 * the row and every later one (3 more each), ">2g10%" (10% more), ">2" (the same); a table that counts
 * years is filled to the last. "=1200*12" is a number worked out. A row set to nothing is taken out. On ERR_INVALID (one sentence: what was
 * wrong, what is allowed, an example) `answers` is unchanged. ERR_NOT_FOUND names the nearest
 * field. */
MUST_USE bool intake_set(const struct intake *in, const char *path, const char *typed,
                         bson_t *answers, struct err *err);

/* Takes row `row` out of a table, or adds one like it behind the last; what follows from the rows
 * follows. A copy fails as intake_set() does: when the table is full (ERR_INVALID), or there is no such
 * row (ERR_NOT_FOUND). */
void intake_remove_row(const char *table, size_t row, bson_t *answers);
void intake_move_row(const char *table, size_t row, bool down, bson_t *answers); /* changes places */
MUST_USE bool intake_copy_row(const struct intake *in, const char *table, size_t row,
                              bson_t *answers, struct err *err);

/* The path that `typed` means, the caller's to free: rows may be counted from 1 in brackets
 * ("products[2].price", "products.price[2]"), "products.+" is the next row there could be,
 * "products.last" the last. NULL with ERR_NOT_FOUND if there is no such row; what is no path is
 * handed back for intake_set() to judge. */
MUST_USE char *intake_path(const char *typed, const bson_t *answers, struct err *err);

/* Adds a row for each line of `text`, as copied from a spreadsheet: cells between tabs, the columns
 * in their order or as a first line of their names says. A cell that does not parse is left out and
 * told. On ERR_LIMIT (too many rows), ERR_INVALID (nothing to add) `answers` is unchanged and
 * nothing needs to be finished. */
struct pasted {
    size_t first, rows; /* where the new ones begin, and how many */
    struct pasted_cell {
        size_t row;
        const struct question *column;
        char *text, *why;
    } *wrong;
    size_t wrong_count;
};
MUST_USE bool intake_paste(const struct intake *in, const struct question *table, const char *text,
                           bson_t *answers, struct pasted *out, struct err *err);
void pasted_finish(struct pasted *p);

/* Rows for `table` out of comma-separated values (semicolons and tabs do as well; UTF-8): the first line
 * names columns by field or label, each cell is read as intake_set() reads it. They come behind the rows
 * there are, or with `replace` instead of them; *count is how many. On an error, one sentence with the
 * line or the row, `answers` is unchanged. */
enum { INTAKE_CSV_LIMIT = 4 << 20 }; /* bytes of such a file */
MUST_USE bool intake_rows_from_csv(const struct intake *in, const char *table, const char *text,
                                   size_t len, bool replace, bson_t *answers, size_t *count,
                                   struct err *err);

/* The answer under `path` as a person would type it again ("" if absent), and as shown
 * ("£4.20"). */
void intake_typed(const struct intake *in, const bson_t *answers, const char *path,
                  struct strbuf *out);
void intake_shown(const struct intake *in, const bson_t *answers, const char *path,
                  struct strbuf *out);

struct problem {
    char *path;    /* "products.0.price" */
    char *message; /* one sentence: what is wrong, what is allowed */
    bool missing;  /* required and not answered, as opposed to wrong */
};
struct problems {
    struct problem *items;
    size_t count;
};
void problems_finish(struct problems *p);

/* Every wrong answer, and with `complete` every missing required one too, in the order of the
 * questions. Keys of ours unknown to the questions are no problem (other programs' industry fields
 * are kept). */
void intake_check(const struct intake *in, enum plan_purpose purpose, const bson_t *answers,
                  bool complete, struct problems *out);

/* An intake file (JSON object: the answers, optionally with "name" and "plan_purpose" beside them
 * or the answers under "intake_data") into `answers`, with values brought to their stored types.
 * All problems in *out; false with ERR_INVALID, and a summary, if there is any. `name` and
 * `purpose` are set if the file has them (`name` to free). */
MUST_USE bool intake_import(const struct intake *in, const char *json, size_t len,
                            enum plan_purpose *purpose, char **name, bson_t *answers,
                            struct problems *out, struct err *err);

/* `schema intake`: a JSON Schema (2020-12) of the intake file; initialises `out`. */
void intake_json_schema(const struct intake *in, bson_t *out);

/* How far one step is: how many answers are required, how many of those are there, how many answers
 * are wrong. A row that was begun and lacks something counts as required. */
struct step_state {
    size_t required, answered, wrong;
};
void intake_step_state(const struct intake *in, const struct intake_step *step,
                       enum plan_purpose purpose, const bson_t *answers, struct step_state *out);

/* Countries and industries for pickers: keys and labels whose name, code or alias matches `filter`
 * (accents and case ignored, best first); if none does, those that match with the words in another
 * order or begun, by initials, or with one slip of the keys. Returns how many were written to out[max]. */
size_t intake_find_countries(const struct intake *in, const char *filter, struct choice *out,
                             size_t max);
size_t intake_find_industries(const struct intake *in, const char *filter, struct choice *out,
                              size_t max);
const char *intake_country_name(const struct intake *in, const char *code); /* NULL if unknown */
const char *intake_industry_label(const struct intake *in, const char *key); /* NULL if unknown */

/* compliance_type (template_id) of a plan: from purpose, country and ask. */
const char *intake_compliance_type(enum plan_purpose purpose, const bson_t *answers);

#endif
