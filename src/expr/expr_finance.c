/* expr_finance.c - the functions of loans and investments, with the names, the order of arguments
 * and the signs of spreadsheets: money received is positive, money paid negative. All loans obey pv
 * q^n + pmt (1 + r type) (q^n - 1) / r + fv = 0   with q = 1 + r, or pv + pmt n + fv = 0 where r is
 * 0. npv0() is not a spreadsheet's: its first payment is now. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"

#include "expr/expr_call.h"
#include "expr/num_roots.h"
#include "expr/num_series.h"

enum {
    DAYS_A_YEAR = 365,
    PERIODS_MOST = 10000,
    LONG_GROWTH = 25, /* the logarithm of 72 billion */
};

/* ---- arithmetic that remembers it failed ----------------------------------------------------- */

struct sum { /* a chain of operations; false once one left the range */
    bool ok;
};

static struct num add(struct sum *s, struct num a, struct num b)
{
    s->ok = s->ok && num_add(a, b, &a);
    return a;
}

static struct num sub(struct sum *s, struct num a, struct num b)
{
    s->ok = s->ok && num_sub(a, b, &a);
    return a;
}

static struct num mul(struct sum *s, struct num a, struct num b)
{
    s->ok = s->ok && num_mul(a, b, &a);
    return a;
}

static struct num quotient(struct sum *s, struct num a, struct num b)
{
    s->ok = s->ok && num_sign(b) != 0 && num_div(a, b, &a);
    return a;
}

static struct num power(struct sum *s, struct num a, struct num b)
{
    s->ok = s->ok && num_pow(a, b, &a);
    return a;
}

static struct num negative(struct num a)
{
    return (struct num){-a.v};
}

static struct num one(void)
{
    return num_from_int(1);
}

static bool give(const struct call *call, const struct sum *s, struct num n, enum unit unit,
                 struct value *out, struct err *err)
{
    if (!s->ok)
        return call_overflow(call, err);
    *out = value_num(n, unit);
    return true;
}

/* ---- arguments ------------------------------------------------------------------------------- */

static bool are_numbers(const struct call *call, const struct value *args, size_t count,
                        struct err *err)
{
    for (size_t i = 0; i < count; i++)
        if (args[i].type != VALUE_NUM)
            return call_wrong(call, i, "a number", &args[i], err);
    return true;
}

static bool refuse(const struct call *call, struct err *err, const char *what)
{
    return expr_fail(call->expr, call->node, ERR_INVALID, err, "%s() takes %s", call->node->text,
                     what);
}

static struct num optional(const struct value *args, size_t count, size_t at)
{
    return at < count ? args[at].num : num_from_int(0);
}

/* The type argument: payments at the end (0) or the beginning (1) of each period. */
static bool read_type(const struct call *call, const struct value *args, size_t count, size_t at,
                      struct num *type, struct err *err)
{
    *type = optional(args, count, at);
    if (num_cmp(*type, num_from_int(0)) == 0 || num_cmp(*type, one()) == 0)
        return true;
    return refuse(call, err, "a type of 0 (end of period) or 1 (beginning)");
}

static bool above_minus_one(const struct call *call, struct num rate, struct err *err)
{
    return num_cmp(rate, num_from_int(-1)) > 0 || refuse(call, err, "a rate above -100%");
}

/* ---- loans ----------------------------------------------------------------------------------- */

/* *growth is q^n; what it returns is (1 + r type) (q^n - 1) / r, or n where r is 0: what a payment of
 * 1 is worth at the end. */
static struct num annuity(struct sum *s, struct num rate, struct num n, struct num type,
                          struct num *growth)
{
    struct num whole = {0};

    *growth = one();
    s->ok = s->ok && num_annuity(rate, n, growth, &whole);
    return mul(s, whole, add(s, one(), mul(s, rate, type)));
}

/* What is worth 1 after n periods of growth so long that q^n would leave the range: *now is q^-n, and
 * what it returns is what a payment of 1 is worth at the beginning. */
static struct num perpetuity(struct sum *s, struct num rate, struct num n, struct num type,
                             struct num *now)
{
    *now = power(s, add(s, one(), rate), negative(n));
    return quotient(s, mul(s, sub(s, one(), *now), add(s, one(), mul(s, rate, type))), rate);
}

static bool is_long(struct num rate, struct num n)
{
    return num_to_double(n) * log1p(num_to_double(rate)) > LONG_GROWTH;
}

static struct num payment(struct sum *s, struct num rate, struct num n, struct num pv,
                          struct num fv, struct num type)
{
    struct num growth, worth;

    if (is_long(rate, n)) {
        worth = perpetuity(s, rate, n, type, &growth);
        return negative(quotient(s, add(s, pv, mul(s, fv, growth)), worth));
    }
    worth = annuity(s, rate, n, type, &growth);
    return negative(quotient(s, add(s, mul(s, pv, growth), fv), worth));
}

static struct num future(struct sum *s, struct num rate, struct num n, struct num pmt,
                         struct num pv, struct num type)
{
    struct num growth, worth = annuity(s, rate, n, type, &growth);

    return negative(add(s, mul(s, pv, growth), mul(s, pmt, worth)));
}

/* pmt(rate, nper, pv[, fv[, type]]) */
static bool run_pmt(const struct call *call, const struct value *args, size_t count,
                    struct value *out, struct err *err)
{
    struct sum s = {true};
    struct num type;

    if (!are_numbers(call, args, count, err) || !read_type(call, args, count, 4, &type, err) ||
        !above_minus_one(call, args[0].num, err))
        return false;
    if (num_sign(args[1].num) == 0) {
        *out = value_null("division_by_zero");
        return true;
    }
    return give(call, &s,
                payment(&s, args[0].num, args[1].num, args[2].num, optional(args, count, 3), type),
                args[2].unit, out, err);
}

/* What is owed while `left` payments are still to come, by what they are worth: the other way, from what
 * was lent, what is repaid would be subtracted from what has grown. */
static struct num owed(struct sum *s, struct num rate, struct num left, struct num pmt,
                       struct num fv, struct num type)
{
    struct num growth, worth;

    if (is_long(rate, left)) {
        worth = perpetuity(s, rate, left, type, &growth);
        return add(s, mul(s, pmt, worth), mul(s, fv, growth));
    }
    worth = annuity(s, rate, left, type, &growth);
    return quotient(s, add(s, mul(s, pmt, worth), fv), growth);
}

/* The interest in payment `per`, which is `pmt`. Paid in advance it is on the balance of the period
 * before, reduced at its beginning. */
static struct num interest_part(struct sum *s, struct num rate, struct num per, struct num n,
                                struct num pmt, struct num fv, struct num type)
{
    struct num left = add(s, sub(s, n, per), one());

    if (num_sign(type) == 0)
        return mul(s, owed(s, rate, left, pmt, fv, type), rate);
    if (num_cmp(per, one()) == 0)
        return num_from_int(0);
    left = add(s, left, one());
    return mul(s, sub(s, owed(s, rate, left, pmt, fv, type), pmt), rate);
}

/* ipmt(rate, per, nper, pv[, fv[, type]]) and ppmt(), which is the rest of the payment */
static bool run_part(const struct call *call, const struct value *args, size_t count,
                     struct value *out, struct err *err)
{
    struct sum s = {true};
    struct num type, interest, pmt, fv = optional(args, count, 4);

    if (!are_numbers(call, args, count, err) || !read_type(call, args, count, 5, &type, err) ||
        !above_minus_one(call, args[0].num, err))
        return false;
    if (num_cmp(args[1].num, one()) < 0 || num_cmp(args[1].num, args[2].num) > 0)
        return refuse(call, err, "a period from 1 to the number of periods");
    pmt = payment(&s, args[0].num, args[2].num, args[3].num, fv, type);
    interest = interest_part(&s, args[0].num, args[1].num, args[2].num, pmt, fv, type);
    if (call->node->text[0] == 'p')
        interest = sub(&s, pmt, interest);
    return give(call, &s, interest, args[3].unit, out, err);
}

/* cumipmt(rate, nper, pv, start, end, type) and cumprinc() */
static bool run_cumulative(const struct call *call, const struct value *args, size_t count,
                           struct value *out, struct err *err)
{
    struct sum s = {true};
    struct num type, pmt, total = num_from_int(0), none = num_from_int(0);
    bool principal = strcmp(call->node->text, "cumprinc") == 0;

    if (!are_numbers(call, args, count, err) || !read_type(call, args, count, 5, &type, err) ||
        !above_minus_one(call, args[0].num, err))
        return false;
    if (!num_is_whole(args[3].num) || !num_is_whole(args[4].num) ||
        num_cmp(args[3].num, one()) < 0 || num_cmp(args[4].num, args[3].num) < 0 ||
        num_cmp(args[4].num, args[1].num) > 0 ||
        num_cmp(args[1].num, num_from_int(PERIODS_MOST)) > 0)
        return refuse(call, err, "whole periods, the first before the last, of at most 10,000");
    pmt = payment(&s, args[0].num, args[1].num, args[2].num, none, type);
    for (struct num per = args[3].num; s.ok && num_cmp(per, args[4].num) <= 0;
         per = add(&s, per, one())) {
        struct num part = interest_part(&s, args[0].num, per, args[1].num, pmt, none, type);

        if (principal)
            part = sub(&s, pmt, part);
        total = add(&s, total, part);
    }
    return give(call, &s, total, args[2].unit, out, err);
}

/* fv(rate, nper, pmt[, pv[, type]]) */
static bool run_fv(const struct call *call, const struct value *args, size_t count,
                   struct value *out, struct err *err)
{
    struct sum s = {true};
    struct num type;

    if (!are_numbers(call, args, count, err) || !read_type(call, args, count, 4, &type, err) ||
        !above_minus_one(call, args[0].num, err))
        return false;
    return give(call, &s,
                future(&s, args[0].num, args[1].num, args[2].num, optional(args, count, 3), type),
                args[2].unit, out, err);
}

/* pv(rate, nper, pmt[, fv[, type]]) */
static bool run_pv(const struct call *call, const struct value *args, size_t count,
                   struct value *out, struct err *err)
{
    struct sum s = {true};
    struct num type, growth, later;

    if (!are_numbers(call, args, count, err) || !read_type(call, args, count, 4, &type, err) ||
        !above_minus_one(call, args[0].num, err))
        return false;
    if (is_long(args[0].num, args[1].num)) {
        later = mul(&s, args[2].num, perpetuity(&s, args[0].num, args[1].num, type, &growth));
        later = add(&s, later, mul(&s, optional(args, count, 3), growth));
        return give(call, &s, negative(later), args[2].unit, out, err);
    }
    later = add(&s, mul(&s, args[2].num, annuity(&s, args[0].num, args[1].num, type, &growth)),
                optional(args, count, 3));
    return give(call, &s, negative(quotient(&s, later, growth)), args[2].unit, out, err);
}

/* nper(rate, pmt, pv[, fv[, type]]) */
static bool run_nper(const struct call *call, const struct value *args, size_t count,
                     struct value *out, struct err *err)
{
    struct sum s = {true};
    struct num type, rate = args[0].num, fv = optional(args, count, 3), steady, top, bottom,
                     n = {0};

    if (!are_numbers(call, args, count, err) || !read_type(call, args, count, 4, &type, err) ||
        !above_minus_one(call, rate, err))
        return false;
    if (num_sign(rate) == 0 && num_sign(args[1].num) != 0) {
        n = negative(quotient(&s, add(&s, args[2].num, fv), args[1].num));
        return give(call, &s, n, UNIT_NONE, out, err);
    }
    steady = num_sign(rate)
                 ? quotient(&s, mul(&s, args[1].num, add(&s, one(), mul(&s, rate, type))), rate)
                 : num_from_int(0);
    top = sub(&s, steady, fv);
    bottom = add(&s, steady, args[2].num);
    if (!s.ok)
        return call_overflow(call, err);
    if (num_sign(rate) == 0 || num_sign(top) * num_sign(bottom) <= 0 ||
        !num_from_double(
            log(num_to_double(top) / num_to_double(bottom)) / log1p(num_to_double(rate)), &n)) {
        *out = value_null("never_repaid");
        return true;
    }
    return give(call, &s, num_round(n, 10), UNIT_NONE, out, err);
}

/* sln(cost, salvage, life) */
static bool run_sln(const struct call *call, const struct value *args, size_t count,
                    struct value *out, struct err *err)
{
    struct sum s = {true};

    if (!are_numbers(call, args, count, err))
        return false;
    if (num_sign(args[2].num) == 0) {
        *out = value_null("division_by_zero");
        return true;
    }
    return give(call, &s, quotient(&s, sub(&s, args[0].num, args[1].num), args[2].num),
                args[0].unit, out, err);
}

/* ---- series of payments ---------------------------------------------------------------------- */

struct series {
    size_t count, cap;
    struct num *amount;
    enum unit unit; /* of the first */
    double *time;   /* years after the first; NULL: a period each */
    const struct value *null;
};

static void finish_series(struct series *s)
{
    free(s->amount);
    free(s->time);
}

/* Appends the numbers of a list, also those of lists in it. A null is not read: s->null is it. */
static bool read_amounts(const struct call *call, const struct value *list, struct series *s,
                         struct err *err)
{
    for (size_t i = 0; i < list->count && !s->null; i++) {
        const struct value *v = &list->items[i];

        if (v->type == VALUE_LIST) {
            if (!read_amounts(call, v, s, err))
                return false;
            continue;
        }
        if (v->type == VALUE_NULL)
            s->null = v;
        else if (v->type != VALUE_NUM)
            return refuse(call, err, "a list of numbers");
        else if (s->count == ROOTS_TERMS_MOST)
            return refuse(call, err, "a list of at most 400 numbers");
        else if (s->count && !unit_of_sum(s->unit, v->unit, &s->unit))
            return refuse(call, err, "numbers of one unit");
        if (!s->count)
            s->unit = v->unit;
        s->amount = mem_grow(s->amount, &s->cap, s->count + 1, sizeof *s->amount);
        s->amount[s->count++] = v->num;
    }
    return true;
}

static bool read_times(const struct call *call, const struct value *dates, struct series *s,
                       struct err *err)
{
    int32_t first = 0, day;

    s->time = mem_zero(s->count, sizeof *s->time);
    for (size_t i = 0; i < s->count; i++) {
        const struct value *d = &dates->items[i];

        if (d->type == VALUE_NULL) {
            s->null = d;
            return true;
        }
        if (!value_as_date(d, &day))
            return refuse(call, err, "numbers and their dates");
        if (i == 0)
            first = day;
        if (day < first)
            return refuse(call, err, "dates of which the first is the earliest");
        s->time[i] = (double)(day - first) / DAYS_A_YEAR;
    }
    return true;
}

/* Reads a list of numbers, and with `dates` one of dates as long; else payments are a period apart. */
static bool read_series(const struct call *call, const struct value *list,
                        const struct value *dates, struct series *s, struct err *err)
{
    *s = (struct series){0};
    if (list->type != VALUE_LIST || (dates && dates->type != VALUE_LIST) ||
        (dates && dates->count != list->count) || list->count > ROOTS_TERMS_MOST)
        return refuse(call, err,
                      dates ? "two lists as long as each other, of at most 400 items"
                            : "a list of at most 400 numbers");
    if (!read_amounts(call, list, s, err))
        return false;
    if (!dates || s->null)
        return true;
    if (s->count != dates->count)
        return refuse(call, err, "two lists as long as each other, of at most 400 items");
    return read_times(call, dates, s, err);
}

/* The rates of a series, ascending; free() them. */
static struct num *rates_of(const struct series *s, size_t *count)
{
    struct num *rates = mem_zero(s->count + 1, sizeof *rates);
    double *amount;

    if (!s->time) {
        *count = num_irr(s->amount, s->count, rates);
        return rates;
    }
    amount = mem_zero(s->count, sizeof *amount);
    for (size_t i = 0; i < s->count; i++)
        amount[i] = num_to_double(s->amount[i]);
    *count = num_rates(amount, s->time, s->count, rates);
    free(amount);
    return rates;
}

/* irr([v...]): the list of all rates above -100% */
static bool run_irr(const struct call *call, const struct value *args, size_t count,
                    struct value *out, struct err *err)
{
    struct series s;
    struct num *rates = NULL;
    bool ok = read_series(call, &args[0], NULL, &s, err);

    (void)count;
    if (ok && s.null) {
        *out = value_copy(s.null);
    } else if (ok) {
        *out = (struct value){.type = VALUE_LIST, .items = mem_zero(s.count + 1, sizeof *out)};
        rates = rates_of(&s, &out->count);
        for (size_t i = 0; i < out->count; i++)
            out->items[i] = value_num(rates[i], UNIT_RATE);
        if (!out->count) {
            value_finish(out);
            *out = value_null("no_real_irr");
        }
    }
    free(rates);
    finish_series(&s);
    return ok;
}

/* The only rate of a series, or a null that says why there is none. */
static void single_rate(const struct series *s, struct value *out)
{
    size_t count;
    struct num *rates = rates_of(s, &count);

    if (count == 1)
        *out = value_num(rates[0], UNIT_RATE);
    else
        *out = value_null(count ? "multiple_irr" : "no_real_irr");
    free(rates);
}

/* xirr([v...], [date...]), by years of 365 days */
static bool run_xirr(const struct call *call, const struct value *args, size_t count,
                     struct value *out, struct err *err)
{
    struct series s;
    bool ok = read_series(call, &args[0], &args[1], &s, err);

    (void)count;
    if (ok && s.null)
        *out = value_copy(s.null);
    else if (ok)
        single_rate(&s, out);
    finish_series(&s);
    return ok;
}

/* rate(nper, pmt, pv[, fv[, type]]): a loan is a series too */
static bool run_rate(const struct call *call, const struct value *args, size_t count,
                     struct value *out, struct err *err)
{
    struct sum sum = {true};
    struct series s = {0};
    struct num type;
    size_t n, first;

    if (!are_numbers(call, args, count, err) || !read_type(call, args, count, 4, &type, err))
        return false;
    if (!num_is_whole(args[0].num) || num_sign(args[0].num) <= 0 ||
        num_cmp(args[0].num, num_from_int(PERIODS_MOST)) > 0)
        return refuse(call, err, "a whole number of periods, at most 10,000");
    n = (size_t)(args[0].num.v / one().v);
    first = num_sign(type) ? 0 : 1;
    s.count = n + 1;
    s.amount = mem_zero(s.count, sizeof *s.amount);
    for (size_t i = first; i < n + first; i++)
        s.amount[i] = args[1].num;
    s.amount[0] = add(&sum, s.amount[0], args[2].num);
    s.amount[n] = add(&sum, s.amount[n], optional(args, count, 3));
    if (sum.ok)
        single_rate(&s, out);
    finish_series(&s);
    return sum.ok || call_overflow(call, err);
}

/* npv0(rate, [v...]) and xnpv(rate, [v...], [date...]) */
static bool run_npv(const struct call *call, const struct value *args, size_t count,
                    struct value *out, struct err *err)
{
    struct series s = {0};
    struct num total;
    bool ok;

    if (!are_numbers(call, args, 1, err) || !above_minus_one(call, args[0].num, err))
        return false;
    ok = read_series(call, &args[1], count > 2 ? &args[2] : NULL, &s, err);
    if (ok && s.null)
        *out = value_copy(s.null);
    else if (ok && !num_worth(s.amount, s.time, s.count, args[0].num, SERIES_ALL, &total))
        ok = call_overflow(call, err);
    else if (ok)
        *out = value_num(total, s.unit);
    finish_series(&s);
    return ok;
}

/* mirr([v...], finance, reinvest) */
static bool run_mirr(const struct call *call, const struct value *args, size_t count,
                     struct value *out, struct err *err)
{
    struct series s = {0};
    struct num rate;
    bool exists,
        ok = are_numbers(call, args + 1, 2, err) && above_minus_one(call, args[1].num, err) &&
             above_minus_one(call, args[2].num, err) && read_series(call, &args[0], NULL, &s, err);

    (void)count;
    if (ok && s.null)
        *out = value_copy(s.null);
    else if (ok && !num_mirr(s.amount, s.count, args[1].num, args[2].num, &rate, &exists))
        ok = call_overflow(call, err);
    else if (ok)
        *out = exists ? value_num(rate, UNIT_RATE) : value_null("no_real_irr");
    finish_series(&s);
    return ok;
}

const struct builtin builtins_finance[] = {
    {"pmt", 3, 5, 0, run_pmt},
    {"ipmt", 4, 6, 0, run_part},
    {"ppmt", 4, 6, 0, run_part},
    {"cumipmt", 6, 6, 0, run_cumulative},
    {"cumprinc", 6, 6, 0, run_cumulative},
    {"fv", 3, 5, 0, run_fv},
    {"pv", 3, 5, 0, run_pv},
    {"nper", 3, 5, 0, run_nper},
    {"rate", 3, 5, 0, run_rate},
    {"sln", 3, 3, 0, run_sln},
    {"irr", 1, 1, 0, run_irr},
    {"xirr", 2, 2, 0, run_xirr},
    {"mirr", 3, 3, 0, run_mirr},
    {"npv0", 2, 2, 0, run_npv},
    {"xnpv", 3, 3, 0, run_npv},
    {NULL, 0, 0, 0, NULL},
};
