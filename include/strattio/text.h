/* text.h - a text being edited: one buffer of bytes and the list of splices that made it. The list
 * is undo and redo and, once text_keep() has opened it, the crash journal at once. Knows nothing of
 * screens. Offsets are bytes. It is UTF-8 without NUL if it was when it was created. A text belongs
 * to one thread. */
#ifndef STRATTIO_TEXT_H
#define STRATTIO_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "strattio/attr.h"

struct err;
struct text;

enum {
    TEXT_LIMIT_BYTES = 4 * 1024 * 1024,
    TEXT_UNDO_BYTES = 64 * 1024 * 1024, /* put in and taken out; past it undo forgets the oldest */
};

/* A text of `len` bytes (at most TEXT_LIMIT_BYTES; what is longer is cut at a character) that
 * counts as saved. */
MUST_USE struct text *text_create(const char *bytes, size_t len);
void text_destroy(struct text *t); /* accepts NULL; a journal with splices in it stays */

/* All of it, NUL-terminated; borrowed until the next change. */
const char *text_bytes(const struct text *t);
size_t text_len(const struct text *t);

/* What a splice was for: undo says it, and typing of one kind runs together into one unit. */
enum text_unit {
    TEXT_TYPED,
    TEXT_ERASED,
    TEXT_NEWLINE,
    TEXT_CUT,
    TEXT_PASTED,
    TEXT_REPLACED,  /* by search and replace: all between one text_group() and its end */
    TEXT_ALIGNED,   /* a table, a list */
    TEXT_FIGURE,    /* a figure put in */
    TEXT_REWRITTEN, /* by a writer or an outside editor */
    TEXT_UNIT_COUNT,
};

/* Replaces `remove` bytes at `at` by the `len` bytes at `with`, which may lie in the text itself.
 * `now_ms` is any steady clock: a typing run ends after a second of rest. With nothing changed:
 * ERR_LIMIT past TEXT_LIMIT_BYTES, ERR_INVALID if `with` is not UTF-8 or has a NUL, or an end lies
 * past the text or within a character. */
MUST_USE bool text_splice(struct text *t, size_t at, size_t remove, const char *with, size_t len,
                          enum text_unit unit, int64_t now_ms, struct err *err);

/* Ends the typing run: the next splice begins a unit of its own. After a jump of the cursor, a
 * save. */
void text_break(struct text *t);

/* Splices between the two are one unit, undone and redone as a whole. Calls nest. */
void text_group(struct text *t);
void text_group_end(struct text *t);

/* One unit back or forth. False if there is none. `out` (may be NULL) tells what it was and where
 * the cursor belongs: after what changed. Not between text_group() and its end. */
struct text_step {
    enum text_unit unit;
    size_t at;                /* of the first byte that changed */
    size_t inserted, removed; /* bytes of the unit as it was made */
    size_t cursor;
};
bool text_undo(struct text *t, struct text_step *out);
bool text_redo(struct text *t, struct text_step *out);

/* Something is there that the last text_saved() or text_create() did not hold. Undo back to it
 * counts as unchanged. */
bool text_changed(const struct text *t);
void text_saved(struct text *t); /* what it holds now is in the store; undo stays */

/* Grows with every change; lets a cache of rows or words tell whether it is stale. */
uint64_t text_version(const struct text *t);

/* The lowest offset that changed since text_version() was `since`, or SIZE_MAX if nothing has: what
 * lies before it is as it was. 0 when that is no longer known (some 64 changes later). */
size_t text_changed_from(const struct text *t, uint64_t since);

/* ---- the journal ---- */

/* Keeps every splice from here on in the file at `path` (0600), with `base`, the revision the
 * text was read at. Called once, before the first splice. If a journal of an earlier session is
 * there its splices are taken up first: the text comes back as unsaved edits, with undo, and
 * *found tells how many and when the last one was made. A damaged tail is dropped, the whole of
 * what is before it kept. One whose end is this very text was saved and is forgotten. `document`
 * says what it belongs to; a journal of another document, or made on another text than this one,
 * is moved aside to "PATH.aside" (never over an earlier one: then "PATH.aside-2", ...) and
 * *found says so; text_journal_end() reads it. On failure the text works on without: ERR_BUSY if
 * another process edits it with the same journal, ERR_IO (disk full, read-only), ERR_LIMIT. */
struct text_found {
    size_t splices; /* taken up, less those undone */
    int64_t at_ms;  /* of the last one, wall clock; 0 if none */
    int64_t base;   /* the revision they were made on, or the one given if there were none */
    bool set_aside;
};
MUST_USE bool text_keep(struct text *t, const char *path, const char *document, int64_t base,
                        struct text_found *found, struct err *err);

/* Writes what is waiting. The caller calls it when text_waiting() says there is something: at a
 * second of rest, every two seconds while typing, and at once before leaving or on a hang-up.
 * `sync` asks the disk, too. ERR_IO and ERR_LIMIT keep what is waiting for the next call. */
MUST_USE bool text_flush(struct text *t, bool sync, struct err *err);
bool text_waiting(const struct text *t); /* false without a journal */

/* After a save at revision `base`: the journal begins anew from there. Undo in memory stays. */
MUST_USE bool text_keep_from(struct text *t, int64_t base, struct err *err);

/* Ends the journal and deletes its file: nothing is unsaved, or it was thrown away. */
void text_keep_drop(struct text *t);

/* The text that the journal at `path` ends with, whatever it was made on: what was typed into one
 * that was set aside. The caller frees it. ERR_NOT_FOUND, ERR_INVALID if it is no journal or of
 * another document (NULL takes any), ERR_IO. */
MUST_USE char *text_journal_end(const char *path, const char *document, size_t *len,
                                struct err *err);

/* ---- search ---- */

/* The first place at or after `from` (at or before, with `backwards`) where `what` stands, or
 * SIZE_MAX; does not go round. Letters of `what` in lower case match both cases (ASCII and others
 * by simple folding). *len gets the bytes that match. */
size_t text_find(const struct text *t, const char *what, size_t from, bool backwards, size_t *len);

#endif
