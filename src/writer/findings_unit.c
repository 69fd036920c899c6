/* findings_unit.c - figures quoted as what they are not: by their own format, or by the words around
 * them. Money has no second sign and is nobody's percentage; the sales of a year are none a month. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "strattio/model.h"

#include "writer/findings_parts.h"

/* One figure by its name alone? Answers carry no unit, so that what is made of figures and answers
 * may have one it should not. */
static bool is_figure(const char *expr)
{
    return expr[strspn(expr, "abcdefghijklmnopqrstuvwxyz0123456789_.[]")] == '\0';
}

/* What is wrong with showing `v` by `format`, NULL if nothing: money is no percentage, nor a share
 * money. A number without a unit may be shown in any way. */
static const char *format_advice(const struct value *v, const char *format)
{
    bool as_money = strncmp(format, "money", 5) == 0, as_share = strncmp(format, "pct", 3) == 0;

    if (v->type != VALUE_NUM)
        return NULL;
    if (as_share && v->unit == UNIT_MONEY)
        return "This figure is money and is shown as a percentage; show it as money or money0.";
    if (as_money && (v->unit == UNIT_RATE || v->unit == UNIT_PERCENT))
        return "This figure is a share and is shown as money; show it as pct or pct1.";
    if (as_money && v->unit == UNIT_MONTHS)
        return "This figure counts months and is shown as money; show it as months.";
    return NULL;
}

/* ---- the words around it ---- */

enum quoted { QUOTED_SHARE, QUOTED_MONEY, QUOTED_THINGS, QUOTED_MONTH, QUOTED_YEAR, QUOTED_TIME };

static const struct {
    const char *text;
    enum quoted as;
    const char *currency; /* that it names */
} behind[] = {
    {"%", QUOTED_SHARE, NULL},           {"per cent", QUOTED_SHARE, NULL},
    {"percent", QUOTED_SHARE, NULL},     {"£", QUOTED_MONEY, "GBP"},
    {"€", QUOTED_MONEY, "EUR"},          {"$", QUOTED_MONEY, "USD"},
    {"pounds", QUOTED_MONEY, "GBP"},     {"euros", QUOTED_MONEY, "EUR"},
    {"euro", QUOTED_MONEY, "EUR"},       {"dollars", QUOTED_MONEY, "USD"},
    {"GBP", QUOTED_MONEY, "GBP"},        {"EUR", QUOTED_MONEY, "EUR"},
    {"USD", QUOTED_MONEY, "USD"},        {"units", QUOTED_THINGS, NULL},
    {"customers", QUOTED_THINGS, NULL},  {"people", QUOTED_THINGS, NULL},
    {"employees", QUOTED_THINGS, NULL},  {"loaves", QUOTED_THINGS, NULL},
    {"households", QUOTED_THINGS, NULL}, {"users", QUOTED_THINGS, NULL},
    {"orders", QUOTED_THINGS, NULL},     {"subscribers", QUOTED_THINGS, NULL},
    {"jobs", QUOTED_THINGS, NULL},       {"items", QUOTED_THINGS, NULL},
    {"months", QUOTED_TIME, NULL},       {"years", QUOTED_TIME, NULL},
    {"hours", QUOTED_TIME, NULL},        {"a month", QUOTED_MONTH, NULL},
    {"per month", QUOTED_MONTH, NULL},   {"each month", QUOTED_MONTH, NULL},
    {"every month", QUOTED_MONTH, NULL}, {"monthly", QUOTED_MONTH, NULL},
    {"a week", QUOTED_MONTH, NULL},      {"per week", QUOTED_MONTH, NULL},
    {"a day", QUOTED_MONTH, NULL},       {"per day", QUOTED_MONTH, NULL},
    {"a year", QUOTED_YEAR, NULL},       {"per year", QUOTED_YEAR, NULL},
    {"annually", QUOTED_YEAR, NULL},     {"per annum", QUOTED_YEAR, NULL},
    {"each year", QUOTED_YEAR, NULL},
};

static const struct {
    const char *sign, *currency;
} signs[] = {{"£", "GBP"}, {"€", "EUR"}, {"$", "USD"}};

/* Does the name end in a month or a year, "[m3]", "[y1]"? */
static bool is_of(const char *expr, char period)
{
    const char *index = strrchr(expr, '[');

    return index && index[1] == period && isdigit((unsigned char)index[2]);
}

/* Whatever the values: what is money, share or count of its own. */
static bool is_money(const struct value *v, const char *format)
{
    return strncmp(format, "money", 5) == 0 || (v->unit == UNIT_MONEY && !*format);
}

static bool is_share(const struct value *v, const char *format)
{
    return strncmp(format, "pct", 3) == 0 ||
           (!*format && (v->unit == UNIT_RATE || v->unit == UNIT_PERCENT));
}

static bool fits(const struct search *s, const char *expr, const char *format,
                 const struct value *v, enum quoted as, const char *currency)
{
    bool money = is_money(v, format), share = is_share(v, format);

    switch (as) {
    case QUOTED_SHARE:
        return !money && !share && v->unit != UNIT_MONEY && v->unit != UNIT_COUNT;
    case QUOTED_MONEY:
        return !money && !share && v->unit != UNIT_COUNT && v->unit != UNIT_MONTHS &&
               (v->unit != UNIT_MONEY || strcmp(currency, model_currency(s->in->model)) == 0);
    case QUOTED_THINGS:
        return !money && v->unit != UNIT_MONEY;
    case QUOTED_TIME:
        return !money && !share && v->unit != UNIT_MONEY;
    case QUOTED_MONTH:
        return !is_figure(expr) || !is_of(expr, 'y') || share || !money;
    case QUOTED_YEAR:
        return !is_figure(expr) || !is_of(expr, 'm') || share || !money;
    }
    return true;
}

/* Which unit stands right behind `at`, its end in *end; ARRAY_LEN if none. */
static size_t unit_behind(const char *text, size_t at, size_t *end)
{
    at += strspn(text + at, "*_");
    at += text[at] == ' ' || text[at] == '-';
    if (text[at] == '/')
        at++;
    for (size_t i = 0; i < ARRAY_LEN(behind); i++) {
        size_t n = strlen(behind[i].text);

        if (strncasecmp(text + at, behind[i].text, n) == 0 &&
            !isalpha((unsigned char)text[at + n])) {
            *end = at + n;
            return i;
        }
    }
    return ARRAY_LEN(behind);
}

/* The currency whose sign ends right before `at`, its start in *start; NULL if none. */
static const char *sign_before(const char *text, size_t at, size_t *start)
{
    while (at && strchr("*_ ", text[at - 1]))
        at--;
    for (size_t i = 0; i < ARRAY_LEN(signs); i++) {
        size_t n = strlen(signs[i].sign);

        if (at >= n && memcmp(text + at - n, signs[i].sign, n) == 0) {
            *start = at - n;
            return signs[i].currency;
        }
    }
    return NULL;
}

void search_unit(struct search *s, const char *expr, const char *format, const struct value *v,
                 size_t start, size_t end)
{
    const char *own = is_figure(expr) ? format_advice(v, format) : NULL, *currency;
    size_t to = end, from = start, unit;

    if (own)
        search_add(s, "contradiction", start, end, own);
    if (v->type != VALUE_NUM || own)
        return;
    unit = unit_behind(s->source, end, &to);
    currency = sign_before(s->source, start, &from);
    if (unit < ARRAY_LEN(behind) &&
        !fits(s, expr, format, v, behind[unit].as, behind[unit].currency))
        search_add(
            s, "contradiction", start, to,
            "The words behind this figure give it a unit it does not have; say it as what it "
            "is, or take another figure.");
    else if (currency && !fits(s, expr, format, v, QUOTED_MONEY, currency))
        search_add(s, "contradiction", from, end,
                   "The sign before this figure gives it a currency it does not have; the figure "
                   "brings its own.");
}
