/* picture.c - cells back to text. */
#include "picture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include <cmocka.h>

#include "strattio/strbuf.h"

void picture_init(struct picture *p, int rows, int cols)
{
    surface_init(&p->surface, true);
    surface_resize(&p->surface, rows, cols);
    p->canvas = surface_canvas(&p->surface);
}

void picture_finish(struct picture *p)
{
    surface_finish(&p->surface);
}

unsigned picture_style(struct picture *p, int y, int x)
{
    return surface_row(&p->surface, y)[x].style;
}

static void add_row(struct picture *p, int y, struct strbuf *out)
{
    size_t end = out->len;

    for (int x = 0; x < p->surface.cols; x++) {
        const struct cell *cell = surface_row(&p->surface, y) + x;

        for (int i = 0; cell->width && i < CELL_CODES && cell->codes[i]; i++) {
            char text[4];

            strbuf_add(out, text,
                       (size_t)utf8proc_encode_char((utf8proc_int32_t)cell->codes[i],
                                                    (utf8proc_uint8_t *)text));
        }
        if (cell->width && cell->codes[0] != ' ')
            end = out->len;
    }
    strbuf_truncate(out, end);
    strbuf_char(out, '\n');
}

char *picture_text(struct picture *p)
{
    struct strbuf text;

    strbuf_init(&text, 1 << 20);
    for (int y = 0; y < p->surface.rows; y++)
        add_row(p, y, &text);
    return strbuf_take(&text);
}

void assert_picture(struct picture *p, const char *want)
{
    char *got = picture_text(p);

    if (strcmp(got, want) != 0)
        print_message("drawn:\n%swanted:\n%s", got, want);
    assert_string_equal(got, want);
    free(got);
}
