/* num.c - sums, products, quotients and rounding of 10^-12 counts. The range is symmetric,
 * +-(2^127 - 1), so that every number has its negative. A product needs up to 254 bits before it
 * is divided by 10^12; nearly all of them need less than 127, and that case is one
 * multiplication and one division of the machine. */
#include "expr/num.h"

#include <stddef.h>

__extension__ typedef unsigned __int128 wide;

#define ONE     INT64_C(1000000000000)
#define NUM_MAX ((num_int)(~(wide)0 >> 1))

static wide magnitude(num_int v)
{
    return v < 0 ? -(wide)v : (wide)v;
}

static bool fits_word(num_int v)
{
    return v == (num_int)(int64_t)v;
}

/* Gives `m` the sign; false if it is out of range. */
static bool signed_of(wide m, bool negative, struct num *out)
{
    if (m > (wide)NUM_MAX)
        return false;
    out->v = negative ? -(num_int)m : (num_int)m;
    return true;
}

struct num num_from_int(int64_t i)
{
    return (struct num){(num_int)i * ONE};
}

bool num_add(struct num a, struct num b, struct num *out)
{
    num_int sum;

    if (__builtin_add_overflow(a.v, b.v, &sum) || sum < -NUM_MAX)
        return false;
    out->v = sum;
    return true;
}

bool num_sub(struct num a, struct num b, struct num *out)
{
    return num_add(a, (struct num){-b.v}, out);
}

/* a times b as four 64-bit limbs, lowest first. */
static void multiply_wide(wide a, wide b, uint64_t limb[4])
{
    wide a0 = (uint64_t)a, a1 = a >> 64, b0 = (uint64_t)b, b1 = b >> 64;
    wide low = a0 * b0, mid = a0 * b1, mid2 = a1 * b0, high = a1 * b1;
    wide carry = (low >> 64) + (uint64_t)mid + (uint64_t)mid2;

    high += (mid >> 64) + (mid2 >> 64) + (carry >> 64);
    limb[0] = (uint64_t)low;
    limb[1] = (uint64_t)carry;
    limb[2] = (uint64_t)high;
    limb[3] = (uint64_t)(high >> 64);
}

/* Divides the limbs by 10^12, rounded half up; false if the quotient needs more than 128 bits. */
static bool divide_by_one(const uint64_t limb[4], wide *quotient)
{
    uint64_t q[4];
    wide rest = 0;

    for (int i = 3; i >= 0; i--) {
        wide part = rest << 64 | limb[i];

        q[i] = (uint64_t)(part / ONE);
        rest = part % ONE;
    }
    if (q[3] || q[2])
        return false;
    *quotient = (wide)q[1] << 64 | q[0];
    if (rest * 2 >= ONE)
        *quotient += 1;
    return *quotient != 0 || !(q[1] || q[0]);
}

bool num_mul(struct num a, struct num b, struct num *out)
{
    bool negative = (a.v < 0) != (b.v < 0);
    uint64_t limb[4];
    wide product;

    if (fits_word(a.v) && fits_word(b.v)) {
        product = magnitude(a.v) * magnitude(b.v) + ONE / 2;
        return signed_of(product / ONE, negative, out);
    }
    multiply_wide(magnitude(a.v), magnitude(b.v), limb);
    return divide_by_one(limb, &product) && signed_of(product, negative, out);
}

/* Bit by bit, for dividends past 128 bits; the divisor is below 2^127, so `rest` never
 * overflows. */
static bool divide_wide(const uint64_t limb[4], wide divisor, wide *quotient)
{
    wide rest = 0;

    *quotient = 0;
    for (int bit = 255; bit >= 0; bit--) {
        rest = rest << 1 | (limb[bit / 64] >> (bit % 64) & 1);
        if (*quotient >> 127)
            return false;
        *quotient <<= 1;
        if (rest >= divisor) {
            rest -= divisor;
            *quotient |= 1;
        }
    }
    if (rest >= divisor - rest)
        *quotient += 1;
    return true;
}

bool num_div(struct num a, struct num b, struct num *out)
{
    bool negative = (a.v < 0) != (b.v < 0);
    wide top = magnitude(a.v), bottom = magnitude(b.v), quotient, rest;
    uint64_t limb[4];

    if (!bottom)
        return false;
    if (top < ~(wide)0 / ONE) {
        top *= ONE;
        quotient = top / bottom;
        rest = top % bottom;
        if (rest >= bottom - rest)
            quotient++;
        return signed_of(quotient, negative, out);
    }
    multiply_wide(top, ONE, limb);
    return divide_wide(limb, bottom, &quotient) && signed_of(quotient, negative, out);
}

static num_int power_of_ten(int exponent)
{
    static const int64_t small[] = {1,           10,           100,      1000,      10000,
                                    100000,      1000000,      10000000, 100000000, 1000000000,
                                    10000000000, 100000000000, ONE};

    return exponent <= 12 ? small[exponent] : (num_int)ONE * small[exponent - 12];
}

struct num num_round(struct num n, int digits)
{
    num_int step, rest, away;

    digits = digits < -12 ? -12 : digits > 12 ? 12 : digits;
    step = power_of_ten(12 - digits);
    rest = fits_word(n.v) && fits_word(step) ? (int64_t)n.v % (int64_t)step : n.v % step;
    away = n.v - rest;
    if (magnitude(rest) * 2 < (wide)step)
        return (struct num){away};
    if (magnitude(away) > (wide)(NUM_MAX - step))
        return (struct num){away}; /* the next step is out of range */
    return (struct num){away + (n.v < 0 ? -step : step)};
}

struct num num_floor(struct num n)
{
    num_int rest = n.v % ONE;

    if (rest < 0)
        rest += ONE;
    return (struct num){n.v - rest < -NUM_MAX ? n.v - n.v % ONE : n.v - rest};
}

struct num num_ceil(struct num n)
{
    return (struct num){-num_floor((struct num){-n.v}).v};
}

int num_cmp(struct num a, struct num b)
{
    return (a.v > b.v) - (a.v < b.v);
}

int num_sign(struct num n)
{
    return (n.v > 0) - (n.v < 0);
}

bool num_is_whole(struct num n)
{
    return n.v % ONE == 0;
}
