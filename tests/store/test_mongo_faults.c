/* Faults on every command the store sends. A set forgives one fault of any kind: the call
 * succeeds as if nothing had happened, exactly once. A stand-alone server cannot promise that,
 * and neither can anything after a second fault; then the call fails as offline, and what is
 * stored is the state before or after it, never between. Either way the next call works. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>

#include "store/mongo_calls.h"

/* ---- the faults -------------------------------------------------------------------------- */

#define LABELS "\"errorLabels\": [\"RetryableWriteError\", \"TransientTransactionError\"]"
#define COMMIT_LABELS                                                                              \
    "\"errorLabels\": [\"RetryableWriteError\", \"UnknownTransactionCommitResult\"]"

static const struct {
    const char *name, *data, *commit_data;
} faults[] = {
    {"not primary", "\"errorCode\": 10107, " LABELS, "\"errorCode\": 10107, " COMMIT_LABELS},
    {"stepped down", "\"errorCode\": 11602, " LABELS, "\"errorCode\": 11602, " COMMIT_LABELS},
    {"shutting down", "\"errorCode\": 91, " LABELS, "\"errorCode\": 91, " COMMIT_LABELS},
    {"closed", "\"closeConnection\": true", "\"closeConnection\": true"},
    {"stalled", "\"blockConnection\": true, \"blockTimeMS\": 1500",
     "\"blockConnection\": true, \"blockTimeMS\": 1500"},
};

enum { NOT_PRIMARY = 0, CLOSED = 3, STALLED = 4 };

static void arm(struct fixture *f, const char *command, size_t fault, int times)
{
    bool commit = strcmp(command, "commitTransaction") == 0;
    char *json =
        mem_printf("{\"configureFailPoint\": \"failCommand\", \"mode\": {\"times\": %d}, "
                   "\"data\": {\"failCommands\": [\"%s\"], %s}}",
                   times, command, commit ? faults[fault].commit_data : faults[fault].data);

    assert_true(admin_run(&f->admin, "admin", json, NULL));
    free(json);
}

static void disarm(struct fixture *f)
{
    assert_true(admin_run(&f->admin, "admin",
                          "{\"configureFailPoint\": \"failCommand\", \"mode\": \"off\"}", NULL));
}

/* ---- putting them together --------------------------------------------------------------- */

static int set_up_on(const char *kind, void **state)
{
    struct fixture *f = mem_zero(1, sizeof *f);
    const char *base = env_base(kind);
    struct err err = {0};

    f->db = env_fresh_db();
    f->uri = env_uri_of(base, f->db, NULL);
    f->admin = admin_open(base, f->db);
    f->store = store_open(f->uri, TIMEOUT_MS, &err);
    if (!f->store)
        fprintf(stderr, "%s: %s\n", kind, err.msg);
    *state = f;
    return f->store ? 0 : -1;
}

static int set_up(void **state)
{
    return set_up_on("REPLSET", state);
}

static int set_up_standalone(void **state)
{
    return set_up_on("STANDALONE", state);
}

static int set_up_strict(void **state)
{
    return set_up_on("STRICT", state);
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    store_close(f->store);
    admin_close(&f->admin);
    free(f->db);
    free(f->uri);
    free(f);
    return 0;
}

static void check(struct fixture *f, size_t call, const char *command, size_t fault, int times,
                  bool must_succeed)
{
    struct err err = {0};
    char what[80];
    bool ok;

    snprintf(what, sizeof what, "%s %s %d times", command, faults[fault].name, times);
    begin_again(f);
    arm(f, command, fault, times);
    ok = calls[call].run(f, &err);
    disarm(f);
    if (!ok && must_succeed)
        fail_msg("%s, %s: %s", calls[call].name, what, err.msg);
    check_outcome(f, call, ok, &err, what);
}

static void check_all(struct fixture *f, size_t fault, int times, bool must_succeed)
{
    for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
        char *list = mem_str(calls[i].commands), *save = NULL;

        for (char *c = strtok_r(list, " ", &save); c; c = strtok_r(NULL, " ", &save))
            if (fault != STALLED || strcmp(calls[i].name, "info") != 0)
                check(f, i, c, fault, times, must_succeed);
        free(list);
    }
}

static void a_set_forgives_one_fault(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(faults); i++)
        check_all(*state, i, 1, true);
}

static void two_faults_leave_a_state_before_or_after(void **state)
{
    check_all(*state, NOT_PRIMARY, 2, false);
    check_all(*state, CLOSED, 2, false);
}

static void lasting_faults_leave_a_state_before_or_after(void **state)
{
    check_all(*state, NOT_PRIMARY, 1000, false);
}

static void a_stand_alone_server_fails_cleanly(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(faults); i++)
        check_all(*state, i, 1, false);
}

/* ---- what writes ask for ---------------------------------------------------------------------- */

/* On a server that refuses every write that does not ask for a majority and the journal. */
static void every_write_asks_for_majority_and_journal(void **state)
{
    struct fixture *f = *state;

    for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
        struct err err = {0};

        begin_again(f);
        if (!calls[i].run(f, &err))
            fail_msg("%s: %s", calls[i].name, err.msg);
        check_outcome(f, i, true, &err, "strict server");
    }
}

/* ---- others at the same time ------------------------------------------------------------- */

enum { RACERS = 4, ROUNDS = 25 };

struct racer {
    const struct fixture *f;
    int64_t won;
    struct err err;
    bool group;
};

/* Adds one to rev, as often as told, each time on condition that it is as read. */
static bool race_once(struct store *s, struct racer *r)
{
    struct where where = {0}, by_id = {0};
    struct patch patch;
    int64_t n = 0;
    bson_t doc;
    bool ok;
    size_t failed;

    where_id(&by_id, "_id", r->f->id);
    if (!store_find_one(s, COLL_PLANS, &by_id, &doc, &r->err))
        return false;
    where_id(&where, "_id", r->f->id);
    where_int(&where, "metadata.rev", WHERE_EQ, doc_int(&doc, "metadata.rev", 0));
    bson_destroy(&doc);
    patch_init(&patch);
    patch_inc(&patch, "metadata.rev", 1);
    if (r->group) {
        bson_t *log = env_plan(r->f->other, "Won", NULL);
        const struct write writes[] = {
            {.kind = WRITE_INSERT, .coll = COLL_PLANS, .doc = log},
            {.kind = WRITE_PATCH,
             .coll = COLL_PLANS,
             .where = &where,
             .patch = &patch,
             .must_match = true},
        };

        ok = store_atomically(s, writes, 2, &failed, &r->err);
        bson_destroy(log);
        n = ok;
        ok = ok || r->err.code == ERR_CONFLICT || r->err.code == ERR_BUSY;
    } else {
        ok = store_patch(s, COLL_PLANS, &where, &patch, &n, &r->err);
    }
    r->won += n;
    patch_finish(&patch);
    return ok;
}

static void *race(void *arg)
{
    struct racer *r = arg;
    struct store *s = store_open(r->f->uri, 20000, &r->err);
    bool ok = s;

    for (int i = 0; ok && i < ROUNDS; i++)
        ok = race_once(s, r);
    store_close(s);
    return ok ? arg : NULL;
}

static void run_race(struct fixture *f, bool group)
{
    struct racer racers[RACERS];
    pthread_t threads[RACERS];
    int64_t won = 0;
    struct state end;

    begin_again(f);
    for (size_t i = 0; i < RACERS; i++) {
        racers[i] = (struct racer){.f = f, .group = group};
        assert_int_equal(pthread_create(&threads[i], NULL, race, &racers[i]), 0);
    }
    for (size_t i = 0; i < RACERS; i++) {
        void *ok;

        pthread_join(threads[i], &ok);
        if (!ok)
            fail_msg("racer %zu: %s", i, racers[i].err.msg);
        won += racers[i].won;
    }
    end = look(f);
    assert_true(won > 0);
    assert_int_equal(end.others, group ? won : 0);
    assert_int_equal(end.revs, 3 + won + end.others);
}

static void of_conditional_patches_exactly_one_wins(void **state)
{
    run_race(*state, false);
}

static void of_groups_exactly_one_wins_and_the_rest_leave_nothing(void **state)
{
    run_race(*state, true);
}

/* An argument picks tests by a pattern, so that ctest can run them side by side. */
int main(int argc, char **argv)
{
#define ON(test, up) cmocka_unit_test_setup_teardown(test, up, tear_down)
    const struct CMUnitTest tests[] = {
        ON(a_set_forgives_one_fault, set_up),
        ON(two_faults_leave_a_state_before_or_after, set_up),
        ON(lasting_faults_leave_a_state_before_or_after, set_up),
        ON(a_stand_alone_server_fails_cleanly, set_up_standalone),
        ON(every_write_asks_for_majority_and_journal, set_up_strict),
        ON(of_conditional_patches_exactly_one_wins, set_up),
        ON(of_conditional_patches_exactly_one_wins, set_up_standalone),
        ON(of_groups_exactly_one_wins_and_the_rest_leave_nothing, set_up),
    };
#undef ON

    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
