/* account_env.h - what the tests of accounts share: a fresh store with two users on it, Ada and
 * Bob, who may see everything. STRATTIO_TEST_STORE says which backend: "sqlite:" (the default) is
 * a file that is made to act as a shared store, "mongodb://..." a database of a random name. */
#ifndef TESTS_ACCOUNT_ENV_H
#define TESTS_ACCOUNT_ENV_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "account/account.h"
#include "account/password.h"
#include "account/plan_write.h"
#include "store/store_ops.h"
#include "strattio/child_repo.h"
#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/ids.h"
#include "strattio/mem.h"
#include "strattio/plan_repo.h"
#include "strattio/record.h"
#include "support/temp_dir.h"

#define ENV_PASSWORD "correct horse"

struct env {
    char *folder; /* home of the run: state, data and the store's file */
    char *uri;
    struct actor *ada, *bob;
};

enum { ENV_TIMEOUT_MS = 20000 };

/* Fails the test with the error's words. */
#define expect_ok(call)                                                                            \
    do {                                                                                           \
        struct err err_ = {0}, *err = &err_;                                                       \
        if (!(call))                                                                               \
            fail_msg("%s: code %d, %s", #call, (int)err_.code, err_.msg);                          \
    } while (0)

#define expect_err(want, call)                                                                     \
    do {                                                                                           \
        struct err err_ = {0}, *err = &err_;                                                       \
        if (call)                                                                                  \
            fail_msg("%s: did not fail", #call);                                                   \
        if (err_.code != (want))                                                                   \
            fail_msg("%s: code %d, %s", #call, (int)err_.code, err_.msg);                          \
    } while (0)

static inline bool env_is_sqlite(void)
{
    const char *base = getenv("STRATTIO_TEST_STORE");

    return !base || strncmp(base, "mongodb", 7) != 0;
}

/* A store that does not exist yet. */
static inline char *env_fresh_uri(const char *folder)
{
    const char *base = getenv("STRATTIO_TEST_STORE"), *hosts, *options;
    char id[ID_LEN + 1];
    size_t len;

    id_new(id);
    if (env_is_sqlite())
        return mem_printf("sqlite:%s/%s.db", folder, id);
    hosts = strstr(base, "://") + 3;
    len = (size_t)(hosts - base) + strcspn(hosts, "/?");
    options = strchr(base + len, '?');
    return mem_printf("%.*s/strattio_test_%s%s", (int)len, base, id, options ? options : "");
}

/* An actor on `uri` as a shared store; signed in if the state folder has a session. */
static inline struct actor *env_open(const char *uri)
{
    struct err err = {0};
    struct store *store = store_open(uri, ENV_TIMEOUT_MS, &err);
    struct actor *a = NULL;

    if (store) {
        store->shared = true;
        a = account_open_on(store, uri, ENV_TIMEOUT_MS, &err);
    }
    if (!a)
        fprintf(stderr, "cannot open %s: %s\n", uri, err.msg);
    return a;
}

static inline void env_make_home(struct env *env)
{
    env->folder = temp_dir_make();
    setenv("HOME", env->folder, 1);
    setenv("XDG_STATE_HOME", env->folder, 1);
    setenv("XDG_DATA_HOME", env->folder, 1);
    unsetenv("STRATTIO_CLOCK");
    password_set_cost(4);
}

static inline struct actor *env_join(const char *uri, const char *email, const char *name)
{
    struct actor *a = env_open(uri);
    struct err err = {0};

    if (a && (!actor_register(a, email, name, ENV_PASSWORD, &err) ||
              !actor_grant(a, email, TIER_PROFESSIONAL, (enum user_role)ACTOR_KEEP_ROLE, &err))) {
        fprintf(stderr, "%s cannot join: %s\n", name, err.msg);
        actor_close(a);
        a = NULL;
    }
    return a;
}

/* cmocka set-up and tear-down: a store with Ada and Bob. */
static inline int env_setup(void **state)
{
    struct env *env = mem_zero(1, sizeof *env);

    env_make_home(env);
    env->uri = env_fresh_uri(env->folder);
    env->ada = env_join(env->uri, "ada@example.org", "Ada");
    env->bob = env_join(env->uri, "bob@example.org", "Bob");
    *state = env;
    return env->ada && env->bob ? 0 : -1;
}

/* The same with an empty store and nobody open. */
static inline int env_setup_empty(void **state)
{
    struct env *env = mem_zero(1, sizeof *env);

    env_make_home(env);
    env->uri = env_fresh_uri(env->folder);
    *state = env;
    return 0;
}

static inline int env_teardown(void **state)
{
    struct env *env = *state;

    actor_close(env->ada);
    actor_close(env->bob);
    temp_dir_remove(env->folder);
    free(env->uri);
    free(env);
    return 0;
}

/* ---- documents ------------------------------------------------------------------------------ */

static inline void env_draft(struct plan *plan, const char *name)
{
    record_init(COLL_PLANS, plan);
    plan->name = mem_str(name);
    doc_set_str(plan->intake_data, "business_name", name);
    doc_set_num(plan->intake_data, "price_per_unit", 4.2);
}

/* Creates a plan of `a` called `name`; its id is in `out` (finish it). */
static inline bool env_plan(struct actor *a, const char *name, struct plan *out, struct err *err)
{
    env_draft(out, name);
    return plan_repo_create(a, out, err);
}

static inline void env_section(struct section *s, const char *plan_id, enum section_type type,
                               const char *content)
{
    record_init(COLL_SECTIONS, s);
    s->plan_id = mem_str(plan_id);
    s->section_type = type;
    s->order_index = type;
    s->title = mem_str(section_type_title(type));
    s->content = mem_str(content);
    doc_set_str(s->metadata, "source", content);
}

static inline void env_model(struct financial_model *m, const char *plan_id, double revenue)
{
    record_init(COLL_FINANCIAL_MODELS, m);
    m->plan_id = mem_str(plan_id);
    doc_set_num(m->data, "kpis.gross_margin_percent", revenue);
}

static inline void env_pack(struct research_pack *p, const char *plan_id)
{
    record_init(COLL_RESEARCH_PACKS, p);
    p->plan_id = mem_str(plan_id);
    p->status = RESEARCH_COMPLETE;
}

static inline void env_report(struct compliance_report *r, const char *plan_id)
{
    record_init(COLL_COMPLIANCE_REPORTS, r);
    r->plan_id = mem_str(plan_id);
    r->template_id = mem_str("GENERIC");
}

/* How many documents of `coll` have `value` in `field`, seen past the repositories; -1 on
 * failure. */
static inline int64_t env_count(struct actor *a, enum collection coll, const char *field,
                                const char *value)
{
    struct where where = {0};
    struct err err = {0};
    int64_t count = -1;

    where_str(&where, field, WHERE_EQ, value);
    if (!store_count(a->store, coll, &where, &count, &err))
        fprintf(stderr, "count: %s\n", err.msg);
    return count;
}

/* The newest log entry of `a` for `action`, as stored; initialised only if true. */
static inline bool env_audit(struct actor *a, enum audit_action action, bson_t *out)
{
    struct query q = {.sort = "created_at", .descending = true, .limit = 1};
    struct doc_list list;
    struct err err = {0};
    bool found;

    where_str(&q.where, "action", WHERE_EQ, audit_action_name(action));
    where_str(&q.where, "user_id", WHERE_EQ, a->user.id);
    if (!store_find(a->store, COLL_AUDIT_LOGS, &q, &list, &err))
        return false;
    found = list.count > 0;
    if (found)
        bson_copy_to(list.docs[0], out);
    doc_list_finish(&list);
    return found;
}

/* SHA-256 over every document of `coll` whose `field` is `value`. */
static inline void env_digest(struct actor *a, enum collection coll, const char *field,
                              const char *value, char out[SHA_HEX_LEN + 1])
{
    struct query q = {.sort = NULL};
    struct doc_list list;
    struct err err = {0};
    char sum[2 * SHA_HEX_LEN + 1] = "";

    if (strcmp(field, "_id") == 0)
        where_id(&q.where, field, value);
    else
        where_str(&q.where, field, WHERE_EQ, value);
    sha256_hex("", 0, out);
    if (!store_find(a->store, coll, &q, &list, &err)) {
        fprintf(stderr, "digest: %s\n", err.msg);
        return;
    }
    for (size_t i = 0; i < list.count; i++) {
        bson_t sorted;

        doc_sorted(list.docs[i], &sorted);
        memcpy(sum, out, SHA_HEX_LEN);
        sha256_hex(bson_get_data(&sorted), sorted.len, sum + SHA_HEX_LEN);
        sha256_hex(sum, 2 * SHA_HEX_LEN, out);
        bson_destroy(&sorted);
    }
    doc_list_finish(&list);
}

#endif
