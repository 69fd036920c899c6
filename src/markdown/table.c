/* table.c - tables solved by column. A column wants its longest cell and needs its longest word;
 * when all cannot have what they want, what is left over their needs is shared by how much each
 * still wants. When not even the needs fit, each row becomes a card of "header: value" lines. No
 * text is lost either way. */
#include <stdlib.h>
#include <string.h>

#include <cmark-gfm-core-extensions.h>

#include "strattio/mem.h"

#include "markdown/arena.h"
#include "markdown/layout.h"

enum { GAP = 2 };

struct cell {
    struct pieces pieces;
};

struct table {
    size_t columns, rows; /* rows with the header */
    struct cell *cells;   /* row by row */
    size_t *sources;      /* by row */
    int *widths;
    bool *right;
};

static struct cell *cell_at(const struct table *t, size_t row, size_t column)
{
    return &t->cells[row * t->columns + column];
}

/* ---- reading
 * -------------------------------------------------------------------------------------- */

/* Digits with what belongs to an amount, or a dash for none: a column of these stands to the right.
 */
static bool looks_numeric(const struct pieces *p)
{
    bool digit = false;

    for (size_t i = 0; i < p->count; i++) {
        for (size_t at = 0; at < p->items[i].len; at++) {
            unsigned char c = (unsigned char)p->items[i].text[at];

            digit = digit || (c >= '0' && c <= '9');
            if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
                return false;
        }
    }
    return digit || pieces_longest(p) <= 1;
}

static void read_cells(struct building *b, cmark_node *node, struct table *t)
{
    size_t row = 0;

    for (cmark_node *r = cmark_node_first_child(node); r; r = cmark_node_next(r), row++) {
        size_t column = 0;

        t->sources[row] = node_source(b, r);
        for (cmark_node *c = cmark_node_first_child(r); c && column < t->columns;
             c = cmark_node_next(c), column++)
            inline_pieces(b, c, row == 0 ? MD_STRONG : MD_PLAIN, &cell_at(t, row, column)->pieces);
        for (; column < t->columns; column++)
            cell_at(t, row, column)->pieces.arena = b->arena;
    }
}

static void read_alignments(cmark_node *node, struct table *t)
{
    uint8_t *alignments = cmark_gfm_extensions_get_table_alignments(node);

    for (size_t c = 0; c < t->columns; c++) {
        bool numeric = t->rows > 1;

        for (size_t r = 1; r < t->rows; r++)
            numeric = numeric && looks_numeric(&cell_at(t, r, c)->pieces);
        t->right[c] = alignments && alignments[c] ? alignments[c] == 'r' : numeric;
    }
}

static void table_read(struct building *b, cmark_node *node, struct table *t)
{
    t->columns = cmark_gfm_extensions_get_table_columns(node);
    for (cmark_node *r = cmark_node_first_child(node); r; r = cmark_node_next(r))
        t->rows++;
    t->cells = mem_zero(t->rows * t->columns + 1, sizeof(*t->cells));
    t->sources = mem_zero(t->rows + 1, sizeof(*t->sources));
    t->widths = mem_zero(t->columns + 1, sizeof(*t->widths));
    t->right = mem_zero(t->columns + 1, sizeof(*t->right));
    read_cells(b, node, t);
    read_alignments(node, t);
}

static void table_finish(struct table *t)
{
    for (size_t i = 0; i < t->rows * t->columns; i++)
        pieces_finish(&t->cells[i].pieces);
    free(t->cells);
    free(t->sources);
    free(t->widths);
    free(t->right);
}

/* ---- solving
 * -------------------------------------------------------------------------------------- */

static int column_most(const struct table *t, size_t column, int (*measure)(const struct pieces *))
{
    int most = 1;

    for (size_t r = 0; r < t->rows; r++) {
        int cells = measure(&cell_at(t, r, column)->pieces);

        most = cells > most ? cells : most;
    }
    return most;
}

/* False if not even the longest words fit side by side. */
static bool solve(struct table *t, int width)
{
    int gaps = GAP * (int)(t->columns - 1), needs = gaps, wants = gaps, spare;

    for (size_t c = 0; c < t->columns; c++) {
        t->widths[c] = column_most(t, c, pieces_word);
        needs += t->widths[c];
        wants += column_most(t, c, pieces_longest);
    }
    if (needs > width)
        return false;
    spare = width - needs < wants - needs ? width - needs : wants - needs;
    wants -= needs;
    for (size_t c = 0; c < t->columns && wants > 0; c++) {
        int want = column_most(t, c, pieces_longest) - t->widths[c];
        int share = (int)((long long)spare * want / wants);

        t->widths[c] += share;
        spare -= share;
        wants -= want;
    }
    return true;
}

/* ---- drawing
 * -------------------------------------------------------------------------------------- */

struct row_builder {
    struct md_run *runs; /* heap */
    size_t count, cap;
    int width;
};

static void put_run(struct row_builder *rb, struct md_run run, int cells)
{
    rb->runs = mem_grow(rb->runs, &rb->cap, rb->count + 1, sizeof(*rb->runs));
    rb->runs[rb->count++] = run;
    rb->width += cells;
}

static void put_blanks(struct building *b, struct row_builder *rb, int count)
{
    char *text;

    if (count <= 0)
        return;
    text = arena_alloc(b->arena, (size_t)count + 1);
    memset(text, ' ', (size_t)count);
    put_run(rb, (struct md_run){text, (size_t)count, MD_PLAIN, -1}, count);
}

static void put_line(struct building *b, struct row_builder *rb, const struct line *line, int width,
                     bool right)
{
    int left = width - (line ? line->width : 0);

    if (right)
        put_blanks(b, rb, left);
    for (size_t i = 0; line && i < line->run_count; i++)
        put_run(rb, line->runs[i], 0);
    rb->width += line ? line->width : 0;
    if (!right)
        put_blanks(b, rb, left);
}

static void draw_row(struct building *b, struct margin *margin, const struct table *t, size_t row)
{
    struct lines *cells = mem_zero(t->columns + 1, sizeof(*cells));
    size_t height = 1;

    for (size_t c = 0; c < t->columns; c++) {
        pieces_wrap(&cell_at(t, row, c)->pieces, t->widths[c], true, &cells[c]);
        height = cells[c].count > height ? cells[c].count : height;
    }
    for (size_t i = 0; i < height; i++) {
        struct row_builder rb = {0};

        for (size_t c = 0; c < t->columns; c++) {
            if (c > 0)
                put_blanks(b, &rb, GAP);
            put_line(b, &rb, i < cells[c].count ? &cells[c].items[i] : NULL, t->widths[c],
                     t->right[c]);
        }
        building_row(b, margin, rb.runs, rb.count, rb.width, t->sources[row]);
        free(rb.runs);
    }
    for (size_t c = 0; c < t->columns; c++)
        free(cells[c].items);
    free(cells);
}

static void draw_rule(struct building *b, struct margin *margin, const struct table *t)
{
    struct row_builder rb = {0};

    for (size_t c = 0; c < t->columns; c++) {
        char *line = arena_alloc(b->arena, (size_t)t->widths[c] * 3 + 1);

        if (c > 0)
            put_blanks(b, &rb, GAP);
        for (int i = 0; i < t->widths[c]; i++)
            memcpy(line + (size_t)i * 3, "─", 3);
        put_run(&rb, (struct md_run){line, (size_t)t->widths[c] * 3, MD_FAINT, -1}, t->widths[c]);
    }
    building_row(b, margin, rb.runs, rb.count, rb.width, t->sources[0]);
    free(rb.runs);
}

/* One row as lines of "header: value". */
static void draw_card(struct building *b, struct margin *margin, const struct table *t, size_t row)
{
    int left = b->width - margin_cells(margin);

    for (size_t c = 0; c < t->columns; c++) {
        const struct pieces *head = &cell_at(t, 0, c)->pieces;
        const struct pieces *value = &cell_at(t, row, c)->pieces;
        struct pieces both = {.arena = b->arena};
        struct lines lines = {0};

        for (size_t i = 0; i < head->count; i++)
            pieces_add(&both, head->items[i].text, head->items[i].len, head->items[i].style,
                       head->items[i].figure);
        pieces_add(&both, ": ", 2, MD_STRONG, -1);
        for (size_t i = 0; i < value->count; i++)
            pieces_add(&both, value->items[i].text, value->items[i].len, value->items[i].style,
                       value->items[i].figure);
        pieces_wrap(&both, left, true, &lines);
        for (size_t i = 0; i < lines.count; i++)
            building_row(b, margin, lines.items[i].runs, lines.items[i].run_count,
                         lines.items[i].width, t->sources[row]);
        free(lines.items);
        pieces_finish(&both);
    }
    if (row + 1 < t->rows)
        building_row(b, margin, NULL, 0, 0, t->sources[row]);
}

void layout_table(struct building *b, struct margin *margin, cmark_node *node)
{
    struct table t = {0};
    int left = b->width - margin_cells(margin);

    table_read(b, node, &t);
    building_gap(b, margin, node_source(b, node));
    if (solve(&t, left > 0 ? left : 1)) {
        draw_row(b, margin, &t, 0);
        draw_rule(b, margin, &t);
        for (size_t r = 1; r < t.rows; r++)
            draw_row(b, margin, &t, r);
    } else {
        for (size_t r = t.rows > 1 ? 1 : 0; r < t.rows; r++)
            draw_card(b, margin, &t, r);
    }
    table_finish(&t);
}
