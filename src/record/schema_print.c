/* schema_print.c - the schema told to others: to MongoDB as a $jsonSchema validator, to people as
 * a listing, to programs as a document. All three are walks over the same rows as validation. */
#include "record/schema.h"

#include <string.h>

#include "strattio/strbuf.h"

static bool is_text(const struct schema_field *f)
{
    return f->type == FIELD_STRING;
}

static bool is_number(const struct schema_field *f)
{
    return f->type == FIELD_INT || f->type == FIELD_NUMBER;
}

static bool is_required(const struct schema_field *f)
{
    return f->name[0] != '[' && !(f->flags & (FIELD_NULLABLE | FIELD_OPTIONAL));
}

static void append_words(bson_t *out, const char *key, const char *const *words, bool null)
{
    bson_t list;
    char index[16];
    const char *at;
    uint32_t i = 0;

    BSON_APPEND_ARRAY_BEGIN(out, key, &list);
    for (; words[i]; i++) {
        bson_uint32_to_string(i, &at, index, sizeof index);
        BSON_APPEND_UTF8(&list, at, words[i]);
    }
    if (null) {
        bson_uint32_to_string(i, &at, index, sizeof index);
        BSON_APPEND_NULL(&list, at);
    }
    bson_append_array_end(out, &list);
}

static void append_whole_or_double(bson_t *out, const char *key, double x)
{
    if (x >= INT32_MIN && x <= INT32_MAX && x == (int32_t)x)
        BSON_APPEND_INT32(out, key, (int32_t)x);
    else
        BSON_APPEND_DOUBLE(out, key, x);
}

/* ---- $jsonSchema ---------------------------------------------------------------------------- */

/* The type names of BSON; a Number is whatever a driver makes of one. */
static void append_bson_type(const struct schema_field *f, bson_t *out)
{
    static const char *const names[] = {
        [FIELD_ID] = "objectId", [FIELD_STRING] = "string", [FIELD_ENUM] = "string",
        [FIELD_BOOL] = "bool",   [FIELD_DATE] = "date",     [FIELD_OBJECT] = "object",
        [FIELD_ARRAY] = "array",
    };
    static const char *const numbers[] = {"int", "long", "double", NULL};
    const char *types[5] = {NULL};
    size_t count = 0;

    if (is_number(f))
        for (; numbers[count]; count++)
            types[count] = numbers[count];
    else
        types[count++] = names[f->type];
    if (f->flags & FIELD_NULLABLE)
        types[count++] = "null";
    if (count == 1)
        BSON_APPEND_UTF8(out, "bsonType", types[0]);
    else
        append_words(out, "bsonType", types, false);
}

static void append_rules(const struct schema_field *f, bson_t *out);

static void append_properties(const struct schema_field *fields, bson_t *out)
{
    bson_t properties, rules, required = BSON_INITIALIZER;
    char index[16];
    const char *at;

    for (const struct schema_field *f = fields; f->name; f++)
        if (is_required(f)) {
            bson_uint32_to_string(bson_count_keys(&required), &at, index, sizeof index);
            BSON_APPEND_UTF8(&required, at, f->name);
        }
    if (!bson_empty(&required)) /* MongoDB refuses an empty list */
        BSON_APPEND_ARRAY(out, "required", &required);
    bson_destroy(&required);
    BSON_APPEND_DOCUMENT_BEGIN(out, "properties", &properties);
    for (const struct schema_field *f = fields; f->name; f++) {
        BSON_APPEND_DOCUMENT_BEGIN(&properties, f->name, &rules);
        append_rules(f, &rules);
        bson_append_document_end(&properties, &rules);
    }
    bson_append_document_end(out, &properties);
}

static void append_text_rules(const struct schema_field *f, bson_t *out)
{
    if (f->min != 0)
        BSON_APPEND_INT32(out, "minLength", (int32_t)f->min);
    if (f->max != 0)
        BSON_APPEND_INT32(out, "maxLength", (int32_t)f->max);
    if (f->flags & FIELD_EMAIL)
        BSON_APPEND_UTF8(out, "pattern", "^[^@\\sA-Z]+@[^@\\sA-Z]+$");
    if (f->flags & FIELD_COUNTRY)
        BSON_APPEND_UTF8(out, "pattern", "^[A-Z]{2}$");
    if (f->refers_to)
        BSON_APPEND_UTF8(out, "pattern", "^[0-9a-fA-F]{24}$");
}

static void append_rules(const struct schema_field *f, bson_t *out)
{
    bson_t items;

    if (f->type == FIELD_ENUM) {
        append_words(out, "enum", f->words, f->flags & FIELD_NULLABLE);
        return;
    }
    append_bson_type(f, out);
    if (is_text(f))
        append_text_rules(f, out);
    if (is_number(f) && (f->min != 0 || f->max != 0)) {
        append_whole_or_double(out, "minimum", f->min);
        append_whole_or_double(out, "maximum", f->max);
    }
    if (f->inside && f->type == FIELD_OBJECT)
        append_properties(f->inside, out);
    if (f->inside && f->type == FIELD_ARRAY) {
        BSON_APPEND_DOCUMENT_BEGIN(out, "items", &items);
        append_rules(f->inside, &items);
        bson_append_document_end(out, &items);
    }
}

void schema_validator(enum collection coll, bson_t *out)
{
    bson_t rules;

    bson_init(out);
    BSON_APPEND_DOCUMENT_BEGIN(out, "$jsonSchema", &rules);
    BSON_APPEND_UTF8(&rules, "bsonType", "object");
    append_properties(schema_of(coll)->fields, &rules);
    bson_append_document_end(out, &rules);
}

/* ---- for people ----------------------------------------------------------------------------- */

static void print_range(const struct schema_field *f, struct strbuf *out)
{
    const char *unit = is_text(f) ? " characters" : "";

    if (f->min == 0 && f->max == 0)
        return;
    if (f->max == 0 || f->max > INT32_MAX)
        strbuf_printf(out, ", at least %.0f%s", f->min, unit);
    else
        strbuf_printf(out, ", %.0f to %.0f%s", f->min, f->max, unit);
}

static void print_type(const struct schema_field *f, struct strbuf *out)
{
    if (f->type == FIELD_ENUM)
        for (const char *const *word = f->words; *word; word++)
            strbuf_printf(out, "%s\"%s\"", word == f->words ? "" : " | ", *word);
    else if (f->type == FIELD_ARRAY && f->inside)
        strbuf_printf(out, "Array<%s>", schema_type_name(f->inside->type));
    else
        strbuf_str(out, schema_type_name(f->type));
    if (f->flags & FIELD_NULLABLE)
        strbuf_str(out, " | null");
    if (f->flags & FIELD_OPTIONAL)
        strbuf_str(out, ", may be absent");
    print_range(f, out);
    if (f->fallback)
        strbuf_printf(out, ", default %s", f->fallback);
    if (f->flags & FIELD_ONE_LINE)
        strbuf_str(out, ", no control characters");
    if (f->refers_to && !f->note)
        strbuf_printf(out, ", an id of %s", f->refers_to);
}

static void print_fields(const struct schema_field *fields, size_t indent, struct strbuf *out)
{
    for (const struct schema_field *f = fields; f->name; f++) {
        size_t width = indent + strlen(f->name);
        const struct schema_field *inside = f->inside;

        strbuf_fill(out, ' ', indent);
        strbuf_str(out, f->name);
        strbuf_fill(out, ' ', width < 30 ? 30 - width : 2);
        print_type(f, out);
        if (f->note)
            strbuf_printf(out, "  // %s", f->note);
        strbuf_char(out, '\n');
        if (inside && f->type == FIELD_ARRAY)
            inside = inside->inside;
        if (inside)
            print_fields(inside, indent + 2, out);
    }
}

static const char *on_delete_words(enum schema_on_plan_delete rule)
{
    static const char *const words[] = {
        [ON_PLAN_DELETE_NOTHING] = NULL,
        [ON_PLAN_DELETE_REMOVE] = "deleted with its plan",
        [ON_PLAN_DELETE_KEEP] = "kept when its plan is deleted",
    };

    return words[rule];
}

void schema_print(enum collection coll, struct strbuf *out)
{
    const struct schema *schema = schema_of(coll);
    const char *rule = on_delete_words(schema->on_plan_delete);

    strbuf_printf(out, "%s  (owner: %s%s%s)\n", schema->name, schema->owner_field,
                  rule ? "; " : "", rule ? rule : "");
    print_fields(schema->fields, 2, out);
    strbuf_str(out, "  indexes\n");
    for (const struct schema_index *i = schema->indexes; i->keys[0].field; i++) {
        strbuf_str(out, "    ");
        schema_index_name(i, out);
        strbuf_printf(out, "%s\n", i->unique ? "  unique" : "");
    }
}

/* ---- for programs --------------------------------------------------------------------------- */

static void append_fields(const struct schema_field *fields, const char *key, bson_t *out);

static void append_field(const struct schema_field *f, bson_t *out)
{
    BSON_APPEND_UTF8(out, "name", f->name);
    BSON_APPEND_UTF8(out, "type", schema_type_name(f->type));
    BSON_APPEND_BOOL(out, "nullable", f->flags & FIELD_NULLABLE);
    BSON_APPEND_BOOL(out, "required", is_required(f));
    if (f->words)
        append_words(out, "enum", f->words, false);
    if (f->min != 0 || f->max != 0) {
        append_whole_or_double(out, is_text(f) ? "min_characters" : "min", f->min);
        if (f->max != 0)
            append_whole_or_double(out, is_text(f) ? "max_characters" : "max", f->max);
    }
    if (f->refers_to)
        BSON_APPEND_UTF8(out, "refers_to", f->refers_to);
    if (f->fallback)
        BSON_APPEND_UTF8(out, "default", f->fallback);
    if (f->note)
        BSON_APPEND_UTF8(out, "note", f->note);
    if (f->inside)
        append_fields(f->inside, f->type == FIELD_ARRAY ? "items" : "fields", out);
}

static void append_fields(const struct schema_field *fields, const char *key, bson_t *out)
{
    bson_t list, row;
    char index[16];
    const char *at;
    uint32_t i = 0;

    BSON_APPEND_ARRAY_BEGIN(out, key, &list);
    for (const struct schema_field *f = fields; f->name; f++) {
        bson_uint32_to_string(i++, &at, index, sizeof index);
        BSON_APPEND_DOCUMENT_BEGIN(&list, at, &row);
        append_field(f, &row);
        bson_append_document_end(&list, &row);
    }
    bson_append_array_end(out, &list);
}

static void append_index(const struct schema_index *index, bson_t *out)
{
    struct strbuf name;
    bson_t keys;

    strbuf_init(&name, 256);
    schema_index_name(index, &name);
    BSON_APPEND_UTF8(out, "name", name.data);
    strbuf_finish(&name);
    BSON_APPEND_DOCUMENT_BEGIN(out, "keys", &keys);
    for (const struct schema_key *key = index->keys; key->field; key++)
        BSON_APPEND_INT32(&keys, key->field, key->direction);
    bson_append_document_end(out, &keys);
    BSON_APPEND_BOOL(out, "unique", index->unique);
}

void schema_json(enum collection coll, bson_t *out)
{
    const struct schema *schema = schema_of(coll);
    const char *rule = on_delete_words(schema->on_plan_delete);
    bson_t list, row;
    char index[16];
    const char *at;
    uint32_t i = 0;

    bson_init(out);
    BSON_APPEND_UTF8(out, "name", schema->name);
    BSON_APPEND_UTF8(out, "owner", schema->owner_field);
    if (rule)
        BSON_APPEND_UTF8(out, "plan_deletion", rule);
    append_fields(schema->fields, "fields", out);
    BSON_APPEND_ARRAY_BEGIN(out, "indexes", &list);
    for (const struct schema_index *x = schema->indexes; x->keys[0].field; x++) {
        bson_uint32_to_string(i++, &at, index, sizeof index);
        BSON_APPEND_DOCUMENT_BEGIN(&list, at, &row);
        append_index(x, &row);
        bson_append_document_end(&list, &row);
    }
    bson_append_array_end(out, &list);
}
