/* writing.h - who writes the sections, as the settings say: the templates of this program, which
 * need nothing, or a language model on a server. */
#ifndef STRATTIO_WRITING_H
#define STRATTIO_WRITING_H

#include <stdbool.h>

#include "strattio/attr.h"

struct config;
struct err;
struct strbuf;

enum writing_by { WRITING_TEMPLATE, WRITING_OPENAI, WRITING_ANTHROPIC, WRITING_OLLAMA };

struct writing { /* immutable; any thread */
    enum writing_by by;
    char *url, *model;          /* of the server; NULL for templates */
    char *key;                  /* secret; "" for none */
    int parallel;               /* sections asked for at once */
    int max_tokens;             /* of one section's answer */
    double price_in, price_out; /* money a million tokens; NAN if not set, which is not 0 */
    double cost_limit;          /* of one run, in the same money; NAN for none */
    char *mask;                 /* words that never leave this machine, separated by commas; "" */
    bool plain_http;
    char *ca_file; /* NULL: the system's certificates */
};

/* From the settings writer, llm_... and those of HTTP; NULL makes the template writer. ERR_INVALID, naming the setting and what
 * it may be, if a writer with a server lacks its address or model, or a number is none. */
MUST_USE struct writing *writing_create(const struct config *cfg, struct err *err);
void writing_free(struct writing *w); /* wipes the key; accepts NULL */

const char *
writing_name(enum writing_by by); /* "openai", as in the settings and in stored sections */

/* Asks the writer for a word and says in one sentence what came of it: who answered, how fast; or
 * that the templates work without any server. Waits for the server, so it is work for a thread.
 * On failure `err` says what to change; ERR_CANCELLED once `stop` (may be NULL; read with
 * __atomic) is true. */
MUST_USE bool writing_test(const struct writing *w, const bool *stop, struct strbuf *sentence,
                           struct err *err);

#endif
