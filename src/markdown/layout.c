/* layout.c - blocks to rows. Text is parsed by cmark-gfm and walked once; each block asks for its
 * inlines as pieces, wraps them to what its margins leave, and adds rows. A blank row stands
 * between blocks, none inside a tight list. Below the text stand the footnotes and then the
 * addresses of its links, numbered on. */
#include "markdown/layout.h"

#include <cmark-gfm-core-extensions.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "markdown/arena.h"
#include "markdown/mark.h"
#include "markdown/tree.h"

enum { TEXT_LIMIT = 16 * 1024 * 1024, DEPTH_LIMIT = 40 };

static void put_pieces(struct building *b, struct margin *margin, const struct pieces *pieces,
                       size_t source)
{
    struct lines lines = {0};

    pieces_wrap(pieces, building_room(b, margin), &lines);
    building_lines(b, margin, &lines, pieces_bytes(pieces), source);
    free(lines.items);
}

/* ---- blocks -------------------------------------------------------------------------------- */

static void layout_children(struct building *b, struct margin *margin, cmark_node *node);

static void layout_text(struct building *b, struct margin *margin, cmark_node *node, unsigned style)
{
    struct pieces pieces = {0};
    size_t source = node_source(b, node);

    building_gap(b, margin, source);
    inline_pieces(b, node, style, &pieces);
    put_pieces(b, margin, &pieces, source);
    pieces_finish(&pieces);
}

/* By weight, since a terminal has one size: the first two levels are bold. */
static unsigned heading_style(int level)
{
    return MD_HEADING | (level <= 2 ? MD_STRONG : level >= 4 ? MD_EMPH : 0u);
}

static void layout_heading(struct building *b, struct margin *margin, cmark_node *node)
{
    int level = cmark_node_get_heading_level(node);
    struct pieces pieces = {0};
    size_t source = node_source(b, node);

    building_gap(b, margin, source);
    inline_pieces(b, node, heading_style(level), &pieces);
    b->headings =
        mem_grow(b->headings, &b->heading_cap, b->heading_count + 1, sizeof(*b->headings));
    b->headings[b->heading_count++] =
        (struct md_heading){level, b->row_count, pieces_text(&pieces)};
    put_pieces(b, margin, &pieces, source);
    pieces_finish(&pieces);
}

/* A line as written, in the arena; tabs go to the next multiple of four. */
static char *without_tabs(struct building *b, const char *text, size_t len, size_t *out_len)
{
    size_t tabs = 0, at = 0;
    char *line;

    for (size_t i = 0; i < len; i++)
        tabs += text[i] == '\t';
    *out_len = len;
    if (!tabs)
        return arena_text(b->arena, text, len);
    line = arena_alloc(b->arena, len + 3 * tabs);
    for (size_t i = 0; i < len; i++) {
        line[at++] = text[i] == '\t' ? ' ' : text[i];
        while (text[i] == '\t' && at % 4)
            line[at++] = ' ';
    }
    *out_len = at;
    return line;
}

/* One line of code is one row however long it is. */
static void put_code(struct building *b, struct margin *margin, struct md_run *run, size_t source)
{
    building_row(b, margin,
                 &(struct md_row){.runs = run,
                                  .run_count = run->len > 0,
                                  .width = text_width(run->text, run->len),
                                  .wide = true,
                                  .source = source,
                                  .place = b->place});
    b->place += run->len + 1;
}

static void put_raw(struct building *b, struct margin *margin, struct md_run *run, size_t source)
{
    struct pieces pieces = {.arena = b->arena};

    pieces_add(&pieces, run);
    put_pieces(b, margin, &pieces, source);
    pieces_finish(&pieces);
}

/* Code and raw HTML: line by line as written. Code keeps its lines, HTML is wrapped like text. */
static void layout_verbatim(struct building *b, struct margin *margin, cmark_node *node, bool code)
{
    const char *text = cmark_node_get_literal(node);
    int line = cmark_node_get_start_line(node), fence_len, fence_offset;
    char fence_char;

    building_gap(b, margin, node_source(b, node));
    line += code && cmark_node_get_fenced(node, &fence_len, &fence_offset, &fence_char);
    for (; text && *text; line++) {
        size_t len = strcspn(text, "\n");
        struct md_run *run = arena_alloc(b->arena, sizeof(*run));

        *run = (struct md_run){
            .style = (code ? MD_CODE : MD_FAINT) | b->base_style, .figure = -1, .link = -1};
        run->text = without_tabs(b, text, len, &run->len);
        (code ? put_code : put_raw)(b, margin, run, line_source(b, line));
        text += len + (text[len] == '\n');
    }
}

static void layout_rule(struct building *b, struct margin *margin, cmark_node *node)
{
    int width = building_room(b, margin);
    char *line = arena_alloc(b->arena, (size_t)width * 3 + 1);
    struct md_run *run = arena_alloc(b->arena, sizeof(*run));

    building_gap(b, margin, node_source(b, node));
    for (int i = 0; i < width; i++)
        memcpy(line + (size_t)i * 3, "─", 3);
    *run = (struct md_run){line, (size_t)width * 3, MD_FAINT, -1, -1};
    building_row(b, margin,
                 &(struct md_row){.runs = run,
                                  .run_count = 1,
                                  .width = width,
                                  .source = node_source(b, node),
                                  .place = b->place});
    b->place++;
}

static void layout_quote(struct building *b, struct margin *margin, cmark_node *node)
{
    struct margin m;
    unsigned outer = b->base_style;

    building_gap(b, margin, node_source(b, node));
    m = margin_make(b, margin, "│ ", true);
    b->base_style |= MD_QUOTE;
    layout_children(b, &m, node);
    b->base_style = outer;
}

static const char *item_marker(struct building *b, cmark_node *list, cmark_node *item, int number)
{
    char text[24];

    if (strcmp(cmark_node_get_type_string(item), "tasklist") == 0)
        return cmark_gfm_extensions_get_tasklist_item_checked(item) ? "[x] " : "[ ] ";
    if (cmark_node_get_list_type(list) == CMARK_BULLET_LIST)
        return "• ";
    snprintf(text, sizeof(text), "%d. ", number);
    return arena_copy(b->arena, text, strlen(text));
}

static void layout_list(struct building *b, struct margin *margin, cmark_node *list)
{
    int number = cmark_node_get_list_start(list);
    bool tight = cmark_node_get_list_tight(list);

    building_gap(b, margin, node_source(b, list));
    for (cmark_node *item = cmark_node_first_child(list); item; item = cmark_node_next(item)) {
        struct margin m = margin_make(b, margin, item_marker(b, list, item, number++), false);

        if (item != cmark_node_first_child(list) && !tight)
            b->gap = true;
        layout_children(b, &m, item);
        if (!m.used) { /* an empty item still shows */
            building_row(b, &m,
                         &(struct md_row){.source = node_source(b, item), .place = b->place});
        }
        b->gap = false;
    }
}

static void layout_footnote(struct building *b, struct margin *margin, cmark_node *node)
{
    char text[24];
    struct margin m;

    building_gap(b, margin, node_source(b, node));
    b->notes = mem_grow(b->notes, &b->note_cap, b->note_count + 1, sizeof(*b->notes));
    b->notes[b->note_count++].first_row = b->row_count;
    snprintf(text, sizeof(text), "[%zu] ", b->note_count);
    m = margin_make(b, margin, arena_copy(b->arena, text, strlen(text)), false);
    layout_children(b, &m, node);
    b->notes[b->note_count - 1].end_row = b->row_count;
    b->gap = false;
}

static void layout_block(struct building *b, struct margin *margin, cmark_node *node)
{
    cmark_node_type type = cmark_node_get_type(node);

    if (type == CMARK_NODE_HEADING)
        layout_heading(b, margin, node);
    else if (type == CMARK_NODE_CODE_BLOCK)
        layout_verbatim(b, margin, node, true);
    else if (type == CMARK_NODE_HTML_BLOCK)
        layout_verbatim(b, margin, node, false);
    else if (type == CMARK_NODE_THEMATIC_BREAK)
        layout_rule(b, margin, node);
    else if (type == CMARK_NODE_BLOCK_QUOTE)
        layout_quote(b, margin, node);
    else if (type == CMARK_NODE_LIST)
        layout_list(b, margin, node);
    else if (strcmp(cmark_node_get_type_string(node), "table") == 0)
        layout_table(b, margin, node);
    else
        layout_text(b, margin, node, MD_PLAIN);
}

static void layout_children(struct building *b, struct margin *margin, cmark_node *node)
{
    bool tight = cmark_node_get_type(node) == CMARK_NODE_ITEM &&
                 cmark_node_get_list_tight(cmark_node_parent(node));

    if (b->depth >= DEPTH_LIMIT) { /* deeper than anybody writes: its text as one paragraph */
        layout_text(b, margin, node, MD_PLAIN);
        return;
    }
    b->depth++;
    for (cmark_node *child = cmark_node_first_child(node); child; child = cmark_node_next(child)) {
        if (child != cmark_node_first_child(node) && !tight)
            b->gap = true;
        layout_block(b, margin, child);
    }
    b->depth--;
}

/* ---- the whole ----------------------------------------------------------------------------- */

static bool is_note(cmark_node *node)
{
    return cmark_node_get_type(node) == CMARK_NODE_FOOTNOTE_DEFINITION;
}

static void add_block(struct building *b, cmark_node *node, size_t first_row)
{
    size_t start = node_source(b, node), end = line_source(b, cmark_node_get_end_line(node) + 1);

    /* Without the blank row above. */
    if (first_row > 0 && first_row < b->row_count && b->rows[first_row].run_count == 0)
        first_row++;
    b->blocks = mem_grow(b->blocks, &b->block_cap, b->block_count + 1, sizeof(*b->blocks));
    b->blocks[b->block_count++] = (struct md_block){
        start, end > start ? end : b->text_len, first_row, b->row_count,
        cmark_node_get_type(node) == CMARK_NODE_HEADING ? cmark_node_get_heading_level(node) : 0};
}

static void layout_root(struct building *b, cmark_node *root)
{
    for (cmark_node *node = cmark_node_first_child(root); node; node = cmark_node_next(node)) {
        size_t row = b->row_count;

        b->gap = !is_note(node) || b->note_count == 0;
        if (is_note(node))
            layout_footnote(b, NULL, node);
        else
            layout_block(b, NULL, node);
        add_block(b, node, row);
    }
}

/* "[4] https://…": the addresses of what is numbered in the text. */
static void list_links(struct building *b)
{
    size_t count = b->link_count;

    b->gap = b->note_count == 0;
    for (size_t i = 0; i < count; i++) {
        const struct md_link *link = &b->links[i];
        struct pieces pieces = {.arena = b->arena};
        struct margin m;
        char text[24];

        if (link->kind == MD_LINK_NOTE || !link->number)
            continue;
        building_gap(b, NULL, b->text_len);
        snprintf(text, sizeof(text), "[%d] ", link->number);
        m = margin_make(b, NULL, arena_copy(b->arena, text, strlen(text)), false);
        pieces_add(&pieces, &(struct md_run){link->url, strlen(link->url), MD_LINK, -1, (int)i});
        if (*link->title) {
            char *title = mem_printf(" “%s”", link->title);

            pieces_add(&pieces, &(struct md_run){arena_copy(b->arena, title, strlen(title)),
                                                 strlen(title), MD_FAINT, -1, -1});
            free(title);
        }
        put_pieces(b, &m, &pieces, b->text_len);
        pieces_finish(&pieces);
    }
}

static size_t *find_lines(const char *text, size_t len, size_t *count)
{
    size_t cap = 0, *starts = mem_grow(NULL, &cap, len / 40 + 16, sizeof(*starts));
    const char *at = text, *end = text + len;

    starts[0] = 0;
    *count = 1;
    while (at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        at++;
        starts = mem_grow(starts, &cap, *count + 1, sizeof(*starts));
        starts[(*count)++] = (size_t)(at - text);
    }
    return starts;
}

static struct md_layout *take_layout(const struct building *b)
{
    struct md_layout *layout = arena_alloc(b->arena, sizeof(*layout));

    *layout = (struct md_layout){
        .rows = b->rows,
        .row_count = b->row_count,
        .headings = b->headings,
        .heading_count = b->heading_count,
        .links = b->links,
        .link_count = b->link_count,
        .notes = b->notes,
        .note_count = b->note_count,
        .blocks = b->blocks,
        .block_count = b->block_count,
        .tables = b->tables,
        .table_count = b->table_count,
        .widest = b->widest,
        .arena = b->arena,
    };
    return layout;
}

struct md_layout *md_layout_create(const char *text, size_t len, int width,
                                   const struct md_mark *marks, size_t mark_count, struct err *err)
{
    struct building b = {.width = width > 0 ? width : 1, .text_len = len};
    struct arena *memory;
    struct strbuf signed_text;
    cmark_node *root;
    size_t *starts;

    if (len > TEXT_LIMIT) {
        err_set(err, ERR_LIMIT, 0, "The text is larger than 16 MiB.");
        return NULL;
    }
    memory = arena_create();
    strbuf_init(&signed_text, 4 * (size_t)TEXT_LIMIT);
    mark_write(text, len, marks, mark_count, &signed_text);
    root = tree_parse(signed_text.data, signed_text.len, memory);
    strbuf_finish(&signed_text);
    starts = find_lines(text, len, &b.line_count);
    b.line_starts = starts;
    b.arena = arena_create();
    b.numbered = tree_notes(root);
    layout_root(&b, root);
    list_links(&b);
    tree_done();
    arena_free(memory);
    free(starts);
    return take_layout(&b);
}

void md_layout_free(struct md_layout *layout)
{
    if (!layout)
        return;
    free(layout->rows);
    free(layout->headings);
    free(layout->links);
    free(layout->notes);
    free(layout->blocks);
    free(layout->tables);
    arena_free(layout->arena);
}

/* Of the rows with that place the first that is not blank: the others are gaps above it. */
size_t md_row_at(const struct md_layout *layout, size_t place)
{
    size_t low = 0, high = layout->row_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (layout->rows[middle].place <= place)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return 0;
    low--;
    while (low > 0 && layout->rows[low - 1].place == layout->rows[low].place &&
           layout->rows[low - 1].run_count > layout->rows[low - 1].margin_runs)
        low--;
    return low;
}
