/* research.h - the research pack of a plan. First cut: what the founder supplies, each item
 * with its source or marked as their own statement; everything else honestly missing. No
 * network. */
#ifndef STRATTIO_RESEARCH_RESEARCH_H
#define STRATTIO_RESEARCH_RESEARCH_H

#include <bson/bson.h>
#include <stdbool.h>
#include <stdint.h>

#include "strattio/attr.h"
#include "strattio/research_pack.h"

struct err;

/* Fills pack->data, quality_score, data_sources, missing_data, expires_at and metadata.quality
 * (how the score was made, line by line) from the answers; plan_id and ids are the caller's.
 * `pack` has been record_init()ed. `start_date` stands in for "today" where a datum's age
 * counts, so that no clock enters. Pure: same answers, same pack (data.created_at is set by the
 * caller). */
MUST_USE bool research_from_answers(const bson_t *intake, const char *start_date,
                                    struct research_pack *pack, struct err *err);

/* The same with what live research found (NULL for nothing): its facts are evidence, its failures
 * data.fetch_errors, its gaps and old figures beside those of the answers. What the founder states
 * is never replaced; a number of competitors nobody stated is taken from Companies House. */
struct live_result;
MUST_USE bool research_build(const bson_t *intake, const char *start_date,
                             const struct live_result *live, struct research_pack *pack,
                             struct err *err);

#endif
