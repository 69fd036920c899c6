/* questions.c - from the files of assets/intake to one immutable array of questions. All steps are
 * read in the order of their file names; questions are counted first, so that the array never
 * moves and a question's rule is found by its place in it. Texts belong to the parsed assets. */
#include "intake/questions.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/paths.h"

#include "asset/asset.h"
#include "expr/expr.h"
#include "intake/answer_scope.h"
#include "intake/fold.h"
#include "intake/industries.h"
#include "intake/typed.h"

enum { FIELDS_MAX = 8 };

/* By enum question_type. */
static const char *const type_names[] = {
    "text",    "long_text", "money",    "number",   "whole", "percent", "date",  "yes_no", "choice",
    "choices", "country",   "currency", "industry", "list",  "months",  "table", "group",
};

/* What reading one file needs at hand. */
struct reader {
    struct intake *in;
    struct asset *file;
    struct err *err;
};

/* --- one question ---------------------------------------------------------------------------- */

static bool read_number(struct reader *r, const struct asset_node *n, double *out)
{
    return typed_number(n->rest, out) ||
           asset_fail(r->file, n, r->err, "\"%s\" is not a number", n->rest);
}

static bool read_required(struct reader *r, const struct asset_node *n, bool column, unsigned *out)
{
    const char *words[PURPOSE_COUNT];
    int count = asset_words(r->file, n, words, PURPOSE_COUNT, r->err);

    if (count < 0)
        return false;
    if (count == 0 && column)
        *out = ~0u;
    for (int i = 0; i < count && i < PURPOSE_COUNT; i++) {
        enum plan_purpose purpose = plan_purpose_by_name(words[i]);

        if (strcmp(words[i], "all") == 0)
            *out = ~0u;
        else if (purpose == PURPOSE_COUNT)
            return asset_fail(r->file, n, r->err, "\"%s\" is not a purpose", words[i]);
        else
            *out |= 1u << purpose;
    }
    return *out || asset_fail(r->file, n, r->err, "required for which purposes?");
}

static bool read_unless(struct reader *r, const struct asset_node *n, struct question_rule *rule)
{
    const char *words[FIELDS_MAX];
    int count = asset_words(r->file, n, words, FIELDS_MAX, r->err);
    const char **fields;

    if (count < 0)
        return false;
    if (count > FIELDS_MAX)
        return asset_fail(r->file, n, r->err, "at most %d fields", FIELDS_MAX);
    fields = mem_zero((size_t)count + 1, sizeof *fields);
    memcpy(fields, words, (size_t)count * sizeof *fields);
    rule->unless = fields;
    return true;
}

static bool read_choice(struct reader *r, const struct asset_node *n, struct choice *out)
{
    const char *words[3];
    int count = asset_words(r->file, n, words, 3, r->err);

    if (count < 0)
        return false;
    if (count < 2 || count > 3)
        return asset_fail(r->file, n, r->err, "expected: choice KEY \"Label\" \"note\"");
    *out = (struct choice){words[0], words[1], count == 3 ? words[2] : NULL};
    return true;
}

/* One property line of a question; `choice` and `column` lines are read elsewhere. */
static bool read_property(struct reader *r, const struct asset_node *n, struct question *q,
                          struct question_rule *rule)
{
    const char *words[1] = {""};

    if (strcmp(n->word, "min") == 0)
        return read_number(r, n, &q->min);
    if (strcmp(n->word, "max") == 0)
        return read_number(r, n, &q->max);
    if (strcmp(n->word, "required") == 0)
        return read_required(r, n, rule->parent != NULL, &rule->required);
    if (strcmp(n->word, "unless") == 0)
        return read_unless(r, n, rule);
    if (strcmp(n->word, "when") == 0) {
        rule->when = expr_parse(n->rest, asset_name(r->file), n->line, n->rest_column, r->err);
        return rule->when != NULL;
    }
    if (strcmp(n->word, "in") == 0) {
        if (asset_words(r->file, n, words, 1, r->err) != 1)
            return asset_fail(r->file, n, r->err, "in which currency?");
        rule->currency = words[0];
        return true;
    }
    if (strcmp(n->word, "any") == 0) {
        rule->any_currency = true;
        return true;
    }
    if (strcmp(n->word, "period") == 0) {
        rule->period = true;
        return true;
    }
    return asset_fail(r->file, n, r->err, "a question has no \"%s\"", n->word);
}

static bool read_properties(struct reader *r, const struct asset_node *n, struct question *q,
                            struct question_rule *rule)
{
    struct choice *choices = NULL;
    size_t count = 0, cap = 0;
    bool ok = true;

    for (const struct asset_node *c = n->child; c && ok; c = c->next) {
        if (strcmp(c->word, "choice") == 0) {
            choices = mem_grow(choices, &cap, count + 1, sizeof *choices);
            ok = read_choice(r, c, &choices[count]);
            count += ok;
        } else if (strcmp(c->word, "column") != 0 && strcmp(c->word, "help") != 0 &&
                   strcmp(c->word, "why") != 0 && strcmp(c->word, "example") != 0) {
            ok = read_property(r, c, q, rule);
        }
    }
    q->choices = choices;
    q->choice_count = count;
    q->help = asset_text(r->file, n, "help", "");
    q->why = asset_text(r->file, n, "why", "");
    q->example = asset_text(r->file, n, "example", "");
    return ok;
}

static bool read_question(struct reader *r, const struct asset_node *n,
                          const struct question *parent)
{
    struct intake *in = r->in;
    struct question *q = &in->questions[in->count];
    struct question_rule *rule = &in->rules[in->count];
    const char *words[3];
    int count = asset_words(r->file, n, words, 3, r->err);
    size_t type = 0;

    in->count++;
    if (count < 0)
        return false;
    while (type < ARRAY_LEN(type_names) && count > 1 && strcmp(type_names[type], words[1]) != 0)
        type++;
    if (count != 3 || type == ARRAY_LEN(type_names))
        return asset_fail(r->file, n, r->err, "expected: %s FIELD TYPE \"Label\"", n->word);
    if (questions_find(in, parent, words[0], strlen(words[0])))
        return asset_fail(r->file, n, r->err, "the field %s is there twice", words[0]);
    *q = (struct question){.field = words[0],
                           .label = words[2],
                           .type = (enum question_type)type,
                           .min = NAN,
                           .max = NAN};
    rule->parent = parent;
    if (!read_properties(r, n, q, rule))
        return false;
    q->columns = &in->questions[in->count];
    for (const struct asset_node *c = n->child; c; c = c->next) {
        if (strcmp(c->word, "column") != 0)
            continue;
        q->column_count++;
        if (parent || !read_question(r, c, q))
            return parent ? asset_fail(r->file, c, r->err, "a column has no columns") : false;
    }
    if ((type == QUESTION_TABLE || type == QUESTION_GROUP) != (q->column_count > 0))
        return asset_fail(r->file, n, r->err, "a table or group, and only they, have columns");
    if ((type == QUESTION_CHOICE || type == QUESTION_CHOICES) != (q->choice_count > 0))
        return asset_fail(r->file, n, r->err, "a choice, and only a choice, has choices");
    return true;
}

/* --- files and steps ------------------------------------------------------------------------- */

static size_t count_questions(const struct asset_node *n)
{
    size_t count = 0;

    for (; n; n = n->next) {
        count += strcmp(n->word, "question") == 0 || strcmp(n->word, "column") == 0;
        count += count_questions(n->child);
    }
    return count;
}

static bool read_step(struct reader *r, const struct asset_node *n)
{
    struct intake *in = r->in;
    struct intake_step *step = &in->steps[in->step_count];
    const struct question **list = mem_zero(count_questions(n->child) + 1, sizeof *list);
    const char *words[2];
    int count = asset_words(r->file, n, words, 2, r->err);

    in->step_count++;
    step->questions = list;
    if (count < 0)
        return false;
    if (strcmp(n->word, "step") != 0 || count != 2)
        return asset_fail(r->file, n, r->err, "expected: step KEY \"Title\"");
    step->key = words[0];
    step->title = words[1];
    step->intro = asset_text(r->file, n, "intro", "");
    for (const struct asset_node *c = n->child; c; c = c->next) {
        if (strcmp(c->word, "question") != 0) {
            if (strcmp(c->word, "intro") == 0)
                continue;
            return asset_fail(r->file, c, r->err, "expected a question");
        }
        list[step->question_count++] = &in->questions[in->count];
        if (!read_question(r, c, NULL))
            return false;
    }
    return true;
}

static bool load_files(struct intake *in, struct err *err)
{
    size_t count = 0;
    char **names = paths_asset_names("intake", ".questions", &count);
    bool ok =
        count > 0 || err_set(err, ERR_NOT_FOUND, 0, "The questions (assets/intake) are missing");

    in->files = mem_zero(count + 1, sizeof *in->files);
    for (size_t i = 0; ok && i < count; i++) {
        char *name = mem_printf("intake/%s", names[i]);

        in->files[i] = asset_load(name, err);
        ok = in->files[i] != NULL;
        in->file_count += ok;
        free(name);
    }
    paths_names_free(names, count);
    return ok;
}

struct intake *intake_load(struct err *err)
{
    struct intake *in = mem_zero(1, sizeof *in);
    size_t questions = 0, steps = 0;
    bool ok = load_files(in, err);

    for (size_t i = 0; ok && i < in->file_count; i++) {
        for (const struct asset_node *n = asset_root(in->files[i]); n; n = n->next)
            steps++;
        questions += count_questions(asset_root(in->files[i]));
    }
    in->questions = mem_zero(questions + 1, sizeof *in->questions);
    in->rules = mem_zero(questions + 1, sizeof *in->rules);
    in->steps = mem_zero(steps + 1, sizeof *in->steps);
    for (size_t i = 0; ok && i < in->file_count; i++) {
        struct reader r = {in, in->files[i], err};

        for (const struct asset_node *n = asset_root(in->files[i]); n && ok; n = n->next)
            ok = read_step(&r, n);
    }
    if (ok)
        in->industries = industries_load(err);
    if (in->industries)
        return in;
    intake_free(in);
    return NULL;
}

void intake_free(struct intake *in)
{
    if (!in)
        return;
    for (size_t i = 0; i < in->count; i++) {
        expr_free(in->rules[i].when);
        free((void *)(uintptr_t)in->rules[i].unless);
        free((void *)(uintptr_t)in->questions[i].choices);
    }
    for (size_t i = 0; i < in->step_count; i++)
        free((void *)(uintptr_t)in->steps[i].questions);
    for (size_t i = 0; i < in->file_count; i++)
        asset_free(in->files[i]);
    industries_free(in->industries);
    free(in->files);
    free(in->steps);
    free(in->rules);
    free(in->questions);
    free(in);
}

/* --- looking up ------------------------------------------------------------------------------ */

size_t intake_step_count(const struct intake *in)
{
    return in->step_count;
}

const struct intake_step *intake_step(const struct intake *in, size_t i)
{
    return i < in->step_count ? &in->steps[i] : NULL;
}

const struct question_rule *questions_rule(const struct intake *in, const struct question *q)
{
    return &in->rules[q - in->questions];
}

const struct question *questions_find(const struct intake *in, const struct question *parent,
                                      const char *name, size_t len)
{
    for (size_t i = 0; i < in->count; i++) {
        const char *field = in->questions[i].field;

        if (field && in->rules[i].parent == parent && strncmp(field, name, len) == 0 && !field[len])
            return &in->questions[i];
    }
    return NULL;
}

const struct question *intake_question(const struct intake *in, const char *field)
{
    size_t len = strcspn(field, ".");
    const struct question *q = questions_find(in, NULL, field, len);
    const char *rest = field + len;

    if (!q || !*rest)
        return q;
    rest++;
    len = strspn(rest, "0123456789"); /* a row number is passed over: "products.0.price" */
    if (len && !rest[len])
        return q->type == QUESTION_TABLE ? q : NULL;
    if (len && rest[len] == '.')
        rest += len + 1;
    return questions_find(in, q, rest, strlen(rest));
}

char *questions_nearest(const struct intake *in, const char *path)
{
    size_t best = 4, len = strcspn(path, ".");
    const struct question *parent = path[len] ? questions_find(in, NULL, path, len) : NULL;
    const char *name = parent ? strrchr(path, '.') + 1 : path;
    const struct question *found = NULL;

    for (size_t i = 0; i < in->count; i++) {
        size_t distance;

        if (in->rules[i].parent != parent)
            continue;
        distance = fold_distance(in->questions[i].field, name, best);
        if (distance < best) {
            best = distance;
            found = &in->questions[i];
        }
    }
    if (!found || best > strlen(found->field) / 2)
        return NULL;
    if (parent && best == 0) /* the column is right, so the row is not */
        return mem_printf("%s.0.%s", parent->field, found->field);
    return parent ? mem_printf("%.*s%s", (int)(name - path), path, found->field)
                  : mem_str(found->field);
}

/* --- who is asked, and who must answer -------------------- */

bool questions_asked(const struct intake *in, const struct question *q, enum plan_purpose purpose,
                     const bson_t *answers)
{
    const struct question_rule *rule = questions_rule(in, q);
    struct answer_scope scope;
    struct value value = {0};
    struct err ignored = {0};
    bool asked;

    if (!rule->when)
        return true;
    answer_scope_init(&scope, in, purpose, answers);
    if (!expr_eval(rule->when, &scope.scope, &value, &ignored))
        return false;
    asked = value_truth(&value) == TRUTH_YES;
    value_finish(&value);
    return asked;
}

bool intake_applies(const struct intake *in, const struct question *q, enum plan_purpose purpose,
                    const bson_t *answers)
{
    const struct question *parent = questions_rule(in, q)->parent;

    return questions_asked(in, parent ? parent : q, purpose, answers);
}

bool intake_required(const struct intake *in, const struct question *q, enum plan_purpose purpose,
                     const bson_t *answers)
{
    const struct question_rule *rule = questions_rule(in, q);

    if (!(rule->required & 1u << purpose))
        return false;
    for (const char *const *field = rule->unless; field && *field; field++)
        if (answer_scope_answered(answers, *field))
            return false;
    if (!rule->parent)
        return questions_asked(in, q, purpose, answers);
    return answer_scope_answered(answers, rule->parent->field) ||
           intake_required(in, rule->parent, purpose, answers);
}
