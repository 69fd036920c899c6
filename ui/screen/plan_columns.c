/* plan_columns.c - each column says from which width on it is there and how wide it is; they are taken
 * off the right end one after the other, and the name has the rest. */
#include "screen/plan_columns.h"

#include <stdio.h>

#include "strattio/clock.h"

#include "screen/plan_rows.h"

struct columns { /* where each begins, -1 if there is no room for it; the name takes what is left */
    int name, name_end, client, purpose, status, score, words, updated;
};

/* Takes `cols` cells off the right end, if the line has at least `least`. */
static int column(int line, int least, int *end, int cols)
{
    return line >= least ? *end -= cols : -1;
}

static struct columns columns_for(const struct plan_rows *r, int cols)
{
    bool wide = cols >= 100;
    int end = cols;
    struct columns at = {.name = 3};

    at.updated = column(cols, 50, &end, wide ? 15 : 12);
    at.words = column(cols, 120, &end, 9);
    at.score = column(cols, 60, &end, 8);
    at.status = column(cols, 0, &end, wide ? 20 : 16);
    at.purpose = column(cols, 76, &end, wide ? 20 : 16);
    at.client = column(cols, r->clients ? 100 : cols + 1, &end, 20);
    at.name_end = end - 2;
    return at;
}

/* Draws in a column; nothing where there is none. */
static void put(const struct canvas *line, int at, int cols, unsigned style, enum align align,
                const char *text)
{
    if (at >= 0)
        canvas_fit(line, 0, at, cols, style, align, text);
}

/* The head of a column, with the way the list is ordered if it is by this one. */
static void put_head(const struct plan_rows *r, const struct canvas *line, int at, enum align align,
                     const char *word, enum plan_order order)
{
    bool down = (order == PLAN_ORDER_UPDATED || order == PLAN_ORDER_SCORE) != r->reverse;
    enum symbol arrow = down ? SYMBOL_DOWN : SYMBOL_UP;
    char text[32];

    if (r->order != order || order == PLAN_ORDER_NEWEST)
        snprintf(text, sizeof text, "%s", word);
    else if (align == ALIGN_RIGHT)
        snprintf(text, sizeof text, "%s%s", canvas_symbol(line, arrow), word);
    else
        snprintf(text, sizeof text, "%s %s", word, canvas_symbol(line, arrow));
    put(line, at, align == ALIGN_RIGHT ? 6 : 10, ROLE_TITLE, align, text);
}

void plan_columns_head(const struct plan_rows *r, const struct canvas *line)
{
    struct columns at = columns_for(r, line->cols);

    put_head(r, line, at.name, ALIGN_LEFT, "Name", PLAN_ORDER_NAME);
    put_head(r, line, at.client, ALIGN_LEFT, "Client", PLAN_ORDER_NEWEST);
    put_head(r, line, at.purpose, ALIGN_LEFT, "Purpose", PLAN_ORDER_NEWEST);
    put_head(r, line, at.status, ALIGN_LEFT, "Status", PLAN_ORDER_STATUS);
    if (r->order == PLAN_ORDER_ATTENTION)
        put(line, at.status + 7, 1, ROLE_WARN, ALIGN_LEFT, canvas_symbol(line, SYMBOL_BANG));
    put_head(r, line, at.score < 0 ? -1 : at.score - 1, ALIGN_RIGHT, "Score", PLAN_ORDER_SCORE);
    put_head(r, line, at.words, ALIGN_RIGHT, "Words", PLAN_ORDER_NEWEST);
    put_head(r, line, at.updated, ALIGN_LEFT, "Updated", PLAN_ORDER_UPDATED);
}

void plan_columns_draw(const struct plan_rows *r, const struct plan_row *row,
                       const struct run_view *run, const struct canvas *line, unsigned style)
{
    struct columns at = columns_for(r, line->cols);
    struct standing s;
    char score[16], words[24] = "", ago[CLOCK_ISO_SIZE];

    if (!run_standing(run, &s))
        s = facts_standing(&row->facts);
    score_text(row->facts.score, score, sizeof score);
    if (row->facts.words)
        snprintf(words, sizeof words, "%lld", (long long)row->facts.words);
    clock_ago(row->updated_at, clock_now_ms(), ago);
    if (plan_rows_marked(r, row->id))
        put(line, 1, 1, ROLE_ACCENT | style, ALIGN_LEFT, canvas_symbol(line, SYMBOL_DOT));
    put(line, at.name, at.name_end - at.name, ROLE_TEXT | style, ALIGN_LEFT, row->name);
    put(line, at.client, at.purpose - at.client - 2, ROLE_TEXT | style, ALIGN_LEFT, row->client);
    put(line, at.purpose, at.status - at.purpose - 2, ROLE_TEXT | style, ALIGN_LEFT,
        plan_purpose_short(row->purpose));
    put(line, at.status, 1, s.style | style, ALIGN_LEFT, canvas_symbol(line, s.symbol));
    put(line, at.status + 2, 13, s.style | style, ALIGN_LEFT, s.word);
    put(line, at.score, 5, ROLE_TEXT | style, ALIGN_RIGHT, score);
    put(line, at.words, 6, ROLE_TEXT | style, ALIGN_RIGHT, words);
    put(line, at.updated, line->cols - at.updated - 1, ROLE_DIM | style, ALIGN_LEFT, ago);
}
