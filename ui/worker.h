/* worker.h - the thread that waits so that the screen need not: it owns the store's connection and does
 * one job after the other. It opens the store, so it alone holds the actor. A job belongs to the worker from worker_submit() until its `done` is called
 * in the main thread. */
#ifndef STRATTIO_UI_WORKER_H
#define STRATTIO_UI_WORKER_H

#include <stdbool.h>

struct app;
struct err;
struct house;
struct job;
struct screen;
struct worker;

/* What only the worker's thread touches. A job may open or replace the actor. */
struct bench {
    struct actor *actor; /* NULL until a store is open */
    struct house *house;
    bool stop; /* read with __atomic by a job that waits long: the program is ending */
    void (*clear)(struct bench *bench); /* closes what is here, at the end; may be NULL */
};

enum {
    JOB_MUST = 1u << 0, /* a save: done even when the program is ending */
    JOB_FAR = 1u << 1,  /* waits for another machine than the store's: done on a thread apart, where no
                           save waits behind it, and without an actor */
};

struct job { /* first member of a job's own struct */
    void (*work)(struct job *job, struct bench *bench);
    void (*done)(struct job *job, struct app *app); /* main thread; not called once `owner` has left */
    void (*discard)(struct job *job); /* frees it: after `done`, or instead; main thread; NULL: free() */
    struct screen *owner; /* NULL if it is nobody's in particular */
    unsigned flags;
    struct job *next, *all; /* the worker's own */
    bool forgotten;         /* the worker's own */
};

/* `app` is what `done` gets. NULL with ERR_IO if no thread can be had. */
struct worker *worker_create(const struct bench *bench, struct app *app, struct err *err);

/* Does what is left of the JOB_MUST jobs, discards the others, ends the thread, clears the bench. */
void worker_destroy(struct worker *w); /* accepts NULL */

void worker_submit(struct worker *w, struct job *job);
void worker_forget(struct worker *w, const struct screen *owner); /* it leaves: no `done` for it */
bool worker_idle(const struct worker *w); /* nothing under way: no job between submit and done */

int worker_fd(const struct worker *w);
bool worker_deliver(struct worker *w); /* one finished job; false if there was none */

#endif
