/* llm.h - questions to a language model, many at once, each answered piece by piece. What a later
 * try may mend is tried again before the first text came, never after: a text that was seen is
 * not taken back. One thread. */
#ifndef STRATTIO_WRITER_LLM_H
#define STRATTIO_WRITER_LLM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "strattio/attr.h"

#include "writer/llm_stream.h"

struct err;
struct http_options;
struct llm;

struct llm_server { /* strings are copied; the key is wiped when it is let go */
    enum llm_protocol_id protocol;
    const char *url; /* the base, as the protocol's users write it */
    const char *model;
    const char *key; /* NULL or "" for none */
    int connect_ms;  /* to be connected; 0 for 10 s */
    int first_ms;    /* to the first sign of an answer; 0 for 120 s */
    int silence_ms;  /* between signs; 0 for 60 s. A ping is no sign, thinking aloud is. */
};

/* As http_open() fails, and ERR_INVALID for a URL that will not do or a model that is not named. */
MUST_USE struct llm *llm_open(const struct llm_server *server, const struct http_options *http,
                              struct err *err);
void llm_close(struct llm *l); /* without a word to listeners; accepts NULL */

struct llm_answer {
    enum llm_end end;
    struct llm_usage usage; /* of all tries */
    struct err err; /* LLM_FAILED, and LLM_CUT if the line broke: ERR_OFFLINE, ERR_CANCELLED, or as
                       llm_error_of() says */
    int tries;
    int64_t ms, first_ms; /* of the last try: to its end, to its first text (-1: none came) */
};

struct llm_listener { /* called from llm_work() */
    void (*text)(void *arg, const char *text, size_t len);
    void (*retry)(void *arg, int64_t wait_ms, const struct err *why); /* may be NULL */
    void (*done)(void *arg, const struct llm_answer *answer);         /* exactly once, last */
    void *arg;
};

/* Begins; everything is copied. Fails only as http_start() does. */
MUST_USE bool llm_ask(struct llm *l, const struct llm_prompt *prompt,
                      const struct llm_listener *listener, struct err *err);

/* Ends all that is under way as ERR_CANCELLED, in the next llm_work(). */
void llm_cancel(struct llm *l);

/* Works until something happened or `timeout_ms` (-1: no end) have passed. */
MUST_USE bool llm_work(struct llm *l, int timeout_ms, struct err *err);
size_t llm_active(const struct llm *l);

#endif
