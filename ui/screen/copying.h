/* copying.h - text on its way out: to the terminal's clipboard, of which nobody can know whether it
 * arrived, or into a file. */
#ifndef STRATTIO_UI_COPYING_H
#define STRATTIO_UI_COPYING_H

#include <stddef.h>

#include "terminal/action.h"

struct app;

/* Sends it to the terminal and says so, and that `to_file` writes it to a file instead. `what` begins
 * the sentence: "The paragraph". */
void copying_send(struct app *app, const char *text, size_t len, const char *what,
                  enum action to_file);

/* Writes it to a new file in the folder the program was started in, and says where. */
void copying_write(struct app *app, const char *text, size_t len);

#endif
