/* prompts.h - what a language model is told about each section: assets/prompts, and the brief
 * made of it for one plan. */
#ifndef STRATTIO_WRITER_PROMPTS_H
#define STRATTIO_WRITER_PROMPTS_H

#include <bson/bson.h>
#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"

#include "writer/mask.h"
#include "writer/writer.h"

struct err;
struct prompts; /* immutable, any thread */

/* ERR_INVALID with file, line and column. */
MUST_USE struct prompts *prompts_load(struct err *err);
void prompts_free(struct prompts *p);
const char *prompts_key(const struct prompts *p); /* a hash of the whole file */

/* What the section may be long, in words. */
void prompts_words(const struct prompts *p, enum section_type type, int *least, int *most);

struct brief_input { /* all borrowed */
    const struct draft_input *draft;
    const char *source;       /* the template's draft of the section, with its {{figures}} */
    const char *expectations; /* of the rule pack: lines of "- text", or "" */
    const char *instruction;  /* a wish: a rewrite of `current`; NULL for a first draft */
    const char *current;
    const struct mask *mask;
};

struct brief { /* what is sent, masked; finish it */
    char *system, *user;
};
MUST_USE bool brief_make(const struct prompts *p, const struct brief_input *in, struct brief *out,
                         struct err *err);
void brief_finish(struct brief *b);

/* `user` with the model's own `answer` and its findings (binder_findings) after it; the caller
 * frees it. */
char *brief_repair(const struct prompts *p, const char *user, const char *answer,
                   const bson_t *findings);

#endif
