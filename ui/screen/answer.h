/* answer.h - one answer changed from outside the questions: at a figure, in the list of inputs, by a
 * line of plain text. It goes to the store the way the wizard's answers go, but knows what it
 * replaces: if that was changed elsewhere meanwhile, nothing is saved before the person has seen it. */
#ifndef STRATTIO_UI_ANSWER_H
#define STRATTIO_UI_ANSWER_H

#include <stdbool.h>

#include "strattio/attr.h"
#include "strattio/ids.h"

struct answer_past; /* changes of this session, to be undone */
struct app;
struct bench;
struct err;
struct intake;
struct plan;
struct screen;

struct answer_change {
    char plan_id[ID_LEN + 1];
    char *path;  /* "products.0.price" */
    char *typed; /* what it is to be; "" takes it away */
    char *seen;  /* what it was when it was read, as it is typed again */
    char *row;   /* the first column of its row then; "" outside tables */
    char *label; /* "Price (Sourdough loaf)": what a message calls it */
};

enum answer_outcome {
    ANSWER_SAVED,
    ANSWER_ELSEWHERE, /* it is another by now: nothing was saved, and `err` says what it is */
    ANSWER_KEPT,      /* the store did not take it; the next who opens the answers finds it */
    ANSWER_WRONG,     /* it does not parse any more, or `err` says what else is wrong */
};

/* Does the answer follow from others, so that neither what it says nor nothing may be typed? */
bool answer_follows(const struct intake *questions, const struct plan *plan, const char *path);

/* A change of what the plan says now. answer_change_finish() it. */
void answer_change_init(struct answer_change *c, const struct intake *questions,
                        const struct plan *plan, const char *path, const char *typed,
                        const char *label);
void answer_change_finish(struct answer_change *c); /* accepts all zero */

/* Saves it, in the thread the bench belongs to. With `anyway` whatever stands there now is
 * replaced. Once saved, *undo is the change that takes it back. */
enum answer_outcome answer_save_now(const struct bench *bench, const struct answer_change *c,
                                    bool anyway, struct answer_change *undo, struct err *err);

/* The same by the worker; the change is taken over. What it came to is told to `got` unless `owner`
 * has left; a saved one can be undone. */
void answer_save(struct screen *owner, struct answer_change *c, bool anyway,
                 void (*got)(struct screen *owner, enum answer_outcome outcome,
                             const struct err *err));

/* Keeps what is being typed beside the answers, unjudged, or forgets it if `c->typed` is "": a
 * program that dies in the middle of a field loses a second of it. Takes the change over. `kept` is
 * called once it is in the store, unless `owner` has left; it may be NULL. */
void answer_keep(struct app *app, struct answer_change *c, struct screen *owner,
                 void (*kept)(struct screen *owner));

/* What is kept so of `path`, or NULL. Borrowed from the plan. */
const char *answer_kept(const struct plan *plan, const char *path);

/* Takes back the last change of the plan made in this session and says what came of it; false if
 * there is none. `got` as in answer_save(). */
bool answer_undo(struct screen *owner, const char *plan_id,
                 void (*got)(struct screen *owner, enum answer_outcome outcome,
                             const struct err *err));
bool answer_past_has(const struct app *app, const char *plan_id);
void answer_past_free(struct answer_past *past); /* accepts NULL */

#endif
