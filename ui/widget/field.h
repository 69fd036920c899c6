/* field.h - one line of text being typed. The cursor stands between graphemes; what was typed is kept as it
 * is, right or wrong; a wrong field says why in the line under it. Longer text scrolls sideways. */
#ifndef STRATTIO_UI_FIELD_H
#define STRATTIO_UI_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/strbuf.h"

#include "terminal/action.h"
#include "terminal/canvas.h"

enum { FIELD_MAX_BYTES = 4096 };

struct field {
    struct strbuf text;
    size_t cursor; /* byte, always on a grapheme boundary */
    int scroll;    /* cells cut off on the left */
    bool secret;   /* shown as dots */
    bool changed;  /* by the person, since field_set() */
    const char *placeholder; /* shown faint while empty; borrowed; may be NULL */
    char error[160]; /* what is wrong, one sentence; "" for nothing */
    struct canvas area;
};

void field_init(struct field *f, const char *placeholder);
void field_finish(struct field *f); /* accepts all zero; a secret is wiped */

void field_set(struct field *f, const char *text); /* cursor at the end, error cleared */
const char *field_text(const struct field *f);
void field_set_error(struct field *f, const char *message); /* NULL or "" clears it */

/* Typed text, pastes (newlines become spaces) and the keys of CONTEXT_FIELD. False for what is not
 * its own, Enter, Tab and Esc among them. A change clears the error. */
bool field_input(struct field *f, const struct keymap *keys, const struct input_event *ev);

/* One line; a second for the error is drawn if there is one and the canvas has the room. With
 * `focus` the cursor is parked in it. */
void field_draw(struct field *f, const struct canvas *c, bool focus);

#endif
