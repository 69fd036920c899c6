/* num_text.c - numbers as decimal text and as doubles. A double enters by its shortest decimal
 * form, which is what its author typed; amounts with few decimals, nearly all there are, take a
 * way without text. */
#include "expr/num.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef unsigned __int128 wide;

#define ONE     INT64_C(1000000000000)
#define NUM_MAX ((num_int)(~(wide)0 >> 1))

/* Appends a digit to *m; false past the range. */
static bool push_digit(wide *m, int digit)
{
    if (*m > ((wide)NUM_MAX - (unsigned)digit) / 10)
        return false;
    *m = *m * 10 + (unsigned)digit;
    return true;
}

/* Digits with an optional point, read as a count of 10^-(12 + shift); what is finer is rounded half
 * away from zero. */
static bool parse_digits(const char *s, int exponent, wide *out, const char **end)
{
    int room = 12 + exponent; /* decimals still to be taken after the point */
    bool any = false, point = false, half = false, decided = false;
    wide m = 0;

    for (;; s++) {
        if (*s == '.' && !point) {
            point = true;
            continue;
        }
        if (*s < '0' || *s > '9')
            break;
        any = true;
        if (point && room <= 0) {
            if (!decided && room == 0)
                half = *s >= '5';
            decided = true;
        } else {
            if (!push_digit(&m, *s - '0'))
                return false;
            room -= point;
        }
    }
    for (; room > 0; room--)
        if (!push_digit(&m, 0))
            return false;
    if (half)
        m++;
    *out = m;
    *end = s;
    return any && m <= (wide)NUM_MAX;
}

bool num_parse(const char *text, struct num *out)
{
    bool negative = *text == '-';
    const char *s = text + (*text == '-' || *text == '+'), *end;
    wide m;

    if (!parse_digits(s, 0, &m, &end) || *end || end[-1] == '.')
        return false;
    out->v = negative ? -(num_int)m : (num_int)m;
    return true;
}

/* A double whose shortest form has at most `decimals` decimals, as a count of 10^-decimals.
 * Dividing a count below 2^53 by a power of ten rounds correctly, so equality proves it. */
static bool as_count(double d, double scale, num_int unit, struct num *out)
{
    double count = d * scale;

    if (!(fabs(count) < 0x1p50))
        return false;
    count = nearbyint(count);
    if (count / scale != d)
        return false;
    out->v = (num_int)(int64_t)count * unit;
    return true;
}

/* "d.ddde+-xx" from printf with the fewest digits that read back as `d`. */
static void print_shortest(double d, char out[40])
{
    for (int digits = 14; digits <= 16; digits++) {
        snprintf(out, 40, "%.*e", digits, d);
        if (strtod(out, NULL) == d)
            return;
    }
}

bool num_from_double(double d, struct num *out)
{
    char text[40], digits[80];
    int exponent, len = 0;
    const char *end;
    wide m;

    if (!(fabs(d) < 1.7e26))
        return false;
    if (as_count(d, 1, ONE, out) || as_count(d, 100, ONE / 100, out) ||
        as_count(d, 1e4, ONE / 10000, out))
        return true;
    print_shortest(fabs(d), text);
    exponent = atoi(strchr(text, 'e') + 1);
    if (exponent < -14) {
        out->v = 0;
        return true;
    }
    for (int i = exponent; i < 0; i++) { /* 0.00ddd */
        digits[len++] = '0';
        if (i == exponent)
            digits[len++] = '.';
    }
    for (const char *s = text; *s != 'e'; s++)
        if (*s != '.') {
            digits[len++] = *s;
            if (exponent-- == 0)
                digits[len++] = '.';
        }
    for (; exponent >= 0; exponent--)
        digits[len++] = '0';
    digits[len] = '\0';
    if (!parse_digits(digits, 0, &m, &end))
        return false;
    out->v = d < 0 ? -(num_int)m : (num_int)m;
    return true;
}

double num_to_double(struct num n)
{
    num_int cents = n.v / (ONE / 100);
    char text[NUM_TEXT_SIZE];

    if (n.v % (ONE / 100) == 0 && cents > -(INT64_C(1) << 53) && cents < (INT64_C(1) << 53))
        return (double)(int64_t)cents / 100.0;
    num_print(n, text);
    return strtod(text, NULL);
}

void num_print(struct num n, char out[NUM_TEXT_SIZE])
{
    wide m = n.v < 0 ? -(wide)n.v : (wide)n.v;
    char buf[NUM_TEXT_SIZE];
    int at = NUM_TEXT_SIZE, decimals = 12;

    buf[--at] = '\0';
    for (; decimals > 0 && m % 10 == 0; decimals--)
        m /= 10;
    for (int i = decimals; i > 0; i--) {
        buf[--at] = (char)('0' + (int)(m % 10));
        m /= 10;
    }
    if (decimals)
        buf[--at] = '.';
    do {
        buf[--at] = (char)('0' + (int)(m % 10));
        m /= 10;
    } while (m);
    if (n.v < 0)
        buf[--at] = '-';
    memcpy(out, buf + at, (size_t)(NUM_TEXT_SIZE - at));
}
