/* expr_token.c - cuts an expression into tokens: numbers ("12.5", "6%"), dates, strings, dotted
 * names and signs. */
#include "expr/expr_token.h"

#include <string.h>

#include "expr/days.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static void skip_space(struct token_reader *r)
{
    for (; *r->at == ' ' || *r->at == '\t' || *r->at == '\n' || *r->at == '\r'; r->at++) {
        r->column++;
        if (*r->at == '\n') {
            r->line++;
            r->column = 1;
        }
    }
}

static bool read_number(const char *s, struct token *t, const char **problem)
{
    char digits[64];
    size_t len = 0;

    while (is_digit(s[len]))
        len++;
    if (s[len] == '.' && is_digit(s[len + 1]))
        for (len++; is_digit(s[len]);)
            len++;
    if (len >= sizeof digits || is_letter(s[len])) {
        *problem = is_letter(s[len]) ? "a number ends in a digit or %" : "this number is too long";
        return false;
    }
    memcpy(digits, s, len);
    digits[len] = '\0';
    if (!num_parse(digits, &t->num)) {
        *problem = "this number is too large";
        return false;
    }
    t->kind = TOKEN_NUM;
    t->unit = UNIT_NONE;
    if (s[len] == '%') {
        len++;
        t->unit = UNIT_RATE;
        if (!num_div(t->num, num_from_int(100), &t->num)) {
            *problem = "this number is too large";
            return false;
        }
    }
    t->len = len;
    return true;
}

static bool read_string(const char *s, struct token *t, const char **problem)
{
    const char *c = s + 1;

    while (*c && *c != '"')
        c += c[0] == '\\' && c[1] ? 2 : 1;
    if (!*c) {
        *problem = "this string is not closed; add a \"";
        return false;
    }
    t->kind = TOKEN_TEXT;
    t->len = (size_t)(c + 1 - s);
    return true;
}

static size_t name_length(const char *s)
{
    size_t len = 1;

    while (is_letter(s[len]) || is_digit(s[len]) ||
           (s[len] == '.' && (is_letter(s[len + 1]) || is_digit(s[len + 1]))))
        len++;
    return len;
}

static size_t sign_length(const char *s)
{
    static const char *const signs[] = {"??", "==", "!=", "<=", ">=", "<", ">", "=", "+",
                                        "-",  "*",  "/",  "^",  "(",  ")", "[", "]", ","};

    for (size_t i = 0; i < ARRAY_LEN(signs); i++)
        if (strncmp(s, signs[i], strlen(signs[i])) == 0)
            return strlen(signs[i]);
    return 0;
}

static bool starts_date(const char *s)
{
    return is_digit(s[0]) && is_digit(s[1]) && is_digit(s[2]) && is_digit(s[3]) && s[4] == '-' &&
           is_digit(s[5]) && is_digit(s[6]) && s[7] == '-' && is_digit(s[8]) && is_digit(s[9]) &&
           !is_digit(s[10]);
}

static bool read_token(const char *s, struct token *t, const char **problem)
{
    if (!*s) {
        t->kind = TOKEN_END;
        t->len = 0;
        return true;
    }
    if (starts_date(s)) {
        t->kind = TOKEN_DATE;
        t->len = DAYS_TEXT_LEN;
        *problem = "there is no such date";
        return days_parse(s, &t->day);
    }
    if (is_digit(*s))
        return read_number(s, t, problem);
    if (*s == '"')
        return read_string(s, t, problem);
    if (is_letter(*s)) {
        t->kind = TOKEN_NAME;
        t->len = name_length(s);
        return true;
    }
    t->kind = TOKEN_SIGN;
    t->len = sign_length(s);
    *problem = "this character has no meaning here";
    return t->len > 0;
}

bool token_next(struct token_reader *r, struct token *t, const char **problem)
{
    skip_space(r);
    *t = (struct token){.start = r->at, .line = r->line, .column = r->column};
    if (!read_token(r->at, t, problem))
        return false;
    for (size_t i = 0; i < t->len; i++)
        r->column += ((unsigned char)t->start[i] & 0xC0) != 0x80;
    r->at += t->len;
    return true;
}

bool token_is(const struct token *t, const char *sign)
{
    return (t->kind == TOKEN_SIGN || t->kind == TOKEN_NAME) && strlen(sign) == t->len &&
           strncmp(t->start, sign, t->len) == 0;
}
