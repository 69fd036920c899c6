/* draw.c - random numbers and triangular draws by inversion: with F the mode's share of the way, u
 * below F lies at sqrt(u F) of it, any other at 1 - sqrt((1 - u)(1 - F)). The way itself is walked
 * in whole numbers: 2^-40 of it is the smallest step. */
#include "finance/draw.h"

#include <math.h>

enum { WAY_BITS = 40 };

uint64_t draw_splitmix(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

void draw_init(struct draw *d, uint64_t seed)
{
    for (int i = 0; i < 4; i++)
        d->state[i] = draw_splitmix(&seed);
}

static uint64_t rotate(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

uint64_t draw_next(struct draw *d)
{
    uint64_t *s = d->state, out = rotate(s[1] * 5, 7) * 9, shifted = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate(s[3], 45);
    return out;
}

struct triangle draw_triangle(struct num low, struct num mode, struct num high)
{
    double way = num_to_double((struct num){high.v - low.v});

    return (struct triangle){low, mode, high,
                             way > 0 ? num_to_double((struct num){mode.v - low.v}) / way : 0};
}

struct num draw_quantile(const struct triangle *t, double u)
{
    double part = u < t->share ? sqrt(u * t->share) : 1 - sqrt((1 - u) * (1 - t->share));
    int64_t steps = (int64_t)(part * (double)(INT64_C(1) << WAY_BITS));

    return (struct num){t->low.v + (t->high.v - t->low.v) * steps / (INT64_C(1) << WAY_BITS)};
}

struct num draw_from(struct draw *d, const struct triangle *t)
{
    return draw_quantile(t, (double)(draw_next(d) >> 11) * 0x1p-53);
}
