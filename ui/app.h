/* app.h - what all screens share, and the stack they stand on. Belongs to the main thread. */
#ifndef STRATTIO_UI_APP_H
#define STRATTIO_UI_APP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "strattio/attr.h"
#include "strattio/strbuf.h"

#include "screen/screen.h"
#include "terminal/action.h"
#include "terminal/loop.h"
#include "terminal/terminal.h"
#include "terminal/theme.h"
#include "worker.h"

struct answer_past;
struct config;
struct err;
struct house;
struct messages;
struct queue;
struct runs;

/* What the main thread knows of the actor, copied from the worker's. */
struct session {
    bool open;         /* a store is open */
    bool signed_in;
    bool shared;
    char store[128];   /* "this computer", "host.example" */
    char name[128];    /* of the person */
    char key[33];      /* of store and person, for files that are theirs; "" while nobody is signed in */
    unsigned can;      /* 1u << capability (actor.h) */
};

struct toast {
    char text[256];
    unsigned style;
};

struct app {
    struct terminal *term;
    struct loop *loop;
    struct keymap *keys;
    struct theme theme;
    const struct config *config;
    struct house *house;  /* immutable: any thread */
    struct queue *events; /* of runs: struct event */
    struct worker *worker;
    struct worker *far;   /* of JOB_FAR jobs; NULL until there is one */
    struct runs *runs;    /* plans being written: runs.h. Told of each event before the screens are;
                             destroyed after the worker */
    struct session session;
    bool resumes;         /* the place one leaves from is kept for the next start */
    struct screen *top;
    struct strbuf clip;   /* what was cut or copied last, in any text */
    struct toast toast;   /* text "" when none is shown */
    struct messages *messages; /* all that was said: messages.h */
    struct answer_past *answers; /* changed in place, to be undone: screen/answer.h; NULL until one is */
    unsigned char by_name[ACTION_COUNT]; /* how often each was chosen by name; stops once its key is told */
    uint64_t frames;      /* drawn since the start, for the log */
};

/* Takes over the terminal and sets up everything but the first screen. `clear_bench` closes what jobs
 * left on the bench when the worker ends; may be NULL. ERR_UNSUPPORTED, one sentence, if there is no
 * terminal to work in. */
MUST_USE struct app *app_create(const struct config *config, struct house *house,
                                void (*clear_bench)(struct bench *bench), struct err *err);
void app_destroy(struct app *app); /* puts the terminal back first; accepts NULL */

/* Shows `first` and works until quit. Returns the exit code: 0, or 128 + n when ended by signal n.
 * ERR_... of the first screen's enter() comes back in `err` with exit code 1. */
int app_run(struct app *app, const struct screen_ops *first, const void *arg, struct err *err);

/* Puts a screen on top. If its enter() fails the stack is as before and the person reads why. */
bool app_push(struct app *app, const struct screen_ops *ops, const void *arg);
void app_pop(struct app *app, struct screen *s); /* `s` and all above it; the last one quits */
bool app_replace(struct app *app, struct screen *s, const struct screen_ops *ops, const void *arg);
void app_quit(struct app *app);

/* The work is done in the worker's thread; the job is the app's from here on. */
void app_submit(struct app *app, struct job *job);

/* Shows a theme without choosing it; NULL: the one of the settings again. */
void app_show_theme(struct app *app, const char *name);

/* `config`, which config_reload() made of the one in force, is in force from here on, and the app's. Theme,
 * colours and mouse follow at once; what is needed at the start waits for the next one. */
void app_adopt(struct app *app, struct config *config);

/* May anything on screen move by itself? */
bool app_moves(const struct app *app);

void app_dirty(struct app *app); /* draw again, though no input came */

/* Does `a` on the top screen as if its key had been pressed, though it was chosen by name; whoever does
 * that again and again is told the key. */
void app_act_by_name(struct app *app, enum action a);

/* Does `a` on the top screen as its key would, for what is clicked; says why if it does not work now. */
void app_act(struct app *app, enum action a);

/* Why `a` does nothing on the top screen now, one sentence; NULL if it works. */
const char *app_why_not(const struct app *app, enum action a);

/* A passing message: shown for some seconds or until the next key, and kept in the list of messages and the
 * log. The role of `style` is its severity: ROLE_OK done, ROLE_WARN note, ROLE_BAD error, else info. */
void app_toast(struct app *app, unsigned style, const char *fmt, ...) PRINTF_LIKE(3, 4);
void app_error(struct app *app, const struct err *err); /* as a toast, and in the log */

/* Asks before something is lost. `yes` is called if the person presses y; Enter, Esc and n leave all as
 * it is. `question` names the object: "Delete "Harbour Bakery"?". The texts are borrowed for the call. It
 * stands on top of the screen that asks, so `arg` may be that screen. */
struct confirm {
    const char *question;
    const char *detail; /* what is lost and what is kept; may be NULL */
    const char *verb;   /* "delete": what y does */
    void (*yes)(void *arg);
    void *arg;
};
void app_confirm(struct app *app, const struct confirm *confirm);

#endif
