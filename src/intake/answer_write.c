/* answer_write.c - answers as text: as a person would type them again, and as they are shown. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/intake.h"
#include "strattio/json.h"
#include "strattio/money.h"
#include "strattio/strbuf.h"

#include "expr/days.h"
#include "intake/answer_read.h"
#include "intake/questions.h"
#include "intake/typed.h"

enum { LONG_ENTRY = 32, ROWS_NAMED = 4 };

struct writing {
    const struct intake *in;
    const bson_t *answers;
    const char *currency;
    bool shown;
};

static double number_of(const bson_iter_t *it)
{
    return BSON_ITER_HOLDS_DOUBLE(it) ? bson_iter_double(it) : (double)bson_iter_as_int64(it);
}

/* An amount: "4.20" to type, "£4.20" to show; a whole one without decimals. No printf of a double,
 * whose decimal point would follow the locale. */
static void write_money(const struct writing *w, const char *currency, double x, struct strbuf *out)
{
    int exponent = money_exponent(currency);
    int64_t scale = (int64_t)pow(10, exponent), minor;

    if (!(fabs(x) * (double)scale <= 0x1p53))
        return;
    minor = (int64_t)round(x * (double)scale);
    if (w->shown)
        money_print(minor, currency, minor % scale ? exponent : 0, out);
    else if (minor % scale)
        strbuf_printf(out, "%s%lld.%0*lld", minor < 0 ? "-" : "", llabs(minor / scale), exponent,
                      llabs(minor % scale));
    else
        strbuf_printf(out, "%lld", (long long)(minor / scale));
}

static void write_number(const struct writing *w, const struct question *q, double x,
                         const bson_t *row, struct strbuf *out)
{
    char number[TYPED_NUMBER_SIZE];

    if (q->type == QUESTION_MONEY) {
        write_money(w, answer_number_currency(w->in, q, w->currency, row), x, out);
        return;
    }
    typed_print_number(x, w->shown, number);
    strbuf_printf(out, "%s%s", number, q->type == QUESTION_PERCENT ? "%" : "");
}

static const char *choice_label(const struct question *q, const char *key)
{
    for (size_t i = 0; i < q->choice_count; i++)
        if (strcmp(q->choices[i].key, key) == 0)
            return q->choices[i].label;
    return key;
}

/* "2027-03-01" as "1 March 2027". */
static void write_date(const char *date, struct strbuf *out)
{
    if (!typed_is_date(date)) {
        strbuf_str(out, date);
        return;
    }
    strbuf_printf(out, "%d %s %.4s", atoi(date + 8), days_month_name(atoi(date + 5)), date);
}

static void write_text(const struct writing *w, const struct question *q, const char *text,
                       struct strbuf *out)
{
    const char *name = NULL;

    if (q->type == QUESTION_INDUSTRY)
        name = intake_industry_label(w->in, text);
    else if (w->shown && q->type == QUESTION_COUNTRY)
        name = intake_country_name(w->in, text);
    else if (w->shown && (q->type == QUESTION_CHOICE || q->type == QUESTION_CHOICES))
        name = choice_label(q, text);
    if (w->shown && q->type == QUESTION_DATE)
        write_date(text, out);
    else
        strbuf_str(out, name ? name : text);
}

/* What stands between two entries: ";" or, if an entry has one, a line end to type; "," and "and"
 * to show, unless an entry is long or has a comma itself. */
static const char *separator(const struct writing *w, const bson_iter_t *list, bool last)
{
    bool semicolons = false, plain = true;
    bson_iter_t item;

    if (bson_iter_recurse(list, &item))
        while (bson_iter_next(&item)) {
            const char *text = BSON_ITER_HOLDS_UTF8(&item) ? bson_iter_utf8(&item, NULL) : "";

            semicolons = semicolons || strchr(text, ';');
            plain = plain && !strpbrk(text, ",;") && strlen(text) < LONG_ENTRY;
        }
    if (!w->shown)
        return semicolons ? "\n" : "; ";
    return !plain ? "; " : last ? " and " : ", ";
}

static void write_list(const struct writing *w, const struct question *q, const bson_iter_t *it,
                       struct strbuf *out)
{
    size_t count = 0, at = 0;
    bson_iter_t item;

    if (bson_iter_recurse(it, &item))
        while (bson_iter_next(&item))
            count++;
    if (!count || !bson_iter_recurse(it, &item))
        return;
    while (bson_iter_next(&item)) {
        if (at++)
            strbuf_str(out, separator(w, it, at == count));
        if (BSON_ITER_HOLDS_UTF8(&item))
            write_text(w, q, bson_iter_utf8(&item, NULL), out);
    }
    if (count == 1 && !w->shown && *separator(w, it, false) == '\n')
        strbuf_char(out, '\n'); /* so that it is split at lines again */
}

/* "Jan 80%, Feb 90%, ..."; typed again it is "80; 90; ...". */
static void write_months(const struct writing *w, const bson_iter_t *it, struct strbuf *out)
{
    static const char *const names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    char number[TYPED_NUMBER_SIZE];
    bson_iter_t item;

    if (!bson_iter_recurse(it, &item))
        return;
    for (size_t i = 0; i < ARRAY_LEN(names) && bson_iter_next(&item); i++) {
        typed_print_number(number_of(&item), w->shown, number);
        if (w->shown)
            strbuf_printf(out, "%s%s %s%%", i ? ", " : "", names[i], number);
        else
            strbuf_printf(out, "%s%s", i ? "; " : "", number);
    }
}

static void write_value(const struct writing *w, const struct question *q, const bson_iter_t *it,
                        const bson_t *row, struct strbuf *out);

/* A group as shown: "Amount: £25,000; Months to repay: 60". */
static void write_group(const struct writing *w, const struct question *q, const bson_t *view,
                        struct strbuf *out)
{
    bool first = true;

    for (size_t i = 0; i < q->column_count; i++) {
        bson_iter_t it;

        if (!bson_iter_init_find(&it, view, q->columns[i].field))
            continue;
        strbuf_printf(out, "%s%s: ", first ? "" : "; ", q->columns[i].label);
        write_value(w, &q->columns[i], &it, view, out);
        first = false;
    }
}

/* A table as shown: "3 rows: Loaf; Bun; Cake", by the first column. */
static void write_rows(const struct writing *w, const struct question *q, const bson_t *view,
                       struct strbuf *out)
{
    unsigned count = bson_count_keys(view), at = 0;
    bson_iter_t it, cell;

    if (!count)
        strbuf_str(out, "none");
    else
        strbuf_printf(out, "%u row%s", count, count == 1 ? "" : "s");
    bson_iter_init(&it, view);
    while (bson_iter_next(&it) && at < ROWS_NAMED) {
        if (!bson_iter_recurse(&it, &cell) || !bson_iter_find(&cell, q->columns[0].field))
            continue;
        strbuf_str(out, at++ ? "; " : ": ");
        write_value(w, &q->columns[0], &cell, NULL, out);
    }
    if (at && at < count)
        strbuf_str(out, "; ...");
}

static void write_structure(const struct writing *w, const struct question *q,
                            const bson_iter_t *it, struct strbuf *out)
{
    bool array = BSON_ITER_HOLDS_ARRAY(it);
    const uint8_t *data;
    uint32_t size;
    bson_t view;

    if (array)
        bson_iter_array(it, &size, &data);
    else
        bson_iter_document(it, &size, &data);
    if (!bson_init_static(&view, data, size))
        return;
    if (!w->shown && array)
        json_write_array(&view, JSON_COMPACT, out);
    else if (!w->shown)
        json_write(&view, JSON_COMPACT, out);
    else if (array)
        write_rows(w, q, &view, out);
    else
        write_group(w, q, &view, out);
}

static void write_value(const struct writing *w, const struct question *q, const bson_iter_t *it,
                        const bson_t *row, struct strbuf *out)
{
    if (BSON_ITER_HOLDS_NUMBER(it))
        write_number(w, q, number_of(it), row, out);
    else if (BSON_ITER_HOLDS_BOOL(it))
        strbuf_str(out, bson_iter_bool(it) ? "yes" : "no");
    else if (BSON_ITER_HOLDS_UTF8(it))
        write_text(w, q, bson_iter_utf8(it, NULL), out);
    else if (BSON_ITER_HOLDS_ARRAY(it) && q->type == QUESTION_MONTHS)
        write_months(w, it, out);
    else if (BSON_ITER_HOLDS_ARRAY(it) && q->type != QUESTION_TABLE)
        write_list(w, q, it, out);
    else if (BSON_ITER_HOLDS_ARRAY(it) || BSON_ITER_HOLDS_DOCUMENT(it))
        write_structure(w, q, it, out);
}

static void write_answer(const struct intake *in, const bson_t *answers, const char *path,
                         bool shown, struct strbuf *out)
{
    struct writing w = {in, answers, doc_str(answers, "currency", "GBP"), shown};
    const struct question *q = intake_question(in, path), *parent;
    bson_t row;
    bool in_group;
    bson_iter_t it;

    if (!q || !doc_find(answers, path, &it))
        return;
    parent = questions_rule(in, q)->parent;
    in_group = parent && parent->type == QUESTION_GROUP && doc_view(answers, parent->field, &row);
    write_value(&w, q, &it, in_group ? &row : NULL, out);
}

void intake_typed(const struct intake *in, const bson_t *answers, const char *path,
                  struct strbuf *out)
{
    write_answer(in, answers, path, false, out);
}

void intake_shown(const struct intake *in, const bson_t *answers, const char *path,
                  struct strbuf *out)
{
    write_answer(in, answers, path, true, out);
}
