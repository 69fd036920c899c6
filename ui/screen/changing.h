/* changing.h - an input changed where it is felt: over a figure, the answers it hangs on; one of them
 * becomes a field, and while it is typed into, what it would make of the figure stands below. */
#ifndef STRATTIO_UI_CHANGING_H
#define STRATTIO_UI_CHANGING_H

struct app;
struct loaded;
struct model_input;

/* Offers the answers that the figure `name` hangs on; a message says so if there are none. The
 * screen below is shown() again when one was saved. `l` is held meanwhile. */
void changing_figure(struct app *app, struct loaded *l, const char *name);

/* Goes straight to one of them. */
void changing_input(struct app *app, struct loaded *l, const struct model_input *input);

#endif
