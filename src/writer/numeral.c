/* numeral.c - reads "£1,250.50", "1.250,50 €", "12.5%", "1.2 million", "two million pounds",
 * "2027-01-31" out of running text, and tells numbers that say how much from those that say which:
 * dates, ordinals, list items, "year 2". Digits of other scripts and the blanks people put between
 * groups of three are read as what they mean. */
#include "writer/numeral.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const signs[] = {"£", "$", "€", "¥", "₹", "GBP", "EUR", "USD", "CHF"};
static const char *const months[] = {"january",   "february", "march",    "april",
                                     "may",       "june",     "july",     "august",
                                     "september", "october",  "november", "december"};
static const char *const ordered[] = {
    "year", "years", "month",   "months", "quarter", "week",    "day",   "phase",
    "step", "stage", "section", "table",  "figure",  "version", "part",  "level",
    "page", "rule",  "form",    "tier",   "class",   "route",   "round", "appendix"};
/* Blanks of one word: no-break, figure, thin, narrow no-break. */
static const char *const blanks[] = {" ", "\u00a0", "\u2007", "\u2009", "\u202f"};
static const char *const apostrophes[] = {"'", "’"};

/* What may stand behind the digits, at once or after a blank. */
static const struct scale {
    const char *text;
    double factor;
    bool blank; /* also after a blank */
} scales[] = {{"bn", 1e9, true},       {"mn", 1e6, true},      {"tn", 1e12, true},
              {"k", 1e3, false},       {"m", 1e6, false},      {"K", 1e3, false},
              {"M", 1e6, false},       {"b", 1e9, false},      {"hundred", 1e2, true},
              {"thousand", 1e3, true}, {"million", 1e6, true}, {"billion", 1e9, true},
              {"trillion", 1e12, true}};
static const char *const shares[] = {"%", "٪", "％", "per cent", "percent", "percentage points"};
static const char *const monies[] = {"£",        "€",     "$",    "pounds",  "pound",
                                     "sterling", "euros", "euro", "dollars", "dollar",
                                     "pence",    "GBP",   "EUR",  "USD",     "CHF"};

static const struct {
    const char *text;
    double value;
} number_words[] = {{"one", 1},        {"two", 2},       {"three", 3},     {"four", 4},
                    {"five", 5},       {"six", 6},       {"seven", 7},     {"eight", 8},
                    {"nine", 9},       {"ten", 10},      {"eleven", 11},   {"twelve", 12},
                    {"thirteen", 13},  {"fourteen", 14}, {"fifteen", 15},  {"sixteen", 16},
                    {"seventeen", 17}, {"eighteen", 18}, {"nineteen", 19}, {"twenty", 20},
                    {"thirty", 30},    {"forty", 40},    {"fifty", 50},    {"sixty", 60},
                    {"seventy", 70},   {"eighty", 80},   {"ninety", 90},   {"hundred", 1e2},
                    {"thousand", 1e3}, {"million", 1e6}, {"billion", 1e9}, {"trillion", 1e12}};

enum { SMALL_MAX = 12, WORD_MAX = 24 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The digit that stands at `at`, its bytes in *size; -1 if none does. */
static int digit_at(const char *text, size_t len, size_t at, size_t *size)
{
    static const char *const zeros[] = {"٠", "۰", "०", "০", "０", "𝟎", "𝟬"};

    *size = 1;
    if (at < len && is_digit(text[at]))
        return text[at] - '0';
    for (size_t i = 0; at < len && (unsigned char)text[at] >= 0xd9 && i < ARRAY_LEN(zeros); i++) {
        size_t n = strlen(zeros[i]), last = n - 1;
        int digit;

        if (at + n > len || memcmp(text + at, zeros[i], last) != 0)
            continue;
        digit = (unsigned char)text[at + last] - (unsigned char)zeros[i][last];
        *size = n;
        if (digit >= 0 && digit <= 9)
            return digit;
    }
    return -1;
}

static bool in_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

/* Does a letter end at `at`? Signs, blanks and quotes are none, nor are marks of emphasis. */
static bool letter_before(const char *text, size_t at)
{
    size_t lead;

    while (at && text[at - 1] == '_')
        at--;
    if (!at)
        return false;
    for (lead = at - 1; lead && ((unsigned char)text[lead] & 0xc0) == 0x80;)
        lead--;
    if ((unsigned char)text[lead] < 0x80)
        return isalnum((unsigned char)text[lead]);
    return (unsigned char)text[lead] != 0xc2 && (unsigned char)text[lead] != 0xe2;
}

/* Which of `list` stands at `at`: its bytes, or 0. */
static size_t any_at(const char *text, size_t len, size_t at, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t n = strlen(list[i]);

        if (at + n <= len && strncasecmp(text + at, list[i], n) == 0)
            return n;
    }
    return 0;
}

/* As any_at(), of whole words if they are words. */
static size_t word_of(const char *text, size_t len, size_t at, const char *const *list,
                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t n = any_at(text, len, at, list + i, 1);

        if (n && !(isalpha((unsigned char)list[i][0]) && at + n < len && in_word(text[at + n])))
            return n;
    }
    return 0;
}

static size_t blank_at(const char *text, size_t len, size_t at)
{
    return any_at(text, len, at, blanks, ARRAY_LEN(blanks));
}

/* Bytes of a currency sign that ends at `at`, and of a blank between the two. */
static size_t sign_before(const char *text, size_t at)
{
    size_t gap = 0;

    for (size_t i = 0; i < ARRAY_LEN(blanks) && !gap; i++) {
        size_t n = strlen(blanks[i]);

        if (at >= n && memcmp(text + at - n, blanks[i], n) == 0)
            gap = n;
    }
    for (size_t i = 0; i < ARRAY_LEN(signs); i++) {
        size_t n = strlen(signs[i]), start = at - gap - n;

        if (at >= n + gap && memcmp(text + start, signs[i], n) == 0 &&
            !(isalpha((unsigned char)signs[i][0]) && letter_before(text, start)))
            return n + gap;
    }
    return 0;
}

/* ---- digits ---- */

struct run { /* of digits, as ASCII */
    char digits[64];
    size_t count;
    bool groups, point;
};

static size_t take_digits(const char *text, size_t len, size_t at, struct run *r)
{
    size_t size;

    for (int d; (d = digit_at(text, len, at, &size)) >= 0; at += size)
        if (r->count + 1 < sizeof r->digits)
            r->digits[r->count++] = (char)('0' + d);
    return at;
}

static size_t count_digits(const char *text, size_t len, size_t at)
{
    struct run r = {0};

    take_digits(text, len, at, &r);
    return r.count;
}

/* Bytes of what parts thousands at `at`: a mark with exactly three digits behind it. */
static size_t group_mark(const char *text, size_t len, size_t at)
{
    size_t n = at < len && (text[at] == ',' || text[at] == '.') ? 1 : blank_at(text, len, at);

    if (!n)
        n = any_at(text, len, at, apostrophes, ARRAY_LEN(apostrophes));
    return n && count_digits(text, len, at + n) == 3 ? n : 0;
}

/* A point, or a comma with one or two digits behind it as on the continent. */
static bool is_point(const char *text, size_t len, size_t at, char group)
{
    size_t n, size;

    if (at >= len || text[at] == group || (text[at] != '.' && text[at] != ','))
        return false;
    n = count_digits(text, len, at + 1);
    if (text[at] == '.')
        return n > 0;
    return (n == 1 || n == 2) && !(at + n + 2 < len && text[at + n + 1] == ',' &&
                                   digit_at(text, len, at + n + 2, &size) >= 0);
}

/* Reads digits with marks between groups of three and decimals; returns the end. A lone "1.234" is
 * read both ways. */
static size_t read_digits(const char *text, size_t len, size_t at, struct numeral *n)
{
    struct run r = {0};
    size_t mark, groups = 0, before;
    char group = '\0';

    at = take_digits(text, len, at, &r);
    before = r.count;
    while (before <= 3 && (mark = group_mark(text, len, at)) && (!groups || text[at] == group) &&
           !(text[at] == '.' && !groups && group_mark(text, len, at + 4) != 1 &&
             !(at + 4 < len && text[at + 4] == ','))) {
        group = text[at];
        at = take_digits(text, len, at + mark, &r);
        groups++;
    }
    if (is_point(text, len, at, group)) {
        bool grouped =
            text[at] == '.' && !groups && before <= 3 && count_digits(text, len, at + 1) == 3;

        if (r.count + 1 < sizeof r.digits)
            r.digits[r.count++] = '.';
        at = take_digits(text, len, at + 1, &r);
        r.point = true;
        n->value = strtod(r.digits, NULL);
        n->other = grouped ? n->value * 1000 : n->value;
    } else {
        n->value = n->other = strtod(r.digits, NULL);
    }
    n->plain = !r.point && !groups;
    return at;
}

/* ---- what stands behind it ---- */

static void read_scale(const char *text, size_t len, struct numeral *n)
{
    size_t gap = blank_at(text, len, n->end);

    if (!gap && n->end < len && text[n->end] == '-')
        gap = 1;
    for (size_t i = 0; i < ARRAY_LEN(scales); i++) {
        size_t from = n->end + (scales[i].blank ? gap : 0), size = strlen(scales[i].text);

        if (from + size <= len && memcmp(text + from, scales[i].text, size) == 0 &&
            !(from + size < len && in_word(text[from + size]))) {
            n->value *= scales[i].factor;
            n->other *= scales[i].factor;
            n->end = from + size;
            n->plain = false;
            return;
        }
    }
}

static void read_unit(const char *text, size_t len, struct numeral *n)
{
    size_t from = n->end + blank_at(text, len, n->end), size;

    if ((size = word_of(text, len, from, shares, ARRAY_LEN(shares))))
        n->share = true;
    else if (!n->money && (size = word_of(text, len, from, monies, ARRAY_LEN(monies))) &&
             count_digits(text, len, from + size) == 0)
        n->money = true;
    else
        return;
    n->end = from + size;
    n->plain = false;
}

/* ---- in words ---- */

/* The small word at `at` into `word`; its bytes. */
static size_t take_word(const char *text, size_t len, size_t at, char *word)
{
    size_t n = 0;

    while (at + n < len && isalpha((unsigned char)text[at + n]) && n + 1 < WORD_MAX) {
        word[n] = (char)tolower((unsigned char)text[at + n]);
        n++;
    }
    word[n] = '\0';
    return at + n < len && in_word(text[at + n]) ? 0 : n;
}

static double value_of(const char *word)
{
    for (size_t i = 0; i < ARRAY_LEN(number_words); i++)
        if (strcmp(word, number_words[i].text) == 0)
            return number_words[i].value;
    return 0;
}

/* May a word of this value follow what there is: "twenty", then "five", but "two", then "three"? */
static bool goes_on(double value, double part)
{
    long rest = (long)part % 100;

    return value >= 100 || rest == 0 || (rest >= 20 && rest % 10 == 0 && value < 10);
}

/* Adds the next word of a number: "two hundred" is 2, then times 100. */
static void add_word(double value, double *sum, double *part)
{
    if (value < 100) {
        *part += value;
    } else if (value == 100) {
        *part = (*part ? *part : 1) * value;
    } else {
        *sum += (*part ? *part : 1) * value;
        *part = 0;
    }
}

/* "two million pounds", "twenty-five per cent", "a hundred", "two". */
static bool read_words(const char *text, size_t len, size_t at, struct numeral *n)
{
    double sum = 0, part = 0, value;
    char word[WORD_MAX];
    size_t size = take_word(text, len, at, word), end = at, gap = 0;
    bool scaled = false;

    *n = (struct numeral){.start = at, .digits_start = at};
    if (strcmp(word, "a") == 0 && text[at + size] == ' ') {
        end = at + size;
        size = take_word(text, len, end + 1, word);
        if (value_of(word) < 100)
            return false;
        gap = 1;
    }
    while (size && ((value = value_of(word)) > 0 || (scaled && strcmp(word, "and") == 0))) {
        if (value > 0) {
            if (!goes_on(value, part))
                break;
            add_word(value, &sum, &part);
            scaled = scaled || value >= 100;
            n->end = n->digits_end = end + gap + size;
        }
        end += gap + size;
        gap = end < len && text[end] == '-' ? 1 : blank_at(text, len, end);
        size = gap ? take_word(text, len, end + gap, word) : 0;
    }
    n->value = n->other = sum + part;
    if (!n->end)
        return false;
    read_unit(text, len, n);
    return true;
}

/* Not the small ones that any text is full of, unless they are money or a share. */
static bool says_how_much(const struct numeral *n)
{
    return n->share || n->money || n->value > SMALL_MAX;
}

/* Digits at `at`, and what stands around them; `sign` bytes of it before. */
static void read_number(const char *text, size_t len, size_t at, size_t sign, struct numeral *n)
{
    *n = (struct numeral){.start = at - sign, .digits_start = at, .money = sign != 0};
    n->end = n->digits_end = read_digits(text, len, at, n);
    n->plain = n->plain && !sign;
    read_scale(text, len, n);
    read_unit(text, len, n);
}

bool numeral_next(const char *text, size_t len, size_t at, struct numeral *out)
{
    for (; at < len; at++) {
        bool letter = isalpha((unsigned char)text[at]);
        size_t sign, size;

        if (letter && !letter_before(text, at) &&
            strchr("aefnost", tolower((unsigned char)text[at])) && read_words(text, len, at, out) &&
            says_how_much(out))
            return true;
        if (letter || digit_at(text, len, at, &size) < 0)
            continue;
        sign = sign_before(text, at);
        if (!sign && letter_before(text, at)) {
            while (at + 1 < len && in_word(text[at + 1]))
                at++;
            continue;
        }
        read_number(text, len, at, sign, out);
        return true;
    }
    return false;
}

bool numeral_at(const char *text, size_t len, size_t at, struct numeral *out)
{
    size_t size, from = at + any_at(text, len, at, signs, ARRAY_LEN(signs));

    if (at >= len || letter_before(text, at))
        return false;
    if (isalpha((unsigned char)text[at]) && read_words(text, len, at, out))
        return true;
    from += from > at ? blank_at(text, len, from) : 0;
    if (digit_at(text, len, from, &size) < 0)
        return false;
    read_number(text, len, from, from - at, out);
    return true;
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

/* Is a year rather a count: "1950 customers", but "in 2027 customers"? */
static bool counts_things(const char *text, size_t len, const struct numeral *n)
{
    static const char *const things[] = {
        "customers",   "people",    "households", "units",   "users",     "employees",  "jobs",
        "subscribers", "orders",    "visitors",   "members", "companies", "businesses", "families",
        "shops",       "residents", "homes",      "hours",   "loaves",    "clients",    "students"};
    static const char *const times[] = {
        "in", "by",     "since", "from",    "until", "till",  "of",   "during", "to",  "and",
        "or", "before", "after", "through", "for",   "early", "late", "mid",    "year"};
    char word[WORD_MAX];
    size_t start;

    return word_after(text, len, n->end, word, sizeof word) &&
           one_of(word, things, ARRAY_LEN(things)) &&
           !(word_before(text, n->start, word, sizeof word, &start) &&
             (one_of(word, times, ARRAY_LEN(times)) || is_month(word)));
}

/* Part of 3/4/2027, 2026/27 or 9:30? */
static bool is_part(const char *text, size_t len, const struct numeral *n)
{
    size_t end = n->digits_end;

    return (n->start > 1 && (text[n->start - 1] == '/' || text[n->start - 1] == ':') &&
            is_digit(text[n->start - 2])) ||
           (end + 1 < len && (text[end] == '/' || text[end] == ':') && is_digit(text[end + 1]));
}

static bool is_clock(const char *text, size_t len, const struct numeral *n)
{
    static const char *const halves[] = {"am", "pm", "a.m.", "p.m.", "o'clock", "o’clock"};

    return word_of(text, len, n->end + blank_at(text, len, n->end), halves, ARRAY_LEN(halves)) != 0;
}

/* 1900 to 2100, or part of 2027-01-31. */
static bool is_date(const char *text, size_t len, const struct numeral *n)
{
    char word[24];
    size_t size = n->digits_end - n->digits_start, start;

    if (!n->plain)
        return false;
    if (size == 4 && n->value >= 1900 && n->value <= 2100)
        return !counts_things(text, len, n);
    if (size <= 2 && n->value <= 60 && (is_part(text, len, n) || is_clock(text, len, n)))
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
