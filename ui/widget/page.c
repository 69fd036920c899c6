/* page.c - a document to read. A layout is made for one width; what keeps the place when the width or the
 * text changes is not the row but the place in the text that the top row began at, and it stays the
 * same however often the width changes until somebody scrolls. */
#include "widget/page.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"

enum {
    WHEEL_ROWS = 3,
    SIDE_STEP = 8,
    GUTTER = 2,     /* cells left of the text: marks of what is wrong */
    HEAD_MOST = 3,  /* rows of a header that may stay */
    HEAD_SHARE = 4, /* of the page at most one in this many */
    USUAL_WIDTH = 80,
    NARROWEST = 12, /* below this all cells are text */
};

void page_init(struct page *p)
{
    *p = (struct page){.spot = -1};
}

static void drop_layout(struct page *p)
{
    md_layout_free(p->layout);
    p->layout = NULL;
}

void page_finish(struct page *p)
{
    drop_layout(p);
    free(p->text);
    free(p->marks);
    free(p->hits);
    free(p->spots);
    page_init(p);
}

static size_t row_count(const struct page *p)
{
    return p->layout ? p->layout->row_count : 0;
}

static size_t shown_rows(const struct page *p)
{
    return p->shown > 0 ? (size_t)p->shown : 1;
}

static size_t last_top(const struct page *p)
{
    return row_count(p) > shown_rows(p) ? row_count(p) - shown_rows(p) : 0;
}

/* The row that is drawn first: `top`, unless that would leave rows of the page empty. */
static size_t first_row(const struct page *p)
{
    return p->top < last_top(p) ? p->top : last_top(p);
}

/* ---- spots --------------------------------------------------------------------------------- */

const struct page_spot *page_spot(const struct page *p)
{
    return p->spot >= 0 && (size_t)p->spot < p->spot_count ? &p->spots[p->spot] : NULL;
}

/* The spot of mark or link `index`, or -1. */
static int find_spot(const struct page *p, int kind, int index)
{
    for (size_t i = 0; i < p->spot_count; i++)
        if ((int)p->spots[i].kind == kind && p->spots[i].index == index)
            return (int)i;
    return -1;
}

struct collecting {
    bool *marks, *links; /* by index: seen */
    size_t row;
    int col;
};

static void add_spot(struct page *p, struct collecting *c, int kind, int index, unsigned style)
{
    bool *seen = kind == SPOT_MARK ? c->marks : c->links;

    if (index < 0 || seen[index])
        return;
    seen[index] = true;
    p->spots = mem_grow(p->spots, &p->spot_cap, p->spot_count + 1, sizeof *p->spots);
    p->spots[p->spot_count++] =
        (struct page_spot){kind == SPOT_MARK ? SPOT_MARK : SPOT_LINK, index, style, c->row, c->col};
}

static void collect_row(struct page *p, struct collecting *c, const struct md_row *row)
{
    c->col = 0;
    for (size_t i = 0; i < row->run_count; i++) {
        const struct md_run *run = &row->runs[i];

        add_spot(p, c, SPOT_MARK, run->figure, run->style);
        add_spot(p, c, SPOT_LINK, run->link, run->style);
        c->col += text_width(run->text, run->len);
    }
}

static bool has_spot(const struct md_row *row)
{
    for (size_t i = 0; i < row->run_count; i++)
        if (row->runs[i].figure >= 0 || row->runs[i].link >= 0)
            return true;
    return false;
}

static void collect_spots(struct page *p)
{
    struct collecting c = {
        .marks = mem_zero(p->mark_count + 1, sizeof *c.marks),
        .links = mem_zero(p->layout->link_count + 1, sizeof *c.links),
    };

    p->spot_count = 0;
    for (c.row = 0; c.row < row_count(p); c.row++)
        if (has_spot(&p->layout->rows[c.row]))
            collect_row(p, &c, &p->layout->rows[c.row]);
    free(c.marks);
    free(c.links);
}

/* ---- layout -------------------------------------------------------------------------------- */

static void find_matches(struct page *p)
{
    free(p->hits);
    p->hits = NULL;
    p->hit_count = p->search[0] && p->layout ? md_find(p->layout, p->search, &p->hits) : 0;
    if (p->hit >= p->hit_count)
        p->hit = 0;
}

static bool lay_out(struct page *p, int width, struct err *err)
{
    const struct page_spot *old = page_spot(p);
    struct page_spot kept = old ? *old : (struct page_spot){.index = -1};
    struct md_layout *layout;

    if (p->layout && p->width == width)
        return true;
    layout = md_layout_create(p->text ? p->text : "", p->len, width, p->marks, p->mark_count, err);
    if (!layout)
        return false;
    drop_layout(p);
    p->layout = layout;
    p->width = width;
    p->top = p->place ? md_row_at(layout, p->place) : 0;
    if (!page_has_side(p))
        p->side = 0;
    collect_spots(p);
    p->spot = find_spot(p, (int)kept.kind, kept.index);
    find_matches(p);
    return true;
}

void page_set(struct page *p, const char *text, size_t len, const struct md_mark *marks,
              size_t mark_count)
{
    struct err ignored = {0};
    int width = p->width;

    free(p->text);
    free(p->marks);
    p->text = mem_copy(text, len);
    p->len = len;
    p->marks = mark_count ? mem_copy(marks, mark_count * sizeof *marks) : NULL;
    p->mark_count = mark_count;
    if (!p->layout)
        return;
    p->width = 0; /* none: lay out anew */
    if (!lay_out(p, width, &ignored))
        drop_layout(p);
}

/* ---- moving -------------------------------------------------------------------------------- */

static void scroll_to(struct page *p, size_t row)
{
    p->top = row < last_top(p) ? row : last_top(p);
    p->place = p->top > 0 && p->top < row_count(p) ? p->layout->rows[p->top].place : 0;
}

static void scroll_by(struct page *p, long rows)
{
    size_t step = (size_t)(rows < 0 ? -rows : rows), top = first_row(p);

    if (rows < 0)
        scroll_to(p, top > step ? top - step : 0);
    else
        scroll_to(p, top + step);
}

/* The table whose header stays in sight when `top` is the first row, or NULL. */
static const struct md_table *held_table(const struct page *p, size_t top)
{
    for (size_t i = 0; p->layout && i < p->layout->table_count; i++) {
        const struct md_table *t = &p->layout->tables[i];

        if (t->first_row < top && top + t->head_rows < t->end_row)
            return t->head_rows <= HEAD_MOST && t->head_rows * HEAD_SHARE <= shown_rows(p) ? t
                                                                                           : NULL;
    }
    return NULL;
}

/* Rows at the top of the page that a held header covers. */
static size_t held_rows(const struct page *p, size_t top)
{
    const struct md_table *t = held_table(p, top);

    return t ? t->head_rows : 0;
}

/* Scrolls as little as needed to show the row. */
static void show_row(struct page *p, size_t row)
{
    size_t shown = shown_rows(p), top = first_row(p);

    if (row < top + held_rows(p, top)) {
        scroll_to(p, row);
        if (held_rows(p, p->top) && p->top == row)
            scroll_to(p, row - held_rows(p, p->top));
    } else if (row >= top + shown) {
        scroll_to(p, row - shown + 1 + shown / 3); /* with some of what follows */
    }
}

/* One row that was seen stays in sight, also below a held header. */
static void page_down(struct page *p)
{
    size_t top = first_row(p) + (shown_rows(p) > 1 ? shown_rows(p) - 1 : 1);

    scroll_to(p, top - (top < last_top(p) ? held_rows(p, top) : 0));
}

static void page_up(struct page *p)
{
    size_t seen = first_row(p) + held_rows(p, first_row(p));
    size_t step = shown_rows(p) > 1 ? shown_rows(p) - 1 : 1;

    scroll_to(p, seen > step ? seen - step : 0);
}

bool page_act(struct page *p, enum action a)
{
    long half = p->shown > 2 ? p->shown / 2 : 1;

    switch (a) {
    case ACTION_LIST_UP:
        scroll_by(p, -1);
        return true;
    case ACTION_LIST_DOWN:
        scroll_by(p, 1);
        return true;
    case ACTION_LIST_PAGE_UP:
        page_up(p);
        return true;
    case ACTION_LIST_PAGE_DOWN:
        page_down(p);
        return true;
    case ACTION_LIST_HALF_UP:
        scroll_by(p, -half);
        return true;
    case ACTION_LIST_HALF_DOWN:
        scroll_by(p, half);
        return true;
    case ACTION_LIST_TOP:
        scroll_to(p, 0);
        return true;
    case ACTION_LIST_BOTTOM:
        page_to_end(p);
        return true;
    default:
        return false;
    }
}

void page_to_row(struct page *p, size_t row)
{
    scroll_to(p, row);
}

void page_to_end(struct page *p)
{
    scroll_to(p, last_top(p));
}

bool page_at_end(const struct page *p)
{
    return p->top >= last_top(p);
}

/* Something is to be found in it before it was ever drawn. */
static void need_layout(struct page *p)
{
    struct err ignored = {0};

    if (!p->layout && !lay_out(p, USUAL_WIDTH, &ignored))
        drop_layout(p);
}

void page_to_heading(struct page *p, size_t heading)
{
    need_layout(p);
    if (p->layout && heading < p->layout->heading_count)
        scroll_to(p, p->layout->headings[heading].row);
}

size_t page_heading(const struct page *p)
{
    size_t heading = 0;

    for (size_t i = 0; p->layout && i < p->layout->heading_count; i++)
        if (p->layout->headings[i].row <= first_row(p))
            heading = i;
    return heading;
}

bool page_has_side(const struct page *p)
{
    return p->layout && p->layout->widest > p->width;
}

void page_move_side(struct page *p, bool left)
{
    int most = page_has_side(p) ? p->layout->widest - p->width : 0;

    p->side += left ? -SIDE_STEP : SIDE_STEP;
    p->side = p->side > most ? most : p->side < 0 ? 0 : p->side;
}

/* Moves code so that cells col..end of a row are in sight. */
static void show_cols(struct page *p, size_t row, int col, int end)
{
    if (!p->layout->rows[row].wide)
        return;
    if (col - p->side < p->layout->rows[row].margin || end - p->side > p->width)
        p->side = end > p->width ? end - p->width : 0;
}

/* ---- search -------------------------------------------------------------------------------- */

static void show_hit(struct page *p)
{
    const struct md_hit *hit = &p->hits[p->hit];

    show_row(p, hit->row);
    show_cols(p, hit->row, hit->col, hit->row == hit->end_row ? hit->end_col : hit->col + 1);
}

size_t page_search(struct page *p, const char *text)
{
    size_t len = strnlen(text, sizeof p->search - 1);

    memcpy(p->search, text, len);
    p->search[len] = '\0';
    p->hit = 0;
    need_layout(p);
    find_matches(p);
    while (p->hit + 1 < p->hit_count && p->hits[p->hit].row < first_row(p))
        p->hit++;
    if (p->hit_count && p->hits[p->hit].row < first_row(p))
        p->hit = 0;
    if (p->hit_count)
        show_hit(p);
    return p->hit_count;
}

void page_next_match(struct page *p, bool backwards)
{
    if (!p->hit_count)
        return;
    p->hit = (p->hit + (backwards ? p->hit_count - 1 : 1)) % p->hit_count;
    show_hit(p);
}

/* ---- walking ------------------------------------------------------------------------------- */

/* Where a walk without a selected spot begins: before the first, or behind the last, in sight. */
static size_t walk_start(const struct page *p, bool backwards)
{
    size_t top = first_row(p), i = 0;

    if (p->spot >= 0)
        return (size_t)p->spot;
    while (i < p->spot_count && p->spots[i].row < top + (backwards ? shown_rows(p) : 0))
        i++;
    return backwards ? i : (i + p->spot_count - 1) % p->spot_count;
}

bool page_walk(struct page *p, bool backwards, unsigned styles)
{
    size_t at;

    if (!p->spot_count)
        return false;
    at = walk_start(p, backwards);
    for (size_t tried = 0; tried < p->spot_count; tried++) {
        at = (at + (backwards ? p->spot_count - 1 : 1)) % p->spot_count;
        if (styles && !(p->spots[at].style & styles))
            continue;
        p->spot = (int)at;
        show_row(p, p->spots[at].row);
        return true;
    }
    return false;
}

const struct md_block *page_block(const struct page *p)
{
    const struct page_spot *spot = page_spot(p);
    size_t row = spot           ? spot->row
                 : p->hit_count ? p->hits[p->hit].row
                                : first_row(p) + held_rows(p, first_row(p));
    const struct md_block *block = NULL;

    for (size_t i = 0; p->layout && i < p->layout->block_count; i++) {
        block = &p->layout->blocks[i];
        if (row < block->end_row)
            break;
    }
    return block;
}

/* The spot drawn at this cell of the text, or -1. */
static int spot_at(const struct page *p, int y, int x)
{
    size_t number = first_row(p) + (size_t)y;
    int col = 0;

    if (number >= row_count(p))
        return -1;
    for (size_t i = 0; i < p->layout->rows[number].run_count; i++) {
        const struct md_run *run = &p->layout->rows[number].runs[i];

        col += text_width(run->text, run->len);
        if (x >= col)
            continue;
        return run->figure >= 0 ? find_spot(p, SPOT_MARK, run->figure)
               : run->link >= 0 ? find_spot(p, SPOT_LINK, run->link)
                                : -1;
    }
    return -1;
}

bool page_mouse(struct page *p, const struct input_event *ev, bool *clicked)
{
    int y = ev->mouse.y - p->area.y, x = ev->mouse.x - p->area.x, spot;

    *clicked = false;
    if (ev->kind != INPUT_MOUSE || y < 0 || x < 0 || y >= p->area.rows || x >= p->area.cols)
        return false;
    if (ev->mouse.kind == MOUSE_WHEEL_UP) {
        scroll_by(p, -WHEEL_ROWS);
    } else if (ev->mouse.kind == MOUSE_WHEEL_DOWN) {
        scroll_by(p, WHEEL_ROWS);
    } else if (ev->mouse.kind == MOUSE_PRESS && (spot = spot_at(p, y, x)) >= 0) {
        p->spot = spot;
        *clicked = true;
    } else {
        return false;
    }
    return true;
}

/* ---- drawing ------------------------------------------------------------------------------- */

static bool is_selected(const struct page *p, const struct md_run *run)
{
    const struct page_spot *spot = page_spot(p);

    return spot && spot->index >= 0 &&
           spot->index == (spot->kind == SPOT_MARK ? run->figure : run->link);
}

/* Runs first..end of a row from column x. Returns the column after them. */
static int draw_runs(const struct page *p, const struct canvas *c, int y, int x,
                     const struct md_row *row, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        const struct md_run *run = &row->runs[i];
        unsigned style = style_of_md(run->style);
        int from = x;

        if (is_selected(p, run)) {
            style |= STYLE_SELECTED;
            canvas_cursor(c, y, x, false);
        }
        x = canvas_putn(c, y, x, style, run->text, run->len);
        if (run->link >= 0 && *p->layout->links[run->link].url)
            canvas_link(c, y, from, x - from, p->layout->links[run->link].url,
                        (unsigned)run->link);
    }
    return x;
}

/* Beside code that goes on to a side. */
static void draw_side_marks(const struct page *p, const struct canvas *c, int y,
                            const struct md_row *row)
{
    bool utf8 = canvas_utf8(c);

    if (p->side > 0)
        canvas_put(c, y, p->area.x - c->x - 1, ROLE_ACCENT, utf8 ? "‹" : "<");
    if (row->width - p->side > p->width)
        canvas_put(c, y, p->area.x - c->x + p->width, ROLE_ACCENT, utf8 ? "›" : ">");
}

static bool is_wrong(const struct md_row *row)
{
    for (size_t i = 0; i < row->run_count; i++)
        if (row->runs[i].style & MD_UNBOUND)
            return true;
    return false;
}

static void draw_row(const struct page *p, const struct canvas *c, int y, size_t number)
{
    const struct md_row *row = &p->layout->rows[number];
    int x = draw_runs(p, &p->area, y, 0, row, 0, row->margin_runs);

    if (row->wide && page_has_side(p)) {
        struct canvas code = canvas_part(&p->area, y, x, 1, p->area.cols - x);

        draw_runs(p, &code, 0, -p->side, row, row->margin_runs, row->run_count);
        draw_side_marks(p, c, y, row);
    } else {
        draw_runs(p, &p->area, y, x, row, row->margin_runs, row->run_count);
    }
    if (is_wrong(row))
        canvas_put(c, y, p->area.x - c->x - GUTTER, ROLE_UNBOUND | STYLE_BOLD,
                   canvas_symbol(c, SYMBOL_BANG));
}

/* The cells of one row that belong to a hit. */
static void draw_hit_row(const struct page *p, size_t i, size_t number, int y)
{
    const struct md_hit *hit = &p->hits[i];
    const struct md_row *row = &p->layout->rows[number];
    int from = number == hit->row ? hit->col : row->margin;
    int to = number == hit->end_row ? hit->end_col : row->width;
    int x = from - (row->wide ? p->side : 0), cols = to - from;

    if (x < row->margin && row->wide) {
        cols -= row->margin - x;
        x = row->margin;
    }
    canvas_restyle(&p->area, y, x, cols,
                   ROLE_MATCH | (i == p->hit ? STYLE_BOLD | STYLE_UNDERLINE : 0u));
    if (i == p->hit && number == hit->row)
        canvas_cursor(&p->area, y, x, false);
}

static void draw_hits(const struct page *p, size_t number, int y)
{
    size_t low = 0, high = p->hit_count;

    while (low < high) { /* the first that does not end above */
        size_t middle = low + (high - low) / 2;

        if (p->hits[middle].end_row < number)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < p->hit_count && p->hits[low].row <= number; low++)
        draw_hit_row(p, low, number, y);
}

/* Where the text goes: the measure, centred, with room for marks on both sides. */
static struct canvas text_area(const struct canvas *c, int measure)
{
    int sides = c->cols > NARROWEST ? GUTTER + 1 : 0;
    int width = c->cols - sides < measure ? c->cols - sides : measure;
    int x = (c->cols - width) / 2;

    return canvas_part(c, 0, sides && x < GUTTER ? GUTTER : x, c->rows, width);
}

bool page_draw(struct page *p, const struct canvas *c, int measure, struct err *err)
{
    const struct md_table *held;
    size_t top;

    p->area = text_area(c, measure);
    p->shown = c->rows;
    if (p->area.cols < 1 || c->rows < 1)
        return true;
    if (!lay_out(p, p->area.cols, err))
        return false;
    top = first_row(p);
    held = held_table(p, top);
    canvas_cursor(&p->area, 0, 0, false);
    for (int y = 0; y < c->rows && top + (size_t)y < row_count(p); y++) {
        size_t row = top + (size_t)y;

        if (held && (size_t)y < held->head_rows)
            row = held->first_row + (size_t)y;
        draw_row(p, c, y, row);
        draw_hits(p, row, y);
    }
    return true;
}
