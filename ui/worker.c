/* worker.c - one thread, one line of jobs. `line` is shared and under the lock; `all`, the jobs that are
 * not delivered yet, is the main thread's alone, and so is the question whether a job's owner still
 * wants it. Results come back through a queue the loop polls. */
#include "worker.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/queue.h"

struct worker {
    struct app *app;
    struct bench bench; /* the thread's */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct job *line, **line_end; /* waiting, under the lock */
    bool ending;                  /* under the lock */
    struct queue *results;
    struct job *all;
};

/* Waits for a job; NULL when the thread is to end. While ending, only saves are still done. */
static struct job *next_job(struct worker *w)
{
    struct job *job = NULL;

    pthread_mutex_lock(&w->lock);
    while (!w->line && !w->ending)
        pthread_cond_wait(&w->wake, &w->lock);
    job = w->line;
    if (job) {
        w->line = job->next;
        if (!w->line)
            w->line_end = &w->line;
    }
    pthread_mutex_unlock(&w->lock);
    return job;
}

static bool wanted(struct worker *w, const struct job *job)
{
    bool yes;

    pthread_mutex_lock(&w->lock);
    yes = (job->flags & JOB_MUST) || (!w->ending && !job->forgotten);
    pthread_mutex_unlock(&w->lock);
    return yes;
}

static void *work(void *arg)
{
    struct worker *w = arg;
    struct job *job;

    while ((job = next_job(w)) != NULL) {
        if (wanted(w, job))
            job->work(job, &w->bench);
        queue_push(w->results, job);
    }
    if (w->bench.clear)
        w->bench.clear(&w->bench);
    return NULL;
}

static void discard(struct job *job)
{
    if (job->discard)
        job->discard(job);
    else
        free(job);
}

static void keep_job(void *message)
{
    (void)message; /* worker_destroy() frees all jobs by its own list */
}

struct worker *worker_create(const struct bench *bench, struct app *app, struct err *err)
{
    struct worker *w = mem_zero(1, sizeof *w);
    sigset_t every, before;
    int failed;

    w->app = app;
    w->bench = *bench;
    w->line_end = &w->line;
    w->results = queue_create(keep_job);
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->wake, NULL);
    sigfillset(&every); /* signals are the main thread's */
    pthread_sigmask(SIG_SETMASK, &every, &before);
    failed = w->results ? pthread_create(&w->thread, NULL, work, w) : -1;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!failed)
        return w;
    err_set(err, ERR_IO, failed, "a thread for the store cannot be started");
    queue_destroy(w->results);
    free(w);
    return NULL;
}

void worker_destroy(struct worker *w)
{
    if (!w)
        return;
    __atomic_store_n(&w->bench.stop, true, __ATOMIC_RELEASE);
    pthread_mutex_lock(&w->lock);
    w->ending = true;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    while (w->all) {
        struct job *job = w->all;

        w->all = job->all;
        discard(job);
    }
    queue_destroy(w->results);
    pthread_cond_destroy(&w->wake);
    pthread_mutex_destroy(&w->lock);
    free(w);
}

void worker_submit(struct worker *w, struct job *job)
{
    job->all = w->all;
    w->all = job;
    job->next = NULL;
    pthread_mutex_lock(&w->lock);
    *w->line_end = job;
    w->line_end = &job->next;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
}

void worker_forget(struct worker *w, const struct screen *owner)
{
    pthread_mutex_lock(&w->lock);
    for (struct job *job = w->all; job; job = job->all)
        if (job->owner == owner)
            job->forgotten = true;
    pthread_mutex_unlock(&w->lock);
}

bool worker_idle(const struct worker *w)
{
    return !w->all;
}

int worker_fd(const struct worker *w)
{
    return queue_fd(w->results);
}

bool worker_deliver(struct worker *w)
{
    struct job *job = queue_pop(w->results);

    if (!job)
        return false;
    for (struct job **link = &w->all; *link; link = &(*link)->all)
        if (*link == job) {
            *link = job->all;
            break;
        }
    if (!job->forgotten && job->done)
        job->done(job, w->app);
    discard(job);
    return true;
}
