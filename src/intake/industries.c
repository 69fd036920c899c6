/* industries.c - reading assets/industries and finding the industry a person names. */
#include "intake/industries.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/paths.h"
#include "strattio/strbuf.h"

#include "asset/asset.h"
#include "intake/fold.h"

enum { WORDS_MAX = 40, NOTE_LIMIT = 200 };

struct industries {
    struct asset **files;
    size_t file_count;
    struct industry *items;
    size_t count, cap;
};

static void add_name(struct industry *in, const char *name, size_t *cap)
{
    in->names = mem_grow(in->names, cap, in->name_count + 1, sizeof *in->names);
    in->names[in->name_count++] = fold_text(name);
}

/* All words of the child lines called `word` become names; those of `sic` also make the note. */
static bool add_names(struct asset *a, const struct asset_node *n, struct industry *in,
                      struct err *err)
{
    size_t cap = 0;
    struct strbuf note;

    strbuf_init(&note, NOTE_LIMIT);
    add_name(in, in->key, &cap);
    for (const struct asset_node *c = n->child; c; c = c->next) {
        const char *words[WORDS_MAX];
        bool sic = strcmp(c->word, "sic") == 0;
        int count;

        if (!sic && strcmp(c->word, "alias") != 0)
            continue;
        count = asset_words(a, c, words, WORDS_MAX, err);
        if (count < 0 || count > WORDS_MAX) {
            strbuf_finish(&note);
            return count < 0 ? false : asset_fail(a, c, err, "at most %d names", WORDS_MAX);
        }
        for (int i = 0; i < count; i++) {
            add_name(in, words[i], &cap);
            if (sic)
                strbuf_printf(&note, "%s%s", note.len ? ", " : "SIC ", words[i]);
        }
    }
    in->note = note.len ? strbuf_take(&note) : NULL;
    strbuf_finish(&note);
    return true;
}

/* The words of the child line called `word`, with commas between them; NULL if there is none. */
static char *codes_of(struct asset *a, const struct asset_node *n, const char *word)
{
    struct strbuf out;
    struct err ignored;

    strbuf_init(&out, NOTE_LIMIT);
    for (const struct asset_node *c = n->child; c; c = c->next) {
        const char *words[WORDS_MAX];
        int count = strcmp(c->word, word) == 0 ? asset_words(a, c, words, WORDS_MAX, &ignored) : 0;

        for (int i = 0; i < count && i < WORDS_MAX; i++)
            strbuf_printf(&out, "%s%s", out.len ? "," : "", words[i]);
    }
    if (out.len)
        return strbuf_take(&out);
    strbuf_finish(&out);
    return NULL;
}

static bool read_file(struct industries *list, struct asset *a, struct err *err)
{
    for (const struct asset_node *n = asset_root(a); n; n = n->next) {
        const char *words[2];
        int count;
        struct industry *in;

        if (strcmp(n->word, "industry") != 0)
            continue;
        count = asset_words(a, n, words, 2, err);
        if (count < 0)
            return false;
        if (count != 2)
            return asset_fail(a, n, err, "this should read: industry KEY \"Label\"");
        list->items = mem_grow(list->items, &list->cap, list->count + 1, sizeof *list->items);
        in = &list->items[list->count++];
        *in = (struct industry){.key = words[0], .label = words[1], .folded = fold_text(words[1])};
        if (!add_names(a, n, in, err))
            return false;
        in->sic = codes_of(a, n, "sic");
        in->naics = codes_of(a, n, "naics");
    }
    return true;
}

struct industries *industries_load(struct err *err)
{
    struct industries *list = mem_zero(1, sizeof *list);
    size_t count = 0;
    char **names = paths_asset_names("industries", ".industries", &count);
    bool ok = true;

    list->files = mem_zero(count + 1, sizeof *list->files);
    for (size_t i = 0; ok && i < count; i++) {
        char *name = mem_printf("industries/%s", names[i]);

        list->files[i] = asset_load(name, err);
        list->file_count += list->files[i] != NULL;
        ok = list->files[i] && read_file(list, list->files[i], err);
        free(name);
    }
    paths_names_free(names, count);
    if (ok)
        return list;
    industries_free(list);
    return NULL;
}

void industries_free(struct industries *list)
{
    if (!list)
        return;
    for (size_t i = 0; i < list->count; i++) {
        struct industry *in = &list->items[i];

        for (size_t k = 0; k < in->name_count; k++)
            free(in->names[k]);
        free(in->names);
        free(in->folded);
        free(in->note);
        free(in->sic);
        free(in->naics);
    }
    for (size_t i = 0; i < list->file_count; i++)
        asset_free(list->files[i]);
    free(list->files);
    free(list->items);
    free(list);
}

size_t industries_count(const struct industries *list)
{
    return list->count;
}

const struct industry *industries_at(const struct industries *list, size_t i)
{
    return &list->items[i];
}

const struct industry *industries_by_key(const struct industries *list, const char *key)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i].key, key) == 0)
            return &list->items[i];
    return NULL;
}

int industries_rank(const struct industry *in, const char *filter, fold_ranking ranking)
{
    int best = ranking(in->folded, filter);

    for (size_t i = 0; i < in->name_count; i++) {
        int rank = ranking(in->names[i], filter);

        if (rank > best)
            best = rank;
    }
    return best;
}

const struct industry *industries_named(const struct industries *list, const char *typed)
{
    const struct industry *found = industries_by_key(list, typed);
    char *folded = fold_text(typed);

    for (size_t i = 0; i < list->count && !found && *folded; i++)
        if (industries_rank(&list->items[i], folded, fold_rank) == 4)
            found = &list->items[i];
    free(folded);
    return found;
}

/* The longest name of `in`, or its label, that stands in the folded `text` as whole words. */
static size_t named_within(const struct industry *in, const char *text)
{
    size_t longest = fold_has_words(text, in->folded) ? strlen(in->folded) : 0;

    for (size_t i = 0; i < in->name_count; i++) {
        size_t len = strlen(in->names[i]);

        if (len > longest && fold_has_words(text, in->names[i]))
            longest = len;
    }
    return longest;
}

const struct industry *industries_meant(const struct industries *list, const char *typed)
{
    const struct industry *found = industries_named(list, typed);
    char *folded;
    size_t longest = 0;

    if (found)
        return found;
    folded = fold_text(typed);
    for (size_t i = 0; i < list->count; i++) {
        size_t len = named_within(&list->items[i], folded);

        if (len > longest) {
            longest = len;
            found = &list->items[i];
        }
    }
    free(folded);
    return found;
}
