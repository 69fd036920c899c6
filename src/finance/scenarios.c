/* scenarios.c - which scenarios there are: those of the asset, then the plan's own. In the plan they
 * are {name, changes: ["INPUT=CHANGE", ...]} in a list: what a person types is what is stored, so
 * that there is one reader for both. */
#include "strattio/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/model.h"

#include "asset/asset.h"

#define FIELD "scenarios"

static struct scenario *add(struct scenarios *s, const char *name, const char *label,
                            const char *basis, bool own)
{
    struct scenario *one;
    size_t cap = s->count;

    s->items = mem_grow(s->items, &cap, s->count + 1, sizeof *s->items);
    one = &s->items[s->count++];
    *one = (struct scenario){.name = mem_str(name),
                             .label = mem_str(label),
                             .basis = mem_str(basis),
                             .changes = mem_zero(SCENARIO_CHANGES_MAX, sizeof(char *)),
                             .own = own};
    return one;
}

static void finish_one(struct scenario *s)
{
    for (size_t i = 0; i < s->count; i++)
        free(s->changes[i]);
    free(s->changes);
    free(s->name);
    free(s->label);
    free(s->basis);
}

void scenarios_finish(struct scenarios *s)
{
    for (size_t i = 0; i < s->count; i++)
        finish_one(&s->items[i]);
    for (size_t i = 0; i < s->measure_count; i++) {
        free(s->measures[i].measure);
        free(s->measures[i].label);
    }
    free(s->items);
    free(s->measures);
    *s = (struct scenarios){0};
}

/* ---- of the asset ---------------------------------------------------------------------------- */

static bool read_scenario(struct asset *a, const struct asset_node *n, struct scenarios *s,
                          struct err *err)
{
    const char *words[2];
    struct scenario *one;

    if (asset_words(a, n, words, 2, err) != 2)
        return asset_fail(a, n, err, "this should read: scenario NAME \"Label\"");
    if (!asset_child(n, "basis"))
        return asset_fail(a, n, err, "a scenario needs a basis");
    if (s->count == SCENARIOS_MAX)
        return asset_fail(a, n, err, "at most %d scenarios are allowed", SCENARIOS_MAX);
    one = add(s, words[0], words[1], asset_text(a, n, "basis", ""), false);
    for (const struct asset_node *c = n->child; c; c = c->next) {
        if (strcmp(c->word, "basis") == 0)
            continue;
        if (strcmp(c->word, "change") != 0 || one->count == SCENARIO_CHANGES_MAX)
            return asset_fail(a, c, err,
                              "\"%s\" has no meaning here; allowed: basis, and at most %d lines "
                              "change INPUT=CHANGE",
                              c->word, SCENARIO_CHANGES_MAX);
        one->changes[one->count++] = mem_str(c->rest);
    }
    return true;
}

static bool read_measure(struct asset *a, const struct asset_node *n, struct scenarios *s,
                         struct err *err)
{
    size_t cap = s->measure_count;
    const char *words[2];

    if (asset_words(a, n, words, 2, err) != 2)
        return asset_fail(a, n, err, "this should read: measure FIGURE \"Label\"");
    s->measures = mem_grow(s->measures, &cap, s->measure_count + 1, sizeof *s->measures);
    s->measures[s->measure_count++] =
        (struct scenario_measure){mem_str(words[0]), mem_str(words[1])};
    return true;
}

static bool read_asset(struct scenarios *s, struct err *err)
{
    struct asset *a = asset_load("finance/plan.scenarios", err);
    bool ok = a != NULL;

    for (const struct asset_node *n = a ? asset_root(a) : NULL; ok && n; n = n->next)
        ok = strcmp(n->word, "scenario") == 0  ? read_scenario(a, n, s, err)
             : strcmp(n->word, "measure") == 0 ? read_measure(a, n, s, err)
                                               : asset_fail(a, n, err,
                                                            "\"%s\" has no meaning here; allowed: "
                                                            "scenario, measure",
                                                            n->word);
    asset_free(a);
    return ok;
}

/* ---- of the plan ----------------------------------------------------------------------------- */

static bool bad_list(struct err *err)
{
    return err_set(err, ERR_INVALID, 0,
                   FIELD ": a list of {\"name\", \"changes\": [\"INPUT=CHANGE\", ...]} is expected "
                         "here, at most %d with %d changes each",
                   SCENARIOS_MAX, SCENARIO_CHANGES_MAX);
}

static struct scenario *find(struct scenarios *s, const char *name)
{
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->items[i].name, name) == 0)
            return &s->items[i];
    return NULL;
}

static bool read_own(const bson_iter_t *item, struct scenarios *s, struct err *err)
{
    struct scenario *one;
    const uint8_t *data;
    bson_iter_t change;
    const char *name;
    uint32_t size;
    bson_t doc;

    if (!BSON_ITER_HOLDS_DOCUMENT(item) || s->count == SCENARIOS_MAX)
        return bad_list(err);
    bson_iter_document(item, &size, &data);
    if (!bson_init_static(&doc, data, size) || !(name = doc_str(&doc, "name", NULL)))
        return bad_list(err);
    one = find(s, name);
    if (one) { /* in the place of the asset's of that name */
        char *label = mem_str(one->label);

        finish_one(one);
        *one = (struct scenario){.name = mem_str(name),
                                 .label = label,
                                 .basis = mem_str(""),
                                 .changes = mem_zero(SCENARIO_CHANGES_MAX, sizeof(char *)),
                                 .own = true};
    } else {
        one = add(s, name, name, "", true);
    }
    if (!doc_find(&doc, "changes", &change) || !BSON_ITER_HOLDS_ARRAY(&change) ||
        !bson_iter_recurse(&change, &change))
        return bad_list(err);
    while (bson_iter_next(&change)) {
        if (!BSON_ITER_HOLDS_UTF8(&change) || one->count == SCENARIO_CHANGES_MAX)
            return bad_list(err);
        one->changes[one->count++] = mem_str(bson_iter_utf8(&change, NULL));
    }
    return true;
}

bool scenarios_read(const bson_t *intake, struct scenarios *out, struct err *err)
{
    bson_iter_t it, item;
    bool ok = true;

    *out = (struct scenarios){0};
    add(out, "base", "Base", "the plan as it is", false);
    if (read_asset(out, err)) {
        if (bson_iter_init_find(&it, intake, FIELD) && !BSON_ITER_HOLDS_NULL(&it)) {
            ok = (BSON_ITER_HOLDS_ARRAY(&it) && bson_iter_recurse(&it, &item)) || bad_list(err);
            while (ok && bson_iter_next(&item))
                ok = read_own(&item, out, err);
        }
        if (ok)
            return true;
    }
    scenarios_finish(out);
    return false;
}

const struct scenario *scenarios_find(const struct scenarios *s, const char *name, struct err *err)
{
    char known[160] = "";
    size_t len = 0;

    for (size_t i = 0; i < s->count; i++) {
        if (strcmp(s->items[i].name, name) == 0)
            return &s->items[i];
        if (len + strlen(s->items[i].name) + 3 < sizeof known)
            len += (size_t)sprintf(known + len, "%s%s", len ? ", " : "", s->items[i].name);
    }
    err_set(err, ERR_NOT_FOUND, 0, "there is no scenario \"%.40s\"; there are %s", name, known);
    return NULL;
}

/* ---- changing the plan's --------------------------------------------------------------------- */

static bool good_name(const char *name, struct err *err)
{
    size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-");

    if (strcmp(name, "base") == 0)
        return err_set(err, ERR_INVALID, 0,
                       "base is the plan as it is; give the scenario another name");
    return (len >= 1 && len <= SCENARIO_NAME_MAX && !name[len]) ||
           err_set(err, ERR_INVALID, 0,
                   "\"%.40s\" is no name of a scenario: small letters, digits, - and _, at most %d",
                   name, SCENARIO_NAME_MAX);
}

static const char *index_key(size_t i, char buf[16])
{
    const char *key;

    bson_uint32_to_string((uint32_t)i, &key, buf, 16);
    return key;
}

/* The list of `intake` without the one called `name`; returns whether that was there. */
static bool without(const bson_t *intake, const char *name, bson_t *list, size_t *count)
{
    bson_iter_t it, item, field;
    bool had = false;
    char buf[16];

    bson_init(list);
    *count = 0;
    if (!bson_iter_init_find(&it, intake, FIELD) || !BSON_ITER_HOLDS_ARRAY(&it) ||
        !bson_iter_recurse(&it, &item))
        return false;
    while (bson_iter_next(&item))
        if (bson_iter_recurse(&item, &field) && bson_iter_find(&field, "name") &&
            BSON_ITER_HOLDS_UTF8(&field) && strcmp(bson_iter_utf8(&field, NULL), name) == 0)
            had = true;
        else
            bson_append_value(list, index_key((*count)++, buf), -1, bson_iter_value(&item));
    return had;
}

/* Does the plan run with these changes? */
static bool runs(const struct model *base, const char *name, const char *const *changes,
                 size_t count, struct err *err)
{
    struct scenarios all = {0};
    struct scenario *s = add(&all, name, name, "", true);
    struct model *m;

    for (size_t i = 0; i < count; i++)
        s->changes[s->count++] = mem_str(changes[i]);
    m = scenario_model(base, s, err);
    model_free(m);
    scenarios_finish(&all);
    return m != NULL;
}

bool scenario_put(bson_t *intake, const struct model *base, const char *name,
                  const char *const *changes, size_t count, struct err *err)
{
    bson_t list, one, array;
    size_t others;
    char buf[16];

    if (!good_name(name, err))
        return false;
    if (count > SCENARIO_CHANGES_MAX)
        return err_set(err, ERR_LIMIT, 0, "a scenario has at most %d changes",
                       SCENARIO_CHANGES_MAX);
    if (!runs(base, name, changes, count, err))
        return false;
    without(intake, name, &list, &others);
    if (others >= SCENARIOS_MAX / 2) {
        bson_destroy(&list);
        return err_set(err, ERR_LIMIT, 0, "a plan has at most %d scenarios of its own",
                       SCENARIOS_MAX / 2);
    }
    bson_append_document_begin(&list, index_key(others, buf), -1, &one);
    bson_append_utf8(&one, "name", -1, name, -1);
    bson_append_array_begin(&one, "changes", -1, &array);
    for (size_t i = 0; i < count; i++)
        bson_append_utf8(&array, index_key(i, buf), -1, changes[i], -1);
    bson_append_array_end(&one, &array);
    bson_append_document_end(&list, &one);
    doc_set_doc(intake, FIELD, &list, true);
    bson_destroy(&list);
    return true;
}

bool scenario_remove(bson_t *intake, const char *name, struct err *err)
{
    size_t count;
    bson_t list;
    bool had = without(intake, name, &list, &count);

    if (had && count)
        doc_set_doc(intake, FIELD, &list, true);
    else if (had)
        doc_unset(intake, FIELD);
    bson_destroy(&list);
    return had || err_set(err, ERR_NOT_FOUND, 0,
                          "the plan has no scenario \"%.40s\" of its own to remove", name);
}
