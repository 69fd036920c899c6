/* editor_figures.c - a hash table by source. A text has few different figures, however often it names them, and
 * every drawing and every break of a row asks for their widths. */
#include "editor_figures.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/markdown.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

enum { FIRST_SIZE = 64, SHOWN_CELLS = 48 };

struct editor_figures {
    struct editor_figure *places; /* open addressing; `size` is a power of two */
    size_t size, count;
};

struct editor_figures *editor_figures_create(void)
{
    struct editor_figures *f = mem_zero(1, sizeof *f);

    f->size = FIRST_SIZE;
    f->places = mem_zero(f->size, sizeof *f->places);
    return f;
}

void editor_figures_forget(struct editor_figures *f)
{
    for (size_t i = 0; i < f->size; i++) {
        free(f->places[i].source);
        free(f->places[i].shown);
        f->places[i] = (struct editor_figure){.source = NULL};
    }
    f->count = 0;
}

void editor_figures_destroy(struct editor_figures *f)
{
    if (!f)
        return;
    editor_figures_forget(f);
    free(f->places);
    free(f);
}

/* The place of `source`, or the empty one where it belongs. */
static struct editor_figure *find(const struct editor_figures *f, const char *source, size_t len)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    size_t i;

    for (i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)source[i]) * 1099511628211u;
    for (i = hash & (f->size - 1);; i = (i + 1) & (f->size - 1)) {
        struct editor_figure *at = &f->places[i];

        if (!at->source || (at->len == len && memcmp(at->source, source, len) == 0))
            return at;
    }
}

static void grow(struct editor_figures *f)
{
    struct editor_figures next = {.size = f->size * 2, .count = f->count};

    next.places = mem_zero(next.size, sizeof *next.places);
    for (size_t i = 0; i < f->size; i++)
        if (f->places[i].source)
            *find(&next, f->places[i].source, f->places[i].len) = f->places[i];
    free(f->places);
    *f = next;
}

/* At most SHOWN_CELLS of `text`, so that a figure never fills a row. */
static void cut(struct strbuf *text)
{
    size_t at = 0;
    int width = 0;

    while (at < text->len) {
        int cells;
        size_t bytes = text_cluster(text->data + at, text->len - at, &cells);

        if (width + cells > SHOWN_CELLS) {
            strbuf_truncate(text, at);
            strbuf_str(text, "…");
            return;
        }
        width += cells;
        at += bytes;
    }
}

const struct editor_figure *
editor_figures_get(struct editor_figures *f, const char *source, size_t len,
                   bool (*ask)(void *arg, const char *source, size_t len, struct strbuf *out),
                   void *arg)
{
    struct editor_figure *at = find(f, source, len);
    struct strbuf shown;

    if (at->source)
        return at;
    if (2 * f->count >= f->size) {
        grow(f);
        at = find(f, source, len);
    }
    f->count++;
    strbuf_init(&shown, STRBUF_DOC_LIMIT);
    at->known = !ask || ask(arg, source, len, &shown);
    if (!at->known || !ask || text_width(shown.data, shown.len) == 0) {
        strbuf_clear(&shown);
        strbuf_str(&shown, at->known ? "" : "!");
        strbuf_add(&shown, source, len);
    }
    cut(&shown);
    at->source = mem_strn(source, len);
    at->len = len;
    at->width = text_width(shown.data, shown.len);
    at->shown = strbuf_take(&shown);
    return at;
}
