/* textbox.h - paragraphs being typed, wrapped at spaces. Up and Down go by rows as shown and remember
 * the column; newlines are the writer's own. */
#ifndef STRATTIO_UI_TEXTBOX_H
#define STRATTIO_UI_TEXTBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/strbuf.h"

#include "terminal/action.h"
#include "terminal/canvas.h"

enum { TEXTBOX_MAX_BYTES = 1024 * 1024 };

struct textbox {
    struct strbuf text;
    size_t cursor; /* byte, on a grapheme boundary */
    size_t top;    /* first row shown */
    int column;    /* the column Up and Down aim for; -1 for where the cursor is */
    int cols;      /* cells of the last drawing: what Up and Down go by */
    bool changed;
    char error[160];
    struct canvas area;
};

void textbox_init(struct textbox *b);
void textbox_finish(struct textbox *b);
void textbox_set(struct textbox *b, const char *text); /* cursor at the end */
const char *textbox_text(const struct textbox *b);
void textbox_set_error(struct textbox *b, const char *message);

/* As field_input(); Enter makes a new line, Tab and Esc are not its own. */
bool textbox_input(struct textbox *b, const struct keymap *keys, const struct input_event *ev);
void textbox_draw(struct textbox *b, const struct canvas *c, bool focus);

#endif
