/* The network between us and the server: cut and stalled in the middle of a message, either
 * way, at many places of every call; gone and back; in tiny pieces. A set forgives each of them
 * once; a stand-alone server fails the call as offline with a whole state, and the next call
 * connects again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "store/mongo_calls.h"
#include "store/relay.h"
#include "strattio/clock.h"

static struct relay *relay;

static int port_of(const char *uri)
{
    return atoi(strrchr(strchr(uri + strlen("mongodb://"), ':'), ':') + 1);
}

static int set_up_on(const char *kind, void **state)
{
    struct fixture *f = mem_zero(1, sizeof *f);
    const char *base = env_base(kind);
    char *through;
    struct err err = {0};

    relay = relay_open(port_of(base));
    f->db = env_fresh_db();
    through = mem_printf("mongodb://127.0.0.1:%d/?directConnection=true", relay_port(relay));
    f->uri = env_uri_of(through, f->db, NULL);
    free(through);
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

static int tear_down(void **state)
{
    struct fixture *f = *state;

    store_close(f->store);
    relay_close(relay);
    admin_close(&f->admin);
    free(f->db);
    free(f->uri);
    free(f);
    return 0;
}

typedef void (*trap_fn)(struct relay *r, enum relay_side side, size_t bytes);

/* Only the one call is under fault; the state is looked at past it. */
static void check(struct fixture *f, size_t call, trap_fn trap, enum relay_side side, size_t bytes,
                  bool must_succeed)
{
    struct err err = {0};
    char what[80];
    bool ok;

    snprintf(what, sizeof what, "%s at byte %zu to the %s",
             trap == relay_cut_after ? "cut" : "stalled", bytes,
             side == RELAY_TO_SERVER ? "server" : "client");
    begin_again(f);
    trap(relay, side, bytes);
    ok = calls[call].run(f, &err);
    relay_pass(relay);
    if (!ok && must_succeed)
        fail_msg("%s, %s: %s", calls[call].name, what, err.msg);
    check_outcome(f, call, ok, &err, what);
}

/* 0 and 1 are before and in the length, 16 the end of the header, 30 in the document; the rest
 * later. */
static const size_t places[] = {0, 1, 16, 30, 200, 700};

static void cut_everywhere(struct fixture *f, bool must_succeed)
{
    for (size_t i = 0; i < ARRAY_LEN(calls); i++)
        for (size_t k = 0; k < ARRAY_LEN(places); k++) {
            check(f, i, relay_cut_after, RELAY_TO_SERVER, places[k], must_succeed);
            check(f, i, relay_cut_after, RELAY_TO_CLIENT, places[k], must_succeed);
        }
}

static void cut_from_a_set_calls_succeed(void **state)
{
    cut_everywhere(*state, true);
}

static void cut_from_a_stand_alone_server_calls_fail_cleanly(void **state)
{
    cut_everywhere(*state, false);
}

static void a_stalled_answer_ends_with_the_time_out(void **state)
{
    static const size_t stalled_calls[] = {0, 2, 4, 9}; /* insert, find, patch, group */

    for (size_t i = 0; i < ARRAY_LEN(stalled_calls); i++) {
        int64_t begin = clock_mono_ms();

        check(*state, stalled_calls[i], relay_stall_after, RELAY_TO_CLIENT, 20, true);
        assert_true(clock_mono_ms() - begin < 6 * TIMEOUT_MS);
    }
    check(*state, 0, relay_stall_after, RELAY_TO_SERVER, 20, true);
}

static void a_server_that_is_gone_is_offline_and_comes_back(void **state)
{
    struct fixture *f = *state;

    begin_again(f);
    for (int round = 0; round < 3; round++) {
        struct err err = {0};

        relay_gone(relay, true);
        for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
            err = (struct err){0};
            assert_false(calls[i].run(f, &err));
            if (err.code != ERR_OFFLINE)
                fail_msg("%s: code %d: %s", calls[i].name, err.code, err.msg);
        }
        relay_gone(relay, false);
        assert_int_equal(env_count(f->store, f->me), 3);
    }
}

static void a_dropped_idle_connection_is_not_noticed(void **state)
{
    struct fixture *f = *state;

    begin_again(f);
    relay_gone(relay, false); /* closes all, refuses none */
    assert_int_equal(env_count(f->store, f->me), 3);
}

static void a_stream_in_small_pieces_is_the_same_stream(void **state)
{
    struct fixture *f = *state;

    relay_halve(relay, 7);
    for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
        struct err err = {0};
        bool ok;

        begin_again(f);
        ok = calls[i].run(f, &err);
        if (!ok)
            fail_msg("%s: %s", calls[i].name, err.msg);
        check_outcome(f, i, ok, &err, "in pieces of 7 bytes");
    }
    relay_halve(relay, 0);
}

/* An argument picks tests by a pattern, so that ctest can run them side by side. */
int main(int argc, char **argv)
{
#define ON(test, up) cmocka_unit_test_setup_teardown(test, up, tear_down)
    const struct CMUnitTest tests[] = {
        ON(cut_from_a_set_calls_succeed, set_up),
        ON(cut_from_a_stand_alone_server_calls_fail_cleanly, set_up_standalone),
        ON(a_stalled_answer_ends_with_the_time_out, set_up),
        ON(a_server_that_is_gone_is_offline_and_comes_back, set_up),
        ON(a_dropped_idle_connection_is_not_noticed, set_up),
        ON(a_stream_in_small_pieces_is_the_same_stream, set_up),
    };
#undef ON

    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
