/* answer_number.c - reading amounts, numbers and rates. */
#include "intake/answer_reader.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/money.h"

#include "expr/expr.h"
#include "intake/questions.h"
#include "intake/typed.h"

#define MINOR_MAX 0x1p53
#define TINIEST   1e-12 /* the step of the model's numbers */

static double number_at(const bson_iter_t *it)
{
    double x = BSON_ITER_HOLDS_DOUBLE(it) ? bson_iter_double(it) : (double)bson_iter_as_int64(it);

    return x == 0 ? 0 : x; /* no negative zero */
}

/* The least and most allowed, `unit` behind each. */
static bool in_range(struct reading *r, const struct question *q, double x, const char *unit)
{
    char shown[TYPED_NUMBER_SIZE], limit[TYPED_NUMBER_SIZE];
    bool low = x<q->min, high = x> q->max;

    if (x != 0 && fabs(x) < TINIEST) {
        answer_problem_add(r->out, r->path.data, false,
                           "This number is too small to count with; write 0 or a larger one");
        return false;
    }
    if (!low && !high)
        return true;
    typed_print_number(x, true, shown);
    typed_print_number(low ? q->min : q->max, true, limit);
    answer_problem_add(r->out, r->path.data, false, "%s%s is too %s; the %s allowed is %s%s", shown,
                       unit, low ? "low" : "high", low ? "least" : "most", limit, unit);
    return false;
}

const char *answer_number_currency(const struct intake *in, const struct question *q,
                                   const char *plan_currency, const bson_t *row)
{
    const char *named = questions_rule(in, q)->currency;

    if (!named)
        return plan_currency;
    if (questions_rule(in, q)->parent)
        return row ? doc_str(row, named, plan_currency) : plan_currency;
    return named;
}

/* A JSON number as money: whole minor units, not too many of them. */
static bool check_money(struct reading *r, double x, const char *currency)
{
    double scale = pow(10, money_exponent(currency)), minor;
    char shown[TYPED_NUMBER_SIZE];

    if (!isfinite(x) || fabs(x) * scale > MINOR_MAX) {
        struct strbuf most;

        strbuf_init(&most, 64);
        money_print((int64_t)MINOR_MAX, currency, 0, &most);
        answer_problem_add(r->out, r->path.data, false, "This amount is too large; the most is %s",
                           most.data);
        strbuf_finish(&most);
        return false;
    }
    minor = round(x * scale);
    if (minor / scale == x)
        return true;
    typed_print_number(x, true, shown);
    answer_problem_add(r->out, r->path.data, false,
                       "%s has more decimals than %s has; round it to %d", shown, currency,
                       money_exponent(currency));
    return false;
}

/* Names mean nothing in a sum that is typed: it is worked out once and forgotten. */
static bool no_names(const struct expr_scope *scope, const char *name, struct expr_index index,
                     struct value *out, struct err *err)
{
    (void)scope;
    (void)index;
    (void)out;
    return err_set(err, ERR_NOT_FOUND, 0, "only numbers can stand here, not \"%.40s\"", name);
}

static bool work_out(const char *text, struct value *out, struct err *err)
{
    const struct expr_scope scope = {.lookup = no_names};
    struct expr *e = expr_parse(text, NULL, 1, 1, err);
    bool ok = e && expr_eval(e, &scope, out, err);

    expr_free(e);
    if (!ok || out->type == VALUE_NUM)
        return ok;
    value_finish(out);
    return err_set(err, ERR_INVALID, 0, "it comes to no number");
}

bool answer_number_is_sum(const struct question *q, const char *text)
{
    return *text == '=' && (q->type == QUESTION_MONEY || q->type == QUESTION_NUMBER ||
                            q->type == QUESTION_WHOLE || q->type == QUESTION_PERCENT);
}

bool answer_number_sum(struct reading *r, const struct question *q, const char *text, double *out)
{
    int digits = q->type == QUESTION_MONEY ? money_exponent(r->currency) : 6;
    struct err err = {0};
    struct value v = {0};
    double scale = pow(10, digits), x;

    if (!work_out(text + 1, &v, &err)) {
        answer_problem_add(r->out, r->path.data, false,
                           "\"%.40s\" cannot be worked out: %s; a sum looks like =1200*12", text,
                           err.msg);
        return false;
    }
    x = num_to_double(v.num);
    if (q->type == QUESTION_PERCENT && v.unit != UNIT_NONE)
        x *= 100; /* 6% + 1% is 0.07, and an answer of 7 */
    *out = fabs(x) * scale < MINOR_MAX ? round(x * scale) / scale : x;
    return true;
}

bool answer_number_money(struct reading *r, const struct question *q, const bson_iter_t *it,
                         const char *key, bson_t *out)
{
    const char *currency = answer_number_currency(r->in, q, r->currency, r->row);
    double x;

    if (BSON_ITER_HOLDS_NUMBER(it)) {
        x = number_at(it);
        if (!check_money(r, x, currency))
            return false;
    } else if (BSON_ITER_HOLDS_UTF8(it) && !r->strict) {
        struct err err = {0};
        int64_t minor;

        if (!money_parse(bson_iter_utf8(it, NULL), currency, &minor, &err)) {
            answer_problem_add(r->out, r->path.data, false, "%s", err.msg);
            return false;
        }
        x = (double)minor / pow(10, money_exponent(currency));
    } else {
        return answer_problem_kind(r, q, it, "an amount");
    }
    if (!in_range(r, q, x, ""))
        return false;
    bson_append_double(out, key, -1, x);
    return true;
}

/* The number under `it`, by `typed` if it is text. */
static bool number_from(const struct reading *r, const bson_iter_t *it,
                        bool (*typed)(const char *, double *), double *x)
{
    if (BSON_ITER_HOLDS_NUMBER(it))
        *x = number_at(it);
    else if (!BSON_ITER_HOLDS_UTF8(it) || r->strict || !typed(bson_iter_utf8(it, NULL), x))
        return false;
    return isfinite(*x);
}

bool answer_number_plain(struct reading *r, const struct question *q, const bson_iter_t *it,
                         const char *key, bson_t *out)
{
    double x;

    if (!number_from(r, it, typed_number, &x))
        return answer_problem_kind(r, q, it, "a number");
    if (!in_range(r, q, x, ""))
        return false;
    bson_append_double(out, key, -1, x);
    return true;
}

bool answer_number_whole(struct reading *r, const struct question *q, const bson_iter_t *it,
                         const char *key, bson_t *out)
{
    double x;

    if (!number_from(r, it, typed_number, &x) || x != floor(x))
        return answer_problem_kind(r, q, it, "a whole number");
    if (!in_range(r, q, x, ""))
        return false;
    if (fabs(x) > INT32_MAX)
        return answer_problem_kind(r, q, it, "a number we can count to");
    bson_append_int32(out, key, -1, (int32_t)x);
    return true;
}

bool answer_number_percent(struct reading *r, const struct question *q, const bson_iter_t *it,
                           const char *key, bson_t *out)
{
    char shown[ANSWER_SHOWN_SIZE], number[16];
    double x;

    if (!number_from(r, it, typed_percent, &x)) {
        if (!BSON_ITER_HOLDS_UTF8(it) || !typed_first_number(bson_iter_utf8(it, NULL), number))
            return answer_problem_kind(r, q, it, "a rate");
        answer_problem_describe(it, shown);
        answer_problem_add(r->out, r->path.data, false, "%s is not a rate; try %s%%%s", shown,
                           number, strstr(q->label, "month") ? "" : " a year");
        return false;
    }
    if (!in_range(r, q, x, "%"))
        return false;
    bson_append_double(out, key, -1, x);
    return true;
}
