/* list.c - a window of rows over a count. The one rule that keeps it right: after every change `settle`
 * brings cursor and top back into what there is and what is shown. */
#include "widget/list.h"

enum { MARK_COLS = 2, WHEEL_ROWS = 3 };

void list_init(struct list *l, void (*draw_row)(void *arg, const struct canvas *line, size_t i,
                                                unsigned style),
               void *arg)
{
    *l = (struct list){.draw_row = draw_row, .arg = arg};
}

static size_t page_rows(const struct list *l)
{
    return l->area.rows > 0 ? (size_t)l->area.rows : 1;
}

static size_t last_top(const struct list *l)
{
    return l->count > page_rows(l) ? l->count - page_rows(l) : 0;
}

static void settle(struct list *l)
{
    size_t rows = page_rows(l);

    if (l->cursor >= l->count)
        l->cursor = l->count ? l->count - 1 : 0;
    if (l->top > last_top(l))
        l->top = last_top(l);
    if (l->plain)
        return;
    if (l->cursor < l->top)
        l->top = l->cursor;
    else if (l->cursor >= l->top + rows)
        l->top = l->cursor - rows + 1;
}

void list_set_count(struct list *l, size_t count)
{
    l->count = count;
    settle(l);
}

void list_move_to(struct list *l, size_t row)
{
    if (l->plain)
        l->top = row;
    else
        l->cursor = row;
    settle(l);
}

/* Moves by `rows`, stopping at the ends; a page moves the window with the cursor. */
static void move_by(struct list *l, long rows, bool window)
{
    size_t *at = l->plain ? &l->top : &l->cursor;
    size_t step = (size_t)(rows < 0 ? -rows : rows);

    if (rows < 0) {
        *at = *at > step ? *at - step : 0;
        if (window && !l->plain)
            l->top = l->top > step ? l->top - step : 0;
    } else {
        *at += step;
        if (window && !l->plain)
            l->top += step;
    }
    settle(l);
}

bool list_act(struct list *l, enum action a)
{
    long page = (long)page_rows(l);

    switch (a) {
    case ACTION_LIST_UP:
        move_by(l, -1, false);
        return true;
    case ACTION_LIST_DOWN:
        move_by(l, 1, false);
        return true;
    case ACTION_LIST_PAGE_UP:
        move_by(l, -(page > 1 ? page - 1 : 1), true);
        return true;
    case ACTION_LIST_PAGE_DOWN:
        move_by(l, page > 1 ? page - 1 : 1, true);
        return true;
    case ACTION_LIST_HALF_UP:
        move_by(l, -(page > 1 ? page / 2 : 1), true);
        return true;
    case ACTION_LIST_HALF_DOWN:
        move_by(l, page > 1 ? page / 2 : 1, true);
        return true;
    case ACTION_LIST_TOP:
        list_move_to(l, 0);
        return true;
    case ACTION_LIST_BOTTOM:
        list_move_to(l, l->count);
        return true;
    default:
        return false;
    }
}

bool list_mouse(struct list *l, const struct input_event *ev, bool *clicked)
{
    int y = ev->mouse.y - l->area.y, x = ev->mouse.x - l->area.x;

    *clicked = false;
    if (ev->kind != INPUT_MOUSE || y < 0 || x < 0 || y >= l->area.rows || x >= l->area.cols)
        return false;
    if (ev->mouse.kind == MOUSE_WHEEL_UP) {
        move_by(l, -WHEEL_ROWS, true);
    } else if (ev->mouse.kind == MOUSE_WHEEL_DOWN) {
        move_by(l, WHEEL_ROWS, true);
    } else if (ev->mouse.kind == MOUSE_PRESS && ev->mouse.button == 1) {
        size_t row = l->top + (size_t)y;

        if (row >= l->count || l->plain)
            return true;
        *clicked = true;
        l->cursor = row;
    }
    return true;
}

void list_draw(struct list *l, const struct canvas *c)
{
    l->area = *c;
    settle(l);
    for (int y = 0; y < c->rows && l->top + (size_t)y < l->count; y++) {
        size_t i = l->top + (size_t)y;
        bool selected = !l->plain && i == l->cursor;
        struct canvas line = canvas_part(c, y, 0, 1, c->cols);

        if (selected) {
            canvas_fill(&line, 0, 0, 1, line.cols, ROLE_SELECTION);
            canvas_put(&line, 0, 0, ROLE_ACCENT, canvas_symbol(c, SYMBOL_MARK));
        }
        l->draw_row(l->arg, &line, i, selected ? STYLE_SELECTED : 0);
        if (selected)
            canvas_cursor(&line, 0, l->count ? MARK_COLS : 0, false);
    }
}
