/* terminal.h - the terminal as one thing: device, frames, colours, capabilities. There is one; it
 * belongs to the main thread. The terminal is put back on every way out of the process: the
 * ordinary end, a signal, a hang-up, a crash, memory gone, suspension. */
#ifndef STRATTIO_UI_TERMINAL_H
#define STRATTIO_UI_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"

#include "terminal/canvas.h"
#include "terminal/theme.h"

struct err;
struct terminal;

enum ground { GROUND_UNKNOWN, GROUND_DARK, GROUND_LIGHT };

struct terminal_options {
    const char *color; /* "auto", "16", "256", "true", "never": the setting */
    bool mouse;
    const char *hyperlinks; /* "auto", "always", "never": the setting; NULL is "auto" */
    const char *title; /* shown by the terminal's window, or NULL */
};

/* Takes over the terminal of this process: raw mode, alternate screen, bracketed paste. ERR_UNSUPPORTED,
 * one plain sentence, if there is no terminal or it cannot place the cursor; it is then untouched. */
MUST_USE struct terminal *terminal_open(const struct terminal_options *options, struct err *err);

/* Puts the terminal back as it was. Accepts NULL. */
void terminal_close(struct terminal *t);

/* A new frame: an empty canvas of the whole screen. What is drawn is shown by terminal_end(), as one write
 * of what differs from the frame before. */
struct canvas terminal_begin(struct terminal *t);
void terminal_end(struct terminal *t);
void terminal_redraw(struct terminal *t); /* the next frame draws every cell anew (^L) */

int terminal_rows(const struct terminal *t);
int terminal_cols(const struct terminal *t);

void terminal_set_theme(struct terminal *t, const struct theme *theme);
/* As deep as the setting `color` says, as far as what was found at the start goes. */
void terminal_set_color(struct terminal *t, const char *color);
void terminal_set_mouse(struct terminal *t, bool on);
enum color_depth terminal_depth(const struct terminal *t);
bool terminal_utf8(const struct terminal *t);
/* Whether the terminal's own background is light: first by COLORFGBG, then as it answers (loop.h tells),
 * which may be late or never. */
enum ground terminal_ground(const struct terminal *t);
bool terminal_remote(const struct terminal *t); /* over SSH: fewer bytes, less motion */

/* Leaves the screen and stops this process group as ^Z does, and comes back when continued. */
void terminal_suspend(struct terminal *t);

/* Leaves the screen to run another program in it (an editor), and comes back. */
void terminal_leave(struct terminal *t);
void terminal_return(struct terminal *t);

/* Hands `text` to the terminal's clipboard (OSC 52). Whether it arrived cannot be known; false if it
 * is too long for terminals to take. */
bool terminal_copy(struct terminal *t, const char *text, size_t len);

#endif
