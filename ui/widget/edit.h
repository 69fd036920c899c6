/* edit.h - steps over text by grapheme and by word: what the fields share. Offsets are bytes on grapheme
 * boundaries. Private to ui/widget. */
#ifndef STRATTIO_UI_EDIT_H
#define STRATTIO_UI_EDIT_H

#include <stdbool.h>
#include <stddef.h>

struct strbuf;

size_t edit_next(const char *text, size_t len, size_t at);
size_t edit_prev(const char *text, size_t len, size_t at);
size_t edit_next_word(const char *text, size_t len, size_t at);
size_t edit_prev_word(const char *text, size_t len, size_t at);

/* The boundary at or before `at`, which may lie anywhere. */
size_t edit_boundary(const char *text, size_t len, size_t at);

/* Replaces bytes from..to of `text` by `with`; false, with nothing changed, if it would pass the limit. */
bool edit_splice(struct strbuf *text, size_t from, size_t to, const char *with, size_t len);

/* Appends to `out` what may be typed of `text`: control characters left out, each newline as a space
 * unless `newlines` are wanted, tabs as a space. */
void edit_clean(const char *text, size_t len, bool newlines, struct strbuf *out);

#endif
