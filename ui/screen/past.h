/* past.h - the worker's part of the history: reads a page of it, puts a text back, takes or
 * leaves a new draft. Main thread. */
#ifndef STRATTIO_UI_PAST_H
#define STRATTIO_UI_PAST_H

#include <bson/bson.h>
#include <stdint.h>

#include "strattio/section.h"
#include "strattio/section_history.h"

struct err;
struct loaded;
struct screen;

/* Reads the page from cursor `after` on (NULL: the newest), and the plan as it is now. `type`
 * SECTION_COUNT stands for all sections. What `got` is given is the receiver's to let go and
 * finish; `l` NULL with the reason if nothing can be read. */
void past_read(struct screen *owner, const char *plan_id, enum section_type type, const char *after,
               void (*got)(struct screen *owner, struct loaded *l, struct section_history *page,
                           const struct err *err));

enum past_change { PAST_RESTORE, PAST_TAKE, PAST_LEAVE };

/* Changes the text that was read at `rev`; `value`, what an entry keeps, is for PAST_RESTORE. It
 * is done even if the program is ending; `done` is told unless `owner` has left, `err` NULL if
 * it went well. */
void past_change(struct screen *owner, const char *plan_id, enum section_type type, int64_t rev,
                 enum past_change change, const bson_t *value,
                 void (*done)(struct screen *owner, enum past_change change,
                              const struct err *err));

#endif
