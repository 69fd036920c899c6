/* listing.c - one way to click a list, and one look of trouble. */
#include "screen/listing.h"

#include "app.h"
#include "screen/screen.h"
#include "widget/list.h"

bool listing_input(struct screen *s, struct list *list, const struct input_event *ev,
                   enum action open)
{
    bool clicked;

    if (!list_mouse(list, ev, &clicked))
        return false;
    if (clicked && input_double(ev))
        app_act(s->app, open);
    return true;
}

int listing_trouble(const struct canvas *body, int y, const char *text)
{
    canvas_put(body, y, 2, ROLE_BAD, canvas_symbol(body, SYMBOL_CROSS));
    return canvas_wrap(body, y, 4, 4, body->cols - 6, ROLE_BAD, text, true);
}
