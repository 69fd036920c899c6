/* eta.h - how long a run will still take, from what the same stages took on this computer before.
 * With fewer than two past runs of a stage that is still to come nothing is said; what is said is
 * put off once at most. */
#ifndef STRATTIO_UI_ETA_H
#define STRATTIO_UI_ETA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "strattio/event.h"

enum { ETA_KEPT = 9, ETA_LEAST = 2 };

struct eta_past { /* the last times of each stage that did work, oldest first */
    int64_t ms[STAGE_COUNT][ETA_KEPT];
    size_t count[STAGE_COUNT];
};

/* The file of it in the state folder; what cannot be read is no past. Any thread. */
void eta_past_read(struct eta_past *out);
void eta_past_write(const struct eta_past *past); /* a failure is logged and costs nothing else */
void eta_past_add(struct eta_past *past, enum stage stage, int64_t ms);

struct eta_stage {
    bool over, working;
    int64_t elapsed_ms; /* of a working one */
};
/* What is left of a run whose stages stand so, or -1 if the past does not say. */
int64_t eta_left(const struct eta_past *past, const struct eta_stage stages[STAGE_COUNT]);

struct eta { /* what was promised; all zero at first */
    bool known;
    bool put_off;   /* once already */
    int64_t end_ms; /* monotonic */
};
/* Takes note of a new estimate, `left_ms` from `now_ms`; -1 for none. */
void eta_see(struct eta *e, int64_t left_ms, int64_t now_ms);

/* What to say at `now_ms`: a time above 0, 0 for "longer than before", -1 for nothing. */
int64_t eta_told(const struct eta *e, int64_t now_ms);

#endif
