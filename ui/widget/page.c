/* page.c - a document to read. A layout is made for one width; what keeps the place when the width or the
 * text changes is not the row but the byte of the Markdown the top row began at. */
#include "widget/page.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "strattio/err.h"
#include "strattio/mem.h"

enum { WHEEL_ROWS = 3 };

void page_init(struct page *p)
{
    *p = (struct page){.figure = -1};
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
    free(p->matches);
    page_init(p);
}

static size_t row_count(const struct page *p)
{
    return p->layout ? p->layout->row_count : 0;
}

static size_t last_top(const struct page *p)
{
    size_t shown = p->shown > 0 ? (size_t)p->shown : 1;

    return row_count(p) > shown ? row_count(p) - shown : 0;
}

/* The last row that begins at or before byte `source`. */
static size_t row_of_source(const struct page *p, size_t source)
{
    size_t row = 0;

    for (size_t i = 0; i < row_count(p); i++)
        if (p->layout->rows[i].source <= source)
            row = i;
        else
            break;
    return row;
}

/* --- layout -------------------------------------------------------------------------------------- */

static void find_matches(struct page *p);

static bool lay_out(struct page *p, int width, struct err *err)
{
    size_t source = 0;
    struct md_layout *layout;

    if (p->layout && p->width == width)
        return true;
    if (p->top < row_count(p) && p->top > 0)
        source = p->layout->rows[p->top].source;
    layout = md_layout_create(p->text ? p->text : "", p->len, width, p->marks, p->mark_count, err);
    if (!layout)
        return false;
    drop_layout(p);
    p->layout = layout;
    p->width = width;
    p->top = source ? row_of_source(p, source) : 0;
    if (p->search[0])
        find_matches(p);
    return true;
}

void page_set(struct page *p, const char *text, size_t len, const struct md_mark *marks,
              size_t mark_count)
{
    size_t source = p->top && p->top < row_count(p) ? p->layout->rows[p->top].source : 0;
    struct err ignored = {0};

    free(p->text);
    free(p->marks);
    p->text = mem_copy(text, len);
    p->len = len;
    p->marks = mark_count ? mem_copy(marks, mark_count * sizeof *marks) : NULL;
    p->mark_count = mark_count;
    if (p->figure >= (int)mark_count)
        p->figure = -1;
    if (!p->layout)
        return;
    drop_layout(p);
    if (lay_out(p, p->width, &ignored) && source)
        p->top = row_of_source(p, source);
}

/* --- moving -------------------------------------------------------------------------------------- */

static void scroll_to(struct page *p, size_t row)
{
    p->top = row < last_top(p) ? row : last_top(p);
}

static void scroll_by(struct page *p, long rows)
{
    size_t step = (size_t)(rows < 0 ? -rows : rows);

    if (rows < 0)
        scroll_to(p, p->top > step ? p->top - step : 0);
    else
        scroll_to(p, p->top + step);
}

/* Scrolls as little as needed to show the row. */
static void show_row(struct page *p, size_t row)
{
    size_t shown = p->shown > 0 ? (size_t)p->shown : 1;

    if (row < p->top)
        scroll_to(p, row);
    else if (row >= p->top + shown)
        scroll_to(p, row - shown + 1 + shown / 3); /* with some of what follows */
}

bool page_act(struct page *p, enum action a)
{
    long page = p->shown > 1 ? p->shown : 2;

    switch (a) {
    case ACTION_LIST_UP:
        scroll_by(p, -1);
        return true;
    case ACTION_LIST_DOWN:
        scroll_by(p, 1);
        return true;
    case ACTION_LIST_PAGE_UP:
        scroll_by(p, -(page - 1));
        return true;
    case ACTION_LIST_PAGE_DOWN:
        scroll_by(p, page - 1);
        return true;
    case ACTION_LIST_HALF_UP:
        scroll_by(p, -page / 2);
        return true;
    case ACTION_LIST_HALF_DOWN:
        scroll_by(p, page / 2);
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

bool page_mouse(struct page *p, const struct input_event *ev)
{
    int y = ev->mouse.y - p->area.y, x = ev->mouse.x - p->area.x;

    if (ev->kind != INPUT_MOUSE || y < 0 || x < 0 || y >= p->area.rows || x >= p->area.cols)
        return false;
    if (ev->mouse.kind == MOUSE_WHEEL_UP)
        scroll_by(p, -WHEEL_ROWS);
    else if (ev->mouse.kind == MOUSE_WHEEL_DOWN)
        scroll_by(p, WHEEL_ROWS);
    else
        return false;
    return true;
}

void page_to_end(struct page *p)
{
    p->top = last_top(p);
}

bool page_at_end(const struct page *p)
{
    return p->top >= last_top(p);
}

void page_to_heading(struct page *p, size_t heading)
{
    if (p->layout && heading < p->layout->heading_count)
        scroll_to(p, p->layout->headings[heading].row);
}

size_t page_heading(const struct page *p)
{
    size_t heading = 0;

    for (size_t i = 0; p->layout && i < p->layout->heading_count; i++)
        if (p->layout->headings[i].row <= p->top)
            heading = i;
    return heading;
}

/* --- search -------------------------------------------------------------------------------------- */

static void add_match(struct page *p, size_t row, int col, int cols)
{
    p->matches = mem_grow(p->matches, &p->match_cap, p->match_count + 1, sizeof *p->matches);
    p->matches[p->match_count++] = (struct page_match){row, col, cols};
}

/* Finds the search in one row, as it is shown: the text of its runs put together. */
static void find_in_row(struct page *p, size_t number)
{
    const struct md_row *row = &p->layout->rows[number];
    size_t len = 0, at = 0, needle = strlen(p->search);
    char *line, *hit;

    for (size_t i = 0; i < row->run_count; i++)
        len += row->runs[i].len;
    line = mem_zero(1, len + 1);
    for (size_t i = 0; i < row->run_count; i++) {
        memcpy(line + at, row->runs[i].text, row->runs[i].len);
        at += row->runs[i].len;
    }
    for (char *from = line; (hit = strcasestr(from, p->search)) != NULL; from = hit + needle)
        add_match(p, number, row->indent + text_width(line, (size_t)(hit - line)),
                  text_width(hit, needle));
    free(line);
}

static void find_matches(struct page *p)
{
    p->match_count = 0;
    for (size_t i = 0; i < row_count(p); i++)
        find_in_row(p, i);
    if (p->match >= p->match_count)
        p->match = 0;
}

size_t page_search(struct page *p, const char *text)
{
    size_t len = strnlen(text, sizeof p->search - 1);

    memcpy(p->search, text, len);
    p->search[len] = '\0';
    p->match = p->match_count = 0;
    if (!len)
        return 0;
    find_matches(p);
    while (p->match + 1 < p->match_count && p->matches[p->match].row < p->top)
        p->match++;
    if (p->match_count && p->matches[p->match].row < p->top)
        p->match = 0;
    if (p->match_count)
        show_row(p, p->matches[p->match].row);
    return p->match_count;
}

void page_next_match(struct page *p, bool backwards)
{
    if (!p->match_count)
        return;
    p->match = (p->match + (backwards ? p->match_count - 1 : 1)) % p->match_count;
    show_row(p, p->matches[p->match].row);
}

/* --- figures ------------------------------------------------------------------------------------- */

/* The first row that shows mark `figure`; false if none does. */
static bool row_of_figure(const struct page *p, int figure, size_t *row)
{
    for (*row = 0; *row < row_count(p); ++*row)
        for (size_t i = 0; i < p->layout->rows[*row].run_count; i++)
            if (p->layout->rows[*row].runs[i].figure == figure)
                return true;
    return false;
}

/* From the selected figure on; without one, from the first that is in sight. */
bool page_next_figure(struct page *p, bool backwards)
{
    int count = (int)p->mark_count;
    int figure = p->figure;
    size_t row;

    for (int tried = 0; tried < count; tried++) {
        if (figure < 0)
            figure = backwards ? count - 1 : 0;
        else
            figure = (figure + (backwards ? count - 1 : 1)) % count;
        if (!row_of_figure(p, figure, &row))
            continue;
        if (p->figure < 0 && !backwards && row < p->top && tried + 1 < count)
            continue;
        p->figure = figure;
        show_row(p, row);
        return true;
    }
    return false;
}

/* --- drawing ------------------------------------------------------------------------------------- */

static void draw_row(const struct page *p, const struct canvas *c, int y, size_t number)
{
    const struct md_row *row = &p->layout->rows[number];
    int x = row->indent;

    for (size_t i = 0; i < row->run_count; i++) {
        const struct md_run *run = &row->runs[i];
        unsigned style = style_of_md(run->style);
        int start = x;

        if (run->figure >= 0 && run->figure == p->figure)
            style |= STYLE_SELECTED;
        x = canvas_putn(c, y, x, style, run->text, run->len);
        if ((style & STYLE_SELECTED))
            canvas_cursor(c, y, start, false);
    }
}

static void draw_matches(const struct page *p, const struct canvas *c)
{
    for (size_t i = 0; i < p->match_count && p->search[0]; i++) {
        const struct page_match *m = &p->matches[i];

        if (m->row < p->top || m->row >= p->top + (size_t)c->rows)
            continue;
        canvas_restyle(c, (int)(m->row - p->top), m->col, m->cols,
                       ROLE_MATCH | (i == p->match ? STYLE_BOLD | STYLE_UNDERLINE : 0));
        if (i == p->match)
            canvas_cursor(c, (int)(m->row - p->top), m->col, false);
    }
}

bool page_draw(struct page *p, const struct canvas *c, int measure, struct err *err)
{
    int width = c->cols < measure ? c->cols : measure;
    struct canvas text = canvas_part(c, 0, (c->cols - width) / 2, c->rows, width);

    p->area = *c;
    p->shown = c->rows;
    if (width < 1 || c->rows < 1)
        return true;
    if (!lay_out(p, width, err))
        return false;
    scroll_to(p, p->top);
    canvas_cursor(&text, 0, 0, false);
    for (int y = 0; y < c->rows && p->top + (size_t)y < row_count(p); y++)
        draw_row(p, &text, y, p->top + (size_t)y);
    draw_matches(p, &text);
    return true;
}
