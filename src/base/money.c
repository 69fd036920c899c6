/* money.c - amounts as people write them. Typing is read in three steps: currency signs and the
 * suffix are taken off, the marks between digits are told apart (which one is decimal, which
 * groups thousands), and the digits are scaled exactly, so that nothing is rounded on the way
 * in. */
#include "strattio/money.h"

#include <stddef.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/strbuf.h"

#define MOST_MINOR (INT64_C(1) << 53)

enum { TYPED_MOST = 64, DIGITS_MOST = 40 };

static const struct currency {
    const char code[4];
    int exponent;
    const char *symbol;
    bool decimal_comma; /* where the currency is home, 1,25 is one and a quarter */
} currencies[] = {
    {"GBP", 2, "£", false},    {"USD", 2, "$", false},    {"EUR", 2, "€", true},
    {"JPY", 0, "¥", false},    {"INR", 2, "₹", false},    {"KRW", 0, "₩", false},
    {"PLN", 2, "PLN ", true},  {"CZK", 2, "CZK ", true},  {"HUF", 2, "HUF ", true},
    {"SEK", 2, "SEK ", true},  {"DKK", 2, "DKK ", true},  {"NOK", 2, "NOK ", true},
    {"RON", 2, "RON ", true},  {"BGN", 2, "BGN ", true},  {"BRL", 2, "BRL ", true},
    {"ISK", 0, "ISK ", true},  {"VND", 0, "₫", true},     {"CLP", 0, "CLP ", true},
    {"PYG", 0, "PYG ", true},  {"UGX", 0, "UGX ", false}, {"RWF", 0, "RWF ", false},
    {"XAF", 0, "XAF ", true},  {"XOF", 0, "XOF ", true},  {"XPF", 0, "XPF ", true},
    {"BIF", 0, "BIF ", true},  {"DJF", 0, "DJF ", true},  {"GNF", 0, "GNF ", true},
    {"KMF", 0, "KMF ", true},  {"VUV", 0, "VUV ", false}, {"BHD", 3, "BHD ", false},
    {"IQD", 3, "IQD ", false}, {"JOD", 3, "JOD ", false}, {"KWD", 3, "KWD ", false},
    {"LYD", 3, "LYD ", false}, {"OMR", 3, "OMR ", false}, {"TND", 3, "TND ", true},
    {"CLF", 4, "CLF ", true},
};

static const struct currency *find_currency(const char *code)
{
    for (size_t i = 0; code && i < sizeof currencies / sizeof *currencies; i++)
        if (strcmp(currencies[i].code, code) == 0)
            return &currencies[i];
    return NULL;
}

int money_exponent(const char *currency)
{
    const struct currency *c = find_currency(currency);

    return c ? c->exponent : 2;
}

const char *money_symbol(const char *currency)
{
    static _Thread_local char code[16]; /* of a currency the table does not have */
    const struct currency *c = find_currency(currency);

    if (c)
        return c->symbol;
    code[0] = '\0';
    if (currency && *currency) {
        strncat(code, currency, sizeof code - 2);
        strcat(code, " ");
    }
    return code;
}

struct amount { /* what was typed, taken apart */
    bool negative;
    char body[TYPED_MOST]; /* digits and marks: ' ' stands for every mark that can only group */
    int power;             /* of ten, from the suffix */
    bool foreign;          /* a currency other than the plan's */
};

/* Length of the blank at `s`, also the narrow and the non-breaking ones; 0 if there is none. */
static size_t blank_at(const char *s)
{
    static const char *const blanks[] = {" ", "\t", "\u00a0", "\u202f", "\u2009"};

    for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++)
        if (strncmp(s, blanks[i], strlen(blanks[i])) == 0)
            return strlen(blanks[i]);
    return 0;
}

static const char *skip_blanks(const char *s)
{
    while (blank_at(s))
        s += blank_at(s);
    return s;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static const char *take_sign(const char *s, struct amount *a)
{
    size_t len = *s == '-' || *s == '+' ? 1 : strncmp(s, "\u2212", 3) == 0 ? 3 : 0;

    if (len && *s != '+')
        a->negative = true;
    return skip_blanks(s + len);
}

/* A code or a sign of a currency, if one stands here. */
static const char *take_currency(const char *s, const char *currency, struct amount *a)
{
    char code[4] = {upper(s[0]), s[0] ? upper(s[1]) : '\0', s[0] && s[1] ? upper(s[2]) : '\0'};

    for (size_t i = 0; i < sizeof currencies / sizeof *currencies; i++) {
        const struct currency *c = &currencies[i];
        size_t len = strlen(c->symbol);
        bool by_code = strcmp(c->code, code) == 0;

        if (by_code || (c->symbol[len - 1] != ' ' && strncmp(s, c->symbol, len) == 0)) {
            a->foreign = a->foreign || strcmp(c->code, currency) != 0;
            return skip_blanks(s + (by_code ? 3 : len));
        }
    }
    if (strlen(code) == 3 && strcmp(code, currency) == 0)
        s = skip_blanks(s + 3);
    return s;
}

/* The digits with their marks; blanks and apostrophes between digits become ' '. */
static const char *take_body(const char *s, struct amount *a)
{
    size_t len = 0;

    for (; len + 1 < sizeof a->body; len++) {
        size_t mark = blank_at(s);

        if (!mark)
            mark = *s == '\'' ? 1 : strncmp(s, "\u2019", 3) == 0 ? 3 : 0;
        if (mark && len && is_digit(s[mark])) {
            a->body[len] = ' ';
            s += mark;
        } else if (is_digit(*s) || *s == '.' || *s == ',') {
            a->body[len] = *s++;
        } else {
            break;
        }
    }
    a->body[len] = '\0';
    return skip_blanks(s);
}

static const char *take_suffix(const char *s, struct amount *a)
{
    static const struct {
        const char *word;
        int power;
    } suffixes[] = {{"THOUSAND", 3}, {"K", 3},       {"MILLION", 6}, {"MIO", 6},
                    {"MN", 6},       {"BILLION", 9}, {"BN", 9},      {"M", 6}};

    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        size_t len = strlen(suffixes[i].word), k = 0;

        while (k < len && upper(s[k]) == suffixes[i].word[k])
            k++;
        if (k == len) {
            a->power = suffixes[i].power;
            return skip_blanks(s + len);
        }
    }
    return s;
}

static bool take_apart(const char *typed, const char *currency, struct amount *a)
{
    const char *s = take_sign(skip_blanks(typed), a);

    s = take_currency(s, currency, a);
    s = take_sign(s, a);
    s = take_suffix(take_body(s, a), a);
    s = take_currency(s, currency, a);
    return *s == '\0' && strpbrk(a->body, "0123456789");
}

static size_t count_of(const char *s, char c)
{
    size_t n = 0;

    for (; *s; s++)
        n += *s == c;
    return n;
}

enum reading { READ_OK, READ_ODD, READ_TWO_WAYS, READ_COMMA };

/* Finds the mark that divides whole from decimal, or NULL for none, in `a->body`. A point or
 * comma that stands alone with three digits after it may mean either; so may a comma with fewer
 * where the comma groups. */
static enum reading find_decimal(const struct amount *a, const struct currency *c,
                                 const char **decimal)
{
    const char *point = strrchr(a->body, '.'), *comma = strrchr(a->body, ',');
    const char *last = !comma || (point && point > comma) ? point : comma;
    size_t after = last ? strlen(last + 1) : 0;
    bool zero = a->body[0] == '0' || last == a->body;

    *decimal = NULL;
    if (!last)
        return READ_OK;
    if (count_of(a->body, *last) > 1)
        return point && comma ? READ_ODD : READ_OK;
    *decimal = last;
    if ((point && comma) || strchr(a->body, ' ') || after != 3 || zero) {
        if (last == comma && !point && !(c && c->decimal_comma) && !a->power && !zero)
            return READ_COMMA;
        return READ_OK;
    }
    if (last == comma) {
        *decimal = NULL; /* 1,250 is what it looks like */
        return READ_OK;
    }
    return a->power || (c && c->exponent >= 3) ? READ_OK : READ_TWO_WAYS;
}

/* True if the marks before `end` stand every three digits (or two, as in 1,25,000). */
static bool groups_well(const char *s, const char *end, const struct currency *c)
{
    const char *mark = NULL;

    for (const char *at = s; at < end; at++) {
        size_t len = 0;

        if (is_digit(*at))
            continue;
        if (at == s || (mark && *mark != *at))
            return false;
        mark = at;
        while (at + 1 + len < end && is_digit(at[1 + len]))
            len++;
        if (len != 3 && !(len == 2 && c && strcmp(c->code, "INR") == 0 && at + 3 < end))
            return false;
    }
    return true;
}

/* Scales the digits to minor units; false with *fine set if digits below the minor unit remain,
 * else it is too large. */
static bool scale(const struct amount *a, const char *decimal, int exponent, int64_t *minor,
                  bool *fine)
{
    const char *end = a->body + strlen(a->body);
    int shift = exponent + a->power - (decimal ? (int)(end - decimal - 1) : 0);
    int64_t m = 0;

    *fine = false;
    for (const char *s = a->body; s < end; s++) {
        if (!is_digit(*s))
            continue;
        if (decimal && s > decimal && end - s <= -shift) {
            if (*s != '0') {
                *fine = true;
                return false;
            }
            continue;
        }
        m = m * 10 + (*s - '0');
        if (m > MOST_MINOR)
            return false;
    }
    for (; shift > 0; shift--) {
        m *= 10;
        if (m > MOST_MINOR)
            return false;
    }
    *minor = a->negative ? -m : m;
    return true;
}

bool money_parse(const char *typed, const char *currency, int64_t *minor, struct err *err)
{
    const struct currency *c = find_currency(currency);
    int exponent = money_exponent(currency);
    struct amount a = {0};
    const char *decimal = NULL;
    enum reading reading;
    bool fine;

    if (!*skip_blanks(typed))
        return err_set(err, ERR_INVALID, 0, "an amount is missing; type one like 1250 or 12k");
    if (!take_apart(typed, currency, &a))
        return err_set(err, ERR_INVALID, 0,
                       "\"%.40s\" is not an amount; type one like 1250, 1,250.50 or 12k", typed);
    if (a.foreign)
        return err_set(err, ERR_INVALID, 0,
                       "\"%.40s\" is in another currency; amounts here are in %s, like 1250", typed,
                       currency);
    reading = find_decimal(&a, c, &decimal);
    if (reading == READ_TWO_WAYS)
        return err_set(err, ERR_INVALID, 0,
                       "\"%.40s\" can be read in two ways; type a whole amount without the point, "
                       "like 1250, or one with at most %d decimals, like 1.25",
                       typed, exponent);
    if (reading == READ_COMMA)
        return err_set(err, ERR_INVALID, 0,
                       "the comma in \"%.40s\" groups thousands in %s; type decimals with a point, "
                       "like 1.25, or three digits after it, like 1,250",
                       typed, currency);
    if (reading == READ_ODD || !groups_well(a.body, decimal ? decimal : a.body + strlen(a.body), c))
        return err_set(err, ERR_INVALID, 0,
                       "the thousands in \"%.40s\" are not grouped by three; type one like 1250 or "
                       "1,250.50",
                       typed);
    if (scale(&a, decimal, exponent, minor, &fine))
        return true;
    if (fine)
        return err_set(err, ERR_INVALID, 0,
                       "\"%.40s\" has more decimals than %s; type at most %d, like %s", typed,
                       currency, exponent, exponent ? "1.25" : "1250");
    return err_set(err, ERR_INVALID, 0,
                   "\"%.40s\" is too large; amounts go up to 9,007,199,254,740,992 of the smallest "
                   "coin, so type a smaller one like 12k",
                   typed);
}

/* `m` with its thousands grouped. */
static void print_grouped(uint64_t m, struct strbuf *out)
{
    char digits[32];
    int len = 0;

    do {
        digits[len++] = (char)('0' + m % 10);
        m /= 10;
    } while (m);
    while (len > 0) {
        strbuf_char(out, digits[--len]);
        if (len > 0 && len % 3 == 0)
            strbuf_char(out, ',');
    }
}

void money_print(int64_t minor, const char *currency, int decimals, struct strbuf *out)
{
    uint64_t m = minor < 0 ? -(uint64_t)minor : (uint64_t)minor, unit = 1;
    int exponent = money_exponent(currency);

    for (int i = 0; i < exponent; i++)
        unit *= 10;
    if (decimals == 0) {
        m = m / unit + (unit > 1 && m % unit >= unit / 2);
        if (minor < 0 && m)
            strbuf_char(out, '-');
        strbuf_str(out, money_symbol(currency));
        print_grouped(m, out);
        return;
    }
    if (minor < 0)
        strbuf_char(out, '-');
    strbuf_str(out, money_symbol(currency));
    print_grouped(m / unit, out);
    if (exponent)
        strbuf_printf(out, ".%0*llu", exponent, (unsigned long long)(m % unit));
}
