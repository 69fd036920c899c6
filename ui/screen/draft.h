/* draft.h - a plan whose answers are being changed, and their way to the store. Answers are
 * set here at once and saved by the worker, one save at a time; text that does not parse yet
 * is kept beside the answers (plans.metadata.typed). Whatever somebody else saved meanwhile is
 * merged, field by field. */
#ifndef STRATTIO_UI_DRAFT_H
#define STRATTIO_UI_DRAFT_H

#include <stdbool.h>
#include <stdint.h>

#include "strattio/attr.h"
#include "strattio/err.h"
#include "strattio/plan.h"

struct app;
struct bench;
struct draft_keeper; /* what the jobs under way share with the draft */
struct intake;
struct loaded;
struct pasted;
struct question;
struct strbuf;

struct draft {
    struct app *app; /* NULL: saved by draft_save_now() alone */
    const struct intake *questions;
    struct plan plan;  /* as it is on screen */
    struct plan saved; /* as the store has it, as far as we know */
    bool open;         /* a plan is in it */
    bool changed;      /* `plan` holds what no save has taken yet */
    bool saving;
    int64_t saved_at;           /* of the last save of this session; 0 if there was none */
    struct err err;             /* why the last save failed; ERR_NONE if it did not */
    void (*settled)(void *arg); /* everything is in the store; may be NULL */
    void *arg;
    struct draft_keeper *keeper;
};

void draft_init(struct draft *d, struct app *app, const struct intake *questions);

/* Puts a copy of the plan in (LOAD_UNSAVED), and takes up what an earlier session could not
 * save. */
void draft_open(struct draft *d, const struct loaded *l);

/* Sends what is unsaved on its way and lets go: the save is done even if the program is ending. */
void draft_finish(struct draft *d); /* accepts all zero */

/* Sets the answer under `path` from what was typed (intake_set). If it does not parse the text
 * is kept as typed and `err` says why. */
MUST_USE bool draft_set(struct draft *d, const char *path, const char *typed, struct err *err);

/* The same without setting or keeping anything: is it right? */
MUST_USE bool draft_judge(const struct draft *d, const char *path, const char *typed,
                          struct err *err);

/* What stands under `path`, as it is typed again and as it is shown; is there anything? */
void draft_text(const struct draft *d, const char *path, struct strbuf *out);
void draft_shown(const struct draft *d, const char *path, struct strbuf *out);
bool draft_answered(const struct draft *d, const char *path);

/* Is the answer one that follows from others? Then neither what it says nor nothing may be typed. */
bool draft_locked(const struct draft *d, const struct question *q, const char *path);

/* Keeps text under `path` that nobody has judged yet. */
void draft_keep(struct draft *d, const char *path, const char *typed);

/* The text kept under `path`, or NULL. Borrowed until the next change. */
const char *draft_typed(const struct draft *d, const char *path);

/* Any text kept under `path` or below it, or anywhere if it is NULL? */
bool draft_has_typed(const struct draft *d, const char *path);

/* Takes row `row` out of a table, with what is kept of it. */
void draft_remove_row(struct draft *d, const char *table, size_t row);

/* Adds a row like `row` behind the last, with what is kept of it; fails as intake_copy_row() does. */
MUST_USE bool draft_copy_row(struct draft *d, const char *table, size_t row, struct err *err);

/* Changes places with the row above or below, with what is kept of both. */
void draft_move_row(struct draft *d, const char *table, size_t row, bool down);

/* Adds rows from lines with tabs between the cells; a cell that does not parse is kept as it is.
 * Fails as intake_paste() does. Finish *out. */
MUST_USE bool draft_paste(struct draft *d, const struct question *table, const char *text,
                          struct pasted *out, struct err *err);

/* Where the person is: remembered with the next save. */
void draft_set_place(struct draft *d, const char *path);
const char *draft_place(const struct draft *d); /* NULL if none is remembered */

void draft_save(struct draft *d); /* if something changed */

/* The same in the calling thread, for a draft without an app. On failure what is unsaved waits in the
 * journal, and `err` says why. */
MUST_USE bool draft_save_now(struct draft *d, struct bench *bench, struct err *err);

/* "draft saved 14:02:11", "saving", "not saved" */
void draft_state(const struct draft *d, struct strbuf *out);

#endif
