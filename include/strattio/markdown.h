/* markdown.h - Markdown (CommonMark with tables, task lists, footnotes) laid out as styled rows of
 * text for a width; knows nothing of terminals. */
#ifndef STRATTIO_MARKDOWN_H
#define STRATTIO_MARKDOWN_H

#include <stdbool.h>
#include <stddef.h>

#include "strattio/attr.h"

struct err;
struct strbuf;

enum md_style { /* bits: what a run of text is, not how it looks */
                MD_PLAIN = 0,
                MD_STRONG = 1u << 0,
                MD_EMPH = 1u << 1,
                MD_CODE = 1u << 2,
                MD_HEADING = 1u << 3,
                MD_LINK = 1u << 4,
                MD_FIGURE = 1u << 5,  /* a bound figure */
                MD_UNBOUND = 1u << 6, /* a figure nothing stands behind */
                MD_FAINT = 1u << 7,   /* rules, bullets, table lines, footnote marks */
                MD_QUOTE = 1u << 8,
                MD_STRIKE = 1u << 9,
};

struct md_run {       /* cells of one style in a row */
    const char *text; /* UTF-8; not NUL-terminated */
    size_t len;
    unsigned style;
    int figure; /* index of the mark this run is part of, or -1 */
};

struct md_row {
    const struct md_run *runs;
    size_t run_count;
    int indent;    /* cells before the first run */
    int width;     /* cells in all, indent included; at most the width laid out for */
    size_t source; /* byte of the Markdown it begins at: what keeps the place on resize */
};

struct md_heading {
    int level;
    size_t row;
    const char *text;
};

/* A stretch of the Markdown that stands for something: bytes start..end of the text. */
struct md_mark {
    size_t start, end;
    unsigned style; /* MD_FIGURE or MD_UNBOUND */
};

struct md_layout {
    struct md_row *rows;
    size_t row_count;
    struct md_heading *headings;
    size_t heading_count;
    struct arena *arena; /* private: owns everything above */
};

/* Lays `text` out for `width` cells (at least 1). `marks` are sorted and may be NULL. No text is
 * ever lost: what does not fit wraps, tables are solved by column. ERR_LIMIT past 16 MiB. */
MUST_USE struct md_layout *md_layout_create(const char *text, size_t len, int width,
                                            const struct md_mark *marks, size_t mark_count,
                                            struct err *err);
void md_layout_free(struct md_layout *layout);

/* Appends `text` as lines to be listened to: a block a line, a row of a table a line that names its columns,
 * nothing drawn. Blank lines between blocks. ERR_LIMIT past 16 MiB. */
MUST_USE bool md_linear(const char *text, size_t len, struct strbuf *out, struct err *err);

/* Cells a terminal uses for `text`, by grapheme, as the screen draws it. */
int text_width(const char *text, size_t len);
/* Bytes of the grapheme cluster at `text` (at least 1) and its cells. */
size_t text_cluster(const char *text, size_t len, int *cells);

#endif
