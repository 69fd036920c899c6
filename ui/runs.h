/* runs.h - the plans being written. A run belongs to the app, not to the screen that shows it:
 * leaving the screen leaves it running, leaving the program stops it. What its events said is
 * kept here, so that a screen that comes back shows the same. Main thread, but for the job
 * that starts a run. */
#ifndef STRATTIO_UI_RUNS_H
#define STRATTIO_UI_RUNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "strattio/err.h"
#include "strattio/event.h"
#include "strattio/ids.h"
#include "strattio/strbuf.h"

#include "eta.h"

struct app;
struct run;
struct run_redo;
struct runs;

enum progress { PROGRESS_WAITING, PROGRESS_WORKING, PROGRESS_DONE, PROGRESS_FAILED };

struct run_step {        /* a stage, or one section of the writing stage */
    enum progress progress;
    int64_t began_ms, ms; /* monotonic start; how long it took once done */
    int64_t done, total;  /* as far as it says; 0 of 0 if it does not */
    bool reused;          /* stood from an earlier run */
    char note[120];       /* "60 months" */
};

struct run_view {
    char plan_id[ID_LEN + 1];
    struct run *run;      /* NULL until it has started and once it is over */
    enum progress progress;
    bool cancelled;       /* asked to stop */
    int64_t began_ms, ms;
    struct run_step stages[STAGE_COUNT];
    struct run_step sections[SECTION_COUNT];
    struct strbuf texts[SECTION_COUNT]; /* as far as it is written */
    size_t warnings;
    struct eta eta;       /* of what is left */
    struct err err;       /* of PROGRESS_FAILED */
};

struct runs *runs_create(void);
void runs_destroy(struct runs *r); /* cancels and waits; accepts NULL */

/* Starts writing a plan in the worker; the view says how it goes, a failure to start included. */
void runs_start(struct app *app, const char *plan_id);

/* The same, but `redo` (plan_run.h) is made anew; NULL for nothing. */
void runs_start_redo(struct app *app, const char *plan_id, const struct run_redo *redo);

/* A run of the plan begins: its view is empty and working. runs_start() does this itself. */
const struct run_view *runs_begin(struct runs *r, const char *plan_id, int64_t now_ms);
void runs_cancel(struct runs *r, const char *plan_id);

/* The latest run of this program on the plan; NULL if there was none. Lent until runs_destroy(). */
const struct run_view *runs_find(const struct runs *r, const char *plan_id);
size_t runs_working(const struct runs *r); /* how many are under way */

/* Takes note of an event; call it before the screens see it. Times are monotonic. */
void runs_event(struct runs *r, const struct event *e, int64_t now_ms);

#endif
