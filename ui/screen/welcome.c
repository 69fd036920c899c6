/* welcome.c - the first start on this computer: two fields, both filled in already, and a door
 * to a shared store. */
#include "screen/screens.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/actor.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "app.h"
#include "screen/form.h"
#include "screen/joining.h"
#include "screen/listing.h"
#include "screen/session.h"

struct welcome {
    struct screen base;
    struct form form;
    size_t name, email, begin, share; /* while `shared` is false */
    size_t uri, connect, back;        /* while it is true */
    bool shared;
    char error[248]; /* of no field */
};

static void ask_person(struct welcome *self)
{
    char *name = NULL, *email = NULL;

    actor_default_identity(&name, &email);
    form_finish(&self->form);
    form_init(&self->form);
    self->shared = false;
    self->name = form_text(&self->form, "Your name", "It stands on the plans you write.", name);
    self->email = form_text(&self->form, "Your e-mail",
                            "Kept on this computer; Strattio sends nothing.", email);
    self->begin = form_button(&self->form, "Begin", NULL);
    self->share = form_button(&self->form, "Use a shared store instead",
                              "A MongoDB server of your office, where each person signs in.");
    free(name);
    free(email);
}

static void ask_store(struct welcome *self)
{
    form_finish(&self->form);
    form_init(&self->form);
    self->shared = true;
    self->uri = form_text(&self->form, "Address of the store",
                          "As its keeper gave it to you: mongodb://user:password@host/", "");
    self->form.items[self->uri].field.placeholder = "mongodb://host/";
    self->connect = form_button(&self->form, "Connect", NULL);
    self->back = form_button(&self->form, "Keep everything on this computer", NULL);
}

static bool enter(struct screen *s, const void *arg, struct err *err)
{
    (void)arg;
    (void)err;
    ask_person((struct welcome *)s);
    return true;
}

static void leave(struct screen *s)
{
    form_finish(&((struct welcome *)s)->form);
}

static void contexts(const struct screen *s, struct contexts *cs)
{
    form_contexts(&((const struct welcome *)s)->form, cs);
    contexts_add(cs, CONTEXT_WELCOME);
}

static void crumb(const struct screen *s, struct strbuf *out)
{
    (void)s;
    strbuf_str(out, "Welcome");
}

static void draw(struct screen *s, const struct canvas *body)
{
    static const char *const promises[] = {
        "A wizard asks, one question after the other; every answer is saved as you leave it.",
        "Strattio computes 60 months, writes nine sections and checks them against the rules.",
        "Every figure can be opened: its formula, its inputs, its source.",
    };
    struct welcome *self = (struct welcome *)s;
    struct canvas form;
    int y = 4;

    canvas_put(body, 1, 2, ROLE_TITLE,
               self->shared ? "A shared store" : "A business plan you can defend");
    canvas_wrap(body, 2, 2, 2, body->cols - 4, ROLE_TEXT,
                self->shared ? "Plans then live on the server, and you sign in with a password."
                             : "Who are you? Change what is wrong and begin.",
                true);
    if (self->error[0])
        y += listing_trouble(body, y, self->error) + 1;
    form = canvas_part(body, y, 0, body->rows - y, body->cols);
    y += form_draw(&self->form, &form) + 2;
    for (size_t i = 0; !self->shared && i < ARRAY_LEN(promises) && y < body->rows; i++) {
        canvas_put(body, y, 2, ROLE_ACCENT, canvas_symbol(body, SYMBOL_BULLET));
        y += canvas_wrap(body, y, 4, 2, body->cols - 6, ROLE_DIM, promises[i], true);
    }
}

static bool input(struct screen *s, const struct input_event *ev)
{
    return form_input(&((struct welcome *)s)->form, s->app, ev);
}

static void begun(struct screen *s, const struct err *err)
{
    struct welcome *self = (struct welcome *)s;
    const char *field;

    self->form.busy = false;
    self->error[0] = '\0';
    if (!err) {
        app_replace(s->app, s, session_screen(&s->app->session), NULL);
        return;
    }
    field = join_wrong_field(err);
    if (self->shared)
        form_set_error(&self->form, self->uri, err->msg);
    else if (err->code == ERR_INVALID && field)
        form_set_error(&self->form, strcmp(field, "email") == 0 ? self->email : self->name,
                       err->msg);
    else
        bson_strncpy(self->error, err->msg, sizeof self->error);
    app_dirty(s->app);
}

static void start_join(struct welcome *self, struct join join)
{
    self->form.busy = true;
    join_start(&self->base, &join, begun);
}

static void press(struct welcome *self)
{
    size_t button = self->form.focus;

    self->error[0] = '\0';
    if (!self->shared && button == self->begin)
        start_join(self, (struct join){.what = JOIN_BEGIN,
                                       .name = form_value(&self->form, self->name),
                                       .email = form_value(&self->form, self->email)});
    else if (!self->shared)
        ask_store(self);
    else if (button == self->back)
        ask_person(self);
    else if (strncmp(form_value(&self->form, self->uri), "mongodb", 7) != 0)
        form_set_error(&self->form, self->uri,
                       "An address of a store begins with mongodb:// or mongodb+srv://");
    else
        start_join(self, (struct join){.what = JOIN_OPEN,
                                       .keep = true,
                                       .uri = form_value(&self->form, self->uri)});
}

static bool act(struct screen *s, enum action a)
{
    struct welcome *self = (struct welcome *)s;
    enum form_result result = form_act(&self->form, a);

    if (result == FORM_PRESSED)
        press(self);
    if (result == FORM_NOT_MINE && a == ACTION_BACK && self->shared && !self->form.busy) {
        ask_person(self);
        return true;
    }
    return result != FORM_NOT_MINE;
}

const struct screen_ops screen_welcome = {
    .name = "welcome",
    .size = sizeof(struct welcome),
    .enter = enter,
    .leave = leave,
    .contexts = contexts,
    .crumb = crumb,
    .draw = draw,
    .input = input,
    .act = act,
};
