/* llm_draft.h - what a language model wrote, made into the source of a section. */
#ifndef STRATTIO_WRITER_LLM_DRAFT_H
#define STRATTIO_WRITER_LLM_DRAFT_H

#include <bson/bson.h>
#include <stdbool.h>

#include "strattio/attr.h"

struct draft_input;
struct err;
struct mask;
struct strbuf;

/* Appends to `source` the text without what models put around it: a fence around the whole, the
 * section's title, footnotes of their own. Masked words are themselves again, headings begin at
 * the third level, and the sources cited get their footnotes and their place in `citations`
 * (initialised by this call). ERR_LIMIT. */
MUST_USE bool llm_draft(const struct draft_input *in, const struct mask *mask, const char *text,
                        struct strbuf *source, bson_t *citations, struct err *err);

#endif
