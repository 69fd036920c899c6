/* bench_markdown.c - how long a document takes from bytes to styled rows, and to be searched: `bench_markdown
 * FILE WIDTH [TIMES]`, the document TIMES over. The median and the best of many rounds, since a round
 * that another process disturbed says nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "strattio/err.h"
#include "strattio/markdown.h"
#include "strattio/mem.h"
#include "strattio/paths.h"

enum { ROUNDS = 61, FILE_LIMIT = 16 * 1024 * 1024 };

static double now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

struct round {
    double layout_ms, search_ms;
    size_t rows, hits;
};

static bool run_round(const char *text, size_t len, int width, struct round *r, struct err *err)
{
    double begin = now_ms(), laid_out;
    struct md_layout *layout = md_layout_create(text, len, width, NULL, 0, err);
    struct md_hit *hits;

    if (!layout)
        return false;
    laid_out = now_ms();
    r->layout_ms = laid_out - begin;
    r->hits = md_find(layout, "cafes", &hits);
    r->search_ms = now_ms() - laid_out;
    r->rows = layout->row_count;
    free(hits);
    md_layout_free(layout);
    return true;
}

/* `text` so many times over. */
static char *repeated(char *text, size_t *len, size_t times)
{
    char *all = mem_zero(*len * times + 1, 1);

    for (size_t i = 0; i < times; i++)
        memcpy(all + i * *len, text, *len);
    *len *= times;
    free(text);
    return all;
}

int main(int argc, char **argv)
{
    int width = argc == 3 || argc == 4 ? atoi(argv[2]) : 0;
    double layouts[ROUNDS], searches[ROUNDS];
    struct err err = {0};
    struct round r = {0};
    size_t len;
    char *text;

    if (width < 1) {
        fprintf(stderr, "usage: bench_markdown FILE WIDTH [TIMES]\n");
        return 2;
    }
    text = paths_read_file(argv[1], FILE_LIMIT, &len, &err);
    if (text)
        text = repeated(text, &len, argc == 4 ? (size_t)atoi(argv[3]) : 1);
    for (int i = 0; text && i < ROUNDS && run_round(text, len, width, &r, &err); i++) {
        layouts[i] = r.layout_ms;
        searches[i] = r.search_ms;
    }
    free(text);
    if (err.code != ERR_NONE) {
        fprintf(stderr, "%s\n", err.msg);
        return 1;
    }
    qsort(layouts, ROUNDS, sizeof *layouts, by_value);
    qsort(searches, ROUNDS, sizeof *searches, by_value);
    printf("median_ms %.4f\nbest_ms %.4f\nrows %zu\nsearch_ms %.4f\nhits %zu\n",
           layouts[ROUNDS / 2], layouts[0], r.rows, searches[ROUNDS / 2], r.hits);
    return 0;
}
