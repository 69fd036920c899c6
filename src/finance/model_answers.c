/* model_answers.c - answers into cells. One pass over the document finds the tables and the
 * inputs that are stated; what is not stated stays null until its default runs. Texts become
 * numbers: those that formulas compare with have theirs already. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/money.h"

#include "expr/days.h"
#include "finance/margins.h"
#include "finance/model_run.h"
#include "finance/rates.h"

enum { ROWS_MOST = 100000, CALENDAR_MONTHS = 12 };

struct taker {
    struct model *m;
    struct err *err;
    const char *table; /* of the row being read, NULL outside */
    size_t row;        /* in the model's table */
    size_t first_row;  /* of those of this answer */
};

static bool PRINTF_LIKE(3, 4) bad(struct taker *t, const char *key, const char *fmt, ...)
{
    char text[160];
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    if (t->table)
        return err_set(t->err, ERR_INVALID, 0, "%s.%zu.%s: %s", t->table, t->row - t->first_row,
                       key, text);
    return err_set(t->err, ERR_INVALID, 0, "%s: %s", key, text);
}

static int text_number(struct model *m, const char *text)
{
    for (size_t i = 0; i < m->def->text_count; i++)
        if (strcmp(m->texts[i], text) == 0)
            return (int)i;
    m->texts = mem_grow(m->texts, &m->text_cap, m->text_count + 1, sizeof(char *));
    m->texts[m->text_count] = mem_str(text);
    return (int)m->text_count++;
}

static bool take_number(struct taker *t, const struct line *l, const char *key,
                        const bson_iter_t *it, num_int *out)
{
    struct num n, hundred = num_from_int(100);
    char limit[NUM_TEXT_SIZE];

    if (!BSON_ITER_HOLDS_NUMBER(it))
        return bad(t, key, "a number is expected here");
    if (!BSON_ITER_HOLDS_DOUBLE(it))
        n = num_from_int(bson_iter_as_int64(it));
    else if (!num_from_double(bson_iter_double(it), &n))
        return isfinite(bson_iter_double(it))
                   ? err_set(t->err, ERR_LIMIT, 0, "%s: the number is too large", key)
                   : bad(t, key, "a number is expected here");
    if (l->has_least && num_cmp(n, l->least) < 0) {
        num_print(l->least, limit);
        return bad(t, key, "at least %s is allowed", limit);
    }
    if (l->has_most && num_cmp(n, l->most) > 0) {
        num_print(l->most, limit);
        return bad(t, key, "at most %s is allowed", limit);
    }
    if (l->unit == UNIT_MONEY && (n.v > t->m->limit || n.v < -t->m->limit))
        return err_set(t->err, ERR_LIMIT, 0, "%s: the amount is too large", key);
    if (l->percent && !num_div(n, hundred, &n))
        return err_set(t->err, ERR_LIMIT, 0, "%s: the number is too large", key);
    *out = n.v;
    return true;
}

static bool take_value(struct taker *t, const struct line *l, const char *key,
                       const bson_iter_t *it, num_int *out)
{
    int32_t day;

    switch (l->type) {
    case VALUE_NUM:
        return take_number(t, l, key, it, out);
    case VALUE_BOOL:
        if (!BSON_ITER_HOLDS_BOOL(it))
            return bad(t, key, "true or false is expected here");
        *out = bson_iter_bool(it) ? num_from_int(1).v : 0;
        return true;
    case VALUE_DATE:
        if (!BSON_ITER_HOLDS_UTF8(it) || !days_parse(bson_iter_utf8(it, NULL), &day))
            return bad(t, key, "a date like 2027-01-31 is expected here");
        *out = num_from_int(day).v;
        return true;
    default:
        if (!BSON_ITER_HOLDS_UTF8(it))
            return bad(t, key, "text is expected here");
        *out = text_number(t->m, bson_iter_utf8(it, NULL));
        return true;
    }
}

/* Twelve numbers, January first, spread over the months of the model. */
static bool take_by_month(struct taker *t, const struct line *l, const char *key,
                          const bson_iter_t *it, size_t cell)
{
    struct civil start = days_to_civil(t->m->start);
    num_int by_month[CALENDAR_MONTHS];
    bson_iter_t item;
    int count = 0;

    if (!BSON_ITER_HOLDS_ARRAY(it) || !bson_iter_recurse(it, &item))
        return bad(t, key, "a list of twelve numbers, January first, is expected here");
    while (bson_iter_next(&item)) {
        if (count == CALENDAR_MONTHS)
            return bad(t, key, "a list of twelve numbers, January first, is expected here");
        if (!take_number(t, l, key, &item, &by_month[count++]))
            return false;
    }
    if (count != CALENDAR_MONTHS)
        return bad(t, key, "a list of twelve numbers, January first, is expected here");
    for (int i = 0; i < MODEL_MONTHS; i++) {
        t->m->v[cell + (size_t)i] = by_month[(start.month - 1 + i) % CALENDAR_MONTHS];
        t->m->why[cell + (size_t)i] = REASON_NONE;
    }
    return true;
}

static bool take_input(struct taker *t, int line, const bson_iter_t *it)
{
    struct model *m = t->m;
    const struct line *l = &m->def->lines[line];
    size_t cell = cell_at(m, line, t->table ? t->row : 0);
    const char *key = bson_iter_key(it);

    if (BSON_ITER_HOLDS_NULL(it))
        return true;
    if (l->by_month ? !take_by_month(t, l, key, it, cell) : !take_value(t, l, key, it, &m->v[cell]))
        return false;
    m->why[cell] = REASON_NONE;
    m->origin[m->origin_first[line] + (t->table ? t->row : 0)] = ORIGIN_ANSWER;
    return true;
}

/* ---- tables ---------------------------------------------------------------------------------- */

/* Counts the rows of one of the answers a table is read from: an array of documents, or one
 * document. */
static bool count_part(struct model *m, size_t table, size_t part, const bson_t *intake,
                       struct err *err)
{
    bson_iter_t it, item;
    size_t rows = 0;

    if (!bson_iter_init_find(&it, intake, m->def->tables[table].paths[part]) ||
        BSON_ITER_HOLDS_NULL(&it))
        return true;
    if (BSON_ITER_HOLDS_DOCUMENT(&it)) {
        rows = 1;
        m->single[table][part] = true;
    } else if (BSON_ITER_HOLDS_ARRAY(&it) && bson_iter_recurse(&it, &item)) {
        while (bson_iter_next(&item))
            rows++;
    } else {
        return err_set(err, ERR_INVALID, 0, "%s: a list of rows is expected here",
                       bson_iter_key(&it));
    }
    if (rows > ROWS_MOST)
        return err_set(err, ERR_LIMIT, 0, "%s: at most %d rows are allowed", bson_iter_key(&it),
                       ROWS_MOST);
    m->part_rows[table][part] = rows;
    m->rows[table] += rows;
    return true;
}

static bool count_rows(struct model *m, size_t table, const bson_t *intake, struct err *err)
{
    const struct table *t = &m->def->tables[table];

    for (size_t i = 0; i < t->path_count; i++)
        if (!count_part(m, table, i, intake, err))
            return false;
    m->made_up[table] = !m->rows[table] && t->otherwise;
    if (m->made_up[table])
        m->rows[table] = 1;
    return true;
}

size_t model_part(const struct model *m, int table, size_t *row)
{
    size_t part = 0;

    while (part + 1 < m->def->tables[table].path_count && *row >= m->part_rows[table][part])
        *row -= m->part_rows[table][part++];
    return part;
}

/* The column of `table` that reads `key`; -1: none. Columns of a table stand together. */
static int column_for(const struct model_def *def, int table, const char *key)
{
    for (size_t i = 0; i < def->line_count; i++) {
        const struct line *l = &def->lines[i];

        if (l->table == table && l->kind == LINE_INPUT &&
            (strcmp(l->path, key) == 0 || (l->path2 && strcmp(l->path2, key) == 0)))
            return (int)i;
    }
    return -1;
}

struct column_cache { /* keys of rows come in the same order again and again */
    char key[64];
    int line;
};

static bool take_row(struct taker *t, int table, const bson_iter_t *row, struct column_cache *cache,
                     size_t cache_size)
{
    bson_iter_t field;
    size_t at = 0;

    if (!BSON_ITER_HOLDS_DOCUMENT(row) || !bson_iter_recurse(row, &field))
        return err_set(t->err, ERR_INVALID, 0, "%s.%zu: a row with its fields is expected here",
                       t->table, t->row - t->first_row);
    for (; bson_iter_next(&field); at++) {
        struct column_cache *c = &cache[at % cache_size];
        const char *key = bson_iter_key(&field);

        if (strcmp(c->key, key) != 0) {
            c->line = column_for(t->m->def, table, key);
            c->key[0] = '\0';
            strncat(c->key, key, sizeof c->key - 1);
        }
        if (c->line >= 0 && !take_input(t, c->line, &field))
            return false;
    }
    return true;
}

static bool take_part(struct taker *t, int table, size_t part, const bson_t *intake)
{
    struct column_cache cache[24];
    bson_iter_t it, item;

    if (!t->m->part_rows[table][part] ||
        !bson_iter_init_find(&it, intake, t->m->def->tables[table].paths[part]))
        return true;
    t->table = bson_iter_key(&it);
    t->first_row = t->row;
    for (size_t i = 0; i < ARRAY_LEN(cache); i++)
        cache[i] = (struct column_cache){"\n", -1}; /* which is no key */
    if (t->m->single[table][part]) {
        if (!take_row(t, table, &it, cache, ARRAY_LEN(cache)))
            return false;
        t->row++;
    } else if (bson_iter_recurse(&it, &item)) {
        for (; bson_iter_next(&item); t->row++)
            if (!take_row(t, table, &item, cache, ARRAY_LEN(cache)))
                return false;
    }
    t->table = NULL;
    return true;
}

static bool take_table(struct taker *t, int table, const bson_t *intake)
{
    t->row = 0;
    for (size_t i = 0; i < t->m->def->tables[table].path_count; i++)
        if (!take_part(t, table, i, intake))
            return false;
    return true;
}

/* ---- inputs outside tables, and what is there without being asked ---------------------------- */

static bool take_inputs(struct taker *t, const bson_t *intake)
{
    const struct model_def *def = t->m->def;
    bson_iter_t it;

    if (!bson_iter_init(&it, intake))
        return bad(t, "intake_data", "this is no document");
    while (bson_iter_next(&it)) {
        const char *key = bson_iter_key(&it);
        size_t low = 0, high = def->top_input_count;

        while (low < high) {
            size_t mid = (low + high) / 2;

            if (strcmp(def->lines[def->top_inputs[mid]].path, key) < 0)
                low = mid + 1;
            else
                high = mid;
        }
        for (;
             low < def->top_input_count && strcmp(def->lines[def->top_inputs[low]].path, key) == 0;
             low++)
            if (!take_input(t, def->top_inputs[low], &it))
                return false;
    }
    return true;
}

static void fill_natives(struct model *m, int line)
{
    const struct line *l = &m->def->lines[line];
    struct civil start = days_to_civil(m->start);
    size_t cell = m->first[line];

    for (int i = 0; i < MODEL_CELLS; i++) {
        int month = i < MODEL_MONTHS ? i : (i - MODEL_MONTHS) * 12 + 11; /* a year: its last */
        int value = l->native == NATIVE_MONTH            ? month + 1
                    : l->native == NATIVE_YEAR           ? month / 12 + 1
                    : l->native == NATIVE_MONTH_OF_YEAR  ? month % 12 + 1
                    : l->native == NATIVE_CALENDAR_MONTH ? (start.month - 1 + month) % 12 + 1
                    : month                              ? m->last_day[month - 1] + 1
                                                         : m->start;

        m->v[cell + (size_t)i] = num_from_int(value).v;
        m->why[cell + (size_t)i] = REASON_NONE;
    }
}

static const char *input_text(const struct model *m, int line)
{
    size_t cell = m->first[line];

    return m->why[cell] ? NULL : m->texts[m->v[cell]];
}

const char *model_country(const struct model *m)
{
    const char *country = input_text(m, m->def->country);

    return country ? country : "";
}

/* A rate of a month is what is in force on its last day. */
static void fill_rate(struct model *m, int line)
{
    const struct line *l = &m->def->lines[line];
    const char *country = input_text(m, m->def->country);
    size_t cell = m->first[line];
    const struct rate_value *value = NULL;
    enum rate_gap gap = RATE_GAP_UNKNOWN;

    if (country && !rates_has(m->def->rates, l->rate, country))
        country = NULL;
    for (int i = 0; i < MODEL_CELLS; i++) {
        int32_t day = m->last_day[i];

        if (country && (!value || day < value->from || day > value->to))
            value = rates_at(m->def->rates, l->rate, country, m->currency, day, &gap);
        m->v[cell + (size_t)i] = value ? value->value.v : 0;
        m->why[cell + (size_t)i] = value                      ? REASON_NONE
                                   : gap == RATE_GAP_CURRENCY ? REASON_CURRENCY
                                                              : REASON_RATE;
    }
}

static void fill_margin(struct model *m, int line)
{
    const struct trade_margins *both = m->margins;
    bool gross = m->def->lines[line].native == NATIVE_GROSS_MARGIN;

    m->v[m->first[line]] = (gross ? both->gross : both->operating).rate.v;
    m->why[m->first[line]] = REASON_NONE;
}

bool model_source(const struct model *m, int line, const char **title, const char **date)
{
    const struct line *l = &m->def->lines[line];
    const char *country = input_text(m, m->def->country);
    const struct margin *margin;
    const struct rate_value *value;
    enum rate_gap gap;

    if (l->native == NATIVE_RATE) {
        value = country
                    ? rates_at(m->def->rates, l->rate, country, m->currency, m->last_day[0], &gap)
                    : NULL;
        if (!value)
            return false;
        *title = value->source;
        *date = value->from_text;
        return true;
    }
    if (l->native != NATIVE_GROSS_MARGIN && l->native != NATIVE_OPERATING_MARGIN)
        return false;
    margin = l->native == NATIVE_GROSS_MARGIN ? &m->margins->gross : &m->margins->operating;
    *title = margin->source ? margin->source : margin->basis;
    *date = margin->date;
    return true;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void allocate(struct model *m)
{
    const struct model_def *def = m->def;
    size_t cells = 0, origins = 0;

    m->first = mem_zero(def->line_count, sizeof *m->first);
    m->origin_first = mem_zero(def->line_count, sizeof *m->origin_first);
    for (size_t i = 0; i < def->line_count; i++) {
        const struct line *l = &def->lines[i];

        m->first[i] = cells;
        m->origin_first[i] = origins;
        cells += line_rows(m, l) * line_width(l);
        if (l->kind == LINE_INPUT)
            origins += line_rows(m, l);
    }
    m->v = mem_zero(cells, sizeof *m->v);
    m->why = mem_zero(cells, 1);
    memset(m->why, REASON_MISSING, cells);
    m->origin = mem_zero(origins, 1);
    m->cell_count = cells;
    m->origin_count = origins;
}

/* Amounts are checked against the currency's limit while they are read, so it is looked up
 * first. */
static void set_currency(struct model *m, const bson_t *intake)
{
    bson_iter_t it;
    bool stated = bson_iter_init_find(&it, intake, "currency") && BSON_ITER_HOLDS_UTF8(&it);

    m->currency = mem_str(stated ? bson_iter_utf8(&it, NULL) : "GBP");
    m->exponent = money_exponent(m->currency);
    m->limit = num_from_int(INT64_C(1) << 53).v;
    for (int i = 0; i < m->exponent; i++)
        m->limit /= 10;
}

bool model_take_answers(struct model *m, const bson_t *intake, const char *start_date,
                        struct err *err)
{
    const struct model_def *def = m->def;
    struct taker t = {.m = m, .err = err};
    struct civil first;

    if (!start_date || !days_parse(start_date, &m->start))
        return err_set(err, ERR_INVALID, 0,
                       "start date \"%.40s\": a date like 2027-01-31 is expected",
                       start_date ? start_date : "");
    first = days_to_civil(m->start);
    if (first.year > 9990)
        return err_set(err, ERR_INVALID, 0, "start date \"%.40s\": too far away", start_date);
    first.day = 1; /* months are calendar months */
    m->start = days_from_civil(first);
    for (int i = 0; i < MODEL_CELLS; i++)
        m->last_day[i] = i < MODEL_MONTHS ? days_add_months(m->start, i + 1) - 1
                                          : m->last_day[(i - MODEL_MONTHS) * 12 + 11];
    for (size_t i = 0; i < def->table_count; i++)
        if (!count_rows(m, i, intake, err))
            return false;
    m->texts = mem_zero(def->text_count + 8, sizeof(char *));
    m->text_cap = def->text_count + 8;
    for (; m->text_count < def->text_count; m->text_count++)
        m->texts[m->text_count] = mem_str(def->texts[m->text_count]);
    allocate(m);
    set_currency(m, intake);
    if (!take_inputs(&t, intake))
        return false;
    for (size_t i = 0; i < def->table_count; i++)
        if (!take_table(&t, (int)i, intake))
            return false;
    m->margins = margins_find(def->margins, input_text(m, def->industry));
    for (size_t i = 0; i < def->line_count; i++)
        switch (def->lines[i].native) {
        case NATIVE_NONE:
            break;
        case NATIVE_RATE:
            fill_rate(m, (int)i);
            break;
        case NATIVE_GROSS_MARGIN:
        case NATIVE_OPERATING_MARGIN:
            fill_margin(m, (int)i);
            break;
        default:
            fill_natives(m, (int)i);
            break;
        }
    return true;
}
