/* queue.h - messages from worker threads to one reader, with a file descriptor to poll. Ownership
 * of a message moves to the queue at queue_push() and to the reader at queue_pop(). */
#ifndef STRATTIO_QUEUE_H
#define STRATTIO_QUEUE_H

#include <stddef.h>

struct queue;

/* `drop` frees what is still queued at destroy; NULL means free(). Returns NULL if the process has
 * no file descriptor left. A message is never NULL. */
struct queue *queue_create(void (*drop)(void *message));
void queue_destroy(struct queue *q); /* accepts NULL; no thread may push any more */

void queue_push(struct queue *q, void *message); /* any thread; never blocks */
void *queue_pop(struct queue *q);                /* NULL if empty; the reader's thread */
void *queue_wait(struct queue *q,
                 int timeout_ms);    /* as pop, waiting at most so long; -1 for ever */
int queue_fd(const struct queue *q); /* readable while something is queued */

#endif
