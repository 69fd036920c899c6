/* arena.c - blocks of doubling size, filled from the front. */
#include "markdown/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/mem.h"

enum { FIRST_BLOCK = 16 * 1024, LARGEST_BLOCK = 64 * 1024, TEXT_BLOCK = 8 * 1024 };

struct block {
    struct block *next;
    size_t used, size;
    alignas(max_align_t) unsigned char bytes[];
};

struct arena {
    struct block *blocks; /* newest first */
    char *text;           /* where the next text goes, and the room there is for it */
    size_t text_room;
};

struct arena *arena_create(void)
{
    return mem_zero(1, sizeof(struct arena));
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    while (a->blocks) {
        struct block *next = a->blocks->next;

        free(a->blocks);
        a->blocks = next;
    }
    free(a);
}

static void add_block(struct arena *a, size_t at_least)
{
    size_t size = a->blocks ? a->blocks->size * 2 : FIRST_BLOCK;
    struct block *b;

    if (size > LARGEST_BLOCK)
        size = LARGEST_BLOCK;
    if (size < at_least)
        size = at_least;
    b = mem_zero(1, sizeof(*b) + size);
    b->size = size;
    b->next = a->blocks;
    a->blocks = b;
}

void *arena_alloc(struct arena *a, size_t size)
{
    const size_t align = alignof(max_align_t);
    void *p;

    size = (size + align - 1) / align * align;
    if (!a->blocks || a->blocks->size - a->blocks->used < size)
        add_block(a, size);
    p = a->blocks->bytes + a->blocks->used;
    a->blocks->used += size;
    return p;
}

char *arena_copy(struct arena *a, const char *text, size_t len)
{
    char *copy = arena_alloc(a, len + 1);

    memcpy(copy, text, len);
    return copy;
}

char *arena_text(struct arena *a, const char *text, size_t len)
{
    char *copy;

    if (len > a->text_room) {
        a->text_room = len > TEXT_BLOCK ? len : TEXT_BLOCK;
        a->text = arena_alloc(a, a->text_room);
    }
    copy = a->text;
    memcpy(copy, text, len);
    a->text += len;
    a->text_room -= len;
    return copy;
}
