/* mem.c - small allocations that never return NULL. A program that draws a screen can do nothing
 * sensible without a few hundred bytes, so every caller would write the same unreachable branch;
 * here it is written once. The end is _exit(), since handlers of other libraries may allocate. */
#include "strattio/mem.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void (*_Atomic exhausted_hook)(void);

_Noreturn static void die(void)
{
    static const char text[] = "strattio: out of memory\n";
    void (*hook)(void) = atomic_exchange(&exhausted_hook, NULL);

    if (hook)
        hook();
    if (write(STDERR_FILENO, text, sizeof text - 1) < 0)
        _exit(1); /* nowhere left to say it */
    _exit(1);
}

void mem_on_exhausted(void (*hook)(void))
{
    atomic_store(&exhausted_hook, hook);
}

void *mem_zero(size_t count, size_t size)
{
    void *block;

    if (size && count > SIZE_MAX / size)
        abort();
    block = calloc(count ? count : 1, size ? size : 1);
    if (!block)
        die();
    return block;
}

void *mem_copy(const void *data, size_t len)
{
    void *copy = malloc(len ? len : 1);

    if (!copy)
        die();
    if (len)
        memcpy(copy, data, len);
    return copy;
}

char *mem_str(const char *text)
{
    return text ? mem_copy(text, strlen(text) + 1) : NULL;
}

char *mem_strn(const char *text, size_t max_len)
{
    size_t len = strnlen(text, max_len);
    char *copy = mem_zero(len + 1, 1);

    memcpy(copy, text, len);
    return copy;
}

char *mem_printf(const char *fmt, ...)
{
    va_list args;
    char *text;
    int len;

    va_start(args, fmt);
    len = vasprintf(&text, fmt, args);
    va_end(args);
    if (len < 0)
        die();
    return text;
}

void *mem_grow(void *items, size_t *cap, size_t need, size_t size)
{
    size_t room = *cap ? *cap : 8;
    void *block;

    if (items && need <= *cap)
        return items;
    while (room < need)
        room = room > SIZE_MAX / 2 ? need : room * 2;
    if (size && room > SIZE_MAX / size)
        abort();
    block = realloc(items, room * (size ? size : 1));
    if (!block)
        die();
    *cap = room;
    return block;
}
