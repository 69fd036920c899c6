/* session.h - what the main thread may know of the actor, taken in the worker's thread and put into
 * the app when the job is done. */
#ifndef STRATTIO_UI_SESSION_H
#define STRATTIO_UI_SESSION_H

#include <stdbool.h>

#include "app.h"

struct actor;

/* Worker's thread. `actor` may be NULL: then nothing is open. */
void session_note(struct session *out, const struct actor *actor);

/* The screen that fits: welcome, sign-in or plans. */
const struct screen_ops *session_screen(const struct session *s);

bool session_can_see_months(const struct session *s);    /* beyond the preview of the figures */
bool session_can_see_checklist(const struct session *s); /* beyond the preview of the report */

#endif
