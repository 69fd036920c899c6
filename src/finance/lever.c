/* lever.c - moving inputs of a rerun from what they are in its base. */
#include "finance/lever.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"

#include "finance/change.h"
#include "finance/inputs.h"
#include "finance/rerun.h"

struct lever lever_of_row(const struct model *m, int line, size_t row)
{
    struct lever l = {.line = line, .first = row, .end = row + 1};

    l.share = m->def->lines[line].wide; /* its months keep their proportions */
    l.has_now = input_value(m, line, row, &l.now);
    if (l.share)
        l.now = num_from_int(1);
    return l;
}

struct lever lever_of_rows(const struct model *m, int line)
{
    const struct line *declared = &m->def->lines[line];
    struct lever l = lever_of_row(m, line, 0);
    bool all = true;
    struct num n;

    l.end = line_rows(m, declared);
    if (declared->wide || l.end < 2)
        return l;
    for (size_t row = 0; row < l.end; row++)
        all = all && input_value(m, line, row, &n) && num_sign(n) != 0;
    l.share = all;
    if (all)
        l.now = num_from_int(1);
    return l;
}

bool lever_find(const struct model *m, const char *name, struct lever *out, struct err *err)
{
    const struct line *l;
    int line, row;

    if (!input_find(m, name, &line, &row, err))
        return false;
    l = &m->def->lines[line];
    if (!line_rows(m, l))
        return err_set(err, ERR_INVALID, 0, "%s: this plan has no %s", l->name,
                       m->def->tables[l->table].label);
    *out = l->table >= 0 && !row ? lever_of_rows(m, line)
                                 : lever_of_row(m, line, row ? (size_t)row - 1 : 0);
    return true;
}

static bool is_single(const struct lever *l)
{
    return l->end == l->first + 1;
}

char *lever_name(const struct model *m, const struct lever *l)
{
    return is_single(l) ? input_name(m, l->line, l->first) : mem_str(m->def->lines[l->line].name);
}

char *lever_title(const struct model *m, const struct lever *l)
{
    if (is_single(l))
        return input_title(m, l->line, l->first);
    return mem_printf("%s (all %zu)", m->def->lines[l->line].label, l->end);
}

char *lever_shown(const struct model *m, const struct lever *l, struct num value)
{
    char percent[NUM_TEXT_SIZE];

    if (!l->share || !num_mul(value, num_from_int(100), &value))
        return input_shown(m, l->line, value);
    num_print(value, percent);
    return mem_printf("%s%% of now", percent);
}

struct num lever_step(const struct model *m, const struct lever *l)
{
    return l->share ? (struct num){num_from_int(1).v / 1000} : input_step(m, l->line, l->first);
}

bool lever_typed(const struct model *m, const struct lever *l, const char *text, struct num *out,
                 struct err *err)
{
    struct change c = {.line = l->line};
    bool factor = text[0] == '*';

    if (!change_read_value(m, text, &c, err))
        return false;
    if (c.how == CHANGE_ADD || c.month > 1 || (l->share && !factor))
        return err_set(err, ERR_INVALID, 0, "\"%.40s\" will not do for %s; %s", text,
                       m->def->lines[l->line].name,
                       l->share ? "its rows are moved by a factor, like *110%"
                                : "write the value itself, or a factor like *110%");
    *out = c.by;
    if (factor && !l->share && (!l->has_now || !num_mul(l->now, c.by, out)))
        return err_set(err, ERR_INVALID, 0, "%s has no value to multiply",
                       m->def->lines[l->line].name);
    return true;
}

void lever_vary(const struct lever *l, struct rerun *r)
{
    for (size_t row = l->first; row < l->end; row++)
        rerun_vary(r, l->line, row);
}

/* The months of an input that has them, by a factor. */
static bool set_months(const struct lever *l, const struct model *base, struct rerun *r, size_t row,
                       struct num factor, struct err *err)
{
    size_t cell = cell_at(base, l->line, row);
    struct num value;

    for (int month = 1; month <= MODEL_MONTHS; month++) {
        size_t at = cell + (size_t)month - 1;

        if (base->why[at])
            continue;
        if (!num_mul((struct num){base->v[at]}, factor, &value))
            return err_set(err, ERR_LIMIT, 0, "the number is too large");
        if (!input_allows(base, l->line, value, err))
            return false;
        rerun_set_month(r, l->line, row, month, value);
    }
    return true;
}

bool lever_set(const struct lever *l, const struct model *base, struct rerun *r, struct num value,
               struct err *err)
{
    const struct line *declared = &base->def->lines[l->line];

    for (size_t row = l->first; row < l->end; row++) {
        struct num now = {0}, moved = value;

        if (declared->wide) {
            if (!set_months(l, base, r, row, value, err))
                return false;
            continue;
        }
        if (l->share && !input_value(base, l->line, row, &now))
            continue;
        if (l->share && !num_mul(now, value, &moved))
            return err_set(err, ERR_LIMIT, 0, "the number is too large");
        if (declared->unit == UNIT_MONTHS)
            moved = input_rounded(moved, num_from_int(1));
        if (!input_allows(base, l->line, moved, err))
            return false;
        rerun_set(r, l->line, row, moved);
    }
    return true;
}
