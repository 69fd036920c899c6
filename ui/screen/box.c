/* box.c - the frame of an overlay. Its ground is wiped, with a column of air on both sides, so
 * that the text below does not run into the frame. */
#include "screen/box.h"

static void corners(const struct canvas *c, const struct canvas *frame)
{
    bool utf8 = canvas_utf8(c);

    canvas_put(frame, 0, 0, ROLE_BORDER, utf8 ? "┌" : "+");
    canvas_put(frame, 0, frame->cols - 1, ROLE_BORDER, utf8 ? "┐" : "+");
    canvas_put(frame, frame->rows - 1, 0, ROLE_BORDER, utf8 ? "└" : "+");
    canvas_put(frame, frame->rows - 1, frame->cols - 1, ROLE_BORDER, utf8 ? "┘" : "+");
}

static struct canvas draw_frame(const struct canvas *c, int y, int height, int cols,
                                const char *title)
{
    int width = cols + 4 < c->cols - 2 ? cols + 4 : c->cols - 2, x = (c->cols - width) / 2;
    struct canvas frame = canvas_part(c, y, x, height, width);

    canvas_fill(c, y, x - 1, height, width + 2, ROLE_TEXT);
    canvas_hline(&frame, 0, 0, width, ROLE_BORDER);
    canvas_hline(&frame, height - 1, 0, width, ROLE_BORDER);
    canvas_vline(&frame, 0, 0, height, ROLE_BORDER);
    canvas_vline(&frame, 0, width - 1, height, ROLE_BORDER);
    corners(c, &frame);
    if (title)
        canvas_printf(&frame, 0, 2, ROLE_TITLE, " %s ", title);
    return canvas_part(&frame, 1, 2, height - 2, width - 4);
}

static int height_of(const struct canvas *c, int rows)
{
    return rows + 2 < c->rows ? rows + 2 : c->rows;
}

struct canvas box_draw(const struct canvas *c, int rows, int cols, const char *title)
{
    int height = height_of(c, rows);

    return draw_frame(c, (c->rows - height) / 2, height, cols, title);
}

struct canvas box_draw_at(const struct canvas *c, int y, int rows, int cols, const char *title)
{
    int height = height_of(c, rows);

    if (y + 1 + height <= c->rows)
        return draw_frame(c, y + 1, height, cols, title);
    return draw_frame(c, y >= height ? y - height : c->rows - height, height, cols, title);
}
