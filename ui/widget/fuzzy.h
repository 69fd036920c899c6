/* fuzzy.h - does a text answer what a person typed, how well, and by which of its letters?
 * Forgives case, accents, the order of words, abbreviations of words, one slip in a word of four
 * letters or more, and consonants alone of one word. */
#ifndef STRATTIO_UI_FUZZY_H
#define STRATTIO_UI_FUZZY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FUZZY_TEXT_MAX = 256 /* bytes that are looked at; later ones match nothing */ };

struct fuzzy_text {
    const char *text; /* borrowed; may be NULL */
    int weight;       /* how much a match in it counts, 1 or more */
    bool abbreviated; /* letters at the beginnings of its words are enough: "fitr" */
    uint64_t marks[FUZZY_TEXT_MAX / 64]; /* out: a bit for the first byte of each matched letter */
};

/* How well the texts, together the words of one thing, match: each word of `typed` must be found
 * in one of them. 0 if they do not; 1 for all if nothing is typed; the higher the better. */
int fuzzy_match(const char *typed, struct fuzzy_text *texts, size_t count);

bool fuzzy_marked(const struct fuzzy_text *text, size_t byte);

#endif
