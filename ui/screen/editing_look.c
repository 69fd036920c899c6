/* editing_look.c - looking at the text without changing it: as it will be read, and what is different. The preview
 * goes where the cursor is by counting off the figures before it, each of which is longer or shorter
 * in the source. */
#include "screen/editing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/clock.h"
#include "strattio/diff.h"
#include "strattio/doc.h"
#include "strattio/mem.h"
#include "strattio/section_view.h"

#include "app.h"
#include "screen/loaded.h"

enum { MEASURE = 80, LIVE_MAX = 256 * 1024 };

/* ---- the preview --------------------------------------------------------------------------- */

/* The row of the page that holds the byte `at` of its text. */
static size_t row_of(const struct page *p, size_t at)
{
    size_t row = 0;

    for (size_t i = 0; i < p->layout->row_count && p->layout->rows[i].source <= at; i++)
        row = i;
    return row;
}

/* The byte of the rendered text that stands for the cursor. */
static size_t rendered_place(const struct editing *self, const struct section_view *view)
{
    const struct editor *e = &self->editor;
    const struct md_marks *figures = &e->rows.figures;
    size_t at = e->cursor;

    for (size_t i = 0; i < figures->count && i < view->count; i++) {
        if (figures->items[i].end > e->cursor)
            break;
        at = view->figures[i].end + (e->cursor - figures->items[i].end);
    }
    return at;
}

static void make_page(struct editing *self, size_t *place)
{
    struct section s = {.metadata = bson_new()};
    struct section_view view = {0};
    struct md_mark *marks;
    struct err err = {0};

    doc_set_str(s.metadata, "source", text_bytes(self->editor.text));
    if (section_view(&s, self->l->model, &view, &err)) {
        marks = mem_zero(view.count + 1, sizeof *marks);
        for (size_t i = 0; i < view.count; i++)
            marks[i] = (struct md_mark){.start = view.figures[i].start,
                                        .end = view.figures[i].end,
                                        .style = view.figures[i].name ? MD_FIGURE : MD_UNBOUND};
        page_set(&self->page, view.text, view.len, marks, view.count);
        *place = rendered_place(self, &view);
        free(marks);
    }
    section_view_finish(&view);
    bson_destroy(s.metadata);
}

void editing_preview_draw(struct editing *self, const struct canvas *c)
{
    bool beside = self->mode != EDITING_PREVIEW;
    bool make = !self->shown_at;
    size_t place = 0, row;
    struct err err = {0};

    if (beside && text_len(self->editor.text) > LIVE_MAX) {
        canvas_wrap(c, 1, 1, 4, c->cols - 2, ROLE_DIM,
                    "This text is too long to be shown while it is typed.", true);
        return;
    }
    if (make) {
        make_page(self, &place);
        self->shown_at = clock_mono_ms();
    }
    if (!page_draw(&self->page, c, MEASURE, &err)) {
        canvas_wrap(c, 1, 2, 3, c->cols - 4, ROLE_BAD, err.msg, true);
        return;
    }
    if (!make || !self->page.layout)
        return;
    row = row_of(&self->page, place);
    if (row < self->page.top || row >= self->page.top + (size_t)c->rows) {
        page_to_row(&self->page, row > (size_t)c->rows / 3 ? row - (size_t)c->rows / 3 : 0);
        canvas_fill(c, 0, 0, c->rows, c->cols, ROLE_TEXT);
        if (!page_draw(&self->page, c, MEASURE, &err))
            canvas_wrap(c, 1, 2, 3, c->cols - 4, ROLE_BAD, err.msg, true);
    }
}

/* ---- the difference ------------------------------------------------------------------------ */

struct difference {
    char *text;           /* both texts in one: what went stands before what came */
    unsigned char *kinds; /* enum diff_kind of each byte */
    size_t len;
    char summary[96];
    struct diff_row *rows; /* of the lines that changed, broken for `cols` */
    size_t count, cap;
    int cols;
};

struct diff_row {
    size_t start, end;
    bool gap; /* lines that are the same were left out before it */
};

static void forget_difference(struct difference *d)
{
    if (!d)
        return;
    free(d->text);
    free(d->kinds);
    free(d->rows);
    free(d);
}

void editing_look_finish(struct editing *self)
{
    forget_difference(self->difference);
    self->difference = NULL;
}

/* The two texts in one, with the kind of each byte. */
static void merge(struct difference *d, const char *old, const char *now, const struct diff *diff)
{
    size_t at = 0;

    for (size_t i = 0; i < diff->count; i++)
        d->len += diff->runs[i].len;
    d->text = mem_zero(d->len + 1, 1);
    d->kinds = mem_zero(d->len + 1, 1);
    for (size_t i = 0; i < diff->count; i++) {
        const struct diff_run *run = &diff->runs[i];

        memcpy(d->text + at, (run->kind == DIFF_REMOVED ? old : now) + run->at, run->len);
        memset(d->kinds + at, (int)run->kind, run->len);
        at += run->len;
    }
}

static bool line_changed(const struct difference *d, size_t start, size_t end)
{
    for (size_t i = start; i <= end && i < d->len; i++)
        if (d->kinds[i] != DIFF_SAME)
            return true;
    return false;
}

/* Where the row from `start` ends, at a space before `cols` cells if there is one. */
static size_t row_end(const struct difference *d, size_t start, size_t line_end)
{
    size_t at = start, space = start;
    int cells = 0;

    while (at < line_end) {
        int width;
        size_t bytes = text_cluster(d->text + at, line_end - at, &width);

        if (cells + width > d->cols)
            return space > start ? space : at > start ? at : at + bytes;
        cells += width;
        at += bytes;
        if (d->text[at - 1] == ' ')
            space = at;
    }
    return line_end;
}

static void break_rows(struct difference *d, int cols)
{
    bool gap = false;

    d->cols = cols;
    d->count = 0;
    for (size_t line = 0; line <= d->len;) {
        size_t end = (size_t)(strchrnul(d->text + line, '\n') - d->text);
        bool changed = line_changed(d, line, end);

        for (size_t at = line; changed && at <= end;) {
            size_t stop = row_end(d, at, end);

            d->rows = mem_grow(d->rows, &d->cap, d->count + 1, sizeof *d->rows);
            d->rows[d->count++] = (struct diff_row){.start = at, .end = stop, .gap = gap};
            gap = false;
            at = stop < end ? stop : end + 1;
        }
        gap = gap || !changed;
        line = end + 1;
    }
}

/* "+", "-" or "~" for both, before the row. */
static void draw_sign(const struct difference *d, const struct canvas *line,
                      const struct diff_row *row)
{
    bool has[DIFF_ADDED + 1] = {false};

    for (size_t at = row->start; at < row->end; at++)
        has[d->kinds[at]] = true;
    if (has[DIFF_ADDED] && has[DIFF_REMOVED])
        canvas_put(line, 0, 2, ROLE_WARN, "~");
    else if (has[DIFF_ADDED] || has[DIFF_REMOVED])
        canvas_put(line, 0, 2, has[DIFF_ADDED] ? ROLE_OK : ROLE_BAD, has[DIFF_ADDED] ? "+" : "-");
}

static void draw_row(void *arg, const struct canvas *line, size_t i, unsigned style)
{
    static const unsigned roles[] = {[DIFF_SAME] = ROLE_DIM,
                                     [DIFF_REMOVED] = ROLE_BAD | STYLE_STRIKE,
                                     [DIFF_ADDED] = ROLE_OK | STYLE_UNDERLINE};
    const struct difference *d = arg;
    const struct diff_row *row = &d->rows[i];
    int x = 4;

    (void)style;
    if (row->gap)
        canvas_put(line, 0, 0, ROLE_DIM, canvas_symbol(line, SYMBOL_ELLIPSIS));
    draw_sign(d, line, row);
    for (size_t at = row->start, end; at < row->end; at = end) {
        for (end = at; end < row->end && d->kinds[end] == d->kinds[at]; end++)
            continue;
        x = canvas_putn(line, 0, x, roles[d->kinds[at]], d->text + at, end - at);
    }
}

void editing_diff(struct editing *self, const char *theirs)
{
    const char *ours = text_bytes(self->editor.text);
    struct difference *d = mem_zero(1, sizeof *d);
    struct diff diff = {0};
    struct strbuf summary;

    diff_words(theirs, strlen(theirs), ours, text_len(self->editor.text), &diff);
    strbuf_init(&summary, sizeof d->summary - 1);
    diff_summary(&diff, &summary);
    snprintf(d->summary, sizeof d->summary, "%s", summary.data);
    strbuf_finish(&summary);
    merge(d, theirs, ours, &diff);
    diff_finish(&diff);
    editing_look_finish(self);
    self->difference = d;
    list_init(&self->lines, draw_row, d);
    self->lines.plain = true;
    self->mode = EDITING_DIFF;
}

void editing_diff_draw(struct editing *self, const struct canvas *c)
{
    struct canvas list =
        canvas_part(c, 2, 0, c->rows - 2, c->cols < MEASURE + 6 ? c->cols : MEASURE + 6);
    struct difference *d = self->difference;
    int x = canvas_put(c, 0, 2, ROLE_TITLE, d->summary) + 3;

    x = canvas_put(c, 0, x, ROLE_BAD, self->theirs ? "- only theirs" : "- only as saved") + 2;
    canvas_put(c, 0, x, ROLE_OK, "+ only yours");
    if (d->cols != list.cols - 6)
        break_rows(d, list.cols - 6 > 1 ? list.cols - 6 : 1);
    list_set_count(&self->lines, d->count);
    list_draw(&self->lines, &list);
}
