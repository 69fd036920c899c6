/* mongo_env.h - what the MongoDB tests share: a fresh database for each test, a connection past
 * the store to look at it and to set fail points, and plans to write. */
#ifndef TESTS_STORE_MONGO_ENV_H
#define TESTS_STORE_MONGO_ENV_H

#include <mongoc/mongoc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/store.h"
#include "strattio/attr.h"
#include "strattio/err.h"
#include "strattio/ids.h"
#include "strattio/mem.h"
#include "strattio/plan.h"
#include "strattio/record.h"

/* Two users; nothing is asked of them but that they are ids. */
#define ENV_ME    "6500000000000000000000a1"
#define ENV_OTHER "6500000000000000000000b2"

/* The address of the servers.py kind ("REPLSET"), ending the test program as skipped if there
 * is none. */
static inline const char *env_base(const char *kind)
{
    char name[64];
    const char *value;

    snprintf(name, sizeof name, "STRATTIO_TEST_MONGO_%s", kind);
    value = getenv(name);
    if (!value) {
        fprintf(stderr, "%s is not set; run this with tests/store/servers.py\n", name);
        exit(77);
    }
    return value;
}

/* "mongodb://host/?options" with `db` and further options in their places. */
static inline char *env_uri_of(const char *base, const char *db, const char *options)
{
    const char *slash = strchr(base + strlen("mongodb://"), '/');
    const char *query = strchr(base, '?');

    return mem_printf("%.*s/%s?%s%s%s", (int)(slash - base), base, db, query ? query + 1 : "",
                      query && options ? "&" : "", options ? options : "");
}

static inline char *env_fresh_db(void)
{
    char id[ID_LEN + 1];

    id_new(id);
    return mem_printf("t_%s", id);
}

/* A connection of the test's own. */
struct admin {
    mongoc_client_t *client;
    char *db;
};

static inline struct admin admin_open(const char *base, const char *db)
{
    struct admin a = {.db = mem_str(db)};

    mongoc_init();
    a.client = mongoc_client_new(base);
    if (!a.client)
        abort();
    return a;
}

/* Runs a command given as JSON; false, with the server's words on stderr, if it fails. `reply`,
 * which may be NULL, is initialised either way. */
static inline bool admin_run(const struct admin *a, const char *db, const char *json, bson_t *reply)
{
    bson_error_t error;
    bson_t *command = bson_new_from_json((const uint8_t *)json, -1, &error), own;
    bool ok;

    if (!command) {
        fprintf(stderr, "%s: %s\n", json, error.message);
        abort();
    }
    ok = mongoc_client_command_simple(a->client, db, command, NULL, reply ? reply : &own, &error);
    if (!ok)
        fprintf(stderr, "%s: %s\n", json, error.message);
    if (!reply)
        bson_destroy(&own);
    bson_destroy(command);
    return ok;
}

/* Servers of servers.py are thrown away whole; only one that was given is cleaned up. */
static inline void admin_close(struct admin *a)
{
    if (getenv("STRATTIO_TEST_MONGODB_URI"))
        admin_run(a, a->db, "{\"dropDatabase\": 1}", NULL);
    mongoc_client_destroy(a->client);
    free(a->db);
}

/* A valid plan of `user`, whose metadata.rev is 1; `id` (24 hex digits) or NULL for a new one. */
static inline bson_t *env_plan(const char *user, const char *name, const char *id)
{
    struct plan plan;
    bson_t *doc = bson_new(), built;

    record_init(COLL_PLANS, &plan);
    free(plan.user_id);
    free(plan.name);
    plan.user_id = mem_str(user);
    plan.name = mem_str(name);
    if (id) {
        free(plan.id);
        plan.id = mem_str(id);
    }
    bson_destroy(plan.metadata);
    plan.metadata = BCON_NEW("rev", BCON_INT32(1));
    record_write(COLL_PLANS, &plan, &built);
    bson_destroy(doc);
    doc = bson_copy(&built);
    bson_destroy(&built);
    record_finish(COLL_PLANS, &plan);
    return doc;
}

/* How many plans of `user` there are, or -1. */
static inline int64_t env_count(struct store *s, const char *user)
{
    struct where where = {0};
    struct err err = {0};
    int64_t n = -1;

    where_str(&where, "user_id", WHERE_EQ, user);
    if (!store_count(s, COLL_PLANS, &where, &n, &err))
        fprintf(stderr, "count: %s\n", err.msg);
    return n;
}

#endif
