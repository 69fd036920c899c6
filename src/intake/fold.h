/* fold.h - texts as a person compares them: case, accents and punctuation ignored. */
#ifndef STRATTIO_INTAKE_FOLD_H
#define STRATTIO_INTAKE_FOLD_H

#include <stdbool.h>
#include <stddef.h>

/* `text` in lower case without accents, every run of blanks and punctuation one space, none at the
 * ends: "Côte d’Ivoire" gives "cote d ivoire". The caller frees it; invalid UTF-8 gives "". */
char *fold_text(const char *text);

/* How well the folded `filter` fits the folded `text`: 0 not at all, 1 within it, 2 at the start of
 * a word, 3 at its start, 4 the same. */
int fold_rank(const char *text, const char *filter);

typedef int (*fold_ranking)(const char *text, const char *filter);

/* The same with forgiveness, for when nothing fits better: 0 not at all, 1 with one slip, 2 with the
 * blanks elsewhere, 3 by its initials, 4 word by word in any order, each as far as it is typed. */
int fold_forgiving_rank(const char *text, const char *filter);

/* Are the folded `words` in the folded `text`, as whole words? */
bool fold_has_words(const char *text, const char *words);

/* Edits between two short texts (insert, delete, replace, swap neighbours), at most `limit` + 1. */
size_t fold_distance(const char *a, const char *b, size_t limit);

#endif
