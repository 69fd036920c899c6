/* layout.c - blocks to rows. Text is parsed by cmark-gfm and walked once; each block asks for its
 * inlines as pieces, wraps them to what its margins leave, and adds rows. A blank row stands
 * between blocks, none inside a tight list. */
#include "markdown/layout.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "markdown/arena.h"
#include "markdown/mark.h"

enum { TEXT_LIMIT = 16 * 1024 * 1024, DEPTH_LIMIT = 40, MARGIN_SHARE = 2 };

static const char blanks[] = "                                                                ";

/* ---- rows
 * ---------------------------------------------------------------------------------------- */

int margin_cells(const struct margin *margin)
{
    int cells = 0;

    for (; margin; margin = margin->outer)
        cells += margin->cells;
    return cells;
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
    runs[count++] = (struct md_run){text, strlen(text), margin->style, -1};
    return count;
}

static void margin_used(struct margin *margin)
{
    for (; margin; margin = margin->outer)
        margin->used = true;
}

void building_row(struct building *b, struct margin *margin, const struct md_run *runs,
                  size_t count, int width, size_t source)
{
    struct md_run *all = arena_alloc(b->arena, (count + margin_count(margin)) * sizeof(*all));
    size_t margins = margin_runs(margin, all);

    margin_used(margin);
    if (count)
        memcpy(all + margins, runs, count * sizeof(*all));
    b->rows = mem_grow(b->rows, &b->row_cap, b->row_count + 1, sizeof(*b->rows));
    b->rows[b->row_count++] = (struct md_row){
        .runs = all,
        .run_count = margins + count,
        .width = margin_cells(margin) + width,
        .source = source,
    };
}

void building_gap(struct building *b, struct margin *margin, size_t source)
{
    if (b->gap && b->row_count > 0) {
        struct margin *m = margin;

        /* A bullet belongs to the text, not to the gap above it. */
        while (m && !m->used)
            m = m->outer;
        building_row(b, m, NULL, 0, 0, source);
    }
    b->gap = false;
}

size_t node_source(const struct building *b, cmark_node *node)
{
    int line = cmark_node_get_start_line(node);

    return line > 0 && (size_t)line <= b->line_count ? b->line_starts[line - 1] : 0;
}

static int room(const struct building *b, const struct margin *margin)
{
    int left = b->width - margin_cells(margin);

    return left > 0 ? left : 1;
}

static void put_pieces(struct building *b, struct margin *margin, const struct pieces *pieces,
                       bool wrap_words, size_t source)
{
    struct lines lines = {0};

    pieces_wrap(pieces, room(b, margin), wrap_words, &lines);
    for (size_t i = 0; i < lines.count; i++)
        building_row(b, margin, lines.items[i].runs, lines.items[i].run_count, lines.items[i].width,
                     source + lines.items[i].bytes_before);
    free(lines.items);
}

/* ---- blocks
 * -------------------------------------------------------------------------------------- */

static void layout_children(struct building *b, struct margin *margin, cmark_node *node);

static void layout_text(struct building *b, struct margin *margin, cmark_node *node, unsigned style)
{
    struct pieces pieces = {0};
    size_t source = node_source(b, node);

    building_gap(b, margin, source);
    inline_pieces(b, node, style, &pieces);
    put_pieces(b, margin, &pieces, true, source);
    pieces_finish(&pieces);
}

static void layout_heading(struct building *b, struct margin *margin, cmark_node *node)
{
    struct pieces pieces = {0};
    struct strbuf text;
    size_t source = node_source(b, node);

    building_gap(b, margin, source);
    inline_pieces(b, node, MD_HEADING | MD_STRONG, &pieces);
    strbuf_init(&text, 4096);
    for (size_t i = 0; i < pieces.count; i++)
        strbuf_add(&text, pieces.items[i].text, pieces.items[i].len);
    b->headings =
        mem_grow(b->headings, &b->heading_cap, b->heading_count + 1, sizeof(*b->headings));
    b->headings[b->heading_count++] =
        (struct md_heading){cmark_node_get_heading_level(node), b->row_count,
                            arena_copy(b->arena, text.data, text.len)};
    strbuf_finish(&text);
    put_pieces(b, margin, &pieces, true, source);
    pieces_finish(&pieces);
}

/* Code and raw HTML: line by line as written; tabs to the next multiple of four. */
static void layout_verbatim(struct building *b, struct margin *margin, cmark_node *node,
                            unsigned style)
{
    const char *text = cmark_node_get_literal(node);
    size_t source = node_source(b, node);

    building_gap(b, margin, source);
    while (text && *text) {
        size_t len = strcspn(text, "\n");
        struct pieces pieces = {.arena = b->arena};
        struct strbuf line;

        strbuf_init(&line, TEXT_LIMIT);
        for (size_t i = 0; i < len; i++) {
            if (text[i] == '\t')
                strbuf_fill(&line, ' ', 4 - line.len % 4);
            else
                strbuf_char(&line, text[i]);
        }
        pieces_add(&pieces, arena_copy(b->arena, line.data, line.len), line.len,
                   style | b->base_style, -1);
        put_pieces(b, margin, &pieces, false, source);
        strbuf_finish(&line);
        pieces_finish(&pieces);
        source += len + 1;
        text += len + (text[len] == '\n');
    }
}

static void layout_rule(struct building *b, struct margin *margin, cmark_node *node)
{
    int width = room(b, margin);
    char *line = arena_alloc(b->arena, (size_t)width * 3 + 1);
    struct md_run run = {line, (size_t)width * 3, MD_FAINT, -1};

    building_gap(b, margin, node_source(b, node));
    for (int i = 0; i < width; i++)
        memcpy(line + (size_t)i * 3, "─", 3);
    building_row(b, margin, &run, 1, width, node_source(b, node));
}

/* A margin of `text` as wide as it is, but never more than half of the room. */
static struct margin make_margin(const struct building *b, struct margin *outer, const char *text,
                                 bool repeat)
{
    int cells = text_width(text, strlen(text));
    struct margin m = {.outer = outer, .first = text, .style = MD_FAINT, .cells = cells};

    if (cells > room(b, outer) / MARGIN_SHARE) {
        m.first = m.rest = "";
        m.cells = 0;
    } else {
        m.rest = repeat ? text : blanks + sizeof(blanks) - 1 - cells;
    }
    return m;
}

static void layout_quote(struct building *b, struct margin *margin, cmark_node *node)
{
    struct margin m;
    unsigned outer = b->base_style;

    building_gap(b, margin, node_source(b, node));
    m = make_margin(b, margin, "│ ", true);
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
        struct margin m = make_margin(b, margin, item_marker(b, list, item, number++), false);

        if (item != cmark_node_first_child(list) && !tight)
            b->gap = true;
        layout_children(b, &m, item);
        if (!m.used) { /* an empty item still shows */
            building_row(b, &m, NULL, 0, 0, node_source(b, item));
        }
        b->gap = false;
    }
}

static void layout_footnote(struct building *b, struct margin *margin, cmark_node *node, int number)
{
    char text[24];
    struct margin m;

    snprintf(text, sizeof(text), "[%d] ", number);
    building_gap(b, margin, node_source(b, node));
    m = make_margin(b, margin, arena_copy(b->arena, text, strlen(text)), false);
    layout_children(b, &m, node);
    b->gap = false;
}

static void layout_block(struct building *b, struct margin *margin, cmark_node *node)
{
    cmark_node_type type = cmark_node_get_type(node);

    if (type == CMARK_NODE_HEADING)
        layout_heading(b, margin, node);
    else if (type == CMARK_NODE_CODE_BLOCK)
        layout_verbatim(b, margin, node, MD_CODE);
    else if (type == CMARK_NODE_HTML_BLOCK)
        layout_verbatim(b, margin, node, MD_FAINT);
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
    int footnote = 0;
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
        if (cmark_node_get_type(child) == CMARK_NODE_FOOTNOTE_DEFINITION) {
            b->gap = footnote == 0;
            layout_footnote(b, margin, child, ++footnote);
        } else {
            layout_block(b, margin, child);
        }
    }
    b->depth--;
}

/* ---- the whole
 * ------------------------------------------------------------------------------------ */

static void register_extensions(void)
{
    cmark_gfm_core_extensions_ensure_registered();
}

cmark_node *layout_parse(const char *text, size_t len)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    static const char *const names[] = {"table", "strikethrough", "tasklist"};
    cmark_parser *parser;
    cmark_node *root;

    pthread_once(&once, register_extensions);
    parser = cmark_parser_new(CMARK_OPT_FOOTNOTES | CMARK_OPT_VALIDATE_UTF8);
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension(names[i]));
    cmark_parser_feed(parser, text, len);
    root = cmark_parser_finish(parser);
    cmark_parser_free(parser);
    return root;
}

static size_t *find_lines(const char *text, size_t len, size_t *count)
{
    size_t cap = 0, *starts = mem_grow(NULL, &cap, 1, sizeof(*starts));

    starts[0] = 0;
    *count = 1;
    for (size_t i = 0; i < len; i++) {
        if (text[i] != '\n')
            continue;
        starts = mem_grow(starts, &cap, *count + 1, sizeof(*starts));
        starts[(*count)++] = i + 1;
    }
    return starts;
}

struct md_layout *md_layout_create(const char *text, size_t len, int width,
                                   const struct md_mark *marks, size_t mark_count, struct err *err)
{
    struct building b = {.width = width > 0 ? width : 1};
    struct md_layout *layout;
    struct strbuf signed_text;
    cmark_node *root;
    size_t *starts;

    if (len > TEXT_LIMIT) {
        err_set(err, ERR_LIMIT, 0, "The text is larger than 16 MiB.");
        return NULL;
    }
    strbuf_init(&signed_text, 4 * (size_t)TEXT_LIMIT);
    mark_write(text, len, marks, mark_count, &signed_text);
    root = layout_parse(signed_text.data, signed_text.len);
    strbuf_finish(&signed_text);
    starts = find_lines(text, len, &b.line_count);
    b.line_starts = starts;
    b.arena = arena_create();
    layout_children(&b, NULL, root);
    cmark_node_free(root);
    free(starts);
    layout = arena_alloc(b.arena, sizeof(*layout));
    *layout = (struct md_layout){b.rows, b.row_count, b.headings, b.heading_count, b.arena};
    return layout;
}

void md_layout_free(struct md_layout *layout)
{
    if (!layout)
        return;
    free(layout->rows);
    free(layout->headings);
    arena_free(layout->arena);
}
