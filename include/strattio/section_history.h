/* section_history.h - the texts a section has had: what the audit log keeps of each save, newest
 * first, and a new draft that waits beside the author's text. */
#ifndef STRATTIO_SECTION_HISTORY_H
#define STRATTIO_SECTION_HISTORY_H

#include <bson/bson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "strattio/attr.h"
#include "strattio/audit_log.h"
#include "strattio/ids.h"
#include "strattio/section.h"

struct actor;
struct err;
struct model;

enum section_change {
    SECTION_CHANGE_DRAFTED, /* the text before the first save */
    SECTION_CHANGE_EDITED,
    SECTION_CHANGE_RESTORED,
    SECTION_CHANGE_REGENERATED,
    SECTION_CHANGE_OFFERED, /* not the section's text: waiting to be taken or left */
};

struct section_entry {
    char id[ID_LEN + 1]; /* of the log; "original" where drafted, "offered" where offered */
    enum section_change change;
    enum section_type type;
    int64_t at;               /* RECORD_NONE where nothing says */
    char *who;                /* NULL where nobody did it: drafted, offered */
    char *reason;             /* of the log: "edit", "restore"; "first"; "offer" */
    enum audit_action action; /* of the log; none where nobody did it */
    bson_t *before, *after;   /* {content, source}: what it changed; `before` NULL for the first */
    int64_t words;            /* of `after` */
};

struct section_history {
    struct section_entry *entries;
    size_t count;
    char *next; /* cursor, NULL after the last page */
};

/* Fills *out (finish it) with the entries of `s`, or of every section of the plan where `s` is
 * NULL; at most about `limit` of them from cursor `after` on (NULL: the newest). A page may be
 * empty and yet not the last. The first page begins with drafts that wait; the last one of a
 * section ends with the text as it was drafted, if it was ever changed. */
MUST_USE bool section_history_read(struct actor *a, const char *plan_id, const struct section *s,
                                   const char *after, size_t limit, struct section_history *out,
                                   struct err *err);
void section_history_finish(struct section_history *h); /* accepts all zero */

/* The text of entry `id` of `s` ("original" is one), for section_restore(): initialised into
 * *value. ERR_NOT_FOUND. */
MUST_USE bool section_history_find(struct actor *a, const struct section *s, const char *id,
                                   bson_t *value, struct err *err);

/* `value` as it would read today, its figures as the model has them now (NULL: as it read then).
 * The caller frees it. */
char *section_history_text(const bson_t *value, const struct model *m);

/* Whether a new draft waits beside the author's text. */
bool section_history_offered(const struct section *s);

#endif
