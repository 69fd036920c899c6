/* compliance.h - rule packs as data (assets/compliance/NAME.pack), and checking a plan against one.
 */
#ifndef STRATTIO_COMPLIANCE_COMPLIANCE_H
#define STRATTIO_COMPLIANCE_COMPLIANCE_H

#include <bson/bson.h>
#include <stdbool.h>

#include "strattio/attr.h"
#include "strattio/plan.h"
#include "strattio/section.h"

#include "asset/asset.h"

struct err;
struct intake;
struct model;
struct model_def;
struct strbuf;
struct packs; /* every pack, parsed; immutable, any thread */

MUST_USE struct packs *packs_load(struct err *err);
void packs_free(struct packs *p);

/* What a check looks at; all borrowed. */
struct compliance_input {
    const char *template_id; /* "UK_STARTUP_LOAN" */
    enum plan_purpose purpose;
    const struct intake *questions;
    const bson_t *intake;
    const struct model *model;
    const bson_t *research;         /* research_packs.data, or NULL */
    const struct section *sections; /* SECTION_COUNT of them, or NULL */
    const bool *present;
    const char *start_date;
    const char *as_of; /* "2026-11-24": the date rules are chosen by */
};

/* compliance_reports.data as the reference says (compliance_report_id and generated_at are the
 * caller's), with outcome, severity, fix, source, section on each check, `not_applicable`,
 * `blockers`, `disclaimer`. `out` is initialised by this call. ERR_NOT_FOUND for a template without
 * a pack. */
MUST_USE bool compliance_check(const struct packs *p, const struct compliance_input *in,
                               bson_t *out, struct err *err);

/* Where two answers, or an answer and the figures made of others, cannot both be true: an array, which
 * is initialised here, of {rule_id, name, message, suggestion, fix, severity "warning", outcome "fail",
 * places: [{path, label, value}, twice]}. The report has it as `contradictions`; it counts nothing. */
void contradictions_find(const struct compliance_input *in, bson_t *out);

/* The name of one by its id ("ANS-USES"), NULL if there is none. */
const char *contradiction_name(const char *id);

/* The text of a pack for its key: a hash of every rule in it. */
const char *packs_key(const struct packs *p, const char *template_id);

/* Appends a line "- NAME" for each rule of the pack that a text under `place` (a section's type)
 * would settle: what its reader will look for. Nothing for a template without a pack. */
void packs_expectations(const struct packs *p, const char *template_id, const char *place,
                        struct strbuf *out);

enum { PACK_FILE_LIMIT = 1 << 20 }; /* bytes */

/* Tells every mistake of a pack file, "NAME:LINE:COLUMN: ...", in the order of the file: lines that
 * do not read, names nobody knows, formats, places and packs that are not there, rules named twice,
 * cases that are no JSON. False only for what is no text at all; else *rules and *cases are how many
 * there are. */
struct pack_size {
    size_t rules, cases;
};
MUST_USE bool pack_lint(const char *name, const char *text, size_t len,
                        const struct intake *questions, const struct model_def *def,
                        asset_tell *tell, void *context, struct pack_size *size, struct err *err);

/* Runs the cases inside a pack file and tells each that fails, "NAME:LINE:COLUMN: ...". False for a
 * file that does not read, with its first mistake. */
MUST_USE bool pack_try(const char *name, const char *text, size_t len,
                       const struct intake *questions, const struct model_def *def,
                       asset_tell *tell, void *context, struct pack_size *size, struct err *err);

/* Runs the cases inside every pack against rules of their own, on `def`'s model. False with
 * ERR_INVALID naming pack, rule and case, what was expected and what came out; *count is how many
 * ran. */
MUST_USE bool packs_test(const struct packs *p, const struct intake *questions,
                         const struct model_def *def, size_t *count, struct err *err);

#endif
