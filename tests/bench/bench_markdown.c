/* bench_markdown.c - how long a document takes from bytes to styled rows: `bench_markdown FILE WIDTH`. The
 * median and the best of many rounds, since a round that another process disturbed says nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "strattio/err.h"
#include "strattio/markdown.h"
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

/* Milliseconds of one round; below 0 if it failed. */
static double round_ms(const char *text, size_t len, int width, size_t *rows, struct err *err)
{
    double begin = now_ms(), end;
    struct md_layout *layout = md_layout_create(text, len, width, NULL, 0, err);

    end = now_ms();
    if (!layout)
        return -1;
    *rows = layout->row_count;
    md_layout_free(layout);
    return end - begin;
}

int main(int argc, char **argv)
{
    int width = argc == 3 ? atoi(argv[2]) : 0;
    double times[ROUNDS];
    struct err err = {0};
    size_t len, rows = 0;
    char *text;

    if (width < 1) {
        fprintf(stderr, "usage: bench_markdown FILE WIDTH\n");
        return 2;
    }
    text = paths_read_file(argv[1], FILE_LIMIT, &len, &err);
    for (int i = 0; text && i < ROUNDS && err.code == ERR_NONE; i++)
        times[i] = round_ms(text, len, width, &rows, &err);
    free(text);
    if (err.code != ERR_NONE) {
        fprintf(stderr, "%s\n", err.msg);
        return 1;
    }
    qsort(times, ROUNDS, sizeof *times, by_value);
    printf("median_ms %.4f\nbest_ms %.4f\nrows %zu\n", times[ROUNDS / 2], times[0], rows);
    return 0;
}
