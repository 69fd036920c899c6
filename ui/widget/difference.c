/* difference.c - a difference to read. The text stays the Markdown it is: laying it out would
 * move words that did not change, and hide a mark that did. A row is a stretch of runs, found
 * once for a width. */
#include "widget/difference.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/markdown.h" /* text_cluster, text_width */
#include "strattio/mem.h"

enum { MARGIN = 2, ROWS_BEFORE = 2, WHEEL_ROWS = 3 };

void difference_init(struct difference *d)
{
    *d = (struct difference){0};
}

void difference_finish(struct difference *d)
{
    diff_finish(&d->diff);
    free(d->old);
    free(d->now);
    free(d->rows);
    difference_init(d);
}

void difference_set(struct difference *d, const char *old, const char *now)
{
    difference_finish(d);
    d->old = mem_str(old);
    d->now = mem_str(now);
    diff_words(d->old, strlen(d->old), d->now, strlen(d->now), &d->diff);
    d->fresh = true;
}

/* ---- rows ---------------------------------------------------------------------------------- */

static const char *text_of(const struct difference *d, const struct diff_run *run)
{
    return (run->kind == DIFF_REMOVED ? d->old : d->now) + run->at;
}

/* What comes right after what went would read as one word with it: a cell is left between. */
static int gap_before(const struct difference *d, size_t run)
{
    return run > 0 && d->diff.runs[run].kind == DIFF_ADDED &&
           d->diff.runs[run - 1].kind == DIFF_REMOVED;
}

/* What stands at `p` and does not break: a word, blanks, a newline. NULL behind the last run. */
static const char *piece_at(const struct difference *d, struct difference_place *p, size_t *len)
{
    const struct diff_run *run;
    const char *text;
    size_t left;

    while (p->run < d->diff.count && p->at == d->diff.runs[p->run].len)
        *p = (struct difference_place){p->run + 1, 0};
    if (p->run == d->diff.count)
        return NULL;
    run = &d->diff.runs[p->run];
    text = text_of(d, run) + p->at;
    left = run->len - p->at;
    *len = 1;
    if (*text == '\n')
        return text;
    while (*len < left && text[*len] != '\n' && (text[*len] == ' ') == (*text == ' '))
        ++*len;
    return text;
}

/* Bytes of a word that fit into `cells`, at least one character. */
static size_t part_that_fits(const char *text, size_t len, int cells)
{
    size_t fits = 0;

    while (fits < len) {
        int width;
        size_t size = text_cluster(text + fits, len - fits, &width);

        if (fits && width > cells)
            break;
        cells -= width;
        fits += size;
    }
    return fits;
}

/* Fills the row from `p` on; *next is where the next one begins. */
static void fill_row(const struct difference *d, struct difference_place p,
                     struct difference_row *row, struct difference_place *next)
{
    const char *text;
    size_t len;
    int x = 0;

    *row = (struct difference_row){.from = p, .to = p};
    while ((text = piece_at(d, &p, &len)) != NULL) {
        enum diff_kind kind = d->diff.runs[p.run].kind;
        int cells = *text == '\n' ? 0 : text_width(text, len);
        int gap = x > 0 && p.at == 0 ? gap_before(d, p.run) : 0;
        bool ends = *text == '\n', over = x + gap + cells > d->width;

        if (over && *text != ' ' && x > 0)
            break;
        if (over && *text != ' ')
            len = part_that_fits(text, len, d->width);
        row->added = row->added || kind == DIFF_ADDED;
        row->removed = row->removed || kind == DIFF_REMOVED;
        if (!ends && !(over && *text == ' '))
            row->to = (struct difference_place){p.run, p.at + len};
        p.at += len;
        if (ends || over)
            break;
        x += gap + cells;
    }
    *next = p;
}

static void lay_out(struct difference *d, int width)
{
    struct difference_place p = {0, 0}, next;
    size_t len;

    if (d->rows && d->width == width)
        return;
    d->width = width;
    d->count = 0;
    d->rows = mem_grow(d->rows, &d->cap, 1, sizeof *d->rows);
    while (piece_at(d, &p, &len)) {
        d->rows = mem_grow(d->rows, &d->cap, d->count + 1, sizeof *d->rows);
        fill_row(d, p, &d->rows[d->count++], &next);
        p = next;
    }
}

/* ---- moving -------------------------------------------------------------------------------- */

static bool changed(const struct difference *d, size_t row)
{
    return d->rows[row].added || d->rows[row].removed;
}

static void scroll_to(struct difference *d, long row)
{
    long last = (long)d->count - d->area.rows;

    row = row < last ? row : last;
    d->top = row > 0 ? (size_t)row : 0;
}

/* Where a change begins: a changed row after one that is not. */
static bool begins_change(const struct difference *d, size_t row)
{
    return changed(d, row) && (row == 0 || !changed(d, row - 1));
}

void difference_next(struct difference *d, bool backwards)
{
    size_t now = d->top + (d->top ? ROWS_BEFORE : 0);

    for (size_t i = 1; i <= d->count; i++) {
        size_t row = (now + (backwards ? d->count - i % d->count : i)) % d->count;

        if (begins_change(d, row)) {
            scroll_to(d, (long)row - ROWS_BEFORE);
            return;
        }
    }
}

bool difference_act(struct difference *d, enum action a)
{
    long page = d->area.rows > 2 ? d->area.rows : 2, top = (long)d->top;

    switch (a) {
    case ACTION_LIST_UP:
        scroll_to(d, top - 1);
        return true;
    case ACTION_LIST_DOWN:
        scroll_to(d, top + 1);
        return true;
    case ACTION_LIST_PAGE_UP:
        scroll_to(d, top - page + 1);
        return true;
    case ACTION_LIST_PAGE_DOWN:
        scroll_to(d, top + page - 1);
        return true;
    case ACTION_LIST_HALF_UP:
        scroll_to(d, top - page / 2);
        return true;
    case ACTION_LIST_HALF_DOWN:
        scroll_to(d, top + page / 2);
        return true;
    case ACTION_LIST_TOP:
        scroll_to(d, 0);
        return true;
    case ACTION_LIST_BOTTOM:
        scroll_to(d, (long)d->count);
        return true;
    default:
        return false;
    }
}

bool difference_mouse(struct difference *d, const struct input_event *ev)
{
    int y = ev->mouse.y - d->area.y, x = ev->mouse.x - d->area.x;

    if (ev->kind != INPUT_MOUSE || y < 0 || x < 0 || y >= d->area.rows || x >= d->area.cols)
        return false;
    if (ev->mouse.kind == MOUSE_WHEEL_UP)
        scroll_to(d, (long)d->top - WHEEL_ROWS);
    else if (ev->mouse.kind == MOUSE_WHEEL_DOWN)
        scroll_to(d, (long)d->top + WHEEL_ROWS);
    else
        return false;
    return true;
}

/* ---- drawing ------------------------------------------------------------------------------- */

static const unsigned styles[] = {
    [DIFF_SAME] = ROLE_TEXT,
    [DIFF_REMOVED] = ROLE_BAD | STYLE_STRIKE,
    [DIFF_ADDED] = ROLE_OK | STYLE_UNDERLINE,
};

static void draw_row(const struct difference *d, const struct canvas *c, int y, size_t number)
{
    const struct difference_row *row = &d->rows[number];
    int x = MARGIN;

    if (row->added && row->removed)
        canvas_put(c, y, 0, ROLE_WARN, "~");
    else if (row->added || row->removed)
        canvas_put(c, y, 0, row->added ? ROLE_OK : ROLE_BAD, row->added ? "+" : "-");
    for (size_t i = row->from.run; i <= row->to.run && i < d->diff.count; i++) {
        const struct diff_run *run = &d->diff.runs[i];
        size_t from = i == row->from.run ? row->from.at : 0;
        size_t to = i == row->to.run ? row->to.at : run->len;

        if (from == 0 && x > MARGIN)
            x += gap_before(d, i);
        x = canvas_putn(c, y, x, styles[run->kind], text_of(d, run) + from, to - from);
    }
}

void difference_draw(struct difference *d, const struct canvas *c, int measure)
{
    int width = c->cols - MARGIN < measure ? c->cols - MARGIN : measure;
    bool parked = false;

    d->area = *c;
    if (width < 1 || c->rows < 1 || !d->now)
        return;
    lay_out(d, width);
    if (d->fresh && d->count && !changed(d, 0))
        difference_next(d, false);
    d->fresh = false;
    scroll_to(d, (long)d->top);
    canvas_cursor(c, 0, 0, false);
    for (int y = 0; y < c->rows && d->top + (size_t)y < d->count; y++) {
        size_t row = d->top + (size_t)y;

        draw_row(d, c, y, row);
        if (!parked && changed(d, row)) {
            canvas_cursor(c, y, 0, false);
            parked = true;
        }
    }
}
