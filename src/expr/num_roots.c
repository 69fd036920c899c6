/* num_roots.c - with s = ln(1 + rate) the value of a series is f(s) = sum of c[i] exp(-t[i] s).
 * Such a sum has at most as many roots as its coefficients, in order of time, change sign
 * (Descartes, for exponents of any kind). With one change the root is bracketed by the ends. With
 * more, the roots of the derivative divide the line into pieces on which f is monotone; dividing f
 * by its first exponential before deriving drops a term each time, so this comes to an end. No root
 * is missed for being close to another, as on a grid; where f only touches 0 the derivative's root
 * is the root. */
#include "expr/num_roots.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/mem.h"

/* long double for its exponent: coefficients of late derivatives span hundreds of magnitudes. */
typedef long double real;

enum { STEPS_MOST = 240 };
/* Between them rates from -0.999999999998 to 500 billion; less for long series, whose powers have to
 * stay in range. */
static const real s_most = 27, power_most = 11000;

struct sum {
    real *c, *t;
    size_t count;
    bool whole; /* all times are: then powers are products */
    real reach; /* s is looked for from -reach to reach */
};

/* x^times */
static real product(real x, real times)
{
    real p = 1;

    for (unsigned n = (unsigned)times; n; n >>= 1, x *= x)
        if (n & 1)
            p *= x;
    return p;
}

static size_t sign_changes(const struct sum *f)
{
    size_t changes = 0;

    for (size_t i = 1; i < f->count; i++)
        changes += (f->c[i - 1] > 0) != (f->c[i] > 0);
    return changes;
}

/* f(s), and in *size the sum of the magnitudes of its terms: what rounding is measured against. */
static real value_at(const struct sum *f, real s, real *size)
{
    real sum = 0, x = f->whole ? expl(-s) : 0, power = 1, before = 0;

    *size = 0;
    for (size_t i = 0; i < f->count; i++) {
        real term;

        if (f->whole)
            power *= f->t[i] - before == 1 ? x : product(x, f->t[i] - before);
        else
            power = expl(-f->t[i] * s);
        before = f->t[i];
        term = f->c[i] * power;
        sum += term;
        *size += fabsl(term);
    }
    return sum;
}

static bool is_zero(const struct sum *f, real s)
{
    real size, value = value_at(f, s, &size);

    return fabsl(value) <= size * 1e-15L;
}

static bool is_positive(const struct sum *f, real s)
{
    real size;

    return value_at(f, s, &size) > 0;
}

/* The root between two values of different sign. Two steps of three follow the secant, with the
 * weight of an end that stays halved (Illinois); the third halves the bracket, whatever they do. */
static real narrow(const struct sum *f, real low, real high)
{
    real size, a = value_at(f, low, &size), b = value_at(f, high, &size);
    bool rising = b > 0;
    int stays = 0; /* which end the last step left: -1 low, 1 high */

    for (int i = 1; i <= STEPS_MOST; i++) {
        real mid = i % 3 && a != b ? low - a * (high - low) / (b - a) : (low + high) / 2, value;

        if (!(mid > low && mid < high))
            mid = (low + high) / 2;
        if (!(mid > low && mid < high))
            break; /* next to each other */
        value = value_at(f, mid, &size);
        if ((value > 0) == rising) {
            high = mid;
            b = value;
            a = stays == -1 ? a / 2 : a;
            stays = -1;
        } else {
            low = mid;
            a = value;
            b = stays == 1 ? b / 2 : b;
            stays = 1;
        }
        if (high - low < 1e-20L + fabsl(low) * 1e-19L)
            break;
    }
    return (low + high) / 2;
}

/* The derivative of f divided by its first exponential: one term less. */
static struct sum derived(const struct sum *f)
{
    struct sum d = {.c = mem_zero(f->count, sizeof(real)),
                    .t = mem_zero(f->count, sizeof(real)),
                    .count = f->count - 1,
                    .whole = f->whole,
                    .reach = f->reach};
    real most = 0;

    for (size_t i = 0; i < d.count; i++) {
        d.t[i] = f->t[i + 1] - f->t[0];
        d.c[i] = -d.t[i] * f->c[i + 1];
        if (fabsl(d.c[i]) > most)
            most = fabsl(d.c[i]);
    }
    for (size_t i = 0; i < d.count; i++)
        d.c[i] /= most;
    return d;
}

static void add_root(real s, real *roots, size_t *count)
{
    if (!*count || s - roots[*count - 1] > 1e-9L)
        roots[(*count)++] = s;
}

/* The roots of f, ascending; `roots` has room for one less than its terms. */
static size_t find_roots(const struct sum *f, real *roots)
{
    size_t changes = sign_changes(f), count = 0, bend_count;
    struct sum d;
    real *bends, low = -f->reach;

    if (!changes)
        return 0;
    if (changes == 1) {
        if (is_positive(f, -f->reach) != is_positive(f, f->reach))
            roots[count++] = narrow(f, -f->reach, f->reach);
        return count;
    }
    d = derived(f);
    bends = mem_zero(d.count + 1, sizeof *bends);
    bend_count = find_roots(&d, bends);
    bends[bend_count++] = f->reach;
    for (size_t i = 0; i < bend_count && count < f->count - 1; i++) {
        if (i + 1 < bend_count && is_zero(f, bends[i]))
            add_root(bends[i], roots, &count);
        else if (!is_zero(f, low) && is_positive(f, low) != is_positive(f, bends[i]))
            add_root(narrow(f, low, bends[i]), roots, &count);
        low = bends[i];
    }
    free(bends);
    free(d.c);
    free(d.t);
    return count;
}

struct term {
    double time, amount;
};

static int by_time(const void *a, const void *b)
{
    const struct term *x = a, *y = b;

    return (x->time > y->time) - (x->time < y->time);
}

/* The series as a sum: by time, terms of one time together, those of 0 left out. */
static struct sum sum_of(const double *amount, const double *time, size_t count)
{
    struct term *terms = mem_zero(count, sizeof *terms);
    struct sum f = {
        .c = mem_zero(count, sizeof(real)), .t = mem_zero(count, sizeof(real)), .whole = true};

    for (size_t i = 0; i < count; i++)
        terms[i] = (struct term){time[i], amount[i]};
    qsort(terms, count, sizeof *terms, by_time);
    for (size_t i = 0; i < count;) {
        real t = terms[i].time, c = 0;

        for (; i < count && terms[i].time == (double)t; i++)
            c += terms[i].amount;
        if (c != 0) {
            f.whole = f.whole && t == floorl(t);
            f.c[f.count] = c;
            f.t[f.count++] = t;
        }
    }
    free(terms);
    f.reach =
        f.count && f.t[f.count - 1] > power_most / s_most ? power_most / f.t[f.count - 1] : s_most;
    return f;
}

size_t num_rates(const double *amount, const double *time, size_t count, struct num *rates)
{
    struct sum f = sum_of(amount, time, count);
    real *roots = mem_zero(count + 1, sizeof *roots);
    size_t found = f.count > 1 ? find_roots(&f, roots) : 0, kept = 0;

    for (size_t i = 0; i < found; i++)
        if (num_from_double((double)expm1l(roots[i]), &rates[kept])) {
            rates[kept] = num_round(rates[kept], 10);
            kept += !kept || rates[kept].v != rates[kept - 1].v;
        }
    free(roots);
    free(f.c);
    free(f.t);
    return kept;
}
