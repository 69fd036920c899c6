/* value.c - making, copying and printing values, and the arithmetic of units. */
#include "expr/value.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/attr.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "expr/days.h"

struct value value_null(const char *reason)
{
    return (struct value){.type = VALUE_NULL, .text = mem_str(reason)};
}

struct value value_num(struct num n, enum unit unit)
{
    return (struct value){.type = VALUE_NUM, .unit = unit, .num = n};
}

struct value value_bool(bool yes)
{
    return (struct value){.type = VALUE_BOOL, .yes = yes};
}

struct value value_text(const char *text)
{
    return (struct value){.type = VALUE_TEXT, .text = mem_str(text)};
}

struct value value_date(int32_t day)
{
    return (struct value){.type = VALUE_DATE, .day = day};
}

struct value value_copy(const struct value *v)
{
    struct value copy = *v;

    copy.text = mem_str(v->text);
    if (v->type == VALUE_LIST) {
        copy.items = mem_zero(v->count, sizeof *copy.items);
        for (size_t i = 0; i < v->count; i++)
            copy.items[i] = value_copy(&v->items[i]);
    }
    return copy;
}

void value_finish(struct value *v)
{
    if (v->type == VALUE_LIST) {
        for (size_t i = 0; i < v->count; i++)
            value_finish(&v->items[i]);
        free(v->items);
    }
    free(v->text);
    *v = (struct value){0};
}

const char *value_type_name(enum value_type type)
{
    static const char *const names[] = {"nothing", "a number", "true or false",
                                        "text",    "a date",   "a list"};

    return names[type];
}

static const char *const unit_names[] = {"number", "money", "rate", "count", "months", "percent"};

const char *unit_name(enum unit unit)
{
    return unit_names[unit];
}

bool unit_parse(const char *name, enum unit *out)
{
    for (size_t i = 0; i < ARRAY_LEN(unit_names); i++)
        if (strcmp(name, unit_names[i]) == 0) {
            *out = (enum unit)i;
            return true;
        }
    return false;
}

bool unit_of_sum(enum unit a, enum unit b, enum unit *out)
{
    if (a != b && a != UNIT_NONE && b != UNIT_NONE)
        return false;
    *out = a == UNIT_NONE ? b : a;
    return true;
}

/* Rates and plain numbers scale what they meet; a count of things in months is a count. */
bool unit_of_product(enum unit a, enum unit b, enum unit *out)
{
    if (a == UNIT_MONEY && b == UNIT_MONEY)
        return false;
    if (a == UNIT_MONEY || b == UNIT_MONEY)
        *out = UNIT_MONEY;
    else if (a == UNIT_NONE || b == UNIT_NONE)
        *out = a == UNIT_NONE ? b : a;
    else if (a == UNIT_COUNT || b == UNIT_COUNT)
        *out = UNIT_COUNT;
    else if (a == UNIT_MONTHS || b == UNIT_MONTHS)
        *out = UNIT_MONTHS;
    else
        *out = a;
    return true;
}

bool unit_of_quotient(enum unit a, enum unit b, enum unit *out)
{
    if (a == b)
        *out = UNIT_NONE; /* how many times one goes into the other: a rate, a count */
    else if (b == UNIT_MONEY)
        return false;
    else
        *out = a;
    return true;
}

static void print_list(const struct value *v, struct strbuf *out)
{
    strbuf_char(out, '[');
    for (size_t i = 0; i < v->count; i++) {
        if (i)
            strbuf_str(out, ", ");
        value_print(&v->items[i], out);
    }
    strbuf_char(out, ']');
}

void value_print(const struct value *v, struct strbuf *out)
{
    char digits[NUM_TEXT_SIZE], date[DAYS_TEXT_SIZE];

    switch (v->type) {
    case VALUE_NULL:
        strbuf_printf(out, "null (%s)", v->text ? v->text : "not stated");
        break;
    case VALUE_NUM:
        num_print(v->num, digits);
        strbuf_str(out, digits);
        break;
    case VALUE_BOOL:
        strbuf_str(out, v->yes ? "true" : "false");
        break;
    case VALUE_TEXT:
        strbuf_str(out, v->text);
        break;
    case VALUE_DATE:
        days_print(v->day, date);
        strbuf_str(out, date);
        break;
    case VALUE_LIST:
        print_list(v, out);
        break;
    }
}
