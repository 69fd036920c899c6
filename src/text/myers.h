/* myers.h - the longest common subsequence of two lists of numbers. */
#ifndef STRATTIO_TEXT_MYERS_H
#define STRATTIO_TEXT_MYERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sets a_only[i] and b_only[j] (both false before) for what is not part of a longest common
 * subsequence. Takes its steps from *budget; when that is used up what is left counts as different,
 * and it returns false. Memory: two numbers for each element. */
bool myers_diff(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count, bool *a_only,
                bool *b_only, size_t *budget);

#endif
