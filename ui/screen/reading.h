/* reading.h - one section being read: its text bound to the model as it is now, under a head that says
 * what is wrong with the whole of it; what can be opened in it, searched for, copied out. */
#ifndef STRATTIO_UI_READING_H
#define STRATTIO_UI_READING_H

#include <stdbool.h>

#include "strattio/attr.h"
#include "strattio/section_view.h"

#include "terminal/action.h"
#include "terminal/canvas.h"
#include "widget/field.h"
#include "widget/page.h"

struct app;
struct err;
struct loaded;
struct section;
struct strbuf;

struct reading {
    struct app *app;
    struct loaded *l;              /* borrowed */
    const struct section *section; /* of it; NULL for none */
    struct section_view view;
    size_t shift; /* bytes of the page's text before the section's */
    struct page page;
    struct field search;
    bool searching;
    bool away; /* at a note that was gone to; `back` is the row to come back to */
    size_t back;
    char *copied; /* what was copied last; NULL for nothing */
};

void reading_init(struct reading *r, struct app *app);
void reading_finish(struct reading *r);

/* Shows `section` of `l`; its place is kept unless it is another section than before. As
 * section_view() fails. */
MUST_USE bool reading_set(struct reading *r, struct loaded *l, const struct section *section,
                          bool other, struct err *err);

void reading_contexts(const struct reading *r, struct contexts *cs);
bool reading_allowed(const struct reading *r, enum action a);
const char *reading_why_not(enum action a);
void reading_draw(struct reading *r, const struct canvas *c);
void reading_state(const struct reading *r, struct strbuf *out); /* what a search found */
bool reading_input(struct reading *r, const struct input_event *ev);
bool reading_act(struct reading *r, enum action a);

/* Takes back one thing: the search, the way to a note, what is selected. False if there is none. */
bool reading_back(struct reading *r);

/* The text under its title as the page has it; `shift` is what the title adds. The caller frees it. */
char *reading_text(const struct section_view *view, const char *title, size_t *shift);

#endif
