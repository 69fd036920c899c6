/* diff.h - what changed between two texts, by words, so that a person can read it: runs that
 * both have, that only the old one has, that only the new one has. A bound figure ({{...}}) is
 * one word. */
#ifndef STRATTIO_DIFF_H
#define STRATTIO_DIFF_H

#include <stdbool.h>
#include <stddef.h>

struct strbuf;

enum diff_kind { DIFF_SAME, DIFF_REMOVED, DIFF_ADDED };

struct diff_run {
    enum diff_kind kind;
    size_t at, len; /* bytes: of the old text if it was removed, else of the new one */
};

/* The old text is what is the same and removed, the new one what is the same and added, each in the
 * order of the runs. What took another's place comes after it. Runs end between characters. */
struct diff {
    struct diff_run *runs;
    size_t count, cap;
    size_t added, removed; /* words */
    bool coarse; /* long texts that share too little: some blocks are replaced as a whole */
};

/* Fills *out (finish it). Takes memory in proportion to the texts and a bounded time. */
void diff_words(const char *old, size_t old_len, const char *now, size_t now_len, struct diff *out);
void diff_finish(struct diff *d); /* accepts all zero */

/* Appends "3 words added, 2 removed", "1 word removed", "only spacing or marks differ", "nothing
 * changed". */
void diff_summary(const struct diff *d, struct strbuf *out);

#endif
