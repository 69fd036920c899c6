/* picker.c - a filter above a list of what it finds. */
#include "widget/picker.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "strattio/markdown.h"
#include "strattio/mem.h"

static void draw_choice(void *arg, const struct canvas *line, size_t i, unsigned style)
{
    const struct picker *p = arg;
    const struct choice *choice = &p->choices[i];
    int label = text_width(choice->label, strlen(choice->label));
    int x = 2 + label + 2;

    canvas_fit(line, 0, 2, line->cols - 2 < label ? line->cols - 2 : label, ROLE_TEXT | style,
               ALIGN_LEFT, choice->label);
    if (choice->note && x + 8 < line->cols)
        canvas_fit(line, 0, x, line->cols - x, ROLE_DIM | style, ALIGN_LEFT, choice->note);
}

static void find(struct picker *p)
{
    list_set_count(&p->list, p->find(p->arg, field_text(&p->filter), p->choices, PICKER_MAX));
    p->list.top = 0;
    list_move_to(&p->list, 0);
}

void picker_init(struct picker *p,
                 size_t (*find_choices)(void *arg, const char *filter, struct choice *out,
                                        size_t max),
                 void *arg)
{
    *p = (struct picker){.find = find_choices, .arg = arg};
    field_init(&p->filter, "type to filter");
    list_init(&p->list, draw_choice, p);
    p->choices = mem_zero(PICKER_MAX, sizeof *p->choices);
    find(p);
}

void picker_finish(struct picker *p)
{
    field_finish(&p->filter);
    free(p->choices);
    p->choices = NULL;
}

void picker_select(struct picker *p, const char *key)
{
    for (size_t i = 0; i < p->list.count; i++)
        if (strcmp(p->choices[i].key, key) == 0)
            list_move_to(&p->list, i);
}

const struct choice *picker_choice(const struct picker *p)
{
    return p->list.cursor < p->list.count ? &p->choices[p->list.cursor] : NULL;
}

enum picker_result picker_input(struct picker *p, const struct keymap *keys,
                                const struct input_event *ev)
{
    struct contexts cs = {.count = 0};
    bool clicked = false;

    p->list.arg = p; /* the struct may have been moved since picker_init() */
    contexts_add(&cs, CONTEXT_PICKER);
    if (list_mouse(&p->list, ev, &clicked))
        return clicked && input_double(ev) ? PICKER_TAKEN : PICKER_GOES_ON;
    switch (ev->kind == INPUT_KEY ? keymap_find(keys, &cs, ev->key) : ACTION_NONE) {
    case ACTION_PICKER_UP:
        list_act(&p->list, ACTION_LIST_UP);
        return PICKER_GOES_ON;
    case ACTION_PICKER_DOWN:
        list_act(&p->list, ACTION_LIST_DOWN);
        return PICKER_GOES_ON;
    case ACTION_PICKER_PAGE_UP:
        list_act(&p->list, ACTION_LIST_PAGE_UP);
        return PICKER_GOES_ON;
    case ACTION_PICKER_PAGE_DOWN:
        list_act(&p->list, ACTION_LIST_PAGE_DOWN);
        return PICKER_GOES_ON;
    case ACTION_PICKER_TAKE:
        return picker_choice(p) ? PICKER_TAKEN : PICKER_GOES_ON;
    default:
        break;
    }
    p->filter.changed = false;
    if (!field_input(&p->filter, keys, ev))
        return PICKER_NOT_MINE;
    if (p->filter.changed)
        find(p);
    return PICKER_GOES_ON;
}

void picker_draw(struct picker *p, const struct canvas *c)
{
    struct canvas filter = canvas_part(c, 0, 2, 1, c->cols - 2);
    struct canvas list = canvas_part(c, 1, 0, c->rows - 1, c->cols);

    p->list.arg = p;
    list_draw(&p->list, &list);
    if (p->list.count == 0)
        canvas_fit(&list, 0, 2, list.cols - 2, ROLE_DIM, ALIGN_LEFT,
                   p->nothing ? p->nothing : "Nothing matches; take letters away.");
    canvas_put(c, 0, 0, ROLE_ACCENT, "/");
    field_draw(&p->filter, &filter, true); /* last: the cursor rests here */
}

size_t picker_find_in_array(void *arg, const char *filter, struct choice *out, size_t max)
{
    const struct choice_array *array = arg;
    size_t count = 0;

    for (int pass = 0; pass < 2; pass++) /* first those that begin with it */
        for (size_t i = 0; i < array->count && count < max; i++) {
            const struct choice *choice = &array->items[i];
            bool begins = strncasecmp(choice->label, filter, strlen(filter)) == 0;
            bool holds = strcasestr(choice->label, filter) || strcasestr(choice->key, filter);

            if (pass == 0 ? begins : holds && !begins)
                out[count++] = *choice;
        }
    return count;
}
