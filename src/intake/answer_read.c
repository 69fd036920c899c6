/* answer_read.c - bringing answers to their stored types. One reader a question type, in a table; each
 * takes whatever BSON value came, so that JSON numbers, JSON strings ("12k") and typed text take the
 * same way and give the same sentences. Strict reading, of what is stored already, skips the
 * forgiving half. */
#include "intake/answer_read.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/json.h"
#include "strattio/mem.h"
#include "strattio/money.h"

#include "intake/fold.h"
#include "intake/industries.h"
#include "intake/places.h"
#include "intake/questions.h"
#include "intake/typed.h"

enum { SHOWN_MAX = 40, MESSAGE_MAX = 4000, PATH_MAX_BYTES = 400 };

#define MINOR_MAX 0x1p53
#define TINIEST 1e-12 /* the step of the model's numbers */

/* --- problems -------------------------------------------------------------------------------- */

void answer_read_problem(struct problems *out, const char *path, bool missing, const char *fmt, ...)
{
    struct strbuf text;
    va_list args;
    struct problem *items = mem_zero(out->count + 1, sizeof *items);

    strbuf_init(&text, MESSAGE_MAX);
    va_start(args, fmt);
    strbuf_vprintf(&text, fmt, args);
    va_end(args);
    if (out->count)
        memcpy(items, out->items, out->count * sizeof *items);
    free(out->items);
    out->items = items;
    items[out->count++] = (struct problem){mem_str(path), strbuf_take(&text), missing};
    strbuf_finish(&text);
}

void problems_finish(struct problems *p)
{
    for (size_t i = 0; i < p->count; i++) {
        free(p->items[i].path);
        free(p->items[i].message);
    }
    free(p->items);
    *p = (struct problems){0};
}

/* What was given, as a message shows it: quoted and cut, since it may be megabytes. */
static void describe(const bson_iter_t *it, char out[64])
{
    char number[TYPED_NUMBER_SIZE];

    if (BSON_ITER_HOLDS_UTF8(it)) {
        uint32_t len;
        const char *text = bson_iter_utf8(it, &len);
        int shown = 0, chars = 0;

        while (text[shown] && text[shown] != '\n' && chars < SHOWN_MAX && shown < 50) {
            chars++;
            do
                shown++;
            while (((unsigned char)text[shown] & 0xc0) == 0x80);
        }
        snprintf(out, 64, "\"%.*s%s\"", shown, text, text[shown] ? "..." : "");
        for (char *c = out; *c; c++)
            if ((unsigned char)*c < ' ' || *c == 0x7f)
                *c = '?';
            else if ((unsigned char)*c == 0xc2 && (unsigned char)c[1] < 0xa0)
                c[0] = c[1] = '?'; /* a control beyond ASCII */
    } else if (BSON_ITER_HOLDS_NUMBER(it)) {
        typed_print_number(BSON_ITER_HOLDS_DOUBLE(it) ? bson_iter_double(it)
                                                      : (double)bson_iter_as_int64(it),
                           false, number);
        snprintf(out, 64, "%s", number);
    } else if (BSON_ITER_HOLDS_BOOL(it)) {
        snprintf(out, 64, "%s", bson_iter_bool(it) ? "true" : "false");
    } else {
        snprintf(out, 64, "%s",
                 BSON_ITER_HOLDS_ARRAY(it)      ? "A list"
                 : BSON_ITER_HOLDS_DOCUMENT(it) ? "An object"
                                                : "This value");
    }
}

/* "X is not NOUN; try EXAMPLE". */
static bool wrong_kind(struct reading *r, const struct question *q, const bson_iter_t *it,
                       const char *noun)
{
    char shown[64];

    describe(it, shown);
    answer_read_problem(r->out, r->path.data, false, "%s is not %s; try %s", shown, noun,
                        q->example);
    return false;
}

/* --- numbers --------------------------------------------------------------------------------- */

static double number_at(const bson_iter_t *it)
{
    double x = BSON_ITER_HOLDS_DOUBLE(it) ? bson_iter_double(it) : (double)bson_iter_as_int64(it);

    return x == 0 ? 0 : x; /* no negative zero */
}

/* The least and most allowed, `unit` behind each. */
static bool in_range(struct reading *r, const struct question *q, double x, const char *unit)
{
    char shown[TYPED_NUMBER_SIZE], limit[TYPED_NUMBER_SIZE];
    bool low = x < q->min, high = x > q->max;

    if (x != 0 && fabs(x) < TINIEST) {
        answer_read_problem(r->out, r->path.data, false,
                            "This number is too small to count with; write 0 or a larger one");
        return false;
    }
    if (!low && !high)
        return true;
    typed_print_number(x, true, shown);
    typed_print_number(low ? q->min : q->max, true, limit);
    answer_read_problem(r->out, r->path.data, false, "%s%s is too %s; the %s allowed is %s%s", shown,
                        unit, low ? "low" : "high", low ? "least" : "most", limit, unit);
    return false;
}

const char *answer_read_currency(const struct intake *in, const struct question *q,
                                 const char *plan_currency, const bson_t *row)
{
    const char *named = questions_rule(in, q)->currency;

    if (!named)
        return plan_currency;
    if (questions_rule(in, q)->parent)
        return row ? doc_str(row, named, plan_currency) : plan_currency;
    return named;
}

/* A JSON number as money: whole minor units, not too many of them. */
static bool check_money(struct reading *r, double x, const char *currency)
{
    double scale = pow(10, money_exponent(currency)), minor;
    char shown[TYPED_NUMBER_SIZE];

    if (!isfinite(x) || fabs(x) * scale > MINOR_MAX) {
        struct strbuf most;

        strbuf_init(&most, 64);
        money_print((int64_t)MINOR_MAX, currency, 0, &most);
        answer_read_problem(r->out, r->path.data, false, "This amount is too large; the most is %s",
                            most.data);
        strbuf_finish(&most);
        return false;
    }
    minor = round(x * scale);
    if (minor / scale == x)
        return true;
    typed_print_number(x, true, shown);
    answer_read_problem(r->out, r->path.data, false,
                        "%s has more decimals than %s has; round it to %d", shown, currency,
                        money_exponent(currency));
    return false;
}

static bool read_money(struct reading *r, const struct question *q, const bson_iter_t *it,
                       const char *key, bson_t *out)
{
    const char *currency = answer_read_currency(r->in, q, r->currency, r->row);
    double x;

    if (BSON_ITER_HOLDS_NUMBER(it)) {
        x = number_at(it);
        if (!check_money(r, x, currency))
            return false;
    } else if (BSON_ITER_HOLDS_UTF8(it) && !r->strict) {
        struct err err = {0};
        int64_t minor;

        if (!money_parse(bson_iter_utf8(it, NULL), currency, &minor, &err)) {
            answer_read_problem(r->out, r->path.data, false, "%s", err.msg);
            return false;
        }
        x = (double)minor / pow(10, money_exponent(currency));
    } else {
        return wrong_kind(r, q, it, "an amount");
    }
    if (!in_range(r, q, x, ""))
        return false;
    bson_append_double(out, key, -1, x);
    return true;
}

/* The number under `it`, by `typed` if it is text. */
static bool number_from(const struct reading *r, const bson_iter_t *it,
                        bool (*typed)(const char *, double *), double *x)
{
    if (BSON_ITER_HOLDS_NUMBER(it))
        *x = number_at(it);
    else if (!BSON_ITER_HOLDS_UTF8(it) || r->strict || !typed(bson_iter_utf8(it, NULL), x))
        return false;
    return isfinite(*x);
}

static bool read_number(struct reading *r, const struct question *q, const bson_iter_t *it,
                        const char *key, bson_t *out)
{
    double x;

    if (!number_from(r, it, typed_number, &x))
        return wrong_kind(r, q, it, "a number");
    if (!in_range(r, q, x, ""))
        return false;
    bson_append_double(out, key, -1, x);
    return true;
}

static bool read_whole(struct reading *r, const struct question *q, const bson_iter_t *it,
                       const char *key, bson_t *out)
{
    double x;

    if (!number_from(r, it, typed_number, &x) || x != floor(x))
        return wrong_kind(r, q, it, "a whole number");
    if (!in_range(r, q, x, ""))
        return false;
    if (fabs(x) > INT32_MAX)
        return wrong_kind(r, q, it, "a number we can count to");
    bson_append_int32(out, key, -1, (int32_t)x);
    return true;
}

static bool read_percent(struct reading *r, const struct question *q, const bson_iter_t *it,
                         const char *key, bson_t *out)
{
    char shown[64], number[16];
    double x;

    if (!number_from(r, it, typed_percent, &x)) {
        if (!BSON_ITER_HOLDS_UTF8(it) || !typed_first_number(bson_iter_utf8(it, NULL), number))
            return wrong_kind(r, q, it, "a rate");
        describe(it, shown);
        answer_read_problem(r->out, r->path.data, false, "%s is not a rate; try %s%%%s", shown,
                            number, strstr(q->label, "month") ? "" : " a year");
        return false;
    }
    if (!in_range(r, q, x, "%"))
        return false;
    bson_append_double(out, key, -1, x);
    return true;
}

/* --- texts ----------------------------------------------------------------------------------- */

static size_t count_chars(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

/* Text of a store may be anything: a NUL inside, or no UTF-8 at all. */
static bool sound(struct reading *r, const bson_iter_t *it)
{
    uint32_t len;
    const char *text;

    if (!BSON_ITER_HOLDS_UTF8(it))
        return true;
    text = bson_iter_utf8(it, &len);
    if (bson_utf8_validate(text, len, false))
        return true;
    answer_read_problem(r->out, r->path.data, false, "This text is not valid UTF-8; write it anew");
    return false;
}

/* `text` without blanks at its ends and with one kind of line end; a text of one line has its line
 * ends and tabs made blanks. NULL for control characters: they could drive a terminal. To be freed. */
static char *clean_text(const char *text, bool one_line)
{
    char *out = mem_zero(strlen(text) + 1, 1);
    size_t len = 0;

    text += strspn(text, " \t\r\n");
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;

        if (c == '\r' && text[1] == '\n')
            continue;
        if (c == '\r' || (one_line && (c == '\n' || c == '\t')))
            c = one_line ? ' ' : '\n';
        else if ((c < ' ' && c != '\n' && c != '\t') || c == 0x7f ||
                 (c == 0xc2 && (unsigned char)text[1] < 0xa0)) {
            free(out);
            return NULL;
        }
        out[len++] = (char)c;
    }
    while (len && strchr(" \t\n", out[len - 1]))
        len--;
    out[len] = '\0';
    return out;
}

/* A cleaned text of allowed length, to be freed; NULL with a problem. */
static char *good_text(struct reading *r, const struct question *q, const char *text, bool one_line,
                       double min, double max)
{
    char *clean = clean_text(text, one_line), have[TYPED_NUMBER_SIZE], limit[TYPED_NUMBER_SIZE];
    size_t chars;

    if (!clean) {
        answer_read_problem(r->out, r->path.data, false,
                            "%s holds control characters; only ordinary text is allowed", q->label);
        return NULL;
    }
    chars = count_chars(clean);
    if (*clean && ((double)chars < min || (double)chars > max)) {
        typed_print_number((double)chars, true, have);
        typed_print_number((double)chars < min ? min : max, true, limit);
        answer_read_problem(r->out, r->path.data, false,
                            "This has %s character%s; at %s %s are %s", have, chars == 1 ? "" : "s",
                            (double)chars < min ? "least" : "most", limit,
                            (double)chars < min ? "needed" : "allowed");
        free(clean);
        return NULL;
    }
    return clean;
}

static bool read_text(struct reading *r, const struct question *q, const bson_iter_t *it,
                      const char *key, bson_t *out)
{
    bool one_line = q->type != QUESTION_LONG_TEXT;
    double max = !isnan(q->max) ? q->max : one_line ? ANSWER_LINE_MAX : ANSWER_TEXT_MAX;
    char *clean;

    if (!BSON_ITER_HOLDS_UTF8(it))
        return wrong_kind(r, q, it, "text");
    clean = good_text(r, q, bson_iter_utf8(it, NULL), one_line, q->min, max);
    if (!clean)
        return false;
    if (*clean || r->strict)
        bson_append_utf8(out, key, -1, clean, -1);
    free(clean);
    return true;
}

static bool read_date(struct reading *r, const struct question *q, const bson_iter_t *it,
                      const char *key, bson_t *out)
{
    char date[TYPED_DATE_SIZE];
    const char *text = BSON_ITER_HOLDS_UTF8(it) ? bson_iter_utf8(it, NULL) : "";
    bool ok = r->strict ? typed_is_date(text)
                        : typed_date(text, strcmp(r->country, "US") == 0, date);

    if (!ok)
        return wrong_kind(r, q, it, "a date from 1900 to 2199");
    bson_append_utf8(out, key, -1, r->strict ? text : date, -1);
    return true;
}

static bool read_yes_no(struct reading *r, const struct question *q, const bson_iter_t *it,
                        const char *key, bson_t *out)
{
    bool yes = false;

    if (BSON_ITER_HOLDS_BOOL(it)) {
        yes = bson_iter_bool(it);
    } else if (!BSON_ITER_HOLDS_UTF8(it) || r->strict ||
               !typed_yes_no(bson_iter_utf8(it, NULL), &yes)) {
        char shown[64];

        describe(it, shown);
        answer_read_problem(r->out, r->path.data, false, "%s is neither yes nor no; try %s", shown,
                            q->example);
        return false;
    }
    bson_append_bool(out, key, -1, yes);
    return true;
}

/* --- choices --------------------------------------------------------------------------------- */

/* How surely `wanted` (folded) means this choice: 2 it is its key or label, 1 its label or note has
 * these words, 0 not at all. */
static int choice_rank(const struct choice *c, const char *wanted)
{
    char *key = fold_text(c->key), *label = fold_text(c->label), *note = fold_text(c->note ? c->note : "");
    int rank = 0;

    if (strcmp(key, wanted) == 0 || strcmp(label, wanted) == 0)
        rank = 2;
    else if (strlen(wanted) > 2 && (fold_has_words(label, wanted) || fold_has_words(note, wanted)))
        rank = 1;
    free(key);
    free(label);
    free(note);
    return rank;
}

/* The choice with this key or, forgivingly, the one that goes by what was typed ("Ltd"), if only one does. */
static const struct choice *find_choice(const struct question *q, const char *text, bool strict)
{
    const struct choice *best = NULL;
    int best_rank = 0, equals = 0;
    char *wanted;

    for (size_t i = 0; i < q->choice_count; i++)
        if (strcmp(q->choices[i].key, text) == 0)
            return &q->choices[i];
    if (strict)
        return NULL;
    wanted = fold_text(text);
    for (size_t i = 0; i < q->choice_count; i++) {
        int rank = choice_rank(&q->choices[i], wanted);

        equals = rank > best_rank ? 1 : equals + (rank && rank == best_rank);
        if (rank > best_rank) {
            best_rank = rank;
            best = &q->choices[i];
        }
    }
    free(wanted);
    return equals == 1 ? best : NULL;
}

static bool not_a_choice(struct reading *r, const struct question *q, const bson_iter_t *it)
{
    struct strbuf allowed;
    char shown[64];

    strbuf_init(&allowed, MESSAGE_MAX);
    for (size_t i = 0; i < q->choice_count; i++)
        strbuf_printf(&allowed, "%s%s", i == 0 ? "" : i + 1 == q->choice_count ? " or " : ", ",
                      q->choices[i].key);
    describe(it, shown);
    answer_read_problem(r->out, r->path.data, false, "%s is not a choice; it can be %s", shown,
                        allowed.data);
    strbuf_finish(&allowed);
    return false;
}

static bool read_choice(struct reading *r, const struct question *q, const bson_iter_t *it,
                        const char *key, bson_t *out)
{
    const struct choice *found =
        BSON_ITER_HOLDS_UTF8(it) ? find_choice(q, bson_iter_utf8(it, NULL), r->strict) : NULL;

    if (!found)
        return not_a_choice(r, q, it);
    bson_append_utf8(out, key, -1, found->key, -1);
    return true;
}

static bool no_table(struct reading *r, const struct err *err)
{
    answer_read_problem(r->out, r->path.data, false, "%s", err->msg);
    return false;
}

static bool read_country(struct reading *r, const struct question *q, const bson_iter_t *it,
                         const char *key, bson_t *out)
{
    const struct place *all, *found;
    const char *text = BSON_ITER_HOLDS_UTF8(it) ? bson_iter_utf8(it, NULL) : NULL;
    struct err err = {0};
    char shown[64];
    size_t count;

    if (!text)
        return wrong_kind(r, q, it, "a country");
    if (!places_countries(&all, &count, &err))
        return no_table(r, &err);
    found = places_country(all, count, text);
    if (found && (!r->strict || strcmp(found->code, text) == 0)) {
        bson_append_utf8(out, key, -1, found->code, -1);
        return true;
    }
    if (!found)
        found = places_nearest(all, count, text);
    describe(it, shown);
    if (found)
        answer_read_problem(r->out, r->path.data, false,
                            "%s is not a country we know; did you mean %s (%s)?", shown,
                            found->name, found->code);
    else
        answer_read_problem(r->out, r->path.data, false,
                            "%s is not a country; write its name or its two letters, such as GB",
                            shown);
    return false;
}

static const char *const plan_currencies[] = {"GBP", "USD", "EUR"};

/* The code of what a person means by "£", "gbp" or "euro"; NULL if it is none of the three. */
static const char *plan_currency(const char *text)
{
    static const struct {
        const char *typed, *code;
    } known[] = {{"gbp", "GBP"},    {"pound", "GBP"},  {"pounds", "GBP"}, {"sterling", "GBP"},
                 {"usd", "USD"},    {"dollar", "USD"}, {"dollars", "USD"}, {"us dollar", "USD"},
                 {"us dollars", "USD"}, {"pound sterling", "GBP"},
                 {"eur", "EUR"},    {"euro", "EUR"},   {"euros", "EUR"}};
    const char *code = NULL;
    char *folded;

    if (strcmp(text, "£") == 0)
        return "GBP";
    if (strcmp(text, "€") == 0)
        return "EUR";
    if (strcmp(text, "$") == 0)
        return "USD";
    folded = fold_text(text);
    for (size_t i = 0; i < ARRAY_LEN(known) && !code; i++)
        if (strcmp(folded, known[i].typed) == 0)
            code = known[i].code;
    free(folded);
    return code;
}

static bool read_currency(struct reading *r, const struct question *q, const bson_iter_t *it,
                          const char *key, bson_t *out)
{
    const char *text = BSON_ITER_HOLDS_UTF8(it) ? bson_iter_utf8(it, NULL) : NULL, *code = NULL;
    const struct place *all, *found = NULL;
    struct err err = {0};
    char shown[64];
    size_t count;

    if (text)
        code = plan_currency(text);
    if (code && r->strict && strcmp(code, text) != 0)
        code = NULL;
    if (!code && text && strlen(text) == 3) {
        if (!places_currencies(&all, &count, &err))
            return no_table(r, &err);
        found = places_currency(all, count, text);
        if (found && questions_rule(r->in, q)->any_currency &&
            (!r->strict || strcmp(found->code, text) == 0))
            code = found->code;
    }
    if (code) {
        bson_append_utf8(out, key, -1, code, -1);
        return true;
    }
    describe(it, shown);
    if (questions_rule(r->in, q)->any_currency)
        return wrong_kind(r, q, it, "the three-letter code of a currency");
    answer_read_problem(r->out, r->path.data, false, "%s%s%s%s is not one of a plan's currencies; "
                        "it can be %s, %s or %s", shown, found ? " (" : "", found ? found->name : "",
                        found ? ")" : "", plan_currencies[0], plan_currencies[1], plan_currencies[2]);
    return false;
}

static bool read_industry(struct reading *r, const struct question *q, const bson_iter_t *it,
                          const char *key, bson_t *out)
{
    const struct industry *found = NULL;

    if (BSON_ITER_HOLDS_UTF8(it) && !r->strict)
        found = industries_named(r->in->industries, bson_iter_utf8(it, NULL));
    if (!found)
        return read_text(r, q, it, key, out); /* the founder's own words */
    bson_append_utf8(out, key, -1, found->key, -1);
    return true;
}

/* --- lists, tables, groups --------------------------------------------------------------------- */

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

/* Puts `it` on the first element of the list that was given or typed; `split` owns what was typed. */
static bool enter_list(struct reading *r, const struct question *q, const bson_iter_t *it,
                       bson_t *split, bson_iter_t *first)
{
    if (BSON_ITER_HOLDS_UTF8(it) && !r->strict) {
        split_list(bson_iter_utf8(it, NULL), split);
        return bson_iter_init(first, split);
    }
    if (BSON_ITER_HOLDS_ARRAY(it) && bson_iter_recurse(it, first))
        return true;
    return wrong_kind(r, q, it, "a list");
}

static bool check_count(struct reading *r, const struct question *q, uint32_t count)
{
    const char *noun = q->type == QUESTION_TABLE ? "rows" : "entries";
    char limit[TYPED_NUMBER_SIZE];

    if (!(count > q->max))
        return true;
    typed_print_number(q->max, true, limit);
    answer_read_problem(r->out, r->path.data, false, "This has %u %s; at most %s are allowed",
                        count, noun, limit);
    return false;
}

/* One element of a list: a text, or a choice's key. */
static bool read_item(struct reading *r, const struct question *q, const bson_iter_t *it,
                      const char *key, bson_t *out)
{
    char *clean;

    if (!sound(r, it))
        return false;
    if (q->type == QUESTION_CHOICES)
        return read_choice(r, q, it, key, out);
    if (!BSON_ITER_HOLDS_UTF8(it))
        return wrong_kind(r, q, it, "text");
    clean = good_text(r, q, bson_iter_utf8(it, NULL), true, NAN, ANSWER_ITEM_MAX);
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
        answer_read_problem(r->out, r->path.data, false,
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

        if (at > 10000)
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
static bool read_fields(struct reading *r, const struct question *q, const bson_t *view, bson_t *out)
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
    answer_read_problem(r->out, r->path.data, false,
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
        answer_read_problem(r->out, r->path.data, false,
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

/* What a person typed for a table or group is JSON: `doc` holds it under "v" (initialised on success). */
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
    return wrong_kind(r, q, it, q->type == QUESTION_TABLE ? "a table in JSON" : "a group in JSON");
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
        answer_read_problem(r->out, r->path.data, false, "%s is a table: a list of rows, such as %s",
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
    bool (*read)(struct reading *, const struct question *, const bson_iter_t *, const char *,
                 bson_t *) = q->type == QUESTION_TABLE ? read_rows : read_document;
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

/* --- the table ------------------------------------------------------------------------------- */

typedef bool (*reader)(struct reading *, const struct question *, const bson_iter_t *, const char *,
                       bson_t *);

static const reader readers[] = {
    [QUESTION_TEXT] = read_text,         [QUESTION_LONG_TEXT] = read_text,
    [QUESTION_MONEY] = read_money,       [QUESTION_NUMBER] = read_number,
    [QUESTION_WHOLE] = read_whole,       [QUESTION_PERCENT] = read_percent,
    [QUESTION_DATE] = read_date,         [QUESTION_YES_NO] = read_yes_no,
    [QUESTION_CHOICE] = read_choice,     [QUESTION_CHOICES] = read_list,
    [QUESTION_COUNTRY] = read_country,   [QUESTION_CURRENCY] = read_currency,
    [QUESTION_INDUSTRY] = read_industry, [QUESTION_LIST] = read_list,
    [QUESTION_TABLE] = read_structure,   [QUESTION_GROUP] = read_structure,
};

bool answer_read(struct reading *r, const struct question *q, const bson_iter_t *it,
                 const char *key, bson_t *out)
{
    bson_t trimmed = BSON_INITIALIZER;
    bson_iter_t at = *it;
    bool ok = true;

    if (BSON_ITER_HOLDS_NULL(it))
        return true;
    if (!sound(r, it))
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
    ok = ok && readers[q->type](r, q, &at, key, out);
    bson_destroy(&trimmed);
    return ok;
}

void answer_read_init(struct reading *r, const struct intake *in, const bson_t *answers, bool strict,
                      struct problems *out)
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
