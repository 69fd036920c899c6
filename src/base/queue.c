/* queue.c - messages from worker threads to one reader. A mutex guards a linked list; an eventfd
 * holds 1 while the list is not empty and 0 while it is, which makes it readable exactly then.
 * Both change under the mutex, so they never disagree. */
#include "strattio/queue.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "strattio/clock.h"
#include "strattio/mem.h"

struct link {
    struct link *next;
    void *message;
};

struct queue {
    pthread_mutex_t lock;
    struct link *first, **end; /* *end is where the next link goes */
    int fd;
    void (*drop)(void *message);
};

struct queue *queue_create(void (*drop)(void *message))
{
    int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    struct queue *q;

    if (fd < 0)
        return NULL;
    q = mem_zero(1, sizeof *q);
    pthread_mutex_init(&q->lock, NULL);
    q->end = &q->first;
    q->fd = fd;
    q->drop = drop ? drop : free;
    return q;
}

void queue_destroy(struct queue *q)
{
    void *message;

    if (!q)
        return;
    while ((message = queue_pop(q)))
        q->drop(message);
    close(q->fd);
    pthread_mutex_destroy(&q->lock);
    free(q);
}

void queue_push(struct queue *q, void *message)
{
    struct link *link = mem_zero(1, sizeof *link);

    link->message = message;
    pthread_mutex_lock(&q->lock);
    if (!q->first)
        eventfd_write(q->fd, 1);
    *q->end = link;
    q->end = &link->next;
    pthread_mutex_unlock(&q->lock);
}

void *queue_pop(struct queue *q)
{
    struct link *link;
    eventfd_t count;
    void *message = NULL;

    pthread_mutex_lock(&q->lock);
    link = q->first;
    if (link) {
        q->first = link->next;
        if (!q->first) {
            q->end = &q->first;
            eventfd_read(q->fd, &count);
        }
    }
    pthread_mutex_unlock(&q->lock);
    if (link)
        message = link->message;
    free(link);
    return message;
}

void *queue_wait(struct queue *q, int timeout_ms)
{
    int64_t until = clock_mono_ms() + timeout_ms;
    void *message;

    while (!(message = queue_pop(q))) {
        struct pollfd poll_fd = {.fd = q->fd, .events = POLLIN};
        int64_t left = timeout_ms < 0 ? -1 : until - clock_mono_ms();

        if (timeout_ms >= 0 && left <= 0)
            return NULL;
        if (poll(&poll_fd, 1, (int)left) < 0 && errno != EINTR)
            return NULL;
    }
    return message;
}

int queue_fd(const struct queue *q)
{
    return q->fd;
}
