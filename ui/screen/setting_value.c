/* setting_value.c - another value for one setting, over the list of them: chosen where there is a
 * choice, typed where there is none. A theme is shown as the cursor moves, on the screen below and on a
 * sample of what plans are made of; leaving without choosing puts the old one back. */
#include "screen/screens.h"

#include <stdlib.h>
#include <string.h>

#include "strattio/config.h"
#include "strattio/mem.h"
#include "strattio/paths.h"
#include "strattio/strbuf.h"

#include "app.h"
#include "screen/box.h"
#include "screen/setting_jobs.h"
#include "screen/setting_words.h"
#include "widget/field.h"
#include "widget/picker.h"

enum { LIST_COLS = 26, SAMPLE_COLS = 32, TEXT_COLS = 64, BOX_ROWS = 13, CHOICES_MAX = 256 };

struct value {
    struct screen base;
    const struct setting *setting;
    bool chosen; /* saved: leave the theme to that */
    bool theme;
    bool typed; /* no choice: a field */
    struct field field;
    char *keys[CHOICES_MAX];
    struct choice choices[CHOICES_MAX]; /* of these */
    size_t count;
    struct choice_array array;
    struct picker picker;
    char *shown; /* the theme that is being tried */
};

/* ---- choices ------------------------------------------------------------------------------- */

static void add_choice(struct value *self, char *key, const char *note)
{
    if (self->count == CHOICES_MAX) {
        free(key);
        return;
    }
    self->keys[self->count] = key;
    self->choices[self->count++] = (struct choice){.key = key, .label = key, .note = note};
}

/* The words of "auto|on|off". */
static void add_allowed(struct value *self)
{
    for (const char *at = self->setting->allowed; at && *at;) {
        size_t len = strcspn(at, "|");

        add_choice(self, mem_strn(at, len), NULL);
        at += len + (at[len] == '|');
    }
}

static void add_themes(struct value *self)
{
    size_t count;
    char **names = theme_names(&count);

    if (strcmp(self->setting->key, "theme") == 0)
        add_choice(self, mem_str("auto"), "dark or light");
    for (size_t i = 0; i < count; i++)
        add_choice(self, mem_str(names[i]), NULL);
    paths_names_free(names, count);
}

static void mark_default(struct value *self)
{
    for (size_t i = 0; i < self->count; i++) {
        struct choice *choice = &self->choices[i];

        if (!choice->note && self->setting->fallback &&
            strcmp(choice->key, self->setting->fallback) == 0)
            choice->note = "default";
    }
}

/* ---- life ---------------------------------------------------------------------------------- */

static bool enter(struct screen *s, const void *arg, struct err *err)
{
    struct value *self = (struct value *)s;
    const char *now;

    (void)err;
    self->setting = arg;
    now = config_get(s->app->config, self->setting->key);
    self->theme = strncmp(self->setting->key, "theme", 5) == 0;
    if (self->theme)
        add_themes(self);
    else
        add_allowed(self);
    self->typed = self->count == 0;
    mark_default(self);
    self->array = (struct choice_array){self->choices, self->count};
    picker_init(&self->picker, picker_find_in_array, &self->array);
    field_init(&self->field, self->setting->fallback);
    field_set(&self->field, now && setting_may_be_shown(self->setting, now) ? now : "");
    if (now)
        picker_select(&self->picker, now);
    return true;
}

static void leave(struct screen *s)
{
    struct value *self = (struct value *)s;

    if (self->theme && self->shown && !self->chosen)
        app_show_theme(s->app, NULL);
    picker_finish(&self->picker);
    field_finish(&self->field);
    for (size_t i = 0; i < self->count; i++)
        free(self->keys[i]);
    free(self->shown);
}

static void contexts(const struct screen *s, struct contexts *cs)
{
    contexts_add(cs, ((const struct value *)s)->typed ? CONTEXT_LINE : CONTEXT_PICKER);
    contexts_add(cs, CONTEXT_FIELD);
}

static void crumb(const struct screen *s, struct strbuf *out)
{
    strbuf_str(out, setting_label(((const struct value *)s)->setting));
}

/* ---- drawing ------------------------------------------------------------------------------- */

static void draw_states(const struct canvas *c, int y)
{
    canvas_printf(c, y, 0, ROLE_OK, "%s complete", canvas_symbol(c, SYMBOL_CHECK));
    canvas_printf(c, y, 12, ROLE_WARN, "%s 3 to fix", canvas_symbol(c, SYMBOL_BANG));
    canvas_printf(c, y, 24, ROLE_BAD, "%s failed", canvas_symbol(c, SYMBOL_CROSS));
}

/* A little of everything a plan is made of. */
static void draw_sample(const struct canvas *c)
{
    int x;

    canvas_put(c, 0, 0, ROLE_HEADING, "Market analysis");
    canvas_put(c, 2, 0, ROLE_TEXT, "Families within 1.5 km buy bread");
    x = canvas_put(c, 3, 0, ROLE_TEXT, "three times a week: ");
    x = canvas_put(c, 3, x, ROLE_FIGURE, "£171,360");
    canvas_put(c, 3, x, ROLE_TEXT, ".");
    x = canvas_put(c, 4, 0, ROLE_TEXT, "About ");
    x = canvas_put(c, 4, x, ROLE_UNBOUND, "9,400");
    x = canvas_put(c, 4, x, ROLE_TEXT, " live near. ");
    canvas_put(c, 4, x, ROLE_MATCH, "quay");
    x = canvas_put(c, 5, 0, ROLE_LINK, "ONS, 2024");
    x = canvas_put(c, 5, x + 2, ROLE_CODE, "pnl.revenue");
    canvas_put(c, 5, x + 2, ROLE_QUOTE, "“daily”");
    draw_states(c, 7);
    canvas_hline(c, 8, 0, c->cols, ROLE_BORDER);
    canvas_fill(c, 9, 0, 1, c->cols, ROLE_SELECTION);
    canvas_put(c, 9, 0, ROLE_ACCENT, canvas_symbol(c, SYMBOL_MARK));
    canvas_put(c, 9, 2, ROLE_SELECTION, "Harbour Bakery");
    canvas_put(c, 9, 19, ROLE_DIM | STYLE_SELECTED, "2 min ago");
    canvas_fill(c, 10, 0, 1, 16, ROLE_FIELD);
    canvas_put(c, 10, 1, ROLE_FIELD, "a field");
    canvas_fill(c, 10, 17, 1, 15, ROLE_FOCUS);
    canvas_put(c, 10, 18, ROLE_FOCUS, "being typed");
}

static void draw_choice_box(struct value *self, const struct canvas *body)
{
    bool wide = self->theme && body->cols >= LIST_COLS + SAMPLE_COLS + 8;
    int rows = self->theme ? BOX_ROWS - 2 : (int)self->count + 1;
    int cols = wide ? LIST_COLS + 2 + SAMPLE_COLS : LIST_COLS;
    struct canvas box = box_draw(body, rows, cols, setting_label(self->setting));
    struct canvas list = canvas_part(&box, 0, 0, box.rows, LIST_COLS);
    struct canvas sample = canvas_part(&box, 0, LIST_COLS + 2, box.rows, box.cols - LIST_COLS - 2);

    if (wide)
        draw_sample(&sample);
    picker_draw(&self->picker, &list); /* last: the cursor rests in it */
}

static void draw_field_box(struct value *self, const struct canvas *body)
{
    int cols = TEXT_COLS < body->cols - 8 ? TEXT_COLS : body->cols - 8;
    int help = canvas_wrap(body, 0, 0, 0, cols, ROLE_DIM, self->setting->help, false);
    struct canvas box = box_draw(body, help + 4, cols, setting_label(self->setting));
    struct canvas field = canvas_part(&box, help + 1, 0, 2, box.cols);

    canvas_wrap(&box, 0, 0, help, box.cols, ROLE_DIM, self->setting->help, true);
    field_draw(&self->field, &field, true);
}

static void draw(struct screen *s, const struct canvas *body)
{
    struct value *self = (struct value *)s;

    if (self->typed)
        draw_field_box(self, body);
    else
        draw_choice_box(self, body);
}

/* ---- keys ---------------------------------------------------------------------------------- */

static void choose(struct value *self, const char *value)
{
    self->chosen = true;
    setting_save(self->base.app, self->setting, value);
    app_pop(self->base.app, &self->base);
}

/* Shows the theme under the cursor, once. */
static void try_theme(struct value *self)
{
    const struct choice *choice = picker_choice(&self->picker);

    if (!self->theme || !choice || (self->shown && strcmp(self->shown, choice->key) == 0))
        return;
    free(self->shown);
    self->shown = mem_str(choice->key);
    app_show_theme(self->base.app, choice->key);
}

static bool input(struct screen *s, const struct input_event *ev)
{
    struct value *self = (struct value *)s;

    if (self->typed)
        return field_input(&self->field, s->app->keys, ev);
    switch (picker_input(&self->picker, s->app->keys, ev)) {
    case PICKER_TAKEN:
        choose(self, picker_choice(&self->picker)->key);
        return true;
    case PICKER_GOES_ON:
        try_theme(self);
        return true;
    case PICKER_NOT_MINE:
        break;
    }
    return false;
}

static bool act(struct screen *s, enum action a)
{
    struct value *self = (struct value *)s;
    const char *text = field_text(&self->field);

    if (!self->typed)
        return false;
    if (a == ACTION_LINE_CANCEL) {
        app_pop(s->app, s);
        return true;
    }
    if (a != ACTION_LINE_DONE)
        return false;
    if (setting_is_store(self->setting) && *text && !setting_is_address(text))
        field_set_error(&self->field, "It begins with sqlite:, mongodb:// or mongodb+srv://");
    else
        choose(self, *text ? text : NULL);
    return true;
}

const struct screen_ops screen_setting_value = {
    .name = "setting",
    .size = sizeof(struct value),
    .flags = SCREEN_OVERLAY,
    .enter = enter,
    .leave = leave,
    .contexts = contexts,
    .crumb = crumb,
    .draw = draw,
    .input = input,
    .act = act,
};
