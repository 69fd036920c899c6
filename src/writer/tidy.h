/* tidy.h - what a template leaves behind, as clean Markdown. */
#ifndef STRATTIO_WRITER_TIDY_H
#define STRATTIO_WRITER_TIDY_H

struct strbuf;

/* Appends `text` to `out` with one line a paragraph, item or row, one blank line between
 * blocks, single spaces, and without headings, tables and items that turned out empty. Ends in
 * a newline unless nothing is left. */
void tidy_markdown(const char *text, struct strbuf *out);

#endif
