/* table.c - cells with a cursor. Rows are a list's business (list.h); this adds columns, of which the
 * first stays and the others scroll. */
#include "widget/table.h"

#include "strattio/strbuf.h"

enum { CELL_LIMIT = 256, MIN_CELL_COLS = 4 };

static void draw_text(const struct canvas *line, int x, int cols, enum align align, unsigned style,
                      struct strbuf *text)
{
    canvas_fit(line, 0, x, cols, style, align, text->data);
    strbuf_clear(text);
}

/* How many columns fit beside the first. */
static size_t shown_cols(const struct table *t)
{
    int room = t->list.area.cols - t->label_cols;

    return room > t->cell_cols ? (size_t)(room / t->cell_cols) : 1;
}

static void settle(struct table *t)
{
    size_t shown = shown_cols(t);

    if (t->col >= t->cols)
        t->col = t->cols ? t->cols - 1 : 0;
    if (t->col < t->left)
        t->left = t->col;
    if (t->col >= t->left + shown)
        t->left = t->col - shown + 1;
    if (t->left + shown > t->cols)
        t->left = t->cols > shown ? t->cols - shown : 0;
}

static int cell_x(const struct table *t, size_t col)
{
    return t->label_cols + (int)(col - t->left) * t->cell_cols;
}

static void draw_row(void *arg, const struct canvas *line, size_t i, unsigned selected)
{
    struct table *t = arg;
    size_t shown = shown_cols(t);
    struct strbuf text;
    unsigned style;

    strbuf_init(&text, CELL_LIMIT);
    style = t->label(t->arg, i, &text);
    draw_text(line, 2, t->label_cols - 2, ALIGN_LEFT, style | selected, &text);
    for (size_t col = t->left; col < t->cols && col < t->left + shown; col++) {
        bool here = selected && col == t->col;

        style = t->cell(t->arg, i, col, &text);
        /* Within the selected row the cell itself stands out, in every depth of colour. */
        draw_text(line, cell_x(t, col) + 1, t->cell_cols - 1, ALIGN_RIGHT,
                  style | selected | (here ? STYLE_BOLD | STYLE_UNDERLINE : 0), &text);
    }
    strbuf_finish(&text);
}

void table_init(struct table *t)
{
    list_init(&t->list, draw_row, t);
    if (t->cell_cols < MIN_CELL_COLS)
        t->cell_cols = MIN_CELL_COLS;
}

void table_set_size(struct table *t, size_t rows, size_t cols)
{
    t->rows = rows;
    t->cols = cols;
    list_set_count(&t->list, rows);
    settle(t);
}

bool table_act(struct table *t, enum action a)
{
    switch (a) {
    case ACTION_TABLE_LEFT:
        t->col -= t->col > 0;
        break;
    case ACTION_TABLE_RIGHT:
        t->col++;
        break;
    case ACTION_TABLE_FIRST:
        t->col = 0;
        break;
    case ACTION_TABLE_LAST:
        t->col = t->cols;
        break;
    default:
        return list_act(&t->list, a);
    }
    settle(t);
    return true;
}

bool table_mouse(struct table *t, const struct input_event *ev, bool *clicked)
{
    if (!list_mouse(&t->list, ev, clicked))
        return false;
    if (*clicked && ev->mouse.x - t->list.area.x >= t->label_cols) {
        t->col = t->left + (size_t)((ev->mouse.x - t->list.area.x - t->label_cols) / t->cell_cols);
        settle(t);
    }
    return true;
}

static void draw_head(struct table *t, const struct canvas *line)
{
    size_t shown = shown_cols(t);
    struct strbuf text;

    strbuf_init(&text, CELL_LIMIT);
    for (size_t col = t->left; col < t->cols && col < t->left + shown; col++) {
        unsigned style = t->head(t->arg, col, &text);

        draw_text(line, cell_x(t, col) + 1, t->cell_cols - 1, ALIGN_RIGHT,
                  style | (col == t->col ? STYLE_BOLD | STYLE_UNDERLINE : 0), &text);
    }
    strbuf_finish(&text);
    if (t->left > 0)
        canvas_put(line, 0, t->label_cols - 1, ROLE_DIM, canvas_symbol(line, SYMBOL_LEFT));
    if (t->left + shown < t->cols)
        canvas_put(line, 0, line->cols - 1, ROLE_DIM, canvas_symbol(line, SYMBOL_RIGHT));
}

void table_draw(struct table *t, const struct canvas *c)
{
    struct canvas head = canvas_part(c, 0, 0, 1, c->cols);
    struct canvas body = canvas_part(c, 1, 0, c->rows - 1, c->cols);
    int y;

    t->list.arg = t; /* the struct may have been moved since table_init() */
    t->list.area = body;
    settle(t);
    draw_head(t, &head);
    list_draw(&t->list, &body);
    y = (int)(t->list.cursor - t->list.top);
    if (t->rows && t->cols) /* on the last cell of the number: what a reader of the screen looks for */
        canvas_cursor(&body, y, cell_x(t, t->col) + t->cell_cols - 1, false);
}
