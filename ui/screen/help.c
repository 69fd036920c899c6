/* help.c - what the keys do where one was: the table of actions, written out for the contexts
 * that hold there. An action whose keys were all taken by an inner context is left out, as it
 * cannot be reached. */
#include "screen/screens.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/attr.h"
#include "strattio/config.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "app.h"
#include "screen/box.h"
#include "widget/list.h"

enum { KEYS_COLS = 18, WIDTH = 72 };

struct row {
    const char *title; /* of a context, or NULL */
    enum action action;
    const char *keys, *does; /* of what is no action; NULL */
};

static const struct row mouse_rows[] = {
    {.title = ""},
    {.title = "The mouse"},
    {.keys = "click", .does = "Choose a row, or put the cursor there."},
    {.keys = "double click", .does = "Open what is clicked, as Enter does."},
    {.keys = "wheel", .does = "Scroll what is under it."},
    {.keys = "Shift-drag", .does = "Hold Shift to select with the terminal's own mouse."},
};

struct help {
    struct screen base;
    struct contexts contexts;
    struct row *rows;
    size_t count, cap;
    struct list list;
};

static void add_row(struct help *self, struct row row)
{
    self->rows = mem_grow(self->rows, &self->cap, self->count + 1, sizeof *self->rows);
    self->rows[self->count++] = row;
}

/* Does any key of `a` lead to it from here? */
static bool reachable(const struct help *self, enum action a)
{
    struct key key;

    for (size_t i = 0; keymap_key(self->base.app->keys, a, i, &key); i++) {
        if (keymap_find(self->base.app->keys, &self->contexts, key) == a)
            return true;
    }
    return false;
}

static void add_context(struct help *self, enum context c)
{
    bool titled = false;

    for (int a = ACTION_NONE + 1; a < ACTION_COUNT; a++) {
        if (action_info((enum action)a)->context != c || !reachable(self, (enum action)a))
            continue;
        if (!titled && self->count)
            add_row(self, (struct row){.title = "", .action = ACTION_NONE});
        if (!titled)
            add_row(self, (struct row){.title = context_title(c), .action = ACTION_NONE});
        titled = true;
        add_row(self, (struct row){.action = (enum action)a});
    }
}

static void draw_row(void *arg, const struct canvas *line, size_t i, unsigned style)
{
    struct help *self = arg;
    const struct row *row = &self->rows[i];
    struct strbuf keys;

    if (row->title) {
        canvas_put(line, 0, 0, ROLE_TITLE | style, row->title);
        return;
    }
    strbuf_init(&keys, 256);
    if (row->keys)
        strbuf_str(&keys, row->keys);
    else
        keymap_keys(self->base.app->keys, row->action, canvas_utf8(line), &keys);
    canvas_fit(line, 0, 1, KEYS_COLS - 2, ROLE_ACCENT | style, ALIGN_LEFT, keys.data);
    canvas_fit(line, 0, KEYS_COLS, line->cols - KEYS_COLS, ROLE_TEXT | style, ALIGN_LEFT,
               row->does ? row->does : action_info(row->action)->help);
    strbuf_finish(&keys);
}

static bool enter(struct screen *s, const void *arg, struct err *err)
{
    struct help *self = (struct help *)s;

    (void)err;
    self->contexts = *(const struct contexts *)arg;
    for (size_t i = 0; i < self->contexts.count; i++)
        add_context(self, self->contexts.items[i]);
    for (size_t i = 0; config_on(s->app->config, "mouse") && i < ARRAY_LEN(mouse_rows); i++)
        add_row(self, mouse_rows[i]);
    list_init(&self->list, draw_row, self);
    self->list.plain = true;
    list_set_count(&self->list, self->count);
    return true;
}

static void leave(struct screen *s)
{
    free(((struct help *)s)->rows);
}

static void contexts(const struct screen *s, struct contexts *cs)
{
    (void)s;
    contexts_add(cs, CONTEXT_HELP);
    contexts_add(cs, CONTEXT_LIST);
}

static void crumb(const struct screen *s, struct strbuf *out)
{
    (void)s;
    strbuf_str(out, "Help");
}

static void draw(struct screen *s, const struct canvas *body)
{
    struct help *self = (struct help *)s;
    struct canvas box = box_draw(body, (int)self->count, WIDTH, "What the keys do here");

    canvas_cursor(&box, 0, 0, false);
    list_draw(&self->list, &box);
}

static bool input(struct screen *s, const struct input_event *ev)
{
    bool clicked;

    return list_mouse(&((struct help *)s)->list, ev, &clicked);
}

static bool act(struct screen *s, enum action a)
{
    struct help *self = (struct help *)s;

    if (a == ACTION_HELP_CLOSE || a == ACTION_HELP) {
        app_pop(s->app, s);
        return true;
    }
    return list_act(&self->list, a);
}

const struct screen_ops screen_help = {
    .name = "help",
    .size = sizeof(struct help),
    .flags = SCREEN_OVERLAY,
    .enter = enter,
    .leave = leave,
    .contexts = contexts,
    .crumb = crumb,
    .draw = draw,
    .input = input,
    .act = act,
};
