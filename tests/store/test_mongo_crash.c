/* kill -9 of the server under load, and the same server again on the same port and folder:
 * every write that was acknowledged is there, groups are whole, and the stores that were open
 * go on. Single writes are tested on a server that syncs only what asks for it (`j`), groups on
 * one that syncs each commit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/mongo_env.h"
#include "strattio/clock.h"
#include "strattio/doc.h"

enum { WRITERS = 4, KILL_AFTER = 150, ACKS_MAX = 100000, KILLS = 3, READY_MS = 60000 };

static pid_t server;

static void start_server(const char *kind)
{
    char *name = mem_printf("%s_COMMAND", kind);
    char *line = mem_printf("exec %s", env_base(name));

    server = fork();
    if (server == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        execl("/bin/sh", "sh", "-c", line, (char *)NULL);
        _exit(127);
    }
    assert_true(server > 0);
    free(line);
    free(name);
}

static void kill_server(void)
{
    kill(server, SIGKILL);
    waitpid(server, NULL, 0);
}

/* A store on the server once it answers. */
static struct store *open_when_ready(const char *uri)
{
    int64_t end = clock_mono_ms() + READY_MS;
    struct err err = {0};

    while (clock_mono_ms() < end) {
        struct store *s = store_open(uri, 5000, &err);

        if (s)
            return s;
        if (waitpid(server, NULL, WNOHANG) == server)
            fail_msg("the server ended");
        poll(NULL, 0, 20);
    }
    fail_msg("the server is not ready: %s", err.msg);
    return NULL;
}

struct writer {
    const char *uri;
    bool groups;              /* a pair of documents at a time, as one group */
    char (*acks)[ID_LEN + 1]; /* of the first of each pair */
    atomic_size_t count;
    struct err err;
    pthread_t thread;
};

static bool write_one(struct store *s, struct writer *w)
{
    const char *user = w->groups ? ENV_OTHER : ENV_ME;
    char id[ID_LEN + 1];
    bson_t *a, *b;
    size_t failed;
    bool ok;

    id_new(id);
    a = env_plan(user, "A", id);
    b = env_plan(user, "B", NULL);
    if (w->groups) {
        const struct write writes[] = {
            {.kind = WRITE_INSERT, .coll = COLL_PLANS, .doc = a},
            {.kind = WRITE_INSERT, .coll = COLL_PLANS, .doc = b},
        };

        ok = store_atomically(s, writes, 2, &failed, &w->err);
    } else {
        ok = store_insert(s, COLL_PLANS, a, &w->err);
    }
    if (ok)
        memcpy(w->acks[w->count++], id, sizeof id);
    bson_destroy(a);
    bson_destroy(b);
    return ok;
}

/* Writes until the server is gone. */
static void *write_on(void *arg)
{
    struct writer *w = arg;
    struct store *s = store_open(w->uri, 5000, &w->err);

    while (s && w->count < ACKS_MAX && write_one(s, w))
        continue;
    store_close(s);
    return NULL;
}

static size_t total(struct writer *writers)
{
    size_t n = 0;

    for (size_t i = 0; i < WRITERS; i++)
        n += writers[i].count;
    return n;
}

static void load_and_kill(struct writer *writers, const char *uri, bool groups)
{
    int64_t end = clock_mono_ms() + READY_MS;
    size_t before = total(writers);

    for (size_t i = 0; i < WRITERS; i++) {
        writers[i].uri = uri;
        writers[i].groups = groups;
        if (!writers[i].acks)
            writers[i].acks = mem_zero(ACKS_MAX, sizeof *writers[i].acks);
        assert_int_equal(pthread_create(&writers[i].thread, NULL, write_on, &writers[i]), 0);
    }
    while (total(writers) - before < KILL_AFTER && clock_mono_ms() < end)
        poll(NULL, 0, 1);
    kill_server();
    for (size_t i = 0; i < WRITERS; i++) {
        pthread_join(writers[i].thread, NULL);
        if (writers[i].err.code != ERR_OFFLINE)
            fail_msg("writer %zu: code %d: %s", i, writers[i].err.code, writers[i].err.msg);
    }
    assert_true(total(writers) - before >= KILL_AFTER);
}

static void assert_all_there(struct store *s, const struct writer *writers)
{
    for (size_t i = 0; i < WRITERS; i++)
        for (size_t k = 0; k < writers[i].count; k++) {
            struct where where = {0};
            struct err err = {0};
            int64_t n = 0;

            where_id(&where, "_id", writers[i].acks[k]);
            assert_true(store_count(s, COLL_PLANS, &where, &n, &err));
            if (n != 1)
                fail_msg("%s of writer %zu, acknowledged as number %zu, is lost",
                         writers[i].acks[k], i, k);
        }
}

/* Unacknowledged pairs may be there, but none by half. */
static void assert_pairs_whole(struct store *s)
{
    struct query q = {.fields = (const char *const[]){"name", NULL}};
    struct doc_list list;
    struct err err = {0};
    int64_t balance = 0;

    where_str(&q.where, "user_id", WHERE_EQ, ENV_OTHER);
    assert_true(store_find(s, COLL_PLANS, &q, &list, &err));
    for (size_t i = 0; i < list.count; i++)
        balance += strcmp(doc_str(list.docs[i], "name", ""), "A") == 0 ? 1 : -1;
    doc_list_finish(&list);
    assert_int_equal(balance, 0);
}

static void kill_and_look(const char *kind, bool groups)
{
    struct writer writers[WRITERS] = {0};
    char *db = env_fresh_db(), *uri = env_uri_of(env_base(kind), db, NULL);
    struct store *survivor;

    start_server(kind);
    survivor = open_when_ready(uri);
    for (int i = 0; i < KILLS; i++) {
        struct err err = {0};
        struct store *s;

        load_and_kill(writers, uri, groups);
        assert_false(store_count(survivor, COLL_PLANS, &(struct where){0}, &(int64_t){0}, &err));
        assert_int_equal(err.code, ERR_OFFLINE);
        start_server(kind);
        s = open_when_ready(uri);
        assert_all_there(s, writers);
        assert_pairs_whole(s);
        store_close(s);
        assert_true(env_count(survivor, ENV_ME) >= 0); /* the next call connects again */
    }
    print_message("%d kills, %zu writes acknowledged and there\n", KILLS, total(writers));
    store_close(survivor);
    kill_server();
    for (size_t i = 0; i < WRITERS; i++)
        free(writers[i].acks);
    free(uri);
    free(db);
}

static void no_acknowledged_write_is_lost(void **state)
{
    (void)state;
    kill_and_look("CRASH", false);
}

static void no_acknowledged_group_is_lost_or_halved(void **state)
{
    (void)state;
    kill_and_look("CRASH_SYNC", true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_acknowledged_write_is_lost),
        cmocka_unit_test(no_acknowledged_group_is_lost_or_halved),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
