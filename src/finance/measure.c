/* measure.c - a measure is an expression whose names are the model's alone: an answer would not
 * follow an input that is changed. */
#include "finance/measure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"

#include "expr/expr_tree.h"
#include "finance/model_months.h"
#include "finance/model_trace.h"
#include "finance/rerun.h"

static bool lookup(const struct expr_scope *scope, const char *name, struct expr_index index,
                   struct value *out, struct err *err)
{
    const struct model *m = scope->context;

    if (strcmp(name, "money") != 0)
        return model_value(m, name, index, out, err);
    *out = value_num(num_from_int(m->exponent), UNIT_NONE);
    return true;
}

static bool fold(const struct expr_scope *scope, const struct expr *e, const struct expr_node *call,
                 struct value *out, struct err *err)
{
    return model_fold_months(scope->context, scope, e, call, out, err);
}

bool measure_value(const struct measure *me, const struct model *m, struct value *out,
                   struct err *err)
{
    struct expr_scope scope = {.lookup = lookup, .context = m, .fold = fold};

    return expr_eval_node(me->expr, me->of, &scope, out, err);
}

static bool is_scalar(const struct value *v, struct err *err)
{
    return v->type == VALUE_NUM || v->type == VALUE_BOOL || v->type == VALUE_NULL ||
           err_set(err, ERR_INVALID, 0, "a measure is one number, not %s",
                   value_type_name(v->type));
}

bool measure_read(const struct model *m, const char *text, struct measure *out, struct err *err)
{
    struct value v = {0};
    bool ok;

    out->expr = expr_parse(text, NULL, 1, 1, err);
    if (!out->expr)
        return false;
    out->of = expr_root(out->expr);
    ok = measure_value(out, m, &v, err) && is_scalar(&v, err);
    value_finish(&v);
    if (!ok)
        measure_finish(out);
    return ok;
}

void measure_finish(struct measure *me)
{
    expr_free(me->expr);
    *me = (struct measure){0};
}

struct watching {
    const struct model *m;
    struct rerun *r;
};

static void watch(void *context, const char *name, struct expr_index index)
{
    struct watching *w = context;
    int line = def_find(w->m->def, name);

    (void)index;
    if (line >= 0)
        rerun_read(w->r, line);
}

void measure_watch(const struct measure *me, const struct model *m, struct rerun *r)
{
    struct watching w = {m, r};

    expr_names(me->expr, watch, &w);
}

static const char *sentence(const struct model *m, const char *code)
{
    for (size_t i = 0; i < m->def->reason_count; i++)
        if (strcmp(m->def->reasons[i].code, code) == 0)
            return m->def->reasons[i].text;
    return NULL;
}

struct outcome outcome_null(const struct model *m, const char *code)
{
    return (struct outcome){.value = (double)NAN,
                            .shown = mem_str("\u2013"),
                            .reason = mem_str(code),
                            .reason_text = mem_str(sentence(m, code))};
}

bool measure_outcome(const struct measure *me, const struct model *m, struct outcome *out,
                     struct err *err)
{
    struct value v;

    if (!measure_value(me, m, &v, err))
        return false;
    if (v.type == VALUE_NULL)
        *out = outcome_null(m, v.text);
    else
        *out = (struct outcome){.value = v.type == VALUE_BOOL ? v.yes : num_to_double(v.num),
                                .shown = model_shown(m, &v)};
    value_finish(&v);
    return true;
}

void outcome_finish(struct outcome *o)
{
    free(o->shown);
    free(o->reason);
    free(o->reason_text);
    *o = (struct outcome){0};
}
