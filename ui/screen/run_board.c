/* run_board.c - every row is one line whatever the width; where rows are few, the sections shrink to
 * what their stage says of them, and the text goes last. */
#include "screen/run_board.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"

#include "runs.h"
#include "terminal/canvas.h"

enum {
    MEASURE = 80,
    BAR_COLS = 18,
    ABREAST = 3,     /* sections on a line */
    TIGHT_ROWS = 18, /* below: no blank lines */
    FEW_ROWS = 12,   /* below: no sections either */
};

static const char *const short_titles[SECTION_COUNT] = {
    [SECTION_EXECUTIVE_SUMMARY] = "Summary",        [SECTION_COMPANY_OVERVIEW] = "Company",
    [SECTION_PRODUCTS_SERVICES] = "Offer",          [SECTION_MARKET_ANALYSIS] = "Market",
    [SECTION_COMPETITIVE_ANALYSIS] = "Competition", [SECTION_MARKETING_STRATEGY] = "Marketing",
    [SECTION_OPERATIONS_PLAN] = "Operations",       [SECTION_TEAM] = "Team",
    [SECTION_FINANCIAL_PROJECTIONS] = "Financials",
};

void run_board_init(struct run_board *b)
{
    *b = (struct run_board){.watched = -1, .shown_section = -1, .again_key = "r", .end_key = "End"};
    page_init(&b->page);
}

void run_board_finish(struct run_board *b)
{
    page_finish(&b->page);
}

/* ---- what is watched ----------------------------------------------------------------------- */

static size_t rows_of(const struct page *p)
{
    return p->layout ? p->layout->row_count : 0;
}

void run_board_event(struct run_board *b, const struct event *e)
{
    if (e->section < SECTION_COUNT && e->kind == EVENT_STARTED && !b->chosen && !b->detached)
        b->watched = (int)e->section;
}

void run_board_choose(struct run_board *b, int step)
{
    b->chosen = true;
    b->detached = false;
    b->watched = (b->watched + SECTION_COUNT + step) % SECTION_COUNT;
}

void run_board_follow(struct run_board *b)
{
    b->chosen = b->detached = false;
    page_to_end(&b->page);
}

/* After the text was scrolled: does it still follow? */
static void note_scroll(struct run_board *b)
{
    bool was = b->detached;

    b->detached = !page_at_end(&b->page);
    if (b->detached && !was)
        b->left_rows = rows_of(&b->page);
}

bool run_board_act(struct run_board *b, enum action a)
{
    if (!page_act(&b->page, a))
        return false;
    note_scroll(b);
    return true;
}

bool run_board_mouse(struct run_board *b, const struct input_event *ev)
{
    bool clicked;

    if (!page_mouse(&b->page, ev, &clicked))
        return false;
    note_scroll(b);
    return true;
}

/* ---- stages and sections ------------------------------------------------------------------- */

static enum symbol symbol_of(enum progress p)
{
    static const enum symbol symbols[] = {SYMBOL_RING, SYMBOL_HALF, SYMBOL_CHECK, SYMBOL_CROSS};

    return symbols[p];
}

static unsigned style_of(enum progress p)
{
    static const unsigned styles[] = {ROLE_DIM, ROLE_ACCENT, ROLE_OK, ROLE_BAD};

    return styles[p];
}

static void draw_time(const struct run_step *step, const struct canvas *c, int y, int64_t now_ms)
{
    int64_t ms = step->progress == PROGRESS_WORKING ? now_ms - step->began_ms : step->ms;
    char text[24];

    if (step->progress == PROGRESS_WAITING)
        return;
    if (step->reused)
        snprintf(text, sizeof text, "as it was");
    else if (ms < 60000)
        snprintf(text, sizeof text, "%.1f s", (double)ms / 1000);
    else
        snprintf(text, sizeof text, "%lld min", (long long)(ms / 60000));
    canvas_fit(c, y, c->cols - 11, 10, ROLE_DIM, ALIGN_RIGHT, text);
}

static void draw_stage(const struct run_view *v, enum stage stage, const struct canvas *c, int y,
                       int64_t now_ms)
{
    const struct run_step *step = &v->stages[stage];
    struct canvas middle = canvas_part(c, y, 18, 1, c->cols - 18 - 12);
    int x = 0;

    canvas_put(c, y, 3, style_of(step->progress), canvas_symbol(c, symbol_of(step->progress)));
    canvas_put(c, y, 5, step->progress == PROGRESS_WAITING ? ROLE_DIM : ROLE_TEXT,
               stage_title(stage));
    draw_time(step, c, y, now_ms);
    if (step->progress == PROGRESS_DONE || !step->total) {
        canvas_fit(&middle, 0, 0, middle.cols, ROLE_DIM, ALIGN_LEFT, step->note);
        return;
    }
    x = canvas_printf(&middle, 0, 0, ROLE_TEXT, "%lld of %lld  ", (long long)step->done,
                      (long long)step->total);
    if (x + BAR_COLS <= middle.cols)
        canvas_bar(&middle, 0, x, BAR_COLS, style_of(step->progress),
                   (double)step->done / (double)step->total);
}

static long count_words(const char *text)
{
    bool inside = false;
    long words = 0;

    for (; *text; text++) {
        bool space = isspace((unsigned char)*text);

        words += inside && space;
        inside = !space;
    }
    return words + inside;
}

/* "◐ Market   128": how many words there are, or so far. */
static void draw_section(const struct run_board *b, const struct run_view *v, int i,
                         const struct canvas *cell)
{
    const struct run_step *step = &v->sections[i];
    unsigned style = step->progress == PROGRESS_WAITING ? ROLE_DIM : ROLE_TEXT;
    long words = step->progress == PROGRESS_DONE ? strtol(step->note, NULL, 10)
                                                 : count_words(v->texts[i].data);
    int title = (int)strlen(short_titles[i]), room = cell->cols - (words > 0 ? 9 : 3);
    char text[24];

    if (i == b->watched)
        style |= STYLE_UNDERLINE;
    canvas_put(cell, 0, 0, style_of(step->progress),
               canvas_symbol(cell, symbol_of(step->progress)));
    if (words > 0) {
        snprintf(text, sizeof text, "%ld", words);
        canvas_fit(cell, 0, cell->cols - 7, 5, ROLE_DIM, ALIGN_RIGHT, text);
    }
    canvas_fit(cell, 0, 2, title < room ? title : room, style, ALIGN_LEFT, short_titles[i]);
}

/* Returns the lines it took. */
static int draw_sections(const struct run_board *b, const struct run_view *v,
                         const struct canvas *c, int y)
{
    int cols = (c->cols - 8) / ABREAST;

    if (cols > 26)
        cols = 26;
    for (int i = 0; i < SECTION_COUNT; i++) {
        struct canvas cell = canvas_part(c, y + i / ABREAST, 7 + i % ABREAST * cols, 1, cols);

        draw_section(b, v, i, &cell);
    }
    return (SECTION_COUNT + ABREAST - 1) / ABREAST;
}

/* ---- the text ------------------------------------------------------------------------------ */

static void take_text(struct run_board *b, const struct run_view *v)
{
    const struct strbuf *text = &v->texts[b->watched];
    bool other = b->shown_section != b->watched;

    if (!other && b->shown_len == text->len)
        return;
    page_set(&b->page, text->data, text->len, NULL, 0);
    if (other && !b->detached && v->progress != PROGRESS_WORKING)
        page_act(&b->page, ACTION_LIST_TOP);
    b->shown_section = b->watched;
    b->shown_len = text->len;
}

static void draw_text(struct run_board *b, const struct run_view *v, const struct canvas *c)
{
    struct err err = {0};

    if (!page_draw(&b->page, c, MEASURE, &err)) {
        canvas_wrap(c, 0, 2, 2, c->cols - 4, ROLE_BAD, err.msg, true);
        return;
    }
    if (v->progress == PROGRESS_WORKING && !b->detached && !page_at_end(&b->page)) {
        page_to_end(&b->page);
        canvas_fill(c, 0, 0, c->rows, c->cols, ROLE_TEXT);
        if (!page_draw(&b->page, c, MEASURE, &err))
            return;
    }
}

/* "── Market analysis ─── 12 new lines below, End to follow ──" */
static void draw_rule(const struct run_board *b, const struct run_view *v, const struct canvas *c,
                      int y)
{
    size_t rows = rows_of(&b->page);
    int x;

    canvas_hline(c, y, 0, c->cols, ROLE_BORDER);
    if (b->watched < 0)
        return;
    x = canvas_printf(c, y, 3, ROLE_TITLE, " %s ",
                      section_type_title((enum section_type)b->watched));
    if (v->progress == PROGRESS_WORKING && b->detached && rows > b->left_rows)
        canvas_printf(c, y, x + 2, ROLE_ACCENT, " %zu new line%s below, %s to follow ",
                      rows - b->left_rows, rows - b->left_rows == 1 ? "" : "s", b->end_key);
}

/* ---- all of it ----------------------------------------------------------------------------- */

/* How it ended, what is kept, and the one key that leads on. Returns the lines it took. */
static int draw_end(const struct run_board *b, const struct run_view *v, const struct canvas *c,
                    int y, int rows)
{
    int lines, x;

    if (v->progress == PROGRESS_DONE) {
        canvas_put(c, y, 3, ROLE_OK, canvas_symbol(c, SYMBOL_CHECK));
        canvas_put(c, y, 5, ROLE_TEXT, "The plan is written.");
        return 1;
    }
    if (v->progress != PROGRESS_FAILED) {
        if (v->cancelled)
            canvas_fit(c, y, 5, c->cols - 6, ROLE_WARN, ALIGN_LEFT,
                       "Stopping; what is finished is kept.");
        return v->cancelled;
    }
    canvas_put(c, y, 3, ROLE_BAD, canvas_symbol(c, SYMBOL_CROSS));
    lines = canvas_wrap(c, y, 5, rows, c->cols - 7, ROLE_BAD,
                        v->cancelled ? "Stopped, as you asked." : v->err.msg, true);
    lines = lines < rows ? lines : rows;
    x = canvas_printf(c, y + lines, 5, ROLE_TEXT, "%zu of %d sections are kept; ", b->kept,
                      (int)SECTION_COUNT);
    x = canvas_put(c, y + lines, x, ROLE_ACCENT, b->again_key);
    canvas_put(c, y + lines, x, ROLE_TEXT, " goes on from there.");
    return lines + 1;
}

void run_board_draw(struct run_board *b, const struct run_view *v, const struct canvas *body,
                    int64_t now_ms)
{
    bool tight = body->rows < TIGHT_ROWS;
    int y = tight ? 0 : 1, end;
    struct canvas text;

    for (int i = 0; i < STAGE_COUNT; i++) {
        draw_stage(v, (enum stage)i, body, y++, now_ms);
        if (i == STAGE_WRITING && body->rows >= FEW_ROWS)
            y += draw_sections(b, v, body, y);
    }
    end = draw_end(b, v, body, tight ? y : y + 1, tight ? 1 : 3);
    y += end + (end && !tight) + !tight;
    if (b->watched < 0 || body->rows - y < 2)
        return;
    take_text(b, v);
    text = canvas_part(body, y + 1, 0, body->rows - y - 1, body->cols);
    draw_text(b, v, &text);
    draw_rule(b, v, body, y);
}
