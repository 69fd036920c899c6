/* expr_call.c - the built-in functions: one row of a table each. Those over lists take a list,
 * several values, or both. */
#include "expr/expr_call.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "expr/days.h"

bool call_overflow(const struct call *call, struct err *err)
{
    return expr_fail(call->expr, call->node, ERR_LIMIT, err, "the result of %s() is out of range",
                     call->node->text);
}

bool call_wrong(const struct call *call, size_t at, const char *wants, const struct value *got,
                struct err *err)
{
    static const char *const places[] = {"first", "second", "third", "fourth", "fifth", "sixth"};

    return expr_fail(call->expr, call->node, ERR_INVALID, err, "%s() takes %s %s, not %s",
                     call->node->text, wants, places[at < 6 ? at : 5], value_type_name(got->type));
}

bool value_as_date(const struct value *v, int32_t *day)
{
    if (v->type == VALUE_DATE)
        *day = v->day;
    return v->type == VALUE_DATE ||
           (v->type == VALUE_TEXT && strlen(v->text) >= DAYS_TEXT_LEN && days_parse(v->text, day));
}

static bool number(const struct call *call, const struct value *args, size_t at, struct err *err)
{
    return args[at].type == VALUE_NUM || call_wrong(call, at, "a number", &args[at], err);
}

static bool run_round(const struct call *call, const struct value *args, size_t count,
                      struct value *out, struct err *err)
{
    int digits = 0;

    if (!number(call, args, 0, err) || (count > 1 && !number(call, args, 1, err)))
        return false;
    if (count > 1) {
        if (!num_is_whole(args[1].num) || num_cmp(args[1].num, num_from_int(12)) > 0 ||
            num_cmp(args[1].num, num_from_int(-12)) < 0)
            return expr_fail(call->expr, call->node, ERR_INVALID, err,
                             "round() takes from -12 to 12 decimals");
        digits = (int)(args[1].num.v / num_from_int(1).v);
    }
    *out = value_num(num_round(args[0].num, digits), args[0].unit);
    return true;
}

static bool run_floor(const struct call *call, const struct value *args, size_t count,
                      struct value *out, struct err *err)
{
    (void)count;
    if (!number(call, args, 0, err))
        return false;
    *out = value_num(num_floor(args[0].num), args[0].unit);
    return true;
}

static bool run_ceil(const struct call *call, const struct value *args, size_t count,
                     struct value *out, struct err *err)
{
    (void)count;
    if (!number(call, args, 0, err))
        return false;
    *out = value_num(num_ceil(args[0].num), args[0].unit);
    return true;
}

static bool run_abs(const struct call *call, const struct value *args, size_t count,
                    struct value *out, struct err *err)
{
    (void)count;
    if (!number(call, args, 0, err))
        return false;
    *out = args[0];
    if (num_sign(out->num) < 0)
        out->num.v = -out->num.v;
    return true;
}

/* The items of all arguments as one list of borrowed values; the caller frees the list. */
static const struct value **flatten(const struct value *args, size_t count, size_t *len)
{
    const struct value **items;
    size_t n = 0;

    for (size_t i = 0; i < count; i++)
        n += args[i].type == VALUE_LIST ? args[i].count : 1;
    items = mem_zero(n, sizeof(struct value *));
    *len = 0;
    for (size_t i = 0; i < count; i++) {
        if (args[i].type != VALUE_LIST) {
            items[(*len)++] = &args[i];
            continue;
        }
        for (size_t k = 0; k < args[i].count; k++)
            items[(*len)++] = &args[i].items[k];
    }
    return items;
}

enum fold { FOLD_SUM, FOLD_MIN, FOLD_MAX };

/* Folds numbers, or dates for the least and the greatest, into *out. A null among them is the
 * result. */
static bool fold(const struct call *call, enum fold how, const struct value **items, size_t len,
                 struct value *out, struct err *err)
{
    struct value total = value_num(num_from_int(0), UNIT_NONE);

    for (size_t i = 0; i < len; i++) {
        const struct value *v = items[i];
        int order;

        if (v->type == VALUE_NULL) {
            *out = value_copy(v);
            return true;
        }
        if (v->type != VALUE_NUM && (v->type != VALUE_DATE || how == FOLD_SUM))
            return call_wrong(call, i, "numbers,", v, err);
        if (i && v->type != total.type)
            return call_wrong(call, i, "items of one kind,", v, err);
        if (i && !unit_of_sum(total.unit, v->unit, &total.unit))
            return expr_fail(call->expr, call->node, ERR_INVALID, err,
                             "%s() does not work on %s and %s", call->node->text,
                             unit_name(total.unit), unit_name(v->unit));
        if (how == FOLD_SUM) {
            if (!i)
                total.unit = v->unit;
            if (!num_add(total.num, v->num, &total.num))
                return call_overflow(call, err);
            continue;
        }
        order = v->type == VALUE_DATE ? (v->day > total.day) - (v->day < total.day)
                                      : num_cmp(v->num, total.num);
        if (!i || (how == FOLD_MIN ? order < 0 : order > 0))
            total = (struct value){
                .type = v->type, .unit = i ? total.unit : v->unit, .num = v->num, .day = v->day};
    }
    *out = total;
    return true;
}

static bool run_fold(const struct call *call, const struct value *args, size_t count,
                     struct value *out, struct err *err)
{
    const char *name = call->node->text;
    enum fold how = strcmp(name, "min") == 0   ? FOLD_MIN
                    : strcmp(name, "max") == 0 ? FOLD_MAX
                                               : FOLD_SUM;
    size_t len;
    const struct value **items = flatten(args, count, &len);
    bool ok = fold(call, how, items, len, out, err);

    if (ok && !len && how != FOLD_SUM)
        *out = value_null("no_items");
    if (ok && strcmp(name, "avg") == 0 && out->type == VALUE_NUM) {
        if (!len)
            *out = value_null("no_items");
        else
            ok = num_div(out->num, num_from_int((int64_t)len), &out->num) ||
                 call_overflow(call, err);
    }
    free(items);
    return ok;
}

static bool run_count(const struct call *call, const struct value *args, size_t count,
                      struct value *out, struct err *err)
{
    size_t len;
    const struct value **items = flatten(args, count, &len);
    int64_t n = 0;

    (void)call;
    (void)err;
    for (size_t i = 0; i < len; i++)
        n += items[i]->type == VALUE_BOOL ? items[i]->yes : items[i]->type != VALUE_NULL;
    free(items);
    *out = value_num(num_from_int(n), UNIT_COUNT);
    return true;
}

/* any() and all(): a deciding item wins over a null, a null over the rest. */
static bool run_any(const struct call *call, const struct value *args, size_t count,
                    struct value *out, struct err *err)
{
    bool decides = strcmp(call->node->text, "any") == 0, decided = false, ok = true;
    const struct value *null = NULL;
    size_t len;
    const struct value **items = flatten(args, count, &len);

    for (size_t i = 0; ok && i < len; i++) {
        if (items[i]->type == VALUE_NULL)
            null = null ? null : items[i];
        else if (items[i]->type != VALUE_BOOL)
            ok = call_wrong(call, i, "truths,", items[i], err);
        else if (items[i]->yes == decides)
            decided = true;
    }
    if (ok)
        *out = !decided && null ? value_copy(null) : value_bool(decided ? decides : !decides);
    free(items);
    return ok;
}

static bool run_len(const struct call *call, const struct value *args, size_t count,
                    struct value *out, struct err *err)
{
    int64_t n = 0;

    (void)count;
    if (args[0].type == VALUE_LIST)
        n = (int64_t)args[0].count;
    else if (args[0].type != VALUE_TEXT)
        return call_wrong(call, 0, "text or a list", &args[0], err);
    else
        for (const char *s = args[0].text; *s; s++)
            n += ((unsigned char)*s & 0xC0) != 0x80;
    *out = value_num(num_from_int(n), UNIT_COUNT);
    return true;
}

static bool run_lower(const struct call *call, const struct value *args, size_t count,
                      struct value *out, struct err *err)
{
    const utf8proc_uint8_t *s;
    struct strbuf text;

    (void)count;
    if (args[0].type != VALUE_TEXT)
        return call_wrong(call, 0, "text", &args[0], err);
    s = (const utf8proc_uint8_t *)args[0].text;
    strbuf_init(&text, STRBUF_DOC_LIMIT);
    while (*s) {
        utf8proc_uint8_t bytes[4];
        utf8proc_int32_t point;
        utf8proc_ssize_t size = utf8proc_iterate(s, -1, &point);

        if (size <= 0) {
            strbuf_char(&text, (char)*s++);
            continue;
        }
        s += size;
        size = utf8proc_encode_char(utf8proc_tolower(point), bytes);
        strbuf_add(&text, bytes, (size_t)size);
    }
    *out = (struct value){.type = VALUE_TEXT, .text = strbuf_take(&text)};
    return true;
}

/* A text in a text, or one of a list of texts. */
static bool run_contains(const struct call *call, const struct value *args, size_t count,
                         struct value *out, struct err *err)
{
    bool found = false;

    (void)count;
    if (args[1].type != VALUE_TEXT)
        return call_wrong(call, 1, "text", &args[1], err);
    if (args[0].type == VALUE_LIST) {
        for (size_t i = 0; i < args[0].count; i++)
            found = found || (args[0].items[i].type == VALUE_TEXT &&
                              strcmp(args[0].items[i].text, args[1].text) == 0);
    } else if (args[0].type == VALUE_TEXT) {
        found = strstr(args[0].text, args[1].text) != NULL;
    } else {
        return call_wrong(call, 0, "text or a list", &args[0], err);
    }
    *out = value_bool(found);
    return true;
}

static bool a_date(const struct call *call, const struct value *args, size_t at, int32_t *day,
                   struct err *err)
{
    return value_as_date(&args[at], day) || call_wrong(call, at, "a date", &args[at], err);
}

static bool run_date_part(const struct call *call, const struct value *args, size_t count,
                          struct value *out, struct err *err)
{
    struct civil date;
    int32_t day;

    (void)count;
    if (!a_date(call, args, 0, &day, err))
        return false;
    date = days_to_civil(day);
    *out = value_num(num_from_int(strcmp(call->node->text, "year") == 0    ? date.year
                                  : strcmp(call->node->text, "month") == 0 ? date.month
                                                                           : date.day),
                     UNIT_NONE);
    return true;
}

static bool run_months_between(const struct call *call, const struct value *args, size_t count,
                               struct value *out, struct err *err)
{
    int32_t from, to;
    struct civil a, b;
    int months;

    (void)count;
    if (!a_date(call, args, 0, &from, err) || !a_date(call, args, 1, &to, err))
        return false;
    a = days_to_civil(from);
    b = days_to_civil(to);
    months = (b.year - a.year) * 12 + b.month - a.month;
    if (months > 0 && days_add_months(from, months) > to)
        months--;
    else if (months < 0 && days_add_months(from, months) < to)
        months++;
    *out = value_num(num_from_int(months), UNIT_MONTHS);
    return true;
}

static bool run_date(const struct call *call, const struct value *args, size_t count,
                     struct value *out, struct err *err)
{
    struct civil date;
    int parts[3] = {0};
    int32_t day;

    if (count == 1) {
        if (!a_date(call, args, 0, &day, err))
            return false;
        *out = value_date(day);
        return true;
    }
    for (size_t i = 0; i < count; i++) {
        if (!number(call, args, i, err))
            return false;
        if (num_sign(args[i].num) <= 0 || num_cmp(args[i].num, num_from_int(9999)) > 0)
            parts[i] = 0;
        else
            parts[i] = (int)(args[i].num.v / num_from_int(1).v);
    }
    date = (struct civil){parts[0], parts[1], parts[2]};
    if (!days_valid(date))
        return expr_fail(call->expr, call->node, ERR_INVALID, err,
                         "date() takes a year, a month and a day that exist");
    *out = value_date(days_from_civil(date));
    return true;
}

static bool run_is_null(const struct call *call, const struct value *args, size_t count,
                        struct value *out, struct err *err)
{
    (void)call;
    (void)count;
    (void)err;
    *out = value_bool(args[0].type == VALUE_NULL);
    return true;
}

/* The reason code of a null; "" for what is not null. */
static bool run_reason(const struct call *call, const struct value *args, size_t count,
                       struct value *out, struct err *err)
{
    (void)call;
    (void)count;
    (void)err;
    *out = value_text(args[0].type == VALUE_NULL && args[0].text ? args[0].text : "");
    return true;
}

static bool run_null(const struct call *call, const struct value *args, size_t count,
                     struct value *out, struct err *err)
{
    (void)count;
    if (args[0].type != VALUE_TEXT)
        return call_wrong(call, 0, "a reason", &args[0], err);
    *out = value_null(args[0].text);
    return true;
}

static const struct builtin builtins[] = {
    {"if", 3, 3, BUILTIN_NULLS, NULL}, /* evaluated by its own rule: only one branch is */
    {"round", 1, 2, BUILTIN_MAPS, run_round},
    {"floor", 1, 1, BUILTIN_MAPS, run_floor},
    {"ceil", 1, 1, BUILTIN_MAPS, run_ceil},
    {"abs", 1, 1, BUILTIN_MAPS, run_abs},
    {"sum", 0, 0, BUILTIN_NULLS, run_fold},
    {"min", 1, 0, BUILTIN_NULLS, run_fold},
    {"max", 1, 0, BUILTIN_NULLS, run_fold},
    {"avg", 1, 0, BUILTIN_NULLS, run_fold},
    {"count", 0, 0, BUILTIN_NULLS, run_count},
    {"any", 0, 0, BUILTIN_NULLS, run_any},
    {"all", 0, 0, BUILTIN_NULLS, run_any},
    {"len", 1, 1, 0, run_len},
    {"lower", 1, 1, BUILTIN_MAPS, run_lower},
    {"contains", 2, 2, 0, run_contains},
    {"year", 1, 1, BUILTIN_MAPS, run_date_part},
    {"month", 1, 1, BUILTIN_MAPS, run_date_part},
    {"day", 1, 1, BUILTIN_MAPS, run_date_part},
    {"months_between", 2, 2, BUILTIN_MAPS, run_months_between},
    {"date", 1, 3, 0, run_date},
    {"is_null", 1, 1, BUILTIN_NULLS, run_is_null},
    {"reason", 1, 1, BUILTIN_NULLS, run_reason},
    {"null", 1, 1, 0, run_null},
};

const struct builtin *builtin_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(builtins); i++)
        if (strcmp(builtins[i].name, name) == 0)
            return &builtins[i];
    for (const struct builtin *b = builtins_finance; b->name; b++)
        if (strcmp(b->name, name) == 0)
            return b;
    return NULL;
}
