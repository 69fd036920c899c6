/* editor_rows.c - two sorted arrays, rows and figures, mended after each change. Figures are found again in the
 * lines that changed, rows are broken again from a little before the change until a break falls where
 * one fell before; what comes after only moves. A line that opened or closed a code block changes the
 * state of those after it, which are then gone through until the states agree.
 *
 *      kept        broken again         moved by the difference
 *   |-----------|---------------------|--------------------------|
 *               ^ a row before `from`   ^ first old break met again
 */
#include "editor_rows.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/mem.h"

enum { REACH = 1024 /* a figure that begins so far before a change may end in it */ };

void editor_rows_finish(struct editor_rows *r)
{
    free(r->rows);
    free(r->figures.items);
    r->rows = NULL;
    r->figures = (struct md_marks){0};
    r->count = r->cap = 0;
}

/* ---- looking ------------------------------------------------------------------------------------ */

size_t editor_rows_of(const struct editor_rows *r, size_t at)
{
    size_t low = 0, high = r->count;

    while (low + 1 < high) {
        size_t middle = low + (high - low) / 2;

        if (r->rows[middle].start <= at)
            low = middle;
        else
            high = middle;
    }
    return low;
}

size_t editor_rows_end(const struct editor_rows *r, size_t row, bool *hard)
{
    size_t end = row + 1 < r->count ? r->rows[row + 1].start : r->len;

    *hard = row + 1 >= r->count;
    if (!*hard && r->text[end - 1] == '\n') {
        *hard = true;
        end--;
    }
    return end;
}

size_t editor_rows_line_start(const struct editor_rows *r, size_t at)
{
    const char *nl = at ? memrchr(r->text, '\n', at) : NULL;

    return nl ? (size_t)(nl - r->text) + 1 : 0;
}

static size_t line_end(const char *text, size_t len, size_t at)
{
    const char *nl = memchr(text + at, '\n', len - at);

    return nl ? (size_t)(nl - text) : len;
}

size_t editor_rows_figure(const struct editor_rows *r, size_t at)
{
    size_t low = 0, high = r->figures.count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (r->figures.items[middle].end > at)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

const struct md_mark *editor_rows_figure_at(const struct editor_rows *r, size_t at)
{
    size_t i = editor_rows_figure(r, at);

    return i < r->figures.count && r->figures.items[i].start == at ? &r->figures.items[i] : NULL;
}

static size_t step(const struct editor_rows *r, const struct md_mark *figure, size_t at, int *cells)
{
    bool known;

    *cells = 0;
    if (at >= r->len)
        return 0;
    if (figure) {
        *cells = r->figure_width(r->arg, r->text + at, figure->end - at, &known);
        return figure->end - at;
    }
    return text_cluster(r->text + at, r->len - at, cells);
}

size_t editor_rows_step(const struct editor_rows *r, size_t at, int *cells)
{
    return step(r, editor_rows_figure_at(r, at), at, cells);
}

size_t editor_rows_snap(const struct editor_rows *r, size_t at)
{
    size_t here = r->rows[editor_rows_of(r, at)].start;

    while (here < at) {
        int cells;

        here += editor_rows_step(r, here, &cells);
    }
    return here;
}

/* ---- figures ------------------------------------------------------------------------------------ */

struct change {
    size_t from, old_end, new_end;
    size_t line; /* where the first line that changed begins */
    size_t stop; /* from here on figures and states are as they were; past the end if nothing is */
    bool one_line;                   /* `stop` is where the line after the change begins */
    size_t figure_start, figure_end; /* around all figures that came, went or changed */
};

static size_t old_offset(const struct change *ch, size_t at)
{
    return at - ch->new_end + ch->old_end;
}

/* Did a line begin at `at` of the text before, in this state? */
static bool same_before(const struct editor_rows *r, size_t at, unsigned state)
{
    size_t row = editor_rows_of(r, at);

    return r->count && r->rows[row].start == at && r->rows[row].state == state;
}

static void judge_figures(const struct editor_rows *r, const struct md_marks *found)
{
    for (size_t i = 0; i < found->count; i++) {
        struct md_mark *m = &found->items[i];
        bool known = true;

        r->figure_width(r->arg, r->text + m->start, m->end - m->start, &known);
        m->style = known ? MD_FIGURE : MD_UNBOUND;
    }
}

/* Finds the figures from `ch->line` on until lines are as they were before. */
static void find_figures(struct editor_rows *r, struct change *ch, unsigned state,
                         struct md_marks *found)
{
    size_t at = ch->line;
    bool first = true;

    for (;;) {
        size_t end = line_end(r->text, r->len, at);

        if (!r->plain)
            md_edit_figures(r->text + at, end - at, state, at, found);
        state = md_edit_state(r->text + at, end - at, state);
        if (end == r->len) {
            ch->stop = r->len + 1;
            ch->one_line = false;
            break;
        }
        at = end + 1;
        if (at > ch->new_end && same_before(r, old_offset(ch, at), state)) {
            ch->stop = at;
            ch->one_line = first;
            break;
        }
        first = first && at <= ch->new_end;
    }
    judge_figures(r, found);
}

/* Around which bytes the figures differ, but for the first `front` and the last `same` of each. */
static void span_difference(struct change *ch, const struct md_mark *old, size_t old_count,
                            const struct md_mark *now, size_t now_count)
{
    size_t front = 0, same = 0;

    while (same < now_count && same < old_count && old[old_count - 1 - same].start >= ch->old_end &&
           old_offset(ch, now[now_count - 1 - same].start) == old[old_count - 1 - same].start)
        same++;
    while (front + same < now_count && front + same < old_count &&
           old[front].start == now[front].start && old[front].end == now[front].end &&
           now[front].end <= ch->from)
        front++;
    ch->figure_start = ch->from;
    ch->figure_end = ch->new_end;
    if (front + same < now_count) {
        if (now[front].start < ch->figure_start)
            ch->figure_start = now[front].start;
        if (now[now_count - 1 - same].end > ch->figure_end)
            ch->figure_end = now[now_count - 1 - same].end;
    }
    if (front + same < old_count) {
        const struct md_mark *last = &old[old_count - 1 - same];

        if (old[front].start < ch->figure_start)
            ch->figure_start = old[front].start;
        if (last->end > ch->old_end && last->end - ch->old_end + ch->new_end > ch->figure_end)
            ch->figure_end = last->end - ch->old_end + ch->new_end;
    }
}

/* Puts `found` in the place of what was between the change's line and its stop. */
static void take_figures(struct editor_rows *r, struct change *ch, const struct md_marks *found)
{
    struct md_marks *all = &r->figures;
    size_t low = editor_rows_figure(r, ch->line), high = low, after;
    size_t stop = ch->stop > r->len ? SIZE_MAX : old_offset(ch, ch->stop);

    while (high < all->count && all->items[high].start < stop)
        high++;
    span_difference(ch, all->items ? all->items + low : NULL, high - low, found->items,
                    found->count);
    after = all->count - high;
    all->items =
        mem_grow(all->items, &all->cap, low + found->count + after + 1, sizeof *all->items);
    memmove(all->items + low + found->count, all->items + high, after * sizeof *all->items);
    if (found->count)
        memcpy(all->items + low, found->items, found->count * sizeof *all->items);
    all->count = low + found->count + after;
    for (size_t i = low + found->count; i < all->count; i++) {
        all->items[i].start += ch->new_end - ch->old_end;
        all->items[i].end += ch->new_end - ch->old_end;
    }
}

/* ---- rows --------------------------------------------------------------------------------------- */

/* Where the row after the one at `start` begins; `*figure` is the first that ends after `start` and is
 * moved on. `len` + 1 after the last. */
static size_t next_row(const struct editor_rows *r, size_t start, size_t *figure)
{
    size_t at = start, space = 0, space_figure = *figure;
    int cells = 0;

    while (at < r->len && r->text[at] != '\n') {
        const struct md_mark *here = *figure < r->figures.count ? &r->figures.items[*figure] : NULL;
        int width;
        size_t bytes;

        if (here && here->start != at)
            here = NULL;
        bytes = step(r, here, at, &width);
        if (r->text[at] == ' ' && bytes == 1) { /* a row may end in a space that no longer fits */
            space = at + 1;
            space_figure = *figure;
        } else if (cells + width > r->width && at > start) {
            if (space > start) {
                *figure = space_figure;
                return space;
            }
            return at;
        }
        cells += width;
        at += bytes;
        *figure += here != NULL;
    }
    return at + 1;
}

struct breaking {
    struct editor_row *items;
    size_t count, cap;
};

/* Breaks rows from `at` (state `state`) until an old break is met or the text ends; returns the number of
 * the old row that was met, or r->count. */
static size_t break_rows(struct editor_rows *r, const struct change *ch, size_t at, unsigned state,
                         struct breaking *out)
{
    size_t figure = editor_rows_figure(r, at), line = editor_rows_line_start(r, at);

    while (at <= r->len) {
        size_t next, row;

        if (at > ch->new_end && at > ch->figure_end && (ch->one_line || at >= ch->stop)) {
            row = editor_rows_of(r, old_offset(ch, at));
            if (r->count && r->rows[row].start == old_offset(ch, at) && r->rows[row].state == state)
                return row;
        }
        out->items = mem_grow(out->items, &out->cap, out->count + 1, sizeof *out->items);
        out->items[out->count++] = (struct editor_row){.start = at, .state = state};
        next = next_row(r, at, &figure);
        if (next > r->len)
            break;
        if (r->text[next - 1] == '\n') {
            state = md_edit_state(r->text + line, next - 1 - line, state);
            line = next;
        }
        at = next;
    }
    return r->count;
}

/* Puts the broken rows in the place of the old rows low..high. */
static void take_rows(struct editor_rows *r, const struct change *ch, size_t low, size_t high,
                      const struct breaking *b)
{
    size_t after = r->count - high;

    r->rows = mem_grow(r->rows, &r->cap, low + b->count + after + 1, sizeof *r->rows);
    memmove(r->rows + low + b->count, r->rows + high, after * sizeof *r->rows);
    if (b->count)
        memcpy(r->rows + low, b->items, b->count * sizeof *r->rows);
    r->count = low + b->count + after;
    for (size_t i = low + b->count; i < r->count; i++)
        r->rows[i].start += ch->new_end - ch->old_end;
}

void editor_rows_set(struct editor_rows *r, const char *text, size_t len, int width)
{
    r->width = width > 1 ? width : 1;
    r->count = r->figures.count = 0;
    editor_rows_change(r, text, len, 0, 0, len);
}

void editor_rows_change(struct editor_rows *r, const char *text, size_t len, size_t from,
                        size_t old_end, size_t new_end)
{
    struct change ch = {.from = from, .old_end = old_end, .new_end = new_end};
    struct md_marks found = {0};
    struct breaking broken = {0};
    size_t row = 0, stop, first;
    unsigned state;

    r->text = text;
    r->len = len;
    ch.line = editor_rows_line_start(r, from);
    first = r->count ? editor_rows_of(r, ch.line) : 0;
    state = r->count ? r->rows[first].state : 0;
    find_figures(r, &ch, state, &found);
    take_figures(r, &ch, &found);
    if (r->count) { /* the row before the one that changed, in the same line */
        size_t reach = ch.figure_start < from ? ch.figure_start : from;

        row = editor_rows_of(r, reach > ch.line + REACH ? reach - REACH : ch.line);
        row -= row > first ? 1 : 0;
    }
    stop = break_rows(r, &ch, r->count ? r->rows[row].start : 0, state, &broken);
    take_rows(r, &ch, row, stop, &broken);
    free(broken.items);
    free(found.items);
}
