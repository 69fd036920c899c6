/* validate.c - the rules of the reference, applied to BSON. The schema's rows say nearly all of
 * them; what no row can say (a section's order follows its type) is a function beside them. A
 * message names the field by its whole path, says what is wrong and what is allowed. */
#include "strattio/record.h"

#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

#include "record/schema.h"
#include "record/words.h"
#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/ids.h"
#include "strattio/json.h"
#include "strattio/strbuf.h"

enum { PATH_SIZE = 160 }; /* of a path in a message; a longer one is cut */

static bool invalid(struct err *err, const char *path, const char *what)
{
    return err_set(err, ERR_INVALID, 0, "%s: %s", path, what);
}

static void join(char out[PATH_SIZE], const char *path, const char *key)
{
    if (snprintf(out, PATH_SIZE, "%s.%s", path, key) >= PATH_SIZE) {
        size_t end = PATH_SIZE - 1; /* not in the middle of a character */

        while (end > 0 && ((unsigned char)out[end - 1] & 0xc0) == 0x80)
            end--;
        if (end > 0 && (unsigned char)out[end - 1] >= 0xc0)
            end--;
        out[end] = '\0';
    }
}

/* ---- any value: text, numbers and keys ------------------------------------------------------ */

static bool scan_value(const char *path, const bson_iter_t *it, int depth, struct err *err);

static bool check_key(const char *path, const char *key, int depth, struct err *err)
{
    char shown[PATH_SIZE];

    if (!bson_utf8_validate(key, strlen(key), false))
        return invalid(err, path, "a field's name is not valid UTF-8");
    join(shown, path, key);
    if (!key[0])
        return invalid(err, path, "a field has an empty name");
    if (key[0] == '$')
        return invalid(err, shown, "a field's name cannot begin with \"$\"");
    if (depth == 0 && strchr(key, '.'))
        return invalid(err, shown, "a field's name cannot contain a dot");
    return true;
}

static bool scan_doc(const char *path, const bson_t *doc, bool is_array, int depth,
                     struct err *err)
{
    bson_iter_t it;

    if (depth > JSON_MAX_DEPTH)
        return invalid(err, path, "nested too deeply; at most 100 levels");
    if (!bson_iter_init(&it, doc))
        return invalid(err, path, "is damaged");
    while (bson_iter_next(&it)) {
        char below[PATH_SIZE];

        if (!is_array && !check_key(path, bson_iter_key(&it), depth, err))
            return false;
        join(below, path, bson_iter_key(&it));
        if (!scan_value(below, &it, depth, err))
            return false;
    }
    if (it.err_off)
        return invalid(err, path, "is damaged");
    return true;
}

static bool scan_inside(const char *path, const bson_iter_t *it, int depth, struct err *err)
{
    bool is_array = BSON_ITER_HOLDS_ARRAY(it);
    const uint8_t *data = NULL;
    uint32_t len = 0;
    bson_t view;

    if (is_array)
        bson_iter_array(it, &len, &data);
    else
        bson_iter_document(it, &len, &data);
    if (!data || !bson_init_static(&view, data, len))
        return invalid(err, path, "is damaged");
    return scan_doc(path, &view, is_array, depth + 1, err);
}

static bool scan_value(const char *path, const bson_iter_t *it, int depth, struct err *err)
{
    const char *text;
    uint32_t len;

    switch (bson_iter_type(it)) {
    case BSON_TYPE_UTF8:
        text = bson_iter_utf8(it, &len);
        if (memchr(text, 0, len))
            return invalid(err, path, "contains a NUL character; remove it");
        if (!bson_utf8_validate(text, len, false))
            return invalid(err, path, "is not valid UTF-8 text");
        return true;
    case BSON_TYPE_DOUBLE:
        if (!isfinite(bson_iter_double(it)))
            return invalid(err, path, "is not a finite number");
        return true;
    case BSON_TYPE_DOCUMENT:
    case BSON_TYPE_ARRAY:
        return scan_inside(path, it, depth, err);
    case BSON_TYPE_DECIMAL128:
        return invalid(err, path, "is a Decimal128, which not every server can hold; use a Number");
    default:
        return true;
    }
}

/* ---- text ----------------------------------------------------------------------------------- */

/* Decodes the next character of valid UTF-8. */
static utf8proc_int32_t next_char(const char **at, size_t *left)
{
    utf8proc_int32_t c = 0;
    utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)*at,
                                          (utf8proc_ssize_t)*left, &c);

    if (n < 1)
        n = 1;
    *at += n;
    *left -= (size_t)n;
    return c;
}

static double count_chars(const char *text, size_t len)
{
    double count = 0;

    for (; len > 0; count++)
        next_char(&text, &len);
    return count;
}

static bool is_control(utf8proc_int32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
}

static bool has_control(const char *text, size_t len)
{
    while (len > 0)
        if (is_control(next_char(&text, &len)))
            return true;
    return false;
}

static bool is_blank(const char *text, size_t len)
{
    while (len > 0)
        if (utf8proc_category(next_char(&text, &len)) != UTF8PROC_CATEGORY_ZS)
            return false;
    return true;
}

/* The part of an address before "@" as people have it: dots between parts, no spaces or quotes. */
static bool valid_local(const char *text, size_t len)
{
    if (len == 0 || len > 64 || text[0] == '.' || text[len - 1] == '.')
        return false;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];

        if (c <= ' ' || c == 0x7f || strchr("()<>[]:;,\\\"", c))
            return false;
        if (c == '.' && text[i + 1] == '.')
            return false;
    }
    return true;
}

/* A host name; one label alone ("localhost") is one too. */
static bool valid_host(const char *text, size_t len)
{
    size_t label = 0;

    if (len == 0 || text[len - 1] == '.')
        return false;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        bool ends = i + 1 == len || text[i + 1] == '.';

        if (c == '.') {
            if (label == 0)
                return false;
            label = 0;
            continue;
        }
        if (c < 0x80 && !strchr("abcdefghijklmnopqrstuvwxyz0123456789-_", c))
            return false;
        if (c == '-' && (label == 0 || ends))
            return false;
        if (++label > 63)
            return false;
    }
    return true;
}

static bool check_email(const char *path, const char *text, size_t len, struct err *err)
{
    const char *at = memchr(text, '@', len);
    const char *rest = text;
    size_t left = len;

    while (left > 0) {
        utf8proc_int32_t c = next_char(&rest, &left);

        if (utf8proc_tolower(c) != c)
            return invalid(err, path, "has capital letters; write the address in lower case");
        if (is_control(c))
            return invalid(err, path, "contains a control character; remove it");
    }
    if (!at || !valid_local(text, (size_t)(at - text)) ||
        !valid_host(at + 1, len - (size_t)(at + 1 - text)))
        return invalid(err, path, "is not an e-mail address; write one like ada@example.org");
    return true;
}

static bool check_country(const char *path, const char *text, size_t len, struct err *err)
{
    if (len != 2 || text[0] < 'A' || text[0] > 'Z' || text[1] < 'A' || text[1] > 'Z')
        return invalid(err, path, "is not a country code; two capital letters, as GB or US");
    return true;
}

static bool check_length(const char *path, const struct schema_field *f, double chars,
                         struct err *err)
{
    char what[96];

    if ((f->min == 0 || chars >= f->min) && (f->max == 0 || chars <= f->max))
        return true;
    if (f->max == 0)
        snprintf(what, sizeof what, "has %.0f characters; at least %.0f are needed", chars, f->min);
    else
        snprintf(what, sizeof what, "has %.0f characters; %.0f to %.0f are allowed", chars, f->min,
                 f->max);
    return invalid(err, path, what);
}

static bool check_text(const char *path, const struct schema_field *f, const bson_iter_t *it,
                       struct err *err)
{
    uint32_t len;
    const char *text = bson_iter_utf8(it, &len);

    if (!check_length(path, f, count_chars(text, len), err))
        return false;
    if (f->flags & FIELD_ONE_LINE && has_control(text, len))
        return invalid(err, path, "contains a line break or control character; remove it");
    if (f->flags & FIELD_ONE_LINE && f->min > 0 && is_blank(text, len))
        return invalid(err, path, "has nothing but blanks");
    if (f->flags & FIELD_EMAIL)
        return check_email(path, text, len, err);
    if (f->flags & FIELD_COUNTRY)
        return check_country(path, text, len, err);
    if (f->refers_to && !id_valid(text))
        return invalid(err, path, "is not an id; 24 hexadecimal digits");
    return true;
}

/* ---- one field ------------------------------------------------------------------------------ */

static bool check_word(const char *path, const struct schema_field *f, const bson_iter_t *it,
                       struct err *err)
{
    struct strbuf list;

    if (f->words[words_find(f->words, bson_iter_utf8(it, NULL))])
        return true;
    strbuf_init(&list, 512);
    for (const char *const *word = f->words; *word; word++)
        strbuf_printf(&list, "%s%s", word == f->words ? "" : word[1] ? ", " : " or ", *word);
    err_set(err, ERR_INVALID, 0, "%s: \"%.40s\" is not allowed; use %s", path,
            bson_iter_utf8(it, NULL), list.data);
    strbuf_finish(&list);
    return false;
}

static bool check_number(const char *path, const struct schema_field *f, const bson_iter_t *it,
                         struct err *err)
{
    double x = BSON_ITER_HOLDS_DOUBLE(it) ? bson_iter_double(it) : (double)bson_iter_as_int64(it);

    if (f->type == FIELD_INT && x != trunc(x))
        return invalid(err, path, "is not a whole number");
    if ((f->min == 0 && f->max == 0) || (x >= f->min && x <= f->max))
        return true;
    return err_set(err, ERR_INVALID, 0, "%s: %.15g is out of range; %.16g to %.16g is allowed",
                   path, x, f->min, f->max);
}

static bool has_type(const bson_iter_t *it, enum field_type type)
{
    switch (type) {
    case FIELD_ID:
        return BSON_ITER_HOLDS_OID(it);
    case FIELD_STRING:
    case FIELD_ENUM:
        return BSON_ITER_HOLDS_UTF8(it);
    case FIELD_BOOL:
        return BSON_ITER_HOLDS_BOOL(it);
    case FIELD_INT:
    case FIELD_NUMBER:
        return BSON_ITER_HOLDS_NUMBER(it);
    case FIELD_DATE:
        return BSON_ITER_HOLDS_DATE_TIME(it);
    case FIELD_OBJECT:
        return BSON_ITER_HOLDS_DOCUMENT(it);
    default:
        return BSON_ITER_HOLDS_ARRAY(it);
    }
}

static bool check_inside(const char *path, const struct schema_field *f, const bson_iter_t *it,
                         struct err *err);

static bool check_field(const char *path, const struct schema_field *f, const bson_iter_t *it,
                        struct err *err)
{
    if (BSON_ITER_HOLDS_NULL(it)) {
        if (f->flags & FIELD_NULLABLE)
            return true;
        return err_set(err, ERR_INVALID, 0, "%s: is null, where type %s is needed", path,
                       schema_type_name(f->type));
    }
    if (!has_type(it, f->type))
        return err_set(err, ERR_INVALID, 0, "%s: is not of type %s", path, schema_type_name(f->type));
    switch (f->type) {
    case FIELD_STRING:
        return check_text(path, f, it, err);
    case FIELD_ENUM:
        return check_word(path, f, it, err);
    case FIELD_INT:
    case FIELD_NUMBER:
        return check_number(path, f, it, err);
    case FIELD_OBJECT:
    case FIELD_ARRAY:
        return !f->inside || check_inside(path, f, it, err);
    default:
        return true;
    }
}

/* Checks the fields `doc` has against the rows; what no row names is allowed. */
static bool check_fields(const char *path, const struct schema_field *fields, const bson_t *doc,
                         struct err *err)
{
    bool element = strcmp(fields->name, "[]") == 0;
    bson_iter_t it;

    bson_iter_init(&it, doc);
    while (bson_iter_next(&it)) {
        const char *key = bson_iter_key(&it);
        const struct schema_field *f = element ? fields : schema_find(fields, key);
        char below[PATH_SIZE];

        join(below, path, key);
        if (f && !check_field(below, f, &it, err))
            return false;
    }
    return true;
}

static bool check_inside(const char *path, const struct schema_field *f, const bson_iter_t *it,
                         struct err *err)
{
    const uint8_t *data = NULL;
    uint32_t len = 0;
    bson_t view;

    if (f->type == FIELD_ARRAY)
        bson_iter_array(it, &len, &data);
    else
        bson_iter_document(it, &len, &data);
    if (!data || !bson_init_static(&view, data, len))
        return invalid(err, path, "is damaged");
    return check_fields(path, f->inside, &view, err);
}

static bool is_required(const struct schema_field *f)
{
    return !(f->flags & (FIELD_NULLABLE | FIELD_OPTIONAL));
}

/* ---- whole documents ------------------------------------------------------------------------ */

/* order_index is unique in a plan because it is the place of the type, and a section's _id is
 * made from plan and type. */
static bool check_section_order(const bson_t *doc, struct err *err)
{
    const char *type = doc_str(doc, "section_type", "");
    int64_t place = words_find(words_section_type, type);

    if (doc_int(doc, "order_index", -1) == place)
        return true;
    return err_set(err, ERR_INVALID, 0, "sections.order_index: must be %lld for %s",
                   (long long)place, type);
}

bool record_validate(enum collection coll, const bson_t *doc, struct err *err)
{
    const struct schema *schema = schema_of(coll);

    if (!scan_doc(schema->name, doc, false, 0, err) || !record_is_known(coll, doc, err))
        return false;
    for (const struct schema_field *f = schema->fields; f->name; f++)
        if (is_required(f) && !bson_has_field(doc, f->name))
            return err_set(err, ERR_INVALID, 0, "%s.%s: is missing, where type %s is needed",
                           schema->name, f->name, schema_type_name(f->type));
    if (!check_fields(schema->name, schema->fields, doc, err))
        return false;
    return coll != COLL_SECTIONS || check_section_order(doc, err);
}

/* An unknown path below a known plain value ("plans.name.first") cannot be. */
static bool check_parents(enum collection coll, const char *path, struct err *err)
{
    char parent[PATH_SIZE];

    for (const char *dot = strchr(path, '.'); dot; dot = strchr(dot + 1, '.')) {
        const struct schema_field *f;

        if ((size_t)(dot - path) >= sizeof parent)
            return true;
        snprintf(parent, sizeof parent, "%.*s", (int)(dot - path), path);
        f = schema_at(coll, parent);
        if (f && f->type != FIELD_OBJECT && f->type != FIELD_ARRAY)
            return err_set(err, ERR_INVALID, 0, "%s.%s: %s is a %s, with nothing inside",
                           collection_name(coll), path, parent, schema_type_name(f->type));
    }
    return true;
}

bool record_validate_at(enum collection coll, const char *path, const bson_iter_t *value,
                        struct err *err)
{
    const struct schema_field *f = schema_at(coll, path);
    char whole[PATH_SIZE];

    join(whole, collection_name(coll), path);
    if (!scan_value(whole, value, 1, err) || !check_parents(coll, path, err))
        return false;
    if (f && f->type == FIELD_ID)
        return invalid(err, whole, "cannot be changed");
    return !f || check_field(whole, f, value, err);
}

bool record_may_unset(enum collection coll, const char *path, struct err *err)
{
    const struct schema_field *f = schema_at(coll, path);

    if (f && !strchr(path, '.') && is_required(f))
        return err_set(err, ERR_INVALID, 0, "%s.%s: every document has it; it cannot be removed",
                       collection_name(coll), path);
    return true;
}
