/* quality.h - how far a research pack can be relied on, as points out of 100. Each line of the
 * table earns its points or does not; nothing is weighed by hand. */
#ifndef STRATTIO_RESEARCH_QUALITY_H
#define STRATTIO_RESEARCH_QUALITY_H

#include <bson/bson.h>

#include "strattio/attr.h"

/* What a pack holds, as far as the score reads it. "Sourced" is a named source with a URL or a
 * date; "fresh" is a date that is not stale. The founder's own statement is neither. */
enum quality_state { QUALITY_ABSENT, QUALITY_STATED, QUALITY_SOURCED, QUALITY_FRESH };

struct quality_input {
    enum quality_state size, growth, count;
    unsigned competitors; /* named */
    unsigned
        competitors_described; /* with a price, a strength, a weakness or an address of their own */
    unsigned live_facts, live_failures; /* of live research */
    unsigned demand;           /* kinds of contact with customers that the founder reports */
};

/* The score, 0 to 100, and the lines it is the sum of: an array of {line, points, of, why},
 * appended to `lines`, which the caller has initialised. */
double quality_score(const struct quality_input *in, bson_t *lines);

#endif
