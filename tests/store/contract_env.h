/* contract_env.h - a fresh, empty store for each test of the contract suite, whatever the backend.
 * STRATTIO_TEST_STORE says which: "sqlite:" (the default) gives each test a file in a folder of
 * its own, "mongodb://..." (an address without a database) a database of a random name. */
#ifndef TESTS_STORE_CONTRACT_ENV_H
#define TESTS_STORE_CONTRACT_ENV_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/store.h"
#include "strattio/err.h"
#include "strattio/ids.h"
#include "strattio/mem.h"
#include "support/temp_dir.h"

struct env {
    struct store *s;
    char *uri;    /* of the fresh store, for further handles */
    char *folder; /* NULL on a server */
};

enum { ENV_TIMEOUT_MS = 20000 };

/* `base` with the database `name` as its path: after the hosts, before any "?options". */
static inline char *env_with_database(const char *base, const char *name)
{
    const char *hosts = strstr(base, "://") + 3;
    size_t len = (size_t)(hosts - base) + strcspn(hosts, "/?");
    const char *options = strchr(base + len, '?');

    return mem_printf("%.*s/%s%s", (int)len, base, name, options ? options : "");
}

static inline bool env_is_sqlite(void)
{
    const char *base = getenv("STRATTIO_TEST_STORE");

    return !base || !*base || strncmp(base, "sqlite:", 7) == 0;
}

/* The URI of a store that does not exist yet; the caller frees it. For sqlite it lies in
 * `folder`. */
static inline char *fresh_uri(const char *folder)
{
    char id[ID_LEN + 1], *name, *uri;

    id_new(id);
    if (env_is_sqlite())
        return mem_printf("sqlite:%s/%s.db", folder, id);
    name = mem_printf("strattio_test_%s", id);
    uri = env_with_database(getenv("STRATTIO_TEST_STORE"), name);
    free(name);
    return uri;
}

static inline struct store *env_open(const struct env *env)
{
    struct err err = {0};
    struct store *s = store_open(env->uri, ENV_TIMEOUT_MS, &err);

    if (!s)
        fprintf(stderr, "cannot open the store under test: %s\n", err.msg);
    return s;
}

/* cmocka set-up and tear-down. */
static inline int env_setup(void **state)
{
    struct env *env = mem_zero(1, sizeof *env);

    if (env_is_sqlite())
        env->folder = temp_dir_make();
    env->uri = fresh_uri(env->folder);
    env->s = env_open(env);
    *state = env;
    return env->s ? 0 : -1;
}

static inline int env_teardown(void **state)
{
    struct env *env = *state;

    store_close(env->s);
    if (env->folder)
        temp_dir_remove(env->folder);
    free(env->uri);
    free(env);
    return 0;
}

#endif
