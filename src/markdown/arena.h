/* arena.h - memory for a pass that dies as a whole: one Markdown layout. */
#ifndef STRATTIO_MARKDOWN_ARENA_H
#define STRATTIO_MARKDOWN_ARENA_H

#include <stddef.h>

struct arena;

struct arena *arena_create(void);
void arena_free(struct arena *a); /* accepts NULL */

void *arena_alloc(struct arena *a, size_t size);                 /* zeroed, aligned for any type */
char *arena_copy(struct arena *a, const char *text, size_t len); /* ends in NUL */

/* A copy without NUL that stands right behind the last one, if there was room: texts that follow
 * each other can be taken for one. */
char *arena_text(struct arena *a, const char *text, size_t len);

#endif
