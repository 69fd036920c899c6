/* quality.c - the score of a research pack. One table says what is worth how much; the score is
 * the sum of the lines that are earned, so that the explanation is the calculation. The points
 * of the table add up to 100. */
#include "research/quality.h"

#include <stdio.h>

#include "strattio/attr.h"
#include "strattio/strbuf.h"

struct line {
    const char *name;
    double points;
    const char *earned, *missing;                    /* why */
    double (*share)(const struct quality_input *in); /* 0..1 of the points */
};

static double at_least(enum quality_state state, enum quality_state wanted)
{
    return state >= wanted ? 1 : 0;
}

static double size_stated(const struct quality_input *in)
{
    return at_least(in->size, QUALITY_STATED);
}
static double size_sourced(const struct quality_input *in)
{
    return at_least(in->size, QUALITY_SOURCED);
}
static double size_fresh(const struct quality_input *in)
{
    return at_least(in->size, QUALITY_FRESH);
}
static double growth_stated(const struct quality_input *in)
{
    return at_least(in->growth, QUALITY_STATED);
}
static double growth_sourced(const struct quality_input *in)
{
    return at_least(in->growth, QUALITY_SOURCED);
}
static double growth_fresh(const struct quality_input *in)
{
    return at_least(in->growth, QUALITY_FRESH);
}
static double count_stated(const struct quality_input *in)
{
    return at_least(in->count, QUALITY_STATED);
}
static double count_sourced(const struct quality_input *in)
{
    return at_least(in->count, QUALITY_SOURCED);
}

static double thirds(unsigned n)
{
    return n >= 3 ? 1 : n / 3.0;
}
static double named(const struct quality_input *in)
{
    return thirds(in->competitors);
}
static double described(const struct quality_input *in)
{
    return thirds(in->competitors_described);
}
static double demand(const struct quality_input *in)
{
    return in->demand >= 2 ? 1 : in->demand / 2.0;
}

static const struct line table[] = {
    {"market_size", 10, "A market size is stated.", "No market size is stated.", size_stated},
    {"market_size_source", 15, "The market size has a source that can be looked up.",
     "The market size has no source with an address or a date.", size_sourced},
    {"market_size_age", 5, "The market size is recent.", "The market size is undated or old.",
     size_fresh},
    {"growth_rate", 8, "A growth rate is stated.", "No growth rate is stated.", growth_stated},
    {"growth_rate_source", 12, "The growth rate has a source that can be looked up.",
     "The growth rate has no source with an address or a date.", growth_sourced},
    {"growth_rate_age", 5, "The growth rate is recent.", "The growth rate is undated or old.",
     growth_fresh},
    {"competitors_named", 15, "Three or more competitors are named.",
     "Fewer than three competitors are named.", named},
    {"competitors_described", 12, "Three or more competitors are described.",
     "Fewer than three competitors are described by price, strength, weakness or address.",
     described},
    {"competitor_count", 3, "The number of competitors is stated.",
     "The number of competitors is not stated.", count_stated},
    {"competitor_count_source", 5, "The number of competitors has a source.",
     "The number of competitors has no source.", count_sourced},
    {"demand", 10, "Two or more kinds of contact with customers are reported.",
     "Fewer than two kinds of contact with customers are reported.", demand},
};

static void add_line(bson_t *lines, size_t i, const struct line *line, double share)
{
    char key[16];
    bson_t item;

    snprintf(key, sizeof key, "%zu", i);
    BSON_APPEND_DOCUMENT_BEGIN(lines, key, &item);
    BSON_APPEND_UTF8(&item, "line", line->name);
    BSON_APPEND_DOUBLE(&item, "points", line->points * share);
    BSON_APPEND_DOUBLE(&item, "of", line->points);
    BSON_APPEND_UTF8(&item, "why", share >= 1 ? line->earned : line->missing);
    bson_append_document_end(lines, &item);
}

/* Live research is said, not scored: figures of a country or an industry are no evidence for this
 * market. What of it is (a count of competitors) has earned its line above. */
static void add_live_line(bson_t *lines, size_t i, const struct quality_input *in)
{
    static const struct line live = {"official_statistics", 0, NULL, NULL, NULL};
    char why[120];
    struct line line = live;

    if (!in->live_facts && !in->live_failures)
        return;
    snprintf(why, sizeof why, "Live research found %u facts; %u questions failed.", in->live_facts,
             in->live_failures);
    line.earned = line.missing = why;
    add_line(lines, i, &line, 0);
}

double quality_score(const struct quality_input *in, bson_t *lines)
{
    double score = 0;

    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        double share = table[i].share(in);

        score += table[i].points * share;
        add_line(lines, i, &table[i], share);
    }
    add_live_line(lines, ARRAY_LEN(table), in);
    return score;
}
