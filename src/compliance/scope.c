/* scope.c - the answers as values. What was not answered is null("input_missing"); a table that is
 * not there is a list without rows; a column is the list of its cells. Names that are no answer are
 * asked of the model. */
#include "compliance/scope.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/ids.h"
#include "strattio/intake.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "expr/days.h"
#include "finance/model_scope.h"

static struct value missing(void)
{
    return value_null("input_missing");
}

static struct value count_of(int64_t n)
{
    return value_num(num_from_int(n), UNIT_COUNT);
}

static enum unit unit_of(enum question_type type)
{
    switch (type) {
    case QUESTION_MONEY:
        return UNIT_MONEY;
    case QUESTION_PERCENT:
        return UNIT_PERCENT;
    case QUESTION_WHOLE:
        return UNIT_COUNT;
    default:
        return UNIT_NONE;
    }
}

/* The scalar under `it` as a value of the question's type. */
static struct value scalar(const bson_iter_t *it, const struct question *q)
{
    int32_t day;
    struct num n;

    if (BSON_ITER_HOLDS_BOOL(it))
        return value_bool(bson_iter_bool(it));
    if (BSON_ITER_HOLDS_NUMBER(it))
        return num_from_double(bson_iter_as_double(it), &n) ? value_num(n, unit_of(q->type))
                                                            : value_null("overflow");
    if (!BSON_ITER_HOLDS_UTF8(it))
        return missing();
    if (q->type == QUESTION_DATE)
        return days_parse(bson_iter_utf8(it, NULL), &day) ? value_date(day) : missing();
    return value_text(bson_iter_utf8(it, NULL));
}

static void push(struct value *list, size_t *cap, struct value item)
{
    list->items = mem_grow(list->items, cap, list->count + 1, sizeof(*list->items));
    list->items[list->count++] = item;
}

/* An answer that is itself a list: choices, lines. */
static struct value list_answer(const bson_t *answers, const char *field, const struct question *q)
{
    struct value list = {.type = VALUE_LIST};
    bson_iter_t it, item;
    size_t cap = 0;

    if (!doc_find(answers, field, &it) || !BSON_ITER_HOLDS_ARRAY(&it) ||
        !bson_iter_recurse(&it, &item))
        return missing();
    while (bson_iter_next(&item))
        push(&list, &cap, scalar(&item, q));
    return list;
}

/* The cells of a column, one a row. */
static struct value column(const bson_t *answers, const char *table, const struct question *q)
{
    struct value list = {.type = VALUE_LIST};
    bson_iter_t it, row, cell;
    size_t cap = 0;

    if (!doc_find(answers, table, &it) || !BSON_ITER_HOLDS_ARRAY(&it) ||
        !bson_iter_recurse(&it, &row))
        return list;
    while (bson_iter_next(&row)) {
        bool there = BSON_ITER_HOLDS_DOCUMENT(&row) && bson_iter_recurse(&row, &cell) &&
                     bson_iter_find(&cell, q->field);

        push(&list, &cap, there ? scalar(&cell, q) : missing());
    }
    return list;
}

static struct value answer(const struct compliance_input *in, const char *name,
                           const struct question *q)
{
    const char *dot = strchr(name, '.');
    bson_iter_t it;

    if (dot) {
        char *table = mem_strn(name, (size_t)(dot - name));
        const struct question *outer = intake_question(in->questions, table);
        bool in_table = outer && outer->type == QUESTION_TABLE;
        struct value v = in_table                          ? column(in->intake, table, q)
                         : doc_find(in->intake, name, &it) ? scalar(&it, q)
                                                           : missing();

        free(table);
        return v;
    }
    if (q->type == QUESTION_LIST || q->type == QUESTION_CHOICES)
        return list_answer(in->intake, name, q);
    return doc_find(in->intake, name, &it) ? scalar(&it, q) : missing();
}

/* ---- the plan, its sections and research
 * ----------------------------------------------------------- */

static struct value date_of(const char *text)
{
    int32_t day;

    return text && days_parse(text, &day) ? value_date(day) : missing();
}

static struct value plan_name(const struct compliance_input *in, const char *name)
{
    if (strcmp(name, "purpose") == 0)
        return value_text(plan_purpose_name(in->purpose));
    if (strcmp(name, "as_of") == 0)
        return date_of(in->as_of);
    if (strcmp(name, "start_date") == 0)
        return date_of(in->start_date);
    return missing();
}

static struct value sections_name(const struct compliance_input *in, const char *name)
{
    int64_t written = 0;

    if (!in->sections || strcmp(name, "written") != 0)
        return missing();
    for (int i = 0; i < SECTION_COUNT; i++)
        written += in->present[i];
    return written > 0 ? count_of(written) : missing();
}

static struct value words_name(const struct compliance_input *in, const char *name)
{
    enum section_type type = section_type_by_name(name);

    if (!in->sections || type == SECTION_COUNT || !in->present[type])
        return missing();
    return count_of(in->sections[type].word_count);
}

static struct value findings_name(const struct compliance_input *in, const char *name)
{
    const char *kind = strcmp(name, "unbound") == 0   ? "unbound_figure"
                       : strcmp(name, "unknown") == 0 ? "unknown_figure"
                                                      : NULL;
    int64_t count = 0;
    bool any = false;

    if (!in->sections || !kind)
        return missing();
    for (int i = 0; i < SECTION_COUNT; i++) {
        if (!in->present[i])
            continue;
        any = true;
        count += (int64_t)doc_count_where(in->sections[i].metadata, "findings", "kind", kind);
    }
    return any ? count_of(count) : missing();
}

static struct value research_name(const struct compliance_input *in, const char *name)
{
    if (!in->research || strcmp(name, "sources") != 0)
        return missing();
    /* Facts have source and date; the founder's own word is none. */
    return count_of((int64_t)doc_count_where(in->research, "evidence", "type", "fact"));
}

static const struct {
    const char *prefix;
    struct value (*value)(const struct compliance_input *in, const char *name);
} places[] = {
    {"plan.", plan_name},         {"sections.", sections_name}, {"words.", words_name},
    {"findings.", findings_name}, {"research.", research_name},
};

bool scope_has_place(const char *name, bool *known)
{
    static const char *const names[] = {"plan.purpose",     "plan.as_of",       "plan.start_date",
                                        "sections.written", "findings.unbound", "findings.unknown",
                                        "research.sources"};

    *known = strncmp(name, "words.", 6) == 0 && section_type_by_name(name + 6) != SECTION_COUNT;
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        *known = *known || strcmp(names[i], name) == 0;
    for (size_t i = 0; i < ARRAY_LEN(places); i++)
        if (strncmp(name, places[i].prefix, strlen(places[i].prefix)) == 0)
            return true;
    return false;
}

static bool lookup(const struct expr_scope *scope, const char *name, struct expr_index index,
                   struct value *out, struct err *err)
{
    const struct compliance_input *in = scope->context;
    const struct question *q = intake_question(in->questions, name);

    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        size_t len = strlen(places[i].prefix);

        if (strncmp(name, places[i].prefix, len) == 0) {
            *out = places[i].value(in, name + len);
            return true;
        }
    }
    if (q && q->type != QUESTION_TABLE && q->type != QUESTION_GROUP) {
        *out = answer(in, name, q);
        return true;
    }
    if (!in->model) {
        *out = missing();
        return true;
    }
    return model_value(in->model, name, index, out, err);
}

struct expr_scope scope_of(const struct compliance_input *in)
{
    return (struct expr_scope){.lookup = lookup, .context = in};
}

/* ---- messages
 * ------------------------------------------------------------------------------------ */

/* `inner` is EXPR:FORMAT; the format is what follows the last colon. */
static void render_one(const struct expr_scope *scope, const char *inner, size_t len,
                       struct strbuf *out)
{
    const struct compliance_input *in = scope->context;
    char *text = mem_strn(inner, len), *colon = strrchr(text, ':');
    const char *currency = doc_str(in->intake, "currency", "GBP");
    struct value v = {0};
    struct err ignored = {0};
    struct expr *e;

    if (colon)
        *colon = '\0';
    e = expr_parse(text, "message", 1, 1, &ignored);
    if (!e || !expr_eval(e, scope, &v, &ignored) || v.type == VALUE_NULL ||
        !value_format(&v, colon ? colon + 1 : "text", currency, out))
        strbuf_str(out, "not stated");
    value_finish(&v);
    expr_free(e);
    free(text);
}

void scope_render(const struct expr_scope *scope, const char *text, struct strbuf *out)
{
    const char *open, *close;

    while ((open = strstr(text, "{{")) && (close = strstr(open, "}}"))) {
        strbuf_add(out, text, (size_t)(open - text));
        render_one(scope, open + 2, (size_t)(close - open - 2), out);
        text = close + 2;
    }
    strbuf_str(out, text);
}
