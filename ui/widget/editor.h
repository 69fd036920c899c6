/* editor.h - Markdown source being edited: the text with its undo, a cursor that stands between graphemes,
 * a selection, soft wrap, and figures shown as what they say: a figure is stepped over, erased and selected
 * as one. Knows nothing of plans, files or dialogs. */
#ifndef STRATTIO_UI_EDITOR_H
#define STRATTIO_UI_EDITOR_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"
#include "strattio/err.h"
#include "strattio/text.h"

#include "terminal/action.h"
#include "terminal/canvas.h"
#include "widget/editor_rows.h"

struct strbuf;

struct editor_figures;

struct editor {
    struct text *text; /* owned; lent to the owner for its journal */
    size_t cursor;     /* byte, between graphemes and never within a figure */
    size_t anchor;     /* the other end of the selection */
    bool selecting;    /* there is one, from anchor to cursor; may be empty */
    bool marking;      /* every motion extends it */
    int column;        /* the cell Up and Down aim for; -1 for where the cursor is */
    size_t top;        /* first row shown */
    struct editor_rows rows;
    struct strbuf
        *clip; /* what was cut or copied last; lent by the owner, who outlives the editor */

    /* What figure `source` ("{{...}}") says now, appended to `out`; false if there is no such figure. */
    bool (*figure_text)(void *arg, const char *source, size_t len, struct strbuf *out);
    /* Is this word spelt right? NULL: nobody looks. */
    bool (*spelt)(void *arg, const char *word, size_t len);
    void *arg;

    struct err err;    /* why the last change was refused; the owner tells it and clears it */
    const char *match; /* what a search looks for, marked where it is seen; NULL */
    struct editor_figures *known; /* what figures say */
    struct canvas area;
};

void editor_init(struct editor *e, struct strbuf *clip);
void editor_finish(struct editor *e);

/* Begins with a text that counts as saved. */
void editor_set(struct editor *e, const char *text, size_t len);

/* The owner changed `text` by itself (a journal was taken up): from the byte `from` on. */
void editor_changed(struct editor *e, size_t from);

/* Figures may say something else now: asks for all of them again. */
void editor_refresh(struct editor *e);

/* Keys (contexts EDITOR, TEXT and FIELD), typed text, pastes and the mouse. False if it is none of its own. */
bool editor_input(struct editor *e, const struct keymap *keys, const struct input_event *ev);
bool editor_act(struct editor *e, enum action a, bool extend);

void editor_draw(struct editor *e, const struct canvas *c, bool focus);

/* Puts the cursor at `at`, or after the figure or grapheme it lies in; ends selection and typing run. */
void editor_move_to(struct editor *e, size_t at);
void editor_select(struct editor *e, size_t from, size_t to);            /* cursor at `to` */
bool editor_selection(const struct editor *e, size_t *from, size_t *to); /* false if empty */

/* Replaces from..to by `with`, and puts the cursor after it. False, with `err` set, if the text grows too
 * long. */
bool editor_replace(struct editor *e, size_t from, size_t to, const char *with, size_t len,
                    enum text_unit unit);

bool editor_undo(struct editor *e, struct text_step *out);
bool editor_redo(struct editor *e, struct text_step *out);

/* The figure the cursor stands before, or NULL. */
const struct md_mark *editor_figure(const struct editor *e);

bool editor_align_table(struct editor *e); /* false if the cursor is in no table */

/* The next word from `from` on that is not spelt right, going round once; false if all are. */
bool editor_misspelt(const struct editor *e, size_t from, size_t *start, size_t *end);

#endif
