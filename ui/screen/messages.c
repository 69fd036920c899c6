/* messages.c - what was said in this session, newest first: one line each, and the one under the cursor in
 * full below, with the way to the log file, which has older ones. */
#include "screen/screens.h"

#include <stdlib.h>

#include "strattio/log.h"
#include "strattio/strbuf.h"

#include "app.h"
#include "messages.h"
#include "screen/plan_words.h"
#include "widget/bar.h"
#include "widget/list.h"

enum { FOOT_ROWS = 6, FOOT_LEAST = 12, WORD_AT = 12, TEXT_AT = 20 };

struct messages_screen {
    struct screen base;
    struct list list;
    char *log; /* its path; NULL if there is none */
};

static void draw_message(void *arg, const struct canvas *line, size_t i, unsigned style)
{
    const struct messages_screen *self = arg;
    const struct message *m = messages_at(self->base.app->messages, i);
    struct severity s = severity_of(m->style);
    char time[TIME_SIZE];
    int room = line->cols - TEXT_AT - (m->times > 1 ? 6 : 0);

    local_time(m->at_ms, time);
    canvas_put(line, 0, 2, ROLE_DIM | style, time);
    canvas_put(line, 0, WORD_AT, m->style | style, canvas_symbol(line, s.symbol));
    canvas_put(line, 0, WORD_AT + 2, m->style | style, s.word);
    canvas_fit(line, 0, TEXT_AT, room, ROLE_TEXT | style, ALIGN_LEFT, m->text);
    if (m->times > 1)
        canvas_printf(line, 0, line->cols - 5, ROLE_DIM | style, "%4dx", m->times);
}

static bool enter(struct screen *s, const void *arg, struct err *err)
{
    struct messages_screen *self = (struct messages_screen *)s;

    (void)arg;
    (void)err;
    self->log = log_path();
    list_init(&self->list, draw_message, self);
    return true;
}

static void leave(struct screen *s)
{
    free(((struct messages_screen *)s)->log);
}

static void contexts(const struct screen *s, struct contexts *cs)
{
    (void)s;
    contexts_add(cs, CONTEXT_MESSAGES);
    contexts_add(cs, CONTEXT_LIST);
}

static void crumb(const struct screen *s, struct strbuf *out)
{
    (void)s;
    strbuf_str(out, "Messages");
}

/* The message under the cursor, whole. */
static void draw_foot(const struct messages_screen *self, const struct canvas *c)
{
    const struct message *m = messages_at(self->base.app->messages, self->list.cursor);

    canvas_hline(c, 0, 0, c->cols, ROLE_BORDER);
    canvas_wrap(c, 1, 2, c->rows - 2, c->cols - 4, m->style & STYLE_ROLE, m->text, true);
    if (self->log)
        canvas_printf(c, c->rows - 1, 2, ROLE_DIM, "Older ones: %s", self->log);
}

static void draw(struct screen *s, const struct canvas *body)
{
    struct messages_screen *self = (struct messages_screen *)s;
    int foot_rows = body->rows >= FOOT_LEAST ? FOOT_ROWS : 4;
    struct canvas rows = canvas_part(body, 0, 0, body->rows - foot_rows, body->cols);
    struct canvas foot = canvas_part(body, body->rows - foot_rows, 0, foot_rows, body->cols);

    canvas_cursor(body, 0, 0, false);
    list_set_count(&self->list, messages_count(s->app->messages));
    if (self->list.count == 0) {
        canvas_put(body, 1, 3, ROLE_TEXT, "Nothing was said yet.");
        if (self->log)
            canvas_printf(body, 3, 3, ROLE_DIM, "Of earlier sessions: %s", self->log);
        return;
    }
    draw_foot(self, &foot);
    list_draw(&self->list, &rows);
}

static bool input(struct screen *s, const struct input_event *ev)
{
    bool clicked;

    return list_mouse(&((struct messages_screen *)s)->list, ev, &clicked);
}

static bool act(struct screen *s, enum action a)
{
    if (a == ACTION_MESSAGES_CLOSE || a == ACTION_MESSAGES) {
        app_pop(s->app, s);
        return true;
    }
    return list_act(&((struct messages_screen *)s)->list, a);
}

const struct screen_ops screen_messages = {
    .name = "messages",
    .size = sizeof(struct messages_screen),
    .enter = enter,
    .leave = leave,
    .contexts = contexts,
    .crumb = crumb,
    .draw = draw,
    .input = input,
    .act = act,
};
