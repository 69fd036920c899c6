/* tree.c - parsing into an arena. cmark makes a small block for every node and text and frees each
 * of them again, which takes as long as parsing does; here nothing is freed before the whole. Its
 * allocator takes no argument, so that the arena is one of the thread. */
#include "markdown/tree.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>

#include "strattio/attr.h"

#include "markdown/arena.h"

static _Thread_local struct arena *memory_now;

/* Each block is led by its size, which realloc needs. */
enum { HEAD = 16 };

static void *take(size_t count, size_t size)
{
    size_t bytes = count * size;
    unsigned char *block = arena_alloc(memory_now, HEAD + bytes);

    memcpy(block, &bytes, sizeof(bytes));
    return block + HEAD;
}

static void *take_more(void *old, size_t size)
{
    size_t before;
    void *block;

    if (!old)
        return take(1, size);
    memcpy(&before, (unsigned char *)old - HEAD, sizeof(before));
    if (size <= before)
        return old;
    block = take(1, size);
    memcpy(block, old, before);
    return block;
}

static void keep(void *block)
{
    (void)block;
}

static void register_extensions(void)
{
    cmark_gfm_core_extensions_ensure_registered();
}

cmark_node *tree_parse(const char *text, size_t len, struct arena *memory)
{
    static cmark_mem allocator = {take, take_more, keep};
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    static const char *const names[] = {"table", "strikethrough", "tasklist"};
    cmark_parser *parser;
    cmark_node *root;

    pthread_once(&once, register_extensions);
    memory_now = memory;
    parser = cmark_parser_new_with_mem(CMARK_OPT_FOOTNOTES | CMARK_OPT_VALIDATE_UTF8, &allocator);
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension(names[i]));
    cmark_parser_feed(parser, text, len);
    root = cmark_parser_finish(parser);
    cmark_parser_free(parser);
    return root;
}

void tree_done(void)
{
    memory_now = NULL;
}

/* cmark has moved them to the end, in the order of their numbers. */
int tree_notes(cmark_node *root)
{
    int count = 0;

    for (cmark_node *n = cmark_node_last_child(root);
         n && cmark_node_get_type(n) == CMARK_NODE_FOOTNOTE_DEFINITION; n = cmark_node_previous(n))
        count++;
    return count;
}
