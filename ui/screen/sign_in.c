/* sign_in.c - the door of a shared store: sign in, or register the first time. The password is
 * shown as dots and wiped as soon as the answer is there. */
#include "screen/screens.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/strbuf.h"

#include "app.h"
#include "screen/form.h"
#include "screen/joining.h"
#include "screen/listing.h"
#include "screen/session.h"

enum { NONE = FORM_MAX };

struct sign_in {
    struct screen base;
    struct form form;
    bool registering;
    size_t email, name, password, go, other, here;
    char error[248]; /* of no field */
};

/* Asks for what is needed; what was typed already stays. */
static void ask(struct sign_in *self, bool registering)
{
    char email[256] = "", name[256] = "";

    if (self->form.count)
        bson_strncpy(email, form_value(&self->form, self->email), sizeof email);
    if (self->form.count && self->name != NONE)
        bson_strncpy(name, form_value(&self->form, self->name), sizeof name);
    form_finish(&self->form);
    form_init(&self->form);
    self->registering = registering;
    self->email = form_text(&self->form, "E-mail", NULL, email);
    self->name = registering ? form_text(&self->form, "Your name", NULL, name) : (size_t)NONE;
    self->password =
        form_secret(&self->form, "Password", registering ? "Eight characters or more." : NULL);
    self->go = form_button(&self->form, registering ? "Register" : "Sign in", NULL);
    self->other = form_button(
        &self->form, registering ? "I have an account already" : "Register as a new person", NULL);
    self->here = form_button(&self->form, "Use the store on this computer",
                             "For this time only; the setting stays as it is.");
}

static bool enter(struct screen *s, const void *arg, struct err *err)
{
    (void)arg;
    (void)err;
    ask((struct sign_in *)s, false);
    return true;
}

static void leave(struct screen *s)
{
    form_finish(&((struct sign_in *)s)->form);
}

static void contexts(const struct screen *s, struct contexts *cs)
{
    form_contexts(&((const struct sign_in *)s)->form, cs);
    contexts_add(cs, CONTEXT_WELCOME);
}

static void crumb(const struct screen *s, struct strbuf *out)
{
    strbuf_str(out, ((const struct sign_in *)s)->registering ? "Register" : "Sign in");
}

static void state(const struct screen *s, struct strbuf *out)
{
    strbuf_str(out, s->app->session.store);
}

static void draw(struct screen *s, const struct canvas *body)
{
    struct sign_in *self = (struct sign_in *)s;
    struct canvas form;
    int y = 4;

    canvas_printf(body, 1, 2, ROLE_TITLE, "%s %s", self->registering ? "Register on" : "Sign in to",
                  s->app->session.store);
    canvas_put(body, 2, 2, ROLE_TEXT, "Your plans live there; nobody else sees them.");
    if (self->error[0])
        y += listing_trouble(body, y, self->error) + 1;
    form = canvas_part(body, y, 0, body->rows - y, body->cols);
    y += form_draw(&self->form, &form) + 1;
    if (self->form.busy)
        canvas_put(body, y, 4, ROLE_DIM, "One moment.");
}

static bool input(struct screen *s, const struct input_event *ev)
{
    return form_input(&((struct sign_in *)s)->form, s->app, ev);
}

static void joined(struct screen *s, const struct err *err)
{
    struct sign_in *self = (struct sign_in *)s;
    const char *field;

    self->form.busy = false;
    self->error[0] = '\0';
    if (!err) {
        app_replace(s->app, s, session_screen(&s->app->session), NULL);
        return;
    }
    field = join_wrong_field(err);
    if (err->code == ERR_DENIED || !field) {
        field_set(&self->form.items[self->password].field, "");
        self->form.focus = self->password;
        bson_strncpy(self->error, err->msg, sizeof self->error);
    } else if (strcmp(field, "name") == 0 && self->name != NONE) {
        form_set_error(&self->form, self->name, err->msg);
    } else {
        form_set_error(&self->form, strcmp(field, "email") == 0 ? self->email : self->password,
                       err->msg);
    }
    app_dirty(s->app);
}

static void press(struct sign_in *self)
{
    struct join join = {
        .what = self->registering ? JOIN_REGISTER : JOIN_LOGIN,
        .email = form_value(&self->form, self->email),
        .name = self->name == NONE ? NULL : form_value(&self->form, self->name),
        .password = form_value(&self->form, self->password),
    };

    if (self->form.focus == self->other) {
        ask(self, !self->registering);
        return;
    }
    if (self->form.focus == self->here)
        join = (struct join){.what = JOIN_OPEN, .uri = "sqlite:"};
    self->error[0] = '\0';
    self->form.busy = true;
    join_start(&self->base, &join, joined);
}

static bool act(struct screen *s, enum action a)
{
    struct sign_in *self = (struct sign_in *)s;
    enum form_result result = form_act(&self->form, a);

    if (result == FORM_PRESSED)
        press(self);
    if (result == FORM_NOT_MINE && a == ACTION_BACK && self->registering && !self->form.busy) {
        ask(self, false);
        return true;
    }
    return result != FORM_NOT_MINE;
}

const struct screen_ops screen_sign_in = {
    .name = "sign-in",
    .size = sizeof(struct sign_in),
    .enter = enter,
    .leave = leave,
    .contexts = contexts,
    .crumb = crumb,
    .state = state,
    .draw = draw,
    .input = input,
    .act = act,
};
