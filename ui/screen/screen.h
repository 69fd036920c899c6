/* screen.h - what one screen is to the app: a row of functions. Each file of ui/screen/ holds one; its
 * struct begins with a struct screen. All slots but `name`, `size` and `draw` may be NULL. Everything runs in the
 * main thread and must not wait for disk or network: that is what app_submit() is for. */
#ifndef STRATTIO_UI_SCREEN_H
#define STRATTIO_UI_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"

#include "terminal/action.h"
#include "terminal/canvas.h"
#include "terminal/input.h"

struct app;
struct err;
struct event;
struct places;
struct strbuf;

struct screen {
    const struct screen_ops *ops;
    struct app *app;
    struct screen *below;
};

enum { SCREEN_OVERLAY = 1u << 0 /* the screen below is drawn first */ };

struct screen_ops {
    const char *name; /* for the log and `open PLAN PLACE` */
    size_t size;      /* of its struct, which arrives all zero but for `struct screen` */
    unsigned flags;

    /* Sets it up; `arg` is what app_push() got, borrowed for the call. On failure the screen is not pushed, and
     * leave() is not called. */
    bool (*enter)(struct screen *s, const void *arg, struct err *err);
    void (*leave)(struct screen *s);  /* gives everything back; the struct itself is freed after */
    void (*shown)(struct screen *s);  /* on top again: what lay above is gone */
    /* Everything unsaved goes to the journal now: the terminal is gone or the program is told to
     * end. Called for every screen on the stack before leave(). */
    void (*rescue)(struct screen *s);

    void (*contexts)(const struct screen *s, struct contexts *cs); /* innermost first, without APP */
    bool (*allowed)(const struct screen *s, enum action a); /* works now; NULL: all do */
    /* Why allowed() says no, one sentence: "Nothing is written yet."; NULL for none of its own. */
    const char *(*why_not)(const struct screen *s, enum action a);
    void (*crumb)(const struct screen *s, struct strbuf *out); /* its part of the breadcrumb */
    void (*state)(const struct screen *s, struct strbuf *out); /* the right end of the header */
    void (*draw)(struct screen *s, const struct canvas *body);

    /* Sees input before keys become actions: for fields that are being typed into. True if used. */
    bool (*input)(struct screen *s, const struct input_event *ev);
    bool (*act)(struct screen *s, enum action a); /* false: not here; the app then tries */
    void (*event)(struct screen *s, const struct event *e); /* of any run; borrowed */

    /* The places the palette can lead to from here, by places_add(), and the way to one of them. Asked
     * of every screen on the stack; what lies above the one that goes is closed before. */
    void (*places)(const struct screen *s, struct places *out);
    void (*go)(struct screen *s, const char *place);

    /* Where one is, for the next start: appends the plan's id, and to `place` what enter() takes as
     * the place in it. Without this, or of no plan, a screen is not come back to. */
    void (*where)(const struct screen *s, struct strbuf *plan_id, struct strbuf *place);
};

/* Adds a place: `label` is its name, `help` one sentence, `place` what go() takes. Copied. */
void places_add(struct places *out, const char *label, const char *help, const char *place);

#endif
