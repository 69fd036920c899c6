/* plan_repo_resolve.c - finding a plan by what a person types. Names are read page by page and
 * only they, so that a hundred thousand plans cost a walk over an index and not their answers. */
#include "strattio/plan_repo.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/ids.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "account/account.h"
#include "account/queries.h"

enum { PAGE = 1000, NAMES_SHOWN = 4 };

struct search {
    char *wanted;        /* what was typed, folded */
    size_t exact, begin; /* how many names are it, begin so */
    char exact_id[ID_LEN + 1], begin_id[ID_LEN + 1];
    struct strbuf exact_list, begin_list; /* the first few, for the message */
};

/* `text` with case, width and composition folded away; the caller frees it. */
static char *folded(const char *text)
{
    utf8proc_uint8_t *out = utf8proc_NFKC_Casefold((const utf8proc_uint8_t *)text);

    return out ? (char *)out : mem_str(text);
}

static void show(struct strbuf *list, size_t nth, const char *name, const char *id)
{
    if (nth > NAMES_SHOWN)
        return;
    strbuf_printf(list, "%s\"%.40s\"%s%s", nth > 1 ? ", " : "", name, id ? " " : "", id ? id : "");
}

static void consider(struct search *s, const bson_t *doc)
{
    const char *name = doc_str(doc, "name", "");
    char id[ID_LEN + 1], *fold;

    account_id_of(doc, id);
    fold = folded(name);
    if (strcmp(fold, s->wanted) == 0) {
        memcpy(s->exact_id, id, sizeof id);
        show(&s->exact_list, ++s->exact, name, id);
    } else if (strncmp(fold, s->wanted, strlen(s->wanted)) == 0) {
        memcpy(s->begin_id, id, sizeof id);
        show(&s->begin_list, ++s->begin, name, NULL);
    }
    free(fold);
}

static bool walk(struct actor *a, struct search *s, struct err *err)
{
    static const char *const fields[] = {"name", "created_at", NULL};
    char *after = NULL;
    bool ok = true;

    do {
        struct doc_list list;
        struct query q;

        queries_plans(&q, a->user.id, PLAN_STATUS_COUNT);
        q.limit = PAGE;
        q.after = after;
        q.fields = fields;
        ok = store_find(a->store, COLL_PLANS, &q, &list, err);
        free(after);
        after = NULL;
        if (ok) {
            for (size_t i = 0; i < list.count; i++)
                consider(s, list.docs[i]);
            after = mem_str(list.next);
            doc_list_finish(&list);
        }
    } while (ok && after);
    return ok;
}

/* The id that the search settles on, or NULL. */
static const char *settle(const struct search *s, const char *ref, struct err *err)
{
    if (s->exact == 1)
        return s->exact_id;
    if (s->exact > 1)
        err_set(err, ERR_INVALID, 0, "%zu plans have that name, use the id: %s%s", s->exact,
                s->exact_list.data, s->exact > NAMES_SHOWN ? ", ..." : "");
    else if (s->begin > 1)
        err_set(err, ERR_INVALID, 0, "\"%.40s\" begins %zu names, type more of it: %s%s", ref,
                s->begin, s->begin_list.data, s->begin > NAMES_SHOWN ? ", ..." : "");
    else if (s->begin == 0)
        account_no_plan(ref, err);
    return s->exact == 0 && s->begin == 1 ? s->begin_id : NULL;
}

static bool resolve_name(struct actor *a, const char *ref, struct plan *out, struct err *err)
{
    struct search s = {.wanted = folded(ref)};
    const char *id;
    bool ok;

    strbuf_init(&s.exact_list, 1024);
    strbuf_init(&s.begin_list, 1024);
    ok = *s.wanted ? walk(a, &s, err) : err_set(err, ERR_INVALID, 0, "Name a plan");
    id = ok ? settle(&s, ref, err) : NULL;
    ok = id && plan_repo_find(a, id, out, err);
    strbuf_finish(&s.exact_list);
    strbuf_finish(&s.begin_list);
    free(s.wanted);
    return ok;
}

bool plan_repo_resolve(struct actor *a, const char *ref, struct plan *out, struct err *err)
{
    struct err why = {0};

    if (!account_need(a, err))
        return false;
    if (id_valid(ref)) {
        if (plan_repo_find(a, ref, out, &why))
            return true;
        if (why.code != ERR_NOT_FOUND) {
            *err = why;
            return false;
        }
    }
    return resolve_name(a, ref, out, err);
}
