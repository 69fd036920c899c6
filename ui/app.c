/* app.c - the stack of screens, and what every frame has around them. A key goes to the top screen as
 * input, then as an action of its contexts, then to the app itself. A screen that leaves the stack is
 * taken down at the end of the turn, not under its own feet. */
#include "app.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/clock.h"
#include "strattio/config.h"
#include "strattio/err.h"
#include "strattio/event.h"
#include "strattio/house.h"
#include "strattio/log.h"
#include "strattio/mem.h"
#include "strattio/queue.h"
#include "strattio/strbuf.h"

#include "messages.h"
#include "runs.h"
#include "screen/answer.h"
#include "screen/resume.h"
#include "screen/screens.h"
#include "terminal/surface.h"
#include "terminal/key_file.h"
#include "widget/bar.h"

enum {
    MIN_ROWS = 10,
    MIN_COLS = 40,
    TOAST_MS = 5000,
    HINTS_MAX = 24,
    STACK_MAX = 16,
    LINE_LIMIT = 1024,
    TEACH_AFTER = 3, /* times an action is chosen by name before its key is told */
    EXIT_BY_SIGNAL = 128,
    SIGNAL_HANGUP = 1,
};

struct app_private {
    struct app app;
    struct config **adopted; /* screens may hold a value of any of them: they stay until the end */
    size_t adopted_count, adopted_cap;
    struct screen *left; /* taken off the stack, not taken down yet */
};

/* --- the stack ----------------------------------------------------------------------------------- */

static bool on_stack(const struct app *app, const struct screen *s)
{
    const struct screen *at = app->top;

    while (at && at != s)
        at = at->below;
    return at != NULL;
}

static struct screen *make_screen(struct app *app, const struct screen_ops *ops, const void *arg,
                                  struct err *err)
{
    struct screen *s = mem_zero(1, ops->size);

    s->ops = ops;
    s->app = app;
    if (ops->enter && !ops->enter(s, arg, err)) {
        free(s);
        return NULL;
    }
    return s;
}

static void put_on_top(struct app *app, struct screen *s)
{
    s->below = app->top;
    app->top = s;
    loop_dirty(app->loop);
}

bool app_push(struct app *app, const struct screen_ops *ops, const void *arg)
{
    struct err err = {0};
    struct screen *s = make_screen(app, ops, arg, &err);

    if (!s) {
        app_error(app, &err);
        return false;
    }
    put_on_top(app, s);
    return true;
}

/* Takes `s` and all above it off the stack. */
static void take_off(struct app *app, struct screen *s)
{
    struct app_private *self = (struct app_private *)app;
    bool last = false;

    while (app->top && !last) {
        struct screen *top = app->top;

        last = top == s;
        app->top = top->below;
        worker_forget(app->worker, top);
        if (app->far)
            worker_forget(app->far, top);
        top->below = self->left;
        self->left = top;
    }
}

void app_pop(struct app *app, struct screen *s)
{
    if (!on_stack(app, s))
        return;
    take_off(app, s);
    if (!app->top)
        loop_quit(app->loop);
    else if (app->top->ops->shown)
        app->top->ops->shown(app->top);
    app_dirty(app);
}

bool app_replace(struct app *app, struct screen *s, const struct screen_ops *ops, const void *arg)
{
    struct err err = {0};
    struct screen *next = make_screen(app, ops, arg, &err);

    if (!next) {
        app_error(app, &err);
        return false;
    }
    if (on_stack(app, s))
        take_off(app, s);
    put_on_top(app, next);
    return true;
}

/* Takes down what left the stack, in the order in which it left. */
static void take_down(struct app *app)
{
    struct app_private *self = (struct app_private *)app;
    struct screen *ordered = NULL;

    while (self->left) {
        struct screen *s = self->left;

        self->left = s->below;
        s->below = ordered;
        ordered = s;
    }
    while (ordered) {
        struct screen *s = ordered;

        ordered = s->below;
        if (s->ops->leave)
            s->ops->leave(s);
        free(s);
    }
}

/* --- messages ------------------------------------------------------------------------------------ */

static void end_toast(void *arg)
{
    struct app *app = arg;

    app->toast.text[0] = '\0';
}

static void show_toast(struct app *app, unsigned style, const char *text)
{
    snprintf(app->toast.text, sizeof app->toast.text, "%s", text);
    app->toast.style = style;
    messages_add(app->messages, style, text);
    loop_timer(app->loop, TOAST_MS, end_toast, app);
    loop_dirty(app->loop);
}

void app_toast(struct app *app, unsigned style, const char *fmt, ...)
{
    struct strbuf text;
    va_list args;

    strbuf_init(&text, LINE_LIMIT);
    va_start(args, fmt);
    strbuf_vprintf(&text, fmt, args);
    va_end(args);
    log_line(LOG_LEVEL_INFO, "%s", text.data);
    show_toast(app, style, text.data);
    strbuf_finish(&text);
}

void app_error(struct app *app, const struct err *err)
{
    log_err("screen", err);
    show_toast(app, ROLE_BAD, err->msg);
}

void app_confirm(struct app *app, const struct confirm *confirm)
{
    app_push(app, &screen_confirm, confirm);
}

/* --- drawing ------------------------------------------------------------------------------------- */

static bool too_small(const struct app *app)
{
    return terminal_rows(app->term) < MIN_ROWS || terminal_cols(app->term) < MIN_COLS;
}

static void draw_too_small(const struct canvas *c)
{
    char text[160];

    snprintf(text, sizeof text,
             "This window is %d x %d. Strattio needs %d x %d: make it larger. Nothing is lost.",
             c->cols, c->rows, MIN_COLS, MIN_ROWS);
    canvas_wrap(c, 0, 0, c->rows, c->cols, ROLE_TEXT, text, true);
    canvas_cursor(c, 0, 0, false);
}

static void draw_header(struct app *app, const struct canvas *line)
{
    const struct screen *stack[STACK_MAX];
    struct strbuf texts[STACK_MAX];
    const char *crumbs[STACK_MAX + 1] = {"Strattio"};
    struct strbuf state;
    size_t depth = 0, count = 1, texts_used = 0;

    strbuf_init(&state, LINE_LIMIT);
    for (const struct screen *s = app->top; s && depth < STACK_MAX; s = s->below)
        stack[depth++] = s;
    while (depth-- > 0) {
        const struct screen *s = stack[depth];
        struct strbuf *text = &texts[texts_used];

        if (!s->ops->crumb)
            continue;
        strbuf_init(text, LINE_LIMIT);
        s->ops->crumb(s, text);
        texts_used++;
        if (text->len)
            crumbs[count++] = text->data;
    }
    if (app->top->ops->state)
        app->top->ops->state(app->top, &state);
    if (!state.len && app->session.open)
        strbuf_printf(&state, "%s%s%s", app->session.store, *app->session.name ? "   " : "",
                      app->session.name);
    bar_header(line, crumbs, count, state.data);
    for (size_t i = 0; i < texts_used; i++)
        strbuf_finish(&texts[i]);
    strbuf_finish(&state);
}

/* The contexts of the top screen and the app's own. */
static struct contexts contexts_now(const struct app *app)
{
    struct contexts cs = {.count = 0};

    if (app->top->ops->contexts)
        app->top->ops->contexts(app->top, &cs);
    if (cs.count == CONTEXT_DEPTH)
        cs.count--;
    contexts_add(&cs, CONTEXT_APP);
    return cs;
}

const char *app_why_not(const struct app *app, enum action a)
{
    const struct screen *top = app->top;
    const char *why = NULL;

    if (a == ACTION_BACK && !top->below)
        return "This is the first screen.";
    if (!top->ops->allowed || top->ops->allowed(top, a))
        return NULL;
    if (top->ops->why_not)
        why = top->ops->why_not(top, a);
    return why ? why : "There is nothing to do it with now.";
}

/* For the hints, where one way to leave is enough. */
static bool allowed_now(void *arg, enum action a)
{
    const struct app *app = arg;

    return (a != ACTION_QUIT || !app->top->below) && !app_why_not(app, a);
}

/* A long message takes rows of the body, but never the one the cursor is on. */
static int foot_rows(const struct app *app, const struct canvas *c)
{
    int rows = app->toast.text[0] ? bar_toast_rows(c, app->toast.style, app->toast.text) : 1;

    return c->surface->cursor_y >= c->rows - rows ? 1 : rows;
}

static void draw_foot(struct app *app, const struct canvas *line)
{
    struct hint hints[HINTS_MAX];
    struct contexts cs = contexts_now(app);

    if (app->toast.text[0])
        bar_toast(line, app->toast.style, app->toast.text);
    else
        bar_hints(line, hints,
                  keymap_hints(app->keys, &cs, allowed_now, app, terminal_utf8(app->term), hints,
                               HINTS_MAX));
}

/* Draws `s` on what is below it, if it covers only a part. */
static void draw_screen(struct screen *s, const struct canvas *body)
{
    if ((s->ops->flags & SCREEN_OVERLAY) && s->below)
        draw_screen(s->below, body);
    s->ops->draw(s, body);
}

static void draw(void *arg)
{
    struct app *app = arg;
    struct canvas c = terminal_begin(app->term);

    if (!app->top)
        return;
    if (too_small(app)) {
        draw_too_small(&c);
    } else {
        struct canvas head = canvas_part(&c, 0, 0, 1, c.cols);
        struct canvas body = canvas_part(&c, 1, 0, c.rows - 2, c.cols);
        struct canvas foot;
        int rows;

        draw_header(app, &head);
        draw_screen(app->top, &body);
        rows = foot_rows(app, &c);
        foot = canvas_part(&c, c.rows - rows, 0, rows, c.cols);
        draw_foot(app, &foot);
    }
    terminal_end(app->term);
    app->frames++;
}

void app_dirty(struct app *app)
{
    loop_dirty(app->loop);
}

/* --- input --------------------------------------------------------------------------------------- */

void app_quit(struct app *app)
{
    loop_quit(app->loop);
}

/* What the app does itself. */
static void act(struct app *app, enum action a)
{
    struct contexts cs = contexts_now(app);

    switch (a) {
    case ACTION_BACK:
        if (app->top->below)
            app_pop(app, app->top);
        break;
    case ACTION_QUIT:
        app_pop(app, app->top); /* the last one quits */
        break;
    case ACTION_STOP:
    case ACTION_LEAVE:
        app_quit(app);
        break;
    case ACTION_HELP:
        app_push(app, &screen_help, &cs);
        break;
    case ACTION_COMMANDS:
        app_push(app, &screen_commands, &cs);
        break;
    case ACTION_SETTINGS:
        app_push(app, &screen_settings, NULL);
        break;
    case ACTION_MESSAGES:
        app_push(app, &screen_messages, NULL);
        break;
    case ACTION_REDRAW:
        terminal_redraw(app->term);
        break;
    case ACTION_SUSPEND:
        terminal_suspend(app->term);
        break;
    default:
        break;
    }
}

static void on_action(struct app *app, enum action a)
{
    const char *why = app_why_not(app, a);
    bool handled = false;

    if (a == ACTION_NONE)
        return;
    if (why && a != ACTION_BACK) {
        show_toast(app, ROLE_DIM, why);
        return;
    }
    if (app->top->ops->act)
        handled = app->top->ops->act(app->top, a);
    if (!handled && app->top)
        act(app, a);
}

void app_act(struct app *app, enum action a)
{
    on_action(app, a);
}

/* To the top screen, then as an action. */
static void deliver(struct app *app, const struct input_event *ev)
{
    struct contexts cs;

    if (app->top->ops->input && app->top->ops->input(app->top, ev))
        return;
    if (ev->kind != INPUT_KEY || !app->top)
        return;
    cs = contexts_now(app);
    on_action(app, keymap_find(app->keys, &cs, ev->key));
}

static void teach(struct app *app, enum action a, struct key key)
{
    char label[KEY_NAME_SIZE];

    if (app->by_name[a] < TEACH_AFTER)
        app->by_name[a]++;
    if (app->by_name[a] != TEACH_AFTER || app->toast.text[0] || !app->top)
        return;
    app->by_name[a]++;
    key_label(key, terminal_utf8(app->term), label);
    app_toast(app, ROLE_DIM, "Next time: %s does the same as %s.", label, action_info(a)->name);
}

void app_act_by_name(struct app *app, enum action a)
{
    struct contexts cs = contexts_now(app);
    struct input_event ev = {.kind = INPUT_KEY, .text = ""};

    if (!keymap_reach(app->keys, &cs, a, &ev.key)) {
        on_action(app, a);
        return;
    }
    deliver(app, &ev);
    teach(app, a, ev.key);
}

/* In a window too small to show anything, keys could only do harm unseen. */
static void on_key_unseen(struct app *app, const struct input_event *ev)
{
    struct contexts cs = {.count = 0};

    contexts_add(&cs, CONTEXT_APP);
    switch (keymap_find(app->keys, &cs, ev->key)) {
    case ACTION_STOP:
    case ACTION_LEAVE:
        app_quit(app);
        break;
    case ACTION_SUSPEND:
        terminal_suspend(app->term);
        break;
    default:
        break;
    }
}

static void on_input(void *arg, const struct input_event *ev)
{
    struct app *app = arg;

    if (!app->top)
        return;
    if (ev->kind == INPUT_KEY)
        app->toast.text[0] = '\0';
    if (too_small(app)) {
        if (ev->kind == INPUT_KEY)
            on_key_unseen(app, ev);
    } else {
        deliver(app, ev);
    }
    take_down(app);
}

/* --- results --------------------------------------------------------------------------------------- */

static bool on_event(void *arg)
{
    struct app *app = arg;
    struct event *e = queue_pop(app->events);

    if (!e)
        return false;
    runs_event(app->runs, e, clock_mono_ms());
    for (struct screen *s = app->top, *below; s; s = below) {
        below = s->below;
        if (s->ops->event)
            s->ops->event(s, e);
    }
    event_free(e);
    take_down(app);
    return true;
}

static bool on_job(void *arg)
{
    struct app *app = arg;
    bool any = worker_deliver(app->worker);

    take_down(app);
    return any;
}

static bool on_far_job(void *arg)
{
    struct app *app = arg;
    bool any = worker_deliver(app->far);

    take_down(app);
    return any;
}

/* Without a second thread the first one does it. */
static struct worker *worker_for(struct app *app, const struct job *job)
{
    const struct bench bench = {.house = app->house};
    struct err err = {0};

    if (!(job->flags & JOB_FAR))
        return app->worker;
    if (!app->far && (app->far = worker_create(&bench, app, &err)) != NULL)
        loop_add_fd(app->loop, worker_fd(app->far), on_far_job, app);
    return app->far ? app->far : app->worker;
}

void app_submit(struct app *app, struct job *job)
{
    worker_submit(worker_for(app, job), job);
}

/* --- beginning and end -------------------------------------------------------------------------------- */

static void drop_event(void *message)
{
    event_free(message);
}

void app_show_theme(struct app *app, const char *name)
{
    struct err err = {0};

    name = name ? name : config_get(app->config, "theme");
    if (strcmp(name, "auto") == 0)
        name = config_get(app->config, terminal_ground(app->term) == GROUND_LIGHT ? "theme_light"
                                                                                  : "theme_dark");
    if (!theme_load(name, &app->theme, &err))
        app_error(app, &err);
    terminal_set_theme(app->term, &app->theme);
    loop_dirty(app->loop);
}

void app_adopt(struct app *app, struct config *config)
{
    struct app_private *self = (struct app_private *)app;

    self->adopted =
        mem_grow(self->adopted, &self->adopted_cap, self->adopted_count + 1, sizeof *self->adopted);
    self->adopted[self->adopted_count++] = config;
    app->config = config;
    house_use_config(app->house, config);
    terminal_set_color(app->term, config_get(config, "color"));
    terminal_set_mouse(app->term, config_on(config, "mouse"));
    app_show_theme(app, NULL);
}

bool app_moves(const struct app *app)
{
    if (strcmp(config_get(app->config, "motion"), "auto") == 0)
        return !terminal_remote(app->term);
    return config_on(app->config, "motion");
}

/* The terminal said that its ground is light, or no longer is. */
static void on_ground(void *arg)
{
    struct app *app = arg;

    if (strcmp(config_get(app->config, "theme"), "auto") != 0)
        return;
    app_show_theme(app, NULL);
}

/* What is wrong with the user's keys: how much of it now, each in the messages. */
static void load_keys(struct app *app)
{
    struct key_problems problems = {0};

    app->keys = key_file_load(&problems);
    for (size_t i = 0; i < problems.count; i++) {
        log_line(LOG_LEVEL_WARN, "%s", problems.items[i]);
        show_toast(app, ROLE_WARN, problems.items[i]);
    }
    if (problems.count > 1)
        app_toast(app, ROLE_WARN, "%zu things are wrong with your keys; the messages list them.",
                  problems.count);
    key_problems_finish(&problems);
}

static bool set_up(struct app *app, const struct bench *bench, struct err *err)
{
    struct terminal_options options = {.color = config_get(app->config, "color"),
                                       .mouse = config_on(app->config, "mouse"),
                                       .hyperlinks = config_get(app->config, "hyperlinks"),
                                       .title = "Strattio"};
    struct loop_handlers handlers = {
        .input = on_input, .ground = on_ground, .draw = draw, .arg = app};

    strbuf_init(&app->clip, STRBUF_DOC_LIMIT);
    app->events = queue_create(drop_event);
    if (!app->events)
        return err_set(err, ERR_IO, 0, "the computer has no file descriptors left");
    app->worker = worker_create(bench, app, err);
    if (!app->worker)
        return false;
    app->runs = runs_create();
    app->term = terminal_open(&options, err);
    if (!app->term)
        return false;
    app->loop = loop_create(app->term, &handlers);
    loop_add_fd(app->loop, queue_fd(app->events), on_event, app);
    loop_add_fd(app->loop, worker_fd(app->worker), on_job, app);
    app_show_theme(app, NULL);
    load_keys(app);
    return true;
}

struct app *app_create(const struct config *config, struct house *house,
                       void (*clear_bench)(struct bench *bench), struct err *err)
{
    struct app_private *self = mem_zero(1, sizeof *self);
    struct bench bench = {.house = house, .clear = clear_bench};

    self->app.config = config;
    self->app.messages = messages_create();
    self->app.house = house;
    house_use_config(house, config);
    if (!set_up(&self->app, &bench, err)) {
        app_destroy(&self->app);
        return NULL;
    }
    return &self->app;
}

void app_destroy(struct app *app)
{
    struct app_private *self = (struct app_private *)app;

    if (!app)
        return;
    if (app->top)
        take_off(app, NULL);
    take_down(app);
    loop_destroy(app->loop);
    terminal_close(app->term); /* first of all that can take time */
    worker_destroy(app->far);
    worker_destroy(app->worker);
    runs_destroy(app->runs);
    queue_destroy(app->events);
    keymap_destroy(app->keys);
    messages_destroy(app->messages);
    answer_past_free(app->answers);
    for (size_t i = 0; i < self->adopted_count; i++)
        config_free(self->adopted[i]);
    free(self->adopted);
    strbuf_finish(&app->clip);
    free(self);
}

static void rescue(struct app *app)
{
    for (struct screen *s = app->top; s; s = s->below)
        if (s->ops->rescue)
            s->ops->rescue(s);
}

int app_run(struct app *app, const struct screen_ops *first, const void *arg, struct err *err)
{
    struct screen *s = make_screen(app, first, arg, err);

    if (!s)
        return 1;
    put_on_top(app, s);
    switch (loop_run(app->loop)) {
    case LOOP_SIGNAL:
        rescue(app);
        resume_keep(app);
        return EXIT_BY_SIGNAL + loop_signal(app->loop);
    case LOOP_HANGUP:
        rescue(app);
        resume_keep(app);
        return EXIT_BY_SIGNAL + SIGNAL_HANGUP;
    case LOOP_QUIT:
        resume_keep(app);
        break;
    }
    return 0;
}
