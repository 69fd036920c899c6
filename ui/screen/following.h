/* following.h - a link or footnote, before one goes there: the whole address, what it is the
 * source of, and what can be done with it. Stands over the screen that shows the text. */
#ifndef STRATTIO_UI_FOLLOWING_H
#define STRATTIO_UI_FOLLOWING_H

#include <stddef.h>

struct app;

struct following_line {
    const char *word; /* "Address"; what stands before the text */
    const char *text;
};

enum { FOLLOWING_LINES = 8 };

struct following { /* texts are borrowed for the call */
    const char *title;
    struct following_line lines[FOLLOWING_LINES];
    size_t line_count;
    const char *url;       /* what is opened and copied; "" for none */
    const char *copy;      /* what is copied if there is no address */
    void (*go)(void *arg); /* to where it stands in the text; may be NULL */
    void *arg;
};

/* Adds a line unless `text` is NULL or empty. */
void following_add(struct following *f, const char *word, const char *text);

void following_show(struct app *app, const struct following *f);

#endif
