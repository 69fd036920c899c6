/* editing.h - a section of a plan being edited: what the files editing*.c share. The text is the bound source,
 * so that its figures stay figures; what is typed is kept in a journal until the store has it. */
#ifndef STRATTIO_UI_EDITING_H
#define STRATTIO_UI_EDITING_H

#include <stdbool.h>
#include <stdint.h>

#include "strattio/err.h"
#include "strattio/section.h"
#include "strattio/strbuf.h"

#include "screen/screen.h"
#include "widget/editor.h"
#include "widget/field.h"
#include "widget/list.h"
#include "widget/page.h"
#include "widget/picker.h"

struct loaded;
struct difference;
struct figure_list;
struct save_job;
struct spelling;

enum editing_mode {
    EDITING_TEXT,
    EDITING_FIND,    /* a word to find is typed */
    EDITING_WITH,    /* and what to put in its place */
    EDITING_REPLACE, /* each is asked about */
    EDITING_PICK,    /* a figure is chosen */
    EDITING_SUGGEST, /* another spelling is chosen */
    EDITING_CHOOSE,  /* somebody else saved the section meanwhile */
    EDITING_PREVIEW,
    EDITING_DIFF,
};

enum { EDITING_NOTE = 160, EDITING_CHOICES = 4 };

struct editing {
    struct screen base;
    char *plan_id, *name;
    enum section_type type;
    struct loaded *l;
    struct err err; /* why there is nothing to edit */
    bool ready;     /* the text is in the editor */
    int64_t rev;    /* of the section as we read or saved it */
    char *saved;    /* the source of that revision */
    char *theirs;   /* what somebody else saved meanwhile; NULL */
    int64_t their_rev;
    struct editor editor;
    enum editing_mode mode;

    struct save_job *saving; /* the save under way, or NULL */
    bool leave_after;        /* the screen goes once it is done */
    int64_t saved_at;        /* 0: not in this session */
    bool kept;               /* there is a journal */
    int64_t waiting_since;   /* since when something waits for the journal; 0 for nothing */
    char note[EDITING_NOTE]; /* one line over the text: where unsaved text came from */
    size_t words;

    struct field find, with;
    size_t matches; /* of what is looked for, counted when it was typed last */
    bool replacing; /* what to put in their place is asked next */
    bool round; /* the end of the text was passed */
    size_t replaced;
    size_t from; /* where the search or the replacing began */

    struct figure_list *figures; /* to choose from; NULL until they are asked for */
    struct picker picker;
    size_t pick_from, pick_to; /* what the choice takes the place of */
    struct list choices;
    struct page page;              /* the preview */
    int64_t shown_at;              /* when the preview beside was made; 0: it must be made */
    struct list lines;             /* the difference */
    struct difference *difference; /* NULL until it is looked at */

    struct spelling *spelling; /* NULL: none */
    bool spelling_asked;       /* it has been sent for */
    struct err spell_err;      /* why there is none */
};

/* ---- editing_keep.c: the journal and the store ---- */

void editing_open(struct editing *self);  /* puts the section that was read in */
void editing_typed(struct editing *self); /* something changed: keep it soon */
void editing_flush(struct editing *self); /* now */
void editing_save(struct editing *self);
void editing_leave(struct editing *self);   /* lets go; deletes the journal if nothing is unsaved */
void editing_discard(struct editing *self); /* asks first */
/* Puts `text` in as one step, from the first to the last byte that differs. */
bool editing_rewrite(struct editing *self, const char *text);
void editing_choose(struct editing *self, size_t choice); /* of EDITING_CHOOSE */
extern const char *const editing_choice_words[EDITING_CHOICES];

/* Path of the journal of a section, or NULL without a state folder; the caller frees it. Any thread. */
char *editing_journal(const char *plan_id, enum section_type type, bool make);

/* Something typed into the section is kept there that the store does not have. Any thread. */
bool editing_kept(const char *plan_id, enum section_type type);

/* ---- editing_find.c ---- */

void editing_find(struct editing *self, bool replace); /* begins */
bool editing_find_input(struct editing *self, const struct input_event *ev);
bool editing_find_act(struct editing *self, enum action a);
void editing_find_draw(struct editing *self, const struct canvas *line);

/* ---- editing_figures.c ---- */

void editing_pick(struct editing *self, size_t from,
                  size_t to); /* the figure goes in the place of these */
bool editing_pick_input(struct editing *self, const struct input_event *ev);
void editing_pick_draw(struct editing *self, const struct canvas *body);
void editing_figures_finish(struct editing *self);
void editing_open_figure(struct editing *self);
bool editing_figure_text(void *arg, const char *source, size_t len, struct strbuf *out);

/* ---- editing_look.c ---- */

void editing_preview_draw(struct editing *self, const struct canvas *c);
void editing_diff(struct editing *self, const char *theirs); /* from `theirs` to what is there */
void editing_diff_draw(struct editing *self, const struct canvas *c);
void editing_look_finish(struct editing *self);

/* ---- editing_outside.c ---- */

void editing_outside(struct editing *self); /* in $EDITOR and back */

#endif
