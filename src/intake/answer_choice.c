/* answer_choice.c - reading what is one of many: choices, countries, currencies, industries. */
#include "intake/answer_reader.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"

#include "intake/fold.h"
#include "intake/industries.h"
#include "intake/places.h"
#include "intake/questions.h"

enum { MESSAGE_MAX = 4000 };

/* How surely `wanted` (folded) means this choice: 2 it is its key or label, 1 its label or note has
 * these words, 0 not at all. */
static int choice_rank(const struct choice *c, const char *wanted)
{
    char *key = fold_text(c->key), *label = fold_text(c->label),
         *note = fold_text(c->note ? c->note : "");
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

/* The choice with this key or, forgivingly, the one that goes by what was typed ("Ltd"), if only
 * one does. */
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
    char shown[ANSWER_SHOWN_SIZE];

    strbuf_init(&allowed, MESSAGE_MAX);
    for (size_t i = 0; i < q->choice_count; i++)
        strbuf_printf(&allowed, "%s%s",
                      i == 0                     ? ""
                      : i + 1 == q->choice_count ? " or "
                                                 : ", ",
                      q->choices[i].key);
    answer_problem_describe(it, shown);
    answer_problem_add(r->out, r->path.data, false, "%s is not a choice; it can be %s", shown,
                       allowed.data);
    strbuf_finish(&allowed);
    return false;
}

bool answer_choice_one(struct reading *r, const struct question *q, const bson_iter_t *it,
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
    answer_problem_add(r->out, r->path.data, false, "%s", err->msg);
    return false;
}

bool answer_choice_country(struct reading *r, const struct question *q, const bson_iter_t *it,
                           const char *key, bson_t *out)
{
    const struct place *all, *found;
    const char *text = BSON_ITER_HOLDS_UTF8(it) ? bson_iter_utf8(it, NULL) : NULL;
    struct err err = {0};
    char shown[ANSWER_SHOWN_SIZE];
    size_t count;

    if (!text)
        return answer_problem_kind(r, q, it, "a country");
    if (!places_countries(&all, &count, &err))
        return no_table(r, &err);
    found = places_country(all, count, text);
    if (found && (!r->strict || strcmp(found->code, text) == 0)) {
        bson_append_utf8(out, key, -1, found->code, -1);
        return true;
    }
    if (!found)
        found = places_nearest(all, count, text);
    answer_problem_describe(it, shown);
    if (found)
        answer_problem_add(r->out, r->path.data, false,
                           "%s is not a country we know; did you mean %s (%s)?", shown, found->name,
                           found->code);
    else
        answer_problem_add(r->out, r->path.data, false,
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
    } known[] = {
        {"gbp", "GBP"},        {"pound", "GBP"},          {"pounds", "GBP"},  {"sterling", "GBP"},
        {"usd", "USD"},        {"dollar", "USD"},         {"dollars", "USD"}, {"us dollar", "USD"},
        {"us dollars", "USD"}, {"pound sterling", "GBP"}, {"eur", "EUR"},     {"euro", "EUR"},
        {"euros", "EUR"}};
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

bool answer_choice_currency(struct reading *r, const struct question *q, const bson_iter_t *it,
                            const char *key, bson_t *out)
{
    const char *text = BSON_ITER_HOLDS_UTF8(it) ? bson_iter_utf8(it, NULL) : NULL, *code = NULL;
    const struct place *all, *found = NULL;
    struct err err = {0};
    char shown[ANSWER_SHOWN_SIZE];
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
    answer_problem_describe(it, shown);
    if (questions_rule(r->in, q)->any_currency)
        return answer_problem_kind(r, q, it, "the three-letter code of a currency");
    answer_problem_add(r->out, r->path.data, false,
                       "%s%s%s%s is not one of a plan's currencies; "
                       "it can be %s, %s or %s",
                       shown, found ? " (" : "", found ? found->name : "", found ? ")" : "",
                       plan_currencies[0], plan_currencies[1], plan_currencies[2]);
    return false;
}

bool answer_choice_industry(struct reading *r, const struct question *q, const bson_iter_t *it,
                            const char *key, bson_t *out)
{
    const struct industry *found = NULL;

    if (BSON_ITER_HOLDS_UTF8(it) && !r->strict)
        found = industries_named(r->in->industries, bson_iter_utf8(it, NULL));
    if (!found)
        return answer_text_read(r, q, it, key, out); /* the founder's own words */
    bson_append_utf8(out, key, -1, found->key, -1);
    return true;
}
