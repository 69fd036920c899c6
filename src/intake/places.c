/* places.c - the tables of the iso-codes package, with our own aliases
 * (assets/intake/countries.aliases) beside them. Each table is read once, by whichever thread asks
 * first; a failure is remembered and given to all who ask later. */
#include "intake/places.h"

#include <bson/bson.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/json.h"
#include "strattio/mem.h"
#include "strattio/paths.h"

#include "asset/asset.h"
#include "intake/fold.h"

enum { PLACES_MAX_BYTES = 4 * 1024 * 1024, ALIASES_MAX = 16 };

struct table {
    struct place *places;
    size_t count, cap;
    struct err err;
    bool ok;
};

static struct table countries, currencies;

char *places_file(const char *dir, const char *name, struct err *err)
{
    static const char *const usual[] = {"/usr/share/iso-codes/json",
                                        "/usr/local/share/iso-codes/json", NULL};
    const char *given[2] = {dir, NULL};
    char *asset = mem_printf("iso-codes/%s", name);
    struct err ignored = {0};
    char *found = dir ? NULL : paths_asset(asset, &ignored);

    free(asset);
    for (const char *const *at = dir ? given : usual; !found && *at; at++) {
        char *path = mem_printf("%s/%s", *at, name);

        if (access(path, R_OK) == 0)
            found = path;
        else
            free(path);
    }
    if (!found)
        err_set(err, ERR_NOT_FOUND, 0,
                "The list %s is missing; install the package iso-codes and try again", name);
    return found;
}

/* --- reading --------------------------------------------------------------------------------- */

static void add_other(struct place *p, const char *text)
{
    size_t n = 0;
    const char **others;

    while (p->others && p->others[n])
        n++;
    others = mem_zero(n + 2, sizeof *others);
    for (size_t i = 0; i < n; i++)
        others[i] = p->others[i];
    others[n] = fold_text(text);
    free((void *)(uintptr_t)p->others);
    p->others = others;
}

static void add_place(struct table *t, const bson_t *entry, const char *code_key)
{
    const char *code = doc_str(entry, code_key, NULL), *name = doc_str(entry, "name", NULL);
    const char *common = doc_str(entry, "common_name", NULL);
    const char *official = doc_str(entry, "official_name", NULL);
    const char *alpha_3 = doc_str(entry, "alpha_3", NULL);
    struct place *p;

    if (!code || !name)
        return;
    t->places = mem_grow(t->places, &t->cap, t->count + 1, sizeof *t->places);
    p = &t->places[t->count++];
    *p = (struct place){.code = mem_str(code), .name = mem_str(common ? common : name)};
    p->folded = fold_text(p->name);
    if (common)
        add_other(p, name);
    if (official)
        add_other(p, official);
    if (alpha_3)
        add_other(p, alpha_3);
}

static bool read_table(struct table *t, const char *file, const char *list, const char *code_key,
                       struct err *err)
{
    char *path = places_file(NULL, file, err), *text = NULL;
    size_t len = 0;
    bson_t doc, entries, entry;
    bson_iter_t it;
    bool ok = false;

    if (!path || !(text = paths_read_file(path, PLACES_MAX_BYTES, &len, err)))
        goto out;
    if (!json_read(text, len, &doc, err)) {
        err_wrap(err, "%s", path);
        goto out;
    }
    doc_view(&doc, list, &entries);
    bson_iter_init(&it, &entries);
    while (bson_iter_next(&it)) {
        const uint8_t *data;
        uint32_t size;

        if (!BSON_ITER_HOLDS_DOCUMENT(&it))
            continue;
        bson_iter_document(&it, &size, &data);
        if (bson_init_static(&entry, data, size))
            add_place(t, &entry, code_key);
    }
    bson_destroy(&doc);
    ok = t->count > 0;
    if (!ok)
        err_set(err, ERR_INVALID, 0, "%s holds no entries; reinstall the package iso-codes", path);
out:
    free(text);
    free(path);
    return ok;
}

static struct place *find_code(struct table *t, const char *code)
{
    for (size_t i = 0; i < t->count; i++)
        if (strcmp(t->places[i].code, code) == 0)
            return &t->places[i];
    return NULL;
}

/* Lines "CODE alias alias ...". */
static bool read_aliases(struct table *t, const char *name, struct err *err)
{
    struct asset *a = asset_load(name, err);
    bool ok = a != NULL;

    for (const struct asset_node *n = a ? asset_root(a) : NULL; n && ok; n = n->next) {
        const char *words[ALIASES_MAX];
        int count = asset_words(a, n, words, ALIASES_MAX, err);
        struct place *p = find_code(t, n->word);

        ok = count >= 0 && (p || asset_fail(a, n, err, "no country has the code %s", n->word));
        for (int i = 0; ok && i < count && i < ALIASES_MAX; i++)
            add_other(p, words[i]);
    }
    asset_free(a);
    return ok;
}

static int by_name(const void *a, const void *b)
{
    const struct place *x = a, *y = b;

    return strcmp(x->folded, y->folded);
}

static void load_countries(void)
{
    countries.ok = read_table(&countries, "iso_3166-1.json", "3166-1", "alpha_2", &countries.err) &&
                   read_aliases(&countries, "intake/countries.aliases", &countries.err);
    if (countries.ok)
        qsort(countries.places, countries.count, sizeof *countries.places, by_name);
}

static void load_currencies(void)
{
    currencies.ok = read_table(&currencies, "iso_4217.json", "4217", "alpha_3", &currencies.err);
}

static bool give(const struct table *t, const struct place **out, size_t *count, struct err *err)
{
    if (!t->ok)
        return err_set(err, t->err.code, t->err.native, "%s", t->err.msg);
    *out = t->places;
    *count = t->count;
    return true;
}

bool places_countries(const struct place **out, size_t *count, struct err *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, load_countries);
    return give(&countries, out, count, err);
}

bool places_currencies(const struct place **out, size_t *count, struct err *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, load_currencies);
    return give(&currencies, out, count, err);
}

/* --- finding --------------------------------------------------------------------------------- */

static bool goes_by(const struct place *p, const char *folded)
{
    if (strcasecmp(p->code, folded) == 0 || strcmp(p->folded, folded) == 0)
        return true;
    for (const char *const *other = p->others; other && *other; other++)
        if (strcmp(*other, folded) == 0)
            return true;
    return false;
}

const struct place *places_country(const struct place *all, size_t count, const char *typed)
{
    char *folded = fold_text(typed);
    const char *name = strncmp(folded, "the ", 4) == 0 ? folded + 4 : folded;
    const struct place *found = NULL;

    for (size_t i = 0; i < count && !found; i++)
        if (goes_by(&all[i], name))
            found = &all[i];
    free(folded);
    return found;
}

const struct place *places_currency(const struct place *all, size_t count, const char *code)
{
    for (size_t i = 0; i < count; i++)
        if (strcasecmp(all[i].code, code) == 0)
            return &all[i];
    return NULL;
}

const struct place *places_nearest(const struct place *all, size_t count, const char *typed)
{
    char *folded = fold_text(typed);
    size_t len = strlen(folded), best = len > 8 ? 3 : len > 4 ? 2 : 1;
    const struct place *found = NULL;

    for (size_t i = 0; i < count; i++) {
        const char *const none[] = {NULL};
        const char *const *other = all[i].others ? all[i].others : none;
        const char *name = all[i].folded;

        for (; name; name = *other, other += *other != NULL) {
            size_t distance = fold_distance(name, folded, best);

            if (strlen(name) > 3 && distance <= best && (distance < best || !found)) {
                best = distance;
                found = &all[i];
            }
        }
    }
    free(folded);
    return found;
}
