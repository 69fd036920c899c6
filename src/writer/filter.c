/* filter.c - answers as text. The question tells what a stored value is called (a choice's
 * label, a country's name, a date in words); the filters then fit that text to its place, one
 * after the other; escaping comes last and always, so that no filter can let markup through. */
#include "writer/filter.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "strattio/attr.h"
#include "strattio/intake.h"
#include "strattio/json.h"
#include "strattio/money.h"
#include "strattio/strbuf.h"

#include "expr/days.h"
#include "writer/writer.h"

enum { CELL_CHARS = 120, BRIEF_CHARS = 320 };

/* ---- stored value to words ---- */

/* "1 March 2027"; false if the text is no date. */
static bool add_date(const char *text, struct strbuf *out)
{
    int year, month, day;

    if (sscanf(text, "%4d-%2d-%2d", &year, &month, &day) != 3 || month < 1 || month > 12)
        return false;
    strbuf_printf(out, "%d %s %d", day, days_month_name(month), year);
    return true;
}

void filter_date(const char *text, struct strbuf *out)
{
    if (!add_date(text, out))
        binder_escape(text, out);
}

static const char *choice_label(const struct question *q, const char *key)
{
    for (size_t i = 0; i < q->choice_count; i++)
        if (strcmp(q->choices[i].key, key) == 0)
            return q->choices[i].label;
    return key;
}

static void add_text(const struct draft_input *in, const struct question *q, const char *text,
                     struct strbuf *out)
{
    const char *name = NULL;

    switch (q ? q->type : QUESTION_TEXT) {
    case QUESTION_CHOICE:
    case QUESTION_CHOICES:
        name = choice_label(q, text);
        break;
    case QUESTION_COUNTRY:
        name = intake_country_name(in->questions, text);
        break;
    case QUESTION_INDUSTRY:
        name = intake_industry_label(in->questions, text);
        break;
    case QUESTION_DATE:
        if (add_date(text, out))
            return;
        break;
    default:
        break;
    }
    strbuf_str(out, name ? name : text);
}

/* The first letter small, unless it begins an abbreviation or a name such as "IT" or "A4". */
static void to_lower(struct strbuf *text)
{
    if (text->len > 1 && isupper((unsigned char)text->data[0]) &&
        (islower((unsigned char)text->data[1]) || (unsigned char)text->data[1] >= 0x80))
        text->data[0] = (char)tolower((unsigned char)text->data[0]);
}

/* Without the full stop an item of a list may have been typed with. */
static void drop_stop(struct strbuf *out, size_t from)
{
    while (out->len > from && strchr(" \t\r\n;,", out->data[out->len - 1]))
        strbuf_truncate(out, out->len - 1);
    if (out->len > from + 1 && out->data[out->len - 1] == '.' && out->data[out->len - 2] != '.')
        strbuf_truncate(out, out->len - 1);
}

/* Are the items of the list so long, or so full of commas, that semicolons must part them? */
static bool is_long_list(bson_iter_t item)
{
    while (bson_iter_next(&item))
        if (BSON_ITER_HOLDS_UTF8(&item) &&
            (strchr(bson_iter_utf8(&item, NULL), ',') || strlen(bson_iter_utf8(&item, NULL)) > 40))
            return true;
    return false;
}

static bool more_follow(bson_iter_t item)
{
    while (bson_iter_next(&item))
        if (BSON_ITER_HOLDS_UTF8(&item) && filter_holds(&item))
            return true;
    return false;
}

/* "a, b and c", or "a; b; c" */
static void add_list(const struct draft_input *in, const struct question *q, bson_iter_t it,
                     bool lower, struct strbuf *out)
{
    bson_iter_t item;
    bool first = true, semicolons;

    if (!bson_iter_recurse(&it, &item))
        return;
    semicolons = is_long_list(item);
    while (bson_iter_next(&item)) {
        struct strbuf text;

        if (!BSON_ITER_HOLDS_UTF8(&item) || !filter_holds(&item))
            continue;
        if (!first)
            strbuf_str(out, semicolons ? "; " : more_follow(item) ? ", " : " and ");
        first = false;
        strbuf_init(&text, STRBUF_DOC_LIMIT);
        add_text(in, q, bson_iter_utf8(&item, NULL), &text);
        drop_stop(&text, 0);
        if (lower)
            to_lower(&text);
        strbuf_add(out, text.data, text.len);
        strbuf_finish(&text);
    }
}

static void add_value(const struct draft_input *in, const char *field, const bson_iter_t *it,
                      bool lower, struct strbuf *out)
{
    const struct question *q = in->questions ? intake_question(in->questions, field) : NULL;
    char number[32];

    if (BSON_ITER_HOLDS_UTF8(it))
        add_text(in, q, bson_iter_utf8(it, NULL), out);
    else if (BSON_ITER_HOLDS_ARRAY(it))
        add_list(in, q, *it, lower, out);
    else if (BSON_ITER_HOLDS_BOOL(it))
        strbuf_str(out, bson_iter_bool(it) ? "yes" : "no");
    else if (BSON_ITER_HOLDS_NUMBER(it)) {
        json_number(bson_iter_as_double(it), number);
        strbuf_str(out, number);
    }
}

bool filter_holds(const bson_iter_t *it)
{
    bson_iter_t item;

    if (BSON_ITER_HOLDS_UTF8(it)) {
        const char *text = bson_iter_utf8(it, NULL);

        return text[strspn(text, " \t\r\n")] != '\0';
    }
    if (BSON_ITER_HOLDS_ARRAY(it) || BSON_ITER_HOLDS_DOCUMENT(it)) {
        if (!bson_iter_recurse(it, &item))
            return false;
        while (bson_iter_next(&item))
            if (filter_holds(&item))
                return true;
        return false;
    }
    return !BSON_ITER_HOLDS_NULL(it) && !BSON_ITER_HOLDS_UNDEFINED(it);
}

/* ---- filters: text to text, in place ---- */

/* Bytes of the first `chars` characters, or all. */
static size_t bytes_of(const char *text, size_t chars)
{
    size_t i = 0;

    while (text[i] && chars) {
        i++;
        while (((unsigned char)text[i] & 0xc0) == 0x80)
            i++;
        chars--;
    }
    return i;
}

/* Cuts at a word, with an ellipsis, what is longer than `chars` characters. */
static void cut(struct strbuf *text, size_t chars)
{
    size_t most = bytes_of(text->data, chars), at = most;

    if (most >= text->len)
        return;
    while (at > most / 2 && text->data[at] != ' ')
        at--;
    if (text->data[at] != ' ')
        at = most;
    while (at && strchr(" ,;:-", text->data[at - 1]))
        at--;
    strbuf_truncate(text, at);
    strbuf_str(text, "…");
}

static bool ends_in(const struct strbuf *text, const char *end)
{
    size_t len = strlen(end);

    return text->len >= len && memcmp(text->data + text->len - len, end, len) == 0;
}

/* Ends in a sign that ends a sentence, maybe inside a closing quotation mark or bracket. */
static bool ends_sentence(const struct strbuf *text)
{
    static const char *const ends[] = {".",  "!",  "?",   "…",   "。",  "！", "？",
                                       "؟",  "।",  ".\"", "!\"", "?\"", ".”", "!”",
                                       "?”", ".’", "!’",  "?’",  ".)",  "!)", "?)"};

    for (size_t i = 0; i < ARRAY_LEN(ends); i++)
        if (ends_in(text, ends[i]))
            return true;
    return false;
}

static void to_phrase(struct strbuf *text)
{
    drop_stop(text, 0);
}

static void to_sentence(struct strbuf *text)
{
    while (text->len && strchr(",;:-", text->data[text->len - 1]))
        strbuf_truncate(text, text->len - 1);
    if (!text->len)
        return;
    text->data[0] = (char)toupper((unsigned char)text->data[0]);
    if (!ends_sentence(text))
        strbuf_char(text, '.');
}

static void to_cell(struct strbuf *text)
{
    to_phrase(text);
    cut(text, CELL_CHARS);
}

/* The sentences that fit into BRIEF_CHARS characters, at least one, cut if need be. */
static void to_brief(struct strbuf *text)
{
    size_t most = bytes_of(text->data, BRIEF_CHARS), end = 0;

    for (size_t i = 0; most < text->len && i < most; i++)
        if (strchr(".!?", text->data[i]) && text->data[i + 1] == ' ' && i > 20)
            end = i + 1;
    if (end)
        strbuf_truncate(text, end);
    else
        cut(text, BRIEF_CHARS);
    to_sentence(text);
}

/* "£" for "GBP" */
static void to_symbol(struct strbuf *text)
{
    const char *symbol = money_symbol(text->data);
    struct strbuf copy;

    strbuf_init(&copy, STRBUF_DOC_LIMIT);
    strbuf_str(&copy, symbol);
    strbuf_clear(text);
    strbuf_str(text, copy.data);
    strbuf_finish(&copy);
}

static const struct {
    const char *name;
    void (*apply)(struct strbuf *text);
} filters[] = {
    {"phrase", to_phrase}, {"sentence", to_sentence}, {"lower", to_lower},   {"cell", to_cell},
    {"brief", to_brief},   {"paragraphs", NULL},      {"symbol", to_symbol},
};

bool filter_known(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(filters); i++)
        if (strcmp(filters[i].name, name) == 0)
            return true;
    return false;
}

static void apply_filters(const char *const *names, struct strbuf *text)
{
    for (; *names; names++)
        for (size_t i = 0; i < ARRAY_LEN(filters); i++)
            if (filters[i].apply && strcmp(filters[i].name, *names) == 0)
                filters[i].apply(text);
}

/* ---- whole ---- */

/* Appends `len` bytes of `text` as one line: every run of blanks is one. */
static void one_line(const char *text, size_t len, struct strbuf *out)
{
    bool blank = false, any = false;

    for (size_t i = 0; i < len; i++) {
        if (strchr(" \t\r\n\v\f", text[i])) {
            blank = any;
            continue;
        }
        if (blank)
            strbuf_char(out, ' ');
        blank = false;
        any = true;
        strbuf_char(out, text[i]);
    }
}

/* A paragraph of a text that blank lines divide; *at moves behind it. False at the end. */
static bool next_paragraph(const char **at, const char **text, size_t *len)
{
    const char *end;

    *at += strspn(*at, " \t\r\n");
    if (!**at)
        return false;
    *text = *at;
    end = strstr(*at, "\n\n");
    if (!end)
        end = strstr(*at, "\r\n\r\n");
    *len = end ? (size_t)(end - *at) : strlen(*at);
    *at += *len;
    return true;
}

static void add_line(const char *text, size_t len, const char *const *names, struct strbuf *out)
{
    struct strbuf line;

    strbuf_init(&line, STRBUF_DOC_LIMIT);
    one_line(text, len, &line);
    apply_filters(names, &line);
    binder_escape(line.data, out);
    strbuf_finish(&line);
}

static bool wants(const char *const *names, const char *name)
{
    for (; *names; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return false;
}

void filter_answer(const struct draft_input *in, const char *field, const bson_iter_t *it,
                   const char *const *names, struct strbuf *out)
{
    struct strbuf raw;
    const char *at, *text;
    size_t len;
    bool first = true;

    if (!filter_holds(it))
        return;
    strbuf_init(&raw, STRBUF_DOC_LIMIT);
    add_value(in, field, it, wants(names, "lower"), &raw);
    at = raw.data;
    if (!wants(names, "paragraphs")) {
        add_line(raw.data, raw.len, names, out);
    } else {
        while (next_paragraph(&at, &text, &len)) {
            if (!first)
                strbuf_str(out, "\n\n");
            first = false;
            add_line(text, len, names, out);
        }
    }
    strbuf_finish(&raw);
}
