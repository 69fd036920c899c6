/* num_series.c - payments brought to time 0, and put together there. */
#include "expr/num_series.h"

#include <stdlib.h>

#include "strattio/mem.h"

#include "expr/num_roots.h"

static bool is_picked(struct num amount, enum series_pick pick)
{
    int sign = num_sign(amount);

    return pick == SERIES_ALL || sign == (pick == SERIES_RECEIVED ? 1 : -1);
}

/* A period apart: from the last payment back, so that nothing is raised to a power. */
static bool worth_by_period(const struct num *amount, size_t count, struct num growth,
                            enum series_pick pick, struct num *out)
{
    struct num total = num_from_int(0);

    for (size_t i = count; i-- > 0;)
        if ((num_sign(total) && !num_div(total, growth, &total)) ||
            (is_picked(amount[i], pick) && !num_add(total, amount[i], &total)))
            return false;
    *out = total;
    return true;
}

bool num_worth(const struct num *amount, const double *time, size_t count, struct num rate,
               enum series_pick pick, struct num *out)
{
    struct num growth, total = num_from_int(0);

    if (!num_add(num_from_int(1), rate, &growth))
        return false;
    if (!time)
        return worth_by_period(amount, count, growth, pick, out);
    for (size_t i = 0; i < count; i++) {
        struct num at, factor, now;

        if (!is_picked(amount[i], pick))
            continue;
        if (!num_from_double(time[i], &at) || !num_pow(growth, at, &factor) ||
            num_sign(factor) == 0 || !num_div(amount[i], factor, &now) ||
            !num_add(total, now, &total))
            return false;
    }
    *out = total;
    return true;
}

bool num_mirr(const struct num *amount, size_t count, struct num finance, struct num reinvest,
              struct num *out, bool *exists)
{
    struct num paid, received, growth, part, one = num_from_int(1);
    struct num periods = num_from_int((int64_t)count - 1);

    *exists = false;
    if (!num_worth(amount, NULL, count, finance, SERIES_PAID, &paid) ||
        !num_worth(amount, NULL, count, reinvest, SERIES_RECEIVED, &received))
        return false;
    if (num_sign(paid) >= 0 || num_sign(received) <= 0)
        return true;
    *exists = true;
    paid.v = -paid.v;
    return num_add(one, reinvest, &growth) && num_pow(growth, periods, &growth) &&
           num_mul(received, growth, &received) && num_div(received, paid, &received) &&
           num_div(one, periods, &part) && num_pow(received, part, &received) &&
           num_sub(received, one, out);
}

size_t num_irr(const struct num *amount, size_t count, struct num *rates)
{
    double *flow = mem_zero(count, sizeof *flow), *time = mem_zero(count, sizeof *time);
    size_t found;

    for (size_t i = 0; i < count; i++) {
        flow[i] = num_to_double(amount[i]);
        time[i] = (double)i;
    }
    found = num_rates(flow, time, count, rates);
    free(flow);
    free(time);
    return found;
}
