/* answer_months.c - twelve percentages, January first: how each month compares with an ordinary one.
 * They are typed in a row, or begun and filled to December: "80; 90; >100i5". */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/mem.h"

#include "intake/answer_reader.h"
#include "intake/answer_rows.h"

enum { MONTHS = 12 };

/* Puts the value of one month, as it came, through the reader of percentages. */
static bool read_month(struct reading *r, const struct question *q, const bson_iter_t *it,
                       size_t month, bson_t *out)
{
    static const char *const keys[MONTHS] = {"0", "1", "2", "3", "4",  "5",
                                             "6", "7", "8", "9", "10", "11"};
    size_t base = r->path.len;
    bool ok;

    strbuf_printf(&r->path, ".%zu", month);
    ok = answer_number_percent(r, q, it, keys[month], out);
    strbuf_truncate(&r->path, base);
    return ok;
}

static bool read_text(struct reading *r, const struct question *q, const char *text, size_t month,
                      bson_t *out)
{
    bson_t one = BSON_INITIALIZER;
    bson_iter_t it;
    bool ok;

    bson_append_utf8(&one, "v", 1, text, -1);
    ok = bson_iter_init_find(&it, &one, "v") && read_month(r, q, &it, month, out);
    bson_destroy(&one);
    return ok;
}

/* From `month` on to December. */
static bool fill(struct reading *r, const struct question *q, const char *text, size_t *month,
                 bson_t *out)
{
    struct fill f;

    if (!answer_rows_read_fill(text, &f)) {
        answer_problem_add(r->out, r->path.data, false,
                           "\"%.40s\" fills nothing; try >100 to repeat, >100i5 to add 5 each "
                           "month, or >100g2%% to grow by 2%%",
                           text);
        return false;
    }
    for (size_t first = *month; *month < MONTHS; ++*month) {
        char *value = mem_printf("%.2f", answer_rows_fill_value(&f, *month - first));
        bool ok = read_text(r, q, value, *month, out);

        free(value);
        if (!ok)
            return false;
    }
    return true;
}

static bool tell_count(struct reading *r, size_t count)
{
    answer_problem_add(r->out, r->path.data, false,
                       "%zu number%s; twelve are needed, January first, as 80; 90; >100, where "
                       ">100 fills the rest",
                       count, count == 1 ? " is here" : "s are here");
    return false;
}

/* "[80, 90, ...]", or with semicolons, tabs, lines or else blanks between. */
static bool read_typed(struct reading *r, const struct question *q, const char *typed, bson_t *out)
{
    char *text = mem_str(typed), *rest = NULL, *at = text;
    const char *between = *text == '[' ? "[],\t\n" : strpbrk(text, ";\t\n") ? ";\t\n" : " ";
    size_t count = 0;
    bool ok = true;

    for (char *one = strtok_r(at, between, &rest); ok && one;
         one = strtok_r(NULL, between, &rest)) {
        one += strspn(one, " ");
        if (!*one)
            continue;
        if (count < MONTHS && *one == '>')
            ok = fill(r, q, one, &count, out);
        else if (count < MONTHS)
            ok = read_text(r, q, one, count, out);
        count += *one != '>';
    }
    free(text);
    return ok && (count == MONTHS || tell_count(r, count));
}

static bool read_array(struct reading *r, const struct question *q, const bson_iter_t *it,
                       bson_t *out)
{
    bson_iter_t item;
    size_t count = 0;
    bool ok = bson_iter_recurse(it, &item);

    for (; ok && bson_iter_next(&item); count++)
        ok = count >= MONTHS || read_month(r, q, &item, count, out);
    return ok && (count == MONTHS || tell_count(r, count));
}

bool answer_months_read(struct reading *r, const struct question *q, const bson_iter_t *it,
                        const char *key, bson_t *out)
{
    bson_t months = BSON_INITIALIZER;
    bool ok;

    if (BSON_ITER_HOLDS_ARRAY(it))
        ok = read_array(r, q, it, &months);
    else if (BSON_ITER_HOLDS_UTF8(it) && !r->strict)
        ok = read_typed(r, q, bson_iter_utf8(it, NULL), &months);
    else
        ok = answer_problem_kind(r, q, it, "a list of twelve numbers");
    if (ok)
        bson_append_array(out, key, -1, &months);
    bson_destroy(&months);
    return ok;
}
