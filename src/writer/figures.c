/* figures.c - the bridge from texts to the model: an expression of a source is parsed,
 * evaluated on the model's names and formatted. Parsed expressions are not kept: parsing takes
 * a microsecond or two, less than a table of them would cost in locks. */
#include "writer/figures.h"

#include <string.h>

#include "strattio/attr.h"
#include "strattio/err.h"
#include "strattio/model.h"
#include "strattio/strbuf.h"

#include "writer/writer.h"

static bool asks(const void *context, const char *name)
{
    return model_asks(context, name);
}

/* Without a dot a name is an answer; one that nobody asks for may still be an input the model
 * assumes. */
static bool lookup(const struct expr_scope *scope, const char *name, struct expr_index index,
                   struct value *out, struct err *err)
{
    const struct figures *f = scope->context;
    const struct expr_scope *names = &f->names.scope;
    struct err ignored;

    return names->lookup(names, name, index, out, err) ||
           (err->code == ERR_NOT_FOUND && !strchr(name, '.') &&
            model_value(f->names.model, name, index, out, &ignored));
}

static bool call(const struct expr_scope *scope, const char *function, const struct value *args,
                 size_t count, struct value *out, struct err *err)
{
    const struct figures *f = scope->context;

    return f->names.scope.call(&f->names.scope, function, args, count, out, err);
}

void figures_init(struct figures *f, const struct model *m)
{
    model_scope_init(&f->names, m, model_answers(m));
    f->names.known = asks;
    f->names.context = m;
    f->scope = (struct expr_scope){.lookup = lookup, .call = call, .context = f};
}

bool figures_eval(const struct model *m, const char *text, struct value *out, struct err *err)
{
    struct expr *e = expr_parse(text, "figure", 1, 1, err);
    struct figures figures;
    bool ok;

    if (!e)
        return false;
    figures_init(&figures, m);
    ok = expr_eval(e, &figures.scope, out, err);
    expr_free(e);
    return ok;
}

/* What a number is shown as when the text does not say. */
static const char *own_format(const struct value *v)
{
    struct num thousand = num_from_int(1000);
    struct num size = v->num;

    if (v->type == VALUE_DATE)
        return "date";
    if (v->type != VALUE_NUM)
        return "text";
    switch (v->unit) {
    case UNIT_MONEY:
        if (num_sign(size) < 0)
            size.v = -size.v;
        return num_cmp(size, thousand) >= 0 ? "money0" : "money";
    case UNIT_RATE:
    case UNIT_PERCENT:
        return "pct1";
    case UNIT_MONTHS:
        return "months";
    case UNIT_COUNT:
        return num_is_whole(v->num) ? "count" : "num1";
    case UNIT_NONE:
        break;
    }
    return "num";
}

bool figures_format(const struct model *m, const struct value *v, const char *format,
                    struct strbuf *out)
{
    struct strbuf shown;
    bool ok;

    strbuf_init(&shown, STRBUF_DOC_LIMIT);
    ok = value_format(v, format[0] ? format : own_format(v), model_currency(m), &shown);
    if (ok && (v->type == VALUE_TEXT || v->type == VALUE_LIST))
        binder_escape(shown.data, out);
    else if (ok)
        strbuf_str(out, shown.data);
    strbuf_finish(&shown);
    return ok;
}

static const struct {
    const char *code, *words;
} reasons[] = {
    {"input_missing", "not stated"},
    {"no_break_even", "no break-even, since each sale costs as much as it brings in"},
    {"no_revenue", "not defined without sales"},
    {"no_capital", "not defined without capital paid in"},
    {"no_debt", "not defined without debt"},
    {"no_real_irr", "no rate of return"},
    {"multiple_irr", "more than one rate of return"},
    {"never_recovered", "not recovered within five years"},
    {"cash_generative", "no limit, since the business brings in cash"},
    {"not_a_company", "no company, so no tax of its own"},
    {"rate_unknown", "the tax rate of the country is not known"},
    {"division_by_zero", "not defined"},
    {"never_negative", "never within five years"},
    {"other_currency", "not known in this currency"},
    {"out_of_range", "too large to show"},
    {"no_items", "nothing to choose from"},
    {"no_real_root", "not defined"},
    {"null", "left open"},
};

const char *figures_reason(const char *code)
{
    for (size_t i = 0; code && i < ARRAY_LEN(reasons); i++)
        if (strcmp(reasons[i].code, code) == 0)
            return reasons[i].words;
    return "not known";
}
