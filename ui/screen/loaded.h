/* loaded.h - a plan with what screens show of it, read by the worker in one go. A snapshot:
 * nothing in it changes; it lives as long as somebody holds it. Main thread, once it has been
 * handed over. */
#ifndef STRATTIO_UI_LOADED_H
#define STRATTIO_UI_LOADED_H

#include <bson/bson.h>
#include <stdbool.h>

#include "strattio/attr.h"
#include "strattio/err.h"
#include "strattio/plan.h"
#include "strattio/section.h"

struct bench;
struct model;
struct scenarios;
struct screen;

enum {
    LOAD_SECTIONS = 1u << 0,
    LOAD_MODEL = 1u << 1,  /* from the answers as they are now */
    LOAD_REPORT = 1u << 2, /* the stored one, or one made for the occasion */
    LOAD_UNSAVED = 1u << 3, /* answers of an earlier session that the store did not take */
    LOAD_SCENARIOS = 1u << 4, /* which there are; with LOAD_MODEL */
};

struct loaded {
    int holders;
    struct plan plan;
    struct section sections[SECTION_COUNT];
    bool present[SECTION_COUNT];
    struct model *model;     /* NULL if it cannot be built: `model_err` says why */
    struct err model_err;
    bson_t *report;          /* compliance_reports.data, or NULL: `report_err` */
    bool report_stored;      /* else it was computed now, from a draft */
    struct err report_err;
    bool typed[SECTION_COUNT]; /* something typed into it is kept that is not saved yet */
    bool has_unsaved;
    struct plan unsaved_before, unsaved_ours; /* draft_journal.h */
    struct scenarios *scenarios; /* NULL without LOAD_SCENARIOS, or if they cannot be read */
    struct loaded *under;    /* the plan as it is, held, if `model` is that of a scenario; else NULL */
    char *scenario;          /* the name of that scenario; NULL for the plan as it is */
    char *scenario_label;
};

/* Reads the plan and the parts; `got` is called in the main thread unless `owner` has left.
 * What it is given is the receiver's to let go; NULL with the reason if the plan itself cannot
 * be read. */
void loaded_read(struct screen *owner, const char *plan_id, unsigned parts,
                 void (*got)(struct screen *owner, struct loaded *l, const struct err *err));

/* The plan of `l` under the scenario `name`, worked out by the worker without the store; "base" is the plan
 * as it is. `got` as above, NULL with the reason if the scenario does not run. `l` has LOAD_SCENARIOS. */
void loaded_read_under(struct screen *owner, struct loaded *l, const char *name,
                       void (*got)(struct screen *owner, struct loaded *l, const struct err *err));

/* The same in the calling thread, which must be the one the bench belongs to. NULL with the reason if the
 * plan itself cannot be read. */
MUST_USE struct loaded *loaded_now(const struct bench *bench, const char *plan_id, unsigned parts,
                                   struct err *err);

struct loaded *loaded_hold(struct loaded *l);
void loaded_let_go(struct loaded *l); /* accepts NULL */

#endif
