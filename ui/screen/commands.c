/* commands.c - the palette: every action of the contexts that hold and every place the screens offer, found
 * by a few letters of its name or of what it does. What is taken is done as if its key had been pressed;
 * who takes the same thing by name three times is told its key. */
#include "screen/screens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/markdown.h" /* text_width */
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "app.h"
#include "screen/box.h"
#include "widget/fuzzy.h"
#include "widget/picker.h"

enum {
    WIDTH = 92,
    ROWS = 20,
    FOOT_ROWS = 3,
    FOOT_LEAST = 9, /* rows of the box in which there is room for the foot */
    NAME_COLS = 24,
    KEYS_COLS = 12,
    NAME_WEIGHT = 3,
    MATCH = ROLE_ACCENT | STYLE_BOLD | STYLE_UNDERLINE,
};

struct item {
    enum action action;  /* ACTION_NONE: a place */
    struct screen *from; /* the screen that offers the place */
    char *place;
    char *name;
    char *help;
    const char *why_not; /* NULL if it works now */
    struct fuzzy_text texts[2];
    int score;
};

struct places {
    struct item *items;
    size_t count, cap;
    struct screen *from;
};

struct commands {
    struct screen base;
    struct places all;
    struct item *shown[PICKER_MAX]; /* those that match */
    struct picker picker;
};

/* ---- what there is ------------------------------------------------------------------------- */

static void add_item(struct places *all, const struct item *item)
{
    if (all->count == PICKER_MAX)
        return;
    all->items = mem_grow(all->items, &all->cap, all->count + 1, sizeof *all->items);
    all->items[all->count++] = *item;
}

void places_add(struct places *out, const char *label, const char *help, const char *place)
{
    add_item(out, &(struct item){.from = out->from,
                                 .place = mem_str(place),
                                 .name = mem_str(label),
                                 .help = mem_str(help)});
}

static void add_actions(struct commands *self, enum context c)
{
    for (int a = ACTION_NONE + 1; a < ACTION_COUNT; a++) {
        const struct action_info *info = action_info((enum action)a);

        if (info->context != c || a == ACTION_COMMANDS)
            continue;
        add_item(&self->all,
                 &(struct item){.action = (enum action)a,
                                .name = mem_str(info->name),
                                .help = mem_str(info->help),
                                .why_not = app_why_not(self->base.app, (enum action)a)});
    }
}

/* Steps of a cursor: everybody knows their keys, so they come last. */
static bool is_steps(enum context c)
{
    return c == CONTEXT_FIELD || c == CONTEXT_TEXT || c == CONTEXT_TABLE || c == CONTEXT_LIST;
}

static void collect(struct commands *self, const struct contexts *cs)
{
    for (size_t i = 0; i < cs->count; i++)
        if (!is_steps(cs->items[i]))
            add_actions(self, cs->items[i]);
    for (struct screen *s = self->base.app->top; s; s = s->below) {
        self->all.from = s;
        if (s->ops->places && s->ops->go)
            s->ops->places(s, &self->all);
    }
    for (size_t i = 0; i < cs->count; i++)
        if (is_steps(cs->items[i]))
            add_actions(self, cs->items[i]);
}

/* ---- finding ------------------------------------------------------------------------------- */

static int by_score(const void *a, const void *b)
{
    const struct item *const *x = a, *const *y = b;

    if ((*x)->score != (*y)->score)
        return (*x)->score > (*y)->score ? -1 : 1;
    return *x < *y ? -1 : 1; /* both lie in one array, in the order they were added in */
}

static size_t find(void *arg, const char *typed, struct choice *out, size_t max)
{
    struct commands *self = arg;
    size_t count = 0;

    for (size_t i = 0; i < self->all.count && count < max; i++) {
        struct item *item = &self->all.items[i];

        item->texts[0] =
            (struct fuzzy_text){.text = item->name, .weight = NAME_WEIGHT, .abbreviated = true};
        item->texts[1] = (struct fuzzy_text){.text = item->help, .weight = 1};
        item->score = fuzzy_match(typed, item->texts, 2);
        if (!item->score)
            continue;
        item->score = 2 * item->score + !item->why_not; /* of two equals, the one that works */
        self->shown[count++] = item;
    }
    if (*typed)
        qsort(self->shown, count, sizeof(struct item *), by_score);
    for (size_t i = 0; i < count; i++)
        out[i] = (struct choice){.key = self->shown[i]->name, .label = self->shown[i]->name};
    return count;
}

static const struct item *chosen(const struct commands *self)
{
    return self->picker.list.count ? self->shown[self->picker.list.cursor] : NULL;
}

/* ---- drawing ------------------------------------------------------------------------------- */

/* Draws a text in `cols` cells with its matched letters marked: underlined, so that they are also marked
 * where there is no colour. */
static void draw_marked(const struct canvas *line, int x, int cols, unsigned style,
                        const struct fuzzy_text *text)
{
    struct canvas part = canvas_part(line, 0, x, 1, cols);
    size_t len = strlen(text->text);
    bool cut = text_width(text->text, len) > cols;
    unsigned match = MATCH | (style & ~(unsigned)STYLE_ROLE);

    x = 0;
    for (size_t at = 0; at < len;) {
        int cells;
        size_t bytes = text_cluster(text->text + at, len - at, &cells);

        if (cut && x + cells >= cols)
            break;
        x = canvas_putn(&part, 0, x, fuzzy_marked(text, at) ? match : style, text->text + at,
                        bytes);
        at += bytes;
    }
    if (cut)
        canvas_put(&part, 0, x, style, canvas_symbol(line, SYMBOL_ELLIPSIS));
}

static void draw_keys(const struct commands *self, const struct canvas *line, unsigned style,
                      enum action a)
{
    struct strbuf keys;

    strbuf_init(&keys, 256);
    keymap_keys(self->base.app->keys, a, canvas_utf8(line), &keys);
    canvas_fit(line, 0, line->cols - KEYS_COLS, KEYS_COLS, style, ALIGN_RIGHT, keys.data);
    strbuf_finish(&keys);
}

static void draw_item(void *arg, const struct canvas *line, size_t i, unsigned style)
{
    const struct picker *picker = arg;
    const struct commands *self = picker->arg;
    const struct item *item = self->shown[i];
    unsigned role = (item->why_not ? ROLE_DIM : ROLE_TEXT) | style;
    int x = NAME_COLS + 4, room = line->cols - KEYS_COLS - 1 - x;

    if (line->cols < NAME_COLS + KEYS_COLS + 30) /* no room for what it does: the foot tells it */
        room = 0;
    draw_marked(line, 2, room ? NAME_COLS : line->cols - KEYS_COLS - 3, role, &item->texts[0]);
    draw_keys(self, line, (item->why_not ? ROLE_DIM : ROLE_ACCENT) | style, item->action);
    if (room && item->why_not) {
        canvas_put(line, 0, x, role, canvas_symbol(line, SYMBOL_DASH));
        canvas_fit(line, 0, x + 2, room - 2, role, ALIGN_LEFT, item->why_not);
    } else if (room) {
        draw_marked(line, x, room, role, &item->texts[1]);
    }
}

/* What the one under the cursor does, in full, and why it does not. */
static void draw_foot(const struct commands *self, const struct canvas *c)
{
    const struct item *item = chosen(self);
    int y = 1;

    canvas_hline(c, 0, 0, c->cols, ROLE_BORDER);
    if (!item)
        return;
    if (item->why_not) {
        canvas_put(c, y, 0, ROLE_WARN, canvas_symbol(c, SYMBOL_BANG));
        canvas_printf(c, y++, 2, ROLE_WARN, "Not now: %s", item->why_not);
    }
    canvas_wrap(c, y, 2, c->rows - y, c->cols - 2, ROLE_DIM, item->help, true);
}

static void draw(struct screen *s, const struct canvas *body)
{
    struct commands *self = (struct commands *)s;
    int rows = body->rows - 3 < ROWS ? body->rows - 3 : ROWS;
    struct canvas box = box_draw(body, rows, WIDTH, "Commands");
    int foot_rows = box.rows >= FOOT_LEAST ? FOOT_ROWS : 0;
    struct canvas list = canvas_part(&box, 0, 0, box.rows - foot_rows, box.cols);
    struct canvas foot = canvas_part(&box, box.rows - foot_rows, 0, foot_rows, box.cols);

    draw_foot(self, &foot);
    picker_draw(&self->picker, &list); /* last: the caret is in its field */
}

/* ---- life ---------------------------------------------------------------------------------- */

static bool enter(struct screen *s, const void *arg, struct err *err)
{
    struct commands *self = (struct commands *)s;

    (void)err;
    collect(self, arg);
    picker_init(&self->picker, find, self);
    self->picker.list.draw_row = draw_item;
    self->picker.filter.placeholder = "part of a name, or of what it does";
    return true;
}

static void leave(struct screen *s)
{
    struct commands *self = (struct commands *)s;

    for (size_t i = 0; i < self->all.count; i++) {
        free(self->all.items[i].place);
        free(self->all.items[i].name);
        free(self->all.items[i].help);
    }
    free(self->all.items);
    picker_finish(&self->picker);
}

static void contexts(const struct screen *s, struct contexts *cs)
{
    (void)s;
    contexts_add(cs, CONTEXT_PICKER);
    contexts_add(cs, CONTEXT_FIELD);
}

static bool allowed(const struct screen *s, enum action a)
{
    (void)s;
    return a != ACTION_COMMANDS; /* one palette is enough */
}

static void crumb(const struct screen *s, struct strbuf *out)
{
    (void)s;
    strbuf_str(out, "Commands");
}

/* Does what is under the cursor. We are off the stack by then, and taken down at the end of the turn. */
static void take(struct commands *self)
{
    const struct item *item = chosen(self);
    struct app *app = self->base.app;
    struct screen *above;

    if (!item || item->why_not)
        return;
    app_pop(app, &self->base);
    above = app->top;
    if (item->action != ACTION_NONE) {
        app_act_by_name(app, item->action);
        return;
    }
    while (app->top != item->from && above->below != item->from)
        above = above->below;
    if (app->top != item->from)
        app_pop(app, above);
    item->from->ops->go(item->from, item->place);
}

static bool input(struct screen *s, const struct input_event *ev)
{
    struct commands *self = (struct commands *)s;
    enum picker_result result = picker_input(&self->picker, s->app->keys, ev);

    if (result == PICKER_TAKEN)
        take(self);
    return result != PICKER_NOT_MINE;
}

const struct screen_ops screen_commands = {
    .name = "commands",
    .size = sizeof(struct commands),
    .flags = SCREEN_OVERLAY,
    .enter = enter,
    .leave = leave,
    .contexts = contexts,
    .allowed = allowed,
    .crumb = crumb,
    .draw = draw,
    .input = input,
};
