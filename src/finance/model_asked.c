/* model_asked.c - the fields of the questions (assets/intake), by name. A text may quote any
 * answer, also one that no line reads; so that a slip of the pen is told from an answer that is
 * not stated, somebody must know what is asked. */
#include "finance/model_scope.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/paths.h"

#include "finance/model_run.h"

static void add_field(struct model_def *def, char *name)
{
    def->asked = mem_grow(def->asked, &def->asked_cap, def->asked_count + 1, sizeof(char *));
    def->asked[def->asked_count++] = name;
}

/* The field of a "question FIELD ..." or "column FIELD ...", after "TABLE." if there is one. */
static char *field_of(const struct asset_node *n, const char *table)
{
    size_t len = strcspn(n->rest, " \t");

    return table ? mem_printf("%s.%.*s", table, (int)len, n->rest) : mem_strn(n->rest, len);
}

static void add_question(struct model_def *def, const struct asset_node *q)
{
    char *field = field_of(q, NULL);

    add_field(def, field);
    for (const struct asset_node *c = q->child; c; c = c->next)
        if (strcmp(c->word, "column") == 0)
            add_field(def, field_of(c, field));
}

static bool add_file(struct model_def *def, const char *file, struct err *err)
{
    char *name = mem_printf("intake/%s", file);
    struct asset *a = asset_load(name, err);

    free(name);
    if (!a)
        return false;
    for (const struct asset_node *step = asset_root(a); step; step = step->next)
        for (const struct asset_node *q = step->child; q; q = q->next)
            if (strcmp(q->word, "question") == 0)
                add_question(def, q);
    asset_free(a);
    return true;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

bool model_asked(struct model_def *def, struct err *err)
{
    char **files;
    size_t count;
    bool ok = true;

    files = paths_asset_names("intake", ".questions", &count);
    for (size_t i = 0; ok && i < count; i++)
        ok = add_file(def, files[i], err);
    paths_names_free(files, count);
    if (ok && def->asked_count)
        qsort(def->asked, def->asked_count, sizeof(char *), by_name);
    return ok;
}

bool model_asks(const struct model *m, const char *name)
{
    const struct model_def *def = m->def;

    return def->asked_count &&
           bsearch(&name, def->asked, def->asked_count, sizeof(char *), by_name) != NULL;
}

const bson_t *model_answers(const struct model *m)
{
    return m->answers;
}
