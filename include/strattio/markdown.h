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
    int link;   /* index of the link or note it belongs to, or -1 */
};

enum md_end {               /* how the text of a row goes on in the next */
              MD_END_BLOCK, /* not at all */
              MD_END_BLANK, /* after a blank, which neither shows */
              MD_END_WORD,  /* in the same word, which is wider than a row */
};

struct md_row {
    const struct md_run *runs;
    size_t run_count;
    size_t margin_runs; /* the first of them: bullets, quote bars, blanks */
    int margin;         /* cells of those; they stay where text is moved sideways */
    int width;          /* cells in all; at most the width laid out for, unless `wide` */
    bool wide;          /* code: as long as it was written, never wrapped */
    enum md_end end;
    size_t source; /* about the byte of the Markdown it begins at */
    size_t place;  /* bytes of text before it, the same for every width: what keeps the place when
                      the width changes. Never falls from row to row */
};

struct md_heading {
    int level;
    size_t row;
    const char *text;
};

/* What a reader can follow: an address, a picture's, or a reference to a footnote. Addresses that
 * are not their own label are listed below the text as "[n] address". */
enum md_link_kind { MD_LINK_ADDRESS, MD_LINK_IMAGE, MD_LINK_NOTE };
struct md_link {
    enum md_link_kind kind;
    int number;        /* shown beside the label as [number]; 0 if the label is the address */
    const char *label; /* "" for a note */
    const char *url;   /* as written, of any scheme; "" for a note */
    const char *title; /* "" for none */
};

struct md_note { /* a footnote; note i has the number i + 1 */
    size_t first_row, end_row;
};

struct md_block {      /* one block of the outermost level: a paragraph, list, table, quote ... */
    size_t start, end; /* bytes of the Markdown */
    size_t first_row, end_row;
    int heading; /* its level; 0 for everything else */
};

struct md_table { /* a table in columns, not one shown as cards */
    size_t first_row, end_row;
    size_t head_rows; /* header and rule */
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
    struct md_link *links; /* in the order of the text */
    size_t link_count;
    struct md_note *notes;
    size_t note_count;
    struct md_block *blocks;
    size_t block_count;
    struct md_table *tables;
    size_t table_count;
    int widest;          /* cells of the widest row */
    struct arena *arena; /* private: owns everything above */
};

/* Lays `text` out for `width` cells (at least 1). `marks` are sorted and may be NULL. No text is
 * ever lost: what does not fit wraps, tables are solved by column, code keeps its lines. ERR_LIMIT past 16 MiB. */
MUST_USE struct md_layout *md_layout_create(const char *text, size_t len, int width,
                                            const struct md_mark *marks, size_t mark_count,
                                            struct err *err);
void md_layout_free(struct md_layout *layout);

/* Appends `text` as lines to be listened to: a block a line, a row of a table a line that names its columns,
 * nothing drawn. Blank lines between blocks; numbered links are told at the end. ERR_LIMIT past 16 MiB. */
MUST_USE bool md_linear(const char *text, size_t len, struct strbuf *out, struct err *err);

/* The row that shows what stands at `place` (md_row); 0 in an empty layout. */
size_t md_row_at(const struct md_layout *layout, size_t place);

/* A place where what is looked for stands as it is shown: from cell `col` of `row` to before cell
 * `end_col` of `end_row`, which is another row if the text was wrapped in between. */
struct md_hit {
    size_t row, end_row;
    int col, end_col;
};

/* Finds `text` in what the rows show, across the ends of rows; upper and lower case, accents and
 * the width of blanks do not matter. Bullets and bars are not part of the text. The caller frees
 * *hits, which is NULL if there are none. */
size_t md_find(const struct md_layout *layout, const char *text, struct md_hit **hits);

/* Cells a terminal uses for `text`, by grapheme, as the screen draws it. */
int text_width(const char *text, size_t len);
/* Bytes of the grapheme cluster at `text` (at least 1) and its cells. */
size_t text_cluster(const char *text, size_t len, int *cells);

#endif
