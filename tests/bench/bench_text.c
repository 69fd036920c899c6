/* bench_text.c - what an edit of a text of 1 MB costs: prints "name value" lines in milliseconds,
 * medians. The reference beside an insert is the memmove it cannot do without. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "strattio/diff.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/text.h"

enum { BYTES = 1024 * 1024, ROUNDS = 201, CALLS = 20 };

static double now_us(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec * 1e6 + (double)at.tv_nsec / 1e3;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* The median of `rounds` times, each of CALLS calls. */
static void measure(const char *name, void (*call)(struct text *t), struct text *t, int rounds)
{
    double times[ROUNDS];

    for (int i = 0; i < rounds; i++) {
        double began = now_us();

        for (int j = 0; j < CALLS; j++)
            call(t);
        times[i] = (now_us() - began) / CALLS;
    }
    qsort(times, (size_t)rounds, sizeof *times, by_size);
    printf("%s_ms %.6f\n", name, times[rounds / 2] / 1e3);
}

static char *prose; /* a megabyte of it */

static void create(struct text *t)
{
    (void)t;
    text_destroy(text_create(prose, BYTES));
}

static void insert(struct text *t)
{
    struct err err = {0};

    if (!text_splice(t, BYTES / 2, 0, "x", 1, TEXT_TYPED, 0, &err))
        abort();
    text_break(t);
}

static void undo(struct text *t)
{
    if (!text_undo(t, NULL))
        abort();
}

static void move(struct text *t)
{
    (void)t;
    memmove(prose + BYTES / 2 + 1, prose + BYTES / 2, BYTES / 2);
}

/* What is nowhere: all of it is looked at. */
static void find(struct text *t)
{
    size_t len;

    if (text_find(t, "three times a fortnight", 0, false, &len) != SIZE_MAX)
        abort();
}

static void bare_find(struct text *t)
{
    if (strcasestr(text_bytes(t), "three times a fortnight"))
        abort();
}

static char *edited; /* `prose` with a word changed in one line of a hundred */
static size_t edited_len;

static void difference(struct text *t)
{
    struct diff d;

    diff_words(text_bytes(t), text_len(t), edited, edited_len, &d);
    if (d.coarse || !d.added)
        abort();
    diff_finish(&d);
}

static void edit_one_in_a_hundred(const char *text, size_t len)
{
    size_t line = 0;

    edited = mem_copy(text, len);
    edited_len = len;
    for (size_t at = 0; at + 8 < len; at++) {
        line += text[at] == '\n';
        if (text[at] == '\n' && line % 100 == 0)
            memcpy(edited + at + 1, "Children", 8);
    }
}

int main(void)
{
    static const char line[] =
        "Families within 1.5 km buy bread three times a week; cafés take wholesale.\n";
    struct text *t;

    prose = mem_zero(BYTES + sizeof line, 1);
    for (size_t at = 0; at < BYTES; at += sizeof line - 1)
        memcpy(prose + at, line, sizeof line - 1);
    t = text_create(prose, BYTES);
    measure("create", create, t, ROUNDS);
    measure("insert", insert, t, ROUNDS);
    measure("undo", undo, t, ROUNDS);
    measure("find", find, t, ROUNDS);
    measure("bare_find", bare_find, t, ROUNDS);
    measure("bare_move", move, t, ROUNDS);
    edit_one_in_a_hundred(text_bytes(t), text_len(t));
    measure("difference", difference, t, 5);
    free(edited);
    text_destroy(t);
    free(prose);
    return 0;
}
