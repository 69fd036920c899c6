/* tree.h - Markdown text as the tree of cmark-gfm. */
#ifndef STRATTIO_MARKDOWN_TREE_H
#define STRATTIO_MARKDOWN_TREE_H

#include <cmark-gfm.h>
#include <stddef.h>

struct arena;

/* Parses with tables, strikethrough, task lists and footnotes. The tree lives in `memory` and goes
 * with it: no node of it is freed. Asking a node for its text may take memory too, so that one
 * tree a thread can be open; tree_done() ends that. */
cmark_node *tree_parse(const char *text, size_t len, struct arena *memory);
void tree_done(void);

int tree_notes(cmark_node *root); /* how many footnotes it has */

#endif
