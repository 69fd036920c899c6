/* cli_eval.c - any expression of the model language, worked out on the spot. Without a plan it
 * knows no names and opens no store; with one it knows what the rules and the sections know:
 * figures and answers. */
#include <bson/bson.h>
#include <string.h>

#include "strattio/actor.h"
#include "strattio/model.h"
#include "strattio/plan_repo.h"
#include "strattio/plan_run.h"
#include "strattio/record.h"
#include "strattio/strbuf.h"

#include "expr/days.h"
#include "expr/expr.h"
#include "finance/model_scope.h"

#include "command.h"

static bool no_plan(const struct expr_scope *scope, const char *name, struct expr_index index,
                    struct value *out, struct err *err)
{
    (void)scope, (void)index, (void)out;
    return err_set(err, ERR_NOT_FOUND, 0,
                   "no names are known without a plan, so \"%.60s\" is not; say which with --plan "
                   "PLAN",
                   name);
}

/* Is `name` the field of a question? */
static bool is_question(const void *model, const char *name)
{
    return model_asks(model, name);
}

static bool eval_on_plan(struct cli *c, const char *ref, const struct expr *e, struct value *out,
                         struct err *err)
{
    struct model_scope scope;
    struct model *model;
    struct plan plan;
    bool ok = false;

    if (!cli_open(c, err) || !plan_repo_resolve(c->actor, ref, &plan, err))
        return false;
    model = plan_model(c->house, &plan, err);
    if (model) {
        model_scope_init(&scope, model, model_answers(model));
        scope.known = is_question;
        scope.context = model;
        ok = expr_eval(e, &scope.scope, out, err);
    }
    model_free(model);
    record_finish(COLL_PLANS, &plan);
    return ok;
}

/* ---- the value as JSON -------------------------------------------------------------------------
 */

static const char *type_word(enum value_type type)
{
    static const char *const words[] = {"null", "number", "bool", "text", "date", "list"};

    return words[type];
}

static void append_value(bson_t *doc, const char *key, const struct value *v)
{
    char date[DAYS_TEXT_SIZE];
    bson_t items;

    switch (v->type) {
    case VALUE_NULL:
        bson_append_null(doc, key, -1);
        break;
    case VALUE_NUM:
        bson_append_double(doc, key, -1, num_to_double(v->num));
        break;
    case VALUE_BOOL:
        bson_append_bool(doc, key, -1, v->yes);
        break;
    case VALUE_TEXT:
        bson_append_utf8(doc, key, -1, v->text, -1);
        break;
    case VALUE_DATE:
        days_print(v->day, date);
        bson_append_utf8(doc, key, -1, date, -1);
        break;
    case VALUE_LIST:
        bson_append_array_begin(doc, key, -1, &items);
        for (size_t i = 0; i < v->count; i++) {
            const char *name;
            char buf[16];

            bson_uint32_to_string((uint32_t)i, &name, buf, sizeof(buf));
            append_value(&items, name, &v->items[i]);
        }
        bson_append_array_end(doc, &items);
        break;
    }
}

/* The unit of a number, or of a list's numbers when they share one; NULL if there is none to tell.
 */
static const char *unit_word(const struct value *v)
{
    const char *word = NULL;

    if (v->type == VALUE_NUM)
        return unit_name(v->unit);
    for (size_t i = 0; v->type == VALUE_LIST && i < v->count; i++) {
        const char *one = unit_word(&v->items[i]);

        if (one && word && strcmp(one, word) != 0)
            return NULL;
        word = one ? one : word;
    }
    return word;
}

static void append_word(bson_t *doc, const char *key, const char *word)
{
    if (word)
        bson_append_utf8(doc, key, -1, word, -1);
    else
        bson_append_null(doc, key, -1);
}

static void put_value_json(struct cli *c, const struct value *v)
{
    bson_t doc = BSON_INITIALIZER;

    append_value(&doc, "value", v);
    append_word(&doc, "unit", unit_word(v));
    append_word(&doc, "type", type_word(v->type));
    append_word(&doc, "reason", v->type == VALUE_NULL ? v->text : NULL);
    cli_put_json(c, &doc);
    bson_destroy(&doc);
}

/* ---- the command -------------------------------------------------------------------------------
 */

/* Text goes back to the terminal as it came, so it must be harmless there. */
static bool check_text(const char *text, struct err *err)
{
    bool plain = bson_utf8_validate(text, strlen(text), false);

    for (const char *at = text; plain && *at; at++)
        plain = ((unsigned char)*at >= ' ' && *at != 0x7f) || *at == '\n' || *at == '\t';
    return plain || err_set(err, ERR_INVALID, 0,
                            "The expression has bytes that are no text; use printable UTF-8.");
}

int cli_eval(struct cli *c, struct err *err)
{
    static const struct expr_scope nameless = {.lookup = no_plan};
    const char *text = c->line.operands[0], *plan = cli_option(c, "--plan");
    struct expr *e = check_text(text, err) ? expr_parse(text, NULL, 1, 1, err) : NULL;
    struct value value = {0};
    bool ok =
        e && (plan ? eval_on_plan(c, plan, e, &value, err) : expr_eval(e, &nameless, &value, err));

    if (ok && cli_json(c)) {
        put_value_json(c, &value);
    } else if (ok) {
        value_print(&value, c->out);
        strbuf_char(c->out, '\n');
    }
    value_finish(&value);
    expr_free(e);
    return ok ? EXIT_OK : EXIT_FAILED;
}
