/* model_scope.c - one scope over figures and answers. */
#include "finance/model_scope.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/mem.h"

#include "finance/model_months.h"
#include "finance/model_run.h"

static void value_of(const bson_iter_t *it, struct value *out);

static struct value missing(void)
{
    return value_null("input_missing");
}

/* What a document stands for in a list of them: its name, else its first text. */
static void document_value(const bson_iter_t *it, struct value *out)
{
    bson_iter_t field;

    *out = value_bool(true);
    if (!bson_iter_recurse(it, &field))
        return;
    while (bson_iter_next(&field))
        if (BSON_ITER_HOLDS_UTF8(&field)) {
            *out = value_text(bson_iter_utf8(&field, NULL));
            return;
        }
}

static void list_value(const bson_iter_t *it, struct value *out)
{
    bson_iter_t item;
    size_t cap = 0;

    *out = (struct value){.type = VALUE_LIST};
    if (!bson_iter_recurse(it, &item))
        return;
    while (bson_iter_next(&item)) {
        out->items = mem_grow(out->items, &cap, out->count + 1, sizeof *out->items);
        value_of(&item, &out->items[out->count++]);
    }
}

static void value_of(const bson_iter_t *it, struct value *out)
{
    struct num n;

    switch (bson_iter_type(it)) {
    case BSON_TYPE_UTF8:
        *out = *bson_iter_utf8(it, NULL) ? value_text(bson_iter_utf8(it, NULL)) : missing();
        break;
    case BSON_TYPE_BOOL:
        *out = value_bool(bson_iter_bool(it));
        break;
    case BSON_TYPE_INT32:
    case BSON_TYPE_INT64:
        *out = value_num(num_from_int(bson_iter_as_int64(it)), UNIT_NONE);
        break;
    case BSON_TYPE_DOUBLE:
        *out = num_from_double(bson_iter_double(it), &n) ? value_num(n, UNIT_NONE) : missing();
        break;
    case BSON_TYPE_ARRAY:
        list_value(it, out);
        break;
    case BSON_TYPE_DOCUMENT:
        document_value(it, out);
        break;
    default:
        *out = missing();
        break;
    }
}

/* The field `rest` of each document of the array `it`, or of the one at `row`. */
static void column_value(const bson_iter_t *it, const char *rest, int row, struct value *out)
{
    bson_iter_t item, field, below;
    size_t cap = 0;
    int at = 0;

    *out = row ? missing() : (struct value){.type = VALUE_LIST};
    if (!bson_iter_recurse(it, &item))
        return;
    while (bson_iter_next(&item)) {
        bool found =
            bson_iter_recurse(&item, &below) && bson_iter_find_descendant(&below, rest, &field);

        if (row && ++at == row) {
            value_finish(out);
            *out = missing();
            if (found) {
                value_finish(out);
                value_of(&field, out);
            }
            return;
        }
        if (row)
            continue;
        out->items = mem_grow(out->items, &cap, out->count + 1, sizeof *out->items);
        if (found)
            value_of(&field, &out->items[out->count++]);
        else
            out->items[out->count++] = missing();
    }
}

void answer_value(const bson_t *answers, const char *path, int row, struct value *out)
{
    const char *dot = strchr(path, '.');
    char *head = dot ? mem_strn(path, (size_t)(dot - path)) : mem_str(path);
    bson_iter_t it;

    if (!bson_iter_init_find(&it, answers, head)) {
        *out = missing();
    } else if (dot && BSON_ITER_HOLDS_ARRAY(&it)) {
        column_value(&it, dot + 1, row, out);
    } else if (dot) {
        if (doc_find(answers, path, &it))
            value_of(&it, out);
        else
            *out = missing();
    } else {
        value_of(&it, out);
        if (row) { /* one of a list */
            struct value list = *out;

            *out = list.type == VALUE_LIST && (size_t)row <= list.count
                       ? value_copy(&list.items[row - 1])
                       : missing();
            value_finish(&list);
        }
    }
    free(head);
}

static bool has_answer(const struct model_scope *s, const char *path)
{
    struct value v;
    bool stated;

    if (!s->answers)
        return false;
    answer_value(s->answers, path, 0, &v);
    stated = v.type != VALUE_NULL && !(v.type == VALUE_LIST && !v.count);
    value_finish(&v);
    return stated;
}

/* "month", "date": an answer may have that name too, but no month of its own. */
static bool is_clock(const struct model *m, const char *name)
{
    int line = def_find(m->def, name);

    return line >= 0 && m->def->lines[line].native != NATIVE_NONE;
}

static bool scope_fold(const struct expr_scope *scope, const struct expr *e,
                       const struct expr_node *call, struct value *out, struct err *err)
{
    const struct model_scope *s = scope->context;

    if (s->model)
        return model_fold_months(s->model, scope, e, call, out, err);
    return err_set(err, ERR_NOT_FOUND, 0, "there is no model");
}

static bool scope_lookup(const struct expr_scope *scope, const char *name, struct expr_index index,
                         struct value *out, struct err *err)
{
    const struct model_scope *s = scope->context;
    const struct model *m = s->model;

    if (m && strcmp(name, "money") == 0) {
        *out = value_num(num_from_int(m->exponent), UNIT_NONE);
        return true;
    }
    if (m && strchr(name, '.') && def_find(m->def, name) >= 0)
        return model_value(m, name, index, out, err);
    if (m && index.kind != INDEX_HERE && is_clock(m, name))
        return model_value(m, name, index, out, err);
    if (s->known && !s->known(s->context, name) && !has_answer(s, name))
        return m && strchr(name, '.')
                   ? model_value(m, name, index, out, err) /* names what is near */
                   : err_set(err, ERR_NOT_FOUND, 0, "there is nothing called \"%.80s\"", name);
    if (index.kind != INDEX_HERE)
        return err_set(err, ERR_INVALID, 0, "%.80s is an answer: it has no months or years", name);
    if (s->answers)
        answer_value(s->answers, name, index.row, out);
    else
        *out = missing();
    return true;
}

static bool scope_call(const struct expr_scope *scope, const char *function,
                       const struct value *args, size_t count, struct value *out, struct err *err)
{
    const struct model_scope *s = scope->context;

    if (strcmp(function, "stated") != 0)
        return err_set(err, ERR_NOT_FOUND, 0, "there is no function \"%.80s\"", function);
    if (count != 1 || args[0].type != VALUE_TEXT)
        return err_set(err, ERR_INVALID, 0,
                       "stated() takes the name of an answer, like stated(\"loan.amount\")");
    *out = value_bool(has_answer(s, args[0].text));
    return true;
}

void model_scope_init(struct model_scope *scope, const struct model *m, const bson_t *answers)
{
    *scope = (struct model_scope){
        .scope = {scope_lookup, scope_call, scope, scope_fold}, .model = m, .answers = answers};
}

size_t model_scope_rows(const struct model_scope *scope, const char *table)
{
    const struct model *m = scope->model;
    bson_iter_t it;

    for (size_t i = 0; m && i < m->def->table_count; i++)
        if (strcmp(m->def->tables[i].name, table) == 0)
            return m->rows[i];
    if (!scope->answers || !doc_find(scope->answers, table, &it) || !BSON_ITER_HOLDS_ARRAY(&it))
        return 0;
    return doc_count(scope->answers, table);
}
