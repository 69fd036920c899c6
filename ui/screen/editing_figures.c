/* editing_figures.c - choosing a figure, and opening one. The list holds every line of the model with what it says
 * for one period, the first year unless the filter names another ("revenue y3", "cash m14"); rows of
 * tables have a figure each. Letters match in their order, so that "rvn" finds revenue. */
#include "screen/editing.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/house.h"
#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/section_view.h"

#include "app.h"
#include "screen/box.h"
#include "screen/editing_spell.h"
#include "screen/loaded.h"
#include "screen/trace.h"

enum { ROWS_MAX = 12, LIST_ROWS = 14, LIST_COLS = 72, PERIOD_SIZE = 8, NAME_SIZE = 96 };

struct figure_list {
    char period[PERIOD_SIZE]; /* "y1" */
    struct choice *items;     /* all texts owned */
    size_t count, cap;
};

bool editing_figure_text(void *arg, const char *source, size_t len, struct strbuf *out)
{
    const struct editing *self = arg;

    return section_figure_text(self->l->model, source, len, out);
}

/* ---- the list ------------------------------------------------------------------------------ */

static void forget(struct figure_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        char *texts[] = {(char *)(uintptr_t)list->items[i].key,
                         (char *)(uintptr_t)list->items[i].label,
                         (char *)(uintptr_t)list->items[i].note};

        for (size_t k = 0; k < ARRAY_LEN(texts); k++)
            free(texts[k]);
    }
    list->count = 0;
}

void editing_figures_finish(struct editing *self)
{
    if (!self->figures)
        return;
    forget(self->figures);
    free(self->figures->items);
    free(self->figures);
    self->figures = NULL;
}

/* Adds figure `name` if there is one. */
static bool add(struct editing *self, const char *name)
{
    struct figure_list *list = self->figures;
    struct err ignored = {0};
    struct figure f = {0};
    struct strbuf label;

    if (!model_figure(self->l->model, name, &f, &ignored))
        return false;
    strbuf_init(&label, 512);
    trace_title(self->l, f.label, f.name, &label);
    list->items = mem_grow(list->items, &list->cap, list->count + 1, sizeof *list->items);
    list->items[list->count++] = (struct choice){
        .key = mem_str(name),
        .label = strbuf_take(&label),
        .note = mem_str(f.value),
    };
    figure_finish(&f);
    return true;
}

/* A line that has no periods as it is; a table's line for each of its rows. */
static void add_other(struct editing *self, const char *line)
{
    char name[NAME_SIZE];

    if (add(self, line))
        return;
    for (int row = 1; row <= ROWS_MAX; row++) {
        snprintf(name, sizeof name, "%s[%d][%s]", line, row, self->figures->period);
        if (add(self, name))
            continue;
        snprintf(name, sizeof name, "%s[%d]", line, row);
        if (!add(self, name))
            return;
    }
}

static void list_figures(struct editing *self, const char *period)
{
    struct err err = {0};
    const struct model_def *def = house_model_def(self->base.app->house, &err);
    char name[NAME_SIZE];
    size_t lines;
    bool *other;

    if (!self->figures)
        self->figures = mem_zero(1, sizeof *self->figures);
    if (!def || strcmp(self->figures->period, period) == 0)
        return;
    forget(self->figures);
    snprintf(self->figures->period, sizeof self->figures->period, "%s", period);
    lines = model_line_count(def);
    other = mem_zero(lines + 1, sizeof *other);
    for (size_t i = 0; i < lines; i++) { /* what moves with time is what texts speak of most */
        snprintf(name, sizeof name, "%s[%s]", model_line_name(def, i), period);
        other[i] = !add(self, name);
    }
    for (size_t i = 0; i < lines; i++)
        if (other[i])
            add_other(self, model_line_name(def, i));
    free(other);
}

/* ---- the filter ---------------------------------------------------------------------------- */

/* "y3" or "m14" at the end of the filter, which is then left out of the words. */
static void take_period(char *words, char period[PERIOD_SIZE])
{
    char *last = strrchr(words, ' ');
    int number, end = 0;

    strcpy(period, "y1");
    last = last ? last + 1 : words;
    if ((*last == 'y' || *last == 'm') && sscanf(last + 1, "%2d%n", &number, &end) == 1 &&
        !last[1 + end] && number >= 1 && number <= (*last == 'y' ? MODEL_YEARS : MODEL_MONTHS)) {
        snprintf(period, PERIOD_SIZE, "%c%d", *last, number);
        *last = '\0';
    }
    for (size_t len = strlen(words); len > 0 && words[len - 1] == ' '; len--)
        words[len - 1] = '\0';
}

static bool in_order(const char *text, const char *letters)
{
    for (; *letters; letters++) {
        while (*text && tolower((unsigned char)*text) != tolower((unsigned char)*letters))
            text++;
        if (!*text)
            return false;
        text++;
    }
    return true;
}

/* How well it matches: 0 best, 3 not at all. */
static int rank(const struct choice *c, const char *words)
{
    if (strncasecmp(c->label, words, strlen(words)) == 0)
        return 0;
    if (strcasestr(c->label, words) || strcasestr(c->key, words))
        return 1;
    return in_order(c->label, words) || in_order(c->key, words) ? 2 : 3;
}

static size_t find(void *arg, const char *filter, struct choice *out, size_t max)
{
    struct editing *self = arg;
    char *words = mem_str(filter), period[PERIOD_SIZE];
    size_t count = 0;

    take_period(words, period);
    list_figures(self, period);
    for (int pass = 0; pass < 3; pass++)
        for (size_t i = 0; i < self->figures->count && count < max; i++)
            if (rank(&self->figures->items[i], words) == pass)
                out[count++] = self->figures->items[i];
    free(words);
    return count;
}

/* Label, value, name: the value stands under the others. */
static void draw_figure_row(void *arg, const struct canvas *line, size_t i, unsigned style)
{
    const struct picker *p = arg;
    const struct choice *c = &p->choices[i];
    int value = line->cols > 60 ? 16 : 12, label = line->cols > 60 ? 30 : line->cols - value - 4;

    canvas_fit(line, 0, 2, label, ROLE_TEXT | style, ALIGN_LEFT, c->label);
    canvas_fit(line, 0, 2 + label, value, ROLE_FIGURE | style, ALIGN_RIGHT, c->note);
    if (line->cols > 60)
        canvas_fit(line, 0, 4 + label + value, line->cols - label - value - 4, ROLE_DIM | style,
                   ALIGN_LEFT, c->key);
}

/* ---- choosing ------------------------------------------------------------------------------ */

void editing_pick(struct editing *self, size_t from, size_t to)
{
    if (!self->l->model) {
        app_error(self->base.app, &self->l->model_err);
        return;
    }
    editing_figures_finish(self); /* answers may have changed */
    self->pick_from = from;
    self->pick_to = to;
    picker_init(&self->picker, find, self);
    self->picker.list.draw_row = draw_figure_row;
    self->mode = EDITING_PICK;
}

/* The format that suits how the value is shown: "£171,360" has no pence, "£4.20" has, "12.5%" is a rate. */
static const char *format_of(struct editing *self, const char *name)
{
    const char *format = "";
    struct err ignored = {0};
    struct figure f = {0};

    if (!model_figure(self->l->model, name, &f, &ignored))
        return "";
    if (strchr(f.value, '%'))
        format = ":pct1";
    else if (strstr(f.value, "£") || strchr(f.value, '$') || strstr(f.value, "€"))
        format = strchr(f.value, '.') && !strstr(f.value, ".00") ? ":money" : ":money0";
    figure_finish(&f);
    return format;
}

static void put_figure(struct editing *self, const char *name)
{
    char *text = mem_printf("{{%s%s}}", name, format_of(self, name));

    editor_replace(&self->editor, self->pick_from, self->pick_to, text, strlen(text), TEXT_FIGURE);
    text_break(self->editor.text);
    free(text);
}

bool editing_pick_input(struct editing *self, const struct input_event *ev)
{
    enum editing_mode mode = self->mode;
    char *key;

    switch (picker_input(&self->picker, self->base.app->keys, ev)) {
    case PICKER_TAKEN:
        key = mem_str(picker_choice(&self->picker)->key);
        picker_finish(&self->picker);
        self->mode = EDITING_TEXT;
        if (mode == EDITING_PICK)
            put_figure(self, key);
        else
            editing_spell_take(self, key);
        free(key);
        return true;
    case PICKER_GOES_ON:
        return true;
    case PICKER_NOT_MINE:
        break;
    }
    return false;
}

static void draw_choice(void *arg, const struct canvas *line, size_t i, unsigned style)
{
    (void)arg;
    canvas_put(line, 0, 2, ROLE_TEXT | style, editing_choice_words[i]);
}

static void draw_choices(struct editing *self, const struct canvas *body)
{
    struct canvas box =
        box_draw(body, EDITING_CHOICES + 2, 60, "Somebody saved this section meanwhile");
    struct canvas list = canvas_part(&box, 2, 0, EDITING_CHOICES, box.cols);

    canvas_put(&box, 0, 2, ROLE_DIM, "Nothing of yours is lost, whatever you choose.");
    self->choices.draw_row = draw_choice;
    list_draw(&self->choices, &list);
}

void editing_pick_draw(struct editing *self, const struct canvas *body)
{
    struct canvas box;

    if (self->mode == EDITING_CHOOSE) {
        draw_choices(self, body);
        return;
    }
    box = box_draw(body, self->mode == EDITING_PICK ? LIST_ROWS : LIST_ROWS / 2, LIST_COLS,
                   self->mode == EDITING_PICK ? "Figure: words, then y3 or m14 for another period"
                                              : "How it is spelt");
    picker_draw(&self->picker, &box);
}

/* ---- opening ------------------------------------------------------------------------------- */

/* The expression of "{{pnl.revenue[y1]:money0 ?? "none"}}". */
static char *expression(const char *source, size_t len)
{
    size_t end = 2, from = 2;
    bool quoted = false;

    while (end < len - 2 && (quoted || source[end] != ':')) {
        quoted = quoted != (source[end] == '"');
        end++;
    }
    while (from < end && source[from] == ' ')
        from++;
    while (end > from && source[end - 1] == ' ')
        end--;
    return mem_strn(source + from, end - from);
}

void editing_open_figure(struct editing *self)
{
    const struct md_mark *figure = editor_figure(&self->editor);
    const char *source;
    struct strbuf shown;
    char *name;

    if (!figure || !self->l->model)
        return;
    source = self->editor.rows.text + figure->start;
    name = expression(source, figure->end - figure->start);
    strbuf_init(&shown, 1024);
    editing_figure_text(self, source, figure->end - figure->start, &shown);
    trace_open(self->base.app, self->l, name, shown.data);
    strbuf_finish(&shown);
    free(name);
}
