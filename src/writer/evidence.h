/* evidence.h - the evidence of a research pack as a text cites it. */
#ifndef STRATTIO_WRITER_EVIDENCE_H
#define STRATTIO_WRITER_EVIDENCE_H

#include <bson/bson.h>
#include <stdbool.h>

struct strbuf;

/* Points `item` at the evidence called `id` that has a source other than the founder; false if
 * there is none. `research` (research_packs.data) may be NULL. */
bool evidence_citable(const bson_t *research, const char *id, bson_t *item);

/* Is it a fact, that is, can its source be looked up? */
bool evidence_is_fact(const bson_t *item);

/* "[^market_size]: ONS, Family spending, 1 June 2025, <https://...>" and a newline. */
void evidence_footnote(const bson_t *item, struct strbuf *out);

/* Appends the reference's citation of `item` under `key`: `sentence` is the text that cites it. */
void evidence_citation(const bson_t *item, const char *sentence, const char *key, bson_t *out);

#endif
