/* start.c - the first thing on screen: opens the store and gives way. On the embedded store
 * that is over before an eye sees it; a store that does not answer leaves the person here with
 * a sentence and a way on. */
#include "screen/screens.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/mem.h"

#include "app.h"
#include "screen/form.h"
#include "screen/joining.h"
#include "screen/resume.h"
#include "screen/session.h"

struct start {
    struct screen base;
    char *uri; /* NULL for the setting */
    const struct screen_ops *then;
    char *plan_id, *name, *place; /* for `then` */
    bool failed;
    struct err err;
    struct form form;
    size_t again, here, leave;
};

/* Our struct lives on until the app has nothing more to do for us. */
static void give_way(struct start *self)
{
    struct app *app = self->base.app;
    const struct screen_ops *next = session_screen(&app->session);
    struct plan_place at = {.plan_id = self->plan_id, .name = self->name, .place = self->place};

    if (app_replace(app, &self->base, next, NULL) && next == &screen_plans && self->then)
        app_push(app, self->then, &at);
}

static void read_resume(struct screen *s, const struct resume *r)
{
    struct app *app = s->app;

    give_way((struct start *)s);
    resume_show(app, r);
}

static void opened(struct screen *s, const struct err *err)
{
    struct start *self = (struct start *)s;

    self->form.busy = false;
    if (!err) {
        if (resume_there(s->app))
            resume_read(s, read_resume);
        else
            give_way(self);
        return;
    }
    self->failed = true;
    self->err = *err;
    app_dirty(s->app);
}

static void open_store(struct start *self, const char *uri)
{
    struct join join = {.what = JOIN_OPEN, .uri = uri};

    self->failed = false;
    self->form.busy = true;
    join_start(&self->base, &join, opened);
}

static bool enter(struct screen *s, const void *arg, struct err *err)
{
    struct start *self = (struct start *)s;
    const struct start_place *place = arg;

    (void)err;
    if (place) {
        s->app->resumes = place->resume;
        self->uri = mem_str(place->store);
        self->then = place->screen;
        self->plan_id = mem_str(place->at.plan_id);
        self->name = mem_str(place->at.name);
        self->place = mem_str(place->at.place);
    }
    form_init(&self->form);
    self->again = form_button(&self->form, "Try again", NULL);
    self->here = form_button(&self->form, "Use the store on this computer",
                             "For this time only; the setting stays as it is.");
    self->leave = form_button(&self->form, "Leave", NULL);
    open_store(self, self->uri);
    return true;
}

static void leave(struct screen *s)
{
    struct start *self = (struct start *)s;

    form_finish(&self->form);
    free(self->uri);
    free(self->plan_id);
    free(self->name);
    free(self->place);
}

static void contexts(const struct screen *s, struct contexts *cs)
{
    const struct start *self = (const struct start *)s;

    if (self->failed)
        form_contexts(&self->form, cs);
}

static void draw(struct screen *s, const struct canvas *body)
{
    struct start *self = (struct start *)s;
    struct canvas part;
    int y = 2;

    if (!self->failed) {
        canvas_put(body, 1, 2, ROLE_DIM, "Opening the store ");
        canvas_put(body, 1, 20, ROLE_DIM, canvas_symbol(body, SYMBOL_ELLIPSIS));
        canvas_cursor(body, 1, 2, false);
        return;
    }
    canvas_put(body, 1, 2, ROLE_BAD, canvas_symbol(body, SYMBOL_CROSS));
    canvas_put(body, 1, 4, ROLE_TITLE, "The store could not be opened.");
    y += canvas_wrap(body, y, 4, 6, body->cols - 6, ROLE_TEXT, self->err.msg, true);
    part = canvas_part(body, y, 0, body->rows - y, body->cols);
    form_draw(&self->form, &part);
}

static bool act(struct screen *s, enum action a)
{
    struct start *self = (struct start *)s;
    enum form_result result = FORM_NOT_MINE;

    if (self->failed)
        result = form_act(&self->form, a);
    if (result != FORM_PRESSED)
        return result == FORM_MOVED;
    if (self->form.focus == self->leave)
        app_quit(s->app);
    else
        open_store(self, self->form.focus == self->here ? "sqlite:" : self->uri);
    return true;
}

const struct screen_ops screen_start = {
    .name = "start",
    .size = sizeof(struct start),
    .enter = enter,
    .leave = leave,
    .contexts = contexts,
    .draw = draw,
    .act = act,
};
