/* num.h - the number of every formula: a checked 128-bit count of 10^-12. Sums and differences
 * are exact; products and quotients are rounded half away from zero to 10^-12 over a wide
 * intermediate. Every operation that leaves the range says so; none wraps, none gives an
 * infinity or a NaN. */
#ifndef STRATTIO_EXPR_NUM_H
#define STRATTIO_EXPR_NUM_H

#include <stdbool.h>
#include <stdint.h>

#include "strattio/attr.h"

__extension__ typedef __int128 num_int;

struct num {
    num_int v; /* value times 10^12 */
};

enum { NUM_TEXT_SIZE = 48 };

struct num num_from_int(int64_t i);
MUST_USE bool num_from_double(double d, struct num *out);   /* by its shortest decimal form */
MUST_USE bool num_parse(const char *text, struct num *out); /* "-12.5" */
double num_to_double(struct num n);
void num_print(struct num n, char out[NUM_TEXT_SIZE]); /* shortest exact decimal */

MUST_USE bool num_add(struct num a, struct num b, struct num *out); /* all: false is overflow */
MUST_USE bool num_sub(struct num a, struct num b, struct num *out);
MUST_USE bool num_mul(struct num a, struct num b, struct num *out);
MUST_USE bool num_div(struct num a, struct num b, struct num *out); /* b is not 0 */
MUST_USE bool num_pow(struct num base, struct num exponent,
                      struct num *out); /* num_pow.c: double */
/* (1 + rate)^periods, and what 1 at the end of each period grows to: ((1 + rate)^periods - 1) / rate.
 * The rate is above -1. */
MUST_USE bool num_annuity(struct num rate, struct num periods, struct num *growth,
                          struct num *sum);     /* num_pow.c */
struct num num_round(struct num n, int digits); /* half away from zero; digits -12..12 */
struct num num_floor(struct num n);
struct num num_ceil(struct num n);
int num_cmp(struct num a, struct num b);
int num_sign(struct num n);
bool num_is_whole(struct num n);

#endif
