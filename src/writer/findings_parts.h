/* findings_parts.h - a search for findings on its way: for the files that each find some kinds. */
#ifndef STRATTIO_WRITER_FINDINGS_PARTS_H
#define STRATTIO_WRITER_FINDINGS_PARTS_H

#include <bson/bson.h>
#include <stdbool.h>
#include <stddef.h>

#include "expr/value.h"
#include "writer/writer.h"

struct search {
    const struct findings_input *in;
    const char *source;
    size_t len;
    char *prose;   /* a copy, with what is no prose made blank */
    double *known; /* numbers among the answers, and later in the model's own words */
    size_t known_count, known_cap;
    bool knows_model;
    bson_t *out;
    unsigned count;
};

/* Adds the bytes from `start` to `end` of the source. */
void search_add(struct search *s, const char *kind, size_t start, size_t end, const char *advice);
void search_blank(struct search *s, size_t start, size_t end); /* newlines stay */

/* Is it a number of the answers, or of the model's own words? */
bool search_knows(struct search *s, double value);

/* Is `text` among the answers or in the research pack, letter case and marks aside? */
bool search_said(const struct search *s, const char *text, size_t len);

/* What stands around the figure from `start` to `end`, value `v`, that is of another unit. */
void search_unit(struct search *s, const char *expr, const char *format, const struct value *v,
                 size_t start, size_t end);

/* Addresses, names of publishers and made-up marks that no source stands behind. */
void search_sources(struct search *s);

/* What the answers say otherwise: people, start, money asked for, form, place, prices. */
void search_facts(struct search *s);

#endif
