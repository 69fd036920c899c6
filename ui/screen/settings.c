/* settings.c - every setting with its value and where that comes from, and what can be tried out: the
 * store and the writer. The rows come from the table of settings, so that a new one is here
 * without a line of code. */
#include "screen/listing.h"
#include "screen/screens.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/config.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "app.h"
#include "screen/setting_jobs.h"
#include "screen/setting_words.h"
#include "widget/list.h"

enum { LABEL_COLS = 25, ORIGIN_COLS = 20, FOOT_ROWS = 7, TEXT_LIMIT = 4096 };

enum row_kind { ROW_SETTING, ROW_STORE, ROW_WRITER };

struct row {
    enum row_kind kind;
    const struct setting *setting; /* NULL for what can only be tried */
};

enum trial_state { TRIAL_NONE, TRIAL_RUNS, TRIAL_DONE };

struct settings {
    struct screen base;
    struct row *rows;
    size_t count, cap;
    struct list list;
    enum trial_state store, writer;
    bool writer_works;
    char said[512]; /* of the writer's trial */
    struct store_trial trial;
};

static void add_row(struct settings *self, struct row row)
{
    self->rows = mem_grow(self->rows, &self->cap, self->count + 1, sizeof *self->rows);
    self->rows[self->count++] = row;
}

static const struct row *current(const struct settings *self)
{
    return &self->rows[self->list.cursor];
}

/* ---- rows ---------------------------------------------------------------------------------- */

static const char *row_label(const struct row *row)
{
    if (row->setting)
        return setting_label(row->setting);
    return row->kind == ROW_STORE ? "Test of the store" : "Test of the writer";
}

/* What is known of something that can be tried out; `took_ms` of a success, -1 to leave it out. */
static unsigned verdict(enum trial_state state, bool works, int64_t took_ms, const struct canvas *c,
                        struct strbuf *out)
{
    if (state == TRIAL_NONE) {
        strbuf_str(out, "not tried yet");
        return ROLE_DIM;
    }
    if (state == TRIAL_RUNS) {
        strbuf_printf(out, "trying it %s", canvas_symbol(c, SYMBOL_ELLIPSIS));
        return ROLE_DIM;
    }
    strbuf_printf(out, "%s %s", canvas_symbol(c, works ? SYMBOL_CHECK : SYMBOL_CROSS),
                  works ? "works" : "does not work");
    if (works && took_ms >= 0)
        strbuf_printf(out, ", opened and read in %" PRId64 " ms", took_ms);
    return works ? ROLE_OK : ROLE_BAD;
}

static unsigned row_value(const struct settings *self, const struct row *row,
                          const struct canvas *c, struct strbuf *out)
{
    if (row->kind == ROW_STORE)
        return verdict(self->store, self->trial.ok, self->trial.took_ms, c, out);
    if (row->kind == ROW_WRITER)
        return verdict(self->writer, self->writer_works, -1, c, out);
    setting_value(self->base.app->config, row->setting, out);
    return ROLE_TEXT;
}

static void draw_row(void *arg, const struct canvas *line, size_t i, unsigned style)
{
    struct settings *self = arg;
    const struct row *row = &self->rows[i];
    bool origin = row->setting && line->cols >= LABEL_COLS + 2 * ORIGIN_COLS;
    int room = line->cols - LABEL_COLS - 2 - (origin ? ORIGIN_COLS : 0);
    struct strbuf value;
    unsigned role;

    strbuf_init(&value, TEXT_LIMIT);
    role = row_value(self, row, line, &value);
    canvas_fit(line, 0, 2, LABEL_COLS - 2, ROLE_TEXT | style, ALIGN_LEFT, row_label(row));
    canvas_fit(line, 0, LABEL_COLS + 1, room, role | style, ALIGN_LEFT, value.data);
    if (origin)
        canvas_fit(line, 0, line->cols - ORIGIN_COLS, ORIGIN_COLS, ROLE_DIM | style, ALIGN_LEFT,
                   setting_origin(self->base.app->config, row->setting));
    strbuf_finish(&value);
}

/* ---- life ---------------------------------------------------------------------------------- */

static bool enter(struct screen *s, const void *arg, struct err *err)
{
    struct settings *self = (struct settings *)s;
    const struct setting *setting;

    (void)arg;
    (void)err;
    for (size_t i = 0; (setting = setting_at(i)) != NULL; i++) {
        add_row(self, (struct row){ROW_SETTING, setting});
        if (setting_is_store(setting))
            add_row(self, (struct row){ROW_STORE, NULL});
        if (strcmp(setting->key, "writer") == 0)
            add_row(self, (struct row){ROW_WRITER, NULL});
    }
    list_init(&self->list, draw_row, self);
    list_set_count(&self->list, self->count);
    return true;
}

static void leave(struct screen *s)
{
    free(((struct settings *)s)->rows);
}

static void contexts(const struct screen *s, struct contexts *cs)
{
    (void)s;
    contexts_add(cs, CONTEXT_SETTINGS);
    contexts_add(cs, CONTEXT_LIST);
}

static void crumb(const struct screen *s, struct strbuf *out)
{
    (void)s;
    strbuf_str(out, "Settings");
}

/* ---- drawing ------------------------------------------------------------------------------- */

static void say_store(const struct settings *self, struct strbuf *out)
{
    const struct store_trial *trial = &self->trial;

    if (self->store != TRIAL_DONE)
        strbuf_str(out,
                   "Opens the store of the settings once more, beside the one in use, and reads "
                   "what it is.");
    else if (!trial->ok)
        strbuf_printf(out, "%s (after %" PRId64 " ms)", trial->err.msg, trial->took_ms);
    else
        strbuf_printf(out, "%s\n%s %s, %s transactions; %lld plans, %lld documents in all.",
                      trial->uri, trial->kind, trial->version,
                      trial->transactions ? "with" : "without", trial->plans, trial->documents);
}

static void say_writer(const struct settings *self, struct strbuf *out)
{
    if (self->writer == TRIAL_RUNS)
        strbuf_str(out, "Asking the writer for a word ...");
    else if (self->writer == TRIAL_DONE)
        strbuf_str(out, self->said);
    else if (strcmp(config_get(self->base.app->config, "writer"), "template") == 0)
        strbuf_str(out,
                   "Plans are written from templates, with the answers and figures of the plan.");
    else
        strbuf_str(out, "Plans are written by a language model; what is sent can be read first.");
}

static void draw_detail(const struct settings *self, const struct canvas *c)
{
    const struct row *row = current(self);
    struct strbuf text;
    int y = 0;

    strbuf_init(&text, TEXT_LIMIT);
    if (row->setting) {
        y = canvas_wrap(c, 0, 0, 3, c->cols, ROLE_TEXT, row->setting->help, true);
        setting_explain(self->base.app->config, row->setting, &text);
    } else if (row->kind == ROW_STORE) {
        say_store(self, &text);
    } else {
        say_writer(self, &text);
    }
    canvas_wrap(c, y, 0, c->rows - y, c->cols, row->setting ? ROLE_DIM : ROLE_TEXT, text.data,
                true);
    strbuf_finish(&text);
}

static void draw(struct screen *s, const struct canvas *body)
{
    struct settings *self = (struct settings *)s;
    int foot = body->rows >= 2 * FOOT_ROWS ? FOOT_ROWS : body->rows / 2;
    struct canvas list = canvas_part(body, 0, 0, body->rows - foot, body->cols);
    struct canvas detail = canvas_part(body, body->rows - foot + 1, 2, foot - 1, body->cols - 4);

    canvas_hline(body, body->rows - foot, 0, body->cols, ROLE_BORDER);
    draw_detail(self, &detail);
    list_draw(&self->list, &list);
}

/* ---- keys ---------------------------------------------------------------------------------- */

static void tried(struct screen *s, const struct store_trial *trial)
{
    struct settings *self = (struct settings *)s;

    self->trial = *trial;
    self->store = TRIAL_DONE;
    app_dirty(s->app);
}

static void tried_writer(struct screen *s, bool works, const char *sentence)
{
    struct settings *self = (struct settings *)s;

    self->writer = TRIAL_DONE;
    self->writer_works = works;
    snprintf(self->said, sizeof self->said, "%s", sentence);
    app_dirty(s->app);
}

/* Tries out the store, or the writer if that is under the cursor. */
static void try_out(struct settings *self)
{
    struct app *app = self->base.app;

    if (current(self)->kind == ROW_WRITER) {
        if (self->writer != TRIAL_RUNS) {
            self->writer = TRIAL_RUNS;
            writer_try(&self->base, tried_writer);
        }
    } else if (self->store != TRIAL_RUNS) {
        self->store = TRIAL_RUNS;
        store_try(&self->base, config_get(app->config, "store"), tried);
    }
}

static bool allowed(const struct screen *s, enum action a)
{
    const struct row *row = current((const struct settings *)s);

    if (a == ACTION_SETTINGS_TEST)
        return row->kind != ROW_SETTING || setting_is_store(row->setting);
    if (a == ACTION_SETTINGS_CHANGE)
        return !row->setting || !(row->setting->flags & SETTING_SECRET);
    if (a == ACTION_SETTINGS_RESET)
        return row->setting && config_saved(s->app->config, row->setting->key) != NULL;
    return a != ACTION_SETTINGS;
}

static const char *why_not(const struct screen *s, enum action a)
{
    (void)s;
    switch (a) {
    case ACTION_SETTINGS_TEST:
        return "There is nothing to try out here; the store and the writer can be.";
    case ACTION_SETTINGS_CHANGE:
        return "A secret is not typed here.";
    case ACTION_SETTINGS_RESET:
        return "config.ini says nothing about this.";
    case ACTION_SETTINGS:
        return "You are in the settings.";
    default:
        return NULL;
    }
}

static bool act(struct screen *s, enum action a)
{
    struct settings *self = (struct settings *)s;
    const struct row *row = current(self);

    switch (a) {
    case ACTION_SETTINGS_CHANGE:
        if (row->setting)
            app_push(s->app, &screen_setting_value, row->setting);
        else
            try_out(self);
        return true;
    case ACTION_SETTINGS_RESET:
        setting_save(s->app, row->setting, NULL);
        return true;
    case ACTION_SETTINGS_TEST:
        try_out(self);
        return true;
    case ACTION_SETTINGS_KEYS:
        return app_push(s->app, &screen_keys, NULL);
    default:
        return list_act(&self->list, a);
    }
}

static bool input(struct screen *s, const struct input_event *ev)
{
    return listing_input(s, &((struct settings *)s)->list, ev, ACTION_SETTINGS_CHANGE);
}

const struct screen_ops screen_settings = {
    .name = "settings",
    .size = sizeof(struct settings),
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
