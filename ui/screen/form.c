/* form.c - items under each other; the focus goes round them with Tab and the arrows. Enter
 * goes on to the next, so that filling in from the top ends on the first button and one more
 * Enter presses it. */
#include "screen/form.h"

#include <bson/bson.h> /* bson_strncpy */
#include <stdio.h>
#include <string.h>

#include "strattio/markdown.h" /* text_width */

#include "app.h"

void form_init(struct form *f)
{
    *f = (struct form){0};
}

void form_finish(struct form *f)
{
    for (size_t i = 0; i < f->count; i++)
        field_finish(&f->items[i].field);
    *f = (struct form){0};
}

static size_t add(struct form *f, enum form_kind kind, const char *label, const char *help)
{
    struct form_item *item = &f->items[f->count];

    *item = (struct form_item){.kind = kind, .label = label, .help = help};
    field_init(&item->field, NULL);
    item->field.secret = kind == FORM_SECRET;
    return f->count++;
}

size_t form_text(struct form *f, const char *label, const char *help, const char *value)
{
    size_t i = add(f, FORM_TEXT, label, help);

    field_set(&f->items[i].field, value ? value : "");
    return i;
}

size_t form_secret(struct form *f, const char *label, const char *help)
{
    return add(f, FORM_SECRET, label, help);
}

size_t form_choice(struct form *f, const char *label, const struct choice *choices, size_t count)
{
    size_t i = add(f, FORM_CHOICE, label, NULL);

    f->items[i].choices = choices;
    f->items[i].choice_count = count;
    return i;
}

size_t form_button(struct form *f, const char *label, const char *help)
{
    return add(f, FORM_BUTTON, label, help);
}

const char *form_value(const struct form *f, size_t item)
{
    return field_text(&f->items[item].field);
}

void form_set_error(struct form *f, size_t item, const char *message)
{
    const char *what = strstr(message, ": ");
    char text[sizeof f->items[item].field.error];

    if (strncmp(message, "users.", 6) == 0 && what) /* of a document: the field says which */
        snprintf(text, sizeof text, "This %s.", what + 2);
    else
        bson_strncpy(text, message, sizeof text);
    field_set_error(&f->items[item].field, text);
    f->focus = item;
}

static bool typed_into(const struct form_item *item)
{
    return item->kind == FORM_TEXT || item->kind == FORM_SECRET;
}

void form_contexts(const struct form *f, struct contexts *cs)
{
    if (typed_into(&f->items[f->focus]))
        contexts_add(cs, CONTEXT_FIELD);
    contexts_add(cs, CONTEXT_FORM);
}

static bool choose(struct form_item *item, int step)
{
    if ((step < 0 && item->chosen == 0) || (step > 0 && item->chosen + 1 >= item->choice_count))
        return false;
    item->chosen += (size_t)step;
    return true;
}

/* The item that was drawn where the mouse is, or NULL; *row is counted from its first one. */
static struct form_item *item_at(struct form *f, const struct input_event *ev, int *row)
{
    for (size_t i = 0; i < f->count; i++) {
        const struct canvas *area = &f->items[i].area;
        int x = ev->mouse.x - area->x;

        *row = ev->mouse.y - area->y;
        if (*row >= 0 && *row < area->rows && x >= 0 && x < area->cols)
            return &f->items[i];
    }
    return NULL;
}

static bool click(struct form *f, struct app *app, const struct input_event *ev)
{
    int row;
    struct form_item *item = item_at(f, ev, &row);

    if (!item || ev->mouse.kind != MOUSE_PRESS || ev->mouse.button != 1)
        return false;
    f->focus = (size_t)(item - f->items);
    if (item->kind == FORM_CHOICE)
        item->chosen = (size_t)row;
    else if (item->kind == FORM_BUTTON && input_double(ev))
        app_act(app, ACTION_FORM_ENTER);
    else if (typed_into(item))
        field_input(&item->field, app->keys, ev);
    return true;
}

bool form_input(struct form *f, struct app *app, const struct input_event *ev)
{
    struct form_item *item = &f->items[f->focus];

    if (f->busy)
        return ev->kind == INPUT_PASTE;
    if (ev->kind == INPUT_MOUSE)
        return click(f, app, ev);
    if (typed_into(item))
        return field_input(&item->field, app->keys, ev);
    return false;
}

static void move(struct form *f, int step)
{
    f->focus = (f->focus + f->count + (size_t)step) % f->count;
}

enum form_result form_act(struct form *f, enum action a)
{
    struct form_item *item = &f->items[f->focus];

    if (a != ACTION_FORM_NEXT && a != ACTION_FORM_PREV && a != ACTION_FORM_ENTER)
        return FORM_NOT_MINE;
    if (f->busy)
        return FORM_MOVED;
    if (a == ACTION_FORM_ENTER && item->kind == FORM_BUTTON)
        return FORM_PRESSED;
    if (item->kind == FORM_CHOICE && a != ACTION_FORM_ENTER &&
        choose(item, a == ACTION_FORM_NEXT ? 1 : -1))
        return FORM_MOVED;
    move(f, a == ACTION_FORM_PREV ? -1 : 1);
    return FORM_MOVED;
}

/* ---- drawing --------------------------------------------------------------------------------- */

static int label_cols(const struct form *f)
{
    int widest = 0;

    for (size_t i = 0; i < f->count; i++) {
        int cols = text_width(f->items[i].label, strlen(f->items[i].label));

        if (f->items[i].kind != FORM_BUTTON && cols > widest)
            widest = cols;
    }
    return widest + 3;
}

static int draw_field(struct form_item *item, const struct canvas *c, int y, int label,
                      bool focus)
{
    int cols = c->cols - label - 4 < 50 ? c->cols - label - 4 : 50;
    struct canvas line = canvas_part(c, y, label + 2, 1, cols);

    canvas_put(c, y, 2, focus ? ROLE_TITLE : ROLE_TEXT, item->label);
    field_draw(&item->field, &line, focus);
    if (!item->field.error[0])
        return 1;
    canvas_put(c, y + 1, label + 2, ROLE_BAD, canvas_symbol(c, SYMBOL_BANG));
    return 1 + canvas_wrap(c, y + 1, label + 4, 3, c->cols - label - 6, ROLE_BAD,
                           item->field.error, true);
}

static int draw_choice(const struct form_item *item, const struct canvas *c, int y, int label,
                       bool focus)
{
    canvas_put(c, y, 2, focus ? ROLE_TITLE : ROLE_TEXT, item->label);
    for (size_t i = 0; i < item->choice_count; i++) {
        bool chosen = i == item->chosen;
        unsigned marks = chosen && focus ? STYLE_SELECTED : 0, style = ROLE_TEXT | marks;
        int row = y + (int)i, x;

        if (chosen && focus)
            canvas_fill(c, row, label + 2, 1, c->cols - label - 4, style);
        canvas_put(c, row, label + 2, chosen ? marks | ROLE_ACCENT : style,
                   canvas_symbol(c, chosen ? SYMBOL_DOT : SYMBOL_RING));
        x = canvas_put(c, row, label + 4, style, item->choices[i].label);
        if (item->choices[i].note && chosen)
            canvas_put(c, row, x + 2, ROLE_DIM | marks, item->choices[i].note);
        if (chosen && focus)
            canvas_cursor(c, row, label + 2, false);
    }
    return (int)item->choice_count;
}

static int draw_button(const struct form_item *item, const struct canvas *c, int y, bool focus)
{
    unsigned style = focus ? (unsigned)ROLE_ACCENT | STYLE_SELECTED : ROLE_TEXT;

    if (focus) {
        canvas_put(c, y, 2, ROLE_ACCENT, canvas_symbol(c, SYMBOL_MARK));
        canvas_cursor(c, y, 2, false);
    }
    canvas_printf(c, y, 4, style, " %s ", item->label);
    return 1;
}

int form_draw(struct form *f, const struct canvas *c)
{
    int label = label_cols(f), y = 0;

    for (size_t i = 0; i < f->count; i++) {
        struct form_item *item = &f->items[i];
        bool focus = i == f->focus && !f->busy;
        bool first_button = item->kind == FORM_BUTTON && i && f->items[i - 1].kind != FORM_BUTTON;

        if (item->kind == FORM_CHOICE || first_button)
            y++;
        item->area = canvas_part(c, y, 0, item->kind == FORM_CHOICE ? (int)item->choice_count : 1,
                                 c->cols);
        if (typed_into(item))
            y += draw_field(item, c, y, label, focus);
        else if (item->kind == FORM_CHOICE)
            y += draw_choice(item, c, y, label, focus);
        else
            y += draw_button(item, c, y, focus);
    }
    if (f->items[f->focus].help && !f->busy)
        y += 1 + canvas_wrap(c, y + 1, 2, 3, c->cols - 4, ROLE_DIM, f->items[f->focus].help, true);
    return y;
}
