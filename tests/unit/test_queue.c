/* Messages arrive once and in the order of each sender; the descriptor is readable exactly while
 * something is queued. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "strattio/clock.h"
#include "strattio/mem.h"
#include "strattio/queue.h"

enum { SENDERS = 4, MESSAGES = 5000 };

struct message {
    int sender, number;
};

static bool readable(const struct queue *q)
{
    struct pollfd fd = {.fd = queue_fd(q), .events = POLLIN};

    return poll(&fd, 1, 0) == 1;
}

static void push_number(struct queue *q, int number)
{
    struct message message = {.number = number};

    queue_push(q, mem_copy(&message, sizeof message));
}

static void expect_number(struct message *message, int number)
{
    assert_non_null(message);
    assert_int_equal(message->number, number);
    free(message);
}

static void messages_leave_in_the_order_they_came(void **state)
{
    struct queue *q = queue_create(NULL);

    (void)state;
    assert_null(queue_pop(q));
    assert_false(readable(q));
    push_number(q, 1);
    push_number(q, 2);
    assert_true(readable(q));
    expect_number(queue_pop(q), 1);
    assert_true(readable(q));
    push_number(q, 3);
    expect_number(queue_pop(q), 2);
    expect_number(queue_pop(q), 3);
    assert_false(readable(q));
    assert_null(queue_pop(q));
    push_number(q, 4);
    assert_true(readable(q));
    queue_destroy(q); /* frees what is left */
    queue_destroy(NULL);
}

static int dropped;

static void count_drop(void *message)
{
    dropped++;
    free(message);
}

static void what_is_left_is_dropped(void **state)
{
    struct queue *q = queue_create(count_drop);

    (void)state;
    dropped = 0;
    push_number(q, 1);
    push_number(q, 2);
    free(queue_pop(q));
    queue_destroy(q);
    assert_int_equal(dropped, 1);
}

static void waiting_ends_at_its_time(void **state)
{
    struct queue *q = queue_create(NULL);
    int64_t start = clock_mono_ms();

    (void)state;
    assert_null(queue_wait(q, 0));
    assert_null(queue_wait(q, 30));
    assert_true(clock_mono_ms() - start >= 30);
    push_number(q, 1);
    expect_number(queue_wait(q, 0), 1);
    queue_destroy(q);
}

struct sender {
    struct queue *q;
    int number;
};

static void *send_many(void *arg)
{
    const struct sender *self = arg;

    for (int i = 0; i < MESSAGES; i++) {
        struct message message = {.sender = self->number, .number = i};

        queue_push(self->q, mem_copy(&message, sizeof message));
    }
    return NULL;
}

static void many_senders_lose_and_double_nothing(void **state)
{
    struct queue *q = queue_create(NULL);
    struct sender senders[SENDERS];
    pthread_t threads[SENDERS];
    int next[SENDERS] = {0};

    (void)state;
    for (int i = 0; i < SENDERS; i++) {
        senders[i] = (struct sender){.q = q, .number = i};
        assert_int_equal(pthread_create(&threads[i], NULL, send_many, &senders[i]), 0);
    }
    for (int i = 0; i < SENDERS * MESSAGES; i++) {
        struct message *message = queue_wait(q, 60000);

        assert_non_null(message);
        assert_int_equal(message->number, next[message->sender]++);
        free(message);
    }
    for (int i = 0; i < SENDERS; i++)
        pthread_join(threads[i], NULL);
    assert_null(queue_pop(q));
    assert_false(readable(q));
    queue_destroy(q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_leave_in_the_order_they_came),
        cmocka_unit_test(what_is_left_is_dropped),
        cmocka_unit_test(waiting_ends_at_its_time),
        cmocka_unit_test(many_senders_lose_and_double_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
