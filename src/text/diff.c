/* diff.c - two texts compared twice: line by line first, so that paragraphs that stayed are found
 * whatever else happened, then, between those, word by word. A word is a run of letters and digits,
 * a bound figure, a run of blanks, a newline, or one other character; each gets a number, the same
 * word the same number, and numbers are what is compared.
 *
 * The shortest list of changes is not the one that reads best: two sentences that share an "of"
 * and a "the" would be shown as confetti. So a few words between two larger changes count as
 * changed. */
#include "strattio/diff.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "text/myers.h"

enum { BUDGET_STEPS = 8 * 1000 * 1000 };

struct pieces { /* a text, or a part of it, cut up */
    const char *text;
    size_t *at; /* count + 1 offsets */
    uint32_t *ids;
    bool *only; /* not in the other text */
    size_t count, cap;
};

struct slot {
    const char *text;
    size_t len;
};

struct names { /* pieces by content; a piece's id is its slot */
    struct slot *slots;
    size_t mask;
};

struct block { /* pieces a..a_end gave way to b..b_end */
    size_t a, a_end, b, b_end;
};

/* ---- cutting up ---------------------------------------------------------------------------- */

static bool is_word_byte(unsigned char c)
{
    return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static size_t line_len(const char *text, size_t len)
{
    const char *end = memchr(text, '\n', len);

    return end ? (size_t)(end - text) + 1 : len;
}

static size_t figure_len(const char *text, size_t len)
{
    const char *end = memmem(text, line_len(text, len), "}}", 2);

    return end ? (size_t)(end - text) + 2 : 1;
}

static size_t word_len(const char *text, size_t len)
{
    size_t n = 1;

    if (is_word_byte((unsigned char)*text)) {
        while (n < len && (is_word_byte((unsigned char)text[n]) ||
                           /* "don't", "1,250.5" */
                           (n + 1 < len && strchr("',.", text[n]) && text[n] &&
                            is_word_byte((unsigned char)text[n + 1]))))
            n++;
    } else if (*text == ' ' || *text == '\t') {
        while (n < len && (text[n] == ' ' || text[n] == '\t'))
            n++;
    } else if (len > 1 && text[0] == '{' && text[1] == '{') {
        n = figure_len(text, len);
    }
    return n;
}

static uint32_t name(struct names *names, const char *text, size_t len)
{
    size_t hash = 14695981039346656037u, at;

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)text[i]) * 1099511628211u;
    for (at = hash & names->mask; names->slots[at].text; at = (at + 1) & names->mask)
        if (names->slots[at].len == len && memcmp(names->slots[at].text, text, len) == 0)
            return (uint32_t)at;
    names->slots[at] = (struct slot){text, len};
    return (uint32_t)at;
}

static void cut_up(struct pieces *p, const char *text, size_t from, size_t to,
                   size_t (*piece_len)(const char *text, size_t len))
{
    p->text = text;
    p->count = 0;
    for (size_t at = from; at < to; at += piece_len(text + at, to - at)) {
        p->at = mem_grow(p->at, &p->cap, p->count + 2, sizeof *p->at);
        p->at[p->count++] = at;
    }
    p->at = mem_grow(p->at, &p->cap, p->count + 1, sizeof *p->at);
    p->at[p->count] = to;
    p->ids = mem_zero(p->count + 1, sizeof *p->ids);
    p->only = mem_zero(p->count + 1, sizeof *p->only);
}

static void give_names(struct pieces *a, struct pieces *b)
{
    struct pieces *both[] = {a, b};
    size_t size = 64;
    struct names names;

    while (size < 2 * (a->count + b->count))
        size *= 2;
    names = (struct names){mem_zero(size, sizeof *names.slots), size - 1};
    for (int i = 0; i < 2; i++)
        for (size_t j = 0; j < both[i]->count; j++)
            both[i]->ids[j] =
                name(&names, both[i]->text + both[i]->at[j], both[i]->at[j + 1] - both[i]->at[j]);
    free(names.slots);
}

static void pieces_finish(struct pieces *p)
{
    free(p->at);
    free(p->ids);
    free(p->only);
}

/* ---- blocks -------------------------------------------------------------------------------- */

/* The next block of change at or after the pieces *i and *j, which move behind it. */
static bool next_block(const struct pieces *a, const struct pieces *b, size_t *i, size_t *j,
                       struct block *out)
{
    while (*i < a->count && *j < b->count && !a->only[*i] && !b->only[*j]) {
        ++*i;
        ++*j;
    }
    *out = (struct block){*i, *i, *j, *j};
    while (out->a_end < a->count && a->only[out->a_end])
        out->a_end++;
    while (out->b_end < b->count && b->only[out->b_end])
        out->b_end++;
    *i = out->a_end;
    *j = out->b_end;
    return out->a < out->a_end || out->b < out->b_end;
}

static size_t block_size(const struct pieces *a, const struct pieces *b, const struct block *k)
{
    size_t gone = a->at[k->a_end] - a->at[k->a], come = b->at[k->b_end] - b->at[k->b];

    return gone > come ? gone : come;
}

/* Is what lies between two blocks too little to hold on to? A paragraph's end never is. */
static bool reads_as_one(const struct pieces *a, const struct pieces *b, const struct block *k,
                         const struct block *next)
{
    size_t from = a->at[k->a_end], len = a->at[next->a] - from;

    return len <= block_size(a, b, k) && len <= block_size(a, b, next) &&
           !memchr(a->text + from, '\n', len);
}

/* The blocks of two texts as a reader sees them; the caller frees them. */
static struct block *read_blocks(const struct pieces *a, const struct pieces *b, size_t *count)
{
    struct block *blocks = NULL, next;
    size_t cap = 0, i = 0, j = 0, n = 0;

    while (next_block(a, b, &i, &j, &next)) {
        while (n && reads_as_one(a, b, &blocks[n - 1], &next)) {
            next.a = blocks[n - 1].a;
            next.b = blocks[n - 1].b;
            n--;
        }
        blocks = mem_grow(blocks, &cap, n + 1, sizeof *blocks);
        blocks[n++] = next;
    }
    *count = n;
    return blocks;
}

/* ---- runs ---------------------------------------------------------------------------------- */

static size_t count_words(const char *text, size_t len)
{
    size_t words = 0, size;

    for (size_t at = 0; at < len; at += size) {
        size = word_len(text + at, len - at);
        words += is_word_byte((unsigned char)text[at]) || (size > 2 && text[at] == '{');
    }
    return words;
}

/* Adds bytes from..to of `text`, to the last run if they go on where it ends. */
static void add_run(struct diff *d, enum diff_kind kind, const char *text, size_t from, size_t to)
{
    struct diff_run *last = d->count ? &d->runs[d->count - 1] : NULL;

    if (from == to)
        return;
    if (kind == DIFF_ADDED)
        d->added += count_words(text + from, to - from);
    if (kind == DIFF_REMOVED)
        d->removed += count_words(text + from, to - from);
    if (last && last->kind == kind && last->at + last->len == from) {
        last->len += to - from;
        return;
    }
    d->runs = mem_grow(d->runs, &d->cap, d->count + 1, sizeof *d->runs);
    d->runs[d->count++] = (struct diff_run){.kind = kind, .at = from, .len = to - from};
}

/* Compares the bytes of a block of lines word by word. */
static void add_words(struct diff *d, const char *old, size_t old_at, size_t old_end,
                      const char *now, size_t now_at, size_t now_end, size_t *budget)
{
    struct pieces a = {0}, b = {0};
    struct block *blocks;
    size_t count, same = now_at;

    cut_up(&a, old, old_at, old_end, word_len);
    cut_up(&b, now, now_at, now_end, word_len);
    give_names(&a, &b);
    if (!myers_diff(a.ids, a.count, b.ids, b.count, a.only, b.only, budget))
        d->coarse = true;
    blocks = read_blocks(&a, &b, &count);
    for (size_t i = 0; i < count; i++) {
        const struct block *k = &blocks[i];

        add_run(d, DIFF_SAME, now, same, b.at[k->b]);
        add_run(d, DIFF_REMOVED, old, a.at[k->a], a.at[k->a_end]);
        add_run(d, DIFF_ADDED, now, b.at[k->b], b.at[k->b_end]);
        same = b.at[k->b_end];
    }
    add_run(d, DIFF_SAME, now, same, now_end);
    free(blocks);
    pieces_finish(&a);
    pieces_finish(&b);
}

void diff_words(const char *old, size_t old_len, const char *now, size_t now_len, struct diff *out)
{
    struct pieces a = {0}, b = {0};
    size_t budget = BUDGET_STEPS, i = 0, j = 0, same = 0;
    struct block k;

    *out = (struct diff){0};
    cut_up(&a, old, 0, old_len, line_len);
    cut_up(&b, now, 0, now_len, line_len);
    give_names(&a, &b);
    if (!myers_diff(a.ids, a.count, b.ids, b.count, a.only, b.only, &budget))
        out->coarse = true;
    while (next_block(&a, &b, &i, &j, &k)) {
        add_run(out, DIFF_SAME, now, same, b.at[k.b]);
        add_words(out, old, a.at[k.a], a.at[k.a_end], now, b.at[k.b], b.at[k.b_end], &budget);
        same = b.at[k.b_end];
    }
    add_run(out, DIFF_SAME, now, same, now_len);
    pieces_finish(&a);
    pieces_finish(&b);
}

void diff_finish(struct diff *d)
{
    free(d->runs);
    *d = (struct diff){0};
}

void diff_summary(const struct diff *d, struct strbuf *out)
{
    bool changed = false;

    for (size_t i = 0; i < d->count; i++)
        changed = changed || d->runs[i].kind != DIFF_SAME;
    if (d->added)
        strbuf_printf(out, "%zu word%s added", d->added, d->added == 1 ? "" : "s");
    if (d->added && d->removed)
        strbuf_printf(out, ", %zu removed", d->removed);
    else if (d->removed)
        strbuf_printf(out, "%zu word%s removed", d->removed, d->removed == 1 ? "" : "s");
    else if (!d->added)
        strbuf_str(out, changed ? "only spacing or marks differ" : "nothing changed");
}
