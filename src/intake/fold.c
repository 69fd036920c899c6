/* fold.c - comparing texts as people do. utf8proc decomposes and folds case; what is left of marks
 * and punctuation goes, so that "U.K.", "uk" and "Ú K" meet halfway. */
#include "intake/fold.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "strattio/mem.h"

/* Letters that Unicode does not decompose but people type without their stroke. */
static utf8proc_int32_t without_stroke(utf8proc_int32_t c)
{
    switch (c) {
    case 0xf8:
        return 'o';
    case 0x111:
        return 'd';
    case 0x142:
        return 'l';
    case 0x131:
        return 'i';
    default:
        return c;
    }
}

static bool is_wordly(utf8proc_int32_t c)
{
    utf8proc_category_t kind = utf8proc_category(c);

    return (kind >= UTF8PROC_CATEGORY_LU && kind <= UTF8PROC_CATEGORY_LO) ||
           (kind >= UTF8PROC_CATEGORY_ND && kind <= UTF8PROC_CATEGORY_NO);
}

char *fold_text(const char *text)
{
    utf8proc_uint8_t *mapped = NULL;
    utf8proc_ssize_t len =
        utf8proc_map((const utf8proc_uint8_t *)text, 0, &mapped,
                     UTF8PROC_NULLTERM | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK |
                         UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
    char *out;
    size_t used = 0;

    if (len < 0)
        return mem_str("");
    out = mem_zero((size_t)len + 2, 1);
    for (utf8proc_ssize_t at = 0; at < len;) {
        utf8proc_int32_t c;
        utf8proc_ssize_t step = utf8proc_iterate(mapped + at, len - at, &c);

        if (step <= 0)
            break;
        at += step;
        if (is_wordly(c))
            used += (size_t)utf8proc_encode_char(without_stroke(c), (utf8proc_uint8_t *)out + used);
        else if (used && out[used - 1] != ' ')
            out[used++] = ' ';
    }
    while (used && out[used - 1] == ' ')
        used--;
    out[used] = '\0';
    free(mapped);
    return out;
}

int fold_rank(const char *text, const char *filter)
{
    size_t len = strlen(filter);
    const char *at;
    int best = 0;

    if (strcmp(text, filter) == 0)
        return 4;
    if (strncmp(text, filter, len) == 0)
        return 3;
    for (at = strstr(text, filter); at; at = strstr(at + 1, filter)) {
        if (at[-1] == ' ')
            return 2;
        best = 1;
    }
    return best;
}

bool fold_has_words(const char *text, const char *words)
{
    size_t len = strlen(words);

    for (const char *at = strstr(text, words); at && len; at = strstr(at + 1, words))
        if ((at == text || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
            return true;
    return false;
}

enum { DISTANCE_MAX_LEN = 63 };

size_t fold_distance(const char *a, const char *b, size_t limit)
{
    size_t rows[3][DISTANCE_MAX_LEN + 1];
    size_t *before = rows[0], *last = rows[1], *now = rows[2];
    size_t a_len = strlen(a), b_len = strlen(b);

    if (a_len > DISTANCE_MAX_LEN || b_len > DISTANCE_MAX_LEN)
        return limit + 1;
    for (size_t j = 0; j <= b_len; j++)
        last[j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t *spare = before;

        now[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t best = last[j - 1] + (a[i - 1] != b[j - 1]);

            if (last[j] + 1 < best)
                best = last[j] + 1;
            if (now[j - 1] + 1 < best)
                best = now[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            now[j] = best;
        }
        before = last;
        last = now;
        now = spare;
    }
    return last[b_len] > limit ? limit + 1 : last[b_len];
}
