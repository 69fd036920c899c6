/* random_intake.h - answers that are valid by construction, made from the questions themselves:
 * whatever the wizard could take, in any mixture. The same seed gives the same answers on every
 * machine. */
#ifndef TESTS_RANDOM_INTAKE_H
#define TESTS_RANDOM_INTAKE_H

#include <bson/bson.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "strattio/attr.h"
#include "strattio/doc.h"
#include "strattio/intake.h"
#include "strattio/strbuf.h"

struct random_intake {
    uint64_t state;
    const struct intake *questions;
    enum plan_purpose purpose;
    unsigned percent; /* of the answers that need not be given */
    bool hostile;     /* texts that try to be something else */
};

static inline uint64_t random_next(struct random_intake *r)
{
    r->state ^= r->state << 13;
    r->state ^= r->state >> 7;
    r->state ^= r->state << 17;
    return r->state * UINT64_C(2685821657736338717) >> 11;
}

static inline size_t random_below(struct random_intake *r, size_t n)
{
    return n ? (size_t)(random_next(r) % n) : 0;
}

static const char *const random_words[] = {
    "bread",      "families", "the quay",  "repairs",     "on the day",       "small clinics",
    "by van",     "a mill",   "two cafés", "fresh",       "customers nearby", "every morning",
    "a workshop", "training", "advice",    "spare parts", "weekly",           "with care",
    "in town",    "export"};

static const char *const random_hostile[] = {"# Heading\n\n## Other",
                                             "| a | b |\n|---|---|\n| 1 | 2 |",
                                             "{{pnl.revenue[y1]:money}}",
                                             "{% if true %}x{% end %}",
                                             "{= business_name =}",
                                             "\\{{x}}",
                                             "`code` and ``` fences",
                                             "```\nblock\n```",
                                             "<script>alert(1)</script>",
                                             "[link](http://x.example)",
                                             "![i](y.png)",
                                             "[^market_size] and [^1]: note",
                                             "**bold** _em_ ~~gone~~",
                                             "- item\n- item\n1. one",
                                             "> quote\n\n    code",
                                             "&amp; &#35; &copy;",
                                             "***\n---\n===",
                                             "a\tb\r\nc",
                                             "\342\200\256abc",
                                             "שלום עולם",
                                             "مرحبا",
                                             "👩‍🍳🥖",
                                             "\"quoted\" ''",
                                             "trailing \\",
                                             "{",
                                             "}}",
                                             "$100 {{",
                                             "x|y|z",
                                             "1. first",
                                             "+ plus",
                                             ":--- :",
                                             "a  b   c",
                                             "www.example.com",
                                             "=}",
                                             "%}"};

/* A text of `min` to `max` characters. */
static inline void random_text(struct random_intake *r, double min, double max, struct strbuf *out)
{
    /* A return before a newline counts here and not in the answer. */
    size_t least = (isnan(min) ? 1 : (size_t)min) + (r->hostile ? 8 : 0);
    size_t most = isnan(max) ? 200 : (size_t)max;
    size_t words = 1 + random_below(r, 8), chars = 0;

    if (r->hostile && most >= 40 && random_below(r, 40) == 0)
        words = most > 4000 ? 900 : most / 12;
    for (size_t i = 0; i < words || chars <= least; i++) {
        const char *word = r->hostile && random_below(r, 2)
                               ? random_hostile[random_below(r, ARRAY_LEN(random_hostile))]
                               : random_words[random_below(r, ARRAY_LEN(random_words))];
        size_t len = 1;

        for (const char *s = word; *s; s++)
            len += ((unsigned char)*s & 0xc0) != 0x80;
        if (chars + len > most) {
            if (chars <= least)
                strbuf_fill(out, 'x', most - chars < 20 ? most - chars : 20);
            return;
        }
        if (out->len && chars)
            strbuf_char(out, ' ');
        strbuf_str(out, word);
        chars += len;
    }
    if (!r->hostile && random_below(r, 2) && chars < most)
        strbuf_char(out, '.');
}

/* What a field of one line can hold of it. */
static inline void random_line(struct random_intake *r, double min, double max, struct strbuf *out)
{
    random_text(r, min, max, out);
    for (size_t i = 0; i < out->len; i++)
        if ((unsigned char)out->data[i] < 0x20)
            out->data[i] = ' ';
}

static inline double random_number(struct random_intake *r, const struct question *q)
{
    static const double most_of[] = {[QUESTION_MONEY] = 50000,
                                     [QUESTION_NUMBER] = 3000,
                                     [QUESTION_WHOLE] = 60,
                                     [QUESTION_PERCENT] = 60,
                                     [QUESTION_GROUP] = 0};
    double least = isnan(q->min) ? 0 : q->min, most = most_of[q->type];
    double x;

    if (!isnan(q->max) && q->max < most)
        most = q->max;
    if (most < least)
        most = least;
    if (random_below(r, 8) == 0)
        return least < 0 ? 0 : least;
    x = least + (most - least) * (double)random_below(r, 10001) / 10000;
    if (random_below(r, 2))
        x = least + (x - least) * (double)random_below(r, 101) / 5000;
    return q->type == QUESTION_WHOLE ? floor(x) : floor(x * 100) / 100;
}

static inline void random_answer(struct random_intake *r, const struct question *q, const char *key,
                                 bson_t *out, const bson_t *answers, unsigned percent);

static inline void random_row(struct random_intake *r, const struct question *q, bson_t *out,
                              const bson_t *answers)
{
    bson_t with;
    char path[100];

    bson_copy_to(answers, &with); /* a column is required where its table is answered */
    snprintf(path, sizeof path, q->type == QUESTION_TABLE ? "%s.0.x" : "%s.x", q->field);
    doc_set_str(&with, path, "answered");
    for (size_t i = 0; i < q->column_count; i++) {
        const struct question *c = &q->columns[i];
        bool required = intake_required(r->questions, c, r->purpose, &with);

        if (required || random_below(r, 100) < r->percent)
            random_answer(r, c, c->field, out, answers, 100);
    }
    bson_destroy(&with);
}

static inline void random_list(struct random_intake *r, const struct question *q, const char *key,
                               bson_t *out)
{
    size_t count = 1 + random_below(r, 4);
    bson_t list;
    char at[16];

    BSON_APPEND_ARRAY_BEGIN(out, key, &list);
    for (size_t i = 0; i < count; i++) {
        struct strbuf text;

        snprintf(at, sizeof at, "%zu", i);
        if (q->type == QUESTION_CHOICES) {
            BSON_APPEND_UTF8(&list, at, q->choices[i % q->choice_count].key);
            continue;
        }
        strbuf_init(&text, 100000);
        random_line(r, 1, 120, &text);
        BSON_APPEND_UTF8(&list, at, text.data);
        strbuf_finish(&text);
    }
    bson_append_array_end(out, &list);
}

static inline void random_table(struct random_intake *r, const struct question *q, const char *key,
                                bson_t *out, const bson_t *answers)
{
    size_t count = 1 + random_below(r, 4);
    bson_t list, row;
    char at[16];

    BSON_APPEND_ARRAY_BEGIN(out, key, &list);
    for (size_t i = 0; i < count; i++) {
        snprintf(at, sizeof at, "%zu", i);
        BSON_APPEND_DOCUMENT_BEGIN(&list, at, &row);
        random_row(r, q, &row, answers);
        bson_append_document_end(&list, &row);
    }
    bson_append_array_end(out, &list);
}

static inline void random_answer(struct random_intake *r, const struct question *q, const char *key,
                                 bson_t *out, const bson_t *answers, unsigned percent)
{
    static const char *const countries[] = {"GB", "US", "DE", "FR", "IE", "PT", "EE", "JP", "BR"};
    static const char *const currencies[] = {"GBP", "USD", "EUR"};
    struct choice industries[32];
    const char *word; /* BSON_APPEND_UTF8 reads its argument twice */
    struct strbuf text;
    char date[16];
    bson_t sub;
    size_t n;

    if (random_below(r, 100) >= percent)
        return;
    switch (q->type) {
    case QUESTION_TEXT:
    case QUESTION_LONG_TEXT:
        strbuf_init(&text, 100000);
        if (q->type == QUESTION_TEXT)
            random_line(r, q->min, q->max, &text);
        else
            random_text(r, q->min, q->max, &text);
        BSON_APPEND_UTF8(out, key, text.data);
        strbuf_finish(&text);
        break;
    case QUESTION_MONEY:
    case QUESTION_NUMBER:
    case QUESTION_WHOLE:
    case QUESTION_PERCENT:
        BSON_APPEND_DOUBLE(out, key, random_number(r, q));
        break;
    case QUESTION_DATE:
        snprintf(date, sizeof date, "20%02zu-%02zu-%02zu", 20 + random_below(r, 9),
                 1 + random_below(r, 12), 1 + random_below(r, 28));
        BSON_APPEND_UTF8(out, key, date);
        break;
    case QUESTION_YES_NO:
        BSON_APPEND_BOOL(out, key, random_below(r, 2));
        break;
    case QUESTION_CHOICE:
        word = q->choices[random_below(r, q->choice_count)].key;
        BSON_APPEND_UTF8(out, key, word);
        break;
    case QUESTION_COUNTRY:
        word = countries[random_below(r, ARRAY_LEN(countries))];
        BSON_APPEND_UTF8(out, key, word);
        break;
    case QUESTION_CURRENCY:
        word = currencies[random_below(r, ARRAY_LEN(currencies))];
        BSON_APPEND_UTF8(out, key, word);
        break;
    case QUESTION_INDUSTRY:
        n = intake_find_industries(r->questions, "", industries, ARRAY_LEN(industries));
        word = n && random_below(r, 4) ? industries[random_below(r, n)].key : "bicycle repair";
        BSON_APPEND_UTF8(out, key, word);
        break;
    case QUESTION_MONTHS:
        BSON_APPEND_ARRAY_BEGIN(out, key, &sub);
        for (n = 0; n < 12; n++) {
            snprintf(date, sizeof date, "%zu", n);
            BSON_APPEND_INT32(&sub, date, 50 + (int)random_below(r, 101));
        }
        bson_append_array_end(out, &sub);
        break;
    case QUESTION_LIST:
    case QUESTION_CHOICES:
        random_list(r, q, key, out);
        break;
    case QUESTION_TABLE:
        random_table(r, q, key, out, answers);
        break;
    case QUESTION_GROUP:
        BSON_APPEND_DOCUMENT_BEGIN(out, key, &sub);
        random_row(r, q, &sub, answers);
        bson_append_document_end(out, &sub);
        break;
    }
}

/* Takes out answers that contradict each other, such as a cost that ends before it begins. */
static inline bool random_settle(struct random_intake *r, bson_t *answers)
{
    struct problems problems = {0};
    bool settled;

    intake_check(r->questions, r->purpose, answers, true, &problems);
    for (size_t i = 0; i < problems.count; i++) {
        const char *path = problems.items[i].path, *dot = strrchr(path, '.');
        char end[200];

        if (problems.items[i].missing)
            continue;
        if (dot && dot[1] >= '0' && dot[1] <= '9') { /* a row as a whole: its end is in the way */
            snprintf(end, sizeof end, "%s.end_month", path);
            path = end;
        }
        doc_unset(answers, path);
    }
    settled = problems.count == 0;
    problems_finish(&problems);
    return settled;
}

/* Fills `answers`, which has been initialised: what is required always, the rest with
 * r->percent. */
static inline void random_intake(struct random_intake *r, bson_t *answers)
{
    for (size_t s = 0; s < intake_step_count(r->questions); s++) {
        const struct intake_step *step = intake_step(r->questions, s);

        for (size_t i = 0; i < step->question_count; i++) {
            const struct question *q = step->questions[i];

            if (!intake_applies(r->questions, q, r->purpose, answers))
                continue;
            random_answer(r, q, q->field, answers, answers,
                          intake_required(r->questions, q, r->purpose, answers) ? 100 : r->percent);
        }
    }
    for (int i = 0; i < 8 && !random_settle(r, answers); i++)
        ;
}

#endif
