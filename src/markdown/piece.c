/* piece.c - wrapping. The pieces are walked cluster by cluster; a word is a stretch without blanks
 * that may cross pieces of several styles ("**3,400** loaves"), so it is collected as runs first
 * and then put on this row or the next as a whole. */
#include "markdown/piece.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/mem.h"

#include "markdown/arena.h"

void pieces_add(struct pieces *p, const char *text, size_t len, unsigned style, int figure)
{
    if (len == 0)
        return;
    p->items = mem_grow(p->items, &p->cap, p->count + 1, sizeof(*p->items));
    p->items[p->count++] = (struct piece){text, len, style, figure, false};
}

void pieces_break(struct pieces *p)
{
    p->items = mem_grow(p->items, &p->cap, p->count + 1, sizeof(*p->items));
    p->items[p->count++] = (struct piece){"", 0, MD_PLAIN, -1, true};
}

void pieces_finish(struct pieces *p)
{
    free(p->items);
    p->items = NULL;
    p->count = p->cap = 0;
}

static bool is_blank(const char *text)
{
    return *text == ' ' || *text == '\t' || *text == '\n';
}

/* Bytes at `text` that are one cell each and part of a word: printable ASCII up to the last that
 * something after it may still join. Most text is such, and is taken a word at a time. */
static size_t plain_word(const char *text, size_t len)
{
    size_t n = 0;

    while (n < len && text[n] > ' ' && text[n] < 0x7f)
        n++;
    if (n > 0 && n < len && (unsigned char)text[n] >= 0x80)
        n--;
    return n;
}

/* Calls for each stretch of blanks or of other text; the widest of those chosen. */
static int widest(const struct pieces *p, bool words)
{
    int width = 0, best = 0;

    for (size_t i = 0; i < p->count; i++) {
        const struct piece *piece = &p->items[i];

        if (piece->line_break)
            width = 0;
        for (size_t at = 0; at < piece->len;) {
            size_t n = plain_word(piece->text + at, piece->len - at);
            int cells = (int)n;

            if (n == 0)
                n = text_cluster(piece->text + at, piece->len - at, &cells);
            width = words && is_blank(piece->text + at) ? 0 : width + cells;
            best = width > best ? width : best;
            at += n;
        }
    }
    return best;
}

int pieces_longest(const struct pieces *p)
{
    return widest(p, false);
}

int pieces_word(const struct pieces *p)
{
    return widest(p, true);
}

size_t pieces_bytes(const struct pieces *p)
{
    size_t bytes = 0;

    for (size_t i = 0; i < p->count; i++)
        bytes += p->items[i].len;
    return bytes;
}

/* Runs that are being put together: of the row, or of the word that may still go on it. */
struct part {
    struct md_run *runs; /* heap */
    size_t count, cap;
    int width;
};

struct wrapper {
    struct arena *arena;
    struct lines *out;
    int limit;
    struct part row, word;
    size_t bytes;     /* of the pieces passed so far */
    size_t row_bytes; /* where the row began */
    bool blank;       /* a blank waits between row and word */
    struct md_run blank_run;
};

static void part_add(struct part *part, const char *text, size_t len, unsigned style, int figure,
                     int cells)
{
    struct md_run *last = part->count ? &part->runs[part->count - 1] : NULL;

    part->width += cells;
    if (last && last->style == style && last->figure == figure && last->text + last->len == text) {
        last->len += len;
        return;
    }
    part->runs = mem_grow(part->runs, &part->cap, part->count + 1, sizeof(*part->runs));
    part->runs[part->count++] = (struct md_run){text, len, style, figure};
}

static void part_join(struct part *to, const struct part *from)
{
    for (size_t i = 0; i < from->count; i++) {
        const struct md_run *r = &from->runs[i];

        part_add(to, r->text, r->len, r->style, r->figure, 0);
    }
    to->width += from->width;
}

static void part_clear(struct part *part)
{
    part->count = 0;
    part->width = 0;
}

static void end_row(struct wrapper *w)
{
    struct lines *out = w->out;
    struct line *line;

    out->items = mem_grow(out->items, &out->cap, out->count + 1, sizeof(*out->items));
    line = &out->items[out->count++];
    line->run_count = w->row.count;
    line->width = w->row.width;
    line->bytes_before = w->row_bytes;
    line->runs = arena_alloc(w->arena, w->row.count * sizeof(*line->runs));
    if (w->row.count)
        memcpy(line->runs, w->row.runs, w->row.count * sizeof(*line->runs));
    part_clear(&w->row);
    w->row_bytes = w->bytes;
    w->blank = false;
}

/* The word is whole: it goes on the row, or begins the next. */
static void end_word(struct wrapper *w)
{
    int gap = w->blank && w->row.count ? 1 : 0;

    if (w->word.count == 0)
        return;
    if (w->row.count && w->row.width + gap + w->word.width > w->limit) {
        end_row(w);
        gap = 0;
    }
    if (gap)
        part_add(&w->row, w->blank_run.text, 1, w->blank_run.style, w->blank_run.figure, 1);
    part_join(&w->row, &w->word);
    part_clear(&w->word);
    w->blank = false;
}

static void add_cluster(struct wrapper *w, const struct piece *piece, size_t at, size_t n,
                        int cells)
{
    /* A word too wide for any row fills this one and goes on below. */
    if (w->word.count && w->word.width + cells > w->limit) {
        end_word(w);
        end_row(w);
    }
    part_add(&w->word, piece->text + at, n, piece->style, piece->figure, cells);
}

static void wrap_piece(struct wrapper *w, const struct piece *piece, bool words)
{
    for (size_t at = 0; at < piece->len;) {
        size_t n = plain_word(piece->text + at, piece->len - at);
        int cells = (int)n;

        if (n == 0 || w->word.width + cells > w->limit) /* to be broken: cluster by cluster */
            n = text_cluster(piece->text + at, piece->len - at, &cells);
        if (words && is_blank(piece->text + at)) {
            end_word(w);
            w->blank = true;
            w->blank_run = (struct md_run){" ", 1, piece->style, piece->figure};
        } else {
            add_cluster(w, piece, at, n, cells);
        }
        at += n;
        w->bytes += n;
    }
}

void pieces_wrap(const struct pieces *p, int width, bool wrap_words, struct lines *out)
{
    struct wrapper w = {.arena = p->arena, .out = out, .limit = width > 0 ? width : 1};

    for (size_t i = 0; i < p->count; i++) {
        if (p->items[i].line_break) {
            end_word(&w);
            end_row(&w);
        } else {
            wrap_piece(&w, &p->items[i], wrap_words);
        }
    }
    end_word(&w);
    if (w.row.count || out->count == 0)
        end_row(&w);
    free(w.row.runs);
    free(w.word.runs);
}
