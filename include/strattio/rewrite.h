/* rewrite.h - one section and a language model: what would be sent, and a text changed as its
 * author wishes. The writer is the one of the settings (house_use_config). */
#ifndef STRATTIO_REWRITE_H
#define STRATTIO_REWRITE_H

#include <stdbool.h>

#include "strattio/attr.h"
#include "strattio/section.h"

struct actor;
struct err;
struct house;
struct queue;
struct strbuf;

enum { WISH_MAX = 2000 }; /* bytes */

/* Appends exactly what would be sent for the section, private words masked: what the system
 * says, and what the user does. With a `wish` what a rewrite sends (ERR_NOT_FOUND if there is no
 * text yet), without (NULL) what a first draft does. Asks no server, and nothing is stored. */
MUST_USE bool section_prompt(struct actor *a, struct house *h, const char *plan_id,
                             enum section_type type, const char *wish, struct strbuf *system,
                             struct strbuf *user, struct err *err);

/* Has the model change the text as `wish` says ("shorter", "for a bank manager"). The new text
 * takes the place of the old one, which stays in the history; what the user edited stays, and
 * the new text is offered beside it (*offered). Events go to `events` (may be NULL). Waits for
 * the server, so it is work for a thread; ERR_CANCELLED once `stop` (may be NULL; read with
 * __atomic) is true, and then, as after every failure, the text is as it was. ERR_INVALID if the
 * settings name no model, or for an empty or too long wish. */
MUST_USE bool section_rewrite(struct actor *a, struct house *h, const char *plan_id,
                              enum section_type type, const char *wish, struct queue *events,
                              const bool *stop, bool *offered, struct err *err);

#endif
