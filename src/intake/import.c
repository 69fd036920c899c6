/* import.c - an intake file to answers. Everything is read, right or wrong, before anything is
 * given out, so that one run names every mistake. A second document, `seen`, holds what was wrong
 * as it came: what is there but wrong is not also missing. */
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/intake.h"
#include "strattio/json.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "intake/answer_read.h"
#include "intake/answer_scope.h"
#include "intake/answers.h"
#include "intake/fold.h"
#include "intake/questions.h"

static const char name_key[] = "name", purpose_key[] = "plan_purpose",
                  answers_key[] = "intake_data";

/* What a key may hold to be quoted in a message. */
#define KEY_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_- "

struct importing {
    const struct intake *in;
    bson_t answers; /* right ones, as stored */
    bson_t seen;    /* right and wrong ones */
    struct problems *out;
};

static void read_purpose(const bson_t *file, enum plan_purpose *purpose, struct problems *out)
{
    const char *text = doc_str(file, purpose_key, NULL);
    enum plan_purpose found = text ? plan_purpose_by_name(text) : PURPOSE_COUNT;
    struct strbuf allowed;

    if (!doc_has(file, purpose_key))
        return;
    if (found != PURPOSE_COUNT) {
        *purpose = found;
        return;
    }
    strbuf_init(&allowed, 400);
    for (int i = 0; i < PURPOSE_COUNT; i++)
        strbuf_printf(&allowed, "%s%s",
                      i == 0                   ? ""
                      : i + 1 == PURPOSE_COUNT ? " or "
                                               : ", ",
                      plan_purpose_name((enum plan_purpose)i));
    answer_problem_add(out, purpose_key, false, "This is not a plan's purpose; it can be %s",
                       allowed.data);
    strbuf_finish(&allowed);
}

static void read_name(const struct importing *im, const bson_t *file, char **name)
{
    struct question q = {.field = name_key,
                         .label = "Name",
                         .type = QUESTION_TEXT,
                         .min = 1,
                         .max = PLAN_NAME_MAX,
                         .example = "\"Harbour Bakery\""};
    bson_t out = BSON_INITIALIZER, none = BSON_INITIALIZER;
    struct reading r;
    bson_iter_t it;

    *name = NULL;
    if (doc_find(file, name_key, &it)) {
        answer_read_init(&r, im->in, &none, false, im->out);
        strbuf_str(&r.path, name_key);
        if (answer_read(&r, &q, &it, name_key, &out))
            *name = mem_str(doc_str(&out, name_key, NULL));
        answer_read_finish(&r);
    }
    bson_destroy(&none);
    bson_destroy(&out);
}

/* Reads the answer to `q`, if the file has one. */
static void import_question(struct importing *im, const struct question *q, const bson_t *file)
{
    struct reading r;
    bson_iter_t it;

    if (!bson_iter_init_find(&it, file, q->field) || bson_has_field(&im->seen, q->field))
        return;
    answer_read_init(&r, im->in, &im->answers, false, im->out);
    strbuf_str(&r.path, q->field);
    if (!answer_read(&r, q, &it, q->field, &im->answers))
        bson_append_iter(&im->seen, NULL, 0, &it);
    else if (bson_iter_init_find(&it, &im->answers, q->field))
        bson_append_iter(&im->seen, NULL, 0, &it);
    answer_read_finish(&r);
}

/* Currency and country first: they decide how amounts and dates read. */
static void import_answers(struct importing *im, const bson_t *file)
{
    static const char *const first[] = {"currency", "location_country"};

    for (size_t i = 0; i < ARRAY_LEN(first); i++) {
        const struct question *q = intake_question(im->in, first[i]);

        if (q)
            import_question(im, q, file);
    }
    for (size_t i = 0; i < im->in->count; i++)
        if (!im->in->rules[i].parent)
            import_question(im, &im->in->questions[i], file);
}

/* What no question knows is kept: other programs have fields of their own. Text in it must still be
 * harmless to a terminal, which JSON sees to only for raw bytes, so it is kept but never shown. */
static void keep_unknown(struct importing *im, const bson_t *file)
{
    bson_iter_t it;

    bson_iter_init(&it, file);
    while (bson_iter_next(&it)) {
        const char *key = bson_iter_key(&it);

        if (strcmp(key, name_key) != 0 && strcmp(key, purpose_key) != 0 &&
            !questions_find(im->in, NULL, key, strlen(key)))
            bson_append_iter(&im->answers, key, -1, &it);
    }
}

/* A missing answer whose name the file has nearly: most likely a typing mistake. */
static void point_at_typos(struct importing *im, const bson_t *file)
{
    for (size_t i = 0; i < im->out->count; i++) {
        struct problem *p = &im->out->items[i];
        bson_iter_t it;

        if (!p->missing || strchr(p->path, '.') || !bson_iter_init(&it, file))
            continue;
        while (bson_iter_next(&it)) {
            const char *key = bson_iter_key(&it);
            char *old = p->message;

            if (questions_find(im->in, NULL, key, strlen(key)) ||
                key[strspn(key, KEY_CHARACTERS)] || fold_distance(key, p->path, 2) > 2)
                continue;
            p->message = mem_printf("%s The file has \"%.40s\"; is that what was meant?", old, key);
            free(old);
            break;
        }
    }
}

static bool summary(const struct problems *p, struct err *err)
{
    const struct problem *first = &p->items[0];
    size_t missing = 0;

    for (size_t i = 0; i < p->count; i++)
        missing += p->items[i].missing;
    if (p->count == 1)
        return err_set(err, ERR_INVALID, 0, "%s: %s", first->path, first->message);
    return err_set(err, ERR_INVALID, 0,
                   "%zu answers are wrong and %zu missing; the first is %s: %s", p->count - missing,
                   missing, first->path, first->message);
}

/* The document with the answers: the file itself, or what it holds under "intake_data". */
static bool find_answers(const bson_t *file, bson_t *view, struct problems *out)
{
    bson_iter_t it;

    if (!doc_find(file, answers_key, &it))
        return bson_init_static(view, bson_get_data(file), file->len);
    if (BSON_ITER_HOLDS_DOCUMENT(&it) && doc_view(file, answers_key, view))
        return true;
    answer_problem_add(out, answers_key, false, "This must be an object with the answers");
    return false;
}

bool intake_import(const struct intake *in, const char *json, size_t len,
                   enum plan_purpose *purpose, char **name, bson_t *answers, struct problems *out,
                   struct err *err)
{
    struct importing im = {.in = in, .out = out};
    enum plan_purpose found = *purpose;
    char *found_name = NULL;
    bson_t file, view;

    *out = (struct problems){0};
    if (!json_read(json, len, &file, err))
        return false;
    bson_init(&im.answers);
    bson_init(&im.seen);
    read_name(&im, &file, &found_name);
    read_purpose(&file, &found, out);
    if (find_answers(&file, &view, out)) {
        import_answers(&im, &view);
        answers_missing(in, found, &im.seen, out);
        answers_sort_problems(in, out);
        point_at_typos(&im, &view);
        keep_unknown(&im, &view);
        answers_derive_sales(&im.answers);
    }
    if (!out->count) {
        *purpose = found;
        bson_reinit(answers);
        bson_concat(answers, &im.answers);
        *name = found_name;
        found_name = NULL;
    }
    free(found_name);
    bson_destroy(&im.answers);
    bson_destroy(&im.seen);
    bson_destroy(&file);
    return out->count == 0 || summary(out, err);
}
