/* answer_read.c - bringing answers to their stored types: lists, tables and groups here, single
 * answers by the readers in the table below. A reader takes whatever BSON value came, so that JSON
 * numbers, JSON strings ("12k") and typed text take the same way and give the same sentences.
 * Strict reading, of what is stored already, skips the forgiving half. */
#include "intake/answer_read.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/json.h"
#include "strattio/mem.h"

#include "intake/answer_reader.h"
#include "intake/questions.h"
#include "intake/typed.h"

enum { PATH_MAX_BYTES = 400, TYPED_ITEMS_MAX = 10000 };

/* --- lists, tables, groups -------------------------------------------------------------------- */

/* Splits what was typed at newlines or, without any, at semicolons into an array of texts. */
static void split_list(const char *text, bson_t *items)
{
    const char *ends = strchr(text, '\n') ? "\r\n" : ";";
    uint32_t count = 0;

    while (*text) {
        size_t len = strcspn(text, ends);
        char *item = mem_strn(text, len);

        if (item[strspn(item, " \t")]) {
            char key[16];
            const char *name;

            bson_uint32_to_string(count++, &name, key, sizeof key);
            bson_append_utf8(items, name, -1, item, -1);
        }
        free(item);
        text += len;
        text += strspn(text, ends);
    }
}

/* Puts `it` on the first element of the list that was given or typed; `split` owns what was
 * typed. */
static bool enter_list(struct reading *r, const struct question *q, const bson_iter_t *it,
                       bson_t *split, bson_iter_t *first)
{
    if (BSON_ITER_HOLDS_UTF8(it) && !r->strict) {
        split_list(bson_iter_utf8(it, NULL), split);
        return bson_iter_init(first, split);
    }
    if (BSON_ITER_HOLDS_ARRAY(it) && bson_iter_recurse(it, first))
        return true;
    return answer_problem_kind(r, q, it, "a list");
}

static bool check_count(struct reading *r, const struct question *q, uint32_t count)
{
    const char *noun = q->type == QUESTION_TABLE ? "rows" : "entries";
    char limit[TYPED_NUMBER_SIZE];

    if (!(count > q->max))
        return true;
    typed_print_number(q->max, true, limit);
    answer_problem_add(r->out, r->path.data, false, "This has %u %s; at most %s are allowed", count,
                       noun, limit);
    return false;
}

/* One element of a list: a text, or a choice's key. */
static bool read_item(struct reading *r, const struct question *q, const bson_iter_t *it,
                      const char *key, bson_t *out)
{
    char *clean;

    if (!answer_text_sound(r, it))
        return false;
    if (q->type == QUESTION_CHOICES)
        return answer_choice_one(r, q, it, key, out);
    if (!BSON_ITER_HOLDS_UTF8(it))
        return answer_problem_kind(r, q, it, "text");
    clean = answer_text_good(r, q, bson_iter_utf8(it, NULL), true, NAN, ANSWER_ITEM_MAX);
    if (clean && *clean)
        bson_append_utf8(out, key, -1, clean, -1);
    free(clean);
    return clean != NULL;
}

/* "none" beside another choice contradicts itself. */
static bool check_none(struct reading *r, const struct question *q, const bson_t *items)
{
    bson_iter_t it;
    bool none = false;

    if (q->type != QUESTION_CHOICES || bson_count_keys(items) < 2)
        return true;
    bson_iter_init(&it, items);
    while (bson_iter_next(&it))
        none = none || strcmp(bson_iter_utf8(&it, NULL), "none") == 0;
    if (none)
        answer_problem_add(
            r->out, r->path.data, false,
            "\"none\" cannot stand beside other choices; leave it out or choose only it");
    return !none;
}

static bool read_list(struct reading *r, const struct question *q, const bson_iter_t *it,
                      const char *key, bson_t *out)
{
    bson_t items = BSON_INITIALIZER, split = BSON_INITIALIZER;
    size_t base = r->path.len;
    uint32_t at = 0;
    bson_iter_t item;
    bool ok = enter_list(r, q, it, &split, &item);

    while (ok && bson_iter_next(&item)) {
        char number[16];
        const char *name;

        if (at > TYPED_ITEMS_MAX)
            break;
        strbuf_printf(&r->path, ".%u", at++);
        bson_uint32_to_string(bson_count_keys(&items), &name, number, sizeof number);
        ok = read_item(r, q, &item, name, &items);
        strbuf_truncate(&r->path, base);
    }
    ok = ok && check_count(r, q, at) && check_none(r, q, &items);
    if (ok && (at || BSON_ITER_HOLDS_ARRAY(it))) /* typed separators alone are no answer */
        bson_append_array(out, key, -1, &items);
    bson_destroy(&items);
    bson_destroy(&split);
    return ok;
}

/* Reads every known column of the document `view`; what we do not know is kept as it came. */
static bool read_fields(struct reading *r, const struct question *q, const bson_t *view,
                        bson_t *out)
{
    const bson_t *outer = r->row;
    size_t base = r->path.len;
    bool ok = true;
    bson_iter_t it;

    r->row = view;
    bson_iter_init(&it, view);
    while (bson_iter_next(&it)) {
        const char *name = bson_iter_key(&it);
        const struct question *column = questions_find(r->in, q, name, strlen(name));

        if (!column) {
            bson_append_iter(out, name, -1, &it);
            continue;
        }
        strbuf_printf(&r->path, ".%s", name);
        ok = answer_read(r, column, &it, name, out) && ok;
        strbuf_truncate(&r->path, base);
    }
    r->row = outer;
    return ok;
}

static bool check_row(struct reading *r, const bson_t *row)
{
    int64_t start = doc_int(row, "start_month", 0), end = doc_int(row, "end_month", INT64_MAX);

    if (start <= end)
        return true;
    answer_problem_add(
        r->out, r->path.data, false,
        "It ends in month %lld, before it begins in month %lld; swap or correct them",
        (long long)end, (long long)start);
    return false;
}

/* A row or a group: the document under `it`. */
static bool read_document(struct reading *r, const struct question *q, const bson_iter_t *it,
                          const char *key, bson_t *out)
{
    const uint8_t *data;
    uint32_t size;
    bson_t view, fields = BSON_INITIALIZER;
    bool ok;

    if (!BSON_ITER_HOLDS_DOCUMENT(it)) {
        bson_destroy(&fields);
        answer_problem_add(r->out, r->path.data, false,
                           "This must be an object with the fields of %s; the whole is typed as %s",
                           q->label, q->example);
        return false;
    }
    bson_iter_document(it, &size, &data);
    ok = bson_init_static(&view, data, size) && read_fields(r, q, &view, &fields) &&
         check_row(r, &fields);
    if (ok)
        bson_append_document(out, key, -1, &fields);
    bson_destroy(&fields);
    return ok;
}

/* What a person typed for a table or group is JSON: `doc` holds it under "v" (initialised on
 * success). */
static bool parse_json(struct reading *r, const struct question *q, const bson_iter_t *it,
                       bson_t *doc, bson_iter_t *value)
{
    uint32_t len;
    const char *text = bson_iter_utf8(it, &len);
    char *wrapped = mem_printf("{\"v\":%s}", text);
    struct err err = {0};
    bool ok = json_read(wrapped, strlen(wrapped), doc, &err);

    free(wrapped);
    if (ok && bson_count_keys(doc) == 1 && bson_iter_init_find(value, doc, "v") &&
        (BSON_ITER_HOLDS_ARRAY(value) || BSON_ITER_HOLDS_DOCUMENT(value)))
        return true;
    if (ok)
        bson_destroy(doc);
    return answer_problem_kind(r, q, it,
                               q->type == QUESTION_TABLE ? "a table in JSON" : "a group in JSON");
}

static bool read_rows(struct reading *r, const struct question *q, const bson_iter_t *it,
                      const char *key, bson_t *out)
{
    bson_t rows = BSON_INITIALIZER;
    size_t base = r->path.len;
    uint32_t at = 0;
    bson_iter_t row;
    bool ok = BSON_ITER_HOLDS_ARRAY(it) && bson_iter_recurse(it, &row);

    if (!ok)
        answer_problem_add(r->out, r->path.data, false, "%s is a table: a list of rows, such as %s",
                           q->label, q->example);
    while (ok && bson_iter_next(&row) && !(at > q->max)) {
        strbuf_printf(&r->path, ".%u", at++);
        ok = read_document(r, q, &row, bson_iter_key(&row), &rows) && ok;
        strbuf_truncate(&r->path, base);
    }
    ok = check_count(r, q, at) && ok;
    if (ok)
        bson_append_array(out, key, -1, &rows);
    bson_destroy(&rows);
    return ok;
}

static bool read_structure(struct reading *r, const struct question *q, const bson_iter_t *it,
                           const char *key, bson_t *out)
{
    answer_reader read = q->type == QUESTION_TABLE ? read_rows : read_document;
    bson_iter_t value;
    bson_t doc;
    bool ok;

    if (!BSON_ITER_HOLDS_UTF8(it) || r->strict)
        return read(r, q, it, key, out);
    if (!parse_json(r, q, it, &doc, &value))
        return false;
    ok = read(r, q, &value, key, out);
    bson_destroy(&doc);
    return ok;
}

/* --- the table of readers -------------------- */

static const answer_reader readers[] = {
    [QUESTION_TEXT] = answer_text_read,
    [QUESTION_LONG_TEXT] = answer_text_read,
    [QUESTION_MONEY] = answer_number_money,
    [QUESTION_NUMBER] = answer_number_plain,
    [QUESTION_WHOLE] = answer_number_whole,
    [QUESTION_PERCENT] = answer_number_percent,
    [QUESTION_DATE] = answer_text_date,
    [QUESTION_YES_NO] = answer_text_yes_no,
    [QUESTION_CHOICE] = answer_choice_one,
    [QUESTION_CHOICES] = read_list,
    [QUESTION_COUNTRY] = answer_choice_country,
    [QUESTION_CURRENCY] = answer_choice_currency,
    [QUESTION_INDUSTRY] = answer_choice_industry,
    [QUESTION_LIST] = read_list,
    [QUESTION_MONTHS] = answer_months_read,
    [QUESTION_TABLE] = read_structure,
    [QUESTION_GROUP] = read_structure,
};

bool answer_read(struct reading *r, const struct question *q, const bson_iter_t *it,
                 const char *key, bson_t *out)
{
    bson_t trimmed = BSON_INITIALIZER;
    bson_iter_t at = *it;
    bool ok = true;

    if (BSON_ITER_HOLDS_NULL(it))
        return true;
    if (!answer_text_sound(r, it))
        return false;
    if (BSON_ITER_HOLDS_UTF8(it) && !r->strict && q->type != QUESTION_LONG_TEXT) {
        const char *text = bson_iter_utf8(it, NULL);
        size_t blank = strspn(text, " \t\r\n"), len = strlen(text + blank);

        while (len && strchr(" \t\r", text[blank + len - 1]))
            len--;
        bson_append_utf8(&trimmed, "", 0, text + blank, (int)len);
        ok = bson_iter_init(&at, &trimmed) && bson_iter_next(&at);
        if (ok && !len) { /* nothing was written: no answer */
            bson_destroy(&trimmed);
            return true;
        }
    }
    if (ok && BSON_ITER_HOLDS_UTF8(&at) && !r->strict &&
        answer_number_is_sum(q, bson_iter_utf8(&at, NULL))) {
        double sum;

        ok = answer_number_sum(r, q, bson_iter_utf8(&at, NULL), &sum);
        bson_reinit(&trimmed);
        bson_append_double(&trimmed, "", 0, ok ? sum : 0);
        ok = ok && bson_iter_init(&at, &trimmed) && bson_iter_next(&at);
    }
    ok = ok && readers[q->type](r, q, &at, key, out);
    bson_destroy(&trimmed);
    return ok;
}

void answer_read_init(struct reading *r, const struct intake *in, const bson_t *answers,
                      bool strict, struct problems *out)
{
    *r = (struct reading){.in = in, .strict = strict, .out = out};
    r->currency = doc_str(answers, "currency", "GBP");
    r->country = doc_str(answers, "location_country", "");
    strbuf_init(&r->path, PATH_MAX_BYTES);
}

void answer_read_finish(struct reading *r)
{
    strbuf_finish(&r->path);
}
