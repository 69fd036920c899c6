/* find.c - searching in what is shown. The rows are put together again as one folded text (lower case,
 * no accents, one blank for many), in which a wrapped row goes on after a blank and blocks are
 * apart. Of each row it is kept where it begins in there; the cells of a hit are found by folding
 * its row once more. */
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "strattio/markdown.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

enum { CLUSTER_CODES = 64, FOLDED_LIMIT = 64 * 1024 * 1024 };

/* What people type for what a text has. */
static utf8proc_int32_t as_typed(utf8proc_int32_t code)
{
    if (code == 0x2018 || code == 0x2019)
        return '\'';
    if (code == 0x201c || code == 0x201d)
        return '"';
    return code >= 0x2010 && code <= 0x2015 ? '-' : code;
}

static void add_blank(struct strbuf *out)
{
    if (out->len && out->data[out->len - 1] != ' ')
        strbuf_char(out, ' ');
}

static void fold_cluster(const char *text, size_t len, struct strbuf *out)
{
    utf8proc_int32_t codes[CLUSTER_CODES];
    utf8proc_ssize_t count = utf8proc_decompose(
        (const utf8proc_uint8_t *)text, (utf8proc_ssize_t)len, codes, CLUSTER_CODES,
        UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK | UTF8PROC_CASEFOLD |
            UTF8PROC_IGNORE);

    for (utf8proc_ssize_t i = 0; i < count && i < CLUSTER_CODES; i++) {
        utf8proc_uint8_t bytes[4];

        if (codes[i] == ' ')
            add_blank(out);
        else
            strbuf_add(out, bytes, (size_t)utf8proc_encode_char(as_typed(codes[i]), bytes));
    }
}

/* Folds one cluster at `text`; returns its bytes, and its cells. */
static size_t fold_next(const char *text, size_t len, int *cells, struct strbuf *out)
{
    size_t n = text_cluster(text, len, cells);

    if (n > 1 || (unsigned char)*text >= 0x80)
        fold_cluster(text, n, out);
    else if (*text == ' ' || *text == '\t' || *text == '\n')
        add_blank(out);
    else
        strbuf_char(out, *text >= 'A' && *text <= 'Z' ? (char)(*text + 32) : *text);
    return n;
}

static void fold_text(const char *text, size_t len, struct strbuf *out)
{
    int cells;

    for (size_t at = 0; at < len;)
        at += fold_next(text + at, len - at, &cells, out);
}

/* ---- the folded rows ----------------------------------------------------------------------- */

struct folded {
    struct strbuf text;
    size_t *starts; /* of each row in it */
};

static void fold_rows(const struct md_layout *l, struct folded *out)
{
    strbuf_init(&out->text, FOLDED_LIMIT);
    out->starts = mem_zero(l->row_count + 1, sizeof(*out->starts));
    for (size_t r = 0; r < l->row_count; r++) {
        const struct md_row *row = &l->rows[r];

        out->starts[r] = out->text.len;
        for (size_t i = row->margin_runs; i < row->run_count; i++)
            fold_text(row->runs[i].text, row->runs[i].len, &out->text);
        if (row->end == MD_END_BLANK)
            add_blank(&out->text);
        else if (row->end == MD_END_BLOCK)
            strbuf_char(&out->text, '\n');
    }
    out->starts[l->row_count] = out->text.len;
}

static size_t row_of(const struct folded *f, size_t row_count, size_t at)
{
    size_t low = 0, high = row_count;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        if (f->starts[middle] <= at)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* The cell in which byte `at` of the folded text stands, or behind which with `after`. */
static int col_of(const struct md_layout *l, const struct folded *f, size_t r, size_t at,
                  bool after)
{
    const struct md_row *row = &l->rows[r];
    size_t want = at - f->starts[r] + after;
    struct strbuf folded;
    int col = row->margin, cells = 0;

    strbuf_init(&folded, FOLDED_LIMIT);
    /* A blank is left out after one: begin with what the row began after. */
    if (f->starts[r] && f->text.data[f->starts[r] - 1] == ' ') {
        strbuf_char(&folded, ' ');
        want++;
    }
    for (size_t i = row->margin_runs; i < row->run_count && folded.len < want + !after; i++) {
        const struct md_run *run = &row->runs[i];

        for (size_t byte = 0; byte < run->len && folded.len < want + !after; col += cells)
            byte += fold_next(run->text + byte, run->len - byte, &cells, &folded);
    }
    strbuf_finish(&folded);
    return after ? col : col - cells;
}

static struct md_hit hit_at(const struct md_layout *l, const struct folded *f, size_t at,
                            size_t len)
{
    struct md_hit hit = {.row = row_of(f, l->row_count, at),
                         .end_row = row_of(f, l->row_count, at + len - 1)};

    hit.col = col_of(l, f, hit.row, at, false);
    hit.end_col = col_of(l, f, hit.end_row, at + len - 1, true);
    return hit;
}

size_t md_find(const struct md_layout *layout, const char *text, struct md_hit **hits)
{
    struct folded f;
    struct strbuf needle;
    size_t count = 0, cap = 0;
    const char *at, *end;

    *hits = NULL;
    strbuf_init(&needle, FOLDED_LIMIT);
    fold_text(text, strlen(text), &needle);
    if (needle.len == 0)
        return 0;
    fold_rows(layout, &f);
    at = f.text.data;
    end = at + f.text.len;
    while ((at = memmem(at, (size_t)(end - at), needle.data, needle.len)) != NULL) {
        *hits = mem_grow(*hits, &cap, count + 1, sizeof(**hits));
        (*hits)[count++] = hit_at(layout, &f, (size_t)(at - f.text.data), needle.len);
        at += needle.len;
    }
    strbuf_finish(&f.text);
    free(f.starts);
    strbuf_finish(&needle);
    return count;
}
