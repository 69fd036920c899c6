/* intake_schema.c - the questions as a JSON Schema (2020-12). The answers are one definition,
 * used for the file itself and for its "intake_data"; what a purpose requires is a definition
 * of its own, chosen by "plan_purpose". The schema describes what is stored: the import also
 * reads amounts, rates and dates as people type them, which a schema cannot say without saying
 * nothing. */
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/intake.h"
#include "strattio/mem.h"

#include "intake/answer_read.h"
#include "intake/industries.h"
#include "intake/questions.h"

static void add_text(bson_t *out, const char *key, const char *text)
{
    bson_append_utf8(out, key, -1, text, -1);
}

/* Appends `text` to the array `out`. */
static void push_text(bson_t *out, const char *text)
{
    char number[16];
    const char *key;

    bson_uint32_to_string(bson_count_keys(out), &key, number, sizeof number);
    bson_append_utf8(out, key, -1, text, -1);
}

static void push_doc(bson_t *out, const bson_t *doc)
{
    char number[16];
    const char *key;

    bson_uint32_to_string(bson_count_keys(out), &key, number, sizeof number);
    bson_append_document(out, key, -1, doc);
}

static void add_limit(bson_t *out, const char *key, double limit)
{
    if (isnan(limit))
        return;
    if (limit == floor(limit) && fabs(limit) < 1e15)
        bson_append_int64(out, key, -1, (int64_t)limit);
    else
        bson_append_double(out, key, -1, limit);
}

static void add_ref(bson_t *out, const char *definition)
{
    char *ref = mem_printf("#/$defs/%s", definition);

    add_text(out, "$ref", ref);
    free(ref);
}

/* --- one question ---------------------------------------------------------------------------- */

static void question_schema(const struct intake *in, const struct question *q, bson_t *out);

static void add_choices(const struct question *q, bson_t *out)
{
    bson_t keys;

    bson_append_array_begin(out, "enum", -1, &keys);
    for (size_t i = 0; i < q->choice_count; i++)
        push_text(&keys, q->choices[i].key);
    bson_append_array_end(out, &keys);
}

static void add_number(const struct question *q, const char *type, bson_t *out)
{
    add_text(out, "type", type);
    add_limit(out, "minimum", q->min);
    add_limit(out, "maximum", q->max);
}

static void add_string(const struct question *q, double max, bson_t *out)
{
    add_text(out, "type", "string");
    add_limit(out, "minLength", q->min);
    add_limit(out, "maxLength", isnan(q->max) ? max : q->max);
}

static void add_currency(const struct intake *in, const struct question *q, bson_t *out)
{
    static const char *const codes[] = {"GBP", "USD", "EUR"};
    bson_t list;

    add_text(out, "type", "string");
    if (questions_rule(in, q)->any_currency) {
        add_text(out, "pattern", "^[A-Z]{3}$");
        return;
    }
    bson_append_array_begin(out, "enum", -1, &list);
    for (size_t i = 0; i < ARRAY_LEN(codes); i++)
        push_text(&list, codes[i]);
    bson_append_array_end(out, &list);
}

static void add_industry(const struct intake *in, const struct question *q, bson_t *out)
{
    bson_t examples;

    add_string(q, ANSWER_LINE_MAX, out);
    bson_append_array_begin(out, "examples", -1, &examples);
    for (size_t i = 0; i < industries_count(in->industries); i++)
        push_text(&examples, industries_at(in->industries, i)->key);
    bson_append_array_end(out, &examples);
}

static void add_items(const struct question *q, bson_t *out)
{
    bson_t items;

    add_text(out, "type", "array");
    add_limit(out, "maxItems", q->max);
    bson_append_document_begin(out, "items", -1, &items);
    add_text(&items, "type", "string");
    if (q->type == QUESTION_CHOICES)
        add_choices(q, &items);
    else
        add_limit(&items, "maxLength", ANSWER_ITEM_MAX);
    bson_append_document_end(out, &items);
}

static void add_months(const struct question *q, bson_t *out)
{
    bson_t items;

    add_text(out, "type", "array");
    add_limit(out, "minItems", 12);
    add_limit(out, "maxItems", 12);
    bson_append_document_begin(out, "items", -1, &items);
    add_number(q, "number", &items);
    bson_append_document_end(out, &items);
}

/* The object of a group or of one row. */
static void add_columns(const struct intake *in, const struct question *q, bson_t *out)
{
    bson_t properties, required = BSON_INITIALIZER;

    add_text(out, "type", "object");
    bson_append_document_begin(out, "properties", -1, &properties);
    for (size_t i = 0; i < q->column_count; i++) {
        bson_t column = BSON_INITIALIZER;

        question_schema(in, &q->columns[i], &column);
        bson_append_document(&properties, q->columns[i].field, -1, &column);
        bson_destroy(&column);
        if (questions_rule(in, &q->columns[i])->required)
            push_text(&required, q->columns[i].field);
    }
    bson_append_document_end(out, &properties);
    if (!bson_empty(&required))
        bson_append_array(out, "required", -1, &required);
    bson_destroy(&required);
}

static void add_rows(const struct intake *in, const struct question *q, bson_t *out)
{
    bson_t row = BSON_INITIALIZER;

    add_text(out, "type", "array");
    add_limit(out, "maxItems", q->max);
    add_columns(in, q, &row);
    bson_append_document(out, "items", -1, &row);
    bson_destroy(&row);
}

static void add_type(const struct intake *in, const struct question *q, bson_t *out)
{
    switch (q->type) {
    case QUESTION_TEXT:
        add_string(q, ANSWER_LINE_MAX, out);
        break;
    case QUESTION_LONG_TEXT:
        add_string(q, ANSWER_TEXT_MAX, out);
        break;
    case QUESTION_MONEY:
    case QUESTION_NUMBER:
    case QUESTION_PERCENT:
        add_number(q, "number", out);
        break;
    case QUESTION_WHOLE:
        add_number(q, "integer", out);
        break;
    case QUESTION_DATE:
        add_text(out, "type", "string");
        add_text(out, "format", "date");
        break;
    case QUESTION_YES_NO:
        add_text(out, "type", "boolean");
        break;
    case QUESTION_CHOICE:
        add_text(out, "type", "string");
        add_choices(q, out);
        break;
    case QUESTION_COUNTRY:
        add_text(out, "type", "string");
        add_text(out, "pattern", "^[A-Z]{2}$");
        break;
    case QUESTION_CURRENCY:
        add_currency(in, q, out);
        break;
    case QUESTION_INDUSTRY:
        add_industry(in, q, out);
        break;
    case QUESTION_MONTHS:
        add_months(q, out);
        break;
    case QUESTION_CHOICES:
    case QUESTION_LIST:
        add_items(q, out);
        break;
    case QUESTION_TABLE:
        add_rows(in, q, out);
        break;
    case QUESTION_GROUP:
        add_columns(in, q, out);
        break;
    }
}

static void question_schema(const struct intake *in, const struct question *q, bson_t *out)
{
    char *description = mem_printf("%s%s%s Typed, for example: %s", q->help, *q->why ? " " : "",
                                   q->why, q->example);

    add_text(out, "title", q->label);
    add_text(out, "description", description);
    add_type(in, q, out);
    free(description);
}

/* --- the whole file --------------------------------------------------------------------------- */

/* {"anyOf": [{"required": ["products"]}, ..., {"required": ["price_per_unit"]}]}: the fields that
 * can stand in for a question, and its own. */
static void push_either(const struct question *q, const struct question_rule *rule, bson_t *all)
{
    bson_t either = BSON_INITIALIZER, any = BSON_INITIALIZER;
    const char *const *other = rule->unless;

    for (bool own = false; !own; other++) {
        bson_t one = BSON_INITIALIZER, names;

        own = !*other;
        bson_append_array_begin(&one, "required", -1, &names);
        push_text(&names, own ? q->field : *other);
        bson_append_array_end(&one, &names);
        push_doc(&any, &one);
        bson_destroy(&one);
    }
    bson_append_array(&either, "anyOf", -1, &any);
    push_doc(all, &either);
    bson_destroy(&any);
    bson_destroy(&either);
}

/* The questions required for all purposes in `bits`, less those required for all in `beyond`. */
static void add_required(const struct intake *in, unsigned bits, unsigned beyond, bson_t *out)
{
    bson_t required = BSON_INITIALIZER, all = BSON_INITIALIZER;

    for (size_t i = 0; i < in->count; i++) {
        const struct question_rule *rule = &in->rules[i];

        if (rule->parent || (rule->required & bits) != bits ||
            (beyond && (rule->required & beyond) == beyond))
            continue;
        if (rule->unless)
            push_either(&in->questions[i], rule, &all);
        else
            push_text(&required, in->questions[i].field);
    }
    if (!bson_empty(&required))
        bson_append_array(out, "required", -1, &required);
    if (!bson_empty(&all))
        bson_append_array(out, "allOf", -1, &all);
    bson_destroy(&required);
    bson_destroy(&all);
}

static const unsigned every_purpose = (1u << PURPOSE_COUNT) - 1;

static void add_answers(const struct intake *in, bson_t *defs)
{
    bson_t answers = BSON_INITIALIZER, properties;

    add_text(&answers, "type", "object");
    bson_append_document_begin(&answers, "properties", -1, &properties);
    for (size_t i = 0; i < in->count; i++) {
        bson_t schema = BSON_INITIALIZER;

        if (!in->rules[i].parent) {
            question_schema(in, &in->questions[i], &schema);
            bson_append_document(&properties, in->questions[i].field, -1, &schema);
        }
        bson_destroy(&schema);
    }
    bson_append_document_end(&answers, &properties);
    add_required(in, every_purpose, 0, &answers);
    bson_append_document(defs, "answers", -1, &answers);
    bson_destroy(&answers);
}

static void add_purposes(const struct intake *in, bson_t *defs)
{
    for (int p = 0; p < PURPOSE_COUNT; p++) {
        bson_t purpose = BSON_INITIALIZER;

        add_required(in, 1u << p, every_purpose, &purpose);
        bson_append_document(defs, plan_purpose_name((enum plan_purpose)p), -1, &purpose);
        bson_destroy(&purpose);
    }
}

/* {"allOf": [{"if": {purpose is p}, "then": {where the answers are: p's definition}}, ...]} */
static void add_by_purpose(bool nested, bson_t *out)
{
    bson_t all;

    bson_append_array_begin(out, "allOf", -1, &all);
    for (int p = 0; p < PURPOSE_COUNT; p++) {
        const char *name = plan_purpose_name((enum plan_purpose)p);
        bson_t one = BSON_INITIALIZER, test, then, properties, inner, required;

        bson_append_document_begin(&one, "if", -1, &test);
        bson_append_document_begin(&test, "properties", -1, &properties);
        bson_append_document_begin(&properties, "plan_purpose", -1, &inner);
        add_text(&inner, "const", name);
        bson_append_document_end(&properties, &inner);
        bson_append_document_end(&test, &properties);
        bson_append_array_begin(&test, "required", -1, &required);
        push_text(&required, "plan_purpose");
        bson_append_array_end(&test, &required);
        bson_append_document_end(&one, &test);
        bson_append_document_begin(&one, "then", -1, &then);
        if (nested) {
            bson_append_document_begin(&then, "properties", -1, &properties);
            bson_append_document_begin(&properties, "intake_data", -1, &inner);
            add_ref(&inner, name);
            bson_append_document_end(&properties, &inner);
            bson_append_document_end(&then, &properties);
        } else {
            add_ref(&then, name);
        }
        bson_append_document_end(&one, &then);
        push_doc(&all, &one);
        bson_destroy(&one);
    }
    bson_append_array_end(out, &all);
}

static void add_head(bson_t *out)
{
    bson_t properties, name, purpose, words;

    add_text(out, "$schema", "https://json-schema.org/draft/2020-12/schema");
    add_text(out, "title", "Strattio intake");
    add_text(
        out, "description",
        "The answers a business plan is made from; either beside name and plan_purpose, or under "
        "intake_data. The import also reads amounts, rates and dates written as text, such as "
        "\"12k\".");
    add_text(out, "type", "object");
    bson_append_document_begin(out, "properties", -1, &properties);
    bson_append_document_begin(&properties, "name", -1, &name);
    add_text(&name, "type", "string");
    bson_append_int32(&name, "minLength", -1, 1);
    bson_append_int32(&name, "maxLength", -1, PLAN_NAME_MAX);
    bson_append_document_end(&properties, &name);
    bson_append_document_begin(&properties, "plan_purpose", -1, &purpose);
    bson_append_array_begin(&purpose, "enum", -1, &words);
    for (int p = 0; p < PURPOSE_COUNT; p++)
        push_text(&words, plan_purpose_name((enum plan_purpose)p));
    bson_append_array_end(&purpose, &words);
    bson_append_document_end(&properties, &purpose);
    bson_append_document_end(out, &properties);
}

void intake_json_schema(const struct intake *in, bson_t *out)
{
    bson_t test, names, part, properties, inner, defs;

    bson_init(out);
    add_head(out);
    bson_append_document_begin(out, "if", -1, &test);
    bson_append_array_begin(&test, "required", -1, &names);
    push_text(&names, "intake_data");
    bson_append_array_end(&test, &names);
    bson_append_document_end(out, &test);
    bson_append_document_begin(out, "then", -1, &part);
    bson_append_document_begin(&part, "properties", -1, &properties);
    bson_append_document_begin(&properties, "intake_data", -1, &inner);
    add_ref(&inner, "answers");
    bson_append_document_end(&properties, &inner);
    bson_append_document_end(&part, &properties);
    add_by_purpose(true, &part);
    bson_append_document_end(out, &part);
    bson_append_document_begin(out, "else", -1, &part);
    add_ref(&part, "answers");
    add_by_purpose(false, &part);
    bson_append_document_end(out, &part);
    bson_append_document_begin(out, "$defs", -1, &defs);
    add_answers(in, &defs);
    add_purposes(in, &defs);
    bson_append_document_end(out, &defs);
}
