/* live.h - asks the sources that apply to a plan, all at once and until a deadline, and gives their
 * facts with where and when each was found. A source that fails is a line that says so and leaves
 * the others alone. */
#ifndef STRATTIO_RESEARCH_LIVE_H
#define STRATTIO_RESEARCH_LIVE_H

#include <bson/bson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "strattio/attr.h"

struct config;
struct err;
struct source_plan;

enum { LIVE_SOURCES = 16 };

struct live_settings {
    struct {
        bool on;
        char *url, *key;     /* NULL for the source's own, and for none */
    } sources[LIVE_SOURCES]; /* in the order of the table of sources */
    int deadline_ms;
    bool plain_http;
    char *ca_file; /* NULL for the system's */
};

/* As the settings have it; NULL: all off. ERR_INVALID names the setting that will not do. The caller
 * finishes it. */
MUST_USE bool live_settings_init(struct live_settings *s, const struct config *cfg,
                                 struct err *err);
void live_settings_finish(struct live_settings *s);
bool live_any(const struct live_settings *s); /* is any source on? */

enum live_mode {
    LIVE_CACHED,  /* no request is made: what is kept, however old */
    LIVE_FETCH,   /* what is kept and not expired, else asked for */
    LIVE_REFRESH, /* all is asked for again */
};

struct live_result {    /* initialised by live_research(), finished by the caller */
    bson_t facts;       /* array of evidence, as research packs have it */
    bson_t errors;      /* array of {source, question, url, message} */
    bson_t missing;     /* array of sentences: what was asked and not found, or not asked and why */
    bson_t stale;       /* array: what is old */
    bson_t names;       /* array: titles of the sources that gave a fact */
    int64_t expires_at; /* when the first answer does; RECORD_NONE if there is none */
    size_t requests;    /* made */
};

/* `start_year`, of the plan's start, says what is old. `go_on` (or NULL) is called ten times a second
 * and more while answers are waited for; when it fails all stops, and so does this, as it did: the
 * only failure. */
MUST_USE bool live_research(const struct live_settings *settings, const struct source_plan *plan,
                            enum live_mode mode, int start_year,
                            bool (*go_on)(void *arg, struct err *err), void *arg,
                            struct live_result *out, struct err *err);
void live_result_finish(struct live_result *r);

#endif
