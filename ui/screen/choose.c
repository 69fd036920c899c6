/* choose.c - a picker in a frame. A choice is known by its key, which is the item's label itself. */
#include "screen/choose.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"

#include "app.h"
#include "screen/box.h"
#include "screen/screen.h"
#include "widget/picker.h"

enum { WIDTH = 64, HEAD_ROWS = 1 };

struct choosing {
    struct screen base;
    struct choose c;
    char *title;
    struct picker picker;
};

/* Those that hold the filter, in their order: it is that of the text. */
static size_t find(void *arg, const char *filter, struct choice *out, size_t max)
{
    const struct choosing *self = arg;
    size_t count = 0;

    for (size_t i = 0; i < self->c.count && count < max; i++) {
        const struct choose_item *item = &self->c.items[i];

        if (strcasestr(item->label, filter))
            out[count++] =
                (struct choice){.key = item->label, .label = item->label, .note = item->note};
    }
    return count;
}

static const struct choose_item *chosen(const struct choosing *self)
{
    const struct choice *choice = picker_choice(&self->picker);

    for (size_t i = 0; choice && i < self->c.count; i++)
        if (self->c.items[i].label == choice->key)
            return &self->c.items[i];
    return NULL;
}

static bool enter(struct screen *s, const void *arg, struct err *err)
{
    struct choosing *self = (struct choosing *)s;

    (void)err;
    self->c = *(const struct choose *)arg;
    self->title = mem_str(self->c.title);
    picker_init(&self->picker, find, self);
    list_move_to(&self->picker.list, self->c.start);
    return true;
}

static void leave(struct screen *s)
{
    struct choosing *self = (struct choosing *)s;

    picker_finish(&self->picker);
    for (size_t i = 0; i < self->c.count; i++) {
        free(self->c.items[i].label);
        free(self->c.items[i].note);
    }
    free(self->c.items);
    free(self->title);
}

static void contexts(const struct screen *s, struct contexts *cs)
{
    (void)s;
    contexts_add(cs, CONTEXT_PICKER);
    contexts_add(cs, CONTEXT_FIELD);
}

static void draw(struct screen *s, const struct canvas *body)
{
    struct choosing *self = (struct choosing *)s;
    int cols = body->cols - 8 < WIDTH ? body->cols - 8 : WIDTH;
    struct canvas box = box_draw(body, (int)self->c.count + HEAD_ROWS, cols, self->title);

    picker_draw(&self->picker, &box);
}

static bool input(struct screen *s, const struct input_event *ev)
{
    struct choosing *self = (struct choosing *)s;
    enum picker_result result = picker_input(&self->picker, s->app->keys, ev);
    const struct choose_item *there = chosen(self);
    struct choose c = self->c;
    struct choose_item item;

    if (result != PICKER_TAKEN || !there)
        return result != PICKER_NOT_MINE;
    item = *there;
    item.label = item.note = NULL; /* gone with the list */
    app_pop(s->app, s);
    c.take(c.arg, &item);
    return true;
}

static const struct screen_ops screen_choose = {
    .name = "choose",
    .size = sizeof(struct choosing),
    .flags = SCREEN_OVERLAY,
    .enter = enter,
    .leave = leave,
    .contexts = contexts,
    .draw = draw,
    .input = input,
};

void choose_show(struct app *app, const struct choose *c)
{
    app_push(app, &screen_choose, c);
}
