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

enum { DAYS_A_YEAR = 365 };

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

/* (1 + r type) (q^n - 1) / r, or n where r is 0: what a payment of 1 is worth at the end. */
static struct num annuity(struct sum *s, struct num rate, struct num n, struct num growth,
                          struct num type)
{
    struct num whole;

    if (num_sign(rate) == 0)
        return n;
    whole = quotient(s, sub(s, growth, one()), rate);
    return mul(s, whole, add(s, one(), mul(s, rate, type)));
}

static struct num payment(struct sum *s, struct num rate, struct num n, struct num pv,
                          struct num fv, struct num type)
{
    struct num growth = power(s, add(s, one(), rate), n);
    struct num owed = add(s, mul(s, pv, growth), fv);

    return negative(quotient(s, owed, annuity(s, rate, n, growth, type)));
}

static struct num future(struct sum *s, struct num rate, struct num n, struct num pmt,
                         struct num pv, struct num type)
{
    struct num growth = power(s, add(s, one(), rate), n);

    return negative(add(s, mul(s, pv, growth), mul(s, pmt, annuity(s, rate, n, growth, type))));
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

/* The interest in payment `per`, by the balance before it. */
static struct num interest_part(struct sum *s, struct num rate, struct num per, struct num n,
                                struct num pv, struct num fv, struct num type)
{
    struct num pmt = payment(s, rate, n, pv, fv, type);
    struct num before = future(s, rate, sub(s, per, one()), pmt, pv, type);

    if (num_sign(type) == 0)
        return mul(s, before, rate);
    if (num_cmp(per, one()) == 0)
        return num_from_int(0);
    /* paid in advance: the balance was reduced at the beginning of the period before */
    before = future(s, rate, sub(s, per, num_from_int(2)), pmt, pv, type);
    return mul(s, sub(s, before, pmt), rate);
}

/* ipmt(rate, per, nper, pv[, fv[, type]]) and ppmt(), which is the rest of the payment */
static bool run_part(const struct call *call, const struct value *args, size_t count,
                     struct value *out, struct err *err)
{
    struct sum s = {true};
    struct num type, interest, fv = optional(args, count, 4);

    if (!are_numbers(call, args, count, err) || !read_type(call, args, count, 5, &type, err) ||
        !above_minus_one(call, args[0].num, err))
        return false;
    if (num_cmp(args[1].num, one()) < 0 || num_cmp(args[1].num, args[2].num) > 0)
        return refuse(call, err, "a period from 1 to the number of periods");
    interest = interest_part(&s, args[0].num, args[1].num, args[2].num, args[3].num, fv, type);
    if (call->node->text[0] == 'p')
        interest = sub(&s, payment(&s, args[0].num, args[2].num, args[3].num, fv, type), interest);
    return give(call, &s, interest, args[3].unit, out, err);
}

/* cumipmt(rate, nper, pv, start, end, type) and cumprinc() */
static bool run_cumulative(const struct call *call, const struct value *args, size_t count,
                           struct value *out, struct err *err)
{
    struct sum s = {true};
    struct num type, total = num_from_int(0), none = num_from_int(0);
    bool principal = strcmp(call->node->text, "cumprinc") == 0;

    if (!are_numbers(call, args, count, err) || !read_type(call, args, count, 5, &type, err) ||
        !above_minus_one(call, args[0].num, err))
        return false;
    if (!num_is_whole(args[3].num) || !num_is_whole(args[4].num) ||
        num_cmp(args[3].num, one()) < 0 || num_cmp(args[4].num, args[3].num) < 0 ||
        num_cmp(args[4].num, args[1].num) > 0 || num_cmp(args[1].num, num_from_int(1200)) > 0)
        return refuse(call, err, "whole periods, the first before the last, of at most 1200");
    for (struct num per = args[3].num; s.ok && num_cmp(per, args[4].num) <= 0;
         per = add(&s, per, one())) {
        struct num part = interest_part(&s, args[0].num, per, args[1].num, args[2].num, none, type);

        if (principal)
            part = sub(&s, payment(&s, args[0].num, args[1].num, args[2].num, none, type), part);
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
    growth = power(&s, add(&s, one(), args[0].num), args[1].num);
    later = add(&s, mul(&s, args[2].num, annuity(&s, args[0].num, args[1].num, growth, type)),
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
    size_t count;
    double *amount, *time; /* years or periods after the first */
};

static void finish_series(struct series *s)
{
    free(s->amount);
    free(s->time);
}

/* Reads a list of numbers, and with `dates` one of dates as long; else payments are a period apart.
 * A null in it is not read: *null is set to it. */
static bool read_series(const struct call *call, const struct value *list,
                        const struct value *dates, struct series *s, const struct value **null,
                        struct err *err)
{
    int32_t first = 0, day;

    *s = (struct series){0};
    *null = NULL;
    if (list->type != VALUE_LIST || (dates && dates->type != VALUE_LIST) ||
        (dates && dates->count != list->count) || list->count > ROOTS_TERMS_MOST)
        return refuse(call, err,
                      dates ? "two lists as long as each other, of at most 400 items"
                            : "a list of at most 400 numbers");
    s->amount = mem_zero(list->count, sizeof *s->amount);
    s->time = mem_zero(list->count, sizeof *s->time);
    for (; s->count < list->count; s->count++) {
        const struct value *v = &list->items[s->count], *d = dates ? &dates->items[s->count] : v;

        if (v->type == VALUE_NULL || d->type == VALUE_NULL) {
            *null = v->type == VALUE_NULL ? v : d;
            return true;
        }
        if (v->type != VALUE_NUM || (dates && !value_as_date(d, &day)))
            return refuse(call, err, dates ? "numbers and their dates" : "a list of numbers");
        if (dates && s->count == 0)
            first = day;
        if (dates && day < first)
            return refuse(call, err, "dates of which the first is the earliest");
        s->amount[s->count] = num_to_double(v->num);
        s->time[s->count] = dates ? (double)(day - first) / DAYS_A_YEAR : (double)s->count;
    }
    return true;
}

/* irr([v...]): the list of all rates above -100% */
static bool run_irr(const struct call *call, const struct value *args, size_t count,
                    struct value *out, struct err *err)
{
    const struct value *null;
    struct series s;
    struct num *rates;
    bool ok = read_series(call, &args[0], NULL, &s, &null, err);

    (void)count;
    if (ok && null) {
        *out = value_copy(null);
    } else if (ok) {
        rates = mem_zero(s.count + 1, sizeof *rates);
        *out = (struct value){.type = VALUE_LIST, .items = mem_zero(s.count + 1, sizeof *out)};
        out->count = num_rates(s.amount, s.time, s.count, rates);
        for (size_t i = 0; i < out->count; i++)
            out->items[i] = value_num(rates[i], UNIT_RATE);
        if (!out->count) {
            value_finish(out);
            *out = value_null("no_real_irr");
        }
        free(rates);
    }
    finish_series(&s);
    return ok;
}

/* The only rate of a series, or a null that says why there is none. */
static void single_rate(const struct series *s, struct value *out)
{
    struct num *rates = mem_zero(s->count + 1, sizeof *rates);
    size_t count = num_rates(s->amount, s->time, s->count, rates);

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
    const struct value *null;
    struct series s;
    bool ok = read_series(call, &args[0], &args[1], &s, &null, err);

    (void)count;
    if (ok && null)
        *out = value_copy(null);
    else if (ok)
        single_rate(&s, out);
    finish_series(&s);
    return ok;
}

/* rate(nper, pmt, pv[, fv[, type]]): a loan is a series too */
static bool run_rate(const struct call *call, const struct value *args, size_t count,
                     struct value *out, struct err *err)
{
    struct series s;
    struct num type;
    size_t n, first;

    if (!are_numbers(call, args, count, err) || !read_type(call, args, count, 4, &type, err))
        return false;
    if (!num_is_whole(args[0].num) || num_sign(args[0].num) <= 0 ||
        num_cmp(args[0].num, num_from_int(ROOTS_TERMS_MOST - 1)) > 0)
        return refuse(call, err, "a whole number of periods, at most 399");
    n = (size_t)(args[0].num.v / one().v);
    first = num_sign(type) ? 0 : 1;
    s = (struct series){n + 1, mem_zero(n + 1, sizeof(double)), mem_zero(n + 1, sizeof(double))};
    for (size_t i = 0; i <= n; i++) {
        s.time[i] = (double)i;
        s.amount[i] = i >= first && i < n + first ? num_to_double(args[1].num) : 0;
    }
    s.amount[0] += num_to_double(args[2].num);
    s.amount[n] += num_to_double(optional(args, count, 3));
    single_rate(&s, out);
    finish_series(&s);
    return true;
}

/* Sum of the amounts at `rate`, each by its time; `pick` 1 takes those above 0, -1 below, 0 all. */
static struct num worth(struct sum *s, const struct series *series, const struct value *list,
                        struct num rate, int pick)
{
    struct num total = num_from_int(0), growth = add(s, one(), rate);

    for (size_t i = 0; i < series->count; i++) {
        struct num amount = list->items[i].num, time;

        if (pick && num_sign(amount) != pick)
            continue;
        s->ok = s->ok && num_from_double(series->time[i], &time);
        if (s->ok)
            total = add(s, total, quotient(s, amount, power(s, growth, time)));
    }
    return total;
}

/* npv0(rate, [v...]) and xnpv(rate, [v...], [date...]) */
static bool run_npv(const struct call *call, const struct value *args, size_t count,
                    struct value *out, struct err *err)
{
    const struct value *null, *list = &args[1];
    struct sum sum = {true};
    struct series s = {0};
    struct num total;
    bool ok;

    if (!are_numbers(call, args, 1, err) || !above_minus_one(call, args[0].num, err))
        return false;
    ok = read_series(call, list, count > 2 ? &args[2] : NULL, &s, &null, err);
    if (ok && null) {
        *out = value_copy(null);
    } else if (ok) {
        total = worth(&sum, &s, list, args[0].num, 0);
        ok = give(call, &sum, total, s.count ? list->items[0].unit : UNIT_NONE, out, err);
    }
    finish_series(&s);
    return ok;
}

/* mirr([v...], finance, reinvest) */
static bool run_mirr(const struct call *call, const struct value *args, size_t count,
                     struct value *out, struct err *err)
{
    const struct value *null;
    struct sum sum = {true};
    struct series s;
    struct num paid, received, periods;
    bool ok = are_numbers(call, args + 1, 2, err) && above_minus_one(call, args[1].num, err) &&
              above_minus_one(call, args[2].num, err);

    (void)count;
    if (!ok || !read_series(call, &args[0], NULL, &s, &null, err))
        return false;
    if (null) {
        *out = value_copy(null);
        finish_series(&s);
        return true;
    }
    paid = negative(worth(&sum, &s, &args[0], args[1].num, -1));
    received = worth(&sum, &s, &args[0], args[2].num, 1);
    periods = num_from_int((int64_t)s.count - 1);
    finish_series(&s);
    if (num_sign(paid) <= 0 || num_sign(received) <= 0) {
        *out = value_null("no_real_irr"); /* both signs are needed */
        return true;
    }
    received = mul(&sum, received, power(&sum, add(&sum, one(), args[2].num), periods));
    received = power(&sum, quotient(&sum, received, paid), quotient(&sum, one(), periods));
    return give(call, &sum, sub(&sum, received, one()), UNIT_RATE, out, err);
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
