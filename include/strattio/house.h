/* house.h - everything loaded once and read by all: questions, model declarations, rule packs,
 * templates. */
#ifndef STRATTIO_HOUSE_H
#define STRATTIO_HOUSE_H

#include "strattio/attr.h"

struct config;
struct err;
struct house; /* any thread */
struct intake;
struct model_def;
struct writing;

/* Cheap: each part is read on first use. */
struct house *house_create(void);
void house_free(struct house *h);

/* The settings that hold from here on; borrowed until the next call or house_free(). Without any, sections
 * are written from templates. Accepts a NULL house. */
void house_use_config(struct house *h, const struct config *cfg);

/* The writer as the settings have it now; the caller frees it (writing_free). Fails as
 * writing_create() does. */
MUST_USE struct writing *house_writing(struct house *h, struct err *err);

/* Each loads its assets on the first call and fails as the loader does. Lent. Any thread. */
MUST_USE const struct intake *house_intake(struct house *h, struct err *err);
MUST_USE const struct model_def *house_model_def(struct house *h, struct err *err);

#endif
