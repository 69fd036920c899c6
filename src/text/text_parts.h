/* text_parts.h - what the files of the text share. */
#ifndef STRATTIO_TEXT_PARTS_H
#define STRATTIO_TEXT_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "strattio/strbuf.h"
#include "strattio/text.h"

struct keep; /* an open journal, text_keep.c */

struct splice {
    uint32_t at, removed, inserted;
    uint32_t bytes; /* offset in `heap`: what was removed, then what was inserted */
    uint8_t unit;   /* enum text_unit */
    bool begins;    /* a unit */
};

enum { TEXT_RECENT = 64 };

struct text {
    struct strbuf bytes;
    struct strbuf heap; /* the bytes of all splices, in their order */
    struct splice *splices;
    size_t count, cap;
    size_t done;  /* splices that are in `bytes`; those behind were undone */
    size_t saved; /* the `done` the store holds; SIZE_MAX if that cannot be come back to */
    bool broken;  /* the next splice begins a unit */
    int depth;    /* of text_group() */
    int64_t last_ms;
    uint64_t version;
    uint32_t recent[TEXT_RECENT]; /* where version v changed, at v % TEXT_RECENT */
    struct keep *keep;            /* NULL without a journal */
};

/* The splice itself, once it is known whether it begins a unit. Same failures as text_splice(). */
bool text_add_splice(struct text *t, size_t at, size_t remove, const char *with, size_t len,
                     enum text_unit unit, bool begins, struct err *err);

/* ---- told by text.c to the journal, before `done` changes; `keep` may be NULL ---- */

void keep_splice(struct keep *k, const struct text *t, const struct splice *s);
/* The splices from..to (in this order, `to` not included) go back or forth. */
void keep_undo(struct keep *k, const struct text *t, size_t from, size_t to);
void keep_redo(struct keep *k, const struct text *t, size_t from, size_t to);
void keep_forgot(struct keep *k, size_t splices); /* the oldest are no longer in the list */
void keep_close(struct keep *k);

#endif
