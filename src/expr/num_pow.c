/* num_pow.c - powers and roots. A whole exponent is multiplied out exactly, each step rounded to
 * 10^-12, the same on every machine. Other exponents go through double, whose pow() differs in
 * its last bits from one C library to the next; what comes back is rounded to 10^-10, which
 * hides that. */
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
