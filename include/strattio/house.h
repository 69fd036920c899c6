/* house.h - everything loaded once and read by all: questions, model declarations, rule packs,
 * templates. */
#ifndef STRATTIO_HOUSE_H
#define STRATTIO_HOUSE_H

#include "strattio/attr.h"

struct err;
struct house; /* immutable, any thread */
struct intake;
struct model_def;

/* Cheap: each part is read on first use. */
struct house *house_create(void);
void house_free(struct house *h);

/* Each loads its assets on the first call and fails as the loader does. Lent. Any thread. */
MUST_USE const struct intake *house_intake(struct house *h, struct err *err);
MUST_USE const struct model_def *house_model_def(struct house *h, struct err *err);

#endif
