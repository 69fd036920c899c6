/* wording.h - phrases a sceptical reader stops at, as data (assets/prompts/wording.phrases), and where
 * a text has them. */
#ifndef STRATTIO_WRITER_WORDING_H
#define STRATTIO_WRITER_WORDING_H

#include <bson/bson.h>
#include <stddef.h>

#include "strattio/attr.h"

struct err;
struct wording; /* the phrases; immutable, any thread */

/* ERR_INVALID with file, line and column. */
MUST_USE struct wording *wording_load(struct err *err);
void wording_free(struct wording *w);

struct wording_text { /* all borrowed */
    const bson_t *intake;
    const bson_t *research; /* research_packs.data, or NULL */
    const char *source;
    const char *prose; /* the source with everything that is no prose blanked, of the same length */
    size_t len;
};

/* Calls `found` in the order of the text: "banned_phrase" for a phrase, "uncited_claim" for a sentence
 * that states a fact about the market, cites nothing and shows no figure, "unknown_citation" for a
 * publisher that is no source of this plan. What stands in an answer is the founder's own words and is
 * passed over. */
void wording_find(const struct wording *w, const struct wording_text *text,
                  void (*found)(void *context, const char *kind, size_t start, size_t end,
                                const char *advice),
                  void *context);

#endif
