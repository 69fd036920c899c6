/* near.c - the distance of Levenshtein, one row of its table at a time. */
#include "strattio/near.h"

#include <string.h>

static size_t min3(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;

    return least < c ? least : c;
}

size_t near_distance(const char *a, size_t a_len, const char *b)
{
    enum { LONGEST = 31 };
    size_t b_len = strlen(b), row[LONGEST + 1];

    b_len = b_len < LONGEST ? b_len : LONGEST;
    a_len = a_len < LONGEST ? a_len : LONGEST;
    for (size_t j = 0; j <= b_len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t diagonal = row[0];

        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t above = row[j];

            row[j] = min3(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
            diagonal = above;
        }
    }
    return row[b_len];
}
