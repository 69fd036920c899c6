/* child.c - a child is inserted only if absent, under an id made from the plan's and its kind, so
 * that two runs that both resume cannot make two; and it is replaced by one patch on the
 * condition that it is as it was read. A child another program inserted keeps its own id. What a
 * copy noted in metadata.copied stays through a replacement. */
#include "account/child.h"

#include <string.h>

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/ids.h"
#include "strattio/record.h"

#include "account/account.h"
#include "account/plan_write.h"
#include "account/queries.h"
#include "record/schema.h"

static const char *const nouns[COLL_COUNT] = {
    [COLL_RESEARCH_PACKS] = "research pack",
    [COLL_FINANCIAL_MODELS] = "financial model",
    [COLL_COMPLIANCE_REPORTS] = "compliance report",
};

void child_id(const struct child *c, char out[25])
{
    id_derive(c->plan_id,
              c->coll == COLL_SECTIONS ? section_type_name(c->type) : collection_name(c->coll),
              out);
}

static bool is_of(const struct child *c, const bson_t *doc)
{
    return c->coll != COLL_SECTIONS ||
           strcmp(doc_str(doc, "section_type", ""), section_type_name(c->type)) == 0;
}

/* The first document of `q` that is `c`, initialised into `out` if *found. */
static bool find_among(struct actor *a, const struct child *c, const struct query *q, bson_t *out,
                       bool *found, struct err *err)
{
    struct doc_list list;

    if (!store_find(a->store, c->coll, q, &list, err))
        return false;
    for (size_t i = 0; i < list.count && !*found; i++)
        if (is_of(c, list.docs[i])) {
            bson_copy_to(list.docs[i], out);
            *found = true;
        }
    doc_list_finish(&list);
    return true;
}

/* The stored document, initialised into `out` if *found. Whose the plan is, the caller knows. */
static bool find_doc(struct actor *a, const struct child *c, bson_t *out, bool *found,
                     struct err *err)
{
    struct query q;

    *found = false;
    if (c->coll != COLL_SECTIONS) {
        queries_child(&q, c->plan_id);
        return find_among(a, c, &q, out, found, err);
    }
    queries_section(&q, c->plan_id, c->type);
    if (!find_among(a, c, &q, out, found, err))
        return false;
    if (*found)
        return true;
    queries_sections(&q, c->plan_id); /* not in its place, or not there */
    return find_among(a, c, &q, out, found, err);
}

static bool none(const struct child *c, struct err *err)
{
    if (c->coll == COLL_SECTIONS)
        return err_set(err, ERR_NOT_FOUND, 0, "The plan has no section %s yet",
                       section_type_name(c->type));
    return err_set(err, ERR_NOT_FOUND, 0, "The plan has no %s yet", nouns[c->coll]);
}

bool child_find(struct actor *a, const struct child *c, void *rec, struct err *err)
{
    bool found = false, ok;
    bson_t doc;

    if (!account_need_plan(a, c->plan_id, err) || !find_doc(a, c, &doc, &found, err))
        return false;
    if (!found)
        return none(c, err);
    ok = record_read(c->coll, &doc, rec, err);
    bson_destroy(&doc);
    return ok;
}

/* ---- putting -------------------------------------------------------------------------------- */

static bool saved_elsewhere(struct err *err)
{
    return err_set(err, ERR_CONFLICT, 0, "It was saved elsewhere since it was read here");
}

/* `doc` under its own id, first of its kind. */
static void build_first(const struct child_put *put, const bson_t *doc, struct child_stamp *stamp,
                        bson_t *out)
{
    bson_t rest = BSON_INITIALIZER;
    bson_oid_t oid;

    child_id(&put->child, stamp->id);
    stamp->created_at = put->now;
    stamp->rev = 1;
    bson_oid_init_from_string(&oid, stamp->id);
    bson_copy_to_excluding_noinit(doc, &rest, "_id", NULL);
    bson_init(out);
    BSON_APPEND_OID(out, "_id", &oid);
    bson_concat(out, &rest);
    bson_destroy(&rest);
    if (doc_has(out, "version")) {
        stamp->version = 1;
        doc_set_int(out, "version", 1);
    }
    if (doc_has(out, "created_at"))
        doc_set_date(out, "created_at", put->now);
    account_stamp(out);
}

/* Every field of `doc` over the stored one `old`; what `doc` does not have goes. */
static void build_replacement(const struct child_put *put, const bson_t *old, const bson_t *doc,
                              struct child_stamp *stamp, struct patch *patch)
{
    static const char *const kept[] = {"created_at", "version", NULL};
    bson_t metadata = BSON_INITIALIZER, given;
    bson_iter_t it;

    stamp->rev = doc_int(old, "metadata.rev", 0) + 1;
    stamp->version = doc_has(doc, "version") ? doc_int(old, "version", 0) + 1 : 0;
    stamp->created_at = doc_date(old, "created_at", put->now);
    if (doc_view(doc, "metadata", &given))
        bson_concat(&metadata, &given);
    doc_set_int(&metadata, "rev", stamp->rev);
    doc_set_int(&metadata, "schema", SCHEMA_VERSION);
    if (doc_find(old, "metadata.copied", &it))
        doc_set(&metadata, "copied", bson_iter_value(&it));
    patch_init(patch);
    account_overwrite(patch, old, doc, &metadata, kept);
    if (stamp->version)
        patch_int(patch, "version", stamp->version);
    bson_destroy(&metadata);
}

static bool insert(struct actor *a, const struct child_put *put, const bson_t *doc,
                   struct child_stamp *stamp, struct err *err)
{
    size_t failed = 0;
    bson_t first;
    bool ok;

    build_first(put, doc, stamp, &first);
    ok = store_atomically(a->store,
                          (struct write[]){
                              {.kind = WRITE_INSERT, .coll = put->child.coll, .doc = &first},
                              {.kind = WRITE_INSERT, .coll = COLL_AUDIT_LOGS, .doc = put->audit},
                          },
                          put->audit ? 2 : 1, &failed, err);
    bson_destroy(&first);
    return ok || (err->code == ERR_DUPLICATE ? saved_elsewhere(err) : false);
}

/* Over the stored `old`, whose id is in `stamp`. */
static bool replace(struct actor *a, const struct child_put *put, const bson_t *old,
                    const bson_t *doc, struct child_stamp *stamp, struct err *err)
{
    struct where where = {0};
    bson_t metadata;
    struct patch patch;
    size_t failed = 0;
    bool ok;

    doc_view(old, "metadata", &metadata);
    where_str(&where, "plan_id", WHERE_EQ, put->child.plan_id);
    where_id(&where, "_id", stamp->id);
    account_where_rev(&where, &metadata);
    build_replacement(put, old, doc, stamp, &patch);
    ok = store_atomically(a->store,
                          (struct write[]){
                              {.kind = WRITE_PATCH,
                               .coll = put->child.coll,
                               .where = &where,
                               .patch = &patch,
                               .must_match = true},
                              {.kind = WRITE_INSERT, .coll = COLL_AUDIT_LOGS, .doc = put->audit},
                          },
                          put->audit ? 2 : 1, &failed, err);
    patch_finish(&patch);
    return ok || (err->code == ERR_CONFLICT ? saved_elsewhere(err) : false);
}

/* Whether `put` may be made over what is stored, `old`, whose id is `id`. */
static bool may_replace(const struct child_put *put, const bson_t *old, const char *id,
                        struct err *err)
{
    if (!put->read_id)
        return true;
    if (strcmp(put->read_id, id) == 0)
        return doc_int(old, "metadata.rev", 0) == put->read_rev || saved_elsewhere(err);
    if (!put->lease)
        return saved_elsewhere(err);
    if (!put->edited && doc_bool(old, "edited_by_user", false))
        return err_set(err, ERR_CONFLICT, 0, "The user edited this section; it is not replaced");
    return true;
}

/* *raced: somebody wrote between our reading and our writing; worth another look. */
static bool put_once(struct actor *a, const struct child_put *put, const bson_t *doc,
                     struct child_stamp *stamp, bool *raced, struct err *err)
{
    bool found = false, ok;
    bson_t old;

    *raced = false;
    *stamp = (struct child_stamp){.version = 0};
    if (!find_doc(a, &put->child, &old, &found, err))
        return false;
    if (!found) {
        ok = insert(a, put, doc, stamp, err);
        *raced = !ok && err->code == ERR_CONFLICT;
        return ok;
    }
    account_id_of(&old, stamp->id);
    ok = may_replace(put, &old, stamp->id, err);
    if (ok) {
        ok = replace(a, put, &old, doc, stamp, err);
        *raced = !ok && err->code == ERR_CONFLICT;
    }
    bson_destroy(&old);
    return ok;
}

bool child_put(struct actor *a, const struct child_put *put, const bson_t *doc,
               struct child_stamp *stamp, struct err *err)
{
    bool ok = false, raced = true;

    if (put->lease ? !plan_lease_held(a, put->lease, err)
                   : !account_need_plan(a, put->child.plan_id, err))
        return false;
    for (int i = 0; i < ACCOUNT_TRIES && !ok && raced; i++)
        ok = put_once(a, put, doc, stamp, &raced, err);
    return ok;
}
