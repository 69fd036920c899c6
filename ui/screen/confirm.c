/* confirm.c - asks before something is lost. Only y does it; the keys a hand may still be on,
 * Enter and Esc among them, leave everything as it is. */
#include "screen/screens.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/markdown.h" /* text_width */
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "app.h"
#include "screen/box.h"

enum { WIDTH = 56 };

struct confirming {
    struct screen base;
    char *question, *detail, *verb;
    void (*yes)(void *arg);
    void *arg;
    struct canvas no; /* where the way back stands */
};

static bool enter(struct screen *s, const void *arg, struct err *err)
{
    struct confirming *self = (struct confirming *)s;
    const struct confirm *confirm = arg;

    (void)err;
    self->question = mem_str(confirm->question);
    self->detail = mem_str(confirm->detail ? confirm->detail : "");
    self->verb = mem_str(confirm->verb);
    self->yes = confirm->yes;
    self->arg = confirm->arg;
    return true;
}

static void leave(struct screen *s)
{
    struct confirming *self = (struct confirming *)s;

    free(self->question);
    free(self->detail);
    free(self->verb);
}

static void contexts(const struct screen *s, struct contexts *cs)
{
    (void)s;
    contexts_add(cs, CONTEXT_CONFIRM);
}

/* "y delete   Esc keep it": the keys as they are set now. */
static void draw_keys(struct confirming *self, const struct canvas *c, int y)
{
    struct strbuf keys;
    int x;

    strbuf_init(&keys, 256);
    keymap_keys(self->base.app->keys, ACTION_CONFIRM_YES, canvas_utf8(c), &keys);
    x = canvas_put(c, y, 0, ROLE_BAD | STYLE_BOLD, keys.data);
    x = canvas_printf(c, y, x + 1, ROLE_TEXT, "%s", self->verb);
    strbuf_clear(&keys);
    keymap_keys(self->base.app->keys, ACTION_CONFIRM_NO, canvas_utf8(c), &keys);
    self->no = canvas_part(c, y, x + 3, 1, c->cols);
    x = canvas_put(c, y, x + 3, ROLE_ACCENT, keys.data);
    canvas_put(c, y, x + 1, ROLE_TEXT, "leave it as it is");
    canvas_cursor(c, y, 0, false);
    strbuf_finish(&keys);
}

static void draw(struct screen *s, const struct canvas *body)
{
    struct confirming *self = (struct confirming *)s;
    int cols = body->cols - 8 < WIDTH ? body->cols - 8 : WIDTH, y;
    int question = canvas_wrap(body, 0, 0, 0, cols, ROLE_TEXT, self->question, false);
    int detail = *self->detail
                     ? canvas_wrap(body, 0, 0, 0, cols, ROLE_TEXT, self->detail, false) + 1
                     : 0;
    struct canvas box = box_draw(body, question + detail + 2, cols, NULL);

    y = canvas_wrap(&box, 0, 0, box.rows, box.cols, ROLE_TITLE, self->question, true);
    if (detail)
        y += 1 + canvas_wrap(&box, y + 1, 0, box.rows, box.cols, ROLE_TEXT, self->detail, true);
    draw_keys(self, &box, y + 1 < box.rows ? y + 1 : box.rows - 1);
}

/* A click can leave all as it is, and do nothing else: a hand slips. */
static bool input(struct screen *s, const struct input_event *ev)
{
    const struct canvas *no = &((const struct confirming *)s)->no;
    int x = ev->mouse.x - no->x;

    if (ev->kind == INPUT_MOUSE && ev->mouse.kind == MOUSE_PRESS && ev->mouse.y == no->y &&
        x >= 0 && x < no->cols)
        app_act(s->app, ACTION_CONFIRM_NO);
    return ev->kind == INPUT_MOUSE;
}

static bool act(struct screen *s, enum action a)
{
    struct confirming *self = (struct confirming *)s;

    if (a != ACTION_CONFIRM_YES && a != ACTION_CONFIRM_NO)
        return false;
    app_pop(s->app, s);
    if (a == ACTION_CONFIRM_YES)
        self->yes(self->arg);
    return true;
}

const struct screen_ops screen_confirm = {
    .name = "confirm",
    .size = sizeof(struct confirming),
    .flags = SCREEN_OVERLAY,
    .enter = enter,
    .leave = leave,
    .contexts = contexts,
    .draw = draw,
    .input = input,
    .act = act,
};
