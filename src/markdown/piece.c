/* piece.c - wrapping. The pieces are walked word by word; a word is a stretch without blanks that may
 * cross pieces of several styles ("**3,400** loaves"), so it is collected as runs first and then
 * put on this row or the next as a whole. Runs of one style that follow each other in memory become
 * one: most rows are. */
#include "markdown/piece.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/mem.h"

#include "markdown/arena.h"

static struct piece *add_piece(struct pieces *p)
{
    p->items = mem_grow(p->items, &p->cap, p->count + 1, sizeof(*p->items));
    return &p->items[p->count++];
}

/* Is `next` a piece of the same text? */
static bool goes_on(const struct md_run *run, const struct md_run *next)
{
    return run->text + run->len == next->text && run->style == next->style &&
           run->figure == next->figure && run->link == next->link;
}

void pieces_add(struct pieces *p, const struct md_run *run)
{
    struct piece *last = p->count ? &p->items[p->count - 1] : NULL;

    if (run->len == 0)
        return;
    if (last && !last->line_break && goes_on(&last->run, run))
        last->run.len += run->len;
    else
        *add_piece(p) = (struct piece){.run = *run};
}

void pieces_break(struct pieces *p)
{
    *add_piece(p) = (struct piece){.run = {"", 0, MD_PLAIN, -1, -1}, .line_break = true};
}

void pieces_finish(struct pieces *p)
{
    free(p->items);
    p->items = NULL;
    p->count = p->cap = 0;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
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

/* What is taken at once: a blank, a plain word, else a cluster. */
static size_t next_bit(const char *text, size_t len, int *cells)
{
    size_t n = plain_word(text, len);

    *cells = (int)n;
    return n ? n : text_cluster(text, len, cells);
}

void pieces_measure(const struct pieces *p, int *line, int *word)
{
    int line_now = 0, word_now = 0;

    *line = *word = 0;
    for (size_t i = 0; i < p->count; i++) {
        const struct md_run *run = &p->items[i].run;

        if (p->items[i].line_break)
            line_now = word_now = 0;
        for (size_t at = 0; at < run->len;) {
            int cells;
            size_t n = next_bit(run->text + at, run->len - at, &cells);

            line_now += cells;
            word_now = is_blank(run->text[at]) ? 0 : word_now + cells;
            *line = line_now > *line ? line_now : *line;
            *word = word_now > *word ? word_now : *word;
            at += n;
        }
    }
}

size_t pieces_bytes(const struct pieces *p)
{
    size_t bytes = 0;

    for (size_t i = 0; i < p->count; i++)
        bytes += p->items[i].run.len;
    return bytes;
}

char *pieces_text(const struct pieces *p)
{
    char *text = arena_alloc(p->arena, pieces_bytes(p) + 1), *at = text;

    for (size_t i = 0; i < p->count; i++) {
        memcpy(at, p->items[i].run.text, p->items[i].run.len);
        at += p->items[i].run.len;
    }
    return text;
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
    int limit; /* WRAP_NEVER for none */
    struct part row, word;
    size_t bytes;      /* of the pieces passed so far */
    size_t row_bytes;  /* where the row began */
    size_t word_bytes; /* where the word began */
    bool blank;        /* a blank waits between row and word */
    struct md_run blank_run;
};

static void part_add(struct part *part, const struct md_run *run, int cells)
{
    struct md_run *last = part->count ? &part->runs[part->count - 1] : NULL;

    part->width += cells;
    if (last && goes_on(last, run)) {
        last->len += run->len;
        return;
    }
    if (part->count == part->cap)
        part->runs = mem_grow(part->runs, &part->cap, part->count + 1, sizeof(*part->runs));
    part->runs[part->count++] = *run;
}

static void part_clear(struct part *part)
{
    part->count = 0;
    part->width = 0;
}

static void end_row(struct wrapper *w, enum md_end end, size_t next_begins)
{
    struct lines *out = w->out;
    struct line *line;

    out->items = mem_grow(out->items, &out->cap, out->count + 1, sizeof(*out->items));
    line = &out->items[out->count++];
    *line = (struct line){arena_alloc(w->arena, w->row.count * sizeof(*line->runs)), w->row.count,
                          w->row.width, w->row_bytes, end};
    if (w->row.count)
        memcpy(line->runs, w->row.runs, w->row.count * sizeof(*line->runs));
    part_clear(&w->row);
    w->row_bytes = next_begins;
    w->blank = false;
}

/* The word is whole: it goes on the row, or begins the next. */
static void end_word(struct wrapper *w)
{
    int gap = w->blank && w->row.count ? 1 : 0;

    if (w->word.count == 0)
        return;
    if (w->row.count && w->limit && w->row.width + gap + w->word.width > w->limit) {
        end_row(w, gap ? MD_END_BLANK : MD_END_WORD, w->word_bytes);
        gap = 0;
    }
    if (gap)
        part_add(&w->row, &w->blank_run, 1);
    for (size_t i = 0; i < w->word.count; i++)
        part_add(&w->row, &w->word.runs[i], 0);
    w->row.width += w->word.width;
    part_clear(&w->word);
    w->blank = false;
}

/* Part of the word; a word too wide for any row fills this one and goes on below. */
static void add_to_word(struct wrapper *w, const struct md_run *run, int cells)
{
    if (w->word.count && w->limit && w->word.width + cells > w->limit) {
        end_word(w);
        end_row(w, MD_END_WORD, w->bytes);
    }
    if (w->word.count == 0)
        w->word_bytes = w->bytes;
    part_add(&w->word, run, cells);
}

static void add_blank(struct wrapper *w, struct md_run run)
{
    end_word(w);
    if (*run.text != ' ') /* a tab or newline shows as a blank */
        run.text = " ";
    w->blank = true;
    w->blank_run = run;
}

static void wrap_piece(struct wrapper *w, const struct md_run *run)
{
    for (size_t at = 0; at < run->len;) {
        struct md_run bit = *run;
        int cells;

        bit.text += at;
        bit.len = next_bit(bit.text, run->len - at, &cells);
        if (w->limit && cells > 1 && w->word.width + cells > w->limit) /* broken by clusters */
            bit.len = text_cluster(bit.text, run->len - at, &cells);
        if (w->limit && is_blank(*bit.text))
            add_blank(w, bit);
        else
            add_to_word(w, &bit, cells);
        at += bit.len;
        w->bytes += bit.len;
    }
}

void pieces_wrap(const struct pieces *p, int width, struct lines *out)
{
    struct wrapper w = {.arena = p->arena, .out = out, .limit = width};
    size_t before = out->count;

    for (size_t i = 0; i < p->count; i++) {
        if (p->items[i].line_break) {
            end_word(&w);
            end_row(&w, MD_END_BLANK, w.bytes);
        } else {
            wrap_piece(&w, &p->items[i].run);
        }
    }
    end_word(&w);
    if (w.row.count || out->count == before)
        end_row(&w, MD_END_BLOCK, w.bytes);
    out->items[out->count - 1].end = MD_END_BLOCK;
    free(w.row.runs);
    free(w.word.runs);
}
