/* event.h - what a run reports while it works: small messages through one queue. */
#ifndef STRATTIO_EVENT_H
#define STRATTIO_EVENT_H

#include <bson/bson.h>
#include <stdint.h>

#include "strattio/err.h"
#include "strattio/section.h"

enum event_kind {
    EVENT_STARTED,  /* a stage, or a section of the writing stage, began */
    EVENT_ADVANCED, /* done of total */
    EVENT_DELTA,    /* `text` was added to a section */
    EVENT_WARNING,  /* `text` says what; the run goes on */
    EVENT_DONE,     /* a stage or section ended; `text` sums it up; `reused` if it stood already */
    EVENT_FAILED,   /* of a stage: what went wrong; of the run (stage STAGE_RUN): last event */
    EVENT_FINISHED, /* of the run: last event */
};

enum stage { STAGE_RESEARCH, STAGE_VALIDATION, STAGE_FINANCE, STAGE_WRITING, STAGE_COMPLIANCE, STAGE_RUN };
enum { STAGE_COUNT = STAGE_RUN };

const char *stage_name(enum stage stage);  /* "research" */
const char *stage_title(enum stage stage); /* "Research" */
const char *event_kind_name(enum event_kind kind);

struct event { /* owned by whoever popped it: event_free() */
    enum event_kind kind;
    uint64_t seq;
    int64_t at; /* wall clock, ms */
    char plan_id[25];
    enum stage stage;
    enum section_type section; /* SECTION_COUNT when not of a section */
    int64_t done, total;
    char *text; /* may be NULL */
    bool reused;
    struct err err; /* EVENT_FAILED */
};

void event_free(struct event *e);

/* The event as the JSON line of `--progress json`, a document `out` initialised by this call. */
void event_to_doc(const struct event *e, bson_t *out);

#endif
