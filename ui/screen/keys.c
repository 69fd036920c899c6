/* keys.c - every action with its keys, by where it works: the next key that is pressed becomes its own,
 * which keys.ini keeps. What two actions have at once is told as it comes about, and stands beside both. */
#include "screen/screens.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/attr.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "app.h"
#include "screen/box.h"
#include "terminal/key_conflict.h"
#include "terminal/key_file.h"
#include "widget/field.h"
#include "widget/list.h"

enum {
    NAME_COLS = 26,
    KEYS_COLS = 22,
    KEYS_AT = NAME_COLS + 4,
    FOOT_ROWS = 5,
    ASK_COLS = 56,
    ACTION_KEYS = 16,
    TEXT_LIMIT = 1024,
};

enum waiting { WAITING_NOT, WAITING_KEY, WAITING_MORE };

struct keys {
    struct screen base;
    enum action
        rows[ACTION_COUNT + CONTEXT_COUNT]; /* ACTION_NONE: the title of the next one's context */
    struct list list;
    bool filtering;
    struct field filter;
    enum waiting waiting; /* the next key is not a command but the one that is wanted */
    struct key_problems problems;
};

/* ---- what the actions have ----------------------------------------------------------------- */

static enum action current(const struct keys *self)
{
    return self->list.count ? self->rows[self->list.cursor] : ACTION_NONE;
}

static void spell(const struct keymap *km, enum action a, struct strbuf *out)
{
    strbuf_clear(out);
    keymap_spell(km, a, out);
}

static bool is_changed(const struct keys *self, enum action a)
{
    struct strbuf now;
    bool changed;

    strbuf_init(&now, TEXT_LIMIT);
    spell(self->base.app->keys, a, &now);
    changed = strcmp(now.data, action_info(a)->keys) != 0;
    strbuf_finish(&now);
    return changed;
}

/* The sentence about `a`, or NULL: its name stands in it as a word. */
static const char *problem_of(const struct key_problems *problems, enum action a)
{
    const char *name = action_info(a)->name;

    for (size_t i = 0; i < problems->count; i++)
        for (const char *at = problems->items[i]; (at = strstr(at, name)) != NULL; at++)
            if (at > problems->items[i] && at[-1] == ' ' && strchr(" ,;", at[strlen(name)]))
                return problems->items[i];
    return NULL;
}

static void find_problems(struct keys *self)
{
    key_problems_finish(&self->problems);
    key_conflicts(self->base.app->keys, &self->problems);
}

/* ---- saving -------------------------------------------------------------------------------- */

struct save_job {
    struct job base;
    enum action action;
    char *keys; /* NULL: those of the table */
    struct err err;
};

static void save(struct job *base, struct bench *bench)
{
    struct save_job *job = (struct save_job *)base;

    (void)bench;
    if (!key_file_save(job->action, job->keys, &job->err) && job->err.code == ERR_NONE)
        err_set(&job->err, ERR_IO, 0, "keys.ini could not be written");
}

/* Gives the action its keys by their names, which have been read once before. */
static void put_keys(struct keymap *km, enum action a, const char *names)
{
    struct key keys[ACTION_KEYS];
    size_t count = 0;

    while (*names && count < ACTION_KEYS) {
        size_t len = strcspn(names, " ");

        count += key_parse(names, len, &keys[count]);
        names += len;
        names += strspn(names, " ");
    }
    keymap_set(km, a, keys, count);
}

static void saved(struct job *base, struct app *app)
{
    struct save_job *job = (struct save_job *)base;
    const struct action_info *info = action_info(job->action);
    struct key_problems problems = {0};
    const char *problem;

    if (job->err.code != ERR_NONE) {
        app_error(app, &job->err);
        return;
    }
    put_keys(app->keys, job->action, job->keys ? job->keys : info->keys);
    key_conflicts(app->keys, &problems);
    problem = problem_of(&problems, job->action);
    if (problem)
        app_toast(app, ROLE_WARN, "%s", problem);
    else
        app_toast(app, ROLE_OK, job->keys ? "Saved in keys.ini: %s is %s." : "%s is back at %s.",
                  info->name,
                  job->keys     ? job->keys
                  : *info->keys ? info->keys
                                : "no key");
    key_problems_finish(&problems);
    if (app->top->ops == &screen_keys)
        find_problems((struct keys *)app->top);
}

static void discard(struct job *base)
{
    free(((struct save_job *)base)->keys);
    free(base);
}

static void submit(struct keys *self, enum action a, const char *keys)
{
    struct save_job *job = mem_zero(1, sizeof *job);

    job->base = (struct job){.work = save, .done = saved, .discard = discard, .flags = JOB_MUST};
    job->action = a;
    job->keys = mem_str(keys);
    app_submit(self->base.app, &job->base);
}

/* The key that was pressed. A line of keys that begins with "+" would mean something else, so that key
 * comes last. */
static void take_key(struct keys *self, struct key key)
{
    enum action a = current(self);
    struct strbuf names;
    char name[KEY_NAME_SIZE];
    struct key other;
    bool plus = false;

    strbuf_init(&names, TEXT_LIMIT);
    key_spell(key, name);
    if (self->waiting == WAITING_MORE) {
        for (size_t i = 0; keymap_key(self->base.app->keys, a, i, &other); i++) {
            char had[KEY_NAME_SIZE];

            key_spell(other, had);
            plus = plus || strcmp(had, "+") == 0;
            if (strcmp(had, "+") != 0 && strcmp(had, name) != 0)
                strbuf_printf(&names, "%s ", had);
        }
    }
    strbuf_str(&names, name);
    if (plus && strcmp(name, "+") != 0)
        strbuf_str(&names, " +");
    submit(self, a, names.data);
    strbuf_finish(&names);
}

/* ---- rows ---------------------------------------------------------------------------------- */

static bool is_wanted(const struct keys *self, enum action a)
{
    const struct action_info *info = action_info(a);
    const char *typed = field_text(&self->filter);
    struct strbuf keys;
    bool wanted;

    strbuf_init(&keys, TEXT_LIMIT);
    spell(self->base.app->keys, a, &keys);
    wanted = strcasestr(info->name, typed) || strcasestr(info->help, typed) ||
             strcasestr(context_title(info->context), typed) || strstr(keys.data, typed);
    strbuf_finish(&keys);
    return wanted;
}

static void sift(struct keys *self)
{
    size_t count = 0;

    for (int c = 0; c < CONTEXT_COUNT; c++) {
        bool titled = false;

        for (int a = ACTION_NONE + 1; a < ACTION_COUNT; a++) {
            if (action_info((enum action)a)->context != (enum context)c ||
                !is_wanted(self, (enum action)a))
                continue;
            if (!titled)
                self->rows[count++] = ACTION_NONE;
            titled = true;
            self->rows[count++] = (enum action)a;
        }
    }
    list_set_count(&self->list, count);
    if (count && current(self) == ACTION_NONE) /* a title is never the last */
        list_move_to(&self->list, self->list.cursor + 1);
    if (self->list.cursor <= 1)
        self->list.top = 0; /* with its title */
}

static void draw_row(void *arg, const struct canvas *line, size_t i, unsigned style)
{
    struct keys *self = arg;
    enum action a = self->rows[i];
    struct strbuf keys;
    int rest = KEYS_AT + KEYS_COLS + 1;

    if (a == ACTION_NONE) {
        canvas_put(line, 0, 2, ROLE_TITLE | style,
                   context_title(action_info(self->rows[i + 1])->context));
        return;
    }
    strbuf_init(&keys, TEXT_LIMIT);
    keymap_keys(self->base.app->keys, a, canvas_utf8(line), &keys);
    canvas_fit(line, 0, 2, NAME_COLS, ROLE_TEXT | style, ALIGN_LEFT, action_info(a)->name);
    if (problem_of(&self->problems, a))
        canvas_put(line, 0, KEYS_AT - 2, ROLE_WARN | style, canvas_symbol(line, SYMBOL_BANG));
    else if (is_changed(self, a))
        canvas_put(line, 0, KEYS_AT - 2, ROLE_ACCENT | style, canvas_symbol(line, SYMBOL_DOT));
    canvas_fit(line, 0, KEYS_AT, KEYS_COLS, (keys.len ? ROLE_ACCENT : ROLE_DIM) | style, ALIGN_LEFT,
               keys.len ? keys.data : "none");
    if (line->cols > rest + 10)
        canvas_fit(line, 0, rest, line->cols - rest, ROLE_DIM | style, ALIGN_LEFT,
                   action_info(a)->help);
    strbuf_finish(&keys);
}

/* ---- life ---------------------------------------------------------------------------------- */

static bool enter(struct screen *s, const void *arg, struct err *err)
{
    struct keys *self = (struct keys *)s;

    (void)arg;
    (void)err;
    field_init(&self->filter, "part of a name, a key, or of what it does");
    list_init(&self->list, draw_row, self);
    find_problems(self);
    sift(self);
    return true;
}

static void leave(struct screen *s)
{
    struct keys *self = (struct keys *)s;

    field_finish(&self->filter);
    key_problems_finish(&self->problems);
}

static void contexts(const struct screen *s, struct contexts *cs)
{
    const struct keys *self = (const struct keys *)s;

    if (self->waiting)
        return;
    contexts_add(cs, self->filtering ? CONTEXT_SEARCH : CONTEXT_KEYS);
    contexts_add(cs, self->filtering ? CONTEXT_FIELD : CONTEXT_LIST);
}

static bool allowed(const struct screen *s, enum action a)
{
    const struct keys *self = (const struct keys *)s;
    enum action here = current(self);

    if (self->waiting)
        return false;
    if (a == ACTION_KEYS_CHANGE || a == ACTION_KEYS_ADD)
        return here != ACTION_NONE;
    if (a == ACTION_KEYS_RESET)
        return here != ACTION_NONE && is_changed(self, here);
    return true;
}

static const char *why_not(const struct screen *s, enum action a)
{
    const struct keys *self = (const struct keys *)s;

    if (self->waiting)
        return "The next key is the new one.";
    if (a == ACTION_KEYS_RESET && current(self) != ACTION_NONE)
        return "It has the keys it comes with.";
    return "This is a heading; choose an action under it.";
}

static void crumb(const struct screen *s, struct strbuf *out)
{
    (void)s;
    strbuf_str(out, "Keys");
}

/* ---- drawing ------------------------------------------------------------------------------- */

static void draw_foot(const struct keys *self, const struct canvas *c)
{
    enum action a = current(self);
    const char *problem = a == ACTION_NONE ? NULL : problem_of(&self->problems, a);
    int y = 1;

    canvas_hline(c, 0, 0, c->cols, ROLE_BORDER);
    if (a == ACTION_NONE)
        return;
    y += canvas_wrap(c, y, 2, 2, c->cols - 4, ROLE_TEXT, action_info(a)->help, true);
    if (problem)
        canvas_wrap(c, y, 2, c->rows - y, c->cols - 4, ROLE_WARN, problem, true);
    else if (is_changed(self, a))
        canvas_printf(c, y, 2, ROLE_DIM, "It comes with: %s",
                      *action_info(a)->keys ? action_info(a)->keys : "no key");
}

static void draw_question(const struct keys *self, const struct canvas *body)
{
    int cols = ASK_COLS < body->cols - 8 ? ASK_COLS : body->cols - 8;
    struct canvas box = box_draw(body, 3, cols, action_info(current(self))->name);

    canvas_fit(&box, 0, 0, box.cols, ROLE_TEXT, ALIGN_LEFT,
               self->waiting == WAITING_MORE ? "Press the key it shall have, too."
                                             : "Press the key it shall have.");
    canvas_fit(&box, 2, 0, box.cols, ROLE_DIM, ALIGN_LEFT, "Esc leaves it as it is.");
    canvas_cursor(&box, 0, 0, false);
}

static void draw(struct screen *s, const struct canvas *body)
{
    struct keys *self = (struct keys *)s;
    bool bar = self->filtering || *field_text(&self->filter);
    int foot = body->rows >= 3 * FOOT_ROWS ? FOOT_ROWS : 3;
    struct canvas line = canvas_part(body, 0, 3, 1, body->cols - 4);
    struct canvas list = canvas_part(body, bar, 0, body->rows - foot - bar, body->cols);
    struct canvas detail = canvas_part(body, body->rows - foot, 0, foot, body->cols);

    canvas_cursor(body, 0, 0, false);
    draw_foot(self, &detail);
    list_draw(&self->list, &list);
    if (self->list.count == 0)
        canvas_put(&list, 0, 2, ROLE_DIM, "Nothing matches; take letters away.");
    if (bar) {
        canvas_put(body, 0, 1, ROLE_ACCENT, "/");
        field_draw(&self->filter, &line, self->filtering);
    }
    if (self->waiting)
        draw_question(self, body);
}

/* ---- keys ---------------------------------------------------------------------------------- */

static bool wait_input(struct keys *self, const struct input_event *ev)
{
    if (ev->kind != INPUT_KEY)
        return true;
    if (ev->key.code != INPUT_KEY_ESC || ev->key.mods)
        take_key(self, ev->key);
    self->waiting = WAITING_NOT;
    return true;
}

static bool input(struct screen *s, const struct input_event *ev)
{
    struct keys *self = (struct keys *)s;
    bool clicked = false;

    if (self->waiting)
        return wait_input(self, ev);
    if (list_mouse(&self->list, ev, &clicked)) {
        if (clicked && input_double(ev))
            app_act(s->app, ACTION_KEYS_CHANGE);
        return true;
    }
    if (!self->filtering || !field_input(&self->filter, s->app->keys, ev))
        return false;
    sift(self);
    return true;
}

static bool act(struct screen *s, enum action a)
{
    struct keys *self = (struct keys *)s;

    switch (a) {
    case ACTION_KEYS_CHANGE:
    case ACTION_KEYS_ADD:
        self->waiting = a == ACTION_KEYS_ADD ? WAITING_MORE : WAITING_KEY;
        return true;
    case ACTION_KEYS_RESET:
        submit(self, current(self), NULL);
        return true;
    case ACTION_KEYS_FILTER:
        self->filtering = true;
        return true;
    case ACTION_SEARCH_CANCEL:
        field_set(&self->filter, "");
        sift(self);
        self->filtering = false;
        return true;
    case ACTION_SEARCH_DONE:
        self->filtering = false;
        return true;
    default:
        return list_act(&self->list, a);
    }
}

const struct screen_ops screen_keys = {
    .name = "keys",
    .size = sizeof(struct keys),
    .enter = enter,
    .leave = leave,
    .contexts = contexts,
    .allowed = allowed,
    .why_not = why_not,
    .crumb = crumb,
    .draw = draw,
    .input = input,
    .act = act,
};
