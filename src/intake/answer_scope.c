/* answer_scope.c - answers as values. A name is looked up among the questions first, so that a
 * typing mistake in a rule is an error and not an eternal "not stated". */
#include "intake/answer_scope.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/clock.h"
#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/intake.h"
#include "strattio/mem.h"

#include "intake/questions.h"

static const char not_stated[] = "input_missing";

bool answer_scope_answered(const bson_t *answers, const char *path)
{
    bson_iter_t it;
    bson_t view;

    if (!doc_find(answers, path, &it) || BSON_ITER_HOLDS_NULL(&it))
        return false;
    if (BSON_ITER_HOLDS_UTF8(&it))
        return *bson_iter_utf8(&it, NULL) != '\0';
    if (BSON_ITER_HOLDS_ARRAY(&it) || BSON_ITER_HOLDS_DOCUMENT(&it))
        return doc_view(answers, path, &view) && !bson_empty(&view);
    return true;
}

static struct value number_value(const struct question *q, double x)
{
    static const struct num hundred = {(num_int)100 * 1000000 * 1000000};
    struct num n;

    if (!num_from_double(x, &n))
        return value_null("out_of_range");
    switch (q->type) {
    case QUESTION_MONEY:
        return value_num(n, UNIT_MONEY);
    case QUESTION_PERCENT:
        return num_div(n, hundred, &n) ? value_num(n, UNIT_RATE) : value_null("out_of_range");
    default:
        return value_num(n, UNIT_COUNT);
    }
}

static struct value text_value(const struct question *q, const char *text)
{
    int64_t ms;

    if (q->type == QUESTION_DATE)
        return clock_parse(text, &ms) ? value_date((int32_t)(ms / 86400000))
                                      : value_null(not_stated);
    return value_text(text);
}

static struct value value_of(const struct question *q, const bson_iter_t *it);

static struct value list_of(const struct question *q, const bson_iter_t *it)
{
    struct value list = {.type = VALUE_LIST};
    bson_iter_t item;
    size_t cap = 0;

    if (!bson_iter_recurse(it, &item))
        return value_null(not_stated);
    while (bson_iter_next(&item)) {
        if (!BSON_ITER_HOLDS_UTF8(&item))
            continue;
        list.items = mem_grow(list.items, &cap, list.count + 1, sizeof *list.items);
        list.items[list.count++] = value_of(q, &item);
    }
    return list;
}

static struct value value_of(const struct question *q, const bson_iter_t *it)
{
    bson_iter_t rows;
    int64_t count = 0;

    if (BSON_ITER_HOLDS_NUMBER(it))
        return number_value(q, BSON_ITER_HOLDS_DOUBLE(it) ? bson_iter_double(it)
                                                          : (double)bson_iter_as_int64(it));
    if (BSON_ITER_HOLDS_BOOL(it))
        return value_bool(bson_iter_bool(it));
    if (BSON_ITER_HOLDS_UTF8(it))
        return text_value(q, bson_iter_utf8(it, NULL));
    if (q->type == QUESTION_GROUP)
        return value_bool(true);
    if (q->type != QUESTION_TABLE)
        return BSON_ITER_HOLDS_ARRAY(it) ? list_of(q, it) : value_null(not_stated);
    if (bson_iter_recurse(it, &rows))
        while (bson_iter_next(&rows))
            count++;
    return value_num(num_from_int(count), UNIT_COUNT);
}

/* The column `q` of each row, or of one. A row that leaves it out gives a null in its place. */
static struct value column_of(const bson_t *answers, const char *table, const struct question *q,
                              int row)
{
    struct value list = {.type = VALUE_LIST};
    size_t rows = doc_count(answers, table);
    char path[160];
    bson_iter_t it;

    list.items = row ? NULL : mem_zero(rows + 1, sizeof *list.items);
    for (size_t i = row ? (size_t)row - 1 : 0; i < rows; i++) {
        struct value value;

        snprintf(path, sizeof path, "%s.%zu.%s", table, i, q->field);
        value = doc_find(answers, path, &it) && !BSON_ITER_HOLDS_NULL(&it) ? value_of(q, &it)
                                                                           : value_null(not_stated);
        if (row)
            return value;
        list.items[list.count++] = value;
    }
    if (row)
        return value_null(not_stated);
    return list;
}

static bool look_up(const struct expr_scope *scope, const char *name, struct expr_index index,
                    struct value *out, struct err *err)
{
    const struct answer_scope *s = scope->context;
    const struct question *q, *parent;
    bson_iter_t it;

    if (strcmp(name, "purpose") == 0) {
        *out = value_text(plan_purpose_name(s->purpose));
        return true;
    }
    q = intake_question(s->in, name);
    if (!q)
        return err_set(err, ERR_NOT_FOUND, 0, "no question has the field \"%s\"", name);
    parent = questions_rule(s->in, q)->parent;
    if (parent && parent->type == QUESTION_TABLE)
        *out = column_of(s->answers, parent->field, q, index.row > 0 ? index.row : 0);
    else if (answer_scope_answered(s->answers, name) && doc_find(s->answers, name, &it))
        *out = value_of(q, &it);
    else
        *out = q->type == QUESTION_TABLE ? value_num(num_from_int(0), UNIT_COUNT)
                                         : value_null(not_stated);
    return true;
}

void answer_scope_init(struct answer_scope *s, const struct intake *in, enum plan_purpose purpose,
                       const bson_t *answers)
{
    *s = (struct answer_scope){.in = in, .purpose = purpose, .answers = answers};
    s->scope.lookup = look_up;
    s->scope.context = s;
}
