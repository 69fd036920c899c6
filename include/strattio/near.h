/* near.h - how far a mistyped word is from the one that was meant. */
#ifndef STRATTIO_NEAR_H
#define STRATTIO_NEAR_H

#include <stddef.h>

/* How many bytes must be added, dropped or changed to make `b` of the `a_len` bytes at `a`. Only the first
 * 31 of each count. */
size_t near_distance(const char *a, size_t a_len, const char *b);

#endif
