/* form.h - a few fields, choices and buttons under each other, for the screens that are not made of
 * the intake's questions. What is wrong with a field stands under it. */
#ifndef STRATTIO_UI_FORM_H
#define STRATTIO_UI_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/intake.h" /* struct choice */

#include "terminal/action.h"
#include "terminal/canvas.h"
#include "widget/field.h"

struct app;

enum form_kind { FORM_TEXT, FORM_SECRET, FORM_CHOICE, FORM_BUTTON };

struct form_item {
    enum form_kind kind;
    const char *label;
    const char *help;  /* one sentence, shown while it has the focus; may be NULL */
    struct field field;            /* FORM_TEXT, FORM_SECRET */
    const struct choice *choices;  /* FORM_CHOICE: shown under each other */
    size_t choice_count, chosen;
    struct canvas area; /* where it was drawn last */
};

enum { FORM_MAX = 10 };

struct form {
    struct form_item items[FORM_MAX];
    size_t count, focus;
    bool busy; /* waiting for an answer: nothing can be changed */
};

void form_init(struct form *f);
void form_finish(struct form *f);

/* Each adds an item and returns its number. Texts and choices are borrowed. */
size_t form_text(struct form *f, const char *label, const char *help, const char *value);
size_t form_secret(struct form *f, const char *label, const char *help);
size_t form_choice(struct form *f, const char *label, const struct choice *choices, size_t count);
size_t form_button(struct form *f, const char *label, const char *help);

const char *form_value(const struct form *f, size_t item);
/* Says what is wrong with the item, and puts the focus there. */
void form_set_error(struct form *f, size_t item, const char *message);

void form_contexts(const struct form *f, struct contexts *cs);
/* Text, and the mouse: a click puts the focus there, a double click on a button presses it. */
bool form_input(struct form *f, struct app *app, const struct input_event *ev);

enum form_result {
    FORM_NOT_MINE,
    FORM_MOVED,
    FORM_PRESSED, /* the button that has the focus */
};
enum form_result form_act(struct form *f, enum action a);

/* Returns the rows it takes. */
int form_draw(struct form *f, const struct canvas *c);

#endif
