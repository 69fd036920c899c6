/* spell.h - is a word spelt right? The library that knows is a module opened on first use, and a dictionary takes
 * a tenth of a second to read: open it in a worker, then use it in one thread at a time. */
#ifndef STRATTIO_SPELL_H
#define STRATTIO_SPELL_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"

struct err;
struct spell;

/* A dictionary for `setting`: a language ("en_US"), or "auto" for that of `country` ("US") if it is an
 * English-speaking one, else of the environment, else British English. With the person's own words.
 * ERR_UNSUPPORTED without the module, ERR_NOT_FOUND, naming the package, without a dictionary. */
MUST_USE struct spell *spell_open(const char *setting, const char *country, struct err *err);
void spell_close(struct spell *s);                 /* accepts NULL */
const char *spell_language(const struct spell *s); /* "en_GB" */

/* Remembers what it was asked, so that a word in sight costs no look-up. Words with digits, and those all
 * in capitals, are right. */
bool spell_right(struct spell *s, const char *word, size_t len);

/* Up to `max` other spellings, best first; the caller frees each. */
size_t spell_suggest(struct spell *s, const char *word, size_t len, char **out, size_t max);

/* The word is right from now on, here and in later sessions: it goes into words.txt in the data folder.
 * ERR_IO if that cannot be written; it is then right for this session. */
MUST_USE bool spell_learn(struct spell *s, const char *word, size_t len, struct err *err);

#endif
