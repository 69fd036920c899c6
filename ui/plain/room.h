/* room.h - a place of plain mode: it tells what there is, asks what to do, does it, and asks again. What can
 * be done there are rows of the table in commands.h; what is there (plans, sections, lines of a statement)
 * has numbers, and a number alone chooses. */
#ifndef STRATTIO_UI_PLAIN_ROOM_H
#define STRATTIO_UI_PLAIN_ROOM_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/err.h"

#include "plain/commands.h"
#include "plain/talk.h"
#include "screen/session.h"
#include "worker.h"

struct config;
struct house;
struct intake;

struct plain {                   /* the whole of it: what every room needs */
    const struct config *config; /* in force */
    struct config *fresh;        /* the same, if a setting was changed here; else NULL */
    struct bench bench;          /* actor and house */
    struct session session;
    struct talk *talk;
    bool leaving; /* the person asked to */
};

struct room { /* first member of a room's own struct */
    struct plain *p;
    enum plain_place place;
    const char *prompt;                            /* "Plans" */
    size_t things;                                 /* what is there, numbered from 1 */
    void (*read)(struct room *r);                  /* anew, from the store; may be NULL */
    void (*tell)(struct room *r);                  /* says what is there */
    void (*choose)(struct room *r, size_t i);      /* thing i, from 0; NULL if there are none */
    const char *(*name)(struct room *r, size_t i); /* of thing i, to be chosen by; may be NULL */
    bool left;                                     /* set to leave */
};

/* Tells and asks until the person leaves or it is over. */
void room_stay(struct room *r);
void room_wait(struct room *r); /* the same, without telling first */

/* The person is here again: reads anew and says where they are, in one line. */
void room_back(struct room *r);

/* Does what a line says, as if it had been typed here; `line` is changed. */
void room_do(struct room *r, char *line);

/* The thing `word` means: its number, its name or the beginning of one. False, having said why, if it is
 * none or several. An empty word is asked about with `question`. */
bool room_thing(struct room *r, const char *word, const char *question, size_t *out);

bool plain_over(const struct plain *p); /* leaving, or no more input */

/* Says why something failed, and notes it in the log. */
void plain_error(struct plain *p, const struct err *err);

/* Tells Markdown as lines to be listened to. */
void plain_tell_text(struct plain *p, const char *text, size_t len);

/* Tells where two texts differ, word by word; `against` says what the old one is. */
void plain_tell_changes(struct plain *p, const char *against, const char *old, const char *now);

/* Asks a question that only "yes" in full, or `word` if it is not NULL, answers with yes. */
bool plain_confirm(struct plain *p, const char *question, const char *word);

/* `text` without blanks at its ends; in place. */
char *plain_trim(char *text);

#endif
