/* bench_editor.c - what editing a section of 1 MB costs beside its text: prints "name value" lines in milliseconds,
 * medians. The reference beside a key is the whole text broken into rows anew. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "terminal/surface.h"
#include "widget/editor.h"

enum { BYTES = 1024 * 1024, ROUNDS = 101, ROWS = 48, COLS = 200 };

static double now_ms(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void measure(const char *name, void (*call)(struct editor *e), struct editor *e)
{
    double times[ROUNDS];

    for (int i = 0; i < ROUNDS; i++) {
        double began = now_ms();

        call(e);
        times[i] = now_ms() - began;
    }
    qsort(times, ROUNDS, sizeof *times, by_size);
    printf("%s %.4f\n", name, times[ROUNDS / 2]);
    printf("%s_p99 %.4f\n", name, times[ROUNDS * 99 / 100]);
}

/* Paragraphs of a section, with emphasis and figures, one after another. */
static char *section(void)
{
    static const char paragraph[] =
        "In **year one** that is {{pnl.revenue[y1]:money0}} of sales, 3,400 loaves a month. The "
        "bakery sells to two groups: families within 1.5 km buy bread three times a week; cafés "
        "take wholesale, as [the survey](https://example.org) found.\n\n";
    char *text = mem_zero(BYTES + sizeof paragraph, 1);
    size_t len = 0;

    while (len < BYTES) {
        memcpy(text + len, paragraph, sizeof paragraph - 1);
        len += sizeof paragraph - 1;
    }
    return text;
}

static bool figure_text(void *arg, const char *source, size_t len, struct strbuf *out)
{
    (void)arg;
    (void)source;
    (void)len;
    strbuf_str(out, "£171,360");
    return true;
}

static struct screen_surface surface;

static void draw(struct editor *e)
{
    struct canvas c;

    surface_blank(&surface);
    c = surface_canvas(&surface);
    editor_draw(e, &c, true);
}

static void key(struct editor *e)
{
    struct input_event ev = {.kind = INPUT_KEY, .text = "x", .len = 1};

    editor_input(e, NULL, &ev);
    draw(e);
}

static void wrap(struct editor *e)
{
    editor_rows_set(&e->rows, text_bytes(e->text), text_len(e->text), e->rows.width == 80 ? 81 : 80);
}

static void search(struct editor *e)
{
    size_t len;

    if (text_find(e->text, "nowhere in it", 0, false, &len) != SIZE_MAX)
        abort();
}

static void undo(struct editor *e)
{
    struct text_step ignored;

    if (!editor_undo(e, &ignored))
        editor_redo(e, &ignored);
    draw(e);
}

int main(void)
{
    char *text = section();
    struct strbuf clip;
    struct editor e;

    strbuf_init(&clip, STRBUF_DOC_LIMIT);
    surface_init(&surface, true);
    surface_resize(&surface, ROWS, COLS);
    editor_init(&e, &clip);
    e.figure_text = figure_text;
    editor_set(&e, text, strlen(text));
    measure("wrap", wrap, &e);
    draw(&e);
    editor_move_to(&e, BYTES / 2);
    measure("key", key, &e);
    measure("draw", draw, &e);
    measure("search", search, &e);
    measure("undo", undo, &e);
    editor_finish(&e);
    surface_finish(&surface);
    strbuf_finish(&clip);
    free(text);
    return 0;
}
