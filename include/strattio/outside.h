/* outside.h - a text handed to the person's own editor, and taken back. */
#ifndef STRATTIO_OUTSIDE_H
#define STRATTIO_OUTSIDE_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"

struct err;

/* Writes `text` to a new file of our own (0600, ".md") in the state folder, which outlives a restart, runs $VISUAL
 * or $EDITOR on it in this terminal, and waits. *path gets the file: the caller reads it, removes it once
 * its text is safe elsewhere, and frees the name; NULL if there is none. ERR_INVALID if no editor is set;
 * ERR_IO if it cannot be started or fails: what was typed may then be in *path. */
MUST_USE bool outside_edit(const char *text, char **path, struct err *err);

/* Is what was typed only in `path`? If it cannot be read, it may be. Newlines at the end count for
 * nothing: editors add one. */
bool outside_differs(const char *path, const char *text);

/* Bytes of `text` without the newlines it ends in. */
size_t outside_body(const char *text);

#endif
