/* sheet.h - questions as rows to fill in: label, value, and under a wrong one what is wrong.
 * The row with the focus is edited in place: a line, a box of lines, a list to pick from,
 * several to mark. An answer is judged when its row is left, never while it is typed. */
#ifndef STRATTIO_UI_SHEET_H
#define STRATTIO_UI_SHEET_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/intake.h"

#include "screen/draft.h"
#include "terminal/action.h"
#include "terminal/canvas.h"
#include "widget/field.h"
#include "widget/list.h"
#include "widget/picker.h"
#include "widget/textbox.h"

enum sheet_kind {
    SHEET_QUESTION,
    SHEET_HEADING, /* a word above rows */
    SHEET_PROBLEM, /* something missing or wrong elsewhere: opens its row */
    SHEET_BUTTON,
};

struct sheet_row {
    enum sheet_kind kind;
    const struct question *question;
    char *path;     /* "products.0.price"; of a problem, where it is; of a button, its name */
    char *label;    /* what stands there, if it is no question's */
    int indent;
    bool required;
    bool locked;    /* follows from other answers: `error` says from which */
    char error[248];
};

enum sheet_mode { SHEET_ROWS, SHEET_PICKING, SHEET_MARKING };

struct sheet {
    struct draft *draft;
    const struct keymap *keys;
    struct sheet_row *rows;
    size_t count, cap;
    size_t focus;
    int scroll; /* lines cut off above */
    enum sheet_mode mode;
    struct field field;     /* of the row with the focus, if it is a line */
    struct textbox box;     /* if it is several */
    struct picker picker;
    struct list marks;
    bool *marked;
    bool keeping; /* what is typed is kept when the timer is due */
    void (*build)(void *arg, struct sheet *s); /* adds the rows; called anew after each answer */
    void *arg;
    struct canvas area;
};

void sheet_init(struct sheet *s, struct draft *draft, const struct keymap *keys,
                void (*build)(void *arg, struct sheet *s), void *arg);
void sheet_finish(struct sheet *s); /* accepts all zero */

/* For `build`. */
void sheet_add_question(struct sheet *s, const struct question *q, const char *path, int indent);
void sheet_add_heading(struct sheet *s, const char *label);
void sheet_add_problem(struct sheet *s, const char *path, const char *label);
void sheet_add_button(struct sheet *s, const char *name, const char *label);

/* Builds the rows anew; the focus stays on its row if that is still there. */
void sheet_rebuild(struct sheet *s);

/* Puts the focus on the row of `path`, or on the one it is part of; false if there is none. */
bool sheet_go(struct sheet *s, const char *path);
void sheet_go_end(struct sheet *s, bool last); /* to the first or last row that can have it */

/* The row with the focus; NULL if there is none. */
const struct sheet_row *sheet_row(const struct sheet *s);

/* Takes what is typed as the answer of its row. */
void sheet_commit(struct sheet *s);
/* Keeps what is typed, right or wrong, without judging it. */
void sheet_keep(struct sheet *s);

void sheet_contexts(const struct sheet *s, struct contexts *cs);
bool sheet_input(struct sheet *s, const struct input_event *ev);

enum sheet_result {
    SHEET_NOT_MINE,
    SHEET_USED,
    SHEET_BEFORE, /* the focus wants to leave upwards */
    SHEET_AFTER,  /* and downwards */
    SHEET_OPEN,   /* sheet_row() is to be opened: a table, a problem, a button */
};
enum sheet_result sheet_act(struct sheet *s, enum action a);

void sheet_draw(struct sheet *s, const struct canvas *c);

/* Draws the open choices over the whole screen; nothing if there are none. */
void sheet_edit_draw(struct sheet *s, const struct canvas *body);

#endif
