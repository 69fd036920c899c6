/* mem.h - small allocations that never return NULL. When memory is gone the hook runs (the screen
 * puts the terminal back) and the process exits with status 1. Release with free(). Whatever is
 * sized by input uses a strbuf with a limit instead. */
#ifndef STRATTIO_MEM_H
#define STRATTIO_MEM_H

#include <stddef.h>

#include "strattio/attr.h"

void *mem_zero(size_t count, size_t size); /* like calloc; aborts the program on overflow */
void *mem_copy(const void *data, size_t len);
char *mem_str(const char *text);                 /* NULL stays NULL */
char *mem_strn(const char *text, size_t max_len); /* always ends in NUL */
char *mem_printf(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* Makes room for `need` items of `size` bytes in `items` (may be NULL), doubling *cap as it goes,
 * and returns the block, moved or not. */
void *mem_grow(void *items, size_t *cap, size_t need, size_t size);

/* `hook` runs once before the exit that follows exhaustion. NULL removes it. */
void mem_on_exhausted(void (*hook)(void));

#endif
