/* rerun.h - one model, computed again and again with other inputs. A rerun owns a copy of the
 * model's cells. It is told what will be changed and what will be read; from that it works out once
 * which lines, and which rows of them, lie between the two, and a run computes only those. Nothing
 * is allocated in a run. It belongs to one thread. */
#ifndef STRATTIO_FINANCE_RERUN_H
#define STRATTIO_FINANCE_RERUN_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"

#include "expr/num.h"

struct err;
struct model;
struct rerun;

MUST_USE struct rerun *rerun_create(const struct model *base); /* which must outlive it */
void rerun_free(struct rerun *r);

/* The model itself, now the caller's to model_free(); frees the rest. */
MUST_USE struct model *rerun_take(struct rerun *r);

/* As it is after the last run; lent. Only lines that were asked for are up to date. */
const struct model *rerun_model(const struct rerun *r);

/* What will be read. Of nothing named, everything is up to date after a run. */
void rerun_read(struct rerun *r, int line);

/* Puts everything back as it is in the base and forgets what was to be changed. */
void rerun_begin(struct rerun *r);

/* An input that will be changed. */
void rerun_vary(struct rerun *r, int line, size_t row);

/* To be called between the last rerun_vary() and the first rerun_set(). */
void rerun_ready(struct rerun *r);

/* The value of an input that varies: of one with months of all of them, or of one (from 1). */
void rerun_set(struct rerun *r, int line, size_t row, struct num value);
void rerun_set_month(struct rerun *r, int line, size_t row, int month, struct num value);

/* Computes what depends on it. ERR_LIMIT if a line leaves its range; the next run is none the
 * worse for it. */
MUST_USE bool rerun_run(struct rerun *r, struct err *err);

bool rerun_reaches(const struct rerun *r); /* does anything that is read depend on what varies? */

#endif
