/* following.c - nothing leaves the terminal unseen: an address is shown whole before it can be opened. */
#include "screen/following.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/mem.h"

#include "app.h"
#include "screen/box.h"
#include "screen/browse.h"
#include "screen/copying.h"
#include "screen/screen.h"

enum { WIDTH = 72, WORD_COLS = 11, MOST_ROWS = 100 };

struct follow_screen {
    struct screen base;
    struct following f; /* its texts are copies */
    char *copies[FOLLOWING_LINES + 3];
    size_t copy_count;
};

void following_add(struct following *f, const char *word, const char *text)
{
    if (text && *text && f->line_count < FOLLOWING_LINES)
        f->lines[f->line_count++] = (struct following_line){word, text};
}

static const char *keep(struct follow_screen *self, const char *text)
{
    return self->copies[self->copy_count++] = mem_str(text ? text : "");
}

static bool enter(struct screen *s, const void *arg, struct err *err)
{
    struct follow_screen *self = (struct follow_screen *)s;
    const struct following *given = arg;

    (void)err;
    self->f = *given;
    self->f.title = keep(self, given->title);
    self->f.url = keep(self, given->url);
    self->f.copy = keep(self, given->copy);
    for (size_t i = 0; i < given->line_count; i++)
        self->f.lines[i].text = keep(self, given->lines[i].text);
    return true;
}

static void leave(struct screen *s)
{
    struct follow_screen *self = (struct follow_screen *)s;

    while (self->copy_count)
        free(self->copies[--self->copy_count]);
}

static void contexts(const struct screen *s, struct contexts *cs)
{
    (void)s;
    contexts_add(cs, CONTEXT_LINK);
}

static const char *copied(const struct follow_screen *self)
{
    return *self->f.url ? self->f.url : self->f.copy;
}

static bool allowed(const struct screen *s, enum action a)
{
    const struct follow_screen *self = (const struct follow_screen *)s;

    if (a == ACTION_LINK_OPEN)
        return *self->f.url != '\0';
    return a != ACTION_LINK_GO || self->f.go;
}

static const char *why_not(const struct screen *s, enum action a)
{
    (void)s;
    return a == ACTION_LINK_OPEN ? "There is no address here."
           : a == ACTION_LINK_GO ? "A link has no place of its own in the text."
                                 : NULL;
}

/* Returns the rows it takes; with `rows` 0 it only counts them. */
static int draw_lines(const struct follow_screen *self, const struct canvas *c, int rows)
{
    int y = 0;

    for (size_t i = 0; i < self->f.line_count; i++) {
        const struct following_line *line = &self->f.lines[i];
        bool address = line->text && strcmp(line->text, self->f.url) == 0 && *self->f.url;

        if (rows)
            canvas_put(c, y, 0, ROLE_ACCENT, line->word);
        y += canvas_wrap(c, y, WORD_COLS, rows ? rows - y : 0, c->cols - WORD_COLS,
                         address ? ROLE_LINK : ROLE_TEXT, line->text, rows > y);
    }
    return y;
}

static void draw(struct screen *s, const struct canvas *body)
{
    struct follow_screen *self = (struct follow_screen *)s;
    int cols = body->cols - 8 < WIDTH ? body->cols - 8 : WIDTH;
    struct canvas measure = canvas_part(body, 0, 0, 0, cols);
    struct canvas box = box_draw(body, draw_lines(self, &measure, 0), cols, self->f.title);

    canvas_cursor(&box, 0, WORD_COLS, false);
    draw_lines(self, &box, box.rows);
}

static void open_address(struct follow_screen *self)
{
    struct app *app = self->base.app;
    struct err err = {0};

    if (browse_open(self->f.url, &err))
        app_toast(app, ROLE_OK, "Handed to your browser.");
    else
        app_toast(app, ROLE_WARN, "%s", err.msg);
}

static bool act(struct screen *s, enum action a)
{
    struct follow_screen *self = (struct follow_screen *)s;
    struct app *app = s->app;
    void (*go)(void *arg) = self->f.go;
    void *arg = self->f.arg;

    switch (a) {
    case ACTION_LINK_OPEN:
        open_address(self);
        return true;
    case ACTION_LINK_COPY:
        copying_send(app, copied(self), strlen(copied(self)),
                     *self->f.url ? "The address" : "The note", ACTION_LINK_FILE);
        return true;
    case ACTION_LINK_FILE:
        copying_write(app, copied(self), strlen(copied(self)));
        return true;
    case ACTION_LINK_GO:
        app_pop(app, s);
        go(arg);
        return true;
    default:
        return false;
    }
}

static const struct screen_ops screen_following = {
    .name = "link",
    .size = sizeof(struct follow_screen),
    .flags = SCREEN_OVERLAY,
    .enter = enter,
    .leave = leave,
    .contexts = contexts,
    .allowed = allowed,
    .why_not = why_not,
    .draw = draw,
    .act = act,
};

void following_show(struct app *app, const struct following *f)
{
    app_push(app, &screen_following, f);
}
