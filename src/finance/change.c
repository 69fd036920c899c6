/* change.c - reading and applying changes. An input is changed from what it is now, so that of two
 * changes of one input the second goes on from the first. */
#include "finance/change.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"

#include "finance/inputs.h"
#include "finance/rerun.h"
#include "intake/typed.h"

/* Cuts "@m13" off the end of `text`; 1 if there is none, 0 with err set if it is wrong. */
static int cut_month(const struct model *m, char *text, int line, struct err *err)
{
    char *at = strchr(text, '@'), *end;
    long month;

    if (!at)
        return 1;
    month = at[1] == 'm' ? strtol(at + 2, &end, 10) : 0;
    if (month < 1 || month > MODEL_MONTHS || *end) {
        err_set(err, ERR_INVALID, 0, "\"%.20s\" is no month; from month 13 on is @m13", at);
        return 0;
    }
    if (!m->def->lines[line].wide && month > 1) {
        err_set(err, ERR_INVALID, 0,
                "%s is one value for the whole plan, so it cannot change from a month on; what can "
                "is products.seasonality, the share of an ordinary month",
                m->def->lines[line].name);
        return 0;
    }
    *at = '\0';
    return (int)month;
}

/* A factor: "80%" or "0.8". */
static bool read_factor(const char *text, struct num *out, struct err *err)
{
    double typed;

    if (strchr(text, '%') ? typed_percent(text, &typed) && num_from_double(typed, out) &&
                                num_div(*out, num_from_int(100), out)
                          : typed_number(text, &typed) && num_from_double(typed, out))
        return true;
    return err_set(err, ERR_INVALID, 0, "\"%.40s\" is no factor; times 80%% is *80%%", text);
}

static bool read_how(const struct model *m, const char *text, struct change *c, struct err *err)
{
    bool percent = m->def->lines[c->line].percent, minus = *text == '-';

    if (*text == '*') {
        c->how = CHANGE_TIMES;
        return read_factor(text + 1, &c->by, err);
    }
    if (*text != '+' && !minus) {
        c->how = CHANGE_SET;
        return input_typed(m, c->line, text + (*text == '='), &c->by, err);
    }
    if (!percent && strchr(text, '%')) {
        c->how = CHANGE_TIMES;
        if (!read_factor(text + 1, &c->by, err))
            return false;
        return num_add(num_from_int(1), (struct num){minus ? -c->by.v : c->by.v}, &c->by) ||
               err_set(err, ERR_LIMIT, 0, "\"%.40s\" is too large", text);
    }
    c->how = CHANGE_ADD;
    if (!input_typed(m, c->line, text + 1, &c->by, err))
        return false;
    c->by.v = minus ? -c->by.v : c->by.v;
    return true;
}

bool change_read_value(const struct model *m, const char *text, struct change *out, struct err *err)
{
    char *value = mem_str(text);
    bool ok;

    out->month = cut_month(m, value, out->line, err);
    ok = out->month > 0 && read_how(m, value, out, err);
    free(value);
    return ok;
}

bool change_read(const struct model *m, const char *text, struct change *out, struct err *err)
{
    const char *equals = strchr(text, '=');
    char *name;
    bool ok;

    if (!equals || equals == text || !equals[1])
        return err_set(err, ERR_INVALID, 0,
                       "\"%.60s\" is not INPUT=CHANGE, for example products.price[1]=*110%%", text);
    name = mem_strn(text, (size_t)(equals - text));
    ok = input_find(m, name, &out->line, &out->row, err);
    free(name);
    return ok && change_read_value(m, equals + 1, out, err);
}

bool change_apply(const struct model *m, const struct change *c, struct num value, struct num *out,
                  struct err *err)
{
    bool ok = true;

    *out = c->by;
    if (c->how == CHANGE_ADD)
        ok = num_add(value, c->by, out);
    else if (c->how == CHANGE_TIMES)
        ok = num_mul(value, c->by, out);
    if (!ok)
        return err_set(err, ERR_LIMIT, 0, "%s: the number is too large",
                       m->def->lines[c->line].name);
    if (m->def->lines[c->line].unit == UNIT_MONTHS)
        *out = input_rounded(*out, num_from_int(1));
    return input_allows(m, c->line, *out, err);
}

static void rows_of(const struct change *c, const struct model *m, size_t *first, size_t *end)
{
    *first = c->row ? (size_t)c->row - 1 : 0;
    *end = c->row ? (size_t)c->row : line_rows(m, &m->def->lines[c->line]);
}

void change_vary(const struct change *c, const struct model *base, struct rerun *r)
{
    size_t row, end;

    for (rows_of(c, base, &row, &end); row < end; row++)
        rerun_vary(r, c->line, row);
}

/* Month by month, since each may have another value. */
static bool set_months(const struct change *c, const struct model *now, struct rerun *r, size_t row,
                       struct err *err)
{
    size_t cell = cell_at(now, c->line, row);
    struct num value;

    for (int month = c->month; month <= MODEL_MONTHS; month++) {
        size_t at = cell + (size_t)month - 1;

        if (now->why[at] && c->how != CHANGE_SET)
            continue;
        if (!change_apply(now, c, (struct num){now->v[at]}, &value, err))
            return false;
        rerun_set_month(r, c->line, row, month, value);
    }
    return true;
}

bool change_set(const struct change *c, struct rerun *r, struct err *err)
{
    const struct model *now = rerun_model(r);
    size_t row, end;
    struct num value;

    for (rows_of(c, now, &row, &end); row < end; row++) {
        bool has = input_value(now, c->line, row, &value);

        if (now->def->lines[c->line].wide) {
            if (!set_months(c, now, r, row, err))
                return false;
            continue;
        }
        if (!has && c->how != CHANGE_SET && c->row)
            return err_set(err, ERR_INVALID, 0, "%s[%d] has no value to change: answer it first",
                           now->def->lines[c->line].name, c->row);
        if (!has && c->how != CHANGE_SET)
            continue;
        if (!change_apply(now, c, value, &value, err))
            return false;
        rerun_set(r, c->line, row, value);
    }
    return true;
}
