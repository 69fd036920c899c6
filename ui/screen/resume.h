/* resume.h - coming back to where one was: kept in the state folder as the program ends, by hang-up too, for
 * each store and person; found again by the next start. What no longer exists is left out. */
#ifndef STRATTIO_UI_RESUME_H
#define STRATTIO_UI_RESUME_H

#include <stdbool.h>

struct app;
struct screen;

/* Main thread, while the stack still stands: keeps the places of its screens. Nothing is kept for somebody
 * who left from the list of plans: that is where everybody begins. */
void resume_keep(const struct app *app);

/* Main thread. Is something kept for who is signed in? */
bool resume_there(const struct app *app);

/* Reads what is kept and looks whether its plans still exist, in the worker; what was kept is dropped, so
 * that it is used once. `ready` gets it for the call, unless `owner` has left. */
struct resume;
void resume_read(struct screen *owner, void (*ready)(struct screen *owner, const struct resume *r));

/* Pushes the screens, the first on the list of plans, and says when they were left. */
void resume_show(struct app *app, const struct resume *r);

#endif
