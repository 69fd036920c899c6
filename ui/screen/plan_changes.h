/* plan_changes.h - what is done to one or many plans of a list: by the worker a few at a time, told
 * in one message, and taken back where that can be done. Main thread. */
#ifndef STRATTIO_UI_PLAN_CHANGES_H
#define STRATTIO_UI_PLAN_CHANGES_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"

struct app;
struct bench;
struct err;
struct screen;
struct undo;

enum plan_change {
    PLAN_CHANGE_ARCHIVE,
    PLAN_CHANGE_RESTORE,
    PLAN_CHANGE_RENAME,
    PLAN_CHANGE_DUPLICATE,
    PLAN_CHANGE_EXPORT, /* as Markdown, into the folder the program was started in */
    PLAN_CHANGE_DELETE,
};

struct plan_changes {
    struct screen *owner;
    void (*changed)(struct screen *owner); /* something may look different now */
    struct undo *undos;                    /* the newest last */
    size_t undo_count, undo_cap;
};

void plan_changes_init(struct plan_changes *c, struct screen *owner,
                       void (*changed)(struct screen *owner));
void plan_changes_finish(struct plan_changes *c);

struct plan_target { /* texts are borrowed for the call */
    const char *id, *name;
    const char *new_name; /* PLAN_CHANGE_RENAME */
};
void plan_changes_do(struct plan_changes *c, enum plan_change change,
                     const struct plan_target *targets, size_t count);

/* The change of one plan in the calling thread, without a message. `written` is where an export went, the
 * caller's to free; NULL for the others. Fails as what it does fails. */
MUST_USE bool plan_change_now(struct bench *bench, enum plan_change change,
                              const struct plan_target *target, char **written, struct err *err);
const char *
plan_change_told(enum plan_change change); /* "is in the archive; nothing of it is lost" */
/* "archived", told when it is taken back by *inverse; NULL if it cannot be. */
const char *plan_change_undone(enum plan_change change, enum plan_change *inverse);

bool plan_changes_can_undo(const struct plan_changes *c);
void plan_changes_undo(struct plan_changes *c); /* the newest that is left */

/* "Archive 3 plans?", and what becomes of them, their first names at its head; the caller's to
 * free. */
char *plan_changes_question(enum plan_change change, const struct plan_target *targets,
                            size_t count);
char *plan_changes_detail(enum plan_change change, const struct plan_target *targets, size_t count);
const char *plan_changes_verb(enum plan_change change);

#endif
