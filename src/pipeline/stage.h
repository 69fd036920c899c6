/* stage.h - the five stages of a plan. A stage turns what it reads into one child document (or
 * nine), under a key made from exactly what it reads; the same key finds the same output standing.
 *
 *     answers ─► research ─► validation ─► finance ─► writing ─► compliance
 *
 * A `struct making` carries one plan through them; with a lease it is a generation, without one it
 * brings an existing plan up to date after a changed answer or an edited section. */
#ifndef STRATTIO_PIPELINE_STAGE_H
#define STRATTIO_PIPELINE_STAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "strattio/attr.h"
#include "strattio/event.h"
#include "strattio/ids.h"
#include "strattio/plan.h"
#include "strattio/section.h"

#include "account/plan_write.h"
#include "research/live.h"

struct actor;
struct house;
struct model;
struct queue;
struct remedy;
struct run_redo;

struct making {
    struct actor *actor;
    struct house *house;
    struct queue *events;         /* NULL: nobody listens */
    struct plan_lease *lease;     /* NULL: bringing up to date */
    const struct run_redo *redo;  /* NULL: what stands is kept */
    enum live_mode research_mode; /* whether sources are asked; only a run and a command do */
    const bool *cancelled;        /* set from another thread with __atomic; NULL: never */
    uint64_t seq;
    struct plan plan;
    char start_date[16]; /* fixed at creation */
    char as_of[16];      /* date the rules are chosen by: application date or creation */

    struct research_pack research; /* filled by the stages as they go, or from the store */
    bool has_research;
    struct financial_model stored_model;
    bool has_model;
    struct model *model;
    bson_t model_data;
    char figures_key[SHA_HEX_LEN + 1]; /* of model_data */
    struct section sections[SECTION_COUNT];
    bool present[SECTION_COUNT];
    struct compliance_report report;
    bool has_report;
    bson_t warning_list; /* array of sentences */

    int written;        /* sections of this run that are done */
    const char *writer; /* of this run: "template", "openai" */
    bson_t usage;       /* of a language model in this run: calls, tokens_in, tokens_out, cost */
};

/* `plan` moves into the making. making_finish() frees everything but what it borrows. */
void making_init(struct making *mk, struct actor *actor, struct house *house, struct plan *plan);
void making_finish(struct making *mk);

/* Reads the children that exist, so that keys can be compared. */
MUST_USE bool making_load(struct making *mk, struct err *err);

/* Each does its stage and says in *reused whether what was stored stood. `note` is one short line
 * of what there is now ("60 months"), the caller's to free. */
struct stage_result {
    bool reused;
    char *note;
    char key[SHA_HEX_LEN + 1];
};
MUST_USE bool stage_research(struct making *mk, struct stage_result *r, struct err *err);
MUST_USE bool stage_validation(struct making *mk, struct stage_result *r, struct err *err);
MUST_USE bool stage_finance(struct making *mk, struct stage_result *r, struct err *err);
MUST_USE bool stage_writing(struct making *mk, struct stage_result *r, struct err *err);
/* The report's data as it would be now, initialised into `out`; nothing is stored. */
MUST_USE bool making_check(struct making *mk, bson_t *out, struct err *err);
/* What would make one of its rules pass. */
MUST_USE bool making_remedy(struct making *mk, const char *rule_id, struct remedy *out,
                            struct err *err);
MUST_USE bool stage_compliance(struct making *mk, struct stage_result *r, struct err *err);

/* Renders sources again where the figures moved, and marks sections whose answers moved as stale.
 */
MUST_USE bool stage_figures(struct making *mk, struct err *err);

/* Rendered text, findings, word count and keys of a section from its metadata.source. */
MUST_USE bool section_render(struct making *mk, struct section *s, struct err *err);

/* What is wrong in `source`, a text of the section `type`, as section_findings() fills it. On failure
 * `findings` is untouched. */
MUST_USE bool section_find(struct making *mk, enum section_type type, const bson_t *citations,
                           const char *source, bson_t *findings, struct err *err);

/* The key of `parts`: SHA-256 over their BSON with keys sorted; and is it the one stored under
 * `name`? */
void key_of(const bson_t *parts, char out[SHA_HEX_LEN + 1]);
bool key_matches(const bson_t *metadata, const char *name, const char *key);

/* What the list of plans shows: score, status of the report, failed, blockers, unbound, stale. */
void making_summary(const struct making *mk, bson_t *out); /* initialises `out` */

/* Tells whoever listens; `text` may be NULL and is copied. */
void making_tell(struct making *mk, enum event_kind kind, enum stage stage,
                 enum section_type section, int64_t done, int64_t total, const char *text);
void making_tell_done(struct making *mk, enum stage stage, enum section_type section, bool reused,
                      const char *text);

/* False with ERR_CANCELLED once the run was cancelled, or as plan_lease_renew() fails. */
MUST_USE bool making_go_on(struct making *mk, struct err *err);

#endif
