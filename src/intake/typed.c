/* typed.c - reading what people type. A number is first brought to plain digits with a point, by
 * rules of our own for separators and suffixes; only then strtod reads it, in the "C" locale. */
#include "intake/typed.h"

#include <ctype.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <threads.h>

#include "strattio/attr.h"
#include "strattio/json.h"

/* --- numbers --------------------------------------------------------------------------------- */

/* Copies `text` without blanks (no-break ones included), apostrophes and underscores between
 * digits. False if it does not fit. */
static bool squeeze(const char *text, char *out, size_t size)
{
    size_t len = 0;

    while (*text) {
        static const char *const skipped[] = {
            " ", "\t", "\xc2\xa0", "\xe2\x80\xaf", "\xe2\x80\x89", "'", "_", "\xe2\x80\x99"};
        bool skip = false;

        for (size_t i = 0; i < ARRAY_LEN(skipped) && !skip; i++) {
            size_t n = strlen(skipped[i]);

            if (strncmp(text, skipped[i], n) == 0) {
                text += n;
                skip = true;
            }
        }
        if (skip)
            continue;
        if (len + 1 >= size)
            return false;
        if (strncmp(text, "\xe2\x88\x92", 3) == 0) { /* minus sign */
            out[len++] = '-';
            text += 3;
            continue;
        }
        out[len++] = *text++;
    }
    out[len] = '\0';
    return true;
}

/* True if every group between the separators `sep` in the first `len` bytes has three digits, the
 * first one to three. */
static bool thousands_ok(const char *s, size_t len, char sep)
{
    size_t run = 0;
    bool first = true;

    for (size_t i = 0; i <= len; i++) {
        if (i < len && s[i] != sep) {
            run++;
            continue;
        }
        if (first ? (run < 1 || run > 3) : run != 3)
            return false;
        first = false;
        run = 0;
    }
    return true;
}

/* Where the decimals begin in digits, commas and dots: the index of the separator, `len` if there
 * are none. False if the separators make no sense. */
static bool find_decimals(const char *s, size_t len, size_t *at)
{
    const char *comma = memchr(s, ',', len), *dot = memchr(s, '.', len);
    const char *last_comma = memrchr(s, ',', len), *last_dot = memrchr(s, '.', len);
    char group = 0;

    *at = len;
    if (comma && dot) {
        bool dot_ends = last_dot > last_comma;

        if (dot_ends ? dot != last_dot : comma != last_comma)
            return false;
        *at = (size_t)((dot_ends ? last_dot : last_comma) - s);
        group = dot_ends ? ',' : '.';
    } else if (comma && comma == last_comma && len - (size_t)(comma - s) != 4) {
        *at = (size_t)(comma - s);
    } else if (dot && dot == last_dot) {
        *at = (size_t)(dot - s);
    } else if (comma || dot) {
        group = comma ? ',' : '.';
    }
    return !group || thousands_ok(s, *at, group);
}

static locale_t c_locale;

static void make_c_locale(void)
{
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

/* Digits with separators, no sign. */
static bool read_digits(const char *s, size_t len, double *out)
{
    static once_flag once = ONCE_FLAG_INIT;
    char plain[64];
    size_t point, used = 0;

    if (!find_decimals(s, len, &point))
        return false;
    for (size_t i = 0; i < len; i++) {
        if (i == point)
            plain[used++] = '.';
        else if (isdigit((unsigned char)s[i]))
            plain[used++] = s[i];
    }
    plain[used] = '\0';
    if (!strpbrk(plain, "0123456789"))
        return false;
    call_once(&once, make_c_locale);
    *out = strtod_l(plain, NULL, c_locale);
    return true;
}

/* The factor of a suffix ("k", "m", "thousand"); 0 if there is no such suffix. */
static double suffix_factor(const char *s)
{
    static const struct {
        const char *word;
        double factor;
    } known[] = {{"", 1},          {"k", 1e3},  {"thousand", 1e3}, {"m", 1e6},      {"mn", 1e6},
                 {"million", 1e6}, {"bn", 1e9}, {"b", 1e9},        {"billion", 1e9}};

    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        if (strcasecmp(s, known[i].word) == 0)
            return known[i].factor;
    return 0;
}

bool typed_number(const char *text, double *out)
{
    char s[64];
    const char *at = s;
    bool negative;
    size_t len;
    double factor, x;

    if (!squeeze(text, s, sizeof s))
        return false;
    negative = *at == '-';
    at += *at == '-' || *at == '+';
    len = strspn(at, "0123456789.,");
    factor = suffix_factor(at + len);
    if (!len || factor == 0 || !read_digits(at, len, &x))
        return false;
    x = x * factor;
    *out = negative && x != 0 ? -x : x;
    return true;
}

bool typed_percent(const char *text, double *out)
{
    static const char *const ends[] = {
        "",   "%",      "%ayear", "%peryear",     "%pa",     "%p.a.",     "percent", "pc",
        "%a", "%/year", "%/yr",   "percentayear", "%amonth", "%permonth", "%/month"};
    char s[64], digits[64];
    size_t len;

    if (!squeeze(text, s, sizeof s))
        return false;
    len = strspn(s, "+-0123456789.,");
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        if (strcasecmp(s + len, ends[i]) != 0)
            continue;
        memcpy(digits, s, len);
        digits[len] = '\0';
        return typed_number(digits, out);
    }
    return false;
}

bool typed_first_number(const char *text, char out[16])
{
    const char *at = text + strcspn(text, "0123456789");
    size_t len = strspn(at, "0123456789.");

    while (len && at[len - 1] == '.')
        len--;
    if (!len || len > 12)
        return false;
    memcpy(out, at, len);
    out[len] = '\0';
    return true;
}

/* "5.1e-05" as "0.000051": nobody types exponents. Left alone below 10^-12 and if it does not
 * fit. */
static void expand_exponent(const char *plain, char out[TYPED_NUMBER_SIZE])
{
    const char *e = strchr(plain, 'e');
    char digits[32];
    long shift = e ? -strtol(e + 1, NULL, 10) : 0;
    size_t count = 0;

    snprintf(out, TYPED_NUMBER_SIZE, "%s", plain);
    if (shift <= 0 || shift > 12)
        return;
    for (const char *at = plain; at < e && count < sizeof digits - 1; at++)
        if (isdigit((unsigned char)*at))
            digits[count++] = *at;
    digits[count] = '\0';
    snprintf(out, TYPED_NUMBER_SIZE, "%s0.%.*s%s", *plain == '-' ? "-" : "", (int)shift - 1,
             "00000000000", digits);
}

void typed_print_number(double x, bool group, char out[TYPED_NUMBER_SIZE])
{
    char shortest[32], plain[TYPED_NUMBER_SIZE];
    const char *at = plain;
    size_t used = 0, digits;

    json_number(x, shortest);
    expand_exponent(shortest, plain);
    if (*at == '-')
        out[used++] = *at++;
    digits = strspn(at, "0123456789");
    for (size_t i = 0; at[i] && used + 2 < TYPED_NUMBER_SIZE; i++) {
        if (group && i && i < digits && (digits - i) % 3 == 0)
            out[used++] = ',';
        out[used++] = at[i];
    }
    out[used] = '\0';
}

/* --- dates ----------------------------------------------------------------------------------- */

static const char *const month_names[] = {"january",   "february", "march",    "april",
                                          "may",       "june",     "july",     "august",
                                          "september", "october",  "november", "december"};

static bool day_exists(long y, long m, long d)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;

    return y >= 1900 && y <= 2199 && m >= 1 && m <= 12 && d >= 1 &&
           d <= days[m - 1] + (m == 2 && leap);
}

/* A date in pieces: numbers in their order, and a month's name, if there is one. */
struct pieces {
    long number[3];
    size_t digits[3];
    size_t count;
    int month;       /* 1-12; 0 if none is named */
    char separators; /* '-', '/', '.' between the first two numbers; ' ' else */
};

static bool take_word(const char *s, size_t len, struct pieces *p)
{
    static const char *const noise[] = {"st", "nd", "rd", "th", "of", "the"};

    for (size_t i = 0; i < ARRAY_LEN(noise); i++)
        if (len == strlen(noise[i]) && strncasecmp(s, noise[i], len) == 0)
            return true;
    if (p->month || len < 3)
        return false;
    for (int m = 0; m < 12; m++) {
        if (strncasecmp(s, month_names[m], len) == 0 ||
            (m == 8 && len == 4 && strncasecmp(s, "sept", 4) == 0)) {
            p->month = m + 1;
            return true;
        }
    }
    return false;
}

static bool take_number(const char *s, size_t len, struct pieces *p)
{
    char digits[8];

    if (p->count == 3 || len > 4)
        return false;
    memcpy(digits, s, len);
    digits[len] = '\0';
    p->digits[p->count] = len;
    p->number[p->count++] = strtol(digits, NULL, 10);
    return true;
}

static bool cut_date(const char *s, struct pieces *p)
{
    *p = (struct pieces){.separators = ' '};
    while (*s) {
        size_t len = strspn(s, "0123456789");

        if (len) {
            if (!take_number(s, len, p))
                return false;
            if (p->count == 1 && strchr("-/.", s[len]) && s[len])
                p->separators = s[len];
        } else if (isalpha((unsigned char)*s)) {
            while (isalpha((unsigned char)s[len]))
                len++;
            if (!take_word(s, len, p))
                return false;
        } else if (strchr(" ,-/.", *s)) {
            len = 1;
        } else {
            return false;
        }
        s += len;
    }
    return true;
}

/* Gives year, month and day their places. */
static bool place_date(const struct pieces *p, bool month_first, long *y, long *m, long *d)
{
    const long *n = p->number;
    bool year_first = p->count && p->digits[0] == 4;

    *d = 1;
    *m = p->month;
    if (p->month && p->count == 2) {
        *y = n[year_first ? 0 : 1];
        *d = n[year_first ? 1 : 0];
        return p->digits[year_first ? 0 : 1] == 4;
    }
    if (p->month && p->count == 1) {
        *y = n[0];
        return p->digits[0] == 4;
    }
    if (!p->month && p->count == 2) {
        *y = n[year_first ? 0 : 1];
        *m = n[year_first ? 1 : 0];
        return p->digits[year_first ? 0 : 1] == 4;
    }
    if (p->month || p->count != 3)
        return false;
    if (year_first) {
        *y = n[0];
        *m = n[1];
        *d = n[2];
        return true;
    }
    *y = n[2];
    month_first = month_first && p->separators == '/';
    *m = n[month_first ? 0 : 1];
    *d = n[month_first ? 1 : 0];
    return p->digits[2] == 4;
}

bool typed_date(const char *text, bool month_first, char out[TYPED_DATE_SIZE])
{
    struct pieces p;
    long y, m, d;

    if (!cut_date(text, &p) || !place_date(&p, month_first, &y, &m, &d) || !day_exists(y, m, d))
        return false;
    snprintf(out, TYPED_DATE_SIZE, "%04d-%02d-%02d", (int)(y % 10000), (int)(m % 100),
             (int)(d % 100));
    return true;
}

bool typed_is_date(const char *text)
{
    char out[TYPED_DATE_SIZE];

    return strlen(text) == 10 && strspn(text, "0123456789-") == 10 && text[4] == '-' &&
           text[7] == '-' && typed_date(text, false, out) && strcmp(out, text) == 0;
}

/* --- truths ---------------------------------------------------------------------------------- */

bool typed_yes_no(const char *text, bool *out)
{
    static const struct {
        const char *word;
        bool yes;
    } known[] = {{"yes", true}, {"y", true},    {"true", true}, {"1", true},
                 {"on", true},  {"no", false},  {"n", false},   {"false", false},
                 {"0", false},  {"off", false}, {"none", false}};

    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (strcasecmp(text, known[i].word) == 0) {
            *out = known[i].yes;
            return true;
        }
    }
    return false;
}
