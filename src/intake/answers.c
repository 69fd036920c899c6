/* answers.c - setting one answer and judging all of them. An answer is set on a copy that takes the
 * place of the old document only when everything about it is right. */
#include "intake/answers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/money.h"
#include "strattio/strbuf.h"

#include "intake/answer_read.h"
#include "intake/answer_rows.h"
#include "intake/answer_scope.h"
#include "intake/questions.h"

static const char sales_table[] = "products";
static const char *const derived_fields[] = {"price_per_unit", "units_per_month",
                                             "monthly_revenue_estimate"};

bool answers_is_derived(const char *field)
{
    for (size_t i = 0; i < ARRAY_LEN(derived_fields); i++)
        if (strcmp(field, derived_fields[i]) == 0)
            return true;
    return false;
}

bool answers_is_sales(const char *field)
{
    return strcmp(field, sales_table) == 0;
}

void answers_derive_sales(bson_t *answers)
{
    double units = 0, revenue = 0, scale, price;
    size_t rows = doc_count(answers, sales_table);
    char path[64];

    for (size_t i = 0; i < rows; i++) {
        double row_units;

        snprintf(path, sizeof path, "%s.%zu.units_per_month", sales_table, i);
        row_units = doc_num(answers, path, 0);
        snprintf(path, sizeof path, "%s.%zu.price", sales_table, i);
        revenue += row_units * doc_num(answers, path, 0);
        units += row_units;
    }
    if (!rows)
        return;
    scale = pow(10, money_exponent(doc_str(answers, "currency", "GBP")));
    price = units > 0 ? revenue / units : doc_num(answers, "products.0.price", 0);
    if (!(revenue * scale <= 0x1p53) || !(price * scale <= 0x1p53))
        return; /* figures so large are refused by the model, which names them */
    doc_set_num(answers, "price_per_unit", round(price * scale) / scale);
    doc_set_num(answers, "units_per_month", units);
    doc_set_num(answers, "monthly_revenue_estimate", round(revenue * scale) / scale);
}

/* --- setting one answer -------------------- */

/* What a path names: an answer, a row of a table, or a column of a row or group. */
struct target {
    const struct question *top;
    const struct question *column; /* NULL: the answer or the row itself */
    bool in_row;
    size_t row;
};

static bool find_target(const struct intake *in, const char *path, struct target *t)
{
    size_t len = strcspn(path, ".");
    const char *rest = path[len] ? path + len + 1 : NULL;

    *t = (struct target){.top = questions_find(in, NULL, path, len)};
    if (!t->top || !rest)
        return t->top != NULL;
    if (t->top->type == QUESTION_TABLE) {
        size_t digits = strspn(rest, "0123456789");

        if (!digits || digits > 6 || (rest[digits] && rest[digits] != '.'))
            return false;
        t->in_row = true;
        t->row = strtoul(rest, NULL, 10);
        rest = rest[digits] ? rest + digits + 1 : NULL;
    } else if (t->top->type != QUESTION_GROUP) {
        return false;
    }
    if (rest)
        t->column = questions_find(in, t->top, rest, strlen(rest));
    return rest ? t->column != NULL : t->in_row;
}

static bool no_such_field(const struct intake *in, const char *path, struct err *err)
{
    char *nearest = questions_nearest(in, path);

    err_set(err, ERR_NOT_FOUND, 0,
            nearest ? "There is no field \"%.60s\"; did you mean %s?"
                    : "There is no field \"%.60s\"; see the list of fields "
                      "with: strattio schema intake",
            path, nearest);
    free(nearest);
    return false;
}

/* Makes the table, and the row one past its end, exist. */
static bool make_row(const struct target *t, bson_t *answers, struct err *err)
{
    size_t rows = doc_count(answers, t->top->field);
    bson_t empty = BSON_INITIALIZER;
    char *path;

    if (t->row > rows)
        return err_set(err, ERR_INVALID, 0, "%s has %zu rows; the next one is %s.%zu",
                       t->top->label, rows, t->top->field, rows);
    if (!(t->row < t->top->max) && !isnan(t->top->max))
        return err_set(err, ERR_INVALID, 0, "%s can have at most %.0f rows", t->top->label,
                       t->top->max);
    if (rows == 0)
        doc_set_doc(answers, t->top->field, &empty, true);
    if (t->row == rows) {
        path = mem_printf("%s.%zu", t->top->field, t->row);
        doc_set_doc(answers, path, &empty, false);
        free(path);
    }
    bson_destroy(&empty);
    return true;
}

/* Tells the first problem, with its place if that is further in than `path`, as in the JSON of a
 * table. A row is read as a table of one, so its own number is left out. */
static bool tell(const struct target *t, const char *path, const struct problems *problems,
                 struct err *err)
{
    const struct problem *first = problems->count ? &problems->items[0] : NULL;
    const char *inner = first ? first->path + strlen(path) : "";

    if (t->in_row && !t->column && strncmp(inner, ".0", 2) == 0)
        inner += 2;
    if (!*inner)
        return err_set(err, ERR_INVALID, 0, "%s", first ? first->message : "");
    return err_set(err, ERR_INVALID, 0, "%s%s: %s", path, inner, first->message);
}

/* Reads what was typed into "v" of `out`; a row as a table of one. */
static bool read_typed(const struct intake *in, const struct target *t, const char *path,
                       const char *typed, const bson_t *answers, bson_t *out, struct err *err)
{
    struct problems problems = {0};
    const struct question *q = t->column ? t->column : t->top;
    bson_t given = BSON_INITIALIZER, group;
    struct reading r;
    bson_iter_t it;
    char *wrapped = NULL;
    bool ok;

    answer_read_init(&r, in, answers, false, &problems);
    strbuf_str(&r.path, path);
    if (t->column && !t->in_row && doc_view(answers, t->top->field, &group))
        r.row = &group;
    if (t->in_row && !t->column) {
        wrapped = mem_printf("[%s]", typed);
        typed = wrapped;
    }
    bson_append_utf8(&given, "v", 1, typed, -1);
    ok = bson_iter_init_find(&it, &given, "v") && answer_read(&r, q, &it, "v", out);
    if (!ok)
        tell(t, path, &problems, err);
    problems_finish(&problems);
    answer_read_finish(&r);
    bson_destroy(&given);
    free(wrapped);
    return ok;
}

static bool blank(const char *typed)
{
    return typed[strspn(typed, " \t\r\n")] == '\0';
}

/* Puts the value read into `answers`, or takes the answer away when nothing was typed. */
static bool put(const struct target *t, const char *path, const bson_t *read, bson_t *answers,
                struct err *err)
{
    bson_iter_t it;
    const char *from = t->in_row && !t->column ? "v.0" : "v";

    if (!doc_find(read, from, &it)) {
        doc_unset(answers, path);
        if (t->column && !t->in_row && doc_count(answers, t->top->field) == 0)
            doc_unset(answers, t->top->field);
        return true;
    }
    if (t->in_row && !make_row(t, answers, err))
        return false;
    doc_set(answers, path, bson_iter_value(&it));
    return true;
}

static bool take_row_out(const struct target *t, bson_t *answers, struct err *err)
{
    size_t rows = doc_count(answers, t->top->field);

    if (t->row >= rows)
        return err_set(err, ERR_INVALID, 0, "%s has %zu rows; there is no %s.%zu to take out",
                       t->top->label, rows, t->top->field, t->row);
    intake_remove_row(t->top->field, t->row, answers);
    return true;
}

bool intake_set(const struct intake *in, const char *path, const char *typed, bson_t *answers,
                struct err *err)
{
    bson_t read = BSON_INITIALIZER, changed;
    struct target t;
    bool ok = false;

    bson_copy_to(answers, &changed);
    if (!find_target(in, path, &t)) {
        no_such_field(in, path, err);
        goto out;
    }
    if (answers_is_derived(path) && doc_count(answers, sales_table) > 0) {
        err_set(err, ERR_INVALID, 0,
                "%s follows from the rows of products; change those, such as products.0.price",
                t.top->label);
        goto out;
    }
    if (!bson_utf8_validate(typed, strlen(typed), false)) {
        err_set(err, ERR_INVALID, 0, "This is not valid UTF-8 text; type it again");
        goto out;
    }
    if (t.in_row && t.column && answer_rows_is_fill(in, t.top, t.column, typed)) {
        ok = answer_rows_fill(in, t.top, t.column, t.row, typed, answers, err);
        goto out;
    }
    if (blank(typed) && t.in_row && !t.column) {
        ok = take_row_out(&t, &changed, err);
    } else {
        ok = (blank(typed) || read_typed(in, &t, path, typed, answers, &read, err)) &&
             put(&t, path, &read, &changed, err);
    }
    if (!ok)
        goto out;
    if (answers_is_sales(t.top->field) || strcmp(t.top->field, "currency") == 0)
        answers_derive_sales(&changed);
    bson_reinit(answers);
    bson_concat(answers, &changed);
out:
    bson_destroy(&changed);
    bson_destroy(&read);
    return ok;
}

/* --- judging all of them -------------------- */

/* Names what is missing, unless something wrong stands in its place: that is named already. */
static void add_missing(const struct question *q, const char *path, struct problems *out)
{
    for (size_t i = 0; i < out->count; i++)
        if (strcmp(out->items[i].path, path) == 0)
            return;
    answer_problem_add(out, path, true, "%s is missing: %s For example: %s", q->label, q->help,
                       q->example);
}

static void missing_columns(const struct intake *in, const struct question *q, const char *base,
                            const bson_t *answers, struct problems *out)
{
    for (size_t i = 0; i < q->column_count; i++) {
        const struct question *column = &q->columns[i];
        char *path = mem_printf("%s.%s", base, column->field);

        if (questions_rule(in, column)->required && !answer_scope_answered(answers, path))
            add_missing(column, path, out);
        free(path);
    }
}

/* The missing columns of a question that is answered. */
static void missing_inside(const struct intake *in, const struct question *q, const bson_t *answers,
                           struct problems *out)
{
    bson_t view;
    size_t rows = q->type == QUESTION_TABLE ? doc_count(answers, q->field) : 0;

    if (!doc_view(answers, q->field, &view))
        return; /* of another type: named already */
    if (q->type == QUESTION_GROUP)
        missing_columns(in, q, q->field, answers, out);
    for (size_t i = 0; i < rows; i++) {
        char *base = mem_printf("%s.%zu", q->field, i);
        bson_iter_t it;

        if (doc_find(answers, base, &it) && BSON_ITER_HOLDS_DOCUMENT(&it))
            missing_columns(in, q, base, answers, out);
        free(base);
    }
}

void answers_missing(const struct intake *in, enum plan_purpose purpose, const bson_t *answers,
                     struct problems *out)
{
    for (size_t i = 0; i < in->count; i++) {
        const struct question *q = &in->questions[i];

        if (in->rules[i].parent)
            continue;
        if (answer_scope_answered(answers, q->field))
            missing_inside(in, q, answers, out);
        else if (!intake_required(in, q, purpose, answers))
            continue;
        else if (q->type == QUESTION_GROUP)
            missing_columns(in, q, q->field, answers, out);
        else
            add_missing(q, q->field, out);
    }
}

/* Where a path stands: question, row, column. */
static long rank_of(const struct intake *in, const char *path)
{
    const struct question *q = questions_find(in, NULL, path, strcspn(path, "."));
    const struct question *column = intake_question(in, path);
    const char *dot = strchr(path, '.');
    long row = dot ? strtol(dot + 1, NULL, 10) : 0;
    long place = q ? (long)(q - in->questions) : -1; /* name and purpose of the file come first */
    long inner = q && column && column != q ? (long)(column - q) : 0;

    return place * 10000000L + (row < 99999 ? row : 99999) * 100 + (inner < 99 ? inner : 99);
}

void answers_sort_problems(const struct intake *in, struct problems *p)
{
    long *ranks = mem_zero(p->count + 1, sizeof *ranks);

    for (size_t i = 0; i < p->count; i++)
        ranks[i] = rank_of(in, p->items[i].path);
    for (size_t i = 1; i < p->count; i++) { /* mostly sorted already; stable */
        for (size_t k = i; k > 0 && ranks[k - 1] > ranks[k]; k--) {
            struct problem problem = p->items[k];
            long rank = ranks[k];

            p->items[k] = p->items[k - 1];
            ranks[k] = ranks[k - 1];
            p->items[k - 1] = problem;
            ranks[k - 1] = rank;
        }
    }
    free(ranks);
}

/* Every wrong answer of one top-level question. */
static void check_question(const struct intake *in, const struct question *q, const bson_t *answers,
                           struct problems *out)
{
    bson_t scratch = BSON_INITIALIZER;
    struct reading r;
    bson_iter_t it;

    if (bson_iter_init_find(&it, answers, q->field)) {
        answer_read_init(&r, in, answers, true, out);
        strbuf_str(&r.path, q->field);
        (void)answer_read(&r, q, &it, q->field, &scratch);
        answer_read_finish(&r);
    }
    bson_destroy(&scratch);
}

void intake_check(const struct intake *in, enum plan_purpose purpose, const bson_t *answers,
                  bool complete, struct problems *out)
{
    *out = (struct problems){0};
    for (size_t i = 0; i < in->count; i++)
        if (!in->rules[i].parent)
            check_question(in, &in->questions[i], answers, out);
    if (complete)
        answers_missing(in, purpose, answers, out);
    answers_sort_problems(in, out);
}

void intake_step_state(const struct intake *in, const struct intake_step *step,
                       enum plan_purpose purpose, const bson_t *answers, struct step_state *out)
{
    struct problems wrong = {0}, missing = {0};

    *out = (struct step_state){0};
    answers_missing(in, purpose, answers, &missing);
    for (size_t i = 0; i < step->question_count; i++) {
        const struct question *q = step->questions[i];
        size_t len = strlen(q->field);

        check_question(in, q, answers, &wrong);
        if (intake_required(in, q, purpose, answers)) {
            out->required++;
            out->answered++;
        }
        for (size_t k = 0; k < missing.count; k++) {
            const char *path = missing.items[k].path;

            if (strncmp(path, q->field, len) != 0 || (path[len] && path[len] != '.'))
                continue;
            if (!intake_required(in, q, purpose, answers))
                out->required++; /* a row that was begun and lacks something */
            else if (out->answered)
                out->answered--;
            break;
        }
    }
    out->wrong = wrong.count;
    problems_finish(&wrong);
    problems_finish(&missing);
}
