/* commands.h - what can be done in plain mode, as one table: a row feeds the dispatch, the numbered menu of
 * `?`, and says for which actions of the screens it stands. An action without a command has its reason in a
 * second table; one that is in neither is a fault, which a test finds. */
#ifndef STRATTIO_UI_PLAIN_COMMANDS_H
#define STRATTIO_UI_PLAIN_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>

#include "terminal/action.h"

struct room;

enum plain_place {
    PLAIN_STORE, /* that could not be opened */
    PLAIN_WELCOME,
    PLAIN_SIGN_IN,
    PLAIN_PLANS,
    PLAIN_ANSWERS,
    PLAIN_ROWS,
    PLAIN_PLAN,
    PLAIN_SECTION,
    PLAIN_FINANCIALS,
    PLAIN_INPUTS,
    PLAIN_ASKING, /* questions to the figures */
    PLAIN_CHECKLIST,
    PLAIN_FIGURE,
    PLAIN_EDITING,
    PLAIN_HISTORY,
    PLAIN_EXPORTS,
    PLAIN_SETTINGS,
    PLAIN_QUESTION, /* a question is being asked: words, which talk of the answer */
    PLAIN_WRITING,  /* a plan is being written: words, on a terminal only */
    PLAIN_EVERYWHERE,
    PLAIN_PLACE_COUNT,
};

enum { PLAIN_STANDS_FOR = 6 };

struct plain_command {
    enum plain_place place;
    const char *name;    /* the word that is typed */
    const char *operand; /* what comes after it, in capitals; "[X]" if it may be left out; NULL */
    const char *help;    /* one sentence */
    void (*run)(struct room *r,
                const char *operand);      /* operand "" if left out; NULL: the place reads it */
    enum action actions[PLAIN_STANDS_FOR]; /* of the screens; ACTION_NONE after the last */
};

extern const struct plain_command plain_commands[]; /* ends in a NULL name */

/* The command that stands for an action of the screens; NULL if none does. */
const struct plain_command *plain_command_of(enum action a);

/* Why an action has no meaning in linear text; NULL if it has a command. */
const char *plain_reason(enum action a);

/* The i-th command of a place, those of everywhere after its own; NULL past the last. */
const struct plain_command *plain_command_at(enum plain_place place, size_t i);

#endif
