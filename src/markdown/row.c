/* row.c - rows and the margins at their left. */
#include <string.h>

#include "strattio/mem.h"

#include "markdown/arena.h"
#include "markdown/layout.h"

enum { MARGIN_SHARE = 2 };

static const char blanks[] = "                                                                ";

int margin_cells(const struct margin *margin)
{
    int cells = 0;

    for (; margin; margin = margin->outer)
        cells += margin->cells;
    return cells;
}

struct margin margin_make(const struct building *b, struct margin *outer, const char *text,
                          bool repeat)
{
    int cells = text_width(text, strlen(text));
    struct margin m = {.outer = outer, .first = text, .style = MD_FAINT, .cells = cells};

    if (cells > building_room(b, outer) / MARGIN_SHARE) {
        m.first = m.rest = "";
        m.cells = 0;
    } else {
        m.rest = repeat ? text : blanks + sizeof(blanks) - 1 - cells;
    }
    return m;
}

static size_t margin_count(const struct margin *margin)
{
    size_t count = 0;

    for (; margin; margin = margin->outer)
        count++;
    return count;
}

static size_t margin_runs(const struct margin *margin, struct md_run *runs)
{
    size_t count = 0;
    const char *text;

    if (!margin)
        return 0;
    count = margin_runs(margin->outer, runs);
    text = margin->used ? margin->rest : margin->first;
    runs[count++] = (struct md_run){text, strlen(text), margin->style, -1, -1};
    return count;
}

static void margin_used(struct margin *margin)
{
    for (; margin; margin = margin->outer)
        margin->used = true;
}

void building_row(struct building *b, struct margin *margin, const struct md_row *row)
{
    size_t margins = margin_count(margin);
    const struct md_run *runs = row->runs;
    struct md_row *out;

    if (margins) {
        struct md_run *all = arena_alloc(b->arena, (row->run_count + margins) * sizeof(*all));

        margin_runs(margin, all);
        margin_used(margin);
        if (row->run_count)
            memcpy(all + margins, row->runs, row->run_count * sizeof(*all));
        runs = all;
    }
    b->rows = mem_grow(b->rows, &b->row_cap, b->row_count + 1, sizeof(*b->rows));
    out = &b->rows[b->row_count++];
    *out = *row;
    out->runs = runs;
    out->run_count = row->run_count + margins;
    out->margin_runs = margins;
    out->margin = margin_cells(margin);
    out->width = out->margin + row->width;
    b->widest = out->width > b->widest ? out->width : b->widest;
}

void building_lines(struct building *b, struct margin *margin, const struct lines *lines,
                    size_t bytes, size_t source)
{
    for (size_t i = 0; i < lines->count; i++) {
        const struct line *line = &lines->items[i];

        building_row(b, margin,
                     &(struct md_row){.runs = line->runs,
                                      .run_count = line->run_count,
                                      .width = line->width,
                                      .end = line->end,
                                      .source = source + line->bytes_before,
                                      .place = b->place + line->bytes_before});
    }
    b->place += bytes;
}

void building_gap(struct building *b, struct margin *margin, size_t source)
{
    if (b->gap && b->row_count > 0) {
        struct margin *m = margin;

        /* A bullet belongs to the text, not to the gap above it. */
        while (m && !m->used)
            m = m->outer;
        building_row(b, m, &(struct md_row){.source = source, .place = b->place});
    }
    b->gap = false;
}

int building_room(const struct building *b, const struct margin *margin)
{
    int left = b->width - margin_cells(margin);

    return left > 0 ? left : 1;
}

size_t line_source(const struct building *b, int line)
{
    if (line < 1)
        return 0;
    return (size_t)line <= b->line_count ? b->line_starts[line - 1] : b->text_len;
}

size_t node_source(const struct building *b, cmark_node *node)
{
    return line_source(b, cmark_node_get_start_line(node));
}
