/* source.h - the places facts come from, a row each. A source has questions; a question becomes a
 * request, and its answer becomes facts or the word that there are none. Nothing here opens a
 * connection, reads a clock or sees a key: live.c asks, caches, waits and gives the key. */
#ifndef STRATTIO_RESEARCH_SOURCE_H
#define STRATTIO_RESEARCH_SOURCE_H

#include <bson/bson.h>
#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"
#include "strattio/strbuf.h"

struct err;
struct source_question;

struct source_plan {      /* what questions are made of; borrowed */
    const char *country;  /* ISO 3166-1 alpha-2; "" if unknown */
    const char *town;     /* "" if not given */
    const char *sic;      /* UK SIC 2007, "56102,56101"; "" if unknown */
    const char *naics;    /* "722" or "44-45"; "" if unknown */
    const char *industry; /* for people: "Café or restaurant"; "" if unknown */
    int year;             /* the latest that can be asked for */
};

enum source_key { KEY_NONE, KEY_QUERY, KEY_USER, KEY_BODY }; /* how a key is sent */

struct source {
    const char *name;  /* in settings: "worldbank" */
    const char *title; /* in texts: "World Bank" */
    const char *attribution, *licence;
    const char *base;      /* the URL all requests begin with, unless a setting says otherwise */
    const char *countries; /* "GB US"; NULL for any */
    enum source_key key;
    const char *key_name; /* of the parameter or member; NULL for KEY_USER */
    bool key_needed;      /* else it only raises a limit */
    const char *none;     /* what an empty 404 stands for: no match; NULL if it is a failure */
    const struct source_question *questions; /* ends in a NULL id */
};

struct source_ask { /* a question put for a plan */
    const struct source *source;
    const struct source_question *question;
    const struct source_plan *plan;
    const char *base;
    bool keyed;         /* a key will be sent along */
    const char *follow; /* what the answer before this one named; NULL for the first request */
};

struct source_request { /* initialised by the caller, who finishes both */
    struct strbuf url;
    struct strbuf body; /* JSON of a POST; empty for a GET */
};

struct source_answer { /* of a success, in JSON as far as its first byte says */
    const char *body;
    size_t len;
};

enum source_end {
    SOURCE_FACTS,   /* facts were added */
    SOURCE_NOTHING, /* a full answer that there is nothing: no failure */
    SOURCE_MORE,    /* `follow` was set: ask again with it */
    SOURCE_WRONG,   /* not a full answer, or not to what was asked: err says why */
};

struct source_find {
    bson_t facts;         /* array; see source_add_fact() */
    struct strbuf follow; /* with SOURCE_MORE */
};

struct source_question {
    const char *id;    /* of the evidence, after the source's name: "gdp_growth" */
    const char *what;  /* "Growth of GDP": begins its text and its line in missing_data */
    const char *code;  /* the source's own code; NULL if it takes none */
    const char *unit;  /* "%"; NULL: the answer says */
    double multiplier; /* of the value in its unit: 1000 for thousands */
    int fresh_days;    /* how long an answer is used before it is asked again */
    /* False: the plan lacks what it takes; *lacks is what: "the town". */
    bool (*ask)(const struct source_ask *ask, struct source_request *out, const char **lacks);
    enum source_end (*read)(const struct source_ask *ask, const struct source_answer *answer,
                            struct source_find *out, struct err *err);
};

extern const struct source *const sources[]; /* ends in NULL */

/* Is this source for the plan's country? */
bool source_is_for(const struct source *s, const struct source_plan *plan);

/* ---- for the sources ------------------------------------------------------------------------- */

struct source_fact {
    const char *id;           /* NULL: the question's; else what follows it, as "2" */
    const char *text;         /* NULL: made of what, period, value and unit */
    const char *raw;          /* the value as the source wrote it */
    double value;             /* NaN for none */
    const char *unit;         /* NULL: the question's */
    const char *period;       /* "2023", "2024 Q2" */
    const char *status;       /* "p"; NULL or "" for none */
    const char *status_label; /* "provisional"; NULL if not said */
    const char *updated;      /* the source's own date; NULL if not said */
};

/* Adds a fact; what the source wrote is cleaned of control characters and cut. */
void source_add_fact(const struct source_ask *ask, const struct source_fact *fact,
                     struct source_find *out);

/* What `read` makes of the answer as a document, in which a top level that is an array comes under
 * "a"; SOURCE_WRONG if it is none. */
enum source_end source_read_doc(const struct source_ask *ask, const struct source_answer *answer,
                                enum source_end (*read)(const struct source_ask *ask,
                                                        const bson_t *doc, struct source_find *out,
                                                        struct err *err),
                                struct source_find *out, struct err *err);

/* SOURCE_WRONG with this reason. */
enum source_end source_wrong(struct err *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* A number as a source writes it: a number, or text of one. NaN for null, "" and all else. `raw`
 * gets how it was written. */
double source_number(const bson_iter_t *it, char raw[64]);

/* Appends text of a source on one line: control characters are blanks, at most `most` bytes. */
void source_clean(const char *text, size_t most, struct strbuf *out);

#endif
