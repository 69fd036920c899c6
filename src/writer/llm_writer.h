/* llm_writer.h - a language model as the settings name it. */
#ifndef STRATTIO_WRITER_LLM_WRITER_H
#define STRATTIO_WRITER_LLM_WRITER_H

#include "strattio/attr.h"
#include "strattio/writing.h"

#include "writer/llm.h"

/* As llm_open() fails. `w` is not WRITING_TEMPLATE. */
MUST_USE struct llm *writing_open(const struct writing *w, struct err *err);

/* What tokens cost at the prices of the settings; NAN if either is not known. */
double writing_cost(const struct writing *w, const struct llm_usage *usage);

#endif
