/* draw.h - chance that is the same on every machine: xoshiro256** (Blackman and Vigna), seeded by
 * SplitMix64, both in the public domain and written here from their descriptions. Of floating point
 * only what IEEE 754 rounds correctly is used: + - * / and the square root. */
#ifndef STRATTIO_FINANCE_DRAW_H
#define STRATTIO_FINANCE_DRAW_H

#include <stdint.h>

#include "expr/num.h"

struct draw {
    uint64_t state[4];
};

uint64_t draw_splitmix(uint64_t *state); /* the next of the generator that seeds */
void draw_init(struct draw *d, uint64_t seed);
uint64_t draw_next(struct draw *d);

struct triangle { /* a triangular distribution */
    struct num low, mode, high;
    double share; /* of the way from low to high at which the mode stands */
};

/* low <= mode <= high, and high - low below 2^86 (of 10^-12). */
struct triangle draw_triangle(struct num low, struct num mode, struct num high);

/* Where the distribution has `u` (0 to 1) of itself below; and one drawn from it. */
struct num draw_quantile(const struct triangle *t, double u);
struct num draw_from(struct draw *d, const struct triangle *t);

#endif
