/* numeral.c - reads "£1,250.50", "12.5%", "1.2m", "2027-01-31" out of running text, and tells
 * numbers that say how much from those that say which: dates, ordinals, list items, "year 2". */
#include "writer/numeral.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char *const signs[] = {"£", "$", "€", "¥", "₹"};
static const char *const months[] = {"january",   "february", "march",    "april",
                                     "may",       "june",     "july",     "august",
                                     "september", "october",  "november", "december"};
static const char *const ordered[] = {
    "year", "years", "month",   "months", "quarter", "week",    "day",   "phase",
    "step", "stage", "section", "table",  "figure",  "version", "part",  "level",
    "page", "rule",  "form",    "tier",   "class",   "route",   "round", "appendix"};
static const struct {
    const char *text;
    double factor;
} scales[] = {{"bn", 1e9}, {"k", 1e3}, {"m", 1e6}, {"K", 1e3}, {"M", 1e6}, {"b", 1e9}};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool in_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

/* Bytes of a currency sign that ends at `at`. */
static size_t sign_before(const char *text, size_t at)
{
    for (size_t i = 0; i < ARRAY_LEN(signs); i++) {
        size_t len = strlen(signs[i]);

        if (at >= len && memcmp(text + at - len, signs[i], len) == 0)
            return len;
    }
    return 0;
}

/* Reads digits with "," between groups of three and one "." into *value; returns the end. */
static size_t read_digits(const char *text, size_t len, size_t at, double *value)
{
    char plain[64];
    size_t n = 0;
    bool point = false;

    while (at < len && n + 1 < sizeof plain) {
        if (is_digit(text[at]))
            plain[n++] = text[at++];
        else if (text[at] == ',' && !point && at + 3 < len + 0 && is_digit(text[at + 1]) &&
                 is_digit(text[at + 2]) && is_digit(text[at + 3]) &&
                 !(at + 4 < len && is_digit(text[at + 4])))
            at++;
        else if (text[at] == '.' && !point && at + 1 < len && is_digit(text[at + 1]))
            point = true, plain[n++] = text[at++];
        else
            break;
    }
    plain[n] = '\0';
    while (at < len && is_digit(text[at]))
        at++; /* longer than any number we keep */
    *value = strtod(plain, NULL);
    return at;
}

static void read_suffix(const char *text, size_t len, struct numeral *n)
{
    for (size_t i = 0; i < ARRAY_LEN(scales); i++) {
        size_t size = strlen(scales[i].text);

        if (n->end + size <= len && memcmp(text + n->end, scales[i].text, size) == 0 &&
            !(n->end + size < len && in_word(text[n->end + size]))) {
            n->value *= scales[i].factor;
            n->end += size;
            n->plain = false;
            break;
        }
    }
    if (n->end < len && text[n->end] == '%') {
        n->end++;
        n->plain = false;
    }
}

bool numeral_next(const char *text, size_t len, size_t at, struct numeral *out)
{
    for (; at < len; at++) {
        size_t sign;

        if (!is_digit(text[at]))
            continue;
        sign = sign_before(text, at);
        if (!sign && at && in_word(text[at - 1])) {
            while (at + 1 < len && in_word(text[at + 1]))
                at++;
            continue;
        }
        *out = (struct numeral){.start = at - sign, .digits_start = at};
        out->end = out->digits_end = read_digits(text, len, at, &out->value);
        out->plain = !sign;
        for (size_t i = at; i < out->end; i++)
            out->plain = out->plain && is_digit(text[i]);
        read_suffix(text, len, out);
        return true;
    }
    return false;
}

/* ---- which, not how much ---- */

/* The word before `at`, small, skipping blanks and markup; its start in *start. */
static bool word_before(const char *text, size_t at, char *word, size_t size, size_t *start)
{
    size_t end, n = 0;

    while (at && (text[at - 1] == ' ' || text[at - 1] == '*' || text[at - 1] == '\\'))
        at--;
    end = at;
    while (at && isalpha((unsigned char)text[at - 1]))
        at--;
    *start = at;
    for (size_t i = at; i < end && n + 1 < size; i++)
        word[n++] = (char)tolower((unsigned char)text[i]);
    word[n] = '\0';
    return n != 0;
}

static bool word_after(const char *text, size_t len, size_t at, char *word, size_t size)
{
    size_t n = 0;

    while (at < len && (text[at] == ' ' || text[at] == '\\' || text[at] == '.'))
        at++;
    while (at < len && isalpha((unsigned char)text[at]) && n + 1 < size)
        word[n++] = (char)tolower((unsigned char)text[at++]);
    word[n] = '\0';
    return n != 0;
}

static bool one_of(const char *word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(word, list[i]) == 0)
            return true;
    return false;
}

/* "January", "jan" */
static bool is_month(const char *word)
{
    for (size_t i = 0; i < ARRAY_LEN(months); i++)
        if (strcmp(word, months[i]) == 0 || (strlen(word) == 3 && strncmp(word, months[i], 3) == 0))
            return true;
    return false;
}

/* 1900 to 2100, or part of 2027-01-31. */
static bool is_date(const char *text, size_t len, const struct numeral *n)
{
    char word[24];
    size_t size = n->digits_end - n->digits_start, start;

    if (!n->plain)
        return false;
    if (size == 4 && n->value >= 1900 && n->value <= 2100)
        return true;
    if (size <= 2 &&
        ((n->start >= 5 && text[n->start - 1] == '-' && is_digit(text[n->start - 2])) ||
         (n->end + 2 < len && text[n->end] == '-' && is_digit(text[n->end + 1]) && n->start >= 5 &&
          text[n->start - 1] == '-')))
        return true;
    if (size > 2)
        return false;
    return (word_after(text, len, n->end, word, sizeof word) && is_month(word)) ||
           (word_before(text, n->start, word, sizeof word, &start) && is_month(word));
}

static bool is_ordinal(const char *text, size_t len, const struct numeral *n)
{
    static const char *const ends[] = {"st", "nd", "rd", "th"};
    char word[24];

    return n->plain && n->end < len && isalpha((unsigned char)text[n->end]) &&
           word_after(text, len, n->end, word, sizeof word) && one_of(word, ends, ARRAY_LEN(ends));
}

/* At the start of a line, "3. " or "3) ". */
static bool is_list_number(const char *text, size_t len, const struct numeral *n)
{
    size_t at = n->start, end = n->end;

    while (at && (text[at - 1] == ' ' || text[at - 1] == '>'))
        at--;
    return n->plain && (at == 0 || text[at - 1] == '\n') && end + 1 < len &&
           (text[end] == '.' || text[end] == ')') && text[end + 1] == ' ';
}

/* "year 2", and the 6 of "months 3 to 6". */
static bool is_numbered(const char *text, const struct numeral *n)
{
    static const char *const links[] = {"to", "and", "or", "through"};
    char word[24];
    size_t start, at = n->start;

    if (!n->plain)
        return false;
    for (int hops = 0; hops < 4; hops++) {
        if (!word_before(text, at, word, sizeof word, &start))
            return false;
        if (one_of(word, ordered, ARRAY_LEN(ordered)))
            return true;
        if (!one_of(word, links, ARRAY_LEN(links)))
            return false;
        at = start;
        while (at && text[at - 1] == ' ')
            at--;
        while (at && is_digit(text[at - 1]))
            at--;
    }
    return false;
}

bool numeral_is_order(const char *text, size_t len, const struct numeral *n)
{
    return is_date(text, len, n) || is_ordinal(text, len, n) || is_list_number(text, len, n) ||
           is_numbered(text, n);
}
