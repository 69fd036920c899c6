/* carry.h - the style one frame leaves to the next. ncurses ends each frame by setting the terminal's
 * style back to normal and begins the next by setting it again: fifteen bytes around each letter
 * typed into a field. Here the end is held back, and if the next frame begins with the very style that
 * is still on, neither is sent. Pure. Private to ui/terminal. */
#ifndef STRATTIO_UI_CARRY_H
#define STRATTIO_UI_CARRY_H

#include <stdbool.h>
#include <stddef.h>

struct strbuf;

enum { CARRY_RESET = 16, CARRY_STYLE = 96 };

struct carry {
    char reset[CARRY_RESET]; /* what a frame ends with: the terminal's sgr0; "" to carry nothing */
    char style[CARRY_STYLE]; /* what made the style that is on, from normal */
    size_t len;
    bool held; /* the reset of the frame before was not sent */
};

void carry_init(struct carry *c, const char *reset);
void carry_forget(struct carry *c); /* something else has set the style back to normal */

/* Appends a frame to `out`, with the reset held back before it where that must be made up for. */
void carry_frame(struct carry *c, const char *frame, size_t len, struct strbuf *out);

#endif
