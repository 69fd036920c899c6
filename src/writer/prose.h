/* prose.h - which parts of a source are prose, by a copy in which the others are blank. */
#ifndef STRATTIO_WRITER_PROSE_H
#define STRATTIO_WRITER_PROSE_H

#include <stdbool.h>
#include <stddef.h>

/* If a footnote's label such as "[^ons]" begins at `at`, its end, else 0. `text` ends in a NUL. */
size_t prose_label_end(const char *text, size_t at);

/* The sentence, or table row, around the bytes from `start` to `end`. */
void prose_sentence(const char *text, size_t len, size_t start, size_t end, size_t *from,
                    size_t *to);

/* Does it cite something, also right after its full stop? */
bool prose_cites(const char *text, size_t len, size_t from, size_t to);

#endif
