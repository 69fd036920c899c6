/* table.c - tables solved by column. A column wants its longest cell and needs its longest word (an
 * address or the like may be broken); when all cannot have what they want, what is left over their
 * needs is shared by how much each still wants. When not even the needs fit, each row becomes a
 * card of "header: value" lines. No text is lost either way. */
#include <stdlib.h>
#include <string.h>

#include <cmark-gfm-core-extensions.h>

#include "strattio/mem.h"

#include "markdown/arena.h"
#include "markdown/layout.h"

enum { GAP = 2, LONG_WORD = 24 };

struct cell {
    struct pieces pieces;
    int line, word; /* cells of its longest line and word */
    size_t bytes;
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
static bool looks_numeric(const struct cell *cell)
{
    const struct pieces *p = &cell->pieces;
    bool digit = false;

    for (size_t i = 0; i < p->count; i++) {
        const struct md_run *run = &p->items[i].run;

        if (run->link >= 0) /* the number of a note is no amount */
            continue;
        for (size_t at = 0; at < run->len; at++) {
            unsigned char c = (unsigned char)run->text[at];

            digit = digit || (c >= '0' && c <= '9');
            if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
                return false;
        }
    }
    return digit || cell->line <= 1;
}

static void read_cells(struct building *b, cmark_node *node, struct table *t)
{
    size_t row = 0;

    for (cmark_node *r = cmark_node_first_child(node); r; r = cmark_node_next(r), row++) {
        size_t column = 0;

        t->sources[row] = node_source(b, r);
        for (cmark_node *c = cmark_node_first_child(r); c && column < t->columns;
             c = cmark_node_next(c), column++) {
            struct cell *cell = cell_at(t, row, column);

            inline_pieces(b, c, row == 0 ? MD_STRONG : MD_PLAIN, &cell->pieces);
            pieces_measure(&cell->pieces, &cell->line, &cell->word);
            cell->bytes = pieces_bytes(&cell->pieces);
        }
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
            numeric = numeric && looks_numeric(cell_at(t, r, c));
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

static void measure_column(const struct table *t, size_t column, int *needs, int *wants)
{
    *needs = *wants = 1;
    for (size_t r = 0; r < t->rows; r++) {
        const struct cell *cell = cell_at(t, r, column);
        int word = cell->word < LONG_WORD ? cell->word : LONG_WORD;

        *needs = word > *needs ? word : *needs;
        *wants = cell->line > *wants ? cell->line : *wants;
    }
}

/* False if not even the longest words fit side by side. */
static bool solve(struct table *t, int width)
{
    int gaps = GAP * (int)(t->columns - 1), needs = gaps, wants = gaps, spare;
    int *most = mem_zero(t->columns + 1, sizeof(*most));

    for (size_t c = 0; c < t->columns; c++) {
        measure_column(t, c, &t->widths[c], &most[c]);
        needs += t->widths[c];
        wants += most[c];
    }
    spare = width - needs < wants - needs ? width - needs : wants - needs;
    wants -= needs;
    for (size_t c = 0; c < t->columns && needs <= width && wants > 0; c++) {
        int want = most[c] - t->widths[c];
        int share = (int)((long long)spare * want / wants);

        t->widths[c] += share;
        spare -= share;
        wants -= want;
    }
    free(most);
    return needs <= width;
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
    static const char blanks[] = "                                ";
    char *text;

    if (count <= 0)
        return;
    if (count < (int)sizeof(blanks)) {
        put_run(rb, (struct md_run){blanks, (size_t)count, MD_PLAIN, -1, -1}, count);
        return;
    }
    text = arena_alloc(b->arena, (size_t)count + 1);
    memset(text, ' ', (size_t)count);
    put_run(rb, (struct md_run){text, (size_t)count, MD_PLAIN, -1, -1}, count);
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

/* Moves the runs to a row. */
static void put_row(struct building *b, struct margin *margin, struct row_builder *rb,
                    size_t source, size_t place)
{
    struct md_run *runs = arena_alloc(b->arena, rb->count * sizeof(*runs));

    if (rb->count)
        memcpy(runs, rb->runs, rb->count * sizeof(*runs));
    building_row(b, margin,
                 &(struct md_row){.runs = runs,
                                  .run_count = rb->count,
                                  .width = rb->width,
                                  .source = source,
                                  .place = place});
    rb->count = 0;
    rb->width = 0;
}

static size_t row_bytes(const struct table *t, size_t row)
{
    size_t bytes = 1;

    for (size_t c = 0; c < t->columns; c++)
        bytes += cell_at(t, row, c)->bytes;
    return bytes;
}

static void draw_row(struct building *b, struct margin *margin, const struct table *t, size_t row,
                     struct row_builder *rb)
{
    struct lines *cells = mem_zero(t->columns + 1, sizeof(*cells));
    size_t height = 1, bytes = row_bytes(t, row);

    for (size_t c = 0; c < t->columns; c++) {
        pieces_wrap(&cell_at(t, row, c)->pieces, t->widths[c], &cells[c]);
        height = cells[c].count > height ? cells[c].count : height;
    }
    for (size_t i = 0; i < height; i++) {
        for (size_t c = 0; c < t->columns; c++) {
            if (c > 0)
                put_blanks(b, rb, GAP);
            put_line(b, rb, i < cells[c].count ? &cells[c].items[i] : NULL, t->widths[c],
                     t->right[c]);
        }
        put_row(b, margin, rb, t->sources[row], b->place + (i < bytes ? i : bytes - 1));
    }
    b->place += bytes;
    for (size_t c = 0; c < t->columns; c++)
        free(cells[c].items);
    free(cells);
}

static void draw_rule(struct building *b, struct margin *margin, const struct table *t,
                      struct row_builder *rb)
{
    for (size_t c = 0; c < t->columns; c++) {
        char *line = arena_alloc(b->arena, (size_t)t->widths[c] * 3 + 1);

        if (c > 0)
            put_blanks(b, rb, GAP);
        for (int i = 0; i < t->widths[c]; i++)
            memcpy(line + (size_t)i * 3, "─", 3);
        put_run(rb, (struct md_run){line, (size_t)t->widths[c] * 3, MD_FAINT, -1, -1},
                t->widths[c]);
    }
    put_row(b, margin, rb, t->sources[0], b->place - 1); /* of the header */
}

static void draw_columns(struct building *b, struct margin *margin, const struct table *t)
{
    struct row_builder rb = {0};
    struct md_table *table;

    b->tables = mem_grow(b->tables, &b->table_cap, b->table_count + 1, sizeof(*b->tables));
    table = &b->tables[b->table_count++];
    table->first_row = b->row_count;
    draw_row(b, margin, t, 0, &rb);
    draw_rule(b, margin, t, &rb);
    table->head_rows = b->row_count - table->first_row;
    for (size_t r = 1; r < t->rows; r++)
        draw_row(b, margin, t, r, &rb);
    table->end_row = b->row_count;
    free(rb.runs);
}

/* "header: value". The header was counted where it stands, so that only the value moves on. */
static void draw_field(struct building *b, struct margin *margin, const struct table *t, size_t row,
                       size_t column)
{
    const struct pieces *head = &cell_at(t, 0, column)->pieces;
    const struct pieces *value = &cell_at(t, row, column)->pieces;
    struct pieces both = {.arena = b->arena};
    struct lines lines = {0};
    size_t before;

    for (size_t i = 0; i < head->count; i++)
        pieces_add(&both, &head->items[i].run);
    pieces_add(&both, &(struct md_run){": ", 2, MD_STRONG, -1, -1});
    before = pieces_bytes(&both);
    for (size_t i = 0; i < value->count; i++)
        pieces_add(&both, &value->items[i].run);
    pieces_wrap(&both, building_room(b, margin), &lines);
    for (size_t i = 0; i < lines.count; i++) {
        size_t *at = &lines.items[i].bytes_before;

        *at = *at > before ? *at - before : 0;
    }
    building_lines(b, margin, &lines, cell_at(t, row, column)->bytes, t->sources[row]);
    free(lines.items);
    pieces_finish(&both);
}

/* One row as lines of fields. */
static void draw_card(struct building *b, struct margin *margin, const struct table *t, size_t row)
{
    for (size_t c = 0; c < t->columns; c++)
        draw_field(b, margin, t, row, c);
    if (row + 1 < t->rows)
        building_row(b, margin, &(struct md_row){.source = t->sources[row], .place = b->place});
    b->place++;
}

void layout_table(struct building *b, struct margin *margin, cmark_node *node)
{
    struct table t = {0};

    table_read(b, node, &t);
    building_gap(b, margin, node_source(b, node));
    if (solve(&t, building_room(b, margin))) {
        draw_columns(b, margin, &t);
    } else {
        b->place += t.rows > 1 ? row_bytes(&t, 0) : 0;
        for (size_t r = t.rows > 1 ? 1 : 0; r < t.rows; r++)
            draw_card(b, margin, &t, r);
    }
    table_finish(&t);
}
