/* num_pow.c - powers and roots. A whole exponent is multiplied out exactly, each step rounded to
 * 10^-12, the same on every machine. Other exponents go through double, whose pow() differs in
 * its last bits from one C library to the next; what comes back is rounded to 10^-10, which
 * hides that. The worth of an annuity is not taken from the power, from which 1 would have to be
 * subtracted again: sums of one and two terms make that of three, and so on. */
#include "expr/num.h"

#include <math.h>

enum { WHOLE_MOST = 1024 }; /* above, the errors of the steps add up to more than pow()'s */

static bool power_whole(struct num base, int64_t exponent, struct num *out)
{
    uint64_t left = exponent < 0 ? (uint64_t)-exponent : (uint64_t)exponent;
    struct num result = num_from_int(1);

    for (;;) {
        if (left & 1 && !num_mul(result, base, &result))
            return false;
        left >>= 1;
        if (!left)
            break;
        if (!num_mul(base, base, &base))
            return false;
    }
    if (exponent < 0)
        return num_div(num_from_int(1), result, out);
    *out = result;
    return true;
}

bool num_pow(struct num base, struct num exponent, struct num *out)
{
    double power;

    if (num_is_whole(exponent) && num_cmp(exponent, num_from_int(WHOLE_MOST)) <= 0 &&
        num_cmp(exponent, num_from_int(-WHOLE_MOST)) >= 0) {
        int64_t whole = (int64_t)(exponent.v / num_from_int(1).v);

        if (power_whole(base, whole, out))
            return true;
        if (whole >= 0)
            return false; /* else the quotient underflowed on the way: try it in double */
    }
    power = pow(num_to_double(base), num_to_double(exponent));
    if (!num_from_double(power, out))
        return false;
    *out = num_round(*out, 10);
    return true;
}

/* The powers and sums of `a` and then `b` periods: q^a q^b, and S(a) + q^a S(b). */
struct annuity {
    struct num growth, sum;
};

static bool join(struct annuity a, struct annuity b, struct annuity *out)
{
    return num_mul(a.growth, b.sum, &out->sum) && num_add(out->sum, a.sum, &out->sum) &&
           num_mul(a.growth, b.growth, &out->growth);
}

static bool annuity_whole(struct num rate, int64_t periods, struct annuity *out)
{
    struct annuity doubled = {.sum = num_from_int(1)};

    *out = (struct annuity){num_from_int(1), num_from_int(0)};
    if (!num_add(num_from_int(1), rate, &doubled.growth))
        return false;
    for (;;) {
        if (periods & 1 && !join(*out, doubled, out))
            return false;
        periods >>= 1;
        if (!periods)
            return true;
        if (!join(doubled, doubled, &doubled))
            return false;
    }
}

bool num_annuity(struct num rate, struct num periods, struct num *growth, struct num *sum)
{
    struct annuity whole;
    double r = num_to_double(rate), n = num_to_double(periods), power;

    if (num_is_whole(periods) && num_sign(periods) >= 0 &&
        num_cmp(periods, num_from_int(WHOLE_MOST)) <= 0) {
        if (!annuity_whole(rate, (int64_t)(periods.v / num_from_int(1).v), &whole))
            return false;
        *growth = whole.growth;
        *sum = whole.sum;
        return true;
    }
    power = expm1(n * log1p(r));
    if (!num_from_double(power + 1, growth) || !num_from_double(r == 0 ? n : power / r, sum))
        return false;
    *growth = num_round(*growth, 10);
    *sum = num_round(*sum, 10);
    return true;
}
