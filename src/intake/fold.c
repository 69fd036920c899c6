/* fold.c - comparing texts as people do. utf8proc decomposes and folds case; what is left of marks
 * and punctuation goes, so that "U.K.", "uk" and "Ú K" meet halfway. */
#include "intake/fold.h"

#include <stdint.h>
#include <stdio.h>
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

enum { SLIP_LEN_MIN = 4, SLIP_LEN_MAX = 60 }; /* shorter, one slip makes anything of it */

/* Does `text` begin like the `len` bytes of `word`, with at most `slips` (0 or 1) edits? */
static bool begins_like(const char *text, const char *word, size_t len, size_t slips)
{
    char begun[SLIP_LEN_MAX + 2], wanted[SLIP_LEN_MAX + 2];

    if (strncmp(text, word, len) == 0)
        return true;
    if (!slips || len < SLIP_LEN_MIN || len > SLIP_LEN_MAX)
        return false;
    snprintf(wanted, sizeof wanted, "%.*s", (int)len, word);
    for (size_t n = len - 1; n <= len + 1; n++) {
        snprintf(begun, sizeof begun, "%.*s", (int)n, text);
        if (fold_distance(begun, wanted, 1) <= 1)
            return true;
    }
    return false;
}

/* Each word of `filter` begins a word of `text`; one of them may have a slip. */
static bool has_beginnings(const char *text, const char *filter, size_t slips)
{
    for (size_t len; *filter; filter += len + (filter[len] == ' ')) {
        bool exact = false, like = false;

        len = strcspn(filter, " ");
        for (const char *at = text; at && !exact;
             at = strchr(at, ' ') ? strchr(at, ' ') + 1 : NULL) {
            exact = begins_like(at, filter, len, 0);
            like = like || begins_like(at, filter, len, slips);
        }
        if (!exact && !like)
            return false;
        slips -= !exact;
    }
    return true;
}

static char *without_blanks(const char *text)
{
    char *out = mem_str(text), *to = out;

    for (; *text; text++)
        if (*text != ' ')
            *to++ = *text;
    *to = '\0';
    return out;
}

/* Is `filter` the first letters of the words? */
static bool are_initials(const char *text, const char *filter)
{
    for (; text && *filter == *text && *filter; filter++)
        text = strchr(text, ' ') ? strchr(text, ' ') + 1 : NULL;
    return !text && !*filter;
}

int fold_forgiving_rank(const char *text, const char *filter)
{
    char *all, *wanted;
    int rank = 0;

    if (!*filter || has_beginnings(text, filter, 0))
        return 4;
    if (are_initials(text, filter))
        return 3;
    all = without_blanks(text);
    wanted = without_blanks(filter);
    if (begins_like(all, wanted, strlen(wanted), 0))
        rank = 2;
    else if (has_beginnings(text, filter, 1) || begins_like(all, wanted, strlen(wanted), 1))
        rank = 1;
    free(all);
    free(wanted);
    return rank;
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
