/* value_format.c - values as a reader of a plan sees them: "£171,360", "12.5%", "5 months",
 * "March 2027". A format is a row of a table: the type it takes and how many decimals it shows. */
#include "expr/value.h"

#include <string.h>

#include "strattio/attr.h"
#include "strattio/money.h"
#include "strattio/strbuf.h"

#include "expr/days.h"

enum style { STYLE_MONEY, STYLE_NUM, STYLE_PCT, STYLE_MONTHS, STYLE_DATE, STYLE_MONTH, STYLE_ANY };
enum { MINOR = -1, SHORTEST = -2 }; /* decimals: those of the currency; as many as there are */

static const struct format {
    const char *name;
    enum style style;
    int decimals;
} formats[] = {
    {"money", STYLE_MONEY, MINOR}, {"money0", STYLE_MONEY, 0}, {"num", STYLE_NUM, SHORTEST},
    {"num0", STYLE_NUM, 0},        {"num1", STYLE_NUM, 1},     {"num2", STYLE_NUM, 2},
    {"pct", STYLE_PCT, 0},         {"pct1", STYLE_PCT, 1},     {"count", STYLE_NUM, 0},
    {"months", STYLE_MONTHS, 0},   {"date", STYLE_DATE, 0},    {"month", STYLE_MONTH, 0},
    {"text", STYLE_ANY, 0},        {"list", STYLE_ANY, 0},
};

static const struct format *find_format(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(formats); i++)
        if (strcmp(formats[i].name, name) == 0)
            return &formats[i];
    return NULL;
}

bool value_format_known(const char *format)
{
    return find_format(format) != NULL;
}

/* "1,234.50" without its sign; `decimals` of them, or as many as there are. Returns whether
 * what is shown is below zero: -0.4 without decimals is 0, not -0. */
static bool group_digits(struct num n, int decimals, struct strbuf *out)
{
    char digits[NUM_TEXT_SIZE], *s = digits;
    struct num shown = decimals == SHORTEST ? n : num_round(n, decimals);
    const char *point;
    size_t whole;

    num_print(shown, digits);
    if (*s == '-')
        s++;
    point = strchr(s, '.');
    whole = point ? (size_t)(point - s) : strlen(s);
    for (size_t i = 0; i < whole; i++) {
        if (i && (whole - i) % 3 == 0)
            strbuf_char(out, ',');
        strbuf_char(out, s[i]);
    }
    if (decimals > 0) {
        size_t have = point ? strlen(point + 1) : 0;

        strbuf_char(out, '.');
        strbuf_str(out, point ? point + 1 : "");
        strbuf_fill(out, '0', (size_t)decimals - have);
    } else if (decimals == SHORTEST && point) {
        strbuf_str(out, point);
    }
    return num_sign(shown) < 0;
}

static void format_number(struct num n, const char *before, int decimals, const char *after,
                          struct strbuf *out)
{
    struct strbuf digits;

    strbuf_init(&digits, 256);
    if (group_digits(n, decimals, &digits))
        strbuf_char(out, '-');
    strbuf_str(out, before);
    strbuf_str(out, digits.data);
    strbuf_str(out, after);
    strbuf_finish(&digits);
}

static bool format_pct(const struct value *v, int decimals, struct strbuf *out)
{
    struct num percent = v->num;

    if (v->unit != UNIT_PERCENT && !num_mul(v->num, num_from_int(100), &percent))
        return false;
    format_number(percent, "", decimals, "%", out);
    return true;
}

static void format_date(int32_t day, bool with_day, struct strbuf *out)
{
    struct civil date = days_to_civil(day);

    if (with_day)
        strbuf_printf(out, "%d ", date.day);
    strbuf_printf(out, "%s %d", days_month_name(date.month), date.year);
}

static void format_any(const struct value *v, struct strbuf *out)
{
    if (v->type == VALUE_NUM) {
        format_number(v->num, "", SHORTEST, "", out);
    } else if (v->type == VALUE_BOOL) {
        strbuf_str(out, v->yes ? "yes" : "no");
    } else if (v->type == VALUE_DATE) {
        format_date(v->day, true, out);
    } else if (v->type == VALUE_TEXT) {
        strbuf_str(out, v->text);
    } else if (v->type == VALUE_LIST) {
        for (size_t i = 0; i < v->count; i++) {
            if (i)
                strbuf_str(out, i + 1 < v->count ? ", " : " and ");
            format_any(&v->items[i], out);
        }
    }
}

static bool style_takes(enum style style, enum value_type type)
{
    if (style == STYLE_ANY)
        return type != VALUE_NULL;
    return type == (style == STYLE_DATE || style == STYLE_MONTH ? VALUE_DATE : VALUE_NUM);
}

bool value_format(const struct value *v, const char *format, const char *currency,
                  struct strbuf *out)
{
    const struct format *f = find_format(format);
    int decimals;

    if (!f || !style_takes(f->style, v->type))
        return false;
    decimals = f->decimals == MINOR ? money_exponent(currency) : f->decimals;
    switch (f->style) {
    case STYLE_MONEY:
        format_number(v->num, money_symbol(currency), decimals, "", out);
        break;
    case STYLE_NUM:
        format_number(v->num, "", decimals, "", out);
        break;
    case STYLE_PCT:
        return format_pct(v, decimals, out);
    case STYLE_MONTHS:
        format_number(num_round(v->num, 1), "", SHORTEST,
                      num_cmp(v->num, num_from_int(1)) == 0 ? " month" : " months", out);
        break;
    case STYLE_DATE:
    case STYLE_MONTH:
        format_date(v->day, f->style == STYLE_DATE, out);
        break;
    case STYLE_ANY:
        format_any(v, out);
        break;
    }
    return true;
}
