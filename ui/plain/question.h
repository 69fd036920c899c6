/* question.h - one question asked in plain mode: what it is, what stands there, and lines until one will do
 * or the person goes elsewhere. */
#ifndef STRATTIO_UI_PLAIN_QUESTION_H
#define STRATTIO_UI_PLAIN_QUESTION_H

#include <stdbool.h>

struct draft;
struct plain;
struct question;

enum asked {
    ASKED_NEXT,     /* answered, or left as it was */
    ASKED_PREVIOUS, /* to the question before */
    ASKED_MENU,     /* to what else can be done; `command`, if there is one, at once */
    ASKED_TABLE,    /* it is a table, which is the caller's to open */
};

/* Asks for `path` of the draft and saves what was answered. `wrong` is what is wrong with what stands there,
 * or NULL. *command is set with ASKED_MENU to what was typed after a colon, the caller's to free, or NULL. */
enum asked question_ask(struct plain *p, struct draft *d, const struct question *q,
                        const char *path, bool required, const char *wrong, char **command);

/* Saves the draft; a failure is told. */
void question_save(struct plain *p, struct draft *d);

/* "an amount", "a date": what is to be typed, in words. */
const char *question_kind(const struct question *q);

#endif
